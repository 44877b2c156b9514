"""The brief and planned questions in the terminal: show, hand on, plan, compare; and what is said of them with `amend`."""

from __future__ import annotations

import argparse
import sys
import textwrap
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coachdesk.cli import screens
from coachdesk.cli.arguments import clock as time_of
from coachdesk.cli.arguments import is_number
from coachdesk.cli.output import give
from coachdesk.desk import amend as changes
from coachdesk.desk.desk import open_desk
from coachdesk.document import plain
from coachdesk.errors import InputError
from coachdesk.letters import KINDS, ROUGH, letter, wording
from coachdesk.sentences import N_, _, clock, ngettext, reason

Document = dict[str, Any]
STATES = {
    "as_planned": N_("asked as planned"),
    "other_words": N_("asked in other words"),
    "ticked": N_("ticked while recording"),
    "told": N_("asked, as you said"),
    "not_asked": N_("not asked, as you said"),
    "not_found": N_("I did not find it"),
    "not_looked_for": N_("not looked for"),
    "not_planned": N_("not planned for this call"),
}


# --- what a person sets right, as options of `amend`


def amendments(asked: Namespace) -> list[changes.Amendment]:
    found: list[changes.Amendment] = [] if asked.position is None else [changes.SetPosition(asked.position)]
    found += [changes.SayAsked(question, True, _time(at)) for question, at in asked.asked]
    found += [changes.SayAsked(question, False) for question in asked.not_asked]
    found += [changes.SetBriefFact(slot, text) for slot, text in asked.brief]
    found += [changes.DropBriefLine(slot, _whole(at)) for slot, at in asked.leave_out]
    return found


def _time(text: str) -> int | None:
    """A moment like 1:24; none where nothing is said."""
    try:
        return time_of(text) if text else None
    except argparse.ArgumentTypeError as wrong:
        raise InputError(str(wrong), _("Write the time like 1:24.")) from wrong


def _whole(text: str) -> int:
    if not is_number(text):
        raise InputError(_("{text} is no start of a line.").format(text=text), _("`brief --json` gives start_ms."))
    return int(text)


# --- the brief


def brief(asked: Namespace) -> int:
    """The brief as a page, or handed on as mail, note or self."""
    with open_desk(asked.home) as desk:
        found = plain(desk.review(asked.call))
        own = desk.templates()
    letters = {kind: letter(kind, found, own[kind]) for kind in KINDS}
    if asked.json:
        give({"call": found["call"]["id"], **found["brief"], "outputs": letters})
        return 0
    print(letters[asked.kind] if asked.kind else page(found), end="")
    return 0


def page(document: Document) -> str:
    """Every slot with its lines and their times; an empty one says so."""
    found = document["brief"]
    lines = [document["call"]["title"], ""]
    if found["reason"]:
        lines += [_("No brief from these words: {why}.").format(why=reason(found["reason"], {})), ""]
    if found["rough"]:
        lines += [_(ROUGH), ""]
    if not found["slots"]:
        lines.append(_("The playbook of this call has no brief."))
    for slot in found["slots"]:
        lines.append(f"{slot['name']}  [{slot['id']}]")
        lines += [f"  {_('You wrote')}: {slot['typed']}"] if slot["typed"] else []
        lines += [said for line in slot["lines"] for said in _quote(line)]
        if not slot["lines"] and not slot["typed"]:
            lines.append(f"  – {reason(slot['missing'], {'language': document['transcript']['language']})}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _quote(line: Document) -> list[str]:
    at = "" if line["start_ms"] is None else f"▶ {clock(line['start_ms'])}"
    due = _(" (by {day})").format(day=line["due"]) if line["due"] else ""
    return textwrap.wrap(
        f"“{line['quote']}”{due}", screens.width(), initial_indent=f"  {at:<9}", subsequent_indent=" " * 11
    )


def templates(asked: Namespace) -> int:
    """The wordings of what is handed on: list, show, set, reset."""
    with open_desk(asked.home) as desk:
        if asked.action in ("set", "reset"):
            desk.word(asked.kind, _own_wording(asked.file) if asked.action == "set" else "")
            print(
                _("Kept: {name}").format(name=asked.kind)
                if asked.action == "set"
                else _("Back to the program's wording.")
            )
            return 0
        own = desk.templates()
    if asked.action == "show":
        if asked.kind not in KINDS:
            raise InputError(_("Which wording?"), _("There are: {names}.").format(names=", ".join(KINDS)))
        print(wording(asked.kind, own[asked.kind]))
        return 0
    for kind in KINDS:
        print(f"{kind:<6} {_('your own') if own[kind] else _('the program’s')}")
    return 0


def _own_wording(path: Path | None) -> str:
    """The words of a file; an empty one would be no wording, and resetting is said as such."""
    text = _read(path)
    if not text.strip():
        raise InputError(
            _("There is no wording in this file."),
            _("`coachdesk templates reset KIND` goes back to the program's wording."),
        )
    return text


def _read(path: Path | None) -> str:
    if path is None:
        raise InputError(_("Which file holds the wording?"), _("`coachdesk templates set mail FILE`"))
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as failed:
        raise InputError(_("{name} cannot be read.").format(name=path.name), _("Check the path.")) from failed


# --- planned questions


def guide(asked: Namespace) -> int:
    """Questions planned for a position: list, read, write; what became of them on a call, or on all of them."""
    with open_desk(asked.home) as desk:
        if not asked.position:
            return _list(desk.positions(), asked.json)
        if asked.from_file is not None:
            desk.plan(asked.position, _read(asked.from_file))
        if asked.call:
            desk.amend(asked.call, changes.SetPosition(asked.position))
            found = plain(desk.review(asked.call))
            give(found["guide"]) if asked.json else print(coverage(found), end="")
            return 0
        if asked.across:
            beside = desk.guide_across(asked.position)
            give(beside) if asked.json else print(across(beside), end="")
            return 0
        planned = desk.guide(asked.position)
    if asked.to_file is not None:
        _write(asked.to_file, planned["text"])
        if asked.json:
            give({"written": str(asked.to_file), "questions": len(planned["questions"])})
        return 0
    give(planned) if asked.json else print(planned["text"], end="")
    for question in planned["questions"]:
        for flag in question["protected"]:
            said = _("“{question}” may touch a protected topic: {topic}. Rules differ by place; not legal advice.")
            print(said.format(question=question["text"], topic=flag["topic"]), file=sys.stderr)
            if flag["try_saying"]:
                print(_("Try instead: “{words}”").format(words=flag["try_saying"]), file=sys.stderr)
    return 0


def _list(found: list[Document], as_json: bool) -> int:
    if as_json:
        give(found)
    elif not found:
        print(_("No position has planned questions yet: `coachdesk guide POSITION --from FILE`."))
    for row in [] if as_json else found:
        questions = ngettext("{n} question", "{n} questions", row["questions"]).format(n=row["questions"])
        calls = ngettext("{n} call", "{n} calls", row["calls"]).format(n=row["calls"])
        print(_("{title}: {questions}, {calls}").format(title=row["title"], questions=questions, calls=calls))
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as failed:
        why = failed.strerror or ""
        raise InputError(
            _("{name} cannot be written: {why}.").format(name=path.name, why=why), _("Choose another place.")
        ) from failed


def coverage(document: Document) -> str:
    """The planned questions of a call, each with what became of it."""
    found = document["guide"]
    lines = [document["call"]["title"], ""]
    if found["reason"]:
        lines += [_("Not looked for: {why}.").format(why=reason(found["reason"], {})), ""]
    for question in found["questions"]:
        lines.append(f"{'*' if question['must'] else ' '} {question['text']}  [{question['id']}]")
        lines.append(f"    {_beside(question)}")
        lines += [f"    ▶ {clock(m['start_ms'])}  “{m['quote']}”" for m in (question["asked"],) if m and m["quote"]]
        for follow_up in question["follow_ups"]:
            at = f"▶ {clock(follow_up['asked']['start_ms'])}" if follow_up["asked"] else "–"
            lines.append(f"      {at}  {follow_up['text']}")
    return "\n".join(lines) + "\n"


def across(found: Document) -> str:
    """One question below the other, each with all calls: the process, never a verdict."""
    titles = {call["id"]: call["case"] or call["title"] for call in found["calls"]}
    lines = [found["name"], ""]
    if not found["calls"]:
        lines.append(_("No call is about this yet: `coachdesk amend CALL --position TITLE`."))
    for question in found["questions"] if found["calls"] else []:
        lines.append(question["text"])
        for row in question["calls"]:
            at = f"▶ {clock(row['asked']['start_ms'])}" if row["asked"] else ""
            lines.append(f"  {row['call'][:8]}  {titles[row['call']][:28]:<28}  {at:<9}  {_beside(row)}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _beside(question: Document) -> str:
    """State, wording and time in a line."""
    parts = [_(STATES[question["state"]])]
    if question["wording"] is not None:
        parts.append(_("{share} % of the planned words").format(share=round(100 * question["wording"])))
    if question["time_ms"]:
        parts.append(clock(question["time_ms"]))
    return " · ".join(parts)


COMMANDS: dict[str, Callable[[Namespace], int]] = {"brief": brief, "guide": guide, "templates": templates}
