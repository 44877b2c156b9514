"""What the channels really hold: two sides, one signal twice, or a silent leg."""

from __future__ import annotations

import numpy as np
import pytest

from coachdesk.model import Layout
from coachdesk.spans import Span
from coachdesk.speech.channels import later_start_ms, layout_of
from tests.audio.sounds import noise
from tests.speech.sides import activity, clean, codes, meter_of


def hiss_for(samples):
    return np.random.default_rng(9).normal(size=len(samples)).astype(np.float32) * np.float32(0.001)


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


def test_a_loudspeaker_as_loud_as_the_side_itself_is_no_room():
    """The far side speaks nearly all the time, and the microphone hears it as loud as the other channel holds it."""
    sound, _ = clean("sales_discovery")
    far = np.concatenate([sound[0, run.start_ms * 16 : run.end_ms * 16] for run in clean("sales_discovery")[1][0]])
    mic = np.roll(far, 16 * 80)
    layout, _, notices = layout_of(meter_of(np.stack([mic, far])), [activity(mic), activity(far)])
    assert (layout, notices) == (Layout.TWO_SIDES, ())


def test_silence_is_left_alone():
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
