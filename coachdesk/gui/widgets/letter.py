"""A brief as text to hand on: read it over, change it, copy it or save it; and the wording it is made with.

What is changed here is changed in this text only; the wording is for all calls to come.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.text import Label
from coachdesk.letters import ABOUT, NAMES, ROUGH, letter, wording
from coachdesk.sentences import _

Document = dict[str, Any]
_SIZE = (620, 560)


def put_back(field: QPlainTextEdit, text: str) -> None:
    """Other words into a field, so that Ctrl+Z brings back what stood there."""
    cursor = field.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.insertText(text)


class LetterDialog(QDialog):
    """`word_said`: kind and own wording ("" = the program's); the answer comes by `keep` or `refuse`."""

    word_said = Signal(str, str)
    save_asked = Signal(str, str)  # kind, text

    def __init__(self, parent: QWidget, kind: str, doc: Document, own: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.kind, self._doc, self._own = kind, doc, own
        self._wording = False
        self.setWindowTitle(_(NAMES[kind]))
        self.resize(*_SIZE)
        self._about = Paragraph("", "muted")
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self._said = Label("", "good")
        self._problem = Paragraph("", "danger")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        for part in (self._about, self.text, self._problem):
            column.addWidget(part, 1 if part is self.text else 0)
        column.addLayout(self._buttons())
        self._show()

    def _buttons(self) -> QHBoxLayout:
        self._change = self._button(_("Change the wording"), self._turn)
        self._back = self._button(_("The program's wording"), lambda: self.word_said.emit(self.kind, ""))
        self._save = self._button(_("Save as..."), lambda: self.save_asked.emit(self.kind, self.text.toPlainText()))
        self._leave = self._button(_("Leave it"), self._turn)
        self._first = self._button("", self._main)
        self._first.setProperty("look", "primary")
        self._first.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self._change)
        row.addWidget(self._back)
        row.addStretch(1)
        row.addWidget(self._said)
        for button in (self._leave, self._save, self._first):
            row.addWidget(button)
        return row

    def _button(self, text: str, act: Any) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act())
        return button

    def _show(self) -> None:
        """The text, or the wording it is made with."""
        about = _("Blanks in braces are filled from the call; a line none of whose blanks is filled is left out.")
        rough = f" {_(ROUGH)}" if self._doc["brief"]["rough"] else ""
        self._about.say(about if self._wording else _(ABOUT[self.kind]) + rough)
        whole = wording(self.kind, self._own) if self._wording else letter(self.kind, self._doc, self._own)
        self.text.setPlainText(whole)
        self.text.setAccessibleName(_("Wording") if self._wording else _(NAMES[self.kind]))
        self._first.setText(_("Keep this wording") if self._wording else _("Copy"))
        self._change.setVisible(not self._wording)
        self._save.setVisible(not self._wording)
        self._leave.setVisible(self._wording)
        self._back.setVisible(self._wording and bool(self._own))
        self._said.say("")
        self._problem.hide()
        self.text.setFocus()

    @property
    def left(self) -> str:
        """The text as the person changed it; "" where it is as it was made."""
        whole = self.text.toPlainText()
        return "" if self._wording or whole == letter(self.kind, self._doc, self._own) else whole

    def go_on_with(self, text: str) -> None:
        """The text as it was left before; Ctrl+Z goes back to the one that is made now."""
        put_back(self.text, text)
        self._said.say(_("As you left it"))

    def _turn(self) -> None:
        self._wording = not self._wording
        self._show()

    def _main(self) -> None:
        if self._wording:
            self.word_said.emit(self.kind, self.text.toPlainText())
            return
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._said.say(_("Copied"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if wanted and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._main()
        else:
            super().keyPressEvent(event)

    def keep(self, own: str) -> None:
        """The wording was kept; the text is made anew with it."""
        self._own, self._wording = own, False
        self._show()

    def refuse(self, problem: str) -> None:
        """What is wrong with the wording; it stays here to be mended."""
        self._problem.say(problem)
        self._problem.show()
        self.text.setFocus()
