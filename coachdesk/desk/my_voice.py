"""The person's own voice, where they want it kept: learnt from calls whose own side they told, and known again in new ones.

The own voice only; others' voiceprints are never kept and never reach this process. A side taken from the voice is a
guess that is shown as one: a notice on the recording, which goes as soon as the person says anything about the sides.
What is no own side any more (undone, another said, a call that is gone) does not count, without anything being done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coachdesk.desk.attribute import Track
from coachdesk.desk.recompute import tracks_of
from coachdesk.desk.voices import labelled
from coachdesk.desk.work import Work, ask_child
from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, events, my_voice
from coachdesk.history.my_voice import Learnt
from coachdesk.history.store import Store
from coachdesk.model import Layout, Notice, Role, Speaker
from coachdesk.spans import Span, total_ms
from coachdesk.speech import protocol
from coachdesk.speech.own_voice import whose
from coachdesk.speech.speakers import SURE

CODE = "own_voice"
LEARNT_FROM_MS = 90_000  # the longest stretches up to this much: a voiceprint gets no better with more
LEAST_LEARNT_MS = 15_000
_SHORTEST_MS = 1_200  # below this a stretch is mostly border


# --- what is known of the voice


def held(store: Store) -> list[Learnt]:
    """What was learnt and still holds: the call is there, and that side is still the own one."""
    return [each for each in my_voice.read(store.home) if _is_own(store, each)]


def _is_own(store: Store, each: Learnt) -> bool:
    try:
        found = calls.get(store, each.call)
    except (NotFound, InputError):
        return False
    return _own_label(calls.speakers(store, found.id)) == each.speaker and guess(store, found.id) is None


def voiceprint(store: Store) -> tuple[float, ...]:
    """The mean of what holds, of length 1; empty where there is nothing."""
    known = held(store)
    if not known:
        return ()
    mean = np.mean([each.voiceprint for each in known], axis=0)
    return tuple((mean / max(1e-9, float(np.linalg.norm(mean)))).tolist())


def _own_label(speakers: list[Speaker]) -> str:
    """The one speaker on the own side; empty where there is none, or several."""
    own = [speaker.label for speaker in speakers if speaker.role is Role.REP]
    return own[0] if len(own) == 1 else ""


# --- learning


def learn(work: Work, call_id: str) -> bool:
    """Learn from a call whose own side the person told; returns whether anything was learnt."""
    call = calls.get(work.store, call_id)
    own = _own_label(calls.speakers(work.store, call_id))
    mine = call.rep in (None, "", work.settings.my_name)
    if not (work.settings.my_voice and own and mine) or call.source == "sample" or guess(work.store, call_id):
        return False
    if any(each.call == call_id and each.speaker == own for each in my_voice.read(work.store.home)):
        return False
    question = _question(work, call_id, own)
    if question is None:
        return False
    heard = ask_child(work, question)
    if not isinstance(heard, protocol.VoiceHeard) or not heard.voiceprint:
        return False
    my_voice.add(work.store.home, Learnt(call_id, own, tuple(heard.voiceprint)))
    return True


def _question(work: Work, call_id: str, own: str) -> protocol.HearVoice | None:
    """Where to hear the own voice alone; None where that is nowhere for long enough."""
    channel = next(s.channel for s in calls.speakers(work.store, call_id) if s.label == own)
    for track in tracks_of(work.store, call_id):
        lane, spans = _own_spans(track, own, channel)
        chosen = _longest(spans)
        if total_ms(chosen) >= LEAST_LEARNT_MS:
            path = work.store.home.media / track.recording.media
            return protocol.HearVoice(str(path), lane, [(span.start_ms, span.end_ms) for span in chosen])
    return None


def _own_spans(track: Track, own: str, channel: int | None) -> tuple[int, list[Span]]:
    """(channel of the recording, spans in its ms) of the own voice."""
    if track.recording.layout is Layout.MIXED:
        back = -track.recording.offset_ms
        return track.listen_to or 0, [span.shift(back) for span, label in labelled(track) if label == own]
    lanes = [n for n in range(len(track.runs)) if channel is not None and track.channel(n) == channel]
    return (lanes[0], track.runs[lanes[0]]) if lanes else (0, [])


def _longest(spans: list[Span]) -> list[Span]:
    """The longest stretches, in order of time."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda span: (-span.duration_ms, span.start_ms)):
        if span.duration_ms < _SHORTEST_MS or total_ms(chosen) >= LEARNT_FROM_MS:
            break
        chosen.append(Span(span.start_ms, min(span.end_ms, span.start_ms + LEARNT_FROM_MS)))
    return sorted(chosen)


# --- knowing it again


def known_again(sent: protocol.VoicesSent | None) -> str:
    """The label of the voice that surely is the person's; empty where none is."""
    if sent is None or sent.confidence < SURE:
        return ""
    spoken: dict[int, int] = {}
    for start, end, speaker in sent.spans:
        spoken[speaker] = spoken.get(speaker, 0) + end - start
    found = whose(sent.alike, [spoken.get(n + 1, 0) for n in range(len(sent.alike))])
    return str(found) if found else ""


def notice_of(label: str) -> tuple[Notice, ...]:
    """What is said of a side that was taken from the voice."""
    return (Notice("own_voice", {"speaker": label}),) if label else ()


def guess(store: Store, call_id: str) -> Notice | None:
    """The notice of a side that was taken from the voice, while nobody said otherwise."""
    recordings = calls.recordings(store, call_id)
    found = next((n for recording in recordings for n in recording.notices if n.code == CODE), None)
    return found if found and found.params["speaker"] == _own_label(calls.speakers(store, call_id)) else None


# --- what the person says to it


@dataclass(frozen=True, slots=True)
class AnswerGuess:
    """Whether the voice that was taken for the person's own is theirs. Not theirs: nobody has a side any more."""

    right: bool


@dataclass(frozen=True, slots=True)
class GuessAgain:
    """A guess as it was (undo)."""

    speaker: str
    speakers: tuple[Speaker, ...]


def answer(store: Store, call_id: str, change: AnswerGuess) -> GuessAgain:
    """Take the guess for what the person says it is; returns what undoes that. Raises InputError where there is none."""
    found = guess(store, call_id)
    if found is None:
        raise InputError("Nothing was taken from your voice on this call.", "Say who is who: --role SPEAKER=rep.")
    label = str(found.params["speaker"])
    before = calls.speakers(store, call_id)
    role = Role.REP if change.right else Role.UNKNOWN
    events.append(store, "role", call_id, {"speaker": label, "role": role.value})
    if not change.right:
        calls.set_speakers(store, call_id, [_nobody(speaker, label) for speaker in before])
    _put(store, call_id, ())
    return GuessAgain(label, tuple(before))


def guess_again(store: Store, call_id: str, change: GuessAgain) -> AnswerGuess:
    """Back to the guess; returns what undoes that."""
    right = _own_label(calls.speakers(store, call_id)) == change.speaker
    body: dict[str, Any] = {"speaker": change.speaker, "role": Role.UNKNOWN.value}
    events.append(store, "role", call_id, body)
    calls.set_speakers(store, call_id, list(change.speakers))
    _put(store, call_id, notice_of(change.speaker))
    return AnswerGuess(right)


def _nobody(speaker: Speaker, guessed: str) -> Speaker:
    return replace(speaker, role=Role.UNKNOWN, name="" if speaker.label == guessed else speaker.name)


def _put(store: Store, call_id: str, notices: tuple[Notice, ...]) -> None:
    """These guesses on the call's recording, and no others."""
    recording = calls.recordings(store, call_id)[0]
    kept = tuple(notice for notice in recording.notices if notice.code != CODE)
    calls.set_notices(store, recording.id, (*kept, *notices))


def put_guess(store: Store, call_id: str, label: str) -> None:
    """A guess on a call that was there before; an empty label takes it away."""
    _put(store, call_id, notice_of(label))
