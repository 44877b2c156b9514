"""Who said it: utterances get their speakers from the channels; imported names find their channel by when they speak."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import msgspec

from coachdesk.history.calls import Runs
from coachdesk.history.voices import Heard
from coachdesk.history.words import utterance_id
from coachdesk.model import Layout, Recording, Role, Speaker, Utterance, Word
from coachdesk.spans import Span, merge_spans
from coachdesk.speech.imported import ImportedTranscript
from coachdesk.speech.protocol import UtteranceSent, WordSent
from coachdesk.speech.utterances import HEARD_SHARE, PAUSE_MS

SIDES = ("left", "right")
_sent = msgspec.json.Decoder(list[UtteranceSent])


@dataclass(frozen=True, slots=True)
class Track:
    """A recording with its runs and the channels of the call its own channels are."""

    recording: Recording
    runs: Runs
    listen_to: int | None = None
    voices: Heard | None = None

    def channel(self, own: int) -> int | None:
        """The call's channel of one of the recording's own; None for a mixed one."""
        if self.recording.layout is Layout.MIXED:
            return None
        return self.recording.ordinal if self.recording.layout is Layout.TRACK else own


def label_of(channel: int | None, tracks: Sequence[Track]) -> str:
    """How a call names the speaker on a channel."""
    if channel is None:
        return "unknown"
    if tracks[0].recording.layout is Layout.TRACK:
        return f"track{channel + 1}"
    return SIDES[channel]


def default_speakers(tracks: Sequence[Track], me: int, my_name: str, names: Sequence[str] = ()) -> list[Speaker]:
    """Speakers of a call whose channels are sides: `me` is the own channel."""
    count = len(tracks) if tracks[0].recording.layout is Layout.TRACK else 2
    return [
        Speaker(
            label_of(channel, tracks),
            my_name if channel == me else (names[channel] if channel < len(names) else ""),
            Role.REP if channel == me else Role.OTHER,
            channel,
        )
        for channel in range(count)
    ]


def activity_by_channel(tracks: Sequence[Track]) -> dict[int | None, list[Span]]:
    """Runs per channel of the call, in ms of the call."""
    found: dict[int | None, list[Span]] = {}
    for track in tracks:
        for own, runs in enumerate(track.runs):
            if track.listen_to in (None, own):
                shifted = [run.shift(track.recording.offset_ms) for run in runs]
                found.setdefault(track.channel(own), []).extend(shifted)
    return found


def heard(chunks: list[tuple[Track, int, bytes]], tracks: Sequence[Track]) -> list[Utterance]:
    """Utterances from saved chunks in order of time, without what no own activity carries and without bleed's doubles.

    Chunks hold all that was heard on a channel, for a growing file is followed before anybody can know of its bleed.
    """
    activity = activity_by_channel(tracks)
    said: list[Utterance] = []
    for track, own, sent in chunks:
        if track.listen_to not in (None, own):
            continue
        channel = track.channel(own)
        entries = _sent.decode(sent)
        if own in _bled(track.recording):
            entries = [part for entry in entries for part in _own_parts(entry, track.runs[own])]
        for entry in entries:
            made = _utterance(entry, channel, label_of(channel, tracks), track.recording.offset_ms)
            if _active_share(made.span, activity.get(channel, [])) >= HEARD_SHARE:
                said.append(made)
    said.sort(key=lambda u: (u.start_ms, u.channel or 0, u.end_ms))
    return [u for u in said if not _is_double(u, said)]


def _bled(recording: Recording) -> set[int]:
    """The recording's channels whose activity was cleared of the other side's sound."""
    return {notice.params["channel"] for notice in recording.notices if notice.code == "bleed_removed"}


def _own_parts(entry: UtteranceSent, runs: list[Span]) -> list[UtteranceSent]:
    """What is left of an utterance without the words that lie in bleed, cut where its own side pauses.

    A word at the edge of own speech is cut to it, so that no time of the far side's is given away either.
    """
    parts: list[list[WordSent]] = []
    end_ms: int | None = None
    for word in entry.words:
        run = _run_of(word, runs)
        if run is None:
            continue
        if end_ms is None or run.start_ms - end_ms > PAUSE_MS:
            parts.append([])
        end_ms = run.end_ms
        start, stop = max(word.start_ms, run.start_ms), min(word.end_ms, run.end_ms)
        parts[-1].append(WordSent(start, stop, word.text, word.confidence))
    return [
        UtteranceSent(words[0].start_ms, max(word.end_ms for word in words), words, entry.suspect) for words in parts
    ]


def _run_of(word: WordSent, runs: list[Span]) -> Span | None:
    """The run a word is spoken in; None where less than its share lies in any."""
    span = Span(word.start_ms, max(word.end_ms, word.start_ms + 1))
    near = runs[max(0, bisect_right(runs, word.start_ms, key=lambda run: run.start_ms) - 1) :]
    meeting = list(takewhile(lambda run: run.start_ms < span.end_ms, near))
    best = max(meeting, key=span.overlap_ms, default=None)
    return best if best and span.overlap_ms(best) >= HEARD_SHARE * span.duration_ms else None


def _utterance(entry: UtteranceSent, channel: int | None, label: str, offset_ms: int) -> Utterance:
    words = tuple(Word(w.start_ms + offset_ms, w.end_ms + offset_ms, w.text, w.confidence) for w in entry.words)
    confidence = round(sum(w.confidence for w in words) / max(1, len(words)), 4)
    return Utterance(
        id="",
        speaker=label,
        channel=channel,
        start_ms=entry.start_ms + offset_ms,
        end_ms=entry.end_ms + offset_ms,
        text=" ".join(w.text for w in words),
        confidence=confidence,
        words=words,
        suspect=entry.suspect,
    )


def active_share(said: Sequence[Utterance], tracks: Sequence[Track]) -> float:
    """How much of the words' time lies in their own channel's activity, 0..1; 1 where there is nothing to compare."""
    activity = activity_by_channel(tracks)
    spoken = sum(u.span.duration_ms for u in said)
    heard_ms = sum(u.span.duration_ms * _active_share(u.span, activity.get(u.channel, [])) for u in said)
    return heard_ms / spoken if spoken and activity else 1.0


def anybody(tracks: Sequence[Track]) -> list[Span]:
    """When anybody speaks, in ms of the call."""
    return merge_spans([run for runs in activity_by_channel(tracks).values() for run in runs])


def _active_share(span: Span, runs: list[Span]) -> float:
    return sum(span.overlap_ms(run) for run in runs) / max(1, span.duration_ms)


def _is_double(one: Utterance, said: list[Utterance]) -> bool:
    """Whether the same words stand at the same time on the other channel, louder there by length: the loudspeaker's."""
    words = one.text.lower().split()
    if len(words) < 4:
        return False
    for other in said:
        if other.channel == one.channel or other.start_ms >= one.end_ms or other.end_ms <= one.start_ms:
            continue
        shorter = min(one.span.duration_ms, other.span.duration_ms)
        theirs = other.text.lower().split()
        shared = len(set(words) & set(theirs)) / max(1, min(len(set(words)), len(set(theirs))))
        longer = (other.span.duration_ms, len(theirs)) > (one.span.duration_ms, len(words))
        if one.span.overlap_ms(other.span) >= 0.5 * shorter and shared >= 0.8 and longer:
            return True
    return False


# --- words brought along


def imported(
    transcript: ImportedTranscript, tracks: Sequence[Track], speakers: list[Speaker]
) -> tuple[list[Utterance], list[Speaker]]:
    """Imported utterances and the call's speakers: names go to the channel they speak on."""
    if tracks and tracks[0].recording.layout is not Layout.MIXED:
        channel_of = _channels_of(transcript, activity_by_channel(tracks))
        return _on_channels(transcript, channel_of, tracks, speakers)
    named = [
        Speaker(s.label, s.name, Role(s.role) if s.role in ("rep", "other") else Role.UNKNOWN, None)
        for s in transcript.speakers
    ]
    said = [
        Utterance("", u.speaker_label, None, u.start_ms, u.end_ms, u.text)
        for u in transcript.utterances
        if u.text.strip()
    ]
    return said, named or [Speaker("unknown", "", Role.UNKNOWN, None)]


def _channels_of(transcript: ImportedTranscript, activity: dict[int | None, list[Span]]) -> dict[str, int]:
    """The channel of each imported speaker: the one told, else the one most active while they speak."""
    told = {s.label: s.channel for s in transcript.speakers if s.channel is not None}
    shared: dict[str, dict[int, int]] = {}
    for utterance in transcript.utterances:
        span = Span(utterance.start_ms, utterance.end_ms)
        for channel, runs in activity.items():
            by_channel = shared.setdefault(utterance.speaker_label, {})
            by_channel[channel or 0] = by_channel.get(channel or 0, 0) + sum(span.overlap_ms(run) for run in runs)
    return {
        label: told.get(label, max(by_channel, key=lambda channel: (by_channel[channel], -channel)))
        for label, by_channel in shared.items()
    }


def _on_channels(
    transcript: ImportedTranscript, channel_of: dict[str, int], tracks: Sequence[Track], speakers: list[Speaker]
) -> tuple[list[Utterance], list[Speaker]]:
    names = {s.label: s.name or s.label for s in transcript.speakers}
    labels: dict[str, str] = {}
    known = {speaker.label: speaker for speaker in speakers}
    for label, channel in sorted(channel_of.items(), key=lambda entry: (entry[1], _words_of(transcript, entry[0]))):
        base = known[label_of(channel, tracks)]
        first = not any(channel_of[other] == channel for other in labels)
        labels[label] = base.label if first else f"{base.label}-{1 + sum(channel_of[o] == channel for o in labels)}"
        name = names.get(label, "") if label != "unknown" else ""
        known[labels[label]] = replace(base, label=labels[label], name=name or base.name)
    said = [
        Utterance("", labels[u.speaker_label], channel_of[u.speaker_label], u.start_ms, u.end_ms, u.text)
        for u in transcript.utterances
        if u.text.strip()
    ]
    return said, list(known.values())


def _words_of(transcript: ImportedTranscript, label: str) -> int:
    """Negative number of words: who speaks most on a channel is its first speaker."""
    return -sum(len(u.text.split()) for u in transcript.utterances if u.speaker_label == label)


def with_ids(transcript_id: str, said: list[Utterance]) -> tuple[Utterance, ...]:
    """Utterances with their ids set, in order."""
    return tuple(
        replace(u, id=utterance_id(transcript_id, u.channel, u.start_ms, ordinal)) for ordinal, u in enumerate(said)
    )
