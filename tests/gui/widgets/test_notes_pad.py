"""The notes pad: the stamp is the moment typing began, Enter writes, what is written stands below with its time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel

from coachdesk.gui.widgets.notes_pad import NotesPad
from tests.gui.looking import shown


@pytest.fixture
def pad(qtbot):
    made = NotesPad()
    qtbot.addWidget(made)
    made.resize(300, 220)
    made.show()
    made.activateWindow()
    made.field.setFocus()
    qtbot.waitExposed(made)
    made.heard = []
    made.begun.connect(lambda: made.heard.append("begun"))
    made.written.connect(made.heard.append)
    return made


def words(pad) -> list[str]:
    return [w.text() for w in shown(pad) if isinstance(w, QLabel) and w.text()]


def test_begun_at_the_first_letter_written_at_enter(pad, qtbot):
    qtbot.keyClicks(pad.field, "bud")
    assert pad.heard == ["begun"]
    qtbot.keyClicks(pad.field, "get ")
    qtbot.keyClick(pad.field, Qt.Key.Key_Return)
    assert pad.heard == ["begun", "budget"]
    assert pad.field.text() == ""


def test_each_line_begins_anew(pad, qtbot):
    for text in ("a", "b"):
        qtbot.keyClicks(pad.field, text)
        qtbot.keyClick(pad.field, Qt.Key.Key_Return)
    assert pad.heard == ["begun", "a", "begun", "b"]


def test_a_line_that_was_emptied_begins_anew(pad, qtbot):
    qtbot.keyClicks(pad.field, "a")
    qtbot.keyClick(pad.field, Qt.Key.Key_Backspace)
    qtbot.keyClicks(pad.field, "b")
    assert pad.heard == ["begun", "begun"]


@pytest.mark.parametrize("typed", ["", "   "])
def test_enter_on_nothing_is_nothing(pad, qtbot, typed):
    qtbot.keyClicks(pad.field, typed)
    qtbot.keyClick(pad.field, Qt.Key.Key_Return)
    assert [text for text in pad.heard if text != "begun"] == []


def test_composing_a_word_begins_the_line(pad):
    QApplication.sendEvent(pad.field, QInputMethodEvent("ni", []))
    assert pad.heard == ["begun"]
    done = QInputMethodEvent("", [])
    done.setCommitString("你")
    QApplication.sendEvent(pad.field, done)
    assert pad.heard == ["begun"]


def test_lines_stand_newest_last_with_their_moment(pad):
    pad.add(65_000, "first", "note")
    pad.add(3_725_000, "", "mark")
    assert words(pad) == ["1:05", "first", "1:02:05", "Bookmark"]
    assert len(pad) == 2


def test_words_stand_under_one_another_whatever_the_hour(pad, qtbot):
    pad.add(65_000, "first")
    pad.add(3_725_000, "second")
    labels = {w.text(): w for w in shown(pad) if isinstance(w, QLabel)}

    def left(text: str) -> int:
        return labels[text].mapTo(pad, labels[text].rect().topLeft()).x()

    qtbot.waitUntil(lambda: left("first") == left("second") > 0)


def test_the_newest_line_is_in_view_and_the_page_keys_scroll(pad, qtbot):
    for n in range(30):
        pad.add(n * 1_000, f"a note that is long enough to be broken, number {n}")
    bar = pad._lines.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    qtbot.keyClick(pad.field, Qt.Key.Key_PageUp)
    assert bar.value() < bar.maximum()
    pad.add(99_000, "one more")
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())


def test_empty_it_teaches_and_cleared_it_is_empty(pad):
    assert words(pad)[0].startswith("What you note stands here")
    pad.add(1, "x")
    assert words(pad) == ["0:00", "x"]
    pad.clear()
    assert len(pad) == 0
    assert words(pad)[0].startswith("What you note stands here")
