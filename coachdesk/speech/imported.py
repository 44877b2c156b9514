"""Words people already have: WebVTT, SubRip, JSON and labelled text -> who said what, when.

The content decides what a file is; its extension is only a hint. This is the door: it reads the bytes and chooses the
reader (`imported_cues`, `imported_json`, `imported_text`). Nothing here knows the sound, guesses who is the own side,
or corrects words. Whatever the bytes are, the answer is an `ImportedTranscript` or a `TranscriptError`, and no message
ever holds what was said.
"""

from __future__ import annotations

import re
from pathlib import Path

from coachdesk.errors import TranscriptError
from coachdesk.speech.imported_cues import from_srt, from_vtt, has_cues
from coachdesk.speech.imported_json import from_json
from coachdesk.speech.imported_lines import CONTROL, UNKNOWN, ImportedSpeaker, ImportedTranscript, ImportedUtterance
from coachdesk.speech.imported_text import from_text

__all__ = [
    "LARGEST_BYTES",
    "UNKNOWN",
    "ImportedSpeaker",
    "ImportedTranscript",
    "ImportedUtterance",
    "read_transcript",
]

LARGEST_BYTES = 20_000_000
_FORM_HINT = 'Write the speaker before the words, one line each: "[0:12] Dana Whitlock: Hi, this is Dana."'
_JSON_START = re.compile(r"\{\s*[\"}]|\[\s*(?:[{\"\[\]]|[0-9.]+\s*,)")  # "[0:12] Dana: ..." is no JSON


def read_transcript(path: Path, need_speakers: bool = False) -> ImportedTranscript:
    """The words in a .vtt, .srt, .json or .txt file (at most 20 MB; UTF-8, UTF-16 or cp1252).

    Raises TranscriptError where the file cannot be read, holds no words, is JSON of another shape, or, with
    `need_speakers`, names no speaker at all.
    """
    found = _read(_decoded(_bytes_of(path)), path.suffix.lower())
    if not found.utterances:
        raise TranscriptError("There are no words in this transcript file.", _FORM_HINT)
    if need_speakers and all(utterance.speaker_label == UNKNOWN for utterance in found.utterances):
        raise TranscriptError("This transcript does not say who speaks; which side said what is needed.", _FORM_HINT)
    return found


def _read(text: str, suffix: str) -> ImportedTranscript:
    if text.startswith("WEBVTT") or (suffix == ".vtt" and has_cues(text)):
        return from_vtt(text)
    if _JSON_START.match(text):
        return from_json(text)
    if has_cues(text):
        return from_srt(text)
    found = from_text(text)
    if suffix == ".json" and all(speaker.label == UNKNOWN for speaker in found.speakers):
        raise TranscriptError("This file is not JSON, although its name says so.", "Export the transcript again.")
    return found


# --- bytes -> text


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise TranscriptError("There is no such transcript file.", "Check the name and the folder.")
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as problem:  # ValueError: a name that no file can have
        raise TranscriptError("This transcript file cannot be opened.", "Check that you may read it.") from problem
    if len(data) > LARGEST_BYTES:
        raise TranscriptError("This transcript file is larger than 20 MB.", "Export the words alone, as VTT or text.")
    return data


def _decoded(data: bytes) -> str:
    """The text of a file without control characters, with plain line ends."""
    text = data.decode(_encoding(data), errors="replace")
    controls = sum(map(len, CONTROL.findall(text)))
    if controls * 20 > len(text):  # packed data has about 11 % of them, text none
        raise TranscriptError("This is not a text file.", "Bring a transcript as VTT, SRT, JSON or TXT.")
    for line_end in ("\r\r\n", "\r\n", "\r"):  # the first comes from programs that translate twice
        text = text.replace(line_end, "\n")
    return CONTROL.sub("", text).lstrip("\ufeff").lstrip()


def _encoding(data: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return name
    head = data[:2000]
    if head.count(0) * 5 > len(head):  # UTF-16 without a mark: every other byte of western text is 0
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
