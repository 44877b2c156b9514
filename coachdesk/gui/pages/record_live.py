"""While a call is recorded: what is said at the left, what it hears, consent, questions and notes at the right.

Shows and passes on; it knows neither the recorder nor the desk.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.column import Column
from coachdesk.gui.widgets.consent_bar import ConsentBar
from coachdesk.gui.widgets.focus_card import FocusCard
from coachdesk.gui.widgets.live_words import LiveWords
from coachdesk.gui.widgets.meter import SideMeter
from coachdesk.gui.widgets.notes_pad import NotesPad
from coachdesk.gui.widgets.offer import Offers
from coachdesk.gui.widgets.question_list import QuestionList
from coachdesk.gui.widgets.recording_dot import RecordingDot
from coachdesk.gui.widgets.scrolled import card, door_card, inset
from coachdesk.gui.widgets.talk_ring import TalkRing
from coachdesk.gui.widgets.text import Label, tip
from coachdesk.sentences import _, clock

_LEAST, _PANE, _LEAST_NOTES = 300, 400, 150  # px


class RecordLive(QWidget):
    """The page while it records. `title_said`, `pause_asked` and the rest say what the person did."""

    bookmark_asked = Signal()
    pause_asked = Signal()
    stop_asked = Signal()
    title_said = Signal(str)
    strip_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.focus_card = FocusCard(short=True)
        self.offers = Offers()
        self.words = LiveWords()
        self.own, self.other = SideMeter("own", _("You")), SideMeter("other", _("Them"))
        self.consent, self.notes, self.questions = ConsentBar(), NotesPad(), QuestionList()
        self.ring = TalkRing()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.WIDER, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        column.addLayout(self._head())
        column.addWidget(self.focus_card)
        column.addWidget(self.offers)
        column.addLayout(self._meters())
        column.addWidget(self.consent)
        column.addWidget(self._halves(), 1)

    def _head(self) -> QHBoxLayout:
        self._dot = RecordingDot()
        self._time = Label("0:00", "figure")
        self._time.setFont(theme.figures_font())
        self._state = Label("", "muted")
        self.title = QLineEdit()
        self.title.setProperty("look", "inline")
        self.title.setMaxLength(200)
        self.title.setPlaceholderText(_("Title of the call"))
        self.title.setAccessibleName(_("Title"))
        self.title.editingFinished.connect(lambda: self.title_said.emit(self.title.text().strip()))
        self._bookmark = self._button(_("Bookmark"), "bookmark", _("Marks this moment (Ctrl+B)"), self.bookmark_asked)
        self._pause = self._button(_("Pause"), "pause", _("Nothing is kept until you go on (Ctrl+P)"), self.pause_asked)
        self._strip = self._button("", "picture-in-picture-2", _("A small strip that stays on top"), self.strip_asked)
        self._strip.setAccessibleName(_("Small strip"))
        self._strip.setProperty("look", "quiet")
        self.stop = self._button(_("Stop"), "square", _("The end: the call is coached (Ctrl+R)"), self.stop_asked)
        self.stop.setProperty("look", "danger")
        theme.set_icon(self.stop, "square", "on_accent")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self._dot)
        row.addWidget(self._time)
        row.addWidget(self._state)
        row.addSpacing(theme.GAP)
        row.addWidget(self.title, 1)
        for button in (self._strip, self._bookmark, self._pause, self.stop):
            row.addWidget(button)
        return row

    def _button(self, text: str, icon: str, explained: str, signal: SignalInstance) -> QPushButton:
        button = QPushButton(text)
        theme.set_icon(button, icon)
        button.setToolTip(tip(explained))
        button.clicked.connect(signal)
        return button

    def _meters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.WIDE)
        row.addWidget(self.own, 1)
        row.addWidget(self.other, 1)
        return row

    def _halves(self) -> QSplitter:
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(theme.WIDE)
        words, column = card()
        column.setContentsMargins(theme.TINY_GAP, theme.GAP, theme.TINY_GAP, theme.TINY_GAP)
        column.addWidget(self.words)
        words.setMinimumWidth(_LEAST)
        halves.addWidget(words)
        halves.addWidget(self._pane())
        halves.setStretchFactor(0, 1)
        halves.setSizes([640, _PANE])
        return halves

    def _pane(self) -> QWidget:
        """What the person writes, ticks and wants to see of themselves."""
        pane = Column(10_000, margin=0)
        pane.setMinimumWidth(_LEAST)
        pane.stack.setSpacing(theme.WIDE)
        notes, column = card()
        column.addWidget(Label(_("Notes"), "heading"))
        column.addWidget(self.notes, 1)
        self.notes.setMinimumHeight(_LEAST_NOTES)
        pane.stack.addWidget(notes, 1)
        self._questions_card, questions = door_card()
        heading = inset()
        heading.addWidget(Label(_("To ask"), "heading"))
        questions.addLayout(heading)
        questions.addWidget(self.questions)
        pane.stack.addWidget(self._questions_card)
        self._ring_card, ring = card()
        ring.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignHCenter)
        pane.stack.addWidget(self._ring_card)
        return pane

    # --- what is shown

    def set_place(self, at_ms: int) -> None:
        """How long it is."""
        self._time.say(clock(at_ms))

    def set_state(self, state: str) -> None:
        """As `Recording.state`."""
        said = {"starting": _("starting"), "paused": _("paused"), "stopping": _("being finished")}
        self._state.say(said.get(state, ""))
        self._dot.set_paused(state != "recording")
        paused = state == "paused"
        self._pause.setText(_("Go on") if paused else _("Pause"))
        theme.set_icon(self._pause, "circle-dot" if paused else "pause")
        for part in (self.consent, self.notes, self.questions, self.title, self.own, self.other):
            part.setEnabled(state != "stopping")
        for button in (self._bookmark, self._pause, self.stop):
            button.setEnabled(state in ("recording", "paused") or (button is self.stop and state == "starting"))

    def show_ring(self, on: bool) -> None:
        """Own share and present stretch, for who wants to see them."""
        self._ring_card.setVisible(on)

    def set_questions(self, questions: list[tuple[str, str]]) -> None:
        self.questions.set_questions(questions)
        self._questions_card.setVisible(bool(questions))

    def begin(self, title: str) -> None:
        """Everything as before the first word."""
        self.title.setText(title)
        self.words.clear()
        self.notes.clear()
        self.consent.set_noted("unknown")
        self.ring.set_values(None, 0)
        self.set_place(0)
