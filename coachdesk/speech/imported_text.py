"""Labelled text -> who said what, when: "Name: words" with or without times, in the forms meeting programs write.

What a label is and which labels are speakers is told here for cues too. Any text can be read; where nobody is named,
the speaker is unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from coachdesk.speech.imported_lines import CLOCK, ImportedTranscript, Line, clean, clock_ms, finished, label

_LABEL = re.compile(
    r"(?:>>+|[-–—•*])?\s*(?P<name>[^\W\d_][^:：?!;\"“”<>\n]{0,39}?)\s*(?::(?=\s|$)|：)\s*(?P<text>.*)", re.DOTALL
)
_HEADINGS = frozenset((
    "note", "notes", "date", "time", "duration", "length", "title", "subject", "topic", "agenda", "participants",
    "attendees", "location", "meeting", "question", "important", "example", "warning", "summary", "transcript",
    "language", "recorded", "speakers", "ps", "p.s", "nb", "n.b", "re", "fyi", "todo", "update",
))  # fmt: skip


def labelled(line: str) -> tuple[str, str] | None:
    """("Dana Whitlock", "Hi.") of "Dana Whitlock: Hi."; the name has at most 40 characters and 4 words."""
    found = _LABEL.match(line.strip())
    if not found or not _may_be_name(found["name"]):
        return None
    return label(found["name"]), found["text"].strip()


def _may_be_name(text: str) -> bool:
    return len(text) <= 40 and len(text.split()) <= 4


def names_among(found: Iterable[str], of_lines: int) -> frozenset[str]:
    """Which prefixes are speakers. One alone is none; beside recurring ones, one that comes once must look like a name.

    Where nothing recurs, a third of the lines must be labelled: else these are sentences that happen to hold a colon.
    """
    counts = Counter(found)
    once = {name for name, count in counts.items() if count == 1 and name.casefold() not in _HEADINGS}
    recurring = {name for name, count in counts.items() if count > 1}
    if recurring:
        small = not all(map(_looks_like_name, recurring))  # "rep:", "other:": this file writes no capitals
        return frozenset(recurring | {name for name in once if small or _looks_like_name(name)})
    return frozenset(once if len(once) >= 2 and 3 * len(once) >= of_lines else ())


def _looks_like_name(name: str) -> bool:
    """First and last word are no lower-case words ("Ana de la Cruz", "Speaker 2", but not "So the thing is")."""
    return not any(word[:1].islower() for word in (name.split()[0], name.split()[-1]))


# --- rows of text


_STAMP = rf"(?P<start>{CLOCK})(?:\s*(?:-->|->|[-–—])\s*(?P<end>{CLOCK}))?"
_STAMPED = re.compile(rf"(?P<open>[\[(])?{_STAMP}(?(open)[\])]|(?=\s|$))\s*[-–—|]?\s*(?P<rest>.*)")
_NAME = r"(?P<name>[^\W\d_][^:：?!;\"“”<>\[\]]{0,39}?)"
_NAME_STAMP = re.compile(rf"{_NAME}\s*[\[(]\s*{_STAMP}\s*[\])]\s*(?:[:：]\s*(?P<text>.*))?")  # Name (0:12): words
_NAME_HEADS = re.compile(rf"{_NAME}(?:[ \t]{{2,}}|\t){_STAMP}")  # Name  0:12, the words on the next lines
_TRAILER = re.compile(r"Transcribed by https?://\S+$")


def from_text(text: str) -> ImportedTranscript:
    """Text by rows: a row without a label goes on with the one before; where nobody is named, each stands alone."""
    return finished(_lines_of(text), joining=False)


def _lines_of(text: str) -> list[Line]:
    rows = [row.strip() for row in text.split("\n") if row.strip() and not _TRAILER.match(row.strip())]
    candidates = [_labelled_row(row) for row in rows]
    names = _names_of_text([line for line in candidates if line], len(rows))
    lines: list[tuple[Line, list[str]]] = []
    stamp: int | None = None  # of a row that held nothing else
    for row, named in zip(rows, candidates, strict=True):
        line = named if named and named.speaker in names else _stamped_row(row)
        start = stamp if line.start_ms is None else line.start_ms
        if line is named or (line.text and (start is not None or not names)):
            speaker = line.speaker or (lines[-1][0].speaker if lines else "")
            lines.append((Line(speaker, "", start, line.end_ms), [line.text]))
            stamp = None
        elif not line.text:
            stamp = line.start_ms
        elif lines:  # before the first label stand title and date
            lines[-1][1].append(line.text)
    return [replace(line, text=clean(" ".join(texts))) for line, texts in lines]


def _labelled_row(row: str) -> Line | None:
    """A row that names its speaker, in any of the forms meeting programs write."""
    stamped = _STAMPED.fullmatch(row)
    if stamped and (found := labelled(stamped["rest"])):
        return Line(*found, *_times(stamped))
    for form in (_NAME_STAMP, _NAME_HEADS):
        match = form.fullmatch(row)
        if match and _may_be_name(match["name"]):
            return Line(label(match["name"]), match.groupdict().get("text") or "", *_times(match))
    plain = labelled(row)
    return Line(*plain) if plain else None


def _stamped_row(row: str) -> Line:
    """A row without a speaker. Only a time in brackets or alone is a stamp: "10:30 is fine" are words."""
    match = _STAMPED.fullmatch(row)
    if match and (match["open"] or not match["rest"]):
        return Line("", match["rest"], *_times(match))
    return Line("", row)


def _times(match: re.Match[str]) -> tuple[int, int | None]:
    return clock_ms(match["start"]), clock_ms(match["end"]) if match["end"] else None


def _names_of_text(lines: list[Line], rows: int) -> frozenset[str]:
    """Where most labels carry a time, only those are labels: "Date: ..." and "Note: ..." are not."""
    stamped = [line.speaker for line in lines if line.start_ms is not None]
    if 2 * len(stamped) > len(lines):
        return names_among(stamped, of_lines=len(stamped))
    return names_among([line.speaker for line in lines], of_lines=rows)
