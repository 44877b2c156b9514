"""Two windows about planned questions: writing those of a position as plain text, and one question over all its calls."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.fields import Combo
from coachdesk.gui.widgets.guide import STATES, said_of
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import Scrolled, door_card, inset
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import _, ngettext

Document = dict[str, Any]
_SIZE = (620, 560)


class PlanDialog(QDialog):
    """`said`: the questions as plain text; the answer comes by `accept` or `refuse`."""

    said = Signal(str)

    def __init__(self, parent: QWidget, planned: Document) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Questions: {title}").format(title=planned["name"]))
        self.resize(*_SIZE)
        self.text = QPlainTextEdit(planned["text"])
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.windowTitle())
        self._problem = Paragraph("", "danger")
        self._problem.hide()
        how = _("One question a line. * in front: to be asked on every call. Indented: a follow-up of the one above.")
        keep = QPushButton(_("Keep"))
        keep.setProperty("look", "primary")
        keep.clicked.connect(lambda: self.said.emit(self.text.toPlainText()))
        leave = QPushButton(_("Leave it"))
        leave.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (leave, keep):
            button.setAutoDefault(False)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        column.addWidget(Paragraph(how, "muted"))
        column.addWidget(self.text, 1)
        for flagged in _flags(planned):
            column.addWidget(Paragraph(flagged, "attention"))
        column.addWidget(self._problem)
        column.addLayout(row)
        self.text.setFocus()

    def refuse(self, problem: str) -> None:
        """What is wrong with a line; the text stays to be mended."""
        self._problem.say(problem)
        self._problem.show()


def _flags(planned: Document) -> list[str]:
    """What planned questions may touch, each with another way to ask."""
    found = []
    for question in planned["questions"]:
        for flag in question["protected"]:
            said = _("“{question}” may touch a protected topic: {topic}. Rules differ by place; not legal advice.")
            instead = _("Instead: {words}").format(words=flag["try_saying"]) if flag["try_saying"] else ""
            found.append(f"{said.format(question=question['text'], topic=flag['topic'])} {instead}".strip())
    return found


class AcrossDialog(QDialog):
    """One planned question side by side over calls: asked or not, in which words, how long, where to listen."""

    play_asked = Signal(str, int, int)  # call id, start and end in ms

    def __init__(self, parent: QWidget, beside: Document) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Side by side: {title}").format(title=beside["name"]))
        self.resize(720, 640)
        self._beside = beside
        self._calls = {call["id"]: call for call in beside["calls"]}
        self.question = Combo(least=20)
        self.question.setAccessibleName(_("Planned question"))
        for question in beside["questions"]:
            self.question.addItem(question["text"], question["id"])
        self.rows = _Rows()
        about = _("How the question was asked, and where to listen. It says nothing about anybody.")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        column.addWidget(Paragraph(about, "muted"))
        column.addWidget(self.question)
        column.addWidget(self.rows, 1)
        self.question.currentIndexChanged.connect(self._show)
        self._show(0)

    def _show(self, n: int) -> None:
        questions = self._beside["questions"]
        if not self._beside["calls"] or not questions:
            self.rows.refill([Paragraph(_("No call is about this yet."), "muted")], from_top=True)
            return
        rows = questions[max(n, 0)]["calls"]
        asked = sum(row["asked"] is not None for row in rows)
        head = ngettext("Found on {n} of {all} call", "Found on {n} of {all} calls", len(rows))
        parts: list[QWidget] = [Label(head.format(n=asked, all=len(rows)), "small")]
        self.rows.refill([*parts, *(self._row(row) for row in rows)], from_top=True)

    def _row(self, row: Document) -> QWidget:
        call = self._calls[row["call"]]
        frame, column = door_card()
        column.setSpacing(theme.TINY_GAP)
        head = inset()
        line = QHBoxLayout()
        line.setSpacing(theme.GAP)
        _said, icon, token = STATES[row["state"]]
        line.addWidget(Symbol(icon, token), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Label(call["case"] or call["title"], "heading", wrap=True), 1)
        line.addWidget(Label(call["started_at"][:10], "small"))
        head.addLayout(line)
        head.addWidget(Paragraph(said_of(row), "small"))
        column.addLayout(head)
        for moment, side in ((row["asked"], "rep"), (row["answer"], "other")):
            if moment:
                door = Door(moment["start_ms"], moment["end_ms"], moment["quote"], side)
                door.play_asked.connect(lambda start, end, call=row["call"]: self.play_asked.emit(call, start, end))
                column.addWidget(door)
        return frame


class _Rows(Scrolled):
    """The calls, one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self._column.setSpacing(theme.WIDE)
