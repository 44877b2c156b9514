"""The brief pane: every slot with what was said and its door, an honest gap with a field, and three texts to hand on.

Lines can be left out and put back; what the person writes stands beside them. M, T and Y make the mail, the note and the
note to oneself while the keyboard is in here.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.letter import LetterDialog
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.reading import side_name
from coachdesk.gui.widgets.scrolled import Scrolled, card, door_card, inset
from coachdesk.gui.widgets.text import Label, tip
from coachdesk.letters import ABOUT, NAMES, ROUGH
from coachdesk.sentences import N_, _, ngettext, reason

Document = dict[str, Any]
KEYS = {"mail": "M", "note": "T", "self": "Y"}
_SHORT = {"mail": N_("Mail"), "note": N_("Note"), "self": N_("To myself")}
_FOUND_ONLY = ("next_steps", "open_questions")  # once there are some, there are better places to write one
MOST_TEXT = 400  # characters of an own fact


class BriefPane(Scrolled):
    """`fact_said`: slot, words. `line_dropped`: slot, start in ms, whether it is left out. `word_said`: kind, wording."""

    play_asked = Signal(int, int)
    fact_said = Signal(str, str)
    line_dropped = Signal(str, int, bool)
    word_said = Signal(str, str)
    save_asked = Signal(str, str)
    words_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column.setSpacing(theme.WIDE)
        self._doc: Document = {}
        self._read: list[Any] = []
        self._own: dict[str, str] = {}
        self._left: dict[tuple[str, str], str] = {}  # texts as the person changed them, by call and kind
        self.letter: LetterDialog | None = None

    def set_templates(self, own: dict[str, str]) -> None:
        """The person's own wordings by kind; "" = the program's. An open text is made anew."""
        self._own = own
        if self.letter is not None:
            self.letter.keep(own.get(self.letter.kind, ""))

    def refuse_wording(self, problem: str) -> None:
        if self.letter is not None:
            self.letter.refuse(problem)

    def set_document(self, doc: Document) -> None:
        """Show a review's brief; what is being read stays where it is."""
        another = doc["call"]["id"] != (self._doc["call"]["id"] if self._doc else "")
        self._doc = doc
        read = [doc["call"]["id"], doc["brief"], doc["labels"]["own"]]
        if read != self._read:
            self._read = read
            self.refill(self._parts(doc), from_top=another)

    def hand_on(self, kind: str) -> None:
        """The brief as a text, in a window of its own."""
        if not self._doc or not self._doc["brief"]["slots"]:
            return
        self.letter = LetterDialog(self.window(), kind, self._doc, self._own.get(kind, ""))
        self.letter.word_said.connect(self.word_said)
        self.letter.save_asked.connect(self.save_asked)
        self.letter.finished.connect(lambda _result: self._closed())
        if left := self._left.get((self._doc["call"]["id"], kind)):
            self.letter.go_on_with(left)
        self.letter.open()

    def _closed(self) -> None:
        """What was changed in a text is there when it is opened again."""
        if self.letter is not None:
            self._left[self._doc["call"]["id"], self.letter.kind] = self.letter.left
        self.letter = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        kind = next((kind for kind, key in KEYS.items() if event.text().upper() == key), None)
        if kind is not None and not event.modifiers():
            self.hand_on(kind)
        else:
            super().keyPressEvent(event)

    # --- parts

    def _parts(self, doc: Document) -> list[QWidget]:
        found = doc["brief"]
        if not found["slots"]:
            return [Paragraph(_("The playbook of this call has no brief."), "muted")]
        parts: list[QWidget] = [self._outputs()]
        if found["reason"]:
            parts.append(self._poor(found["reason"], doc))
        if found["rough"]:
            parts.append(Paragraph(_(ROUGH), "attention"))
        return parts + [self._slot(slot, doc) for slot in found["slots"]]

    def _outputs(self) -> QWidget:
        frame, column = card()
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        buttons = Flow()
        for kind, key in KEYS.items():
            button = QPushButton(_("{name} ({key})").format(name=_(_SHORT[kind]), key=key))
            button.setAutoDefault(True)  # Return presses it too
            button.setAccessibleName(_(NAMES[kind]))
            button.setToolTip(tip(f"{_(NAMES[kind])}\n{_(ABOUT[kind])}"))
            button.clicked.connect(partial(self.hand_on, kind))
            buttons.addWidget(button)
        column.addLayout(buttons)
        return frame

    def _poor(self, code: str, doc: Document) -> QWidget:
        """Why these words carry no brief; nothing is guessed."""
        frame, column = card("note")
        why = reason(code, {"language": doc["transcript"]["language"]})
        column.addWidget(Paragraph(_("No brief from these words: {why}.").format(why=why)))
        column.addWidget(Paragraph(_("What you write yourself and your next steps are in it all the same."), "muted"))
        if code in ("no_words", "draft", "draft_too_poor"):
            words = QPushButton(_("Get the real transcript"))
            words.setAutoDefault(True)
            words.clicked.connect(self.words_asked)
            column.addWidget(words, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _slot(self, slot: Document, doc: Document) -> QWidget:
        frame, column = door_card()
        column.setSpacing(theme.TINY_GAP)
        head = inset()
        head.addWidget(Label(slot["name"], "heading", wrap=True))
        if not slot["lines"] and not slot["typed"] and not slot["dropped"] and not doc["brief"]["reason"]:
            head.addWidget(Paragraph(_("I did not find it in this call."), "muted"))
        column.addLayout(head)
        for line in slot["lines"]:
            column.addLayout(self._line(slot, line, doc))
        if slot["dropped"]:
            column.addLayout(self._dropped(slot))
        if slot["kind"] not in _FOUND_ONLY or slot["typed"] or not slot["lines"]:
            foot = inset()
            foot.addWidget(self._fact(slot))
            column.addLayout(foot)
        return frame

    def _line(self, slot: Document, line: Document, doc: Document) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        if line["start_ms"] is None:
            words = inset()
            words.addWidget(Paragraph(line["quote"]))
            row.addLayout(words, 1)
        else:
            door = Door(line["start_ms"], line["end_ms"], line["quote"], line["side"])
            door.play_asked.connect(self.play_asked)
            row.addWidget(door, 1)
            row.addWidget(self._leave_out(slot, line), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        if line["owner"]:
            who = inset()
            left = theme.GAP + (theme.PAGE if line["start_ms"] is not None else 0)
            who.setContentsMargins(left, 0, theme.GAP, theme.TINY_GAP)
            who.addWidget(Paragraph(_owned(line, doc), "small"))
            column.addLayout(who)
        return column

    def _leave_out(self, slot: Document, line: Document) -> QToolButton:
        button = QToolButton()
        button.setProperty("look", "quiet")
        theme.set_icon(button, "x", "muted")
        button.setToolTip(tip(_("Leave this line out")))
        button.setAccessibleName(_("Leave out: {quote}").format(quote=line["quote"]))
        button.clicked.connect(lambda: self.line_dropped.emit(slot["id"], line["start_ms"], True))
        return button

    def _dropped(self, slot: Document) -> QVBoxLayout:
        n = len(slot["dropped"])
        button = QPushButton(
            ngettext("{n} line left out: put it back", "{n} lines left out: put them back", n).format(n=n)
        )
        button.setProperty("look", "quiet")
        button.setAutoDefault(True)
        button.setAccessibleName(_("Put back: {name}").format(name=slot["name"]))

        def put_back() -> None:
            for line in slot["dropped"]:
                self.line_dropped.emit(slot["id"], line["start_ms"], False)

        button.clicked.connect(put_back)
        column = inset()
        column.setContentsMargins(0, 0, theme.GAP, 0)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def _fact(self, slot: Document) -> QLineEdit:
        field = _Fact(slot["typed"])
        if slot["lines"] and not slot["typed"]:
            field.setProperty("look", "inline")
        field.setPlaceholderText(_("In your own words"))
        field.setAccessibleName(_("{name}, in your own words").format(name=slot["name"]))
        field.said.connect(partial(self.fact_said.emit, slot["id"]))
        return field


class _Fact(QLineEdit):
    """What a person writes into a slot: kept when the field is left, as before with Escape."""

    said = Signal(str)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._before = text
        self.setMaxLength(MOST_TEXT)
        self.setCursorPosition(0)  # what is long shows its beginning
        self.editingFinished.connect(self._tell)

    def _tell(self) -> None:
        words = " ".join(self.text().split())
        if words != self._before:
            self._before = words
            self.said.emit(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._before)
            event.ignore()  # the page leaves the field
        else:
            super().keyPressEvent(event)


def _owned(line: Document, doc: Document) -> str:
    """Who does it, and by when."""
    names = {s["role"]: s["name"] for s in reversed(doc["speakers"]) if s["name"]}
    who = names.get(line["owner"]) or side_name(doc, line["owner"]).capitalize()
    if not line["due"]:
        return _("{who}, no day named").format(who=who)
    return _("{who}, by {day}").format(who=who, day=line["due"])
