"""Parts of one call as one new call: a line that dropped and was called back, a recording that was stopped too early.

The sound is put together anew, part after part; words, corrections, comments, answers and consent come along with their
moments shifted. The parts lie in the bin afterwards. What was between the parts is not filled in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coachdesk.audio.load import frames_from
from coachdesk.audio.recording.align import RATE_HZ
from coachdesk.audio.recording.opus import OpusWriter
from coachdesk.desk.attribute import SIDES, Track
from coachdesk.desk.bringing import BringIn
from coachdesk.desk.comments import comment_id
from coachdesk.desk.recompute import tracks_of
from coachdesk.errors import InputError
from coachdesk.history import calls, events, positions, words
from coachdesk.history.store import Store, new_id, now
from coachdesk.model import Call, Layout, Notice, Role, Speaker, Transcript, Utterance, WordsGrade

_MOMENTS = ("start_ms", "end_ms", "at_ms", "moment_ms")
_CARRIED = (
    *("spoken", "speaker", "consent", "correct", "answer", "wording", "respond", "recorded"),
    *("comment", "comment_edit", "comment_remove", "comment_resolve", "card", "score"),
    *("brief_fact", "brief_line", "asked"),
)
_GRADES = (WordsGrade.NONE, WordsGrade.POOR, WordsGrade.ROUGH, WordsGrade.GOOD)  # the worst first

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the calls: where it begins in the new one, and whether its sides are the other way round than the first's."""

    call: Call
    track: Track
    speakers: tuple[Speaker, ...]
    transcript: Transcript | None
    from_ms: int
    turned: bool


def parts_of(store: Store, found: Sequence[Call]) -> list[Part]:
    """The calls in order of time. Raises InputError where they cannot be joined."""
    ordered = sorted({call.id: call for call in found}.values(), key=lambda call: call.started_at)
    if len(ordered) < 2:
        raise InputError("There is nothing to join.", "Name two or more calls.")
    parts: list[Part] = []
    from_ms = 0
    for call in ordered:
        tracks = tracks_of(store, call.id)
        if len(tracks) != 1:
            raise InputError(
                f"{call.title} has no sound in one file.", "Only calls of one sound file each can be joined."
            )
        speakers = tuple(calls.speakers(store, call.id))
        turned = bool(parts) and _own(speakers) != _own(parts[0].speakers) and _own(speakers) is not None
        said = words.current(store, call.id, with_words=True)
        parts.append(Part(call, tracks[0], speakers, _as_heard(store, said), from_ms, turned))
        from_ms += call.duration_ms
    return parts


def _own(speakers: Sequence[Speaker]) -> int | None:
    return next((s.channel for s in speakers if s.role is Role.REP), None)


def _as_heard(store: Store, transcript: Transcript | None) -> Transcript | None:
    """The words without corrections, which come along as acts."""
    if transcript is None:
        return None
    rows = store.rows("SELECT id, heard_text FROM utterance WHERE transcript_id = ?", (transcript.id,))
    heard = {row["id"]: row["heard_text"] for row in rows}
    return replace(transcript, utterances=tuple(replace(u, text=heard[u.id]) for u in transcript.utterances))


def request(parts: Sequence[Part], sound: Path) -> BringIn:
    """The request that makes the new call of its sound."""
    first = parts[0].call
    return BringIn(
        (sound,),
        engine="none",
        playbook=first.playbook,
        title=first.title,
        rep=next((part.call.rep for part in parts if part.call.rep), ""),
        account=next((part.call.case for part in parts if part.call.case), ""),
        started_at=first.started_at,
        source=first.source,
        layout=_layout(parts).value,
        me="" if (own := _own(parts[0].speakers)) is None else str(own + 1),
    )


def notices(parts: Sequence[Part]) -> tuple[Notice, ...]:
    """Where parts begin, and what was said of stretches of them."""
    found: list[Notice] = []
    for part in parts:
        if part.from_ms:
            found.append(Notice("joined", {"start_ms": part.from_ms}))
        for notice in part.track.recording.notices:
            if "start_ms" in notice.params:
                found.append(replace(notice, params=_shifted(notice.params, part.from_ms)))
    return tuple(found)


def _layout(parts: Sequence[Part]) -> Layout:
    """Two sides only where all parts have them."""
    all_two = all(part.track.recording.layout is Layout.TWO_SIDES for part in parts)
    return Layout.TWO_SIDES if all_two else Layout.MIXED


# --- the sound


def write_sound(store: Store, parts: Sequence[Part], path: Path) -> None:
    """All parts' sound one after the other, each as long as its call, as Ogg/Opus. Raises InputError, UnreadableFile."""
    lanes = 2 if _layout(parts) is Layout.TWO_SIDES else 1
    writer = OpusWriter(path, lanes)
    try:
        for part in parts:
            for piece in _sound(store, part, lanes):
                writer.write(piece)
    finally:
        writer.close()


def _sound(store: Store, part: Part, lanes: int) -> Iterator[Samples]:
    left = part.call.duration_ms * RATE_HZ // 1000
    for piece in frames_from(store.home.media / part.track.recording.media, 0, RATE_HZ):
        kept = _as_lanes(piece[:, :left], part, lanes)
        left -= kept.shape[1]
        yield kept
        if left <= 0:
            return
    yield np.zeros((lanes, left), np.float32)  # the next part begins where its words say


def _as_lanes(piece: Samples, part: Part, lanes: int) -> Samples:
    if lanes == 2:
        return piece[::-1] if part.turned else piece
    if part.track.listen_to is not None and part.track.listen_to < len(piece):
        return piece[part.track.listen_to : part.track.listen_to + 1]
    mixed: Samples = piece.sum(axis=0, keepdims=True)
    return mixed


# --- everything else


def carry_over(store: Store, parts: Sequence[Part], call_id: str) -> None:
    """Acts, people's own next steps, speakers and words onto the new call; the parts go into the bin."""
    two_sides = _layout(parts) is Layout.TWO_SIDES
    calls.set_speakers(store, call_id, _speakers(parts, two_sides))
    transcript = _words(parts, two_sides)
    if transcript is not None:
        ids = "/".join(part.call.id for part in parts)
        words.add_version(store, call_id, "joined-" + hashlib.sha256(ids.encode()).hexdigest()[:16], transcript)
        calls.change(store, call_id, state="transcribed")
    for part in parts:
        for event in events.of_call(store, part.call.id, *_CARRIED):
            kind = "spoken" if event.kind == "speaker" else event.kind  # who is new comes along with the speakers
            named = {"id": comment_id(event)} if kind == "comment" else {}  # what else is said of it knows it by its id
            body = {**_body(kind, event.body, part, two_sides), **named}
            # what was said of advice holds for all calls of the kind: a later word on another call stays the last
            events.append(store, kind, call_id, body, said_with=event if kind == "respond" else None)
        for step in calls.steps_of(store, part.call.id):
            if step["source"] == "person":
                calls.put_step(store, call_id, {**_shifted(step, part.from_ms), "id": new_id()})
        calls.bin_call(store, part.call.id, now())
    calls.change(store, call_id, created_at=_there_since(store, parts))
    about = [found for part in reversed(parts) if (found := positions.of_call(store, part.call.id))]
    if about:
        calls.change(store, call_id, position_id=about[0]["id"])
    result = next((part.call.result for part in reversed(parts) if part.call.result), None)
    calls.change(store, call_id, result=result, consent=calls.latest_consent(store, call_id).status)


def _there_since(store: Store, parts: Sequence[Part]) -> str:
    """When the last of the parts came in: what they prove, or do not, the whole does."""
    asked = f"SELECT max(created_at) FROM call WHERE id IN ({','.join('?' * len(parts))})"
    return str(store.column(asked, tuple(part.call.id for part in parts))[0])


def _body(kind: str, body: dict[str, Any], part: Part, two_sides: bool) -> dict[str, Any]:
    if kind == "recorded":  # how a part was made; its moments stay those of its own recording
        return {**body, "recording": f"{body['recording']} from {part.from_ms}"}
    moved = _shifted(body, part.from_ms)
    if kind == "score":
        moved["answers"] = {name: _pinned(answer, part.from_ms) for name, answer in body["answers"].items()}
    if kind == "spoken":
        moved["speaker"] = _label(body["speaker"], part, two_sides)
        moved["spans"] = [_body("", span, part, two_sides) for span in body["spans"]]
    if "channel" in moved:
        moved["channel"] = _channel(moved["channel"], part) if two_sides else None
    return moved


def _shifted(found: dict[str, Any], by_ms: int) -> dict[str, Any]:
    return {k: v + by_ms if k in _MOMENTS and isinstance(v, int) else v for k, v in found.items()}


def _pinned(answer: dict[str, Any], by_ms: int) -> dict[str, Any]:
    moment = answer.get("moment")
    return {**answer, "moment": _shifted(moment, by_ms)} if moment else answer


def _channel(channel: int | None, part: Part) -> int | None:
    return 1 - channel if part.turned and channel is not None else channel


def _label(label: str, part: Part, two_sides: bool) -> str:
    """left | right (left-2, ...) where sides are kept; a part that has sides of its own among mixed ones keeps nobody's."""
    if not two_sides and part.track.recording.layout is Layout.TWO_SIDES:
        return "unknown"
    base, dash, more = label.partition("-")
    if part.turned and base in SIDES:
        base = SIDES[1 - SIDES.index(base)]
    return base + dash + more


def _speakers(parts: Sequence[Part], two_sides: bool) -> list[Speaker]:
    """Everybody once; a name or side that one part knows is known for all."""
    found: dict[str, Speaker] = {}
    for part in parts:
        for speaker in part.speakers:
            label = _label(speaker.label, part, two_sides)
            if label == "unknown":
                speaker = Speaker("unknown", "", Role.UNKNOWN, None)
            channel = _channel(speaker.channel, part) if two_sides else None
            before = found.get(label)
            if before is None:
                found[label] = replace(speaker, label=label, channel=channel)
            elif not before.name:
                found[label] = replace(before, name=speaker.name)
    return list(found.values())


def _words(parts: Sequence[Part], two_sides: bool) -> Transcript | None:
    """One version of all words, as good as the worst of them; none where a part has none."""
    made = [part.transcript for part in parts if part.transcript is not None]
    if len(made) < len(parts):
        return None
    worst = min(made, key=lambda transcript: (not transcript.draft, _GRADES.index(transcript.grade)))
    said = tuple(
        _utterance(u, part, two_sides) for part in parts if part.transcript for u in part.transcript.utterances
    )
    return replace(worst, id=new_id(), version=0, utterances=said)


def _utterance(u: Utterance, part: Part, two_sides: bool) -> Utterance:
    by = part.from_ms
    return replace(
        u,
        id="",
        corrected=False,
        speaker=_label(u.speaker, part, two_sides),
        channel=_channel(u.channel, part) if two_sides else None,
        start_ms=u.start_ms + by,
        end_ms=u.end_ms + by,
        words=tuple(replace(word, start_ms=word.start_ms + by, end_ms=word.end_ms + by) for word in u.words),
    )
