"""The widgets a recording is made with, in every state they have, each state a place to look at. Needs nothing of pytest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from coachdesk.gui.widgets.consent_bar import ConsentBar
from coachdesk.gui.widgets.live_words import LiveWords
from coachdesk.gui.widgets.meter import SideMeter
from coachdesk.gui.widgets.notes_pad import KINDS, NotesPad
from coachdesk.gui.widgets.offer import Offers
from coachdesk.gui.widgets.question_list import QuestionList
from coachdesk.gui.widgets.recording_strip import RecordingStrip
from coachdesk.gui.widgets.talk_ring import TalkRing

Made = Callable[[], QWidget]
Place = tuple[str, QWidget]


def record_widgets(said: str, width: int = 640) -> Iterator[Place]:
    """Each widget in each state; `said` is what people and files say."""
    for name, make in states(said):
        yield from _shown(f"recording, {name}", make, width)


def _shown(name: str, make: Made, width: int) -> Iterator[Place]:
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.addWidget(make())
    column.addStretch(1)
    ground.resize(width, 520)
    ground.show()
    QApplication.processEvents()
    yield name, ground
    ground.close()
    ground.deleteLater()


def states(said: str) -> Iterator[tuple[str, Made]]:
    for kind in ("waiting", "heard", "silent", "lost"):
        yield f"meter {kind}", lambda kind=kind: _meter(kind, said)
    yield "consent", ConsentBar
    yield "consent noted", lambda: _consent("noted", "spoken")
    yield "consent refused", lambda: _consent("refused", "")
    yield "consent being refused", _asking
    yield "notes", lambda: _notes(said)
    yield "no notes", NotesPad
    yield "questions", lambda: _questions(said)
    yield "no questions", QuestionList
    yield "words", lambda: _words(said)
    yield "no words", LiveWords
    yield "ring", TalkRing
    yield "offers", lambda: _offers(said)
    yield "strip", lambda: _strip(said)


def _meter(kind: str, said: str) -> QWidget:
    meter = SideMeter("own", said)
    meter.set_devices([("a", said, True), ("b", said, False)], "a")
    meter.set_state(kind, said if kind == "silent" else "", said)
    return meter


def _consent(status: str, basis: str) -> QWidget:
    bar = ConsentBar()
    bar.suggest("notice")
    bar.set_noted(status, basis, "0:12")
    return bar


def _asking() -> QWidget:
    bar = ConsentBar()
    bar.no.click()
    return bar


def _notes(said: str) -> QWidget:
    pad = NotesPad()
    for n, kind in enumerate(KINDS):
        pad.add(n * 1_900_000, said, kind)
    pad.add(1, "", "mark")
    return pad


def _questions(said: str) -> QWidget:
    questions = QuestionList()
    questions.set_questions([("a", said), ("b", "How will you decide?")])
    questions.mark("a", 4_000_000)
    return questions


def _words(said: str) -> QWidget:
    words = LiveWords(said, said)
    words.add("own", 0, said)
    words.add("other", 9_000, said)
    words.set_state(said)
    return words


def _offers(said: str) -> QWidget:
    offers = Offers()
    offers.add("a", "history", said, [("Keep", "keep", True), ("Throw away", "drop", False)])
    offers.add("b", "phone", "A call?", [("Record", "record", True)])
    return offers


def _strip(said: str) -> QWidget:
    strip = RecordingStrip()
    strip.setWindowFlags(Qt.WindowType.Widget)
    strip.set_state(3_725_000, False, -12.0, None, said)
    return strip
