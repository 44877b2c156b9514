"""The table of calls: each row a short story, painted; made for a hundred thousand of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from coachdesk.gui import theme
from coachdesk.gui.widgets.calls_model import (
    CALL,
    COLUMNS,
    DATE,
    KIND,
    LENGTH,
    RESULT,
    ROW,
    SHARE,
    STATE,
    TALK,
    TONE,
    CallsModel,
)
from coachdesk.gui.widgets.talk_bar import paint_talk_bar
from coachdesk.gui.widgets.text import paint_line, tidy
from coachdesk.sentences import _

ROW_HEIGHT = 54
_WIDTHS = {KIND: 150, DATE: 96, LENGTH: 76, TALK: 150, RESULT: 130, STATE: 150}
_MARGIN = 12
_KEPT_CHOSEN = 200  # a selection larger than this is not kept through a change of the list
Index = QModelIndex | QPersistentModelIndex


class CallsTable(QTableView):
    """A call is opened with Return or a double click; Delete asks to remove the chosen ones."""

    open_asked = Signal(str)
    remove_asked = Signal(list)  # numbers, as are those of the menu
    menu_asked = Signal(list, QPoint)
    order_asked = Signal(str, bool)

    def __init__(self, model: CallsModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setItemDelegate(_Story(self))
        self.setAccessibleName(_("Calls"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._set_up_header()
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        theme.theme().changed.connect(self.viewport().update)

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(DATE, Qt.SortOrder.DescendingOrder)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(CALL, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        header.sortIndicatorChanged.connect(
            lambda column, order: self.order_asked.emit(COLUMNS[column][1], order is Qt.SortOrder.DescendingOrder)
        )

    @property
    def current_number(self) -> int:
        """The number of the call the keyboard is on; -1: none."""
        return self._model.number_at(self.currentIndex().row())

    @property
    def chosen_numbers(self) -> list[int]:
        """The numbers of the selected calls, in their order; also of those never looked at."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model.number_at(n) for n in rows]

    def choose(self, number: int, others: Sequence[int] = ()) -> None:
        """Select a call, where it is in the list, else the first; beside it those others that are in the list."""
        if not self._model.rowCount():
            return
        self.selectRow(max(0, self._model.row_of(number)))
        mode = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row in (self._model.row_of(other) for other in others[:_KEPT_CHOSEN]):
            if row >= 0:
                self.selectionModel().select(self._model.index(row, 0), mode)

    def open_current(self) -> None:
        """The call the keyboard is on."""
        self._open(self.currentIndex().row())

    def _open(self, n: int) -> None:
        row = self._model.row_at(n)
        if row is not None:
            self.open_asked.emit(row["id"])

    def _menu(self, at: QPoint) -> None:
        if chosen := self.chosen_numbers:
            self.menu_asked.emit(chosen, self.viewport().mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.open_current()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.chosen_numbers:
            self.remove_asked.emit(self.chosen_numbers)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        narrow = self.viewport().width() < 900
        self.setColumnHidden(KIND, self.viewport().width() < 760)
        self.setColumnHidden(RESULT, self.viewport().width() < 620)
        self.horizontalHeader().resizeSection(TALK, 110 if narrow else _WIDTHS[TALK])


class _Story(QStyledItemDelegate):
    """Paints a row: title over account, the talk bar, the state in its tone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._strong = theme.strong_font()
        self._body = theme.body_font()
        self._small = theme.figures_font()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selected"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("hover"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(_MARGIN if index.column() == CALL else 8, 0, -8, -1)
        row = index.data(ROW)
        if row is None:  # not here yet: a quiet placeholder
            bar = QRect(
                inner.left(), inner.center().y() - 5, min(inner.width(), 140 if index.column() == CALL else 50), 10
            )
            painter.fillRect(bar, theme.colour("hover"))
        elif index.column() == CALL:
            self._title(painter, inner, row)
        elif index.column() == TALK:
            self._talk(painter, inner, index.data(SHARE))
        else:
            tone = (
                index.data(TONE) if index.column() == STATE else "muted" if index.column() in (KIND, DATE) else "text"
            )
            paint_line(
                painter,
                inner,
                index.data() or "",
                tone,
                self._small if index.column() in (DATE, LENGTH) else self._body,
                right=index.column() == LENGTH,
            )
        if state & QStyle.StateFlag.State_HasFocus and index.column() == CALL:
            painter.fillRect(QRect(rect.left(), rect.top() + 6, 3, rect.height() - 12), theme.colour("own"))

    def _title(self, painter: QPainter, rect: QRect, row: dict[str, object]) -> None:
        case = tidy(str(row["case_name"] or ""))
        title = QRect(rect.left(), rect.top() + 8, rect.width(), 20)
        if not case:
            title.moveTop(rect.center().y() - 10)
        paint_line(painter, title, tidy(str(row["title"])), "text", self._strong)
        if case:
            paint_line(painter, QRect(rect.left(), rect.top() + 28, rect.width(), 18), case, "muted", self._small)

    def _talk(self, painter: QPainter, rect: QRect, share: float | None) -> None:
        if share is None:
            return
        bar = QRect(rect.left(), rect.center().y() + 4, rect.width(), 6)
        paint_talk_bar(painter, QRectF(bar), share)
        label = QRect(rect.left(), rect.center().y() - 16, rect.width(), 16)
        paint_line(painter, label, f"{round(100 * share)} %", "muted", self._small)
