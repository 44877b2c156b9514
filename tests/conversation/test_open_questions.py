"""Questions the other side asked that were not answered on the call."""

from __future__ import annotations

import pytest

from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.open_questions import still_open
from coachdesk.model import Role
from tests.conversation.calls import Line, other, rep, spoken

ROLES = {"rep": Role.REP, "other": Role.OTHER}
ASKED = "Does it work with our printers?"


def left_open(*lines: Line, table: bool = True) -> list[str]:
    said = spoken(lines)
    asked = [u.id for u in said if u.speaker == "other" and u.text.endswith("?")]
    return [u.text for u in still_open(asked, said, ROLES, lexicon("en") if table else None)]


@pytest.mark.parametrize(
    "reply",
    [
        (),
        (rep("Good question."),),
        (rep("Let me check with the office and come back."),),
        (rep("I'll send you the list of printers tomorrow."),),
    ],
    ids=["the call ends", "no answer", "a promise to look", "a promise to send"],
)
def test_a_question_stays_open(reply):
    assert left_open(other(ASKED), *reply) == [ASKED]


@pytest.mark.parametrize(
    "reply",
    [
        (rep("It works with every printer of the last ten years."),),
        (rep("Yes."), other("Okay."), rep("All of them, since last spring.")),
        (other("And with the old one?"), rep("With both of them, since last spring.")),
    ],
    ids=["an answer", "an answer in two parts", "two questions and one answer"],
)
def test_an_answered_one_does_not(reply):
    assert left_open(other(ASKED), *reply) == []


def test_the_own_sides_questions_are_not_meant():
    assert left_open(rep("How many printers are there in the office?")) == []


def test_asked_twice_it_counts_once_where_it_was_asked_last():
    said = spoken([other(ASKED), rep("Well."), other(ASKED), rep("Hm.")])
    assert still_open(["u0", "u2"], said, ROLES, lexicon("en")) == [said[2]]


def test_without_a_table_a_promise_is_an_answer():
    lines = (other(ASKED), rep("Let me check with the office and come back."))
    assert left_open(*lines) == [ASKED] and left_open(*lines, table=False) == []
