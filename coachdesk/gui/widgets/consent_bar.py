"""Whether the others agreed to the recording, on one line, one click each. A no is asked about once, in the same place."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label, tip
from coachdesk.sentences import N_, _

# the bases of the review's head, in the words of the moment; "" is none yet
CHIPS = {
    "spoken": N_("They agreed"),
    "notice": N_("Announced at the start"),
    "written": N_("In the contract"),
    "": N_("Not asked yet"),
}
_TIPS = {
    "spoken": N_("They said yes, on the call"),
    "notice": N_("They were told at the start, and stayed"),
    "written": N_("They agreed in writing before"),
    "": N_("You can note it at any time, also after the call"),
}
_ROW = 30  # px: chips and buttons stand in the same row height, so that nothing moves when a no is asked about


class ConsentBar(QFrame):
    """Shows only what `set_noted` said; `unasked` where a person takes back what was noted."""

    agreed = Signal(str)
    unasked = Signal()
    refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._status, self._basis, self._suggested = "unknown", "", ""
        self._asking = False
        self.chips = {basis: self._chip(basis) for basis in CHIPS}
        self._at = Label("", "muted")
        self._at.setFont(theme.figures_font(theme.BODY))
        self.no = QPushButton(_("They said no"))
        self.no.setProperty("look", "quiet")
        self.no.setToolTip(tip(_("Erases what was recorded; asked once more first")))
        self.no.clicked.connect(lambda: self._ask(True))
        self._choice, self._question, self._ended = self._choices(), self._confirm(), self._end()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDE, theme.GAP, theme.WIDE, theme.GAP)
        column.setSpacing(0)
        for part in (self._choice, self._question, self._ended):
            column.addWidget(part)
        self._show()

    def _chip(self, basis: str) -> QPushButton:
        made = QPushButton(_(CHIPS[basis]))
        made.setCheckable(True)
        made.setProperty("look", "chip")
        made.setProperty("none", not basis)  # chosen, it is no success
        made.clicked.connect(partial(self._press, basis))
        return made

    def _choices(self) -> QWidget:
        self._flow_ground = QWidget()
        self._flow = Flow(self._flow_ground)
        self._title = Label(_("Consent"), "heading")
        row, whole = _row()
        row.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._flow_ground, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.no, 0, Qt.AlignmentFlag.AlignTop)
        self._title.setFixedHeight(_ROW)
        self.no.setFixedHeight(_ROW)
        self._order()
        return whole

    def _confirm(self) -> QWidget:
        self.erase, self.keep = QPushButton(_("Erase")), QPushButton(_("Keep recording"))
        self.erase.setProperty("look", "danger")
        self.erase.clicked.connect(self._erase)
        self.keep.clicked.connect(lambda: self._ask(False))
        row, whole = _row()
        row.addWidget(Symbol("triangle-alert", "danger"))
        row.addWidget(Paragraph(_("Erase sound and words so far? Your typed notes stay.")), 1)
        for button in (self.erase, self.keep):
            row.addWidget(button)
        return whole

    def _end(self) -> QWidget:
        self._no_at = Paragraph()
        row, whole = _row()
        row.addWidget(Symbol("ban", "muted"))
        row.addWidget(self._no_at, 1)
        return whole

    # --- nouns in

    def set_noted(self, status: str, basis: str = "", at_text: str = "") -> None:
        """unknown, noted or refused; on what basis (spoken, notice, written); its moment, such as "0:12", or ""."""
        self._status, self._basis = status, basis if status == "noted" else ""
        self._at.say(_("Noted at {time}").format(time=at_text) if status == "noted" and at_text else "")
        said = _("They said no at {time}. Sound and words are erased; your notes stay.").format(time=at_text)
        self._no_at.say(said if at_text else _("They said no. Sound and words are erased; your notes stay."))
        self._show()

    def suggest(self, basis: str) -> None:
        """Show this one first and marked, not chosen: what was chosen last for such a call. "" marks none."""
        self._suggested = basis if basis in CHIPS else ""
        self._order()
        self._show()

    def set_recording(self, on: bool) -> None:
        """Whether there is anything yet that a no would erase."""
        self.no.setVisible(on)

    # --- showing

    def _order(self) -> None:
        while self._flow.takeAt(0) is not None:
            pass
        first = [self._suggested] if self._suggested else []
        before: QWidget | None = None
        for basis in [*first, *(basis for basis in CHIPS if basis not in first)]:
            chip = self.chips[basis]
            self._flow.addWidget(chip)
            if before is not None:
                QWidget.setTabOrder(before, chip)
            before = chip
        self._flow.addWidget(self._at)
        if before is not None:
            QWidget.setTabOrder(before, self.no)
        self._flow.invalidate()

    def _show(self) -> None:
        ended = self._status == "refused"
        self._question.setVisible(self._asking and not ended)
        self._choice.setVisible(not self._asking and not ended)
        self._ended.setVisible(ended)
        for basis, chip in self.chips.items():
            chosen = basis == self._basis
            offered = basis == self._suggested and basis != "" and not self._basis
            chip.setChecked(chosen)
            theme.restyle(chip, offered=offered)
            said = _("{basis}. Your last choice for such a call.") if offered else "{basis}"
            chip.setToolTip(tip(said.format(basis=_(_TIPS[basis]))))
        self._at.setVisible(bool(self._at.text()))

    # --- what the person wants

    def _press(self, basis: str) -> None:
        self._show()  # what holds is shown until it is said that something else does
        if basis == self._basis:
            return
        if basis:
            self.agreed.emit(basis)
        else:
            self.unasked.emit()

    def _ask(self, on: bool) -> None:
        self._asking = on
        self._show()
        (self.keep if on else self.no).setFocus(Qt.FocusReason.OtherFocusReason)

    def _erase(self) -> None:
        self._ask(False)
        self.refused.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._asking:
            self._ask(False)
        else:
            super().keyPressEvent(event)


def _row() -> tuple[QHBoxLayout, QWidget]:
    whole = QWidget()
    whole.setMinimumHeight(_ROW)
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.WIDE)
    return row, whole
