"""What a person does with advice: a goal, done with it, or not now. An act like any other, so it can be taken back.

The act says which call of the kind was the newest then: what comes later proves it (coaching/goals.py). A goal belongs to the
kind its call was then; it can be ended and taken up from that call whatever the call is coached as now.
"""

from __future__ import annotations

from dataclasses import dataclass

from coachdesk.coaching import goals
from coachdesk.coaching.goals import Goal
from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import own_calls
from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, events, results
from coachdesk.history.store import Store

ANSWERS = ("accept", "dismiss", "done")


@dataclass(frozen=True, slots=True)
class Respond:
    """`answer`: one of ANSWERS, to a rule's advice; `kind`: of the goal that is meant, where several may hang on the call."""

    rule: str
    answer: str
    kind: str = ""


def respond(store: Store, call_id: str, change: Respond, playbook: Playbook) -> str:
    """Keep the act; returns its id."""
    if change.answer not in ANSWERS:
        raise InputError(f"{change.answer} is no answer.", "Say accept, dismiss or done.")
    kind = calls.get(store, call_id).kind
    goal = _meant(store, call_id, change, kind)
    if goal is not None:
        kind = goal.kind
    elif playbook.find(change.rule) is None:
        raise NotFound(f"This call has no suggestion {change.rule}.", "`coachdesk show CALL` lists them.")
    newest = results.newest_of_kind(store, kind) or {"id": "", "started_at": ""}
    body = {
        "rule": change.rule,
        "kind": kind,
        "answer": change.answer,
        "last": newest["id"],
        "last_at": newest["started_at"],
    }
    return events.append(store, "respond", call_id, body).id


def _meant(store: Store, call_id: str, change: Respond, kind_now: str) -> Goal | None:
    """The goal that hangs on this call and is answered; none where the answer is to the advice of now.

    "Done" and "not now" mean an open one, one of the call's kind of now first. A yes means one only where its kind is named.
    """
    hanging = [
        goal for goal in goals.goals(own_calls.acts(store)) if goal.rule == change.rule and goal.begin.call == call_id
    ]
    if change.kind:
        return next((goal for goal in hanging if goal.kind == change.kind), None)
    if change.answer == "accept":
        return None
    still_open = [goal for goal in hanging if goal.state == goals.OPEN]
    return next((goal for goal in still_open if goal.kind == kind_now), still_open[-1] if still_open else None)
