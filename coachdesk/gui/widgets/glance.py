"""The call at a glance, always in view: how the talk was shared, and the wording of the other side. Both lead further."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Pressed
from coachdesk.gui.widgets.fifths import Spark, lines_of, not_scanned, said_line
from coachdesk.gui.widgets.reading import Document, capital, measurement, said_range, side_name, why_not
from coachdesk.gui.widgets.talk_bar import TalkBar
from coachdesk.gui.widgets.text import Elided, Label
from coachdesk.sentences import _


class Glance(QFrame):
    """`number_asked` carries the metric that was clicked."""

    number_asked = Signal(str)
    wording_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)  # never squeezed in a low window
        self._talk, self._wording = _Talk(), _Wording()
        self._talk.clicked.connect(lambda: self.number_asked.emit("talk_ratio"))
        self._wording.clicked.connect(self.wording_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.TINY_GAP, theme.TINY_GAP, theme.TINY_GAP, theme.TINY_GAP)
        column.setSpacing(0)
        column.addWidget(self._talk)
        column.addWidget(self._wording)

    def set_document(self, doc: Document) -> None:
        self._talk.set_document(doc)
        self._wording.set_document(doc)


class _Talk(Pressed):
    """You 38 %, the others 62 %; below, the bar and what is usual."""

    def __init__(self) -> None:
        super().__init__()
        self._own, self._other = Elided("", "own"), Elided("", "other")
        self._other.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._bar, self._usual = TalkBar(), Label("", "small")
        self._why = Label("", "muted", wrap=True)
        sides = QHBoxLayout()
        sides.setSpacing(theme.GAP)
        sides.addWidget(self._own, 1)
        sides.addWidget(self._other, 1)
        below = QHBoxLayout()
        below.setSpacing(theme.WIDE)
        below.addWidget(self._bar, 1)
        below.addWidget(self._usual)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.TINY_GAP)
        column.addLayout(sides)
        column.addLayout(below)
        column.addWidget(self._why)
        self.let_through()

    def set_document(self, doc: Document) -> None:
        measured = measurement(doc, "talk_ratio", "side:rep")
        share = measured["value"] if measured else None
        for part in (self._own, self._other, self._bar, self._usual):
            part.setVisible(share is not None)
        self._why.setVisible(share is None)
        if share is not None:
            self._say_shares(doc, share)
        else:
            why = why_not(measured) if measured else _("there are no words yet")
            self._why.say(_("Share of the talking: {why}").format(why=why))
            self.setAccessibleName(self._why.text())

    def _say_shares(self, doc: Document, share: float) -> None:
        own = round(100 * share)
        target = doc["labels"]["targets"].get("talk_ratio")
        self._own.say(f"{capital(side_name(doc, 'rep'))} {own} %")
        self._other.say(f"{capital(side_name(doc, 'other'))} {100 - own} %")
        self._bar.set(share)
        self._usual.say(said_range(target, "ratio") if target else "")
        self._usual.setVisible(bool(target))
        said = [self._own.text(), self._other.text(), self._usual.text()]
        self.setAccessibleName(", ".join(part for part in said if part))


class _Wording(Pressed):
    """The wording by fifths, tiny; or one line why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._said, self._spark = Label("", "muted", wrap=True), Spark()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP, theme.TINY_GAP, theme.GAP, theme.TINY_GAP)
        row.setSpacing(theme.WIDE)
        row.addWidget(self._said, 1)
        row.addWidget(self._spark, 0, Qt.AlignmentFlag.AlignVCenter)
        self.let_through()

    def set_document(self, doc: Document) -> None:
        lines = lines_of(doc)
        self._spark.setVisible(bool(lines))
        self._spark.set_lines(lines)
        if not lines:
            self._said.say(not_scanned(doc))
            self.setAccessibleName(self._said.text())
            return
        if len(lines) > 1:
            self._said.say(_("Wording of both sides"))
        else:
            self._said.say(_("Wording of {side}").format(side=lines[0].name))
        self.setAccessibleName("; ".join([self._said.text(), *(said_line(line) for line in lines)]))
