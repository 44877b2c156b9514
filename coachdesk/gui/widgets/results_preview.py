"""What a file of results would change, line by line, before it is done."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import Label, tidy, tip
from coachdesk.sentences import N_, _, result_changes, result_problem

Document = dict[str, Any]
Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()
_WRAPPED = 300  # lines; of more, each is one line high, and whole in its tool tip
_COLUMNS = (N_("Line"), N_("Whose"), N_("What changes"))


class _Lines(QAbstractTableModel):
    def __init__(self, lines: list[Document]) -> None:
        super().__init__()
        self._lines = lines

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        wanted = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _(_COLUMNS[section]) if wanted else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        said = (str(line["line"]), tidy(line["name"]), tidy(said_of(line)))[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return said
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(said)
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour("attention" if line["problem"] else "text" if line["changes"] else "muted")
        return None


def said_of(line: Document) -> str:
    """What a line changes, or why it is left out and what mends that."""
    if line["problem"]:
        said, mend = result_problem(**line["problem"])
        return _("Left out: {said} {mend}").format(said=said, mend=mend)
    return result_changes(line)


class ResultsPreview(QDialog):
    """`wanted`: all that fits is to be changed. Closes with Escape, and nothing was."""

    wanted = Signal()

    def __init__(self, shown: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Results from {file}").format(file=tidy(shown["file"])))
        self.resize(720, 460)
        counts = _("{ready} to change, {same} as they are, {problems} left out.").format(**shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        column.addWidget(Label(_("What this file would change"), "strong", wrap=True))
        column.addWidget(Label(counts, "muted", wrap=True))
        column.addWidget(self._table(shown["lines"]), 1)
        if shown["ignored"]:
            names = _("Columns left out: {names}").format(names=", ".join(shown["ignored"]))
            column.addWidget(Label(names, "small", wrap=True))
        column.addWidget(Label(_("Nothing is changed yet; all of it can be undone at once."), "small", wrap=True))
        column.addWidget(self._buttons(shown["ready"]))

    def _table(self, lines: list[Document]) -> QTableView:
        self.table = table = QTableView()
        self._model = _Lines(lines)
        table.setModel(self._model)
        table.setAccessibleName(_("Lines of the file"))
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(1, 180)
        if len(lines) <= _WRAPPED:
            table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _buttons(self, ready: int) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.apply = buttons.addButton(_("Change them"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.apply.setProperty("look", "primary")
        self.apply.setEnabled(ready > 0)
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _accept(self) -> None:
        self.wanted.emit()
        self.accept()
