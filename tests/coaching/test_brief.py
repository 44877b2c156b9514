"""The brief: slots filled with what was said, an honest gap where nothing was, and nothing that must not be handed on."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from coachdesk.coaching.brief import BriefLine, Filled, brief, is_rough, kept_back
from coachdesk.coaching.playbook import Slot
from coachdesk.coaching.playbook_check import problems
from coachdesk.conversation.open_questions import left_open
from coachdesk.desk.playbooks import vocabulary
from coachdesk.model import Facts, NextStep, Role, WordsGrade
from tests.coaching.situations import SALES, SCREEN, facts, playbook
from tests.conversation.calls import Line, heard, listened, other, rep, spoken

TALK = [rep("We begin with the yard and the wall there."), other("That is how the street looks from the house.")]


def known(name: str, *lines: Line, **changes: object) -> Facts:
    return facts(name, heard(spoken([*TALK, *lines, *TALK]), **changes))


def filled(name: str, found: Facts, slot: str, steps: tuple[NextStep, ...] = ()) -> Filled:
    still_open = {said.id for said in left_open(found)}
    return next(part for part in brief(found, playbook(name), steps, still_open) if part.slot.id == slot)


def quotes(part: Filled) -> list[str]:
    return [line.quote for line in part.lines]


def with_slot(name: str, slot: Slot):
    return msgspec.structs.replace(playbook(name), slots=[slot])


def step(text: str, start_ms: int | None, **more: object) -> NextStep:
    made = NextStep("n", "call", text, "rep", "2026-11-26", "open", "found", start_ms)
    return replace(made, **more)  # type: ignore[arg-type]


class TestTrackers:
    def test_a_line_is_quoted_word_for_word_with_its_moment(self):
        found = known(SALES, other("Our biggest headache is the telephone in the morning."))
        part = filled(SALES, found, "need")
        said = found.utterances[2]
        assert part.lines == (BriefLine(said.start_ms, said.end_ms, said.id, said.text, Role.OTHER),)
        assert part.missing == ""

    def test_an_empty_slot_says_that_nothing_was_found(self):
        part = filled(SALES, known(SALES), "need")
        assert (part.lines, part.missing) == ((), "not_found")

    def test_a_question_is_worth_its_answer(self):
        found = known(SCREEN, rep("When could you start?"), other("At the first of the year, not before."))
        assert quotes(filled(SCREEN, found, "notice")) == ["At the first of the year, not before."]

    def test_remarks_in_passing_do_not_take_the_answer_over(self):
        lines = [rep("When could you start?"), other("Well, hm."), rep("Right."), other("At the first of the year.")]
        assert quotes(filled(SCREEN, known(SCREEN, *lines), "notice")) == ["At the first of the year."]

    def test_a_question_nobody_answered_is_no_fact(self):
        found = facts(SCREEN, heard(spoken([*TALK, rep("When could you start?")])))
        assert filled(SCREEN, found, "notice").missing == "not_found"

    def test_what_is_told_is_quoted_although_the_line_asks_something_else(self):
        told = "The pay range for this role begins at seventy. How does that fit?"
        found = known(SCREEN, rep(told), other("That fits what I had in mind for it."))
        assert quotes(filled(SCREEN, found, "range")) == [told]

    def test_the_other_side_first_then_the_longer_at_most_as_many_as_the_slot_takes_in_order_of_time(self):
        lines = [
            rep("Who else is part of that? Our own director is there as well, for all of it, always."),
            other("My boss has to sign off."),
            rep("I see that, of course."),
            other("And I need to check with our finance team on everything that is more than small."),
            rep("I see that, of course."),
            other("I have to talk to the board, too."),
        ]
        found = known(SALES, *lines)
        two = with_slot(SALES, Slot("people", "authority", most=2, text={"en": "x"}))
        (part,) = brief(found, two, ())
        assert [line.role for line in part.lines] == [Role.OTHER, Role.OTHER]
        assert quotes(part)[0].startswith("And I need") and quotes(part)[1].startswith("I have to talk")

    def test_one_line_stands_once_in_a_slot(self):
        found = known(SCREEN, rep("When could you start?"), other("I have a notice period of one month there."))
        assert len(filled(SCREEN, found, "notice").lines) == 1

    def test_doubtful_lines_are_not_quoted(self):
        found = known(SALES, other("Our biggest headache is the telephone in the morning."))
        doubtful = tuple(replace(u, suspect="headache" in u.text) for u in found.utterances)
        assert filled(SALES, replace(found, utterances=doubtful), "need").missing == "not_found"

    def test_a_long_line_is_cut_at_a_word(self):
        long = "Our biggest headache is the telephone " + "in the early morning hours " * 12
        (line,) = filled(SALES, known(SALES, other(long.strip() + ".")), "need").lines
        assert len(line.quote) <= 220 and line.quote.endswith("…") and long.startswith(line.quote[:-1])


class TestOpenQuestions:
    @pytest.mark.parametrize(
        ("answer", "open_"),
        [
            ([rep("I will ask.")], True),
            ([rep("Let me check with the office on that and come back to you on Thursday morning.")], True),
            ([rep("We sit with each of them.")], False),
            ([rep("We sit down with each of them on the first day.")], False),
            ([rep("Good one."), other("And who pays?"), rep("We sit down with each of them on the first day.")], False),
            (
                [rep("Good one."), other("It is for the crews there."), rep("I see that."), other("You see, our street."),
                 rep("We sit down with each of them on the first day.")],
                True,
            ),
        ],
    )  # fmt: skip
    def test_a_question_is_open_as_the_conversation_finds_it(self, answer, open_):
        question = "How do you work with the crews on your side?"
        found = facts(SALES, heard(spoken([*TALK, other(question), *answer, other("That is what I had in mind.")])))
        assert (question in quotes(filled(SALES, found, "open_questions"))) is open_

    def test_own_questions_are_none_of_them(self):
        found = known(SALES, rep("How do the crews work on your side?"), other("Fine."))
        assert filled(SALES, found, "open_questions").missing == "not_found"


class TestOpening:
    def test_the_plan_for_the_call_comes_first(self):
        plan = "The plan for today is short: I want to hear how the work goes."
        found = facts(SALES, heard(spoken([TALK[0], TALK[1], rep(plan), *TALK * 3])))
        assert quotes(filled(SALES, found, "purpose")) == [plan]

    def test_else_the_first_whole_line_that_tells_and_is_no_notice_of_recording(self):
        notice = rep("Is it okay if I record this call for my own notes today?")
        lines = [
            rep("Hello, is that Dana? It is good to hear you at last."),
            rep("Hello there."),
            notice,
            other("Sure."),
            rep("It is about the yard and the wall behind it."),
        ]
        found = facts(SALES, heard(spoken([*lines, *TALK * 4])))
        assert quotes(filled(SALES, found, "purpose")) == ["It is about the yard and the wall behind it."]


class TestNextSteps:
    def test_owner_day_and_moment(self):
        found = known(SALES, rep("I will send you the summary on Thursday."))
        said = found.utterances[2]
        (line,) = filled(SALES, found, "next_step", (step(said.text, said.start_ms),)).lines
        assert (line.owner, line.due, line.start_ms, line.end_ms) == ("rep", "2026-11-26", said.start_ms, said.end_ms)
        assert line.utterance == said.id

    def test_a_slot_on_their_tracker_takes_them_as_well(self):
        found = known(SALES, rep("I will send you the summary on Thursday."))
        (part,) = brief(found, with_slot(SALES, Slot("next", "next_step")), (step("Send it.", 1_000),))
        assert [line.due for line in part.lines] == ["2026-11-26"]

    def test_a_dropped_one_is_none(self):
        part = filled(SALES, known(SALES), "next_step", (step("Send it.", 1_000, state="dropped"),))
        assert part.missing == "not_found"

    def test_the_persons_own_needs_neither_words_nor_a_moment(self):
        wordless = replace(known(SALES), words=WordsGrade.POOR)
        part = filled(SALES, wordless, "next_step", (step("Send the papers.", None, source="person"),))
        assert [(line.quote, line.start_ms) for line in part.lines] == [("Send the papers.", None)]


class TestNothingIsGuessed:
    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"words": WordsGrade.NONE}, "no_words"),
            ({"words": WordsGrade.POOR, "draft": True}, "draft_too_poor"),
            ({"words": WordsGrade.ROUGH, "draft": True}, "draft"),
            ({"words": WordsGrade.ROUGH, "draft": False}, "words_doubtful"),
            ({"has_tables": False}, "no_language_table"),
            ({"sides_known": False}, "speakers_unknown"),
        ],
    )
    def test_words_that_do_not_carry_it_give_the_reason(self, changes, why):
        found = replace(known(SALES, other("Our biggest headache is the telephone in the morning.")), **changes)
        parts = brief(found, playbook(SALES), ())
        assert {part.missing for part in parts} == {why}
        assert not any(part.lines for part in parts)

    @pytest.mark.parametrize(
        ("changes", "rough"),
        [({}, False), ({"draft": True}, True), ({"words": WordsGrade.ROUGH}, True)],
    )
    def test_a_drafts_words_are_said_to_be(self, changes, rough):
        assert is_rough(replace(known(SALES), **changes)) is rough

    def test_a_topic_the_language_has_no_words_for_is_not_called_missing(self):
        found = replace(known(SALES), unheard=frozenset({"need_pain"}))
        assert filled(SALES, found, "need").missing == "no_word_list"


class TestWhatIsKeptBack:
    PAST_PAY = (
        "My current salary is eighty, in the pay range is between 80 and 90.",
        "I make 85 right now, and I am looking for in terms of pay about the same.",
        "They pay me seventy thousand, and the bonus is on top of it.",
        "I was on 60k there, plus bonus and equity and the benefits.",
    )

    @pytest.mark.parametrize("said", PAST_PAY)
    def test_pay_history_that_is_volunteered(self, said):
        found = known(SCREEN, rep("What would you like to tell me about the yard?"), other(said))
        assert [hit for hit in found.hits if hit.tracker == "comp_range"]
        assert not [u for part in brief(found, playbook(SCREEN), ()) for u in quotes(part) if u == said]

    @pytest.mark.parametrize(
        "said",
        [
            "My base is 92 and I get ten percent bonus.",
            "I take home 85 today.",
            "I'm getting 85 base today.",
            "Base salary is 85 today.",
            "I was on a salary of 70.",
            "My hourly rate is 40 now.",
            "Today it is 85k base.",
            "My base is ninety two.",
            "I make 85 and a bonus.",
            "I'm at eighty five thousand.",
            "I get a ten percent bonus.",
            "They have me at 85 thousand.",
        ],
    )
    def test_pay_history_said_plainly(self, said):
        found = known(SCREEN, other(said))
        assert found.utterances[2].id in kept_back(found, playbook(SCREEN))

    @pytest.mark.parametrize(
        "said",
        [
            "Okay, so you make eighty five thousand today, and our salary range is 90 to 95.",
            "So you are on 60 there.",
            "You get 85 base today.",
            "Your base is 92, right?",
            "So 85 base today, okay.",
        ],
    )
    def test_pay_history_said_back_by_the_own_side(self, said):
        found = known(SCREEN, rep(said))
        assert found.utterances[2].id in kept_back(found, playbook(SCREEN))

    @pytest.mark.parametrize(
        "line",
        [
            rep("The pay range for this role is 41 to 47 thousand."),
            rep("You would get 45 thousand plus bonus."),
            rep("You get 28 days of holiday."),
            rep("You get a ten percent bonus here, and base salary goes up to 85."),
            rep("Are you on ten projects? You make forty calls a day."),
            other("The pay range for this role is 41 to 47 thousand."),
            other("The base for this role is 85."),
            other("The salary is 41 to 47."),
            other("I'm looking for 92 base."),
            other("I make forty calls a day, and we got ten people there."),
        ],
        ids=lambda line: f"{line.speaker}: {line.text[:24]}",
    )
    def test_what_is_offered_or_hoped_for_stays_in(self, line):
        assert not kept_back(known(SCREEN, line), playbook(SCREEN))

    @pytest.mark.parametrize(
        ("line", "back"),
        [
            (other("Mein Grundgehalt ist 60."), True),
            (other("Das Gehalt liegt derzeit bei 60."), True),
            (rep("Also Sie verdienen heute 60 tausend."), True),
            (rep("Die Spanne für diese Stelle ist 41 bis 47 tausend."), False),
            (rep("Sie bekommen 30 Tage Urlaub."), False),
        ],
        ids=lambda value: value.text[:24] if isinstance(value, Line) else str(value),
    )
    def test_in_german_too(self, line, back):
        found = facts(SCREEN, heard(spoken([line]), language="de"))
        assert bool(kept_back(found, playbook(SCREEN))) is back

    def test_what_is_hoped_for_is_no_history(self):
        hope = "I was thinking of something around 45, and my salary expectations are open."
        assert quotes(filled(SCREEN, known(SCREEN, other(hope)), "range")) == [hope]

    def test_a_question_about_pay_history_and_the_answer_to_it(self):
        lines = [rep("What is your current salary?"), other("Somewhere between 80 and 90."), other("With a bonus.")]
        found = known(SCREEN, *lines, rep("The pay range is wide here, and it begins at seventy."))
        assert quotes(filled(SCREEN, found, "range")) == ["The pay range is wide here, and it begins at seventy."]

    @pytest.mark.parametrize("question", ["Do you have small kids at home?", "How old are you?", "Are you married?"])
    def test_the_answer_to_a_question_on_a_protected_topic(self, question):
        answer = "I have two, and so my notice period is what it is."
        found = known(SCREEN, rep(question), other(answer))
        assert [hit for hit in found.hits if hit.tracker == "notice_start"]
        assert filled(SCREEN, found, "notice").missing == "not_found"

    def test_an_open_question_that_touches_one(self):
        found = known(SCREEN, other("Are you married?"), rep("I am."))
        assert filled(SCREEN, found, "open_questions").missing == "not_found"

    def test_a_step_that_touches_one(self):
        found = known(SCREEN, other("My current salary is eighty, and I will send you the slip on Thursday."))
        said = found.utterances[2]
        assert filled(SCREEN, found, "next_step", (step(said.text, said.start_ms),)).missing == "not_found"

    def test_a_trade_that_does_not_watch_for_such_topics_keeps_its_facts(self):
        said = "They pay me seventy thousand, and that is our biggest headache."
        assert quotes(filled(SALES, known(SALES, other(said)), "need")) == [said]

    def test_own_pay_is_not_the_other_sides(self):
        found = listened(heard(spoken([rep("They pay me seventy thousand."), other("They pay me seventy thousand.")])))
        assert [hit.role for hit in found.facts.hits if hit.tracker.startswith("private:")] == [Role.OTHER]


def test_two_runs_are_equal():
    found = known(SCREEN, rep("When could you start?"), other("I have a notice period of one month there."))
    runs = [
        msgspec.json.encode([(p.slot, p.lines, p.missing) for p in brief(found, playbook(SCREEN), ())]) for _ in "ab"
    ]
    assert runs[0] == runs[1]


class TestSlotsAsWritten:
    """What may be wrong with a slot is named with its mend."""

    @pytest.mark.parametrize(
        ("slot", "problem"),
        [
            (Slot("a", kind="guess"), 'is of kind "guess"'),
            (Slot("a"), 'needs tracker ""'),
            (Slot("a", "lsit"), 'needs tracker "lsit"'),
            (Slot("a", "lsit", kind="opening"), 'names tracker "lsit"'),
            (Slot("a", "need_pain", side="buyer"), 'is for side "buyer"'),
            (Slot("a", "need_pain", most=0), "takes 0 lines"),
        ],
    )
    def test_a_wrong_one(self, slot, problem):
        found = problems(with_slot(SALES, slot), vocabulary())
        assert [problem in said and bool(mend) for said, _, mend in found] == [True]

    def test_two_of_one_name(self):
        twice = msgspec.structs.replace(playbook(SALES), slots=[Slot("a", kind="next_steps"), Slot("a", "need_pain")])
        assert "stands twice" in problems(twice, vocabulary())[0][0]

    def test_a_guide_of_questions_that_are_not_there(self):
        wrong = msgspec.structs.replace(playbook(SCREEN), guide=["looking_for", "hobby"])
        assert [said for said, _, _ in problems(wrong, vocabulary())] == ['the guide names question "hobby"']

    @pytest.mark.parametrize("slot", [Slot("a", kind="open_questions"), Slot("a", kind="next_steps", most=8)])
    def test_a_right_one(self, slot):
        assert problems(with_slot(SALES, slot), vocabulary()) == []

    def test_a_name_is_its_text_or_its_id(self):
        book = playbook(SALES)
        assert book.slot_name(Slot("open_points"), "de") == "open points"
        assert book.slot_name(Slot("a", text={"en": "Needs"}), "de") == "Needs"
