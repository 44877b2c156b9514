"""Whether a call passes a rule's improvement test: done, not done, or not to be told, with the number behind it.

A rule's test is its `improved` condition. A rule that has none is tested by its first condition: turned round where the rule
is about something to improve, as it stands where it praises.

A call on which the rule fires is never done, whatever its test says. Not done is only said where it could have been done:
- what the test leans on, and what the rule needs to fire, can be measured on this call (else that reason);
- the occasion was there: conditions of the form "at least n of something" besides the tested one hold (else `no_occasion`:
  no problem was named, so none could be followed up);
- nothing missed lies in a part that was not recorded (else `partial`).
Numbers are never mixed: `basis` is sound, words, or rough (counted from words too poor for more), and only equals compare.
"""

from __future__ import annotations

import msgspec

from coachdesk.coaching.findings import Bench, compare, evidence_of, fires, limit, reason_missing, sides_missing
from coachdesk.coaching.playbook import Condition, Playbook, Rule
from coachdesk.model import Basis, Facts, FindingKind, Needs, WordsGrade
from coachdesk.spans import Span

ROUGH = "rough"
MOMENTS = 3
_TURNED = {
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "<=": ">",
    "==": "!=",
    "!=": "==",
    "between": "outside",
    "outside": "between",
}


class Check(msgspec.Struct, frozen=True):
    """What became of one test on one call. `done` None = could not be checked, for `reason`."""

    rule: str
    done: bool | None
    value: float | None = None
    unit: str = ""
    basis: str = ""
    reason: str = ""
    moments: tuple[Span, ...] = ()


def condition_of(rule: Rule) -> Condition:
    """The condition that shows that advice worked."""
    if rule.improved is not None:
        return rule.improved
    first = rule.conditions[0]
    return first if rule.kind is FindingKind.PRAISE else msgspec.structs.replace(first, op=_TURNED[first.op])


def checks(facts: Facts, playbook: Playbook) -> tuple[Check, ...]:
    """The test of every rule of the playbook on one call, in the playbook's order. `facts` with the own baseline in them."""
    bench = Bench(facts, playbook)
    return tuple(_check(rule, bench) for rule in playbook.rule)


def toward(rule: Rule, value: float) -> float:
    """The value on a scale where more is better: for ranges and exact values the distance from them, below zero."""
    test = condition_of(rule)
    against = limit(test, rule)
    if isinstance(against, list):
        low, high = against
        outside = max(low - value, value - high, 0.0)
        return -outside if test.op == "between" else float(outside > 0)
    if test.op in (">", ">="):
        return value
    if test.op in ("<", "<="):
        return -value
    return -abs(value - against) if test.op == "==" else float(value != against)


def _check(rule: Rule, bench: Bench) -> Check:
    test = condition_of(rule)
    reason = _why_not(rule, test, bench)
    if reason:
        return Check(rule.id, None, reason=reason)
    value, unit, basis = _measured(test, bench)
    done = compare(value, test.op, limit(test, rule)) and not _still(rule, bench)
    if not done and rule.absence and bench.facts.partial:
        return Check(rule.id, None, reason="partial")
    return Check(rule.id, done, round(value, 6), unit, basis, moments=_moments(rule, test, bench))


def _still(rule: Rule, bench: Bench) -> bool:
    """Whether the rule fires all the same: it may look at more than its test does."""
    return rule.kind is not FindingKind.PRAISE and fires(rule, bench)


def _why_not(rule: Rule, test: Condition, bench: Bench) -> str:
    if not bench.facts.sides_known:
        return sides_missing(bench.facts)
    for condition in (test, *rule.all):
        if reason := reason_missing(condition, bench):
            return reason
    return "no_occasion" if any(not _holds(c, rule, bench) for c in rule.all if _is_occasion(c, test)) else ""


def _is_occasion(condition: Condition, test: Condition) -> bool:
    tested = (condition.signal, condition.tracker, condition.protected) == (test.signal, test.tracker, test.protected)
    return condition.op == ">=" and not condition.protected and not tested


def _holds(condition: Condition, rule: Rule, bench: Bench) -> bool:
    return compare(_measured(condition, bench)[0], condition.op, limit(condition, rule))


def _measured(condition: Condition, bench: Bench) -> tuple[float, str, str]:
    """(value, unit, basis) of a condition that can be checked."""
    if not condition.signal:
        return float(len(bench.hits(condition))), "count", _words_basis(bench)
    signal = bench.facts.signals[condition.signal]
    assert signal.value is not None
    return signal.value, signal.unit, _basis(condition.signal, signal.needs, bench)


def _basis(name: str, needs: Needs, bench: Bench) -> str:
    if needs is not Needs.SOUND:
        return _words_basis(bench)
    measured = next((m for m in bench.facts.measurements if m.metric == name), None)
    return (measured.basis if measured else Basis.SOUND).value


def _words_basis(bench: Bench) -> str:
    return Basis.WORDS.value if bench.facts.words is WordsGrade.GOOD else ROUGH


def _moments(rule: Rule, test: Condition, bench: Bench) -> tuple[Span, ...]:
    """Where to listen: what was counted, else where the rule looks."""
    counted = (
        [Span(m.start_ms, max(m.end_ms, m.start_ms + 1)) for m in bench.facts.signals[test.signal].moments]
        if test.signal
        else [Span(hit.start_ms, max(hit.end_ms, hit.start_ms + 1)) for hit in bench.hits(test)]
    )
    looked = counted or [Span(e.start_ms, e.end_ms) for e in evidence_of(rule, bench)]
    return tuple(looked[:MOMENTS])
