"""The list of all calls: which, in which order, and their rows page by page. Made for a hundred thousand of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coachdesk.history.store import Store

ORDERS = ("date", "title", "kind", "case", "result", "length", "share", "state")
_ORDER = {
    "kind": "call.kind",
    "case": "cases.name COLLATE NOCASE",
    "result": "call.result",
    "length": "call.duration_ms",
    "share": "share.value",
    "state": "call.state",
}
_SHARE = "LEFT JOIN measurement share ON share.metric = 'talk_ratio' AND share.call_id = call.id AND share.subject = 'side:rep'"
_CASES = "LEFT JOIN cases ON cases.id = call.case_id"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls, and in which order. Empty fields choose nothing away. `text` is looked for in titles, cases and names."""

    text: str = ""
    kind: str = ""
    case: str = ""
    state: str = ""
    result: str = ""
    since: str = ""
    order: str = "date"
    descending: bool = True


def numbers(store: Store, wanted: Wanted) -> list[int]:
    """The row numbers of the wanted calls in order; a number stays the call's own for as long as it exists."""
    conditions, params = ["call.deleted_at IS NULL"], {}
    for column, value in (("kind", wanted.kind), ("state", wanted.state), ("result", wanted.result)):
        if value:
            conditions.append(f"call.{column} = :{column}")
            params[column] = value
    if wanted.case:
        conditions.append("cases.name = :case")
        params["case"] = wanted.case
    if wanted.since:
        conditions.append("call.started_at >= :since")
        params["since"] = wanted.since
    if wanted.text.strip():
        conditions.append(
            "(call.title LIKE :text ESCAPE '\\' OR cases.name LIKE :text ESCAPE '\\' OR person.name LIKE :text ESCAPE '\\')"
        )
        params["text"] = f"%{_literal(wanted.text.strip())}%"
    joins = [
        _CASES if wanted.case or wanted.order == "case" or wanted.text.strip() else "",
        _SHARE if wanted.order == "share" else "",
        "LEFT JOIN person ON person.id = call.rep_id" if wanted.text.strip() else "",
    ]
    found: list[int] = store.column(
        f"SELECT call.rowid FROM call {' '.join(joins)} WHERE {' AND '.join(conditions)} ORDER BY {_order(wanted)}",
        params,
    )
    return found


def _order(wanted: Wanted) -> str:
    """By date and by title as their indexes run, so that nothing is sorted; else the newest first among equals."""
    way, back = ("DESC", "ASC") if wanted.descending else ("ASC", "DESC")
    if wanted.order == "date":
        return f"call.started_at {way}, call.rowid {back}"
    if wanted.order == "title":
        return f"call.title COLLATE NOCASE {way}, call.rowid {way}"
    last = " NULLS LAST" if wanted.order in ("case", "result", "share") else ""
    return f"{_ORDER[wanted.order]} {way}{last}, call.started_at DESC, call.rowid {way}"


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def rows(store: Store, wanted: list[int]) -> dict[int, dict[str, Any]]:
    """The rows of these numbers, for one page of the list."""
    marks = ",".join("?" * len(wanted))
    found = store.rows(
        f"""SELECT call.rowid AS n, call.id, call.title, call.kind, call.playbook, call.started_at, call.duration_ms,
        call.source, call.state, call.result, call.consent, cases.name AS case_name, person.name AS rep,
        share.value AS talk_ratio, transcript.draft, transcript.grade, transcript.engine,
        stage.state AS words_state, stage.error_message AS problem
        FROM call {_CASES} {_SHARE}
        LEFT JOIN person ON person.id = call.rep_id
        LEFT JOIN transcript ON transcript.call_id = call.id AND transcript.current = 1
        LEFT JOIN stage ON stage.call_id = call.id AND stage.stage = 'transcribe'
        WHERE call.rowid IN ({marks})""",
        tuple(wanted),
    )
    return {row.pop("n"): row for row in found}


def facets(store: Store) -> dict[str, list[str]]:
    """The values there are to filter by."""
    return {
        "kind": store.column("SELECT DISTINCT kind FROM call WHERE deleted_at IS NULL ORDER BY 1"),
        "result": store.column(
            "SELECT DISTINCT result FROM call WHERE deleted_at IS NULL AND result IS NOT NULL ORDER BY 1"
        ),
        "case": store.column(
            "SELECT name FROM cases WHERE id IN (SELECT case_id FROM call WHERE deleted_at IS NULL) "
            "ORDER BY name COLLATE NOCASE LIMIT 500"
        ),
    }


def count(store: Store) -> int:
    """How many calls there are outside the bin."""
    return int(store.column("SELECT count(*) FROM call WHERE deleted_at IS NULL")[0])


_FEW = "call.id, call.title, call.kind, call.started_at, call.duration_ms, call.state, cases.name AS case_name"


def unreviewed(store: Store) -> list[dict[str, Any]]:
    """Calls nobody is done with, newest first."""
    return store.rows(
        f"SELECT {_FEW} FROM call {_CASES} WHERE call.deleted_at IS NULL AND call.state != 'reviewed' "
        "ORDER BY call.started_at DESC, call.rowid DESC"
    )
