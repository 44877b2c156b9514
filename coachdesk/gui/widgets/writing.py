"""A few lines to write: grows with what is written, saves what was written when it is left, never loses a letter.

Return makes a new line, Ctrl+Return is done with it. A field that is built anew goes on with what was typed (`Typed`).
"""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from coachdesk.gui import theme

MOST_TEXT = 4_000
_LEAST_LINES, _MOST_LINES = 2, 8
_AROUND = 2 * 7 + 2  # px: padding of the style sheet and the frame


class Typed:
    """What was typed and not saved yet, by field: text, and where the cursor stands."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[str, int]] = {}

    def keep(self, field: Hashable, text: str, at: int) -> None:
        self._kept[field] = (text, at)

    def of(self, field: Hashable) -> tuple[str, int] | None:
        return self._kept.get(field)

    def drop(self, field: Hashable) -> None:
        self._kept.pop(field, None)

    def clear(self) -> None:
        self._kept.clear()


class Writing(QPlainTextEdit):
    """`written` with its text when it is left changed, or at Ctrl+Return; `begun` at the first letter; `left` at Escape."""

    begun = Signal()
    written = Signal(str)
    done = Signal()
    left = Signal()

    def __init__(
        self, text: str, called: str, typed: Typed, field: Hashable, hint: str = "", least: int = _LEAST_LINES
    ) -> None:
        """`called`: by those who hear it; `least`: lines it is high when nothing is in it."""
        super().__init__()
        self._least = least
        self._saved, self._typed, self._field = text, typed, field
        self._is_let_go = self._is_begun = False
        before = typed.of(field)
        self.setPlainText(before[0] if before else text)
        if before:
            self._go_to(before[1])
        self._is_begun = bool(self.text())
        self.setAccessibleName(called)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._keep)
        self._fit()

    def text(self) -> str:
        return self.toPlainText()[:MOST_TEXT].strip()

    def save(self) -> None:
        """Hand on what was written, where it is new."""
        if self.text() != self._saved:
            self._saved = self.text()
            self._typed.drop(self._field)
            self.written.emit(self._saved)

    def let_go(self) -> None:
        """Another field of the same name takes over, with what was typed: this one saves nothing any more."""
        self._is_let_go = True

    def forget(self) -> None:
        """Empty, as if nothing had been typed."""
        self._saved = ""
        self.clear()
        self._typed.drop(self._field)

    def _go_to(self, at: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(min(at, len(self.toPlainText())))
        self.setTextCursor(cursor)

    def _changed(self) -> None:
        before, self._is_begun = self._is_begun, bool(self.text())
        if self._is_begun and not before:
            self.begun.emit()
        self._keep()
        self._fit()

    def _keep(self) -> None:
        if self.text() != self._saved:
            self._typed.keep(self._field, self.toPlainText(), self.textCursor().position())
        else:
            self._typed.drop(self._field)

    def _fit(self) -> None:
        """As high as its lines, within limits."""
        lines = min(max(int(self.document().size().height()), self._least), _MOST_LINES)
        self.setFixedHeight(lines * QFontMetrics(theme.body_font()).lineSpacing() + _AROUND)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self._is_let_go:
            self.save()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.save()
            self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
