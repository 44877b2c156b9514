"""The one dialog for what went wrong: what happened, what to do next; for a bug of ours, a report to copy."""

from __future__ import annotations

import platform
import traceback

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

import coachdesk
from coachdesk.errors import CoachDeskError
from coachdesk.gui import theme
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import _


def report(error: BaseException) -> str:
    """A report without a word of any call: program, system, the places in the code, the kind of error."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [
        f"  {frame.filename.rpartition('coachdesk')[2] or frame.name}:{frame.lineno} {frame.name}" for frame in frames
    ]
    head = f"CoachDesk {coachdesk.__version__}, Python {platform.python_version()}, {platform.system()}"
    return "\n".join([head, type(error).__name__, *places])


def tell(error: BaseException, parent: QWidget) -> None:
    """Show a problem; while one is shown, others of its kind are not heaped upon it."""
    shown = [dialog for dialog in parent.findChildren(Problem) if dialog.isVisible()]
    if not any(dialog.kind == _kind(error) for dialog in shown):
        Problem(error, parent).open()


def _kind(error: BaseException) -> str:
    return error.message if isinstance(error, CoachDeskError) else report(error)


class Problem(QDialog):
    """Show it with `open()`; never blocks the window's other work."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = _kind(error)
        self.setWindowTitle(_("CoachDesk"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        known = isinstance(error, CoachDeskError)
        message = error.message if isinstance(error, CoachDeskError) else _("Something went wrong inside CoachDesk.")
        hint = error.hint if isinstance(error, CoachDeskError) else _("Nothing you had was changed. You can go on.")
        column.addWidget(Label(message, "strong", wrap=True))
        if hint:
            column.addWidget(Label(hint, wrap=True))
        buttons = QDialogButtonBox()
        if not known:
            text = QPlainTextEdit(report(error))
            text.setReadOnly(True)
            text.setAccessibleName(_("Report"))
            column.addWidget(text)
            copy = QPushButton(_("Copy the report"))
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text.toPlainText()))
            buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        close = QPushButton(_("Close"))
        close.setDefault(True)
        buttons.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
