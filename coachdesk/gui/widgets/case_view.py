"""One case: its name, where it stands and how it ended, each changeable where it stands; what to do next; what was left open
on the last call; and its calls.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.calls_model import day
from coachdesk.gui.widgets.case_steps import StepsCard
from coachdesk.gui.widgets.door import Door, Pressed
from coachdesk.gui.widgets.reading import capital
from coachdesk.gui.widgets.scrolled import Scrolled, door_card
from coachdesk.gui.widgets.talk_bar import TalkBar, said_share
from coachdesk.gui.widgets.text import Elided, Label, caption, place, tidy, tip
from coachdesk.sentences import _, clock, ngettext

Document = dict[str, Any]
_LONGEST = 300  # letters of a name or a stage
_BAR = 120  # px


class CaseView(QWidget):
    """Everything it says is the document's; every change goes out as a signal, at once."""

    name_said = Signal(str)
    stage_said = Signal(str)
    result_chosen = Signal(str, str)  # word, day (ISO)
    merge_asked = Signal()
    step_said = Signal(str, str, str)  # step, call, state
    open_asked = Signal(str)
    play_asked = Signal(str, int, int)

    def __init__(self) -> None:
        super().__init__()
        self._doc: Document = {}
        self._unfolded = False
        self.pane = Scrolled()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(self._first())
        column.addLayout(self._second())
        column.addWidget(self.pane, 1)

    def _first(self) -> QHBoxLayout:
        self.name = QLineEdit()
        self.name.setProperty("look", "headline")
        self.name.setAccessibleName(_("Name of the case"))
        self.name.setMaxLength(_LONGEST)
        self.name.editingFinished.connect(self._name_done)
        self.more = QToolButton()
        self.more.setProperty("look", "quiet")
        self.more.setAccessibleName(_("More"))
        theme.set_icon(self.more, "ellipsis")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        menu.addAction(caption(_("Merge with another case...")), self.merge_asked.emit)
        self.more.setMenu(menu)
        row = QHBoxLayout()
        row.setSpacing(theme.TINY_GAP)
        row.addWidget(self.name, 1)
        row.addWidget(self.more)
        return row

    def _second(self) -> QHBoxLayout:
        self._kind = Elided("", "muted")
        self._kind.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.stage = QLineEdit()
        self.stage.setProperty("look", "inline")
        self.stage.setMaxLength(_LONGEST)
        self.stage.setMinimumWidth(120)
        self.stage.setMaximumWidth(220)
        self.stage.setAccessibleName(_("Stage"))
        self.stage.setPlaceholderText(_("add a stage"))
        self.stage.setToolTip(tip(_("Where it stands, in your own words")))
        self.stage.editingFinished.connect(self._stage_done)
        self.result = QToolButton()
        self.result.setProperty("look", "quiet")
        self.result.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.result.setMenu(QMenu(self.result))
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat(place().dateFormat(QLocale.FormatType.ShortFormat))
        self.day.setAccessibleName(_("Day of the result"))
        self.day.editingFinished.connect(self._day_done)
        row = QHBoxLayout()
        row.setContentsMargins(6, 0, 0, 0)
        row.setSpacing(theme.GAP)
        said = Label(_("Stage"), "muted")
        said.setBuddy(self.stage)
        row.addWidget(said)
        row.addWidget(self.stage, 2)
        row.addWidget(self.result)
        row.addWidget(self.day)
        row.addWidget(self._kind, 1)
        return row

    # --- showing

    def set_case(self, doc: Document) -> None:
        """Show a case; the place, the keyboard and what is being typed stay where it is the same one."""
        another = doc["id"] != self._doc.get("id")
        self._doc = doc
        self._unfolded = self._unfolded and not another
        _show_text(self.name, doc["name"], another)
        _show_text(self.stage, doc["stage"] or "", another)
        self._kind.say(doc["labels"]["case"])
        self._fill_results()
        self.pane.refill([*self._steps(), *self._left_open(), *self._calls()], from_top=another)

    def drop_typed(self) -> None:
        """What is being typed is not said."""
        if self._doc:
            doc, self._doc = self._doc, {}
            self.set_case(doc)

    def _fill_results(self) -> None:
        results, chosen = self._doc["labels"]["case_results"], self._doc["result"]
        said = results.get(chosen, chosen) if chosen else _("not set")
        self.result.setText(caption(_("Result: {result}").format(result=said)))
        menu = self.result.menu()
        menu.clear()
        for word, text in results.items():
            menu.addAction(caption(text), partial(self._choose, word))
        menu.addAction(_("No result yet"), partial(self._choose, ""))
        on = QDate.fromString(self._doc["result_at"] or "", "yyyy-MM-dd")
        self.day.setVisible(bool(chosen))
        self.day.setDate(on if on.isValid() else QDate.currentDate())

    def _steps(self) -> list[QWidget]:
        labels = self._doc["labels"]
        steps = StepsCard(self._doc["steps"], {"rep": labels["own"], "other": labels["other"]}, self._unfolded)
        steps.said.connect(self.step_said)
        steps.play_asked.connect(self.play_asked)
        steps.unfolded.connect(self._fold)
        due = self._doc["due"]
        said = (
            ngettext("Next steps: {n} is due", "Next steps: {n} are due", due).format(n=due) if due else _("Next steps")
        )
        return [_heading(said), steps]

    def _fold(self, on: bool) -> None:
        self._unfolded = on

    def _left_open(self) -> list[QWidget]:
        """What the other side asked or worried about last; nothing where nothing was found."""
        asked, concern = self._doc["open_questions"], self._doc["last_concern"]
        parts: list[QWidget] = []
        if asked:
            n = len(asked)
            parts += [
                _heading(ngettext("A question that may still be open", "Questions that may still be open", n)),
                self._doors(asked),
            ]
        if concern:
            parts += [_heading(_("Last concern")), self._doors([concern])]
        return parts

    def _doors(self, moments: list[Document]) -> QWidget:
        frame, column = door_card()
        column.setContentsMargins(theme.TINY_GAP, theme.TINY_GAP, theme.TINY_GAP, theme.TINY_GAP)
        column.setSpacing(0)
        for moment in moments:
            door = Door(moment["start_ms"], moment["end_ms"], moment["quote"], "other")
            door.play_asked.connect(partial(self.play_asked.emit, moment["call"]))
            column.addWidget(door)
        return frame

    def _calls(self) -> list[QWidget]:
        frame, column = door_card()
        column.setContentsMargins(theme.TINY_GAP, theme.TINY_GAP, theme.TINY_GAP, theme.TINY_GAP)
        column.setSpacing(0)
        for call in self._doc["timeline"]:
            row = CallRow(call, self._doc["labels"]["results"])
            row.clicked.connect(partial(self.open_asked.emit, call["id"]))
            column.addWidget(row)
        if not self._doc["timeline"]:
            column.addWidget(Label(_("No call belongs to it."), "muted", wrap=True))
        return [_heading(_("Calls")), frame]

    # --- saying

    def _name_done(self) -> None:
        self.name.setModified(False)
        text = tidy(self.name.text())
        if not text:
            self.name.setText(tidy(self._doc.get("name", "")))
        elif self._doc and text != tidy(self._doc["name"]):
            self.name_said.emit(text)

    def _stage_done(self) -> None:
        self.stage.setModified(False)
        if self._doc and tidy(self.stage.text()) != tidy(self._doc["stage"] or ""):
            self.stage_said.emit(tidy(self.stage.text()))

    def _choose(self, word: str) -> None:
        if word != (self._doc["result"] or ""):
            self.result_chosen.emit(word, QDate.currentDate().toString("yyyy-MM-dd"))

    def _day_done(self) -> None:
        on = self.day.date().toString("yyyy-MM-dd")
        if self._doc and self._doc["result"] and on != self._doc["result_at"]:
            self.result_chosen.emit(self._doc["result"], on)


class CallRow(Pressed):
    """A call of the case: title, day, length and result, and how the talk was shared; pressed, it opens."""

    def __init__(self, call: Document, results: dict[str, str]) -> None:
        super().__init__()
        result = str(results.get(call["result"], call["result"] or ""))
        about = " · ".join(
            part for part in (day(call["started_at"]), clock(call["duration_ms"]), capital(result)) if part
        )
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Elided(call["title"], "heading"))
        words.addWidget(Elided(about, "small"))
        bar = TalkBar()
        bar.set(call["talk_ratio"])
        bar.setFixedWidth(_BAR)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP, 6, theme.GAP, 6)
        row.setSpacing(theme.WIDE)
        row.addLayout(words, 1)
        row.addWidget(bar)
        self.setAccessibleName(_("Open {title}").format(title=tidy(call["title"])))
        self.setAccessibleDescription(f"{about}. {said_share(call['talk_ratio'])}")
        self.let_through()


def _heading(text: str) -> Label:
    label = Label(text, "small", wrap=True)
    label.setContentsMargins(2, theme.TINY_GAP, 0, 0)
    return label


def _show_text(field: QLineEdit, text: str, another: bool) -> None:
    """Show what holds now; what a person is typing for this case stays."""
    if another or not (field.hasFocus() and field.isModified()):
        field.setText(tidy(text))
        field.setCursorPosition(0)
