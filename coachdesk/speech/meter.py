"""What is measured of two channels while they are listened to: levels, likeness, and how late one is in the other.

Everything is 10 ms levels and running sums, so memory stays small for any length. What it means is not said here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from coachdesk.audio.load import RATE_HZ, Samples
from coachdesk.spans import Span

LEVEL_MS = 10
LONGEST_DELAY_MS = 300
_SHORTEST_DELAY_MS = 2  # nearer than this it is the codec mixing the channels, not a way through the air
_WINDOW = 8192  # samples, 0.5 s
_SECTION_WINDOWS = 8  # about 4 s: short enough for clocks that drift, long enough for a peak to stand out
_MOST_SECTIONS = 300  # 20 min of sound on both channels tell enough, and memory stays small
_QUIET_POWER = 1e-8  # mean square of -80 dBFS: what is softer is no sound to compare

Levels = npt.NDArray[np.int8]


@dataclass(slots=True)
class ChannelMeter:
    """Levels of every 10 ms (dBFS, int8) and how alike two channels are."""

    lanes: int
    _levels: list[Levels] = field(default_factory=list)
    _rest: Samples | None = None
    _sums: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    _delays: DelayFinder = field(default_factory=lambda: DelayFinder())

    def push(self, block: Samples) -> None:
        if self.lanes == 2:
            self._delays.push(block)
            for i, (a, b) in enumerate(((0, 1), (0, 0), (1, 1))):
                self._sums[i] += float(np.dot(block[a], block[b]))
        samples = block if self._rest is None else np.concatenate([self._rest, block], axis=1)
        size = RATE_HZ * LEVEL_MS // 1000
        whole = samples.shape[1] // size
        self._rest = samples[:, whole * size :].copy()
        shaped = samples[:, : whole * size].reshape(self.lanes, whole, size)
        power = np.einsum("lws,lws->lw", shaped, shaped) / size
        self._levels.append(np.clip(10 * np.log10(power + 1e-12), -120, 0).astype(np.int8))

    def levels(self) -> Levels:
        """(lanes, n) dBFS."""
        return np.concatenate(self._levels, axis=1) if self._levels else np.zeros((self.lanes, 0), np.int8)

    def delays(self, late: int) -> list[Delay]:
        """Of the channel `late` behind the other, one for each section of about 4 s where both hold sound."""
        return self._delays.delays(late)

    @property
    def correlation(self) -> float:
        """Of the two channels, -1..1; 0 where one of them is silent."""
        both, left, right = self._sums
        return both / float(np.sqrt(left * right)) if left > 0 and right > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Delay:
    """How late one channel is in the other in one section, and how far that stands out, in standard deviations."""

    ms: float
    stands_out: float


@dataclass(slots=True)
class DelayFinder:
    """Where each of two channels is heard in the other, section by section of about 4 s.

    The generalized cross-correlation with phase transform (Knapp and Carter 1976): every frequency counts the same, so
    that a room's echo still gives one sharp peak, however soft.
    """

    _found: list[tuple[Delay, Delay]] = field(default_factory=list)
    _rest: Samples | None = None
    _sum: npt.NDArray[np.complex128] | None = None
    _windows: int = 0

    def push(self, block: Samples) -> None:
        samples = block if self._rest is None else np.concatenate([self._rest, block], axis=1)
        at = 0
        for at in range(_WINDOW, samples.shape[1] + 1, _WINDOW):
            self._add(samples[:, at - _WINDOW : at])
        self._rest = samples[:, at:].copy()

    def _add(self, window: Samples) -> None:
        if len(self._found) == _MOST_SECTIONS:
            return
        self._windows += 1
        if np.einsum("ls,ls->l", window, window).min() > _QUIET_POWER * _WINDOW:
            left, right = np.fft.rfft(window * np.hanning(_WINDOW), 2 * _WINDOW)
            both = left * np.conj(right)
            both /= np.abs(both) + 1e-9
            self._sum = both if self._sum is None else self._sum + both
        if self._windows % _SECTION_WINDOWS == 0:
            self._close()

    def _close(self) -> None:
        if self._sum is not None:
            likeness = np.abs(np.fft.irfft(self._sum))
            first, last = (ms * RATE_HZ // 1000 for ms in (_SHORTEST_DELAY_MS, LONGEST_DELAY_MS))
            self._found.append((_peak(likeness[first:last]), _peak(likeness[-first : -last - 1 : -1])))
        self._sum = None

    def delays(self, late: int) -> list[Delay]:
        """Of the channel `late` behind the other, one for each section where both hold sound; ends what is open."""
        self._close()
        return [section[late] for section in self._found]


def _peak(likeness: npt.NDArray[np.float64]) -> Delay:
    at = int(np.argmax(likeness))
    spread = float(np.sqrt(np.mean(likeness**2)))
    ms = _SHORTEST_DELAY_MS + at * 1000 / RATE_HZ
    return Delay(ms, float(likeness[at]) / spread if spread > 0 else 0.0)


def mask(runs: list[Span], n: int) -> npt.NDArray[np.bool_]:
    """Which of the first `n` levels lie in these runs."""
    on = np.zeros(n, np.bool_)
    for run in runs:
        on[run.start_ms // LEVEL_MS : run.end_ms // LEVEL_MS] = True
    return on
