"""Words the microphone heard from the loudspeaker are not given to its own side, however the recording came in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coachdesk import sentences
from coachdesk.desk import attribute
from coachdesk.desk.attribute import Track
from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.document import encode
from coachdesk.model import Layout, Notice, Recording
from coachdesk.spans import Span
from coachdesk.speech.protocol import UtteranceSent, WordSent
from tests.audio.sounds import write
from tests.conftest import SAMPLES
from tests.speech.sides import clean
from tests.speech.test_bleed import bleed_of, faded

MIC, FAR, LATE_MS = 0, 1, 60
Lines = list[tuple[int, int, int, str]]


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first two minutes of a call whose left side listens over a loudspeaker."""
    sound = clean("sales_discovery")[0][:, : 120 * 16_000].copy()
    sound[MIC] += bleed_of(sound[FAR], -18, LATE_MS, faded())
    return write(tmp_path_factory.mktemp("bleed") / "call.opus", sound, codec="libopus")


def lines() -> Lines:
    """What an engine hears, word by word: each side's own, and in the microphone the other's once more, marked.

    Where the microphone's own side speaks as well, it covers the softer bleed.
    """
    truth = json.loads((SAMPLES / "sales_discovery" / "truth.json").read_text())
    own = [Span(round(u["start"] * 1000), round(u["end"] * 1000)) for u in truth["utterances"] if u["speaker"] == "rep"]
    heard: Lines = []
    for entry in truth["utterances"]:
        words = entry["text"].split()
        start, step = entry["start"] * 1000, (entry["end"] - entry["start"]) * 1000 / len(words)
        channel = MIC if entry["speaker"] == "rep" else FAR
        for n, word in enumerate(words if entry["end"] < 120 else []):
            begin, end = round(start + n * step), round(start + (n + 1) * step)
            heard.append((channel, begin, end, word))
            late = Span(begin + LATE_MS, end + LATE_MS)
            if channel == FAR and not any(late.overlap_ms(span) > 0 for span in own):
                heard.append((MIC, late.start_ms, late.end_ms, f"far:{word}"))
    return sorted(heard, key=lambda line: (line[1], line[0]))


def words_of(utterances: list[dict[str, Any]], side: str) -> list[str]:
    return [word for u in utterances if u["speaker"] == side for word in u["text"].split()]


def test_the_far_sides_words_are_not_given_to_the_microphones(
    desk: Desk, leaky: Path, script: Callable[..., Path]
) -> None:
    review = desk.review(desk.bring_in(BringIn((leaky,), engine="scripted", model=str(script(lines())))))
    (notice,) = review.notices
    assert notice["code"] == "bleed_removed" and notice["params"]["channel"] == MIC
    near, far = (words_of(review.transcript["utterances"], side) for side in ("left", "right"))
    truth = [[w for c, _, _, text in lines() if c == side for w in text.split()] for side in (MIC, FAR)]
    own = [word for word in truth[MIC] if not word.startswith("far:")]
    wrong = [word for word in near if word.startswith("far:")]
    assert len(truth[MIC]) - len(own) > 60, "there must be bleed to give away"
    assert len(wrong) <= 1  # recognised times are rough: one may reach into the own answer that follows
    assert len(near) - len(wrong) >= 0.98 * len(own)
    assert far == truth[FAR]


def test_a_growing_file_gives_the_words_of_the_finished_one(
    desk: Desk, leaky: Path, script: Callable[..., Path], tmp_path: Path
) -> None:
    """It was followed once, bleed and all: what is known of it only at the end makes the same words of the chunks."""
    wanted = BringIn((leaky,), engine="scripted", model=str(script(lines())))
    later = desk.review(desk.bring_in(wanted))
    with open_desk(str(tmp_path / "other")) as other:
        live = other.review(other.bring_in(replace(wanted, growing=lambda: True)))
    assert live.notices == later.notices
    told = [
        [(u["speaker"], u["start_ms"], u["end_ms"], u["text"]) for u in review.transcript["utterances"]]
        for review in (live, later)
    ]
    assert told[0] == told[1]


# --- single words


def track(*notices: Notice) -> Track:
    """A recording whose left side speaks at 1..2 s and 5..6 s."""
    recording = Recording("r", None, 2, 16_000, 10_000, Layout.TWO_SIDES, notices=notices)
    return Track(recording, [[Span(1000, 2000), Span(5000, 6000)], [Span(1500, 9000)]])


def heard_in(track: Track, *spans: tuple[int, int]) -> list[tuple[int, int, str]]:
    """Utterances of the left channel, whose engine heard one word in each of these spans, all in one breath."""
    words = [WordSent(start, end, f"w{n}", 0.9) for n, (start, end) in enumerate(spans)]
    sent = encode([UtteranceSent(spans[0][0], spans[-1][1], words, False)])
    return [(u.start_ms, u.end_ms, u.text) for u in attribute.heard([(track, 0, sent)], [track])]


BLEED = Notice("bleed_removed", {"channel": 0, "ms": 3000, "gain_db": -20, "turns": 1})
SPANS = (900, 1300), (1300, 1950), (1950, 2400), (3000, 3500), (5200, 5200), (5500, 6100), (6100, 6500)


def test_words_in_bleed_are_left_out_and_the_rest_is_cut_where_the_own_side_pauses() -> None:
    assert heard_in(track(BLEED), *SPANS) == [(1000, 1950, "w0 w1"), (5200, 6000, "w4 w5")]
    assert heard_in(track(BLEED), (2500, 3000), (3000, 3500)) == []


def test_without_bleed_an_utterance_stays_as_it_was_heard() -> None:
    for other in (track(), track(Notice("bleed_removed", {**BLEED.params, "channel": 1}))):
        assert heard_in(other, *SPANS) == [(900, 6500, "w0 w1 w2 w3 w4 w5 w6")]


# --- what is said


@pytest.mark.parametrize(("turns", "said"), [(1, "; 1 turn corrected."), (4, "; 4 turns corrected.")])
def test_bleed_is_said_with_the_turns_it_cost(turns: int, said: str) -> None:
    sentence = sentences.notice("bleed_removed", {**BLEED.params, "turns": turns})
    assert said in sentence and sentence.endswith("Headphones help.")


def test_bleed_without_turns_and_the_notice_of_an_older_program_are_said_without_them() -> None:
    assert "turn" not in sentences.notice("bleed_removed", {**BLEED.params, "turns": 0})
    assert "(4200 ms)" in sentences.notice("bleed_removed", {"channel": 0, "ms": 4200, "gain_db": -20})
