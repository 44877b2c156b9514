"""Speakers on one channel: two are told apart, one stays one, and what is no speech has none."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from coachdesk.audio.load import RATE_HZ
from coachdesk.spans import Span, total_ms
from coachdesk.speech import clusters, speakers, voiceprint
from coachdesk.speech.cutter import Listener
from tests.audio.sounds import call, noise
from tests.conftest import SAMPLES, needs_voice_model

pytestmark = needs_voice_model
CALL = SAMPLES / "sales_discovery" / "call.opus"
MINUTE = 60 * RATE_HZ


def blocks(samples, size=81_920):
    return (samples[at : at + size] for at in range(0, len(samples), size))


def runs_of(samples):
    listener = Listener(0)
    early, _ = listener.push(samples)
    late, _ = listener.finish(len(samples) * 1000 // RATE_HZ)
    return early + late


def told(samples, **more):
    return speakers.tell_apart(blocks(samples), runs_of(samples), **more)


@pytest.fixture(scope="module")
def legs():
    return call(CALL)[:, : 2 * MINUTE]


def test_two_people_on_one_channel_are_told_apart(legs):
    found = told(legs.mean(0))
    assert found.sure and found.kind == "voiceprint" and {voice.speaker for voice in found.spans} == {1, 2}
    own = [total_ms(runs_of(leg)) for leg in legs]
    first = 0 if runs_of(legs[0])[0] < runs_of(legs[1])[0] else 1
    share = total_ms(found.of(1)) / total_ms([voice.span for voice in found.spans])
    assert share == pytest.approx(own[first] / sum(own), abs=0.05)
    assert total_ms(found.of(1)) + total_ms(found.of(2)) == total_ms(runs_of(legs.mean(0))), "every run is somebody's"
    alike = float(np.dot(*found.voiceprints))
    assert 0.3 < alike < 0.9


def test_block_sizes_make_no_difference_and_twice_is_the_same(legs):
    samples, runs = legs.mean(0), runs_of(legs.mean(0))
    whole = speakers.tell_apart([samples], runs)
    assert whole == speakers.tell_apart(blocks(samples, 7_001), runs) == speakers.tell_apart([samples], runs)


@pytest.mark.parametrize("leg", [0, 1])
def test_one_person_is_not_made_two(legs, leg):
    assert not told(call(CALL)[leg]).sure


def test_what_is_no_speech_has_no_speakers():
    tone = np.sin(2 * np.pi * 440 * np.arange(MINUTE) / RATE_HZ).astype(np.float32) * np.float32(0.3)
    chord = tone + np.roll(tone, 50) + np.sin(2 * np.pi * 554 * np.arange(MINUTE) / RATE_HZ).astype(np.float32)
    for sound in (tone, chord * np.float32(0.3), noise(60)[0], np.zeros(MINUTE, np.float32)):
        assert not told(sound).sure
    assert speakers.tell_apart([], []) == speakers.NOBODY
    runs = [Span(n * 3_000, n * 3_000 + 2_800) for n in range(19)]
    assert not speakers.tell_apart(blocks(noise(60)[0]), runs).sure, "even where the detector was wrong"


def test_too_little_of_somebody_is_never_sure(legs):
    samples = legs.mean(0)
    runs = [run for run in runs_of(samples) if run.end_ms < 9_000]
    assert not speakers.tell_apart(blocks(samples), runs).sure


def test_sound_that_ends_early_costs_its_end_only(legs):
    samples, runs = legs.mean(0), runs_of(legs.mean(0))
    found = speakers.tell_apart(blocks(samples[:MINUTE]), runs)
    assert found.sure and max(voice.span.start_ms for voice in found.spans) <= 60_000


def test_without_weights_nobody_is_told_apart(legs, monkeypatch):
    monkeypatch.setitem(sys.modules, "resemblyzer", None)  # as if it were not installed
    voiceprint.encoder.cache_clear()
    assert told(legs.mean(0)) == speakers.NO_MODEL
    assert speakers.voiceprint_of([legs[0]], runs_of(legs[0])) is None
    voiceprint.encoder.cache_clear()


def test_groups_of_points_are_found_and_numbered_the_same_every_time():
    draw = np.random.default_rng(1)
    middles = np.eye(3, 16, dtype=np.float32)
    points = np.repeat(middles, 40, axis=0) + draw.normal(0, 0.05, (120, 16)).astype(np.float32)
    labels = clusters.k_means(points, 3)
    assert [len(set(labels[n : n + 40])) for n in (0, 40, 80)] == [1, 1, 1] and len(set(labels)) == 3
    assert np.array_equal(labels, clusters.k_means(points, 3))
    assert clusters.silhouettes(points / np.linalg.norm(points, axis=1, keepdims=True), labels, 3).min() > 0.5


def test_a_path_changes_where_it_pays_only():
    gains = np.array([[1, 0], [0, 0.5], [1, 0], [0, 1], [0, 1], [0, 1]], np.float32)
    assert clusters.best_path(gains, np.full(6, 0.8, np.float32)).tolist() == [0, 0, 0, 1, 1, 1]
    assert clusters.best_path(gains, np.zeros(6, np.float32)).tolist() == [0, 1, 0, 1, 1, 1]
    assert clusters.best_path(gains, np.full(6, 9.0, np.float32)).tolist() == [1] * 6
