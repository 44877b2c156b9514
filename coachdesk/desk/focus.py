"""What a person said yes to last and is still at: the one thing to have in sight on the next call of the kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coachdesk.coaching.phrasing import fill_sides
from coachdesk.coaching.playbook import Playbook
from coachdesk.document import Review
from coachdesk.history import events
from coachdesk.history.store import Store


def focus(store: Store, playbook: Playbook, review: Callable[[str], Review]) -> dict[str, Any] | None:
    """{"rule", "title", "advice", "try_saying", "call"}, in the words of the call it was said yes on; None where nothing is
    open. `review` gives a call's review.
    """
    for rule_id, call_id in reversed(_open(store, playbook)):
        said = _as_said(review(call_id), rule_id) or _as_written(playbook, rule_id)
        return {"rule": rule_id, **said, "call": call_id}
    return None


def _open(store: Store, playbook: Playbook) -> list[tuple[str, str]]:
    """(rule, call) of what was accepted on calls of this kind and neither done nor dismissed since, oldest first."""
    accepted: dict[str, str] = {}
    for event in events.of_kind(store, "respond"):
        rule, answer = event.body["rule"], event.body["answer"]
        if event.body["kind"] != playbook.kind or playbook.find(rule) is None or event.call_id is None:
            continue
        accepted.pop(rule, None)
        if answer == "accept":
            accepted[rule] = event.call_id
    return list(accepted.items())


def _as_said(review: Review, rule_id: str) -> dict[str, str] | None:
    said = [*review.suggestions, *review.review_flags, *review.praise]
    found = next((s for s in said if s["rule"] == rule_id), None)
    return {name: found[name] for name in ("title", "advice", "try_saying")} if found else None


def _as_written(playbook: Playbook, rule_id: str) -> dict[str, str]:
    """The rule's own words, where the call does not show it any more; advice that needs numbers of a call is left out."""
    rule = playbook.find(rule_id)
    assert rule is not None
    language = playbook.languages[0]
    text = playbook.rule_text(rule, language)
    parts = {"title": text.title, "advice": text.advice, "try_saying": text.try_saying}
    return {name: fill_sides(part, playbook, language) if _is_whole(part) else "" for name, part in parts.items()}


def _is_whole(text: str) -> bool:
    return "{" not in text.replace("{own}", "").replace("{other}", "")
