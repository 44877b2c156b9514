"""Planned questions beside what was asked: found or not, in which words, with the answer, the time and what followed up.

About the process only: whether a question came up is counted, the answer is a place to listen and nothing else. A match
is a suggestion: a tick while recording and the person's word come first, and "I did not find it" is no "was not asked".

Found: an own question shares at least 0.6 of the planned content words (two of them at least), or a key phrase, which is
three words in a row with two content words among them (craft; tried on the samples and on written calls). Openings that
any question may have ("tell me about") count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.lexicon import Lexicon
from coachdesk.conversation.missing import words_missing
from coachdesk.conversation.planned import Planned
from coachdesk.conversation.talk import Line, Talk
from coachdesk.conversation.text import straight, words_of
from coachdesk.model import Needs, Role, Turn, Withheld
from coachdesk.spans import Moment, Span, merge_spans, shared_spans, total_ms

SHARED_WORDS = 0.6
LEAST_SHARED = 2
PHRASE_WORDS, PHRASE_CONTENT = 3, 2
AS_PLANNED = 0.8  # this share of the planned words, or more, is asking as planned
MOVING_ON_WORDS = 12  # an own turn of so many words that asks nothing ends a question's part of the call
LEAST_FOUND = 3  # shares over questions need so many of them
EDGE_MS = 120_000  # opening and close belong to every call
EDGE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A planned follow-up, and where it was asked."""

    text: str
    asked: Moment | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """What became of a planned question. `how`: words | ticked | person, "" = I did not find it.

    `denied`: the person said that it was not asked. `wording`: the share of the planned words that were said, where they
    were found. `answer`: the other side's turn after it. `time_ms`: from the question until the call moves on.
    """

    id: str
    text: str
    must: bool
    how: str = ""
    denied: bool = False
    asked: Moment | None = None
    wording: float | None = None
    answer: Moment | None = None
    time_ms: int | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    more: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """All planned questions in their order. `unplanned`: own questions outside them. `reason`: why words were not looked at."""

    questions: tuple[Covered, ...] = ()
    unplanned: tuple[Moment, ...] = ()
    outside: tuple[Span, ...] = ()  # speech that belongs to no planned question, opening and close left out
    reason: str = ""

    @property
    def counted(self) -> tuple[Covered, ...]:
        """The questions a ratio is about: the mandatory ones, or all where none is."""
        return tuple(question for question in self.questions if question.must) or self.questions


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of a question in order, and its content words as rough stems."""

    said: tuple[str, ...]
    content: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """An own line that asks, with the lines that were read together with it."""

    line: Line
    span: Span
    words: _Words
    lines: int

    @property
    def sentences(self) -> int:
        return max(1, sum(sentence.asks for sentence in self.line.facts.sentences))


@dataclass(frozen=True, slots=True)
class _Block:
    """The part of the call a planned question has."""

    id: str
    span: Span
    line: Line | None


def coverage(talk: Talk) -> Coverage:
    """The coverage of a call's plan; made once for a call."""
    known = talk.memo.get("coverage")
    if not isinstance(known, Coverage):
        known = talk.memo["coverage"] = _coverage(talk)
    return known


def _coverage(talk: Talk) -> Coverage:
    plan = talk.plan.questions
    gate = words_missing(Needs.WORDS, talk)
    reason = gate.code if gate else "" if talk.sides_known else talk.sides_missing
    matched = {} if reason else _match(plan, _asking(talk), talk)
    found = {question.id: _told(_by_words(question, matched.get(question.id), talk), talk) for question in plan}
    blocks = [] if reason else _blocks(talk, found, {key: asked.line for key, asked in matched.items()})
    taken = {asked.line.utterance.id for asked in matched.values()}
    for block in blocks:
        found[block.id] = _with_block(found[block.id], block, taken, talk)
    return Coverage(
        questions=tuple(_planned_follow_ups(found[question.id], question, talk) for question in plan),
        unplanned=() if reason else _outside_questions(talk, blocks, taken),
        outside=() if reason else _outside_speech(talk, blocks),
        reason=reason,
    )


# --- matching words


def _asking(talk: Talk) -> list[_Asked]:
    """Own questions, each alone and with the own line beside it in the same turn: one may be cut in two."""
    found = []
    for turn, lines in talk.turn_lines:
        asking = [n for n, line in enumerate(lines) if turn.role is Role.REP and _asks(line)]
        words = {
            n: _words(lines[n].utterance.text, talk)
            for n in sorted({m for n in asking for m in (n - 1, n, n + 1)})
            if 0 <= n < len(lines)
        }
        for n in asking:
            parts = [part for part in ((n,), (n - 1, n), (n, n + 1)) if words.keys() >= set(part)]
            found += [_asked(lines[n], [(lines[m], words[m]) for m in part]) for part in parts]
    return found


def _asks(line: Line) -> bool:
    return any(sentence.asks for sentence in line.facts.sentences) or "behavioural_q" in line.facts.patterns


def _asked(line: Line, parts: list[tuple[Line, _Words]]) -> _Asked:
    first, last = parts[0][0].utterance, parts[-1][0].utterance
    span = Span(first.start_ms, max(last.end_ms, first.start_ms + 1))
    said = tuple(word for _, words in parts for word in words.said)
    content = frozenset(word for _, words in parts for word in words.content)
    return _Asked(line, span, _Words(said, content), len(parts))


def _words(text: str, talk: Talk) -> _Words:
    """The words of a text, and its content words without what any question may begin with."""
    plain = _without_openings(text, talk.table) if talk.table else text
    return _Words(tuple(words_of(plain)), frozenset(talk.content_of([plain])))


def _without_openings(text: str, table: Lexicon) -> str:
    plain = straight(text)
    openings = [
        table.questions["invitation"],
        *([table.patterns["behavioural_q"]] if table.has("behavioural_q") else []),
    ]
    for pattern in openings:
        plain = pattern.sub(" ", plain)
    return plain if re.search(r"\w{4}", plain) else straight(text)


def _match(plan: Iterable[Planned], asked: list[_Asked], talk: Talk) -> dict[str, _Asked]:
    """The best own question for each planned one, the closest pairs first; a line answers for as many as it asks.

    Two lines are only read together where one alone does not do: more words are more likely to be alike by chance.
    """
    pairs = []
    for order, question in enumerate(plan):
        wanted = _words(question.text, talk)
        for one in asked:
            share, shared = _alike(wanted, one.words, talk)
            if share:
                near = (one.lines, -share, -shared, one.span.duration_ms, one.span.start_ms, order)
                pairs.append((near, question.id, one))
    room = {one.line.utterance.id: one.sentences for one in asked}
    found: dict[str, _Asked] = {}
    for _, name, one in sorted(pairs, key=lambda pair: pair[0]):
        if name not in found and room[one.line.utterance.id]:
            room[one.line.utterance.id] -= 1
            found[name] = one
    return found


def _alike(wanted: _Words, said: _Words, talk: Talk) -> tuple[float, int]:
    """The share of the planned content words that were said, and how many; a share of 0 is no match."""
    shared = len(wanted.content & said.content)
    if not shared or shared < min(LEAST_SHARED, len(wanted.content)):
        return 0.0, 0
    share = shared / len(wanted.content)
    if share >= SHARED_WORDS:
        return share, shared
    return (SHARED_WORDS if _shares_phrase(wanted, said, talk) else 0.0), shared


def _shares_phrase(wanted: _Words, said: _Words, talk: Talk) -> bool:
    """Whether a key phrase stands in both."""
    for at in range(len(wanted.said) - PHRASE_WORDS + 1):
        part = wanted.said[at : at + PHRASE_WORDS]
        longer = wanted.said[at : at + PHRASE_WORDS + 1]
        for phrase in (part, longer):
            if len(talk.content_of([" ".join(phrase)])) >= PHRASE_CONTENT and _stands_in(phrase, said.said):
                return True
    return False


def _stands_in(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


# --- what is known of each question


def _by_words(question: Planned, asked: _Asked | None, talk: Talk) -> Covered:
    covered = Covered(question.id, question.text, question.must)
    if asked is None:
        return covered
    planned, said = set(words_of(question.text)), set(_said_in(talk, asked.span))
    moment = Moment(asked.span.start_ms, asked.span.end_ms, asked.line.utterance.id)
    return replace(covered, how="words", asked=moment, wording=round(len(planned & said) / len(planned), 4))


def _said_in(talk: Talk, span: Span) -> list[str]:
    lines = [line for line in talk.of(Role.REP) if line.span.overlap_ms(span) > 0]
    return [word for line in lines for word in words_of(line.utterance.text)]


def _told(covered: Covered, talk: Talk) -> Covered:
    """A question as ticked while recording, and as the person set it right; the last word counts."""
    for name, ticked_ms in talk.plan.ticks:
        if name == covered.id and not covered.how:
            covered = replace(covered, how="ticked", asked=_moment_at(talk, ticked_ms))
    for name, asked, at_ms in talk.plan.said:
        if name != covered.id:
            continue
        if not asked:
            covered = Covered(covered.id, covered.text, covered.must, denied=True)
        elif at_ms is not None:
            covered = replace(covered, how="person", denied=False, asked=_moment_at(talk, at_ms), wording=None)
        else:
            covered = replace(covered, how="person", denied=False)
    return covered


def _moment_at(talk: Talk, at_ms: int) -> Moment:
    """The last own line that begins by then: a question is ticked when it has been asked."""
    before = [line for line in talk.of(Role.REP) if line.utterance.start_ms <= at_ms]
    return before[-1].moment if before else Moment(at_ms, at_ms + 1)


# --- the part of the call each has


def _blocks(talk: Talk, found: dict[str, Covered], lines: dict[str, Line]) -> list[_Block]:
    """From each question until the next one, or until the own side moves on; in order of time."""
    starts = sorted(
        ((covered.asked.start_ms, covered.id) for covered in found.values() if covered.asked), key=lambda entry: entry
    )
    blocks = []
    for n, (start, name) in enumerate(starts):
        until = next((later for later, _ in starts[n + 1 :] if later > start), talk.duration_ms)
        end = min(until, _moves_on(talk, start, until))
        blocks.append(_Block(name, Span(start, max(end, start + 1)), lines.get(name)))
    return blocks


def _moves_on(talk: Talk, start_ms: int, until_ms: int) -> int:
    """Where the own side, after an answer, says something long that asks nothing; the end of what was said before it."""
    end = start_ms
    answered = False
    for turn, lines in talk.turn_lines:
        if turn.end_ms <= start_ms:
            continue
        if turn.start_ms >= until_ms:
            break
        if turn.role is Role.OTHER:
            answered = answered or turn.start_ms > start_ms
        elif answered and _only_tells(lines):
            break
        end = max(end, min(turn.end_ms, until_ms))
    return end


def _only_tells(lines: list[Line]) -> bool:
    asks = any(sentence.asks for line in lines for sentence in line.facts.sentences)
    return not asks and sum(line.facts.words for line in lines) >= MOVING_ON_WORDS


def _with_block(covered: Covered, block: _Block, taken: set[str], talk: Talk) -> Covered:
    assert covered.asked is not None
    answer = _answer(talk, covered.asked, block.span)
    more = tuple(
        line.moment
        for line in talk.of(Role.REP)
        if line.facts.asks
        and line.utterance.id not in taken
        and line.utterance.start_ms > covered.asked.start_ms
        and block.span.start_ms <= line.utterance.start_ms < block.span.end_ms
    )
    return replace(covered, answer=answer, time_ms=block.span.duration_ms, more=more)


def _answer(talk: Talk, asked: Moment, block: Span) -> Moment | None:
    """The first turn of the other side after a question."""
    turn = next((t for t in talk.floor.turns if _answers(t, asked, block)), None)
    return talk.moment(turn.span, Role.OTHER) if turn else None


def _answers(turn: Turn, asked: Moment, block: Span) -> bool:
    return turn.role is Role.OTHER and turn.start_ms >= asked.start_ms and asked.end_ms < turn.end_ms <= block.end_ms


def _planned_follow_ups(covered: Covered, question: Planned, talk: Talk) -> Covered:
    """Which of the own questions in a question's part of the call are its planned follow-ups."""
    if not question.follow_ups:
        return covered
    plan = [Planned(str(n), text) for n, text in enumerate(question.follow_ups)]
    within = {moment.utterance for moment in covered.more}
    asked = [one for one in _asking(talk) if one.line.utterance.id in within] if within else []
    matched = _match(plan, asked, talk)
    lines = [matched[one.id].line if one.id in matched else None for one in plan]
    named = {line.utterance.id for line in lines if line}
    return replace(
        covered,
        follow_ups=tuple(
            FollowUp(one.text, line.moment if line else None) for one, line in zip(plan, lines, strict=True)
        ),
        more=tuple(moment for moment in covered.more if moment.utterance not in named),
    )


# --- outside the plan


def _outside_questions(talk: Talk, blocks: list[_Block], taken: set[str]) -> tuple[Moment, ...]:
    inside = [block.span for block in blocks]
    return tuple(
        line.moment
        for line in talk.of(Role.REP)
        if line.facts.asks
        and line.utterance.id not in taken
        and not any(span.start_ms <= line.utterance.start_ms < span.end_ms for span in inside)
    )


def _outside_speech(talk: Talk, blocks: list[_Block]) -> tuple[Span, ...]:
    """Speech between the opening and the close that belongs to no planned question, the longest stretch first."""
    edge = max(EDGE_MS, round(EDGE_SHARE * talk.duration_ms))
    middle = Span(min(edge, talk.duration_ms // 3), max(talk.duration_ms - edge, 2 * talk.duration_ms // 3))
    inside = merge_spans([block.span for block in blocks])
    gaps, at = [], middle.start_ms
    for span in [*inside, Span(middle.end_ms, middle.end_ms)]:
        if at < min(span.start_ms, middle.end_ms):
            gaps.append(Span(at, min(span.start_ms, middle.end_ms)))
        at = max(at, span.end_ms)
    gaps = [gap for gap in gaps if shared_spans([gap], talk.anyone)]
    return tuple(sorted(gaps, key=lambda gap: (-gap.duration_ms, gap.start_ms)))


# --- numbers


def coverage_ratio(talk: Talk, _role: Role = Role.REP) -> Result:
    """Planned questions found, ticked or told, over those planned: the mandatory ones, or all where none is."""
    counted = coverage(talk).counted
    if not counted:
        return Withheld("no_plan")
    asked = [question.asked for question in counted if question.how]
    moments = sorted((moment for moment in asked if moment), key=lambda moment: moment.start_ms)
    return Counted(len(asked) / len(counted), tuple(moments))


def missing(talk: Talk) -> Result:
    """How many of these were not found; the moments are those of the ones that were."""
    found = coverage_ratio(talk)
    if isinstance(found, Withheld):
        return found
    return Counted(sum(not question.how for question in coverage(talk).counted), found.moments)


def wording_drift(talk: Talk) -> Result:
    """Mean share of the planned words that were not said, over the questions found by their words; furthest first."""
    asked = [question for question in coverage(talk).questions if question.wording is not None]
    if len(asked) < LEAST_FOUND:
        return Withheld("too_few_questions" if coverage(talk).questions else "no_plan")
    furthest = sorted(asked, key=lambda question: (question.wording, question.asked.start_ms if question.asked else 0))
    moments = tuple(question.asked for question in furthest if question.asked)
    return Counted(1 - sum(question.wording or 0.0 for question in asked) / len(asked), moments)


def unplanned(talk: Talk) -> Result:
    """Own questions that belong to no planned one."""
    found = coverage(talk)
    return Counted(len(found.unplanned), found.unplanned) if found.questions else Withheld("no_plan")


def outside_share(talk: Talk) -> Result:
    """Speech outside the planned questions, opening and close left out, over all speech."""
    found = coverage(talk)
    if sum(bool(question.how) for question in found.questions) < LEAST_FOUND:
        return Withheld("too_few_questions" if found.questions else "no_plan")
    speech = talk.anyone
    outside = sum(total_ms(shared_spans([gap], speech)) for gap in found.outside)
    return Counted(outside / max(1, total_ms(speech)), tuple(talk.moment(gap) for gap in found.outside))
