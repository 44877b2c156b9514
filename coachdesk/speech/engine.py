"""The seam of the speech engines: clips in, words out, lazily, one answer per clip and in order.

An engine's answer for a clip depends on nothing but that clip and the engine's own parameters: so work can be resumed,
repeated and batched without changing a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from coachdesk.speech.cutter import Chunk


@dataclass(frozen=True, slots=True)
class Clip:
    """A chunk with its packed sound: 1-D float32 at 16 kHz."""

    chunk: Chunk
    samples: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word with its times inside the packed clip, in ms; confidence 0..1."""

    start_ms: float
    end_ms: float
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What an engine heard in one clip. `no_speech` and `log_prob` are the engine's own doubts about the whole clip."""

    chunk: Chunk
    words: tuple[HeardWord, ...]
    no_speech: float = 0.0
    log_prob: float = 0.0
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Which engine with which parameters; equal choices give equal words."""

    engine: str
    model: str = ""
    language: str = ""
    hot_words: tuple[str, ...] = ()
    threads: int = 0
    batch: int = 4
    options: dict[str, float] = field(default_factory=dict)


class Engine(Protocol):
    """One method. `transcribe` may read clips ahead by its batch, never more."""

    def transcribe(self, clips: Iterable[Clip]) -> Iterator[Heard]: ...
