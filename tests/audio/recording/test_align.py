"""Two devices with clocks of their own come out on one, whatever the machine is busy with in between."""

from __future__ import annotations

import numpy as np
import pytest

from coachdesk.audio.recording.align import RATE_HZ, Timeline, interpolate


class Device:
    """Hears the same far-away sound as every other, by a clock `ppm` too fast; its blocks come with delays."""

    def __init__(self, sound, rate, ppm=0.0, begins_s=0.0, jitter_s=0.004, seed=1, stalls=(), loses=()):
        size = rate // 50  # 20 ms
        count = int((sound.size / rate - begins_s - 0.01) * rate * (1 + ppm / 1e6)) // size * size
        places = (begins_s + np.arange(count) / (rate * (1 + ppm / 1e6))) * rate + 8
        padded = np.pad(sound, 8)
        heard = np.concatenate([interpolate(padded, part) for part in np.array_split(places, 1 + count // RATE_HZ)])
        blocks = heard.reshape(-1, size)
        ends_s = begins_s + np.arange(1, len(blocks) + 1) * size / (rate * (1 + ppm / 1e6))
        kept = np.ones(len(blocks), bool)
        for from_s, to_s in loses:
            kept &= (ends_s < from_s) | (ends_s >= to_s)
        arrives_s = ends_s + np.random.default_rng(seed).exponential(jitter_s, len(blocks))
        for from_s, to_s in stalls:
            arrives_s[(arrives_s >= from_s) & (arrives_s < to_s)] = to_s
        arrives_s = np.maximum.accumulate(arrives_s)
        self.blocks = [(at, block) for at, block, keep in zip(arrives_s, blocks, kept, strict=True) if keep]


def record(devices, seconds, rate, timeline=None, until=None, tick_s=0.04):
    """What the timeline makes of these devices' blocks, in the order they arrive."""
    timeline = timeline or Timeline(tuple(devices), rate)
    coming = sorted(((at, side, block) for side, d in devices.items() for at, block in d.blocks), key=lambda c: c[0])
    now_s, at, out = 100.0, 0, []
    for now_s in np.arange(0, seconds, tick_s):
        while at < len(coming) and coming[at][0] <= now_s:
            arrived_s, side, block = coming[at]
            timeline.push(side, block, 1000 + arrived_s)
            at += 1
        out.append(timeline.advance(1000 + now_s))
        if until:
            until(timeline, now_s)
    return np.concatenate(out, axis=1), timeline


def lag_ms(a, b, rate, around_s, window_s=2.0):
    """How much later `a` is than `b` in a window, to a tenth of a sample; also how alike they are."""
    part = slice(round((around_s - window_s / 2) * rate), round((around_s + window_s / 2) * rate))
    a, b = a[part].astype(float), b[part].astype(float)
    n = 2 * a.size
    both = np.fft.irfft(np.fft.rfft(a, n) * np.conj(np.fft.rfft(b, n)), n)
    at = int(np.argmax(both))
    alike = both[at] / np.sqrt((a @ a) * (b @ b) + 1e-12)
    return (at - n if at > a.size else at) * 1000 / rate, alike


def noise(seconds, rate, seed=3):
    """Sound below a sixth of the rate."""
    raw = np.random.default_rng(seed).normal(size=int(seconds * rate)).astype(np.float32)
    smooth = np.convolve(raw, np.hanning(13) / 6, "same").astype(np.float32)
    return smooth / np.abs(smooth).max()


@pytest.mark.parametrize(("ppm_mic", "ppm_system"), [(0, 200), (0, -200), (-80, 80), (250, -250)])
def test_after_ten_minutes_with_drifting_clocks_both_sides_are_where_they_belong(ppm_mic, ppm_system):
    rate, seconds = 8000, 600
    sound = noise(seconds, rate)
    devices = {
        "mic": Device(sound, rate, ppm_mic, 0.0, seed=5, stalls=[(100, 100.4), (300, 300.4)]),
        "system": Device(sound, rate, ppm_system, 0.063, seed=6, stalls=[(200, 200.4), (300.1, 300.3)]),
    }
    out, timeline = record(devices, seconds, rate)
    lags = [lag_ms(out[1], out[0], rate, at_s) for at_s in (3, 30, 120, 310, 450, 597)]
    truth = [lag_ms(out[0], sound, rate, at_s) for at_s in (3, 310, 597)]
    print(f"\n{ppm_mic}/{ppm_system} ppm: lags {[f'{lag:.2f}' for lag, _ in lags]} ms, "
          f"to the clock {[f'{lag:.2f}' for lag, _ in truth]} ms, found {timeline.ppm():.1f} ppm, "
          f"offset {timeline.offset_ms():.1f} ms")  # fmt: skip
    assert all(abs(lag) < 10 and alike > 0.9 for lag, alike in lags)
    assert all(abs(lag) < 15 for lag, _ in truth)
    assert timeline.ppm() == pytest.approx(ppm_system - ppm_mic, abs=8)
    assert timeline.offset_ms() == pytest.approx(63, abs=8)
    assert not timeline.take_lost()
    assert out.shape[1] == pytest.approx(seconds * rate, abs=rate // 4)


def test_in_full_quality_two_steady_devices_pass_untouched():
    sound = noise(20, RATE_HZ)
    devices = {side: Device(sound, RATE_HZ, begins_s=begins) for side, begins in (("mic", 0.0), ("system", 0.5))}
    out, _ = record(devices, 20, RATE_HZ)
    for lane in out:
        lag, alike = lag_ms(lane, sound, RATE_HZ, 10, 4)
        assert abs(lag) < 3 and alike > 0.999
    assert not out[1, : round(0.49 * RATE_HZ)].any()


def test_the_other_side_begins_twenty_seconds_later_and_is_where_it_belongs():
    rate = 8000
    sound = noise(40, rate)
    devices = {"mic": Device(sound, rate), "system": Device(sound, rate, begins_s=20.0)}
    out, timeline = record(devices, 40, rate)
    lag, alike = lag_ms(out[1], out[0], rate, 30)
    assert abs(lag) < 5 and alike > 0.99
    assert not out[1, : round(19.95 * rate)].any()
    assert timeline.offset_ms() == pytest.approx(20_000, abs=10)


def test_delayed_blocks_change_nothing_and_lost_ones_become_silence_where_they_were():
    rate = 8000
    sound = noise(30, rate)
    devices = {
        "mic": Device(sound, rate, stalls=[(8, 9.0)]),
        "system": Device(sound, rate, loses=[(15, 15.8), (20, 20.1)]),
    }
    out, timeline = record(devices, 30, rate)
    lost = timeline.take_lost()
    assert [(gap.side, round(gap.start / rate), round(gap.samples / rate, 1)) for gap in lost] == [
        ("system", 15, 0.8),
        ("system", 20, 0.1),
    ]
    for around in (8.5, 12, 18, 25):
        lag, alike = lag_ms(out[1], out[0], rate, around, 1.0)
        assert abs(lag) < 5 and alike > 0.95, around
    assert not out[1, round(15.1 * rate) : round(15.7 * rate)].any()


def test_a_side_that_dies_is_silent_and_comes_back_in_its_place_while_the_other_goes_on():
    rate = 8000
    sound = noise(30, rate)
    devices = {"mic": Device(sound, rate), "system": Device(sound, rate, loses=[(10, 17)])}

    def watch(timeline, now_s):
        if 11.5 < now_s < 11.6:
            timeline.set_dead("system")

    out, _ = record(devices, 30, rate, until=watch)
    assert not out[1, round(10.1 * rate) : round(16.9 * rate)].any()
    for around in (8, 20, 28):
        lag, alike = lag_ms(out[1], out[0], rate, around)
        assert abs(lag) < 5 and alike > 0.99, around
    lag, alike = lag_ms(out[0], sound, rate, 14)
    assert abs(lag) < 5 and alike > 0.99


def test_nobody_waits_for_a_dead_side_and_not_for_ever_for_a_silent_one():
    timeline = Timeline(("mic", "system"), 8000)
    block = np.ones(160, np.float32)
    for number in range(200):
        timeline.push("mic", block, 10 + 0.02 * (number + 1))
    assert timeline.advance(14.0).shape[1] == pytest.approx(4 * 8000 - 1.2 * 8000, abs=8000 * 2)
    while timeline.advance(14.0).shape[1]:
        pass
    assert timeline.position == pytest.approx((4 - 1.2) * 8000, abs=160)
    timeline.set_dead("system")
    while timeline.advance(14.0).shape[1]:
        pass
    assert timeline.position == pytest.approx(4 * 8000, abs=160)
    timeline.set_dead("mic")
    while timeline.advance(20.0).shape[1]:
        pass
    assert timeline.position == 10 * 8000


def test_one_side_alone_is_a_recording_of_one_channel():
    sound = noise(10, 8000)
    out, timeline = record({"mic": Device(sound, 8000, ppm=500)}, 10, 8000)
    assert out.shape[0] == 1
    lag, alike = lag_ms(out[0], sound, 8000, 8)
    assert abs(lag) < 10 and alike > 0.95
    assert timeline.offset_ms() is None and timeline.ppm() is None
