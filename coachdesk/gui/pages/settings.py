"""The settings page: a row for every setting that names a section, then models, privacy and the bin.

Rows come from the settings' own table, so a new setting needs no line here. A change is saved at once; one that does not
fit is said under its row and nothing else is touched.
"""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.errors import SettingsError
from coachdesk.gui import acts, theme
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages import models
from coachdesk.gui.widgets import languages, setting_row
from coachdesk.gui.widgets.column import Column
from coachdesk.gui.widgets.keeping import BinCard, PrivacyCard
from coachdesk.gui.widgets.model_card import ModelCard, said_model
from coachdesk.gui.widgets.setting_row import Control, SettingRow
from coachdesk.gui.widgets.text import Label, caption
from coachdesk.sentences import N_, PSEUDO, _
from coachdesk.settings import SPEEDS, Settings

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk

COLUMN = 720  # px, the widest the rows get
WITH_LIST = 1000  # px, from which on the sections are listed at the left
_LIST_WIDTH = 184
_LIST_TOP = 72  # px: the first entry beside the first heading
# What a choice is called; others are their value.
_CHOICES = {
    "system": N_("As the system"),
    "light": N_("Light"),
    "dark": N_("Dark"),
    "left": N_("Left"),
    "right": N_("Right"),
    "auto": N_("The best there is"),
    "whisper": N_("Whisper"),
    "draft": N_("Rough draft"),
    "none": N_("None, numbers only"),
}
# Where the table's help speaks of the file or the terminal, the window says it in its own words.
_HELP = {
    "languages": N_("The languages spoken on your calls, as codes; the first is assumed. Empty: detect."),
    "engine": N_("What makes the words of a call."),
    "model": N_("The Whisper model that transcribes."),
    "interface_language": N_("The language of the window."),
}
_RANGES: dict[str, tuple[float, float, float]] = {  # lowest, highest, step
    "longest_call_h": (0.25, 48, 1),
    "cpu_threads": (0, 256, 1),
    "play_speed": (*SPEEDS, 0.05),
}
_ANY_RANGE = (-1_000_000, 1_000_000, 1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page shows, asked for in one go."""

    settings: Settings
    playbooks: tuple[tuple[str, str], ...]  # id, name
    models: dict[str, Any]
    bin: list[dict[str, Any]]
    days_in_bin: int
    root: str
    my_voice: dict[str, Any]


def _facts(desk: Desk) -> Facts:
    from coachdesk.desk.desk import DAYS_IN_BIN  # heavy to import; on the desk's thread it is there already

    playbooks = tuple((book.id, book.words("en").name) for book in desk.playbooks())
    return Facts(desk.settings, playbooks, desk.models(), desk.bin(), DAYS_IN_BIN, str(desk.home.root), desk.my_voice())


class SettingsPage(QWidget):
    """All settings. `reload()` asks for what holds now."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._settings = Settings()
        self.rows: dict[str, SettingRow] = {}
        self._sections: dict[str, _Section] = {}
        self.models = ModelCard(long=True)
        self.privacy = PrivacyCard()
        self.bin = BinCard()
        self._make_sections()
        self._lay_out()
        self._connect()

    # --- what there is

    def _make_sections(self) -> None:
        for field in dataclasses.fields(Settings):
            section = field.metadata["section"]
            if section:
                self.rows[field.name] = self._row(field)
                self._section(section).add_row(self.rows[field.name])
                if section == "Transcript" and "Models" not in self._sections:
                    self._section("Models")  # beside what chooses among them
        self._section("Models").add_card(self.models)
        self._section("Privacy").add_card(self.privacy)
        self._section("Storage").add_card(self.bin)

    def _section(self, name: str) -> _Section:
        if name not in self._sections:
            self._sections[name] = _Section(_(name))
        return self._sections[name]

    def _row(self, field: dataclasses.Field[Any]) -> SettingRow:
        name = field.metadata["name"]
        help_text = _HELP.get(field.name, field.metadata["help"])
        row = SettingRow(_(name), _(help_text), _control(field), field.default)
        row.wanted.connect(lambda value, of=field.name: self._change(of, value))
        return row

    def _lay_out(self) -> None:
        self._column = Column(COLUMN)
        self._column.stack.setSpacing(theme.HUGE)
        self._column.stack.addWidget(Label(_("Settings"), "title"))
        for section in self._sections.values():
            self._column.stack.addWidget(section)
        self._column.stack.addStretch(1)
        self._list = _SectionList(list(self._sections))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._list)
        whole.addWidget(self._column, 1)

    def _connect(self) -> None:
        self._list.picked.connect(self.show_section)
        self._column.verticalScrollBar().valueChanged.connect(self._mark)
        self.models.fetch_asked.connect(lambda name: models.fetch(self._bridge, name))
        self.models.folder_asked.connect(lambda: models.add_folder(self._bridge, self))
        self.models.check_asked.connect(lambda name: models.check(self._bridge, name))
        self.privacy.forget_asked.connect(self._forget_voice)
        self.bin.back_asked.connect(self._put_back)
        self.bin.empty_asked.connect(self._empty_bin)
        self._bridge.settings_changed.connect(self._show_settings)
        self._bridge.changed.connect(self._changed)
        self._bridge.jobs_changed.connect(lambda: self.models.set_busy(models.fetching(self._bridge)))

    # --- what is shown

    def reload(self) -> None:
        """Ask for everything anew."""
        self._bridge.ask(_facts, self._show, owner=self)

    def _changed(self, call_id: str) -> None:
        if not call_id and self.isVisible():
            self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    def _show(self, facts: Facts) -> None:
        _offer(self.rows["playbook"], list(facts.playbooks))
        here = [(model["name"], said_model(model)) for model in facts.models["installed"]]
        _offer(self.rows["model"], [("", _("The best there is")), *here])
        self.privacy.show_place(facts.root)
        self.privacy.show_voice(facts.my_voice["kept"], facts.my_voice["calls"])
        self.bin.show_calls(facts.bin, facts.days_in_bin)
        self.models.set_models(facts.models["installed"], facts.models["known"], facts.settings.languages)
        self._show_settings(facts.settings)

    def _show_settings(self, settings: Settings) -> None:
        self._settings = settings
        for name, row in self.rows.items():
            row.show_value(getattr(settings, name))

    # --- what the person does

    def _change(self, name: str, value: Any) -> None:
        row = self.rows[name]
        try:
            value = _understood(name, value)
            self._settings = dataclasses.replace(self._settings, **{name: value})
        except SettingsError as wrong:
            words = wrong.message.replace(name, Settings.__dataclass_fields__[name].metadata["name"])
            row.say_problem(_("{problem} Not saved: change it here, or press Reset.").format(problem=words))
            return
        row.say_problem("")
        self._bridge.change_settings(**{name: value})

    def _put_back(self, call_id: str) -> None:
        self._bridge.do(_("Call put back"), acts.TakeFromBin((call_id,)), owner=self)

    def _forget_voice(self) -> None:
        def forget(desk: Desk) -> Settings:
            desk.forget_my_voice()
            return desk.settings

        def forgotten(settings: Settings) -> None:
            self._bridge.settings_changed.emit(settings)
            self.reload()

        self._bridge.ask(forget, forgotten, owner=self)

    def _empty_bin(self) -> None:
        self._bridge.ask(lambda desk: desk.empty_bin(), lambda _n: self._bridge.changed.emit(""), owner=self)

    # --- the list of sections

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._list.setVisible(self.width() >= WITH_LIST)

    def show_section(self, name: str) -> None:
        """Bring a section to the top: "Models", or one that the settings name."""
        section = self._sections[name]
        bar = self._column.verticalScrollBar()
        bar.setValue(self._column.top_of(section) - theme.PAGE)
        section.setFocus()  # Tab goes on from there
        self._list.mark(name)

    def _mark(self) -> None:
        """Mark the section that is being read: the last one to begin in the upper part."""
        bar = self._column.verticalScrollBar()
        read_to = bar.value() + self._column.height() // 4
        names = list(self._sections)
        begun = [name for name in names if self._column.top_of(self._sections[name]) <= read_to] or names[:1]
        at_the_end = bar.value() == bar.maximum() > 0
        self._list.mark(names[-1] if at_the_end else begun[-1])


class _Section(QWidget):
    """A heading, and a card with rows under it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self._card: QFrame | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.WIDE)
        self._column.addWidget(Label(title, "strong"))

    def add_row(self, row: SettingRow) -> None:
        if self._card is None:
            self._card = QFrame()
            self._card.setProperty("look", "card")
            rows = QVBoxLayout(self._card)
            rows.setContentsMargins(0, theme.TINY_GAP, 0, theme.TINY_GAP)
            rows.setSpacing(0)
            self.add_card(self._card)
        within = self._card.layout()
        assert within is not None
        if within.count():
            line = QFrame()
            line.setProperty("look", "line")
            within.addWidget(line)
        within.addWidget(row)

    def add_card(self, card: QWidget) -> None:
        self._column.addWidget(card)


class _SectionList(QWidget):
    """The sections, to go to."""

    picked = Signal(str)

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.setFixedWidth(_LIST_WIDTH)
        self._buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, _LIST_TOP, 0, theme.PAGE)
        column.setSpacing(2)
        for name in names:
            button = QPushButton(caption(_(name)))
            button.setProperty("look", "nav")
            button.setCheckable(True)
            button.setAutoDefault(True)
            button.clicked.connect(lambda _on, name=name: self.picked.emit(name))
            self._buttons[name] = button
            column.addWidget(button)
        column.addStretch(1)
        self.mark(names[0])

    def mark(self, name: str) -> None:
        for each, button in self._buttons.items():
            button.setChecked(each == name)


def _control(field: dataclasses.Field[Any]) -> Control:
    """The control for a setting's type."""
    if field.name == "interface_language":
        there = [("", _("English"))] + ([(PSEUDO, "Pseudo")] if os.environ.get("COACHDESK_PSEUDO") else [])
        return setting_row.choice(there)
    if field.name in ("playbook", "model"):
        return setting_row.choice([])
    if field.metadata["choices"]:
        return setting_row.choice([(value, _(_CHOICES.get(value, value))) for value in field.metadata["choices"]])
    if field.type == "bool":
        return setting_row.switch()
    low, high, step = _RANGES.get(field.name, _ANY_RANGE)
    if field.type == "int":
        return setting_row.whole(int(low), int(high))
    if field.type == "float":
        return setting_row.number(low, high, step)
    return setting_row.names() if field.type == "tuple[str, ...]" else setting_row.line()


def _offer(row: SettingRow, items: list[tuple[str, str]]) -> None:
    box = row.control.field
    assert isinstance(box, QComboBox)
    setting_row.set_items(box, items)


def _understood(name: str, value: Any) -> Any:
    """A value as the settings want it: languages may be typed as names. Raises SettingsError where it is none."""
    if name != "languages":
        return value
    codes = [(typed, languages.code_of(typed)) for typed in value]
    for typed, code in codes:
        if not code:
            raise SettingsError(languages.not_a_language(typed))
    return tuple(dict.fromkeys(code for _typed, code in codes))
