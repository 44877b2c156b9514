"""The first minute: what a person does, what their calls are spoken in, and then the first call.

Two steps, each can be left alone. Nothing here is asked twice, and everything can be changed in the settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages import models
from coachdesk.gui.widgets.column import Column
from coachdesk.gui.widgets.first_actions import DEFAULT_SAMPLE, BigButton, FirstActions
from coachdesk.gui.widgets.languages import LanguageChips
from coachdesk.gui.widgets.model_card import ModelCard
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import N_, _
from coachdesk.settings import Settings

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk

COLUMN = 640  # px, the widest the text gets
# What a person does: playbook, icon, title, line, the sample that fits.
TRADES = (
    ("sales_discovery", "briefcase", N_("Sales"), N_("Discovery calls"), "sales_discovery"),
    ("recruiting_screen", "user", N_("Recruiting"), N_("Phone screens"), "recruiting_screen"),
    ("general", "message-square", N_("Something else"), N_("Any other call"), DEFAULT_SAMPLE),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the questions begin with."""

    settings: Settings
    playbooks: frozenset[str]
    models: dict[str, Any]


def _facts(desk: Desk) -> Facts:
    return Facts(desk.settings, frozenset(book.id for book in desk.playbooks()), desk.models())


class Welcome(QWidget):
    """`done`: the person wants to go on to the calls. The other signals ask the window for what they are named after."""

    done = Signal()
    record_asked = Signal()
    import_asked = Signal()
    sample_asked = Signal(str)
    model_asked = Signal()  # to see all the models there are

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._playbooks = frozenset[str]()
        self._languages: tuple[str, ...] = ("en",)
        self.questions = _Questions()
        self.first = _FirstCall()
        self.first.hide()
        self._lay_out()
        self._connect()
        bridge.ask(_facts, self._show, owner=self)

    def _lay_out(self) -> None:
        self._column = Column(COLUMN, centred=True)
        stack = self._column.stack
        stack.addStretch(2)
        stack.addWidget(self.questions)
        stack.addWidget(self.first)
        stack.addStretch(3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._column)

    def _connect(self) -> None:
        self.questions.answered.connect(self._answered)
        self.questions.skipped.connect(self._skipped)
        self.first.ways.record_asked.connect(self.record_asked)
        self.first.ways.import_asked.connect(self.import_asked)
        self.first.ways.sample_asked.connect(self.sample_asked)
        self.first.back.clicked.connect(self._back)
        self.first.to_calls.clicked.connect(self.done)
        card = self.first.card
        card.fetch_asked.connect(lambda name: models.fetch(self._bridge, name))
        card.folder_asked.connect(lambda: models.add_folder(self._bridge, self))
        card.all_asked.connect(self.model_asked)
        card.later_asked.connect(self._later)
        self._bridge.jobs_changed.connect(lambda: card.set_busy(models.fetching(self._bridge)))
        self._bridge.changed.connect(self._changed)

    def _show(self, facts: Facts) -> None:
        self._playbooks = facts.playbooks
        self._languages = facts.settings.languages
        self.questions.show_answers(facts.settings)
        self.first.card.set_models(facts.models["installed"], facts.models["known"], self._languages)

    def _changed(self, call_id: str) -> None:
        if not call_id:
            self._bridge.ask(lambda desk: desk.models(), self._show_models, owner=self)

    def _show_models(self, found: dict[str, Any]) -> None:
        self.first.card.set_models(found["installed"], found["known"], self._languages)

    # --- what the person does

    def _answered(self) -> None:
        playbook, sample = self.questions.trade()
        self._languages = self.questions.languages.chosen()
        self._bridge.change_settings(
            playbook=playbook if playbook in self._playbooks else DEFAULT_SAMPLE,
            my_name=self.questions.name.text().strip(),
            languages=self._languages,
            welcomed=True,
        )
        self.first.ways.set_sample(sample)
        self._bridge.ask(lambda desk: desk.models(), self._show_models, owner=self)
        self._step(self.first)

    def _skipped(self) -> None:
        self._bridge.change_settings(welcomed=True)
        self.done.emit()

    def _back(self) -> None:
        self._step(self.questions)

    def _step(self, to: _Questions | _FirstCall) -> None:
        self.questions.setVisible(to is self.questions)
        self.first.setVisible(to is self.first)
        self._column.verticalScrollBar().setValue(0)
        to.begin()

    def _later(self) -> None:
        self.first.card.hide()
        self.first.ways.focus_first()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.questions if self.questions.isVisibleTo(self) else self.first).begin()


class _Questions(QWidget):
    """Step one: three questions, answered already where that could be guessed."""

    answered = Signal()
    skipped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.name.setPlaceholderText(_("As others know you"))
        self.languages = LanguageChips()
        self._choices = QButtonGroup(self)
        self._go_on = QPushButton(_("Continue"))
        self._go_on.setProperty("look", "primary")
        self._skip = QPushButton(_("Skip for now"))
        self._skip.setProperty("look", "quiet")
        for button in (self._go_on, self._skip):
            button.setAutoDefault(True)
        self._lay_out()
        self._go_on.clicked.connect(self._continue)
        self._skip.clicked.connect(self.skipped)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.PAGE)
        column.addLayout(_head(_("Welcome to CoachDesk"), _("Your private call coach: nothing leaves this computer.")))
        column.addLayout(_asked(Label(_("What do you do?"), "heading"), self._trade_buttons()))
        name = Label(_("Your name"), "heading")
        name.setBuddy(self.name)
        self.name.setAccessibleName(_("Your name"))
        self.name.setMaximumWidth(320)
        column.addLayout(_asked(name, self.name))
        column.addLayout(_asked(Label(_("Languages spoken on your calls"), "heading"), self.languages))
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addStretch(1)
        buttons.addWidget(self._skip)
        buttons.addWidget(self._go_on)
        column.addLayout(buttons)

    def _trade_buttons(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.WIDE)
        for n, (_playbook, icon, title, line, _sample) in enumerate(TRADES):
            button = BigButton(icon, _(title), _(line), "choice")
            button.setAutoDefault(False)  # Return goes on; the arrow keys choose
            button.setCheckable(True)
            self._choices.addButton(button, n)
            row.addWidget(button, 1)
        self._choices.button(0).setChecked(True)
        return holder

    def show_answers(self, settings: Settings) -> None:
        """Begin with what is known."""
        known = [playbook for playbook, *_rest in TRADES]
        if settings.playbook in known:
            self._choices.button(known.index(settings.playbook)).setChecked(True)
        if not self.name.isModified():
            self.name.setText(settings.my_name)
        self.languages.set_chosen(settings.languages)

    def trade(self) -> tuple[str, str]:
        """The playbook and the sample of what was chosen."""
        chosen = TRADES[max(self._choices.checkedId(), 0)]
        return chosen[0], chosen[4]

    def begin(self) -> None:
        """The keyboard on the first question."""
        self._choices.button(max(self._choices.checkedId(), 0)).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._continue()
        else:
            super().keyPressEvent(event)

    def _continue(self) -> None:
        if self.languages.problem:
            self.languages.show_problem()
        else:
            self.answered.emit()


class _FirstCall(QWidget):
    """Step two: the first call, and real transcripts for those to come."""

    def __init__(self) -> None:
        super().__init__()
        self.ways = FirstActions()
        self.card = ModelCard()
        self.back = QPushButton(_("Back"))
        self.to_calls = QPushButton(_("Go to your calls"))
        for button in (self.back, self.to_calls):
            button.setProperty("look", "quiet")
            button.setAutoDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.PAGE)
        column.addLayout(_head(_("Begin with a call"), _("In a minute you see who spoke when, and what to try next.")))
        column.addWidget(self.ways)
        column.addWidget(self.card)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(Symbol("shield", "muted"))
        row.addWidget(Paragraph(_("Nothing leaves this computer."), "muted"), 1)
        row.addWidget(self.back)
        row.addWidget(self.to_calls)
        return row

    def begin(self) -> None:
        self.ways.focus_first()


def _head(title: str, line: str) -> QVBoxLayout:
    head = QVBoxLayout()
    head.setSpacing(theme.TINY_GAP)
    head.addWidget(Paragraph(title, "title"))
    head.addWidget(Paragraph(line, "muted"))
    return head


def _asked(question: Label, answer: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme.GAP)
    column.addWidget(question)
    column.addWidget(answer)
    return column
