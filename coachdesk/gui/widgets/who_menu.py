"""Who speaks here: menus over the transcript. People in, what is chosen out; the numbers of the entries are keys.

Nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from coachdesk.gui.widgets.text import caption
from coachdesk.sentences import _

_MOST_WORDS = 40  # of a line, as places to cut it


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the call; without a label nobody is there yet who is on this side."""

    label: str
    name: str
    side: str
    channel: int | None = None


class WhoMenu(QMenu):
    """Filled by what is wanted of it, then opened."""

    play_asked = Signal()
    edit_asked = Signal()
    spoken = Signal(object)  # Person
    new_asked = Signal()
    split = Signal(int, str)  # first word of the second part, label; "" = only cut
    merged = Signal(str, str)
    side_said = Signal(str, str)
    name_asked = Signal(str)
    swap_asked = Signal()

    def __init__(self, people: Sequence[Person], parent: QWidget) -> None:
        super().__init__(parent)
        self._people = tuple(people)

    def add_line(self) -> None:
        """What can be done with any line."""
        self.addAction(_("Play from here"), self.play_asked.emit)
        self.addAction(_("Correct these words"), self.edit_asked.emit)
        self.addSeparator()

    def add_spoken(self, now: str, menu: QMenu | None = None) -> None:
        """Everybody who may speak here instead of who is said to."""
        menu = menu or self
        others = [person for person in self._people if person.label != now or not person.label]
        for n, person in enumerate(others, 1):
            menu.addAction(_numbered(n, person.name), partial(self.spoken.emit, person))
        menu.addSeparator()
        menu.addAction(_("&New person..."), self.new_asked.emit)

    def add_split(self, words: Sequence[str], word: int, now: str) -> None:
        """A cut before a word: who says the rest."""
        rest = " ".join(words[word : word + 4])
        menu = self.addMenu(caption(_("Split before “{words}”").format(words=rest)))
        others = [person for person in self._people if person.label and person.label != now]
        for n, person in enumerate(others, 1):
            said = _("the rest by {name}").format(name=person.name)
            menu.addAction(_numbered(n, said), partial(self.split.emit, word, person.label))
        menu.addAction(_("only split"), partial(self.split.emit, word, ""))

    def add_cuts(self, words: Sequence[str], now: str) -> None:
        """Places to cut a line, word by word; the rest is the other person's, where there is only one."""
        others = [person.label for person in self._people if person.label and person.label != now]
        for word in range(1, min(len(words), _MOST_WORDS)):
            rest = " ".join(words[word : word + 4])
            act = partial(self.split.emit, word, others[0] if len(others) == 1 else "")
            self.addAction(caption(_("Split before “{words}”").format(words=rest)), act)

    def add_all_of(self, label: str, sides: dict[str, str]) -> None:
        """Everything that has a label: another side, somebody else, another name. `sides`: what both sides are called."""
        person = next((person for person in self._people if person.label == label), None)
        if person is None:
            return
        menu = self.addMenu(caption(_("All of {name} is").format(name=person.name)))
        for side, said in sides.items():
            if side != person.side:
                menu.addAction(caption(said), partial(self.side_said.emit, label, side))
        menu.addSeparator()
        for other in self._people:
            if other.label and other.label != label and other.channel == person.channel:
                menu.addAction(caption(other.name), partial(self.merged.emit, label, other.label))
        menu.addSeparator()
        menu.addAction(_("Another name..."), partial(self.name_asked.emit, label))
        if sum(1 for one in self._people if one.label) > 1:
            self.addAction(_("Swap the sides"), self.swap_asked.emit)


def _numbered(n: int, said: str) -> str:
    return f"&{n}  {caption(said)}" if n < 10 else caption(said)
