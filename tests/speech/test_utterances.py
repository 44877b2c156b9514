"""Words of a clip become utterances of the recording: cut at pauses, inside the sound, in order, invented ones out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachdesk.spans import Span
from coachdesk.speech.cutter import pack
from coachdesk.speech.engine import Heard, HeardWord
from coachdesk.speech.utterances import invented, utterances_of, with_sound


def spoken(chunk, run, text, confidence=0.9):
    """The words of a text spread over one run of a chunk, as an engine hears them in the packed clip."""
    texts = text.split()
    step = run.duration_ms / len(texts)
    at = chunk.packed_at(run.start_ms)
    return [HeardWord(at + n * step, at + (n + 1) * step, word, confidence) for n, word in enumerate(texts)]


def heard(*lines, no_speech=0.0, log_prob=-0.2, suspect=False):
    """A clip of runs (start_ms, end_ms, text), each holding its text."""
    chunk = pack(0, [Span(start, end) for start, end, _ in lines])
    words = [
        word for run, (*_, text) in zip(chunk.runs, lines, strict=True) if text for word in spoken(chunk, run, text)
    ]
    return Heard(chunk, tuple(words), no_speech, log_prob, suspect)


def told(answer):
    return [(one.start_ms, one.end_ms, one.text) for one in utterances_of(answer)]


def test_an_utterance_begins_and_ends_where_the_channel_does():
    answer = heard((1000, 3000, "what tools do you use"))
    inner = tuple(HeardWord(word.start_ms + 100, word.end_ms - 80, word.text, 0.9) for word in answer.words)
    assert told(Heard(answer.chunk, inner)) == [(1000, 3000, "what tools do you use")]


def test_a_long_pause_ends_an_utterance_and_a_short_one_does_not():
    assert len(told(heard((0, 2000, "well we mostly"), (2701, 4000, "use spreadsheets")))) == 2
    assert told(heard((0, 2000, "well we mostly"), (2700, 4000, "use spreadsheets"))) == [
        (0, 4000, "well we mostly use spreadsheets")
    ]


@pytest.mark.parametrize("end", [".", "?", "!", "…"])
def test_after_a_sentence_a_shorter_pause_is_enough(end):
    assert len(told(heard((0, 2000, f"is that fine{end}"), (2301, 4000, "yes it is")))) == 2
    assert len(told(heard((0, 2000, f"is that fine{end}"), (2300, 4000, "yes it is")))) == 1


def test_a_very_long_stretch_ends_at_the_end_of_a_sentence():
    sentences = " ".join(["one two three four five six seven eight nine ten."] * 6)
    (first, second) = told(heard((0, 23_900, sentences)))
    assert first[2].endswith("ten.") and first[2].count(".") == 5 and second[2].count(".") == 1
    assert first[1] <= second[0] and (first[0], second[1]) == (0, 23_900)
    assert len(told(heard((0, 23_900, sentences.replace(".", ""))))) == 1


def test_a_run_in_which_nothing_was_recognised_makes_no_utterance():
    assert told(heard((0, 2000, "hello there"), (5000, 6000, ""), (9000, 10_000, "goodbye"))) == [
        (0, 2000, "hello there"),
        (9000, 10_000, "goodbye"),
    ]
    assert told(heard((0, 2000, ""))) == []


def test_words_heard_in_the_padding_are_clamped_into_their_run():
    """A first word that the engine puts into the silence before, and a last one that rings out behind."""
    chunk = pack(0, [Span(5000, 6000)])
    words = (HeardWord(0, 300, "how", 0.9), HeardWord(300, 800, "much", 0.9), HeardWord(800, 1490, "really", 0.9))
    (one,) = utterances_of(Heard(chunk, words))
    assert (one.start_ms, one.end_ms) == (5000, 6000)
    assert [(word.start_ms, word.end_ms) for word in one.words] == [(5000, 5050), (5050, 5550), (5550, 6000)]


def test_a_word_across_a_pause_belongs_to_the_run_its_middle_is_nearest_to():
    chunk = pack(0, [Span(1000, 2000), Span(9000, 10_000)])
    words = (HeardWord(250, 1200, "yes", 0.9), HeardWord(1300, 1700, "but", 0.9), HeardWord(1800, 2700, "later", 0.9))
    assert [(start, end) for start, end, _ in told(Heard(chunk, words))] == [(1000, 2000), (9000, 10_000)]


def test_words_keep_the_order_of_recognition_where_their_times_go_back():
    chunk = pack(0, [Span(1000, 2000), Span(9000, 10_000)])
    words = [HeardWord(at, at + 200, text, 0.9) for at, text in ((300, "one"), (1800, "two"), (700, "three"))]
    made = utterances_of(Heard(chunk, tuple(words)))
    assert [one.text for one in made] == ["one", "two three"]
    assert made[0].end_ms <= made[1].start_ms == 9000


def test_repeats_without_any_sound_are_dropped_and_a_few_short_words_kept():
    def words(short):
        stuck = [HeardWord(900, 900, "thanks", 0.9)] * short
        return (HeardWord(250, 900, "thanks", 0.9), *stuck)

    chunk = pack(0, [Span(1000, 2000)])
    assert len(with_sound(words(3))) == 4
    assert with_sound(words(4)) == list(words(0))
    assert [one.text for one in utterances_of(Heard(chunk, words(30)))] == ["thanks"]
    middle = (*words(4), HeardWord(900, 1200, "bye", 0.9))
    assert [word.text for word in with_sound(middle)] == ["thanks", "bye"]


def test_a_clip_the_engine_itself_doubts_is_dropped_when_its_words_are_weak():
    def answer(no_speech, log_prob, confidence):
        chunk = pack(0, [Span(0, 2000)])
        return Heard(chunk, tuple(spoken(chunk, chunk.runs[0], "thanks for watching", confidence)), no_speech, log_prob)

    dropped = [answer(0.7, -0.8, 0.9), answer(0.7, -0.2, 0.3)]
    kept = [answer(0.7, -0.2, 0.9), answer(0.5, -3.0, 0.1), answer(0.0, -0.9, 0.3)]
    assert all(invented(one) and utterances_of(one) == [] for one in dropped)
    assert not any(invented(one) for one in kept) and all(utterances_of(one) for one in kept)


def test_more_words_than_anybody_can_say_are_suspect_but_kept():
    (fast,) = utterances_of(heard((0, 1000, "subtitles by the community of people who make subtitles")))
    (usual,) = utterances_of(heard((0, 3000, "it is ninety dollars per seat per month right now")))
    (short,) = utterances_of(heard((0, 300, "yes yes yes")))
    assert fast.suspect and not usual.suspect and not short.suspect


def test_a_clip_that_loops_stays_suspect():
    assert all(one.suspect for one in utterances_of(heard((0, 3000, "so so so"), (5000, 6000, "so"), suspect=True)))


def test_confidence_is_the_mean_of_the_words():
    chunk = pack(0, [Span(0, 1000)])
    words = (HeardWord(0, 400, "good", 0.9), HeardWord(400, 900, "morning", 0.6))
    assert utterances_of(Heard(chunk, words))[0].confidence == 0.75


@st.composite
def answers(draw):
    """Runs with pauses, and words as engines give them: in order, but anywhere in the clip and of any length."""
    runs, at = [], 0
    for pause, length in draw(
        st.lists(st.tuples(st.integers(301, 4000), st.integers(250, 9000)), min_size=1, max_size=6)
    ):
        runs.append(Span(at + pause, at + pause + length))
        at = runs[-1].end_ms
    chunk = pack(0, runs)
    edges = sorted(draw(st.lists(st.floats(0, chunk.packed_ms), min_size=2, max_size=60)))
    texts = draw(st.lists(st.sampled_from(["a", "b.", "c?", "d"]), min_size=len(edges), max_size=len(edges)))
    return Heard(
        chunk,
        tuple(
            HeardWord(start, end, f"{n}{text}", 0.9)
            for n, ((start, end), text) in enumerate(zip(pairwise(edges), texts, strict=False))
        ),
    )


@settings(derandomize=True, max_examples=300, deadline=None)
@given(answers())
def test_utterances_are_in_order_inside_the_activity_and_lose_no_word(answer):
    made, chunk = utterances_of(answer), answer.chunk
    assert [word.text for one in made for word in one.words] == [word.text for word in with_sound(answer.words)]
    for one, following in pairwise(made):
        assert one.end_ms <= following.start_ms + 1
    for one in made:
        assert chunk.runs[0].start_ms <= one.start_ms < one.end_ms <= chunk.runs[-1].end_ms + 1
        assert any(run.overlap_ms(Span(one.start_ms, one.end_ms)) > 0 for run in chunk.runs)
        edges = [one.start_ms, *(word.start_ms for word in one.words)]
        assert edges == sorted(edges)
        assert all(word.start_ms <= word.end_ms <= one.end_ms for word in one.words)
