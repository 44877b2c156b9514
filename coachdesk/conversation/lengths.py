"""Signals of length: how long a call, how many words and turns, how many gaps and overlapping starts."""

from __future__ import annotations

from coachdesk.conversation import by_sound, by_words, counted, missing
from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.talk import Talk
from coachdesk.model import Role, Withheld


def speech_minutes(talk: Talk) -> Result:
    return Counted(talk.all_speech_ms / 60_000)


def duration_min(talk: Talk) -> Result:
    return Counted(talk.duration_ms / 60_000)


def channels(talk: Talk) -> Result:
    return Counted(talk.channels)


def rep_words(talk: Talk) -> Result:
    return Counted(talk.word_count[Role.REP])


def rep_turns(talk: Talk) -> Result:
    return Counted(len(by_words.words_per_turn(talk, Role.REP)))


def patience_n(talk: Talk) -> Result:
    return Counted(len([ms for ms, _ in by_sound.gaps(talk) if ms <= counted.LAPSE_MS]))


def overlapping_starts(talk: Talk) -> Result:
    if talk.channels < 2:
        return Withheld("needs_two_channels")
    if missing.crowded(talk):
        return Withheld("attribution_doubtful")
    found = by_sound.overlapping(talk)
    return Counted(len(found) / max(0.1, talk.all_speech_ms / 600_000), tuple(found))
