"""Voice activity: Silero, carried from block to block, and the runs of speech it makes.

Probabilities come for frames of 512 samples (32 ms). With the state carried they are identical for any block size, so
a live recording and the finished file give the same runs. The model ships inside faster-whisper.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coachdesk.audio.load import RATE_HZ
from coachdesk.spans import Span

FRAME = 512
FRAME_MS = FRAME * 1000 // RATE_HZ
_CONTEXT = 64

# Silero's own thresholds are 0.5 and 0.35. At 0.46 the same call in eleven codecs gives the same talk time to 1.3 points;
# at 0.5 breaths between words fall on either side, codec by codec.
ONSET, OFFSET = 0.46, 0.35
ONSET_LATE_MS, END_EARLY_MS = 60, 20  # how late and how early Silero hears borders, measured on synthetic calls
BRIDGE_MS = 300  # METRICS: an activity run bridges gaps up to this ...
SHORTEST_RUN_MS = 250  # ... and lasts at least this

Probabilities = npt.NDArray[np.float32]


@functools.lru_cache(maxsize=1)
def _session() -> Any:
    import onnxruntime

    library = importlib.util.find_spec("faster_whisper")  # found, not imported: it would load the whole engine
    assert library is not None and library.origin is not None
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    model = next((Path(library.origin).parent / "assets").glob("silero_vad*.onnx"))
    return onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"], sess_options=options)


class VoiceDetector:
    """Speech probability of one channel, frame by frame, with the model's memory carried along."""

    def __init__(self) -> None:
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def push(self, samples: npt.NDArray[np.float32]) -> Probabilities:
        """Probabilities (n,) for n = ceil(len / 512) frames; only the last block may hold a broken frame."""
        if not samples.size:
            return np.zeros(0, np.float32)
        frames = np.pad(samples, (0, -len(samples) % FRAME)).reshape(-1, FRAME)
        before = np.concatenate([self._context[None], frames[:-1, -_CONTEXT:]])
        self._context = frames[-1, -_CONTEXT:].copy()
        with_context = np.concatenate([before, frames], axis=1)
        out, self._h, self._c = _session().run(None, {"input": with_context, "h": self._h, "c": self._c})
        return np.asarray(out, np.float32).reshape(-1)


class RunFinder:
    """Turns probabilities into activity runs, as soon as each is certain.

    A run begins where the probability rises through ONSET and ends where it falls through it on its way below OFFSET;
    both borders are interpolated between frame centres and moved by what the detector is known to be late.
    Gaps up to BRIDGE_MS are bridged; shorter runs are dropped.
    """

    def __init__(self) -> None:
        self._frame = 0
        self._last = 0.0
        self._speaking = False
        self._fell_ms: float | None = None
        self._start_ms = 0.0
        self._open: list[float] | None = None  # a run that may still be bridged: [start, end]

    @property
    def now_ms(self) -> int:
        return self._frame * FRAME_MS

    @property
    def open_since_ms(self) -> int | None:
        """Start of the speech that is going on, bridged or not; None in silence that is certain."""
        if self._open is not None:
            return round(self._open[0])
        return round(self._start_ms) if self._speaking else None

    @property
    def open_until_ms(self) -> int:
        """How far the speech that goes on is certain to reach; `now_ms` where there is none."""
        if self._speaking:
            return self.now_ms if self._fell_ms is None else min(self.now_ms, round(self._fell_ms))
        return self.now_ms if self._open is None else min(self.now_ms, round(self._open[1]))

    def push(self, probabilities: Probabilities) -> list[Span]:
        """Runs that became certain with these frames."""
        found: list[Span] = []
        for probability in probabilities.tolist():
            self._step(probability, found)
        return found

    def finish(self, duration_ms: int) -> list[Span]:
        """The run that was still open at the end of the sound."""
        found: list[Span] = []
        if self._speaking:
            self._close_speech(float(duration_ms), found)
        self._flush(found)
        return [Span(run.start_ms, min(run.end_ms, duration_ms)) for run in found if run.start_ms < duration_ms]

    def _step(self, probability: float, found: list[Span]) -> None:
        center_ms = (self._frame + 0.5) * FRAME_MS
        crossing_ms = self._crossing(probability, center_ms)
        if not self._speaking and probability >= ONSET:
            self._speaking, self._start_ms, self._fell_ms = True, crossing_ms - ONSET_LATE_MS, None
            if self._open is not None and self._start_ms - self._open[1] > BRIDGE_MS:
                self._flush(found)
        elif self._speaking:
            if probability >= ONSET:
                self._fell_ms = None
            elif self._fell_ms is None:
                self._fell_ms = crossing_ms
            if probability < OFFSET:
                self._close_speech((self._fell_ms if self._fell_ms is not None else crossing_ms) + END_EARLY_MS, found)
        elif self._open is not None and center_ms - self._open[1] > BRIDGE_MS + ONSET_LATE_MS + FRAME_MS:
            self._flush(found)
        self._last = probability
        self._frame += 1

    def _crossing(self, probability: float, center_ms: float) -> float:
        """Where the probability went through ONSET between the last frame's centre and this one's."""
        if probability == self._last or (probability - ONSET) * (self._last - ONSET) > 0:
            return center_ms - FRAME_MS / 2
        return center_ms - FRAME_MS * (probability - ONSET) / (probability - self._last)

    def _close_speech(self, end_ms: float, found: list[Span]) -> None:
        self._speaking = False
        start_ms = max(0.0, self._start_ms)
        if self._open is not None and start_ms - self._open[1] <= BRIDGE_MS:
            self._open[1] = max(end_ms, self._open[1])
        else:
            self._flush(found)
            self._open = [start_ms, end_ms]

    def _flush(self, found: list[Span]) -> None:
        if self._open is not None and self._open[1] - self._open[0] >= SHORTEST_RUN_MS:
            found.append(Span(round(self._open[0]), round(self._open[1])))
        self._open = None
