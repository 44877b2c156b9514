"""What a text says by itself: sentences, questions, fillers, and a cache that holds no words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachdesk.conversation import questions
from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.text import facts_by_text, facts_of, sentences_in, sentences_of, words_of

TABLE = lexicon("en")
examples = settings(derandomize=True, max_examples=80, deadline=None)


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            ("We print it. Then it goes out.", ["We print it.", "Then it goes out."]),
            ("It costs 13.5 percent. Why?", ["It costs 13.5 percent.", "Why?"]),
            ("We met Dr. Smith. He left.", ["We met Dr. Smith.", "He left."]),
            ("Write to me at info@kestrow.com today.", ["Write to me at info@kestrow.com today."]),
            ('"Really?" he said.', ['"Really?"', "he said."]),
            ("Oh... well… what?! No", ["Oh...", "well…", "what?!", "No"]),
            (" no point at the end ", ["no point at the end"]),
            ("...", []),
            ("", []),
        ],
    )
    def test_a_text_is_cut_where_sentences_end(self, text, sentences):
        assert [text[start:end].strip() for start, end in sentences_of(text)] == sentences

    @examples
    @given(st.text(alphabet="ab1 .?!…,'\"\n", max_size=60))
    def test_sentences_are_in_order_and_lose_no_word(self, text):
        found = sentences_of(text)
        assert all(a[1] <= b[0] for a, b in pairwise(found))
        assert [w for start, end in found for w in words_of(text[start:end])] == words_of(text)


ASKS = [
    "How does that work today?",
    "how does that work today",
    "Tell me about the way you plan the week.",
    "Walk me through your Monday.",
    "What would happen if you did nothing?",
    "so what are you using for that",
    "Do you have a list for that",
    "Is that something you decide?",
    "And who else would be involved in this?",
    "Could you tell me how many people that is",
    "Any questions so far?",
    "You print that on Sunday, right?",
    "It takes two days, doesn't it",
    "I'm curious how you got there.",
    "Have you ever tried to change that?",
    "Why don't you print it earlier?",
    "How many crews do you have?",
    "Would 22.50 a seat work for you?",
    "Um, I mean, what is the the hardest part?",
]
ASKS_NOT = [
    "Right?",
    "Really?",
    "Okay?",
    "Is that right?",
    "You know what?",
    "What I like is the list.",
    "How they do it is up to them.",
    "When we started, there was no list.",
    "What a week.",
    "That's right.",
    "I don't know who prints it.",
    "That is how it works.",
    "Do it on Monday.",
    "Have it your way.",
    "We could do that.",
    "Who knows.",
    "If you want, we can print it.",
    "Is it?",
]
OPEN = [
    "How does that work today?",
    "What happens then?",
    "Why is that?",
    "Tell me more about the list.",
    "Could you walk me through it?",
    "So, what about the office?",
]
CLOSED = [
    "How many crews do you have?",
    "How long does it take?",
    "What time does it start?",
    "Do you print it?",
    "Who prints the list?",
    "When does the shift begin?",
    "Is it the office that prints it?",
]


OPEN += ["When you look back, what would you do differently?", "Anything else?", "Have you thought about that?"]
CLOSED += ["Do you do it by hand, on Sundays?", "Which office prints it?"]


class TestQuestions:
    @pytest.mark.parametrize("sentence", ASKS)
    def test_asks(self, sentence):
        assert questions.asks(sentence, TABLE)

    @pytest.mark.parametrize("sentence", ASKS_NOT)
    def test_asks_not(self, sentence):
        assert not questions.asks(sentence, TABLE)

    @pytest.mark.parametrize("sentence", OPEN)
    def test_open(self, sentence):
        assert questions.asks(sentence, TABLE) and questions.is_open(sentence, TABLE)

    @pytest.mark.parametrize("sentence", CLOSED)
    def test_closed(self, sentence):
        assert questions.asks(sentence, TABLE) and not questions.is_open(sentence, TABLE)


SAID = ("so", "what", "do", "you", "have", "a", "list", "tell", "me", "about", "it", "and", "is", "there", "any", "uh")


class TestUnpunctuated:
    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            ("so we print it on monday what do you do with the rest", 2),
            ("okay that helps have you ever tried it on paper and what about your crews", 3),
            ("you can have you know such a list on paper every day", 1),
            ("he always said what do you want and then went home", 1),
            ("i do not know what we did with it last year", 1),
            ("what do you do", 1),
            ("We print it, and what do you do. Then it goes out.", 2),
        ],
    )
    def test_talk_no_point_ends_is_cut_where_it_goes_on_with_a_question(self, text, sentences):
        assert len(sentences_in(text, TABLE)) == sentences

    @pytest.mark.parametrize(
        "text",
        [
            "we have twelve crews and two offices so how do you plan the week",
            "great thanks for that tell me about the way you plan",
            "is is that something you you decide",
            "what-what would you change about that",
            "did this office have a list before",
            "where you calling from today",
        ],
    )
    def test_questions_are_found_without_punctuation(self, text):
        assert facts_of(text, TABLE).asks

    @examples
    @given(st.lists(st.sampled_from(SAID), max_size=40))
    def test_cutting_loses_no_word_and_keeps_the_order(self, said):
        text = " ".join(said)
        found = sentences_in(text, TABLE)
        assert all(a[1] <= b[0] for a, b in pairwise(found))
        assert [w for start, end in found for w in words_of(text[start:end])] == words_of(text)


class TestShortQuestions:
    @pytest.mark.parametrize("text", ["Why?", "How so?", "Where at?", "You ready?", "So, why?"])
    def test_they_ask_so_that_the_answer_is_no_short_response_but_do_not_count(self, text):
        found = facts_of(text, TABLE)
        assert found.ends_asking and not found.asks

    @pytest.mark.parametrize("text", ["Why", "what is", "do you", "Okay?", "Oh, really?", "Pardon me?", "Did you?"])
    def test_unmarked_beginnings_tags_and_surprise_do_not_ask(self, text):
        assert not facts_of(text, TABLE).ends_asking


HOSTILE = ["", " ", "?", "?!?!", "🙂", "🙂?" * 500, "你好吗？", "как дела?", "¿Qué?", "a" * 20_000, "'-'-'-" * 2_000]
HOSTILE += [
    "what " * 10_000,
    "what do you " * 3_500,
    "no, " * 10_000,
    "uh-" * 10_000,
    "do you know " * 3_500 + "?",
    "\x00\ufeff?",
]


class TestHostile:
    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_it_is_judged_the_same_twice_and_breaks_nothing(self, text):
        found = facts_of(text, TABLE)
        assert found == facts_of(text, TABLE)
        assert all(-1 <= sentence.valence <= 1 for sentence in found.sentences)


class TestFacts:
    def test_the_uh_of_a_yes_is_no_filled_pause(self):
        assert facts_of("Uh-huh. Um, uh, yes, um-hum. Uh-oh.", TABLE).fillers == 2

    def test_filled_pauses_are_counted_and_other_words_are_not(self):
        assert facts_of("Uh, we, um, we erm met at the Umbria office, er, and like hummed.", TABLE).fillers == 4

    def test_a_curly_apostrophe_is_an_apostrophe(self):
        curly, straight = "We don’t need it. What’s not working?", "We don't need it. What's not working?"
        assert facts_of(curly, TABLE) == facts_of(straight, TABLE)
        assert {"objection_need", "need_pain"} <= facts_of(curly, TABLE).patterns.keys()

    def test_patterns_keep_the_place_of_their_first_hit(self):
        text = "It would be, well, the price that counts, and the price again."
        start, end = facts_of(text, TABLE).patterns["pricing"]
        assert (text[start:end], start) == ("price", text.index("price"))


class TestCache:
    TEXTS = ("How does the Kestrow office print it?", "Yeah.", "How does the Kestrow office print it?")

    def test_the_second_time_nothing_is_computed(self):
        first, made = facts_by_text(list(self.TEXTS), TABLE, {})
        again, fresh = facts_by_text(list(self.TEXTS), TABLE, made)
        assert again == first == [facts_of(text, TABLE) for text in self.TEXTS]
        assert (len(made), fresh) == (2, {})

    def test_it_holds_no_words_of_the_call(self):
        text = "Does the bottleneck in Kestrow mean you should book a call? How old are you? It costs 900 dollars."
        _, made = facts_by_text([text], TABLE, {})
        (key, value), *_ = made.items()
        names = {*TABLE.patterns, *TABLE.cues, *TABLE.topic_names}
        spoken = {word for word in words_of(text) if len(word) > 3 and not any(word in name for name in names)}
        assert {"bottleneck", "kestrow", "dollars"} <= spoken
        assert not [word for word in spoken if word.encode() in value or word in key]

    def test_a_text_has_facts_of_its_own_in_each_language(self):
        _, english = facts_by_text(["Gut."], TABLE, {})
        assert english.keys().isdisjoint(facts_by_text(["Gut!"], TABLE, {})[1])


def test_a_language_without_a_table_has_none():
    assert lexicon("fr") is lexicon("") is None
    assert lexicon("EN_us").language == "en"
