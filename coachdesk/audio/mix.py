"""What a call sounds like: its tracks mixed for two ears, without its pauses where wished, at any speed, in true pitch.

Files in, blocks of float32 (2, n) at 48 kHz out, the same for the same question. No device, no thread and no clock:
those are the player's. Lanes of the rep lean to the left ear and those of the others to the right; both ears hear all.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from coachdesk.audio.load import Samples, frames_from

HZ = 48_000
PER_MS = HZ // 1000
BLOCK = 50 * PER_MS
SKIPPED_OVER_MS = 800  # shorter pauses are how people speak
KEPT_MS = 300  # of each end of a skipped pause
FASTEST_STEP = 2.0  # above it one atempo leaves samples out: up to half of all 5 to 10 ms bursts at 2.5 (measured)
_READ_ON = 10 * HZ  # nearer places are reached by decoding on: some files cannot seek
_EARS = {"rep": (0.8, 0.5), "other": (0.5, 0.8), "unknown": (0.65, 0.65)}


@dataclass(frozen=True, slots=True)
class Track:
    """One file of a call. `offset_ms`: where its time 0 lies in the call; `sides`: rep | other | unknown, per lane."""

    path: Path
    offset_ms: int
    lanes: int
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A way through a call: the stretches of it (ms of the call, in order), how fast, and without which sides."""

    stretches: tuple[tuple[float, float], ...]
    end_ms: float
    speed: float = 1.0
    muted: frozenset[str] = frozenset()

    def at_ms(self, frames: float) -> float:
        """Where in the call one is after so many frames of output; before the start where they are negative."""
        left = frames * self.speed / PER_MS
        for start, end in self.stretches:
            if left < end - start:
                return start + left
            left -= end - start
        return self.end_ms


def stretches(start_ms: float, end_ms: float, pauses: Iterable[tuple[int, int]]) -> tuple[tuple[float, float], ...]:
    """From start to end without the insides of the pauses that are skipped."""
    kept, at = [], start_ms
    for pause_start, pause_end in sorted(pauses):
        cut_start, cut_end = pause_start + KEPT_MS, pause_end - KEPT_MS
        if pause_end - pause_start <= SKIPPED_OVER_MS or cut_end <= at:
            continue
        if cut_start >= end_ms:
            break
        if cut_start > at:
            kept.append((at, cut_start))
        at = cut_end
    return (*kept, (at, end_ms)) if at < end_ms else tuple(kept)


def sound_of(tracks: Sequence[Track], passage: Passage) -> Generator[Samples, None, None]:
    """The passage as it is heard. At speed 1 exactly its samples; else its length / speed to within some ms.

    Raises UnreadableFile where a track cannot be read.
    """
    mixed = _mixed(tracks, passage)
    yield from mixed if passage.speed == 1 else _at_speed(mixed, passage.speed)


def _mixed(tracks: Sequence[Track], passage: Passage) -> Iterator[Samples]:
    alone = sum(track.lanes for track in tracks) == 1
    readers = [_Reader(track, _gains(track, passage.muted, alone)) for track in tracks]
    for start_ms, end_ms in passage.stretches:
        frame, end = round(start_ms * PER_MS), round(end_ms * PER_MS)
        for reader in readers:
            reader.go_to(frame)
        while frame < end:
            block = np.zeros((2, min(BLOCK, end - frame)), np.float32)
            for reader in readers:
                block += reader.read(block.shape[1])
            frame += block.shape[1]
            yield np.clip(block, -1.0, 1.0)


def _gains(track: Track, muted: frozenset[str], alone: bool) -> Samples:
    """How loud each lane is in each ear, (2 ears, 2 lanes). A lane that is the whole call is not turned down."""
    sides = (*track.sides, "unknown", "unknown")[:2]  # files hold at most two lanes
    ears = [
        (0.0, 0.0) if side in muted else (1.0, 1.0) if alone else _EARS.get(side, _EARS["unknown"]) for side in sides
    ]
    return np.array(ears, np.float32).T


class _Reader:
    """One track in frames of the call: silence before it begins and after it ends."""

    def __init__(self, track: Track, gains: Samples) -> None:
        self._track = track
        self._gains = gains
        self._at = 0
        self._silent = 0
        self._held: Samples = np.zeros((1, 0), np.float32)
        self._pieces: Iterator[Samples] | None = None

    def go_to(self, frame: int) -> None:
        """The next read begins at this frame."""
        if self._pieces is not None and 0 <= frame - self._at <= _READ_ON:
            self.read(frame - self._at)
            return
        own = frame - self._track.offset_ms * PER_MS
        self._at, self._silent = frame, max(0, -own)
        self._held = self._held[:, :0]
        self._pieces = frames_from(self._track.path, max(0, own) / PER_MS, HZ)

    def read(self, frames: int) -> Samples:
        """The next frames, for both ears."""
        assert self._pieces is not None
        out = np.zeros((2, frames), np.float32)
        done = min(frames, self._silent)
        self._silent -= done
        while done < frames:
            if not self._held.shape[1]:
                piece = next(self._pieces, None)
                if piece is None:
                    break
                self._held = piece
            part = self._held[:, : frames - done]
            out[:, done : done + part.shape[1]] = self._gains[:, : part.shape[0]] @ part
            self._held = self._held[:, part.shape[1] :]
            done += part.shape[1]
        self._at += frames
        return out


def _at_speed(blocks: Iterator[Samples], speed: float) -> Iterator[Samples]:
    """The same in less or more time and at the same pitch: FFmpeg's atempo, twice above FASTEST_STEP."""
    steps = [speed] if speed <= FASTEST_STEP else [speed**0.5] * 2
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=HZ, format="flt", layout="stereo", time_base=Fraction(1, HZ))
    tempos = [graph.add("atempo", f"{step:.6f}") for step in steps]
    graph.link_nodes(source, *tempos, graph.add("abuffersink")).configure()
    fed = 0
    for block in blocks:
        packed = np.ascontiguousarray(block.T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = HZ, fed
        fed += block.shape[1]
        graph.push(frame)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: Any) -> Iterator[Samples]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        yield np.clip(frame.to_ndarray().reshape(-1, 2).T, -1.0, 1.0)
