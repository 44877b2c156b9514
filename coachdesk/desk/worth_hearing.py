"""What of a call is worth hearing, and why, the most worthwhile first: where the listening path gets its stretches from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coachdesk.conversation import listening_path
from coachdesk.conversation.listening_path import Stretch, Worth
from coachdesk.desk.recompute import Derived
from coachdesk.model import Coaching, Facts, Suggestion

MOMENTS_EACH = 2  # of one finding: a third adds little
STEP_MS = 10_000  # where the end of a next step is not known


def path_of(derived: Derived, steps: Sequence[dict[str, Any]], duration_ms: int) -> tuple[Stretch, ...]:
    """The listening path of a call; empty where there is nothing to point at. `steps`: its next steps as rows."""
    facts = derived.facts
    wanted = [*_findings(derived.coaching), *_next_steps(facts, steps), *_story(facts), *_questions(facts)]
    return listening_path.path(wanted, duration_ms)


def _findings(coaching: Coaching) -> Iterator[Worth]:
    groups = (("suggestion", coaching.suggestions), ("review", coaching.review_flags), ("praise", coaching.praise))
    for why, found in groups:
        for n in range(MOMENTS_EACH):  # the first moment of each before the second of any
            yield from (_worth(suggestion, n, why) for suggestion in found if n < len(suggestion.finding.evidence))


def _worth(suggestion: Suggestion, n: int, why: str) -> Worth:
    evidence = suggestion.finding.evidence[n]
    return Worth(evidence.start_ms, evidence.end_ms, why)


def _next_steps(facts: Facts, steps: Sequence[dict[str, Any]]) -> Iterator[Worth]:
    ends = {utterance.start_ms: utterance.end_ms for utterance in facts.utterances}
    for step in steps:
        if step["start_ms"] is not None and step["state"] != "dropped":
            start = int(step["start_ms"])
            yield Worth(start, ends.get(start, start + STEP_MS), "next_step")


def _story(facts: Facts) -> Iterator[Worth]:
    """The other side's longest stretch."""
    signal = facts.signals.get("longest_customer_story_ms")
    for moment in signal.moments[:1] if signal else ():
        yield Worth(moment.start_ms, moment.end_ms, "story")


def _questions(facts: Facts) -> Iterator[Worth]:
    """What they wanted to know, then what was asked of them."""
    for name in ("other_questions", "questions"):
        signal = facts.signals.get(name)
        for moment in signal.moments if signal else ():
            yield Worth(moment.start_ms, moment.end_ms, "question")
