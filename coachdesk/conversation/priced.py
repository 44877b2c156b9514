"""Signals of price: when it is first named, what came before it, and what is given away."""

from __future__ import annotations

from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.picked_up import moments
from coachdesk.conversation.talk import Line, Talk
from coachdesk.model import Role, Withheld


def _first_pricing(talk: Talk) -> Line | None:
    return next((line for line in talk.of(Role.REP) if "pricing" in line.facts.patterns), None)


def first_pricing_share(talk: Talk) -> Result:
    first = _first_pricing(talk)
    return (
        Counted(first.utterance.start_ms / talk.duration_ms, moments([first])) if first else Withheld("no_price_found")
    )


def need_before_pricing(talk: Talk) -> Result:
    first = _first_pricing(talk)
    before = first.utterance.start_ms if first else talk.duration_ms
    found = [
        line for line in talk.of(Role.OTHER) if "need_pain" in line.facts.patterns and line.utterance.start_ms < before
    ]
    return Counted(len(found), moments(found))


def discount_unasked(talk: Talk) -> Result:
    asked_at = next(
        (line.utterance.start_ms for line in talk.of(Role.OTHER) if line.facts.cues.get("discount_request")),
        talk.duration_ms,
    )
    offered = [
        line
        for line in talk.of(Role.REP)
        if line.facts.cues.get("discount_offer") and line.utterance.start_ms < asked_at
    ]
    return Counted(len(offered), moments(offered))
