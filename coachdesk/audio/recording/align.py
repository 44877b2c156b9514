"""Two devices, two clocks, one recording: blocks with time stamps in, channels on one clock out. Pure: no device, no file.

The clock is the computer's monotonic one, for both sides: what two devices have in common, there when either is gone,
and what places in the recording mean. (The microphone's clock as master would be a second case for when it vanishes; a
device that is some ppm off is resampled by as little.) Each side is a lane. From every block its lateness is known,
the moment it was captured minus the time its samples count; delays only ever add to that, so the least of the last 10 s
is the truth (for drift the least of each 10 s and a line through them: 80 ppm are found to 0.1 in simulations,
notes/desktop.md 2). A lane is read a little faster or slower until its lateness is none, which is how offset and drift are
corrected: by at most 0.5 %, which nobody hears in speech. FFmpeg's `aresample=async` does the same in principle; it
was not taken because it stretches losses of up to 0.2 s over seconds instead of filling them where they were.

A block that comes over 40 ms late is held back: if those after it catch up, it was only delayed and nothing happened; if
not within 0.2 s, sound was lost and as much silence goes before it. The beginning of a lane is the same case.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

RATE_HZ = 48_000
GAP_S = 0.040  # as coachdesk/audio/load.py: shorter gaps are jitter
HOLD_S = 0.2  # how long a late block waits for those after it
GRACE_S = 1.2  # how long one lane waits for the other; below the watchdog's 1.5 s
LOW_S = 10  # lateness is the least of so many seconds
DRIFT_POINTS = 3  # a line through fewer says nothing
_SLEW = 0.005  # fastest correction
_SETTLE_S = 2.0  # a small error is taken back within about so long
_CALM_S = 0.0005  # smaller errors are left alone: samples pass through untouched
_FRESH_S, _FRESH_JUMP_S = 3.0, 0.005  # just begun: a better estimate of the beginning is taken over at once
_TAPS, _PHASES = 16, 512
_PIECE = RATE_HZ  # at most so much at once


def _kernel() -> Samples:
    """Windowed sinc for every phase: (phases + 1, taps)."""
    phase = np.arange(_PHASES + 1)[:, None] / _PHASES
    at = np.arange(_TAPS)[None, :] - (_TAPS // 2 - 1) - phase
    table: npt.NDArray[np.float64] = np.sinc(at) * np.cos(np.pi * at / _TAPS / 1.0001) ** 2
    kernel: Samples = (table / table.sum(axis=1, keepdims=True)).astype(np.float32)
    return kernel


_TABLE = _kernel()


def interpolate(samples: Samples, places: npt.NDArray[np.floating[Any]]) -> Samples:
    """The sound at places between the samples (float indices, each with 8 samples on either side): float32.

    Sixteen taps: 4 kHz at 48 kHz comes out with an error of -62 dB, 10 kHz of -56 dB.
    """
    whole = np.floor(places).astype(np.int64)
    phase = np.rint((places - whole) * _PHASES).astype(np.int64)
    around = np.lib.stride_tricks.sliding_window_view(samples, _TAPS)[whole - (_TAPS // 2 - 1)]
    sound: Samples = np.einsum("ij,ij->i", around, _TABLE[phase])
    return sound


@dataclass(frozen=True, slots=True)
class Lost:
    """Sound that never came: filled with silence, in samples of the recording."""

    side: str
    start: int
    samples: int


class Lane:
    """One side's samples, read at the pace of the common clock."""

    def __init__(self, rate_hz: int) -> None:
        self._rate = rate_hz
        self._buffer: Samples = np.zeros(_TAPS, np.float32)  # what is placed and not yet read, and a little before it
        self._first = -_TAPS  # index of buffer[0]; index 0 is time 0
        self._read = 0.0
        self._held: list[Samples] = []
        self._held_samples = 0
        self._held_low_s = np.inf
        self._held_since_s = 0.0
        self._lows: deque[tuple[int, float]] = deque(maxlen=LOW_S)  # (second, least lateness in it)
        self._drift: list[tuple[float, float]] = []  # (second, least lateness of 10 s), for the line
        self._fresh_until_s = 0.0
        self.begun_s: float | None = None  # when its first sample was captured
        self.lost = 0  # samples filled in by the last settling

    @property
    def _end(self) -> int:
        return self._first + self._buffer.size

    @property
    def low_s(self) -> float | None:
        """The moment of index 0 by this lane's samples; None before it has begun."""
        return min(low for _, low in self._lows) if self._lows else None

    def push(self, samples: Samples, captured_s: float, zero_s: float | None) -> bool:
        """Take a block whose last sample was captured at `captured_s`; True when it and those held were placed.

        `zero_s`: the moment of the recording's beginning; None while that is not known.
        """
        if not self._held:
            self._held_since_s = captured_s
        self._held.append(samples)
        self._held_samples += samples.size
        late_s = captured_s - (self._end + self._held_samples) / self._rate
        self._held_low_s = min(self._held_low_s, late_s)
        low_s = self.low_s
        if low_s is not None and late_s - low_s <= GAP_S:
            self._note_lateness(captured_s, late_s)
            self._place(0)
            return True
        if captured_s - self._held_since_s < HOLD_S or zero_s is None:
            return False
        self._settle(captured_s, zero_s if low_s is None else low_s)
        return True

    def ready_since_s(self) -> float | None:
        """For a lane that has not begun: when its first sample was captured, once that is known well enough."""
        if self._held and self._held_samples >= HOLD_S * self._rate:
            return float(self._held_low_s)
        return None

    def begin(self, now_s: float, zero_s: float) -> None:
        """Place what is held, on a clock that begins at `zero_s`."""
        if self._held:
            self._settle(now_s, zero_s)

    def relock(self) -> None:
        """Its device begins anew: what comes next has a beginning of its own."""
        self._lows.clear()
        self._drift.clear()
        self._drop_held()

    def _drop_held(self) -> None:
        self._held, self._held_samples, self._held_low_s = [], 0, np.inf

    def _settle(self, captured_s: float, base_s: float) -> None:
        """Sound was lost, or begins here: as much silence as it is late goes before what was held."""
        lost = max(0, round((self._held_low_s - base_s) * self._rate))
        if self.begun_s is None:
            self.begun_s = self._held_low_s + self._end / self._rate
        self._lows.clear()
        self._note_lateness(captured_s, self._held_low_s - lost / self._rate)
        self._fresh_until_s = captured_s + _FRESH_S
        self._place(lost)

    def _place(self, lost: int) -> None:
        self._buffer = np.concatenate([self._buffer, np.zeros(lost, np.float32), *self._held])
        self._drop_held()
        self.lost = lost

    def _note_lateness(self, at_s: float, late_s: float) -> None:
        second = int(at_s)
        if self._lows and self._lows[-1][0] == second:
            self._lows[-1] = (second, min(late_s, self._lows[-1][1]))
        else:
            self._lows.append((second, late_s))
            while self._lows[0][0] <= second - LOW_S:
                self._lows.popleft()
        tens = second // LOW_S
        if self._drift and int(self._drift[-1][0]) // LOW_S == tens:
            if late_s < self._drift[-1][1]:
                self._drift[-1] = (at_s, late_s)
        else:
            self._drift.append((at_s, late_s))

    def ppm(self) -> float | None:
        """How much faster than the clock its device runs; None until the line has points enough."""
        points = self._drift[:-1] if len(self._drift) > DRIFT_POINTS else self._drift  # the last is not yet full
        if len(points) < DRIFT_POINTS:
            return None
        at, late = np.array(points).T
        return float(-np.polyfit(at - at[0], late, 1)[0] * 1e6)

    # --- reading

    def aim(self, position: int, zero_s: float, now_s: float) -> float:
        """How far it is behind where it should be read, in samples; a large error is made up for at once."""
        low_s = self.low_s
        if low_s is None:
            return 0.0
        error = position - (low_s - zero_s) * self._rate - self._read
        jump_s = _FRESH_JUMP_S if now_s < self._fresh_until_s else GAP_S
        if error > jump_s * self._rate:
            skip = min(round(error), max(0, int(self._end - _TAPS // 2 - self._read)))
            self._read += skip
            return error - skip
        return error

    def available(self) -> int:
        """Samples of the recording it has now, at whatever pace."""
        return max(0, int((self._end - _TAPS // 2 - self._read) / (1 + _SLEW)) - 1)

    def fill(self, samples: int) -> None:
        """Silence for what did not come."""
        need = int(samples * (1 + _SLEW)) + 3
        self._buffer = np.concatenate([self._buffer, np.zeros(need, np.float32)])
        self._held_low_s -= need / self._rate

    def pull(self, samples: int, error: float) -> Samples:
        """The next samples of the recording; there are as many as `available`."""
        calm = abs(error) <= _CALM_S * self._rate
        pace = 1.0 if calm else 1.0 + float(np.clip(error / self._rate / _SETTLE_S, -_SLEW, _SLEW))
        start = self._read - self._first
        if pace == 1.0 and start == int(start):
            sound = self._buffer[int(start) : int(start) + samples].copy()
        else:
            sound = interpolate(self._buffer, start + np.arange(samples) * pace)
        self._read += samples * pace
        self._forget()
        return sound

    def _forget(self) -> None:
        read = int(self._read - self._first) - _TAPS
        if read > 0:
            self._buffer = self._buffer[read:]
            self._first += read


class Timeline:
    """The sides of one recording. Push blocks as they arrive, `advance` to get what is certain; counted from time 0."""

    def __init__(self, sides: tuple[str, ...], rate_hz: int = RATE_HZ, grace_s: float = GRACE_S) -> None:
        self._rate, self._grace = rate_hz, round(grace_s * rate_hz)
        self._lanes = {side: Lane(rate_hz) for side in sides}
        self._dead: set[str] = set()
        self._lost: list[Lost] = []
        self.zero_s: float | None = None
        self.position = 0  # samples given out

    def push(self, side: str, samples: Samples, captured_s: float) -> None:
        """A block of this side (mono float32); its last sample was captured at `captured_s`."""
        lane = self._lanes[side]
        begun = lane.low_s is not None
        self._dead.discard(side)
        before = lane._end
        if lane.push(samples, captured_s, self.zero_s) and begun and lane.lost > GAP_S * self._rate:
            self._lost.append(Lost(side, before, lane.lost))
        if self.zero_s is None and (ready_s := lane.ready_since_s()) is not None:
            self._begin(captured_s, ready_s)

    def _begin(self, now_s: float, ready_s: float) -> None:
        """Time 0 is the first sample of the side that began first."""
        others = [since for lane in self._lanes.values() if (since := lane.ready_since_s()) is not None]
        self.zero_s = min([ready_s, *others])
        for lane in self._lanes.values():
            if lane.ready_since_s() is not None:
                lane.begin(now_s, self.zero_s)

    def begin_at(self, zero_s: float) -> None:
        """Let time 0 be this moment, whether a side has begun or not."""
        if self.zero_s is None:
            self.zero_s = zero_s

    def set_dead(self, side: str) -> None:
        """Nothing comes from this side: it is silent and nobody waits for it until it is pushed again."""
        self._dead.add(side)
        self._lanes[side].relock()

    def advance(self, now_s: float) -> Samples:
        """All that is certain by now, at most a second: float32 (sides, n), n >= 0."""
        if self.zero_s is None:
            return np.zeros((len(self._lanes), 0), np.float32)
        errors = {side: lane.aim(self.position, self.zero_s, now_s) for side, lane in self._lanes.items()}
        count = self._certain(now_s, self.zero_s)
        for lane in self._lanes.values():
            if (missing := count - lane.available()) > 0:
                lane.fill(missing)
        sound = np.stack([lane.pull(count, errors[side]) for side, lane in self._lanes.items()])
        self.position += count
        return sound

    def _certain(self, now_s: float, zero_s: float) -> int:
        due = int((now_s - zero_s) * self._rate) - self.position
        living = [lane.available() for side, lane in self._lanes.items() if side not in self._dead]
        count = max(min(living), due - self._grace) if living else due
        return max(0, min(count, _PIECE))

    def take_lost(self) -> list[Lost]:
        """Losses found since the last question."""
        lost, self._lost = self._lost, []
        return lost

    def offset_ms(self) -> float | None:
        """How much later the second side began than the first; None until both have."""
        begun = [lane.begun_s for lane in self._lanes.values()]
        if len(begun) < 2 or begun[0] is None or begun[1] is None:
            return None
        return (begun[1] - begun[0]) * 1000

    def ppm(self) -> float | None:
        """How much faster the second side's clock runs than the first's; None until 30 s of both."""
        found = [lane.ppm() for lane in self._lanes.values()]
        if len(found) < 2 or found[0] is None or found[1] is None:
            return None
        return found[1] - found[0]
