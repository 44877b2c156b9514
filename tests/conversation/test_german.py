"""The German table on written lines, and on what German does that English does not."""

from __future__ import annotations

from datetime import date

import pytest

from coachdesk.conversation import questions
from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.next_steps import due_date
from coachdesk.conversation.text import facts_of, fillers_in
from coachdesk.model import Role
from tests.benchmarks.accuracy_german import asks, measure
from tests.conversation.calls import heard, listened, other, rep, spoken, words

TABLE = lexicon("de")
MONDAY = date(2026, 11, 23)
FLOORS = {
    "question": 0.95,
    "question, no punctuation": 0.90,
    "open or closed": 0.90,
    "short response": 0.95,
    "next step": 0.90,
    "recap": 0.90,
    "filled pauses, exact count": 1.0,
    "interview trackers": 0.90,
    "protected topic": 0.90,
}


def test_the_written_lines_are_judged_as_they_were_when_measured():
    rows = {row.what: row for row in measure(None).rows if row.corpus == "own lines"}
    assert rows.keys() == FLOORS.keys()
    assert {what: row.ours for what, row in rows.items() if row.ours < FLOORS[what]} == {}
    assert rows["question"].n >= 60 and all(row.n >= 30 for row in rows.values())


@pytest.mark.parametrize(
    ("line", "asking"),
    [
        ("also wie machen sie das heute", True),
        ("dann haben sie das von Hand gemacht", False),
        ("Klar können wir das machen.", False),
        ("Schicken Sie mir das bitte.", False),
        ("haben sie das schon einmal versucht", True),
        ("was ich meine ist die Liste", False),
        ("Kann ich gut nachvollziehen.", False),
        ("wir haben zwölf Leute und zwei Büros und wie machen Sie das heute", True),
        ("ich weiß nicht wie sie das machen", False),
    ],
)
def test_a_main_clause_asks_with_its_verb_in_front(line, asking):
    assert asks(line, TABLE) is asking


def test_um_is_a_word_in_german():
    assert fillers_in("Um sieben, ähm, fahren wir um die Stadt.", TABLE) == 1
    assert fillers_in("Um sieben, ähm, fahren wir um die Stadt.", lexicon("en")) == 2


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Ich schicke es morgen.", "2026-11-24"),
        ("Guten Morgen, schön dass es klappt.", None),
        ("Am Donnerstagnachmittag passt es.", "2026-11-26"),
        ("In zwei Wochen dann.", "2026-12-07"),
        ("Irgendwann nächste Woche.", "2026-11-30"),
        ("Bis Ende der Woche.", "2026-11-27"),
        ("Das mache ich noch heute.", "2026-11-23"),
        ("Danke.", None),
    ],
)
def test_days_are_named_in_german(text, due):
    assert due_date(text, MONDAY, TABLE.dates) == due


def test_next_steps_of_a_german_call_have_owner_and_day():
    lines = [rep(words(80, "eins")), other(words(80, "zwei"))] * 3
    lines += [
        rep("Ich schicke Ihnen das Angebot bis Freitag zu."),
        rep("Können Sie mir die Unterlagen bis morgen schicken?"),
    ]
    found = listened(heard(spoken(lines), language="de")).next_steps
    assert [(step.owner, step.due) for step in found] == [
        (Role.REP.value, "2026-11-27"),
        (Role.OTHER.value, "2026-11-24"),
    ]


@pytest.mark.parametrize(
    "text", ["", "?", "¿?", "🙂🙂", "你好吗？", "как дела?", "ẞ" * 300, "wie " * 10_000, "ja, " * 5_000]
)
def test_hostile_text_is_judged_and_breaks_nothing(text):
    found = facts_of(text, TABLE)
    assert found == facts_of(text, TABLE) and found.protected == {}


def test_a_german_sentence_has_no_wording_rather_than_an_english_one():
    (sentence,) = facts_of("Das ist ein Problem und furchtbar schlecht.", TABLE).sentences
    assert (sentence.valence, sentence.rule) == (0, "unknown")


def test_open_and_closed():
    assert questions.is_open("Also, wie läuft das heute?", TABLE)
    assert not questions.is_open("Wie viele Leute sind das?", TABLE)
