"""The red dot: something is being recorded. Beside the elapsed time, on the page and in the strip."""

from __future__ import annotations

import math

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from coachdesk.gui import theme

_DOT = 12  # px
_BREATH_MS, _FRAME_MS = 2_400, 80
_FAINTEST = 0.45


class RecordingDot(QWidget):
    """Red while it records, breathing slowly where the system likes motion; a grey ring while it is paused."""

    def __init__(self) -> None:
        super().__init__()
        self._paused = False
        self._since = QElapsedTimer()
        self._since.start()
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self.update)

    @property
    def breathing(self) -> bool:
        return self._timer.isActive()

    def set_paused(self, on: bool) -> None:
        self._paused = on
        self._breathe()
        self.update()

    def _breathe(self) -> None:
        if self.isVisible() and not self._paused and theme.moves(self):
            self._timer.start()
        else:
            self._timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._breathe()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def sizeHint(self) -> QSize:
        return QSize(_DOT, _DOT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            if self._paused:
                painter.setPen(QPen(theme.colour("muted"), 2))
                painter.drawEllipse(inside.adjusted(1, 1, -1, -1))
                return
            if self._timer.isActive():
                wave = (1 + math.cos(2 * math.pi * self._since.elapsed() / _BREATH_MS)) / 2
                painter.setOpacity(_FAINTEST + (1 - _FAINTEST) * wave)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("danger"))
            painter.drawEllipse(inside)
