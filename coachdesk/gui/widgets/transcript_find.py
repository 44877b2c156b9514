"""Finding words in a transcript: which rows hold them, and the way from one to the next."""

from __future__ import annotations

import bisect
import re

from coachdesk.gui.widgets.transcript_rows import Rows, shown


class Finding:
    """What is searched for and the rows that hold it, in any case."""

    def __init__(self) -> None:
        self.pattern: re.Pattern[str] | None = None
        self.rows: list[int] = []

    def look_for(self, text: str, rows: Rows) -> int:
        """Search for a text; "" ends the search. Returns how many rows hold it."""
        wanted = " ".join(shown(text).split())
        self.pattern = re.compile(re.escape(wanted), re.IGNORECASE) if wanted else None
        self.search(rows)
        return len(self.rows)

    def search(self, rows: Rows) -> None:
        """The same search again, where the rows have changed."""
        search = self.pattern.search if self.pattern else None
        self.rows = [row for row in range(len(rows)) if search(rows.words(row))] if search else []

    def at_or_after(self, row: int | None) -> int | None:
        return self._found(bisect.bisect_left(self.rows, row or 0))

    def after(self, row: int | None) -> int | None:
        return self._found(bisect.bisect_right(self.rows, -1 if row is None else row))

    def before(self, row: int | None) -> int | None:
        return self._found(bisect.bisect_left(self.rows, row or 0) - 1)

    def _found(self, at: int) -> int | None:
        """Round and round: after the last comes the first."""
        return self.rows[at % len(self.rows)] if self.rows else None
