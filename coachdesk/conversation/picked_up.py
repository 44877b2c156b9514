"""What the other side names, and whether the own side asks about it in its next turns."""

from __future__ import annotations

from collections.abc import Callable

from coachdesk.conversation import by_words
from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.talk import Line, Talk
from coachdesk.model import Role
from coachdesk.spans import Moment

WITHIN_TURNS = 2  # "picked up" means: in the next two own turns


def moments(lines: list[Line]) -> tuple[Moment, ...]:
    return tuple(line.moment for line in lines)


def _named(lines: list[Line], pattern: str) -> Line | None:
    return next((line for line in lines if pattern in line.facts.patterns and not line.facts.ends_asking), None)


def next_own(talk: Talk, index: int) -> list[list[Line]]:
    """The next two turns of the own side after a turn."""
    return [lines for turn, lines in talk.turn_lines[index + 1 :] if turn.role is Role.REP][:WITHIN_TURNS]


def mentions(talk: Talk, pattern: str) -> list[tuple[int, Line]]:
    return [
        (i, line)
        for i, (turn, lines) in enumerate(talk.turn_lines)
        if turn.role is Role.OTHER and (line := _named(lines, pattern)) is not None
    ]


def count_of(pattern: str) -> Callable[[Talk], Result]:
    def count(talk: Talk) -> Result:
        found = mentions(talk, pattern)
        return Counted(len(found), moments([line for _, line in found]))

    return count


def followed(pattern: str) -> Callable[[Talk], Result]:
    """How many mentions of the other side are followed by a question within two own turns that is about them."""

    def count(talk: Talk) -> Result:
        taken = []
        for i, line in mentions(talk, pattern):
            said = talk.turn_lines[i][1]
            if any(by_words.follows_up(talk, said, reply) for reply in next_own(talk, i)):
                taken.append(line)
        return Counted(len(taken), moments(taken))

    return count
