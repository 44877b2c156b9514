"""Criteria that a rule answers: fired or not fired, with its moment, and the same for the same call every time.

A rule that praises says yes where it fires, and no where it was checked and did not. A rule that asks for something says
no where it fires, and yes only where what it asks for was found (its own test for "improved"): that a rule is silent
proves nothing. What could not be checked stays open, with the reason; a person's own answer always goes first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from coachdesk.coaching.findings import Bench, found_done, judge
from coachdesk.coaching.playbook import Playbook, Rule
from coachdesk.coaching.scorecard import NO, YES, Card
from coachdesk.model import Evidence, Facts, Finding, FindingKind


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule says to a criterion: `value` yes, no, or "" with the reason why it stays open."""

    value: str
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


def by_rule(
    card: Card, facts: Facts, playbook: Playbook, quiet: str = "", overruled: Collection[str] = ()
) -> dict[str, Ruled]:
    """Answers by criterion, for those that name a rule of this playbook.

    `quiet`: why nothing is coached on this call, "" where something is. `overruled`: rules whose finding a person set right.
    """
    bench = Bench(facts, playbook)
    found: dict[str, Ruled] = {}
    for criterion in card.criteria:
        rule = playbook.find(criterion.rule) if criterion.rule else None
        if rule is not None:
            found[criterion.id] = Ruled("", reason=quiet) if quiet else _ruled(rule, bench, rule.id in overruled)
    return found


def _ruled(rule: Rule, bench: Bench, overruled: bool) -> Ruled:
    said = judge(rule, bench)
    if isinstance(said, str):
        return Ruled("", reason=said)
    praises = rule.kind is FindingKind.PRAISE
    if isinstance(said, Finding):
        if overruled:
            return Ruled("", reason="set_right")
        return Ruled(YES if praises else NO, said.evidence)
    if praises:
        return Ruled("", reason="partial") if bench.facts.partial else Ruled(NO)
    done = found_done(rule, bench)
    return Ruled("", reason="rule_silent") if done is None else Ruled(YES, done)
