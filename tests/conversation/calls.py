"""Calls made by hand: who is active when, who says what, and the numbers that come of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from coachdesk.conversation import facts as conversation
from coachdesk.conversation.facts import Heard, Outcome
from coachdesk.model import Facts, Grade, Measurement, Role, Tracker, Utterance, WordsGrade
from coachdesk.spans import Span, merge_spans

SIDES = {"rep": Role.REP, "other": Role.OTHER}
WORDLESS = WordsGrade.NONE
Spans = Iterable[tuple[float, float]]


def spans(seconds: Spans) -> tuple[Span, ...]:
    """Spans from (start, end) in seconds."""
    return tuple(Span(round(start * 1000), round(end * 1000)) for start, end in seconds)


def say(speaker: str, text: str, start_s: float, end_s: float, **more: Any) -> Utterance:
    """One utterance, times in seconds."""
    start_ms = round(start_s * 1000)
    return Utterance(f"{speaker}@{start_ms}", speaker, None, start_ms, round(end_s * 1000), text, **more)


@dataclass(frozen=True)
class Line:
    """A line of a written call; it is spoken at `word_ms` a word, `gap_ms` after the line before."""

    speaker: str
    text: str
    gap_ms: int = 600
    word_ms: int = 350
    lasts_ms: int | None = None


def rep(text: str, **more: Any) -> Line:
    return Line("rep", text, **more)


def other(text: str, **more: Any) -> Line:
    return Line("other", text, **more)


def spoken(lines: Iterable[Line], start_ms: int = 1_000) -> tuple[Utterance, ...]:
    """Lines one after the other as utterances."""
    said: list[Utterance] = []
    now = start_ms
    for n, line in enumerate(lines):
        start = max(0, now + (line.gap_ms if said else 0))
        lasts = line.lasts_ms or max(400, line.word_ms * len(line.text.split()))
        said.append(Utterance(f"u{n}", line.speaker, None, start, start + lasts, line.text))
        now = start + lasts
    return tuple(said)


def heard(said: Iterable[Utterance] = (), activity: dict[str, tuple[Span, ...]] | None = None, **changes: Any) -> Heard:
    """Stored facts of a call; activity is that of the utterances unless given."""
    said = tuple(said)
    active = activity or {
        speaker: tuple(merge_spans([u.span for u in said if u.speaker == speaker], 300))
        for speaker in {**SIDES, **{u.speaker: None for u in said}}
    }
    ends = [span.end_ms for runs in active.values() for span in runs] + [u.end_ms for u in said]
    call = Heard(
        call_id="call",
        recording="recording",
        on=date(2026, 11, 23),  # a Monday
        duration_ms=max(ends, default=0) + 500,
        timing=Grade.A,
        channels=2,
        partial=False,
        words=WordsGrade.GOOD if said else WordsGrade.NONE,
        language="en",
        roles={speaker: SIDES.get(speaker, Role.OTHER) for speaker in active},
        activity=active,
        utterances=said,
        consent_noted=True,
    )
    return replace(call, **changes)


def sound(rep: Spans = (), other: Spans = (), **changes: Any) -> Heard:
    """A call without words: seconds each side is active."""
    return heard(activity={"rep": spans(rep), "other": spans(other)}, **changes)


def listened(
    call: Heard,
    trackers: tuple[Tracker, ...] = (),
    wording: Iterable[Role] = (Role.OTHER,),
    cached: dict[str, bytes] | None = None,
) -> Outcome:
    return conversation.facts(call, trackers, frozenset(wording), cached or {})


@dataclass(frozen=True)
class Numbers:
    """The measurements of a call by metric and side."""

    facts: Facts

    def of(self, metric: str, side: str | None = None) -> Measurement:
        """The measurement of a metric; without a side, the call's or the own side's, or the only one."""
        found = [m for m in self.facts.measurements if m.metric == metric]
        assert found, f"no such metric: {metric}"
        wanted = {f"side:{side}"} if side else {"call", "side:rep"}
        return next((m for m in found if m.subject in wanted), found[0])

    def value(self, metric: str, side: str | None = None) -> float:
        measurement = self.of(metric, side)
        assert measurement.value is not None, f"{metric} is withheld: {measurement.withheld}"
        return measurement.value

    def why_not(self, metric: str, side: str | None = None) -> str:
        """The reason code a metric is withheld for; "" where it is given."""
        withheld = self.of(metric, side).withheld
        return withheld.code if withheld else ""

    def moments(self, metric: str, side: str | None = None) -> list[tuple[float, float]]:
        return [(span.start_ms / 1000, span.end_ms / 1000) for span in self.of(metric, side).moments]


def numbers(call: Heard, wording: Iterable[Role] = (Role.OTHER,)) -> Numbers:
    return Numbers(listened(call, wording=wording).facts)


def turns(call: Heard) -> list[tuple[str, float, float]]:
    """(speaker, start, end) in seconds."""
    return [(t.speaker, t.start_ms / 1000, t.end_ms / 1000) for t in listened(call).facts.turns]


def alternating(first: list[str], second: list[str], **more: Any) -> list[Line]:
    """Lines of both sides in turn, the own side first."""
    return [line for a, b in zip(first, second, strict=True) for line in (rep(a, **more), other(b, **more))]


def words(n: int, word: str = "paper") -> str:
    """A plain sentence of n words that says nothing of interest."""
    return " ".join([word] * n) + "."
