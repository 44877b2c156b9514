"""Facts a person knows better, laid onto the lines before anything is counted: so they hold in numbers, hits and advice alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from coachdesk.conversation.talk import Line
from coachdesk.model import TrackerHit

_NEAR_MS = 3_000  # a moment named between two lines belongs to the line that begins soon after


@dataclass(frozen=True, slots=True)
class SetRight:
    """A tracker is, or is not, in a stretch of the call. `patterns` are the named patterns behind the tracker."""

    tracker: str
    patterns: tuple[str, ...]
    side: str  # rep | other | any: whose lines are meant where it is not there
    start_ms: int
    end_ms: int
    present: bool


def lines(heard: tuple[Line, ...], corrections: tuple[SetRight, ...]) -> tuple[Line, ...]:
    """The lines with the patterns of their texts as the person set them right, later corrections last."""
    found = list(heard)
    for right in corrections:
        chosen = [_at(found, right.start_ms)] if right.present else _inside(found, right)
        for n in chosen:
            if n is not None:
                found[n] = _patterned(found[n], right)
    return tuple(found)


def hits(found: list[TrackerHit], corrected: tuple[Line, ...], corrections: tuple[SetRight, ...]) -> list[TrackerHit]:
    """Tracker hits as set right: phrases of a playbook's own are no patterns of a line."""
    result = list(found)
    for right in corrections:
        if right.present:
            n = _at(list(corrected), right.start_ms)
            if n is not None and not any(_same(hit, right, corrected[n]) for hit in result):
                line = corrected[n]
                moment = line.moment
                result.append(
                    TrackerHit(right.tracker, line.utterance.id, line.role, moment.start_ms, moment.end_ms, "")
                )
        else:
            result = [hit for hit in result if not _meant(hit, right)]
    return sorted(result, key=lambda hit: (hit.start_ms, hit.tracker)) if corrections else result


def _same(hit: TrackerHit, right: SetRight, line: Line) -> bool:
    return hit.tracker == right.tracker and hit.utterance == line.utterance.id


def _meant(hit: TrackerHit, right: SetRight) -> bool:
    return (
        hit.tracker == right.tracker
        and right.start_ms <= hit.start_ms < right.end_ms
        and right.side in ("any", hit.role.value)
    )


def _at(found: list[Line], at_ms: int) -> int | None:
    """The line at a moment: the one that covers it, else the nearest to begin."""
    covering = [n for n, line in enumerate(found) if line.utterance.start_ms <= at_ms < line.moment.end_ms]
    if covering:
        return covering[-1]
    nearest = min(range(len(found)), key=lambda n: (abs(found[n].utterance.start_ms - at_ms), n), default=None)
    if nearest is None or abs(found[nearest].utterance.start_ms - at_ms) > _NEAR_MS:
        return None
    return nearest


def _inside(found: list[Line], right: SetRight) -> list[int | None]:
    return [
        n
        for n, line in enumerate(found)
        if right.start_ms <= line.utterance.start_ms < right.end_ms and right.side in ("any", line.role.value)
    ]


def _patterned(line: Line, right: SetRight) -> Line:
    patterns, cues = dict(line.facts.patterns), dict(line.facts.cues)
    for name in right.patterns:
        if right.present:
            patterns.setdefault(name, (0, len(line.utterance.text)))
        else:
            patterns.pop(name, None)
    if right.present and "next_step" in right.patterns:
        cues.setdefault("commitment", 1)  # a next step the person sees is one that somebody promised
    return replace(line, facts=msgspec.structs.replace(line.facts, patterns=patterns, cues=cues))
