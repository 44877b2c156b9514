"""The talk bar: how the speaking time was shared. Own side always at the left in blue, the others at the right in rust."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from coachdesk.gui.theme import colour, theme
from coachdesk.gui.widgets.text import tip
from coachdesk.sentences import _

_HEIGHT, _GAP = 6.0, 2.0  # px
_LEAST = 3.0  # px: a side that spoke a little is seen


def said_share(share: float | None) -> str:
    """The bar in words."""
    if share is None:
        return _("Shares of the talk are not known")
    own = round(min(max(share, 0.0), 1.0) * 100)
    return _("You {own} %, others {others} %").format(own=own, others=100 - own)


def paint_talk_bar(painter: QPainter, rect: QRectF, share: float | None) -> None:
    """The bar along a rectangle, vertically in its middle; a plain line where the share is not known."""
    height = min(_HEIGHT, rect.height())
    bar = QRectF(rect.left(), rect.center().y() - height / 2, max(rect.width(), 0.0), height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if share is None:
        painter.setBrush(colour("line"))
        painter.drawRoundedRect(bar, height / 2, height / 2)
    else:
        for part, token in zip(_parts(bar, min(max(share, 0.0), 1.0)), ("own", "other"), strict=True):
            if part.width() > 0:
                painter.setBrush(colour(token))
                radius = min(height, part.width()) / 2
                painter.drawRoundedRect(part, radius, radius)
    painter.restore()


def _parts(bar: QRectF, share: float) -> tuple[QRectF, QRectF]:
    if share in (0.0, 1.0) or bar.width() < 2 * _LEAST + _GAP:
        at = bar.width() * share
        gap = 0.0
    else:
        at = min(max((bar.width() - _GAP) * share, _LEAST), bar.width() - _GAP - _LEAST)
        gap = _GAP
    own = QRectF(bar.left(), bar.top(), at, bar.height())
    others = QRectF(bar.left() + at + gap, bar.top(), bar.width() - at - gap, bar.height())
    return own, others


class TalkBar(QWidget):
    """A small bar for headers and cards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)
        self.set(None)

    @property
    def share(self) -> float | None:
        return self._share

    def set(self, share: float | None) -> None:
        """The own side's part of the talk, 0 to 1."""
        self._share = share
        self.setAccessibleName(said_share(share))
        self.setToolTip(tip(said_share(share)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(96, 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(32, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_talk_bar(painter, QRectF(self.rect()), self._share)
