"""Numbers from what was said: questions, turns in words, recaps, concerns, next steps, wording."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from coachdesk.conversation import sentiment
from coachdesk.conversation.counted import LEAST_TURNS, LONG_ANSWER_WORDS, OBJECTIONS, Count, Counted, Result
from coachdesk.conversation.talk import Line, Talk
from coachdesk.model import Role, Withheld
from coachdesk.spans import Moment, Span


def words_per_turn(talk: Talk, role: Role) -> list[tuple[int, Moment]]:
    """(words, moment) of each substantive turn of a side."""
    return [
        (sum(line.facts.words for line in lines), talk.moment(turn.span, role))
        for turn, lines in talk.turn_lines
        if turn.role is role
    ]


def turn_words(how: Callable[[list[int]], float]) -> Count:
    def count(talk: Talk, role: Role) -> Result:
        turns = words_per_turn(talk, role)
        if len(turns) < LEAST_TURNS:
            return Withheld("too_few_turns", {"n": len(turns), "needed": LEAST_TURNS})
        longest = sorted(turns, key=lambda turn: (-turn[0], turn[1].start_ms))
        return Counted(how([words for words, _ in turns]), tuple(moment for _, moment in longest))

    return count


def asking(talk: Talk, role: Role) -> list[tuple[Line, int, int]]:
    """Lines of a side that ask, with how many questions and how many of them are open."""
    found = []
    for line in talk.of(role):
        asked = [sentence for sentence in line.facts.sentences if sentence.counts]
        if asked:
            found.append((line, len(asked), sum(sentence.open for sentence in asked)))
    return found


def questions(talk: Talk, role: Role) -> Result:
    found = asking(talk, role)
    return Counted(sum(n for _, n, _ in found), tuple(line.moment for line, _, _ in found))


def open_questions(talk: Talk, role: Role) -> Result:
    found = asking(talk, role)
    return Counted(sum(n for _, _, n in found), tuple(line.moment for line, _, n in found if n))


def question_rate(talk: Talk, role: Role) -> Result:
    found = questions(talk, role)
    assert isinstance(found, Counted)
    return Counted(found.value * 3_600_000 / talk.duration_ms, found.moments)


def question_yield(talk: Talk, role: Role) -> Result:
    """Speech time of the other side in the turn right after each question."""
    times = []
    for (turn, lines), (following, _) in zip(talk.turn_lines, talk.turn_lines[1:], strict=False):
        if turn.role is role and following.role is not role and any(line.facts.asks for line in lines):
            times.append((following.span.duration_ms, talk.moment(following.span)))
    if len(times) < 3:
        return Withheld("too_few_questions", {"n": len(times), "needed": 3})
    best = sorted(times, key=lambda entry: (-entry[0], entry[1].start_ms))
    return Counted(median(ms for ms, _ in times), tuple(moment for _, moment in best))


def stacked(talk: Talk, role: Role) -> Result:
    asked = [
        (turn, sum(line.facts.asks * _asks(line) for line in lines))
        for turn, lines in talk.turn_lines
        if turn.role is role
    ]
    asked = [(turn, n) for turn, n in asked if n]
    if len(asked) < 3:
        return Withheld("too_few_questions", {"n": len(asked), "needed": 3})
    stacked = [turn for turn, n in asked if n > 1]
    return Counted(len(stacked) / len(asked), tuple(_stacked_moment(talk, turn.span, role) for turn in stacked))


def _asks(line: Line) -> int:
    return sum(sentence.counts for sentence in line.facts.sentences)


def _stacked_moment(talk: Talk, span: Span, role: Role) -> Moment:
    """The line of a turn that asks most: a long turn need not be heard whole to hear two questions."""
    asking_lines = [line for line in talk.of(role) if line.facts.asks and line.span.overlap_ms(span)]
    if not asking_lines:
        return talk.moment(span, role)
    line = max(asking_lines, key=lambda line: (_asks(line), -line.utterance.start_ms))
    return Moment(line.utterance.start_ms, max(span.end_ms, line.utterance.end_ms), line.utterance.id)


def long_answers(talk: Talk) -> list[tuple[list[Line], list[Line]]]:
    """(answer, next own turn) for each turn of the other side of at least 15 words."""
    found = []
    for (turn, lines), (following, reply) in zip(talk.turn_lines, talk.turn_lines[1:], strict=False):
        words = sum(line.facts.words for line in lines)
        if turn.role is Role.OTHER and following.role is Role.REP and words >= LONG_ANSWER_WORDS:
            found.append((lines, reply))
    return found


def follows_up(talk: Talk, answer: list[Line], reply: list[Line]) -> bool:
    """Whether a reply asks something that picks up a content word of the answer, or probes."""
    if not any(line.facts.asks for line in reply):
        return False
    if any("probe" in line.facts.cues or "probe" in line.facts.patterns for line in reply):
        return True
    return bool(talk.content_words(answer) & talk.content_words([line for line in reply if line.facts.asks]))


def followups(talk: Talk, role: Role) -> Result:
    answers = long_answers(talk)
    if len(answers) < 3:
        return Withheld("too_few_answers", {"n": len(answers), "needed": 3})
    taken = [follows_up(talk, answer, reply) for answer, reply in answers]
    dropped = [answer[0].moment for (answer, _), up in zip(answers, taken, strict=True) if not up]
    return Counted(sum(taken) / len(taken), tuple(dropped))


def advice(talk: Talk, role: Role) -> Result:
    turns = [lines for turn, lines in talk.turn_lines if turn.role is role]
    if len(turns) < LEAST_TURNS:
        return Withheld("too_few_turns", {"n": len(turns), "needed": LEAST_TURNS})
    advising = [line for lines in turns for line in lines[:] if line.facts.cues.get("advice")]
    share = sum(any(line.facts.cues.get("advice") for line in lines) for lines in turns) / len(turns)
    return Counted(share, tuple(line.moment for line in advising))


def recaps(talk: Talk, role: Role) -> Result:
    found = [line for line in talk.of(role) if "recap" in line.facts.patterns]
    words = talk.word_count[role]
    return Counted(100 * len(found) / words, tuple(line.moment for line in found)) if words else Withheld("no_words")


def pace(talk: Talk, role: Role) -> Result:
    """Words over time, median over utterances of at least 1.5 s."""
    rates = [
        line.facts.words * 60_000 / line.span.duration_ms for line in talk.of(role) if line.span.duration_ms >= 1_500
    ]
    if len(rates) < 5 or talk.word_count[role] < 100:
        return Withheld("too_few_words", {"words": talk.word_count[role]})
    return Counted(median(rates))


def fillers(talk: Talk, role: Role) -> Result:
    words, fillers = talk.word_count[role], sum(line.facts.fillers for line in talk.of(role))
    if not fillers and words >= 400:
        return Withheld("fillers_not_measurable")
    if words < 100:
        return Withheld("too_few_words", {"words": words})
    densest = sorted(talk.of(role), key=lambda line: (-line.facts.fillers, line.utterance.start_ms))
    return Counted(100 * fillers / words, tuple(line.moment for line in densest if line.facts.fillers))


def objections(talk: Talk) -> list[tuple[Line, list[Line]]]:
    """(concern, reply): lines of the other side that hold an objection, with the own side's next turn; within 60 s one."""
    found: list[tuple[Line, list[Line]]] = []
    for (turn, lines), (_, reply) in zip(talk.turn_lines, [*talk.turn_lines[1:], (None, [])], strict=False):
        for line in lines:
            objecting = turn.role is Role.OTHER and not line.facts.patterns.keys().isdisjoint(OBJECTIONS)
            fresh = not found or line.utterance.start_ms - found[-1][0].utterance.start_ms > 60_000
            if objecting and fresh and not line.facts.asks:
                found.append((line, reply))
    return found


def pause_after_objection(talk: Talk, role: Role) -> Result:
    concerns = [line for line, _ in objections(talk)]
    times = [
        (ms, moment)
        for ms, moment, turn in talk.gaps
        if any(turn.start_ms <= line.span.middle_ms <= turn.end_ms for line in concerns)
    ]
    if not times:
        return Withheld("no_objection_found")
    return Counted(median(max(0, ms) for ms, _ in times), tuple(moment for _, moment in times))


def closing_span(talk: Talk) -> Span:
    """The last 20 % or 5 minutes, whichever is longer, but never more than half the call."""
    length = min(max(talk.duration_ms // 5, 300_000), talk.duration_ms // 2)
    return Span(talk.duration_ms - length, talk.duration_ms)


def next_step(talk: Talk, role: Role) -> Result:
    end = closing_span(talk)
    found = [
        line for line in talk.lines if "next_step" in line.facts.patterns and line.utterance.start_ms >= end.start_ms
    ]
    return Counted(len(found), tuple(line.moment for line in reversed(found)))


# --- wording


def wording(part: int | None) -> Count:
    def count(talk: Talk, role: Role) -> Result:
        if role not in talk.wording_roles:
            return Withheld("wording_off")
        if talk.word_count[role] < sentiment.LEAST_WORDS:
            return Withheld("too_few_words", {"words": talk.word_count[role]})
        scored = [
            (value, ms, line)
            for value, ms, line in wording_lines(talk, role)
            if part is None or _fifth(talk, line) == part
        ]
        total = sum(ms for _, ms, _ in scored)
        if not total:
            return Withheld("no_words")
        strong = sorted(
            (s for s in scored if part is None and abs(s[0]) >= sentiment.STRONG),
            key=lambda s: (-abs(s[0]), s[2].utterance.start_ms),
        )
        return Counted(sum(value * ms for value, ms, _ in scored) / total, tuple(line.moment for _, _, line in strong))

    return count


def wording_lines(talk: Talk, role: Role) -> list[tuple[float, int, Line]]:
    """(valence, length in ms, line) of every line of a side; a line's valence is its strongest sentence's."""
    return [
        (max((s.valence for s in line.facts.sentences), key=abs, default=0.0), max(1, line.span.duration_ms), line)
        for line in talk.of(role)
    ]


def _fifth(talk: Talk, line: Line) -> int:
    return min(5, 1 + 5 * line.utterance.start_ms // max(1, talk.duration_ms))
