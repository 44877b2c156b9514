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
