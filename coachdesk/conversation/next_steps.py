"""Next steps somebody named near the end: the sentence, who owns it, and the day where one was said."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta

from coachdesk.conversation.by_words import closing_span
from coachdesk.conversation.metrics import words_missing
from coachdesk.conversation.talk import Talk
from coachdesk.conversation.text import straight
from coachdesk.model import Needs, NextStep, Role

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WITHIN = re.compile(r"\bin (a|an|one|two|three|four|a couple of|a few) (day|week|month)s?\b", re.IGNORECASE)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "a few": 3, "four": 4}
_UNITS = {"day": 1, "week": 7, "month": 30}
_OWN = re.compile(r"\b(?:i|we)(?:'ll| will| can|'d| would| am going to|'m going to)\b|\blet me\b", re.IGNORECASE)
_THEIRS = re.compile(r"\b(?:you(?:'ll| will)|can you|could you|would you)\b", re.IGNORECASE)


def found(talk: Talk, call_id: str, on: date) -> list[NextStep]:
    """Next steps of the call's last part, in order; `due` is an ISO date or None."""

    if words_missing(Needs.WORDS, talk) is not None or not talk.sides_known:
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
                owner=_owner(line.utterance.text, line.role).value,
                due=due_date(line.utterance.text, on) or due_date(near, on),
                state="open",
                source="found",
                start_ms=line.utterance.start_ms,
            )
        )
    return steps


def _owner(text: str, speaker: Role) -> Role:
    """Who promised: the speaker, unless the sentence asks the other side to act."""
    text = straight(text)
    if _THEIRS.search(text) and not _OWN.search(text):
        return Role.OTHER if speaker is Role.REP else Role.REP
    return speaker


def due_date(text: str, on: date) -> str | None:
    """The day a text names, counted from the day of the call; None where it names none."""
    low = text.lower()
    if re.search(r"\btomorrow\b", low):
        return (on + timedelta(days=1)).isoformat()
    if match := re.search(rf"\b(next )?({'|'.join(_DAYS)})\b", low):
        ahead = (_DAYS.index(match.group(2)) - on.weekday()) % 7 or 7
        return (on + timedelta(days=ahead)).isoformat()
    if match := _WITHIN.search(low):
        return (on + timedelta(days=_COUNTS[match.group(1)] * _UNITS[match.group(2)])).isoformat()
    if "next week" in low:
        return (on + timedelta(days=7)).isoformat()
    if "end of the week" in low or "end of week" in low:
        return (on + timedelta(days=(4 - on.weekday()) % 7)).isoformat()
    if re.search(r"\b(?:today|tonight|this afternoon|end of (?:the )?day|eod)\b", low):
        return on.isoformat()  # last: "thanks for your time today" names no day to do anything
    return None
