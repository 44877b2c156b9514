"""Cases: what they show, every change of them with its undo, and next steps that come due."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from coachdesk.desk import amend
from coachdesk.desk.amend_case import CaseChange, MergeCases, RenameCase, SetCaseResult, SetStage, Several
from coachdesk.desk.desk import Desk
from coachdesk.errors import InputError, NotFound
from tests.desk.conftest import document
from tests.desk.test_library import call

TODAY = date(2026, 3, 10)
ASKED, CONCERN = "Hello Dan. What happens to the old reports?", "Thanks, it is too expensive for us."


@pytest.fixture
def three(desk: Desk, tmp_path: Path) -> dict[str, str]:
    """Two calls of Birch Lane, one of Zinc; steps due on both sides of TODAY."""
    made = {
        name: call(desk, tmp_path, name, f"Hello, {name}.", ASKED, "Let me check.", CONCERN, on=on, case=case)
        for name, on, case in (
            ("first", "2026-03-01", "Birch Lane"),
            ("second", "2026-03-05", "Birch Lane"),
            ("other", "2026-03-07", "Zinc"),
        )
    }
    desk.amend(made["first"], amend.SetStep("Send the list", due="2026-03-09"))
    desk.amend(made["second"], amend.SetStep("Call again", due="2026-03-11"))
    desk.amend(made["other"], amend.SetStep("Write", due=None))
    return made


def seen(desk: Desk) -> str:
    """Everything about cases, to be compared."""
    every = [desk.case(one["id"], TODAY) for one in desk.cases(TODAY)]
    return json.dumps([desk.cases(TODAY), every, desk.next_steps(today=TODAY)], sort_keys=True)


class TestTheList:
    def test_the_last_spoken_with_comes_first_with_what_is_due(self, desk, three):
        rows = [(c["name"], c["calls"], c["open"], c["due"]) for c in desk.cases(TODAY)]
        assert rows == [("Zinc", 1, 1, 0), ("Birch Lane", 2, 2, 1)]

    def test_it_is_due_on_its_day(self, desk, three):
        assert desk.cases(date(2026, 3, 11))[1]["due"] == 2

    def test_what_lies_in_the_bin_does_not_count(self, desk, three):
        desk.put_in_bin(three["other"])
        desk.put_in_bin(three["first"])
        assert [(c["name"], c["calls"], c["due"]) for c in desk.cases(TODAY)] == [("Birch Lane", 1, 0)]

    def test_one_without_a_call_stays_while_something_is_said_of_it(self, desk, three):
        desk.change_case(SetStage(desk.case_id("Zinc"), "Offer"))
        desk.amend(three["other"], amend.SetCase(""))
        assert [(c["name"], c["calls"]) for c in desk.cases(TODAY)] == [("Birch Lane", 2), ("Zinc", 0)]
        desk.change_case(SetStage(desk.case_id("Zinc"), ""))
        assert [c["name"] for c in desk.cases(TODAY)] == ["Birch Lane"]


class TestOneCase:
    def test_it_shows_its_calls_newest_first_and_its_steps_by_their_day(self, desk, three):
        found = desk.case("birch  lane", TODAY)
        assert [c["title"] for c in found["timeline"]] == ["second", "first"]
        assert [(s["text"], s["standing"], s["state"]) for s in found["steps"]] == [
            ("Send the list", "due", "open"),
            ("Call again", "open", "open"),
        ]
        assert (found["calls"], found["open"], found["due"]) == (2, 2, 1)
        assert found["labels"]["case"] == "Account" and found["labels"]["case_results"]["won"] == "Won"

    def test_it_shows_what_was_left_open_on_the_last_call(self, desk, three):
        found = desk.case("Birch Lane", TODAY)
        assert [q["quote"] for q in found["open_questions"]] == [ASKED]
        assert found["open_questions"][0]["call"] == three["second"]
        assert found["last_concern"]["quote"] == CONCERN
        assert found["last_concern"]["end_ms"] > found["last_concern"]["start_ms"]

    def test_the_brief_of_a_call_leaves_open_what_its_case_leaves_open(self, desk, tmp_path):
        promise = "Let me check that with the office and come back to you on Thursday morning."
        kept = call(desk, tmp_path, "promised", "Hello.", ASKED, promise, CONCERN, on="2026-03-08", case="Elm")
        slot = next(s for s in document(desk, kept)["brief"]["slots"] if s["kind"] == "open_questions")
        open_in_case = [q["quote"] for q in desk.case("Elm", TODAY)["open_questions"]]
        assert [line["quote"] for line in slot["lines"]] == open_in_case == [ASKED]

    def test_a_name_nobody_has_is_told_with_the_nearest(self, desk, three):
        for wrong in ("Birsh Lane", "birch"):
            with pytest.raises(NotFound) as missing:
                desk.case(wrong)
            assert "Birch Lane" in missing.value.hint

    def test_names_that_differ_in_capitals_only_are_asked_about(self, desk, three):
        desk.amend(three["other"], amend.SetCase("birch lane"))
        with pytest.raises(InputError):
            desk.case("BIRCH LANE")
        assert desk.case("birch lane")["calls"] == 1

    def test_twice_the_same_bytes(self, desk, three):
        assert seen(desk) == seen(desk)


CHANGES = {
    "stage": lambda one, two: SetStage(one, "  Offer\nsent "),
    "no stage": lambda one, two: SetStage(one, ""),
    "result": lambda one, two: SetCaseResult(one, "won", "2026-03-09"),
    "name": lambda one, two: RenameCase(one, "Birch Lane Inc"),
    "capitals": lambda one, two: RenameCase(one, "BIRCH LANE"),
    "merge": lambda one, two: MergeCases(two, one),
    "several": lambda one, two: Several((SetStage(two, "Offer"), MergeCases(two, one), RenameCase(one, "Both"))),
}


class TestChanges:
    @pytest.mark.parametrize("name", CHANGES)
    def test_each_is_undone_and_done_again(self, desk, three, name):
        one, two = desk.case_id("Birch Lane"), desk.case_id("Zinc")
        desk.change_case(SetStage(one, "First talks"))
        desk.change_case(SetCaseResult(two, "lost", "2026-03-08"))
        before = seen(desk)
        undo = desk.change_case(CHANGES[name](one, two))
        after = seen(desk)
        assert after != before
        again: CaseChange = desk.change_case(undo)
        assert seen(desk) == before
        desk.change_case(again)
        assert seen(desk) == after

    def test_it_takes_the_results_of_its_calls_playbooks_and_no_others(self, desk, three):
        one, two = desk.case_id("Birch Lane"), desk.case_id("Zinc")
        desk.coach(three["other"], "recruiting_screen")
        with pytest.raises(InputError) as refused:
            desk.change_case(SetCaseResult(one, "hired", "2026-03-09"))
        assert "won" in refused.value.hint and "hired" not in refused.value.hint
        desk.change_case(SetCaseResult(two, "hired", "2026-03-09"))
        with pytest.raises(InputError):
            desk.change_case(SetCaseResult(two, "won", "2026-03-09"))
        desk.coach(three["first"], "recruiting_screen")
        desk.change_case(SetCaseResult(one, "hired", "2026-03-09"))
        desk.change_case(SetCaseResult(one, "won", "2026-03-09"))
        assert desk.case("Birch Lane")["result"] == "won", "of one of its calls"

    def test_one_without_calls_takes_any_result(self, desk, three):
        two = desk.case_id("Zinc")
        desk.amend(three["other"], amend.SetCase(""))
        desk.change_case(SetCaseResult(two, "hired", "2026-03-09"))
        assert desk.case("Zinc")["result"] == "hired"

    def test_a_result_is_undone_also_where_the_calls_have_another_playbook_since(self, desk, three):
        two = desk.case_id("Zinc")
        desk.change_case(SetCaseResult(two, "won", "2026-03-08"))
        desk.coach(three["other"], "recruiting_screen")
        desk.change_case(desk.change_case(SetCaseResult(two, "hired", "2026-03-09")))
        assert desk.case("Zinc")["result"] == "won"

    def test_a_stage_is_one_line(self, desk, three):
        desk.change_case(SetStage(desk.case_id("Zinc"), "  Offer\nsent "))
        assert desk.case("Zinc")["stage"] == "Offer sent"

    def test_merged_it_has_all_calls_and_says_what_it_did_not_say_itself(self, desk, three):
        one, two = desk.case_id("Birch Lane"), desk.case_id("Zinc")
        desk.change_case(SetStage(one, "First talks"))
        desk.change_case(Several((SetStage(two, "Offer"), SetCaseResult(two, "lost", "2026-03-08"))))
        desk.change_case(MergeCases(two, one))
        found = desk.case("Birch Lane", TODAY)
        assert [c["title"] for c in found["timeline"]] == ["other", "second", "first"]
        assert (found["stage"], found["result"], found["result_at"]) == ("First talks", "lost", "2026-03-08")
        assert {s["text"] for s in found["steps"]} == {"Send the list", "Call again", "Write"}
        assert desk.find(three["other"]).case == "Birch Lane"
        with pytest.raises(NotFound):
            desk.case("Zinc")

    def test_a_call_given_another_case_since_stays_there(self, desk, three):
        undo = desk.change_case(MergeCases(desk.case_id("Zinc"), desk.case_id("Birch Lane")))
        desk.amend(three["other"], amend.SetCase("Kestrow"))
        desk.change_case(undo)
        assert desk.find(three["other"]).case == "Kestrow"

    @pytest.mark.parametrize(
        "change",
        [
            lambda one, two: RenameCase(one, "zinc"),
            lambda one, two: RenameCase(one, " \n "),
            lambda one, two: MergeCases(one, one),
            lambda one, two: SetCaseResult(one, "perhaps", "2026-03-09"),
            lambda one, two: MergeCases(one, "0" * 32),
            lambda one, two: Several((SetStage(one, "Offer"), RenameCase(one, "zinc"))),
        ],
        ids=["a name there is", "no name", "with itself", "no result", "with nothing", "the last of several"],
    )
    def test_what_makes_no_sense_is_refused_and_nothing_is_changed(self, desk, three, change):
        before = seen(desk)
        with pytest.raises(InputError):
            desk.change_case(change(desk.case_id("Birch Lane"), desk.case_id("Zinc")))
        assert seen(desk) == before

    def test_a_name_taken_meanwhile_stops_the_undo_of_a_merge(self, desk, three):
        undo = desk.change_case(MergeCases(desk.case_id("Zinc"), desk.case_id("Birch Lane")))
        desk.change_case(RenameCase(desk.case_id("Birch Lane"), "Zinc"))
        before = seen(desk)
        with pytest.raises(InputError):
            desk.change_case(undo)
        assert seen(desk) == before

    def test_they_are_kept_beside_the_history(self, desk, three, own_home):
        desk.change_case(SetCaseResult(desk.case_id("Zinc"), "won", "2026-03-09"))
        desk.change_case(MergeCases(desk.case_id("Zinc"), desk.case_id("Birch Lane")))
        kept = json.loads(gzip.decompress((own_home / "cases.json.gz").read_bytes()))
        assert kept["format"] == "coachdesk.cases/1"
        assert [row["name"] for row in kept["tables"]["cases"]] == ["Birch Lane"]
        assert [row["kind"] for row in kept["tables"]["event"]] == ["case_result", "case_merge"]
        of_call = json.loads(gzip.decompress((own_home / "calls" / f"{three['other']}.json.gz").read_bytes()))
        assert [row["name"] for row in of_call["tables"]["cases"]] == ["Birch Lane"]


class TestNextSteps:
    def test_what_is_late_is_said_to_be_due_and_stays_open(self, desk, three):
        found = desk.next_steps(today=TODAY)
        assert [(s["text"], s["standing"], s["state"]) for s in found] == [
            ("Send the list", "due", "open"),
            ("Call again", "open", "open"),
            ("Write", "open", "open"),
        ]

    @pytest.mark.parametrize("state", ["kept", "slipped", "dropped"])
    def test_what_became_of_one_is_said_by_a_person_and_undone(self, desk, three, state):
        step = desk.next_steps(today=TODAY)[0]
        before = seen(desk)
        undo = desk.set_step(step["id"][:6], state)
        assert step["id"] not in {s["id"] for s in desk.next_steps()}
        assert [s["standing"] for s in desk.case("Birch Lane", TODAY)["steps"]] == ["open", state]
        desk.amend(three["first"], undo)
        assert seen(desk) == before

    def test_one_that_is_not_there_is_told(self, desk, three):
        for wrong in ("", "zzz", "%"):
            with pytest.raises(NotFound):
                desk.set_step(wrong, "kept")
        with pytest.raises(InputError):
            desk.set_step(desk.next_steps()[0]["id"], "perhaps")
