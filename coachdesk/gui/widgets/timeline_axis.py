"""Time along the timeline: milliseconds to pixels and back, and the ticks under the lanes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from coachdesk.gui.theme import colour, figures_font
from coachdesk.sentences import clock

_TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200)
_TICK_PX = 84  # from one tick to the next, at least
_FONT = 11  # px


@dataclass(frozen=True, slots=True)
class Scale:
    """Time to x and back, for the part of the call in view."""

    left: float
    width: float
    start_ms: float
    end_ms: float

    @property
    def ms_per_px(self) -> float:
        return max(self.end_ms - self.start_ms, 0.001) / max(self.width, 1.0)

    def x(self, ms: float) -> float:
        return self.left + (ms - self.start_ms) / self.ms_per_px

    def ms(self, x: float) -> float:
        return self.start_ms + (x - self.left) * self.ms_per_px


def tick_ms(scale: Scale) -> int:
    """From one tick to the next: the shortest round time that leaves room for the labels."""
    return next((s for s in _TICKS_S if s * 1000 / scale.ms_per_px >= _TICK_PX), _TICKS_S[-1]) * 1000


def paint_axis(painter: QPainter, scale: Scale, top: float, bottom: float, baseline: float) -> None:
    """Fine lines from `top` to `bottom` at the ticks, and their times on the baseline."""
    font = figures_font(_FONT)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(colour("muted"))
    step = tick_ms(scale)
    at = -(-int(scale.start_ms) // step) * step
    while at <= scale.end_ms:
        x = round(scale.x(at))
        painter.fillRect(QRectF(x, top, 1, bottom - top), colour("line"))
        text = clock(at)
        wide = metrics.horizontalAdvance(text)
        # labels at the ends stay inside
        left = min(max(x - wide / 2, scale.left), scale.left + scale.width - wide)
        painter.drawText(QPointF(left, baseline), text)
        at += step
