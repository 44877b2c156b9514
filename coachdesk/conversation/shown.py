"""Signals of showing something: features and the needs they answer, stretches without the other side, answers given."""

from __future__ import annotations

from statistics import median

from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.picked_up import moments
from coachdesk.conversation.talk import Line, Talk
from coachdesk.model import Role, Withheld
from coachdesk.spans import Span, total_ms

SHOWN_MS = 3 * 60_000  # shorter than this, the changes of speaker while showing are no rate
LEAST_ANSWERS = 2


def _shows(line: Line) -> bool:
    return bool(line.facts.cues.get("feature")) and "agenda" not in line.facts.patterns


def shown_stretch(talk: Talk) -> Result:
    """The longest time in which the own side shows features and the other side has no turn of five words, in ms."""
    stretches: list[list[Line]] = [[]]
    for turn, lines in talk.turn_lines:
        if turn.role is Role.REP:
            stretches[-1] += lines
        elif turn.role is Role.OTHER and talk.is_substantive(turn):
            stretches.append([])
    spans = [
        Span(lines[0].utterance.start_ms, max(line.utterance.end_ms for line in lines))
        for lines in stretches
        if any(_shows(line) for line in lines)
    ]
    longest = sorted(spans, key=lambda span: (-span.duration_ms, span.start_ms))
    if not longest:
        return Withheld("nothing_shown_found")
    return Counted(longest[0].duration_ms, tuple(talk.moment(span, Role.REP) for span in longest))


def switches_while_showing(talk: Talk) -> Result:
    """Changes of speaker per minute of speech between the first and the last feature, if that takes three minutes."""
    showing = [line for line in talk.of(Role.REP) if _shows(line)]
    if not showing:
        return Withheld("nothing_shown_found")
    part = Span(showing[0].utterance.start_ms, showing[-1].utterance.end_ms)
    if part.duration_ms < SHOWN_MS:
        return Withheld("nothing_shown_found")
    turns = zip(talk.turn_pairs, talk.turn_pairs[1:], strict=False)
    changes = sum(
        before.role is not turn.role and part.start_ms < turn.start_ms < part.end_ms for before, turn in turns
    )
    speech = total_ms([Span(max(run.start_ms, part.start_ms), min(run.end_ms, part.end_ms))
                       for run in talk.anyone if run.overlap_ms(part) > 0])  # fmt: skip
    return Counted(changes * 60_000 / max(1, speech), moments(showing))


def features_without_need(talk: Talk) -> Result:
    """Own lines that show a feature, without a recap and without a content word of a need named before."""
    named: set[str] = set()
    before: Line | None = None
    apart = []
    for line in talk.lines:
        if line.role is Role.OTHER and "need_pain" in line.facts.patterns and not line.facts.ends_asking:
            named |= talk.content_words([line])
        if line.role is Role.REP:
            said = [line] if before is None else [before, line]
            linked = any("recap" in one.facts.patterns for one in said) or named & talk.content_words([line])
            if _shows(line) and not linked:
                apart.append(line)
            before = line
    return Counted(len(apart), moments(apart))


def answer_words(talk: Talk) -> Result:
    """Words of the own turn after a question of the other side: the median, the longest first to hear."""
    answers = [
        (sum(line.facts.words for line in reply), reply[0])
        for (turn, lines), (following, reply) in zip(talk.turn_lines, talk.turn_lines[1:], strict=False)
        if turn.role is Role.OTHER and following.role is Role.REP and any(line.facts.asks for line in lines)
    ]
    if len(answers) < LEAST_ANSWERS:
        return Withheld("too_few_questions")
    longest = sorted(answers, key=lambda answer: (-answer[0], answer[1].utterance.start_ms))
    return Counted(median(words for words, _ in answers), moments([line for _, line in longest]))
