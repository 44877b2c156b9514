"""Who speaks when on a channel that several people share: a fact about a recording, stored beside its activity."""

from __future__ import annotations

import json
from dataclasses import dataclass

from coachdesk.history.store import Store
from coachdesk.spans import Span


@dataclass(frozen=True, slots=True)
class Heard:
    """Spans in ms of the recording with the number of the speaker, from 1; how surely (0..1) and how told apart."""

    spans: tuple[tuple[Span, int], ...]
    confidence: float
    kind: str


def keep(store: Store, recording_id: str, heard: Heard) -> None:
    spans = [[span.start_ms, span.end_ms, speaker] for span, speaker in heard.spans]
    row = {"kind": heard.kind, "confidence": heard.confidence, "spans": json.dumps(spans)}
    with store.write():
        store.insert("voices", {"recording_id": recording_id, **row}, replace=True)


def of_recording(store: Store, recording_id: str) -> Heard | None:
    """None where nobody listened for voices yet."""
    row = store.row("SELECT kind, confidence, spans FROM voices WHERE recording_id = ?", (recording_id,))
    if row is None:
        return None
    spans = tuple((Span(start, end), speaker) for start, end, speaker in json.loads(row["spans"]))
    return Heard(spans, row["confidence"], row["kind"])
