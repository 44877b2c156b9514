"""The consent bar: what is noted, what is offered, and that a no is asked about once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from coachdesk.gui.widgets.consent_bar import CHIPS, ConsentBar
from coachdesk.gui.widgets.review_header import BASES
from tests.gui.looking import shown


@pytest.fixture
def bar(qtbot):
    made = ConsentBar()
    qtbot.addWidget(made)
    made.resize(900, 60)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


def words(bar) -> list[str]:
    return [w.text() for w in shown(bar) if isinstance(w, QLabel) and w.text()]


def chosen(bar) -> list[str]:
    return [basis for basis, chip in bar.chips.items() if chip.isChecked()]


def order(bar) -> list[str]:
    return sorted(bar.chips, key=lambda basis: bar.chips[basis].x())


def test_the_bases_are_those_of_the_review(bar):
    assert set(CHIPS) == {*BASES, ""}


def test_at_first_nobody_was_asked(bar):
    assert chosen(bar) == [""]


@pytest.mark.parametrize("basis", ["spoken", "notice", "written"])
def test_a_press_says_so_and_shows_nothing_by_itself(bar, qtbot, basis):
    with qtbot.waitSignal(bar.agreed) as heard:
        qtbot.mouseClick(bar.chips[basis], Qt.MouseButton.LeftButton)
    assert heard.args == [basis]
    assert chosen(bar) == [""]
    bar.set_noted("noted", basis, "0:12")
    assert chosen(bar) == [basis]
    assert "Noted at 0:12" in words(bar)


def test_pressing_what_holds_says_nothing(bar, qtbot):
    bar.set_noted("noted", "spoken", "0:12")
    with qtbot.assertNotEmitted(bar.agreed):
        bar.chips["spoken"].click()
    assert chosen(bar) == ["spoken"]


def test_it_can_be_taken_back(bar, qtbot):
    bar.set_noted("noted", "spoken", "0:12")
    with qtbot.waitSignal(bar.unasked), qtbot.assertNotEmitted(bar.agreed):
        bar.chips[""].click()
    bar.set_noted("unknown")
    assert chosen(bar) == [""]
    assert words(bar) == ["Consent"]


def test_the_last_choice_comes_first_and_is_not_chosen(bar, qtbot):
    bar.suggest("notice")
    qtbot.waitUntil(lambda: order(bar) == ["notice", "spoken", "written", ""])
    assert chosen(bar) == [""]
    assert bar.chips["notice"].property("offered") and not bar.chips["spoken"].property("offered")
    assert "Your last choice" in bar.chips["notice"].toolTip()
    bar.set_noted("noted", "spoken", "0:12")
    assert not bar.chips["notice"].property("offered")


def test_tab_walks_them_as_they_stand(bar, qtbot):
    bar.suggest("written")
    bar.chips["written"].setFocus()
    walked = []
    for _ in range(4):
        qtbot.keyClick(bar.focusWidget(), Qt.Key.Key_Tab)
        walked.append(bar.focusWidget())
    assert walked == [bar.chips["spoken"], bar.chips["notice"], bar.chips[""], bar.no]


def test_before_anything_is_recorded_there_is_no_no(bar):
    bar.set_recording(False)
    assert not bar.no.isVisible() and bar.chips["spoken"].isVisible()
    bar.set_recording(True)
    assert bar.no.isVisible()


class TestNo:
    def test_it_is_asked_about_in_place_with_the_keyboard_on_the_harmless_answer(self, bar, qtbot):
        with qtbot.assertNotEmitted(bar.refused):
            bar.no.click()
        assert words(bar) == ["Erase sound and words so far? Your typed notes stay."]
        assert bar.focusWidget() is bar.keep

    def test_erase_refuses_once(self, bar, qtbot):
        bar.no.click()
        with qtbot.waitSignal(bar.refused):
            bar.erase.click()
        bar.set_noted("refused", "", "2:04")
        assert words(bar) == ["They said no at 2:04. Sound and words are erased; your notes stay."]

    @pytest.mark.parametrize("how", ["button", "escape"])
    def test_it_can_be_left(self, bar, qtbot, how):
        bar.no.click()
        with qtbot.assertNotEmitted(bar.refused):
            bar.keep.click() if how == "button" else qtbot.keyClick(bar.keep, Qt.Key.Key_Escape)
        assert bar.chips["spoken"].isVisible()
        assert bar.focusWidget() is bar.no

    def test_what_is_noted_meanwhile_leaves_the_question_open(self, bar):
        bar.no.click()
        bar.set_noted("noted", "spoken", "0:12")
        assert bar.erase.isVisible()

    def test_it_is_as_high_while_it_asks(self, bar):
        before = bar.heightForWidth(900)
        bar.no.click()
        assert bar.heightForWidth(900) == before
