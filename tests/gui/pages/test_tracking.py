"""A searched phrase counted in every call, played, and kept as a tracker that Ctrl+Z takes out again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from coachdesk import sentences
from coachdesk.gui.pages.library import Library
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.tracker_counts import TrackerCounts, said_in_all
from tests.gui.looking import cut_off, nameless, settle, shown

SALES = "sales_discovery"


@pytest.fixture
def dialog(bridge, qtbot):
    bridge.ask(lambda desk: desk.open_sample(SALES))
    page = Library(bridge)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.start()
    page._search.setText("paperwork")
    settle(qtbot, bridge)
    qtbot.waitUntil(lambda: page._count_button.isVisible(), timeout=20_000)
    page._count_button.click()
    settle(qtbot, bridge)
    page.tracking.dialog.page = page
    return page.tracking.dialog


def said(widget) -> str:
    return "\n".join(label.text() for label in shown(widget) if isinstance(label, QLabel))


def trackers(bridge, qtbot) -> list:
    found = []
    bridge.ask(lambda desk: desk.playbook(SALES), found.append)
    settle(qtbot, bridge)
    return [(spec.phrases, found[0].words("en").trackers.get(spec.id)) for spec in found[0].trackers]


def test_it_is_counted_played_counted_again(dialog, bridge, qtbot):
    assert "times, in 1 call." in dialog.said.text() or "Said once, in 1 call." in dialog.said.text()
    doors = dialog.rows.findChildren(Door)
    assert doors and "paperwork" in doors[0].accessibleName().lower()
    dialog.phrase.setText("no such words")
    qtbot.keyClick(dialog.phrase, Qt.Key.Key_Return)
    settle(qtbot, bridge)
    assert dialog.isVisible() and dialog.said.text() == "I did not find it said in a call."
    dialog.phrase.setText("*")
    dialog.again.click()
    settle(qtbot, bridge)
    assert dialog.problem.isVisible() and "words" in dialog.problem.text()
    dialog.phrase.setText("paperwork")
    dialog.again.click()
    settle(qtbot, bridge)
    with qtbot.waitSignal(dialog.page.play_asked) as played:
        next(door for door in dialog.rows.findChildren(Door) if door.isVisibleTo(dialog)).click()
    assert played.args[2] > played.args[1] and dialog.page.tracking.dialog is None


def test_it_is_kept_as_a_tracker_and_taken_out_again(dialog, bridge, qtbot):
    before = trackers(bridge, qtbot)
    dialog.keep.click()
    assert dialog.name.text() == "paperwork" and dialog.book.currentData() == SALES
    dialog.name.setText("Papers")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    settle(qtbot, bridge)
    assert (["paperwork"], "Papers") in trackers(bridge, qtbot) and bridge.can_undo == "Tracker kept"
    bridge.undo()
    settle(qtbot, bridge)
    assert trackers(bridge, qtbot) == before


def test_where_a_playbook_waits_unsaved_nothing_is_put_in(dialog, bridge, qtbot):
    bridge.ask(lambda desk: desk.keep_playbook_draft(SALES, desk.playbook_source(SALES).text + "\n# mine\n"))
    dialog.keep.click()
    dialog.do_keep.click()
    settle(qtbot, bridge)
    assert "not saved" in dialog.problem.text() and dialog.isVisible() and not bridge.can_undo


def found(calls: int, moments: int) -> dict:
    moment = {"start_ms": 1_000, "end_ms": 2_000, "role": "other", "text": "a long sentence with the phrase " * 6}
    call = {
        "title": "A long title " * 9,
        "started_at": "2026-09-15T14:30:00Z",
        "count": moments,
        "moments": [moment] * moments,
    }
    return {
        "phrases": ["x"],
        "total": calls * moments,
        "calls": [{**call, "call": str(n)} for n in range(calls)],
        "without_words": 2,
    }


def test_a_call_shows_three_moments_then_all(qtbot):
    made = TrackerCounts(None, "x")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    made.show_found(found(2, 5))
    assert said_in_all(found(2, 5)) == "Said 10 times, in 2 calls. 2 calls have no words yet."
    assert len([door for door in made.findChildren(Door) if door.isVisibleTo(made)]) == 6
    next(b for b in made.findChildren(QPushButton) if b.text() == "Show 2 more" and b.isVisibleTo(made)).click()
    assert len([door for door in made.findChildren(Door) if door.isVisibleTo(made)]) == 8


def test_nothing_is_cut_off_or_nameless_in_the_pseudo_language(qtbot):
    sentences.speak("xx")
    try:
        made = TrackerCounts(None, "words")
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(made)
        made.set_books([("a", "A long name of a playbook " * 4)], "a")
        made.show()
        made.show_found(found(3, 4))
        made.keep.click()
        made.say("A long problem. " * 12)
        qtbot.wait(50)
        assert (cut_off(made), nameless(made)) == ([], [])
    finally:
        sentences.speak("")
