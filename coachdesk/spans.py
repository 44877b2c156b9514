"""Stretches of a recording and what can be counted with them: joined, summed, shared; and moments worth playing.

Times are integer milliseconds from the start, half-open. Knows nothing of who speaks or what is said.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time, in ms."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            raise ValueError(f"no such span: {self.start_ms}..{self.end_ms} ms")

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def middle_ms(self) -> int:
        return (self.start_ms + self.end_ms) // 2

    def overlap_ms(self, other: Span) -> int:
        """Shared time with `other`, in ms; 0 if they do not meet."""
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))

    def contains(self, other: Span, slack_ms: int = 0) -> bool:
        return self.start_ms - slack_ms <= other.start_ms and other.end_ms <= self.end_ms + slack_ms

    def shift(self, by_ms: int) -> Span:
        return Span(max(0, self.start_ms + by_ms), max(0, self.end_ms + by_ms))


def merge_spans(spans: list[Span] | tuple[Span, ...], bridge_ms: int = 0) -> list[Span]:
    """Spans in order, joined where the gap between them is at most `bridge_ms`."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start_ms - joined[-1].end_ms <= bridge_ms:
            joined[-1] = Span(joined[-1].start_ms, max(joined[-1].end_ms, span.end_ms))
        else:
            joined.append(span)
    return joined


def total_ms(spans: list[Span] | tuple[Span, ...]) -> int:
    """Summed length of spans that do not overlap, in ms."""
    return sum(span.duration_ms for span in spans)


def shared_spans(left: list[Span], right: list[Span]) -> list[Span]:
    """Where both sorted, disjoint lists of spans are active."""
    shared, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start_ms, right[j].start_ms), min(left[i].end_ms, right[j].end_ms)
        if start < end:
            shared.append(Span(start, end))
        if left[i].end_ms <= right[j].end_ms:
            i += 1
        else:
            j += 1
    return shared


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch worth playing, with the utterance it starts in where there are words."""

    start_ms: int
    end_ms: int
    utterance: str | None = None

    @property
    def span(self) -> Span:
        return Span(self.start_ms, self.end_ms)
