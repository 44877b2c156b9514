"""The Progress page: goals with their proof, every dot a call, what was said yes to can be ended and undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from coachdesk import sentences
from coachdesk.desk.desk import open_desk
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages.progress import ProgressPage
from coachdesk.gui.widgets.goal_card import GoalCard
from coachdesk.gui.widgets.text import Label
from coachdesk.gui.widgets.trend_card import TrendCard
from tests.desk.test_goals import history
from tests.gui.looking import cut_off, nameless, settle


@pytest.fixture
def page(qtbot, bridge: Bridge) -> ProgressPage:
    made = ProgressPage(bridge)
    qtbot.addWidget(made)
    made.resize(880, 640)
    made.show()
    made.reload()
    qtbot.waitExposed(made)
    settle(qtbot, bridge)
    return made


@pytest.fixture
def calls(own_home: Path, tmp_path: Path) -> list[str]:
    """Ten written calls with a goal that worked; their ids, oldest first."""
    with open_desk(str(own_home)) as desk:
        history(desk, tmp_path, [0, 0, 0, 0, 0, 1, 2, 1, 1, 2], accept_after=5)
        return [call["id"] for call in reversed(desk.calls())]


def said(page: ProgressPage) -> str:
    return " ".join(label.text() for label in page.findChildren(Label) if label.isVisibleTo(page))


def test_without_calls_it_teaches_what_to_do(page):
    assert "No goal yet" in said(page) and "Make it my goal" in said(page)
    assert not page.findChildren(GoalCard)
    assert nameless(page) == []


def test_a_goal_shows_its_verdict_its_calls_and_what_changed(calls, page):
    (goal,) = page.findChildren(GoalCard)
    assert "Done in 5 of the last 5 calls; better than before, beyond your usual spread." in said(page)
    assert "Before: 0; now: 1." in said(page)
    assert [point.call for point in goal.chart._points] == calls
    assert [point.done for point in goal.chart._points] == [False] * 5 + [True] * 5
    assert nameless(page) == []
    assert cut_off(page) == []


def test_every_dot_is_a_call_by_mouse_and_by_keyboard(calls, page, qtbot):
    (goal,) = page.findChildren(GoalCard)
    asked: list[tuple] = []
    page.call_asked.connect(lambda *call: asked.append(call))
    qtbot.mouseClick(goal.chart, Qt.MouseButton.LeftButton, pos=goal.chart._at(2).toPoint())
    assert goal.chart.current.call == calls[2]
    qtbot.keyClick(goal.chart, Qt.Key.Key_Right)
    qtbot.keyClick(goal.chart, Qt.Key.Key_Return)
    qtbot.keyClick(goal.chart, Qt.Key.Key_End)
    goal.open.click()
    goal.play.click()
    assert asked[:2] == [(calls[3], -1, -1), (calls[9], -1, -1)]
    assert asked[2][0] == calls[9] and asked[2][1] < asked[2][2]


def test_numbers_over_calls_are_doors_too(calls, page):
    cards = page.findChildren(TrendCard)
    assert cards
    few = len(cards)
    page.all.setChecked(True)
    assert len([one for one in page.findChildren(TrendCard) if one.isVisibleTo(page)]) > few


def test_done_with_it_ends_the_goal_and_undo_brings_it_back(calls, page, bridge, qtbot):
    def state() -> str:
        return page._shown[0][0]["state"]

    button = next(b for b in page.findChildren(QPushButton) if b.text() == "Done with it")
    button.click()
    qtbot.waitUntil(lambda: state() == "done", timeout=10_000)
    assert "Done with it" in said(page)
    bridge.undo()
    qtbot.waitUntil(lambda: state() == "open", timeout=10_000)


def test_nothing_is_cut_off_where_words_are_a_third_longer(calls, qtbot, bridge):
    sentences.speak(sentences.PSEUDO)
    try:
        page = ProgressPage(bridge)
        qtbot.addWidget(page)
        page.resize(704, 560)  # beside the navigation in the smallest window
        page.show()
        page.reload()
        settle(qtbot, bridge)
        assert cut_off(page) == []
    finally:
        sentences.speak("")
