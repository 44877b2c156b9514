"""Before a call with somebody known: what was promised, asked and left open, the last concern; each plays where it was said."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from coachdesk.gui.widgets.door import SHORTEST_MS, Door
from coachdesk.gui.widgets.goal_card import said_day
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.reading import capital
from coachdesk.gui.widgets.scrolled import door_card, empty, inset
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import _

Document = dict[str, Any]
_MOST = 3


class CaseCard(QFrame):
    """Hidden while nothing is known."""

    play_asked = Signal(str, int, int)

    def __init__(self) -> None:
        super().__init__()
        frame, self._column = door_card()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        self.hide()

    def set_case(self, known: Document | None) -> None:
        """As the desk tells it; None = nothing is known."""
        self.setVisible(known is not None)
        empty(self._column)
        if known is None:
            return
        said = _("{case}: last call {day}").format(case=known["case"], day=said_day(known["started_at"]))
        self._line(said, "heading")
        promised = [step | {"quote": step["text"], "call": step["call_id"]} for step in known["promises"]]
        theirs = [step | {"quote": step["text"], "call": step["call_id"]} for step in known["theirs"]]
        concern = [known["concern"]] if known["concern"] else []
        self._moments(_("Promised by {who}").format(who=known["own"]), promised, "rep")
        self._moments(_("Promised by {who}").format(who=known["other"]), theirs, "other")
        self._moments(_("Asked and left open"), known["questions"], "other")
        self._moments(_("The last concern"), concern, "other")
        if not (promised or theirs or concern or known["questions"]):
            self._line(_("I found no open promise, question or concern in it."), "muted")

    def _moments(self, heading: str, found: list[Document], side: str) -> None:
        if not found:
            return
        self._line(capital(heading), "small")
        for one in found[:_MOST]:
            if one["start_ms"] is None:
                self._line(one["quote"], "")
                continue
            end_ms = one.get("end_ms") or one["start_ms"] + SHORTEST_MS
            door = Door(one["start_ms"], end_ms, one["quote"], side)
            door.play_asked.connect(lambda start, end, call=one["call"]: self.play_asked.emit(call, start, end))
            self._column.addWidget(door)

    def _line(self, text: str, look: str) -> None:
        column = inset()
        column.addWidget(Paragraph(text, look) if look != "heading" else Label(text, look, wrap=True))
        self._column.addLayout(column)
