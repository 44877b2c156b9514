"""Tabs that find no room are behind "More", and the open one is always seen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from coachdesk.gui.widgets.panes import Panes

NAMES = ("Coaching", "Numbers", "Sentiment", "Versions", "Another", "Last")


@pytest.fixture
def panes(qtbot):
    made = Panes("Panes")
    qtbot.addWidget(made)
    for name in NAMES:
        made.add(QLabel(name), name)
    made.resize(1200, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def seen(panes: Panes) -> list[str]:
    return [name for index, name in enumerate(NAMES) if panes.isTabVisible(index)]


def behind(panes: Panes) -> list[str]:
    panes._menu.aboutToShow.emit()
    return [act.text() for act in panes._menu.actions()]


def test_where_there_is_room_all_are_seen(panes):
    assert seen(panes) == list(NAMES) and not panes.more.isVisible()


def test_where_there_is_none_the_last_are_behind_more(panes, qtbot):
    panes.resize(330, 300)
    qtbot.waitUntil(panes.more.isVisible)
    assert seen(panes) == list(NAMES[: len(seen(panes))]) and 1 < len(seen(panes)) < len(NAMES)
    assert seen(panes) + behind(panes) == list(NAMES)


def test_what_is_chosen_there_is_seen(panes, qtbot):
    panes.resize(330, 300)
    qtbot.waitUntil(panes.more.isVisible)
    behind(panes)
    panes._menu.actions()[-1].trigger()
    assert panes.tabText(panes.currentIndex()) == "Last"
    assert seen(panes)[-1] == "Last" and seen(panes)[0] == "Coaching"
    assert sorted(seen(panes) + behind(panes)) == sorted(NAMES)
    width = sum(panes._bar.tabRect(index).width() for index in range(len(NAMES)) if panes.isTabVisible(index))
    assert width + panes.more.width() <= panes.width()
