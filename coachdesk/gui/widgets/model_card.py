"""The model card: what a Whisper model brings, which there are, and the one button that uses the network.

Short where a person meets it by the way (welcome, review), long in the settings, where each model can be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.fields import Combo
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Elided, Label, caption, tidy
from coachdesk.sentences import _

# Worth offering by the way, usual choice first; the long form offers all there are.
_SENSIBLE = ("small", "small.en", "base", "base.en", "turbo", "distil-large-v3", "medium")
_USUAL, _USUAL_ENGLISH = "small", "small.en"
_MEGA = 1_000_000


def said_size(megabytes: float) -> str:
    """486 MB, or 1.5 GB."""
    if megabytes >= 1000:
        return _("{size} GB").format(size=f"{megabytes / 1000:.1f}")
    return _("{size} MB").format(size=max(round(megabytes), 1))


def said_model(model: dict[str, Any]) -> str:
    """An installed model: small (486 MB)."""
    return _("{name} ({size})").format(name=model["name"], size=said_size(model["size_bytes"] / _MEGA))


class ModelCard(QFrame):
    """Nouns in, signals out. `long` lists what is installed and offers everything there is."""

    fetch_asked = Signal(str)
    folder_asked = Signal()
    later_asked = Signal()
    check_asked = Signal(str)
    all_asked = Signal()  # the short form offers a few; a person wants to see the others

    def __init__(self, long: bool = False) -> None:
        super().__init__()
        self._long = long
        self._busy = False
        self._known: list[dict[str, Any]] = []
        self._list = _Installed()
        self._list.check_asked.connect(self.check_asked)
        self._ready = _Ready()
        self._line = QFrame()
        self._line.setProperty("look", "line")
        self._offer = QWidget()
        self._column = column = QVBoxLayout(self)
        column.setSpacing(theme.WIDE)
        column.addWidget(self._ready)
        column.addWidget(self._list)
        column.addWidget(self._line)
        column.addWidget(self._offer)
        self._fill_offer()
        self.set_models([], [])

    def _fill_offer(self) -> None:
        self._title = Label(_("Get the real transcript"), "strong")
        self._about = Paragraph("", "muted")
        self._all = QPushButton(_("All models"))
        self._all.clicked.connect(self.all_asked)
        self._choice = Combo(least=16)
        self._choice.setAccessibleName(_("Model to fetch"))
        self._choice.currentIndexChanged.connect(lambda: self._say_button())
        self._fetch = QPushButton()
        self._fetch.setProperty("look", "primary")
        self._fetch.clicked.connect(lambda: self.fetch_asked.emit(self.chosen))
        self._folder = QPushButton(_("Take it from a folder…"))
        self._folder.clicked.connect(self.folder_asked)
        self._later = QPushButton(_("Not now"))
        self._later.clicked.connect(self.later_asked)
        for button in (self._later, self._all):
            button.setProperty("look", "quiet")
            button.setVisible(not self._long)
        for button in (self._fetch, self._folder, self._later, self._all):
            button.setAutoDefault(True)  # Return presses it too
        network = _("This is the only time CoachDesk uses the network, and only because you press this.")
        self._lay_out_offer(Paragraph(network, "small"))

    def _lay_out_offer(self, network: Label) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.TINY_GAP)
        words.addWidget(self._title)
        words.addWidget(self._about)
        buttons = QWidget()
        line = Flow(buttons)
        for button in (self._fetch, self._folder, self._all, self._later):
            line.addWidget(button)
        column = QVBoxLayout(self._offer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.WIDE)
        column.addLayout(words)
        column.addWidget(self._choice)
        column.addWidget(buttons)
        column.addWidget(network)

    # --- nouns in

    def set_models(
        self,
        installed: Sequence[dict[str, Any]],
        known: Sequence[dict[str, Any]],
        languages: Sequence[str] = ("en",),
    ) -> None:
        """What is here and what can be had, as the desk gives it; the languages say which model is offered first."""
        usable = [model for model in installed if model["verified"] is not False]
        ready = bool(usable)
        names = ", ".join(said_model(model) for model in usable)
        self._ready.say(_("Real transcripts are ready: {models}").format(models=names))
        self._ready.setVisible(ready)
        self._list.set_models(installed)
        self._list.setVisible(self._long and bool(installed))
        self._line.setVisible(self._long and bool(installed))
        self._offer.setVisible(self._long or not ready)
        self._frame(bare=ready and not self._long)
        self._say_offer(ready, [model["name"] for model in installed if model["verified"] is False])
        self._set_known(known, languages)

    def _frame(self, bare: bool) -> None:
        """The good line alone needs no card around it."""
        room = 0 if bare else theme.WIDER
        self._column.setContentsMargins(room, room, room, room)
        theme.restyle(self, look="" if bare else "card")

    def set_busy(self, busy: bool) -> None:
        """While a model is being fetched, no other can be."""
        self._busy = busy
        self._say_button()

    @property
    def chosen(self) -> str:
        """The name of the model that would be fetched."""
        return str(self._choice.currentData() or "")

    def _say_offer(self, ready: bool, damaged: list[str]) -> None:
        self._title.say(_("Another model") if ready else _("Get the real transcript"))
        if damaged and not ready:
            about = _(
                "The model {name} is damaged, so transcripts are rough drafts. Fetch it again to mend it."
            ).format(name=damaged[0])
        elif ready:
            about = _("A larger model hears better and takes longer. The settings above say which one is used.")
        else:
            about = _(
                "Today: a rough draft made on this machine. With a Whisper model the words become readable, "
                "and advice that leans on words works."
            )
        self._about.say(about)

    def _set_known(self, known: Sequence[dict[str, Any]], languages: Sequence[str]) -> None:
        before = self.chosen
        self._known = self._offered(known, languages)
        self._choice.blockSignals(True)
        self._choice.clear()
        for model in self._known:
            words = _("{name} · {size} · {note}").format(
                name=model["name"], size=said_size(model["size_mb"]), note=_(model["note"])
            )
            self._choice.addItem(tidy(words), model["name"])
        usual = _USUAL_ENGLISH if tuple(languages) == ("en",) else _USUAL
        at = max(self._choice.findData(before), 0) if before else max(self._choice.findData(usual), 0)
        self._choice.setCurrentIndex(at if self._known else -1)
        self._choice.blockSignals(False)
        self._say_button()

    def _offered(self, known: Sequence[dict[str, Any]], languages: Sequence[str]) -> list[dict[str, Any]]:
        if self._long:
            return list(known)
        fits = [
            m for m in known if m["name"] in _SENSIBLE and (m["languages"] == "many" or tuple(languages) == ("en",))
        ]
        return sorted(fits, key=lambda model: _SENSIBLE.index(model["name"]))

    def _say_button(self) -> None:
        model = next((known for known in self._known if known["name"] == self.chosen), None)
        if self._busy:
            self._fetch.setText(_("Fetching…"))
        elif model is None:
            self._fetch.setText(_("Fetch"))
        else:
            size = said_size(model["size_mb"])
            self._fetch.setText(caption(_("Fetch {size} from the model hub").format(size=size)))
        self._fetch.setEnabled(model is not None and not self._busy)


class _Ready(QFrame):
    """The good state in one line."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "good")
        self._words = Paragraph("", "good")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.WIDE, theme.GAP, theme.WIDE, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(Symbol("circle-check", "good"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def say(self, text: str) -> None:
        self._words.say(text)


class _Installed(QWidget):
    """The models on this machine, each with its size, its state and a check."""

    check_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[dict[str, Any]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GAP)

    def set_models(self, models: Sequence[dict[str, Any]]) -> None:
        if self._shown == list(models):
            return  # the keyboard stays where it is
        self._shown = list(models)
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for model in models:
            self._column.addWidget(self._row(model))

    def _row(self, model: dict[str, Any]) -> QWidget:
        languages = _("English only") if model["languages"] == "en" else _("many languages")
        size = said_size(model["size_bytes"] / _MEGA)
        check = QPushButton(_("Check"))
        check.setProperty("look", "quiet")
        check.setAutoDefault(True)
        check.setAccessibleName(_("Check the model {name}").format(name=model["name"]))
        check.clicked.connect(lambda: self.check_asked.emit(model["name"]))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Elided(model["name"], "heading"))
        words.addWidget(Elided(_("{size} · {languages}").format(size=size, languages=languages), "small"))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.WIDE)
        line.addLayout(words, 1)
        line.addLayout(_state_of(model))
        line.addWidget(check)
        return row


def _state_of(model: dict[str, Any]) -> QHBoxLayout:
    icon, token, words = {
        True: ("circle-check", "good", _("In order")),
        False: ("triangle-alert", "attention", _("Damaged")),
        None: ("circle-help", "muted", _("Not checked")),
    }[model["verified"]]
    row = QHBoxLayout()
    row.setSpacing(theme.TINY_GAP)
    row.addWidget(Symbol(icon, token))
    row.addWidget(Label(words, "attention" if model["verified"] is False else "muted"))
    return row
