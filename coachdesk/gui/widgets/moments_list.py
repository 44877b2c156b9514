"""What was said, as a list of moments to play: the results of a search over all calls."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import paint_line, tidy
from coachdesk.sentences import _, clock

_ROW = 52
_FOUND = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()


@dataclass(frozen=True, slots=True)
class Said:
    """A moment that was found: `side` rep, other or unknown."""

    call_id: str
    title: str
    speaker: str
    side: str
    start_ms: int
    end_ms: int
    text: str


class _Moments(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Said] = []

    def fill(self, found: list[Said]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        said = self.found[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return tidy(f"{said.speaker}: {said.text} ({said.title}, {clock(said.start_ms)})")
        return said if role == _FOUND else None


class MomentsList(QListView):
    """`play_asked` with a click or Return: the call, from where to where."""

    play_asked = Signal(str, int, int)

    def __init__(self) -> None:
        super().__init__()
        self._moments = _Moments()
        self.setModel(self._moments)
        self.setItemDelegate(_Moment(self))
        self.setAccessibleName(_("Moments found"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.clicked.connect(lambda index: self._play(index.row()))
        theme.theme().changed.connect(self.viewport().update)

    def fill(self, found: list[Said]) -> None:
        self._moments.fill(found)
        if found:
            self.setCurrentIndex(self._moments.index(0, 0))

    def _play(self, n: int) -> None:
        said = self._moments.found[n]
        self.play_asked.emit(said.call_id, said.start_ms, said.end_ms)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._play(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class _Moment(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._body, self._strong, self._small = theme.body_font(), theme.strong_font(theme.SMALL), theme.figures_font()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        state = option.state
        said: Said = index.data(_FOUND)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(rect, theme.colour("selected" if state & QStyle.StateFlag.State_Selected else "hover"))
        token = {"rep": "own", "other": "other"}.get(said.side, "muted")
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.left() + 12, rect.top() + 18, theme.pixmap("circle-play", token, 16, ratio))
        left, width = rect.left() + 40, rect.width() - 52
        paint_line(painter, QRect(left, rect.top() + 7, width, 20), f"“{tidy(said.text)}”", "text", self._body)
        head = " · ".join(part for part in (tidy(said.speaker), clock(said.start_ms), tidy(said.title)) if part)
        paint_line(painter, QRect(left, rect.top() + 27, width, 18), head, "muted", self._small)
