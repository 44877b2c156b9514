"""Positions: what several calls are about alike, with the questions planned for it. Rows in and out; nothing is judged."""

from __future__ import annotations

import json
from typing import Any

from coachdesk.history.store import Store, new_id, now

Guide = list[dict[str, Any]]


def find(store: Store, title: str) -> dict[str, Any] | None:
    """{id, title, guide} of the position with this title, however it is capitalised."""
    return _row(store.row("SELECT id, title, guide FROM position WHERE title = ? COLLATE NOCASE ORDER BY id", (title,)))


def of_call(store: Store, call_id: str) -> dict[str, Any] | None:
    """The position a call is about."""
    found = store.row(
        "SELECT position.id, position.title, guide FROM call JOIN position ON position.id = position_id WHERE call.id = ?",
        (call_id,),
    )
    return _row(found)


def of_case(store: Store, case: str) -> dict[str, Any] | None:
    """The position the last call of a case (by its name) was about, among those about any."""
    found = store.row(
        """SELECT position.id, position.title, guide FROM call JOIN position ON position.id = position_id
        JOIN cases ON cases.id = call.case_id WHERE cases.name = ? COLLATE NOCASE AND call.deleted_at IS NULL
        ORDER BY started_at DESC, call.id LIMIT 1""",
        (case,),
    )
    return _row(found)


def with_guides(store: Store) -> list[dict[str, Any]]:
    """{id, title, guide} of those for which questions are planned, by title."""
    found = store.rows("SELECT id, title, guide FROM position ORDER BY title COLLATE NOCASE, id")
    return [row for row in map(_row, found) if row and row["guide"]]


def everything(store: Store) -> list[dict[str, Any]]:
    """{title, questions, calls} of each, by title."""
    found = store.rows(
        """SELECT position.title, guide, count(call.id) AS calls FROM position
        LEFT JOIN call ON call.position_id = position.id AND call.deleted_at IS NULL
        GROUP BY position.id ORDER BY position.title COLLATE NOCASE, position.id"""
    )
    return [{"title": row["title"], "questions": len(json.loads(row["guide"])), "calls": row["calls"]} for row in found]


def put(store: Store, title: str, guide: Guide | None = None) -> str:
    """The id of the position of this title, added where new; with a guide, that is its guide from now on."""
    known = find(store, title)
    written = json.dumps(guide or [], ensure_ascii=False, sort_keys=True)
    with store.write():
        if known is None:
            made = new_id()
            store.insert("position", {"id": made, "title": title, "guide": written, "created_at": now()})
            return made
        if guide is not None:
            store.execute("UPDATE position SET guide = ? WHERE id = ?", (written, known["id"]))
    return str(known["id"])


def calls_about(store: Store, position_id: str) -> list[str]:
    """Ids of the calls about a position, oldest first."""
    found = store.rows(
        "SELECT id FROM call WHERE position_id = ? AND deleted_at IS NULL ORDER BY started_at, id", (position_id,)
    )
    return [row["id"] for row in found]


def calls_by_playbook(store: Store, playbook_id: str) -> list[str]:
    """Ids of the calls of a playbook that are about no position, oldest first."""
    found = store.rows(
        "SELECT id FROM call WHERE playbook = ? AND position_id IS NULL AND deleted_at IS NULL ORDER BY started_at, id",
        (playbook_id,),
    )
    return [row["id"] for row in found]


def _row(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return row and {**row, "guide": json.loads(row["guide"])}
