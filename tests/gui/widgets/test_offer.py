"""Offers: one line each, answered by key, gone when they are done; they never take the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from coachdesk.gui.widgets.offer import Offers

ACTIONS = [("Record", "record", True), ("Not now", "no", False)]


@pytest.fixture
def page(qtbot):
    """A page with offers on top and a field under them."""
    made = QWidget()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    made.offers, made.field = Offers(), QLineEdit()
    column.addWidget(made.offers)
    column.addWidget(made.field)
    made.resize(700, 300)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    made.field.setFocus()
    return made


def test_it_is_not_there_while_there_are_none(page):
    assert not page.offers.isVisible()
    page.offers.add("call", "phone", "A call?", ACTIONS)
    assert page.offers.isVisible() and "call" in page.offers
    page.offers.remove("call")
    page.offers.remove("call")
    assert not page.offers.isVisible() and "call" not in page.offers


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_each_button_answers(page, qtbot, key):
    page.offers.add("call", "phone", "A call?", ACTIONS)
    for action in ("record", "no"):
        with qtbot.waitSignal(page.offers.answered) as heard:
            qtbot.keyClick(page.offers.offer("call").buttons[action], key)
        assert heard.args == ["call", action]
    assert "call" in page.offers  # who asked takes it away


def test_it_leaves_the_keyboard_where_it_is(page):
    page.offers.add("call", "phone", "A call?", ACTIONS)
    page.offers.set_text("call", "A call, still?")
    page.offers.add("call", "phone", "A call!", ACTIONS)
    page.offers.remove("call")
    assert page.focusWidget() is page.field


def test_the_keyboard_of_one_that_goes_is_taken_up_by_another(page):
    page.offers.add("a", "phone", "A call?", ACTIONS)
    page.offers.add("b", "history", "Keep it?", [("Keep", "keep", True)])
    page.offers.offer("a").buttons["no"].setFocus()
    page.offers.remove("a")
    assert page.focusWidget() is page.offers.offer("b").buttons["keep"]


def test_a_countdown_changes_the_words_only(page):
    page.offers.add("stop", "volume-x", "Stopping in 0:20", ACTIONS)
    button = page.offers.offer("stop").buttons["no"]
    button.setFocus()
    page.offers.set_text("stop", "Stopping in 0:19")
    page.offers.set_text("nowhere", "x")
    assert page.offers.offer("stop").text == "Stopping in 0:19"
    assert page.focusWidget() is button is page.offers.offer("stop").buttons["no"]
    assert button.accessibleName() == "Not now: Stopping in 0:19"


def test_the_same_key_again_takes_its_place(page, qtbot):
    page.offers.add("a", "phone", "one", ACTIONS)
    page.offers.add("b", "phone", "two", ACTIONS)
    page.offers.add("a", "phone", "three", ACTIONS)
    qtbot.waitUntil(lambda: page.offers.offer("a").y() < page.offers.offer("b").y())
    assert page.offers.offer("a").text == "three"


def test_only_the_top_one_has_a_filled_button(page):
    for key in ("a", "b"):
        page.offers.add(key, "phone", key, ACTIONS)

    def looks() -> list[str]:
        return [page.offers.offer(key).buttons["record"].property("look") for key in "ab" if key in page.offers]

    assert looks() == ["primary", ""]
    page.offers.remove("a")
    assert looks() == ["primary"]


def test_labels_and_sentences_are_never_markup(page):
    page.offers.add("a", "phone", "<b>x</b> & y", [("A & <i>B</i>", "k", True)])
    offer = page.offers.offer("a")
    assert offer.text == "<b>x</b> & y"
    assert offer.buttons["k"].text() == "A && <i>B</i>"
