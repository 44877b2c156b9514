"""The draft engine: PocketSphinx, whose wheel carries its model, so it works at once and offline. English only.

Its words are rough (13 % wrong on clean synthetic speech, about half on real talk, most on the telephone) and always
labelled a draft. A word's confidence is its posterior in the lattice: low for most words even where they are right, but
its mean over many words tells how many are wrong. Each run is decoded as one whole utterance with its own mean
normalisation, after the features were reset: without that, answers would depend on what was decoded before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from coachdesk.audio.load import RATE_HZ
from coachdesk.errors import EngineError
from coachdesk.speech.engine import Clip, EngineChoice, Heard, HeardWord

QUIET_MS = 1_000  # decodes run by run and pays for speech only: a chunk is a turn, so little is left at hanging up
_FRAME_MS = 10
_NOT_WORDS = ("<", "[", "+")


class DraftEngine:
    """PocketSphinx with its bundled model. Raises EngineError for any language but English."""

    def __init__(self, choice: EngineChoice) -> None:
        if choice.language not in ("", "en"):
            raise EngineError(
                "The draft engine knows English only.",
                "Get a Whisper model (`coachdesk models list`), or use --engine none for the numbers alone.",
            )
        from pocketsphinx import Decoder

        self._decoder: Any = Decoder(samprate=RATE_HZ, cmn="batch", loglevel="FATAL")

    def transcribe(self, clips: Iterable[Clip]) -> Iterator[Heard]:
        for clip in clips:
            words: list[HeardWord] = []
            for take in clip.chunk.packed_runs():
                start, stop = take.start_ms * RATE_HZ // 1000, take.end_ms * RATE_HZ // 1000
                pcm = (np.clip(clip.samples[start:stop], -1, 1) * 32767).astype(np.int16)
                words += self._decode(pcm.tobytes(), take.start_ms)
            yield Heard(clip.chunk, tuple(words))

    def _decode(self, pcm: bytes, offset_ms: int) -> list[HeardWord]:
        decoder = self._decoder
        decoder.reinit_feat()
        decoder.start_utt()
        decoder.process_raw(pcm, no_search=False, full_utt=True)
        decoder.end_utt()
        if decoder.hyp() is None:
            return []
        return [
            HeardWord(
                offset_ms + segment.start_frame * _FRAME_MS,
                offset_ms + (segment.end_frame + 1) * _FRAME_MS,
                segment.word.split("(")[0],
                round(min(1.0, max(0.0, float(segment.prob))), 4),
            )
            for segment in decoder.seg()
            if not segment.word.startswith(_NOT_WORDS)
        ]
