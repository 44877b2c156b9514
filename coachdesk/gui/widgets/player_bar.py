"""The player's bar: play, moments back and forth, time, speed, silence, sides. What it shows is what the player told."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QToolButton

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import Elided, Label, tip
from coachdesk.sentences import _, clock, ngettext

_NARROW = 780  # px
SPEEDS = (0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


class PlayerBar(QFrame):
    """Signals what the person wants; `show_state` says what is."""

    toggled = Signal()
    moment_asked = Signal(int)  # -1 back, 1 forth
    speed_chosen = Signal(float)
    skip_chosen = Signal(bool)
    muted = Signal(str, bool)
    help_asked = Signal()
    path_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "bar")
        self._duration_ms = 0
        self._path_length = ""
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(theme.WIDER, theme.GAP, theme.WIDER, theme.GAP)
        row.setSpacing(theme.GAP)
        self._back = self._tool("skip-back", _("Moment before (Left)"))
        self._back.clicked.connect(lambda: self.moment_asked.emit(-1))
        self.play = QPushButton()
        self.play.setProperty("look", "primary")
        self.play.setFixedWidth(46)
        self.play.clicked.connect(self.toggled)
        self._forth = self._tool("skip-forward", _("Next moment (Right)"))
        self._forth.clicked.connect(lambda: self.moment_asked.emit(1))
        self._time = Label("0:00")
        self._time.setFont(theme.figures_font(theme.BODY))
        self._note = Elided("", "small")
        self._note.setMinimumWidth(1)  # the first to give way
        for part in (self._back, self.play, self._forth, self._time):
            row.addWidget(part)
        row.addWidget(self._note, 1)
        self._add_choices(row)
        self.show_state(0, False, False)

    def _add_choices(self, row: QHBoxLayout) -> None:
        self.path = self._check("", "")
        self.path.clicked.connect(self.path_chosen)
        self.skip = self._check(_("Skip silence"), _("Leave out silences over 0.8 s (S)"))
        self.skip.toggled.connect(self.skip_chosen)
        self.mute_own = self._check(_("Mute you"), _("Do not play your own side (1)"))
        self.mute_own.toggled.connect(lambda on: self.muted.emit("rep", on))
        self.mute_other = self._check(_("Mute them"), _("Do not play the other side (2)"))
        self.mute_other.toggled.connect(lambda on: self.muted.emit("other", on))
        self.speed = QComboBox()
        self.speed.setAccessibleName(_("Speed"))
        self.speed.setToolTip(tip(_("Speed, pitch kept ([ and ])")))
        for value in SPEEDS:
            self.speed.addItem(f"{value:g}×", value)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.activated.connect(lambda n: self.speed_chosen.emit(SPEEDS[n]))
        keys = self._tool("keyboard", _("All keys (?)"))
        keys.clicked.connect(self.help_asked)
        for part in (self.path, self.skip, self.mute_own, self.mute_other, self.speed, keys):
            row.addWidget(part)

    def _tool(self, icon: str, said: str) -> QToolButton:
        made = QToolButton()
        made.setProperty("look", "quiet")
        made.setAccessibleName(said)
        made.setToolTip(tip(said))
        theme.set_icon(made, icon)
        return made

    def _check(self, text: str, said: str) -> QPushButton:
        made = QPushButton(text)
        made.setCheckable(True)
        made.setProperty("look", "quiet")
        made.setToolTip(tip(said))
        return made

    def set_call(self, duration_ms: int, has_sound: bool, two_sides: bool) -> None:
        """A call to play; without sound everything but the help is off."""
        self._duration_ms = duration_ms
        for part in (self._back, self.play, self._forth, self.skip, self.speed):
            part.setEnabled(has_sound)
        for part in (self.mute_own, self.mute_other):
            part.setEnabled(has_sound and two_sides)
            part.setChecked(False)
        self.show_state(0, False, False)
        self._note.say("" if has_sound else _("This call was brought in as a transcript: there is no sound to play."))

    def set_path(self, stretches: list[tuple[int, int]]) -> None:
        """The listening path of the call: how long it is stands on its button."""
        length_ms = sum(end - start for start, end in stretches)
        self._path_length = clock(length_ms)
        self._fold()
        self.path.setVisible(bool(stretches))
        self.path.setEnabled(self.play.isEnabled())
        said = ngettext(
            "Listening path: what is worth hearing of this call, {length} in {n} stretch (P)",
            "Listening path: what is worth hearing of this call, {length} in {n} stretches (P)",
            len(stretches),
        ).format(n=len(stretches), length=clock(length_ms))
        self.path.setAccessibleName(said)
        self.path.setToolTip(tip(said))

    def _fold(self) -> None:
        """Where it is narrow, all stands closer, and how long the path is only in its tool tip."""
        narrow = self.width() < _NARROW
        self._row.setSpacing(theme.TINY_GAP if narrow else theme.GAP)
        self.path.setText("" if narrow else self._path_length)
        theme.set_icon(self.path, "headphones")  # after the text: it leaves room for it

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def show_path(self, on: bool) -> None:
        self.path.setChecked(on)

    def show_state(self, position_ms: int, playing: bool, on_clock: bool) -> None:
        """Where the player is."""
        said = f"{clock(position_ms)} / {clock(self._duration_ms)}"
        if said != self._time.text():
            self._time.setText(said)
        name = "pause" if playing else "play"
        if self.play.property("icon_name") != name:
            theme.set_icon(self.play, name, "on_accent")
            self.play.setAccessibleName(_("Pause") if playing else _("Play"))
            self.play.setToolTip(tip(_("Space, or K")))
        if on_clock and playing:
            self._note.say(_("No sound device: playing silently."))
        elif self._note.text() == _("No sound device: playing silently."):
            self._note.say("")

    def show_problem(self, text: str) -> None:
        self._note.say(text)

    def show_speed(self, speed: float) -> None:
        nearest = min(range(len(SPEEDS)), key=lambda n: abs(SPEEDS[n] - speed))
        self.speed.setCurrentIndex(nearest)

    def show_skip(self, on: bool) -> None:
        self.skip.blockSignals(True)
        self.skip.setChecked(on)
        self.skip.blockSignals(False)

    def step_speed(self, by: int) -> None:
        """One speed slower or faster."""
        n = min(len(SPEEDS) - 1, max(0, self.speed.currentIndex() + by))
        self.speed.setCurrentIndex(n)
        self.speed_chosen.emit(SPEEDS[n])
