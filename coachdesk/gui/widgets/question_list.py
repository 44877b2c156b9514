"""The playbook's questions beside a call: tick what was asked; a ticked one shows its moment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStyle, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Pressed
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import empty
from coachdesk.gui.widgets.text import Label, tidy
from coachdesk.sentences import _, clock

_BOX, _CHECK = 16, 12  # px
_ROUND = 4  # px


class QuestionList(QWidget):
    """As high as its questions; up and down move between them."""

    ticked = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, _Question] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.set_questions([])

    def set_questions(self, questions: Sequence[tuple[str, str]]) -> None:
        """(id, text) of each, in their order; none is ticked."""
        empty(self._column)
        self._lines = {}
        for key, text in questions:
            line = self._lines[key] = _Question(text)
            line.clicked.connect(partial(self._tick, key))
            line.step_asked.connect(partial(self._step, key))
            self._column.addWidget(line)
            line.show()  # at once: what is still hidden counts as no height
        if not questions:
            none = Paragraph(_("This kind of call has no questions to tick."), "muted")
            self._column.addWidget(none)
            none.show()

    def mark(self, key: str, at_ms: int | None) -> None:
        """Asked at this moment, in ms, or not asked; nothing where the question is not there."""
        if key in self._lines:
            self._lines[key].mark(at_ms)

    @property
    def asked(self) -> list[str]:
        return [key for key, line in self._lines.items() if line.isChecked()]

    def _tick(self, key: str) -> None:
        line = self._lines[key]
        line.settle()
        self.ticked.emit(key, line.isChecked())

    def _step(self, key: str, way: int) -> None:
        keys = list(self._lines)
        at = keys.index(key) + way
        if 0 <= at < len(keys):
            self._lines[keys[at]].setFocus(Qt.FocusReason.TabFocusReason)


class _Question(Pressed):
    """A box, the question, and when it was asked."""

    step_asked = Signal(int)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAccessibleName(tidy(text))
        self._text = Paragraph(text)
        self._time = Label("", "small")
        figures = theme.figures_font()
        self._time.setFont(figures)
        # room for it from the start: a tick breaks no line anew
        self._time.setMinimumWidth(QFontMetrics(figures).horizontalAdvance("88:88"))
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._line = QFontMetrics(theme.body_font()).lineSpacing()
        self._time.setFixedHeight(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP + _BOX + theme.GAP, 6, theme.GAP, 6)
        row.setSpacing(theme.GAP)
        row.addWidget(self._text, 1)
        row.addWidget(self._time, 0, Qt.AlignmentFlag.AlignTop)
        self.let_through()
        theme.theme().changed.connect(self.update)

    def mark(self, at_ms: int | None) -> None:
        self.setChecked(at_ms is not None)
        self._time.say("" if at_ms is None else clock(at_ms))
        self.settle()

    def settle(self) -> None:
        """Look as it is ticked: what was asked steps back."""
        on = self.isChecked()
        if not on:
            self._time.say("")
        theme.restyle(self._text, look="muted" if on else "")
        self.setAccessibleDescription(_("Asked at {time}").format(time=self._time.text()) if self._time.text() else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if (way := ways.get(Qt.Key(event.key()))) is not None:
            self.step_asked.emit(way)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        top = 6 + (self._line - _BOX) // 2
        box = QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(theme.GAP, top, _BOX, _BOX))
        on = self.isChecked()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.colour("own" if on else "muted"))
            painter.setBrush(theme.colour("own" if on else "card"))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
            if on:
                at = box.topLeft() + (QRect(0, 0, _BOX, _BOX).center() - QRect(0, 0, _CHECK, _CHECK).center())
                painter.drawPixmap(at, theme.pixmap("check", "on_accent", _CHECK, self.devicePixelRatioF()))
