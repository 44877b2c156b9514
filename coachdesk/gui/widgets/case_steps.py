"""The next steps of a case: what is due, what is open, and behind a press what became of the others."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.scrolled import card
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label, caption, place, tip
from coachdesk.sentences import STEPS, _, clock, ngettext

Document = dict[str, Any]
SHOWN_MS = 10_000  # how long a step's moment plays: it has a beginning only
_NARROW = 520  # px
_SIGNS = {
    "open": ("circle", "muted"),
    "due": ("circle-dot", "attention"),
    "kept": ("circle-check", "good"),
    "slipped": ("rotate-ccw", "attention"),
    "dropped": ("circle-slash", "muted"),
}


class StepRow(QWidget):
    """One next step. `said`: its id, its call and what became of it."""

    said = Signal(str, str, str)
    play_asked = Signal(str, int, int)

    def __init__(self, step: Document, owners: dict[str, str]) -> None:
        super().__init__()
        self._step = step
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(step["text"], wrap=True))
        words.addWidget(Label(_about(step, owners), "small", wrap=True))
        answers = QHBoxLayout()
        answers.setSpacing(theme.GAP)
        for part in self._buttons():
            answers.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        answers.addStretch(1)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(theme.GAP)
        self._line.addLayout(words, 1)
        self._line.addLayout(answers)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(Symbol(*_SIGNS[step["standing"]]), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._line, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the answers stand below."""
        super().resizeEvent(event)
        wide = self.width() >= _NARROW
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _buttons(self) -> list[QWidget]:
        step = self._step
        parts: list[QWidget] = [self._play()] if step["start_ms"] is not None else []
        if step["state"] == "open":
            parts += [self._button(_("Kept"), "kept"), self._button(_("Slipped"), "slipped"), self._more()]
        else:
            parts.append(self._button(_("Open again"), "open"))
        return parts

    def _button(self, text: str, state: str) -> QPushButton:
        made = QPushButton(text)
        made.setAutoDefault(True)  # Return presses it too
        made.setAccessibleName(_("{answer}: {step}").format(answer=text, step=self._step["text"]))
        made.clicked.connect(partial(self._say, state))
        return made

    def _play(self) -> QToolButton:
        start = int(self._step["start_ms"])
        made = QToolButton()
        made.setProperty("look", "quiet")
        theme.set_icon(made, "circle-play")
        said = _("Play {time}: {quote}").format(time=clock(start), quote=self._step["text"])
        made.setAccessibleName(said)
        made.setToolTip(tip(_("Hear it said, at {time}").format(time=clock(start))))
        made.clicked.connect(lambda: self.play_asked.emit(self._step["call_id"], start, start + SHOWN_MS))
        return made

    def _more(self) -> QToolButton:
        made = QToolButton()
        made.setProperty("look", "quiet")
        theme.set_icon(made, "ellipsis")
        made.setAccessibleName(_("More: {step}").format(step=self._step["text"]))
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(made)
        menu.addAction(caption(_("Not wanted any more")), partial(self._say, "dropped"))
        made.setMenu(menu)
        return made

    def _say(self, state: str) -> None:
        self.said.emit(self._step["id"], self._step["call_id"], state)


class StepsCard(QFrame):
    """All next steps of a case; those that are not open any more are behind one press."""

    said = Signal(str, str, str)
    play_asked = Signal(str, int, int)
    unfolded = Signal(bool)

    def __init__(self, steps: list[Document], owners: dict[str, str], unfold: bool) -> None:
        super().__init__()
        frame, self._column = card()
        self._column.setSpacing(theme.WIDE)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        live = [step for step in steps if step["state"] == "open"]
        done = [step for step in steps if step["state"] != "open"]
        for step in live:
            self._column.addWidget(self._row(step, owners))
        if not live:
            self._column.addWidget(Label(_("No next step is open."), "muted", wrap=True))
        if done:
            self._fold(done, owners, unfold)

    def _fold(self, done: list[Document], owners: dict[str, str], unfold: bool) -> None:
        rows = [self._row(step, owners) for step in done]
        n = len(done)
        toggle = QPushButton(ngettext("{n} that is over", "{n} that are over", n).format(n=n))
        toggle.setProperty("look", "quiet")
        toggle.setCheckable(True)
        toggle.setChecked(unfold)
        toggle.setAutoDefault(True)
        self._column.addWidget(toggle, 0, Qt.AlignmentFlag.AlignLeft)
        for row in rows:
            row.setVisible(unfold)
            self._column.addWidget(row)
            toggle.toggled.connect(row.setVisible)
        toggle.toggled.connect(self.unfolded)

    def _row(self, step: Document, owners: dict[str, str]) -> StepRow:
        row = StepRow(step, owners)
        row.said.connect(self.said)
        row.play_asked.connect(self.play_asked)
        return row


def _about(step: Document, owners: dict[str, str]) -> str:
    """State, day, who and which call, in words: a state is never told by its sign alone."""
    due = (
        place().toString(QDate.fromString(step["due"], "yyyy-MM-dd"), QLocale.FormatType.ShortFormat)
        if step["due"]
        else ""
    )
    stands = _(STEPS[step["standing"]])
    when = _("{state}, {day}").format(state=stands, day=due) if due else stands
    found = "" if step["source"] == "person" else _("found by me, not confirmed")
    parts = (when, owners.get(step["owner"], ""), step["title"], found)
    return " · ".join(part for part in parts if part)
