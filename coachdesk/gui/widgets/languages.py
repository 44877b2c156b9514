"""The languages spoken on calls: chips to choose from, and what a person types read as codes."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.text import caption
from coachdesk.sentences import N_, _

OFFERED = {
    "en": N_("English"),
    "de": N_("German"),
    "fr": N_("French"),
    "es": N_("Spanish"),
    "it": N_("Italian"),
    "pt": N_("Portuguese"),
    "nl": N_("Dutch"),
    "pl": N_("Polish"),
}
_CODE = re.compile(r"[a-z]{2,3}")


def name_of(code: str) -> str:
    """A language in words; one that is not offered is its code."""
    return _(OFFERED[code]) if code in OFFERED else code


def code_of(typed: str) -> str:
    """The code of a language that was typed as code or name; empty where it is neither."""
    plain = typed.strip().casefold()
    named = {spelled.casefold(): code for code, name in OFFERED.items() for spelled in (name, _(name))}
    return named.get(plain) or (plain if _CODE.fullmatch(plain) else "")


def not_a_language(typed: str) -> str:
    """What to say about it."""
    return _("“{typed}” is no language I know. Write its code: sv for Swedish, ja for Japanese.").format(typed=typed)


class LanguageChips(QWidget):
    """Chips for the languages offered, and a field for another; what is chosen first comes first."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._order: list[str] = []
        self._chips = {code: self._chip(_(name)) for code, name in OFFERED.items()}
        self._more = self._chip(_("Another"))
        self._typed = QLineEdit()
        self._typed.setPlaceholderText(_("Code, such as sv"))
        self._typed.setAccessibleName(_("Code of another language"))
        self._typed.setMaxLength(20)
        self._typed.setFixedWidth(200)
        self._typed.hide()
        self._said = Paragraph("", "small")
        chips = QWidget()
        flow = Flow(chips, even=True)
        for chip in (*self._chips.values(), self._more):
            flow.addWidget(chip)
        beside = QHBoxLayout()
        beside.addWidget(self._typed)
        beside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(chips)
        column.addLayout(beside)
        column.addWidget(self._said)
        self._connect()
        self._say()

    @staticmethod
    def _chip(name: str) -> QPushButton:
        chip = QPushButton(caption(name))
        chip.setProperty("look", "chip")
        chip.setCheckable(True)
        return chip

    def _connect(self) -> None:
        for code, chip in self._chips.items():
            chip.toggled.connect(lambda on, code=code: self._toggled(code, on))
        self._more.toggled.connect(self._another)
        self._typed.textEdited.connect(lambda: self._say())

    def set_chosen(self, codes: tuple[str, ...]) -> None:
        """Show what is chosen, in its order."""
        others = [code for code in codes if code not in OFFERED]
        for code, chip in self._chips.items():
            chip.setChecked(code in codes)
        self._order = [code for code in codes if code in OFFERED]
        self._more.setChecked(bool(others))
        self._typed.setText(others[0] if others else "")
        self._say()

    def chosen(self) -> tuple[str, ...]:
        """The codes, first chosen first; what was typed wrongly is not among them."""
        other = code_of(self._typed.text()) if self._more.isChecked() else ""
        return tuple(dict.fromkeys([*self._order, *([other] if other else [])]))

    @property
    def problem(self) -> str:
        """What is wrong with the language that was typed; empty where nothing is."""
        typed = self._typed.text().strip() if self._more.isChecked() else ""
        return not_a_language(typed) if typed and not code_of(typed) else ""

    def show_problem(self) -> None:
        """Say what is wrong, and lead there."""
        theme.restyle(self._said, look="attention")
        self._said.say(self.problem)
        self._typed.setFocus()
        self._typed.selectAll()

    def _toggled(self, code: str, on: bool) -> None:
        self._order = [known for known in self._order if known != code] + ([code] if on else [])
        self._say()

    def _another(self, on: bool) -> None:
        self._typed.setVisible(on)
        if on and self._more.hasFocus():
            self._typed.setFocus()
        self._say()

    def _say(self) -> None:
        codes = self.chosen()
        if not codes:
            said = _("None chosen: the language of each call is found out from its sound.")
        elif len(codes) == 1:
            said = _("Calls are taken to be in {first}.").format(first=name_of(codes[0]))
        else:
            said = _("Calls are taken to be in {first}, unless you say otherwise for one.").format(
                first=name_of(codes[0])
            )
        theme.restyle(self._said, look="small")
        self._said.say(said)
        self.changed.emit()
