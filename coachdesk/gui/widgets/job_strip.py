"""What runs, in one strip at the bottom: how far, how much longer, how many wait; open it to see and stop each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import Scrolled
from coachdesk.gui.widgets.text import Elided, Label
from coachdesk.sentences import _, ngettext

MOST_LINES = 50
_ROW, _TALL_ROW = 36, 48  # px; what failed says why, on two lines if need be


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job in words. `state`: queued running done failed cancelled; `share` 0..1 or None; `detail`: stage, time, problem."""

    number: int
    title: str
    state: str
    detail: str
    share: float | None = None


class JobStrip(QFrame):
    """Hidden while there is nothing to tell."""

    stop_asked = Signal(int)
    stop_all_asked = Signal()
    retry_asked = Signal(int)
    dismiss_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "bar")
        self._lines: tuple[JobLine, ...] = ()
        self._filled: list[tuple[int, str, str]] = []
        self._details: list[Label] = []
        self._area = Scrolled()
        self._area.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._area)
        column.addLayout(self._head())
        self.hide()

    def _head(self) -> QHBoxLayout:
        self._title = Elided()
        self._detail = Label("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName(_("Progress"))
        self._more = QPushButton(_("Details"))
        self._more.setCheckable(True)
        self._more.setProperty("look", "quiet")
        self._more.toggled.connect(lambda on: self._fold(on))
        self._stop = QPushButton(_("Stop"))
        self._stop.setProperty("look", "quiet")
        self._stop.clicked.connect(self.stop_all_asked)
        row = QHBoxLayout()
        row.setContentsMargins(theme.WIDER, 6, theme.WIDER, 6)
        row.setSpacing(theme.WIDE)
        row.addWidget(self._title, 1)
        row.addWidget(self._detail)
        row.addWidget(self._bar)
        row.addWidget(self._more)
        row.addWidget(self._stop)
        return row

    def show_jobs(self, lines: Sequence[JobLine], total: str = "") -> None:
        """All jobs, running first; `total` says how the batch as a whole stands."""
        self._lines = tuple(lines)
        self.setVisible(bool(lines))
        if not lines:
            self._more.setChecked(False)
            return
        first = lines[0]
        live = [line for line in lines if line.state in ("running", "queued")]
        failed = sum(line.state == "failed" for line in lines)
        self._title.say(first.title if live else _("Finished"))
        self._detail.say(total or first.detail)
        if not live:
            done = sum(line.state == "done" for line in lines)
            self._detail.say(_("{done} done, {failed} failed").format(done=done, failed=failed))
        self._bar.setVisible(bool(live))
        self._bar.setRange(0, 0 if first.share is None and live else 1000)
        self._bar.setValue(round(1000 * (first.share or 0.0)))
        self._stop.setVisible(bool(live))
        self._stop.setText(ngettext("Stop", "Stop all", len(live)))
        if self._more.isChecked():
            self._fill()

    def _fold(self, on: bool) -> None:
        self._area.setVisible(on)
        if on:
            self._fill()

    def _fill(self) -> None:
        """A row for each; where only progress changed the rows stay, and so does a button that is being pressed."""
        shown = self._lines[:MOST_LINES]
        rows = [(line.number, line.title, line.state) for line in shown]
        if rows != self._filled:
            self._filled, self._details = rows, []
            self._fill_anew(shown)
        for detail, line in zip(self._details, shown, strict=True):
            detail.say(line.detail)

    def _fill_anew(self, shown: Sequence[JobLine]) -> None:
        self._area.refill([self._row(line) for line in shown])
        tall = sum(_TALL_ROW if line.state == "failed" else _ROW for line in shown)
        self._area.setFixedHeight(min(220, tall + theme.GAP + theme.WIDER))

    def _row(self, line: JobLine) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(theme.WIDER, 0, theme.GAP, 0)
        row.addWidget(Elided(line.title), 1)
        failed = line.state == "failed"
        self._details.append(Paragraph("", "attention") if failed else Label("", "muted"))
        row.addWidget(self._details[-1], 3 if failed else 0)
        if line.state in ("running", "queued"):
            row.addWidget(self._button(_("Stop"), line, self.stop_asked))
        else:
            if line.state in ("failed", "cancelled"):
                row.addWidget(self._button(_("Try again"), line, self.retry_asked))
            row.addWidget(self._button(_("Dismiss"), line, self.dismiss_asked))
        return whole

    @staticmethod
    def _button(text: str, line: JobLine, signal: SignalInstance) -> QPushButton:
        made = QPushButton(text)
        made.setProperty("look", "quiet")
        made.setAccessibleName(f"{text}: {line.title}")
        made.clicked.connect(lambda: signal.emit(line.number))
        return made
