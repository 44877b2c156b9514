"""Signals of questions and answers: how many, when, how open, and what the answers were like."""

from __future__ import annotations

from statistics import mean

from coachdesk.conversation import by_words
from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.picked_up import moments
from coachdesk.conversation.talk import Talk
from coachdesk.model import Role, Withheld

LEAST_OWN_WORDS = 100


def per_half_hour(talk: Talk) -> Result:
    asked = by_words.asking(talk, Role.REP)
    return Counted(sum(n for _, n, _ in asked) * 1_800_000 / talk.duration_ms, moments([line for line, _, _ in asked]))


def first_minute(talk: Talk) -> Result:
    asked = [line for line, _, _ in by_words.asking(talk, Role.REP) if line.utterance.start_ms < 60_000]
    return Counted(len(asked), moments(asked))


def open_share(talk: Talk) -> Result:
    asked = by_words.asking(talk, Role.REP)
    total = sum(n for _, n, _ in asked)
    closed = [line for line, n, opened in asked if opened < n]
    return Counted(sum(o for _, _, o in asked) / total, moments(closed)) if total else Withheld("too_few_questions")


def first_third(talk: Talk) -> Result:
    asked = by_words.asking(talk, Role.REP)
    total = sum(n for _, n, _ in asked)
    early = [(line, n) for line, n, _ in asked if line.utterance.start_ms < talk.duration_ms / 3]
    return (
        Counted(sum(n for _, n in early) / total, moments([line for line, _ in early]))
        if total
        else Withheld("too_few_questions")
    )


def other_long_answers(talk: Talk) -> Result:
    answers = by_words.long_answers(talk)
    return Counted(len(answers), moments([answer[0] for answer, _ in answers]))


def followups_taken(talk: Talk) -> Result:
    """Own turns that pick up a long answer, for hearing what went well."""
    taken = [reply for answer, reply in by_words.long_answers(talk) if by_words.follows_up(talk, answer, reply)]
    asked = [next((line for line in reply if line.facts.asks), reply[0]) for reply in taken]
    return Counted(len(asked), moments(asked))


def other_mean_answer(talk: Talk) -> Result:
    answers = [
        (sum(line.facts.words for line in reply), reply[0])
        for (turn, lines), (following, reply) in zip(talk.turn_lines, talk.turn_lines[1:], strict=False)
        if turn.role is Role.REP and following.role is Role.OTHER and any(line.facts.asks for line in lines)
    ]
    if not answers:
        return Withheld("too_few_questions")
    shortest = sorted(answers, key=lambda answer: (answer[0], answer[1].utterance.start_ms))
    return Counted(mean(words for words, _ in answers), moments([line for _, line in shortest]))


def other_questions(talk: Talk) -> Result:
    asked = by_words.asking(talk, Role.OTHER)
    return Counted(sum(n for _, n, _ in asked), moments([line for line, _, _ in asked]))


def per_100_words(talk: Talk) -> Result:
    """Own questions per 100 own words."""
    words = talk.word_count[Role.REP]
    if words < LEAST_OWN_WORDS:
        return Withheld("too_few_words")
    asked = by_words.asking(talk, Role.REP)
    return Counted(100 * sum(n for _, n, _ in asked) / words, moments([line for line, _, _ in asked]))
