"""The recording, small and always on top while other windows are used: elapsed, both levels, bookmark, pause, stop.

A window of its own that never takes the keyboard by itself. It remembers nothing: where it was moved to goes out as a signal.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.level import LevelBar
from coachdesk.gui.widgets.recording_dot import RecordingDot
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Elided, Label, tip
from coachdesk.sentences import _, clock

KEYS = {"bookmark": "Ctrl+B", "pause": "Ctrl+P", "stop": "Ctrl+R", "open": "Ctrl+Return"}
_BARS, _BAR = 64, 4  # px
_WARNING = 240  # px at most
_RADIUS = 8
_SETTLED_MS = 250  # so long it must lie still before its place is told
_FLAGS = Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint


class RecordingStrip(QWidget):
    """`set_state` says what is, some times a second; the levels move by themselves in between."""

    bookmark_asked = Signal()
    pause_asked = Signal()  # pause, or go on where it is paused
    stop_asked = Signal()
    open_asked = Signal()
    moved = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, _FLAGS)
        self.setWindowTitle(_("Recording"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._pressed: QPoint | None = None
        self._dragged = False
        self._settling = QTimer(self, interval=_SETTLED_MS, singleShot=True)
        self._settling.timeout.connect(self._tell_place)
        self._dot = RecordingDot()
        self._time = _strong_time()
        self.own, self.other = LevelBar("own", _BAR, _BARS), LevelBar("other", _BAR, _BARS)
        self._sign, self._warning = Symbol("triangle-alert", "attention"), Elided("", "attention")
        self._warning.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.bookmark = self._tool("bookmark", self.bookmark_asked)
        self.pause = self._tool("pause", self.pause_asked)
        self.stop = self._tool("square", self.stop_asked)
        self._name(self.bookmark, _("Bookmark this moment"), "bookmark")
        self._name(self.stop, _("Stop and keep the recording"), "stop")
        # not the buttons' own shortcuts: those click a tenth of a second later, to be seen
        asked = {
            "bookmark": self.bookmark_asked,
            "pause": self.pause_asked,
            "stop": self.stop_asked,
            "open": self.open_asked,
        }
        for what, signal in asked.items():
            QShortcut(QKeySequence(KEYS[what]), self, signal.emit)
        self._lay_out()
        theme.theme().changed.connect(self.update)
        self._paused: bool | None = None
        self.set_state(0, False, None, None)

    def _tool(self, icon: str, signal: SignalInstance) -> QToolButton:
        made = QToolButton()
        made.setProperty("look", "quiet")
        theme.set_icon(made, icon)
        made.clicked.connect(signal)
        return made

    def _name(self, button: QToolButton, said: str, key: str) -> None:
        button.setAccessibleName(said)
        shown = QKeySequence(KEYS[key]).toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(tip(_("{what} ({key})").format(what=said, key=shown)))

    def _lay_out(self) -> None:
        levels = QVBoxLayout()
        levels.setSpacing(theme.TINY_GAP)
        levels.addStretch(1)
        for bar, said in ((self.own, _("Your level")), (self.other, _("Their level"))):
            bar.setFixedWidth(_BARS)
            bar.setAccessibleName(said)
            bar.setToolTip(tip(said))
            levels.addWidget(bar)
        levels.addStretch(1)
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # as wide as what it has to say
        row.setContentsMargins(theme.WIDE, theme.GAP, theme.GAP, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(self._dot)
        row.addWidget(self._time)
        row.addLayout(levels)
        row.addWidget(self._sign)
        row.addWidget(self._warning)
        row.addSpacing(theme.TINY_GAP)
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for button in (self.bookmark, self.pause, self.stop):
            buttons.addWidget(button)
        row.addLayout(buttons)

    def set_state(
        self, elapsed_ms: int, paused: bool, own_db: float | None, other_db: float | None, warning_text: str = ""
    ) -> None:
        """How the recording stands; levels in dB, None where there is none; a warning is one short sentence."""
        if self._time.text() != clock(elapsed_ms):
            self._time.say(clock(elapsed_ms))
        self.own.set_level(None if paused else own_db)
        self.other.set_level(None if paused else other_db)
        if paused != self._paused:
            self._paused = paused
            self._dot.set_paused(paused)
            theme.set_icon(self.pause, "play" if paused else "pause")
            self._name(self.pause, _("Go on recording") if paused else _("Pause"), "pause")
            self.setAccessibleName(_("Recording is paused") if paused else _("Recording"))
        if warning_text != self._warning.text() or self._warning.isHidden() == bool(warning_text):
            self._warn(warning_text)

    def _warn(self, text: str) -> None:
        self._warning.say(text)
        self._sign.setVisible(bool(text))
        self._warning.setVisible(bool(text))
        self._warning.setFixedWidth(
            min(self._warning.fontMetrics().horizontalAdvance(self._warning.text()) + 2, _WARNING)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        button = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(button, QToolButton):
            button.click()
        else:
            super().keyPressEvent(event)

    # --- moving and opening

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        to = event.globalPosition().toPoint() - self._pressed
        if not self._dragged:
            if (to - self.pos()).manhattanLength() < QApplication.startDragDistance():
                return
            self._dragged = True
            handle = self.windowHandle()
            if handle is not None and handle.startSystemMove():  # where programs may not place themselves
                self._pressed = None
                return
        self.move(to)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.open_asked.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        if self._dragged:
            self._settling.start()

    def _tell_place(self) -> None:
        if self._pressed is not None:  # still held
            self._settling.start()
            return
        self._dragged = False
        self.moved.emit(self.pos())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("muted"), 1))
            painter.setBrush(theme.colour("card"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)


def _strong_time() -> Label:
    made = Label("0:00")
    font = theme.figures_font(theme.BODY)
    font.setWeight(QFont.Weight.DemiBold)
    made.setFont(font)
    made.setMinimumWidth(QFontMetrics(font).horizontalAdvance("8:88:88") + 2)  # an hour widens nothing
    return made
