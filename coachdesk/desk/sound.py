"""The sound of a call as faces need it: lanes to draw, and a player."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coachdesk.desk.attribute import Track, activity_by_channel, label_of
from coachdesk.desk.recompute import activity_by_voice, tracks_of
from coachdesk.errors import InputError
from coachdesk.history import calls, words
from coachdesk.history.store import Store
from coachdesk.model import Layout, Role, Speaker
from coachdesk.spans import Span, merge_spans

if TYPE_CHECKING:
    from coachdesk.audio.play import Player as Player
    from coachdesk.audio.play import Playing as Playing


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """One lane of the timeline. `levels`: peaks, finest first, each (buckets, lanes, 2) int8, or None where there are
    none; `column` is the lane's own column in them. Times in ms of the call.
    """

    label: str
    name: str
    side: str
    runs: tuple[tuple[int, int], ...]
    levels: list[Any] | None
    column: int
    offset_ms: int
    shared: bool = False  # the column holds others too: only what lies in the runs is this one's


def lanes(store: Store, call_id: str) -> list[LaneFacts]:
    """The lanes of a call, own side first where sides are known; none for a call without sound."""
    tracks = tracks_of(store, call_id)
    speakers = calls.speakers(store, call_id)
    by_voice = activity_by_voice(store, call_id, tracks, speakers, words.current(store, call_id))
    found = _voices(store, tracks[0], speakers, by_voice) if by_voice else _channels(store, tracks, speakers)
    order = {Role.REP.value: 0, Role.OTHER.value: 1}
    return sorted(found, key=lambda lane: order.get(lane.side, 2))


def _voices(
    store: Store, track: Track, speakers: list[Speaker], by_voice: dict[str, tuple[Span, ...]]
) -> list[LaneFacts]:
    """A lane for everybody who is heard on the one channel."""
    levels, offset_ms = _levels(store, track), track.recording.offset_ms
    own = track.listen_to or 0
    return [
        LaneFacts(s.label, s.name, s.role.value, _times(by_voice[s.label]), levels, own, offset_ms, shared=True)
        for s in speakers
        if s.label in by_voice
    ]


def _channels(store: Store, tracks: list[Track], speakers: list[Speaker]) -> list[LaneFacts]:
    """A lane for each channel that is listened to."""
    activity = activity_by_channel(tracks)
    found = []
    for track in tracks:
        levels = _levels(store, track)
        for own in range(len(track.runs)):
            if track.listen_to not in (None, own):
                continue
            channel = track.channel(own)
            label = label_of(channel, tracks)
            on = [s for s in speakers if s.label == label] or [
                s for s in speakers if channel is not None and s.channel == channel
            ]
            name, side = (on[0].name, on[0].role.value) if on else ("", Role.UNKNOWN.value)
            runs = _times(activity.get(channel, []))
            found.append(LaneFacts(label, name, side, runs, levels, own, track.recording.offset_ms))
    return found


def _times(runs: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    return tuple((run.start_ms, run.end_ms) for run in runs)


def _levels(store: Store, track: Track) -> list[Any] | None:
    from coachdesk.audio import peaks

    path = store.home.media / track.recording.peaks
    try:
        return list(peaks.read(path))
    except (OSError, ValueError):  # a picture that is missing costs the picture only
        return None


def player(store: Store, call_id: str, hear: Callable[[Playing], None]) -> Player:
    """A player for a call. Raises InputError for a call without sound. Close it when done."""
    from coachdesk.audio import play  # decoding is loaded with the first call that is opened

    tracks = tracks_of(store, call_id)
    if not tracks:
        raise InputError("This call has no sound; it was brought in as a transcript.", "Bring in its recording.")
    call = calls.get(store, call_id)
    roles = {speaker.label: speaker.role.value for speaker in calls.speakers(store, call_id)}
    parts = []
    for track in tracks:
        columns = 1 if track.recording.layout is not Layout.TWO_SIDES else 2
        sides = tuple(roles.get(label_of(track.channel(n), tracks), "unknown") for n in range(columns))
        path = store.home.media / track.recording.media
        parts.append(play.Track(path, track.recording.offset_ms, columns, sides))
    return play.Player(parts, call.duration_ms, pauses(tracks, call.duration_ms), hear)


def pauses(tracks: list[Track], duration_ms: int) -> list[tuple[int, int]]:
    """Where nobody speaks, in ms of the call."""
    speech = merge_spans([run for runs in activity_by_channel(tracks).values() for run in runs])
    edges = [0, *(edge for span in speech for edge in (span.start_ms, span.end_ms)), duration_ms]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]
