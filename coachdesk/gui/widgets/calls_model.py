"""All calls as a table model: row numbers in order are known, rows come page by page when they are looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from coachdesk.gui.widgets.text import place, tidy
from coachdesk.sentences import N_, _, clock

PAGE = 128
MOST_PAGES = 60
# (heading, key of the order it sorts by)
COLUMNS = (
    (N_("Call"), "title"),
    (N_("Kind"), "kind"),
    (N_("Date"), "date"),
    (N_("Length"), "length"),
    (N_("Talking"), "share"),
    (N_("Result"), "result"),
    (N_("State"), "state"),
)
CALL, KIND, DATE, LENGTH, TALK, RESULT, STATE = range(len(COLUMNS))
ROW, SHARE, TONE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()


class CallsModel(QAbstractTableModel):
    """`wanted` asks for the rows of these numbers; `put` brings them. `names`: kinds and results in people's words."""

    wanted = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self._numbers: list[int] = []
        self._rows: dict[int, dict[str, Any]] = {}
        self._asked: dict[int, None] = {}  # pages, the oldest first
        self._fresh: set[int] = set()
        self._running: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        self._results: dict[str, str] = {}
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._ask)

    # --- what fills it

    def set_numbers(self, numbers: list[int]) -> None:
        """Another list of calls; rows already known are shown again until fresh ones are there."""
        self.beginResetModel()
        self._numbers = numbers
        self._asked.clear()
        self._fresh.clear()
        self.endResetModel()

    def put(self, rows: dict[int, dict[str, Any]]) -> None:
        """Rows by their numbers."""
        self._rows.update(rows)
        if rows and self._numbers:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._numbers) - 1, len(COLUMNS) - 1))

    def set_names(self, kinds: dict[str, str], results: dict[str, str]) -> None:
        self._kinds, self._results = kinds, results
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def set_running(self, running: dict[str, str]) -> None:
        """What is being done to calls right now, by id, in words."""
        if running != self._running:
            self._running = running
            if self._numbers:
                self.dataChanged.emit(self.index(0, STATE), self.index(len(self._numbers) - 1, STATE))

    def row_at(self, n: int) -> dict[str, Any] | None:
        """The call in a row of the table, where it is known already."""
        return self._rows.get(self._numbers[n]) if 0 <= n < len(self._numbers) else None

    def number_at(self, n: int) -> int:
        """The number of the call in a row of the table: it stays when the list changes."""
        return self._numbers[n] if 0 <= n < len(self._numbers) else -1

    def row_of(self, number: int) -> int:
        """Where a call stands; -1 where it does not."""
        return self._numbers.index(number) if number in self._numbers else -1

    # --- what a view asks

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section][0])
        if role == Qt.ItemDataRole.TextAlignmentRole and section == LENGTH:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._row(index.row())
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row, index.column())
        if role == ROW:
            return row
        if role == SHARE:
            return row["talk_ratio"]
        if role == TONE:
            return self._state(row)[1]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == LENGTH:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _row(self, n: int) -> dict[str, Any] | None:
        page = n // PAGE
        if page not in self._fresh:
            self._asked.setdefault(page)
            if not self._soon.isActive():
                self._soon.start()
        return self._rows.get(self._numbers[n])

    def _ask(self) -> None:
        """Ask for the pages looked at last; rows of pages seen long ago are forgotten."""
        for page in list(self._asked)[-8:]:
            self._fresh.add(page)
            self.wanted.emit(self._numbers[page * PAGE : (page + 1) * PAGE])
        self._asked.clear()
        if len(self._rows) > MOST_PAGES * PAGE:
            kept = {k for page in self._fresh for k in self._numbers[page * PAGE : (page + 1) * PAGE]}
            self._rows = {k: row for k, row in self._rows.items() if k in kept}
            if len(self._rows) > MOST_PAGES * PAGE:
                self._fresh.clear()

    # --- in words

    def _text(self, row: dict[str, Any], column: int) -> str:
        if column == CALL:
            return tidy(f"{row['title']}, {row['case_name']}" if row["case_name"] else row["title"])
        if column == KIND:
            return tidy(self._kinds.get(row["kind"], row["kind"].replace("_", " ")))
        if column == DATE:
            return day(row["started_at"])
        if column == LENGTH:
            return clock(row["duration_ms"])
        if column == TALK:
            share = row["talk_ratio"]
            return "" if share is None else _("you {share} %").format(share=round(100 * share))
        if column == RESULT:
            return tidy(self._results.get(row["result"], row["result"]) if row["result"] else "")
        return self._state(row)[0]

    def _state(self, row: dict[str, Any]) -> tuple[str, str]:
        """The state of a call in words, and its tone: muted, own, good or attention."""
        if row["id"] in self._running:
            return self._running[row["id"]], "own"
        if row["words_state"] in ("failed", "interrupted", "running") and row["draft"] is None:
            return _("Words unfinished"), "attention"
        if row["state"] == "reviewed":
            return _("Reviewed"), "good"
        if row["draft"] is None:
            return _("Numbers only"), "muted"
        return (_("Rough draft"), "muted") if row["draft"] else (_("To review"), "own")


def day(iso: str) -> str:
    """A date as this place writes it, in the person's own time zone."""
    at = datetime.fromisoformat(iso).astimezone()
    return place().toString(at.date(), QLocale.FormatType.ShortFormat)  # type: ignore[call-overload, no-any-return]
