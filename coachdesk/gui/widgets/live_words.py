"""The words as they come in: newest last, kept in view unless somebody scrolled up. To read along; corrections come later.

Rows are those of the transcript, measured when they come near the view, so that thousands scroll as lightly as ten.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from coachdesk.gui.theme import TINY_GAP, WIDE, set_icon, theme
from coachdesk.gui.widgets.text import Elided, caption, tidy, tip
from coachdesk.gui.widgets.transcript_paint import State, paint_empty, paint_row
from coachdesk.gui.widgets.transcript_places import places
from coachdesk.gui.widgets.transcript_rows import Line
from coachdesk.gui.widgets.transcript_scroll import RowScroll
from coachdesk.sentences import _

_NEAR_END = 24  # px: as good as the end
_SIDES = {"own": "rep", "other": "other"}  # as rows name them


class LiveWords(QWidget):
    """A line that says how things stand, and the words under it."""

    def __init__(self, own: str = "", other: str = "") -> None:
        super().__init__()
        self.set_names(own, other)
        self.rows = _Words()
        self._state = Elided("", "small")
        self._state.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TINY_GAP)
        column.addWidget(self._state)
        column.addWidget(self.rows, 1)
        self.set_empty(_("Words appear here within a minute of being said. Nothing leaves this computer."))

    def set_names(self, own: str, other: str) -> None:
        """What the sides are called from here on; "" is "You" and "Them"."""
        self.names = {"own": tidy(own) or _("You"), "other": tidy(other) or _("Them")}

    def add(self, side: str, start_ms: int, text: str) -> None:
        """What one side ("own" or "other") said from a moment on; it stands where its time puts it."""
        if text.strip():
            count = len(self.rows.rows)
            self.rows.add(Line(count, self.names[side], _SIDES[side], start_ms, start_ms, text))

    def set_state(self, text: str) -> None:
        """How things stand: "12 s behind"; "" says nothing."""
        self._state.say(text)
        self._state.setVisible(bool(text))

    def set_empty(self, text: str) -> None:
        """What is said while there are no words."""
        self.rows.set_empty(text)

    def clear(self) -> None:
        """No words: another recording."""
        self.rows.clear()
        self.set_state("")


class _Words(RowScroll):
    """The rows. Up and Down read them one by one, End goes back to the newest."""

    acts = False

    def __init__(self) -> None:
        super().__init__()
        self._empty = ""
        self._current: int | None = None
        self._sticks = True
        self._newest = QPushButton(f" {caption(_('Newest'))}", self.viewport())
        self._newest.setProperty("look", "chip")
        set_icon(self._newest, "arrow-down", "own")
        self._newest.setToolTip(tip(_("Go along with the newest words (End)")))
        self._newest.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the key for it is End
        self._newest.clicked.connect(self.go_to_newest)
        self._newest.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Words so far"))
        self.setMinimumSize(200, 80)
        self.verticalScrollBar().actionTriggered.connect(self._scrolled_by_hand)
        theme().changed.connect(self.viewport().update)

    # --- nouns in

    def set_empty(self, text: str) -> None:
        self._empty = text
        self.setAccessibleDescription("" if len(self.rows) else text)
        self.viewport().update()

    def add(self, line: Line) -> None:
        row = self.rows.add(line)
        if self._current is not None and self._current >= row:
            self._current += 1
        if self._anchor[0] > row:
            self._anchor = (self._anchor[0] + 1, self._anchor[1])
        self.setAccessibleDescription("")
        if self._sticks:
            self._to_end()
        else:
            self._settle()
            self._place_newest()

    def clear(self) -> None:
        self._current = None
        self._sticks = True
        self.replace_lines([])
        self.set_empty(self._empty)
        self._place_newest()

    @property
    def sticks(self) -> bool:
        """Whether the newest words are kept in view."""
        return self._sticks

    def go_to_newest(self) -> None:
        """Back to the end, and stay there."""
        self._sticks = True
        self._to_end()

    # --- the end

    def _to_end(self) -> None:
        if len(self.rows):
            self.reveal(len(self.rows) - 1)
            self._bar_to(self.verticalScrollBar().maximum())
            self._choose_anchor()
            self.viewport().update()
        self._place_newest()

    def _scrolled_by_hand(self) -> None:
        # the bar has not moved yet, but its slider stands where it will be
        bar = self.verticalScrollBar()
        self._sticks = bar.sliderPosition() >= bar.maximum() - _NEAR_END
        self._place_newest()

    def _place_newest(self) -> None:
        self._newest.setVisible(not self._sticks and len(self.rows) > 0)
        size, view = self._newest.sizeHint(), self.viewport()
        at = ((view.width() - size.width()) // 2, view.height() - size.height() - WIDE)
        self._newest.setGeometry(*at, *size.toTuple())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._sticks:
            self._to_end()
        self._place_newest()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            if not len(self.rows):
                paint_empty(painter, QRectF(self.viewport().rect()), self._empty)
            for row in self.rows_in_view():
                self._paint_row(painter, row, QRectF(event.rect()))

    def _paint_row(self, painter: QPainter, row: int, exposed: QRectF) -> None:
        line, laid = self.rows.lines[row], self.rows.laid(row)
        last = row + 1 == len(self.rows) or self.rows.starts_heading(row + 1)
        state = State(selected=row == self._current and self.hasFocus(), turn_ends=last)
        spots = places(line, laid, self.row_top(row), self.viewport().width(), acts=False)
        paint_row(painter, line, laid, spots, state, None, exposed)

    # --- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self._current is not None:
            QGuiApplication.clipboard().setText(self.rows.said(self._current, "{name} ({time}): {text}"))
        elif len(self.rows) and (goal := self._goal_of(event.key())) is not None:
            self._read(goal)
        else:
            event.ignore()

    def _goal_of(self, key: int) -> int | None:
        here, count = self._here(), len(self.rows)
        goals = {
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
        }
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        way = pages.get(Qt.Key(key))
        return goals.get(Qt.Key(key)) if way is None else self.page_from(min(here, count - 1), way)

    def _here(self) -> int:
        return len(self.rows) if self._current is None else self._current

    def _read(self, row: int) -> None:
        self._current = row = min(max(row, 0), len(self.rows) - 1)
        self._sticks = row == len(self.rows) - 1
        if self._sticks:
            self._to_end()
        else:
            self.reveal(row)
        self._place_newest()
        self.viewport().update()
        said = self.rows.said(row)
        self.setAccessibleDescription(said)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
