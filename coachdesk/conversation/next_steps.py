"""Next steps somebody named near the end: the sentence, who owns it, and the day where one was said."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from coachdesk.conversation.by_words import closing_span
from coachdesk.conversation.lexicon import Dates, Lexicon
from coachdesk.conversation.missing import words_missing
from coachdesk.conversation.talk import Talk
from coachdesk.conversation.text import straight
from coachdesk.model import Needs, NextStep, Role

LEANS_ON = ("next_step", "commitment")


def found(talk: Talk, call_id: str, on: date) -> list[NextStep]:
    """Next steps of the call's last part, in order; `due` is an ISO date or None."""

    table = talk.table
    if words_missing(Needs.WORDS, talk, leans_on=LEANS_ON) is not None or table is None or not talk.sides_known:
        return []
    first_ms = closing_span(talk).start_ms
    steps = []
    lines = [line for line in talk.lines if line.utterance.start_ms >= first_ms]
    for n, line in enumerate(lines):
        if "next_step" not in line.facts.patterns or not line.facts.cues.get("commitment"):
            continue
        near = " ".join(other.utterance.text for other in lines[n : n + 3])
        steps.append(
            NextStep(
                id=hashlib.sha256(f"{call_id}/{line.utterance.start_ms}".encode()).hexdigest()[:32],
                call_id=call_id,
                text=line.utterance.text,
                owner=_owner(line.utterance.text, line.role, table).value,
                due=due_date(line.utterance.text, on, table.dates) or due_date(near, on, table.dates),
                state="open",
                source="found",
                start_ms=line.utterance.start_ms,
            )
        )
    return steps


def _owner(text: str, speaker: Role, table: Lexicon) -> Role:
    """Who promised: the speaker, unless the sentence asks the other side to act."""
    text = straight(text)
    if table.owner_you.search(text) and not table.owner_self.search(text):
        return Role.OTHER if speaker is Role.REP else Role.REP
    return speaker


def due_date(text: str, on: date, dates: Dates) -> str | None:
    """The day a text names, counted from the day of the call; None where it names none."""
    ahead = _days_ahead(straight(text).lower(), on, dates)
    return None if ahead is None else (on + timedelta(days=ahead)).isoformat()


def _days_ahead(low: str, on: date, dates: Dates) -> int | None:
    if dates.tomorrow.search(low):
        return 1
    if match := dates.weekday.search(low):
        return (dates.weekdays.index(match["day"]) - on.weekday()) % 7 or 7
    if match := dates.within.search(low):
        return dates.counts[match["count"]] * dates.units[match["unit"]]
    if dates.next_week.search(low):
        return 7
    if dates.end_of_week.search(low):
        return (4 - on.weekday()) % 7
    return 0 if dates.today.search(low) else None  # last: "thanks for your time today" names no day to do anything
