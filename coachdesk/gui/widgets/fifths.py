"""Wording over the fifths of a call, as a line: large with its axis, and tiny beside a sentence.

Only what is scanned is drawn; a fifth without words is a gap. Own side square, other side round: told apart without colour.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import side_token
from coachdesk.gui.widgets.reading import Document, capital, measurement, side_name, why_not
from coachdesk.gui.widgets.text import paint_line, tip
from coachdesk.sentences import N_, _, clock

PARTS = 5
_HEIGHT = 172
_ABOVE, _BELOW, _WORDS = 20, 40, 16  # px above and below the plot, and of a line of words
_LEAST = 0.3  # the scale never magnifies more than this, so that a ripple stays a ripple
_EVEN = 0.05
_NAMES = (N_("First fifth"), N_("Second fifth"), N_("Third fifth"), N_("Fourth fifth"), N_("Last fifth"))


@dataclass(frozen=True, slots=True)
class Line:
    """The wording of one side, by fifths of the call; None where there are no words."""

    side: str
    name: str
    values: tuple[float | None, ...]


def lines_of(document: Document) -> list[Line]:
    """The sides whose wording is scanned on this call, the other side first."""
    return [
        Line(side, side_name(document, side), tuple(_value(document, side, part) for part in range(1, PARTS + 1)))
        for side in ("other", "rep")
        if _value(document, side) is not None
    ]


def not_scanned(document: Document) -> str:
    """Why there is no line, in one sentence about the other side."""
    measured = measurement(document, "wording", "side:other")
    return _("Wording of {side}: {why}").format(
        side=side_name(document, "other"), why=why_not(measured) if measured else _("there are no words yet")
    )


def said_valence(value: float | None) -> str:
    if value is None:
        return _("no words")
    if abs(value) < _EVEN:
        return _("even")
    return _("more positive") if value > 0 else _("more negative")


def said_line(line: Line) -> str:
    """A line in words, for those who do not see it."""
    parts = ", ".join(said_valence(value) for value in line.values)
    return _("{side}, by fifths of the call: {parts}").format(side=capital(line.name), parts=parts)


def reach_of(lines: Sequence[Line]) -> float:
    """How far from 0 the scale goes, 1 at most."""
    return min(1.0, max([_LEAST, *(abs(v) * 1.25 for line in lines for v in line.values if v is not None)]))


def _value(document: Document, side: str, part: int | None = None) -> float | None:
    metric = "wording" if part is None else f"wording.{part}"
    measured = measurement(document, metric, f"side:{side}")
    return None if measured is None else measured["value"]


class Spark(QWidget):
    """The tiny line; what it shows is said beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self.setFixedSize(96, 24)
        theme.theme().changed.connect(self.update)

    def set_lines(self, lines: list[Line]) -> None:
        self._lines = lines
        self.setAccessibleName("; ".join(said_line(line) for line in lines))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            plot = QRectF(self.rect()).adjusted(0, 2, 0, -2)
            _paint_zero(painter, plot)
            for line in self._lines:
                _paint_line_of(painter, plot, line, reach_of(self._lines), 1.5, 2.0)


class Chart(QWidget):
    """The line with its axis: the times of the call below, a legend above, more positive up and more negative down."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._duration_ms = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self.update)

    def set_lines(self, lines: list[Line], duration_ms: int) -> None:
        self._lines, self._duration_ms = lines, duration_ms
        self.setAccessibleName("; ".join(said_line(line) for line in lines))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tip(self.told_at(event.pos())), self)
            return True
        return super().event(event)

    def told_at(self, at: QPoint) -> str:
        """What the fifth under a point shows, in words."""
        n = min(max(PARTS * at.x() // max(self.width(), 1), 0), PARTS - 1)
        begin, end = (clock(self._duration_ms * part / PARTS) for part in (n, n + 1))
        head = _("{part}, {begin} to {end}").format(part=_(_NAMES[n]), begin=begin, end=end)
        said = [f"{capital(line.name)}: {said_valence(line.values[n])}" for line in self._lines]
        return "\n".join([head, *said])

    def paintEvent(self, event: QPaintEvent) -> None:
        plot = QRectF(0, _ABOVE, self.width(), self.height() - _ABOVE - _BELOW)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, plot)
            for line in self._lines:
                _paint_line_of(painter, plot, line, reach_of(self._lines), 2.0, 4.0)
            self._paint_legend(painter)
            self._paint_times(painter, plot)

    def _paint_ground(self, painter: QPainter, plot: QRectF) -> None:
        painter.setPen(QPen(theme.colour("line"), 1, Qt.PenStyle.DotLine))
        for part in range(1, PARTS):
            x = plot.left() + plot.width() * part / PARTS
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        _paint_zero(painter, plot)
        font = theme.body_font(theme.SMALL)
        half = self.width() // 2
        for top, text in ((0, _("more positive")), (round(plot.bottom()) + 2, _("more negative"))):
            paint_line(painter, QRect(0, top, half, _WORDS), text, "muted", font)

    def _paint_legend(self, painter: QPainter) -> None:
        """The sides, at the right of the line above the plot."""
        font = theme.strong_font(theme.SMALL)
        x = self.width()
        for line in self._lines:
            name = capital(line.name)
            wide = min(QFontMetrics(font).horizontalAdvance(name) + 2, self.width() // 4)
            x -= wide
            paint_line(painter, QRect(x, 0, wide, _WORDS), name, side_token(line.side), font)
            x -= 10
            _paint_mark(painter, QPointF(x, _WORDS / 2 + 0.5), line.side, 4.0)
            x -= theme.WIDER

    def _paint_times(self, painter: QPainter, plot: QRectF) -> None:
        font = theme.figures_font()
        measure = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        for part in range(PARTS + 1):
            text = clock(self._duration_ms * part / PARTS)
            wide = measure.horizontalAdvance(text)
            x = min(max(plot.left() + plot.width() * part / PARTS - wide / 2, 0), self.width() - wide)
            painter.drawText(QPointF(x, self.height() - measure.descent() - 1), text)


def _paint_zero(painter: QPainter, plot: QRectF) -> None:
    shade = theme.colour("muted")
    shade.setAlphaF(0.45)
    painter.setPen(QPen(shade, 1))
    painter.drawLine(QPointF(plot.left(), plot.center().y()), QPointF(plot.right(), plot.center().y()))


def _paint_line_of(painter: QPainter, plot: QRectF, line: Line, reach: float, width: float, mark: float) -> None:
    points = [None if value is None else _point(plot, n, value, reach, mark) for n, value in enumerate(line.values)]
    painter.setPen(QPen(theme.colour(side_token(line.side)), width))
    for begin, end in itertools.pairwise(points):
        if begin is not None and end is not None:
            painter.drawLine(begin, end)
    for point in points:
        if point is not None:
            _paint_mark(painter, point, line.side, mark)


def _point(plot: QRectF, n: int, value: float, reach: float, mark: float) -> QPointF:
    up = min(max(value / reach, -1.0), 1.0)
    return QPointF(
        plot.left() + plot.width() * (n + 0.5) / PARTS, plot.center().y() - up * (plot.height() / 2 - mark - 1)
    )


def _paint_mark(painter: QPainter, at: QPointF, side: str, size: float) -> None:
    """A round mark for the other side, a square one for the own, with a rim where there is room for one."""
    painter.save()
    painter.setPen(QPen(theme.colour("card"), 1.5) if size > 3 else Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(side_token(side)))
    box = QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size)
    if side == "rep":
        painter.drawRect(box)
    else:
        painter.drawEllipse(box)
    painter.restore()
