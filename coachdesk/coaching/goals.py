"""Goals that prove themselves: what became of advice a person said yes to, on their own next calls.

The definition, which tests hold:

- A goal is a rule on a kind of call. Saying yes opens it, "done" and "not now" end it, another yes opens it anew. Answers count
  in the order they were given.
- The calls after it are those of the kind that came in after the person said yes and began after the call they said it on; all
  others are before. So neither a call that was there already nor an older one brought in later proves advice.
- Each call gets done, not done or not to be told (`improvement`); the number of the rule's test is the goal's focus number.
- Only numbers of one basis are compared: that of the newest call after (before, where there is none after) that has a number.
- Usual is the median, the usual spread the median absolute deviation, of the last 10 numbers before; now is the median of the
  last 10 after.
- There is no verdict with fewer than 3 numbers before (what an own baseline takes everywhere) or fewer than 5 after (Rackham: try
  three times before judging; of three before and five after, one way in 56 puts all five above all three).
- A verdict is a change beyond the usual spread that is also no chance: if the numbers before and after were shuffled, at most
  1 in 20 shuffles would lie so far apart (exact rank-sum test, two-sided, ties shared: Wilcoxon 1945, Mann and Whitney 1947).
  The spread alone would be passed by three of ten shuffles.

Nothing here knows where calls are kept; what is said of it to people is the faces'.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import comb
from statistics import median
from typing import Any, NamedTuple

from coachdesk.coaching.improvement import Check, toward
from coachdesk.coaching.playbook import Rule

LEAST_BEFORE, LEAST_AFTER = 3, 5
WINDOW = 10  # numbers on each side that are looked at
SHOWN = 5  # calls that "done in 3 of the last 5" speaks of at most
CHANCE = 0.05
OPEN, DONE, DISMISSED = "open", "done", "dismissed"
_STATES = {"accept": OPEN, "done": DONE, "dismiss": DISMISSED}


@dataclass(frozen=True, slots=True)
class Act:
    """An answer to advice. `call`, `call_at`: where it was given, and when that call began; `last`, `last_at`: the newest call
    of the kind there was then.
    """

    rule: str
    kind: str
    answer: str  # accept | done | dismiss
    call: str
    at: str
    last: str = ""
    last_at: str = ""
    call_at: str = ""


class Held(NamedTuple):
    """A call of the person's; times as the history writes them, so that they sort as text."""

    call: str
    started_at: str
    came_in_at: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A rule on a kind of call that a person said yes to; `end` is the act that ended it."""

    rule: str
    kind: str
    state: str
    begin: Act
    end: Act | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """not_enough_calls {n, of, side: before | after} | improved | no_change | worse."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the calls say of a goal. Numbers are in the unit of the rule's test; None where there are none."""

    basis: str
    usual: float | None
    spread: float | None
    now: float | None
    done: int  # of the last `checked` calls after that could be checked
    checked: int
    verdict: Verdict


def goals(acts: Iterable[Act]) -> list[Goal]:
    """The goals there are or were, by acts in their order; the one said yes to last comes last."""
    found: dict[tuple[str, str], Goal] = {}
    for act in acts:
        key = (act.rule, act.kind)
        before = found.get(key)
        if act.answer == "accept":
            found.pop(key, None)
            again = before is not None and before.state == OPEN  # said twice: it began when it was said first
            found[key] = before if again and before else Goal(act.rule, act.kind, OPEN, act)
        elif before is not None and before.state == OPEN:
            found[key] = Goal(act.rule, act.kind, _STATES[act.answer], before.begin, act)
    return list(found.values())


def dismissed(acts: Iterable[Act]) -> Counter[str]:
    """On how many calls a rule was answered "not now" since it was last said yes to."""
    calls: dict[str, set[str]] = {}
    for act in acts:
        if act.answer == "accept":
            calls.pop(act.rule, None)
        elif act.answer == "dismiss":
            calls.setdefault(act.rule, set()).add(act.call)
    return Counter({rule: len(found) for rule, found in sorted(calls.items())})


def sides(goal: Goal, order: Sequence[Held]) -> tuple[list[str], list[str]]:
    """(calls before, calls after), oldest first. `order`: the person's calls of the kind, oldest first."""
    after = _came_in_after(goal.begin, order) & _began_after(goal.begin, order)
    ended = _came_in_after(goal.end, order) if goal.end else set()
    ids = [held.call for held in order]
    return [call for call in ids if call not in after], [call for call in ids if call in after - ended]


def _came_in_after(act: Act, order: Sequence[Held]) -> set[str]:
    """Clocks tell whole seconds: of what came in within the act's own, the calls that began after the newest of then."""
    there = _place(act, order)
    return {
        held.call
        for n, held in enumerate(order)
        if held.came_in_at > act.at or (held.came_in_at == act.at and n >= there)
    }


def _began_after(act: Act, order: Sequence[Held]) -> set[str]:
    """Calls after the one an act was made on, be that among them or not."""
    ids = [held.call for held in order]
    if act.call in ids:
        return set(ids[ids.index(act.call) + 1 :])
    return {held.call for held in order if held.started_at > act.call_at}


def _place(act: Act, order: Sequence[Held]) -> int:
    """How many of the calls are no newer than the newest when an act was made; by the time, where that is gone."""
    places = {held.call: n + 1 for n, held in enumerate(order)}
    last = places.get(act.last) or bisect_right([held.started_at for held in order], act.last_at)
    return max(places.get(act.call, 0), last)


def prove(rule: Rule, before: Sequence[Check], after: Sequence[Check]) -> Proof:
    """What the checks of the calls before and after, each oldest first, say of a goal."""
    basis = next((c.basis for side in (after, before) for c in reversed(side) if c.value is not None), "")
    old, new = _values(before, basis), _values(after, basis)
    told = [check.done for check in after if check.done is not None][-SHOWN:]
    return Proof(
        basis=basis,
        usual=median(old) if old else None,
        spread=spread(old) if old else None,
        now=median(new) if new else None,
        done=sum(told),
        checked=len(told),
        verdict=verdict([toward(rule, value) for value in old], [toward(rule, value) for value in new]),
    )


def _values(checks: Sequence[Check], basis: str) -> list[float]:
    return [c.value for c in checks if c.value is not None and c.basis == basis][-WINDOW:]


def spread(values: Sequence[float]) -> float:
    """The median absolute deviation from the median."""
    middle = median(values)
    return float(median(abs(value - middle) for value in values))


def verdict(before: Sequence[float], after: Sequence[float]) -> Verdict:
    """Whether the numbers after are better than those before, on a scale where more is better."""
    if len(before) < LEAST_BEFORE:
        return Verdict("not_enough_calls", {"n": len(before), "of": LEAST_BEFORE, "side": "before"})
    if len(after) < LEAST_AFTER:
        return Verdict("not_enough_calls", {"n": len(after), "of": LEAST_AFTER, "side": "after"})
    change = median(after) - median(before)
    if abs(change) <= spread(before) or chance(before, after) > CHANCE:
        return Verdict("no_change")
    return Verdict("improved" if change > 0 else "worse")


def chance(before: Sequence[float], after: Sequence[float]) -> float:
    """The share of all ways to deal the numbers out that lie as far apart as these do, by the sum of their ranks; exact."""
    ranks = _doubled_ranks([*before, *after])
    taken, mean = sum(ranks[len(before) :]), sum(ranks) * len(after) / len(ranks)
    ways: Counter[tuple[int, int]] = Counter(
        {(0, 0): 1}
    )  # (numbers dealt to the later side, sum of their ranks) -> ways
    for rank in ranks:
        for (n, total), count in list(ways.items()):
            if n < len(after):
                ways[n + 1, total + rank] += count
    far = sum(
        count for (n, total), count in ways.items() if n == len(after) and abs(total - mean) >= abs(taken - mean) - 1e-9
    )
    return far / comb(len(ranks), len(after))


def _doubled_ranks(values: Sequence[float]) -> list[int]:
    """Twice the rank of each value, so that shared ranks stay whole numbers."""
    less, same = sorted(values), Counter(values)
    return [2 * less.index(value) + same[value] + 1 for value in values]
