"""The Home page: the one thing to try next, what to review, what is due; and how it stands with whom you call next.

Empty, it is three large actions and one promise.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.acts import Amend
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages.trying import TakeSound
from coachdesk.gui.widgets.case_card import CaseCard
from coachdesk.gui.widgets.column import Column
from coachdesk.gui.widgets.door import Pressed
from coachdesk.gui.widgets.fields import Combo
from coachdesk.gui.widgets.first_actions import FirstActions
from coachdesk.gui.widgets.focus_card import FocusCard
from coachdesk.gui.widgets.goal_card import said_day, teaching
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import empty, focus_again, focused_in
from coachdesk.gui.widgets.steps_list import StepsList
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Elided, Label, tidy
from coachdesk.sentences import _, clock, ngettext

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk

COLUMN, _EMPTY_COLUMN = 1080, 640  # px
_SOON_MS = 200
Document = dict[str, Any]


class HomePage(QWidget):
    call_asked = Signal(str, int, int)  # a call; from a moment on, or -1
    page_asked = Signal(str)
    record_asked = Signal()
    import_asked = Signal()
    sample_asked = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge, self._take = bridge, TakeSound(bridge, self)
        self._soon = QTimer(self, interval=_SOON_MS, singleShot=True)
        self._soon.timeout.connect(self.reload)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._full())
        self._pages.addWidget(self._empty())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self._pages.hide()  # until it is known which of them
        bridge.changed.connect(lambda _call: self._soon.start() if self.isVisible() else None)

    # --- building

    def _full(self) -> QWidget:
        page = Column(COLUMN)
        page.stack.setSpacing(theme.WIDER)
        page.stack.addWidget(Label(_("Home"), "title"))
        columns = QHBoxLayout()
        columns.setSpacing(theme.PAGE)
        columns.addLayout(self._left(), 3)
        columns.addLayout(self._right(), 2)
        page.stack.addLayout(columns)
        page.stack.addStretch(1)
        return page

    def _left(self) -> QVBoxLayout:
        self.focus_card = FocusCard()
        self.focus_card.take_asked.connect(self._take.play)
        self._teach = teaching()
        self._more = QPushButton(_("See how it goes"))
        self._more.setProperty("look", "quiet")
        theme.set_icon(self._more, "chevron-right")
        self._more.clicked.connect(lambda: self.page_asked.emit("progress"))
        self._review_title = Label("", "strong")
        self._review = QVBoxLayout()
        self._review.setSpacing(theme.GAP)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP)
        left.addWidget(self.focus_card)
        left.addWidget(self._teach)
        left.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        left.addSpacing(theme.GAP)
        left.addWidget(self._review_title)
        left.addLayout(self._review)
        left.addStretch(1)
        return left

    def _right(self) -> QVBoxLayout:
        self.steps = StepsList()
        self.steps.open_asked.connect(lambda call, at: self.call_asked.emit(call, at, -1))
        self.steps.state_said.connect(self._say_state)
        self.case, self.case_card = Combo(), CaseCard()
        self.case.setAccessibleName(_("Next call with"))
        self.case.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.case.setMinimumContentsLength(8)
        self.case.activated.connect(lambda _n: self._ask_case())
        self.case_card.play_asked.connect(self.call_asked)
        self._case_title = Label(_("Next call with"), "strong")
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        right.addWidget(self._case_title)
        right.addWidget(self.case)
        right.addWidget(self.case_card)
        right.addSpacing(theme.GAP)
        right.addWidget(self.steps)
        right.addStretch(1)
        return right

    def _empty(self) -> QWidget:
        page = Column(_EMPTY_COLUMN, centred=True)
        page.stack.setSpacing(theme.WIDER)
        page.stack.addStretch(1)
        page.stack.addWidget(Label(_("Begin with a call"), "title"))
        said = _("In a minute you see who spoke when, what went well, and at most three things to try next.")
        page.stack.addWidget(Paragraph(said, "muted"))
        self.first = FirstActions()
        self.first.record_asked.connect(self.record_asked)
        self.first.import_asked.connect(self.import_asked)
        self.first.sample_asked.connect(lambda _name: self.sample_asked.emit(""))
        page.stack.addWidget(self.first)
        promise = QHBoxLayout()
        promise.addWidget(Symbol("shield", "muted"))
        promise.addWidget(Paragraph(_("Nothing leaves this computer."), "muted"), 1)
        page.stack.addLayout(promise)
        page.stack.addStretch(2)
        return page

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._take.close()

    # --- asking

    def reload(self) -> None:
        """Ask again for everything shown here."""

        def question(desk: Desk) -> tuple[Document, dict[str, str]]:
            kinds = {book.kind: book.words(book.languages[0]).name for book in reversed(desk.playbooks())}
            return desk.at_home(date.today()), kinds

        self._bridge.ask(question, lambda answer: self._show(*answer), owner=self)

    def _ask_case(self) -> None:
        case = self.case.currentData() or ""
        if case:
            self._bridge.ask(lambda desk: desk.before_call(case), self.case_card.set_case, owner=self)
        else:
            self.case_card.set_case(None)

    # --- showing

    def _show(self, found: Document, kinds: dict[str, str]) -> None:
        focused = focused_in(self)
        self._pages.show()
        self._pages.setCurrentIndex(0 if found["calls"] else 1)
        self.focus_card.set_focus(found["focus"])
        self._teach.setVisible(found["focus"] is None)
        self._more.setVisible(found["focus"] is not None)
        self._show_review(found, kinds)
        self.steps.set_steps(found["steps"], found["more_steps"])
        self._show_cases(found["cases"])
        if focused is not None:
            focus_again(self, focused)

    def _show_review(self, found: Document, kinds: dict[str, str]) -> None:
        empty(self._review)
        n = found["unreviewed"]
        said = ngettext("Review next ({n} call)", "Review next ({n} calls)", n).format(n=n)
        self._review_title.say(said if n else _("Every call is reviewed."))
        for row in found["review_next"]:
            made = self._row(row, kinds)
            self._review.addWidget(made)
            made.show()

    def _row(self, row: Document, kinds: dict[str, str]) -> QWidget:
        button = Pressed("action")
        button.setAccessibleName(_("Review {title}").format(title=row["title"]))
        line = QHBoxLayout(button)
        line.setContentsMargins(theme.WIDE, theme.GAP, theme.WIDE, theme.GAP)
        line.setSpacing(theme.WIDE)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Elided(row["title"], "heading"))
        parts = (kinds.get(row["kind"], row["kind"]), row["case_name"], said_day(row["started_at"]))
        words.addWidget(Elided(" · ".join(part for part in parts if part), "small"))
        line.addLayout(words, 1)
        line.addWidget(Label(clock(row["duration_ms"]), "muted"))
        button.let_through()
        button.clicked.connect(partial(self.call_asked.emit, row["id"], -1, -1))
        return button

    def _show_cases(self, names: list[str]) -> None:
        chosen = self.case.currentData()
        self.case.clear()
        self.case.addItem(_("choose"), "")
        for name in names:
            self.case.addItem(tidy(name), name)
        self.case.setCurrentIndex(max(0, self.case.findData(chosen)))
        for part in (self._case_title, self.case):
            part.setVisible(bool(names))
        self._ask_case()

    # --- doing

    def _say_state(self, step: Document, state: str) -> None:
        from coachdesk.desk.amend import SetStep

        said = {"kept": _("Next step kept"), "slipped": _("Next step slipped"), "dropped": _("Next step dropped")}
        change = SetStep(step["text"], step["id"], step["owner"], step["due"], state)
        self._bridge.do(said[state], Amend(step["call_id"], change), step["call_id"], owner=self)
