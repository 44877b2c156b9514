"""The guide pane: each planned question with what became of it, the place it was asked, the answer and what followed.

The process only. A match is a suggestion: "asked here" and "not asked" are the person's to say, and to take back.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import Scrolled, card, door_card, inset
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label, tip
from coachdesk.sentences import N_, _, clock, ngettext, reason

Document = dict[str, Any]
STATES = {  # what is said of a question, its picture and the colour of that
    "as_planned": (N_("asked as planned"), "circle-check", "good"),
    "other_words": (N_("asked in other words"), "circle-check", "good"),
    "ticked": (N_("ticked while recording"), "check", "good"),
    "told": (N_("asked, as you said"), "check", "good"),
    "not_asked": (N_("not asked, as you said"), "circle-slash", "muted"),
    "not_found": (N_("I did not find it"), "circle", "muted"),
    "not_looked_for": (N_("not looked for"), "minus", "muted"),
    "not_planned": (N_("not planned for this call"), "minus", "muted"),
}
MOST_TITLE = 120


def said_of(question: Document) -> str:
    """State, wording and time of a question in a line."""
    parts = [_(STATES[question["state"]][0])]
    if question["wording"] is not None:
        parts.append(_("{share} % of the planned words").format(share=round(100 * question["wording"])))
    if question["time_ms"]:
        parts.append(clock(question["time_ms"]))
    return " · ".join(parts)


class GuidePane(Scrolled):
    """`where_asked`: a question's id and text, whose place the person wants to show. `denied`: it was not asked."""

    play_asked = Signal(int, int)
    where_asked = Signal(str, str)
    denied = Signal(str)
    take_back_asked = Signal(str)  # an act's id
    position_said = Signal(str)
    plan_asked = Signal()
    across_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column.setSpacing(theme.WIDE)
        self._read: list[Any] = []
        self._call = ""

    def set_document(self, doc: Document) -> None:
        """Show what became of a review's planned questions; what is being read stays where it is."""
        read = [doc["call"]["id"], doc["guide"], doc["transcript"]["language"]]
        if read == self._read:
            return
        another, self._call = doc["call"]["id"] != self._call, doc["call"]["id"]
        self._read = read
        self.refill(self._parts(doc), from_top=another)

    def _parts(self, doc: Document) -> list[QWidget]:
        found = doc["guide"]
        parts = [self._position(found)]
        if not found["questions"]:
            none = _(
                "No questions are planned for this call. Name what it is about, then write its questions, one a line."
            )
            return [*parts, Paragraph(none, "muted")]
        if found["reason"]:
            parts.append(self._not_looked_for(found["reason"], doc))
        else:
            parts.append(Paragraph(_summary(found), "muted"))
        parts += [self._question(question) for question in found["questions"]]
        if found["unplanned"]:
            parts.append(self._unplanned(found["unplanned"]))
        return parts

    # --- what it is about

    def _position(self, found: Document) -> QWidget:
        frame, column = card()
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        name = _("What this call is about")
        field = _Title(found["position"])
        field.setPlaceholderText(_("What this call is about: a position"))
        field.setAccessibleName(name)
        field.setToolTip(tip(_("What this call is about. Several calls of one position share its questions.")))
        field.said.connect(self.position_said)
        column.addWidget(field)
        buttons = Flow()
        for text, signal, able in (
            (_("Its questions..."), self.plan_asked, bool(found["position"])),
            (_("Side by side..."), self.across_asked, bool(found["questions"])),
        ):
            button = QPushButton(text)
            button.setAutoDefault(True)
            button.setAccessibleName(text)
            button.setEnabled(able)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        column.addLayout(buttons)
        if not found["position"] and found["questions"]:
            column.addWidget(Paragraph(_("These are the questions of the playbook."), "small"))
        return frame

    def _not_looked_for(self, code: str, doc: Document) -> QWidget:
        frame, column = card("note")
        why = reason(code, {"language": doc["transcript"]["language"]})
        column.addWidget(Paragraph(_("Not looked for in these words: {why}.").format(why=why)))
        return frame

    # --- questions

    def _question(self, question: Document) -> QWidget:
        frame, column = door_card()
        column.setSpacing(theme.TINY_GAP)
        head = inset()
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        _said, icon, token = STATES[question["state"]]
        row.addWidget(Symbol(icon, token), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(question["text"], "heading", wrap=True), 1)
        head.addLayout(row)
        must = [_("on every call")] if question["must"] else []
        head.addWidget(Paragraph(" · ".join([*must, said_of(question)]), "small"))
        column.addLayout(head)
        for moment, side in ((question["asked"], "rep"), (question["answer"], "other")):
            if moment:
                column.addWidget(self._door(moment, side))
        column.addLayout(self._followed(question))
        column.addLayout(self._acts(question))
        return frame

    def _followed(self, question: Document) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        missing = [one["text"] for one in question["follow_ups"] if not one["asked"]]
        found = [*(one["asked"] for one in question["follow_ups"] if one["asked"]), *question["more"]]
        if found:
            head = inset()
            n = len(found)
            head.addWidget(Label(ngettext("{n} follow-up question", "{n} follow-up questions", n).format(n=n), "small"))
            column.addLayout(head)
        for moment in found:
            column.addWidget(self._door(moment, "rep"))
        if missing and question["asked"]:
            foot = inset()
            for text in missing:
                foot.addWidget(Paragraph(_("Follow-up I did not find: {text}").format(text=text), "small"))
            column.addLayout(foot)
        return column

    def _acts(self, question: Document) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, theme.GAP, 0)
        row.setSpacing(0)
        if question["event"]:
            row.addWidget(self._act(_("Take back"), question, lambda: self.take_back_asked.emit(question["event"])))
        else:
            where = partial(self.where_asked.emit, question["id"], question["text"])
            row.addWidget(
                self._act(_("Asked elsewhere...") if question["asked"] else _("Asked here..."), question, where)
            )
            row.addWidget(self._act(_("Not asked"), question, lambda: self.denied.emit(question["id"])))
        row.addStretch(1)
        return row

    def _act(self, text: str, question: Document, act: Any) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("look", "quiet")
        button.setAutoDefault(True)
        button.setAccessibleName(_("{act}: {question}").format(act=text, question=question["text"]))
        button.clicked.connect(lambda: act())
        return button

    def _unplanned(self, moments: list[Document]) -> QWidget:
        frame, column = door_card()
        column.setSpacing(0)
        head = inset()
        head.addWidget(Label(_("Questions outside the plan"), "heading", wrap=True))
        column.addLayout(head)
        for moment in moments:
            column.addWidget(self._door(moment, "rep"))
        return frame

    def _door(self, moment: Document, side: str) -> Door:
        door = Door(moment["start_ms"], moment["end_ms"], moment["quote"], side)
        door.play_asked.connect(self.play_asked)
        return door


class _Title(QLineEdit):
    """What a call is about: kept when the field is left."""

    said = Signal(str)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._before = text
        self.setMaxLength(MOST_TITLE)
        self.setCursorPosition(0)
        self.editingFinished.connect(self._tell)

    def _tell(self) -> None:
        words = " ".join(self.text().split())
        if words != self._before:
            self._before = words
            self.said.emit(words)


def _summary(found: Document) -> str:
    asked = sum(
        question["state"] not in ("not_found", "not_looked_for", "not_asked") for question in found["questions"]
    )
    return _("Found {n} of {all} planned questions. A question I did not find may have been asked.").format(
        n=asked, all=len(found["questions"])
    )
