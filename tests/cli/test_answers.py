"""Words that are nearly right, and answers for programs: refused with a sentence, given as one document."""

from __future__ import annotations

from pathlib import Path

import pytest

from coachdesk.cli import main
from coachdesk.desk.desk import open_desk
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
