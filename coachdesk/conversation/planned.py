"""Questions planned for a call, and their plain text: one a line, `*` = to be asked on every call, indented = a follow-up.

    # what stands behind a # is for the reader of the file
    * Tell me about a time when a plan fell apart.
        What did you do first?
        What came of it?
    What would you like to know about us?

A question's id follows from its words, so that the same question in two files is the same question. Nothing here knows
a call.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from coachdesk.errors import InputError

MOST_QUESTIONS = 60
_BULLET = re.compile(r"^(?:[-–•]|\d{1,2}[.)])\s+")
_MUST = "*"


@dataclass(frozen=True, slots=True)
class Planned:
    """A question as it was planned."""

    id: str
    text: str
    must: bool = False
    follow_ups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What was planned for a call, and what a person said of it: ticks while recording (question, at_ms), and what was set
    right since (question, asked, at_ms or None).
    """

    questions: tuple[Planned, ...] = ()
    ticks: tuple[tuple[str, int], ...] = ()
    said: tuple[tuple[str, bool, int | None], ...] = ()


def question_id(text: str) -> str:
    """The id of a question: the same for the same words, however they are spaced or capitalised."""
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    return hashlib.sha256(plain.encode()).hexdigest()[:8]


def parse(text: str) -> tuple[Planned, ...]:
    """Questions out of plain text. Raises InputError naming the line that does not fit."""
    found: list[Planned] = []
    lines: dict[str, int] = {}
    for n, raw in enumerate(text.splitlines(), 1):
        words = raw.strip()
        if not words or words.startswith("#"):
            continue
        must = words.startswith(_MUST)
        said = " ".join(_BULLET.sub("", words.lstrip(_MUST + " ")).split())
        if not re.search(r"\w", said):
            raise InputError(f"Line {n} holds no question.", "Write one question a line.")
        if raw[:1].isspace() and not must:
            found.append(_followed(found, said, n))
            continue
        made = Planned(question_id(said), said, must)
        if made.id in lines:
            raise InputError(f"Lines {lines[made.id]} and {n} are the same question.", "Remove one of them.")
        lines[made.id] = n
        found.append(made)
    if len(found) > MOST_QUESTIONS:
        raise InputError(f"{len(found)} questions are too many.", f"Plan at most {MOST_QUESTIONS}.")
    return tuple(found)


def _followed(found: list[Planned], said: str, line: int) -> Planned:
    """The last question with one more follow-up; it is taken out of the list for that."""
    if not found:
        raise InputError(
            f"Line {line} is indented, and there is no question above it.", "Begin with a question at the margin."
        )
    last = found.pop()
    return Planned(last.id, last.text, last.must, (*last.follow_ups, said))


def written(questions: tuple[Planned, ...]) -> str:
    """The plain text of questions; `parse` gives them back."""
    lines = []
    for question in questions:
        lines.append(f"{_MUST} {question.text}" if question.must else question.text)
        lines += [f"    {follow_up}" for follow_up in question.follow_ups]
    return "".join(f"{line}\n" for line in lines)
