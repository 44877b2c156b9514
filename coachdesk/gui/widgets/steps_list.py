"""Open next steps, the soonest due first: each kept with one press, or slipped or dropped; each opens its call."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout

from coachdesk.gui import theme
from coachdesk.gui.widgets.goal_card import said_day
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import card, empty
from coachdesk.gui.widgets.text import Elided, Label
from coachdesk.sentences import _, ngettext

Document = dict[str, Any]


class StepsList(QFrame):
    """`state_said`: a step as the desk gave it, and what became of it."""

    open_asked = Signal(str, int)
    state_said = Signal(dict, str)

    def __init__(self) -> None:
        super().__init__()
        frame, self._column = card()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)

    def set_steps(self, steps: list[Document], more: int) -> None:
        empty(self._column)
        self._column.addWidget(Label(_("Next steps"), "heading"))
        if not steps:
            self._column.addWidget(Paragraph(_("Nothing is open for the next seven days."), "muted"))
        for step in steps:
            made = self._step(step)
            self._column.addWidget(made)
            made.show()
        if more:
            said = ngettext("{n} more; they stand with their calls.", "{n} more; they stand with their calls.", more)
            self._column.addWidget(Label(said.format(n=more), "small"))

    def _step(self, step: Document) -> QFrame:
        frame = QFrame()
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.TINY_GAP)
        kept = QPushButton()
        kept.setProperty("look", "quiet")
        theme.set_icon(kept, "circle", "muted")
        kept.setAccessibleName(_("Kept: {text}").format(text=step["text"]))
        kept.setToolTip(_("Kept"))
        kept.clicked.connect(partial(self.state_said.emit, step, "kept"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Paragraph(step["text"]))
        about = " · ".join(part for part in (self._due(step), step["case_name"] or step["title"]) if part)
        words.addWidget(Elided(about, "attention" if step["late"] else "small"))
        row.addWidget(kept, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._more(step), 0, Qt.AlignmentFlag.AlignTop)
        return frame

    def _due(self, step: Document) -> str:
        return _("due {day}").format(day=said_day(step["due"])) if step["due"] else ""

    def _more(self, step: Document) -> QToolButton:
        button = QToolButton()
        button.setProperty("look", "quiet")
        theme.set_icon(button, "ellipsis", "muted")
        button.setAccessibleName(_("More: {text}").format(text=step["text"]))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addAction(_("Kept"), partial(self.state_said.emit, step, "kept"))
        menu.addAction(_("Slipped"), partial(self.state_said.emit, step, "slipped"))
        menu.addAction(_("Dropped"), partial(self.state_said.emit, step, "dropped"))
        menu.addSeparator()
        at = -1 if step["start_ms"] is None else step["start_ms"]
        menu.addAction(_("Open the call"), partial(self.open_asked.emit, step["call_id"], at))
        button.setMenu(menu)
        return button
