"""Trackers: named patterns of the language and a playbook's own phrases, found in utterances.

A phrase is plain words; a trailing * lets a word go on ("pric*"). Never a regular expression from outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from coachdesk.conversation.lexicon import Lexicon
from coachdesk.conversation.talk import Line, Talk
from coachdesk.conversation.text import straight
from coachdesk.model import Role, Tracker, TrackerHit

_TOLD, _ECHOED = ("pay_told", "pay_named"), ("pay_echoed",)
_PAY_CUES = {Role.OTHER: _TOLD, Role.REP: _ECHOED}  # who may say what of the other side's pay; where it is open, either


def find(talk: Talk, trackers: tuple[Tracker, ...]) -> list[TrackerHit]:
    """Hits of all trackers in order of time; one per utterance and tracker."""
    compiled = [
        (tracker, frozenset(tracker.patterns), _phrases(tracker.phrases))
        for tracker in trackers
        if heard(tracker, talk.table)
    ]
    return [
        hit
        for line in talk.lines
        for tracker, patterns, phrases in compiled
        if (phrases or not patterns.isdisjoint(line.facts.patterns)) and (hit := _hit(line, tracker, phrases))
    ]


def heard(tracker: Tracker, table: Lexicon | None) -> bool:
    """Whether the language has words for what a tracker listens for; one without is not "not raised", but unknown."""
    return table is not None and all(table.has(name) for name in tracker.patterns)


def protected(talk: Talk) -> list[TrackerHit]:
    """Protected topics touched, as hits "protected:<topic>:<clear|possible>"."""
    return [
        TrackerHit(
            f"protected:{topic}:{level}",
            line.utterance.id,
            line.role,
            line.utterance.start_ms,
            line.moment.end_ms,
            "",
        )
        for line in talk.lines
        for topic, level in sorted(line.facts.protected.items())
    ]


def private(talk: Talk) -> list[TrackerHit]:
    """Lines that say what the other side earns or earned, as hits "private:pay_history": never shown, never handed on.

    They tell it themselves, or the own side repeats it to them. What the own side says of its own pay, or offers, is not meant.
    """
    return [
        TrackerHit(
            "private:pay_history",
            line.utterance.id,
            line.role,
            line.utterance.start_ms,
            line.moment.end_ms,
            "",
        )
        for line in talk.lines
        if any(line.facts.cues.get(cue) for cue in _PAY_CUES.get(line.role, _TOLD + _ECHOED))
    ]


def finder(phrases: tuple[str, ...]) -> Callable[[str], re.Match[str] | None]:
    """The first place of a text that says one of the phrases, as a tracker of them finds it; offsets hold in the text."""
    pattern = _phrases(phrases)
    return lambda text: None if pattern is None else pattern.search(straight(text))


def _hit(line: Line, tracker: Tracker, phrases: re.Pattern[str] | None) -> TrackerHit | None:
    if tracker.side != "any" and line.role.value != tracker.side:
        return None
    found = next((line.facts.patterns[name] for name in tracker.patterns if name in line.facts.patterns), None)
    if found is None and phrases is not None and (match := phrases.search(straight(line.utterance.text))):
        found = match.span()
    if found is None:
        return None
    moment = line.moment
    phrase = line.utterance.text[found[0] : found[1]]
    return TrackerHit(tracker.id, line.utterance.id, line.role, moment.start_ms, moment.end_ms, phrase)


def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    parts = []
    for phrase in phrases:
        words = straight(phrase).split()
        parts.append(r"\W+".join(re.escape(word.rstrip("*")) + r"\w*" * word.endswith("*") for word in words))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
