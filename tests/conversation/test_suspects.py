"""Utterances that nobody said, each beside one that somebody did."""

from __future__ import annotations

import pytest

from coachdesk.conversation.suspects import marked
from tests.conversation.calls import say, spans


def suspect(*said, spoken=(), confident=True) -> list[bool]:
    return [u.suspect for u in marked(said, spoken, confident=confident)]


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("No, no, no, no, that is fine.", False),
        ("so so so so so so so", True),
        ("We print it, and we print it, and we print it again.", False),
        ("I see what you mean. " * 4, True),
        ("I see what you mean. " * 3, False),
        ("Thanks for watching!", True),
        ("Thanks for watching the demo, all of you.", False),
        ("", False),
    ],
)
def test_loops_and_lines_of_subtitles(text, invented):
    assert suspect(say("rep", text, 1, 9)) == [invented]


@pytest.mark.parametrize(
    ("text", "lasts_s", "confidence", "invented"),
    [
        ("You", 0.3, 0.16, True),
        ("Okay,", 0.3, 0.61, False),
        ("Yes, please, do.", 0.8, 0.2, False),
        ("Right.", 6.0, 0.9, True),
        ("Right.", 1.0, 0.9, False),
    ],
)
def test_a_lone_word_the_engine_is_not_sure_of_or_that_lasts_for_long(text, lasts_s, confidence, invented):
    line = say("rep", text, 1, 1 + lasts_s, confidence=confidence)
    assert suspect(line) == [invented]
    assert suspect(line, confident=False) == [False], "words brought along say nothing of how sure they are"


def test_the_same_line_again_and_again():
    lines = [say("rep", "We will be right back.", 10 * n, 10 * n + 2) for n in range(4)]
    between = say("other", "Hello? Are you there?", 5, 6)
    assert suspect(*lines[:2], between, *lines[2:]) == [True, True, False, True, True]
    assert suspect(*lines[:3]) == [False] * 3
    assert suspect(*lines[:2], say("rep", "So.", 18, 19), *lines[2:]) == [False] * 5


class TestWhereNobodySpeaks:
    LINES = tuple(say("rep", f"This is line {n} of the call.", 10 * n, 10 * n + 5) for n in range(8))
    AWAY = say("rep", "And this one is not.", 200, 203)

    def test_a_line_far_from_all_speech_is_nobodys(self):
        runs = spans((10 * n, 10 * n + 5) for n in range(8))
        assert suspect(*self.LINES, self.AWAY, spoken=runs, confident=False) == [False] * 8 + [True]
        near = spans([(204.5, 206)])
        assert not any(suspect(*self.LINES, self.AWAY, spoken=(*runs, *spans([(203.5, 206)])), confident=False))
        assert suspect(*self.LINES, self.AWAY, spoken=(*runs, *near), confident=False)[-1]

    def test_words_that_do_not_fit_the_sound_are_not_judged_line_by_line(self):
        elsewhere = spans((10 * n + 5, 10 * n + 10) for n in range(3))
        assert not any(suspect(*self.LINES, self.AWAY, spoken=elsewhere, confident=False))

    def test_without_sound_nothing_is_compared(self):
        assert not any(suspect(*self.LINES, self.AWAY, confident=False))


def test_what_was_suspect_before_stays_so():
    assert suspect(say("rep", "A fine sentence that was marked.", 0, 3, suspect=True)) == [True]
