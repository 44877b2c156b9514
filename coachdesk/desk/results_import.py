"""Results of cases and calls out of a CSV file: first what each line would change, then all of it at once, undone as one.

A line is about a call where it names one (by id, or by title and day), else about a case by its name. Nothing is guessed:
a line that fits nothing, or several things, or says a word no playbook has, or names a call of another case, is left out
and says why. Lines that fit are
written in one transaction. A case is never made here.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import results_file
from coachdesk.desk.cases import allowed_results, books_of
from coachdesk.desk.results_file import Line
from coachdesk.history import calls, cases, events
from coachdesk.history.store import Store

FORMAT = "coachdesk.results/1"
ACT = "results"
_CALL_ID = re.compile(r"[0-9a-f]{6,}")  # fewer digits fit a call by chance: programs number their lines from 1

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one field of a case or call; None = not said."""

    what: str  # case | call
    id: str
    field: str  # result | result_at | stage
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class SetResults:
    """Many results at once. `takes_back`: the act this undoes, so that an undo is never taken for an import."""

    changes: tuple[Change, ...]
    takes_back: str | None = None

    @property
    def calls(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.id for change in self.changes if change.what == "call"))


class _Problem(Exception):
    """Why a line cannot be used: a code and its parameters; faces make the sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def preview(store: Store, path: Path, books: Sequence[Playbook], today: date) -> Document:
    """What each line of a file would change; nothing is changed. A case's result without a day is of `today`.

    {"lines": [{line, what, id, name, changes: [{what, id, field, old, new}], problem: {code, params} or None}], "ready",
    "same", "problems": how many lines change something, change nothing, cannot be used}
    """
    words = {book.words(language).case.lower(): "case" for book in books for language in book.languages}
    table = results_file.read(path, words)
    look_up = _LookUp(store, books, today)
    lines = _settled([look_up.line(line) for line in table.lines])
    return {
        "format": FORMAT,
        "file": path.name,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "columns": table.columns,
        "ignored": list(table.ignored),
        "lines": lines,
        "ready": sum(bool(line["changes"]) for line in lines),
        "same": sum(not line["changes"] and line["problem"] is None for line in lines),
        "problems": sum(line["problem"] is not None for line in lines),
        "applied": False,
    }


def change_of(shown: Document) -> SetResults:
    """What a preview would change, each field once."""
    found = {(c["what"], c["id"], c["field"]): Change(**c) for line in shown["lines"] for c in line["changes"]}
    return SetResults(tuple(found.values()))


def set_results(store: Store, change: SetResults) -> SetResults:
    """Make all changes in one transaction, with one act; returns the change that undoes it."""
    undo: list[Change] = []
    with store.write():
        for one in change.changes:
            if one.what == "call":
                events.append(store, "result", one.id, {"result": one.new})
                calls.change(store, one.id, result=one.new)
            else:
                cases.set_columns(store, one.id, **{one.field: one.new})
            undo.append(Change(one.what, one.id, one.field, one.new, one.old))
        if not change.changes and change.takes_back is None:
            return SetResults(())
        body: Document = {"changes": [_plain(one) for one in change.changes]}
        body |= {"takes_back": change.takes_back} if change.takes_back else {}
        act = events.append(store, ACT, None, body)
    return SetResults(tuple(undo), act.id)


def last_import(store: Store) -> SetResults | None:
    """The change that takes the last import back, as far as nothing else was said since; None where there is none.

    An import that was taken back already is none any more, unless that was undone.
    """
    acts = store.rows(
        "SELECT id, body FROM event WHERE kind = ? AND call_id IS NULL ORDER BY lamport DESC, id DESC", (ACT,)
    )
    void: set[str] = set()
    for act in acts:  # the newest first: what takes an act back is seen before it
        body = json.loads(act["body"])
        if act["id"] in void:
            continue
        if "takes_back" in body:
            void.add(body["takes_back"])
            continue
        back = [Change(a["what"], a["id"], a["field"], a["new"], a["old"]) for a in body["changes"]]
        return SetResults(tuple(one for one in back if _now(store, one) == (one.old,)), act["id"])
    return None


def _now(store: Store, change: Change) -> tuple[Any, ...]:
    table = {"case": "cases", "call": "call"}[change.what]
    return tuple(store.column(f"SELECT {change.field} FROM {table} WHERE id = ?", (change.id,)))


def _plain(one: Change) -> Document:
    return {"what": one.what, "id": one.id, "field": one.field, "old": one.old, "new": one.new}


class _LookUp:
    """The history as lines name it; read once for all lines."""

    def __init__(self, store: Store, books: Sequence[Playbook], today: date) -> None:
        self._today = today.isoformat()
        self._books = books
        self._call_words = {
            book.id: _by_word({w: book.words(book.languages[0]).results.get(w, w) for w in book.results})
            for book in books
        }
        self._cases: dict[str, list[Document]] = defaultdict(list)
        for row in store.rows("SELECT id, name, stage, result, result_at FROM cases ORDER BY name, id"):
            self._cases[cases.folded(row["name"])].append(row)
        self._case_of = {row["id"]: row for rows in self._cases.values() for row in rows}
        self._calls = store.rows(
            "SELECT id, title, playbook, started_at, result, case_id FROM call WHERE deleted_at IS NULL ORDER BY id"
        )
        self._used: dict[str, set[str]] = defaultdict(set)
        for call in self._calls:
            self._used[call["case_id"] or ""].add(call["playbook"])

    def line(self, line: Line) -> Document:
        """A line of the preview; its changes are all it wants, also where it is so already."""
        name = line["case"] or line["title"] or line["call"]
        shown: Document = {"line": line.number, "what": None, "id": None, "name": name, "changes": [], "problem": None}
        try:
            call = self._call(line) if line["call"] or (line["title"] and line["date"]) else None
            case = None if call else self._case(line)
            what, row = ("call", call) if call else ("case", case)
            assert row is not None
            shown |= {"what": what, "id": row["id"], "name": row["title" if call else "name"]}
            wanted = self._of_call(line, row) if call else self._of_case(line, row)
            shown["changes"] = [_plain(change) for change in wanted]
        except _Problem as problem:
            shown["problem"] = {"code": problem.code, "params": problem.params}
        return shown

    def _case(self, line: Line) -> Document:
        name = line["case"]
        if not name:
            raise _Problem("title_without_date" if line["title"] else "names_nothing", title=line["title"])
        found = self._cases.get(cases.folded(name), [])
        exact = [row for row in found if row["name"] == name] or found
        if len(exact) == 1:
            return exact[0]
        if exact:
            raise _Problem("several_cases", n=len(exact), name=name)
        near = get_close_matches(cases.folded(name), list(self._cases), 1, 0.75)
        raise _Problem("no_case", name=name, near=self._cases[near[0]][0]["name"] if near else "")

    def _call(self, line: Line) -> Document:
        wanted = line["call"].lower()
        if wanted:
            found = [row for row in self._calls if row["id"].startswith(wanted)] if _CALL_ID.fullmatch(wanted) else []
        else:
            on = _day(line)
            titled = [row for row in self._calls if cases.folded(row["title"]) == cases.folded(line["title"])]
            found = [row for row in titled if row["started_at"][:10] == on]
        if len(found) == 1:
            return self._of_named_case(line, found[0])
        name = line["call"] or f"{line['title']}, {line['date']}"
        if found:
            raise _Problem("several_calls", n=len(found), name=name)
        if cases.folded(line["case"]) in self._cases:
            raise _Problem("no_call_but_case", name=name, case=line["case"])
        raise _Problem("no_call_id" if wanted and not _CALL_ID.fullmatch(wanted) else "no_call", name=name)

    def _of_named_case(self, line: Line, call: Document) -> Document:
        """The call, where the line names no case or the one the call is of."""
        own = self._case_of.get(call["case_id"] or "", {"name": ""})["name"]
        if line["case"] and cases.folded(line["case"]) != cases.folded(own):
            raise _Problem("other_case", name=call["title"], case=line["case"])
        return call

    def _of_case(self, line: Line, row: Document) -> list[Change]:
        changes = []
        if line["result"]:
            books = books_of(self._used[row["id"]], self._books)
            result = _word(line["result"], _by_word(allowed_results(books)))
            on = _day(line) if line["date"] else row["result_at"] if row["result"] == result else self._today
            changes = [_change("case", row, "result", result), _change("case", row, "result_at", on)]
        if line["stage"]:
            changes.append(_change("case", row, "stage", line["stage"]))
        if not changes:
            raise _Problem("sets_nothing")
        return changes

    def _of_call(self, line: Line, row: Document) -> list[Change]:
        changes = []
        if line["result"]:
            words = self._call_words.get(row["playbook"], {})
            changes = [_change("call", row, "result", _word(line["result"], words))]
        if line["stage"]:
            case = self._case_of.get(row["case_id"] or "")
            if case is None:
                raise _Problem("call_without_case")
            changes.append(_change("case", case, "stage", line["stage"]))
        if not changes:
            raise _Problem("sets_nothing")
        return changes


def _by_word(said: dict[str, str]) -> dict[str, str]:
    """What may stand in a cell, folded, to the result's word."""
    return {cases.folded(text): word for word, label in said.items() for text in (label, word.replace("_", " "), word)}


def _word(cell: str, words: dict[str, str]) -> str:
    if found := words.get(cases.folded(cell)):
        return found
    raise _Problem("unknown_result", word=cell, allowed=", ".join(dict.fromkeys(words.values())))


def _day(line: Line) -> str:
    if found := results_file.day(line["date"]):
        return found.isoformat()
    raise _Problem("unclear_date", date=line["date"])


def _change(what: str, row: Document, field: str, new: str) -> Change:
    return Change(what, row["id"], field, row[field], new)


def _settled(lines: list[Document]) -> list[Document]:
    """The lines with only what they change. Where lines want different things of the same case or call, all of them are
    left out: which one is right only a person knows.
    """
    wanted: dict[tuple[str, str, str], dict[str | None, list[int]]] = defaultdict(dict)
    for line in lines:
        for c in line["changes"]:
            wanted[_place(c)].setdefault(c["new"], []).append(line["line"])
    for line in lines:
        torn = [wanted[_place(c)] for c in line["changes"] if len(wanted[_place(c)]) > 1]
        others = sorted({n for values in torn for ns in values.values() for n in ns} - {line["line"]})
        if torn:
            line["problem"] = {"code": "conflict", "params": {"lines": ", ".join(map(str, others))}}
        line["changes"] = [] if torn else [c for c in line["changes"] if c["old"] != c["new"]]
    return lines


def _place(c: Document) -> tuple[str, str, str]:
    return c["what"], c["id"], c["field"]
