"""Signals of single trades: showing, bargaining, calling unasked, interviewing; each counted on a few written lines."""

from __future__ import annotations

import pytest

from coachdesk.model import Signal
from tests.conversation.calls import Line, heard, listened, other, rep, spoken

YES = other("I see that there on the wall, yes.")
TALK = "The people there open the yard and look at the wall of the house. "


def signal(name: str, lines: list[Line], **changes: object) -> Signal:
    said = spoken(lines)
    return listened(heard(said, duration_ms=said[-1].end_ms + 500, **changes)).facts.signals[name]


def value(name: str, lines: list[Line]) -> float | None:
    return signal(name, lines).value


class TestShowing:
    LONG = rep(f"Here you can see the yard. {TALK * 8}", word_ms=500)

    def test_a_stretch_runs_from_turn_to_turn_of_the_other_side_over_short_responses(self):
        lines = [self.LONG, other("Mhm."), rep("You can also see the wall.", word_ms=500), YES, rep("That is it.")]
        said = spoken(lines)
        found = signal("shown_stretch_ms", lines)
        assert found.value == said[2].end_ms - said[0].start_ms
        assert value("shown_stretch_ms", [self.LONG, YES, *lines[2:]]) < found.value

    def test_a_long_turn_that_shows_nothing_is_no_showing(self):
        assert signal("shown_stretch_ms", [rep(TALK * 20), YES]).reason == "nothing_shown_found"
        assert signal("shown_switches_per_min", [self.LONG, YES]).reason == "nothing_shown_found"  # under three minutes

    def test_changes_of_speaker_are_counted_between_the_first_feature_and_the_last(self):
        shown = [self.LONG, YES, self.LONG, YES, self.LONG, YES, rep("There is a feature for the wall.")]
        around = [rep("Hello there, Kim."), YES] * 6
        assert value("shown_switches_per_min", [*around, *shown, *around]) == pytest.approx(6 / 3.2, abs=0.25)

    def test_a_feature_is_linked_by_a_word_of_a_need_or_by_a_recap(self):
        need = other("Our problem is the telephone in the morning.")
        assert value("features_without_need", [need, rep("There is a feature for the wall."), YES]) == 1
        assert value("features_without_need", [need, rep("There is a feature for the telephone."), YES]) == 0
        assert value("features_without_need", [need, rep("You said so. There is a feature for the wall."), YES]) == 0
        assert value("features_without_need", [rep("There is a feature for the telephone."), need, YES]) == 1

    def test_the_answers_to_their_questions_are_counted_in_words(self):
        ask = other("How does the yard get the list?")
        lines = [ask, rep("It does that."), ask, rep("It goes there by itself in the night."), ask, rep(TALK * 3)]
        assert value("answer_words_to_other", lines) == 8
        assert signal("answer_words_to_other", lines[:2]).reason == "too_few_questions"


class TestPrice:
    def test_something_for_something_is_a_trade(self):
        offer = rep("We can give you ten percent off.")
        assert value("concessions_untraded", [offer, YES]) == 1
        assert (
            value("concessions_untraded", [rep("If you sign for two years, we can give you ten percent off."), YES])
            == 0
        )
        assert value("concessions_untraded", [offer, rep("Could you commit to two years?"), YES]) == 0

    @pytest.mark.parametrize(
        ("said", "after"),
        [
            ("It is 49 dollars per user.", 2),
            ("It is forty-nine dollars. That is all.", 3),
            ("The price is $500 a month", 2),
        ],
    )
    def test_words_after_the_amount(self, said, after):
        assert value("words_after_price", [rep(said), YES]) == after

    def test_they_are_counted_to_the_end_of_the_turn_where_most_follow(self):
        lines = [rep("It is 49 dollars."), YES, rep("It is 59 dollars."), rep("With the wall and the yard."), YES]
        assert value("words_after_price", lines) == 6
        assert signal("words_after_price", [rep("It is two days a week."), YES]).reason == "no_price_found"

    def test_softeners_count_near_the_price_only(self):
        plain = rep("The price is fair, and it is the same for everybody here. " + TALK * 2)
        soft = rep("Maybe I think it is just so.")
        assert value("hedges_near_price_per_100", [plain, YES, soft, YES]) == 0
        near = value("hedges_near_price_per_100", [rep(plain.text + "Maybe I think it is just so."), YES])
        assert near == pytest.approx(100 * 3 / 45, abs=1)

    def test_a_price_announced_in_the_plan_is_no_price_yet(self):
        plan = rep("The plan for today is the yard, and then the pricing.")
        lines = [plan, YES, other("Our problem is the wall."), rep("The price is thirty.")]
        assert value("need_hits_before_pricing", lines) == 1


class TestUnasked:
    NO = other("No thanks, we are not interested in that.")
    GO = rep("It takes two minutes for the whole of the yard.")

    def test_full_turns_after_the_second_no(self):
        assert value("turns_after_second_refusal", [self.GO, self.NO, self.GO, YES, self.GO]) == 0
        lines = [self.GO, self.NO, self.GO, self.NO, rep("I see."), YES, self.GO, YES, self.GO]
        found = signal("turns_after_second_refusal", lines)
        assert (found.value, len(found.moments)) == (2, 2)

    def test_words_of_the_other_side_in_the_first_five_minutes(self):
        lines = [rep(TALK * 2, word_ms=500), YES, rep(TALK * 46, word_ms=500), YES]
        assert value("other_words_first_5min", lines) == 8

    def test_the_pace_after_a_concern_is_compared_with_the_usual(self):
        usual = [line for _ in range(6) for line in (rep(TALK * 2, word_ms=400), YES)]
        worry = other("That is too expensive for us.")
        fast = value("pace_after_concern", [*usual, worry, rep(TALK * 2, word_ms=200), YES])
        assert fast == pytest.approx(2, abs=0.05)
        assert signal("pace_after_concern", [*usual, worry, rep("I see.")]).reason == "no_objection_found"


class TestInterviews:
    ASK = rep("Tell me about a time when a plan went wrong.")

    def test_a_short_example_is_thin_unless_the_next_question_goes_deeper(self):
        short, long = other("The lead was ill once, and it went well."), other(TALK * 4)
        on = rep("Thank you for that.")
        assert value("thin_answers_unprobed", [self.ASK, short, on, YES]) == 1
        assert value("thin_answers_unprobed", [self.ASK, long, on, YES]) == 0
        assert value("thin_answers_unprobed", [self.ASK, short, rep("What was your part in that?"), YES]) == 0
        assert value("thin_answers_unprobed", [self.ASK, short, rep("How long was the lead away?"), YES]) == 0
        assert value("thin_answers_unprobed", [rep("Where do you live?"), short, on, YES]) == 0

    @pytest.mark.parametrize(
        "text",
        [
            "So you're comfortable with pressure, right?",
            "You are okay with weekends, aren't you?",
            "Great answer.",
            "That's exactly what we want to hear.",
            "You'd be a great fit.",
        ],
    )
    def test_an_answer_is_given_away(self, text):
        assert value("answers_given_away", [rep(text), YES]) == 1

    @pytest.mark.parametrize(
        "text",
        ["How do you work under pressure?", "So you led five people, right?", "Thank you, that helps.", "Great."],
    )
    def test_a_neutral_question_gives_nothing_away(self, text):
        assert value("answers_given_away", [rep(text), YES]) == 0


class TestDatedSteps:
    def test_a_day_counts_in_its_own_line_or_near_a_promise(self):
        before, promise = rep(TALK * 3), rep("I will send you the list of the crews.")
        wall, see_you = rep("The wall is fair."), other("See you Thursday.")
        assert value("dated_steps", [before, promise, other("Thursday is fine.")]) == 1
        assert value("dated_steps", [before, promise, YES, wall, see_you]) == 1  # the last line by itself
        assert value("dated_steps", [before, promise, YES]) == 0
        assert (
            value("dated_steps", [before, rep("You can send it as a file."), other("It saves the Friday work.")]) == 0
        )


class TestWords:
    @pytest.mark.parametrize("text", ["No problem.", "That is not a problem for me.", "No issues at all."])
    def test_no_problem_names_none(self, text):
        assert value("other_problems", [rep("How is it?"), other(text)]) == 0

    def test_questions_per_100_own_words(self):
        assert value("questions_per_100_words", [rep(TALK * 8), YES, rep("How is it?"), YES]) == pytest.approx(
            0.9, abs=0.1
        )
        assert signal("questions_per_100_words", [rep("How is it?"), YES]).reason == "too_few_words"
