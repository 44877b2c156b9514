"""Signals of price: when it is first named, what came before it, and what is given away."""

from __future__ import annotations

from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.picked_up import moments
from coachdesk.conversation.talk import Line, Talk
from coachdesk.conversation.text import words_of
from coachdesk.model import Role, Withheld

LEAST_WORDS_NEAR = 30


def _first_pricing(talk: Talk) -> Line | None:
    """The first own line on the price; one that only announces the topic in the plan for the call is not meant."""
    priced = (line for line in talk.of(Role.REP) if "pricing" in line.facts.patterns)
    return next((line for line in priced if "agenda" not in line.facts.patterns), None)


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


def untraded(talk: Talk) -> Result:
    """Own turns that offer something off the price and ask for nothing in return."""
    given = [
        next(line for line in lines if line.facts.cues.get("discount_offer"))
        for turn, lines in talk.turn_lines
        if turn.role is Role.REP
        and any(line.facts.cues.get("discount_offer") for line in lines)
        and not any(line.facts.cues.get("trade") for line in lines)
    ]
    return Counted(len(given), moments(given))


def words_after_price(talk: Talk) -> Result:
    """Own words after an amount, to the end of that turn: where most of them follow."""
    found = []
    for turn, lines in talk.turn_lines:
        at = [i for i, line in enumerate(lines) if "amount" in line.facts.patterns]
        if turn.role is Role.REP and at:
            stated, later = lines[at[-1]], lines[at[-1] + 1 :]
            rest = words_of(stated.utterance.text[stated.facts.patterns["amount"][1] :])
            found.append((len(rest) + sum(line.facts.words for line in later), stated))
    if not found:
        return Withheld("no_price_found")
    most = sorted(found, key=lambda entry: (-entry[0], entry[1].utterance.start_ms))
    return Counted(most[0][0], moments([line for _, line in most]))


def hedges_near_price(talk: Talk) -> Result:
    """Softening words ("maybe", "just", "I guess") per 100 own words, in the own turns that speak of the price."""
    near = [
        line
        for turn, lines in talk.turn_lines
        if turn.role is Role.REP and any("pricing" in line.facts.patterns for line in lines)
        for line in lines
    ]
    words = sum(line.facts.words for line in near)
    if words < LEAST_WORDS_NEAR:
        return Withheld("no_price_found" if not near else "too_few_words")
    softened = [line for line in near if line.facts.cues.get("hedge")]
    densest = sorted(softened, key=lambda line: (-line.facts.cues["hedge"], line.utterance.start_ms))
    return Counted(100 * sum(line.facts.cues["hedge"] for line in softened) / words, moments(densest))
