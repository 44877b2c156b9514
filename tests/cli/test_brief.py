"""brief, guide and templates in the terminal, and what `amend` says of them; each command in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coachdesk.cli.arguments import parser
from coachdesk.cli.commands import COMMANDS
from coachdesk.desk.desk import open_desk
from coachdesk.errors import InputError, NotFound
from tests.desk.conftest import bring_words

SAID = (
    "Can you tell me about a time when a delivery plan fell apart?",
    "Our biggest headache is the truck company, and it closed down on a Thursday.",
    "What did you do first?",
    "I sat down and sorted the loads.",
    "I will send you the summary on Thursday.",
    "Thursday works for me, and how do you work with the crews?",
)
GUIDE = "* Tell me about a time when a delivery plan fell apart.\n    What did you do first?\nWhich hours suit you?\n"

Run = Callable[..., str]


@pytest.fixture
def run(own_home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command; returns what it said on stdout."""

    def one(*words: str) -> str:
        asked = parser().parse_args(["--home", str(own_home), *words])
        assert COMMANDS[asked.command](asked) == 0
        return capsys.readouterr().out

    return one


@pytest.fixture
def call(own_home: Path, tmp_path: Path) -> str:
    with open_desk(str(own_home)) as desk:
        return bring_words(desk, tmp_path, "first", *SAID)


def as_json(text: str) -> Any:
    return json.loads(text)


class TestBrief:
    def test_as_a_page(self, run, call):
        page = run("brief", call[:8])
        assert (
            "Need  [need]" in page and "▶ 0:04" in page and SAID[1].split(",")[0] in page.replace("\n           ", " ")
        )
        assert "Numbers  [numbers]\n  – not found" in page

    def test_as_one_document_with_all_three_texts(self, run, call):
        found = as_json(run("brief", call, "--json"))
        assert found["call"] == call and found["outputs"].keys() == {"mail", "note", "self"}
        need = next(slot for slot in found["slots"] if slot["id"] == "need")
        assert need["lines"][0].keys() >= {"start_ms", "end_ms", "utterance", "quote"}
        for kind, text in found["outputs"].items():
            assert run("brief", call, "--as", kind) == text

    def test_own_words_and_lines_left_out(self, run, call):
        start = next(s for s in as_json(run("brief", call, "--json"))["slots"] if s["id"] == "need")["lines"][0][
            "start_ms"
        ]
        run("amend", call, "--brief", "numbers=40 crews", "--leave-out", f"need={start}", "--json")
        page = run("brief", call)
        assert "You wrote: 40 crews" in page and "Need  [need]\n  – not found" not in page and SAID[1][:20] not in page
        with pytest.raises(InputError):
            run("amend", call, "--leave-out", "need=0:04")

    def test_a_line_that_is_not_there_is_refused(self, run, call):
        before = run("brief", call, "--json")
        with pytest.raises(NotFound, match="No line of need starts at 99999999 ms") as wrong:
            run("amend", call, "--leave-out", "need=99999999")
        assert wrong.value.hint == "Its lines start at 4000 (ms)."
        with pytest.raises(NotFound) as wrong:
            run("amend", call, "--leave-out", "numbers=4000")
        assert wrong.value.hint == "Nothing was found for it."
        with pytest.raises(NotFound, match="no slot nothing"):
            run("amend", call, "--leave-out", "nothing=4000")
        assert run("brief", call, "--json") == before

    def test_two_runs_are_byte_equal(self, run, call):
        assert run("brief", call, "--json") == run("brief", call, "--json")


class TestTemplates:
    def test_set_used_and_reset(self, run, call, tmp_path):
        path = tmp_path / "own.txt"
        path.write_text("Dear {other_name}\n\n{need}\n\n{numbers}", "utf-8")
        run("templates", "set", "mail", str(path))
        assert "mail   your own" in run("templates")
        assert run("brief", call, "--as", "mail") == f"Dear Priya\n\n- “{SAID[1]}”\n"
        assert run("templates", "show", "mail").startswith("Dear {other_name}")
        run("templates", "reset", "mail")
        assert "{next_steps}" in run("templates", "show", "mail")

    def test_a_wrong_blank_is_refused(self, run, tmp_path):
        path = tmp_path / "own.txt"
        path.write_text("{needs}", "utf-8")
        with pytest.raises(InputError, match=r"Line 1: nothing fills \{needs\}"):
            run("templates", "set", "note", str(path))
        with pytest.raises(InputError, match="cannot be read"):
            run("templates", "set", "note", str(tmp_path / "nowhere.txt"))

    def test_an_empty_file_is_no_wording_and_takes_none_away(self, run, tmp_path):
        own, empty = tmp_path / "own.txt", tmp_path / "empty.txt"
        own.write_text("Dear {other_name}", "utf-8")
        empty.write_text(" \n", "utf-8")
        run("templates", "set", "mail", str(own))
        with pytest.raises(InputError) as wrong:
            run("templates", "set", "mail", str(empty))
        assert "templates reset" in wrong.value.hint
        assert run("templates", "show", "mail") == "Dear {other_name}\n"


class TestGuide:
    def test_plain_text_in_and_out(self, run, tmp_path):
        assert "No position" in run("guide")
        path, out = tmp_path / "in.txt", tmp_path / "out.txt"
        path.write_text(GUIDE, "utf-8")
        assert run("guide", "Planner", "--from", str(path)) == GUIDE
        run("guide", "planner", "--to", str(out))
        assert out.read_text("utf-8") == GUIDE
        assert run("guide") == "Planner: 2 questions, 0 calls\n"
        assert as_json(run("guide", "--json")) == [{"title": "Planner", "questions": 2, "calls": 0}]

    def test_on_a_call_and_side_by_side(self, run, call, tmp_path):
        path = tmp_path / "in.txt"
        path.write_text(GUIDE, "utf-8")
        run("guide", "Planner", "--from", str(path))
        page = run("guide", "Planner", "--call", call)
        assert "asked as planned" in page and "▶ 0:08  What did you do first?" in page and "I did not find it" in page
        beside = run("guide", "Planner", "--across")
        assert call[:8] in beside and "asked as planned" in beside
        assert len(as_json(run("guide", "Planner", "--across", "--json"))["questions"]) == 2

    def test_one_call_is_a_call(self, run, call, tmp_path):
        path = tmp_path / "in.txt"
        path.write_text("Which hours suit you?\n", "utf-8")
        run("guide", "Planner", "--from", str(path))
        run("amend", call, "--position", "Planner")
        assert run("guide") == "Planner: 1 question, 1 call\n"

    def test_said_to_be_asked_or_not(self, run, call, tmp_path):
        path = tmp_path / "in.txt"
        path.write_text(GUIDE, "utf-8")
        run("guide", "Planner", "--from", str(path))
        run("amend", call, "--position", "Planner")
        first, second = (q["id"] for q in as_json(run("guide", "Planner", "--json"))["questions"])
        run("amend", call, "--not-asked", first, "--asked", f"{second}=0:16")
        page = run("guide", "Planner", "--call", call)
        assert "not asked, as you said" in page and "asked, as you said" in page
        with pytest.raises(InputError):
            run("amend", call, "--asked", f"{second}=soon")

    def test_a_planned_question_on_a_protected_topic_is_told_with_another_way_to_ask(
        self, run, tmp_path, own_home, capsys
    ):
        path = tmp_path / "in.txt"
        path.write_text("How old are you?\n", "utf-8")
        asked = parser().parse_args(["--home", str(own_home), "guide", "Planner", "--from", str(path)])
        COMMANDS["guide"](asked)
        said = capsys.readouterr().err
        assert "may touch a protected topic" in said and "not legal advice" in said and "at least 18" in said

    def test_what_is_not_there_is_named(self, run):
        with pytest.raises(NotFound, match="no position Driver"):
            run("guide", "Driver")
