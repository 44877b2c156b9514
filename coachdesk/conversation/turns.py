"""Who held the floor when: units of speech, short responses, turns and stretches, from activity (and words where good).

Times come from sound. What counts as a short response comes from words where the transcript is good enough, else from
length and place. Parameters are those of the definitions page and are shown with the numbers.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise

from coachdesk.model import Basis, Role, Turn, Utterance
from coachdesk.spans import Span, merge_spans

SHORT_MS = 1_000  # a short response lasts at most this
INSIDE_BRIDGE_MS = 1_000  # by sound: it lies inside the other's speech, pauses up to this bridged
AT_ONCE_MS = 200  # or it comes within this of the other's last word, and the other goes on within INSIDE_BRIDGE_MS
INSIDE_SLACK_MS = 60  # borders of activity are good to about this
MONOLOGUE_PAUSE_MS = 2_000  # a longer pause ends a monologue
RETURN_MS = 1_000  # who goes on this long after the other came in has the floor again
TURN_WORDS = 3  # by words: a turn of the other side of at least this many ends a monologue


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of activity of one speaker; `words` None where words are not counted."""

    speaker: str
    role: Role
    span: Span
    short: bool = False
    words: int | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What the turn builder needs of an utterance: its place, whether it is a short response by its words, and asks."""

    utterance: Utterance
    role: Role
    words: int
    short: bool
    ends_asking: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """The turns of a call with the units they are made of."""

    units: tuple[Unit, ...]
    turns: tuple[Turn, ...]
    parts: tuple[tuple[Unit, ...], ...]  # the units of each turn
    basis: Basis

    @property
    def switches(self) -> int:
        """Changes of side: two speakers of one side taking turns are none; where no side is known, of speaker."""
        return sum(_side(before) != _side(after) for before, after in pairwise(self.turns))


def _side(turn: Turn) -> str:
    return turn.speaker if turn.role is Role.UNKNOWN else turn.role.value


def floor(units: list[Unit], said: list[Said] | None) -> Floor:
    """Turns from units. With `said`, short responses are told by words, else by sound."""
    units = sorted(units, key=lambda unit: (unit.span, unit.speaker))
    marked = _by_words(units, said) if said is not None else _by_sound(units)
    turns, parts = _turns([unit for unit in marked if not unit.short])
    return Floor(tuple(marked), tuple(turns), tuple(parts), Basis.SOUND if said is None else Basis.WORDS)


def _by_sound(units: list[Unit]) -> list[Unit]:
    """Short: at most a second, inside the speech of somebody else or at once in a pause of theirs.

    A short answer comes later, or is not followed by more of the same speaker so soon.
    """
    others = {
        speaker: merge_spans([unit.span for unit in units if unit.speaker != speaker], INSIDE_BRIDGE_MS)
        for speaker in {unit.speaker for unit in units}
    }
    return [
        replace(unit, short=unit.span.duration_ms <= SHORT_MS and _inside(unit.span, others[unit.speaker]))
        for unit in units
    ]


def _inside(span: Span, speech: list[Span]) -> bool:
    at = bisect_left(speech, Span(span.start_ms, span.start_ms))
    near = speech[max(0, at - 1) : at + 2]
    if any(other.contains(span, INSIDE_SLACK_MS) for other in near):
        return True
    before = min((span.start_ms - other.end_ms for other in near if other.start_ms < span.start_ms), default=None)
    after = min((other.start_ms - span.end_ms for other in near if other.end_ms > span.end_ms), default=None)
    return before is not None and after is not None and before <= AT_ONCE_MS and after <= INSIDE_BRIDGE_MS


def _by_words(units: list[Unit], said: list[Said]) -> list[Unit]:
    """Short: at most a second, all its words short responses, and not right after a question of the other side."""
    mine: dict[str, list[Said]] = {}
    for entry in said:
        mine.setdefault(entry.utterance.speaker, []).append(entry)
    marked = []
    for unit in units:
        own = _overlapping(mine.get(unit.speaker, []), unit.span)
        words = sum(round(entry.words * _share(entry, unit.span)) for entry in own)
        asks = any(entry.ends_asking and entry.utterance.end_ms <= unit.span.end_ms + 500 for entry in own)
        answer = _after_question(unit, said)
        by_words = bool(own) and all(entry.short for entry in own) and not answer
        short = unit.span.duration_ms <= SHORT_MS and (by_words or not own)
        marked.append(replace(unit, short=short, words=words, asks=asks))
    return marked


def _overlapping(said: list[Said], span: Span) -> list[Said]:
    at = bisect_left(said, span.start_ms, key=lambda entry: entry.utterance.start_ms)
    near = said[max(0, at - 3) : at + 12]
    return [entry for entry in near if _shared_ms(entry, span) > 0]


def _shared_ms(entry: Said, span: Span) -> int:
    """By its numbers: this is asked for a dozen utterances of every run of speech."""
    return min(entry.utterance.end_ms, span.end_ms) - max(entry.utterance.start_ms, span.start_ms)


def _share(entry: Said, span: Span) -> float:
    whole = max(1, entry.utterance.end_ms - entry.utterance.start_ms)
    return min(1.0, max(0, _shared_ms(entry, span)) / whole)


def _after_question(unit: Unit, said: list[Said]) -> bool:
    """Whether the last thing the other side finished before this unit was a question."""
    at = bisect_left(said, unit.span.start_ms, key=lambda entry: entry.utterance.start_ms)
    for entry in reversed(said[max(0, at - 6) : at]):
        if entry.utterance.speaker == unit.speaker:
            if not entry.short:
                return False
        elif entry.utterance.end_ms <= unit.span.start_ms + 500:
            return entry.ends_asking and unit.span.start_ms - entry.utterance.end_ms < 5_000
    return False


def _turns(substantive: list[Unit]) -> tuple[list[Turn], list[tuple[Unit, ...]]]:
    """Units in order of time; who goes on after the other came in, comes back with what is left of their unit."""
    waiting = [(unit.span.start_ms, n, unit) for n, unit in enumerate(substantive)]
    heapq.heapify(waiting)
    groups: list[list[Unit]] = []
    count = len(waiting)
    while waiting:
        _, _, unit = heapq.heappop(waiting)
        if groups and groups[-1][0].speaker == unit.speaker:
            groups[-1].append(unit)
            continue
        if groups:
            before = groups[-1][-1]
            left = before.span.end_ms - unit.span.end_ms
            if left >= RETURN_MS:
                count += 1
                rest = Span(unit.span.end_ms, before.span.end_ms)
                heapq.heappush(waiting, (rest.start_ms, count, _part_of(before, rest)))
                groups[-1][-1] = _part_of(before, Span(before.span.start_ms, unit.span.end_ms))
        groups.append([unit])
    turns = [
        Turn(group[0].speaker, group[0].role, group[0].span.start_ms, max(unit.span.end_ms for unit in group))
        for group in groups
    ]
    return turns, [tuple(group) for group in groups]


def _part_of(unit: Unit, span: Span) -> Unit:
    words = unit.words
    if words is not None:
        words = round(words * span.duration_ms / max(1, unit.span.duration_ms))
    return replace(unit, span=span, words=words)


def stretches(floor: Floor, role: Role) -> list[Span]:
    """Stretches one side holds: bridged by the other's short responses, ended by a pause over 2 s or by their turn.

    Where words are counted, a turn of the other side of fewer than three words does not end a stretch either.
    """
    found: list[Span] = []
    holding: Span | None = None
    for turn, units in zip(floor.turns, floor.parts, strict=True):
        if turn.role is role:
            for unit in units:
                if holding and unit.span.start_ms - holding.end_ms <= MONOLOGUE_PAUSE_MS:
                    holding = Span(holding.start_ms, max(holding.end_ms, unit.span.end_ms))
                else:
                    found += [holding] if holding else []
                    holding = unit.span
        elif holding and _ends_monologue(units):
            found.append(holding)
            holding = None
    return found + ([holding] if holding else [])


def _ends_monologue(units: tuple[Unit, ...]) -> bool:
    if any(unit.words is None for unit in units):
        return True
    return sum(unit.words or 0 for unit in units) >= TURN_WORDS


def strict_stretches(floor: Floor, role: Role) -> list[Span]:
    """The same without any bridging: whatever the other side says ends a stretch, be it in the middle of a run."""
    own = merge_spans([unit.span for unit in floor.units if unit.role is role])
    others = merge_spans([unit.span for unit in floor.units if unit.role is not role])
    found: list[Span] = []
    for piece in _without(own, others):
        close = found and piece.start_ms - found[-1].end_ms <= MONOLOGUE_PAUSE_MS
        if close and not _overlaps_any(Span(found[-1].end_ms, piece.start_ms), others):
            found[-1] = Span(found[-1].start_ms, piece.end_ms)
        else:
            found.append(piece)
    return found


def _without(spans: list[Span], taken: list[Span]) -> list[Span]:
    """What is left of sorted, disjoint spans without others."""
    left: list[Span] = []
    for span in spans:
        start = span.start_ms
        for other in _near(span, taken):
            if other.start_ms > start:
                left.append(Span(start, min(other.start_ms, span.end_ms)))
            start = max(start, other.end_ms)
        if start < span.end_ms:
            left.append(Span(start, span.end_ms))
    return left


def _overlaps_any(span: Span, others: list[Span]) -> bool:
    return any(other.overlap_ms(span) > 0 for other in _near(span, others))


def _near(span: Span, others: list[Span]) -> list[Span]:
    """Those of sorted, disjoint spans that meet a span."""
    first = max(0, bisect_left(others, Span(span.start_ms, span.start_ms)) - 1)
    last = bisect_left(others, Span(span.end_ms, span.end_ms))
    return [other for other in others[first:last] if other.overlap_ms(span) > 0]
