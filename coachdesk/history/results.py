"""Derived results, stages and jobs: what can be computed again, and what was being computed when."""

from __future__ import annotations

import json
from typing import Any

from coachdesk.history.store import Store, new_id, now
from coachdesk.model import Measurement


def keep(store: Store, call_id: str, inputs: str, document: bytes, measurements: list[Measurement]) -> None:
    """The derived document of a call and its numbers as rows, together."""
    with store.write():
        store.insert(
            "derived", {"call_id": call_id, "inputs": inputs, "document": document, "made_at": now()}, replace=True
        )
        store.execute("DELETE FROM measurement WHERE call_id = ?", (call_id,))
        store.insert_all(
            "measurement",
            [
                {
                    "metric": m.metric,
                    "call_id": call_id,
                    "subject": m.subject,
                    "value": m.value,
                    "unit": m.unit,
                    "grade": m.grade.value,
                    "basis": m.basis.value,
                    "rough": int(m.rough),
                }
                for m in measurements
                if m.value is not None
            ],
            replace=True,
        )


def kept(store: Store, call_id: str) -> tuple[str, bytes, str] | None:
    """(hash of the inputs, document, when) of the derived result, if there is one."""
    row = store.row("SELECT inputs, document, made_at FROM derived WHERE call_id = ?", (call_id,))
    return (row["inputs"], bytes(row["document"]), row["made_at"]) if row else None


# Samples are nobody's history; calls of another by name are theirs. Where nobody said who one is, all others are own.
OWN = """call.deleted_at IS NULL AND call.source != 'sample' AND (call.rep_id IS NULL OR me() = ''
OR call.rep_id IN (SELECT id FROM person WHERE is_me = 1 OR name IN ('', me())))"""
_BEFORE = f"""call.kind = (SELECT kind FROM call WHERE id = :call) AND {OWN} AND (call.started_at, call.rowid) <
(SELECT started_at, rowid FROM call WHERE id = :call)"""
_NEWEST = "ORDER BY call.started_at DESC, call.rowid DESC"


def kinds(store: Store) -> list[str]:
    """The kinds there are own calls of."""
    return store.column(f"SELECT DISTINCT kind FROM call WHERE {OWN} ORDER BY kind")


def of_kind(store: Store, kind: str) -> list[dict[str, Any]]:
    """The own calls of a kind, oldest first; among those that began at once, as they came in."""
    return store.rows(
        f"SELECT id, title, started_at, created_at, playbook FROM call WHERE kind = ? AND {OWN} "
        "ORDER BY started_at, rowid",
        (kind,),
    )


def newest_of_kind(store: Store, kind: str) -> dict[str, Any] | None:
    return store.row(f"SELECT id, started_at FROM call WHERE kind = ? AND {OWN} {_NEWEST} LIMIT 1", (kind,))


def before(store: Store, call_id: str, most: int) -> list[str]:
    """The own calls of the same kind before a call, newest first."""
    return store.column(f"SELECT id FROM call WHERE {_BEFORE} {_NEWEST} LIMIT :most", {"call": call_id, "most": most})


def values_before(store: Store, call_id: str, metric: str, most: int) -> dict[tuple[str, str], list[float]]:
    """The last values of a number of the own side before a call, newest first, by (metric, basis).

    Bases are never mixed; rough numbers are left out.
    """
    found: dict[tuple[str, str], list[float]] = {}
    for row in store.rows(
        f"""SELECT basis, value FROM measurement JOIN call ON call.id = call_id WHERE metric = :metric AND rough = 0
        AND subject IN ('call', 'side:rep') AND {_BEFORE} {_NEWEST}""",
        {"call": call_id, "metric": metric},
    ):
        values = found.setdefault((metric, row["basis"]), [])
        if len(values) < most:
            values.append(row["value"])
    return found


def over_calls(store: Store, metric: str = "", kind: str = "") -> list[dict[str, Any]]:
    """The numbers of all own calls as rows, oldest first: about the call, the own side, or `metric`'s only side."""
    return store.rows(
        f"""SELECT metric, subject, kind, basis, unit, rough, value, call.id AS call, title, started_at
        FROM measurement JOIN call ON call.id = call_id
        WHERE {OWN} AND (:metric = '' OR metric = :metric) AND (:kind = '' OR kind = :kind)
        AND (subject IN ('call', 'side:rep') OR metric = 'longest_customer_story_ms')
        ORDER BY kind, metric, basis, started_at, call.rowid""",
        {"metric": metric, "kind": kind},
    )


# --- stages


def start_stage(store: Store, call_id: str, stage: str, params: str, owner: str) -> None:
    """Attempts are counted at the start, so that a crash counts."""
    with store.write():
        before = store.row("SELECT attempts, params FROM stage WHERE call_id = ? AND stage = ?", (call_id, stage))
        attempts = before["attempts"] if before and before["params"] == params else 0
        store.insert(
            "stage",
            {
                "call_id": call_id,
                "stage": stage,
                "params": params,
                "state": "running",
                "owner": owner,
                "attempts": attempts + 1,
                "started_at": now(),
            },
            replace=True,
        )


def end_stage(store: Store, call_id: str, stage: str, state: str, code: str = "", message: str = "") -> None:
    with store.write():
        store.execute(
            "UPDATE stage SET state = ?, error_code = ?, error_message = ?, finished_at = ? WHERE call_id = ? AND stage = ?",
            (state, code or None, message or None, now(), call_id, stage),
        )


def stages(store: Store, call_id: str) -> dict[str, dict[str, Any]]:
    return {row["stage"]: row for row in store.rows("SELECT * FROM stage WHERE call_id = ?", (call_id,))}


# --- jobs


def add_job(store: Store, kind: str, owner: str, request: dict[str, Any]) -> str:
    made = new_id()
    with store.write():
        store.insert(
            "job",
            {
                "id": made,
                "kind": kind,
                "owner": owner,
                "state": "running",
                "request": json.dumps(request),
                "created_at": now(),
            },
        )
    return made


def end_job(store: Store, job_id: str, state: str, call_id: str | None = None, code: str = "") -> None:
    with store.write():
        store.execute(
            "UPDATE job SET state = ?, call_id = coalesce(?, call_id), error_code = ?, finished_at = ? WHERE id = ?",
            (state, call_id, code or None, now(), job_id),
        )


def interrupted_jobs(store: Store, kind: str) -> list[dict[str, Any]]:
    """Jobs whose program ended before they did, newest first, with their requests as they were asked."""
    found = store.rows(
        "SELECT id, request, created_at FROM job WHERE state = 'interrupted' AND kind = ? ORDER BY created_at DESC, id",
        (kind,),
    )
    return [{**row, "request": json.loads(row["request"])} for row in found]


def running_jobs(store: Store) -> list[dict[str, Any]]:
    return store.rows("SELECT * FROM job WHERE state = 'running' ORDER BY created_at")
