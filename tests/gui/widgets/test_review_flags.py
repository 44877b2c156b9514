"""Review flags on screen and in the terminal: apart from coaching, no clearance by silence, "not run" said aloud."""

from __future__ import annotations

import copy
from functools import partial

import pytest
from PySide6.QtWidgets import QLabel

from coachdesk.cli import screens
from coachdesk.gui.widgets.coaching import CoachingPane
from tests.gui.looking import shown


@pytest.fixture
def not_run(reviews) -> dict:
    """The interview with its words as a draft: no flag, and none was looked for."""
    document = copy.deepcopy(reviews["recruiting"])
    flags = [flag["rule"] for flag in document["review_flags"]]
    document["review_flags"] = []
    document["not_checked"] = [
        {"rule": rule, "kind": "review", "reason": "draft", "params": {"language": "en"}} for rule in flags
    ]
    return document


def words(pane_of, document) -> str:
    pane = partial(pane_of, CoachingPane)(document)
    return "\n".join(w.text() for w in shown(pane.content) if isinstance(w, QLabel))


def test_a_flag_is_shown_with_another_way_to_ask(pane_of, reviews):
    said = words(pane_of, reviews["recruiting"])
    assert "For review" in said and "Apart from coaching; not legal advice. Silence is not clearance." in said
    for flag in reviews["recruiting"]["review_flags"]:
        assert flag["title"] in said and flag["try_saying"] in said


def test_not_run_is_said_of_each(pane_of, not_run):
    said = words(pane_of, not_run)
    names = ", ".join(entry["rule"] for entry in not_run["not_checked"])
    assert f"Review flags not run: {names}. Silence is not clearance." in said


def test_and_in_the_terminal(not_run):
    page = " ".join(screens.review(not_run).split())
    assert "NOT RUN: review flags" in page and "Silence is not clearance." in page
    assert all(entry["rule"] in page for entry in not_run["not_checked"])
