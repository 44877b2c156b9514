"""Words that are nearly right, and answers for programs: refused with a sentence, given as one document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coachdesk.cli import main
from coachdesk.desk.desk import open_desk
from tests.conftest import MICRO_MODEL
from tests.desk.conftest import bring_words


@pytest.fixture
def call(own_home: Path, tmp_path: Path) -> str:
    with open_desk(str(own_home)) as desk:
        return bring_words(desk, tmp_path, "words")


@pytest.fixture
def say(own_home: Path, capsys: pytest.CaptureFixture[str]):
    """Runs a command; returns what it printed, on stderr where it is refused."""

    def run(*words: object, status: int = 0) -> str:
        capsys.readouterr()
        try:
            ended = main(["--home", str(own_home), *map(str, words)])
        except SystemExit as refused:  # how argparse refuses
            ended = int(refused.code or 0)
        assert ended == status
        printed = capsys.readouterr()
        return printed.err if status else printed.out

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("amend", "CALL", "--fact", "OPN-01=present@1:²"), "1:² is no time; write it like 1:24"),
        (("amend", "CALL", "--leave-out", "needs=²"), "² is no start of a line."),
        (("amend", "CALL", "--speaker", "1-²=left"), "1-² are no lines."),
        (("amend", "CALL", "--split", "1@²=left"), "1@² is no place to cut."),
        (("comment", "CALL", "--at", "1:²", "here"), "1:² is no time; write it like 1:24"),
    ],
)
def test_a_sign_that_only_looks_like_a_digit_is_refused(say, call, words, said):
    assert said in say(*(call if word == "CALL" else word for word in words), status=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("trends", "--kind", "nope"), "There is no kind of call nope.\nThere are: "),
        (("moments", "--kind", "nope"), "There is no kind of call nope.\nThere are: "),
        (("moments", "--rule", "nope"), "There is no rule nope.\nThere are: "),
    ],
)
def test_what_nothing_can_be_chosen_by_is_refused_with_what_there_is(say, call, words, said):
    refused = say(*words, status=2)
    assert said in refused and ("sales_discovery" in refused or "OPN-01" in refused)


def test_what_there_is_can_be_chosen_also_where_it_finds_nothing(say, call):
    say("trends", "--kind", "recruiting_intake")
    say("moments", "--kind", "recruiting_intake", "--rule", "OPN-01")


class TestOneDocument:
    """With --json stdout is exactly one document, whatever the command does."""

    @pytest.fixture
    def given(self, say):
        return lambda *words: json.loads(say(*words, "--json"))

    def test_of_playbooks(self, given, tmp_path, own_home):
        path = tmp_path / "mine.toml"
        assert given("playbooks", "copy", "sales_discovery", "mine", "-o", path) == {
            "copied": "mine",
            "path": str(path),
        }
        checked = given("playbooks", "check", path)
        assert checked["checked"] == "mine" and checked["rules"] > 10
        own = str(own_home / "playbooks" / "mine.toml")
        assert given("playbooks", "copy", "sales_discovery", "mine") == {"copied": "mine", "path": own}

    def test_of_the_bin(self, given, say, call):
        say("delete", call, "--bin")
        assert given("bin", "restore", call[:8]) == {"restored": call, "title": "words"}
        say("delete", call, "--bin")
        assert given("bin", "empty") == {"removed": 1}

    def test_of_drafts_where_there_are_none(self, given):
        assert given("transcribe", "--drafts") == []

    def test_of_planned_questions_written_to_a_file(self, given, say, tmp_path):
        (tmp_path / "in.txt").write_text("What did you do first?\nWhich hours suit you?\n")
        say("guide", "Driver", "--from", tmp_path / "in.txt")
        out = tmp_path / "out.txt"
        assert given("guide", "Driver", "--to", out) == {"written": str(out), "questions": 2} and out.exists()

    def test_of_models(self, given, own_home, capsys):
        assert given("models", "add", MICRO_MODEL, "--name", "micro") == {"added": "micro"}
        assert given("models", "verify", "micro") == {"verified": "micro", "problems": []}
        next((own_home / "models" / "micro").glob("*.json")).write_text("changed")
        assert main(["--home", str(own_home), "models", "verify", "micro", "--json"]) == 2
        assert json.loads(capsys.readouterr().out)["problems"]
