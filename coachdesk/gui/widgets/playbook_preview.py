"""What a call would be told with a playbook as it is being changed: what comes, what goes, what stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.fields import Combo
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import Scrolled
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label, tidy
from coachdesk.sentences import N_, _, reason

Document = dict[str, Any]
_KINDS = (("suggestions", N_("Suggestions")), ("praise", N_("What went well")), ("review_flags", N_("For review")))
_MARKS = {"comes": ("plus", "good"), "goes": ("minus", "attention"), "stays": ("check", "muted")}
_SAID = {"comes": N_("new"), "goes": N_("no more"), "stays": N_("as before")}


class PlaybookPreview(QWidget):
    """`call_chosen` names a call by its id."""

    call_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.call = Combo()
        self.call.setAccessibleName(_("Call to try it on"))
        self.call.activated.connect(lambda _n: self.call_chosen.emit(self.call.currentData() or ""))
        self._said = Paragraph("", "muted")
        self._list = Scrolled()
        self._list.setAccessibleName(_("What the call would be told"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(Label(_("On a call of yours"), "strong"))
        column.addWidget(self.call)
        column.addWidget(self._said)
        column.addWidget(self._list, 1)
        self.set_calls([])

    def set_calls(self, calls: Sequence[tuple[str, str]]) -> None:
        """(id, title) of the calls to choose from; the chosen one stays chosen."""
        before = self.call.currentData()
        self.call.clear()
        for call_id, title in calls:
            self.call.addItem(tidy(title), call_id)
        self.call.setCurrentIndex(max(0, self.call.findData(before)) if calls else -1)
        self.call.setVisible(bool(calls))
        if not calls:
            self._list.refill([])
            self._said.say(_("Record or import a call, and see here what a change would do to it."))

    def show_waiting(self) -> None:
        """A change is being looked at; what was seen stays until then."""
        if self.call.count():
            self._said.say(_("Looking …"))

    def show_problem(self) -> None:
        """The playbook has a mistake, so nothing can be said."""
        if self.call.count():
            self._said.say(_("Mend what is marked first; then this shows what changes."))

    def show_preview(self, said: Document) -> None:
        """As the desk's preview."""
        before, after = said["before"], said["after"]
        if after["quiet"]:
            self._list.refill([])
            self._said.say(_("This call gets no suggestions: {why}.").format(why=reason(after["quiet"], {})))
            return
        rows: list[QWidget] = []
        changes = 0
        for kind, heading in _KINDS:
            lines = _compared(before[kind], after[kind])
            changes += sum(mark != "stays" for mark, _line in lines)
            if lines:
                rows.append(Label(_(heading), "small"))
                rows += [_row(mark, line) for mark, line in lines]
        moved = [s["rule"] for s in before["suggestions"]] != [s["rule"] for s in after["suggestions"]]
        self._said.say(
            _("This is what changes:") if changes else _("In another order:") if moved else _("The same as before:")
        )
        if not rows:
            rows.append(Paragraph(_("Nothing is said about this call."), "muted"))
        self._list.refill(rows)


def _compared(before: list[Document], after: list[Document]) -> list[tuple[str, Document]]:
    """What is said now, in its order, then what is said no more."""
    was, now = {each["rule"] for each in before}, {each["rule"] for each in after}
    lines = [("stays" if each["rule"] in was else "comes", each) for each in after]
    return lines + [("goes", each) for each in before if each["rule"] not in now]


def _row(mark: str, said: Document) -> QWidget:
    frame = QFrame()
    frame.setProperty("look", "focus" if said["focus"] and mark != "goes" else "card")
    row = QHBoxLayout(frame)
    row.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
    row.setSpacing(theme.GAP)
    icon, token = _MARKS[mark]
    row.addWidget(Symbol(icon, token))
    words = QVBoxLayout()
    words.setSpacing(1)
    words.addWidget(Paragraph(said["title"], "muted" if mark == "goes" else ""))
    words.addWidget(Label(_(_SAID[mark]), "small"))
    row.addLayout(words, 1)
    return frame
