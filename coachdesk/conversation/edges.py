"""Signals of how a call opens and closes: words before the first answer, introductions, promises, refusals, the ending."""

from __future__ import annotations

from collections.abc import Callable

from coachdesk.conversation.by_words import closing_span
from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.picked_up import moments
from coachdesk.conversation.talk import Talk
from coachdesk.model import Role, Withheld
from coachdesk.spans import Moment, Span

FIRST_MS = 5 * 60_000
TOPICS = frozenset(
    {"pricing", "budget", "authority", "need_pain", "timeline", "decision_process", "comp_range", "notice_start",
     "motivation", "competitor", "decision_criteria", "metrics"}
)  # fmt: skip


def opening_words(talk: Talk) -> Result:
    """Own words before the other side's first substantive turn."""
    first = next((turn for turn in talk.floor.turns if turn.role is Role.OTHER and talk.is_substantive(turn)), None)
    if first is None:
        return Withheld("one_sided")
    before = [line for line in talk.of(Role.REP) if line.utterance.end_ms <= first.start_ms]
    return Counted(sum(line.facts.words for line in before), moments(before[:1]))


def company_overview(talk: Talk) -> Result:
    """The longest own stretch with three or more cues of speaking about the own company, in ms."""
    best: tuple[int, Moment] = (0, Moment(0, 1))
    for turn, lines in talk.turn_lines:
        if turn.role is Role.REP and sum(line.facts.cues.get("company_overview", 0) for line in lines) >= 3:
            cued = [line for line in lines if line.facts.cues.get("company_overview")]
            span = Span(cued[0].utterance.start_ms, cued[-1].utterance.end_ms)
            best = max(best, (span.duration_ms, talk.moment(span, Role.REP)), key=lambda entry: entry[0])
    return Counted(best[0], (best[1],) if best[0] else ())


def commitments(role: Role) -> Callable[[Talk], Result]:
    def count(talk: Talk) -> Result:
        late = [line for line in talk.of(role) if line.utterance.start_ms >= 0.75 * talk.duration_ms]
        found = [line for line in late if line.facts.cues.get("commitment")]
        return Counted(len(found), moments(found))

    return count


def refusal_after_next_step(talk: Talk) -> Result:
    steps = [line for line in talk.lines if "next_step" in line.facts.patterns]
    if not steps:
        return Counted(0)
    after = [line for line in talk.of(Role.OTHER) if line.utterance.start_ms > steps[-1].utterance.start_ms]
    refused = [line for line in after if line.facts.cues.get("refusal")]
    return Counted(float(bool(refused)), moments(refused))


def topic_to_end(talk: Talk) -> Result:
    last = max((line.utterance.end_ms for line in talk.lines if TOPICS & line.facts.patterns.keys()), default=None)
    return Counted(talk.duration_ms - last) if last is not None else Withheld("no_topic_found")


def other_words_first_5min(talk: Talk) -> Result:
    """Words of the other side in the first five minutes."""
    early = [line for line in talk.of(Role.OTHER) if line.utterance.start_ms < FIRST_MS]
    return Counted(sum(line.facts.words for line in early), moments(early))


def turns_after_second_refusal(talk: Talk) -> Result:
    """Substantive own turns after the second turn in which the other side declines."""
    refused = [
        (i, next(line for line in lines if line.facts.cues.get("refusal")))
        for i, (turn, lines) in enumerate(talk.turn_lines)
        if turn.role is Role.OTHER and any(line.facts.cues.get("refusal") for line in lines)
    ]
    if len(refused) < 2:
        return Counted(0)
    after = [turn for turn, _ in talk.turn_lines[refused[1][0] + 1 :] if turn.role is Role.REP]
    going_on = [turn for turn in after if talk.is_substantive(turn)]
    return Counted(len(going_on), moments([line for _, line in refused]))


def dated_steps(talk: Talk) -> Result:
    """Next steps near the end with a day: said in the same line, or within two lines of a promise."""
    first_ms = closing_span(talk).start_ms
    lines = [line for line in talk.lines if line.utterance.start_ms >= first_ms]
    dated = []
    for n, line in enumerate(lines):
        near = lines[n : n + 3] if line.facts.cues.get("commitment") else [line]
        if "next_step" in line.facts.patterns and any("time_expression" in one.facts.patterns for one in near):
            dated.append(line)
    return Counted(len(dated), moments(dated))
