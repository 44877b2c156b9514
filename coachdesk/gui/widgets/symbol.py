"""A small picture beside text: says nothing that the text does not, and takes no focus."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from coachdesk.gui import theme


class Symbol(QLabel):
    """A small picture beside text, in a colour of the theme."""

    def __init__(self, icon: str, token: str = "text", size: int = 16) -> None:
        super().__init__()
        self._icon, self._token, self._size = icon, token, size
        theme.theme().changed.connect(self._tint)
        self._tint()

    def turn(self, icon: str, token: str) -> None:
        """Become another picture of the same size."""
        if (icon, token) != (self._icon, self._token):
            self._icon, self._token = icon, token
            self._tint()

    def _tint(self) -> None:
        self.setPixmap(theme.pixmap(self._icon, self._token, self._size, self.devicePixelRatioF()))
