"""A card that is closed to its heading until it is pressed; what is in it is made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Pressed
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label


class Fold(QFrame):
    """`make` gives the inside, once. `opened` is told with every press."""

    opened = Signal(bool)

    def __init__(self, heading: str, beside: str, make: Callable[[], list[QWidget]], *, is_open: bool = False) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._make: Callable[[], list[QWidget]] | None = make
        self._arrow = Symbol("chevron-right", "muted")
        self._beside = Label(beside, "small")
        self.head = Pressed()
        self.head.setCheckable(True)
        self.head.setAccessibleName(heading)
        self.head.setAccessibleDescription(beside)
        row = QHBoxLayout(self.head)
        row.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        row.addWidget(self._arrow)
        row.addWidget(Label(heading, "heading"), 1)
        row.addWidget(self._beside, 0, Qt.AlignmentFlag.AlignVCenter)
        self.head.let_through()
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(theme.WIDE, 0, theme.WIDE, theme.GAP)
        self._column.setSpacing(theme.WIDE)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.TINY_GAP, theme.TINY_GAP, theme.TINY_GAP, theme.TINY_GAP)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(self._inside)
        self._inside.hide()
        self.head.toggled.connect(self._turn)
        self.head.setChecked(is_open)

    @property
    def is_open(self) -> bool:
        return self.head.isChecked()

    def say_beside(self, text: str) -> None:
        self._beside.say(text)
        self.head.setAccessibleDescription(text)

    def _turn(self, on: bool) -> None:
        if on and self._make is not None:
            make, self._make = self._make, None
            for number, widget in enumerate(make()):
                if number:
                    line = QFrame()
                    line.setProperty("look", "line")
                    self._column.addWidget(line)
                self._column.addWidget(widget)
        self._inside.setVisible(on)
        self._arrow.turn("chevron-down" if on else "chevron-right", "muted")
        self.opened.emit(on)
