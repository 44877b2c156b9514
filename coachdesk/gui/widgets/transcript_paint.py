"""One row of the transcript, painted: the bar in the speaker's colour, name and time, the words, notes and hover icons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTextCharFormat, QTextLayout

from coachdesk.gui.theme import CONTROL_RADIUS, SMALL, body_font, colour, figures_font, pixmap, strong_font
from coachdesk.gui.widgets.text import tidy
from coachdesk.gui.widgets.timeline_marks import paint_mark
from coachdesk.gui.widgets.transcript_places import Places
from coachdesk.gui.widgets.transcript_rows import Laid, Line
from coachdesk.sentences import clock

_TOKENS = {"rep": ("own", "own_soft"), "other": ("other", "other_soft"), "unknown": ("muted", "hover")}
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine)
_ICON = 16
_EMPTY_WIDTH = 360
_ROUND = 1.5


@dataclass(frozen=True, slots=True)
class State:
    """How a row stands at this moment."""

    spoken: bool = False
    selected: bool = False
    current: bool = False
    hovered: bool = False
    mark: str = ""  # what stands in the margin: evidence, comment or nothing
    hot: str = ""
    turn_ends: bool = True


def side_tokens(side: str) -> tuple[str, str]:
    """The colour of a side and its soft ground."""
    return _TOKENS.get(side, _TOKENS["unknown"])


def paint_row(
    painter: QPainter, line: Line, laid: Laid, spots: Places, state: State, found: re.Pattern[str] | None, clip: QRectF
) -> None:
    """The whole row; `found` is what is searched for, `clip` what of it is on screen."""
    token, soft = side_tokens(line.side)
    token = "muted" if line.suspect else token
    shade = colour(token)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, spots, state, soft)
    _paint_bar(painter, line, laid, spots, state, shade)
    if laid.headed:
        _paint_heading(painter, line, spots, state, shade)
    painter.setPen(colour("muted" if line.suspect else "text"))
    laid.layout.draw(painter, spots.text.topLeft(), _highlights(laid.text, found), clip)
    if laid.note:
        painter.setFont(body_font(SMALL))
        painter.setPen(colour("muted"))
        painter.drawText(spots.note, _LEFT, laid.note)
    if state.mark:
        paint_mark(painter, state.mark, spots.mark, 0.8)
    _paint_actions(painter, line, laid, spots, state, token)


def paint_empty(painter: QPainter, view: QRectF, text: str) -> None:
    """A calm sentence where there is nothing to show."""
    painter.setFont(body_font())
    painter.setPen(colour("muted"))
    wide = min(view.width() - 32, _EMPTY_WIDTH)
    room = QRectF(view.center().x() - wide / 2, view.top(), wide, view.height())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), tidy(text))


def _paint_ground(painter: QPainter, spots: Places, state: State, soft: str) -> None:
    ground = ""
    if state.spoken:
        ground = soft
    elif state.selected:
        ground = "selected"
    elif state.hovered:
        ground = "hover"
    if ground:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(ground))
        painter.drawRoundedRect(spots.ground, CONTROL_RADIUS, CONTROL_RADIUS)
    if state.current:
        painter.setPen(QPen(colour("own"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(spots.ground.adjusted(0.5, 0.5, -0.5, -0.5), CONTROL_RADIUS, CONTROL_RADIUS)


def _paint_bar(painter: QPainter, line: Line, laid: Laid, spots: Places, state: State, shade: QColor) -> None:
    # the bar runs through a whole turn and is rounded at its ends only
    bar = QRectF(spots.bar)
    if laid.headed:
        bar.setTop(bar.top() + 5)
    if state.turn_ends:
        bar.setBottom(bar.bottom() - 4)
    shade = QColor(shade)
    if line.suspect:
        shade.setAlphaF(0.45)
    if line.rough:
        pen = QPen(shade, bar.width())
        pen.setDashPattern([1.0, 1.0])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        x = bar.center().x()
        painter.drawLine(QPointF(x, bar.top()), QPointF(x, bar.bottom()))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.save()
    painter.setClipRect(bar, Qt.ClipOperation.IntersectClip)
    ends = bar.adjusted(0, 0 if laid.headed else -2 * _ROUND, 0, 0 if state.turn_ends else 2 * _ROUND)
    painter.drawRoundedRect(ends, _ROUND, _ROUND)
    painter.restore()


def _paint_heading(painter: QPainter, line: Line, spots: Places, state: State, shade: QColor) -> None:
    font = strong_font()
    painter.setFont(font)
    painter.setPen(shade)
    name = QFontMetricsF(font).elidedText(tidy(line.speaker), Qt.TextElideMode.ElideRight, spots.name.width())
    painter.drawText(spots.name, _LEFT, name)
    _paint_time(painter, line, spots.time, state, _LEFT)


def _paint_time(painter: QPainter, line: Line, rect: QRectF, state: State, flags: int) -> None:
    font = figures_font()
    hot = state.hovered and state.hot == "play"
    font.setUnderline(hot)
    painter.setFont(font)
    painter.setPen(colour("text" if hot else "muted"))
    painter.drawText(rect, flags, clock(line.start_ms))


def _paint_actions(painter: QPainter, line: Line, laid: Laid, spots: Places, state: State, token: str) -> None:
    if not (state.hovered or state.current or state.spoken):
        return
    if not state.hovered and not state.current:
        _paint_icon(painter, "audio-lines", token, spots.edit)
        return
    if not laid.headed and not spots.beside.isEmpty():
        _paint_time(painter, line, spots.beside, state, _RIGHT)
    for name, rect, what in (("play", spots.play, "play"), ("pencil", spots.edit, "edit")):
        hot = state.hovered and state.hot == what
        if hot:
            painter.setPen(QPen(colour("line"), 1))
            painter.setBrush(colour("card"))
            painter.drawRoundedRect(rect.adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
        _paint_icon(painter, name, "text" if hot else "muted", rect)


def _paint_icon(painter: QPainter, name: str, token: str, rect: QRectF) -> None:
    device = painter.device()
    drawn = pixmap(name, token, _ICON, device.devicePixelRatio() if device else 1.0)
    painter.drawPixmap(rect.center() - QRectF(0, 0, _ICON, _ICON).center(), drawn)


def _highlights(text: str, found: re.Pattern[str] | None) -> Sequence[QTextLayout.FormatRange]:
    """What is searched for, in this text. Qt counts in UTF-16."""
    if found is None:
        return []
    ranges = []
    for match in found.finditer(text):
        one = QTextLayout.FormatRange()
        one.start = units(text[: match.start()])
        one.length = units(match.group())
        look = QTextCharFormat()
        look.setBackground(colour("attention_soft"))
        look.setForeground(colour("text"))
        look.setFontUnderline(True)
        look.setUnderlineColor(colour("attention"))
        one.format = look
        ranges.append(one)
    return ranges


def units(text: str) -> int:
    """How long Qt thinks a text is."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
