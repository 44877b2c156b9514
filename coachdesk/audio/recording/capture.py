"""What every source of sound is: `run` brings blocks until it is closed, or says why it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from coachdesk.audio.recording.align import RATE_HZ

Samples = npt.NDArray[np.float32]
Take = Callable[[Samples, float], None]  # mono at 48 kHz, and when its last sample was captured, by clock()

BLOCK = RATE_HZ // 50  # 20 ms
clock = time.perf_counter  # monotonic, fine-grained on Windows, too (time.monotonic ticks every 16 ms there)


class SourceGone(Exception):
    """A device cannot be opened, or went away.

    `why`: device_gone | server_gone | refused | unreadable | default_changed (it was the system's default and is not).
    """

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why


class Source(Protocol):
    """Something that sounds."""

    def run(self, take: Take) -> None:
        """Bring blocks until closed; raises SourceGone. May hang with its device."""

    def close(self) -> None:
        """Let `run` end soon; from any thread, as often as one likes."""


class Closable:
    """A source of this name that looks at `closed` between blocks."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.closed = False

    def close(self) -> None:
        self.closed = True
