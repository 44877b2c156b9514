"""Correcting the words of a row where they stand: a field over the row that grows with what is typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from coachdesk.gui.widgets.text import tip
from coachdesk.sentences import _

_AROUND = 7  # px the field reaches beyond the words: border and padding of the style sheet
_LEAST = 36


class RowEditor(QPlainTextEdit):
    """One line of words. Return or leaving saves, Escape does not; both only once."""

    saved = Signal(str)
    dropped = Signal()

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._before = text
        self._over = False
        self._place = QRectF()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.setAccessibleName(_("Correct these words"))
        self.setToolTip(tip(_("Return saves, Escape leaves the words as they were")))
        self.document().contentsChanged.connect(self._grow)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def put(self, words: QRectF) -> None:
        """Lie over these words."""
        self._place = words
        self._grow()

    def drop(self) -> None:
        """Close without saving."""
        self._end(save=False)

    def _grow(self) -> None:
        if self._place.isEmpty():
            return
        wide = round(self._place.width()) + 2 * _AROUND
        left, top = round(self._place.left()) - _AROUND - 1, round(self._place.top()) - _AROUND + 1
        self.setGeometry(left, top, wide, max(self.height(), _LEAST))
        # a QPlainTextEdit's document counts its height in lines
        lines = max(round(self.document().size().height()), 1)
        height = lines * self.fontMetrics().lineSpacing() + 2 * _AROUND
        self.setGeometry(left, top, wide, max(height, round(self._place.height()) + 2 * _AROUND, _LEAST))

    def _end(self, save: bool) -> None:
        if self._over:
            return
        self._over = True
        text = " ".join(self.toPlainText().split())
        if save and text and text != " ".join(self._before.split()):
            self.saved.emit(text)
        else:
            self.dropped.emit()

    def event(self, event: QEvent) -> bool:
        # the page's shortcuts on these keys rest while somebody types
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OURS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._end(save=False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._end(save=True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # a menu of the field, or another window in front, is not leaving
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._end(save=True)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(" ".join(source.text().split()))


_OURS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
