"""What people say, on the real page: answers and comments reach the history, are undone, and hang on what is heard."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from coachdesk.desk.desk import open_desk
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.pages.review import ReviewPage
from coachdesk.gui.pages.review_view import line_at, margin
from coachdesk.gui.widgets.writing import Writing

CARD = "sales_discovery"


@pytest.fixture
def page(window: MainWindow, qtbot) -> ReviewPage:
    """The sales sample under review, quiet at its twentieth line."""
    window.open_sample("sales_discovery")
    qtbot.waitUntil(lambda: window._review is not None and bool(window._review._doc), timeout=10_000)
    review = window._review
    review.pause()
    review._seek(review._doc["transcript"]["utterances"][20]["start_ms"] + 200)
    return review


@pytest.fixture
def stored(page: ReviewPage, own_home):
    """What the history on disk says of the call."""

    def look() -> dict[str, Any]:
        with open_desk(str(own_home)) as desk:
            return msgspec.to_builtins(desk.review(page.call_id))

    return look


def card(doc: dict[str, Any]) -> dict[str, Any]:
    return next(card for card in doc["scorecards"] if card["card"] == CARD)


def answers(doc: dict[str, Any]) -> dict[str, Any]:
    entries = card(doc)["entries"]
    return entries[0]["answers"] if entries else {}


def press(page: ReviewPage, name: str) -> None:
    pane = page.panes.scorecard
    next(b for b in pane.findChildren(QPushButton) if b.isVisibleTo(pane) and b.accessibleName() == name).click()


def test_an_answer_and_its_moment_are_kept_and_undone(bridge, page, stored, qtbot) -> None:
    page.panes.tabs.setCurrentWidget(page.panes.scorecard)
    press(page, "The problem, and what it leads to: 3")
    qtbot.waitUntil(lambda: answers(page._doc).get("need", {}).get("value") == 3, timeout=5_000)
    press(page, "Pin the moment you hear: The problem, and what it leads to")
    qtbot.waitUntil(lambda: answers(page._doc)["need"]["moment"] is not None, timeout=5_000)
    said = page._doc["transcript"]["utterances"][20]
    pinned = {"start_ms": said["start_ms"], "end_ms": said["end_ms"]}
    assert answers(stored()) == {"need": {"value": 3, "note": "", "moment": pinned}}
    bridge.undo()
    qtbot.waitUntil(lambda: answers(page._doc)["need"]["moment"] is None, timeout=5_000)
    bridge.undo()
    qtbot.waitUntil(lambda: answers(page._doc) == {}, timeout=5_000)


def test_a_note_and_a_press_right_after_it_do_not_undo_each_other(page, stored, qtbot) -> None:
    page.panes.tabs.setCurrentWidget(page.panes.scorecard)
    press(page, "Write a note: The problem, and what it leads to")
    pane = page.panes.scorecard
    field = next(f for f in pane.findChildren(Writing) if f.hasFocus())
    qtbot.keyClicks(field, "asked twice")
    name = "The problem, and what it leads to: 3"
    qtbot.mouseClick(
        next(b for b in pane.findChildren(QPushButton) if b.accessibleName() == name), Qt.MouseButton.LeftButton
    )
    qtbot.waitUntil(lambda: answers(page._doc).get("need", {}).get("value") == 3, timeout=5_000)
    qtbot.waitUntil(lambda: answers(page._doc)["need"]["note"] == "asked twice", timeout=5_000)
    assert answers(stored())["need"] == {"value": 3, "note": "asked twice", "moment": None}


def test_m_writes_at_the_moment_and_the_comment_is_marked_and_undone(bridge, page, stored, qtbot) -> None:
    at = page._at_ms
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_M)
    comments = page.panes.comments
    assert page.panes.tabs.currentWidget() is comments and comments.field.hasFocus()
    qtbot.keyClicks(comments.field, "Ask, then wait")
    qtbot.keyClick(comments.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(page._doc["comments"]) == 1, timeout=5_000)
    (made,) = stored()["comments"]
    assert (made["start_ms"], made["text"], made["mine"]) == (at, "Ask, then wait", True)
    assert [m.label for m in page.timeline._marks if m.kind == "comment"] == ["Ask, then wait"]
    assert margin(page._doc)[20] == "comment"
    comments.resolved.emit(made["id"], True)
    qtbot.waitUntil(lambda: page._doc["comments"][0]["resolved"], timeout=5_000)
    assert not [m for m in page.timeline._marks if m.kind == "comment"]
    for left in (1, 0):
        bridge.undo()
        qtbot.waitUntil(lambda n=left: [c["resolved"] for c in page._doc["comments"]] == [False] * n, timeout=5_000)


def test_m_on_a_line_comments_on_the_line_and_escape_goes_back_to_it(page, qtbot) -> None:
    rows = page.transcript.rows
    rows.setFocus()
    rows.show_index(5)
    rows._make_current(5, False)
    qtbot.keyClick(rows, Qt.Key.Key_M)
    comments = page.panes.comments
    assert comments._moment == (page._doc["transcript"]["utterances"][5]["start_ms"], -1)
    qtbot.keyClick(comments.field, Qt.Key.Key_Escape)
    assert rows.hasFocus()


def test_what_is_half_written_is_kept_when_the_call_is_left(window, page, stored, qtbot) -> None:
    page.panes.tabs.setCurrentWidget(page.panes.scorecard)
    pane = page.panes.scorecard
    field = next(f for f in pane.findChildren(Writing) if f.accessibleName() == "One thing to try next time")
    field.setFocus()
    qtbot.keyClicks(field, "Wait lon")
    page.panes.comments.field.setPlainText("Half a comment")
    first = page.call_id
    window.open_sample("recruiting_screen")
    qtbot.waitUntil(lambda: page._doc.get("call", {}).get("id") not in (None, first), timeout=10_000)
    assert page.panes.comments.field.toPlainText() == ""
    page.open(first)
    qtbot.waitUntil(lambda: page._doc.get("call", {}).get("id") == first, timeout=10_000)
    assert answers(stored())["try"]["value"] == "Wait lon"
    assert page.panes.comments.field.toPlainText() == "Half a comment"


def test_the_line_at_a_moment_is_a_stretch_that_can_be_played(page) -> None:
    doc = page._doc
    said, end = doc["transcript"]["utterances"][20], doc["call"]["duration_ms"]
    assert line_at(doc, said["start_ms"]) == (said["start_ms"], said["end_ms"])
    bare = {**doc, "transcript": {**doc["transcript"], "utterances": []}}
    assert line_at(bare, 1_000) == (1_000, 11_000) and line_at(bare, end) == (end - 10_000, end)
    assert margin(bare | {"suggestions": [], "praise": [], "review_flags": []}) == {}
