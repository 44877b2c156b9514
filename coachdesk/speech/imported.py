"""Words people already have: WebVTT, SubRip, JSON and labelled text -> who said what, when.

The content decides what a file is; its extension is only a hint. Nothing here knows the sound, guesses who is the own
side, or corrects words. Whatever the bytes are, the answer is an `ImportedTranscript` or a `TranscriptError`, and no
message ever holds what was said.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from coachdesk.errors import TranscriptError

LARGEST_BYTES = 20_000_000
UNKNOWN = "unknown"  # the label of a speaker whom the file does not name
JOIN_GAP_MS = 300  # a sentence cut into cues goes on after at most this ...
LONGEST_JOINED_MS = 30_000  # ... and is never put together beyond this
MS_PER_WORD = 60_000 / 150  # 150 words a minute: how long words without an end are taken to last
LATEST_MS = 9_999 * 3_600_000  # no call is this long: a later time is not a time
OWN_FORMAT = "coachdesk.transcript/1"


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


_FORM_HINT = 'Write the speaker before the words, one line each: "[0:12] Dana Whitlock: Hi, this is Dana."'


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
    controls = sum(map(len, _CONTROL.findall(text)))
    if controls * 20 > len(text):  # packed data has about 11 % of them, text none
        raise TranscriptError("This is not a text file.", "Bring a transcript as VTT, SRT, JSON or TXT.")
    for line_end in ("\r\r\n", "\r\n", "\r"):  # the first comes from programs that translate twice
        text = text.replace(line_end, "\n")
    return _CONTROL.sub("", text).lstrip("\ufeff").lstrip()


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


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")  # JSON can spell half a character; nothing later could write it
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def _clean(text: str) -> str:
    """Words on one line, without control characters."""
    return " ".join(_HALF.sub("\ufffd", _CONTROL.sub("", text.replace("\r", " "))).split())


def _label(name: str) -> str:
    """A name as written, without marks nobody sees (they would make two speakers of one)."""
    return _clean(_INVISIBLE.sub("", name)) or UNKNOWN


# --- what is it


def _read(text: str, suffix: str) -> ImportedTranscript:
    if text.startswith("WEBVTT") or (suffix == ".vtt" and _TIMING.search(text)):
        return _finished(_cue_lines(text, vtt=True), joining=True, language=_header_language(text))
    if _JSON_START.match(text):
        return _from_json(text)
    if _TIMING.search(text):
        return _finished(_cue_lines(text, vtt=False), joining=True)
    found = _finished(_text_lines(text), joining=False)
    if suffix == ".json" and all(speaker.label == UNKNOWN for speaker in found.speakers):
        raise TranscriptError("This file is not JSON, although its name says so.", "Export the transcript again.")
    return found


_JSON_START = re.compile(r"\{\s*[\"}]|\[\s*(?:[{\"\[\]]|[0-9.]+\s*,)")  # "[0:12] Dana: ..." is no JSON
_CLOCK = r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,3})?"
_TIMING = re.compile(rf"^[ \t]*({_CLOCK})[ \t]*-->[ \t]*({_CLOCK})", re.MULTILINE)


def _clock_ms(clock: str) -> int:
    """ "1:02:03.5", "02:03,500" or "2:03" in ms."""
    whole, _, fraction = clock.replace(",", ".").partition(".")
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000 + int((fraction + "000")[:3])


@dataclass(frozen=True, slots=True)
class _Line:
    """Words as found, with the times the file gives, in ms."""

    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


# --- cues (WebVTT and SubRip)


@dataclass(frozen=True, slots=True)
class _Cue:
    start_ms: int
    end_ms: int
    lines: list[str]


_NO_CUE = re.compile(r"NOTE(?:\s|$)|(?:STYLE|REGION)\s*$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s+([^<>]*))?>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[0-9:.]*>|</>|\{\\an?[0-9]{1,2}\}")


def _cue_lines(text: str, vtt: bool) -> list[_Line]:
    cues = _cues(text, vtt)
    voiced = any(_VOICE.search(line) for cue in cues for line in cue.lines)
    if voiced:
        return [line for cue in cues for line in _divided(cue, _voices("\n".join(cue.lines), vtt))]
    rows = [[_words(line, vtt) for line in cue.lines] for cue in cues]
    prefixes = [found[0] for row in rows for line in row if (found := _labelled(line))]
    names = _names(prefixes, of_lines=len(cues))
    lines: list[_Line] = []
    for cue, row in zip(cues, rows, strict=True):
        before = lines[-1].speaker if lines else ""  # a label holds until the next one
        lines += _divided(cue, _prefixed(row, names, before))
    return lines


def _cues(text: str, vtt: bool) -> list[_Cue]:
    """Cues in file order. In SubRip a blank line inside the words is a slip, in WebVTT it ends the cue."""
    cues: list[_Cue] = []
    inside = comment = False
    for line in text.split("\n"):
        if not line.strip():
            inside, comment = inside and not vtt, False
        elif comment:
            continue
        elif timing := _TIMING.match(line):
            if inside and cues[-1].lines and cues[-1].lines[-1].strip().isdigit():
                cues[-1].lines.pop()  # the number of this cue
            cues.append(_Cue(_clock_ms(timing[1]), _clock_ms(timing[2]), []))
            inside = True
        elif inside:
            cues[-1].lines.append(line)
        else:
            comment = vtt and bool(_NO_CUE.match(line))
    return cues


def _words(text: str, vtt: bool) -> str:
    """Text of a cue without its tags; only WebVTT has entities."""
    bare = _TAG.sub("", text)
    return _clean(html.unescape(bare) if vtt else bare)


def _voices(text: str, vtt: bool) -> list[tuple[str, str]]:
    """(speaker, words) of a cue with voice tags; words before the first tag have no speaker."""
    parts = _VOICE.split(text)
    pairs = zip(["", *parts[1::2]], parts[::2], strict=True)
    return [(html.unescape(name or ""), _words(words, vtt)) for name, words in pairs]


def _prefixed(row: list[str], names: frozenset[str], speaker: str) -> list[tuple[str, str]]:
    """(speaker, words) of a cue whose lines may begin with "Name:"."""
    pieces: list[tuple[str, list[str]]] = [(speaker, [])]
    for line in row:
        found = _labelled(line)
        if found and found[0] in names:
            pieces.append((found[0], [found[1]]))
        else:
            pieces[-1][1].append(line)
    return [(name, " ".join(filter(None, lines))) for name, lines in pieces]


def _divided(cue: _Cue, pieces: list[tuple[str, str]]) -> list[_Line]:
    """The time of a cue shared out by words among those who speak in it."""
    said = [(speaker, text) for speaker, text in pieces if text]
    total = sum(len(text.split()) for _, text in said)
    lines, before = [], 0
    for speaker, text in said:
        after = before + len(text.split())
        start, end = (cue.start_ms + (cue.end_ms - cue.start_ms) * part // total for part in (before, after))
        lines.append(_Line(speaker, text, start, end))
        before = after
    return lines


def _header_language(text: str) -> str:
    found = re.search(r"^Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)\s*$", text.split("\n\n")[0], re.MULTILINE)
    return found[1] if found else ""


# --- labels


_LABEL = re.compile(
    r"(?:>>+|[-–—•*])?\s*(?P<name>[^\W\d_][^:：?!;\"“”<>\n]{0,39}?)\s*(?::(?=\s|$)|：)\s*(?P<text>.*)", re.DOTALL
)
_HEADINGS = """note notes date time duration length title subject topic agenda participants attendees location meeting
    question important example warning summary transcript language recorded speakers ps p.s nb n.b re fyi todo update"""


def _labelled(line: str) -> tuple[str, str] | None:
    """("Dana Whitlock", "Hi.") of "Dana Whitlock: Hi."; the name has at most 40 characters and 4 words."""
    found = _LABEL.match(line.strip())
    if not found or not _may_be_name(found["name"]):
        return None
    return _label(found["name"]), found["text"].strip()


def _may_be_name(text: str) -> bool:
    return len(text) <= 40 and len(text.split()) <= 4


def _names(found: Iterable[str], of_lines: int) -> frozenset[str]:
    """Which prefixes are speakers. One alone is none; beside recurring ones, one that comes once must look like a name.

    Where nothing recurs, a third of the lines must be labelled: else these are sentences that happen to hold a colon.
    """
    counts = Counter(found)
    once = {name for name, count in counts.items() if count == 1 and name.casefold() not in _HEADINGS.split()}
    recurring = {name for name, count in counts.items() if count > 1}
    if recurring:
        small = not all(map(_looks_like_name, recurring))  # "rep:", "other:": this file writes no capitals
        return frozenset(recurring | {name for name in once if small or _looks_like_name(name)})
    return frozenset(once if len(once) >= 2 and 3 * len(once) >= of_lines else ())


def _looks_like_name(name: str) -> bool:
    """First and last word are no lower-case words ("Ana de la Cruz", "Speaker 2", but not "So the thing is")."""
    return not any(word[:1].islower() for word in (name.split()[0], name.split()[-1]))


# --- labelled text


_STAMP = rf"(?P<start>{_CLOCK})(?:\s*(?:-->|->|[-–—])\s*(?P<end>{_CLOCK}))?"
_STAMPED = re.compile(rf"(?P<open>[\[(])?{_STAMP}(?(open)[\])]|(?=\s|$))\s*[-–—|]?\s*(?P<rest>.*)")
_NAME = r"(?P<name>[^\W\d_][^:：?!;\"“”<>\[\]]{0,39}?)"
_NAME_STAMP = re.compile(rf"{_NAME}\s*[\[(]\s*{_STAMP}\s*[\])]\s*(?:[:：]\s*(?P<text>.*))?")  # Name (0:12): words
_NAME_HEADS = re.compile(rf"{_NAME}(?:[ \t]{{2,}}|\t){_STAMP}")  # Name  0:12, the words on the next lines
_TRAILER = re.compile(r"Transcribed by https?://\S+$")


def _text_lines(text: str) -> list[_Line]:
    rows = [row.strip() for row in text.split("\n") if row.strip() and not _TRAILER.match(row.strip())]
    labelled = [_labelled_row(row) for row in rows]
    names = _names_of_text([line for line in labelled if line], len(rows))
    lines: list[tuple[_Line, list[str]]] = []
    stamp: int | None = None  # of a row that held nothing else
    for row, named in zip(rows, labelled, strict=True):
        line = named if named and named.speaker in names else _stamped_row(row)
        start = stamp if line.start_ms is None else line.start_ms
        if line is named or (line.text and (start is not None or not names)):
            speaker = line.speaker or (lines[-1][0].speaker if lines else "")
            lines.append((_Line(speaker, "", start, line.end_ms), [line.text]))
            stamp = None
        elif not line.text:
            stamp = line.start_ms
        elif lines:  # before the first label stand title and date
            lines[-1][1].append(line.text)
    return [replace(line, text=_clean(" ".join(texts))) for line, texts in lines]


def _labelled_row(row: str) -> _Line | None:
    """A row that names its speaker, in any of the forms meeting programs write."""
    stamped = _STAMPED.fullmatch(row)
    if stamped and (found := _labelled(stamped["rest"])):
        return _Line(*found, *_times(stamped))
    for form in (_NAME_STAMP, _NAME_HEADS):
        match = form.fullmatch(row)
        if match and _may_be_name(match["name"]):
            return _Line(_label(match["name"]), match.groupdict().get("text") or "", *_times(match))
    plain = _labelled(row)
    return _Line(*plain) if plain else None


def _stamped_row(row: str) -> _Line:
    """A row without a speaker. Only a time in brackets or alone is a stamp: "10:30 is fine" are words."""
    match = _STAMPED.fullmatch(row)
    if match and (match["open"] or not match["rest"]):
        return _Line("", match["rest"], *_times(match))
    return _Line("", row)


def _times(match: re.Match[str]) -> tuple[int, int | None]:
    return _clock_ms(match["start"]), _clock_ms(match["end"]) if match["end"] else None


def _names_of_text(labelled: list[_Line], rows: int) -> frozenset[str]:
    """Where most labels carry a time, only those are labels: "Date: ..." and "Note: ..." are not."""
    stamped = [line.speaker for line in labelled if line.start_ms is not None]
    if 2 * len(stamped) > len(labelled):
        return _names(stamped, of_lines=len(stamped))
    return _names([line.speaker for line in labelled], of_lines=rows)


# --- JSON


_SHAPE_HINT = 'A list of objects with "start" and "end" in seconds, "text" and "speaker" can be read.'
_LISTS = ("segments", "utterances", "transcript", "sentences")
_TEXTS = ("text", "transcript", "sentence", "content", "words")
_SPEAKERS = ("speaker_name", "speakerName", "speaker", "speaker_label", "speakerLabel")
_ROLES = ("rep", "other", UNKNOWN)


def _wrong(field: str, wanted: str) -> TranscriptError:
    return TranscriptError(f"This transcript file has another shape: {field} is not {wanted}.", _SHAPE_HINT)


def _from_json(text: str) -> ImportedTranscript:
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


def _own(document: dict[str, Any]) -> ImportedTranscript:
    """Our own document: exact, so nothing is joined or left out."""
    if document["format"] != OWN_FORMAT:
        raise TranscriptError("This transcript was written by a newer CoachDesk.", "Update CoachDesk.")
    listed = [_own_speaker(*entry) for entry in _objects(document.get("speakers", []), "speakers")]
    lines = [_own_line(*entry) for entry in _objects(document.get("utterances"), "utterances")]
    found = _finished(lines, joining=False, language=_text(document, "language", "", ""))
    known = {speaker.label: speaker for speaker in (*found.speakers, *reversed(listed))}  # the first listed wins
    labels = dict.fromkeys(speaker.label for speaker in (*listed, *found.speakers))
    title, account, playbook, started = (
        _clean(_text(document, key, "", "")) for key in ("title", "account", "playbook", "started_at")
    )
    speakers = tuple(known[label] for label in labels)
    return replace(found, speakers=speakers, title=title, account=account, playbook=playbook, started_at=started)


def _own_speaker(entry: dict[str, Any], where: str) -> ImportedSpeaker:
    label = _label(_text(entry, "label", where))
    channel, role = entry.get("channel"), _text(entry, "role", where, UNKNOWN)
    if channel is not None and (isinstance(channel, bool) or channel not in range(64)):
        raise _wrong(f"{where}.channel", "a channel number or null")
    if role not in _ROLES:
        raise _wrong(f"{where}.role", "one of " + ", ".join(_ROLES))
    name = _label(_text(entry, "name", where, label))
    return ImportedSpeaker(label, name, None if channel is None else int(channel), role)


def _own_line(entry: dict[str, Any], where: str) -> _Line:
    speaker, text = _text(entry, "speaker", where), _text(entry, "text", where)
    start, end = (_json_ms(entry.get(key), 1, f"{where}.{key}") for key in ("start_ms", "end_ms"))
    return _Line(speaker, _clean(text), start, end)


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
    if isinstance(value, str) and re.fullmatch(_CLOCK, value.strip()):
        return _clock_ms(value.strip())
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,12})?s?", value.strip()):
        value = float(value.strip().rstrip("s"))
    if isinstance(value, bool) or not isinstance(value, int | float) or not value <= LATEST_MS / unit_ms:
        raise _wrong(where, "a time")
    return round(max(0, value) * unit_ms)


def _foreign(document: Any) -> ImportedTranscript:
    where, value = _list_in(document)
    entries = _objects(value, where)
    unit_ms = 1 if _counts_ms([entry for entry, _ in entries]) else 1000
    lines = [_foreign_line(entry, name, unit_ms) for entry, name in entries]
    language = document.get("language") if isinstance(document, dict) else None
    return _finished(lines, joining=True, language=_clean(language) if isinstance(language, str) else "")


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


def _foreign_line(entry: dict[str, Any], where: str, unit_ms: int) -> _Line:
    start, end = (_edge(entry, edge, where, unit_ms) for edge in ("start", "end"))
    return _Line(_speaker_in(entry, where), _clean(_text_in(entry, where)), start, end)


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


# --- lines -> transcript


def _finished(lines: list[_Line], joining: bool, language: str = "") -> ImportedTranscript:
    spoken = [line for line in lines if line.text]
    utterances = sorted(_laid_out(spoken), key=lambda utterance: utterance.start_ms)
    if joining:
        utterances = _joined(_distinct(utterances))
    labels = dict.fromkeys(utterance.speaker_label for utterance in utterances)
    speakers = tuple(ImportedSpeaker(label, label, None, UNKNOWN) for label in labels)
    timed = any(line.start_ms is not None for line in spoken)
    return ImportedTranscript(language, speakers, tuple(utterances), timed)


def _laid_out(lines: list[_Line]) -> list[ImportedUtterance]:
    """Every line with a start and an end: known times stay, the rest is spread by words between them."""
    runs: list[list[_Line]] = []
    for line in lines:
        same_start = bool(runs) and line.start_ms == runs[-1][0].start_ms  # stamps are often only whole minutes
        if not runs or (line.start_ms is not None and (line.end_ms is not None or not same_start)):
            runs.append([])
        runs[-1].append(line)
    limits = [run[0].start_ms for run in runs[1:]]
    return [made for run, limit in zip_longest(runs, limits) for made in _spread(run, limit)]


def _spread(run: list[_Line], limit_ms: int | None) -> list[ImportedUtterance]:
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


def _utterance(line: _Line, start_ms: int, end_ms: int) -> ImportedUtterance:
    first, last = sorted((start_ms, end_ms))  # some programs write them the wrong way round
    return ImportedUtterance(_label(line.speaker), first, max(last, first + 1), line.text)


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
