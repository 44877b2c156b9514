"""Cases, next steps, results, trackers and moments on the terminal: what is said, what is given, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coachdesk.cli.arguments import parser
from coachdesk.cli.commands import COMMANDS
from coachdesk.desk import amend
from coachdesk.desk.desk import open_desk
from coachdesk.errors import CoachDeskError
from tests.desk.test_cases import ASKED, CONCERN
from tests.desk.test_library import call

Run = Callable[..., str]


@pytest.fixture
def calls(own_home: Path, tmp_path: Path) -> dict[str, str]:
    with open_desk(str(own_home)) as desk:
        made = {
            "first": call(
                desk,
                tmp_path,
                "First",
                "Hello Priya.",
                ASKED,
                "Let me check.",
                CONCERN,
                on="2026-03-01",
                case="Birch Lane",
            ),
            "second": call(desk, tmp_path, "Second", "Hi.", "The renewal date?", "Hm.", on="2026-03-05", case="Zinc"),
        }
        desk.amend(made["first"], amend.SetStep("Send the list", due="2026-03-09"))
    return made


@pytest.fixture
def run(own_home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command's stdout; `status` is what it must end with."""

    def command(*words: object, status: int = 0) -> str:
        asked = parser().parse_args(["--home", str(own_home), *map(str, words)])
        assert (COMMANDS[asked.command](asked) or 0) == status
        return capsys.readouterr().out

    return command


def given(said: str) -> Any:
    return json.loads(said)


def test_a_case_is_shown_changed_and_shown_again(run, calls):
    assert [line.split(":")[0] for line in run("case").splitlines()] == ["Zinc", "Birch Lane"]
    shown = given(run("case", "birch lane", "--result", "won", "--date", "2026-03-08", "--stage", "Signed", "--json"))
    assert (shown["result"], shown["result_at"], shown["stage"]) == ("won", "2026-03-08", "Signed")
    page = run("case", "Birch Lane")
    assert "Account: Birch Lane" in page and "Stage: Signed · Result: Won (2026-03-08)" in page
    assert calls["first"][:8] in page and "due      2026-03-09  “Send the list”" in page
    assert ASKED in page, "a question that may still be open"
    assert run("case", "Birch Lane", "--rename", "Birch").splitlines()[0] == "Account: Birch"
    assert given(run("case", "Birch", "--merge-into", "Zinc", "--json"))["calls"] == 2
    assert [one["name"] for one in given(run("case", "--json"))] == ["Zinc"]
    assert given(run("case", "Zinc", "--result", "", "--json"))["result"] is None


def test_what_makes_no_sense_is_refused_with_a_hint_and_changes_nothing(run, calls):
    before = run("case", "Zinc", "--json")
    for words in (
        ("case", "Nobody"),
        ("case", "Zinc", "--result", "perhaps"),
        ("case", "Zinc", "--date", "2026-03-08"),
        ("case", "Zinc", "--stage", "x", "--rename", "Birch Lane"),
        ("case", "Zinc", "--stage", "x", "--merge-into", "Nobody"),
        ("next", "ffff", "kept"),
        ("next", "ffff"),
        ("results", "import"),
        ("results", "undo"),
        ("tracker", "..."),
    ):
        with pytest.raises(CoachDeskError) as refused:
            run(*words)
        assert refused.value.message and refused.value.hint, words
    assert run("case", "Zinc", "--json") == before


def test_next_steps_are_listed_and_one_is_kept(run, calls):
    (step,) = given(run("next", "--due", "--json"))
    assert (step["text"], step["standing"], step["case_name"]) == ("Send the list", "due", "Birch Lane")
    assert step["id"][:8] in run("next")
    assert run("next", step["id"][:8], "kept") == "No open next steps.\n"
    assert "kept" in run("case", "Birch Lane")


def test_results_are_shown_then_done_then_taken_back(run, calls, tmp_path):
    path = tmp_path / "won.csv"
    path.write_text("Account;Result;Owner\nZinc;Won;Dan\nZync;Won;Dan\n")
    looked = run("results", "import", path)
    assert "line 2: Zinc: result: – → won" in looked and "Did you mean Zinc?" in looked
    assert "Columns left out: Owner" in looked and "Nothing is changed yet" in looked
    assert given(run("case", "Zinc", "--json"))["result"] is None
    assert given(run("results", "import", path, "--apply", "--json"))["applied"] is True
    assert given(run("case", "Zinc", "--json"))["result"] == "won"
    assert "1 to change" not in run("results", "import", path)
    assert given(run("results", "undo", "--json")) == {"taken_back": 2}
    assert given(run("case", "Zinc", "--json"))["result"] is None
    path.write_text("case,result\nNobody,won\n")
    run("results", "import", path, status=2)


def test_a_tracker_and_moments_are_said(run, calls):
    said = run("tracker", "renewal date", "--phrase", "old report*")
    assert "Said 2 times, in 2 calls." in said and "▶ 0:04" in said
    assert given(run("tracker", "old reports", "--who", "other", "--json"))["total"] == 1
    assert run("tracker", "zebra") == "I did not find these words.\n"
    assert "No moments yet" in run("moments") and given(run("moments", "--json")) == []
