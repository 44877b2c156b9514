"""Up to ten minutes with two clocks that drift apart, through the whole recorder but its devices, into the file and out again."""

from __future__ import annotations

import numpy as np
import pytest

from coachdesk.audio.load import frames_from
from coachdesk.audio.recording.align import RATE_HZ
from tests.audio.recording.test_align import Device, lag_ms
from tests.audio.recording.test_recorder import CALL, CALL_FROM_MS
from tests.audio.recording.test_session import Made

PPM, LATE_S = 200, 0.063
STRETCH_S = 1.0  # as long as the same thing is compared


def speech(seconds):
    """Both voices of a sample call in one channel, again and again."""
    call = np.concatenate(list(frames_from(CALL, CALL_FROM_MS, RATE_HZ)), axis=1).mean(axis=0)
    return np.resize(call, seconds * RATE_HZ)


def played(made, devices, seconds):
    """All blocks, in the order in which they arrive, and a look at everything 25 times a second."""
    coming = sorted(((at, side, block) for side, d in devices.items() for at, block in d.blocks), key=lambda c: c[0])
    begun_s, at = made.now_s, 0
    for now_s in np.arange(0, seconds, 0.04).tolist():
        made.now_s = begun_s + now_s
        while at < len(coming) and coming[at][0] <= now_s:
            arrived_s, side, block = coming[at]
            made.session.hear(side, 1, block, begun_s + float(arrived_s))
            at += 1
        made.session.tick()


@pytest.mark.parametrize("seconds", [60, pytest.param(600, marks=pytest.mark.long)])
def test_with_drifting_clocks_both_channels_of_the_file_are_where_they_belong_to_the_end(tmp_path, seconds):
    sound = speech(seconds)
    devices = {"mic": Device(sound, RATE_HZ, 0), "system": Device(sound, RATE_HZ, PPM, LATE_S, seed=2)}
    made = Made(tmp_path)
    played(made, devices, seconds)
    sealed = made.stop()
    assert sealed.gaps == []
    assert sealed.ppm == pytest.approx(PPM, abs=8)
    assert sealed.duration_ms == pytest.approx(seconds * 1000, abs=100)
    out = np.concatenate(list(frames_from(tmp_path / "call.opus", 0, RATE_HZ)), axis=1)
    print(f"\nfound {sealed.ppm} ppm, offset {sealed.offset_ms} ms")
    for around_s in (3, seconds / 2, seconds - 3):
        apart, alike = lag_ms(out[1], out[0], RATE_HZ, around_s, STRETCH_S)
        truths = [lag_ms(lane, sound, RATE_HZ, around_s, STRETCH_S) for lane in out]
        print(f"at {around_s:.0f} s: {apart:+.2f} ms apart, alike {alike:.4f}; to what was heard "
              f"{[(round(lag, 2), round(float(same), 4)) for lag, same in truths]}")  # fmt: skip
        assert abs(apart) <= 20
        for lag, same in truths:
            assert abs(lag) <= 20 and same >= 0.99
