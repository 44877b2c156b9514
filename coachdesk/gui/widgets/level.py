"""A level, painted: quick to rise, slow to fall, with the highest of the last moments as a tick. How loud, never what.

Used large in the meters and small in the strip. It paints only while something moves, 30 times a second at most.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from coachdesk.gui.theme import colour, moves, theme

FLOOR_DB = -60.0  # below, nothing is shown
FALL_DB_S = 24.0  # as programme meters fall (IEC 60268-10, type I: 20 dB in 1.7 s, here twice as quick: nobody mixes)
HOLD_MS = 1_500
FRAME_MS = 33  # 30 frames a second
_LONGEST_STEP_MS = 100  # after a stall the level goes on falling, it does not drop
_TICK = 2.0  # px


class Level:
    """The ballistics: levels in dB in, what is shown out. Nothing here knows of screens or clocks."""

    def __init__(self) -> None:
        self.shown = self.peak = FLOOR_DB
        self._heard = FLOOR_DB
        self._held_ms = 0.0

    def hear(self, db: float | None) -> None:
        """The level now; None: there is none."""
        self._heard = FLOOR_DB if db is None or db != db else min(max(db, FLOOR_DB), 0.0)

    def step(self, ms: float) -> bool:
        """Let time pass; whether anything goes on moving."""
        fallen = FALL_DB_S * ms / 1000
        self.shown = max(self._heard, self.shown - fallen)
        self._held_ms += ms
        if self.shown >= self.peak:
            self.peak, self._held_ms = self.shown, 0.0
        elif self._held_ms > HOLD_MS:
            self.peak = max(self.shown, self.peak - fallen)
        return self.shown > self._heard or self.peak > self.shown

    def jump(self) -> None:
        """Show what is heard, without falling and without a peak."""
        self.shown = self.peak = self._heard


class LevelBar(QWidget):
    """The level along a bar of the widget's height. `token` is the colour of the side."""

    def __init__(self, token: str, height: int, least: int = 48) -> None:
        super().__init__()
        self._token, self._least = token, least
        self.level = Level()
        self._painted = (0, 0)
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._go_on)
        self._since = QElapsedTimer()
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def set_level(self, db: float | None) -> None:
        """dB, 0 is full scale; None: no level."""
        self.level.hear(db)
        if not self._timer.isActive():
            self._since.start()
            self._timer.start()

    @property
    def moving(self) -> bool:
        return self._timer.isActive()

    def sizeHint(self) -> QSize:
        return QSize(max(160, self._least), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least, self.height())

    def _go_on(self) -> None:
        if moves(self):
            going = self.level.step(min(self._since.restart(), _LONGEST_STEP_MS))
        else:
            self.level.jump()
            going = False
        if not going:
            self._timer.stop()
        if self._places() != self._painted:
            self.update()

    def _places(self) -> tuple[int, int]:
        """Where the level ends and the peak stands, in whole px."""
        wide = self.width()
        return tuple(round(wide * (db - FLOOR_DB) / -FLOOR_DB) for db in (self.level.shown, self.level.peak))  # type: ignore[return-value]

    def paintEvent(self, event: QPaintEvent) -> None:
        self._painted = filled, peak = self._places()
        radius = self.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("line"))
            painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
            if filled > 0:
                painter.setBrush(colour(self._token))
                painter.drawRoundedRect(
                    self._mirrored(QRectF(0, 0, max(filled, 2 * radius), self.height())), radius, radius
                )
            if peak > filled + _TICK and peak > 2 * radius:
                painter.setBrush(colour(self._token))
                painter.drawRect(
                    self._mirrored(QRectF(min(peak, self.width() - radius) - _TICK, 0, _TICK, self.height()))
                )

    def _mirrored(self, rect: QRectF) -> QRectF:
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return rect
        return QRectF(QStyle.visualRect(self.layoutDirection(), self.rect(), rect.toRect()))
