"""What a person sees first: the goal for the next call, what to review next, next steps that are due; and, where they know whom
they will speak with, how it stands between the two of them. Put together from what is kept; nothing is computed for it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from coachdesk.desk import cases
from coachdesk.history import calls, library
from coachdesk.history.store import Store

NEWEST, STEPS = 5, 8
SOON = timedelta(days=7)

Document = dict[str, Any]


def home(store: Store, focus: Document | None, today: date) -> Document:
    """{"calls", "focus", "unreviewed", "review_next", "steps", "more_steps", "cases"}; `today` tells what is due."""
    unreviewed = library.unreviewed(store)
    steps = [step | {"late": _late(step, today)} for step in calls.next_steps(store) if _is_near(step, today)]
    return {
        "calls": library.count(store),
        "focus": focus,
        "unreviewed": len(unreviewed),
        "review_next": sorted(
            unreviewed[:NEWEST], key=lambda row: row["duration_ms"]
        ),  # the newest, the shortest first
        "steps": steps[:STEPS],
        "more_steps": max(0, len(steps) - STEPS),
        "cases": [row["name"] for row in cases.listed(store, today) if row["calls"]],
    }


def _late(step: Document, today: date) -> bool:
    return step["due"] is not None and step["due"] < today.isoformat()


def _is_near(step: Document, today: date) -> bool:
    return step["due"] is None or step["due"] <= (today + SOON).isoformat()


def before_call(case: Document) -> Document | None:
    """How it stands with a case before the next call, out of its document: promises of both sides, open questions, the last
    concern; each with its call and moment. None where the case has no calls.
    """
    if not case["timeline"]:
        return None
    newest, still = case["timeline"][0], [step for step in case["steps"] if step["state"] == "open"]
    return {
        "case": case["name"],
        "own": case["labels"]["own"],
        "other": case["labels"]["other"],
        "call": newest["id"],
        "title": newest["title"],
        "started_at": newest["started_at"],
        "promises": [step for step in still if step["owner"] == "rep"],
        "theirs": [step for step in still if step["owner"] == "other"],
        "questions": case["open_questions"],
        "concern": case["last_concern"],
    }
