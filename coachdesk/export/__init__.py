"""HANDING ON: a reviewed call as txt, md, srt, vtt, csv or json.

Needs nothing but the review document (`coachdesk.review/1`, a plain dict); asks no history, writes no file, knows no
clock: the same document gives the same bytes in the same language. Headings go through gettext and hold no word of any
trade.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from coachdesk.errors import InputError, NotBuiltYet
from coachdesk.export.captions import srt, vtt
from coachdesk.export.reading import Document
from coachdesk.export.tables import rows_as_csv
from coachdesk.export.text import markdown, plain


def _whole(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


_FORMATS: dict[str, Callable[[Document], str]] = {
    "txt": plain,
    "md": markdown,
    "srt": srt,
    "vtt": vtt,
    "csv": rows_as_csv,
    "json": _whole,
}
FORMATS = tuple(_FORMATS)
_PLANNED = ("pdf", "docx")


def export(document: Document, format: str) -> bytes:
    """The document in a format of `FORMATS`, as UTF-8.

    Raises NotBuiltYet for pdf and docx, InputError for any other name.
    """
    if format in _PLANNED:
        raise NotBuiltYet(f"Export as {format} is not built yet.", _choice())
    if format not in _FORMATS:
        raise InputError(f"There is no export format {format!r}.", _choice())
    return _FORMATS[format](document).encode("utf-8", errors="replace")


def _choice() -> str:
    return f"Choose one of: {', '.join(FORMATS)}."
