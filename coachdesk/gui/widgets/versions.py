"""The transcript versions of a call: where the words come from, which are in use, and what did not carry over."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.calls_model import day
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.languages import name_of
from coachdesk.gui.widgets.reading import Document, capital
from coachdesk.gui.widgets.scrolled import Scrolled, card, door_card, inset
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import N_, _, notice, words_from

_GRADES = {"poor": N_("too poor to count on"), "rough": N_("fit for counts, not for single words")}


class VersionsPane(Scrolled):
    """`use_asked` carries the version wanted and the one in use, 0 where there is none."""

    play_asked = Signal(int, int)
    use_asked = Signal(int, int)
    transcribe_asked = Signal()
    model_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._read: tuple[object, ...] = ()
        self._call = ""

    def set_document(self, doc: Document) -> None:
        """Show a review; the place stays."""
        parts = ("transcript_versions", "unfitted", "notices", "recording", "speakers")
        read = (doc["call"]["id"], *(doc[part] for part in parts))
        if read == self._read:
            return
        another = doc["call"]["id"] != self._call
        self._read, self._call = read, doc["call"]["id"]
        self.refill([*self._offer(doc), *self._versions(doc), *self._unfitted(doc), *_notices(doc)], from_top=another)

    # --- the way to better words

    def _offer(self, doc: Document) -> list[QWidget]:
        """Where the words are a draft or none, and there is sound to make better ones from."""
        current = _current(doc)
        none = current is None or current["engine"] == "none"
        if not _has_sound(doc) or not (none or (current and current["draft"])):
            return []
        if none:
            line = _("There are no words of this call yet. With a Whisper model it becomes readable.")
        else:
            line = _(
                "These words are a rough draft. With a Whisper model they become readable, "
                "and advice that leans on words works."
            )
        button = QPushButton(_("Get the real transcript"))
        button.setProperty("look", "primary")
        button.setAutoDefault(True)  # Return presses it too
        button.setAccessibleName(button.text())
        button.clicked.connect(self.model_asked)
        frame, column = card()
        column.setSpacing(theme.WIDE)
        column.addWidget(Label(line, wrap=True))
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return [frame]

    # --- versions

    def _versions(self, doc: Document) -> list[QWidget]:
        versions = sorted(doc["transcript_versions"], key=lambda version: -int(version["version"]))
        current = _current(doc)
        in_use = int(current["version"]) if current else 0
        parts: list[QWidget] = [_heading(_("Where the words come from"))]
        parts += [self._version(version, in_use) for version in versions]
        if not versions:
            parts.append(Label(_("There are no words yet."), "muted", wrap=True))
        if _has_sound(doc):
            parts.append(self._again())
        return parts

    def _version(self, version: Document, in_use: int) -> QWidget:
        number = int(version["version"])
        head = QHBoxLayout()
        head.setSpacing(theme.TINY_GAP)
        head.addWidget(Label(_("Version {n}").format(n=number), "heading", wrap=True), 1)
        if number == in_use:
            head.addWidget(Symbol("check", "good"))
            head.addWidget(Label(_("in use"), "muted"))
        else:
            head.addWidget(self._use(number, in_use))
        frame, column = card()
        column.setContentsMargins(theme.WIDE, theme.GAP, theme.WIDE, theme.WIDE)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(Label(capital(words_from(version)), wrap=True))
        column.addWidget(Label(_facts(version), "small", wrap=True))
        return frame

    def _use(self, number: int, in_use: int) -> QPushButton:
        button = QPushButton(_("Use this"))
        button.setAutoDefault(True)  # Return presses it too
        button.setAccessibleName(_("Use version {n}").format(n=number))
        button.clicked.connect(lambda: self.use_asked.emit(number, in_use))
        return button

    def _again(self) -> QWidget:
        button = QPushButton(_("Transcribe again"))
        button.setAutoDefault(True)  # Return presses it too
        button.setAccessibleName(button.text())
        button.clicked.connect(self.transcribe_asked)
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, theme.TINY_GAP, 0, 0)
        row.addWidget(button)
        row.addStretch(1)
        return place

    # --- corrections

    def _unfitted(self, doc: Document) -> list[QWidget]:
        if not doc["unfitted"]:
            return []
        frame, column = door_card()
        column.setContentsMargins(theme.TINY_GAP, theme.GAP, theme.TINY_GAP, theme.GAP)
        why = inset()
        kept = _("The words in use were heard differently there. They are kept, and fit again where the words do.")
        why.addWidget(Label(kept, "muted", wrap=True))
        column.addLayout(why)
        for correction in doc["unfitted"]:
            column.addLayout(self._correction(doc, correction))
        return [_heading(_("Corrections that fit nowhere in these words")), frame]

    def _correction(self, doc: Document, correction: Document) -> QVBoxLayout:
        start_ms = int(correction["start_ms"])
        channel = correction.get("channel")
        side = next((s["role"] for s in doc["speakers"] if s["channel"] == channel is not None), "unknown")
        door = Door(start_ms, int(correction.get("end_ms", start_ms)), correction["old"], side)
        door.play_asked.connect(self.play_asked)
        wanted = Label(_("You wrote “{words}”").format(words=correction["new"]), "muted", wrap=True)
        below = inset()
        below.setContentsMargins(theme.GAP + theme.PAGE, 0, theme.GAP, theme.TINY_GAP)
        below.addWidget(wanted)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(door)
        column.addLayout(below)
        return column


def _notices(doc: Document) -> list[QWidget]:
    said = list(dict.fromkeys(notice(n["code"], n["params"]) for n in doc["notices"]))
    if not said:
        return []
    frame, column = card()
    for line in said:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(Symbol("info", "muted"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(line, wrap=True), 1)
        column.addLayout(row)
    return [_heading(_("About the recording")), frame]


def _facts(version: Document) -> str:
    """What else is known of a version: language, day, how far its words can be leant on."""
    grade = _GRADES.get(version["grade"], "")
    parts = [name_of(version["language"]), day(version["created_at"]), _(grade)]
    return capital(" · ".join(part for part in parts if part))


def _current(doc: Document) -> Document | None:
    return next((dict(version) for version in doc["transcript_versions"] if version["current"]), None)


def _has_sound(doc: Document) -> bool:
    return bool(doc["recording"]["channels"])


def _heading(text: str) -> Label:
    label = Label(text, "small", wrap=True)
    label.setContentsMargins(2, theme.TINY_GAP, 0, 0)
    return label
