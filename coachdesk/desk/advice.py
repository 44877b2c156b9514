"""What a person does with advice: a goal, done with it, or not now. An act like any other, so it can be taken back.

The act says which call of the kind was the newest then: what comes later proves it (coaching/goals.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from coachdesk.coaching.playbook import Playbook
from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, events, results
from coachdesk.history.store import Store

ANSWERS = ("accept", "dismiss", "done")


@dataclass(frozen=True, slots=True)
class Respond:
    """`answer`: one of ANSWERS, to a rule's advice."""

    rule: str
    answer: str


def respond(store: Store, call_id: str, change: Respond, playbook: Playbook) -> str:
    """Keep the act; returns its id."""
    if change.answer not in ANSWERS:
        raise InputError(f"{change.answer} is no answer.", "Say accept, dismiss or done.")
    if playbook.find(change.rule) is None:
        raise NotFound(f"This call has no suggestion {change.rule}.", "`coachdesk show CALL` lists them.")
    kind = calls.get(store, call_id).kind
    newest = results.newest_of_kind(store, kind) or {"id": "", "started_at": ""}
    body = {
        "rule": change.rule,
        "kind": kind,
        "answer": change.answer,
        "last": newest["id"],
        "last_at": newest["started_at"],
    }
    return events.append(store, "respond", call_id, body).id
