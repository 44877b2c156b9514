"""What to try in the next call: one sentence, from what the person said yes to last."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from coachdesk.gui import theme
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import _


class FocusCard(QFrame):
    """Hidden while there is no focus. `short`: one line, for while a call is recorded. `take_asked`: to hear the kept take."""

    take_asked = Signal(str)

    def __init__(self, short: bool = False) -> None:
        super().__init__()
        self.setProperty("look", "try")
        self._short = short
        self._title = Label(_("In this call, try"), "small")
        self._said = Paragraph("", "" if short else "strong")
        self._advice = Paragraph("", "muted")
        self._take_id = ""
        self.take = QPushButton(_("Hear your take"))
        self.take.setProperty("look", "quiet")
        self.take.setAutoDefault(True)
        theme.set_icon(self.take, "circle-play", "own")
        self.take.clicked.connect(lambda: self.take_asked.emit(self._take_id))
        self.take.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        for part in (self._title, self._said, self._advice):
            words.addWidget(part)
        row = QHBoxLayout(self)
        margin = theme.GAP if short else theme.WIDE
        row.setContentsMargins(theme.WIDER, margin, theme.WIDER, margin)
        row.setSpacing(theme.WIDE)
        row.addWidget(Symbol("target", "own"))
        row.addLayout(words, 1)
        row.addWidget(self.take)
        self._title.setVisible(not short)
        self.hide()

    def set_focus(self, focus: dict[str, Any] | None) -> None:
        """As the desk gives it: title, try_saying; None = none. Its advice speaks of another call, and is left out."""
        self.setVisible(focus is not None)
        if focus is None:
            return
        saying, take = focus["try_saying"], focus.get("take")
        self._take_id = take["id"] if take else ""
        self.take.setVisible(bool(take) and not self._short)
        self._said.say(f"“{saying}”" if saying else focus["title"])
        self._advice.say(focus["title"])
        self._advice.setVisible(bool(saying) and not self._short)
        self.setAccessibleName(_("In this call, try: {what}").format(what=saying or focus["title"]))
