"""The scorecard pane: one card, answered criterion by criterion, with what a rule found and what others said beside it.

What others said is in the document only when it may be seen; here nothing is hidden or compared further. Every answer may
have a note and a moment; the page knows which moment is meant when one is pinned.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.chips import Chips
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scorecard_answers import Answered, Asked, OldAnswers
from coachdesk.gui.widgets.scrolled import Scrolled
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.writing import Typed, Writing
from coachdesk.sentences import _, entry_state, ngettext

Document = dict[str, Any]
Part = tuple[Any, Callable[[], QWidget]]  # what is shown, and how it is made
_TOP = Qt.AlignmentFlag.AlignTop


class ScorecardPane(Scrolled):
    """`answered`: (card, criterion, what is new of {"value", "note", "moment"}); `pin_asked`: the page says which moment."""

    play_asked = Signal(int, int)
    answered = Signal(str, str, object)
    pin_asked = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._column.setSpacing(theme.WIDE)
        self._call, self._chosen = "", ""
        self._read: list[list[Document]] = []
        self._cards: list[Document] = []
        self._said: list[Document] = []
        self._keys: list[Any] = []
        self._widgets: list[QWidget] = []
        self._typed: dict[str, Typed] = {}  # by card
        self._open_notes: set[tuple[str, str]] = set()

    def set_document(self, doc: Document) -> None:
        """Show a review's cards; the one that was looked at stays, and so does what is half typed."""
        another, self._call = doc["call"]["id"] != self._call, doc["call"]["id"]
        read = [doc["scorecards"], doc["transcript"]["utterances"]]
        if not another and read == self._read:
            return
        if another:
            self._chosen = ""
            self._typed.clear()
            self._open_notes.clear()
        self._read = read
        self._cards, self._said = read
        self._show(from_top=another)

    def commit(self) -> None:
        """Hand on what is still being typed: the call is left."""
        for field in self.content.findChildren(Writing):
            field.save()

    def pin(self, card_id: str, criterion: str, start_ms: int, end_ms: int) -> None:
        """The moment that was asked for."""
        self.answered.emit(card_id, criterion, {"moment": {"start_ms": start_ms, "end_ms": end_ms}})

    # --- what is shown

    def _show(self, from_top: bool) -> None:
        """What is the same as before stays as it is: an answer is one new card, not a new pane."""
        parts = self._parts()
        keys = [key for key, _make in parts]
        if from_top or len(keys) != len(self._keys):
            self._let_go(self.content)
            self._widgets = [make() for _key, make in parts]
            self.refill(self._widgets, from_top=from_top)
        else:
            for n, (key, make) in enumerate(parts):
                if key != self._keys[n]:
                    self._let_go(self._widgets[n])
                    old, self._widgets[n] = self._widgets[n], make()
                    self.exchange(old, self._widgets[n])
        self._keys = keys

    def _let_go(self, old: QWidget) -> None:
        for field in old.findChildren(Writing):
            field.let_go()

    def _parts(self) -> list[Part]:
        """What stands below one another: what each shows, and how it is made."""
        shown = next((found for found in self._cards if found["card"] == self._chosen), None)
        shown = shown or next(iter(self._cards), None)
        if shown is None:
            none = _("This playbook has no scorecard. A playbook of your own can have one.")
            return [(none, lambda: Paragraph(none, "muted"))]
        self._chosen = shown["card"]
        others = [e for e in shown["entries"] if not e["mine"] and not e["hidden"]]
        parts = [self._head(shown), self._state(shown)]
        if not shown["gone"]:
            parts += [self._asked(shown, criterion, others) for criterion in shown["criteria"]]
        older = [e for e in shown["entries"] if not e["hidden"] and (e["older"] or shown["gone"])]
        return parts + [self._old(entry, entry["criteria"] or shown["criteria"]) for entry in older]

    def _head(self, shown: Document) -> Part:
        """Which card, where there are several: then its chip tells what it is about."""
        if len(self._cards) == 1:
            return shown["about"], lambda: Paragraph(shown["about"], "muted")
        options = [(found["card"], found["name"], found["about"]) for found in self._cards]
        return [options, self._chosen], lambda: self._choice(options)

    def _old(self, entry: Document, criteria: list[Document]) -> Part:
        answers = {name: self._quoted(answer) for name, answer in entry["answers"].items()}
        said = {**entry, "answers": answers}

        def make() -> QWidget:
            old = OldAnswers(said, criteria)
            old.play_asked.connect(self.play_asked)
            return old

        return [said, criteria], make

    def _choice(self, options: list[tuple[str, str, str]]) -> QWidget:
        """A menu would hide that there are several."""
        chips = Chips(options, self._chosen, "", _("Scorecard"))
        chips.chosen.connect(self._choose)
        return chips

    def _choose(self, card_id: str) -> None:
        self._chosen = card_id or self._chosen
        self._show(from_top=True)

    def _state(self, shown: Document) -> Part:
        """How far the own answers are, and who else answered."""
        done, said = self._is_done(shown), [self._how_far(shown)]
        for entry in shown["entries"]:
            if not entry["mine"]:
                who = entry["as"] or _("Somebody")
                said.append(_("{who}: {state}").format(who=who, state=entry_state(entry)))
            elif entry["older"] or entry["sum"] or entry["changed_after_reveal"]:
                said.append(_("You: {state}").format(state=entry_state(entry)))
        return [done, said], lambda: _told(done, *said)

    def _is_done(self, shown: Document) -> bool:
        return any(e["mine"] and e["complete"] and not e["older"] for e in shown["entries"])

    def _how_far(self, shown: Document) -> str:
        if shown["gone"]:
            return _("This card is not in the playbook any more; what was answered stays.")
        if self._is_done(shown):
            return _("Your answers are complete")
        left = len(shown["missing"])
        if not left:
            return _("Rules answered what is required. Say where you see it differently.")
        return ngettext("{n} answer to go", "{n} answers to go", left).format(n=left)

    def _asked(self, shown: Document, criterion: Document, others: list[Document]) -> Part:
        name, state = criterion["id"], _state(shown, criterion)
        own = next((e for e in shown["entries"] if e["mine"] and not e["older"]), None)
        said = self._quoted(own["answers"][name]) if own and name in own["answers"] else None
        beside = [
            (entry["as"] or _("Somebody"), self._quoted(entry["answers"][name]))
            for entry in others
            if not entry["older"] and name in entry["answers"]
        ]

        def make() -> QWidget:
            noted = (shown["card"], name) in self._open_notes
            typed = self._typed.setdefault(shown["card"], Typed())
            asked = Asked(criterion, said, state=state, noted=noted, typed=typed)
            asked.said.connect(partial(self.answered.emit, shown["card"], name))
            asked.pin_asked.connect(partial(self.pin_asked.emit, shown["card"], name))
            asked.note_opened.connect(partial(self._open_notes.add, (shown["card"], name)))
            asked.play_asked.connect(self.play_asked)
            for who, answer in beside:
                row = Answered(who, answer, criterion)
                row.play_asked.connect(self.play_asked)
                asked.add_row(row)
            return asked

        return [shown["card"], criterion, said, state, beside], make

    def _quoted(self, answer: Document) -> Document:
        """An answer with the words that are said at its moment."""
        moment = answer["moment"]
        if moment is None:
            return {**answer, "quote": ""}
        inside = [u for u in self._said if _shared_ms(u, moment) > 0]
        most = max(inside, key=lambda u: _shared_ms(u, moment), default=None)
        return {**answer, "quote": most["text"] if most else ""}


def _told(done: bool, first: str, *more: str) -> QWidget:
    """A line with a symbol, and what else there is to say below it."""
    line = QWidget()
    column = QVBoxLayout(line)
    column.setContentsMargins(2, 0, 0, 0)
    column.setSpacing(2)
    row = QHBoxLayout()
    row.setSpacing(theme.GAP)
    row.addWidget(Symbol("circle-check" if done else "circle-dot", "good" if done else "muted"), 0, _TOP)
    row.addWidget(Paragraph(first, "heading"), 1)
    column.addLayout(row)
    for text in more:
        column.addWidget(_below(text))
    return line


def _below(text: str) -> Paragraph:
    """A line under the words of the one above, beside its symbol."""
    line = Paragraph(text, "muted")
    line.setContentsMargins(16 + theme.GAP, 0, 0, 0)
    return line


def _state(shown: Document, criterion: Document) -> str:
    if criterion["id"] in shown["differs"]:
        return "differs"
    if criterion["id"] in shown["missing"]:
        return "open"
    return "" if criterion["required"] else "free"


def _shared_ms(one: Document, other: Document) -> int:
    return int(min(one["end_ms"], other["end_ms"]) - max(one["start_ms"], other["start_ms"]))
