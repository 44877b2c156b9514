"""Who speaks, set right on the transcript: the menus of a line, opened by mouse or key, and what follows from them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor

from coachdesk.gui.pages import review_view as view
from coachdesk.gui.pages.review_acts import ReviewActs
from coachdesk.gui.widgets.transcript import TranscriptView
from coachdesk.gui.widgets.who_menu import Person, WhoMenu
from coachdesk.sentences import _


class ReviewSpeakers:
    """Menus on the chosen lines of the call under review."""

    def __init__(self, rows: TranscriptView, acts: ReviewActs) -> None:
        self._rows, self._acts = rows, acts
        self.menu: WhoMenu | None = None  # the one that is open, or was last
        rows.menu_asked.connect(self._ask)

    def ask_who(self) -> None:
        """Who speaks the chosen lines? Beside the current one."""
        index = self._rows.current_index
        if index >= 0 and self._acts.doc:
            menu = self._menu(index)
            menu.add_spoken(self._said(index)["speaker"])
            menu.popup(self._place(index))

    def ask_where(self) -> None:
        """Cut the current line: before the word under the pointer, else before one of a list."""
        index, word = self._rows.word_under(QCursor.pos())
        current = self._rows.current_index
        if current < 0 or not self._acts.doc:
            return
        words, now = self._said(current)["text"].split(), self._said(current)["speaker"]
        others = [person for person in self._people() if person.label and person.label != now]
        if index == current and 0 < word < len(words) and len(others) == 1:
            self._acts.split(current, word, others[0].label)
            return
        menu = self._menu(current)
        if index == current and 0 < word < len(words):
            menu.add_split(words, word, now)
        else:
            menu.add_cuts(words, now)
        menu.popup(self._place(current))

    def _ask(self, index: int, at: QPoint) -> None:
        if not self._acts.doc:
            return
        said = self._said(index)
        menu, words = self._menu(index), said["text"].split()
        menu.add_line()
        menu.add_spoken(said["speaker"], menu.addMenu(_("Spoken by")))
        pointed, word = self._rows.word_under(at)
        if pointed == index and 0 < word < len(words):
            menu.add_split(words, word, said["speaker"])
        menu.add_all_of(said["speaker"], self._sides())
        menu.popup(at)

    def _menu(self, index: int) -> WhoMenu:
        if self.menu is not None:
            self.menu.deleteLater()
        chosen = self._rows.chosen if index in self._rows.chosen else (index,)
        acts, said = self._acts, self._said(index)
        menu = self.menu = WhoMenu(self._people(), self._rows)
        menu.play_asked.connect(lambda: self._rows.play_asked.emit(said["start_ms"], said["end_ms"]))
        menu.edit_asked.connect(lambda: self._rows.edit_index(index))
        menu.spoken.connect(lambda person: self._give(chosen, person))
        menu.new_asked.connect(lambda: acts.new_person(chosen))
        menu.split.connect(lambda word, label: acts.split(index, word, label))
        menu.merged.connect(acts.merge)
        menu.side_said.connect(acts.set_side)
        menu.name_asked.connect(acts.name)
        menu.swap_asked.connect(acts.swap_sides)
        return menu

    def _give(self, chosen: tuple[int, ...], person: Person) -> None:
        if person.label:
            self._acts.give(chosen, person.label, person.name)
        else:
            self._acts.add_side(chosen, person.side, person.name)

    def _said(self, index: int) -> dict[str, Any]:
        found: dict[str, Any] = self._acts.doc["transcript"]["utterances"][index]
        return found

    def _place(self, index: int) -> QPoint:
        row = self._rows.rows.row_of(index)
        return QCursor.pos() if row is None else self._rows.global_of(row)

    def _sides(self) -> dict[str, str]:
        labels = self._acts.doc["labels"]
        return {"rep": labels["own"].capitalize(), "other": labels["other"].capitalize()}

    def _people(self) -> list[Person]:
        """Everybody on the call; where nobody is told apart, both sides, to be made by being chosen."""
        doc = self._acts.doc
        called = view.names(doc)
        order = {"rep": 0, "other": 1}
        known = [s for s in doc["speakers"] if s["label"] != "unknown"]
        found = [Person(s["label"], called[s["label"]], s["role"], s["channel"]) for s in known]
        if all(person.side != "unknown" for person in found):
            there = {person.side for person in found}
            found += [Person("", said, side) for side, said in self._sides().items() if side not in there]
        return sorted(found, key=lambda person: order.get(person.side, 2))
