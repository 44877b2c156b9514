"""Under a suggestion: why it stands where it stands, and what the person does with it. One quiet line, a few quiet buttons.

Saying yes makes it a goal that the next calls prove; "not now" lets it rank lower until it is said yes to.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import N_, _, why_this

Document = dict[str, Any]
ANSWERS = {
    "present": N_("It is here..."),
    "absent": N_("That was not said"),
    "kind": N_("Wrong kind of call..."),
    "not_for_me": N_("True, but not for me"),
}


class AdviceFoot(QWidget):
    """`answered`: one of ANSWERS, the finding is set right; `responded`: accept, dismiss or done."""

    answered = Signal(str)
    responded = Signal(str)

    def __init__(self, suggestion: Document, rough: str = "") -> None:
        """`rough`: how words are called that a rough suggestion was counted from."""
        super().__init__()
        self._rough = rough
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TINY_GAP)
        column.addWidget(_why(suggestion))
        row = Flow(gap=theme.TINY_GAP)
        for part in self._buttons(suggestion):
            row.addWidget(part)
        column.addLayout(row)

    def _buttons(self, suggestion: Document) -> list[QWidget]:
        title = suggestion["title"]
        mine = suggestion["goal"] == "open"
        yes, no = (_("Done with it"), _("Put aside")) if mine else (_("Make it my goal"), _("Not now"))
        parts: list[QWidget] = [Label(_("Your goal"), "own")] if mine else []
        parts.append(self._button(yes, "done" if mine else "accept", title, "check" if mine else "target"))
        parts.append(self._button(no, "dismiss", title))
        parts.append(self._not_right(suggestion))
        if suggestion["rough"]:
            parts.append(Label(self._rough, "small"))
        return parts

    def _button(self, text: str, answer: str, title: str, icon: str = "") -> QPushButton:
        button = QPushButton(text)
        button.setProperty("look", "quiet")
        button.setAccessibleName(f"{text}: {title}")
        if icon:
            theme.set_icon(button, icon, "own")
        button.clicked.connect(partial(self.responded.emit, answer))
        return button

    def _not_right(self, suggestion: Document) -> QToolButton:
        """The ways to set a finding right."""
        button = QToolButton()
        button.setText(_("Not right?"))
        button.setProperty("look", "quiet")
        button.setAccessibleName(_("Not right? {title}").format(title=suggestion["title"]))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for fact in suggestion["may_be_answered"]:
            menu.addAction(_(ANSWERS[fact]), partial(self.answered.emit, fact))
        button.setMenu(menu)
        return button


def _why(suggestion: Document) -> Paragraph:
    said = _("Why this one first: {why}") if suggestion["focus"] else _("Why: {why}")
    why = Paragraph(said.format(why=why_this(suggestion["why"])), "small")
    why.explain(_("Where this comes from: {source}").format(source=suggestion["source"]))
    return why
