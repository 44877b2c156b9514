"""The brief and the guide in the real window: what a person does there is kept, seen at once, and undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton

from coachdesk.desk.desk import open_desk
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.pages.review import ReviewPage
from coachdesk.gui.widgets.plan import AcrossDialog, PlanDialog
from tests.desk.conftest import bring_words
from tests.gui.looking import settle, shown

SAID = (
    "Can you tell me about a time when a delivery plan fell apart?",
    "Our biggest headache is the truck company, and it closed down on a Thursday.",
    "What did you do first?",
    "I sat down and sorted the loads.",
)


@pytest.fixture
def page(window: MainWindow, qtbot, own_home: Path, tmp_path: Path) -> ReviewPage:
    with open_desk(str(own_home)) as desk:
        call = bring_words(desk, tmp_path, "first", *SAID)
    window.resize(1280, 800)
    window.open_call(call)
    qtbot.waitUntil(lambda: window._review is not None and bool(window._review._doc), timeout=10_000)
    return window._review


def slot(page: ReviewPage, name: str) -> dict[str, Any]:
    return next(one for one in page._doc["brief"]["slots"] if one["id"] == name)


def states(page: ReviewPage) -> list[str]:
    return [question["state"] for question in page._doc["guide"]["questions"]]


def named(root, kind: type, name: str):
    return next(w for w in shown(root) if isinstance(w, kind) and w.accessibleName() == name)


def test_an_own_fact_and_a_line_left_out_and_undone(page, bridge, qtbot):
    page.panes.tabs.setCurrentWidget(page.panes.brief)
    field = named(page.panes.brief, QLineEdit, "Numbers, in your own words")
    qtbot.keyClicks(field, "40 crews")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: slot(page, "numbers")["typed"] == "40 crews")
    line = slot(page, "need")["lines"][0]
    page.panes.brief.line_dropped.emit("need", line["start_ms"], True)
    qtbot.waitUntil(lambda: slot(page, "need")["dropped"] == [line])
    bridge.undo()
    qtbot.waitUntil(lambda: slot(page, "need")["lines"] == [line])
    bridge.undo()
    qtbot.waitUntil(lambda: slot(page, "numbers")["typed"] == "")


def test_a_wording_is_kept_or_refused_and_a_text_saved(page, bridge, qtbot, tmp_path, monkeypatch):
    pane = page.panes.brief
    pane.hand_on("mail")
    dialog = pane.letter
    dialog._change.click()
    dialog.text.setPlainText("{nobody}")
    dialog._first.click()
    qtbot.waitUntil(dialog._problem.isVisible)
    assert "nothing fills {nobody}" in dialog._problem.text()
    dialog.text.setPlainText("Dear {other_name}\n\n{need}")
    dialog._first.click()
    qtbot.waitUntil(lambda: dialog.text.toPlainText().startswith("Dear Priya"))
    target = tmp_path / "mail.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(target), ""))
    dialog._save.click()
    qtbot.waitUntil(target.exists)
    settle(qtbot, bridge)
    assert target.read_text("utf-8") == dialog.text.toPlainText()
    dialog.reject()


def test_from_a_position_to_questions_and_the_place_one_was_asked(page, bridge, qtbot):
    guide = page.panes.guide
    page.panes.tabs.setCurrentWidget(guide)
    field = named(guide, QLineEdit, "What this call is about")
    qtbot.keyClicks(field, "Planner")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page._doc["guide"]["position"] == "Planner")
    named(guide, QPushButton, "Its questions...").click()
    qtbot.waitUntil(lambda: bool(page.window().findChildren(PlanDialog)))
    (dialog,) = page.window().findChildren(PlanDialog)
    keep = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Keep")
    dialog.text.setPlainText("Which hours?\n*\n")
    keep.click()
    assert "Line 2" in dialog._problem.text()
    dialog.reject()
    qtbot.waitUntil(lambda: not page.window().findChildren(PlanDialog))
    named(guide, QPushButton, "Its questions...").click()
    qtbot.waitUntil(lambda: bool(page.window().findChildren(PlanDialog)))
    (dialog,) = page.window().findChildren(PlanDialog)
    assert dialog.text.toPlainText() == "Which hours?\n*\n"  # what was typed is not lost
    keep = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Keep")
    dialog.text.setPlainText("* Tell me about a time when a delivery plan fell apart.\nWhich hours suit you?\n")
    keep.click()
    qtbot.waitUntil(lambda: states(page) == ["as_planned", "not_found"])

    hours = page._doc["guide"]["questions"][1]
    guide.where_asked.emit(hours["id"], hours["text"])
    assert page.transcript.asking
    page.transcript.rows.show_index(2)
    page.transcript._here(page._doc["transcript"]["utterances"][2]["start_ms"])
    qtbot.waitUntil(lambda: states(page) == ["as_planned", "told"])
    assert page._doc["guide"]["questions"][1]["asked"]["utterance"] == 2

    guide.denied.emit(page._doc["guide"]["questions"][0]["id"])
    qtbot.waitUntil(lambda: states(page)[0] == "not_asked")
    for expected in (["as_planned", "told"], ["as_planned", "not_found"]):
        bridge.undo()
        qtbot.waitUntil(lambda expected=expected: states(page) == expected)


def test_side_by_side_opens_another_call_at_its_moment(page, window, bridge, qtbot, own_home, tmp_path):
    with open_desk(str(own_home)) as desk:
        other = bring_words(desk, tmp_path, "second", *SAID[1:], "Thank you, and goodbye to you all there.", me="Priya")
    page.panes.guide.across_asked.emit()
    qtbot.waitUntil(lambda: bool(page.window().findChildren(AcrossDialog)))
    (dialog,) = page.window().findChildren(AcrossDialog)
    assert other in dialog._calls
    dialog.play_asked.emit(other, 4_000, 8_000)
    qtbot.waitUntil(lambda: page.call_id == other and bool(page._doc))
