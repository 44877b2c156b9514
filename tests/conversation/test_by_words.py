"""Numbers from what was said, each on a small call whose answer is worked out here from the definitions."""

from __future__ import annotations

from statistics import median

import pytest

from coachdesk.conversation import sentiment
from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.text import words_of
from coachdesk.model import Role
from tests.conversation.calls import Line, alternating, heard, listened, numbers, other, rep, say, spoken, words

FILLING = [rep(words(150, "alpha"), word_ms=800), other(words(150, "beta"), word_ms=800)]  # 4 minutes, 300 words
ANSWER = "The office prints the list on Sunday and everybody collects a copy before the shift."  # 15 words


def call(*lines: Line, filling: list[Line] | None = None):
    """The lines, then enough speech to be measured."""
    return heard(spoken([*lines, *(FILLING if filling is None else filling)]))


class TestTurnLength:
    LINES = alternating([words(10, "alpha")] * 9 + [words(110, "alpha")], [words(5, "beta")] * 10, word_ms=900)

    def test_mean_and_median_words_of_substantive_turns(self):
        found = numbers(call(*self.LINES, filling=[]))
        assert found.value("mean_turn_words") == 20
        assert found.value("median_turn_words") == 10
        assert found.value("mean_turn_words", "other") == 5

    def test_nine_turns_are_too_few(self):
        assert numbers(call(*self.LINES[2:], filling=[])).why_not("mean_turn_words") == "too_few_turns"

    def test_short_responses_are_no_turns(self):
        lines = [line for pair in self.LINES for line in (pair, rep("Okay.", lasts_ms=500))][:-1]
        assert numbers(call(*lines, filling=[])).value("mean_turn_words") == 20

    def test_the_longest_turns_come_first(self):
        assert numbers(call(*self.LINES, filling=[])).moments("mean_turn_words")[0] == (
            133.3,
            232.3,
        )  # after nine pairs of 9 + 0.6 + 4.5 + 0.6 s


class TestQuestions:
    ASKED = (
        rep("How does that work today? And who prints the list?"),
        other("Do you mean the weekly list?"),
        rep("Yes. Right? Tell me about the weekly list."),
    )

    def test_sentences_that_ask_are_counted_by_side_and_openness(self):
        found = numbers(call(*self.ASKED))
        assert found.value("questions") == 3
        assert found.value("questions_open") == 2
        assert found.value("questions", "other") == 1
        assert found.value("questions_open", "other") == 0

    def test_the_rate_is_per_hour_of_call(self):
        made = heard(spoken([*self.ASKED, *FILLING]), duration_ms=600_000)
        assert numbers(made).value("question_rate_per_h") == 18

    def test_the_yield_is_the_median_length_of_the_turn_after_a_question(self):
        asked = [
            line
            for seconds in (4, 20, 9)
            for line in (rep("How does that work?"), other("It works somehow.", lasts_ms=seconds * 1000))
        ]
        assert numbers(call(*asked)).value("question_yield_ms") == 9_000

    def test_two_questions_give_no_yield(self):
        asked = [rep("How does that work?"), other("It works somehow."), rep("And why is that so?"), other("No idea.")]
        assert numbers(call(*asked)).why_not("question_yield_ms") == "too_few_questions"

    def test_turns_with_several_questions_over_turns_with_one(self):
        single = [rep("How does that work?"), other("It works somehow.")]
        asked = [*single * 3, rep("Who prints the list? And what happens then?"), other("The office does.")]
        assert numbers(call(*asked)).value("stacked_share") == 0.25

    def test_questions_of_one_turn_in_several_lines_are_stacked(self):
        single = [rep("How does that work?"), other("It works somehow.")]
        asked = [*single * 2, rep("Who prints the list?"), rep("And what happens then?"), other("The office does.")]
        assert numbers(call(*asked)).value("stacked_share") == pytest.approx(1 / 3, abs=1e-6)


class TestFollowUps:
    def share(self, *replies: str) -> float:
        lines = [line for reply in replies for line in (other(ANSWER), rep(reply))]
        return numbers(call(*lines)).value("followup_share")

    def test_a_word_of_the_answer_or_a_probe_follows_up(self):
        found = self.share("Who prints it on Sunday?", "Tell me more about that.", "How big is your company?")
        assert found == pytest.approx(2 / 3, abs=1e-6)

    def test_a_rough_stem_is_enough(self):
        assert self.share(
            "Why is the printing done there?", "Where do you park?", "Where do you eat?"
        ) == pytest.approx(1 / 3, abs=1e-6)

    def test_words_of_three_letters_are_no_content(self):
        answer = "There is a van by the sea and all the staff put wood, nails, glass into it."
        lines = [line for _ in range(3) for line in (other(answer), rep("Is your big van red?"))]
        assert numbers(call(*lines)).value("followup_share") == 0

    def test_a_word_picked_up_without_asking_is_none(self):
        assert self.share("We print the list, too.", "Sunday is a good day.", "A copy is fine.") == 0

    def test_answers_under_fifteen_words_do_not_count(self):
        brief = " ".join(ANSWER.split()[1:])
        lines = [line for _ in range(3) for line in (other(brief), rep("Who prints it on Sunday?"))]
        assert numbers(call(*lines)).why_not("followup_share") == "too_few_answers"

    def test_answers_let_go_can_be_played(self):
        lines = [other(ANSWER), rep("How big is your company?")] * 3
        assert len(numbers(call(*lines)).moments("followup_share")) == 3


def test_advice_is_the_share_of_own_turns_that_hold_an_advice_phrase():
    said = [
        "You should print it. You should really print it.",
        "I recommend a second list.",
        *["We print it, too."] * 8,
    ]
    made = call(*alternating(said, ["That is one way to see it."] * 10, word_ms=900), filling=FILLING[1:])
    assert numbers(made).value("advice_rate") == 0.2


def test_recaps_are_counted_per_hundred_own_words():
    lines = [rep("It sounds like Sunday is hard."), other("It is hard."), rep("So you said the office prints it.")]
    own = 6 + 7 + 150
    assert numbers(call(*lines)).value("recap_per_100_words") == pytest.approx(200 / own, abs=1e-6)


class TestDelivery:
    def test_pace_is_the_median_over_utterances_of_a_second_and_a_half(self):
        speeds = [300, 400, 500, 600, 250]
        lines = [rep(words(25, "alpha"), word_ms=ms) for ms in speeds] + [rep("Okay so.", lasts_ms=1_400)]
        found = numbers(call(*lines, other(words(100, "beta"), word_ms=1_400), filling=[]))
        assert found.value("pace_wpm") == pytest.approx(60_000 / median(speeds), abs=1e-6)

    def test_filled_pauses_are_counted_per_hundred_words(self):
        found = numbers(call(rep("Um, we print it, uh, and erm, that is like, you know, it.")))
        assert found.value("fillers_per_100_words") == pytest.approx(100 * 3 / (13 + 150), abs=1e-6)

    def test_none_in_four_hundred_words_is_not_measurable_instead_of_perfect(self):
        made = call(rep(words(250, "alpha"), word_ms=300))
        assert numbers(made).why_not("fillers_per_100_words") == "fillers_not_measurable"
        assert numbers(call(rep(words(249, "alpha"), word_ms=300))).value("fillers_per_100_words") == 0

    def test_under_a_hundred_words_is_too_few(self):
        made = heard(spoken([rep(words(60, "alpha"), word_ms=900), other(words(150, "beta"), word_ms=900)]))
        assert numbers(made).why_not("fillers_per_100_words") == "too_few_words"
        assert numbers(made).why_not("pace_wpm") == "too_few_words"


class TestConcerns:
    PLAIN = (other(ANSWER), rep("We print it on Friday.", gap_ms=400))

    def test_the_pause_after_a_turn_with_a_concern(self):
        lines = [*self.PLAIN, other("Honestly, that is too expensive for us."), rep("Hm. I hear you.", gap_ms=1_300)]
        assert numbers(call(*lines)).value("pause_after_objection_ms") == 1_300

    def test_a_concern_at_the_start_of_a_long_turn_counts(self):
        long_turn = [other("Honestly, that is too expensive for us."), other(words(40, "beta"))]
        lines = [*long_turn, rep("Hm. I hear you.", gap_ms=900), *self.PLAIN]
        assert numbers(call(*lines)).value("pause_after_objection_ms") == 900

    def test_without_a_concern_there_is_none(self):
        assert numbers(call(*self.PLAIN)).why_not("pause_after_objection_ms") == "no_objection_found"

    def test_concerns_within_a_minute_are_one(self):
        concern = other("Honestly, that is too expensive for us.")
        lines = [concern, rep("Hm. I hear you.", gap_ms=1_300), concern, rep("Hm. I hear you.", gap_ms=300)]
        assert numbers(call(*lines)).value("pause_after_objection_ms") == 1_300
        apart = [*lines[:2], *FILLING, *lines[2:]]
        assert numbers(call(*apart)).value("pause_after_objection_ms") == 800


def test_patience_is_counted_to_the_first_word_even_of_a_short_response():
    replies = [other(ANSWER), rep("Okay.", gap_ms=200, lasts_ms=500), rep("We print it on Friday.", gap_ms=900)]
    assert numbers(call(*replies * 8)).value("patience_ms") == 200


class TestNextStep:
    STEP = "Let us schedule a call for Thursday."

    def test_it_is_looked_for_in_the_last_five_minutes(self):
        early = heard([say("rep", self.STEP, 290, 294), *spoken(FILLING, 300_000)], duration_ms=600_000)
        late = heard([*spoken(FILLING), say("rep", self.STEP, 300.5, 304)], duration_ms=600_000)
        assert numbers(early).value("next_step") == 0
        assert numbers(late).value("next_step") == 1

    def test_in_a_long_call_it_is_the_last_fifth(self):
        at = [say("rep", self.STEP, seconds, seconds + 4) for seconds in (2_399, 2_401)]
        assert numbers(heard([*spoken(FILLING), *at], duration_ms=3_000_000)).value("next_step") == 1

    def test_in_a_short_call_it_is_the_second_half(self):
        found = [
            numbers(heard([*spoken(FILLING), say("rep", self.STEP, at, at + 4)], duration_ms=400_000))
            for at in (250, 199)
        ]
        assert [n.value("next_step") for n in found] == [1, 0]


class TestWording:
    LINES = (
        other("This is really wonderful news, thank you!", lasts_ms=10_000),
        other(words(30, "beta"), lasts_ms=30_000),
    )

    def test_it_is_weighted_by_length(self):
        table = lexicon("en")
        value, _ = sentiment.valence(
            "This is really wonderful news, thank you!", table, question=False, acknowledges=False
        )
        found = numbers(call(*self.LINES, filling=[rep(words(160, "alpha"), word_ms=1_100)]))
        assert value > 0.5
        assert found.value("wording", "other") == pytest.approx(value / 4, abs=1e-3)

    def test_it_is_given_by_fifth(self):
        made = heard(spoken([*self.LINES, *FILLING]), duration_ms=300_000)
        found = numbers(made)
        # the first fifth holds 40 of the 160 s of that side
        assert found.value("wording.1", "other") == pytest.approx(4 * found.value("wording", "other"), abs=1e-5)
        assert found.why_not("wording.2", "other") == "no_words"

    def test_under_thirty_words_of_a_side_there_is_none(self):
        made = heard(spoken([other("This is really wonderful news!"), rep(words(500, "alpha")), other(words(24))]))
        assert len(words_of(" ".join(u.text for u in made.utterances if u.speaker == "other"))) == 29
        assert numbers(made).why_not("wording", "other") == "too_few_words"
        assert listened(made).facts.wording == ()

    @pytest.mark.parametrize("sides", [(), (Role.OTHER,)])
    def test_it_is_read_for_the_sides_asked_for_only(self, sides):
        made = call(*self.LINES, rep("This is a terrible, awful, horrible mess."))
        found = listened(made, wording=sides).facts
        assert {s.role for s in found.wording} == set(sides)
        assert numbers(made, sides).why_not("wording", "rep") == "wording_off"
        assert (numbers(made, sides).why_not("wording", "other") == "wording_off") is not bool(sides)

    def test_at_most_five_moments_of_a_call_the_strongest_first(self):
        bad = [other("This is a terrible, awful, horrible mess."), rep(words(20, "alpha"))]
        found = listened(call(*bad * 7, other("This is bad."))).facts.measurements
        moments = [span for m in found if m.metric.startswith("wording") for span in m.moments]
        assert len(moments) == 5
