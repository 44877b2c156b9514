"""Results out of a CSV file: whatever wrote it, shown before it is done, done and undone as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk import amend, results_file
from coachdesk.desk.amend_case import SetCaseResult, SetStage
from coachdesk.desk.desk import Desk
from coachdesk.desk.results_import import change_of
from coachdesk.errors import InputError, NotFound
from coachdesk.sentences import result_problem
from tests.desk.test_library import call

TODAY = date(2026, 3, 10)


@pytest.fixture
def calls(desk: Desk, tmp_path: Path) -> dict[str, str]:
    return {
        "first": call(desk, tmp_path, "First talk", on="2026-03-01", case="Birch Lane"),
        "second": call(desk, tmp_path, "Second talk", on="2026-03-05", case="Zinc"),
        "alone": call(desk, tmp_path, "Alone", on="2026-03-06"),
    }


@pytest.fixture
def shown(desk: Desk, calls: dict[str, str], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def preview(text: str | bytes) -> dict[str, Any]:
        path = tmp_path / "results.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return desk.preview_results(path, TODAY)

    return preview


def state(desk: Desk) -> list[Any]:
    cases = [(c["name"], c["stage"], c["result"], c["result_at"]) for c in desk.cases(TODAY)]
    return [cases, [(c["title"], c["result"]) for c in desk.calls()]]


def told(found: dict[str, Any]) -> list[str]:
    """The code of each line's problem, "" where there is none."""
    return [line["problem"]["code"] if line["problem"] else "" for line in found["lines"]]


PLAIN = "case,result,date\nMüller,Won,8.3.2026\n"


def read(folder: Path, data: bytes) -> results_file.Table:
    (folder / "results.csv").write_bytes(data)
    return results_file.read(folder / "results.csv", {"account": "case"})


class TestTheFile:
    @pytest.mark.parametrize(
        "data",
        [
            PLAIN.encode(),
            b"\xef\xbb\xbf" + PLAIN.encode(),
            PLAIN.encode("utf-16"),
            PLAIN.replace(",", ";").encode("cp1252"),
            PLAIN.replace(",", "\t").replace("\n", "\r\n").encode(),
            "Account|Outcome|Close date|Owner\nMüller|Won|8.3.2026|A, B; C\n".encode("cp1252"),
            '"CASE";"Result";" date "\n" Müller ";"Won";"8.3.2026"\n\n;;\n'.encode(),
        ],
        ids=["plain", "with a mark", "utf-16", "semicolons", "tabs", "other names", "quoted, spaces, empty lines"],
    )
    def test_whatever_wrote_it_it_is_read(self, tmp_path, data):
        (line,) = read(tmp_path, data).lines
        assert (line.number, line["case"], line["result"], line["date"]) == (2, "Müller", "Won", "8.3.2026")
        assert line["stage"] == ""

    @pytest.mark.parametrize(
        "above",
        ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\n", "\r\n\n", ";;;\n", "\ufeffsep=;\n\n"],
    )
    def test_what_a_spreadsheet_writes_above_the_columns_is_passed_over(self, tmp_path, above):
        found = read(tmp_path, (above + PLAIN.replace(",", ";")).encode())
        (line,) = found.lines
        assert (line["case"], line["result"], line["date"]) == ("Müller", "Won", "8.3.2026")
        assert found.delimiter == ";" and found.ignored == ()
        assert line.number == 2 + len(above.splitlines()), "as an editor counts"

    def test_the_delimiter_it_says_is_the_one(self, tmp_path):
        found = read(tmp_path, b"sep=\t\ncase\tresult\nA,B;C\twon\n")
        assert found.delimiter == "\t" and found.lines[0]["case"] == "A,B;C"

    def test_columns_nobody_knows_are_named(self, tmp_path):
        found = read(tmp_path, b"Case,Owner,Result,Amount\nBirch Lane,Dan,won,500\n")
        assert found.ignored == ("Owner", "Amount") and found.columns == {"case": "Case", "result": "Result"}

    @pytest.mark.parametrize(
        "data",
        [b"", b"name,amount\nx,1\n", b"case,amount\nx,1\n", b"result\nwon\n", b"\0\1\2\xff\xfe", b"\xff\xfe\0"],
        ids=["empty", "no column", "nothing to set", "of nobody", "no text", "half a letter"],
    )
    def test_what_cannot_be_used_says_what_is_wanted(self, tmp_path, data):
        with pytest.raises(InputError) as wrong:
            read(tmp_path, data)
        assert wrong.value.hint

    def test_one_that_is_not_there_is_told(self, tmp_path):
        with pytest.raises(InputError):
            results_file.read(tmp_path / "none.csv", {})

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2026-03-08", date(2026, 3, 8)),
            ("20260308", date(2026, 3, 8)),
            ("2026-03-08 10:00", date(2026, 3, 8)),
            ("8.3.2026", date(2026, 3, 8)),
            ("31.12.2026", date(2026, 12, 31)),
            ("3/8/2026", None),
            ("31.2.2026", None),
            ("soon", None),
            ("", None),
        ],
    )
    def test_a_day_is_read_where_it_can_only_be_one(self, text, day):
        assert results_file.day(text) == day


class TestLines:
    def test_a_call_is_meant_by_id_or_by_title_and_day(self, shown, calls):
        text = f"call,title,date,result\n{calls['first'][:8]},,,Moved forward\n,second TALK,2026-03-05,declined\n"
        found = shown(text)
        assert told(found) == ["", ""]
        assert [(line["what"], line["name"], line["changes"][0]["new"]) for line in found["lines"]] == [
            ("call", "First talk", "advanced"),
            ("call", "Second talk", "declined"),
        ]

    def test_a_result_without_a_day_is_of_today(self, shown):
        changes = shown("case,result\nZinc,lost\n")["lines"][0]["changes"]
        assert [c["new"] for c in changes] == ["lost", "2026-03-10"]

    def test_what_is_so_already_changes_nothing(self, desk, shown):
        desk.change_case(SetCaseResult(desk.case_id("Zinc"), "lost", "2026-03-02"))
        found = shown("case,result\nZinc,lost\n")
        assert (found["ready"], found["same"], found["problems"]) == (0, 1, 0)

    def test_a_stage_is_the_persons_word(self, desk, shown):
        found = shown("case,stage\nZinc,Offer sent\n")
        desk.set_results(change_of(found))
        assert desk.case("Zinc")["stage"] == "Offer sent"

    def test_what_fits_nothing_says_why_and_how_to_mend_it(self, shown):
        wrong = {
            "Nobody,,,,won,": "no_case",
            "Birsh Lane,,,,won,": "no_case",
            ",,,,won,": "names_nothing",
            ",,Alone,,advanced,": "title_without_date",
            ",,Alone,2026-03-07,advanced,": "no_call",
            ",abcdef99,,,advanced,": "no_call",
            ",0,,,advanced,": "no_call_id",
            ",zzzzzz,,,advanced,": "no_call_id",
            "zinc,0,,,won,": "no_call_but_case",
            "Zinc,abcdef99,,,won,": "no_call_but_case",
            "Zinc,,First talk,2026-03-01,advanced,": "other_case",
            "Zinc,,Alone,2026-03-06,advanced,": "other_case",
            "Zinc,,,,perhaps,": "unknown_result",
            ",,Alone,2026-03-06,won,": "unknown_result",
            "Zinc,,,3/4/2026,won,": "unclear_date",
            ",,Alone,2026-03-06,,Offer": "call_without_case",
            "Zinc,,,2026-03-06,,": "sets_nothing",
        }
        found = shown("\n".join(["case,call,title,date,result,stage", *wrong]))
        assert told(found) == list(wrong.values()) and found["problems"] == len(wrong)
        assert [line["line"] for line in found["lines"]] == list(range(2, 2 + len(wrong)))
        for line in found["lines"]:
            said, mend = result_problem(**line["problem"])
            assert said.endswith(".") and mend and "{" not in said + mend
        assert "Birch Lane" in result_problem(**found["lines"][1]["problem"])[1]

    def test_the_number_another_program_gives_a_line_names_no_call(self, shown, calls):
        """Read as the start of a call id, a digit would fit one sooner or later."""
        found = shown("id,account,result\n0,Zinc,won\n01,Birch Lane,lost\n")
        assert [(line["what"], line["name"]) for line in found["lines"]] == [("case", "Zinc"), ("case", "Birch Lane")]
        assert told(found) == ["", ""] and found["ignored"] == ["id"]

    def test_a_call_beside_its_own_case_is_meant(self, shown, calls):
        (line,) = shown(f"case,call,result\nZINC,{calls['second']},declined\n")["lines"]
        assert (line["what"], line["name"], line["problem"]) == ("call", "Second talk", None)

    def test_a_case_takes_the_results_of_its_own_calls_playbooks(self, desk, shown, calls):
        desk.coach(calls["second"], "recruiting_screen")
        found = shown("case,result\nZinc,hired\nBirch Lane,hired\nZinc,won\n")
        assert told(found) == ["", "unknown_result", "unknown_result"]
        assert "won" in found["lines"][1]["problem"]["params"]["allowed"]
        assert "won" not in found["lines"][2]["problem"]["params"]["allowed"]

    def test_two_that_want_different_things_are_both_left_out(self, desk, shown):
        desk.change_case(SetCaseResult(desk.case_id("Zinc"), "won", "2026-03-10"))
        found = shown("case,result\nZinc,won\nBirch Lane,won\nzinc,lost\n")
        assert told(found) == ["conflict", "", "conflict"]
        assert [line["problem"] and line["problem"]["params"]["lines"] for line in found["lines"]] == ["4", None, "2"]

    def test_the_same_said_twice_is_no_conflict(self, shown):
        assert told(shown("case,result\nZinc,won\nZinc,won\n")) == ["", ""]

    def test_several_that_fit_are_asked_about(self, desk, shown, calls):
        desk.amend(calls["alone"], amend.SetTitle("First talk"))
        desk.amend(calls["alone"], amend.SetCase("birch lane"))
        assert told(shown("case,result\nBIRCH LANE,won\n")) == ["several_cases"]
        assert told(shown("case,result\nbirch lane,won\n")) == [""]


class TestDoing:
    TEXT = "case,call,result,stage,date\nBirch Lane,,won,Signed,2026-03-08\n,{second},declined,Over,\nNobody,,won,,\n"

    def test_the_first_look_changes_nothing(self, desk, shown, calls):
        before = state(desk)
        assert shown(self.TEXT.format(**calls))["applied"] is False
        assert state(desk) == before

    def test_it_is_done_as_one_and_undone_as_one(self, desk, shown, calls):
        before = state(desk)
        undo = desk.set_results(change_of(shown(self.TEXT.format(**calls))))
        after = state(desk)
        assert after == [
            [("Zinc", "Over", None, None), ("Birch Lane", "Signed", "won", "2026-03-08")],
            [("Alone", None), ("Second talk", "declined"), ("First talk", None)],
        ]
        again = desk.set_results(undo)
        assert state(desk) == before
        desk.set_results(again)
        assert state(desk) == after

    def test_the_last_import_is_taken_back_from_the_history(self, desk, shown, calls):
        before = state(desk)
        desk.set_results(change_of(shown(self.TEXT.format(**calls))))
        assert desk.take_results_back() == 5
        assert state(desk) == before

    def test_taken_back_twice_it_is_not_written_again(self, desk, shown, calls):
        before = state(desk)
        desk.set_results(change_of(shown(self.TEXT.format(**calls))))
        desk.take_results_back()
        with pytest.raises(NotFound):
            desk.take_results_back()
        assert state(desk) == before

    def test_taken_back_twice_the_import_before_is_taken_back_too(self, desk, shown, calls):
        before = state(desk)
        desk.set_results(change_of(shown("case,stage\nZinc,Offer\n")))
        desk.set_results(change_of(shown("case,stage\nZinc,Signed\n")))
        desk.take_results_back()
        assert desk.case("Zinc")["stage"] == "Offer"
        desk.take_results_back()
        assert state(desk) == before

    def test_undone_in_the_window_and_done_again_it_can_be_taken_back_once(self, desk, shown, calls):
        before = state(desk)
        undo = desk.set_results(change_of(shown(self.TEXT.format(**calls))))
        again = desk.set_results(undo)
        desk.set_results(again)
        assert desk.take_results_back() == 5 and state(desk) == before
        with pytest.raises(NotFound):
            desk.take_results_back()

    def test_where_all_was_said_otherwise_since_the_import_counts_as_taken_back(self, desk, shown, calls):
        desk.set_results(change_of(shown("case,stage\nZinc,Offer\n")))
        desk.change_case(SetStage(desk.case_id("Zinc"), "Started"))
        assert desk.take_results_back() == 0
        with pytest.raises(NotFound):
            desk.take_results_back()

    def test_what_was_said_since_stays(self, desk, shown, calls):
        desk.set_results(change_of(shown(self.TEXT.format(**calls))))
        desk.change_case(SetStage(desk.case_id("Birch Lane"), "Started"))
        assert desk.take_results_back() == 4
        assert desk.case("Birch Lane")["stage"] == "Started" and desk.case("Birch Lane")["result"] is None

    def test_where_there_was_none_it_is_told(self, desk):
        with pytest.raises(NotFound):
            desk.take_results_back()
