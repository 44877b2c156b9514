"""Tables: CSV with one row per utterance, safe to open in a spreadsheet.

A cell that a spreadsheet would take for a formula gets a leading apostrophe. Holds no numbers about the call.
"""

from __future__ import annotations

import csv
import io
import re

from coachdesk.export.reading import Document, names, roles, utterances

COLUMNS = ("index", "start_ms", "end_ms", "speaker", "role", "text", "confidence", "suspect")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LINE_ENDS = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")  # the tab stays


def rows_as_csv(document: Document) -> str:
    """RFC 4180: comma, CRLF, quotes where needed; the first row names the columns."""
    known, sides = names(document), roles(document)
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for place, one in enumerate(utterances(document)):
        label = str(one.get("speaker"))
        extra = {"index": place, "suspect": False, **one, "speaker": known[label], "role": sides.get(label, "unknown")}
        writer.writerow([_cell(extra.get(column)) for column in COLUMNS])
    return sheet.getvalue()


def _cell(content: object) -> str:
    if isinstance(content, bool):
        return str(content).lower()
    text = "" if content is None else str(content)
    shown = _CONTROL.sub("", _LINE_ENDS.sub(" ", text))
    formula = text.startswith(_FORMULA_STARTS) or shown.lstrip().startswith(_FORMULA_STARTS)
    return f"'{shown}" if formula else shown
