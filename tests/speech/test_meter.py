"""What is measured of two channels: levels, likeness, and how late one is in the other."""

from __future__ import annotations

import numpy as np
import pytest

from coachdesk.audio.load import RATE_HZ
from tests.speech.sides import clean, meter_of


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


@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize("gain_db", [0, -20])
def test_a_channel_is_found_late_in_the_other_however_soft(late, gain_db):
    far, own = 0.1 * np.random.default_rng(1).normal(size=(2, 20 * RATE_HZ)).astype(np.float32)
    mic = own + np.float32(10 ** (gain_db / 20)) * np.roll(far, RATE_HZ * 87 // 1000)
    meter = meter_of(np.stack([mic, far] if late == 0 else [far, mic]))
    assert [delay.ms for delay in meter.delays(late)] == pytest.approx([87] * 5, abs=0.2)
    assert min(delay.stands_out for delay in meter.delays(late)) > 8 > max(d.stands_out for d in meter.delays(1 - late))


def test_delays_do_not_depend_on_block_sizes_and_silence_has_none():
    sound = clean()[0][:, : 20 * RATE_HZ]
    whole = meter_of(sound).delays(0)
    assert 4 <= len(whole) <= 5
    for size in (160, 4099):
        assert meter_of(sound, size).delays(0) == whole
    assert meter_of(np.zeros((2, 160_000), np.float32)).delays(0) == []
