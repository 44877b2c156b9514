"""The call on one time axis: a lane of waveform per side, one line of marks, the time, and where playback is.

Everything but the playhead is painted once and kept; a moving playhead repaints two thin strips.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QToolTip, QWidget

from coachdesk.gui.theme import CONTROL_RADIUS, SMALL, colour, strong_font, theme
from coachdesk.gui.widgets.text import tidy, tip
from coachdesk.gui.widgets.timeline_axis import Scale, paint_axis
from coachdesk.gui.widgets.timeline_marks import SIZE, Mark, Placed, mark_colour, paint_mark, place
from coachdesk.gui.widgets.timeline_wave import Lane, lane_colour, loudest, paint_lane
from coachdesk.sentences import _, clock

__all__ = ["Lane", "Mark", "Timeline"]

_PAD, _LANE, _LANE_LEAST, _LANE_GAP, _MARKS, _AXIS = 4, 38, 20, 4, 20, 20  # px
_NAME_MOST, _NAME_GAP = 112, 10  # px
_STRIP = 7  # px a playhead reaches to each side
_STEP_MS = 5_000
_SHORTEST_MS = 4_000  # the closest one can look
_ZOOM = 1.25  # per wheel notch or key
_NEAR_PX = 8.0  # a click this near to a mark means the mark
_TOLD_AT_ONCE = 4  # marks in one tool tip
_PLAYED_ON_MS = 2_000  # a longer way from one position to the next is a jump


class Timeline(QWidget):
    """Lanes, marks and time of one call."""

    sought = Signal(int)
    mark_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes: tuple[Lane, ...] = ()
        self._loud: tuple[float, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._kinds: set[str] | None = None
        self._duration = 0
        self._position = 0
        self._span: tuple[int, int] | None = None
        self._view = (0.0, 0.0)
        self._kept: QPixmap | None = None
        self._placed: list[Placed] = []
        self._hover: float | None = None
        self._dragged = Qt.MouseButton.NoButton
        self._drag_x = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.grabGesture(Qt.GestureType.PinchGesture)
        theme().changed.connect(self._forget)
        self._describe()

    # --- what it shows

    def set_call(self, lanes: Sequence[Lane], duration_ms: int, marks: Sequence[Mark]) -> None:
        """Show a call from its start, whole."""
        self._lanes = tuple(lanes)
        self._loud = tuple(loudest(lane) if lane.peaks else 0.0 for lane in self._lanes)
        self._marks = tuple(marks)
        self._duration = max(duration_ms, 0)
        self._position = 0
        self._span = None
        self._view = (0.0, float(self._duration))
        self._describe()
        self.updateGeometry()
        self._forget()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        self._marks = tuple(marks)
        self._describe()
        self._forget()

    def set_shown_kinds(self, kinds: set[str]) -> None:
        """Only marks of these kinds are painted and can be clicked."""
        self._kinds = set(kinds)
        self._forget()

    def set_position(self, ms: int) -> None:
        """Where playback is. In a closer view the view goes along, unless the person looks elsewhere."""
        before, after = self._position, min(max(ms, 0), self._duration)
        if before == after:
            return
        start, end = self._view
        self._position = after
        looked_at = start <= before <= end
        if not start <= after <= end - (end - start) * 0.05 and end - start < self._duration:
            jumped = abs(after - before) > _PLAYED_ON_MS
            if (looked_at and after > start) or (jumped and not start <= after <= end):
                self._look_at(after - (end - start) * 0.15, end - start)
                return
        for at in (before, after):
            self.update(self._strip(self._scale().x(at)))

    def set_span(self, start_ms: int | None, end_ms: int | None) -> None:
        """The stretch that is being played as evidence; None takes it away."""
        self._span = None if start_ms is None or end_ms is None else (start_ms, end_ms)
        self.update()

    @property
    def position_ms(self) -> int:
        return self._position

    @property
    def view_ms(self) -> tuple[int, int]:
        """The part of the call in view."""
        return round(self._view[0]), round(self._view[1])

    def _describe(self) -> None:
        own = sum(end - start for lane in self._lanes if lane.side == "rep" for start, end in lane.runs)
        spoken = sum(end - start for lane in self._lanes for start, end in lane.runs)
        name = _("Timeline, {length}").format(length=clock(self._duration))
        if spoken:
            share = round(100 * own / spoken)
            name = _("Timeline, {length}, you {share} %").format(length=clock(self._duration), share=share)
        self.setAccessibleName(name)
        lines = [tidy(lane.name) for lane in self._lanes]
        lines.append(_("{n} marks").format(n=len(self._marks)))
        lines.append(
            _("Arrow keys go five seconds, with Ctrl from mark to mark; plus, minus and zero change the zoom.")
        )
        self.setAccessibleDescription(". ".join(line for line in lines if line))

    # --- where things lie

    def sizeHint(self) -> QSize:
        return QSize(600, self._tall(_LANE))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, self._tall(_LANE_LEAST))

    def _tall(self, lane: int) -> int:
        count = max(len(self._lanes), 2)
        return 2 * _PAD + count * lane + (count - 1) * _LANE_GAP + _MARKS + _AXIS

    def _name_width(self) -> float:
        metrics = QFontMetricsF(strong_font(SMALL))
        widest = max((metrics.horizontalAdvance(tidy(lane.name)) for lane in self._lanes), default=0.0)
        return min(widest + 1, _NAME_MOST, self.width() * 0.2)

    def _scale(self) -> Scale:
        left = 2 * _PAD + self._name_width() + _NAME_GAP
        return Scale(left, max(self.width() - left - 3 * _PAD, 1.0), *self._view)

    def _lane_rect(self, number: int, scale: Scale) -> QRectF:
        count = max(len(self._lanes), 1)
        room = self.height() - 2 * _PAD - _MARKS - _AXIS - (count - 1) * _LANE_GAP
        each = max(room / count, 1.0)
        return QRectF(scale.left, _PAD + number * (each + _LANE_GAP), scale.width, each)

    def _marks_y(self) -> float:
        return self.height() - _PAD - _AXIS - _MARKS / 2

    def _strip(self, x: float) -> QRect:
        return QRect(int(x) - _STRIP, 0, 2 * _STRIP + 1, self.height())

    # --- painting

    def _forget(self) -> None:
        self._kept = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        scale = self._scale()
        if self._kept is None or self._kept.devicePixelRatio() != ratio:
            self._kept = self._painted(scale, ratio)
        with QPainter(self) as painter:
            if self._span:
                self._paint_span(painter, scale)
            painter.drawPixmap(0, 0, self._kept)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._duration:
                self._paint_hover(painter)
                self._paint_playhead(painter, scale)
            if self.hasFocus():
                painter.setPen(QPen(colour("own"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CONTROL_RADIUS, CONTROL_RADIUS)

    def _painted(self, scale: Scale, ratio: float) -> QPixmap:
        kept = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        kept.setDevicePixelRatio(ratio)
        kept.fill(Qt.GlobalColor.transparent)
        with QPainter(kept) as painter:
            if self._duration:
                line = self.height() - _PAD - _AXIS
                paint_axis(painter, scale, _PAD, line + 4, self.height() - _PAD - 3)
                painter.fillRect(QRectF(scale.left, line - _MARKS, scale.width, 1), colour("line"))
                for number, lane in enumerate(self._lanes):
                    rect = self._lane_rect(number, scale)
                    self._paint_name(painter, lane, rect)
                    paint_lane(painter, rect, lane, scale, self._loud[number], ratio)
                self._paint_marks(painter, scale)
        return kept

    def _paint_name(self, painter: QPainter, lane: Lane, rect: QRectF) -> None:
        font = strong_font(SMALL)
        width = self._name_width()
        painter.setFont(font)
        painter.setPen(lane_colour(lane))
        name = QFontMetricsF(font).elidedText(tidy(lane.name), Qt.TextElideMode.ElideRight, width)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(2 * _PAD, rect.top(), width + 1, rect.height()), int(flags), name)

    def _paint_marks(self, painter: QPainter, scale: Scale) -> None:
        shown = [mark for mark in self._marks if self._kinds is None or mark.kind in self._kinds]
        self._placed = place(shown, scale.x, scale.left - 0.5, scale.left + scale.width + 0.5)
        y = self._marks_y()
        painter.setPen(Qt.PenStyle.NoPen)
        for mark in shown:
            x, end = scale.x(mark.start_ms), scale.x(mark.end_ms)
            left, right = max(x, scale.left), min(end, scale.left + scale.width)
            if right - left > SIZE and end - x > SIZE:
                tone = mark_colour(mark.kind)
                tone.setAlphaF(0.3)
                painter.fillRect(QRectF(left, y + 6, right - left, 2), tone)
        for placed in self._placed:
            if not placed.hidden:
                paint_mark(painter, placed.mark.kind, QPointF(placed.x, y))

    def _paint_span(self, painter: QPainter, scale: Scale) -> None:
        assert self._span
        left = max(scale.x(self._span[0]), scale.left)
        right = min(scale.x(self._span[1]), scale.left + scale.width)
        if right >= scale.left and left <= scale.left + scale.width:
            band = QRectF(left, 1, max(right - left, 3.0), self.height() - _AXIS - _PAD - 1)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = colour("attention")
            edge.setAlphaF(0.45)
            painter.setPen(QPen(edge, 1))
            painter.setBrush(colour("attention_soft"))
            painter.drawRoundedRect(band.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_hover(self, painter: QPainter) -> None:
        if self._hover is not None:
            painter.fillRect(QRectF(self._hover, _PAD, 1, self.height() - _AXIS - 2 * _PAD), colour("muted"))

    def _paint_playhead(self, painter: QPainter, scale: Scale) -> None:
        x = scale.x(self._position)
        if scale.left - 1 <= x <= scale.left + scale.width + 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("text"))
            painter.drawRoundedRect(QRectF(x - 0.75, 3, 1.5, self.height() - _AXIS - _PAD - 1), 0.75, 0.75)
            painter.drawEllipse(QPointF(x, 6), 4, 4)

    # --- looking closer

    def _look_at(self, start: float, length: float) -> None:
        length = min(max(length, min(_SHORTEST_MS, self._duration)), float(self._duration))
        start = min(max(start, 0.0), self._duration - length)
        if (start, start + length) != self._view:
            self._view = (start, start + length)
            self._forget()

    def _zoom(self, factor: float, x: float | None = None) -> None:
        """Closer (over 1) or farther; the time under x stays where it is, without x the playhead or the middle."""
        scale = self._scale()
        if x is None:
            head = scale.x(self._position)
            x = head if scale.left <= head <= scale.left + scale.width else scale.left + scale.width / 2
        x = min(max(x, scale.left), scale.left + scale.width)
        fixed = scale.ms(x)
        length = min(max((self._view[1] - self._view[0]) / factor, _SHORTEST_MS), float(self._duration))
        self._look_at(fixed - length * (x - scale.left) / scale.width, length)

    def _pan(self, px: float) -> None:
        start, end = self._view
        self._look_at(start - px * self._scale().ms_per_px, end - start)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, side = event.angleDelta().y(), event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turned:
            self._zoom(_ZOOM ** (turned / 120), event.position().x())
        elif side and self._view[1] - self._view[0] < self._duration:
            self._pan(event.pixelDelta().x() or side / 2)
        else:
            event.ignore()  # the page scrolls
            return
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._tell(event)
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom(1 + event.value(), event.position().x())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._zoom(pinch.scaleFactor(), self.mapFromGlobal(pinch.centerPoint()).x())
                return True
        return super().event(event)

    # --- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = event.button()
        self._drag_x = event.position().x()
        if event.button() == Qt.MouseButton.LeftButton:
            mark = self._mark_at(event.position())
            if mark:
                self._dragged = Qt.MouseButton.NoButton
                self.mark_chosen.emit(mark)
            else:
                self._seek(self._scale().ms(event.position().x()))
        elif self._dragged in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._dragged == Qt.MouseButton.LeftButton:
            self._seek(self._scale().ms(x))
        elif self._dragged in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            self._pan(x - self._drag_x)
            self._drag_x = x
        else:
            self.setCursor(self._cursor_for(event.position()))
        self._point_at(x)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = Qt.MouseButton.NoButton
        self.setCursor(self._cursor_for(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    def _cursor_for(self, at: QPointF) -> Qt.CursorShape:
        return Qt.CursorShape.PointingHandCursor if self._mark_at(at) else Qt.CursorShape.ArrowCursor

    def _point_at(self, x: float | None) -> None:
        scale = self._scale()
        now = round(x) if x is not None and scale.left <= x <= scale.left + scale.width else None
        for at in {self._hover, now} - {None}:
            self.update(self._strip(at or 0.0))
        self._hover = now

    def _near(self, at: QPointF) -> list[Placed]:
        if abs(at.y() - self._marks_y()) > _MARKS / 2:
            return []
        near = [placed for placed in self._placed if abs(placed.x - at.x()) <= _NEAR_PX]
        return sorted(near, key=lambda placed: (placed.hidden, abs(placed.x - at.x())))

    def _mark_at(self, at: QPointF) -> Mark | None:
        near = self._near(at)
        return near[0].mark if near else None

    def _tell(self, event: QHelpEvent) -> bool:
        scale = self._scale()
        x = float(event.pos().x())
        if not self._duration or not scale.left <= x <= scale.left + scale.width:
            QToolTip.hideText()
            return True
        near = self._near(QPointF(event.pos()))
        lines = [f"{clock(one.mark.start_ms)}  {one.mark.label}" for one in near[:_TOLD_AT_ONCE]]
        if len(near) > _TOLD_AT_ONCE:
            lines.append(_("and {n} more: zoom in").format(n=len(near) - _TOLD_AT_ONCE))
        QToolTip.showText(event.globalPos(), tip("\n".join(lines) or clock(scale.ms(x))), self)
        return True

    # --- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, marks = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            way = -1 if key == Qt.Key.Key_Left else 1
            if marks:
                self._next_mark(way)
            else:
                self._seek(self._position + way * _STEP_MS, said=True)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._seek(0 if key == Qt.Key.Key_Home else self._duration, said=True)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(_ZOOM)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._zoom(1 / _ZOOM)
        elif key == Qt.Key.Key_0:
            self._look_at(0, self._duration)
        else:
            event.ignore()

    def _seek(self, ms: float, said: bool = False) -> None:
        at = min(max(round(ms), 0), self._duration)
        if not self._duration:
            return
        self.set_position(at)
        self.sought.emit(at)
        if said:
            self._announce(clock(at))

    def _next_mark(self, way: int) -> None:
        shown = [m for m in self._marks if self._kinds is None or m.kind in self._kinds]
        ahead = [m for m in shown if (m.start_ms - self._position) * way > 0]
        if ahead:
            mark = min(ahead, key=lambda m: abs(m.start_ms - self._position))
            self.set_position(mark.start_ms)
            self.mark_chosen.emit(mark)
            self._announce(f"{clock(mark.start_ms)} {tidy(mark.label)}")

    def _announce(self, text: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
