"""A row of the settings: what it is, what it does, the control for it; says in place what does not fit, and leads back.

The control follows the type of the setting. Nothing is decided here: a row tells what the person wants.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.fields import SWITCH_AROUND, Combo, NumberBox, Switch, WholeBox
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.text import Label, tidy, tip
from coachdesk.sentences import _

FIELD_WIDTH = 232


@dataclass(frozen=True, slots=True)
class Control:
    """A field with how it is read, filled, and listened to."""

    field: QWidget
    read: Callable[[], Any]
    write: Callable[[Any], None]
    listen: Callable[[Callable[[], None]], object]


def switch() -> Control:
    """Yes or no."""
    box = Switch()
    return Control(box, box.isChecked, box.setChecked, lambda hear: box.clicked.connect(lambda: hear()))


def choice(items: Sequence[tuple[Any, str]]) -> Control:
    """One of several (value, words). A value that is not among them is added, so that showing it changes nothing."""
    box = Combo()
    set_items(box, items)

    def write(value: Any) -> None:
        if box.findData(value) < 0:
            box.addItem(tidy(str(value)), value)
        box.setCurrentIndex(box.findData(value))

    return Control(box, box.currentData, write, lambda hear: box.activated.connect(lambda: hear()))


def set_items(box: QComboBox, items: Sequence[tuple[Any, str]]) -> None:
    """Other items; what was chosen stays chosen."""
    before = box.currentData()
    box.blockSignals(True)
    box.clear()
    for value, words in items:
        box.addItem(tidy(words), value)
    box.setCurrentIndex(box.findData(before) if box.findData(before) >= 0 else 0)
    box.blockSignals(False)


def line() -> Control:
    """Free text."""
    field = QLineEdit()
    return Control(field, lambda: field.text().strip(), field.setText, _when_done(field))


def names() -> Control:
    """Several texts with commas between them."""
    field = QLineEdit()
    field.setPlaceholderText(_("Separate with commas"))

    def read() -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.strip() for part in field.text().split(",") if part.strip()))

    return Control(field, read, lambda value: field.setText(", ".join(value)), _when_done(field))


def whole(low: int, high: int) -> Control:
    """A whole number."""
    box = WholeBox(low, high)
    return Control(box, box.value, box.setValue, lambda hear: box.valueChanged.connect(lambda: hear()))


def number(low: float, high: float, step: float) -> Control:
    """A number with places behind the point."""
    box = NumberBox(low, high, step)
    return Control(box, box.value, box.setValue, lambda hear: box.valueChanged.connect(lambda: hear()))


def _when_done(field: QLineEdit) -> Callable[[Callable[[], None]], object]:
    return lambda hear: field.editingFinished.connect(lambda: hear())


class SettingRow(QWidget):
    """One setting. `wanted` tells the value the person wants."""

    wanted = Signal(object)

    def __init__(self, name: str, help_text: str, control: Control, default: Any) -> None:
        super().__init__()
        self.control = control
        self._default = default
        self._saved: Any = default
        self._name = Label(name)
        self._help = Paragraph(help_text, "small")
        self._problem = Paragraph("", "attention")
        self._problem.hide()
        self.reset = QPushButton(_("Reset"))
        self.reset.setProperty("look", "quiet")
        self.reset.setAutoDefault(True)
        self.reset.setAccessibleName(_("Reset: {name}").format(name=name))
        self.reset.setToolTip(tip(_("Back to what it was when CoachDesk was new")))
        keep = self.reset.sizePolicy()
        keep.setRetainSizeWhenHidden(True)  # nothing moves when it comes and goes
        self.reset.setSizePolicy(keep)
        self.reset.hide()
        self._name_field(name, help_text)
        self._lay_out()
        control.write(default)
        control.listen(self._touched)
        self.reset.clicked.connect(self._back)

    def _name_field(self, name: str, help_text: str) -> None:
        field = self.control.field
        field.setAccessibleName(name)
        field.setAccessibleDescription(help_text)
        self._name.setBuddy(field)

    def _lay_out(self) -> None:
        field = self.control.field
        right = theme.WIDER
        if isinstance(field, Switch):
            right -= SWITCH_AROUND  # its edge, not its ring, stands under the other fields'
        else:
            field.setFixedWidth(FIELD_WIDTH)
        if isinstance(field, QLineEdit):
            field.setTextMargins(-2, 0, -2, 0)  # the words begin where a combo's do
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self._help)
        words.addWidget(self._problem)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.WIDER, theme.WIDE, right, theme.WIDE)
        row.setSpacing(theme.GAP)
        row.addLayout(words, 1)
        row.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(field, 0, Qt.AlignmentFlag.AlignVCenter)

    @property
    def in_doubt(self) -> bool:
        """What the field shows was not taken: it has a problem, or the person is still typing."""
        field = self.control.field
        typed = field.lineEdit() if isinstance(field, WholeBox | NumberBox) else field
        typing = isinstance(typed, QLineEdit) and field.hasFocus() and typed.isModified()
        return typing or not self._problem.isHidden()

    def show_value(self, value: Any) -> None:
        """Show what holds now. What the person typed and what was not taken stays."""
        self._saved = value
        if not self.in_doubt:
            self._write(value)
        self._show_reset()

    def say_problem(self, text: str) -> None:
        """Say what does not fit; an empty text says that it fits now."""
        self._problem.say(text)
        self._problem.setVisible(bool(text))
        self._show_reset()

    def _touched(self) -> None:
        value = self.control.read()
        if value != self._saved or not self._problem.isHidden():
            self.wanted.emit(value)

    def _back(self) -> None:
        self.control.field.setFocus()  # the button is about to go
        self.say_problem("")
        self._write(self._default)
        self.wanted.emit(self._default)

    def _write(self, value: Any) -> None:
        self.control.field.blockSignals(True)
        self.control.write(value)
        self.control.field.blockSignals(False)

    def _show_reset(self) -> None:
        self.reset.setVisible(self._saved != self._default or not self._problem.isHidden())
