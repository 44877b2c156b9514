"""What the channels really hold: two sides, one signal twice, a silent leg, or the other side's bleed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coachdesk.audio.load import BLOCK_SAMPLES, RATE_HZ
from coachdesk.model import Layout, Span, shared_spans, total_ms
from coachdesk.speech.channels import ChannelMeter, later_start_ms, layout_of, without_bleed
from coachdesk.speech.detector import RunFinder, VoiceDetector
from tests.audio.sounds import call, noise
from tests.conftest import SAMPLES


@cache
def clean(name="recruiting_screen"):
    """A whole call, some five minutes: (2, n), and the activity of both sides."""
    sound = call(SAMPLES / name / "call.opus")
    return sound, [activity(lane) for lane in sound]


def activity(samples):
    finder = RunFinder()
    return finder.push(VoiceDetector().push(samples)) + finder.finish(len(samples) * 1000 // RATE_HZ)


def meter_of(sound, size=BLOCK_SAMPLES):
    meter = ChannelMeter(sound.shape[0])
    for at in range(0, sound.shape[1], size):
        meter.push(sound[:, at : at + size])
    return meter


def hiss_for(samples):
    return np.random.default_rng(9).normal(size=len(samples)).astype(np.float32) * np.float32(0.001)


def codes(notices):
    return [notice.code for notice in notices]


def test_one_channel_holds_everybody():
    assert layout_of(meter_of(noise(1)), [[Span(0, 1000)]]) == (Layout.MIXED, 0, ())


def test_two_sides_are_kept_apart():
    sound, runs = clean()
    assert layout_of(meter_of(sound), runs) == (Layout.TWO_SIDES, None, ())


@pytest.mark.parametrize("twin", [1.0, 0.3, -1.0], ids=["same", "softer", "upside down"])
def test_the_same_signal_on_both_channels_is_one_mixed_channel(twin):
    sound, runs = clean()
    mixed = sound.sum(axis=0)
    fake = np.stack([mixed, mixed * np.float32(twin) + hiss_for(mixed)])
    layout, listen_to, notices = layout_of(meter_of(fake), [runs[0]] * 2)
    assert (layout, listen_to, codes(notices)) == (Layout.MIXED, 0, ["channels_alike"])


def test_a_room_in_stereo_is_one_mixed_channel():
    """Two microphones hear everybody, some milliseconds apart: not the same signal, but always active together."""
    sound, _ = clean()
    left = sound[0] + 0.7 * np.roll(sound[1], 60)
    right = sound[1] + 0.7 * np.roll(sound[0], 60)
    room = np.stack([left, right])
    layout, _, notices = layout_of(meter_of(room), [activity(left), activity(right)])
    assert layout is Layout.MIXED and codes(notices) == ["channels_alike"]


@pytest.mark.parametrize("leg", [0, 1])
@pytest.mark.parametrize("hiss", [0.0, 0.5])
def test_a_silent_leg_leaves_one_channel_to_listen_to(leg, hiss):
    sound, runs = clean()
    lame = sound.copy()
    lame[leg] = hiss * hiss_for(sound[0])
    heard = [[] if lane == leg else runs[lane] for lane in (0, 1)]
    layout, listen_to, (notice,) = layout_of(meter_of(lame), heard)
    assert (layout, listen_to) == (Layout.MIXED, 1 - leg)
    assert (notice.code, notice.params) == ("silent_channel", {"channel": leg})


def test_levels_and_likeness_do_not_depend_on_block_sizes():
    sound = clean()[0][:, : 20 * RATE_HZ]
    whole = meter_of(sound)
    for size in (160, 1000, 4099):
        meter = meter_of(sound, size)
        assert np.array_equal(meter.levels(), whole.levels())
        assert meter.correlation == pytest.approx(whole.correlation, abs=1e-6)  # sums in single precision
    assert whole.levels().shape == (2, 2000)


def test_levels_are_what_they_are_called():
    tone = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)
    levels = meter_of(np.stack([tone, np.zeros_like(tone)])).levels()
    assert set(levels[0].tolist()) <= {-23, -22} and set(levels[1].tolist()) == {-120}


@pytest.mark.parametrize(
    ("name", "mic", "gain_db", "late_ms"),
    [
        ("recruiting_screen", 0, -22, 35),
        ("recruiting_screen", 1, -22, 35),
        ("sales_discovery", 1, -22, 35),
        ("sales_discovery", 0, -15, 120),
    ],
)
def test_the_other_side_in_the_microphone_is_taken_out(name, mic, gain_db, late_ms):
    """The loudspeaker is heard in the microphone; the talk time of the clean call comes back."""
    sound, runs = clean(name)
    leaky, late = sound[mic].copy(), late_ms * RATE_HZ // 1000
    leaky[late:] += np.float32(10 ** (gain_db / 20)) * sound[1 - mic, :-late]
    channels, heard = [*sound], [*runs]
    channels[mic], heard[mic] = leaky, activity(leaky)
    assert total_ms(heard[mic]) > 1.5 * total_ms(runs[mic]), "the bleed must be heard for this to prove anything"
    cleaned, (notice,) = without_bleed(meter_of(np.stack(channels)), heard)
    assert total_ms(cleaned[mic]) == pytest.approx(total_ms(runs[mic]), rel=0.03)
    assert total_ms(shared_spans(cleaned[mic], runs[mic])) > 0.96 * total_ms(runs[mic])
    assert cleaned[1 - mic] == runs[1 - mic]
    assert notice.code == "bleed_removed" and notice.params["channel"] == mic
    assert abs(notice.params["gain_db"] - gain_db) <= 3


@pytest.mark.parametrize("name", ["recruiting_screen", "sales_discovery"])
def test_a_call_without_bleed_is_left_alone(name):
    sound, runs = clean(name)
    assert without_bleed(meter_of(sound), runs) == (runs, ())


def test_silence_is_left_alone():
    assert without_bleed(meter_of(np.zeros((2, 160_000), np.float32)), [[], []]) == ([[], []], ())
    assert layout_of(meter_of(np.zeros((2, 160_000), np.float32)), [[], []])[0] is Layout.TWO_SIDES


# --- two participants' own files


@pytest.mark.parametrize("late_ms", [3000, 12_300, -7500])
@pytest.mark.parametrize("name", ["recruiting_screen", "sales_discovery"])
def test_a_later_start_is_found_from_the_turn_taking(name, late_ms):
    """The second file lacks the call's first seconds (or the first file does), and its clock begins later."""
    missing = [max(0, -late_ms), max(0, late_ms)]
    files = [
        [run.shift(-gone) for run in runs if run.start_ms >= gone]
        for gone, runs in zip(missing, clean(name)[1], strict=True)
    ]
    assert later_start_ms(*files) == pytest.approx(late_ms, abs=300)


def test_files_that_start_together_need_no_offset():
    assert later_start_ms(*clean()[1]) is None


def test_somebody_who_always_cuts_in_a_little_started_at_the_same_time():
    """Another offset would have no overlap at all; but a tenth is how people talk."""
    rng, at, sides = np.random.default_rng(4), 0, ([], [])
    for turn in range(60):
        length = int(rng.integers(2000, 9000))
        sides[turn % 2].append(Span(at, at + length))
        at += length + (1500 if turn % 2 else -400)
    assert later_start_ms(*sides) is None


def test_an_offset_that_is_not_clear_is_not_given():
    rng = np.random.default_rng(4)

    def chatter():
        starts = np.cumsum(rng.integers(1500, 3000, 80))
        return [Span(int(at), int(at) + 1200) for at in starts]

    assert later_start_ms(chatter(), chatter()) is None  # no turn-taking at all
    assert later_start_ms([Span(0, 3000)], [Span(0, 3000)]) is None  # too little speech
    assert later_start_ms([], []) is None
    lone = [Span(0, 30_000)]
    assert later_start_ms(lone, lone) is None  # before or after would do as well
