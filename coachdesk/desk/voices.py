"""Voices told apart on a mixed channel: who they are called, and which words are whose.

The voices are the numbers 1, 2, ... in the order they are first heard. Which of them is the person's own is not in the
sound: the person is asked. Where it was not sure how many people there are, there are no voices, only "unknown".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from coachdesk.desk.attribute import Track
from coachdesk.desk.spoken import Labelled, relabelled
from coachdesk.history import voices
from coachdesk.history.events import Event
from coachdesk.model import Layout, Role, Speaker, Utterance, Word
from coachdesk.spans import Span, merge_spans
from coachdesk.speech import protocol
from coachdesk.speech.speakers import SURE

LEAST_WORDS, LEAST_MS = (
    2,
    500,
)  # what is less than both beside a change of the voice stays with the rest of its sentence

HEAR_MS, BREATH_MS = 5_000, 500  # how much of a voice is played to know it by; a pause this short is no change


def heard(sent: protocol.VoicesSent) -> voices.Heard:
    """What the speech child said, as it is stored."""
    return voices.Heard(
        tuple((Span(start, end), speaker) for start, end, speaker in sent.spans), sent.confidence, sent.kind
    )


def labelled(track: Track) -> Labelled:
    """Spans of the call with the label of their voice; none where the voices are not surely told apart."""
    found = track.voices
    if found is None or found.confidence < SURE or track.recording.layout is not Layout.MIXED:
        return []
    return [(span.shift(track.recording.offset_ms), str(speaker)) for span, speaker in found.spans]


def voices_by_label(track: Track, acts: Sequence[Event] = ()) -> dict[str, list[Span]]:
    """The spans of each voice, in ms of the call; `acts`: what the person said about who speaks."""
    by_label: dict[str, list[Span]] = {}
    for span, label in relabelled(labelled(track), acts):
        by_label.setdefault(label, []).append(span)
    return dict(sorted(by_label.items()))


def speakers_of(tracks: Sequence[Track], me: str = "", my_name: str = "") -> list[Speaker]:
    """The speakers of a mixed call; `me` is the number of the own voice, where the person told it."""
    labels = list(voices_by_label(tracks[0])) if tracks else []
    own = me.strip()
    if not labels:
        return [Speaker("unknown", "", Role.UNKNOWN, None)]
    if own not in labels:
        return [Speaker(label, "", Role.UNKNOWN, None) for label in labels]
    return [
        Speaker(label, my_name if label == own else "", Role.REP if label == own else Role.OTHER, None)
        for label in labels
    ]


def clearest(spans: Sequence[Span]) -> Span | None:
    """Up to five seconds of one speaker, from the middle of the longest stretch: borders are where voices are mixed up."""
    stretches = merge_spans(list(spans), BREATH_MS)
    if not stretches:
        return None
    longest = max(stretches, key=lambda span: (span.duration_ms, -span.start_ms))
    start = longest.middle_ms - min(HEAR_MS, longest.duration_ms) // 2
    return Span(start, min(longest.end_ms, start + HEAR_MS))


def attributed(said: list[Utterance], spans: Labelled) -> list[Utterance]:
    """Utterances with the voice they are spoken by, cut where the voice changes between two of their words."""
    return [part for utterance in said for part in _parts(utterance, spans)] if spans else said


def _parts(utterance: Utterance, spans: Labelled) -> list[Utterance]:
    near = [(span, label) for span, label in spans if span.overlap_ms(utterance.span) > 0]
    if len({label for _, label in near}) < 2 or not utterance.words:
        return [replace(utterance, speaker=_most(utterance.span, near or spans))]
    groups = _grouped([(word, _at(word, near)) for word in utterance.words])
    if len(groups) == 1:
        return [replace(utterance, speaker=groups[0][1])]
    starts = [utterance.start_ms, *(group[0].start_ms for group, _ in groups[1:])]
    ends = [
        *(min(group[-1].end_ms, start) for (group, _), start in zip(groups, starts[1:], strict=False)),
        utterance.end_ms,
    ]
    return [
        _part(utterance, tuple(group), label, start, max(start, end))
        for (group, label), start, end in zip(groups, starts, ends, strict=True)
    ]


def _part(utterance: Utterance, words: tuple[Word, ...], label: str, start_ms: int, end_ms: int) -> Utterance:
    return replace(
        utterance,
        speaker=label,
        start_ms=start_ms,
        end_ms=end_ms,
        text=" ".join(word.text for word in words),
        words=words,
        confidence=round(sum(word.confidence for word in words) / len(words), 4),
    )


def _most(span: Span, spans: Labelled) -> str:
    """The label that shares most of a span; where none does, that of the nearest."""
    shared: dict[str, int] = {}
    for voice, label in spans:
        shared[label] = shared.get(label, 0) + voice.overlap_ms(span)
    if any(shared.values()):
        return max(shared, key=lambda label: (shared[label], label))
    return min(spans, key=lambda voice: abs(voice[0].middle_ms - span.middle_ms))[1]


def _at(word: Word, spans: Labelled) -> str:
    middle = (word.start_ms + word.end_ms) // 2
    return min(spans, key=lambda voice: max(voice[0].start_ms - middle, middle - voice[0].end_ms, 0))[1]


def _grouped(words: list[tuple[Word, str]]) -> list[tuple[list[Word], str]]:
    """Words in a row of one voice. A crumb beside a change joins its neighbour: borders are good to a quarter of a second."""
    groups = [([word for word, _ in part], label) for label, part in groupby(words, key=lambda entry: entry[1])]
    while (
        len(groups) > 1
        and (crumb := next((n for n, group in enumerate(groups) if _is_crumb(group[0])), None)) is not None
    ):
        into = crumb - 1 if crumb else 1
        groups[crumb] = (groups[crumb][0], groups[into][1])
        groups = [
            ([word for part, _ in same for word in part], label)
            for label, same in groupby(groups, key=lambda group: group[1])
        ]
    return groups


def _is_crumb(words: list[Word]) -> bool:
    return len(words) < LEAST_WORDS and words[-1].end_ms - words[0].start_ms < LEAST_MS
