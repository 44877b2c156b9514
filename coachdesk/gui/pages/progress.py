"""The Progress page: goals with their proof, what changed after which advice, and the person's own numbers over their calls.

Own past is the only yardstick here; nobody is compared with anybody.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.acts import Amend
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.widgets.column import Column
from coachdesk.gui.widgets.fields import Combo
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.goal_card import GoalCard, said_value, teaching
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.reading import capital
from coachdesk.gui.widgets.scrolled import card, empty, focus_again, focused_in
from coachdesk.gui.widgets.text import Label
from coachdesk.gui.widgets.trend_card import TrendCard
from coachdesk.sentences import _, verdict

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk

COLUMN = 960  # px
_SOON_MS = 200
# What is shown at first: the numbers with the best evidence, and the two everybody asks for.
_FIRST = (
    "talk_ratio",
    "mean_turn_words",
    "longest_monologue_ms",
    "longest_customer_story_ms",
    "questions",
    "followup_share",
    "recap_per_100_words",
    "advice_rate",
    "patience_ms",
    "pace_wpm",
    "fillers_per_100_words",
)
Document = dict[str, Any]


class ProgressPage(QWidget):
    call_asked = Signal(str, int, int)  # a call; from a moment on, or -1

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._series: list[Document] = []
        self._shown: tuple[Any, ...] = ()
        self._soon = QTimer(self, interval=_SOON_MS, singleShot=True)
        self._soon.timeout.connect(self.reload)
        self._build()
        bridge.changed.connect(lambda _call: self._soon.start() if self.isVisible() else None)

    def _build(self) -> None:
        self._column = Column(COLUMN)
        stack = self._column.stack
        stack.setSpacing(theme.WIDE)
        stack.addWidget(Label(_("Progress"), "title"))
        stack.addWidget(
            Paragraph(_("Your own calls are the yardstick: what is usual for you, and what changed."), "muted")
        )
        self._goals, self._changes = QVBoxLayout(), QVBoxLayout()
        for part in (self._goals, self._changes):
            part.setSpacing(theme.WIDE)
            stack.addLayout(part)
        stack.addSpacing(theme.GAP)
        stack.addLayout(self._numbers_head())
        self._none = Paragraph(
            _("Your numbers will be here after your first call; from the third on, what is usual for you."), "muted"
        )
        stack.addWidget(self._none)
        holder = QWidget()
        self._numbers = Flow(holder, gap=theme.WIDE)
        stack.addWidget(holder)
        stack.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._column)

    def _numbers_head(self) -> QHBoxLayout:
        self.kind = Combo()
        self.kind.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToContents)
        self.kind.setAccessibleName(_("Kind of call"))
        self.kind.activated.connect(lambda _n: self._show_numbers())
        self.all = QCheckBox(_("All numbers"))
        self.all.toggled.connect(lambda _on: self._show_numbers())
        row = QHBoxLayout()
        row.setSpacing(theme.WIDE)
        row.addWidget(Label(_("Your numbers"), "strong"))
        row.addWidget(self.kind)
        row.addWidget(self.all)
        row.addStretch(1)
        return row

    # --- asking

    def reload(self) -> None:
        """Ask again for everything shown here."""

        def question(desk: Desk) -> tuple[Any, ...]:
            return desk.goals(), desk.trends()

        self._bridge.ask(question, self._show, owner=self)

    def _show(self, answer: tuple[Any, ...]) -> None:
        if answer == self._shown:
            return
        self._shown = answer
        focused, at = focused_in(self), self._column.verticalScrollBar().value()
        goals, self._series = answer
        self._show_goals(goals)
        self._show_changes(goals)
        chosen = self.kind.currentData()
        self.kind.clear()
        for kind, name in dict.fromkeys((series["kind"], series["playbook"]) for series in self._series):
            self.kind.addItem(name, kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))
        for part in (self.kind, self.all):
            part.setVisible(bool(self._series))
        self._none.setVisible(not self._series)
        self._show_numbers()
        if focused is not None:
            focus_again(self, focused)
        self._column.verticalScrollBar().setValue(at)

    # --- showing

    def _show_goals(self, goals: list[Document]) -> None:
        empty(self._goals)
        ordered = [goal for goal in goals if goal["state"] == "open"] + [g for g in goals if g["state"] != "open"]
        for goal in ordered:
            made = GoalCard(goal)
            made.open_asked.connect(self._open)
            made.play_asked.connect(self.call_asked)
            made.responded.connect(partial(self._respond, goal["kind"]))
            self._goals.addWidget(made)
            made.show()  # at once: what is still hidden counts as no height, and the place would be lost
        if not any(goal["state"] == "open" for goal in goals):
            teach = teaching()
            self._goals.insertWidget(0, teach)
            teach.show()

    def _show_changes(self, goals: list[Document]) -> None:
        """What changed after which advice, as far as there is enough to say it."""
        empty(self._changes)
        told = [goal for goal in goals if goal["verdict"]["code"] != "not_enough_calls"]
        if not told:
            return
        self._changes.addWidget(Label(_("What changed after which advice"), "strong"))
        frame, column = card()
        for goal in told:
            before, now = (said_value(round(goal[name], 4), goal["unit"]) for name in ("usual", "now"))
            column.addWidget(
                Paragraph(
                    _("{plan} Before: {before}; now: {now}. {verdict}.").format(
                        plan=goal["plan"] or goal["title"] + ".",
                        before=before,
                        now=now,
                        verdict=capital(verdict(goal["verdict"])),
                    )
                )
            )
        self._changes.addWidget(frame)
        frame.show()

    def _show_numbers(self) -> None:
        empty(self._numbers)
        kind, everything = self.kind.currentData(), self.all.isChecked()
        for series in self._series:
            if series["kind"] == kind and (everything or series["metric"] in _FIRST):
                made = TrendCard(series)
                made.open_asked.connect(self._open)
                self._numbers.addWidget(made)
                made.show()

    # --- doing

    def _open(self, call: str) -> None:
        self.call_asked.emit(call, -1, -1)

    def _respond(self, kind: str, rule: str, call: str, answer: str) -> None:
        from coachdesk.desk.amend import Respond

        said = {"accept": _("Your goal"), "done": _("Done with it"), "dismiss": _("Put aside")}
        self._bridge.do(said[answer], Amend(call, Respond(rule, answer, kind)), call, owner=self)
