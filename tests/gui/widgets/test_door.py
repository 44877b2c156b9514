"""Doors: what they say, that every way of pressing plays, and that a long quote stays two lines of text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from coachdesk.gui.theme import colour, theme
from coachdesk.gui.widgets.door import SHORTEST_MS, Door
from tests.gui.looking import nameless

LONG = (
    "So every time the line stops we wait for spares, and then nobody knows who is to call whom, and then it rains. "
    * 3
)


@pytest.fixture
def show(qtbot):
    def shown(door: Door, width: int = 380) -> Door:
        host = QWidget()
        qtbot.addWidget(host)
        column = QVBoxLayout(host)
        column.addWidget(door)
        column.addStretch(1)
        host.resize(width, 200)
        host.show()
        qtbot.waitExposed(host)
        door.host = host  # keeps it alive
        return door

    return shown


def test_its_name_says_what_it_plays(show):
    assert (
        show(Door(84_000, 90_000, "We wait for spares.", "other")).accessibleName() == "Play 1:24: We wait for spares."
    )


def test_without_a_quote_it_says_until_when_to_listen(show):
    door = show(Door(84_000, 90_000, "", "rep"))
    assert door.accessibleName() == "Play 1:24: listen until 1:30"
    assert "listen until 1:30" in [label.text() for label in door.findChildren(QLabel)]


def test_it_can_show_the_end_too(show):
    door = show(Door(55_000, 139_000, "Yes.", "rep", until=True))
    assert "0:55–2:19" in [label.text() for label in door.findChildren(QLabel)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_return_and_space_play(show, qtbot, key):
    door = show(Door(84_000, 90_000, "Yes.", "rep"))
    with qtbot.waitSignal(door.play_asked) as heard:
        qtbot.keyClick(door, key)
    assert heard.args == [84_000, 90_000]


def test_a_click_on_its_words_plays(show, qtbot):
    door = show(Door(84_000, 90_000, LONG, "rep"))
    quote = door.findChildren(QLabel)[-1]
    target = door.host.childAt(quote.mapTo(door.host, quote.rect().center()))
    assert target is door
    with qtbot.waitSignal(door.play_asked):
        qtbot.mouseClick(door, Qt.MouseButton.LeftButton, pos=quote.geometry().center())


@pytest.mark.parametrize("end_ms", [84_000, 84_100, 84_000 + SHORTEST_MS - 1])
def test_what_is_too_short_is_played_longer(show, qtbot, end_ms):
    door = show(Door(84_000, end_ms, "Yes.", "rep"))
    with qtbot.waitSignal(door.play_asked) as heard:
        door.click()
    assert heard.args == [84_000, 84_000 + SHORTEST_MS]


def test_a_long_quote_takes_two_lines_and_the_rest_is_in_the_tool_tip(show):
    short, long = show(Door(0, 5_000, "Yes.", "rep")), show(Door(0, 5_000, LONG, "rep"))
    line = short.findChildren(QLabel)[-1].height()
    assert long.findChildren(QLabel)[-1].height() == 2 * line
    assert long.height() < short.height() + 2 * line
    assert "then it rains" in long.toolTip()
    assert not short.toolTip()


def test_narrow_it_is_as_high_as_its_two_lines(show):
    door = show(Door(0, 5_000, "So every time the line stops we wait for spares.", "rep"), 240)
    assert all(label.geometry().bottom() <= door.height() for label in door.findChildren(QLabel))
    assert door.heightForWidth(door.width()) == door.height()


def test_one_long_word_is_broken_rather_than_widening_the_button(show):
    door = show(Door(0, 5_000, "a" * 400, "rep"), 240)
    assert door.width() < 240


def test_markup_and_line_breaks_are_text(show):
    door = show(Door(0, 5_000, "<b>bold</b>\n&amp; <img src=x>", "other"))
    quote = door.findChildren(QLabel)[-1]
    assert quote.text() == "“<b>bold</b> &amp; <img src=x>”"
    assert quote.textFormat() == Qt.TextFormat.PlainText


def test_a_screen_reader_has_a_name_for_it(show):
    assert not nameless(show(Door(0, 5_000, "", "unknown")).host)


@pytest.mark.parametrize("side", ["rep", "other"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_icon_has_the_colour_of_the_side(show, side, scheme):
    theme().apply(scheme)
    try:
        image = show(Door(0, 5_000, "Yes.", side)).grab().toImage()
        wanted = colour({"rep": "own", "other": "other"}[side]).rgb()
        assert any(image.pixel(x, y) == wanted for x in range(8, 24) for y in range(image.height()))
    finally:
        theme().apply("light")
