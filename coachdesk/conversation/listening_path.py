"""The listening path: the four to six minutes of a call that are worth hearing, in order of time.

Whoever knows why something is worth hearing hands it in, the most worthwhile first; here it is cut to stretches that can be
listened to one after the other. Each begins LEAD_IN_MS early, for a sentence understood from its first word; none is longer
than LONGEST_MS, for the beginning of a story tells whether it is worth more; together they are at most MOST_MS. What does not
fit any more is left out, something shorter behind it may still go in. Lengths are craft: what a person listens to
between two calls (no study known). Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coachdesk.spans import Span, merge_spans, total_ms

LEAD_IN_MS = 3_000
LONGEST_MS = 60_000
LEAST_MS = 5_000  # shorter ones play a little on
BRIDGE_MS = 4_000  # a jump over less than this is heard as a skip
MOST_MS = 6 * 60_000


@dataclass(frozen=True, slots=True)
class Worth:
    """A stretch worth hearing, in ms of the call, and the code of the reason."""

    start_ms: int
    end_ms: int
    why: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the path; `why`: the reasons for it, the most worthwhile first."""

    start_ms: int
    end_ms: int
    why: tuple[str, ...]


def path(wanted: Sequence[Worth], duration_ms: int) -> tuple[Stretch, ...]:
    """The stretches to hear, in order of time, disjoint; `wanted` with the most worthwhile first."""
    chosen: list[tuple[Span, str]] = []
    joined: list[Span] = []
    for one in wanted:
        span = _with_room(one, duration_ms)
        longer = merge_spans([*joined, span], BRIDGE_MS)
        if span.duration_ms and total_ms(longer) <= MOST_MS:
            chosen.append((span, one.why))
            joined = longer
    return tuple(Stretch(span.start_ms, span.end_ms, _reasons(span, chosen)) for span in joined)


def _with_room(one: Worth, duration_ms: int) -> Span:
    start = max(0, min(one.start_ms, duration_ms) - LEAD_IN_MS)
    end = max(one.end_ms, one.start_ms + LEAST_MS)
    return Span(start, max(start, min(end, start + LONGEST_MS, duration_ms)))


def _reasons(span: Span, chosen: list[tuple[Span, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(why for part, why in chosen if span.contains(part)))
