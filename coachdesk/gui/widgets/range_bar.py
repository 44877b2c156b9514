"""The range bar: where a number lies, and the range that is usual. A picture of it, never a mark."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from coachdesk.gui.theme import colour, theme
from coachdesk.gui.widgets.reading import Document

_HEIGHT = 18
_TRACK, _TICK = 6.0, 4.0  # px
_WHOLE_FROM = 0.3  # a range of shares that reaches this far is shown on a scale of 0 to 100 %


class RangeBar(QWidget):
    """A track from 0, the usual band on it, a tick for each value in the colour of its side."""

    def __init__(self, target: Document, values: Sequence[tuple[float, str]], unit: str, said: str) -> None:
        super().__init__()
        self._values = tuple(values)
        self.top = top_of(target, [value for value, _token in values], unit)
        self._low = target["low"] or 0.0
        self._high = self.top if target["high"] is None else target["high"]
        self.setAccessibleName(said)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, _HEIGHT)

    def at(self, value: float) -> float:
        """Where a value lies, in px from where the language begins to read."""
        return self.width() * min(max(value / self.top, 0.0), 1.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                painter.translate(self.width(), 0)
                painter.scale(-1, 1)
            usual = colour("muted")
            usual.setAlphaF(0.45)
            self._bar(painter, 0, self.width(), colour("line"))
            self._bar(painter, self.at(self._low), self.at(self._high), usual)
            for value, token in reversed(self._values):  # the first on top
                self._tick(painter, self.at(value), token)

    def _bar(self, painter: QPainter, begin: float, end: float, shade: QColor) -> None:
        painter.setBrush(shade)
        bar = QRectF(begin, (self.height() - _TRACK) / 2, max(end - begin, _TRACK), _TRACK)
        painter.drawRoundedRect(bar, _TRACK / 2, _TRACK / 2)

    def _tick(self, painter: QPainter, at: float, token: str) -> None:
        left = min(max(at - _TICK / 2, 1.5), self.width() - _TICK - 1.5)
        tick = QRectF(left, 1.0, _TICK, self.height() - 2.0)
        painter.setBrush(colour("card"))  # a rim, so that it is seen on the band
        painter.drawRoundedRect(tick.adjusted(-1.5, -1.0, 1.5, 1.0), 3.0, 3.0)
        painter.setBrush(colour(token))
        painter.drawRoundedRect(tick, 2.0, 2.0)


def top_of(target: Document, values: Sequence[float], unit: str) -> float:
    """Where the scale ends: room beyond the range, and for the largest value."""
    reach = float(target["high"] if target["high"] is not None else (target["low"] or 0.0) * 1.5)
    top = max(reach * 1.6, *(value * 1.08 for value in values), 1e-6)
    if unit != "ratio":
        return top
    return 1.0 if reach >= _WHOLE_FROM else min(top, 1.0)
