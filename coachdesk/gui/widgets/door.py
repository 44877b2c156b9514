"""The door from something said on screen to the moment it came from: a button with a time and a quote, that plays it.

`Pressed` is the ground under it: a button that holds other widgets and is as large as they ask for.
"""

from __future__ import annotations

import itertools

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStyle, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import Label, tidy, tip
from coachdesk.sentences import _, clock

SHORTEST_MS = 3_000  # less is over before it is understood
_ICON = 16
_LINES = 2
_TOKENS = {"rep": "own", "other": "other"}


def side_token(side: str) -> str:
    """The colour of a side of the call."""
    return _TOKENS.get(side, "muted")


class Pressed(QPushButton):
    """A button that holds a layout: as large as that asks for, pressed wherever it is clicked, by Space and by Return."""

    def __init__(self, look: str = "moment", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", look)
        self.setAutoDefault(True)  # Return presses it too
        # how high it is at a width, Qt asks the layout
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def let_through(self) -> None:
        """Clicks on what lies inside are clicks on the button. Call it when the layout is filled."""
        for inside in self.findChildren(QWidget):
            inside.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalSizeHint() if layout else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalMinimumSize() if layout else super().minimumSizeHint()


class Door(Pressed):
    """A moment to play: icon in the side's colour, time, up to two lines of what is said there.

    `side` is rep, other or unknown; `until` shows the end of the moment too.
    """

    play_asked = Signal(int, int)

    def __init__(
        self,
        start_ms: int,
        end_ms: int,
        quote: str,
        side: str,
        *,
        until: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self.start_ms, self.end_ms = start_ms, max(end_ms, start_ms + SHORTEST_MS)
        self._said, self._token = tidy(quote), side_token(side)
        shown = f"“{self._said}”" if self._said else _("listen until {end}").format(end=clock(self.end_ms))
        self._time = _Time(start_ms, end_ms if until else None)
        self._quote = _Lines(shown)
        self._quote.fitted.connect(self._explain)
        self.setAccessibleName(_("Play {time}: {quote}").format(time=clock(start_ms), quote=self._said or shown))
        self._lay_out()
        self.clicked.connect(lambda: self.play_asked.emit(self.start_ms, self.end_ms))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP + _ICON + theme.GAP, 6, theme.GAP, 6)
        row.setSpacing(theme.GAP)
        row.addWidget(self._time, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._quote, 1)
        self.let_through()

    def _explain(self, cut: bool) -> None:
        self.setToolTip(tip(self._said) if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        line = self._time.geometry()
        place = QRect(theme.GAP, line.center().y() - _ICON // 2, _ICON, _ICON)
        at = QStyle.visualRect(self.layoutDirection(), self.rect(), place)
        with QPainter(self) as painter:
            painter.drawPixmap(at, theme.pixmap("circle-play", self._token, _ICON, self.devicePixelRatioF()))


class _Time(Label):
    """When it is: wide enough that the quotes of several doors stand under one another."""

    def __init__(self, start_ms: int, end_ms: int | None) -> None:
        said = [clock(start_ms), *([] if end_ms is None else [clock(end_ms)])]
        super().__init__("–".join(said), "small")
        figures = theme.figures_font()
        self.setFont(figures)
        usual = QFontMetrics(figures).horizontalAdvance("–".join(["88:88"] * len(said)))
        self.setMinimumWidth(max(usual, QFontMetrics(figures).horizontalAdvance(self.text())))
        # as high as a line of the quote, so that both stand on one line
        self.setFixedHeight(QFontMetrics(theme.body_font()).lineSpacing())


class _Lines(Label):
    """Up to two lines of text; what does not fit is cut with an ellipsis. `fitted` says whether it was."""

    fitted = Signal(bool)

    def __init__(self, text: str) -> None:
        super().__init__(text, wrap=True)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self._line())

    def sizeHint(self) -> QSize:
        wide = min(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2, 280)
        return QSize(wide, self.heightForWidth(wide))

    def heightForWidth(self, width: int) -> int:
        return self._line() * max(1, len(self._broken(width)[0]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fitted.emit(self._broken(self.width())[1])

    def paintEvent(self, event: QPaintEvent) -> None:
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            for n, line in enumerate(self._broken(self.width())[0]):
                painter.drawText(QRect(0, n * self._line(), self.width(), self._line()), flags, line)

    def _line(self) -> int:
        return QFontMetrics(self.font()).lineSpacing()

    def _broken(self, width: int) -> tuple[list[str], bool]:
        """The lines as they are shown at a width, and whether something was cut off."""
        text, starts = self.text(), self._starts(width)
        if len(starts) <= _LINES:
            return [text[a:b].strip() for a, b in itertools.pairwise([*starts, len(text)])], False
        whole = [text[a:b].strip() for a, b in itertools.pairwise(starts[:_LINES])]
        rest = text[starts[_LINES - 1] :]
        return [*whole, QFontMetrics(self.font()).elidedText(rest, Qt.TextElideMode.ElideRight, width)], True

    def _starts(self, width: int) -> list[int]:
        """Where lines begin, one more than are shown at most."""
        layout = QTextLayout(self.text(), self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        starts: list[int] = []
        while len(starts) <= _LINES and (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            starts.append(line.textStart())
        layout.endLayout()
        return starts
