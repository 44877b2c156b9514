"""A brief as text to hand on: a mail to the other side, a note for the records, a note to oneself.

Made of the review document and a wording with {blanks}: the person's own, else the one here. A paragraph, or a line,
none of whose blanks is filled is left out, so that a wording never shows a gap. The mail holds what was agreed and asked
and what the other side said, and nothing else: no coaching, no numbers about the talk, no notes of the person's own.
"""

from __future__ import annotations

import re
from typing import Any

from coachdesk.sentences import N_, _, clock, reason

Document = dict[str, Any]
KINDS = ("mail", "note", "self")
NAMES = {
    "mail": N_("Follow-up mail"),
    "note": N_("Note for the records"),
    "self": N_("Note to myself"),
}
ABOUT = {
    "mail": N_("To the other side: what was agreed and asked. No coaching in it."),
    "note": N_("For the records of the case: what was said, with the times."),
    "self": N_("What to do, what is open, what to try next."),
}
WORDINGS = {
    "mail": N_(
        "{title}\n"
        "\n"
        "{hello}\n"
        "\n"
        "thank you for talking with me on {date}.\n"
        "\n"
        "What I took from it:\n"
        "{facts}\n"
        "\n"
        "What we agreed:\n"
        "{next_steps}\n"
        "\n"
        "What I still owe you an answer to:\n"
        "{open_questions}\n"
        "\n"
        "If I have something wrong, please tell me.\n"
        "\n"
        "Kind regards\n"
        "\n"
        "{own_name}"
    ),
    "note": N_(
        "{title}\n{date} · {length}\nCase: {case}\nResult: {result}\n\n{slots}\n\nNot found in the call: {missing}"
    ),
    "self": N_(
        "{title} ({date})\n"
        "\n"
        "To do:\n"
        "{next_steps}\n"
        "\n"
        "Open:\n"
        "{open_questions}\n"
        "\n"
        "Next time:\n"
        "{focus}\n"
        "\n"
        "What was said:\n"
        "{slots}\n"
        "\n"
        "Not found in the call: {missing}"
    ),
}
ROUGH = N_("The words are a draft’s: read them over before you hand this on.")
_BLANK = re.compile(r"\{(\w+)\}")
_FACTS = ("tracker",)  # kinds of slots that hold what was said about the matter


def wording(kind: str, own: str = "") -> str:
    """The wording to fill: the person's own, else the program's."""
    return own or _(WORDINGS[kind])


def letter(kind: str, document: Document, own: str = "") -> str:
    """A review handed on as mail, note or self. `own`: the person's wording, "" = the program's."""
    return filled(wording(kind, own), _blanks(kind, document))


def filled(text: str, blanks: dict[str, str]) -> str:
    """The wording with its blanks filled; what has nothing to say is left out."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        named = _BLANK.findall(paragraph)
        if named and not any(blanks.get(name) for name in named):
            continue
        lines = [_line(line, blanks) for line in paragraph.splitlines()]
        paragraphs.append("\n".join(line for line in lines if line is not None))
    return "\n\n".join(paragraphs) + "\n" if paragraphs else ""


def _line(line: str, blanks: dict[str, str]) -> str | None:
    named = _BLANK.findall(line)
    if named and not any(blanks.get(name) for name in named):
        return None
    return _BLANK.sub(lambda blank: blanks.get(blank.group(1), ""), line).rstrip()


def _blanks(kind: str, document: Document) -> dict[str, str]:
    call, labels, slots = document["call"], document["labels"], document["brief"]["slots"]
    outside = kind == "mail"
    own, other = _names(document, "rep"), _names(document, "other")
    return {slot["id"]: _lines(slot, document, outside) for slot in slots} | {
        "title": call["title"],
        "date": call["started_at"][:10],
        "length": clock(call["duration_ms"]),
        "case": call["case"] or "",
        "result": "" if outside else labels["results"].get(call["result"], call["result"] or ""),
        "own_name": own,
        "other_name": other,
        "own": labels["own"],
        "other": labels["other"],
        "hello": _("Hello {name},").format(name=other) if other else _("Hello,"),
        "slots": "" if outside else _all(slots, document),
        "facts": _facts(slots, document, outside),
        "next_steps": _of_kind(slots, "next_steps", document, outside),
        "open_questions": _of_kind(slots, "open_questions", document, outside),
        "missing": "" if outside else _missing(document["brief"]),
        "focus": _focus(document) if kind == "self" else "",
    }


def _names(document: Document, side: str) -> str:
    """The names there are for a side; a label that is no name is none."""
    known = [s["name"] for s in document["speakers"] if s["role"] == side and s["name"] not in ("", s["role"])]
    return ", ".join(known)


def _all(slots: list[Document], document: Document) -> str:
    said = [(slot["name"], _lines(slot, document, outside=False)) for slot in slots]
    return "\n".join(f"{name}:\n{lines}" for name, lines in said if lines)


def _facts(slots: list[Document], document: Document, outside: bool) -> str:
    """What was said about the matter, each line once; to the other side only their own words."""
    found: dict[str, None] = {}
    for slot in slots:
        if slot["kind"] in _FACTS:
            lines = [line for line in slot["lines"] if not outside or line["side"] == "other"]
            found |= dict.fromkeys(_quoted(line, document, outside) for line in lines)
    return "\n".join(found)


def _of_kind(slots: list[Document], kind: str, document: Document, outside: bool) -> str:
    return "\n".join(lines for slot in slots if slot["kind"] == kind and (lines := _lines(slot, document, outside)))


def _lines(slot: Document, document: Document, outside: bool) -> str:
    """A slot's lines; what the person wrote stands first, and goes to nobody outside."""
    typed = [f"- {slot['typed']}"] if slot["typed"] and not outside else []
    return "\n".join([*typed, *(_quoted(line, document, outside) for line in slot["lines"])])


def _quoted(line: Document, document: Document, outside: bool) -> str:
    said = f"“{line['quote']}”"
    if line["owner"]:
        who = _owner(line["owner"], document, outside)
        said = _("{who}: {said}").format(who=who, said=said)
        if line["due"]:
            said = _("{said} (by {day})").format(said=said, day=line["due"])
    if line["start_ms"] is not None and not outside:
        said = f"{said} [{clock(line['start_ms'])}]"
    return f"- {said}"


def _owner(owner: str, document: Document, outside: bool) -> str:
    if outside:
        return {"rep": _("I"), "other": _("You")}.get(owner, owner)
    word = {"rep": document["labels"]["own"], "other": document["labels"]["other"]}.get(owner, owner)
    return _names(document, owner) or word.capitalize()


def _missing(brief: Document) -> str:
    """Slots nothing was found for; where the words carry no brief, why."""
    if brief["reason"]:
        return reason(brief["reason"], {})
    return ", ".join(slot["name"] for slot in brief["slots"] if not slot["lines"] and not slot["typed"])


def _focus(document: Document) -> str:
    found = next((s for s in document["suggestions"] if s["focus"]), None)
    if found is None:
        return ""
    saying = _("Try saying: “{words}”").format(words=found["try_saying"]) if found["try_saying"] else ""
    return "\n".join(part for part in (f"{found['title']}. {found['advice']}", saying) if part)
