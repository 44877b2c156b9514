"""The navigation at the left: pages, and while a call is recorded a red dot, how long it is, and the way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from coachdesk.gui import theme
from coachdesk.gui.page_table import PAGES, PageEntry
from coachdesk.gui.widgets.recording_dot import RecordingDot
from coachdesk.gui.widgets.text import Label, caption, tidy, tip
from coachdesk.sentences import _, clock

WIDTH = 176
_TEXT_ROOM = WIDTH - 70


class Navigation(QFrame):
    """`chosen` names a page; `stop_asked`, `bookmark_asked` are for the recording that goes on."""

    chosen = Signal(str)
    stop_asked = Signal()
    bookmark_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "side")
        self.setFixedWidth(WIDTH)
        self.buttons = {entry.name: self._button(entry) for entry in PAGES}
        self.buttons["review"].hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP, theme.PAGE, theme.GAP, theme.WIDER)
        column.setSpacing(2)
        brand = Label("CoachDesk", "strong")
        brand.setContentsMargins(10, 0, 0, theme.WIDE)
        column.addWidget(brand)
        for name, button in self.buttons.items():
            if name != "settings":
                column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self._recording())
        column.addWidget(self.buttons["settings"])
        promise = Label(_("Nothing leaves this computer."), "small", wrap=True)
        promise.setContentsMargins(10, theme.GAP, 10, 0)
        column.addWidget(promise)

    def _button(self, entry: PageEntry) -> QPushButton:
        button = QPushButton(_(entry.said) if entry.said else "")
        if entry.key:
            button.setToolTip(tip(f"{_(entry.said)} ({entry.key})"))
        button.setProperty("look", "nav")
        button.setCheckable(True)
        theme.set_icon(button, entry.icon)
        button.clicked.connect(lambda: self.chosen.emit(entry.name))
        return button

    def _recording(self) -> QFrame:
        """Seen on every page while a call is recorded."""
        self.recording = QFrame()
        self.recording.setProperty("look", "card")
        self._dot = RecordingDot()
        self._time = Label("0:00", "strong")
        self._time.setFont(theme.figures_font())
        self._said = Label("", "small")
        self.stop = QPushButton(_("Stop"))
        self.stop.setProperty("look", "danger")
        self.stop.setToolTip(tip(_("Stop recording (Ctrl+R)")))
        self.stop.setAccessibleName(_("Stop recording"))
        self.stop.clicked.connect(self.stop_asked)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._dot)
        line.addWidget(self._time)
        line.addStretch(1)
        line.addWidget(self._said)
        column = QVBoxLayout(self.recording)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addLayout(line)
        column.addWidget(self.stop)
        self.recording.hide()
        return self.recording

    def show_page(self, page: str) -> None:
        """Which page is seen now."""
        for name, button in self.buttons.items():
            button.setChecked(name == page)

    def show_review(self, title: str) -> None:
        """The call that is open; "" = none."""
        button = self.buttons["review"]
        button.setVisible(bool(title))
        cut = button.fontMetrics().elidedText(tidy(title), Qt.TextElideMode.ElideRight, _TEXT_ROOM)
        button.setText(caption(cut))
        button.setToolTip(tip(title))

    def show_recording(self, state: str) -> None:
        """As `Recording.state`."""
        said = {"paused": _("paused"), "starting": _("starting"), "stopping": _("finishing")}
        self.recording.setVisible(state != "idle")
        self._dot.set_paused(state not in ("recording", "starting"))
        self._said.say(said.get(state, ""))
        self.stop.setVisible(state != "stopping")

    def show_time(self, at_ms: int) -> None:
        self._time.say(clock(at_ms))
