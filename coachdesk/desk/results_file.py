"""A CSV file of results, read: whatever program wrote it. Knows columns and days, not what is in the history.

Encoding: UTF-8 with or without a mark, UTF-16 with one, else Windows-1252 (what spreadsheets write in the West). Delimiter:
comma, semicolon, tab or bar, whichever makes the first line name most columns; where a spreadsheet wrote a line like "sep=;"
above it, that one. Empty lines above the columns are passed over. Days: ISO, or day.month.year; one that
can be read in two ways (3/4/2026) is not guessed.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from coachdesk.errors import InputError

FIELDS = ("case", "call", "title", "date", "result", "stage")
DELIMITERS = ",;\t|"
LARGEST = 20 << 20  # bytes; a file of results is never so long
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMES = {  # further names of columns as programs write them; playbooks add what they call a case
    "case name": "case",
    "call id": "call",
    "call title": "title",
    "outcome": "result",
    "status": "result",
    "close date": "date",
    "result date": "date",
    "closed": "date",
    "phase": "stage",
}
_FIRST_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n)")
_SAYS_DELIMITER = re.compile(r'"?sep=(.)"?[,;|\s]*', re.IGNORECASE)
_DOTTED = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file by its number, with the values of the fields it has; all stripped."""

    number: int
    values: dict[str, str]

    def __getitem__(self, field: str) -> str:
        return self.values.get(field, "")


@dataclass(frozen=True, slots=True)
class Table:
    """The file: field -> the column it was taken from, columns nobody knows, and the lines that are not empty."""

    encoding: str
    delimiter: str
    columns: dict[str, str]
    ignored: tuple[str, ...]
    lines: tuple[Line, ...]


def read(path: Path, case_words: Mapping[str, str]) -> Table:
    """The lines of a file. `case_words`: what playbooks call a case, lower case, each to "case".

    Raises InputError where it is no text, or names no column that says which case or call, or none to set.
    """
    text, encoding = _text(path)
    text, above, marks = _from_columns(text)
    names = {**_NAMES, **{field: field for field in FIELDS}, **case_words}
    delimiter = max(marks, key=lambda mark: len(_known(_head(text, mark), names)))  # the first of equals
    columns = _known(_head(text, delimiter), names)
    if not columns.keys() & {"case", "call", "title"} or not columns.keys() & {"result", "stage"}:
        raise InputError(
            f"{path.name} does not say whose results it holds.",
            "Its first line must name the columns: case (or call, or title and date), and result or stage.",
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[Line] = []
    places = {field: n for n, name in enumerate(next(reader)) for field in columns if columns[field] == name}
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                values = {field: " ".join(cells[n].split()) for field, n in places.items() if n < len(cells)}
                lines.append(Line(above + reader.line_num, values))
    except csv.Error as wrong:
        raise InputError(
            f"{path.name}, line {above + reader.line_num}: {wrong}.", "Save it once more as CSV."
        ) from wrong
    ignored = tuple(name.strip() for name in _head(text, delimiter) if name.strip() and name not in columns.values())
    return Table(encoding, delimiter, {field: name.strip() for field, name in columns.items()}, ignored, tuple(lines))


def day(text: str) -> date | None:
    """The day a cell names; None where it names none, or not surely."""
    if match := _DOTTED.match(text):
        text = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _text(path: Path) -> tuple[str, str]:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(
                f"{path.name} is too large for a file of results.", "Export fewer columns, or fewer lines."
            )
        data = path.read_bytes()
    except OSError as gone:
        raise InputError(f"{path.name} cannot be read: {gone.strerror}.", "Check the path.") from gone
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise InputError(f"{path.name} is no text.", "Save it as CSV, UTF-8 where you can choose.")


def _from_columns(text: str) -> tuple[str, int, str]:
    """The text from the line that names the columns on, how many lines were above it, and the delimiters it may have."""
    above, marks = 0, DELIMITERS
    while line := _FIRST_LINE.match(text):
        if said := _SAYS_DELIMITER.fullmatch(line[1]):
            marks = said[1] if said[1] in DELIMITERS else marks
        elif line[1].strip(DELIMITERS + '" '):
            break
        text, above = text[line.end() :], above + 1
    return text, above, marks


def _head(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _known(head: list[str], names: Mapping[str, str]) -> dict[str, str]:
    """Field -> the first column that is it; a column called exactly like the field comes before others."""
    found: dict[str, str] = {}
    for name in sorted(head, key=lambda name: _plain(name) not in FIELDS):
        field = names.get(_plain(name))
        if field is not None:
            found.setdefault(field, name)
    return found


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\s_-]+", name.strip().lower()))
