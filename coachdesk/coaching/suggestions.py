"""From findings to the few that are said: at most three suggestions, one of them the focus, two praises, all review flags.

score = severity x weight x confidence x novelty; one per family. Confidence by the strength of the evidence behind a
rule: measured or solid 1.0, craft 0.8, a vendor's claim 0.7, weak 0.5. Novelty: 0.6 where it was shown on two of the last three
calls of the kind without change, 1.3 where it is the person's goal, a half for each time it was not for them. Each suggestion
carries what its place is made of, as codes. Review flags stand apart and are complete.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from coachdesk.coaching.findings import check, sides_missing
from coachdesk.coaching.playbook import STRENGTHS, Playbook, Rule
from coachdesk.model import Coaching, Facts, Finding, FindingKind, Needs, Signal, Suggestion, Weight, WordsGrade

MOST_SUGGESTIONS = 3
MOST_PRAISE = 2
LEAST_SPEECH_MS = 3 * 60_000
LEAST_OWN_CALLS = 3
LOOKED_BACK = 3  # calls of the kind in which a repeated suggestion is looked for
OWN_NUMBERS = ("pace_wpm", "fillers_per_100_words")  # what calls are compared with the person's own median in
SHOWN_OFTEN = 2
SHOWN_TWICE, FOCUS_GOAL, NOT_FOR_ME = 0.6, 1.3, 0.5

Baseline = dict[tuple[str, str], list[float]]  # own values by (metric, basis), newest first


@dataclass(frozen=True, slots=True)
class Context:
    """What the person did with advice before; an empty one ranks rules by themselves."""

    focus_rules: frozenset[str] = frozenset()
    shown_before: dict[str, int] = field(default_factory=dict)  # rule -> shows in the last three calls, without change
    not_for_me: dict[str, int] = field(default_factory=dict)


def coach(facts: Facts, playbook: Playbook, baseline: Baseline, context: Context) -> Coaching:
    """What there is to say about a call. An empty baseline only silences what compares with it."""
    checked = check(with_baseline(facts, baseline), playbook)
    quiet = _quiet(facts)
    rules = {rule.id: rule for rule in playbook.rule}
    ranked = sorted(
        (_suggestion(finding, rules[finding.rule], facts, context) for finding in checked.findings),
        key=lambda suggestion: (-suggestion.priority, suggestion.finding.rule),
    )
    praise = [s for s in ranked if s.finding.kind is FindingKind.PRAISE]
    by_themselves = sorted(ranked, key=lambda s: (-_by_itself(rules[s.finding.rule]), s.finding.rule))
    chosen = [] if quiet else _the_few(ranked, rules, facts)
    first = [] if quiet else _the_few(by_themselves, rules, facts)
    return Coaching(
        praise=() if quiet else tuple(praise[:MOST_PRAISE]),
        suggestions=tuple(dataclasses.replace(s, focus=n == 0) for n, s in enumerate(chosen)),
        review_flags=tuple(s for s in ranked if s.finding.kind is FindingKind.REVIEW),
        not_checked=checked.not_checked,
        quiet=quiet,
        first=tuple(s.finding.rule for s in first),
    )


def shown_without_change(earlier: Iterable[tuple[Iterable[str], Iterable[str]]]) -> dict[str, int]:
    """How often each rule came first on the calls before, counted back to where its improvement test was passed.

    `earlier`: (rules that came first, rules whose test was passed) of each call, newest first.
    """
    shown: Counter[str] = Counter()
    changed: set[str] = set()
    for first, passed in earlier:
        changed.update(passed)
        shown.update(rule for rule in first if rule not in changed)
    return dict(sorted(shown.items()))


def with_baseline(facts: Facts, baseline: Baseline) -> Facts:
    """The facts with the signals that compare this call with the person's own median."""
    signals = dict(facts.signals)
    for name, metric in zip(("pace_vs_own", "fillers_vs_own"), OWN_NUMBERS, strict=True):
        own = baseline.get((metric, "words"), [])[:10]
        now = facts.signals.get(metric)
        if now is None or now.value is None:
            signals[name] = Signal(name, None, Needs.COUNTS, reason=now.reason if now else "not_measured")
        elif len(own) < LEAST_OWN_CALLS or not median(own):
            signals[name] = Signal(name, None, now.needs, reason="not_enough_calls")
        else:
            signals[name] = Signal(name, now.value / median(own), now.needs, "times", now.moments)
    return dataclasses.replace(facts, signals=signals)


def _quiet(facts: Facts) -> str:
    """Why nothing is coached at all; empty where it is."""
    if not facts.speech_ms:
        return "no_speech"
    if not facts.sides_known:
        return sides_missing(facts)
    return "too_short" if facts.speech_ms < LEAST_SPEECH_MS else ""


def _suggestion(finding: Finding, rule: Rule, facts: Facts, context: Context) -> Suggestion:
    why = [
        Weight("severity", {"severity": max(1, rule.severity)}),
        Weight("strength", {"strength": rule.strength}),
    ]
    score = _by_itself(rule)
    if (shown := context.shown_before.get(rule.id, 0)) >= SHOWN_OFTEN:
        score *= SHOWN_TWICE
        why.append(Weight("shown_before", {"n": shown, "of": LOOKED_BACK}))
    if rule.id in context.focus_rules:
        score *= FOCUS_GOAL
        why.append(Weight("your_goal"))
    if times := context.not_for_me.get(rule.id, 0):
        score *= NOT_FOR_ME**times
        why.append(Weight("not_for_me", {"n": times}))
    identity = hashlib.sha256(f"{facts.recording}/{rule.id}".encode()).hexdigest()[:12]
    return Suggestion(identity, finding, round(score, 4), why=tuple(why))


def _by_itself(rule: Rule) -> float:
    return max(1, rule.severity) * rule.weight * STRENGTHS[rule.strength]


def _the_few(ranked: list[Suggestion], rules: dict[str, Rule], facts: Facts) -> list[Suggestion]:
    improve = [s for s in ranked if s.finding.kind is FindingKind.IMPROVE]
    # without words only the listening family can fire at all: then its rules stand for themselves
    several = improve if facts.words is WordsGrade.NONE else _one_per_family(improve, rules)
    return several[:MOST_SUGGESTIONS]


def _one_per_family(ranked: list[Suggestion], rules: dict[str, Rule]) -> list[Suggestion]:
    best: dict[str, Suggestion] = {}
    for suggestion in ranked:
        best.setdefault(rules[suggestion.finding.rule].family, suggestion)
    return list(best.values())
