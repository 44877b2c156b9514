"""The brief pane: lines that play, honest gaps with a field, lines left out, and three texts one key away."""

from __future__ import annotations

import copy
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton

from coachdesk import sentences
from coachdesk.gui.widgets.brief import KEYS, BriefPane
from coachdesk.gui.widgets.door import Door
from coachdesk.letters import KINDS, letter
from tests.gui.looking import cut_off, nameless, overlapping, shown


@pytest.fixture
def show(pane_of):
    return partial(pane_of, BriefPane)


@pytest.fixture
def sales(reviews) -> dict:
    return copy.deepcopy(reviews["sales"])


def slot(document: dict, name: str) -> dict:
    return next(one for one in document["brief"]["slots"] if one["id"] == name)


def words(pane: BriefPane) -> list[str]:
    return [w.text() for w in shown(pane.content) if isinstance(w, QLabel) and w.text()]


def named(pane: BriefPane, kind: type, name: str):
    return next(w for w in shown(pane.content) if isinstance(w, kind) and w.accessibleName() == name)


def test_every_line_is_a_door(show, sales, qtbot):
    pane = show(sales)
    doors = [w for w in shown(pane.content) if isinstance(w, Door)]
    lines = [line for one in sales["brief"]["slots"] for line in one["lines"]]
    assert [door.start_ms for door in doors] == [line["start_ms"] for line in lines]
    with qtbot.waitSignal(pane.play_asked) as heard:
        qtbot.keyClick(doors[0], Qt.Key.Key_Return)
    assert heard.args[0] == lines[0]["start_ms"]


def test_an_empty_slot_says_so_and_takes_own_words(show, sales, qtbot):
    pane = show(sales)
    assert "I did not find it in this call." in words(pane)
    field = named(pane, QLineEdit, "Numbers, in your own words")
    field.setFocus()
    qtbot.keyClicks(field, "  40 crews  a day ")
    with qtbot.waitSignal(pane.fact_said) as said:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said.args == ["numbers", "40 crews a day"]


def test_escape_leaves_the_words_as_they_were(show, sales, qtbot):
    slot(sales, "numbers")["typed"] = "40 crews"
    pane = show(sales)
    field = named(pane, QLineEdit, "Numbers, in your own words")
    field.setFocus()
    qtbot.keyClicks(field, " and more")
    with qtbot.assertNotEmitted(pane.fact_said):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
        field.clearFocus()
    assert field.text() == "40 crews"


def test_a_line_is_left_out_and_put_back(show, sales, qtbot):
    pane = show(sales)
    line = slot(sales, "need")["lines"][0]
    with qtbot.waitSignal(pane.line_dropped) as said:
        named(pane, QToolButton, f"Leave out: {line['quote']}").click()
    assert said.args == ["need", line["start_ms"], True]
    changed = copy.deepcopy(sales)
    slot(changed, "need").update(lines=slot(changed, "need")["lines"][1:], dropped=[line])
    pane.set_document(changed)
    with qtbot.waitSignal(pane.line_dropped) as said:
        named(pane, QPushButton, "Put back: Need").click()
    assert said.args == ["need", line["start_ms"], False]


def test_owner_and_day_of_next_steps(show, sales):
    step = slot(sales, "next_step")["lines"][0]
    step["due"] = "2026-12-01"
    assert "Owen Tarrant, by 2026-12-01" in words(show(sales))


def test_a_step_without_a_moment_has_no_door(show, sales):
    own = {**slot(sales, "next_step")["lines"][0], "start_ms": None, "end_ms": None, "quote": "Send the papers"}
    slot(sales, "next_step")["lines"] = [own]
    pane = show(sales)
    assert "Send the papers" in words(pane)
    assert not [w for w in shown(pane.content) if isinstance(w, Door) and "papers" in w.accessibleName()]


def test_words_too_poor_are_said_to_be_and_there_is_a_way_to_better_ones(show, sales, qtbot):
    sales["brief"]["reason"] = "draft"
    for one in sales["brief"]["slots"]:
        one.update(lines=[], missing="draft")
    pane = show(sales)
    assert "No brief from these words: the words are a rough draft." in words(pane)
    assert "I did not find it in this call." not in words(pane)
    with qtbot.waitSignal(pane.words_asked):
        next(
            w for w in shown(pane.content) if isinstance(w, QPushButton) and w.text() == "Get the real transcript"
        ).click()


def test_a_playbook_without_slots_says_so(show, sales):
    sales["brief"]["slots"] = []
    pane = show(sales)
    assert words(pane) == ["The playbook of this call has no brief."]
    pane.hand_on("mail")
    assert pane.letter is None


class TestHandingOn:
    @pytest.mark.parametrize("kind", KINDS)
    def test_one_key_each(self, show, sales, qtbot, kind):
        pane = show(sales)
        door = next(w for w in shown(pane.content) if isinstance(w, Door))
        qtbot.keyClick(door, getattr(Qt.Key, f"Key_{KEYS[kind]}"))
        assert pane.letter.text.toPlainText() == letter(kind, sales).rstrip("\n") + "\n"
        pane.letter.reject()
        assert pane.letter is None

    def test_typing_in_a_field_is_typing(self, show, sales, qtbot):
        pane = show(sales)
        field = named(pane, QLineEdit, "Numbers, in your own words")
        field.setFocus()
        qtbot.keyClicks(field, "my")
        assert (field.text(), pane.letter) == ("my", None)

    def test_copy_takes_the_text_as_it_stands(self, show, sales, qtbot):
        pane = show(sales)
        pane.hand_on("note")
        pane.letter.text.setPlainText("As I want it")
        qtbot.keyClick(pane.letter.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == "As I want it"
        assert "Copied" in [w.text() for w in pane.letter.findChildren(QLabel)]
        pane.letter.reject()

    def test_a_changed_text_is_there_again_and_ctrl_z_goes_back_to_the_new_one(self, show, sales):
        pane = show(sales)
        pane.hand_on("note")
        pane.letter.text.setPlainText("As I want it")
        pane.letter.reject()
        pane.hand_on("note")
        assert pane.letter.text.toPlainText() == "As I want it"
        pane.letter.text.undo()
        assert pane.letter.text.toPlainText() == letter("note", sales)
        pane.letter.reject()
        pane.hand_on("note")
        assert pane.letter.text.toPlainText() == letter("note", sales)
        pane.letter.reject()

    def test_save_and_own_wordings(self, show, sales, qtbot):
        pane = show(sales)
        pane.set_templates({"mail": "Dear {other_name}\n\n{need}", "note": "", "self": ""})
        pane.hand_on("mail")
        dialog = pane.letter
        assert dialog.text.toPlainText().startswith("Dear Dana Whitlock")
        with qtbot.waitSignal(pane.save_asked) as saved:
            dialog._save.click()
        assert saved.args[0] == "mail" and saved.args[1].startswith("Dear Dana")
        dialog._change.click()
        assert dialog.text.toPlainText() == "Dear {other_name}\n\n{need}"
        dialog.text.setPlainText("{nobody}")
        with qtbot.waitSignal(pane.word_said) as word:
            dialog._first.click()
        assert word.args == ["mail", "{nobody}"]
        pane.refuse_wording("Line 1: nothing fills {nobody}.")
        assert dialog._problem.isVisible() and dialog.text.toPlainText() == "{nobody}"
        pane.set_templates({"mail": "", "note": "", "self": ""})
        assert dialog.text.toPlainText() == letter("mail", sales)
        dialog.reject()


@pytest.mark.parametrize("width", [300, 440])
def test_nothing_is_cut_off_and_everything_has_a_name(show, sales, width):
    slot(sales, "need")["name"] = "Everything that was said about what is needed, by whom and since when"
    slot(sales, "need")["dropped"] = slot(sales, "need")["lines"]
    pane = show(sales, width=width)
    assert cut_off(pane) == [] and nameless(pane) == [] and overlapping(pane.content) == []


def test_every_word_is_translatable(show, sales):
    sentences.speak(sentences.PSEUDO)
    try:
        pane = show(sales, width=440)
        own = {one["name"] for one in sales["brief"]["slots"]}
        said = [text for text in words(pane) if text not in own and not text[0].isdigit() and "“" not in text]
        assert said and [text for text in said if not text.startswith("[")] == []
        pane.hand_on("mail")
        assert pane.letter.windowTitle().startswith("[")
        pane.letter.reject()
    finally:
        sentences.speak("")
