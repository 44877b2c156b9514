"""Chunks for the speech engine, cut per channel at pauses.

An engine pays for a full 30 s window however short the clip is, and invents text in long silences. So runs of speech
of one channel are packed: each run keeps 250 ms around it, pauses shrink to half a second, a chunk holds at most 27 s
of sound. A chunk ends where the channel is silent for 10 s (less, where an engine pays for speech only), is full, or
spans 45 s of the call (so that live words do not lag). Speech without any pause is cut at its least likely frame; there
the padding is left out, for no engine may hear the same word twice.

The cutter is causal with bounded look-ahead: a live recording and the finished file give the same chunks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coachdesk.audio.load import RATE_HZ, Samples
from coachdesk.spans import Span, merge_spans
from coachdesk.speech.detector import FRAME_MS, Probabilities, RunFinder, VoiceDetector

PAD_MS = 250
FULL_MS = 27_000
LONGEST_CLIP_MS = 28_000  # an engine cuts silently at 30 s
QUIET_MS = 10_000
EXTENT_MS = 45_000
LONGEST_RUN_MS = 24_000
_CUT_WITHIN_MS = 8_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A clip for the engine: runs of speech of one channel, and the stretches of sound (takes) they are packed from."""

    channel: int
    runs: tuple[Span, ...]
    takes: tuple[Span, ...]

    @property
    def start_ms(self) -> int:
        return self.takes[0].start_ms

    @property
    def end_ms(self) -> int:
        return self.takes[-1].end_ms

    @property
    def packed_ms(self) -> int:
        return sum(take.duration_ms for take in self.takes)

    @property
    def speech_ms(self) -> int:
        return sum(run.duration_ms for run in self.runs)

    def real_ms(self, packed_ms: float) -> int:
        """The time in the recording of a time in the packed clip."""
        left = packed_ms
        for take in self.takes:
            if left <= take.duration_ms:
                return round(take.start_ms + max(0.0, left))
            left -= take.duration_ms
        return self.end_ms

    def packed_at(self, real_ms: float) -> float | None:
        """The time in the packed clip of a time in the recording; None where it was left out."""
        before = 0
        for take in self.takes:
            if take.start_ms <= real_ms <= take.end_ms:
                return before + real_ms - take.start_ms
            before += take.duration_ms
        return None

    def packed_runs(self) -> list[Span]:
        """Where the runs lie in the packed clip, with their padding: what a plain decoder should be given."""
        packed, before = [], 0
        for take in self.takes:
            packed.append(Span(before, before + take.duration_ms))
            before += take.duration_ms
        return packed


def pack(channel: int, runs: list[Span], from_ms: int = 0, until_ms: int | None = None) -> Chunk:
    """A chunk of these runs with their padding, which stays within `from_ms` and `until_ms`."""
    last_ms = runs[-1].end_ms + PAD_MS if until_ms is None else until_ms
    padded = [Span(max(from_ms, run.start_ms - PAD_MS), min(run.end_ms + PAD_MS, last_ms)) for run in runs]
    return Chunk(channel, tuple(runs), tuple(merge_spans(padded)))


class Cutter:
    """Packs the runs of one channel into chunks, each as soon as it can no longer change.

    `quiet_ms`: so much silence ends a chunk.
    """

    def __init__(self, channel: int, quiet_ms: int = QUIET_MS) -> None:
        self._channel, self._quiet_ms = channel, quiet_ms
        self._runs: list[Span] = []
        self._from_ms = 0  # the end of the last run that went into a chunk

    @property
    def needs_from_ms(self) -> int | None:
        """Sound before this time is not needed any more; None where nothing waits."""
        return max(0, self._runs[0].start_ms - PAD_MS) if self._runs else None

    def push(self, run: Span) -> list[Chunk]:
        """Take a run; returns the chunk it closed, if it did not fit. No chunk reaches into another one's runs."""
        closed = []
        if self._runs and not self._fits(run):
            closed = [self._close(run.start_ms)]
        self._runs.append(run)
        return closed

    def quiet_until(self, now_ms: int, speaking_since_ms: int | None) -> list[Chunk]:
        """Close the waiting chunk if no further run can join it any more."""
        earliest = now_ms if speaking_since_ms is None else min(now_ms, speaking_since_ms)
        if self._runs and earliest - self._runs[-1].end_ms > self._quiet_ms:
            return [self._close()]
        return []

    def finish(self, duration_ms: int) -> list[Chunk]:
        return [self._close(duration_ms)] if self._runs else []

    def _fits(self, run: Span) -> bool:
        if run.start_ms - self._runs[-1].end_ms > self._quiet_ms or run.end_ms - self._runs[0].start_ms > EXTENT_MS:
            return False
        return pack(self._channel, [*self._runs, run]).packed_ms <= FULL_MS

    def _close(self, until_ms: int | None = None) -> Chunk:
        chunk = pack(self._channel, self._runs, self._from_ms, until_ms)
        self._runs, self._from_ms = [], chunk.runs[-1].end_ms
        return chunk


class Listener:
    """One channel: probabilities -> activity runs and chunks, block by block."""

    def __init__(self, channel: int, quiet_ms: int = QUIET_MS) -> None:
        self._detector = VoiceDetector()
        self._finder = RunFinder()
        self._cutter = Cutter(channel, quiet_ms)
        self._recent: list[float] = []  # probabilities since the oldest speech not yet cut
        self._recent_from_ms = 0
        self._cut_until_ms = 0  # speech before this has gone into a chunk piece already

    def push(self, samples: npt.NDArray[np.float32]) -> tuple[list[Span], list[Chunk]]:
        """Runs and chunks that became certain with these samples."""
        return self.hear(self._detector.push(samples))

    def hear(self, probabilities: Probabilities) -> tuple[list[Span], list[Chunk]]:
        """The same from the detector's probabilities."""
        runs: list[Span] = []
        chunks: list[Chunk] = []
        for start in range(0, len(probabilities), 32):  # about a second: keeps the look-ahead small for any block size
            part = probabilities[start : start + 32]
            self._remember(part)
            found = self._finder.push(part)
            runs += found
            for run in found:
                chunks += self._take(run)
            chunks += self._cut_open_run()
            chunks += self._cutter.quiet_until(self._finder.now_ms, self._finder.open_since_ms)
        return runs, chunks

    def finish(self, duration_ms: int) -> tuple[list[Span], list[Chunk]]:
        runs = self._finder.finish(duration_ms)
        chunks = [chunk for run in runs for chunk in self._take(run)]
        return runs, chunks + self._cutter.finish(duration_ms)

    def needs_from_ms(self) -> int:
        """Sound before this time is not needed any more."""
        waiting = self._cutter.needs_from_ms
        speaking = self._finder.open_since_ms
        speaking = speaking if speaking is None else max(speaking, self._cut_until_ms)
        edges = [self._finder.now_ms - 1000, *(ms for ms in (waiting, speaking) if ms is not None)]
        return max(0, min(edges) - PAD_MS - FRAME_MS)

    def _take(self, run: Span) -> list[Chunk]:
        chunks = self._cut_long(max(run.start_ms, self._cut_until_ms), run.end_ms)
        return chunks + self._cutter.push(Span(max(run.start_ms, self._cut_until_ms), run.end_ms))

    def _remember(self, part: Probabilities) -> None:
        self._recent += part.tolist()
        since = self._finder.open_since_ms
        needed_ms = self._finder.now_ms if since is None else max(since, self._cut_until_ms)
        dropped = max(0, needed_ms - self._recent_from_ms) // FRAME_MS - 32  # a run begins a little before it is seen
        if dropped > 0:
            self._recent = self._recent[dropped:]
            self._recent_from_ms += dropped * FRAME_MS

    def _cut_open_run(self) -> list[Chunk]:
        """Speech that still goes on is cut as soon as it is long enough, so that live words do not wait for its end."""
        since = self._finder.open_since_ms
        return [] if since is None else self._cut_long(max(since, self._cut_until_ms), self._finder.open_until_ms)

    def _cut_long(self, start_ms: int, end_ms: int) -> list[Chunk]:
        """Speech without a pause is cut where the detector was least sure of it, again and again."""
        chunks: list[Chunk] = []
        while end_ms - start_ms >= LONGEST_RUN_MS:
            first, last = (
                (start_ms + ms - self._recent_from_ms) // FRAME_MS
                for ms in (LONGEST_RUN_MS - _CUT_WITHIN_MS, LONGEST_RUN_MS)
            )
            weakest = first + int(np.argmin(self._recent[first:last]))
            self._cut_until_ms = self._recent_from_ms + weakest * FRAME_MS
            chunks += self._cutter.push(Span(start_ms, self._cut_until_ms))
            start_ms = self._cut_until_ms
        return chunks


class Tape:
    """The last stretch of sound, long enough to cut chunks from; older sound is let go."""

    def __init__(self, lanes: int) -> None:
        self._blocks: list[Samples] = []
        self._lanes = lanes
        self._from = 0  # first sample held
        self.end = 0  # samples seen

    def push(self, block: Samples) -> None:
        self._blocks.append(block)
        self.end += block.shape[1]

    def forget_before(self, ms: int) -> None:
        sample = ms * RATE_HZ // 1000
        while self._blocks and self._from + self._blocks[0].shape[1] <= sample:
            self._from += self._blocks.pop(0).shape[1]

    def clip(self, chunk: Chunk) -> npt.NDArray[np.float32]:
        """The packed samples of a chunk: 1-D float32 at 16 kHz."""
        return np.concatenate([self._cut(chunk.channel, take) for take in chunk.takes])

    def _cut(self, lane: int, take: Span) -> npt.NDArray[np.float32]:
        start, stop = take.start_ms * RATE_HZ // 1000, take.end_ms * RATE_HZ // 1000
        pieces, at = [], self._from
        for block in self._blocks:
            left, right = max(start - at, 0), min(stop - at, block.shape[1])
            if left < right:
                pieces.append(block[lane, left:right])
            at += block.shape[1]
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
