"""A sign beside the clock: while something runs and the window is not in front, and while a call is recorded."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import tidy


class Tray(QObject):
    """Not there where the desktop has no such place: then nothing here does anything."""

    opened = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._icon: QSystemTrayIcon | None = None

    @staticmethod
    def is_there() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def is_shown(self) -> bool:
        return self._icon is not None and self._icon.isVisible()

    def show(self, said: str, recording: bool = False) -> None:
        """The sign, with what runs; red while a call is recorded."""
        if not self.is_there():
            return
        if self._icon is None:
            self._icon = QSystemTrayIcon(self._window)
            self._icon.activated.connect(lambda _why: self.opened.emit())
            self._icon.messageClicked.connect(self.opened)
        self._icon.setIcon(theme.icon("circle-dot", "danger", 32) if recording else self._window.windowIcon())
        self._icon.setToolTip(tidy(said))
        self._icon.show()

    def say(self, text: str) -> None:
        """A message beside the sign, where the window is not in front."""
        if self.is_shown and self._icon is not None and not self._window.isActiveWindow():
            self._icon.showMessage("CoachDesk", tidy(text), QIcon(self._window.windowIcon()))

    def hide(self) -> None:
        if self._icon is not None:
            self._icon.hide()
