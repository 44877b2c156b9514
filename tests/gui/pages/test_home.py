"""The Home page: what to try next, what to review, what is due; three large actions where there is nothing yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from coachdesk import sentences
from coachdesk.desk import amend
from coachdesk.desk.desk import open_desk
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages.home import HomePage
from coachdesk.gui.widgets.door import Door, Pressed
from coachdesk.gui.widgets.text import Label
from tests.desk.test_goals import history
from tests.gui.looking import cut_off, nameless, settle


@pytest.fixture
def page(qtbot, bridge: Bridge) -> HomePage:
    made = HomePage(bridge)
    qtbot.addWidget(made)
    made.resize(880, 640)
    made.show()
    made.reload()
    qtbot.waitExposed(made)
    settle(qtbot, bridge)
    return made


@pytest.fixture
def calls(own_home: Path, tmp_path: Path) -> list[str]:
    """Four written calls, a goal, a case with a concern, and a promise that is late; ids oldest first."""
    with open_desk(str(own_home)) as desk:
        history(desk, tmp_path, [0, 0, 1, 0], accept_after=2)
        ids = [call["id"] for call in reversed(desk.calls())]
        late = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
        desk.amend(ids[3], amend.SetCase("Northbank Pumps"))
        desk.amend(ids[3], amend.SetStep("Send the list of the crews", due=late))
        desk.amend(ids[0], amend.MarkReviewed(True))
        return ids


def said(page: HomePage) -> str:
    return " ".join(label.text() for label in page.findChildren(Label) if label.isVisibleTo(page))


def test_without_calls_there_are_three_things_to_do(page, qtbot):
    asked: list[str] = []
    for name, signal in (("record", page.record_asked), ("import", page.import_asked), ("sample", page.sample_asked)):
        signal.connect(lambda *_which, name=name: asked.append(name))
    for button in (page.first.record, page.first.bring, page.first.look):
        button.click()
    assert asked == ["record", "import", "sample"]
    assert "Nothing leaves this computer." in said(page)


def test_the_goal_stands_first_with_how_the_last_calls_went(calls, page):
    assert "After the greeting, say the plan for the call and ask what is missing." in said(page)
    assert "done in 1 of the last 2 calls; not enough calls before it to compare with: 2 of 3" in said(page)
    assert page.focus_card.dots.accessibleName() == "The last 2 calls: 1 done"
    assert nameless(page) == []
    assert cut_off(page) == []


def test_what_is_not_reviewed_opens_the_shortest_first(calls, page):
    asked: list[tuple] = []
    page.call_asked.connect(lambda *call: asked.append(call))
    rows = [row for row in page.findChildren(Pressed) if row.isVisibleTo(page) and row.property("look") == "action"]
    assert len(rows) == 3
    rows[-1].click()
    assert asked == [(calls[2], -1, -1)]  # the one with a line more


def test_a_step_is_kept_with_one_press_and_undone(calls, page, bridge, qtbot):
    assert "Send the list of the crews" in said(page)
    kept = next(b for b in page.findChildren(QPushButton) if b.accessibleName() == "Kept: Send the list of the crews")
    kept.click()
    qtbot.waitUntil(lambda: "Send the list of the crews" not in said(page), timeout=10_000)
    bridge.undo()
    qtbot.waitUntil(lambda: "Send the list of the crews" in said(page), timeout=10_000)


def test_before_a_call_with_a_known_case_it_says_how_it_stands(calls, page, bridge, qtbot):
    page.case.setCurrentIndex(page.case.findData("Northbank Pumps"))
    page.case.activated.emit(1)
    settle(qtbot, bridge)
    assert "Northbank Pumps: last call" in said(page.case_card)
    assert "Send the list of the crews" in said(page.case_card)


def test_the_last_concern_of_a_case_plays_where_it_was_said(own_home, page, bridge, qtbot):
    with open_desk(str(own_home)) as desk:
        call = desk.open_sample("sales_discovery")
        case = desk.find(call).case or "Kestrow"
        desk.amend(call, amend.SetCase(case))
        known = desk.before_call(case)
        assert desk.before_call("nobody") is None
        assert desk.at_home(date(2026, 11, 28))["calls"] == 1
    asked: list[tuple] = []
    page.case_card.play_asked.connect(lambda *moment: asked.append(moment))
    page.case_card.set_case(known)
    assert known["concern"] is not None
    doors = page.case_card.findChildren(Door)
    doors[-1].click()
    assert asked[-1][:2] == (call, known["concern"]["start_ms"])


def test_nothing_is_cut_off_where_words_are_a_third_longer(calls, qtbot, bridge):
    sentences.speak(sentences.PSEUDO)
    try:
        page = HomePage(bridge)
        qtbot.addWidget(page)
        page.resize(704, 560)  # beside the navigation in the smallest window
        page.show()
        page.reload()
        settle(qtbot, bridge)
        assert cut_off(page) == []
    finally:
        sentences.speak("")
