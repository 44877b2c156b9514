"""Above a playbook: its name, whose it is, and what can be done with it; while it is changed, whether it can be saved."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from coachdesk.gui import theme
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.text import Elided, Label, tip
from coachdesk.sentences import _


class PlaybookHeader(QWidget):
    """Tells what the person wants; the page does it."""

    change_asked = Signal()
    copy_asked = Signal()
    folder_asked = Signal()
    shipped_asked = Signal()
    save_asked = Signal()
    back_asked = Signal()
    leave_asked = Signal()
    forget_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = Elided("", "title")
        self.about = Paragraph("", "muted")
        self.state = Paragraph("", "small")
        self.change = _button(_("Change a copy"), self.change_asked)
        self.save = _button(_("Save"), self.save_asked, "primary")
        self.back = _button(_("Undo"), self.back_asked)
        theme.set_icon(self.back, "undo-2")
        self.back.setToolTip(tip(_("Take the last change back")))
        self.leave = _button(_("Leave"), self.leave_asked)
        self.more = self._more()
        self._reading = (self.change, self.more)
        self._editing = (self.save, self.back, self.leave)
        self._lay_out()
        self.show_editing(False)

    def _more(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("look", "quiet")
        button.setAccessibleName(_("More"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        theme.set_icon(button, "ellipsis")
        menu = QMenu(button)
        menu.addAction(_("Copy as a new one …"), self.copy_asked.emit)
        menu.addAction(_("Open as text (shows its folder)"), self.folder_asked.emit)
        self._shipped = menu.addAction(_("Back to the shipped one"), self.shipped_asked.emit)
        self._forget = menu.addAction(_("Forget the unsaved changes"), self.forget_asked.emit)
        button.setMenu(menu)
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.GAP)
        line.addWidget(self.name, 1)
        for button in (*self._reading, self.back, self.leave, self.save):
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TINY_GAP)
        column.addLayout(line)
        column.addWidget(self.about)
        column.addWidget(self.state)

    def show_playbook(self, name: str, about: str, *, own: bool, shipped: bool) -> None:
        """Which playbook it is. `own`: the person's file; `shipped`: there is one with its id in the program, too."""
        self.name.say(name)
        self.about.say(about)
        self.about.setVisible(bool(about))
        mine = _("Yours, instead of the shipped one.") if shipped else _("Yours.")
        self.state.say(mine if own else _("Shipped with CoachDesk. Changing it makes a copy of your own."))
        self.change.setText(_("Change") if own else _("Change a copy"))
        self._shipped.setVisible(own)
        self._shipped.setText(_("Back to the shipped one") if shipped else _("Remove"))

    def show_left(self, left: bool) -> None:
        """Whether there are changes that were not saved."""
        self._forget.setVisible(left)
        if left:
            self.state.say(_("There are changes of yours that are not saved."))
            self.change.setText(_("Go on changing"))

    def show_editing(self, on: bool) -> None:
        for button in self._reading:
            button.setVisible(not on)
        for button in self._editing:
            button.setVisible(on)

    def show_draft(self, *, can_save: bool, can_undo: bool, said: str) -> None:
        """While it is changed."""
        self.save.setEnabled(can_save)
        self.back.setEnabled(can_undo)
        self.state.say(said)


class CopyDialog(QDialog):
    """What the copy is called. `said` gives it."""

    said = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Copy as a new one"))
        self.setMinimumWidth(420)
        self.field = QLineEdit(_("{name}, ours").format(name=name))
        self.field.setMaxLength(80)
        self.field.setAccessibleName(_("Name of the copy"))
        self.field.selectAll()
        buttons = QDialogButtonBox()
        make = buttons.addButton(_("Make the copy"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._say)
        buttons.rejected.connect(self.reject)
        self.field.textChanged.connect(lambda text: make.setEnabled(bool(text.strip())))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        column.addWidget(Label(_("Name of the copy"), "heading"))
        column.addWidget(self.field)
        column.addWidget(Paragraph(_("It coaches the same kind of calls; their trends go on together."), "muted"))
        column.addWidget(buttons)

    def _say(self) -> None:
        self.said.emit(self.field.text().strip())
        self.accept()


def _button(text: str, signal: SignalInstance, look: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(True)
    if look:
        button.setProperty("look", look)
    button.clicked.connect(lambda: signal.emit())
    return button
