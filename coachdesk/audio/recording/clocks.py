"""The clocks of a recording, and what happens to them: the computer slept, or somebody set its clock.

Nothing is measured by the clock on the wall; it only dates. Where the system counts the time it slept, sleep is told from
a clock that was set by that; where it does not (Windows), a wall clock that jumps ahead is taken for sleep.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from coachdesk.audio.recording.capture import clock

_APART_S = 2.0  # reliability.md D2: more than that between two clocks is sleep, or one was set
_ASLEEP_S = 30.0  # where the monotonic clock runs on in sleep (Windows), nothing happened for so long
_BUSY = 0.5  # who heard half of that time was awake, only held up (a disk that does not answer)


def _through_sleep() -> float:
    """A clock nobody can set that counts sleep, too; the wall clock where there is none."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":  # there it runs on in sleep (clock_gettime(3)); not run
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.time()


@dataclass(frozen=True, slots=True)
class Clocks:
    """Each tells seconds. `now`: that of blocks (coachdesk/audio/recording/capture.py); mostly stands still in sleep."""

    now: Callable[[], float] = clock
    wall: Callable[[], float] = time.time
    through_sleep: Callable[[], float] = _through_sleep


OF_THIS_COMPUTER = Clocks()


class ClockWatch:
    """Ask `look` often."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self._now_s = clocks.now()
        self._slept_s = clocks.through_sleep() - self._now_s
        self._set_s = clocks.wall() - clocks.through_sleep()

    def look(self, heard_s: float) -> tuple[str, float] | None:
        """What happened since the last look, and for how long (s): sleep | clock, None for nothing.

        `heard_s`: how much sound came from a device since then.
        """
        now_s, through_s, wall_s = self._clocks.now(), self._clocks.through_sleep(), self._clocks.wall()
        stood_s, self._now_s = now_s - self._now_s, now_s
        slept_s, self._slept_s = through_s - now_s - self._slept_s, through_s - now_s
        set_s, self._set_s = wall_s - through_s - self._set_s, wall_s - through_s
        if slept_s > _APART_S:
            return "sleep", slept_s
        if stood_s > _ASLEEP_S and heard_s < _BUSY * stood_s:
            return "sleep", stood_s
        if abs(set_s) > _APART_S or slept_s < -_APART_S:
            return "clock", 0.0
        return None
