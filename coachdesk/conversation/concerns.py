"""Signals of concerns and wording: what is said to a concern or to strong words, and how plainly."""

from __future__ import annotations

from statistics import mean, median

from coachdesk.conversation import by_words, sentiment
from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.picked_up import moments, next_own
from coachdesk.conversation.talk import Line, Talk
from coachdesk.model import Role, Withheld

AFTER_MS = 30_000
LEAST_REPLY_WORDS = 20


def _acknowledges(lines: list[Line]) -> bool:
    return any("empathy_ack" in line.facts.patterns or line.facts.asks for line in lines)


def objection_words(talk: Talk) -> Result:
    replies = [
        (sum(line.facts.words for line in reply), concern) for concern, reply in by_words.objections(talk) if reply
    ]
    if not replies:
        return Withheld("no_objection_found")
    longest = sorted(replies, key=lambda entry: (-entry[0], entry[1].utterance.start_ms))
    return Counted(longest[0][0], moments([concern for _, concern in longest]))


def unacknowledged(talk: Talk) -> Result:
    missed = [concern for concern, reply in by_words.objections(talk) if reply and not _acknowledges(reply)]
    return Counted(len(missed), moments(missed))


def met_with_question(talk: Talk) -> Result:
    """Concerns answered with a question within the first 30 words."""
    met = []
    for concern, reply in by_words.objections(talk):
        words = 0
        for line in reply:
            if line.facts.asks and words < 30:
                met.append(concern)
                break
            words += line.facts.words
    return Counted(len(met), moments(met))


def _strong_negative(talk: Talk) -> list[tuple[int, Line]]:
    found = []
    for i, (turn, lines) in enumerate(talk.turn_lines):
        if turn.role is Role.OTHER:
            strong = [line for line in lines if any(s.valence <= -sentiment.STRONG for s in line.facts.sentences)]
            found += [(i, line) for line in strong[:1]]
    return found


def negative_turns(talk: Talk) -> Result:
    if Role.OTHER not in talk.wording_roles:
        return Withheld("wording_off")
    found = _strong_negative(talk)
    return Counted(len(found), moments([line for _, line in found]))


def not_picked_up(talk: Talk) -> Result:
    if Role.OTHER not in talk.wording_roles:
        return Withheld("wording_off")
    missed = []
    for i, line in _strong_negative(talk):
        replies = next_own(talk, i)
        if replies and not any(_acknowledges(reply) for reply in replies):
            missed.append(line)
    return Counted(len(missed), moments(missed))


def tone_change(talk: Talk) -> Result:
    """Mean wording of the other side in the last third minus the first; for information only."""
    if Role.OTHER not in talk.wording_roles:
        return Withheld("wording_off")
    scored = by_words.wording_lines(talk, Role.OTHER)
    first = [value for value, _, line in scored if line.utterance.start_ms < talk.duration_ms / 3]
    last = [(value, line) for value, _, line in scored if line.utterance.start_ms >= talk.duration_ms * 2 / 3]
    if len(first) < 5 or len(last) < 5:
        return Withheld("too_few_words")
    lowest = sorted(last, key=lambda entry: (entry[0], entry[1].utterance.start_ms))[:3]
    return Counted(mean(value for value, _ in last) - mean(first), moments([line for _, line in lowest]))


def buzzwords(talk: Talk) -> Result:
    words = talk.word_count[Role.REP]
    if words < 100:
        return Withheld("too_few_words")
    found = [line for line in talk.of(Role.REP) if line.facts.cues.get("buzzwords")]
    densest = sorted(found, key=lambda line: (-line.facts.cues["buzzwords"], line.utterance.start_ms))
    return Counted(100 * sum(line.facts.cues["buzzwords"] for line in found) / words, moments(densest))


def pace_after(talk: Talk) -> Result:
    """The own pace in the half minute after a concern over that of the whole call: the median over the concerns."""
    usual = by_words.pace(talk, Role.REP)
    ratios = []
    for concern, _ in by_words.objections(talk):
        end = concern.utterance.end_ms
        reply = [line for line in talk.of(Role.REP) if end <= line.utterance.start_ms < end + AFTER_MS]
        words, ms = sum(line.facts.words for line in reply), sum(line.span.duration_ms for line in reply)
        if isinstance(usual, Counted) and words >= LEAST_REPLY_WORDS and ms:
            ratios.append((words * 60_000 / ms / usual.value, reply[0]))
    if not ratios:
        return Withheld("no_objection_found")
    fastest = sorted(ratios, key=lambda entry: (-entry[0], entry[1].utterance.start_ms))
    return Counted(median(ratio for ratio, _ in ratios), moments([line for _, line in fastest]))
