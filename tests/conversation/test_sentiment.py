"""Wording of single sentences: the words, never a mood; what sounds like feeling in calls and is none stays neutral."""

from __future__ import annotations

import pytest

from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.sentiment import NEGATIVE, POSITIVE, STRONG, valence
from coachdesk.conversation.text import facts_of

TABLE = lexicon("en")


def score(sentence: str, question: bool = False, short: bool = False) -> float:
    return valence(sentence, TABLE, question=question, acknowledges=short)[0]


NEGATIVE_ONES = [
    "That is way too expensive for us.",
    "The reports take too long.",
    "Honestly, it is a nightmare every month.",
    "We were burned by the last tool, it was terrible.",
    "I'm not convinced.",
    "That doesn't work for us.",
    "We don't need it.",
    "The whole thing is a mess.",
    "It's over our budget.",
    "We are stuck with manual lists.",
    "They let us down twice.",
    "That is not helpful.",
]
POSITIVE_ONES = [
    "That sounds great.",
    "I love the idea.",
    "Honestly, I can't complain.",
    "That would be a game changer for us.",
    "We couldn't be happier with them.",
    "Not bad at all.",
    "That makes a lot of sense.",
    "I'm really impressed.",
    "Thank you so much for that.",
    "We are looking forward to it.",
    "It has been an excellent year for us.",
]
NEUTRAL_ONES = [
    "We have twelve crews and two offices.",
    "Yeah, okay, well, I mean, it is the list.",
    "What kind of list is it?",
    "Please share the number with me.",
    "It looks like a list.",
    "Would you like to see it on Monday?",
    "The list is ready on Sunday.",
    "Sure, that is the free number.",
    "She will hand it to the other party.",
]


class TestScores:
    @pytest.mark.parametrize("sentence", NEGATIVE_ONES)
    def test_negative(self, sentence):
        assert score(sentence) <= NEGATIVE

    @pytest.mark.parametrize("sentence", POSITIVE_ONES)
    def test_positive(self, sentence):
        assert score(sentence) >= POSITIVE

    @pytest.mark.parametrize("sentence", NEUTRAL_ONES)
    def test_neutral(self, sentence):
        assert score(sentence) == 0

    def test_scores_stay_within_one(self):
        assert score("Terrible, awful, horrible, disgusting, worst, never ever, not at all not.") >= -1
        assert score("Wonderful, excellent, amazing, perfect, great, love love love.") <= 1


class TestRules:
    def test_a_question_is_damped(self):
        sentence = "is it a nightmare for you?"
        assert 0 > score(sentence, question=True) == pytest.approx(0.3 * score(sentence), abs=1e-3)

    @pytest.mark.parametrize("text", ["Yeah.", "Okay, sure.", "No.", "Uh-huh.", "I see."])
    def test_an_acknowledgement_is_neutral_in_a_text(self, text):
        assert [sentence.rule for sentence in facts_of(text, TABLE).sentences] == ["short"]

    @pytest.mark.parametrize("text", ["Great!", "That's wonderful.", "No way, that is awful."])
    def test_a_short_response_that_judges_keeps_its_wording(self, text):
        assert facts_of(text, TABLE).sentences[0].valence != 0

    def test_it_is_strongly_positive_only_where_it_is_so_without_misleading_words(self):
        assert POSITIVE <= score("It would help us, and support is certainly a chance.") < STRONG
        assert score("I love the idea, it is wonderful.") >= STRONG

    @pytest.mark.parametrize(
        ("text", "sign"), [("Hello, this is Dan.", 1), ("Oh, come on.", -1), ("Oh no, the list.", -1)]
    )
    def test_greetings_and_outcries_have_a_value(self, text, sign):
        assert sign * score(text) > 0

    def test_a_short_response_is_neutral(self):
        assert valence("Great!", TABLE, question=False, acknowledges=True) == (0, "short")
        assert score("Great!") > 0

    @pytest.mark.parametrize(
        "negated", ["The office can't print the list.", "The office never prints the list.", "Nobody prints the list."]
    )
    def test_a_negation_lowers_the_wording_and_is_named(self, negated):
        assert valence(negated, TABLE, question=False, acknowledges=False) == (-0.45, "negation")

    @pytest.mark.parametrize(
        "sentence",
        [
            "Don't worry about the list.",
            "Why don't we print the list.",
            "The office prints it, isn't it?",
            "We print it, if not the office.",
            "Not only the office prints it.",
        ],
    )
    def test_frames_that_only_look_negated_are_exempt(self, sentence):
        plain = sentence.replace("Don't worry about the list.", "The list.")
        assert score(plain) > -0.2

    def test_negation_is_no_strong_wording_by_itself(self):
        assert abs(score("I have not sent the list yet.")) < STRONG

    def test_the_phrase_is_named_where_a_phrase_decides(self):
        assert valence("No problem.", TABLE, question=False, acknowledges=False)[1] == "phrase"
        assert valence("It was terrible.", TABLE, question=False, acknowledges=False)[1] == "words"

    def test_the_library_itself_stays_as_it_is(self):
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        score("It is expensive.")
        assert "expensive" not in SentimentIntensityAnalyzer().lexicon
