"""The bundled sample calls against their truth: their sound through the real detector, with and without their words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from coachdesk.audio.load import Sound
from coachdesk.conversation.facts import Heard
from coachdesk.model import Basis
from coachdesk.spans import Span
from coachdesk.speech.detector import RunFinder, VoiceDetector
from tests.conftest import SAMPLES
from tests.conversation.calls import Numbers, heard, numbers, say

NAMES = ("sales_discovery", "recruiting_screen")


@dataclass(frozen=True)
class Sample:
    truth: dict[str, Any]
    call: Heard

    def numbers(self, with_words: bool) -> Numbers:
        if with_words:
            return numbers(self.call)
        return numbers(heard(activity=self.call.activity, duration_ms=self.call.duration_ms))


def activity_of(name: str) -> tuple[list[list[Span]], int]:
    """Runs per channel of a sample and its length in ms."""
    with Sound(SAMPLES / name / "call.opus") as opened:
        listeners = [(VoiceDetector(), RunFinder()) for _ in range(opened.info.lanes)]
        runs: list[list[Span]] = [[] for _ in listeners]
        for block in opened.blocks():
            for lane, (detector, finder) in enumerate(listeners):
                runs[lane] += finder.push(detector.push(block[lane]))
        for lane, (_, finder) in enumerate(listeners):
            runs[lane] += finder.finish(opened.duration_ms)
        return runs, opened.duration_ms


@pytest.fixture(scope="session", params=NAMES)
def sample(request: pytest.FixtureRequest) -> Sample:
    words = json.loads((SAMPLES / request.param / "transcript.json").read_text("utf-8"))
    (left, right), duration_ms = activity_of(request.param)
    said = [say(u["speaker"], u["text"], u["start_ms"] / 1000, u["end_ms"] / 1000) for u in words["utterances"]]
    activity = {"rep": tuple(left), "other": tuple(right)}
    truth = json.loads((SAMPLES / request.param / "truth.json").read_text("utf-8"))
    return Sample(truth, heard(said, activity, duration_ms=duration_ms))


both = pytest.mark.parametrize("with_words", [True, False], ids=["with words", "sound only"])


@both
def test_the_share_of_the_talking_is_within_a_hundredth(sample: Sample, with_words: bool):
    wanted = sample.truth["speakers"]["rep"]["talk_ratio"]
    assert sample.numbers(with_words).value("talk_ratio") == pytest.approx(wanted, abs=0.010)


@both
def test_the_longest_stretches_are_within_a_second_and_a_half(sample: Sample, with_words: bool):
    found = sample.numbers(with_words)
    own, others = sample.truth["speakers"].values()
    assert found.value("longest_monologue_ms") == pytest.approx(1000 * own["longest_monologue_s"], abs=1_500)
    assert found.value("longest_customer_story_ms") == pytest.approx(1000 * others["longest_monologue_s"], abs=1_500)
    start, _ = found.moments("longest_monologue_ms")[0]
    assert start == pytest.approx(own["longest_monologue_at"], abs=1.5)


@both
def test_the_changes_of_speaker_are_within_five_percent(sample: Sample, with_words: bool):
    wanted = sample.truth["switches"]
    assert sample.numbers(with_words).value("switches") == pytest.approx(wanted, abs=0.05 * wanted)


@both
def test_silence_and_overlap_are_near_the_truth(sample: Sample, with_words: bool):
    found = sample.numbers(with_words)
    length_s = sample.truth["duration_s"]
    assert found.value("silence_ratio") == pytest.approx(sample.truth["silence_s"] / length_s, abs=0.02)
    assert found.value("overlap_ratio") == pytest.approx(sample.truth["overlap_s"] / sample.truth["speech_s"], abs=0.02)


def test_the_pause_before_answering_is_near_the_truth(sample: Sample):
    wanted = sample.truth["speakers"]["rep"]["patience_median_s"]
    assert sample.numbers(with_words=True).value("patience_ms") == pytest.approx(1000 * wanted, abs=150)


def test_questions_and_pace_are_near_the_truth(sample: Sample):
    found = sample.numbers(with_words=True)
    for side, truth in zip(("rep", "other"), sample.truth["speakers"].values(), strict=True):
        assert found.value("questions", side) == pytest.approx(truth["questions"], abs=1)
        assert found.value("pace_wpm", side) == pytest.approx(truth["wpm"], rel=0.1)


def test_the_basis_is_told(sample: Sample):
    assert sample.numbers(with_words=True).of("switches").basis is Basis.WORDS
    assert sample.numbers(with_words=False).of("switches").basis is Basis.SOUND
