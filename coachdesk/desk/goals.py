"""The person's goals with what their calls say of each: stored answers and stored checks, laid before `coaching.goals`.

What is kept of a call is looked at as it is; where its playbook or the definitions changed since, it is made anew first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from coachdesk.coaching import goals as room
from coachdesk.coaching.goals import Goal
from coachdesk.coaching.improvement import Check, condition_of
from coachdesk.coaching.phrasing import phrase_goal
from coachdesk.coaching.playbook import Playbook, Rule
from coachdesk.desk import own_calls
from coachdesk.desk.recompute import made_with
from coachdesk.history import results
from coachdesk.history.store import Store

LOOKED_AT = 20  # calls on each side: enough for 10 numbers where every second call could not be checked

Document = dict[str, Any]


def goals(store: Store, books: Sequence[Playbook], make_anew: Callable[[str], None], kind: str = "") -> list[Document]:
    """Every goal there is or was (of a kind), the one said yes to last first; of a rule no playbook has any more: none."""
    checks = _Checks(store, books, make_anew)
    orders: dict[str, list[Document]] = {}
    found = []
    for goal in reversed(room.goals(own_calls.acts(store))):
        book = _book_of(goal, books, checks)
        if book is None or kind not in ("", goal.kind):
            continue
        order = orders.setdefault(goal.kind, results.of_kind(store, goal.kind))
        found.append(_document(goal, book, order, checks))
    return found


class _Checks:
    """What became of every rule's test, call by call; each call is read once."""

    def __init__(self, store: Store, books: Sequence[Playbook], make_anew: Callable[[str], None]) -> None:
        self._store, self._make_anew = store, make_anew
        self._books = {book.id: made_with(book) for book in books}
        self._read: dict[str, dict[str, Check]] = {}

    def of(self, rule: str, call: str, playbook: str) -> Check:
        if call not in self._read:
            self._read[call] = self._current(call, playbook)
        return self._read[call].get(rule) or Check(rule, None, reason="not_in_playbook")

    def playbook_of(self, call: str) -> str:
        row = self._store.row("SELECT playbook FROM call WHERE id = ?", (call,))
        return str(row["playbook"]) if row else ""

    def _current(self, call: str, playbook: str) -> dict[str, Check]:
        kept = own_calls.kept(self._store, call)
        if playbook in self._books and (kept is None or kept.made_with != self._books[playbook]):
            self._make_anew(call)
            kept = own_calls.kept(self._store, call)
        return {check.rule: check for check in kept.checks} if kept else {}


def _book_of(goal: Goal, books: Sequence[Playbook], checks: _Checks) -> Playbook | None:
    """The playbook the advice came from, else the first of its kind that has the rule."""
    able = [book for book in books if book.kind == goal.kind and book.find(goal.rule)]
    own = checks.playbook_of(goal.begin.call)
    return next((book for book in able if book.id == own), able[0] if able else None)


def _document(goal: Goal, book: Playbook, order: list[Document], checks: _Checks) -> Document:
    rule = book.find(goal.rule)
    assert rule is not None
    rows = {row["id"]: row for row in order}
    sides = room.sides(goal, own_calls.held(order))
    before, after = ([(rows[c], _check(rule, rows[c], checks)) for c in side[-LOOKED_AT:]] for side in sides)
    proof = room.prove(rule, [check for _row, check in before], [check for _row, check in after])
    told = checks.of(rule.id, goal.begin.call, checks.playbook_of(goal.begin.call))
    unit = told.unit or next((check.unit for _row, check in (*after, *before) if check.unit), "")
    return {
        "rule": goal.rule,
        "kind": goal.kind,
        "state": goal.state,
        "call": goal.begin.call,
        "since": goal.begin.at,
        "ended": goal.end.at if goal.end else None,
        **_words(rule, book, unit),
        "unit": unit,
        "test": _test(rule),
        "basis": proof.basis,
        "usual": proof.usual,
        "spread": proof.spread,
        "now": proof.now,
        "done": proof.done,
        "checked": proof.checked,
        "verdict": {"code": proof.verdict.code, "params": proof.verdict.params},
        "before": [_call(row, check) for row, check in before],
        "after": [_call(row, check) for row, check in after],
    }


def _check(rule: Rule, row: Document, checks: _Checks) -> Check:
    return checks.of(rule.id, row["id"], row["playbook"])


def _words(rule: Rule, book: Playbook, unit: str) -> Document:
    """What the goal is, in the playbook's words."""
    language = book.languages[0]
    said = phrase_goal(rule, book, language, unit)
    return {
        "playbook": book.words(language).name,
        "title": said.title or said.improved or rule.id,
        "advice": said.advice,
        "plan": said.plan,
        "try_saying": said.try_saying,
        "improved": said.improved,
        "source": said.source,
        "strength": said.strength,
    }


def _test(rule: Rule) -> Document:
    """When a call counts as done: the comparison, with its number or its two."""
    test = condition_of(rule)
    against = rule.limits[test.value.removeprefix("$")] if isinstance(test.value, str) else test.value
    return {"of": test.signal or test.tracker or test.protected, "op": test.op, "value": against}


def _call(row: Document, check: Check) -> Document:
    return {
        "call": row["id"],
        "title": row["title"],
        "started_at": row["started_at"],
        "done": check.done,
        "value": check.value,
        "basis": check.basis,
        "reason": check.reason,
        "moments": [{"start_ms": span.start_ms, "end_ms": span.end_ms} for span in check.moments],
    }
