"""One criterion of a scorecard: what is asked, the answer to choose, what a rule found, a note, a moment; and how what
somebody answered is shown. Documents in, signals out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.chips import Chips
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.fields import WholeBox
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label, tidy, tip
from coachdesk.gui.widgets.writing import Typed, Writing
from coachdesk.sentences import N_, _, ruled, scored

Document = dict[str, Any]
MOST_CHIPS = 11  # numbers of a range that stand as chips; more are typed
_TOOL = 28  # px: how high a small button is, by the style sheet
_TOP = Qt.AlignmentFlag.AlignTop
_NOT_APPLICABLE = "n/a"
STATES = {  # mark, its look, what it means
    "differs": (N_("differs"), "attention", N_("Not everybody said the same. Listen to it together.")),
    "open": (N_("open"), "small", N_("Not answered yet")),
    "free": (N_("if you like"), "small", N_("The card is complete without it")),
}


class Asked(QFrame):
    """A card with one criterion. `said` carries what is new of the answer: value, note or moment."""

    said = Signal(object)
    pin_asked = Signal()
    note_opened = Signal()
    play_asked = Signal(int, int)

    def __init__(self, criterion: Document, answer: Document | None, *, state: str, noted: bool, typed: Typed) -> None:
        """`state`: one of STATES, or "". `noted`: the note's field is open. The answer's `quote`: the words of its moment."""
        super().__init__()
        self.setProperty("look", "card")
        self._asked, self._answer, self._typed = criterion, answer or {}, typed
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.WIDE, theme.WIDE, theme.WIDE, theme.WIDE)
        self._column.setSpacing(theme.GAP)
        self._note: Writing | None = None
        self._add_heading(state)
        self._add_choice()
        self._add_rule()
        self._add_moment()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.TINY_GAP)
        self._column.addLayout(self._rows)
        if noted or self._answer.get("note") or typed.of((criterion["id"], "note")):
            self._add_note()

    def add_row(self, row: QWidget) -> None:
        """What somebody else answered."""
        self._rows.addWidget(row)

    # --- parts

    def _add_heading(self, state: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.TINY_GAP)
        heading = Paragraph(self._asked["name"], "heading")
        heading.setContentsMargins(0, (_TOOL - QFontMetrics(theme.strong_font()).lineSpacing()) // 2, 0, 0)
        row.addWidget(heading, 1, _TOP)
        if state:
            text, look, why = STATES[state]
            mark = Label(_(text), look)
            mark.explain(_(why))
            mark.setFixedHeight(_TOOL)
            row.addWidget(mark, 0, _TOP)
        name = tidy(self._asked["name"])
        note = _tool("pencil", _("Write a note"), name)
        note.clicked.connect(self._open_note)
        pin = _tool("map-pin", _("Pin the moment you hear"), name)
        pin.clicked.connect(self.pin_asked)
        for tool in (note, pin):
            row.addWidget(tool, 0, _TOP)
        self._column.addLayout(row)
        if self._asked["guidance"]:
            self._column.addWidget(Paragraph(self._asked["guidance"], "small"))

    def _add_choice(self) -> None:
        kind = self._asked["kind"]
        if kind == "text":
            self._column.addWidget(self._text("value", self._asked["name"], _("In your words")))
        elif kind == "range" and self._asked["high"] - self._asked["low"] >= MOST_CHIPS:
            self._column.addLayout(self._number())
        else:
            self._column.addWidget(self._chips(list(self._options())))
        for n, anchor in self._asked["anchors"].items():
            chosen = self._answer.get("value") == int(n)
            self._column.addWidget(_anchor(n, anchor, chosen))

    def _options(self) -> Iterator[tuple[str, str, str]]:
        asked = self._asked
        if asked["kind"] == "range":
            for n in range(asked["low"], asked["high"] + 1):
                yield str(n), str(n), asked["anchors"].get(str(n), "")
        elif asked["kind"] == "yes_no":
            yield from (("yes", _("Yes"), ""), ("no", _("No"), ""))
        else:
            yield from ((option["id"], option["name"], "") for option in asked["options"])
        if asked["may_be_na"]:
            yield _NOT_APPLICABLE, _("Does not apply"), ""

    def _chips(self, options: list[tuple[str, str, str]]) -> Chips:
        value = self._answer.get("value")
        rule = self._asked["rule"] or {}
        chips = Chips(options, "" if value is None else str(value), rule.get("value") or "", self._asked["name"])
        chips.chosen.connect(self._choose)
        return chips

    def _choose(self, key: str) -> None:
        is_number = self._asked["kind"] == "range" and key not in ("", _NOT_APPLICABLE)
        self.said.emit({"value": int(key) if is_number else key or None})

    def _number(self) -> QHBoxLayout:
        """A wide range: typed, and beside it that it does not apply."""
        row = QHBoxLayout()
        box = WholeBox(self._asked["low"] - 1, self._asked["high"])
        box.setSpecialValueText(_("open"))
        box.setAccessibleName(tidy(self._asked["name"]))
        value = self._answer.get("value")
        box.setValue(value if isinstance(value, int) else box.minimum())
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda n: self.said.emit({"value": None if n == box.minimum() else n}))
        row.addWidget(box)
        if self._asked["may_be_na"]:
            row.addWidget(self._chips([(_NOT_APPLICABLE, _("Does not apply"), "")]))
        row.addStretch(1)
        return row

    def _text(self, part: str, called: str, hint: str) -> Writing:
        text = self._answer.get(part) or ""
        field = Writing(text, tidy(called), self._typed, (self._asked["id"], part), hint)
        field.written.connect(lambda words: self.said.emit({part: words or (None if part == "value" else "")}))
        return field

    def _add_rule(self) -> None:
        """What a rule says, with the moment to listen to."""
        rule = self._asked["rule"]
        if rule is None:
            return
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(Symbol("sparkles", "muted"), 0, _TOP)
        line = Paragraph(_("A rule looked: {said}").format(said=ruled(rule)), "small")
        line.explain(_("Rule {id}. What you say goes first.").format(id=rule["id"]))
        row.addWidget(line, 1)
        self._column.addLayout(row)
        for moment in rule["evidence"][:1]:
            self._column.addWidget(self._door(moment, moment["quote"]))

    def _add_moment(self) -> None:
        moment = self._answer.get("moment")
        if moment is None:
            return
        row = QHBoxLayout()
        row.setSpacing(theme.TINY_GAP)
        row.addWidget(self._door(moment, self._answer["quote"]), 1)
        away = _tool("x", _("Unpin"), tidy(self._asked["name"]))
        away.clicked.connect(lambda: self.said.emit({"moment": None}))
        row.addWidget(away, 0, _TOP)
        self._column.addLayout(row)

    def _door(self, moment: Document, words: str) -> Door:
        door = Door(moment["start_ms"], moment["end_ms"], words, "rep")
        door.play_asked.connect(self.play_asked)
        return door

    def _add_note(self) -> Writing:
        self._note = self._text("note", _("Note: {name}").format(name=tidy(self._asked["name"])), _("A note"))
        self._column.addWidget(self._note)
        return self._note

    def _open_note(self) -> None:
        note = self._note or self._add_note()
        note.show()
        note.setFocus()
        self.note_opened.emit()


class Answered(QWidget):
    """What somebody else said to a criterion."""

    play_asked = Signal(int, int)

    def __init__(self, who: str, answer: Document, criterion: Document) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(Symbol("user", "other"), 0, _TOP)
        said = _("{who}: {answer}").format(who=who, answer=scored(answer["value"], criterion))
        row.addWidget(Paragraph(said), 1)
        column.addLayout(row)
        if answer["note"]:
            note = Paragraph(answer["note"], "muted")
            note.setContentsMargins(16 + theme.GAP, 0, 0, 0)
            column.addWidget(note)
        if answer["moment"]:
            door = Door(answer["moment"]["start_ms"], answer["moment"]["end_ms"], answer["quote"], "other")
            door.play_asked.connect(self.play_asked)
            column.addWidget(door)


class OldAnswers(QFrame):
    """Answers to a card as it was: to read and to play, not to change."""

    play_asked = Signal(int, int)

    def __init__(self, entry: Document, criteria: list[Document]) -> None:
        super().__init__()
        self.setProperty("look", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDE, theme.WIDE, theme.WIDE, theme.WIDE)
        column.setSpacing(theme.GAP)
        who = _("You") if entry["mine"] else entry["as"] or _("Somebody")
        column.addWidget(Paragraph(_("{who}, on an earlier version of this card").format(who=who), "heading"))
        for criterion in criteria:
            if criterion["id"] in entry["answers"]:
                row = Answered(criterion["name"], entry["answers"][criterion["id"]], criterion)
                row.play_asked.connect(self.play_asked)
                column.addWidget(row)


def _anchor(n: str, text: str, chosen: bool) -> QWidget:
    """What a number means."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(2, 0, 0, 0)
    row.setSpacing(theme.GAP)
    number = Label(n, "own" if chosen else "small")
    number.setFont(theme.figures_font())
    number.setFixedWidth(16)
    row.addWidget(number, 0, _TOP)
    row.addWidget(Paragraph(text, "" if chosen else "small"), 1)
    return line


def _tool(icon: str, what: str, name: str) -> QPushButton:
    """A small button with a picture; `what` it does and to which criterion is heard and shown."""
    button = QPushButton()
    button.setProperty("look", "quiet")
    theme.set_icon(button, icon, "muted")
    button.setAccessibleName(f"{what}: {name}")
    button.setToolTip(tip(what))
    return button
