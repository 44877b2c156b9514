"""What stands beside a transcript: the brief, scorecards and comments of a review document, as headings and items.

A document in, plain words out; each format lays them out. Of scorecards it hands on the reader's own answers, and those of
others that are complete and not hidden; of a brief only what is in it, without the lines the person left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _

from coachdesk.export.reading import Document, clock, one_line

_ROUGH = _("These words are a draft's: listen before you hand them on.")
_VALUES = {"yes": _("Yes"), "no": _("No"), "n/a": _("does not apply")}


@dataclass(frozen=True, slots=True)
class Item:
    """A line, and lines that belong below it."""

    said: str
    below: tuple[str, ...] = ()


def sections(document: Document) -> list[tuple[str, list[Item]]]:
    """(heading, items) of everything there is; what holds nothing is not among them."""
    found = [(_("Brief"), _brief(document)), *_cards(document), (_("Comments"), _comments(document))]
    return [(heading, items) for heading, items in found if items]


def _at(ms: int | None) -> str:
    return "" if ms is None else f"[{clock(ms)}] "


# --- the brief


def _brief(document: Document) -> list[Item]:
    brief = document.get("brief") or {}
    items = [item for slot in brief.get("slots") or () if (item := _slot(slot)).below]
    return [Item(_ROUGH), *items] if items and brief.get("rough") else items


def _slot(slot: Document) -> Item:
    typed = one_line(slot.get("typed"))
    lines = [_quoted(line) for line in slot.get("lines") or ()]
    return Item(one_line(slot.get("name") or slot.get("id")), tuple([*([typed] if typed else []), *lines]))


def _quoted(line: Document) -> str:
    due = " " + _("(by {day})").format(day=one_line(line["due"])) if line.get("due") else ""
    return f'{_at(line.get("start_ms"))}"{one_line(line.get("quote"))}"{due}'


# --- scorecards


def _cards(document: Document) -> list[tuple[str, list[Item]]]:
    found = []
    for card in document.get("scorecards") or ():
        shown = [entry for entry in card.get("entries") or () if _is_handed_on(entry)]
        items = [item for entry in shown for item in _entry(entry, card)]
        found.append((_("Scorecard: {name}").format(name=one_line(card.get("name") or card.get("card"))), items))
    return found


def _is_handed_on(entry: Document) -> bool:
    return bool(entry.get("answers")) and bool(entry.get("mine") or (entry.get("complete") and not entry.get("hidden")))


def _entry(entry: Document, card: Document) -> list[Item]:
    """One person's answers, in the order and the words of the card they answered."""
    criteria = (entry.get("criteria") if entry.get("older") else None) or card.get("criteria") or ()
    answers = entry["answers"]
    lines = [_answer(answers[one["id"]], one) for one in criteria if one.get("id") in answers]
    total = entry.get("sum")
    if total:
        lines.append(_("Sum: {value} of {of}").format(value=total["value"], of=total["of"]))
    who = one_line(entry.get("as")) or (_("Own answers") if entry.get("mine") else _("Somebody"))
    state = "" if entry.get("complete") else " " + _("(begun)")
    return [Item(who + state, tuple(lines))] if lines else []


def _answer(answer: Document, criterion: Document) -> str:
    moment = (answer.get("moment") or {}).get("start_ms")
    note = f" — {one_line(answer['note'])}" if one_line(answer.get("note")) else ""
    name = one_line(criterion.get("name") or criterion.get("id"))
    return f"{_at(moment)}{name}: {_value(answer.get('value'), criterion)}{note}"


def _value(value: object, criterion: Document) -> str:
    """An answer in words; a number with what it means, where the card says so."""
    if value is None:
        return "–"
    if value == "n/a" or criterion.get("kind") == "yes_no":
        return _VALUES.get(str(value), one_line(value))
    if criterion.get("kind") == "choice":
        options = {option["id"]: option["name"] for option in criterion.get("options") or ()}
        return one_line(options.get(value, value))
    if criterion.get("kind") == "range":
        meaning = one_line((criterion.get("anchors") or {}).get(str(value)))
        number = _("{value} of {high}").format(value=value, high=criterion.get("high"))
        return f"{number} ({meaning})" if meaning else number
    return one_line(value)


# --- comments


def _comments(document: Document) -> list[Item]:
    """Threads, each with its replies below it."""
    items: list[Item] = []
    for comment in document.get("comments") or ():
        said = _remark(comment, document)
        if comment.get("reply_to") and items:
            items[-1] = Item(items[-1].said, (*items[-1].below, said))
        else:
            items.append(Item(_at(comment.get("start_ms")) + said))
    return items


def _remark(comment: Document, document: Document) -> str:
    author = one_line(comment.get("author"))
    state = " " + _("(resolved)") if comment.get("resolved") and not comment.get("reply_to") else ""
    return (f"{author}: " if author else "") + _words(comment, document) + state


def _words(comment: Document, document: Document) -> str:
    if comment.get("removed"):
        return _("(removed)")
    if comment.get("what") == "asked":
        asked = str(comment.get("question") or "")
        known = (document.get("labels") or {}).get("questions") or {}
        return _("Asked: {question}").format(question=one_line(known.get(asked, asked.replace("_", " "))))
    if comment.get("what") == "mark" and not comment.get("text"):
        return _("Marked while recording")
    return one_line(comment.get("text"))
