"""What a person sees first: the goal for the next call, what to review next, next steps that are due; and, where they know whom
they will speak with, how it stands between the two of them. Put together from what is kept; nothing is computed for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from coachdesk.document import Review
from coachdesk.history import calls, library
from coachdesk.history.store import Store

NEWEST, STEPS = 5, 8
SOON = timedelta(days=7)
_CALLS_BACK = 3  # of a case, in which the last concern is looked for

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
        "cases": [row["name"] for row in calls.cases(store) if row["calls"]],
    }


def _late(step: Document, today: date) -> bool:
    return step["due"] is not None and step["due"] < today.isoformat()


def _is_near(step: Document, today: date) -> bool:
    return step["due"] is None or step["due"] <= (today + SOON).isoformat()


def before_call(store: Store, case: str, review: Callable[[str], Review]) -> Document | None:
    """How it stands with a case before the next call: promises of both sides, open questions, the last concern; each with
    its call and moment. None where the case has no calls.
    """
    found = library.of_case(store, case)
    if not found:
        return None
    newest = [review(row["id"]) for row in found[:_CALLS_BACK]]
    steps = [step for step in calls.next_steps(store) if step["case_name"] == case]
    labels = newest[0].labels
    return {
        "case": case,
        "called": labels["case"],
        "own": labels["own"],
        "other": labels["other"],
        "call": found[0]["id"],
        "title": found[0]["title"],
        "started_at": found[0]["started_at"],
        "calls": len(found),
        "promises": [step for step in steps if step["owner"] == "rep"],
        "theirs": [step for step in steps if step["owner"] == "other"],
        "questions": _questions(newest[0]),
        "concern": next((said for shown in newest if (said := _concern(shown)) is not None), None),
    }


def _concern(shown: Review) -> Document | None:
    """The last thing the other side said that a tracker takes for a concern."""
    hits = [hit for hit in shown.tracker_hits if hit["tracker"] == "concern" or hit["tracker"].startswith("objection")]
    roles = {speaker["label"]: speaker["role"] for speaker in shown.speakers}
    said = shown.transcript["utterances"]
    theirs = [hit["utterance"] for hit in hits if hit["utterance"] is not None]
    theirs = [n for n in theirs if roles.get(said[n]["speaker"]) == "other"]
    return _moment(shown, said[max(theirs)]) if theirs else None


def _questions(shown: Review) -> list[Document]:
    """Questions left open, where the brief of the call has a slot for them."""
    slots = [slot for slot in shown.brief.get("slots", ()) if slot.get("id") == "open_questions"]
    lines = [line for slot in slots for line in slot.get("lines", ())]
    return [
        {"call": shown.call["id"], **{name: line[name] for name in ("start_ms", "end_ms", "quote")}} for line in lines
    ]


def _moment(shown: Review, said: Document) -> Document:
    return {"call": shown.call["id"], "start_ms": said["start_ms"], "end_ms": said["end_ms"], "quote": said["text"]}
