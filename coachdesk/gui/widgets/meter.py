"""One side before and while it is recorded: from which device, how loud, and in words whether anything is heard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from coachdesk.gui import theme
from coachdesk.gui.widgets.fields import Combo
from coachdesk.gui.widgets.level import LevelBar
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Elided, tidy, tip
from coachdesk.sentences import N_, _

_BAR = 12  # px
_LEAST_NAME = 64  # px
_LATER_MS = 500
# per kind: icon, its colour, the look of the sentence
_KINDS = {
    "waiting": ("ellipsis", "muted", "muted"),
    "heard": ("circle-check", "good", "good"),
    "silent": ("triangle-alert", "attention", "attention"),
    "lost": ("circle-slash", "danger", "danger"),
}
_SAID = {
    ("own", "waiting"): N_("Starting …"),
    ("other", "waiting"): N_("Starting …"),
    ("own", "heard"): N_("I hear you"),
    ("other", "heard"): N_("I hear them"),
    ("own", "silent"): N_("I hear nothing from you yet"),
    ("other", "silent"): N_("I hear nothing from them yet"),
    ("own", "lost"): N_("Your microphone is gone"),
    ("other", "lost"): N_("Their sound is gone"),
}


class SideMeter(QFrame):
    """`side` is "own" or "other"; `name` is how it is called: "You", "Them"."""

    device_chosen = Signal(str)

    def __init__(self, side: str, name: str) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._side, self._kind = side, "waiting"
        self._told: tuple[Sequence[tuple[str, str, bool]], str] = ([], "")
        self._name = Elided(name, side)
        self._name.setMinimumWidth(min(self._name.fontMetrics().horizontalAdvance(tidy(name)) + 8, _LEAST_NAME))
        self.device = Combo(12)
        self.device.setAccessibleName(_("Sound of {side}").format(side=tidy(name)))
        self.device.activated.connect(lambda n: self._choose(n))
        self.bar = LevelBar(side, _BAR)
        self.bar.setAccessibleName(_("Level of {side}").format(side=tidy(name)))
        self._symbol = Symbol("ellipsis", "muted")
        self._sentence, self._hint = Paragraph(), Paragraph("", "muted")
        self._lay_out()
        self.set_state("waiting")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.WIDE)
        head.addWidget(self._name, 1)
        head.addWidget(self.device, 3)
        words = QVBoxLayout()
        words.setSpacing(theme.TINY_GAP)
        words.addWidget(self._sentence)
        words.addWidget(self._hint)
        state = QHBoxLayout()
        state.setSpacing(theme.GAP)
        state.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        state.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDER, theme.WIDE, theme.WIDER, theme.WIDE)
        column.setSpacing(theme.WIDE)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addLayout(state)
        column.addStretch(1)

    @property
    def kind(self) -> str:
        return self._kind

    def set_devices(self, devices: Sequence[tuple[str, str, bool]], chosen: str) -> None:
        """(id, name, whether the system's own choice) of each; `chosen` is the id in use, "" the system's choice."""
        self._told = (devices, chosen)
        if self.device.view().isVisible():  # not under the pointer of who is choosing
            QTimer.singleShot(_LATER_MS, self, lambda: self.set_devices(*self._told))
            return
        shown = [(self.device.itemData(n), self.device.itemText(n)) for n in range(self.device.count())]
        wanted = [(key, _said_device(name, usual)) for key, name, usual in devices]
        if shown != wanted:
            self.device.clear()
            for key, said in wanted:
                self.device.addItem(said, key)
        usual = next((key for key, _name, is_usual in devices if is_usual), "")
        self.device.setCurrentIndex(self.device.findData(chosen or usual))
        self.device.setEnabled(bool(devices))
        self.device.setPlaceholderText(_("Choose a device") if devices else _("No device found"))
        self.device.setToolTip(tip(self.device.currentText()))

    def set_level(self, db: float | None) -> None:
        """dB, 0 is full scale; None: no level."""
        self.bar.set_level(db)

    def set_state(self, kind: str, sentence: str = "", hint: str = "") -> None:
        """waiting, heard, silent or lost; "" says the usual sentence of the kind. `hint`: how to mend it."""
        self._kind = kind
        icon, token, look = _KINDS[kind]
        self._symbol.turn(icon, token)
        self._sentence.say(sentence or _(_SAID[self._side, kind]))
        if self._sentence.property("look") != look:
            theme.restyle(self._sentence, look=look)
        self._hint.say(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleDescription(" ".join(filter(None, (self._sentence.text(), hint))))

    def _choose(self, n: int) -> None:
        self.device.setToolTip(tip(self.device.itemText(n)))
        self.device_chosen.emit(self.device.itemData(n))


def _said_device(name: str, usual: bool) -> str:
    return _("{device} (default)").format(device=tidy(name)) if usual else tidy(name)
