"""What to try in the next call: one if-then sentence, from what the person said yes to last, and how the last calls went."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from coachdesk.gui import theme
from coachdesk.gui.widgets.dots import Dots
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import _, done_in, verdict


class FocusCard(QFrame):
    """Hidden while there is no focus. `short`: one line, for while a call is recorded. `take_asked`: to hear the kept take."""

    take_asked = Signal(str)

    def __init__(self, short: bool = False) -> None:
        super().__init__()
        self.setProperty("look", "try")
        self._short = short
        self._title = Label(_("In your next call, try"), "small")
        self._said = Paragraph("", "" if short else "strong")
        self._saying = Paragraph("", "muted")
        self.dots, self._went = Dots(), Paragraph("", "small")
        self._take_id = ""
        self.take = QPushButton(_("Hear your take"))
        self.take.setProperty("look", "quiet")
        self.take.setAutoDefault(True)
        theme.set_icon(self.take, "circle-play", "own")
        self.take.clicked.connect(lambda: self.take_asked.emit(self._take_id))
        self.take.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        for part in (self._title, self._said, self._saying):
            words.addWidget(part)
        went = QHBoxLayout()
        went.setSpacing(theme.GAP)
        went.addWidget(self.dots)
        went.addWidget(self._went, 1)
        words.addLayout(went)
        row = QHBoxLayout(self)
        margin = theme.GAP if short else theme.WIDE
        row.setContentsMargins(theme.WIDER, margin, theme.WIDER, margin)
        row.setSpacing(theme.WIDE)
        row.addWidget(Symbol("target", "own"), 0, Qt.AlignmentFlag.AlignVCenter if short else Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.take)
        self._title.setVisible(not short)
        self.hide()

    def set_focus(self, focus: dict[str, Any] | None) -> None:
        """As the desk gives it; None = none. Its advice speaks of another call, and is left out."""
        self.setVisible(focus is not None)
        if focus is None:
            return
        saying, plan = focus["try_saying"], focus.get("plan", "")
        take = focus.get("take")
        self._take_id = take["id"] if take else ""
        self.take.setVisible(bool(take) and not self._short)
        quoted = f"“{saying}”" if saying else ""
        self._said.say(plan or quoted or focus["title"])
        self._saying.say((quoted if plan else focus["title"]) if saying else "")
        self._saying.setVisible(bool(saying) and not self._short)
        said = _("In this call, try: {what}") if self._short else _("In your next call, try: {what}")
        self.setAccessibleName(said.format(what=plan or saying or focus["title"]))
        self._show_how_it_went(focus)

    def _show_how_it_went(self, focus: dict[str, Any]) -> None:
        dots = focus.get("dots", [])
        self.dots.set([one["done"] for one in dots])
        shown = bool(dots) and not self._short
        self.dots.setVisible(shown)
        self._went.setVisible(shown)
        if shown:
            self._went.say(f"{done_in(focus | {'after': dots})}; {verdict(focus['verdict'])}")
