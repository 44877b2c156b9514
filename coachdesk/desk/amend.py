"""Small changes a person makes to a call. Each is kept as an act (an event), and takes effect at once everywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from coachdesk.coaching.playbook import Playbook
from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, events, words
from coachdesk.history.store import Store
from coachdesk.model import Role, Speaker


@dataclass(frozen=True, slots=True)
class SwapSpeakers:
    """The two sides the other way round."""


@dataclass(frozen=True, slots=True)
class RenameSpeaker:
    speaker: str
    name: str


@dataclass(frozen=True, slots=True)
class SetRole:
    speaker: str
    role: Role


@dataclass(frozen=True, slots=True)
class CorrectText:
    """Other words for an utterance, named by its index in the transcript or its id."""

    utterance: str
    text: str


@dataclass(frozen=True, slots=True)
class SetKind:
    """Another playbook's kind of call."""

    kind: str


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """status: noted | refused | withdrawn."""

    status: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class CorrectFact:
    """A rule's fact set right: present at a moment, absent, or true but not for me."""

    rule: str
    fact: str
    at_ms: int | None = None


Amendment = SwapSpeakers | RenameSpeaker | SetRole | CorrectText | SetKind | NoteConsent | CorrectFact


def amend(store: Store, call_id: str, change: Amendment, playbook: Playbook) -> None:
    """Make one change, together with its act. The caller recomputes."""
    with store.write():
        if isinstance(change, SwapSpeakers):
            _swap(store, call_id)
        elif isinstance(change, RenameSpeaker | SetRole):
            _speaker(store, call_id, change)
        elif isinstance(change, CorrectText):
            _correct(store, call_id, change)
        elif isinstance(change, SetKind):
            events.append(store, "kind", call_id, {"kind": change.kind})
            calls.change(store, call_id, kind=change.kind)
        elif isinstance(change, NoteConsent):
            events.append(store, "consent", call_id, {"status": change.status, "basis": change.basis})
            calls.change(store, call_id, consent=change.status)
        else:
            _answer(store, call_id, change, playbook)


def _swap(store: Store, call_id: str) -> None:
    turned = {Role.REP: Role.OTHER, Role.OTHER: Role.REP}
    speakers = calls.speakers(store, call_id)
    if not any(speaker.role in turned for speaker in speakers):
        raise InputError("Nobody on this call has a side yet.", "Say who is who: --role SPEAKER=rep.")
    events.append(store, "swap", call_id, {})
    calls.set_speakers(store, call_id, [replace(s, role=turned.get(s.role, s.role)) for s in speakers])


def _speaker(store: Store, call_id: str, change: RenameSpeaker | SetRole) -> None:
    speakers = calls.speakers(store, call_id)
    wanted = find_speaker(speakers, change.speaker)
    if isinstance(change, RenameSpeaker):
        events.append(store, "name", call_id, {"speaker": wanted.label, "name": change.name})
        new = replace(wanted, name=change.name)
    else:
        events.append(store, "role", call_id, {"speaker": wanted.label, "role": change.role.value})
        new = replace(wanted, role=change.role)
    calls.set_speakers(store, call_id, [new if s.label == wanted.label else s for s in speakers])


def find_speaker(speakers: list[Speaker], named: str) -> Speaker:
    """A speaker by label, name or side. Raises NotFound with the labels there are."""
    low = named.strip().lower()
    for speaker in speakers:
        if low in (speaker.label.lower(), speaker.name.lower(), speaker.role.value):
            return speaker
    labels = ", ".join(speaker.label for speaker in speakers)
    raise NotFound(f"This call has no speaker {named}.", f"There are: {labels}.")


def _correct(store: Store, call_id: str, change: CorrectText) -> None:
    transcript = words.current(store, call_id)
    said = transcript.utterances if transcript else ()
    found = next((u for n, u in enumerate(said) if change.utterance in (str(n), u.id)), None)
    if found is None or transcript is None:
        raise NotFound(f"This call has no utterance {change.utterance}.", "`coachdesk show CALL` numbers them.")
    if not change.text.strip():
        raise InputError("An utterance needs words.", "Write what was said after the = sign.")
    body: dict[str, Any] = {
        "channel": found.channel,
        "start_ms": found.start_ms,
        "end_ms": found.end_ms,
        "old": found.text,
        "new": change.text.strip(),
    }
    events.append(store, "correct", call_id, body)
    words.set_texts(store, transcript.id, {found.id: change.text.strip()})


def _answer(store: Store, call_id: str, change: CorrectFact, playbook: Playbook) -> None:
    if playbook.find(change.rule) is None:
        raise NotFound(
            f"The playbook {playbook.id} has no rule {change.rule}.", "`coachdesk show CALL` names the rules."
        )
    events.append(store, "answer", call_id, {"rule": change.rule, "fact": change.fact, "at_ms": change.at_ms})
