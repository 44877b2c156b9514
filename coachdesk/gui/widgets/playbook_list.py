"""The playbooks there are, to choose from: name, what it is for, and which are the person's own or need mending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Pressed
from coachdesk.gui.widgets.scrolled import Scrolled
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Elided, Label
from coachdesk.sentences import _


@dataclass(frozen=True, slots=True)
class Entry:
    """A playbook in the list. `wrong`: it has a mistake."""

    id: str
    name: str
    about: str
    own: bool
    wrong: bool = False


class PlaybookList(Scrolled):
    """`chosen` names a playbook by its id."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Playbooks"))
        self._column.setSpacing(2)
        self._entries: list[Entry] = []
        self._rows: dict[str, Pressed] = {}

    def set_entries(self, entries: Sequence[Entry], chosen: str) -> None:
        """Show these: shipped ones first, then the person's own."""
        if list(entries) == self._entries:
            self.mark(chosen)
            return
        self._entries, self._rows = list(entries), {}
        widgets: list[QWidget] = []
        for own, heading in ((False, _("Shipped with CoachDesk")), (True, _("Yours"))):
            shown = [entry for entry in entries if entry.own == own]
            if shown:
                label = Label(heading, "small")
                label.setContentsMargins(10, theme.GAP, 0, theme.TINY_GAP)
                widgets += [label, *(self._row(entry) for entry in shown)]
        self.refill(widgets)
        self.mark(chosen)

    def mark(self, playbook_id: str) -> None:
        """Which one is shown."""
        for each, row in self._rows.items():
            row.setChecked(each == playbook_id)

    def _row(self, entry: Entry) -> Pressed:
        row = Pressed("nav")
        row.setCheckable(True)
        row.setAccessibleName(entry.name)
        row.setAccessibleDescription(entry.about)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Elided(entry.name))
        words.addWidget(Elided(_("Has a mistake") if entry.wrong else entry.about, "small"))
        inside = QHBoxLayout(row)
        inside.setContentsMargins(10, 6, 10, 6)
        inside.addLayout(words, 1)
        if entry.wrong:
            inside.addWidget(Symbol("triangle-alert", "attention"))
        elif entry.own:
            inside.addWidget(Symbol("pencil", "muted"))
        row.let_through()
        row.clicked.connect(lambda: self._choose(entry.id))
        self._rows[entry.id] = row
        return row

    def _choose(self, playbook_id: str) -> None:
        self.mark(playbook_id)
        self.chosen.emit(playbook_id)
