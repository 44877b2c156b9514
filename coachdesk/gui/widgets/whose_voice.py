"""Which one is you? Each voice with a few seconds to hear it by and a button; how many people speak; a guess to answer.

Reads the review document; what it asks for goes out as signals. Everything is reached and pressed by keyboard too.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.scrolled import card
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import _

Document = dict[str, Any]
PEOPLE = (2, 3, 4)


def guessed(doc: Document) -> str | None:
    """The label of the speaker who was taken for the person by their voice; None where nobody was."""
    found = next((notice for notice in doc["notices"] if notice["code"] == "own_voice"), None)
    return None if found is None else str(found["params"]["speaker"])


def more_about_voices(doc: Document) -> Document:
    """What more there is to say of voices that are not told apart."""
    heard = doc["recording"].get("voices") or {}
    return {"why": "no_voice_model"} if heard.get("kind") == "no_model" else {}


def _called(speaker: Document) -> str:
    return str(speaker["name"] or speaker["label"])


def _hear(speaker: Document) -> Door | None:
    """The door to a few seconds of a speaker; None where there is no sound of them alone."""
    part = speaker.get("hear")
    if part is None:
        return None
    line = _("Hear {name}").format(name=_called(speaker))
    return Door(part["start_ms"], part["end_ms"], line, speaker["role"])


class WhoseVoice(QWidget):
    """The question, one line for each voice; and the number of people, where voices tell them apart."""

    play_asked = Signal(int, int)
    me_said = Signal(str)
    people_said = Signal(int)

    def __init__(self, doc: Document) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        if doc["quiet"] == "speakers_unknown":
            column.addWidget(Label(_("Which one is you?"), wrap=True))
            for speaker in doc["speakers"]:
                self._add(speaker, column)
        voices = doc["recording"].get("voices")
        if voices and not voices["named"] and voices["kind"] != "no_model":
            self._add_people(int(voices["people"]), column)

    def _add(self, speaker: Document, column: QVBoxLayout) -> None:
        door = _hear(speaker)
        if door is not None:
            door.play_asked.connect(self.play_asked)
            column.addWidget(door)
        line = Flow()
        line.addWidget(
            _button(_("I am {name}").format(name=_called(speaker)), partial(self.me_said.emit, speaker["label"]))
        )
        column.addLayout(line)

    def _add_people(self, now: int, column: QVBoxLayout) -> None:
        """A small choice: telling them apart again takes a moment, so the number that holds cannot be pressed."""
        column.addWidget(Label(_("How many people speak?"), "muted", wrap=True))
        line = Flow()
        for people in PEOPLE:
            button = _button(str(people), partial(self.people_said.emit, people))
            button.setAccessibleName(_("{n} people speak on this call").format(n=people))
            button.setEnabled(people != now)
            line.addWidget(button)
        column.addLayout(line)


class GuessedVoice(QWidget):
    """This is you, I think: hear it, say yes, or say no."""

    play_asked = Signal(int, int)
    answered = Signal(bool)

    def __init__(self, doc: Document) -> None:
        super().__init__()
        label = guessed(doc)
        speaker = next(s for s in doc["speakers"] if s["label"] == label)
        frame, inside = card("note")
        said = _("This is you, I think: {name}").format(name=_called(speaker))
        inside.addWidget(Label(said, "heading", wrap=True))
        inside.addWidget(Label(_("Which side is yours was taken from your voice."), "muted", wrap=True))
        door = _hear(speaker)
        if door is not None:
            door.play_asked.connect(self.play_asked)
            inside.addWidget(door)
        line = Flow()
        line.addWidget(_button(_("Yes, that is me"), partial(self.answered.emit, True)))
        line.addWidget(_button(_("Not me"), partial(self.answered.emit, False)))
        inside.addLayout(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(frame)


def _button(text: str, act: Any) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(True)  # Return presses it too
    button.clicked.connect(lambda: act())
    return button
