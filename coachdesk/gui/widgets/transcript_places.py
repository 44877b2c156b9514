"""Where the parts of a transcript row lie, for painting and for the mouse alike."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QTextLine

from coachdesk.gui.theme import figures_font, strong_font
from coachdesk.gui.widgets.text import tidy
from coachdesk.gui.widgets.transcript_rows import HEADING, NOTE, PAD, Laid, Line
from coachdesk.sentences import _, clock

MOST_TEXT = 720  # px: longer lines are hard to read
SIDE = 8  # px from the edge to the ground of a row
BAR_X, BAR = 20, 3
TEXT_X = 34
_ICON = 24  # px to press
_TIME_GAP = 10
_NARROW = 480  # below, the time of a row without heading is only in its tool tip
_GUTTER, _NARROW_GUTTER = 116, 62


@dataclass(frozen=True, slots=True)
class Places:
    """Rectangles on screen; an empty one is not there."""

    ground: QRectF
    bar: QRectF
    mark: QPointF
    name: QRectF
    time: QRectF
    text: QRectF
    note: QRectF
    play: QRectF
    edit: QRectF
    beside: QRectF

    def hot(self, at: QPoint) -> str:
        """What a point means: "play", "edit", "text" or nothing."""
        x, y = float(at.x()), float(at.y())
        if self.edit.contains(x, y):
            return "edit"
        if any(rect.contains(x, y) for rect in (self.play, self.time, self.beside)):
            return "play"
        return "text" if self.text.contains(x, y) else ""


def gutter(width: int, acts: bool = True) -> int:
    """Room at the right for what appears on hover; little where nothing does."""
    if not acts:
        return SIDE
    return _GUTTER if width >= _NARROW else _NARROW_GUTTER


def text_width(width: int, acts: bool = True) -> int:
    """The room for words in a view of this width."""
    return max(min(MOST_TEXT, width - TEXT_X - gutter(width, acts) - SIDE), 60)


def places(line: Line, laid: Laid, top: int, width: int, acts: bool = True) -> Places:
    """The parts of a row whose top is at `top`, in a view of this width; `acts`: with room for what appears on hover."""
    words = text_width(width, acts)
    ground_top = float(top + laid.gap)
    ground_height = float(laid.height - laid.gap)
    ground = QRectF(SIDE, ground_top, min(TEXT_X + words + gutter(width, acts), width - 2 * SIDE), ground_height)
    head = ground_top + PAD
    name = time = QRectF()
    stamp = QFontMetricsF(figures_font()).horizontalAdvance(clock(line.start_ms)) + 2
    if laid.headed:
        most = max(words - stamp - _TIME_GAP, 24.0)
        wide = min(QFontMetricsF(strong_font()).horizontalAdvance(tidy(line.speaker)) + 1, most)
        name = QRectF(TEXT_X, head, wide, HEADING - 2)
        time = QRectF(TEXT_X + wide + _TIME_GAP, head, stamp, HEADING - 2)
    edit = QRectF(ground.right() - _ICON - 4, ground_top + 1, _ICON, _ICON)
    play = edit.translated(-_ICON, 0)
    beside = QRectF()
    if not laid.headed and width >= _NARROW:
        beside = QRectF(play.left() - stamp - 4, play.top(), stamp, _ICON)
    text_top = float(top + laid.text_top)
    return Places(
        ground=ground,
        bar=QRectF(BAR_X, ground_top, BAR, ground_height),
        mark=QPointF(14.0, text_top + 10),
        name=name,
        time=time,
        text=QRectF(TEXT_X, text_top, words, laid.text_height),
        note=QRectF(TEXT_X, text_top + laid.text_height, words, NOTE),
        play=play,
        edit=edit,
        beside=beside,
    )


def word_at(laid: Laid, spots: Places, at: QPoint) -> int | None:
    """Which of the shown words a point is on, counted from 0; None beside the words. Qt counts in UTF-16."""
    if not spots.text.contains(at.toPointF()):
        return None
    inside = at.toPointF() - spots.text.topLeft()
    lines = (laid.layout.lineAt(n) for n in range(laid.layout.lineCount()))
    line = next((line for line in lines if inside.y() < line.y() + line.height()), None)
    if line is None:
        return None
    found = line.xToCursor(inside.x(), QTextLine.CursorPosition.CursorOnCharacter)
    units = found[0] if isinstance(found, tuple) else found
    before = laid.text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
    words = len(before.split())
    return words if not before or before[-1].isspace() else words - 1


def tip_at(line: Line, laid: Laid, spots: Places, at: QPoint, mark: str) -> str:
    """What a point of a row tells."""
    hot = spots.hot(at)
    if hot == "play":
        return _("Play from {time}").format(time=clock(line.start_ms))
    if hot == "edit":
        return _("Correct these words")
    if spots.name.contains(at.toPointF()):
        return line.speaker
    if abs(at.x() - spots.mark.x()) < 8 and mark:
        return _("There is a comment here") if mark == "comment" else _("A number was counted from here")
    if line.rough:
        return _("{time}, rough draft").format(time=clock(line.start_ms))
    return "" if hot == "text" and laid.headed else clock(line.start_ms)
