"""The waveform's peaks: the loudest and lowest sample of every 10 ms and channel, and a pyramid of coarser levels.

File format `CDPK1`: one line of JSON (lanes, bucket_ms, buckets), then int8 pairs (low, high), lane by lane per bucket.
Coarser levels are derived on reading: each joins FACTOR buckets of the level below.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from coachdesk.audio.load import RATE_HZ, Samples

BUCKET_MS = 10
BUCKET = RATE_HZ * BUCKET_MS // 1000
FACTOR = 4
_MAGIC = b"CDPK1\n"

Peaks = npt.NDArray[np.int8]  # (buckets, lanes, 2)


class PeakWriter:
    """Takes blocks as they come and appends their peaks to a file; memory does not grow."""

    def __init__(self, path: Path, lanes: int) -> None:
        self._part = path.with_suffix(path.suffix + ".part")
        self._path = path
        self._lanes = lanes
        self._file: BinaryIO = self._part.open("wb")
        self._rest: Samples = np.zeros((lanes, 0), np.float32)
        self.buckets = 0

    def push(self, block: Samples) -> Peaks:
        """Peaks of all whole buckets so far; returns them as (buckets, lanes, 2) int8."""
        samples = np.concatenate([self._rest, block], axis=1)
        whole = samples.shape[1] // BUCKET
        self._rest = samples[:, whole * BUCKET :].copy()
        return self._write(samples[:, : whole * BUCKET])

    def close(self) -> None:
        """Write the rest and put the file in its place."""
        if self._rest.shape[1]:
            pad = BUCKET - self._rest.shape[1]
            self._write(np.pad(self._rest, ((0, 0), (0, pad))))
        self._file.close()
        head = json.dumps({"lanes": self._lanes, "bucket_ms": BUCKET_MS, "buckets": self.buckets}).encode()
        with self._path.open("wb") as out, self._part.open("rb") as body:
            out.write(_MAGIC + head + b"\n")
            while chunk := body.read(1 << 20):
                out.write(chunk)
        self._part.unlink()

    def discard(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._part.unlink(missing_ok=True)

    def _write(self, samples: Samples) -> Peaks:
        shaped = samples.reshape(self._lanes, -1, BUCKET)
        pair = np.stack([shaped.min(axis=2), shaped.max(axis=2)], axis=2)
        peaks: Peaks = np.round(np.clip(pair, -1, 1) * 127).astype(np.int8).transpose(1, 0, 2)
        self._file.write(np.ascontiguousarray(peaks).tobytes())
        self.buckets += peaks.shape[0]
        return peaks


def read(path: Path) -> list[Peaks]:
    """All levels, finest first; each an int8 array (buckets, lanes, 2)."""
    with path.open("rb") as file:
        if file.readline() != _MAGIC:
            raise ValueError(f"{path.name} holds no peaks")
        head = json.loads(file.readline())
        finest = np.frombuffer(file.read(), np.int8).reshape(-1, head["lanes"], 2)
    levels = [finest]
    while levels[-1].shape[0] > 1024:
        levels.append(_coarser(levels[-1]))
    return levels


def _coarser(level: Peaks) -> Peaks:
    whole = np.pad(level, ((0, -len(level) % FACTOR), (0, 0), (0, 0)), mode="edge")
    shaped = whole.reshape(-1, FACTOR, level.shape[1], 2)
    return np.stack([shaped[..., 0].min(axis=1), shaped[..., 1].max(axis=1)], axis=2)
