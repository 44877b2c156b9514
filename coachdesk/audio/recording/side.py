"""One side of a recording, me or them: its device, whether it lives, how loud it is.

The watchdog's part: a device from which nothing came for 1.5 s is given up (PortAudio tells nothing reliable when one is
pulled out; PortAudio issues 158, 600), its thread left to itself, and the same device tried again, then the system's
default, in turn. Threads are brought along: `spawn` runs a function in one that nobody waits for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from coachdesk.audio.recording.align import Samples
from coachdesk.audio.recording.capture import Source, SourceGone, clock
from coachdesk.audio.recording.messages import Limits
from coachdesk.audio.recording.sources import default_of, open_source

QUIET_DB = -90.0
HEARD_DB = -45.0  # ours: speech into a headset is at -40 to -15 dB, a quiet room at -60 and below
_STALLED_S = 0.1  # five blocks
_HEARD_BLOCKS = 3  # 60 ms: a click is no speech

Spawn = Callable[[Callable[[], None]], object]
Hear = Callable[[str, int, Samples, float], None]  # side, generation, samples, captured_s
Lose = Callable[[str, int, str], None]  # side, generation, why


class Side:
    """`name`: mic | system. What its device brings goes to `hear`, its end to `lose`, both from other threads."""

    def __init__(
        self,
        name: str,
        device: str,
        limits: Limits,
        spawn: Spawn,
        hear: Hear,
        lose: Lose,
        now: Callable[[], float] = clock,
    ) -> None:
        self.name, self.device = name, device
        self._limits, self._spawn, self._hear, self._lose, self._now = limits, spawn, hear, lose, now
        self._source: Source | None = None
        self.generation = 0  # which opening: what older ones still bring is not heard
        self.state: Literal["opening", "alive", "down"] = "down"
        self.wanted = device
        self._tries = 0
        self._again_s = 0.0
        self._since_s = 0.0  # of the last block, or of the opening
        self.gap_from_ms: int | None = None
        self.gap_from_s = 0.0
        self.gap_why = ""
        self._squares, self._count = 0.0, 0
        self._loud_blocks = 0
        self.quiet_since_ms = 0
        self.is_heard = False
        self.told_silent = False

    # --- its device

    def open(self, device: str) -> None:
        """Open it in a thread of its own; whether that works is seen later."""
        self.generation += 1
        self.device, self.state, self._since_s = device, "opening", self._now()
        generation = self.generation
        try:
            source = self._source = open_source(device)
        except SourceGone as gone:
            self._lose(self.name, generation, gone.why)
            return

        def take(samples: Samples, captured_s: float) -> None:
            self._hear(self.name, generation, samples, captured_s)

        def run() -> None:
            try:
                source.run(take)
            except SourceGone as gone:
                self._lose(self.name, generation, gone.why)
            except Exception as bug:  # of a driver's library: as good as gone
                self._lose(self.name, generation, f"device_gone:{type(bug).__name__}")

        self._spawn(run)

    def close(self) -> None:
        """Give the device up; a thread that hangs in it is left to itself."""
        self.generation += 1
        if self._source is not None:
            self._source.close()
        self._source, self.state = None, "down"

    def switch(self, device: str) -> None:
        """Another device is wanted from now on."""
        self.close()
        self.wanted, self._tries = device, 0
        self.open(device)

    def is_late(self, now_s: float) -> bool:
        """Whether nothing came for too long."""
        allowed_s = {"alive": self._limits.dead_after_s, "opening": self._limits.opening_s}.get(self.state, math.inf)
        return now_s - self._since_s > allowed_s

    def is_stalled(self, now_s: float) -> bool:
        """Whether a block should have been here by now; most often it is only late."""
        return now_s - self._since_s > _STALLED_S

    def plan_retry(self, now_s: float) -> str:
        """After a loss: when to try which device; returns it. The first try is at once, its default soon after."""
        self._tries += 1
        self._again_s = now_s if self._tries == 1 else now_s + (0.1 if self._tries == 2 else self._limits.retry_s)
        return self._next()

    def _next(self) -> str:
        return self.wanted if self._tries % 2 else default_of(self.name)

    def retry(self, now_s: float) -> None:
        """Open it again when it is time."""
        if self.state == "down" and self._tries and now_s >= self._again_s:
            self.open(self._next())

    def came(self, now_s: float) -> bool:
        """A block came; True where it is the first since the opening."""
        first, self.state, self._since_s = self.state != "alive", "alive", now_s
        self._tries = 0
        return first

    # --- how loud it is

    def meter(self, samples: Samples, quietly: bool = False) -> bool:
        """Take a block into account; True when sound is heard that was not before. `quietly`: only for the level."""
        squares = float(np.square(samples, dtype=np.float64).sum())
        self._squares += squares
        self._count += samples.size
        loud = _db(squares, samples.size) > HEARD_DB
        self._loud_blocks = self._loud_blocks + 1 if loud else 0
        if self._loud_blocks >= _HEARD_BLOCKS and not self.is_heard and not quietly:
            self.is_heard, self.told_silent = True, False
            return True
        return False

    @property
    def sounds(self) -> bool:
        """Whether it is loud right now."""
        return self._loud_blocks >= _HEARD_BLOCKS

    def take_level(self) -> float | None:
        """Loudness since the last question, dB of full scale; None where nothing came."""
        if not self._count:
            return None
        level = _db(self._squares, self._count)
        self._squares, self._count = 0.0, 0
        return round(level, 1)


def _db(squares: float, count: int) -> float:
    return max(QUIET_DB, 10 * math.log10(squares / count)) if squares > 0 and count else QUIET_DB
