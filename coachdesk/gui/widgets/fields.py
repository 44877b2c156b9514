"""Fields as they should look: combos that give way, number boxes with chevrons of the theme, a switch for yes and no.

None of them turns because a page is scrolled under the pointer: the wheel is for the field that has the keyboard.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSizePolicy, QSpinBox, QStyleOptionComboBox

from coachdesk.gui import theme

_CHEVRON = 12  # px
_BESIDE_TEXT = 38  # px of a combo: frame and padding of the style sheet, and the arrow
_TRACK = QSize(36, 20)
SWITCH_AROUND = 3  # px: room for the ring of the keyboard around a switch
_HEIGHT, _INSET = 30, 7  # px: number boxes stand as high, and begin as far in, as the fields of the style sheet


class Combo(QComboBox):
    """A combo that gives way: as narrow as it must be, its items elided rather than its neighbours pushed."""

    def __init__(self, least: int = 8) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(least)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = self.width() - _BESIDE_TEXT
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class WholeBox(QSpinBox):
    """A whole number."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__()
        self.setRange(low, high)
        _settle(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _paint_steps(self)


class NumberBox(QDoubleSpinBox):
    """A number with places behind the point; only those that say something are shown."""

    def __init__(self, low: float, high: float, step: float) -> None:
        super().__init__()
        self.setDecimals(2)
        self.setRange(low, high)
        self.setSingleStep(step)
        _settle(self)

    def textFromValue(self, value: float) -> str:
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _paint_steps(self)


def _settle(box: QSpinBox | QDoubleSpinBox) -> None:
    box.setKeyboardTracking(False)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setFixedHeight(_HEIGHT)
    box.lineEdit().setTextMargins(_INSET, 0, 0, 0)


def _paint_steps(box: QSpinBox | QDoubleSpinBox) -> None:
    left = box.layoutDirection() == Qt.LayoutDirection.RightToLeft
    at = QPoint(7 if left else box.width() - 19, box.height() // 2)
    down = theme.pixmap("chevron-down", "muted", _CHEVRON, box.devicePixelRatioF())
    with QPainter(box) as painter:
        painter.drawPixmap(at - QPoint(0, _CHEVRON - 1), down.transformed(QTransform().scale(1, -1)))
        painter.drawPixmap(at, down)


class Switch(QCheckBox):
    """Yes or no, at a glance: filled is yes, and the knob is at the other end."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return _TRACK + QSize(2 * SWITCH_AROUND, 2 * SWITCH_AROUND)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        track = QRectF(SWITCH_AROUND, SWITCH_AROUND, _TRACK.width(), _TRACK.height())
        radius = track.height() / 2
        on = self.isChecked() != (self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
        knob = QRectF(track.right() - 17 if on else track.left() + 3, track.top() + 3, 14, 14)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.hasFocus():
                painter.setPen(theme.colour("own"))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(track.adjusted(-2.5, -2.5, 2.5, 2.5), radius + 2.5, radius + 2.5)
            painter.setPen(theme.colour("own" if self.isChecked() else "muted"))
            painter.setBrush(theme.colour("own" if self.isChecked() else "card"))
            painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("on_accent" if self.isChecked() else "muted"))
            painter.drawEllipse(knob)
