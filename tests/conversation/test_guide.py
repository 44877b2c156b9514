"""Planned questions beside what was asked: found by their words, ticked, told; with answer, time and what followed."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from coachdesk.conversation.guide import Coverage, Covered
from coachdesk.conversation.planned import Plan, Planned, parse
from coachdesk.model import WordsGrade
from tests.conversation.calls import Line, heard, listened, other, rep, spoken, words

APART = "Tell me about a time when a delivery plan fell apart."
FIRST = "What did you do first?"
HOURS = "Which working hours suit you best in winter?"
TOOLS = "Which planning tools do you know from the depot?"
GUIDE = parse(f"* {APART}\n    {FIRST}\n    Who else was involved there?\n{HOURS}\n* {TOOLS}\n")
IDS = [question.id for question in GUIDE]
ANSWER = other("The main truck company closed down on a Thursday, and nobody had told us before.")


def call(*lines: Line, plan: Plan | None = None, **changes):
    return listened(heard(spoken(lines), plan=plan or Plan(GUIDE), **changes))


def covered(*lines: Line, **more) -> dict[str, Covered]:
    return {question.text: question for question in call(*lines, **more).coverage.questions}


def how(text: str, planned: str) -> str:
    plan = Plan((Planned("q", planned),))
    (found,) = call(rep(text), other("That is how it goes there."), plan=plan).coverage.questions
    return found.how


class TestFinding:
    @pytest.mark.parametrize(
        ("said", "planned"),
        [
            (HOURS, HOURS),
            ("So, um, which working hours suit you best in the winter, then?", HOURS),
            ("What working hours would suit you?", HOURS),
            ("Can you tell me about a time when a delivery plan fell apart, and what you did?", APART),
            ("Was there a day on which a delivery plan just fell apart?", APART),
            (
                "And do you know planning tools from somewhere?",
                "Which planning tools do you know, and how well exactly?",
            ),
        ],
    )
    def test_as_planned_and_in_other_words(self, said, planned):
        assert how(said, planned) == "words"

    @pytest.mark.parametrize(
        ("said", "planned"),
        [
            ("Tell me about a time when you disagreed with your boss.", APART),
            ("Which days do you work?", HOURS),
            ("The working hours in winter suit us best.", HOURS),  # asks nothing
            ("What would you like to know?", TOOLS),
            ("How was the winter?", HOURS),
        ],
    )
    def test_a_look_alike_is_another_question(self, said, planned):
        assert how(said, planned) == ""

    def test_a_key_phrase_is_enough(self):
        planned = "In a long week with many orders, what would a fair shared rota look like for your shift leads?"
        assert how("And a fair shared rota, how is that made?", planned) == "words"
        assert how("And fair, how is the rota shared?", planned) == ""

    def test_the_other_side_asking_it_does_not_count(self):
        assert covered(other(HOURS), rep("In winter we begin at eight."))[HOURS].how == ""

    def test_a_question_cut_in_two_is_read_together(self):
        lines = [rep("Which working hours in the winter?"), rep("Would they suit you best?"), ANSWER]
        assert covered(*lines)[HOURS].how == "words"

    def test_one_question_answers_for_one_planned(self):
        plan = Plan(parse("Which working hours suit you best?\nWhich working hours suit you best in winter?\n"))
        found = call(rep(HOURS), ANSWER, plan=plan).coverage.questions
        assert [question.how for question in found] == ["", "words"]

    def test_how_far_the_wording_was_the_planned_one(self):
        exact, other_words = (
            covered(rep(HOURS), ANSWER)[HOURS],
            covered(rep("What hours suit you in winter?"), ANSWER)[HOURS],
        )
        assert exact.wording == 1.0
        assert other_words.wording == pytest.approx(5 / 8)


class TestAnswer:
    def test_the_turn_of_the_other_side_after_it_with_its_first_line(self):
        found = covered(rep("Hello there, and good day to you."), rep(APART), ANSWER, other("So I called."))[APART]
        assert found.answer.utterance == "u2"
        assert found.answer.start_ms > found.asked.end_ms

    def test_time_runs_until_the_next_planned_question(self):
        lines = [
            rep(APART),
            ANSWER,
            rep("I see that of course."),
            other("Yes, it was."),
            rep(HOURS),
            other("Eight to four."),
        ]
        said = spoken(lines)
        found = covered(*lines)[APART]
        assert found.time_ms == said[3].end_ms - said[0].start_ms

    def test_or_until_the_own_side_tells_something_long(self):
        lines = [rep(APART), ANSWER, rep(words(20)), other(words(8)), rep(words(20))]
        said = spoken(lines)
        assert covered(*lines)[APART].time_ms == said[1].end_ms - said[0].start_ms

    def test_planned_follow_ups_and_others(self):
        lines = [
            rep(APART),
            ANSWER,
            rep(FIRST),
            other("I sat down with the list."),
            rep("And how did it end there?"),
            ANSWER,
        ]
        found = covered(*lines)[APART]
        assert [(f.text, f.asked.utterance if f.asked else None) for f in found.follow_ups] == [
            (FIRST, "u2"),
            ("Who else was involved there?", None),
        ]
        assert [moment.utterance for moment in found.more] == ["u4"]

    def test_nobody_answers(self):
        assert covered(ANSWER, rep(APART))[APART].answer is None


class TestWhatAPersonSays:
    def test_a_tick_while_recording(self):
        plan = Plan(GUIDE, ticks=((IDS[1], 9_000),))
        lines = [rep("How is it with the rota?"), other(words(12)), rep(words(12))]
        found = covered(*lines, plan=plan)[HOURS]
        assert (found.how, found.asked.utterance, found.wording) == ("ticked", "u2", None)

    def test_words_say_more_than_a_tick(self):
        plan = Plan(GUIDE, ticks=((IDS[1], 500),))
        assert covered(rep(HOURS), ANSWER, plan=plan)[HOURS].how == "words"

    def test_asked_here(self):
        plan = Plan(GUIDE, said=((IDS[1], True, 2_000),))
        found = covered(rep("How is it with the rota?"), other(words(12)), plan=plan)[HOURS]
        assert (found.how, found.asked.utterance, found.answer.utterance) == ("person", "u0", "u1")

    def test_not_asked_whatever_the_words_say(self):
        found = covered(rep(HOURS), ANSWER, plan=Plan(GUIDE, said=((IDS[1], False, None),)))[HOURS]
        assert (found.how, found.denied, found.asked) == ("", True, None)

    def test_the_last_word_counts(self):
        plan = Plan(GUIDE, said=((IDS[1], False, None), (IDS[1], True, 2_000)))
        assert covered(rep(words(5)), ANSWER, plan=plan)[HOURS].how == "person"

    def test_it_holds_without_words(self):
        plan = Plan(GUIDE, ticks=((IDS[0], 500),), said=((IDS[1], True, None),))
        found = call(rep(HOURS), ANSWER, plan=plan, words=WordsGrade.POOR, draft=True).coverage
        assert [question.how for question in found.questions] == ["ticked", "person", ""]
        assert found.reason == "draft_too_poor"


class TestNumbers:
    LINES = (rep(APART), ANSWER, rep("So what hours suit you in winter?"), other(words(8)))

    def signals(self, *lines: Line, **more):
        return call(*lines, **more).facts.signals

    def test_coverage_counts_the_mandatory_ones(self):
        found = self.signals(*self.LINES)
        assert found["guide_coverage"].value == 0.5  # two are mandatory, one of them was found
        assert found["guide_missing"].value == 1
        assert found["coverage_ratio"].value == 0.5
        assert [moment.utterance for moment in found["guide_coverage"].moments] == ["u0"]

    def test_or_all_where_none_is(self):
        plan = Plan(tuple(replace(question, must=False) for question in GUIDE))
        assert self.signals(*self.LINES, plan=plan)["guide_coverage"].value == pytest.approx(2 / 3)

    def test_without_a_plan_there_is_none(self):
        found = self.signals(*self.LINES, plan=Plan(()))
        names = ("guide_coverage", "guide_missing", "wording_drift", "unplanned_questions", "outside_guide_share")
        assert {found[name].reason for name in names} == {"no_plan"}
        assert found["coverage_ratio"].reason == "no_plan"

    def test_drift_is_the_share_of_planned_words_that_were_not_said(self):
        lines = [*self.LINES, rep(TOOLS), other(words(8))]
        found = self.signals(*lines)["wording_drift"]
        shares = [question.wording for question in call(*lines).coverage.questions]
        assert found.value == pytest.approx(1 - sum(shares) / 3)
        assert found.moments[0].utterance == "u2"  # the one furthest from the plan
        assert self.signals(*self.LINES)["wording_drift"].reason == "too_few_questions"

    def test_questions_outside_the_plan(self):
        lines = [
            rep("How was the ride to the yard?"),
            other(words(6)),
            *self.LINES,
            rep("And the road is slow?"),
            ANSWER,
        ]
        found = self.signals(*lines)["unplanned_questions"]
        assert [moment.utterance for moment in found.moments] == ["u0"]  # the last follows up the one before

    def test_time_outside_the_plan(self):
        planned = [rep(APART), other(words(60)), rep(HOURS), other(words(60)), rep(TOOLS), other(words(60))]
        talk = [line for _ in range(6) for line in (rep(words(80)), other(words(80)))]
        found = self.signals(rep(words(200)), *planned, *talk, rep(words(200)))["outside_guide_share"]
        without = self.signals(rep(words(200)), *planned, rep(words(200)))["outside_guide_share"]
        assert found.value > 0.4 > 0.05 > without.value
        assert found.moments and found.moments[0].start_ms > 0

    @pytest.mark.parametrize(
        ("changes", "why"), [({"words": WordsGrade.NONE}, "no_words"), ({"language": "fi"}, "no_language_table")]
    )
    def test_words_that_do_not_carry_it(self, changes, why):
        found = call(*self.LINES, **changes)
        assert found.facts.signals["guide_coverage"].reason == why
        assert next(m for m in found.facts.measurements if m.metric == "coverage_ratio").withheld.code == why


def test_it_is_kept_and_read_again_and_two_runs_are_equal():
    first, second = (call(*TestNumbers.LINES).coverage for _ in "ab")
    assert msgspec.json.encode(first) == msgspec.json.encode(second)
    assert msgspec.json.decode(msgspec.json.encode(first), type=Coverage) == first
