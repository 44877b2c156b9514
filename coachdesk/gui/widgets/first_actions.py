"""What a person without calls can do first: record, import, look at a sample. Shown when welcomed and in the empty library."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Pressed
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import _

DEFAULT_SAMPLE = "sales_discovery"
_ICON = 20  # px


class BigButton(Pressed):
    """A large button: an icon, a title, and a line that says what it does. `look` is "action" or "choice"."""

    def __init__(self, icon: str, title: str, line: str, look: str = "action", token: str = "own") -> None:
        super().__init__(look)
        self.setAccessibleName(title)
        self.setAccessibleDescription(line)
        self._icon, self._token = icon, token
        self._picture = Label()
        self._title = Label(title, "heading")
        self._line = Paragraph(line, "small" if look == "choice" else "muted")
        self._lay_out(theme.WIDE if look == "choice" else theme.WIDER)
        theme.theme().changed.connect(self._tint)
        self._tint()

    def _lay_out(self, margin: int) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._line)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.WIDER, margin, theme.WIDER, margin)
        row.setSpacing(theme.WIDE)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.let_through()

    def setEnabled(self, on: bool) -> None:
        super().setEnabled(on)
        self._tint()

    def _tint(self) -> None:
        token = self._token if self.isEnabled() else "muted"
        self._picture.setPixmap(theme.pixmap(self._icon, token, _ICON, self.devicePixelRatioF()))


class FirstActions(QWidget):
    """The three large actions."""

    record_asked = Signal()
    import_asked = Signal()
    sample_asked = Signal(str)

    def __init__(self, sample: str = DEFAULT_SAMPLE) -> None:
        super().__init__()
        self._sample = sample
        self.record = BigButton(
            "mic", _("Record a call"), _("Both sides, each on its own channel; coached when you hang up.")
        )
        self.bring = BigButton(
            "import",
            _("Import a recording"),
            _("Any sound file, a whole meeting folder, or drop it anywhere on this window."),
        )
        self.look = BigButton(
            "circle-play", _("Look at a sample call"), _("Two people talk, five minutes. Opens at once.")
        )
        self.record.clicked.connect(self.record_asked)
        self.bring.clicked.connect(self.import_asked)
        self.look.clicked.connect(lambda: self.sample_asked.emit(self._sample))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        for button in (self.record, self.bring, self.look):
            column.addWidget(button)

    def set_sample(self, sample: str) -> None:
        """Which sample is looked at: its name, as the desk opens it."""
        self._sample = sample

    def focus_first(self) -> None:
        """The keyboard on the first action that can be taken."""
        next((b for b in (self.record, self.bring, self.look) if b.isEnabled()), self.look).setFocus()
