"""One document per call beside the database: everything stored about it, so that the history can be rebuilt from files.

Format coachdesk.call/1: the call's rows, table by table, without what can be derived again. Written whole and renamed
into place after every change of the call.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
from pathlib import Path

from coachdesk.history.store import Store

FORMAT = "coachdesk.call/1"
CASES_FORMAT = "coachdesk.cases/1"
_OF_CALL = {
    "call": "id = ?",
    "recording": "call_id = ?",
    "activity": "recording_id IN (SELECT id FROM recording WHERE call_id = ?)",
    "voices": "recording_id IN (SELECT id FROM recording WHERE call_id = ?)",
    "speaker": "call_id = ?",
    "transcript": "call_id = ?",
    "utterance": "transcript_id IN (SELECT id FROM transcript WHERE call_id = ?)",
    "event": "call_id = ?",
    "next_step": "call_id = ?",
    "person": "id = (SELECT rep_id FROM call WHERE id = ?)",
    "position": "id = (SELECT position_id FROM call WHERE id = ?)",
    "cases": "id = (SELECT case_id FROM call WHERE id = ?)",
}


def path(store: Store, call_id: str) -> Path:
    return store.home.sidecars / f"{call_id}.json.gz"


def write(store: Store, call_id: str) -> Path:
    """Write the call's document; returns where it lies."""
    tables = {
        name: [
            {k: v for k, v in row.items() if k != "n"}
            for row in store.rows(f"SELECT * FROM {name} WHERE {where}", (call_id,))
        ]
        for name, where in _OF_CALL.items()
    }
    document = json.dumps({"format": FORMAT, "tables": tables}, ensure_ascii=False, sort_keys=True)
    return _put(path(store, call_id), document)


def write_cases(store: Store) -> Path:
    """Write all cases with the acts on them (coachdesk.cases/1); returns where they lie. What a call's document says of
    its case may be older.
    """
    tables = {
        "cases": store.rows("SELECT * FROM cases ORDER BY id"),
        "event": store.rows("SELECT * FROM event WHERE call_id IS NULL ORDER BY lamport, id"),
    }
    document = json.dumps({"format": CASES_FORMAT, "tables": tables}, ensure_ascii=False, sort_keys=True)
    return _put(store.home.cases, document)


def _put(target: Path, document: str) -> Path:
    part = target.with_suffix(f".{secrets.token_hex(4)}.part")  # window and terminal may write the same call at once
    with part.open("wb") as file:
        file.write(gzip.compress(document.encode(), compresslevel=5, mtime=0))
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    return target


def remove(store: Store, call_id: str) -> None:
    path(store, call_id).unlink(missing_ok=True)
