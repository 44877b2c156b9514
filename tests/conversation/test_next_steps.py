"""Next steps somebody named near the end: who owns them and the day they named."""

from __future__ import annotations

from datetime import date

import pytest

from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.next_steps import due_date
from coachdesk.model import Role, WordsGrade
from tests.conversation.calls import heard, listened, other, rep, spoken, words

DATES = lexicon("en").dates
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("I'll send it tomorrow.", "2026-11-24"),
        ("Let's talk on Thursday at ten.", "2026-11-26"),
        ("Monday works.", "2026-11-30"),
        ("How about next Friday?", "2026-11-27"),
        ("In two weeks, then.", "2026-12-07"),
        ("I'll call you in a couple of days.", "2026-11-25"),
        ("In a month or so.", "2026-12-23"),
        ("Some time next week.", "2026-11-30"),
        ("By the end of the week.", "2026-11-27"),
        ("I'll send it today.", "2026-11-23"),
        ("You have it by end of day.", "2026-11-23"),
        ("Thanks for your time today, I'll send it on Thursday.", "2026-11-26"),
        ("I'll send it over.", None),
        ("It is a monday-like mood, in a way.", "2026-11-30"),
        ("We did that in two stages.", None),
    ],
)
def test_the_day_a_text_names(text, due):
    assert due_date(text, MONDAY, DATES) == due


def test_the_end_of_the_week_on_a_friday_is_that_day():
    assert due_date("By the end of the week.", date(2026, 11, 27), DATES) == "2026-11-27"


def steps(*closing, **changes):
    lines = [rep(words(80)), other(words(80)), *closing]
    return listened(heard(spoken(lines), **changes)).next_steps


class TestFound:
    def test_a_promise_is_owned_by_who_makes_it(self):
        found = steps(rep("I'll send you the summary tomorrow."), other("And we'll get back to you on Friday."))
        assert [(s.owner, s.due, s.state) for s in found] == [
            ("rep", "2026-11-24", "open"),
            ("other", "2026-11-27", "open"),
        ]
        assert found[0].text == "I'll send you the summary tomorrow."

    def test_the_day_may_stand_within_the_next_two_lines(self):
        found = steps(rep("I'll send you the summary."), other("Good."), rep("You have it on Wednesday."))
        assert [s.due for s in found] == ["2026-11-25"]

    def test_what_was_said_early_is_no_next_step(self):
        lines = [rep("I'll send you the summary tomorrow."), rep(words(80)), other(words(80))]
        assert listened(heard(spoken(lines))).next_steps == ()

    def test_talk_about_a_step_without_a_promise_is_none(self):
        assert steps(rep("The next step is up to the office.")) == ()

    @pytest.mark.parametrize(
        "changes",
        [
            {"words": WordsGrade.ROUGH},
            {"language": "de"},
            {"roles": {"rep": Role.UNKNOWN, "other": Role.UNKNOWN}},
        ],
        ids=["draft", "language", "speakers"],
    )
    def test_none_where_the_words_cannot_carry_it(self, changes):
        assert steps(rep("I'll send you the summary tomorrow."), **changes) == ()

    def test_the_same_step_keeps_its_id(self):
        line = rep("I'll send you the summary tomorrow.")
        assert steps(line)[0].id == steps(line)[0].id != steps(other("Good."), line)[0].id
