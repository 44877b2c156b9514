"""Text on screen: always plain. What came from calls, files or playbooks is never read as markup, and stays on its line.

Qt guesses markup in labels and tool tips, and takes "&" in buttons for a shortcut; here, and only here, that is undone.
"""

from __future__ import annotations

import html
import unicodedata

from PySide6.QtCore import QLocale, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from coachdesk.gui.theme import colour

_LONGEST = 4_000


def tidy(text: str) -> str:
    """One line: no line breaks, control characters or marks that turn the reading direction of what follows."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text[:_LONGEST])
    turning = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
    return " ".join("".join(c for c in plain if ord(c) not in turning).split())


def caption(text: str) -> str:
    """Text for a button, menu or tab: "&" means itself."""
    return tidy(text).replace("&", "&&")


def tip(text: str) -> str:
    """Text for a tool tip: never markup, wrapped at a readable width, lines kept."""
    lines = "<br>".join(html.escape(tidy(line)) for line in text.splitlines())
    return f"<qt>{lines}</qt>" if lines else ""


class Label(QLabel):
    """A label of plain text. `look` is one of the style sheet's; `wrap` lets it break lines."""

    def __init__(self, text: str = "", look: str = "", wrap: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if look:
            self.setProperty("look", look)
        self.say(text)

    def say(self, text: str) -> None:
        """Show another text; lines are kept only where the label wraps."""
        lines = [tidy(line) for line in text.splitlines()] if self.wordWrap() else [tidy(text)]
        self.setText("\n".join(lines))

    def explain(self, text: str) -> None:
        self.setToolTip(tip(text))


class Elided(Label):
    """A line that gives way: cut with an ellipsis where there is no room, whole in the tool tip."""

    def __init__(self, text: str = "", look: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, look, False, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return super().sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip(tip(self.text()) if self._cut() != self.text() else "")

    def _cut(self) -> str:
        return QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()) | Qt.TextFlag.TextSingleLine, self._cut())


def paint_line(painter: QPainter, rect: QRect, text: str, tone: str, font: QFont, right: bool = False) -> None:
    """One line of text in a token's colour, cut with an ellipsis where it does not fit."""
    painter.setFont(font)
    painter.setPen(colour(tone))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), cut)


def paint_centred(painter: QPainter, rect: QRect, text: str, tone: str, font: QFont) -> None:
    """One line of text in the middle of a rectangle, cut with an ellipsis where it does not fit."""
    painter.setFont(font)
    painter.setPen(colour(tone))
    cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), cut)


def place() -> QLocale:
    """How this place writes dates; where the system does not say ("C"), as ISO 8601 does, which everybody can read."""
    system = QLocale.system()
    return QLocale("sv_SE") if system.language() is QLocale.Language.C else system
