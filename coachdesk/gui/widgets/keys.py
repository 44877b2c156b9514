"""The cheat sheet: every key there is, by where it works."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import N_, _

KEYS = (
    (
        N_("Playing"),
        (
            ("Space, K", N_("Play, pause")),
            ("J, L", N_("5 seconds back, forth")),
            ("←, →", N_("Moment before, next moment")),
            ("[, ]", N_("Slower, faster")),
            ("P", N_("Listening path: what is worth hearing")),
            ("S", N_("Skip silence")),
            ("1, 2", N_("Mute you, mute them")),
            ("+, -, 0", N_("On the timeline: zoom in, out, all")),
        ),
    ),
    (
        N_("Transcript"),
        (
            ("↑, ↓", N_("Line before, next line")),
            ("Return", N_("Play this line")),
            ("F2", N_("Correct its words")),
            ("W", N_("Who speaks: the chosen lines by somebody else")),
            ("X", N_("Split the line, at the word under the pointer")),
            ("C", N_("To the coaching")),
            ("M", N_("Comment on this moment; when you are asked, it is here")),
            ("Ctrl+F", N_("Find in this call")),
            ("Ctrl+C", N_("Copy the chosen lines")),
        ),
    ),
    (
        N_("After listening"),
        (
            ("R", N_("Result")),
            ("N", N_("The next step found is right")),
            ("E", N_("Write the next step")),
            ("D", N_("Done, back to all calls")),
        ),
    ),
    (
        N_("In the brief"),
        (
            ("M", N_("Follow-up mail")),
            ("T", N_("Note for the records")),
            ("Y", N_("Note to myself")),
        ),
    ),
    (
        N_("Recording"),
        (
            ("Ctrl+R", N_("Record a call, stop")),
            ("Ctrl+B", N_("Bookmark this moment")),
            ("Ctrl+P", N_("Pause, go on")),
        ),
    ),
    (
        N_("Everywhere"),
        (
            ("Ctrl+K", N_("Search all calls")),
            ("Ctrl+O", N_("Import")),
            ("Ctrl+Z", N_("Undo")),
            ("Ctrl+Shift+Z", N_("Do it again")),
            ("Ctrl+0", N_("Home")),
            ("Ctrl+1", N_("Calls")),
            ("Ctrl+2", N_("Record")),
            ("Ctrl+3", N_("Cases")),
            ("Ctrl+4", N_("Progress")),
            ("Ctrl+5", N_("Playbooks")),
            ("Ctrl+,", N_("Settings")),
            ("Esc", N_("Back")),
        ),
    ),
)


class KeysDialog(QDialog):
    """Closes with Escape."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys"))
        halves = QHBoxLayout()
        halves.setSpacing(theme.HUGE)
        for half in (KEYS[:3], KEYS[3:]):
            column = QVBoxLayout()
            column.setSpacing(theme.WIDER)
            for title, keys in half:
                column.addLayout(_section(_(title), keys))
            column.addStretch(1)
            halves.addLayout(column)
        close = QDialogButtonBox()
        close.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        whole.setSpacing(theme.WIDER)
        whole.addLayout(halves)
        whole.addWidget(close)


def _section(title: str, keys: tuple[tuple[str, str], ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.WIDER)
    grid.setVerticalSpacing(6)
    grid.addWidget(Label(title, "heading"), 0, 0, 1, 2)
    for n, (key, said) in enumerate(keys, 1):
        grid.addWidget(Label(key, "muted"), n, 0)
        grid.addWidget(Label(_(said)), n, 1)
    grid.setColumnStretch(1, 1)
    return grid
