"""Small changes a person makes to a case. Each is kept as an act, takes effect at once, and gives back what undoes it.

A case is meant by its id: names change. Results are the playbooks' words (the desk checks them); a stage is whatever
the person calls it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coachdesk.desk.pipeline import one_line
from coachdesk.errors import InputError
from coachdesk.history import cases, events
from coachdesk.history.store import Store


@dataclass(frozen=True, slots=True)
class SetStage:
    """Where the case stands, in the person's own words; "" = not said."""

    case: str
    stage: str


@dataclass(frozen=True, slots=True)
class SetCaseResult:
    """How the case ended, in a playbook's words, and on which day (ISO); "" = none yet."""

    case: str
    result: str
    on: str


@dataclass(frozen=True, slots=True)
class RenameCase:
    """Another name; one that another case has is refused: those are merged."""

    case: str
    name: str


@dataclass(frozen=True, slots=True)
class MergeCases:
    """All that hangs on `case` goes to `into`, and `case` is gone. What `into` does not say itself it takes over."""

    case: str
    into: str


@dataclass(frozen=True, slots=True)
class PartCases:
    """What was merged, as it was (undo): `row` is the case that was gone, `kept` what `into` said before."""

    row: dict[str, Any]
    into: str
    moved: cases.Moved
    kept: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Several:
    """Changes one after the other: all of them or none."""

    changes: tuple[CaseChange, ...]


CaseChange = SetStage | SetCaseResult | RenameCase | MergeCases | PartCases | Several


def amend_case(store: Store, change: CaseChange) -> CaseChange:
    """Make one change with its act; returns the change that undoes it.

    Raises NotFound where the case is gone, InputError where the change makes no sense.
    """
    with store.write():
        if isinstance(change, Several):
            return Several(tuple(amend_case(store, one) for one in change.changes)[::-1])
        if isinstance(change, SetStage):
            return _stage(store, change)
        if isinstance(change, SetCaseResult):
            return _result(store, change)
        if isinstance(change, RenameCase):
            return _rename(store, change)
        if isinstance(change, MergeCases):
            return _merge(store, change)
        return _part(store, change)


def calls_moved(change: CaseChange, undo: CaseChange) -> tuple[str, ...]:
    """The calls that belong to another case now than before a change."""
    parted = [one for one in (*each(change), *each(undo)) if isinstance(one, PartCases)]
    return tuple(dict.fromkeys(call_id for one in parted for call_id in one.moved.call))


def each(change: CaseChange) -> tuple[CaseChange, ...]:
    """The single changes of a change."""
    return tuple(one for part in change.changes for one in each(part)) if isinstance(change, Several) else (change,)


def _stage(store: Store, change: SetStage) -> CaseChange:
    before = cases.row_of(store, change.case)
    stage = one_line(change.stage) or None
    cases.set_columns(store, change.case, stage=stage)
    _act(store, "case_stage", case=change.case, stage=stage)
    return SetStage(change.case, before["stage"] or "")


def _result(store: Store, change: SetCaseResult) -> CaseChange:
    before = cases.row_of(store, change.case)
    result, on = (change.result, change.on) if change.result else (None, None)
    cases.set_columns(store, change.case, result=result, result_at=on)
    _act(store, "case_result", case=change.case, result=result, on=on)
    return SetCaseResult(change.case, before["result"] or "", before["result_at"] or "")


def _rename(store: Store, change: RenameCase) -> CaseChange:
    before, name = cases.row_of(store, change.case), one_line(change.name)
    if not name:
        raise InputError("A case needs a name.", "Write one, or leave it as it was.")
    _refuse_taken(store, change.case, name)
    cases.set_columns(store, change.case, name=name)
    _act(store, "case_name", case=change.case, name=name)
    return RenameCase(change.case, before["name"])


def _refuse_taken(store: Store, case_id: str, name: str) -> None:
    others = store.rows("SELECT name FROM cases WHERE id != ?", (case_id,))
    if any(cases.folded(row["name"]) == cases.folded(name) for row in others):
        raise InputError(f"There is another case called {name}.", "Merge the two, or choose another name.")


def _merge(store: Store, change: MergeCases) -> CaseChange:
    gone, kept = cases.row_of(store, change.case), cases.row_of(store, change.into)
    if change.case == change.into:
        raise InputError("A case cannot be merged with itself.", "Name two cases.")
    moved = cases.move(store, change.case, change.into)
    said = {"stage": kept["stage"] or gone["stage"], "result": kept["result"] or gone["result"]}
    said["result_at"] = kept["result_at"] if kept["result"] else gone["result_at"]
    cases.set_columns(store, change.into, **said)
    row = cases.remove(store, change.case)
    _act(store, "case_merge", case=change.case, into=change.into)
    return PartCases(row, change.into, moved, {name: kept[name] for name in said})


def _part(store: Store, change: PartCases) -> CaseChange:
    cases.row_of(store, change.into)
    _refuse_taken(store, change.row["id"], change.row["name"])
    cases.put_back(store, change.row)
    cases.move_back(store, change.moved, change.into, change.row["id"])
    cases.set_columns(store, change.into, **change.kept)
    _act(store, "case_part", case=change.row["id"], into=change.into)
    return MergeCases(change.row["id"], change.into)


def _act(store: Store, kind: str, **body: Any) -> None:
    events.append(store, kind, None, body)
