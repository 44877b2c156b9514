"""The playbook's questions: ticking says so, marks show the moment, the keyboard walks them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from coachdesk.gui.widgets.question_list import QuestionList
from tests.gui.looking import cut_off, shown

LONG = "What happens if you do nothing until the end of the year, and whom in your house does that hit hardest of all?"


@pytest.fixture
def questions(qtbot):
    made = QuestionList()
    qtbot.addWidget(made)
    made.set_questions([("why", "Why now?"), ("cost", LONG), ("who", "Who else?")])
    made.resize(280, made.heightForWidth(280))
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


def words(questions) -> list[str]:
    return [w.text() for w in shown(questions) if isinstance(w, QLabel) and w.text()]


@pytest.mark.parametrize("how", ["mouse", "space", "return"])
def test_ticking_and_unticking(questions, qtbot, how):
    line = questions._lines["cost"]

    def press():
        if how == "mouse":
            qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
        else:
            qtbot.keyClick(line, Qt.Key.Key_Space if how == "space" else Qt.Key.Key_Return)

    with qtbot.waitSignal(questions.ticked) as heard:
        press()
    assert heard.args == ["cost", True]
    questions.mark("cost", 62_000)
    assert "1:02" in words(questions)
    with qtbot.waitSignal(questions.ticked) as heard:
        press()
    assert heard.args == ["cost", False]
    assert "1:02" not in words(questions)


def test_marking_tells_nobody(questions, qtbot):
    with qtbot.assertNotEmitted(questions.ticked):
        questions.mark("why", 0)
        questions.mark("nowhere", 5)
    assert questions.asked == ["why"]
    assert words(questions)[:2] == ["Why now?", "0:00"]
    questions.mark("why", None)
    assert questions.asked == []


def test_a_tick_is_seen_and_breaks_no_line(questions):
    line = questions._lines["cost"]
    before, high = line.grab().toImage().pixelColor(10, 14).name(), line.height()
    questions.mark("cost", 754_000)
    assert before == "#ffffff"
    assert line.grab().toImage().pixelColor(10, 14).name() == "#2360c4"
    assert questions.heightForWidth(280) == questions.height() and line.height() == high


def test_long_questions_wrap(questions):
    assert questions._lines["cost"].height() > 2 * questions._lines["why"].height()
    assert cut_off(questions) == []


def test_it_is_a_box_with_a_name_to_whoever_listens(questions):
    questions.mark("why", 42_000)
    face = QAccessible.queryAccessibleInterface(questions._lines["why"])
    assert face.role() == QAccessible.Role.CheckBox
    assert face.state().checked
    assert face.text(QAccessible.Text.Name) == "Why now?"
    assert face.text(QAccessible.Text.Description) == "Asked at 0:42"


def test_up_and_down_walk_them(questions, qtbot):
    questions._lines["why"].setFocus()
    qtbot.keyClick(questions._lines["why"], Qt.Key.Key_Up)
    assert questions.focusWidget() is questions._lines["why"]
    qtbot.keyClick(questions._lines["why"], Qt.Key.Key_Down)
    assert questions.focusWidget() is questions._lines["cost"]


def test_other_questions_start_unticked_and_none_is_said(questions):
    questions.mark("why", 1)
    questions.set_questions([("why", "Why now?")])
    assert questions.asked == [] and words(questions) == ["Why now?"]
    questions.set_questions([])
    assert words(questions) == ["This kind of call has no questions to tick."]
