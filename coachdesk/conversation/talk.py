"""A call laid out for counting: activity per side, floor, sentences per side; built once, read by all metrics and signals."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from coachdesk.conversation.lexicon import Lexicon
from coachdesk.conversation.planned import Plan
from coachdesk.conversation.text import NO_FACTS, TextFacts, words_of
from coachdesk.conversation.turns import Floor, Said, Unit, floor
from coachdesk.model import Basis, Grade, Quality, Role, Turn, Utterance, WordsGrade
from coachdesk.spans import Moment, Span, merge_spans, shared_spans, total_ms

SIDES = (Role.REP, Role.OTHER)
SUBSTANTIVE_WORDS, SUBSTANTIVE_MS = 5, 1_500
_SUFFIX = re.compile(r"(?:ings?|ed|es|s|ly)$")


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance with its side and the facts of its text."""

    utterance: Utterance
    role: Role
    facts: TextFacts

    @property
    def moment(self) -> Moment:
        return Moment(
            self.utterance.start_ms, max(self.utterance.end_ms, self.utterance.start_ms + 1), self.utterance.id
        )

    @property
    def span(self) -> Span:
        return self.utterance.span


@dataclass(frozen=True)
class Talk:
    """Everything counted from. `activity` is by speaker label, in ms of the call."""

    duration_ms: int
    timing: Grade
    words: WordsGrade
    language: str
    table: Lexicon | None
    partial: bool
    roles: dict[str, Role]
    activity: dict[str, tuple[Span, ...]]
    lines: tuple[Line, ...]
    channels: int = 1
    wording_roles: frozenset[Role] = field(default_factory=frozenset)
    draft: bool = False
    quality: tuple[Quality, ...] = ()
    _moments: dict[tuple[Span, Role | None], Moment] = field(default_factory=dict, repr=False, compare=False)
    plan: Plan = field(default_factory=Plan)
    memo: dict[str, object] = field(default_factory=dict, compare=False)  # what several numbers share, made once

    @property
    def sides_known(self) -> bool:
        """Whether speech is told apart by side: both sides, or at least one whose silence is true silence."""
        present = {self.roles.get(label, Role.UNKNOWN) for label, runs in self.activity.items() if runs}
        return bool(present) and Role.UNKNOWN not in present and Role.REP in self.roles.values()

    def words_of(self, role: Role | None) -> WordsGrade:
        """How far the words of a side can be leant on; of the call where no side is named."""
        own = None if role is None else next((q.grade for q in self.quality if q.side == role.value), None)
        return own or self.words

    def is_rough(self, role: Role | None) -> bool:
        """Whether what is counted from a side's words is said to be rough: always where they are a draft's."""
        return self.draft or self.words_of(role) is WordsGrade.ROUGH

    @property
    def told_apart(self) -> bool:
        """Whether who speaks is heard from the sound, be it without knowing which side they are on."""
        present = {label for label, runs in self.activity.items() if runs}
        return self.sides_known or (self.timing is Grade.B and len(present) > 1 and "unknown" not in present)

    @property
    def sides_missing(self) -> str:
        """The reason code where sides are not known: the voices are not told apart, or nobody said which is whose."""
        present = {label for label, runs in self.activity.items() if runs}
        return "voices_unknown" if present <= {"unknown"} else "speakers_unknown"

    @property
    def basis(self) -> Basis:
        return Basis.WORDS if self.words is WordsGrade.GOOD and self.table else Basis.SOUND

    @cached_property
    def speech(self) -> dict[Role, list[Span]]:
        """Disjoint spans of speech per side."""
        return {
            role: merge_spans(
                [run for label, runs in self.activity.items() if self.roles.get(label) is role for run in runs]
            )
            for role in Role
        }

    def speech_ms(self, role: Role) -> int:
        return total_ms(self.speech[role])

    @cached_property
    def all_speech_ms(self) -> int:
        """Speech time of all, overlap counted for both."""
        return sum(total_ms(self.speech[role]) for role in Role)

    @cached_property
    def anyone(self) -> list[Span]:
        return merge_spans([run for runs in self.activity.values() for run in runs])

    @cached_property
    def together(self) -> list[Span]:
        """Where both sides are active, in events of at least 0.3 s."""
        return [s for s in shared_spans(self.speech[Role.REP], self.speech[Role.OTHER]) if s.duration_ms >= 300]

    @cached_property
    def floor(self) -> Floor:
        units = [
            Unit(label, self.roles.get(label, Role.UNKNOWN), run)
            for label, runs in self.activity.items()
            for run in runs
        ]
        if self.basis is not Basis.WORDS:
            return floor(units, None)
        said = [
            Said(line.utterance, line.role, line.facts.words, line.facts.short, line.facts.ends_asking)
            for line in self.lines
        ]
        return floor(units, said)

    # --- words

    def of(self, role: Role) -> list[Line]:
        return self._by_role[role]

    @cached_property
    def _by_role(self) -> dict[Role, list[Line]]:
        return {role: [line for line in self.lines if line.role is role] for role in Role}

    @cached_property
    def word_count(self) -> dict[Role, int]:
        return {role: sum(line.facts.words for line in self.of(role)) for role in Role}

    @cached_property
    def turn_lines(self) -> list[tuple[Turn, list[Line]]]:
        """Turns with the substantive lines spoken in them."""
        starts = {role: [line.span.middle_ms for line in self.of(role)] for role in Role}
        found = []
        for turn in self.floor.turns:
            lines = self.of(turn.role)
            left, right = bisect_left(starts[turn.role], turn.start_ms), bisect_right(starts[turn.role], turn.end_ms)
            found.append((turn, [line for line in lines[left:right] if not line.facts.short]))
        return [(turn, lines) for turn, lines in found if lines]

    @property
    def turn_pairs(self) -> tuple[Turn, ...]:
        return self.floor.turns

    def is_substantive(self, turn: Turn) -> bool:
        """A turn of at least five words; by sound, of at least 1.5 s of speech."""
        units = self._parts[turn]
        if any(unit.words is None for unit in units):
            return sum(unit.span.duration_ms for unit in units) >= SUBSTANTIVE_MS
        return sum(unit.words or 0 for unit in units) >= SUBSTANTIVE_WORDS

    @cached_property
    def _parts(self) -> dict[Turn, tuple[Unit, ...]]:
        return dict(zip(self.floor.turns, self.floor.parts, strict=True))

    def first_sound(self, role: Role, after_ms: int, before_ms: int) -> int:
        """When a side is first heard after a time, be it a short response; `before_ms` where nothing comes earlier."""
        starts = self._unit_starts[role]
        at = bisect_left(starts, after_ms)
        return min(starts[at], before_ms) if at < len(starts) else before_ms

    @cached_property
    def gaps(self) -> list[tuple[int, Moment, Turn]]:
        """(ms, moment, turn) from the end of each substantive turn of the other side to the own first word; may be < 0."""
        found = []
        for before, turn in zip(self.turn_pairs, self.turn_pairs[1:], strict=False):
            if before.role is not Role.OTHER or turn.role is not Role.REP or not self.is_substantive(before):
                continue
            first = self.first_sound(Role.REP, before.end_ms, turn.start_ms)
            moment = Moment(
                max(0, before.end_ms - 3_000), turn.start_ms + 4_000, self.moment(turn.span, Role.REP).utterance
            )
            found.append((first - before.end_ms, moment, before))
        return found

    @cached_property
    def _unit_starts(self) -> dict[Role, list[int]]:
        return {role: sorted(unit.span.start_ms for unit in self.floor.units if unit.role is role) for role in Role}

    def content_words(self, lines: list[Line]) -> set[str]:
        """Words that carry content, cut to a rough stem, so that "reports" picks up "reporting"."""
        return self.content_of(line.utterance.text for line in lines)

    def content_of(self, texts: Iterable[str]) -> set[str]:
        """The same of any texts."""
        stop = self.table.stop_words if self.table else frozenset()
        words = {word for text in texts for word in words_of(text) if len(word) > 3 and word not in stop}
        return {_SUFFIX.sub("", word) for word in words}

    def line_at(self, span: Span, role: Role | None = None) -> Line | None:
        """The line that shares most of a span."""
        lines = self.lines if role is None else self.of(role)
        at = bisect_left(lines, span.end_ms, key=lambda line: line.utterance.start_ms)
        best: Line | None = None
        most = 0
        for line in lines[max(0, at - 12) : at]:
            said = line.utterance  # by its numbers: this is asked for every turn of every metric
            shared = min(said.end_ms, span.end_ms) - max(said.start_ms, span.start_ms)
            if shared > most:
                best, most = line, shared
        return best

    def moment(self, span: Span, role: Role | None = None) -> Moment:
        """A span as a moment, with the utterance it starts in; found once, since many counts ask for the same turns."""
        if (span, role) not in self._moments:
            self._moments[span, role] = self._moment(span, role)
        return self._moments[span, role]

    def _moment(self, span: Span, role: Role | None) -> Moment:
        line = self.line_at(Span(span.start_ms, min(span.end_ms, span.start_ms + 4_000)), role)
        return Moment(span.start_ms, max(span.end_ms, span.start_ms + 1), line.utterance.id if line else None)


def lines_of(
    utterances: tuple[Utterance, ...], roles: dict[str, Role], facts: list[TextFacts] | None
) -> tuple[Line, ...]:
    """Lines of the utterances that count: suspect ones are shown, but in no number."""
    paired = zip(utterances, facts or [_plain(u.text) for u in utterances], strict=True)
    return tuple(Line(u, roles.get(u.speaker, Role.UNKNOWN), f) for u, f in paired if not u.suspect)


def _plain(text: str) -> TextFacts:
    """What can be said of a text in a language without a table: how many words it has."""
    return TextFacts(len(words_of(text)), *(NO_FACTS.short, 0, [], {}, {}, {}))
