"""The scorecard pane: what is asked, what a rule found, what others said, and what becomes of a press, a word, a moment."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from coachdesk import sentences
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.scorecard import ScorecardPane
from coachdesk.gui.widgets.scorecard_answers import Asked
from coachdesk.gui.widgets.writing import Writing
from tests.gui.looking import cut_off, nameless, overlapping, shown

Document = dict[str, Any]
CARD = "conversation"
LISTENING = 1  # the second criterion of the card


@pytest.fixture
def show(pane_of, qtbot):
    def made(document: Document, **size: int) -> ScorecardPane:
        pane = pane_of(ScorecardPane, document, **size)
        with qtbot.waitActive(pane):
            pane.activateWindow()
        return pane

    return made


@pytest.fixture
def doc(reviews) -> Document:
    """A review with the conversation card alone."""
    found = copy.deepcopy(reviews["sales"])
    found["scorecards"] = [card for card in found["scorecards"] if card["card"] == CARD]
    return found


def entry(who: str, mine: bool, answers: Document, **more: Any) -> Document:
    made = {name: {"value": None, "note": "", "moment": None} | answer for name, answer in answers.items()}
    state = {"version": "v", "at": "2026-11-28T10:00:00+00:00", "older": False, "complete": False, "hidden": False}
    return {"as": who, "mine": mine, **state, "changed_after_reveal": False, "sum": None, "criteria": None,
            "answers": made, **more}  # fmt: skip


def with_entries(doc: Document, *entries: Document, **more: Any) -> Document:
    changed = copy.deepcopy(doc)
    changed["scorecards"][0] |= {"entries": list(entries), **more}
    return changed


def words(root: QWidget) -> list[str]:
    return [w.text() for w in shown(root) if isinstance(w, QLabel) and w.text()]


def button(root: QWidget, name: str) -> QPushButton:
    return [b for b in root.findChildren(QPushButton) if b.accessibleName() == name][-1]  # the newest


def asked(pane: ScorecardPane, n: int) -> Asked:
    return pane.content.findChildren(Asked)[n]


def answers_of(pane: ScorecardPane) -> list[tuple[str, str, Document]]:
    said: list[tuple[str, str, Document]] = []
    pane.answered.connect(lambda *parts: said.append(parts))
    return said


def test_it_asks_what_the_card_asks_with_its_anchors(show, doc):
    pane = show(doc)
    criteria = doc["scorecards"][0]["criteria"]
    assert len(pane.content.findChildren(Asked)) == len(criteria)
    said = words(asked(pane, LISTENING))
    assert "Room for the buyer" in said and "Answers were cut short, or talked over" in said
    assert "4 answers to go" in words(pane) and "open" in said
    assert "if you like" in words(asked(pane, len(criteria) - 1))


def test_a_press_answers_and_a_second_takes_it_back(show, doc):
    pane = show(doc)
    said = answers_of(pane)
    button(pane, "Room for the buyer: 4").click()
    assert said == [(CARD, "listening", {"value": 4})]
    moment = {"start_ms": 1_000, "end_ms": 2_000}
    answered = entry("", True, {"listening": {"value": 4, "note": "here", "moment": moment}})
    pane.set_document(with_entries(doc, answered))
    button(pane, "Room for the buyer: 4").click()
    assert said[-1] == (CARD, "listening", {"value": None}), "note and moment stay"
    button(pane, "What comes next: Does not apply").click()
    assert said[-1][1:] == ("ending", {"value": "n/a"})


def test_the_keyboard_walks_a_row_of_chips_and_types_a_number(show, doc, qtbot):
    pane = show(doc)
    said = answers_of(pane)
    first = button(pane, "Room for the buyer: 1")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert button(pane, "Room for the buyer: 2").hasFocus()
    qtbot.keyClick(button(pane, "Room for the buyer: 2"), Qt.Key.Key_Return)
    qtbot.keyClick(button(pane, "Room for the buyer: 2"), Qt.Key.Key_5)
    assert [answer["value"] for _card, _name, answer in said] == [2, 5]
    stops = [b for b in asked(pane, LISTENING).findChildren(QPushButton) if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len([b for b in stops if b.text()]) == 1, "one stop for Tab"


def test_what_a_rule_found_is_offered_and_plays(show, doc, qtbot):
    pane = show(doc)
    plan = asked(pane, 0)
    assert button(plan, "A plan for the call near its start: No").property("offered")
    assert "A rule looked: I did not find it." in words(plan)
    played: list[tuple[int, int]] = []
    pane.play_asked.connect(lambda *span: played.append(span))
    plan.findChildren(Door)[0].click()
    assert played[0][0] == doc["scorecards"][0]["criteria"][0]["rule"]["evidence"][0]["start_ms"]


def test_what_others_said_stands_beside_and_hidden_ones_only_say_so(show, doc):
    answers = {"listening": {"value": 2, "note": "cut short", "moment": {"start_ms": 95_000, "end_ms": 99_000}}}
    shown_one = entry("Lena", False, answers, complete=True)
    hidden = entry("Kim", False, {}, complete=True, hidden=True)
    pane = show(
        with_entries(doc, entry("Dan", True, {"listening": {"value": 4}}), shown_one, hidden, differs=["listening"])
    )
    said = words(asked(pane, LISTENING))
    assert {"Lena: 2 of 5", "cut short", "differs"} <= set(said)
    (door,) = asked(pane, LISTENING).findChildren(Door)
    assert "Kim: complete, shown when yours is complete too" in words(pane)
    utterance = next(u for u in doc["transcript"]["utterances"] if u["start_ms"] <= 97_000 < u["end_ms"])
    assert utterance["text"][:20] in door.accessibleName(), "the words said there"


def test_a_moment_is_pinned_by_the_page_and_unpinned_here(show, doc):
    pane = show(doc)
    said, wanted = answers_of(pane), []
    pane.pin_asked.connect(lambda *where: wanted.append(where))
    button(pane, "Pin the moment you hear: Questions that open").click()
    assert wanted == [(CARD, "questions")]
    pane.pin(CARD, "questions", 5_000, 9_000)
    moment = {"start_ms": 5_000, "end_ms": 9_000}
    assert said[-1] == (CARD, "questions", {"moment": moment})
    pane.set_document(with_entries(doc, entry("", True, {"questions": {"moment": moment}})))
    button(pane, "Unpin: Questions that open").click()
    assert said[-1][2] == {"moment": None}


class TestWriting:
    def field(self, pane: ScorecardPane, name: str) -> Writing:
        return [f for f in pane.content.findChildren(Writing) if f.accessibleName() == name][-1]  # the newest

    def test_what_is_written_is_saved_when_the_field_is_left(self, show, doc, qtbot):
        pane = show(doc)
        said = answers_of(pane)
        field = self.field(pane, "One thing to try next time")
        field.setFocus()
        qtbot.keyClicks(field, "Wait longer")
        button(pane, "Room for the buyer: 1").setFocus()
        assert said == [(CARD, "try", {"value": "Wait longer"})]
        button(pane, "Room for the buyer: 2").setFocus()
        assert len(said) == 1, "once"

    def test_half_a_word_outlives_a_new_document(self, show, doc, qtbot):
        pane = show(doc)
        said = answers_of(pane)
        field = self.field(pane, "One thing to try next time")
        field.setFocus()
        qtbot.keyClicks(field, "Wait lon")
        pane.set_document(with_entries(doc, entry("", True, {"plan": {"value": "yes"}})))
        field = self.field(pane, "One thing to try next time")
        assert field.hasFocus() and field.toPlainText() == "Wait lon" and said == []
        qtbot.keyClicks(field, "ger")
        pane.commit()
        assert said[-1][2]["value"] == "Wait longer"

    def test_an_emptied_text_is_no_answer(self, show, doc):
        pane = show(with_entries(doc, entry("", True, {"try": {"value": "Wait"}, "plan": {"note": "Early"}})))
        said = answers_of(pane)
        self.field(pane, "One thing to try next time").clear()
        self.field(pane, "Note: A plan for the call near its start").clear()
        pane.commit()
        assert {name: part for _card, name, part in said} == {"plan": {"note": ""}, "try": {"value": None}}

    def test_a_note_is_opened_when_it_is_wanted(self, show, doc):
        pane = show(doc)
        name = "Note: Room for the buyer"
        assert name not in [f.accessibleName() for f in pane.content.findChildren(Writing)]
        button(pane, "Write a note: Room for the buyer").click()
        field = self.field(pane, name)
        assert field.isVisible() and field.hasFocus()
        pane.set_document(with_entries(doc, entry("", True, {"plan": {"value": "no"}})))
        assert self.field(pane, name) is field and field.hasFocus(), "and stays open: only what changed is made anew"


def test_answers_to_an_earlier_version_are_read_and_not_changed(show, doc):
    old = entry("Lena", False, {"listening": {"value": 3}}, older=True, complete=True)
    old["criteria"] = [doc["scorecards"][0]["criteria"][LISTENING] | {"name": "Room, as it was", "high": 4}]
    pane = show(with_entries(doc, old))
    assert {"Lena, on an earlier version of this card", "Room, as it was: 3 of 4"} <= set(words(pane))
    gone = show(with_entries(doc, entry("", True, {"listening": {"value": 3}}), gone=True))
    assert gone.content.findChildren(Asked) == [] and "Room for the buyer: 3 of 5" in words(gone)


def test_several_cards_are_chosen_from(show, reviews):
    pane = show(reviews["sales"])
    assert "The problem, and what it leads to" in words(pane)
    button(pane, "Scorecard: Conversation").click()
    assert "Questions that open" in words(pane) and "The problem, and what it leads to" not in words(pane)


def test_a_playbook_without_a_card_says_so(show, doc):
    assert "no scorecard" in words(show({**doc, "scorecards": []}))[0]


LONG = "Magdalena Featherstonehaugh-Whitlock of the Northern Branch"


@pytest.mark.parametrize("language", ["", sentences.PSEUDO])
@pytest.mark.parametrize("width", [316, 440])
def test_nothing_is_cut_off_or_nameless(show, doc, language, width):
    sentences.speak(language)
    try:
        moment = {"start_ms": 1_000, "end_ms": 9_000}
        mine = entry("", True, {"listening": {"value": 4, "note": "A note " * 12, "moment": moment}}, complete=True)
        other = entry(LONG, False, {"listening": {"value": 2, "note": "Long " * 30, "moment": moment}}, complete=True)
        hidden = entry(LONG, False, {}, hidden=True)
        pane = show(with_entries(doc, mine, other, hidden, differs=["listening"]), width=width, height=2_400)
        assert cut_off(pane) == [] and overlapping(pane) == [] and nameless(pane) == []
    finally:
        sentences.speak("")
