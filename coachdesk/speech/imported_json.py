"""JSON transcripts: our own document, taken exactly, and the lists of segments other programs write.

Another shape is refused with the name of the field; a message never holds what the field held.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from coachdesk.errors import TranscriptError
from coachdesk.speech.imported_lines import (
    CLOCK,
    UNKNOWN,
    ImportedSpeaker,
    ImportedTranscript,
    Line,
    clean,
    clock_ms,
    finished,
    label,
)

_OWN_FORMAT = "coachdesk.transcript/1"
_LATEST_MS = 9_999 * 3_600_000  # no call is this long: a later time is not a time
_SHAPE_HINT = 'A list of objects with "start" and "end" in seconds, "text" and "speaker" can be read.'
_LISTS = ("segments", "utterances", "transcript", "sentences")
_TEXTS = ("text", "transcript", "sentence", "content", "words")
_SPEAKERS = ("speaker_name", "speakerName", "speaker", "speaker_label", "speakerLabel")
_ROLES = ("rep", "other", UNKNOWN)


def from_json(text: str) -> ImportedTranscript:
    """A document of ours or of another program."""
    try:
        document = json.loads(text, strict=False)
    except ValueError as problem:
        place = f" (line {problem.lineno})" if isinstance(problem, json.JSONDecodeError) else ""
        raise TranscriptError(f"This file is broken JSON{place}.", "Export the transcript again.") from problem
    except RecursionError as problem:
        raise TranscriptError("This JSON is nested too deeply to be a transcript.", _SHAPE_HINT) from problem
    kind = document.get("format") if isinstance(document, dict) else None
    if isinstance(kind, str) and kind.startswith("coachdesk.transcript/"):
        return _own(document)
    return _foreign(document)


# --- our own


def _own(document: dict[str, Any]) -> ImportedTranscript:
    """Our own document: exact, so nothing is joined or left out."""
    if document["format"] != _OWN_FORMAT:
        raise TranscriptError("This transcript was written by a newer CoachDesk.", "Update CoachDesk.")
    listed = [_own_speaker(*entry) for entry in _objects(document.get("speakers", []), "speakers")]
    lines = [_own_line(*entry) for entry in _objects(document.get("utterances"), "utterances")]
    found = finished(lines, joining=False, language=_text(document, "language", "", ""))
    known = {speaker.label: speaker for speaker in (*found.speakers, *reversed(listed))}  # the first listed wins
    in_order = dict.fromkeys(speaker.label for speaker in (*listed, *found.speakers))
    title, account, playbook, started = (
        clean(_text(document, key, "", "")) for key in ("title", "account", "playbook", "started_at")
    )
    speakers = tuple(known[each] for each in in_order)
    return replace(found, speakers=speakers, title=title, account=account, playbook=playbook, started_at=started)


def _own_speaker(entry: dict[str, Any], where: str) -> ImportedSpeaker:
    known_as = label(_text(entry, "label", where))
    channel, role = entry.get("channel"), _text(entry, "role", where, UNKNOWN)
    if channel is not None and (isinstance(channel, bool) or channel not in range(64)):
        raise _wrong(f"{where}.channel", "a channel number or null")
    if role not in _ROLES:
        raise _wrong(f"{where}.role", "one of " + ", ".join(_ROLES))
    name = label(_text(entry, "name", where, known_as))
    return ImportedSpeaker(known_as, name, None if channel is None else int(channel), role)


def _own_line(entry: dict[str, Any], where: str) -> Line:
    speaker, text = _text(entry, "speaker", where), _text(entry, "text", where)
    start, end = (_json_ms(entry.get(key), 1, f"{where}.{key}") for key in ("start_ms", "end_ms"))
    return Line(speaker, clean(text), start, end)


# --- other programs'


def _foreign(document: Any) -> ImportedTranscript:
    where, value = _list_in(document)
    entries = _objects(value, where)
    unit_ms = 1 if _counts_ms([entry for entry, _ in entries]) else 1000
    lines = [_foreign_line(entry, name, unit_ms) for entry, name in entries]
    language = document.get("language") if isinstance(document, dict) else None
    return finished(lines, joining=True, language=clean(language) if isinstance(language, str) else "")


def _list_in(document: Any) -> tuple[str, Any]:
    """The list of segments, at the top, under a known name, or one object further down."""
    if isinstance(document, list):
        return "", document
    if not isinstance(document, dict):
        raise _wrong("the document", "a list")
    for prefix, place in (("", document), ("transcript.", document.get("transcript"))):
        for key in _LISTS:
            if isinstance(place, dict) and isinstance(place.get(key), list):
                return prefix + key, place[key]
    named = [key for key in _LISTS if key in document]
    raise _wrong(named[0] if named else '"segments", "utterances" or "transcript"', "a list")


def _foreign_line(entry: dict[str, Any], where: str, unit_ms: int) -> Line:
    start, end = (_edge(entry, edge, where, unit_ms) for edge in ("start", "end"))
    return Line(_speaker_in(entry, where), clean(_text_in(entry, where)), start, end)


def _edge(entry: dict[str, Any], edge: str, where: str, unit_ms: int) -> int | None:
    for key, unit in ((f"{edge}_ms", 1), (edge, unit_ms), (f"{edge}Time", 1000), (f"{edge}_time", 1000)):
        if entry.get(key) is not None:
            return _json_ms(entry[key], unit, f"{where}.{key}")
    return None


def _counts_ms(entries: list[dict[str, Any]]) -> bool:
    """True where "start" and "end" are whole and would make a word last 100 s: some services count ms there."""
    spans = [(entry.get("start"), entry.get("end"), entry.get("text")) for entry in entries]
    whole = [(end - start, text) for start, end, text in spans if type(start) is int and type(end) is int]
    words = sum(len(text.split()) for _, text in whole if isinstance(text, str))
    return bool(spans) and len(whole) == len(spans) and sum(length for length, _ in whole) > 100 * words > 0


def _text_in(entry: dict[str, Any], where: str) -> str:
    key = next((key for key in _TEXTS if entry.get(key) is not None), "text")
    if isinstance(entry.get(key), list):
        return " ".join(_word_in(word, f"{where}.{key}[{index}]") for index, word in enumerate(entry[key]))
    return _text(entry, key, where)


def _word_in(word: Any, where: str) -> str:
    for value in (word, *(word.get(key) for key in ("punctuated_word", "word", "text") if isinstance(word, dict))):
        if isinstance(value, str):
            return value
    raise _wrong(where, "a word")


def _speaker_in(entry: dict[str, Any], where: str) -> str:
    for key in _SPEAKERS:
        value = entry.get(key)
        if isinstance(value, dict):
            value = value.get("name", value.get("label"))
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str | None):
            raise _wrong(f"{where}.{key}", "a name")
        if value and value.strip():
            return value
    return ""


# --- fields


def _wrong(field: str, wanted: str) -> TranscriptError:
    return TranscriptError(f"This transcript file has another shape: {field} is not {wanted}.", _SHAPE_HINT)


def _objects(value: Any, where: str) -> list[tuple[dict[str, Any], str]]:
    """The objects of a list, each with what to call it in a message."""
    if not isinstance(value, list):
        raise _wrong(where or "the document", "a list")
    entries = [(entry, f"{where}[{index}]") for index, entry in enumerate(value)]
    for entry, name in entries:
        if not isinstance(entry, dict):
            raise _wrong(name, "an object")
    return entries


def _text(entry: dict[str, Any], key: str, where: str, default: str | None = None) -> str:
    value = entry.get(key)
    value = default if value is None else value
    if not isinstance(value, str):
        raise _wrong(f"{where}.{key}".lstrip("."), "text")
    return value


def _json_ms(value: Any, unit_ms: int, where: str) -> int:
    """A number of `unit_ms` or a clock such as "00:01:02.5", "62.5" or "62.5s", in ms."""
    if isinstance(value, str) and re.fullmatch(CLOCK, value.strip()):
        return clock_ms(value.strip())
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,12})?s?", value.strip()):
        value = float(value.strip().rstrip("s"))
    if isinstance(value, bool) or not isinstance(value, int | float) or not value <= _LATEST_MS / unit_ms:
        raise _wrong(where, "a time")
    return round(max(0, value) * unit_ms)
