"""A toast: what was just done, with "Undo", at the bottom of the window; it goes by itself and never takes the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import Elided
from coachdesk.sentences import _

SHOWN_MS = 7_000


class Toast(QFrame):
    """Lies over its parent, above the bottom by `lift` px."""

    undo_asked = Signal()

    def __init__(self, parent: QWidget, lift: int = 108) -> None:
        super().__init__(parent)
        self.setProperty("look", "toast")
        self._lift, self._over = lift, parent
        self._said = Elided()
        self._undo = QPushButton(_("Undo"))
        self._undo.setProperty("look", "quiet")
        theme.set_icon(self._undo, "undo-2")
        self._undo.setToolTip(_("Ctrl+Z"))
        self._undo.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.WIDER, 6, 6, 6)
        row.addWidget(self._said, 1)
        row.addWidget(self._undo)
        self._timer = QTimer(self, interval=SHOWN_MS, singleShot=True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, can_undo: bool = True) -> None:
        """Show a sentence for some seconds."""
        self._said.say(text)
        self._undo.setVisible(can_undo)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    @property
    def text(self) -> str:
        return self._said.text() if self.isVisible() else ""

    def _press(self) -> None:
        self.hide()
        self.undo_asked.emit()

    def _place(self) -> None:
        area = self._over.rect()
        wanted = self._said.fontMetrics().horizontalAdvance(self._said.text()) + 150
        width = min(area.width() - 2 * theme.HUGE, max(260, wanted))
        height = self.sizeHint().height()
        self.setGeometry((area.width() - width) // 2, area.height() - height - self._lift, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
