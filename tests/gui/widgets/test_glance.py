"""The glance: shares and usual range or the reason why not, the wording or one line, and where clicks lead."""

from __future__ import annotations

import copy

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from coachdesk import sentences
from coachdesk.gui.widgets.fifths import Spark
from coachdesk.gui.widgets.glance import Glance
from tests.gui.looking import cut_off, nameless, shown

HIGHEST = 110


@pytest.fixture
def show(qtbot):
    def made(document: dict, width: int = 380) -> Glance:
        glance = Glance()
        qtbot.addWidget(glance)
        glance.set_document(document)
        glance.resize(width, glance.layout().totalHeightForWidth(width))
        glance.show()
        qtbot.waitExposed(glance)
        return glance

    return made


def words(glance: Glance) -> list[str]:
    return [widget.text() for widget in shown(glance) if isinstance(widget, QLabel) and widget.text()]


def test_shares_and_the_usual_range(show, reviews):
    assert words(show(reviews["sales"])) == ["You 61 %", "The buyer 39 %", "usual 35 to 55 %", "Wording of the buyer"]


def test_the_sides_have_their_trades_names(show, reviews):
    assert "The candidate 42 %" in words(show(reviews["recruiting"]))


def test_the_bar_shows_the_share(show, reviews):
    assert show(reviews["sales"])._talk._bar.share == pytest.approx(0.607, abs=0.001)


def test_a_withheld_share_says_why_and_shows_no_bar(show, reviews):
    document = copy.deepcopy(reviews["sales"])
    ratio = next(m for m in document["measurements"] if m["metric"] == "talk_ratio")
    ratio |= {"value": None, "withheld": {"code": "speakers_unknown", "params": {}}}
    glance = show(document)
    assert words(glance)[0] == "Share of the talking: I do not know which side is yours"
    assert not glance._talk._bar.isVisible()
    glance.set_document(reviews["sales"])
    assert glance._talk._bar.isVisible()


def test_without_a_range_none_is_named(show, reviews):
    document = copy.deepcopy(reviews["sales"])
    del document["labels"]["targets"]["talk_ratio"]
    assert words(show(document)) == ["You 61 %", "The buyer 39 %", "Wording of the buyer"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("recruiting", "Wording of the candidate: off for this side"),
        ("draft", "Wording of the buyer: the words are a rough draft"),
    ],
)
def test_without_wording_one_line_says_why(show, reviews, name, why):
    glance = show(reviews[name])
    assert words(glance)[-1] == why
    assert not glance.findChild(Spark).isVisible()


def test_the_wording_is_said_for_those_who_do_not_see_it(show, reviews):
    name = show(reviews["sales"])._wording.accessibleName()
    assert "The buyer, by fifths of the call: more negative, even, more positive, more negative, even" in name


@pytest.mark.parametrize("key", [None, Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_both_parts_lead_further(show, reviews, qtbot, key):
    glance = show(reviews["sales"])

    def press(button: QPushButton) -> None:
        if key is None:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
        else:
            qtbot.keyClick(button, key)

    with qtbot.waitSignal(glance.number_asked) as heard:
        press(glance._talk)
    assert heard.args == ["talk_ratio"]
    with qtbot.waitSignal(glance.wording_asked):
        press(glance._wording)


def test_a_click_on_the_bar_is_a_click(show, reviews):
    glance = show(reviews["sales"])
    bar = glance._talk._bar
    assert glance.childAt(bar.mapTo(glance, bar.rect().center())) is glance._talk


@pytest.mark.parametrize("name", ["sales", "recruiting", "words_only", "draft"])
@pytest.mark.parametrize("language", ["", "xx"])
def test_it_stays_small_and_cuts_nothing_off(show, reviews, name, language):
    sentences.speak(language)
    try:
        glance = show(reviews[name])
        assert glance.height() <= HIGHEST
        assert not [text for text in cut_off(glance) if text]
        for side in (glance._talk._own, glance._talk._other):
            assert side._cut() == side.text()
    finally:
        sentences.speak("")


def test_everything_has_a_name(show, reviews):
    assert not nameless(show(reviews["sales"]))


def test_markup_in_names_is_text(show, reviews):
    document = copy.deepcopy(reviews["sales"])
    document["labels"] |= {"other": "<b>them</b>"}
    assert "<b>them</b> 39 %" in words(show(document))
