"""What the terminal shows of scorecards and comments. Reads documents only."""

from __future__ import annotations

import textwrap
from typing import Any

from coachdesk.sentences import _, clock, entry_state, remark, ruled, scored

Document = dict[str, Any]
_ID = 8  # digits of an id that are shown


def begun(document: Document) -> list[Document]:
    """The cards somebody has answered."""
    return [card for card in document["scorecards"] if card["entries"]]


def short(card: Document) -> list[str]:
    """A card in a few lines: its name, and of each who answered how far they are."""
    lines = [f"  {card['name']}  [{card['card']}]"]
    return lines + [f"    {entry['as'] or _('you')}: {entry_state(entry)}" for entry in card["entries"]]


def cards(document: Document, chosen: str = "") -> str:
    """Scorecards with all their answers side by side; those that can be answered, where there are none."""
    found = [card for card in document["scorecards"] if chosen in ("", card["card"])]
    return "\n".join(line for card in found for line in [*_card(card), ""]) or _("This playbook has no scorecard.\n")


def _card(card: Document) -> list[str]:
    lines = [f"{card['name']}  [{card['card']}]", *_wrapped(card["about"], "  ")]
    for criterion in card["criteria"]:
        mark = _("  (differs)") if criterion["id"] in card["differs"] else ""
        lines += _wrapped(f"{criterion['name']}  [{criterion['id']}]{mark}", "  ")
        lines += _wrapped(_fits(criterion), "      ")
        for entry in card["entries"]:
            if not entry["older"]:
                lines += _answer(entry, criterion)
        if criterion["rule"]:
            lines += _wrapped(
                _("rule {id}: {said}").format(id=criterion["rule"]["id"], said=_ruled(criterion)), "      "
            )
    lines += [_("  Older: {who} answered another version.").format(who=e["as"]) for e in card["entries"] if e["older"]]
    lines += [f"  {entry['as'] or _('you')}: {entry_state(entry)}" for entry in card["entries"]]
    if card["missing"]:
        lines += _wrapped(_("To be answered by you: {names}").format(names=", ".join(card["missing"])), "  ")
    return lines


def _fits(criterion: Document) -> str:
    """What can be answered."""
    if criterion["kind"] == "range":
        anchors = [f"{n} {text}" for n, text in criterion["anchors"].items()]
        return "; ".join(anchors) or f"{criterion['low']}–{criterion['high']}"
    if criterion["kind"] == "choice":
        return "; ".join(f"{option['id']}: {option['name']}" for option in criterion["options"])
    return criterion["guidance"] or ""


def _answer(entry: Document, criterion: Document) -> list[str]:
    answer = entry["answers"].get(criterion["id"])
    if answer is None:
        return []
    moment = f"  ▶ {clock(answer['moment']['start_ms'])}" if answer["moment"] else ""
    note = f"  “{answer['note']}”" if answer["note"] else ""
    return _wrapped(f"{entry['as'] or _('you')}: {scored(answer['value'], criterion)}{moment}{note}", "      ")


def _ruled(criterion: Document) -> str:
    rule = criterion["rule"]
    moment = f"  ▶ {clock(rule['evidence'][0]['start_ms'])}" if rule["evidence"] else ""
    return ruled(rule) + moment


def comments(document: Document) -> list[list[str]]:
    """Threads: the moment, the words, who said it; replies beneath."""
    return [_comment(comment, document["labels"]) for comment in document["comments"]]


def _comment(comment: Document, labels: Document) -> list[str]:
    text = _("(removed)") if comment["removed"] else remark(comment, labels)
    who = "" if comment["mine"] else f"{comment['author'] or _('somebody')}: "
    state = _("  (resolved)") if comment["resolved"] and not comment["reply_to"] else ""
    head = "        ↳ " if comment["reply_to"] else f"  {clock(comment['start_ms'])}  "
    lines = _wrapped(f"{who}{text}{state}  [{comment['id'][:_ID]}]", head, " " * len(head))
    return lines


def _wrapped(text: str, first: str, rest: str = "") -> list[str]:
    lines = textwrap.wrap(text, 96, initial_indent=first, subsequent_indent=rest or first)
    return lines
