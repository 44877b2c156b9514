"""Try it: the moment as it was, a button to say it once more, and the takes beside it: length, pace, whether it asks.

Compared, never marked: a take that is longer is said to be longer. It tells what the person wants and records nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.level import LevelBar
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.playbook_fields import small_button
from coachdesk.gui.widgets.scrolled import Scrolled, card
from coachdesk.gui.widgets.text import Label, tip
from coachdesk.sentences import N_, _, clock

Document = dict[str, Any]
LONGEST_MS = 60_000
_ASKS = {"open": N_("asks an open question"), "closed": N_("asks a closed question"), "none": N_("asks nothing")}


class TryIt(QDialog):
    """Titles and texts are the suggestion's. `set_original`, `set_takes` show what there is."""

    record_asked = Signal()
    stop_asked = Signal()
    original_asked = Signal()
    take_asked = Signal(str)
    best_asked = Signal(str, bool)
    delete_asked = Signal(str)

    def __init__(self, title: str, try_saying: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Try it"))
        self.resize(560, 520)
        self.setMinimumSize(420, 380)
        self._original: Document | None = None
        self._recording = self._busy = self._held = False
        self.record = QPushButton(_("Say it once more"))
        self.hear = _hear_button(_("Hear how it was"))
        self._was = Paragraph("", "muted")
        self._level = LevelBar("own", 8)
        self._time = Label("", "small")
        self._time.setFont(theme.figures_font())
        self._time.setMinimumWidth(self._time.fontMetrics().horizontalAdvance(_so_far(LONGEST_MS)) + theme.GAP)
        self._note = Paragraph("", "attention")
        self._takes = Scrolled()
        self._takes.setAccessibleName(_("Your takes"))
        self._lay_out(title, try_saying)
        self.hear.clicked.connect(self.original_asked)
        self.record.clicked.connect(lambda: (self.stop_asked if self._recording else self.record_asked).emit())
        self.show_recording(False)
        self.set_original(None)
        self.set_takes([])

    def _lay_out(self, title: str, try_saying: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        column.addWidget(Paragraph(title, "strong"))
        if try_saying:
            frame, inside = card("try")
            inside.addWidget(Label(_("Try saying"), "small"))
            inside.addWidget(Paragraph(f"“{try_saying}”"))
            column.addWidget(frame)
        was = QHBoxLayout()
        was.setSpacing(theme.WIDE)
        was.addWidget(self.hear)
        was.addWidget(self._was, 1)
        column.addLayout(was)
        theme.set_icon(self.record, "circle-dot", "on_accent")
        self.record.setProperty("look", "danger")
        row = QHBoxLayout()
        row.setSpacing(theme.WIDE)
        row.addWidget(self.record, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self._level, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._time)
        column.addLayout(row)
        self._why = Paragraph(
            _("A call is being recorded: the microphone is the call's. Takes wait until it is over."), "muted"
        )
        self._why.hide()
        column.addWidget(self._why)
        column.addWidget(self._note)
        column.addWidget(self._takes, 1)
        column.addWidget(
            Paragraph(_("Takes stay on this computer. They are no calls, and count in no number."), "small")
        )

    # --- what is shown

    def set_original(self, original: Document | None) -> None:
        """{"start_ms", "end_ms", "said"} of the call's own words; None: not known yet, or no sound."""
        self._original = original
        self.hear.setEnabled(original is not None)
        self._was.say(said(original["said"]) if original else "")

    def set_takes(self, takes: Sequence[Document]) -> None:
        """Oldest first, as the desk keeps them; the newest is shown on top."""
        rows = [self._take(number, take) for number, take in enumerate(takes, 1)]
        empty = Paragraph(
            _("Say it the way you would like to say it next time, then hear it beside the original."), "muted"
        )
        self._takes.refill([*reversed(rows)] or [empty])

    def show_recording(self, on: bool) -> None:
        self._recording = on
        self._enable()
        self.record.setText(_("Stop") if on else _("Say it once more"))
        self._level.setVisible(on)
        self._time.setVisible(on)
        self._time.say("")
        if on:
            self._note.say("")
        self._note.setVisible(bool(self._note.text()))

    def show_level(self, db: float | None, at_ms: int) -> None:
        self._level.set_level(db)
        self._time.say(_so_far(at_ms))

    def show_busy(self, on: bool) -> None:
        """A take is being listened to."""
        self._busy = on
        self._enable()
        if on:
            self.say(_("Listening to your take …"))

    def hold(self, on: bool) -> None:
        """Whether a call is being recorded, in whose way a take would come; the button says why it is off."""
        self._held = on
        self._enable()

    def _enable(self) -> None:
        """A take that is being said can always be ended."""
        off = self._held and not self._recording
        self.record.setEnabled(not self._busy and not off)
        self.record.setToolTip(tip(self._why.text() if off else _("Only your microphone, a minute at most")))
        self.record.setAccessibleDescription(self._why.text() if off else "")
        self._why.setVisible(off)

    def say(self, text: str) -> None:
        """What went wrong, or what is being done; "" = nothing."""
        self._note.say(text)
        self._note.setVisible(bool(text))

    def _take(self, number: int, take: Document) -> QWidget:
        frame = QFrame()
        frame.setProperty("look", "focus" if take["best"] else "card")
        name = _("Take {n}").format(n=number)
        hear = small_button("play", _("Hear take {n}").format(n=number))
        hear.clicked.connect(lambda: self.take_asked.emit(take["id"]))
        best = QPushButton(_("On your next card") if take["best"] else _("Keep for the next call"))
        best.setProperty("look", "chip")
        best.setCheckable(True)
        best.setAutoDefault(True)
        best.setChecked(take["best"])
        best.setAccessibleName(_("Keep take {n} for the next call").format(n=number))
        best.clicked.connect(lambda on: self.best_asked.emit(take["id"], on))
        out = small_button("trash-2", _("Delete take {n}").format(n=number))
        out.clicked.connect(lambda: self.delete_asked.emit(take["id"]))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(name, "heading"))
        words.addWidget(Paragraph(said(take["said"], self._original["said"] if self._original else None), "muted"))
        row = QHBoxLayout(frame)
        row.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(hear)
        row.addLayout(words, 1)
        row.addWidget(best)
        row.addWidget(out)
        return frame


def said(measured: Document, beside: Document | None = None) -> str:
    """What own words are like, beside what they were: "12 s, 5 s shorter · 130 words a minute · asks an open question"."""
    seconds = round(measured["length_ms"] / 1000)
    parts = [_("{n} s").format(n=seconds)]
    if beside is not None and (by := seconds - round(beside["length_ms"] / 1000)):
        longer = _("{n} s, {by} s longer") if by > 0 else _("{n} s, {by} s shorter")
        parts = [longer.format(n=seconds, by=abs(by))]
    if measured["pace_wpm"]:
        parts.append(_("{n} words a minute").format(n=measured["pace_wpm"]))
    if measured["asks"] in _ASKS:
        parts.append(_(_ASKS[measured["asks"]]))
    if measured["rough"] and measured["words"]:
        parts.append(_("rough: from a draft"))
    return " · ".join(parts)


def _so_far(at_ms: int) -> str:
    return _("{now} of {most}").format(now=clock(at_ms), most=clock(LONGEST_MS))


def _hear_button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(True)
    theme.set_icon(button, "circle-play", "own")
    return button
