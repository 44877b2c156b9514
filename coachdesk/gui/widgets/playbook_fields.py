"""Fields of a playbook that is changed: an amount in its unit, phrases as chips, a line, one more of something.

Each tells what the person wants; what is wrong with it is said beside it by whoever knows (`Problems`).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.fields import NumberBox
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.text import caption, tidy, tip
from coachdesk.sentences import _

_AMOUNT = 112  # px
_LONGEST = 300
_MOST = 100_000.0
# unit -> how much of what is shown one of it is, step, what stands behind the number
_SHOWN: dict[str, tuple[float, float, str]] = {
    "ratio": (100, 1, " %"),
    "ms": (0.001, 5, " s"),
    "times": (1, 0.1, ""),
    "valence": (1, 0.05, ""),
    "per_100_words": (1, 0.1, ""),
}


class Amount(NumberBox):
    """A number in the unit people read it in. `optional`: it may be open, shown as a dash. `told` gives the value or None."""

    told = Signal(object)

    def __init__(self, unit: str, value: float | None, name: str, *, optional: bool = False) -> None:
        self._factor, step, suffix = _SHOWN.get(unit, (1, 1, ""))
        least = -1.0 if unit == "valence" else 0.0
        super().__init__(least - (step if optional else 0), 100.0 if unit == "ratio" else _MOST, step)
        self._open = self.minimum() if optional else None
        if optional:
            self.setSpecialValueText("–")
        self.setSuffix(suffix)
        self.setFixedWidth(_AMOUNT)
        self.setAccessibleName(name)
        shown = value * self._factor if value is not None else None
        self.setValue(self.minimum() if shown is None else shown)
        self.valueChanged.connect(lambda _shown: self.told.emit(self.amount()))

    def amount(self) -> float | None:
        """The value in its own unit; None where it is open."""
        if self._open is not None and self.value() <= self._open + 1e-9:
            return None
        return round(self.value() / self._factor, 6)


class Line(QLineEdit):
    """Words that are told when they are done with, and only where they are others."""

    told = Signal(str)

    def __init__(self, words: str, name: str) -> None:
        super().__init__(tidy(words))
        self._said = self.text()
        self.setMaxLength(_LONGEST)
        self.setAccessibleName(name)
        self.setCursorPosition(0)
        self.editingFinished.connect(self._done)

    def _done(self) -> None:
        if self.text() != self._said:
            self._said = self.text()
            self.told.emit(self._said)


class More(QWidget):
    """A line and a button for one more of something. `typed` gives what stands in it, so that it outlives a redrawing."""

    told = Signal(str)
    typed = Signal(str)

    def __init__(self, hint: str, begun: str = "", width: int = 260) -> None:
        super().__init__()
        self.field = QLineEdit(begun)
        self.field.setMaxLength(_LONGEST)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self.field.setMinimumWidth(120)
        self.field.setMaximumWidth(width)
        self.button = small_button("plus", _("Add: {what}").format(what=hint))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.TINY_GAP)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        row.addStretch(1)
        self.field.textEdited.connect(self.typed)
        self.field.returnPressed.connect(self._tell)
        self.button.clicked.connect(self._tell)

    def _tell(self) -> None:
        if self.field.text().strip():
            self.told.emit(self.field.text())


class Phrases(QWidget):
    """Phrases as chips; a press on one takes it out."""

    taken_out = Signal(str)

    def __init__(self, phrases: Sequence[str]) -> None:
        super().__init__()
        flow = Flow(self, 6)
        for phrase in phrases:
            chip = QPushButton(caption(phrase))
            chip.setProperty("look", "chip")
            chip.setAutoDefault(True)
            theme.set_icon(chip, "x", "muted", 12)
            chip.setAccessibleName(_("Take out: {phrase}").format(phrase=phrase))
            chip.setToolTip(tip(_("Take out")))
            chip.clicked.connect(lambda _on, phrase=phrase: self.taken_out.emit(phrase))
            flow.addWidget(chip)


class Problems:
    """What is wrong with which field, said under it; outlives a redrawing of the fields."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._labels: dict[str, Paragraph] = {}

    def forget_fields(self) -> None:
        """The fields are drawn anew."""
        self._labels = {}

    def below(self, key: str) -> Paragraph:
        """The place under a field."""
        label = self._labels[key] = Paragraph(self._said.get(key, ""), "attention")
        label.setVisible(key in self._said)
        return label

    def say(self, key: str, text: str) -> bool:
        """Say it at the field; an empty text says that it fits now. False where no field of this key is seen."""
        if text:
            self._said[key] = text
        else:
            self._said.pop(key, None)
        label = self._labels.get(key)
        if label is not None:
            label.say(text)
            label.setVisible(bool(text))
        return label is not None

    @property
    def any(self) -> bool:
        return bool(self._said)

    def clear(self) -> None:
        for key in list(self._said):
            self.say(key, "")


def small_button(icon: str, name: str) -> QPushButton:
    """A button with a picture only, and a name."""
    button = QPushButton()
    button.setProperty("look", "quiet")
    button.setAutoDefault(True)
    theme.set_icon(button, icon, "muted")
    button.setAccessibleName(name)
    button.setToolTip(tip(name))
    return button


def beside(*widgets: QWidget, stretch: int = 0) -> QWidget:
    """Widgets in a row; the one at `stretch` takes what is left."""
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.GAP)
    for number, widget in enumerate(widgets):
        row.addWidget(widget, int(number == stretch), Qt.AlignmentFlag.AlignVCenter)
    return whole


def stacked(*widgets: QWidget) -> QWidget:
    """Widgets one under the other, close together."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.TINY_GAP)
    for widget in widgets:
        column.addWidget(widget)
    return whole
