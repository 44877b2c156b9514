"""Voice activity: speech is found where it is, nothing else is, and blocks of any size tell the same."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachdesk.audio.load import RATE_HZ
from coachdesk.spans import Span, shared_spans, total_ms
from coachdesk.speech.detector import (
    BRIDGE_MS,
    END_EARLY_MS,
    FRAME,
    FRAME_MS,
    ONSET,
    ONSET_LATE_MS,
    SHORTEST_RUN_MS,
    RunFinder,
    VoiceDetector,
)
from tests.audio.sounds import call, noise
from tests.conftest import MICRO_CALL, SAMPLES

CALL = SAMPLES / "sales_discovery"


def runs_of(samples):
    finder = RunFinder()
    runs = finder.push(VoiceDetector().push(samples))
    return runs + finder.finish(len(samples) * 1000 // RATE_HZ)


def runs_in(probabilities, at_once=10**9):
    """Runs of a list of probabilities, pushed so many at once; the sound ends with them."""
    finder, runs = RunFinder(), []
    for start in range(0, len(probabilities), at_once):
        runs += finder.push(np.array(probabilities[start : start + at_once], np.float32))
    return runs + finder.finish(len(probabilities) * FRAME_MS)


@pytest.mark.parametrize("frames", [1, 7, 160, 500])
def test_probabilities_are_identical_for_any_block_size(frames):
    samples = call(MICRO_CALL / "stereo.opus")[0, : 20 * RATE_HZ + 100]
    whole = VoiceDetector().push(samples)
    detector, size = VoiceDetector(), frames * FRAME
    blocks = [detector.push(samples[at : at + size]) for at in range(0, len(samples), size)]
    assert len(whole) == -(-len(samples) // FRAME)
    assert np.array_equal(np.concatenate(blocks), whole)


def test_no_samples_give_no_probabilities_and_change_nothing():
    samples = call(MICRO_CALL / "stereo.opus")[0, : 4 * RATE_HZ]
    detector = VoiceDetector()
    first = detector.push(samples[: 100 * FRAME])
    assert detector.push(samples[:0]).shape == (0,)
    assert np.array_equal(np.concatenate([first, detector.push(samples[100 * FRAME :])]), VoiceDetector().push(samples))


def pieces_of_speech(count):
    """Stretches of the sample call in which one side speaks on its own, with little else around them."""
    truth = json.loads((CALL / "truth.json").read_text("utf-8"))
    sides = list(truth["speakers"])
    sound, pieces = call(CALL / "call.opus"), []
    for said in truth["utterances"]:
        if abs(said["end"] - said["start"] - said["active_s"]) < 0.02 and 1.0 < said["active_s"] < 6:
            start, end = round(said["start"] * RATE_HZ), round(said["end"] * RATE_HZ)
            pieces.append(sound[sides.index(said["speaker"]), start:end])
    assert len(pieces) >= count
    return pieces[:count]


def test_runs_of_a_known_pattern_lie_within_a_tenth_of_a_second():
    """Speech pasted between silences of known length."""
    parts, truth, at = [np.zeros(RATE_HZ, np.float32)], [], RATE_HZ
    for number, piece in enumerate(pieces_of_speech(12)):
        truth.append(Span(at * 1000 // RATE_HZ, (at + len(piece)) * 1000 // RATE_HZ))
        silence = np.zeros(round((0.8 + 0.1 * number) * RATE_HZ), np.float32)
        parts += [piece, silence]
        at += len(piece) + len(silence)
    runs = runs_of(np.concatenate(parts))
    assert all(any(run.overlap_ms(said) > 0 for run in runs) for said in truth)
    for said in truth:
        heard = [run for run in runs if run.overlap_ms(said) > 0]
        assert abs(heard[0].start_ms - said.start_ms) <= 100 and abs(heard[-1].end_ms - said.end_ms) <= 100
    assert total_ms(shared_spans(truth, runs)) > 0.97 * total_ms(truth)
    assert abs(total_ms(runs) - total_ms(truth)) < 0.03 * total_ms(truth)


@pytest.mark.parametrize("level", [0.5, 0.1, 0.02])
def test_quiet_speech_is_found_like_loud_speech(level):
    samples = call(CALL / "call.opus")[0, : 60 * RATE_HZ]
    loud, quiet = runs_of(samples), runs_of(samples * np.float32(level))
    assert total_ms(shared_spans(loud, quiet)) > 0.9 * max(total_ms(loud), total_ms(quiet)) > 10_000


def second(tones, rate=RATE_HZ):
    t = np.arange(10 * rate) / rate
    return (0.3 * sum(np.sin(2 * np.pi * hz * t) for hz in tones) / len(tones)).astype(np.float32)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(10 * RATE_HZ, np.float32),
        noise(10)[0],
        (np.random.default_rng(1).normal(size=10 * RATE_HZ) * 0.1).astype(np.float32),
        (np.random.default_rng(2).normal(size=10 * RATE_HZ) * 0.001).astype(np.float32),
        second([50]),
        second([440]),
        second([440, 480]),
        second([697, 1209]),
        np.full(10 * RATE_HZ, 0.5, np.float32),
        np.where(np.arange(10 * RATE_HZ) % 8000 < 40, 0.9, 0).astype(np.float32),
    ],
    ids=["silence", "shaped noise", "noise", "hiss", "hum", "tone", "ringing", "keypad", "offset", "clicks"],
)
def test_what_is_no_speech_makes_no_runs(sound):
    assert runs_of(sound) == []


# --- runs from made-up probabilities


def run_of(first, after, level=1.0):
    """The run of frames first..after-1 at this level between silence: crossings of ONSET, interpolated and moved."""
    rise = (first + 0.5 - (level - ONSET) / level) * FRAME_MS
    fall = (after + 0.5 - ONSET / level) * FRAME_MS
    return Span(round(rise - ONSET_LATE_MS), round(fall + END_EARLY_MS))


@pytest.mark.parametrize("level", [1.0, 0.7, 0.5])
def test_borders_are_interpolated_and_moved_by_what_the_detector_is_late(level):
    assert runs_in([0.0] * 50 + [level] * 20 + [0.0] * 50) == [run_of(50, 70, level)]


def test_gaps_up_to_300_ms_are_bridged_and_longer_ones_are_not():
    counts = {}
    for silent in range(8, 18):
        gap = run_of(40 + silent, 70 + silent).start_ms - run_of(10, 40).end_ms
        runs = runs_in([0.0] * 10 + [1.0] * 30 + [0.0] * silent + [1.0] * 30 + [0.0] * 40)
        counts[silent] = len(runs)
        assert len(runs) == (1 if gap <= 300 else 2), gap
    assert set(counts.values()) == {1, 2}


def test_a_run_lasts_at_least_250_ms():
    counts = {}
    for frames in range(2, 10):
        counts[frames] = len(runs_in([0.0] * 30 + [1.0] * frames + [0.0] * 40))
        assert counts[frames] == (run_of(30, 30 + frames).duration_ms >= 250)
    assert set(counts.values()) == {0, 1}


def test_speech_goes_on_above_the_lower_threshold_and_begins_only_at_the_upper_one():
    assert len(runs_in([0.0] * 30 + [0.9] * 10 + [0.4] * 40 + [0.9] * 10 + [0.0] * 40)) == 1
    assert len(runs_in([0.0] * 30 + [0.9] * 10 + [0.3] * 40 + [0.9] * 10 + [0.0] * 40)) == 2
    assert runs_in([0.0] * 30 + [ONSET - 0.01] * 100 + [0.0] * 40) == []


def test_speech_from_the_first_to_the_last_sample_is_one_run_of_the_whole_sound():
    assert runs_in([1.0] * 100) == [Span(0, 3200)]


probabilities = st.lists(
    st.tuples(st.sampled_from([0.0, 0.2, 0.36, 0.45, 0.5, 0.7, 1.0]), st.integers(1, 40)), min_size=1, max_size=40
).map(lambda parts: [level for level, frames in parts for _ in range(frames)])


@settings(derandomize=True, max_examples=150, deadline=None)
@given(probabilities, st.integers(1, 50))
def test_runs_are_apart_long_enough_and_the_same_for_any_block_size(levels, at_once):
    runs = runs_in(levels)
    assert runs == runs_in(levels, at_once)
    for run, following in pairwise(runs):
        assert following.start_ms - run.end_ms >= BRIDGE_MS - 1
    assert all(run.duration_ms >= SHORTEST_RUN_MS - 1 for run in runs[:-1])
    assert all(run.end_ms <= len(levels) * FRAME_MS for run in runs)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(probabilities)
def test_what_is_told_of_open_speech_holds_when_the_run_comes(levels):
    """Speech that is still going on is never said to reach further than its run does in the end."""
    finder, told, runs = RunFinder(), [], []
    for level in levels:
        runs += finder.push(np.array([level], np.float32))
        told.append((finder.open_since_ms, finder.open_until_ms))
    runs += finder.finish(finder.now_ms)
    for since, until in told:
        for run in runs:
            if since is not None and run.start_ms <= max(0, since) < run.end_ms:
                assert until <= run.end_ms
