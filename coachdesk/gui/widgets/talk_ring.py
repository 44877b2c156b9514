"""How the talk is shared so far, as one ring, and in its middle how long you have been talking now. Amber only above a limit."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from coachdesk.gui.theme import SMALL, body_font, colour, figures_font, theme
from coachdesk.gui.widgets.text import paint_centred, tip
from coachdesk.sentences import _, clock

SIZE = 120  # px
_THICK = 8.0  # px
_FIGURE = 20  # px
_TURN = 16 * 360  # Qt counts angles in sixteenths of a degree
_TOP = 16 * 90


class TalkRing(QWidget):
    """Own share from the top clockwise; what lies beyond the limit is amber."""

    def __init__(self, share_limit: float | None = None, monologue_limit_ms: int | None = None) -> None:
        super().__init__()
        self._share_limit, self._monologue_limit = share_limit, monologue_limit_ms
        self._shown: tuple[int | None, int] = (None, 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Shares of the talk"))
        theme().changed.connect(self.update)
        self._explain()

    def set_limits(self, share: float | None, monologue_ms: int | None) -> None:
        """From where on it is amber: own share 0..1, own stretch in ms; None: never."""
        self._share_limit, self._monologue_limit = share, monologue_ms
        self.update()

    def set_values(self, share: float | None, monologue_ms: int) -> None:
        """Own part of the talk so far 0..1, None while nobody spoke; the own stretch going on now, in ms."""
        percent = None if share is None else round(100 * min(max(share, 0.0), 1.0))
        shown = (percent, max(monologue_ms, 0) // 1000)
        if shown != self._shown:
            self._shown = shown
            self._explain()
            self.update()

    @property
    def over_share(self) -> bool:
        percent = self._shown[0]
        return percent is not None and self._share_limit is not None and percent > round(100 * self._share_limit)

    @property
    def over_monologue(self) -> bool:
        return self._monologue_limit is not None and self._shown[1] * 1000 > self._monologue_limit

    def _explain(self) -> None:
        percent, seconds = self._shown
        if percent is None:
            said = _("Nobody has spoken yet.")
        else:
            said = _("You spoke {own} % of the talk so far.").format(own=percent)
        if seconds:
            said += "\n" + _("You have been talking for {time} now.").format(time=clock(seconds * 1000))
        self.setAccessibleDescription(said.replace("\n", " "))
        self.setToolTip(tip(said))

    def sizeHint(self) -> QSize:
        return QSize(SIZE, SIZE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            side = min(self.width(), self.height()) - _THICK - 2
            ring = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            self._paint_ring(painter, ring)
            self._paint_words(painter, ring)

    def _paint_ring(self, painter: QPainter, ring: QRectF) -> None:
        _arc(painter, ring, 1.0, "line")
        own = (self._shown[0] or 0) / 100
        if self.over_share and self._share_limit is not None:
            _arc(painter, ring, own, "attention")
            own = self._share_limit
        if own > 0:
            _arc(painter, ring, own, "own")

    def _paint_words(self, painter: QPainter, ring: QRectF) -> None:
        percent, seconds = self._shown
        figure = figures_font(_FIGURE)
        figure.setWeight(QFont.Weight.DemiBold)
        tone = "attention" if self.over_monologue else "text" if seconds else "muted"
        lines = [(clock(seconds * 1000), tone, figure, 24)]
        if percent is not None:
            lines.append((_("You {own} %").format(own=percent), "muted", body_font(SMALL), 18))
        top = ring.center().y() - sum(high for *_line, high in lines) / 2
        for text, shade, font, high in lines:
            paint_centred(painter, QRectF(ring.left() + 12, top, ring.width() - 24, high).toRect(), text, shade, font)
            top += high


def _arc(painter: QPainter, ring: QRectF, share: float, token: str) -> None:
    """An arc from the top clockwise over a share of the ring."""
    pen = QPen(colour(token), _THICK)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(ring, _TOP, -round(_TURN * share))
