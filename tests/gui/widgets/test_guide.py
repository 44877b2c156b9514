"""The guide pane and its windows: what became of each planned question, and what the person may say of it."""

from __future__ import annotations

import copy
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.guide import GuidePane
from coachdesk.gui.widgets.plan import AcrossDialog, PlanDialog
from tests.gui.looking import cut_off, nameless, overlapping, shown


@pytest.fixture
def show(pane_of):
    return partial(pane_of, GuidePane)


@pytest.fixture
def screen(reviews) -> dict:
    """The interview: one question of its playbook was found, one is said not to have been asked."""
    document = copy.deepcopy(reviews["recruiting"])
    asked, denied = document["guide"]["questions"][:2]
    assert asked["state"] == "other_words"
    asked["must"] = True
    asked["follow_ups"] = [{"text": "Why now?", "asked": None}, {"text": "What else?", "asked": asked["more"].pop(0)}]
    denied.update(state="not_asked", event="e1")
    return document


def words(pane) -> list[str]:
    return [w.text() for w in shown(pane) if isinstance(w, QLabel) and w.text()]


def act(pane: GuidePane, name: str) -> QPushButton:
    return next(w for w in shown(pane.content) if isinstance(w, QPushButton) and w.accessibleName() == name)


def test_what_became_of_each_in_words(show, screen):
    said = words(show(screen).content)
    asked = screen["guide"]["questions"][0]
    share = round(100 * asked["wording"])
    assert any(t.startswith(f"on every call · asked in other words · {share} % of the planned words") for t in said)
    assert "not asked, as you said" in said and "I did not find it" in said
    assert "Follow-up I did not find: Why now?" in said
    assert "Found 1 of 6 planned questions. A question I did not find may have been asked." in said


def test_question_and_answer_play(show, screen, qtbot):
    pane = show(screen)
    asked = screen["guide"]["questions"][0]
    starts = [w.start_ms for w in shown(pane.content) if isinstance(w, Door)]
    assert starts[:3] == [
        asked["asked"]["start_ms"],
        asked["answer"]["start_ms"],
        asked["follow_ups"][1]["asked"]["start_ms"],
    ]
    with qtbot.waitSignal(pane.play_asked):
        qtbot.keyClick(next(w for w in shown(pane.content) if isinstance(w, Door)), Qt.Key.Key_Space)


def test_the_person_says_asked_here_not_asked_and_takes_it_back(show, screen, qtbot):
    pane = show(screen)
    first, second, third = screen["guide"]["questions"][:3]
    with qtbot.waitSignal(pane.where_asked) as where:
        act(pane, f"Asked here...: {third['text']}").click()
    assert where.args == [third["id"], third["text"]]
    with qtbot.waitSignal(pane.denied) as denied:
        act(pane, f"Not asked: {first['text']}").click()
    assert denied.args == [first["id"]]
    with qtbot.waitSignal(pane.take_back_asked) as back:
        act(pane, f"Take back: {second['text']}").click()
    assert back.args == ["e1"]


def test_what_it_is_about_can_be_said(show, screen, qtbot):
    pane = show(screen)
    field = next(w for w in shown(pane.content) if isinstance(w, QLineEdit))
    assert not act(pane, "Its questions...").isEnabled()
    field.setFocus()
    qtbot.keyClicks(field, "Planner")
    with qtbot.waitSignal(pane.position_said) as said:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said.args == ["Planner"]
    planned = copy.deepcopy(screen)
    planned["guide"]["position"] = "Planner"
    pane.set_document(planned)
    with qtbot.waitSignal(pane.plan_asked):
        act(pane, "Its questions...").click()
    with qtbot.waitSignal(pane.across_asked):
        act(pane, "Side by side...").click()


def test_where_nothing_is_planned_the_way_to_it_is_said(show, screen):
    screen["guide"].update(questions=[], unplanned=[])
    assert any(text.startswith("No questions are planned for this call.") for text in words(show(screen).content))


def test_words_that_carry_no_match_are_said_to_be(show, screen):
    screen["guide"]["reason"] = "draft"
    for question in screen["guide"]["questions"]:
        question.update(state="not_looked_for", asked=None, answer=None, wording=None, time_ms=None)
    said = words(show(screen).content)
    assert "Not looked for in these words: the words are a rough draft." in said
    assert "not looked for" in said and "I did not find it" not in said


@pytest.mark.parametrize("width", [300, 440])
def test_nothing_is_cut_off_and_everything_has_a_name(show, screen, width):
    screen["guide"]["position"] = "A position with a title that is longer than the pane is wide, by far"
    pane = show(screen, width=width)
    assert cut_off(pane) == [] and nameless(pane) == [] and overlapping(pane.content) == []


PLANNED = {
    "name": "Planner",
    "text": "How old are you?\n",
    "questions": [
        {
            "text": "How old are you?",
            "protected": [{"topic": "age", "level": "clear", "try_saying": "Are you at least 18?"}],
        }
    ],
}


class TestWindows:
    def test_questions_are_written_as_plain_text(self, qtbot):
        dialog = PlanDialog(None, PLANNED)
        qtbot.addWidget(dialog)
        dialog.show()
        said = " ".join(words(dialog))
        assert (
            "may touch a protected topic: age" in said and "Are you at least 18?" in said and "not legal advice" in said
        )
        dialog.text.setPlainText("Which hours?\n")
        with qtbot.waitSignal(dialog.said) as told:
            next(b for b in dialog.findChildren(QPushButton) if b.text() == "Keep").click()
        assert told.args == ["Which hours?\n"]
        dialog.refuse("Line 2 holds no question.")
        assert "Line 2 holds no question." in words(dialog)
        assert cut_off(dialog) == [] and nameless(dialog) == []

    def test_one_question_over_all_calls(self, qtbot, screen):
        question = {k: screen["guide"]["questions"][0][k] for k in ("state", "asked", "wording", "answer", "time_ms")}
        missing = {"state": "not_found", "asked": None, "wording": None, "answer": None, "time_ms": None}
        calls = [
            {"id": "a", "title": "First", "case": "Callum", "started_at": "2026-10-06T09:00:00+00:00"},
            {"id": "b", "title": "Second", "case": None, "started_at": "2026-10-07T09:00:00+00:00"},
        ]
        rows = [{"call": "a", **question}, {"call": "b", **missing}]
        beside = {
            "name": "Planner",
            "calls": calls,
            "questions": [{"id": "q", "text": "Why?", "must": True, "calls": rows}],
        }
        dialog = AcrossDialog(None, beside)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        said = words(dialog)
        assert {"Callum", "Second", "2026-10-06", "I did not find it", "Found on 1 of 2 calls"} <= set(said)
        with qtbot.waitSignal(dialog.play_asked) as heard:
            next(w for w in shown(dialog) if isinstance(w, Door)).click()
        assert heard.args[:2] == ["a", question["asked"]["start_ms"]]
        assert nameless(dialog) == []

    def test_nothing_is_about_it_yet(self, qtbot):
        dialog = AcrossDialog(None, {"name": "Planner", "calls": [], "questions": []})
        qtbot.addWidget(dialog)
        dialog.show()
        assert "No call is about this yet." in words(dialog)
