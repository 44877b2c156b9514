"""What the readers of brought-along transcripts share: the types, clean words, clocks, and lines laid out in time.

A reader finds `Line`s; `finished` makes an `ImportedTranscript` of them. Nothing here knows a file's form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest

UNKNOWN = "unknown"  # the label of a speaker whom the file does not name
JOIN_GAP_MS = 300  # a sentence cut into cues goes on after at most this ...
LONGEST_JOINED_MS = 30_000  # ... and is never put together beyond this
MS_PER_WORD = 60_000 / 150  # 150 words a minute: how long words without an end are taken to last


@dataclass(frozen=True, slots=True)
class ImportedSpeaker:
    """Somebody as the file names them; `role` is "rep", "other" or "unknown"."""

    label: str
    name: str
    channel: int | None
    role: str


@dataclass(frozen=True, slots=True)
class ImportedUtterance:
    """Words of one speaker on one line of text, in ms from the start; never shorter than 1 ms."""

    speaker_label: str
    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class ImportedTranscript:
    """What a file says, utterances by start. `timed` is False where the times are only spread by words."""

    language: str
    speakers: tuple[ImportedSpeaker, ...]
    utterances: tuple[ImportedUtterance, ...]
    timed: bool
    title: str = ""
    account: str = ""
    playbook: str = ""
    started_at: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Words as found, with the times the file gives, in ms."""

    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


# --- words and clocks


CLOCK = r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,3})?"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")  # JSON can spell half a character; nothing later could write it
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """Words on one line, without control characters."""
    return " ".join(_HALF.sub("\ufffd", CONTROL.sub("", text.replace("\r", " "))).split())


def label(name: str) -> str:
    """A name as written, without marks nobody sees (they would make two speakers of one)."""
    return clean(_INVISIBLE.sub("", name)) or UNKNOWN


def clock_ms(clock: str) -> int:
    """ "1:02:03.5", "02:03,500" or "2:03" in ms."""
    whole, _, fraction = clock.replace(",", ".").partition(".")
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000 + int((fraction + "000")[:3])


# --- lines -> transcript


def finished(lines: list[Line], joining: bool, language: str = "") -> ImportedTranscript:
    """The transcript of these lines, in their order where no time says another; `joining` mends cut sentences."""
    spoken = [line for line in lines if line.text]
    utterances = sorted(_laid_out(spoken), key=lambda utterance: utterance.start_ms)
    if joining:
        utterances = _joined(_distinct(utterances))
    labels = dict.fromkeys(utterance.speaker_label for utterance in utterances)
    speakers = tuple(ImportedSpeaker(label, label, None, UNKNOWN) for label in labels)
    timed = any(line.start_ms is not None for line in spoken)
    return ImportedTranscript(language, speakers, tuple(utterances), timed)


def _laid_out(lines: list[Line]) -> list[ImportedUtterance]:
    """Every line with a start and an end: known times stay, the rest is spread by words between them."""
    runs: list[list[Line]] = []
    for line in lines:
        same_start = bool(runs) and line.start_ms == runs[-1][0].start_ms  # stamps are often only whole minutes
        if not runs or (line.start_ms is not None and (line.end_ms is not None or not same_start)):
            runs.append([])
        runs[-1].append(line)
    limits = [run[0].start_ms for run in runs[1:]]
    return [made for run, limit in zip_longest(runs, limits) for made in _spread(run, limit)]


def _spread(run: list[Line], limit_ms: int | None) -> list[ImportedUtterance]:
    """Lines one after another from the first one's start; pressed together where the next known time comes sooner."""
    lengths = [max(1, len(line.text.split())) * MS_PER_WORD for line in run]
    at = run[0].start_ms or 0
    room = limit_ms - at if limit_ms is not None and limit_ms > at else sum(lengths)
    scale, made = min(1.0, room / sum(lengths)), []
    for line, length in zip(run, lengths, strict=True):
        known = line.end_ms if line.start_ms is not None else None
        end = at + int(length * scale) if known is None else known
        made.append(_utterance(line, at, end))
        at = made[-1].end_ms
    return made


def _utterance(line: Line, start_ms: int, end_ms: int) -> ImportedUtterance:
    first, last = sorted((start_ms, end_ms))  # some programs write them the wrong way round
    return ImportedUtterance(label(line.speaker), first, max(last, first + 1), line.text)


def _distinct(utterances: list[ImportedUtterance]) -> list[ImportedUtterance]:
    """Without cues that say again, at the same time, what the same speaker's last one said."""
    kept: list[ImportedUtterance] = []
    latest: dict[str, ImportedUtterance] = {}
    for utterance in utterances:
        before = latest.get(utterance.speaker_label)
        if before and before.text == utterance.text and utterance.start_ms < before.end_ms:
            continue
        latest[utterance.speaker_label] = utterance
        kept.append(utterance)
    return kept


def _joined(utterances: list[ImportedUtterance]) -> list[ImportedUtterance]:
    """Sentences that were cut into cues, whole again."""
    groups: list[list[ImportedUtterance]] = []
    end_ms = 0  # of the last group
    for utterance in utterances:
        if groups and _goes_on(groups[-1], end_ms, utterance):
            groups[-1].append(utterance)
            end_ms = max(end_ms, utterance.end_ms)
        else:
            groups.append([utterance])
            end_ms = utterance.end_ms
    return [_whole(group) for group in groups]


def _goes_on(group: list[ImportedUtterance], end_ms: int, after: ImportedUtterance) -> bool:
    same = group[-1].speaker_label == after.speaker_label and after.start_ms - end_ms <= JOIN_GAP_MS
    ended = group[-1].text.rstrip("\"'”’»)]").endswith((".", "?", "!", "…", "。", "？", "！"))
    return same and not ended and max(end_ms, after.end_ms) - group[0].start_ms <= LONGEST_JOINED_MS


def _whole(group: list[ImportedUtterance]) -> ImportedUtterance:
    end_ms = max(utterance.end_ms for utterance in group)
    return replace(group[0], end_ms=end_ms, text=" ".join(utterance.text for utterance in group))
