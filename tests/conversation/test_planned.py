"""Planned questions as plain text: what is written comes back, and what does not fit is named by its line."""

from __future__ import annotations

import pytest

from coachdesk.conversation.planned import MOST_QUESTIONS, parse, question_id, written
from coachdesk.errors import InputError

TEXT = """# for the planner's role

* Tell me about a time when a plan fell apart.
    What did you do first?
\tWhat came of it?
- What would you like to know about us?
3. Which   hours suit you?
"""


def test_questions_mandatory_ones_and_follow_ups():
    first, second, third = parse(TEXT)
    assert (first.text, first.must) == ("Tell me about a time when a plan fell apart.", True)
    assert first.follow_ups == ("What did you do first?", "What came of it?")
    assert (second.text, second.must, second.follow_ups) == ("What would you like to know about us?", False, ())
    assert third.text == "Which hours suit you?"


def test_written_and_read_again_it_is_the_same():
    questions = parse(TEXT)
    assert parse(written(questions)) == questions
    assert written(parse(written(questions))) == written(questions)


def test_the_same_words_are_the_same_question():
    assert question_id("Which hours suit you?") == question_id("which  hours, suit you")
    assert question_id("Which hours suit you?") != question_id("Which days suit you?")


def test_nothing_is_planned_in_an_empty_text():
    assert parse("\n# only a remark\n") == ()
    assert written(()) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Which hours?\n*\n", "Line 2"),
        ("   What then?\n", "Line 1"),
        ("Which hours?\nWhich days?\nwhich HOURS\n", "Lines 1 and 3"),
        ("".join(f"Question {n}?\n" for n in range(MOST_QUESTIONS + 1)), str(MOST_QUESTIONS + 1)),
    ],
)
def test_what_does_not_fit_is_named(text, named):
    with pytest.raises(InputError, match=named) as wrong:
        parse(text)
    assert wrong.value.hint
