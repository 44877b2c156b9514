"""A person's own numbers over their calls: usual value, usual spread, and how many calls that rests on. Pure.

Bases are never mixed: each series holds numbers counted the same way. Usual is the median and the usual spread the median
absolute deviation of the last 10 calls; both need 3 calls (METRICS, "Aggregates"). Wording has no series: it is never added up
over a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from coachdesk.coaching.goals import LEAST_BEFORE, WINDOW, spread


@dataclass(frozen=True, slots=True)
class Usual:
    """`n` calls stand behind it; with fewer than `of` there is neither median nor spread."""

    median: float | None
    spread: float | None
    n: int
    of: int = LEAST_BEFORE


def usual(values: Sequence[float]) -> Usual:
    """What is usual, by values oldest first."""
    last = list(values)[-WINDOW:]
    if len(last) < LEAST_BEFORE:
        return Usual(None, None, len(last))
    return Usual(round(median(last), 6), round(spread(last), 6), len(last))


def has_trend(metric: str) -> bool:
    """Whether a metric is shown over calls at all."""
    return metric.split(".")[0] != "wording"
