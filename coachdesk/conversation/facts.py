"""One call's stored facts in, everything the coach may know out. Pure: the same facts give the same bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from coachdesk.conversation import guide, metrics, missing, next_steps, sentiment, set_right, signals, trackers
from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.planned import Plan
from coachdesk.conversation.quality import Origin, judge
from coachdesk.conversation.set_right import SetRight
from coachdesk.conversation.talk import Talk, lines_of
from coachdesk.conversation.text import facts_by_text
from coachdesk.model import (
    Facts,
    Grade,
    Measurement,
    Needs,
    NextStep,
    Role,
    Sentiment,
    Signal,
    Tracker,
    TrackerHit,
    Utterance,
    WordsGrade,
)
from coachdesk.spans import Span


@dataclass(frozen=True, slots=True)
class Heard:
    """The stored facts of a call: activity by speaker label and utterances, both in ms of the call."""

    call_id: str
    recording: str
    on: date
    duration_ms: int
    timing: Grade
    channels: int
    partial: bool
    words: WordsGrade  # the best the words may be taken for, by where they come from
    language: str
    roles: dict[str, Role]
    activity: dict[str, tuple[Span, ...]]
    utterances: tuple[Utterance, ...]
    consent_noted: bool
    set_right: tuple[SetRight, ...] = ()
    draft: bool = False
    confident: bool = False  # whether each word says how sure its engine was
    narrow: frozenset[str] = frozenset()  # speakers heard over the telephone
    plan: Plan = field(default_factory=Plan)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Facts, next steps, text facts worth caching, and what became of the planned questions."""

    facts: Facts
    next_steps: tuple[NextStep, ...]
    fresh_texts: dict[str, bytes]
    coverage: guide.Coverage = field(default_factory=guide.Coverage)


@dataclass(frozen=True, slots=True)
class Measured:
    """A call counted: everything that does not hang on what a playbook listens for."""

    heard: Heard
    talk: Talk
    measurements: tuple[Measurement, ...]
    signals: dict[str, Signal]
    fresh_texts: dict[str, bytes]


def facts(heard: Heard, listen_for: tuple[Tracker, ...], wording: frozenset[Role], cached: dict[str, bytes]) -> Outcome:
    """Measure a call. `wording`: the sides whose wording is scanned; `cached`: text facts by key."""
    return listened(measured(heard, wording, cached), listen_for)


def measured(heard: Heard, wording: frozenset[Role], cached: dict[str, bytes]) -> Measured:
    """The numbers and signals of a call: the same for all playbooks that scan the wording of the same sides."""
    table = lexicon(heard.language)
    texts = [utterance.text for utterance in heard.utterances]
    by_text, fresh = facts_by_text(texts, table, cached) if table else (None, {})
    origin = Origin(heard.words, heard.draft, heard.confident, heard.narrow)
    judged = judge(origin, heard.utterances, heard.roles, heard.activity)
    talk = Talk(
        duration_ms=heard.duration_ms,
        timing=heard.timing,
        words=judged[0].grade,
        language=heard.language,
        table=table,
        partial=heard.partial,
        roles=heard.roles,
        activity=heard.activity,
        lines=set_right.lines(lines_of(heard.utterances, heard.roles, by_text), heard.set_right),
        channels=heard.channels,
        wording_roles=wording,
        draft=heard.draft,
        quality=judged,
        plan=heard.plan,
    )
    numbers = metrics.measure(talk)
    return Measured(heard, talk, tuple(numbers), signals.signals(talk, numbers, heard.consent_noted), fresh)


def listened(call: Measured, listen_for: tuple[Tracker, ...]) -> Outcome:
    """A counted call with what a playbook's trackers find in it."""
    heard, talk = call.heard, call.talk
    return Outcome(
        Facts(
            recording=heard.recording,
            duration_ms=heard.duration_ms,
            speech_ms=talk.all_speech_ms,
            timing=heard.timing,
            words=talk.words,
            language=heard.language,
            has_tables=talk.table is not None,
            partial=heard.partial,
            sides_known=talk.sides_known,
            consent_noted=heard.consent_noted,
            utterances=heard.utterances,
            roles=heard.roles,
            turns=talk.floor.turns,
            measurements=call.measurements,
            signals=call.signals,
            hits=_hits(talk, listen_for, heard.set_right) if talk.table else (),
            wording=tuple(_wording(talk)),
            unheard=frozenset(tracker.id for tracker in listen_for if not trackers.heard(tracker, talk.table)),
            draft=heard.draft,
            quality=talk.quality,
        ),
        tuple(next_steps.found(talk, heard.call_id, heard.on)),
        call.fresh_texts,
        guide.coverage(talk),
    )


def _hits(talk: Talk, listen_for: tuple[Tracker, ...], corrections: tuple[SetRight, ...]) -> tuple[TrackerHit, ...]:
    found = set_right.hits(trackers.find(talk, listen_for), talk.lines, corrections)
    return (*found, *trackers.protected(talk), *trackers.private(talk))


def _wording(talk: Talk) -> list[Sentiment]:
    """Wording per utterance of the scanned sides, where it is not neutral; none where the words cannot carry it."""
    found = []
    scanned = {
        role
        for role in talk.wording_roles
        if talk.word_count[role] >= sentiment.LEAST_WORDS
        and missing.words_missing(Needs.WORDS, talk, role, ("sentiment",)) is None
    }
    for line in talk.lines:
        if line.role in scanned and line.facts.sentences:
            strongest = max(line.facts.sentences, key=lambda sentence: abs(sentence.valence))
            if strongest.valence:
                found.append(
                    Sentiment(line.utterance.id, line.utterance.start_ms, line.role, strongest.valence, strongest.rule)
                )
    return found
