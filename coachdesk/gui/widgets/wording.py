"""The wording of a call: how it went by fifths, and the few strongest moments to hear, each with the rule that found it.

From the words only. It is no mood and no mark, and what was not useful is not shown again.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Door, side_token
from coachdesk.gui.widgets.fifths import Chart, lines_of, not_scanned
from coachdesk.gui.widgets.reading import Document, capital, side_name, speaker_name
from coachdesk.gui.widgets.scrolled import Scrolled, card, door_card
from coachdesk.gui.widgets.text import Elided, Label
from coachdesk.gui.widgets.timeline_marks import paint_mark
from coachdesk.sentences import N_, _, clock

_MOST = 5
_RULES = {
    "words": N_("found by single words in it"),
    "phrase": N_("found by a known phrase in it"),
    "negation": N_("found by a “not” or the like in it"),
}


class WordingPane(Scrolled):
    """`not_useful` carries where the moment begins."""

    play_asked = Signal(int, int)
    not_useful = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._read: tuple[object, ...] = ()
        self._call = ""

    def set_document(self, doc: Document) -> None:
        """Show a review; the place stays."""
        read = (
            doc["call"]["id"],
            doc["measurements"],
            doc["wording"],
            doc["labels"],
            doc["speakers"],
            doc["transcript"],
        )
        if read == self._read:
            return
        another = doc["call"]["id"] != self._call
        self._read, self._call = read, doc["call"]["id"]
        self.refill([*_head(), *self._body(doc)], from_top=another)

    def _body(self, doc: Document) -> list[QWidget]:
        lines = lines_of(doc)
        frame, column = card()
        if not lines:
            column.addWidget(Label(not_scanned(doc), "muted", wrap=True))
            return [frame]
        chart = Chart()
        chart.set_lines(lines, doc["call"]["duration_ms"])
        column.addWidget(chart)
        moments = strongest(doc)
        if not moments:
            return [frame, Label(_("I found no moment whose wording stands out."), "muted", wrap=True)]
        heading = Label(_("Moments to hear"), "small")
        heading.setContentsMargins(2, theme.GAP, 0, 0)
        return [frame, heading, *(self._moment(doc, moment) for moment in moments)]

    def _moment(self, doc: Document, moment: Document) -> QWidget:
        n = moment["utterance"]
        said = doc["transcript"]["utterances"][n] if n is not None else None
        name = speaker_name(doc, said["speaker"]) if said else capital(side_name(doc, moment["side"]))
        head = QHBoxLayout()
        head.setContentsMargins(theme.GAP, 0, 0, 0)
        head.setSpacing(theme.GAP)
        head.addWidget(Elided(name, side_token(moment["side"])), 1)
        head.addWidget(self._refusal(moment["start_ms"]))
        end_ms = said["end_ms"] if said else moment["start_ms"]
        door = Door(moment["start_ms"], end_ms, said["text"] if said else "", moment["side"])
        door.play_asked.connect(self.play_asked)
        frame, column = door_card()
        column.setContentsMargins(theme.TINY_GAP, theme.GAP, theme.TINY_GAP, theme.GAP)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(door)
        column.addLayout(_why(moment))
        return frame

    def _refusal(self, start_ms: int) -> QPushButton:
        button = QPushButton(_("Not useful"))
        button.setProperty("look", "quiet")
        button.setAutoDefault(True)  # Return presses it too
        button.setAccessibleName(_("Not useful: the moment at {time}").format(time=clock(start_ms)))
        button.clicked.connect(lambda: self.not_useful.emit(start_ms))
        return button


def strongest(doc: Document) -> list[Document]:
    """The moments whose wording stands out most, in the order of the call."""
    kept = [moment for moment in doc["wording"] if not moment["not_useful"] and moment["valence"]]
    found = sorted(kept, key=lambda moment: (-abs(moment["valence"]), moment["start_ms"]))[:_MOST]
    return sorted(found, key=lambda moment: int(moment["start_ms"]))


def wording_word(valence: float) -> str:
    """The wording in a word."""
    return _("positive wording") if valence > 0 else _("negative wording")


def _why(moment: Document) -> QHBoxLayout:
    """What kind of wording it is and what found it, with the sign the timeline has for it."""
    row = QHBoxLayout()
    row.setContentsMargins(theme.GAP, theme.TINY_GAP, theme.GAP, theme.TINY_GAP)
    row.setSpacing(theme.GAP)
    row.addWidget(_Sign("wording_good" if moment["valence"] > 0 else "wording_bad"), 0, Qt.AlignmentFlag.AlignTop)
    found = _(_RULES.get(moment["rule"], str(moment["rule"])))
    row.addWidget(Label(f"{capital(wording_word(moment['valence']))}, {found}", "small", wrap=True), 1)
    return row


class _Sign(QWidget):
    """A mark of the timeline beside its words."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self.setFixedSize(16, 16)
        theme.theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_mark(painter, self._kind, QPointF(8, 8))


def _head() -> list[QWidget]:
    head = QWidget()
    column = QVBoxLayout(head)
    column.setContentsMargins(2, 0, 0, theme.TINY_GAP)
    column.setSpacing(2)
    column.addWidget(Label(_("Wording, from the words only"), "strong", wrap=True))
    never = _("Tone of voice is never read. This finds moments to hear; it scores nobody.")
    column.addWidget(Label(never, "muted", wrap=True))
    return [head]
