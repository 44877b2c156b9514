"""Planned questions of a position: kept, matched on its calls, set right by the person, side by side over calls."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk import amend
from coachdesk.desk.desk import Desk
from coachdesk.document import encode
from coachdesk.errors import InputError, NotFound
from coachdesk.history import events, sidecar
from tests.desk.conftest import bring_words, document

TEXT = "* Tell me about a time when a delivery plan fell apart.\n    What did you do first?\nWhich hours suit you in winter?\n"
SAID = (
    "Can you tell me about a time when a delivery plan fell apart?",
    "The main truck company closed down on a Thursday, and nobody had told us.",
    "What did you do first?",
    "I sat down and sorted the loads.",
    "And how is the road there?",
    "It is a long road.",
)
PLANNER = "Planner, south"


@pytest.fixture
def call(desk: Desk, tmp_path: Path) -> str:
    made = bring_words(desk, tmp_path, "first", *SAID)
    desk.plan(PLANNER, TEXT)
    desk.amend(made, amend.SetPosition(PLANNER))
    return made


def questions(desk: Desk, call: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(desk, call)["guide"]["questions"]
    return found


def states(desk: Desk, call: str) -> list[str]:
    return [question["state"] for question in questions(desk, call)]


class TestTheGuide:
    def test_plain_text_in_and_out(self, desk):
        assert desk.plan(PLANNER, TEXT) == ""
        assert desk.plan(PLANNER.upper(), "Which days?\n") == TEXT  # the same position, however it is capitalised
        found = desk.guide(PLANNER)
        assert (found["name"], found["source"], found["text"]) == (PLANNER, "position", "Which days?\n")

    def test_a_playbook_has_one_as_well(self, desk):
        found = desk.guide("recruiting_screen")
        assert found["source"] == "playbook" and len(found["questions"]) == 6

    def test_before_a_call_those_with_questions_are_offered_and_the_last_of_the_case_is_likely(
        self, desk, call, tmp_path
    ):
        desk.plan("Driver", "Which days?\n")
        other = bring_words(desk, tmp_path, "second")
        desk.amend(other, amend.SetPosition("Without questions"))
        desk.amend(call, amend.SetCase("Ada Lind"))
        found = desk.planned("ada lind")
        assert [guide["title"] for guide in found["guides"]] == ["Driver", PLANNER] and found["likely"] == PLANNER
        assert [one["text"] for one in found["guides"][0]["questions"]] == ["Which days?"]
        assert desk.planned()["likely"] == desk.planned("nobody")["likely"] == ""

    def test_an_unknown_one_is_named(self, desk):
        with pytest.raises(NotFound, match="no position Driver"):
            desk.guide("Driver")
        desk.plan(PLANNER, TEXT)
        with pytest.raises(NotFound) as missing:
            desk.guide("Driver")
        assert PLANNER in missing.value.hint

    def test_positions_are_listed(self, desk, call):
        desk.plan("Driver", "Which licence?\n")
        assert desk.positions() == [
            {"title": "Driver", "questions": 1, "calls": 0},
            {"title": PLANNER, "questions": 2, "calls": 1},
        ]

    def test_without_a_title_there_is_none(self, desk):
        with pytest.raises(InputError):
            desk.plan("  ", TEXT)

    def test_a_planned_question_on_a_protected_topic_is_named_with_another_way_to_ask(self, desk):
        desk.plan(
            PLANNER, "How old are you?\nAre you legally authorized to work here?\nWhich hours?\n    Are you married?\n"
        )
        found = [question["protected"] for question in desk.guide(PLANNER)["questions"]]
        assert [[one["level"] for one in flags] for flags in found] == [["clear"], [], ["clear"]]
        assert "at least 18" in found[0][0]["try_saying"]


class TestOnACall:
    def test_asked_answered_followed_up(self, desk, call):
        apart, hours = questions(desk, call)
        assert (apart["state"], apart["how"], apart["must"]) == ("as_planned", "words", True)
        assert (apart["asked"]["utterance"], apart["asked"]["quote"]) == (0, SAID[0])
        assert (apart["answer"]["utterance"], apart["answer"]["quote"]) == (1, SAID[1])
        assert [one["asked"]["utterance"] for one in apart["follow_ups"]] == [2]
        assert (hours["state"], hours["asked"], hours["answer"]) == ("not_found", None, None)
        assert document(desk, call)["guide"]["position"] == PLANNER

    def test_it_is_a_number_of_the_catalogue(self, desk, call):
        (number,) = [m for m in document(desk, call)["measurements"] if m["metric"] == "coverage_ratio"]
        assert (number["value"], number["withheld"]) == (1.0, None)  # one mandatory question, found

    def test_another_guide_is_effective_at_once(self, desk, call):
        desk.plan(PLANNER, "And how is the road there?\n")
        assert states(desk, call) == ["as_planned"]

    def test_without_a_position_it_is_the_playbooks(self, desk, call):
        undo = desk.amend(call, amend.SetPosition(""))
        assert len(questions(desk, call)) == len(desk.playbook("sales_discovery").questions)
        assert document(desk, call)["guide"]["position"] == ""
        desk.amend(call, undo)
        assert len(questions(desk, call)) == 2

    def test_a_tick_while_recording(self, desk, call):
        hours = questions(desk, call)[1]["id"]
        events.append(desk._store, "comment", call, {"start_ms": 9_000, "text": "", "what": "asked", "question": hours})
        assert states(desk, call) == ["as_planned", "ticked"]

    def test_a_tick_of_the_playbooks_question_is_one_of_the_same_words_in_the_guide(self, desk, call):
        name, text = next(iter(desk.playbook("sales_discovery").asking("en").items()))
        desk.plan(PLANNER, f"{text.upper()}\n")
        events.append(desk._store, "comment", call, {"start_ms": 9_000, "text": "", "what": "asked", "question": name})
        assert states(desk, call) == ["ticked"]

    def test_the_person_knows_better_and_may_take_it_back(self, desk, call):
        apart, hours = (question["id"] for question in questions(desk, call))
        undo = desk.amend(call, amend.SayAsked(hours, True, 16_500))
        desk.amend(call, amend.SayAsked(apart, False))
        assert states(desk, call) == ["not_asked", "told"]
        found = questions(desk, call)[1]
        assert found["asked"]["utterance"] == 4 and found["event"]
        desk.amend(call, amend.TakeBack(questions(desk, call)[0]["event"]))
        desk.amend(call, undo)
        assert states(desk, call) == ["as_planned", "not_found"]

    def test_what_is_not_planned_is_named(self, desk, call):
        with pytest.raises(NotFound):
            desk.amend(call, amend.SayAsked("nothing", True))
        with pytest.raises(InputError):
            desk.amend(call, amend.SayAsked(questions(desk, call)[0]["id"], True, 10**9))

    def test_the_document_beside_the_history_holds_the_position(self, desk, call):
        tables = json.loads(gzip.decompress(sidecar.path(desk._store, call).read_bytes()))["tables"]
        assert [row["title"] for row in tables["position"]] == [PLANNER]


class TestSideBySide:
    @pytest.fixture
    def second(self, desk: Desk, call: str, tmp_path: Path) -> str:
        made = bring_words(
            desk,
            tmp_path,
            "second",
            "Which hours in winter would suit you?",
            "I make 85 right now, and I begin with the van at eight.",
            "I see, so that is how it is there for all of you.",
        )
        desk.coach(made, "recruiting_screen")
        desk.amend(made, amend.SetPosition(PLANNER))
        return made

    def test_each_question_on_each_call(self, desk, call, second):
        found = desk.guide_across(PLANNER)
        assert {row["id"] for row in found["calls"]} == {call, second}
        by_call = {
            question["text"]: {row["call"]: row["state"] for row in question["calls"]}
            for question in found["questions"]
        }
        assert by_call == {
            "Tell me about a time when a delivery plan fell apart.": {call: "as_planned", second: "not_found"},
            "Which hours suit you in winter?": {call: "not_found", second: "as_planned"},
        }

    def test_it_tells_of_the_process_only(self, desk, call, second):
        rows = [row for question in desk.guide_across(PLANNER)["questions"] for row in question["calls"]]
        assert {frozenset(row) for row in rows} == {
            frozenset({"call", "state", "asked", "wording", "answer", "time_ms"})
        }
        answer = next(row["answer"] for row in rows if row["call"] == second and row["answer"])
        assert answer["end_ms"] > answer["start_ms"] and answer["quote"] == ""  # pay history is heard, not shown

    def test_of_a_playbook_without_positions(self, desk, call, second, tmp_path):
        third = bring_words(desk, tmp_path, "third", *SAID[1:])
        found = desk.guide_across("sales_discovery")
        assert [row["id"] for row in found["calls"]] == [third]
        assert len(found["questions"]) == len(desk.playbook("sales_discovery").questions)

    def test_a_position_nobody_planned_for_shows_the_playbooks_questions(self, desk, tmp_path):
        made = bring_words(desk, tmp_path, "fourth", *SAID)
        desk.amend(made, amend.SetPosition("Driver"))
        found = desk.guide_across("driver")
        assert (found["name"], len(found["questions"])) == ("Driver", len(desk.playbook("sales_discovery").questions))

    def test_two_runs_are_byte_equal(self, desk, call, second):
        assert encode(desk.guide_across(PLANNER)) == encode(desk.guide_across(PLANNER))


def test_where_words_carry_no_match_nothing_is_called_missing(desk, call):
    with desk._store.write() as store:
        store.execute("UPDATE transcript SET draft = 1, grade = 'rough' WHERE call_id = ?", (call,))
    assert states(desk, call) == ["not_looked_for", "not_looked_for"]
    desk.amend(call, amend.SayAsked(questions(desk, call)[0]["id"], True, 1_000))
    assert states(desk, call) == ["told", "not_looked_for"]
    assert document(desk, call)["guide"]["reason"] == "draft"
