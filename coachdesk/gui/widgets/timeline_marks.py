"""Marks under the waveform: one shape and one colour per kind, and where on the line each finds room.

Kinds are told apart by shape; colour only helps. Legends and rows that speak of a kind paint the same shape.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from coachdesk.gui.theme import colour

SIZE = 9.0  # px, the room one shape takes
_NUDGE = 12.0  # px a mark may stand beside its moment where others stand already

COLOURS = {
    "question": "own",
    "tracker": "muted",
    "comment": "text",
    "evidence": "attention",
    "wording_good": "good",
    "wording_bad": "attention",
    "next_step": "good",
    "corrected": "muted",
}
# who gets the place where two want it
_FIRST = ("evidence", "next_step", "comment", "wording_bad", "wording_good", "tracker", "question", "corrected")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened in the call."""

    start_ms: int
    end_ms: int
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark where it is painted; `hidden` ones found no room at this zoom."""

    mark: Mark
    x: float
    hidden: bool


def place(marks: Iterable[Mark], x_of: Callable[[float], float], left: float, right: float) -> list[Placed]:
    """Marks that begin between `left` and `right`, side by side where they would lie on one another."""
    taken: list[float] = []
    found = []
    for mark in sorted(marks, key=lambda m: (_rank(m.kind), m.start_ms)):
        wanted = x_of(mark.start_ms)
        if left <= wanted <= right:
            x = _room(taken, min(max(wanted, left + SIZE / 2), right - SIZE / 2))
            found.append(Placed(mark, wanted if x is None else x, x is None))
            if x is not None:
                bisect.insort(taken, x)
    return found


def _rank(kind: str) -> int:
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def _room(taken: list[float], wanted: float) -> float | None:
    """The nearest free place at or after the wanted one."""
    x = wanted
    for other in taken[bisect.bisect_left(taken, wanted - SIZE) :]:
        if other >= x + SIZE:
            break
        x = max(x, other + SIZE)
        if x - wanted > _NUDGE:
            return None
    return x


# --- shapes, each within SIZE x SIZE around 0, 0


def _ring(painter: QPainter, shade: QColor) -> None:
    painter.setPen(QPen(shade, 2.0))
    painter.drawEllipse(QPointF(0, 0), 2.9, 2.9)


def _square(painter: QPainter, shade: QColor) -> None:
    painter.setBrush(shade)
    painter.drawRoundedRect(QRectF(-2.8, -2.8, 5.6, 5.6), 1, 1)


def _bubble(painter: QPainter, shade: QColor) -> None:
    path = QPainterPath()
    path.addRoundedRect(QRectF(-4.2, -4, 8.4, 6), 1.8, 1.8)
    path.moveTo(-2.4, 1.6)
    path.lineTo(-2.4, 4.6)
    path.lineTo(1, 1.6)
    path.closeSubpath()
    painter.setBrush(shade)
    painter.drawPath(path)


def _corners(painter: QPainter, shade: QColor, *points: tuple[float, float]) -> None:
    painter.setBrush(shade)
    painter.drawPolygon([QPointF(x, y) for x, y in points])


def _diamond(painter: QPainter, shade: QColor) -> None:
    _corners(painter, shade, (0, -4.4), (4.4, 0), (0, 4.4), (-4.4, 0))


def _up(painter: QPainter, shade: QColor) -> None:
    _corners(painter, shade, (0, -3.8), (4.2, 3.2), (-4.2, 3.2))


def _down(painter: QPainter, shade: QColor) -> None:
    _corners(painter, shade, (0, 3.8), (4.2, -3.2), (-4.2, -3.2))


def _flag(painter: QPainter, shade: QColor) -> None:
    painter.setPen(QPen(shade, 1.4))
    painter.drawLine(QPointF(-3, -4.2), QPointF(-3, 4.4))
    painter.setPen(Qt.PenStyle.NoPen)
    _corners(painter, shade, (-3, -4.4), (4.4, -2), (-3, 0.6))


def _slash(painter: QPainter, shade: QColor) -> None:
    painter.setPen(QPen(shade, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(-2.6, 3), QPointF(2.6, -3))


_SHAPES: dict[str, Callable[[QPainter, QColor], None]] = {
    "question": _ring,
    "tracker": _square,
    "comment": _bubble,
    "evidence": _diamond,
    "wording_good": _up,
    "wording_bad": _down,
    "next_step": _flag,
    "corrected": _slash,
}


def paint_mark(painter: QPainter, kind: str, centre: QPointF, scale: float = 1.0) -> None:
    """The shape of a kind around a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    painter.scale(scale, scale)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _SHAPES.get(kind, _square)(painter, mark_colour(kind))
    painter.restore()


def mark_colour(kind: str) -> QColor:
    return colour(COLOURS.get(kind, "muted"))


def mark_icon(kind: str, size: int = 12) -> QIcon:
    """The shape as an icon, for a legend; make it anew when the theme changes."""
    icon = QIcon()
    for ratio in (1.0, 1.5, 2.0, 3.0):
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        middle = size * ratio / 2
        with QPainter(pixmap) as painter:
            paint_mark(painter, kind, QPointF(middle, middle), ratio * size / 12)
        pixmap.setDevicePixelRatio(ratio)
        icon.addPixmap(pixmap)
    return icon
