"""Human acts, append-only: {id, author_id, lamport, at, kind, call_id, body}. Two machines never collide.

Kinds now: correct, name, role, swap, consent, result, answer, comment, respond, kind, next_step, playbook, title, case,
date, reviewed, wording, recorded, spoken, speaker, split, merge, brief_fact, brief_line, asked, position, comment_edit,
comment_remove, comment_resolve, card, score.
Without a call: case_stage, case_result, case_name, case_merge, case_part, results, guide (of a position).
What an act means is decided by the desk; here it is kept and read in order. A `respond` names the newest call of the kind
there was then (`last`, `last_at`): what comes later proves the advice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from coachdesk.history.store import Store, new_id, now


@dataclass(frozen=True, slots=True)
class Event:
    """One act; order is (lamport, id), time is the author's clock, for showing only."""

    id: str
    author_id: str
    lamport: int
    at: str
    kind: str
    call_id: str | None
    body: dict[str, Any]


def append(store: Store, kind: str, call_id: str | None, body: dict[str, Any], said_with: Event | None = None) -> Event:
    """Keep an act as the last one; with `said_with`, in that one's place in the order and at its time (a call made of others
    says again what was said on them, and overrules nothing that was said since).
    """
    with store.write():
        last = store.row("SELECT coalesce(max(lamport), 0) AS last FROM event")
        assert last is not None
        place, at = (said_with.lamport, said_with.at) if said_with else (last["last"] + 1, now())
        made = Event(new_id(), store.author_id, place, at, kind, call_id, body)
        store.insert(
            "event",
            {
                "id": made.id,
                "author_id": made.author_id,
                "lamport": made.lamport,
                "at": made.at,
                "kind": kind,
                "call_id": call_id,
                "body": json.dumps(body, ensure_ascii=False, sort_keys=True),
            },
        )
    return made


def of_call(store: Store, call_id: str, *kinds: str) -> list[Event]:
    """The acts on a call in order, of these kinds or of all."""
    chosen = f"AND kind IN ({','.join('?' * len(kinds))})" if kinds else ""
    found = store.rows(f"SELECT * FROM event WHERE call_id = ? {chosen} ORDER BY lamport, id", (call_id, *kinds))
    return [
        Event(r["id"], r["author_id"], r["lamport"], r["at"], r["kind"], r["call_id"], json.loads(r["body"]))
        for r in found
    ]


def of_kind(store: Store, kind: str) -> list[Event]:
    """The acts of a kind over all calls outside the bin, in order."""
    found = store.rows(
        "SELECT event.* FROM event JOIN call ON call.id = call_id WHERE event.kind = ? AND deleted_at IS NULL "
        "ORDER BY lamport, event.id",
        (kind,),
    )
    return [
        Event(r["id"], r["author_id"], r["lamport"], r["at"], r["kind"], r["call_id"], json.loads(r["body"]))
        for r in found
    ]


def remove(store: Store, event_id: str) -> None:
    """Take back one's own act (undo)."""
    with store.write():
        store.execute("DELETE FROM event WHERE id = ? AND author_id = ?", (event_id, store.author_id))
