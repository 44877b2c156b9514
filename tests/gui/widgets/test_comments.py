"""The comments pane: writing at a moment, threads, what is settled, and nothing typed that is lost."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from coachdesk import sentences
from coachdesk.gui.widgets.comment_thread import Thread
from coachdesk.gui.widgets.comments import CommentsPane
from coachdesk.gui.widgets.writing import Writing
from tests.gui.looking import cut_off, nameless, overlapping, shown

Document = dict[str, Any]
LONG = "Magdalena Featherstonehaugh-Whitlock of the Northern Branch"


@pytest.fixture
def show(pane_of, qtbot):
    def made(document: Document, **size: int) -> CommentsPane:
        pane = pane_of(CommentsPane, document, **size)
        with qtbot.waitActive(pane):
            pane.activateWindow()
        return pane

    return made


def comment(name: str, start_ms: int, text: str, **more: Any) -> Document:
    usual = {"author": "Dan", "author_id": "a", "mine": True, "at": "2026-11-28T10:00:00+00:00", "end_ms": None}
    rest = {"what": "", "question": "", "reply_to": None, "resolved": False, "edited": False, "removed": False}
    return {"id": name, "start_ms": start_ms, "text": text, **usual, **rest, **more}


@pytest.fixture
def with_comments(reviews):
    def made(*comments: Document) -> Document:
        return {**copy.deepcopy(reviews["sales"]), "comments": list(comments)}

    return made


@pytest.fixture
def doc(with_comments) -> Document:
    return with_comments(
        comment("a1", 95_000, "Listen to the pause."),
        comment("a2", 95_000, "I will.", reply_to="a1", mine=False, author="Lena"),
        comment("b1", 12_000, "Good opening.", resolved=True, end_ms=19_000),
    )


def words(root: QWidget) -> list[str]:
    return [w.text() for w in shown(root) if isinstance(w, QLabel) and w.text()]


def press(root: QWidget, name: str) -> None:
    there = [b for b in root.findChildren(QPushButton) if b.isVisible() and name in (b.accessibleName(), b.text())]
    there[-1].click()


def heard(signal) -> list[tuple]:
    said: list[tuple] = []
    signal.connect(lambda *parts: said.append(parts))
    return said


def test_empty_it_teaches(show, with_comments):
    assert "Press M while you listen" in words(show(with_comments()))[-1]


def test_threads_stand_with_their_replies_and_what_is_settled_is_folded(show, doc):
    pane = show(doc)
    (thread,) = pane.list.content.findChildren(Thread)
    assert [w for w in words(thread) if w in ("You", "Lena", "Listen to the pause.", "I will.")] == [
        "You", "Listen to the pause.", "Lena", "I will.",
    ]  # fmt: skip
    press(pane, "Show what is settled: 1")
    assert "Good opening." in words(pane)


def test_a_comment_hangs_on_the_moment_it_was_begun_at(show, with_comments, qtbot):
    pane = show(with_comments())
    said, asked = heard(pane.commented), []
    pane.moment_asked.connect(lambda: (asked.append(1), pane.set_moment((30_000, -1))))
    qtbot.keyClicks(pane.field, "Ask")
    pane.set_moment((40_000, -1)) if not asked else None
    qtbot.keyClicks(pane.field, " first")
    assert asked == [1] and "At 0:30" in words(pane)
    qtbot.keyClick(pane.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert said == [(30_000, -1, "Ask first")] and pane.field.toPlainText() == ""
    pane.begin(50_000, 60_000)
    assert "From 0:50 to 1:00" in words(pane) and pane.field.hasFocus()
    pane._send.click()
    assert len(said) == 1, "nothing to say"


def test_leaving_the_field_says_nothing_and_keeps_what_is_typed(show, doc, with_comments, qtbot):
    pane = show(doc)
    said = heard(pane.commented)
    qtbot.keyClicks(pane.field, "Half a tho")
    press(pane, "Show what is settled: 1")
    pane.set_document(with_comments())
    assert said == [] and pane.field.toPlainText() == "Half a tho"


def test_a_moment_plays(show, doc):
    pane = show(doc)
    played = heard(pane.play_asked)
    press(pane, "Show what is settled: 1")
    press(pane, "Play 1:35: Listen to the pause.")
    press(pane, "Play 0:12: Good opening.")
    assert played == [(95_000, 105_000), (12_000, 19_000)]


def test_a_reply_is_written_in_its_thread_and_outlives_a_new_document(show, doc, qtbot):
    pane = show(doc)
    said = heard(pane.replied)
    press(pane, "Reply: Listen to the pause.")
    field = pane.list.content.findChild(Writing)
    assert field.hasFocus()
    qtbot.keyClicks(field, "Gla")
    changed = copy.deepcopy(doc)
    changed["comments"][1]["text"] = "I really will."
    pane.set_document(changed)
    field = next(f for f in pane.list.content.findChildren(Writing) if f.isVisible())
    assert field.hasFocus() and field.toPlainText() == "Gla" and said == []
    qtbot.keyClicks(field, "d.")
    press(pane, "Reply")
    assert said == [("a1", "Glad.")]
    assert not [f for f in pane.list.content.findChildren(Writing) if f.isVisible()]


def test_escape_leaves_an_untouched_field_and_keeps_a_typed_one(show, doc, qtbot):
    pane = show(doc)
    press(pane, "Reply: Listen to the pause.")
    field = pane.list.content.findChild(Writing)
    qtbot.keyClicks(field, "Yes")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.isVisible() and not field.hasFocus()
    press(pane, "Cancel")
    press(pane, "Reply: Listen to the pause.")
    field = next(f for f in pane.list.content.findChildren(Writing) if f.isVisible())
    assert field.toPlainText() == ""
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not [f for f in pane.list.content.findChildren(Writing) if f.isVisible()]


def test_an_own_comment_is_changed_or_removed_and_anothers_is_not(show, doc):
    pane = show(doc)
    removed, edited = heard(pane.removed), heard(pane.edited)
    (menu,) = [b.menu() for b in pane.list.content.findChildren(QToolButton)]
    change, remove = menu.actions()
    remove.trigger()
    assert removed == [("a1",)]
    change.trigger()
    field = next(f for f in pane.list.content.findChildren(Writing) if f.isVisible())
    assert field.toPlainText() == "Listen to the pause."
    field.setPlainText("Listen twice.")
    press(pane, "Save")
    assert edited == [("a1", "Listen twice.")]


def test_a_thread_is_settled_and_opened_again(show, doc):
    pane = show(doc)
    said = heard(pane.resolved)
    press(pane, "Settled: Listen to the pause.")
    press(pane, "Show what is settled: 1")
    press(pane, "Open again: Good opening.")
    assert said == [("a1", True), ("b1", False)]


def test_a_removed_comment_keeps_its_place_over_its_replies(show, with_comments):
    reply = comment("a2", 1_000, "Still here", reply_to="a1")
    assert "Removed by its author" in words(show(with_comments(comment("a1", 1_000, "", removed=True), reply)))


@pytest.mark.parametrize("language", ["", sentences.PSEUDO])
@pytest.mark.parametrize("width", [316, 440])
def test_nothing_is_cut_off_or_nameless(show, with_comments, language, width):
    sentences.speak(language)
    try:
        pane = show(
            with_comments(
                comment("a1", 4_000_000, "A long remark. " * 20, edited=True, author=LONG, mine=False),
                comment("a2", 4_000_000, "Reply " * 30, reply_to="a1", edited=True),
                comment("b1", 1_000, "", what="mark"),
                comment("c1", 1_000, "settled", resolved=True),
            ),
            width=width,
            height=1_200,
        )
        pane._open_field("reply", "a1")
        pane.settle()
        assert cut_off(pane) == [] and overlapping(pane) == [] and nameless(pane) == []
    finally:
        sentences.speak("")
