"""A phrase over all calls: how often each call says it, with moments to play, and keeping it as a tracker of a playbook.

Counts are facts about words; nothing here says what they mean. Documents in, signals out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.calls_model import day
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.fields import Combo
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import Scrolled, door_card, inset
from coachdesk.gui.widgets.text import Elided, Label, tidy
from coachdesk.sentences import _, ngettext

Document = dict[str, Any]
FIRST = 3  # moments of a call that are shown at once; a button shows the others
_MOST_CALLS = 100  # drawn; the newest
_SIZE = (660, 620)
_LONGEST = 300


class TrackerCounts(QDialog):
    """`counted` asks for a phrase; `kept`: playbook, name, phrase."""

    counted = Signal(str)
    play_asked = Signal(str, int, int)  # call id, start and end in ms
    kept = Signal(str, str, str)

    def __init__(self, parent: QWidget, phrase: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Said in every call"))
        self.resize(*_SIZE)
        self._found: Document = {}
        self._open: set[str] = set()
        self.phrase = _line(phrase, _("Phrase"))
        self.again = QPushButton(_("Count"))
        self.again.setAutoDefault(False)
        self.said = Paragraph("", "strong")
        self.rows = _Rows()
        self._lay_out()
        self.phrase.returnPressed.connect(self._count)
        self.again.clicked.connect(self._count)
        self.keep.clicked.connect(self._unfold)
        self.do_keep.clicked.connect(self._keep)
        self.name.returnPressed.connect(self._keep)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.GAP)
        line.addWidget(self.phrase, 1)
        line.addWidget(self.again)
        self.keep = QPushButton(_("Keep as tracker …"))
        self.keep.setAutoDefault(False)
        self.keep.setEnabled(False)
        theme.set_icon(self.keep, "bookmark")
        self._keeping = self._keep_row()
        self._keeping.hide()
        self.problem = Paragraph("", "attention")
        self.problem.hide()
        close = QPushButton(_("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        last = QHBoxLayout()
        last.addWidget(self.keep)
        last.addStretch(1)
        last.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        column.addLayout(line)
        column.addWidget(
            Paragraph(_("Looked for as it is said; a * at the end of a word lets it go on: pric*"), "small")
        )
        column.addWidget(self.said)
        column.addWidget(self.rows, 1)
        column.addWidget(self._keeping)
        column.addWidget(self.problem)
        column.addLayout(last)

    def _keep_row(self) -> QWidget:
        self.book = Combo(least=12)
        self.book.setAccessibleName(_("Playbook"))
        self.name = _line("", _("Name of the tracker"))
        self.name.setPlaceholderText(_("Name of the tracker"))
        self.do_keep = QPushButton(_("Keep"))
        self.do_keep.setProperty("look", "primary")
        self.do_keep.setAutoDefault(False)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TINY_GAP)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.name, 3)
        row.addWidget(self.book, 2)
        row.addWidget(self.do_keep)
        column.addLayout(row)
        column.addWidget(
            Paragraph(_("From then on every call with this playbook is listened to for it, older ones too."), "small")
        )
        return whole

    # --- what is shown

    def set_books(self, books: Sequence[tuple[str, str]], chosen: str) -> None:
        """Playbooks it can be kept in: id and name."""
        self.book.clear()
        for book, name in books:
            self.book.addItem(tidy(name), book)
        self.book.setCurrentIndex(max(0, self.book.findData(chosen)))

    def show_found(self, found: Document) -> None:
        """The answer of `tracker` for the phrase."""
        self._found, self._open = found, set()
        self.say("")
        self.keep.setEnabled(True)
        self.said.say(said_in_all(found))
        self._draw(from_top=True)

    def say(self, problem: str) -> None:
        """What is wrong with the phrase or with keeping it; "" where nothing is."""
        self.problem.say(problem)
        self.problem.setVisible(bool(problem))

    def _draw(self, from_top: bool = False) -> None:
        calls = self._found["calls"]
        parts = [self._call(call) for call in calls[:_MOST_CALLS]]
        if not calls:
            parts = [
                Paragraph(
                    _("A search finds words anywhere in a sentence; a tracker needs them one after the other."), "muted"
                )
            ]
        if len(calls) > _MOST_CALLS:
            parts.append(Paragraph(_("These are the newest {n} calls.").format(n=_MOST_CALLS), "muted"))
        self.rows.refill(parts, from_top=from_top)

    def _call(self, call: Document) -> QWidget:
        frame, column = door_card()
        column.setSpacing(theme.TINY_GAP)
        head, line = inset(), QHBoxLayout()
        line.setSpacing(theme.GAP)
        line.addWidget(Elided(call["title"], "heading"), 1)
        line.addWidget(Label(day(call["started_at"]), "small"))
        line.addWidget(Label(ngettext("once", "{n} times", call["count"]).format(n=call["count"]), "muted"))
        head.addLayout(line)
        column.addLayout(head)
        every = call["call"] in self._open
        for moment in call["moments"] if every else call["moments"][:FIRST]:
            door = Door(moment["start_ms"], moment["end_ms"], moment["text"], moment["role"] or "unknown")
            door.play_asked.connect(lambda start, end, call=call["call"]: self.play_asked.emit(call, start, end))
            column.addWidget(door)
        if not every and len(call["moments"]) > FIRST:
            more = QPushButton(_("Show {n} more").format(n=len(call["moments"]) - FIRST))
            more.setProperty("look", "quiet")
            more.setAutoDefault(False)
            more.setAccessibleName(
                _("Show {n} more of {call}").format(n=len(call["moments"]) - FIRST, call=tidy(call["title"]))
            )
            more.clicked.connect(lambda: self._show_all(call["call"]))
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _show_all(self, call: str) -> None:
        self._open.add(call)
        self._draw()

    # --- what a person does

    def _count(self) -> None:
        self.counted.emit(self.phrase.text())

    def _unfold(self) -> None:
        self._keeping.show()
        self.keep.hide()
        if not self.name.text():
            self.name.setText(self._found["phrases"][0].replace("*", ""))
        self.name.setFocus()
        self.name.selectAll()

    def _keep(self) -> None:
        if self.book.currentData():
            self.kept.emit(self.book.currentData(), self.name.text(), self._found["phrases"][0])


def said_in_all(found: Document) -> str:
    """How often, in how many calls, and how many were not looked through."""
    n, calls, without = found["total"], len(found["calls"]), found["without_words"]
    said = _("I did not find it said in a call.")
    if n:
        times = ngettext("Said once", "Said {n} times", n).format(n=n)
        said = ngettext("{times}, in {n} call.", "{times}, in {n} calls.", calls).format(times=times, n=calls)
    if without:
        left = ngettext("{n} call has no words yet.", "{n} calls have no words yet.", without).format(n=without)
        said = f"{said} {left}"
    return said


class _Rows(Scrolled):
    """The calls, one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self._column.setSpacing(theme.WIDE)


def _line(said: str, name: str) -> QLineEdit:
    line = QLineEdit(tidy(said))
    line.setMaxLength(_LONGEST)
    line.setAccessibleName(name)
    return line
