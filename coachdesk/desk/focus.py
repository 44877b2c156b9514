"""What a person said yes to last and is still at: the one thing to have in sight on the next call of the kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from coachdesk.document import Review
from coachdesk.errors import NotFound

DOTS = 5  # of the last calls
_SAID = ("title", "advice", "try_saying")


def focus(goals: Sequence[dict[str, Any]], review: Callable[[str], Review]) -> dict[str, Any] | None:
    """{"rule", "kind", "title", "advice", "try_saying", "plan", "call", "done", "checked", "verdict", "dots"}, in the words of
    the call it was said yes on; None where nothing is open. `goals`: the last first; `review` gives a call's review.
    """
    goal = next((goal for goal in goals if goal["state"] == "open"), None)
    if goal is None:
        return None
    said = _as_said(review, goal) or {name: goal[name] for name in _SAID}
    dots = [{"call": one["call"], "done": one["done"]} for one in goal["after"][-DOTS:]]
    told = {name: goal[name] for name in ("rule", "kind", "plan", "call", "done", "checked", "verdict")}
    return {**told, **said, "dots": dots}


def _as_said(review: Callable[[str], Review], goal: dict[str, Any]) -> dict[str, str] | None:
    try:
        shown = review(goal["call"])
    except NotFound:  # the call is gone; the goal is not
        return None
    said = [*shown.suggestions, *shown.review_flags, *shown.praise]
    found = next((s for s in said if s["rule"] == goal["rule"]), None)
    return {name: found[name] for name in _SAID} if found else None
