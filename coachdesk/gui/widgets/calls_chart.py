"""A number over calls: a dot for each call, the band of what is usual, where a goal began and from where on it counts as done.

Every dot is a call: chosen by a click or the arrow keys, opened by a double click or Return. Even steps, not a calendar: calls
are compared, not days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from coachdesk.gui import theme
from coachdesk.gui.theme import colour
from coachdesk.gui.widgets.dots import RADIUS, paint_dot
from coachdesk.gui.widgets.text import paint_line, tip
from coachdesk.sentences import _

_STEP, _EDGE, _LEAST_STEP = 44.0, 10.0, 9.0  # px between dots, and around them
_SCALE_GAP = 8  # px between the scale's words and the dots


@dataclass(frozen=True, slots=True)
class Point:
    """A call. `done`: True and None as the dots are; plain numbers are `plain`. `said`: what is told of it."""

    call: str
    value: float | None
    said: str
    done: bool | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands behind the dots: a band, lines where a goal counts as done, and how many calls lie before it began."""

    band: tuple[float, float] | None = None
    lines: tuple[float, ...] = ()
    before: int = 0


class CallsChart(QWidget):
    chosen = Signal(str)
    open_asked = Signal(str)

    def __init__(self, height: int = 96) -> None:
        super().__init__()
        self._height = height
        self._points: tuple[Point, ...] = ()
        self._frame = Frame()
        self._say: Callable[[float], str] = str
        self._current = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.theme().changed.connect(self.update)

    def set_points(self, points: Sequence[Point], frame: Frame, say: Callable[[float], str], name: str) -> None:
        """Calls oldest first; `say` puts a value into words; `name` is what the chart is of. The newest call is chosen."""
        self._points, self._frame, self._say, self._name = tuple(points), frame, say, name
        self._current = len(self._points) - 1
        self._tell()
        self.update()

    @property
    def current(self) -> Point | None:
        return self._points[self._current] if self._points else None

    def choose(self, n: int) -> None:
        n = min(max(n, 0), len(self._points) - 1)
        if self._points and n != self._current:
            self._current = n
            self._tell()
            self.chosen.emit(self._points[n].call)
            self.update()

    def _tell(self) -> None:
        now = self.current
        self.setAccessibleName(_("{name}, by call").format(name=self._name))
        self.setAccessibleDescription(now.said if now else "")

    # --- where things lie

    def _scale(self) -> tuple[float, float]:
        values = [p.value for p in self._points if p.value is not None]
        values += [*(self._frame.band or ()), *self._frame.lines]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if high - low < 1e-9:
            low, high = low - max(abs(low) / 2, 0.5), high + max(abs(high) / 2, 0.5)
            low = 0.0 if low < 0 <= values[0] else low
        return low, high

    def _words_width(self) -> int:
        metrics = QFontMetrics(theme.figures_font())
        return max(metrics.horizontalAdvance(self._say(end)) for end in self._scale()) + 2 + _SCALE_GAP

    def _field(self) -> QRectF:
        left = self._words_width()
        return QRectF(left, _EDGE, max(self.width() - left - _EDGE, 1.0), max(self.height() - 2 * _EDGE, 1.0))

    def _at(self, n: int) -> QPointF:
        field, value = self._field(), self._points[n].value
        step = min(_STEP, max((field.width() - _EDGE) / max(len(self._points), 1), _LEAST_STEP))
        hidden = max(0, len(self._points) - int((field.width() - _EDGE) / step))  # the oldest give way
        y = field.bottom() if value is None else self._y(value)
        return QPointF(field.left() + _EDGE + (n - hidden) * step, y)

    def _y(self, value: float) -> float:
        low, high = self._scale()
        field = self._field()
        return field.bottom() - field.height() * (value - low) / (high - low)

    def _near(self, at: QPoint) -> int:
        """The dot a place belongs to: the nearest across."""
        return min(range(len(self._points)), key=lambda n: abs(self._at(n).x() - at.x()), default=-1)

    # --- painting

    def sizeHint(self) -> QSize:
        return QSize(320, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_frame(painter)
            self._paint_scale(painter)
            for n in range(len(self._points)):
                if self._at(n).x() >= self._field().left():
                    self._paint_point(painter, n)

    def _paint_frame(self, painter: QPainter) -> None:
        field = self._field()
        if self._frame.band:
            low, high = (self._y(end) for end in self._frame.band)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("own_soft"))
            painter.drawRoundedRect(QRectF(field.left(), high - 1, field.width(), max(low - high, 0) + 2), 3, 3)
        painter.setPen(QPen(colour("muted"), 1, Qt.PenStyle.DashLine))
        for line in self._frame.lines:
            painter.drawLine(QPointF(field.left(), self._y(line)), QPointF(field.right(), self._y(line)))
        if 0 < self._frame.before <= len(self._points):
            last = self._at(self._frame.before - 1).x()
            nextx = self._at(self._frame.before).x() if self._frame.before < len(self._points) else last + _STEP
            x = (last + nextx) / 2
            if x > field.left():
                painter.setPen(QPen(colour("line"), 2))
                painter.drawLine(QPointF(x, 2), QPointF(x, self.height() - 2))

    def _paint_scale(self, painter: QPainter) -> None:
        low, high = self._scale()
        width, small = self._words_width() - _SCALE_GAP, theme.figures_font()
        height = QFontMetrics(small).height()
        for value, top in ((high, int(self._y(high)) - height // 2), (low, int(self._y(low)) - height // 2)):
            paint_line(painter, QRect(0, top, width, height), self._say(value), "muted", small, right=True)

    def _paint_point(self, painter: QPainter, n: int) -> None:
        point, at = self._points[n], self._at(n)
        if n == self._current:
            painter.setPen(QPen(colour("own"), 2 if self.hasFocus() else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, RADIUS + 4, RADIUS + 4)
        if point.plain:
            paint_dot(painter, at, True if point.value is not None else None, token="own")
        else:
            paint_dot(painter, at, point.done)

    # --- keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self.choose(self._current + steps[key])
        elif key == Qt.Key.Key_Home:
            self.choose(0)
        elif key == Qt.Key.Key_End:
            self.choose(len(self._points) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current:
            self.open_asked.emit(self.current.call)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(self._near(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.current:
            self.open_asked.emit(self.current.call)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._points:
            QToolTip.showText(event.globalPos(), tip(self._points[self._near(event.pos())].said), self)
            return True
        return super().event(event)
