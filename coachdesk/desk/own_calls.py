"""What the person's other calls and answers mean for one call: the context its advice is ranked in, and the own usual numbers.

All of it is made of events and of what is kept of earlier calls, so it is the same whenever it is asked. What "came first" on
an earlier call is the rules' own order, without any context: else every call would hang on all calls before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from coachdesk.coaching import goals
from coachdesk.coaching.goals import WINDOW, Act, Held
from coachdesk.coaching.improvement import Check
from coachdesk.coaching.suggestions import LOOKED_BACK, OWN_NUMBERS, Baseline, Context, shown_without_change
from coachdesk.history import events, results
from coachdesk.history.store import Store
from coachdesk.model import Call


class _First(msgspec.Struct):
    first: tuple[str, ...] = ()


class Kept(msgspec.Struct):
    """The parts of a call's derived document that other calls look at; the rest is not read."""

    coaching: _First
    checks: tuple[Check, ...] = ()
    made_with: str = ""


_decoder = msgspec.json.Decoder(Kept)


def kept(store: Store, call_id: str) -> Kept | None:
    """What is kept of a call, as it was made last; None where it never was."""
    found = results.kept(store, call_id)
    return _decoder.decode(found[1]) if found else None


def acts(store: Store) -> list[Act]:
    """All answers to advice, in the order they were given."""
    began = {row["id"]: row["started_at"] for row in store.rows("SELECT id, started_at FROM call")}
    return [
        Act(
            rule=event.body["rule"],
            kind=event.body["kind"],
            answer=event.body["answer"],
            call=event.call_id or "",
            at=event.at,
            last=event.body.get("last", ""),
            last_at=event.body.get("last_at", ""),
            call_at=began.get(event.call_id or "", ""),
        )
        for event in events.of_kind(store, "respond")
    ]


def held(rows: Iterable[dict[str, Any]]) -> list[Held]:
    """Calls of the history as goals look at them."""
    return [Held(row["id"], row["started_at"], row["created_at"]) for row in rows]


def goal_states(store: Store, kind: str) -> dict[str, str]:
    """How the goals of a kind of call stand, by rule: open, done or dismissed."""
    return {goal.rule: goal.state for goal in goals.goals(acts(store)) if goal.kind == kind}


def context_of(store: Store, call: Call) -> Context:
    """What the person did with advice before this call."""
    said = acts(store)
    return Context(
        focus_rules=_goals_on(store, call, said),
        shown_before=_shown_before(store, call.id),
        not_for_me=_not_for_me(store, said),
    )


def baseline_of(store: Store, call_id: str) -> Baseline:
    """The own numbers of the calls of the kind before this one, newest first."""
    found: Baseline = {}
    for metric in OWN_NUMBERS:
        found |= results.values_before(store, call_id, metric, WINDOW)
    return found


def _goals_on(store: Store, call: Call, said: Iterable[Act]) -> frozenset[str]:
    """The goals this call is there to prove: those the person had before it."""
    open_goals = [g for g in goals.goals(said) if g.kind == call.kind and g.state == goals.OPEN]
    if not open_goals:
        return frozenset()
    order = held(results.of_kind(store, call.kind))
    return frozenset(g.rule for g in open_goals if call.id in goals.sides(g, order)[1])


def _shown_before(store: Store, call_id: str) -> dict[str, int]:
    earlier = [kept(store, one) for one in results.before(store, call_id, LOOKED_BACK)]
    return shown_without_change(
        (one.coaching.first, [check.rule for check in one.checks if check.done]) for one in earlier if one
    )


def _not_for_me(store: Store, said: Iterable[Act]) -> dict[str, int]:
    """How often the person said of a rule "true, but not for me", or "not now" since they last said yes to it, over all calls:
    only its weight is lowered.
    """
    answers = (event.body for event in events.of_kind(store, "answer"))
    told = Counter(str(body["rule"]) for body in answers if body["fact"] == "not_for_me")
    return dict(sorted((told + goals.dismissed(said)).items()))
