"""Under a suggestion: why it stands there, and one press that makes it a goal."""

from __future__ import annotations

import copy

import pytest
from PySide6.QtWidgets import QPushButton

from coachdesk.gui.widgets.advice_foot import AdviceFoot
from coachdesk.gui.widgets.coaching import CoachingPane
from coachdesk.gui.widgets.text import Label


@pytest.fixture
def suggestion(reviews) -> dict:
    return copy.deepcopy(reviews["sales"]["suggestions"][0])


def foot_of(qtbot, suggestion: dict) -> AdviceFoot:
    foot = AdviceFoot(suggestion)
    qtbot.addWidget(foot)
    return foot


def buttons(foot: AdviceFoot) -> dict[str, QPushButton]:
    return {button.text(): button for button in foot.findChildren(QPushButton)}


def test_yes_and_not_now_are_one_press_each(qtbot, suggestion):
    foot = foot_of(qtbot, suggestion)
    said: list[str] = []
    foot.responded.connect(said.append)
    buttons(foot)["Make it my goal"].click()
    buttons(foot)["Not now"].click()
    assert said == ["accept", "dismiss"]


def test_a_goal_can_be_done_with_or_put_aside(qtbot, suggestion):
    foot = foot_of(qtbot, suggestion | {"goal": "open"})
    said: list[str] = []
    foot.responded.connect(said.append)
    buttons(foot)["Done with it"].click()
    buttons(foot)["Put aside"].click()
    assert said == ["done", "dismiss"]
    assert "Your goal" in [label.text() for label in foot.findChildren(Label)]


def test_it_says_what_its_place_is_made_of(qtbot, suggestion):
    parts = [
        {"code": "shown_before", "params": {"n": 2, "of": 3}},
        {"code": "your_goal", "params": {}},
        {"code": "strength", "params": {"strength": "measured"}},
        {"code": "severity", "params": {"severity": 3}},
    ]
    foot = foot_of(qtbot, suggestion | {"why": parts})
    (why,) = [label.text() for label in foot.findChildren(Label) if label.text().startswith("Why")]
    assert why == (
        "Why this one first: shown on 2 of the last 3 calls without change, so it waits · your goal · measured · matters much"
    )


def test_the_pane_says_which_rule_was_answered(pane_of, reviews):
    pane = pane_of(CoachingPane, reviews["sales"])
    said: list[tuple] = []
    pane.responded.connect(lambda *answer: said.append(answer))
    next(b for b in pane.findChildren(QPushButton) if b.text() == "Make it my goal").click()
    assert said == [(reviews["sales"]["suggestions"][0]["rule"], "accept")]
