"""A row of chips to choose one from: one stop for Tab, arrows within, Space or a digit chooses; a second press takes it back.

`offered` is what something else says and nobody has confirmed: outlined, not filled.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.text import caption, tidy, tip

_BACK, _FORTH = (Qt.Key.Key_Left, Qt.Key.Key_Up), (Qt.Key.Key_Right, Qt.Key.Key_Down)


class Chips(QWidget):
    """`chosen` carries the key of the chip, or "" when it was taken back."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str, str]], value: str, offered: str, called: str) -> None:
        """`options`: (key, text, what it means); `called`: what is chosen here, for those who hear it."""
        super().__init__()
        row = Flow(self, theme.TINY_GAP)
        self._chips: list[_Chip] = []
        for key, text, meaning in options:
            chip = _Chip(key, text, key == value)
            chip.setAccessibleName(f"{tidy(called)}: {tidy(text)}")
            chip.setToolTip(tip(meaning))
            if key == offered and not value:
                chip.setProperty("offered", True)
            chip.clicked.connect(lambda on, key=key: self._choose(key if on else ""))
            chip.step_asked.connect(self._step)
            chip.digit_typed.connect(self._type)
            self._chips.append(chip)
            row.addWidget(chip)
        self._stop_at(next((n for n, chip in enumerate(self._chips) if chip.isChecked()), 0))

    def _choose(self, key: str) -> None:
        for chip in self._chips:
            chip.setChecked(chip.key == key)
        self.chosen.emit(key)

    def _stop_at(self, n: int) -> None:
        for m, chip in enumerate(self._chips):
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if m == n else Qt.FocusPolicy.ClickFocus)

    def _step(self, by: int) -> None:
        at = next((n for n, chip in enumerate(self._chips) if chip.hasFocus()), 0)
        n = (at + by) % len(self._chips)
        self._stop_at(n)
        self._chips[n].setFocus(Qt.FocusReason.OtherFocusReason)

    def _type(self, digit: str) -> None:
        """A number is chosen by its digit."""
        chip = next((chip for chip in self._chips if chip.key == digit), None)
        if chip is not None and not chip.isChecked():
            chip.setFocus(Qt.FocusReason.OtherFocusReason)
            chip.click()


class _Chip(QPushButton):
    step_asked = Signal(int)
    digit_typed = Signal(str)

    def __init__(self, key: str, text: str, on: bool) -> None:
        super().__init__(caption(text))
        self.key = key
        self.setProperty("look", "chip")
        self.setCheckable(True)
        self.setChecked(on)
        self.setAutoDefault(True)  # Return presses it too

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*_BACK, *_FORTH):
            forth = (event.key() in _FORTH) == (self.layoutDirection() == Qt.LayoutDirection.LeftToRight)
            self.step_asked.emit(1 if forth or event.key() == Qt.Key.Key_Down else -1)
        elif event.text().isdecimal():
            self.digit_typed.emit(event.text())
        else:
            super().keyPressEvent(event)
