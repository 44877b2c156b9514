"""Notes while one talks: type a line, Enter stamps it. It belongs to the moment typing began, not to the one it ended.

What was stamped stands below, newest last, with what else was marked. PageUp and PageDown in the field scroll it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import Scrolled
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label, tip
from coachdesk.sentences import N_, _, clock

MOST_TEXT = 2_000
_ICON = 16  # px
# icon (a plain note needs none), its colour, and what it is called where it stands without words or is read aloud
KINDS = {
    "note": ("", "muted", N_("Note")),
    "mark": ("bookmark", "own", N_("Bookmark")),
    "asked": ("circle-help", "muted", N_("Asked")),
    "agreed": ("circle-check", "good", N_("Agreed")),
}


class NotesPad(QWidget):
    """`begun` at the first letter of a line, `written` with its words at Enter."""

    begun = Signal()
    written = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.field = _Field()
        self.field.begun.connect(self.begun)
        self.field.returnPressed.connect(self._write)
        self._lines = _Lines()
        self._empty = Paragraph(
            _("What you note stands here with its moment, and later beside the transcript."), "muted"
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.field.page_asked.connect(self._lines.page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.field)
        column.addWidget(self._empty)
        column.addWidget(self._lines, 1)
        self._show()

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, at_ms: int, text: str, kind: str = "note") -> None:
        """One more line at the end: note, mark, asked or agreed."""
        self._lines.add(_Line(at_ms, text, kind))
        self._show()

    def clear(self) -> None:
        """No lines, nothing typed: another recording."""
        self._lines.refill([], from_top=True)
        self.field.restart()
        self._show()

    def _show(self) -> None:
        self._empty.setVisible(not len(self._lines))
        self._lines.setVisible(bool(len(self._lines)))

    def _write(self) -> None:
        text = self.field.text().strip()
        if text:
            self.field.restart()
            self.written.emit(text)


class _Field(QLineEdit):
    begun = Signal()
    page_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._typing = False
        self.setMaxLength(MOST_TEXT)
        self.setPlaceholderText(_("Type a note, Enter stamps it"))
        self.setAccessibleName(_("Note"))
        self.setToolTip(tip(_("A note gets the moment you began to type it")))
        self.textEdited.connect(lambda text: self._follow(text))

    def restart(self) -> None:
        """An empty line."""
        self.clear()
        self._typing = False

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        # where words are composed, the line begins with the first stroke, long before it has text
        if event.preeditString():
            self._begin()
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if (way := ways.get(Qt.Key(event.key()))) is not None:
            self.page_asked.emit(way)
        else:
            super().keyPressEvent(event)

    def _follow(self, text: str) -> None:
        if text:
            self._begin()
        else:
            self._typing = False

    def _begin(self) -> None:
        if not self._typing:
            self._typing = True
            self.begun.emit()


class _Lines(Scrolled):
    """Stays at the newest line unless somebody scrolled up."""

    def __init__(self) -> None:
        super().__init__()
        self._column.setContentsMargins(0, 0, theme.GAP, theme.GAP)
        self._column.setSpacing(theme.GAP)
        self._column.addStretch(1)
        for ground in (self.viewport(), self.content):  # it lies on cards
            ground.setAutoFillBackground(False)
        self._at_end = True
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(lambda value: self._notice(value))
        bar.rangeChanged.connect(lambda _low, high: self._keep_end(high))

    def __len__(self) -> int:
        return self._column.count() - 1

    def add(self, line: _Line) -> None:
        self._at_end = True  # what was just written is seen
        lines = self.content.findChildren(_Line)
        self._column.insertWidget(len(self), line)
        line.show()  # at once: what is still hidden counts as no height
        widest = max([line.time_width, *(other.time_width for other in lines)])
        for each in (*lines, line):
            each.stand_at(widest)
        QTimer.singleShot(0, self, lambda: self._keep_end(self.verticalScrollBar().maximum()))

    def page(self, way: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + way * bar.pageStep())

    def _notice(self, value: int) -> None:
        self._at_end = value >= self.verticalScrollBar().maximum() - theme.GAP

    def _keep_end(self, end: int) -> None:
        if self._at_end:
            self.verticalScrollBar().setValue(end)


class _Line(QWidget):
    """When, what kind where it is not a plain note, and the words."""

    def __init__(self, at_ms: int, text: str, kind: str) -> None:
        super().__init__()
        icon, token, called = KINDS[kind]
        figures = theme.figures_font()
        self._time = Label(clock(at_ms), "small")
        self._time.setFont(figures)
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.time_width = max(QFontMetrics(figures).horizontalAdvance(said) for said in ("88:88", clock(at_ms))) + 2
        sign = Symbol(icon, token) if icon else Label()
        sign.setToolTip(tip(_(called)))
        said = Paragraph(text or _(called), "" if text else "muted")
        said.setAccessibleName(f"{_(called)}, {clock(at_ms)}: {said.text()}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for part in (self._time, sign):
            part.setFixedHeight(QFontMetrics(theme.body_font()).lineSpacing())  # beside the first line of the words
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        sign.setFixedWidth(_ICON)
        row.addWidget(said, 1)

    def stand_at(self, width: int) -> None:
        """Times of all lines are as wide as the widest, so that words stand under one another."""
        self._time.setFixedWidth(width)
