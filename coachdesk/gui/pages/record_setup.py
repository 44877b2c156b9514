"""Before a call: what to listen for, what call it is, from where to record; one red button.

All of it is optional and can still be changed while the call is recorded: the button comes first.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.case_card import CaseCard
from coachdesk.gui.widgets.column import Column
from coachdesk.gui.widgets.fields import Combo, Switch
from coachdesk.gui.widgets.focus_card import FocusCard
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import card
from coachdesk.gui.widgets.text import Label, tidy, tip
from coachdesk.sentences import _, notice

COLUMN, _NAMES, _BUTTON = 640, 136, 44  # px


class RecordSetup(Column):
    """`start_asked`: record now. What is chosen here is read by the page."""

    start_asked = Signal()
    playbook_chosen = Signal(str)
    devices_chosen = Signal(str, str)
    folder_asked = Signal()
    import_asked = Signal()

    def __init__(self) -> None:
        super().__init__(COLUMN, centred=True)
        self.focus_card, self.case_card = FocusCard(), CaseCard()
        self.playbook, self.mic, self.system = Combo(), Combo(), Combo()
        self.title, self.account = QLineEdit(), QLineEdit()
        self.position = Combo()
        self._chose_position = False
        self.one_microphone = Switch()
        self.start = QPushButton(_("Record"))
        self._build()
        self.start.clicked.connect(self.start_asked)
        self.playbook.activated.connect(lambda _n: self.playbook_chosen.emit(self.playbook.currentData()))
        self.position.activated.connect(self._position_chosen)
        for box in (self.mic, self.system):
            box.activated.connect(
                lambda _n: self.devices_chosen.emit(self.mic.currentData(), self.system.currentData())
            )
        self.one_microphone.toggled.connect(self._only_microphone)

    def _build(self) -> None:
        stack = self.stack
        stack.setSpacing(theme.WIDER)
        stack.addWidget(Label(_("Record a call"), "title"))
        stack.addWidget(self.focus_card)
        stack.addWidget(self._call_card())
        stack.addWidget(self._sound_card())
        stack.addLayout(self._button_row())
        stack.addWidget(self.case_card)  # below the button, which stays where it is
        stack.addSpacing(theme.GAP)
        stack.addWidget(self._telephone())
        stack.addStretch(1)

    def _call_card(self) -> QFrame:
        frame, column = card()
        form = _form()
        self.playbook.setAccessibleName(_("Kind of call"))
        self.title.setPlaceholderText(_("Found by its date where you leave this empty"))
        self.title.setAccessibleName(_("Title"))
        self.account.setAccessibleName(_("Case"))
        for field in (self.title, self.account):
            field.setMaxLength(200)
        self._account_label = _named(_("Case"))
        form.addRow(_named(_("Kind of call")), self.playbook)
        form.addRow(_named(_("Title")), self.title)
        form.addRow(self._account_label, self.account)
        self.position.setAccessibleName(_("Questions to tick"))
        self._position_label = _named(_("Questions to tick"))
        form.addRow(self._position_label, self.position)
        self._form = form
        form.setRowVisible(self.position, False)
        column.addLayout(form)
        return frame

    def _sound_card(self) -> QFrame:
        frame, column = card()
        form = _form()
        self.mic.setAccessibleName(_("Your microphone"))
        self.system.setAccessibleName(_("Where you hear them"))
        self._mic_missing, self._system_missing = Paragraph("", "attention"), Paragraph("", "attention")
        self._system_label = _named(_("Where you hear them"))
        form.addRow(_named(_("Your microphone")), self._with_problem(self.mic, self._mic_missing))
        form.addRow(self._system_label, self._with_problem(self.system, self._system_missing))
        column.addLayout(form)
        line = QHBoxLayout()
        said = Label(_("Telephone on loudspeaker, or all in one room"))
        said.setBuddy(self.one_microphone)
        self.one_microphone.setAccessibleName(said.text())
        self.one_microphone.setToolTip(
            tip(
                _(
                    "One microphone hears everybody. Who spoke when is told apart afterwards, less surely than with two channels."
                )
            )
        )
        line.addWidget(said, 1)
        line.addWidget(self.one_microphone)
        column.addLayout(line)
        return frame

    @staticmethod
    def _with_problem(field: QWidget, problem: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.TINY_GAP)
        column.addWidget(field)
        column.addWidget(problem)
        problem.hide()
        return column

    def _button_row(self) -> QHBoxLayout:
        self.start.setProperty("look", "danger")
        self.start.setAutoDefault(True)
        self.start.setMinimumSize(_BUTTON * 3, _BUTTON)
        theme.set_icon(self.start, "circle-dot", "on_accent", 20)
        self.start.setToolTip(tip(_("Starts at once; both sides are checked while it runs (Ctrl+R)")))
        row = QHBoxLayout()
        row.setSpacing(theme.WIDE)
        row.addWidget(self.start)
        row.addWidget(
            Paragraph(_("Ask before you record. What was agreed is noted with one press while it runs."), "muted"), 1
        )
        return row

    def _telephone(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        said = _("Recorded on your telephone? Import it, or let CoachDesk watch the folder it is saved to.")
        row.addWidget(Paragraph(said, "small"), 1)
        bring = QPushButton(_("Import"))
        watch = QPushButton(_("Watch a folder"))
        for button, signal in ((bring, self.import_asked), (watch, self.folder_asked)):
            button.setProperty("look", "quiet")
            button.clicked.connect(signal)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return whole

    # --- what is shown

    def set_playbooks(self, books: list[tuple[str, str, str]], chosen: str) -> None:
        """(id, name, what a case is called there) each."""
        self._cases = {book: case for book, _name, case in books}
        self.playbook.clear()
        for book, name, _case in books:
            self.playbook.addItem(name, book)
        self.choose_playbook(chosen)

    def choose_playbook(self, book: str) -> None:
        self.playbook.setCurrentIndex(max(0, self.playbook.findData(book)))
        case = self._cases.get(book, _("Case"))
        self._account_label.say(case)
        self.account.setAccessibleName(case)

    def set_positions(self, titles: list[str], likely: str) -> None:
        """Positions that have questions planned; `likely`: the one to begin with, until the person chooses."""
        chosen = self.position.currentData() if self._chose_position else likely
        self.position.clear()
        self.position.addItem(_("Those of this kind of call"), "")
        for title in titles:
            self.position.addItem(tidy(title), title)
        self.position.setCurrentIndex(max(0, self.position.findData(chosen)))
        self._form.setRowVisible(self.position, bool(titles))

    def forget_call(self) -> None:
        """What belonged to one call is not for the next."""
        self.title.clear()
        self.account.clear()
        self.position.setCurrentIndex(0)
        self._chose_position = False

    def _position_chosen(self, _n: int) -> None:
        self._chose_position = True

    def set_devices(self, devices: list[Any], missing: dict[str, str], mic: str, system: str) -> None:
        """What can be recorded from, and what was chosen last ("" = the default)."""
        for box, kind, chosen in ((self.mic, "microphone", mic), (self.system, "system", system)):
            box.clear()
            for name, device in choices(devices, kind):
                box.addItem(name, device)
            box.setCurrentIndex(max(0, box.findData(chosen)))
        for label, kind in ((self._mic_missing, "microphone"), (self._system_missing, "system")):
            label.say(notice(missing[kind], {}) if kind in missing else "")
            label.setVisible(kind in missing)

    def _only_microphone(self, on: bool) -> None:
        self.system.setEnabled(not on)
        self._system_label.setEnabled(not on)


def choices(devices: list[Any], kind: str) -> list[tuple[str, str]]:
    """(name, id) of the devices of a kind; first the default, named with what it is right now."""
    found = [device for device in devices if device.kind == kind]
    default = next((device.name for device in found if device.is_default), "")
    named = _("As the system: {name}").format(name=default) if default else _("As the system")
    return [(named, ""), *((device.name, device.id) for device in found)]


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(theme.WIDER)
    form.setVerticalSpacing(theme.GAP)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form


def _named(text: str) -> Label:
    """Names of fields as wide as one another, over both cards."""
    label = Label(text)
    label.setMinimumWidth(_NAMES)
    return label
