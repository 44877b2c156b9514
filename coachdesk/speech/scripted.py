"""The scripted engine: recites words that were written beforehand. For tests and screenshots; it ships.

Its "model" is a JSON file: {"draft": false, "chunk_delay_ms": 0, "utterances": [{"channel", "start_ms", "end_ms",
"text"}]}. Words are spread evenly over their utterance; each chunk recites the words that lie in it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from coachdesk.errors import ModelMissing
from coachdesk.spans import Span
from coachdesk.speech.cutter import Chunk
from coachdesk.speech.engine import Clip, EngineChoice, Heard, HeardWord

_EDGE_MS = 400


class ScriptedEngine:
    """Recites. Raises ModelMissing where the script is not there."""

    def __init__(self, choice: EngineChoice) -> None:
        path = Path(choice.model)
        if not path.is_file():
            raise ModelMissing("The script to recite is not there.", "Name it with --model FILE.json.")
        script = json.loads(path.read_text("utf-8"))
        self._lines = script["utterances"]
        self._delay_s = script.get("chunk_delay_ms", 0) / 1000

    def transcribe(self, clips: Iterable[Clip]) -> Iterator[Heard]:
        for clip in clips:
            if self._delay_s:
                time.sleep(self._delay_s)
            yield Heard(clip.chunk, tuple(self._words(clip.chunk)))

    def _words(self, chunk: Chunk) -> Iterator[HeardWord]:
        for line in self._lines:
            if line["channel"] != chunk.channel:
                continue
            span = Span(line["start_ms"], line["end_ms"])
            texts = line["text"].split()
            whole = chunk.start_ms - _EDGE_MS <= span.start_ms and span.end_ms <= chunk.end_ms + _EDGE_MS
            step = span.duration_ms / max(1, len(texts))
            for n, text in enumerate(texts):
                at = chunk.packed_at(span.start_ms + (n + 0.5) * step)
                if at is None and whole:
                    at = self._nearest(chunk, span.start_ms + (n + 0.5) * step)
                if at is not None:
                    yield HeardWord(max(0.0, at - step / 2), at + step / 2, text, 1.0)

    @staticmethod
    def _nearest(chunk: Chunk, real_ms: float) -> float:
        edges = [edge for take in chunk.takes for edge in (take.start_ms, take.end_ms)]
        found = chunk.packed_at(min(edges, key=lambda edge: abs(edge - real_ms)))
        assert found is not None
        return found
