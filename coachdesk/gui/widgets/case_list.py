"""Cases as a list: each with its calls, how it stands, and how many of its next steps are due."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.calls_model import day
from coachdesk.gui.widgets.text import paint_line, tidy
from coachdesk.sentences import _, ngettext

Document = dict[str, Any]
_ROW = 54
_CASE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()


def said_due(case: Document) -> str:
    """How many next steps are due; else how many are open; empty where there are none."""
    if case["due"]:
        return _("{n} due").format(n=case["due"])
    return _("{n} open").format(n=case["open"]) if case["open"] else ""


class _Cases(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Document] = []
        self.results: dict[str, str] = {}

    def fill(self, found: list[Document], results: dict[str, str]) -> None:
        self.beginResetModel()
        self.found, self.results = found, results
        self.endResetModel()

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        case = self.found[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (tidy(case["name"]), self.stands(case), said_due(case)) if part)
        return case if role == _CASE else None

    def stands(self, case: Document) -> str:
        """The second line: calls and the last of them, and the result, else the stage."""
        calls = ngettext("{n} call", "{n} calls", case["calls"]).format(n=case["calls"])
        last = day(case["last_call_at"]) if case["last_call_at"] else ""
        stands = self.results.get(case["result"], case["result"] or "") or case["stage"] or ""
        return " · ".join(part for part in (calls, last, tidy(stands)) if part)


class CaseList(QListView):
    """`chosen` carries the id of the case the keyboard or a click is on."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._cases = _Cases()
        self.setModel(self._cases)
        self.setItemDelegate(_Case(self, self._cases))
        self.setAccessibleName(_("Cases"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._changed)
        theme.theme().changed.connect(self.viewport().update)

    @property
    def current(self) -> str:
        """The id of the case that is chosen; "" where there is none."""
        n = self.currentIndex().row()
        return str(self._cases.found[n]["id"]) if 0 <= n < len(self._cases.found) else ""

    def fill(self, found: list[Document], results: dict[str, str], current: str) -> None:
        """Show these, and stay on the one that is `current`; where it is not among them, on the first."""
        self.selectionModel().blockSignals(True)
        self._cases.fill(found, results)
        self.selectionModel().blockSignals(False)
        n = next((n for n, case in enumerate(found) if case["id"] == current), 0 if found else -1)
        if n >= 0:
            self.setCurrentIndex(self._cases.index(n, 0))

    def _changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self._cases.found[now.row()]["id"])


class _Case(QStyledItemDelegate):
    def __init__(self, parent: QWidget, cases: _Cases) -> None:
        super().__init__(parent)
        self._cases = cases
        self._strong, self._small = theme.strong_font(), theme.figures_font()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        state = option.state
        case: Document = index.data(_CASE)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(rect, theme.colour("selected" if state & QStyle.StateFlag.State_Selected else "hover"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        due = said_due(case)
        wide = QFontMetrics(self._small).horizontalAdvance(due)
        left, width = rect.left() + theme.WIDE, rect.width() - 2 * theme.WIDE
        name = QRect(left, rect.top() + 8, width - (wide + theme.PAGE if due else 0), 20)
        paint_line(painter, name, tidy(case["name"]), "text", self._strong)
        if due:
            place = QRect(rect.right() - theme.WIDE - wide, rect.top() + 8, wide + 1, 20)
            paint_line(painter, place, due, "text" if case["due"] else "muted", self._small)
            if case["due"]:  # not by colour alone: a dot stands before what is due
                painter.setBrush(theme.colour("attention"))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(place.left() - theme.GAP - 2, place.center().y() - 2, 6, 6)
        paint_line(painter, QRect(left, rect.top() + 28, width, 18), self._cases.stands(case), "muted", self._small)
