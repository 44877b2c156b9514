"""How the last calls went, as dots in order of time: filled = done, ring = not found, dash = could not be checked. No score."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from coachdesk.gui.theme import colour, theme
from coachdesk.sentences import _, ngettext

RADIUS, _RING = 4.0, 1.6  # px
_STEP = 16  # px from dot to dot


def paint_dot(painter: QPainter, at: QPointF, done: bool | None, radius: float = RADIUS, token: str = "good") -> None:
    """One call. The painter smooths edges."""
    if done is None:
        painter.setPen(QPen(colour("muted"), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(at - QPointF(radius - 1, 0), at + QPointF(radius - 1, 0))
        return
    painter.setPen(QPen(colour(token if done else "muted"), _RING))
    painter.setBrush(colour(token if done else "card"))
    painter.drawEllipse(at, radius - _RING / 2, radius - _RING / 2)


class Dots(QWidget):
    """The oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self._done: tuple[bool | None, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def set(self, done: Sequence[bool | None]) -> None:
        self._done = tuple(done)
        n = len(self._done)
        said = ngettext("The last call: {met} done", "The last {n} calls: {met} done", n)
        self.setAccessibleName(said.format(n=n, met=sum(1 for one in self._done if one)) if n else _("No call since"))
        self.setVisible(bool(n))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_STEP * max(len(self._done), 1), _STEP)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for n, done in enumerate(self._done):
                where = QRectF(n * _STEP, 0, _STEP, self.height())
                paint_dot(painter, where.center(), done)
