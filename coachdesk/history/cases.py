"""Cases in their rows: a case with what hangs on it, and moving that from one case to another.

The calls of a case are those that name it; a next step belongs to the case its call belongs to now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coachdesk.errors import InputError, NotFound
from coachdesk.history.store import Store

CASE_COLUMNS = ("name", "stage", "result", "result_at")
_HANGS_ON = ("call", "next_step", "position")  # tables with a case_id


@dataclass(frozen=True, slots=True)
class Moved:
    """Ids of the rows that went from one case to another, by table."""

    call: tuple[str, ...] = ()
    next_step: tuple[str, ...] = ()
    position: tuple[str, ...] = ()


def listed(store: Store, today: str) -> list[dict[str, Any]]:
    """All cases that have a call outside the bin, or something a person said of them; the last spoken with first.

    `open` counts their open next steps, `due` those of them whose day has come by `today` (ISO).
    """
    return store.rows(f"{_LISTED} ORDER BY last_call_at IS NULL, last_call_at DESC, name, id", {"today": today})


_LISTED = """
SELECT cases.id, cases.name, cases.stage, cases.result, cases.result_at, coalesce(c.calls, 0) AS calls, c.last_call_at,
coalesce(s.open, 0) AS open, coalesce(s.due, 0) AS due FROM cases
LEFT JOIN (SELECT case_id, count(*) AS calls, max(started_at) AS last_call_at FROM call
  WHERE deleted_at IS NULL AND case_id IS NOT NULL GROUP BY case_id) c ON c.case_id = cases.id
LEFT JOIN (SELECT call.case_id, count(*) AS open, sum(next_step.due IS NOT NULL AND next_step.due <= :today) AS due
  FROM next_step JOIN call ON call.id = next_step.call_id
  WHERE next_step.state = 'open' AND call.deleted_at IS NULL GROUP BY call.case_id) s ON s.case_id = cases.id
WHERE c.calls > 0 OR cases.stage IS NOT NULL OR cases.result IS NOT NULL
"""


def row_of(store: Store, case_id: str) -> dict[str, Any]:
    """A case by its id. Raises NotFound."""
    found = store.row("SELECT id, name, stage, result, result_at FROM cases WHERE id = ?", (case_id,))
    if found is None:
        raise NotFound("This case is not there any more.", "`coachdesk case` lists them.")
    return found


def named(store: Store, name: str) -> str:
    """The id of the case of this name, however it is capitalised. Raises NotFound, or InputError where several fit."""
    wanted = folded(name)
    rows = store.rows("SELECT id, name FROM cases ORDER BY name, id")
    exact = [row["id"] for row in rows if row["name"] == name]
    alike = exact or [row["id"] for row in rows if folded(row["name"]) == wanted]
    if not alike:
        raise NotFound(f"There is no case {name}.", "Give a call its case: `coachdesk amend CALL --account NAME`.")
    if len(alike) > 1:
        raise InputError(f"{len(alike)} cases are called like {name}.", "Write it with the same capitals.")
    return str(alike[0])


def folded(name: str) -> str:
    """A name as it is compared: capitals and spaces make no difference."""
    return " ".join(name.split()).casefold()


def set_columns(store: Store, case_id: str, **columns: str | None) -> None:
    """Set some of CASE_COLUMNS."""
    assert columns.keys() <= set(CASE_COLUMNS)
    names = ", ".join(f"{name} = :{name}" for name in columns)
    with store.write():
        store.execute(f"UPDATE cases SET {names} WHERE id = :_id", {**columns, "_id": case_id})


def calls_of(store: Store, case_id: str) -> list[dict[str, Any]]:
    """The calls of a case, newest first, each with the share of the own side."""
    return store.rows(
        """SELECT call.id, call.title, call.kind, call.playbook, call.started_at, call.duration_ms, call.source,
        call.state, call.result, share.value AS talk_ratio FROM call
        LEFT JOIN measurement share ON share.metric = 'talk_ratio' AND share.call_id = call.id
          AND share.subject = 'side:rep'
        WHERE call.case_id = ? AND call.deleted_at IS NULL ORDER BY call.started_at DESC, call.id""",
        (case_id,),
    )


def results_had(store: Store, case_id: str) -> set[str]:
    """Every result a person gave this case so far, one by one."""
    said = """SELECT json_extract(body, '$.result') FROM event
        WHERE kind = 'case_result' AND json_extract(body, '$.case') = ?"""
    return {result for result in store.column(said, (case_id,)) if result}


def steps_of(store: Store, case_id: str) -> list[dict[str, Any]]:
    """The next steps of a case's calls: the open ones first, by their day, then the newest."""
    return store.rows(
        """SELECT next_step.id, next_step.call_id, call.title, next_step.text, next_step.owner, next_step.due,
        next_step.state, next_step.source, next_step.start_ms FROM next_step JOIN call ON call.id = next_step.call_id
        WHERE call.case_id = ? AND call.deleted_at IS NULL
        ORDER BY next_step.state != 'open', next_step.due IS NULL, next_step.due, call.started_at DESC,
        next_step.start_ms IS NULL, next_step.start_ms, next_step.id""",
        (case_id,),
    )


def step(store: Store, step_id: str) -> dict[str, Any]:
    """A next step by any unique prefix of its id. Raises NotFound, or InputError where several fit."""
    wanted = step_id.lower()
    found = store.rows(
        """SELECT next_step.* FROM next_step JOIN call ON call.id = next_step.call_id
        WHERE next_step.id >= ? AND next_step.id < ? AND call.deleted_at IS NULL ORDER BY next_step.id""",
        (wanted, wanted + "g"),
    )
    if not wanted or not found:
        raise NotFound(f"There is no next step {step_id}.", "`coachdesk next` lists them with their ids.")
    if len(found) > 1:
        raise InputError(f"{len(found)} next steps begin with {step_id}.", "Give one more letter of the id.")
    return found[0]


def move(store: Store, from_id: str, to_id: str) -> Moved:
    """Everything that hangs on one case, onto another; the first is empty then."""
    return Moved(*(_moved(store, table, from_id, to_id) for table in _HANGS_ON))


def _moved(store: Store, table: str, from_id: str, to_id: str) -> tuple[str, ...]:
    ids = store.column(f"SELECT id FROM {table} WHERE case_id = ? ORDER BY id", (from_id,))
    store.execute(f"UPDATE {table} SET case_id = ? WHERE case_id = ?", (to_id, from_id))
    return tuple(ids)


def move_back(store: Store, moved: Moved, from_id: str, to_id: str) -> None:
    """Undo `move`: of what went to `from_id` and is still there, all back to `to_id`."""
    for table in _HANGS_ON:
        for one in getattr(moved, table):
            store.execute(
                f"UPDATE {table} SET case_id = ? WHERE id = ? AND case_id = ?",
                (to_id, one, from_id),
            )


def remove(store: Store, case_id: str) -> dict[str, Any]:
    """Remove a case that nothing hangs on; returns its whole row, to be put back."""
    row = store.row("SELECT * FROM cases WHERE id = ?", (case_id,))
    assert row is not None
    store.execute("DELETE FROM cases WHERE id = ?", (case_id,))
    return row


def put_back(store: Store, row: dict[str, Any]) -> None:
    """A removed case, as it was."""
    store.insert("cases", dict(row))
