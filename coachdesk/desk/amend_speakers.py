"""Changes of who speaks: lines given to somebody else, two labels that are one person, a line cut, somebody new.

Each is one act, kept with the stretches of time it is about; `spoken` lays it onto the words, `recompute` onto the voices
of a mixed channel. What is heard on two channels stays where it is heard: there a channel may have several people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coachdesk.desk import people
from coachdesk.desk.pipeline import one_line
from coachdesk.desk.spoken import word_ms
from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, events, words
from coachdesk.history.store import Store
from coachdesk.model import Role, Speaker, Utterance


@dataclass(frozen=True, slots=True)
class Reassign:
    """Utterances, each by index or id, are spoken by somebody on the call (label, name or side).

    `before`: the words of the first; where others stand there by now, nothing is changed. Empty: whatever stands there.
    """

    utterances: tuple[str, ...]
    speaker: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class NewSpeaker:
    """Somebody who has no label yet, and what they say. Without a role they are on the side of whom they were taken for."""

    name: str
    utterances: tuple[str, ...] = ()
    role: Role | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class SplitUtterance:
    """From a word on (counted from 0, in the words as shown) somebody else speaks; `speaker` "": only cut."""

    utterance: str
    word: int
    speaker: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class MergeSpeakers:
    """All that has one label is spoken by another: two labels were one person."""

    speaker: str
    into: str


AboutSpeakers = Reassign | NewSpeaker | SplitUtterance | MergeSpeakers
Body = dict[str, Any]


def act_of(store: Store, call_id: str, change: AboutSpeakers) -> str:
    """Keep the change as an act; returns its id. Raises NotFound and InputError where it cannot be."""
    kind, body = {
        Reassign: _reassign,
        NewSpeaker: _new_speaker,
        SplitUtterance: _split,
        MergeSpeakers: _merge,
    }[type(change)](store, call_id, change)  # type: ignore[operator]
    made = events.append(store, kind, call_id, body)
    people.settle(store, call_id, events.of_call(store, call_id, "speaker", "merge"))
    return made.id


def _reassign(store: Store, call_id: str, change: Reassign) -> tuple[str, Body]:
    chosen = _chosen(store, call_id, change.utterances, change.before)
    if not chosen:
        raise InputError("There are no lines to give to anybody.", "`coachdesk show CALL --all` numbers them.")
    speaker = find_speaker(calls.speakers(store, call_id), change.speaker)
    return "spoken", {"speaker": speaker.label, **_stretches(chosen)}


def _new_speaker(store: Store, call_id: str, change: NewSpeaker) -> tuple[str, Body]:
    chosen = _chosen(store, call_id, change.utterances, change.before)
    name = one_line(change.name)
    if not name and change.role is None:
        raise InputError("Somebody new needs a name.", "Write who it is.")
    speakers = calls.speakers(store, call_id)
    channels = {u.channel for u in chosen}
    if len(channels) > 1:
        raise InputError("These lines are on two channels.", "Choose the lines of one channel.")
    channel = next(iter(channels), None if any(s.channel is None for s in speakers) else 1)
    taken_for = next((s for s in speakers if chosen and s.label == chosen[0].speaker), None)
    role = change.role or (taken_for.role if taken_for else Role.UNKNOWN)
    label = _new_label(store, call_id, speakers, channel)
    who = {"name": name, "role": role.value, "on": channel}
    return "speaker", {"speaker": label, **who, **_stretches(chosen)}


def _new_label(store: Store, call_id: str, speakers: list[Speaker], channel: int | None) -> str:
    """left-2 beside left; person-1 on a mixed channel, where voices that are told apart have the numbers."""
    acts = events.of_call(store, call_id, "speaker", "merge")
    taken = {speaker.label for speaker in speakers} | {str(event.body["speaker"]) for event in acts}
    base = next((s.label for s in speakers if s.channel == channel), "person") if channel is not None else "person"
    base = base.partition("-")[0]
    first = 1 if channel is None else 2
    return next(label for n in range(first, len(taken) + first + 1) if (label := f"{base}-{n}") not in taken)


def _split(store: Store, call_id: str, change: SplitUtterance) -> tuple[str, Body]:
    (said,) = _chosen(store, call_id, (change.utterance,), change.before)
    shown = said.text.split()
    if not 0 < change.word < len(shown) or said.span.duration_ms < 2:
        raise InputError("Nothing would be left of one part.", "Cut between two words of the line.")
    speaker = find_speaker(calls.speakers(store, call_id), change.speaker).label if change.speaker else ""
    whole = next(
        (u for u in words.current(store, call_id, with_words=True).utterances if u.id == said.id),  # type: ignore[union-attr]
        said,
    )
    return "split", {
        "speaker": speaker,
        "utterance": said.id,
        "channel": said.channel,
        "start_ms": said.start_ms,
        "end_ms": said.end_ms,
        "at_ms": word_ms(whole, change.word),
        "text": said.text,
        "rest": " ".join(shown[change.word :]),
    }


def _merge(store: Store, call_id: str, change: MergeSpeakers) -> tuple[str, Body]:
    speakers = calls.speakers(store, call_id)
    one, into = find_speaker(speakers, change.speaker), find_speaker(speakers, change.into)
    if one.label == into.label:
        raise InputError("They are the same already.", "Name two speakers.")
    if one.channel != into.channel:
        raise InputError("They are heard on two channels.", "Give single lines to somebody else, or swap the sides.")
    was = {"name": one.name, "role": one.role.value, "channel": one.channel, "person_id": one.person_id}
    return "merge", {"speaker": one.label, "into": into.label, "was": was}


def _chosen(store: Store, call_id: str, named: Sequence[str], before: str) -> list[Utterance]:
    transcript = words.current(store, call_id)
    said = transcript.utterances if transcript else ()
    by_name = {u.id: u for u in said} | {str(n): u for n, u in enumerate(said)}
    for name in named:
        if name not in by_name:
            raise NotFound(f"This call has no utterance {name}.", "`coachdesk show CALL --all` numbers them.")
    chosen = [by_name[name] for name in named]
    if before and chosen and chosen[0].text != before:
        raise NotFound("These words have been replaced meanwhile.", "Look at the call again, then say who speaks.")
    return chosen


def _stretches(chosen: list[Utterance]) -> Body:
    """Where the lines are, in ms of the call; the id of each is a hint. With the words of the first, to name it by."""
    spans = [
        {"utterance": u.id, "channel": u.channel, "start_ms": u.start_ms, "end_ms": u.end_ms, "was": u.speaker}
        for u in chosen
    ]
    first = {"start_ms": chosen[0].start_ms, "text": chosen[0].text} if chosen else {}
    return {"spans": spans, **first}


def find_speaker(speakers: list[Speaker], named: str) -> Speaker:
    """A speaker by label, name or side. Raises NotFound with the labels there are."""
    low = named.strip().lower()
    for known in ("label", "name", "role"):  # in this order: a name may be somebody else's label
        for speaker in speakers:
            if low and low == getattr(speaker, known).lower():
                return speaker
    labels = ", ".join(speaker.label for speaker in speakers)
    raise NotFound(f"This call has no speaker {named}.", f"There are: {labels}.")
