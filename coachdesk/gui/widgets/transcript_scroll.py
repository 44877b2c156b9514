"""Scrolling over rows whose heights are guesses until they are seen.

What is on screen never jumps: when a guess above it turns out wrong, the scroll position moves with it.
"""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QEvent, QPoint, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QFocusEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from coachdesk.gui.theme import CONTROL_RADIUS, MOTION_MS, colour, moves
from coachdesk.gui.widgets.transcript_places import text_width
from coachdesk.gui.widgets.transcript_rows import Line, Rows

_FRAME = 2  # px, room for the focus ring
_FOOT = 12  # px under the last row
_STEP = 24  # px per arrow of the scroll bar; the wheel takes three
_AHEAD = 120  # px measured beyond the view
_MOST_PASSES = 8  # each pass can bring new rows into view; two are usual


class RowScroll(QAbstractScrollArea):
    """A column of rows, scrolled by the pixel."""

    acts = True  # whether rows have something at their right while the pointer is on them

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = Rows()
        self._settling = False
        self._anchor = (0, 0)  # a row and its top on screen
        self._motion = QVariantAnimation(self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(lambda value: self.verticalScrollBar().setValue(int(value)))
        self.setFrameShape(QFrame.Shape.Box)
        self.setLineWidth(_FRAME)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(_STEP)
        self.viewport().setAutoFillBackground(False)

    # --- rows and places

    def replace_lines(self, lines: list[Line]) -> None:
        """Other rows, seen from the first one."""
        self._motion.stop()
        self.rows.set_lines(lines)
        self.rows.set_width(text_width(self.viewport().width(), self.acts))
        self._anchor = (0, 0)
        self._bar_to(0)
        self._settle()

    def row_top(self, row: int) -> int:
        """The top of a row on screen."""
        return self.rows.heights.top(row) - self.verticalScrollBar().value()

    def row_at(self, y: int) -> int | None:
        """The row at a height on screen."""
        place = y + self.verticalScrollBar().value()
        if not len(self.rows) or not 0 <= place < self.rows.heights.total:
            return None
        return self.rows.heights.row_at(place)

    def rows_in_view(self) -> range:
        """The rows at least partly on screen."""
        if not len(self.rows):
            return range(0)
        value = self.verticalScrollBar().value()
        heights = self.rows.heights
        return range(heights.row_at(value), heights.row_at(value + self.viewport().height() - 1) + 1)

    def update_row(self, row: int | None) -> None:
        """Paint one row again."""
        if row is not None and 0 <= row < len(self.rows):
            self.viewport().update(0, self.row_top(row), self.viewport().width(), self.rows.heights[row] + 1)

    # --- settling

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if not self._settling:
            self._anchor = (self._anchor[0], self._anchor[1] + dy)
            self._settle()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rows.set_width(text_width(self.viewport().width(), self.acts))
        self._settle()

    def _settle(self) -> None:
        """Measure what is in view, keep the anchored row where it is, and choose the next anchor."""
        if not len(self.rows):
            self._range()
            return
        row, on_screen = self._near_anchor()
        for _pass in range(_MOST_PASSES):
            self._range()
            self._bar_to(self.rows.heights.top(row) - on_screen)
            if not self._measure_view():
                break
        self._range()
        self._bar_to(self.rows.heights.top(row) - on_screen)
        self._choose_anchor()
        self.viewport().update()

    def _near_anchor(self) -> tuple[int, int]:
        """The anchor, or after a far jump the row now at the top."""
        row, on_screen = self._anchor
        page = self.viewport().height()
        if row < len(self.rows) and -page <= on_screen <= 2 * page:
            return row, on_screen
        row = self.rows.heights.row_at(self.verticalScrollBar().value())
        return row, self.row_top(row)

    def _measure_view(self) -> bool:
        """Lay out the rows in and near the view; says whether a height changed."""
        heights = self.rows.heights
        changed = False
        value = self.verticalScrollBar().value()
        row = heights.row_at(max(value - _AHEAD, 0))
        end = value + self.viewport().height() + _AHEAD
        top = heights.top(row)
        while row < len(self.rows) and top < end:
            exact = self.rows.is_exact(row)
            height = heights[row]
            top += self.rows.laid(row).height
            changed = changed or (not exact and heights[row] != height)
            row += 1
        return changed

    def _choose_anchor(self) -> None:
        # the first row that begins on screen: what the eye holds on to
        value = self.verticalScrollBar().value()
        row = self.rows.heights.row_at(value)
        if self.row_top(row) < 0 and row + 1 < len(self.rows) and self.row_top(row + 1) < self.viewport().height():
            row += 1
        self._anchor = (row, self.row_top(row))

    def _range(self) -> None:
        self._settling = True
        page = self.viewport().height()
        whole = self.rows.heights.total + _FOOT if len(self.rows) else 0
        self.verticalScrollBar().setRange(0, max(whole - page, 0))
        self.verticalScrollBar().setPageStep(page)
        self._settling = False

    def _bar_to(self, value: int) -> None:
        self._settling = True
        self.verticalScrollBar().setValue(value)
        self._settling = False

    # --- going somewhere

    def place_row(self, row: int, part: float) -> None:
        """Bring a row's top to a part of the view's height, at once."""
        self._motion.stop()
        self._anchor = (row, round(self.viewport().height() * part))
        self._settle()

    def glide_to(self, row: int, part: float) -> None:
        """The same gently, where it is near and the system likes motion."""
        page = self.viewport().height()
        goal = self._goal(row, part)
        near = abs(goal - self.verticalScrollBar().value()) <= 2 * page
        if not near or not self.isVisible() or not moves(self):
            self.place_row(row, part)
            return
        # measured first, so that nothing on the way is corrected and the goal stays the goal
        for other in range(*self._between(goal)):
            self.rows.laid(other)
        self._settle()
        self._motion.stop()
        self._motion.setDuration(MOTION_MS)
        self._motion.setStartValue(self.verticalScrollBar().value())
        self._motion.setEndValue(self._goal(row, part))
        self._motion.start()

    def reveal(self, row: int) -> None:
        """The least scrolling that shows the row whole."""
        height = self.rows.laid(row).height
        self._settle()
        top, page = self.row_top(row), self.viewport().height()
        if top < 0 or height >= page:
            if not (height >= page and top <= 0 and top + height >= page):
                self.place_row(row, 0.0)
        elif top + height + _FOOT > page:
            self.place_row(row, (page - height - _FOOT) / page)

    def page_from(self, row: int, way: int) -> int:
        """The row a page further (1) or back (-1)."""
        heights = self.rows.heights
        goal = heights.row_at(max(heights.top(row) + way * self.viewport().height(), 0))
        return goal if goal != row else row + way

    def _goal(self, row: int, part: float) -> int:
        goal = self.rows.heights.top(row) - round(self.viewport().height() * part)
        return min(max(goal, 0), self.verticalScrollBar().maximum())

    def _between(self, goal: int) -> tuple[int, int]:
        heights, value = self.rows.heights, self.verticalScrollBar().value()
        low, high = min(goal, value), max(goal, value) + self.viewport().height()
        return heights.row_at(max(low - _AHEAD, 0)), heights.row_at(high + _AHEAD) + 1

    # --- the ring

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:  # of the frame; the viewport's paint comes through viewportEvent
            with QPainter(self) as painter:
                self._paint_ring(painter)
            return True
        return super().event(event)

    def _paint_ring(self, painter: QPainter) -> None:
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("own"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CONTROL_RADIUS, CONTROL_RADIUS)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
        self.viewport().update()

    def global_of(self, row: int) -> QPoint:
        """Where a menu for a row opens when no mouse says where."""
        top = max(self.row_top(row), 0)
        return self.viewport().mapToGlobal(QPoint(40, min(top + 24, self.viewport().height())))
