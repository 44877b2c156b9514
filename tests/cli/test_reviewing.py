"""`comment` and `score` as typed: what is printed, what is one JSON document, what is refused with status 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coachdesk.cli import main
from coachdesk.desk.desk import open_desk
from tests.desk.conftest import bring_words

WHOLE = ("plan=yes", "listening=4", "questions=3", "recap=no", "ending=dated")


@pytest.fixture
def call(own_home: Path, tmp_path: Path) -> str:
    with open_desk(str(own_home)) as desk:
        return bring_words(desk, tmp_path, "words")


@pytest.fixture
def say(own_home: Path, capsys: pytest.CaptureFixture[str]):
    """Runs a command; returns what it printed."""

    def run(*words: str, status: int = 0) -> str:
        capsys.readouterr()
        assert main(["--home", str(own_home), *words]) == status
        printed = capsys.readouterr()
        return printed.err if status else printed.out

    return run


def test_a_thread_from_the_first_word_to_the_last(say, call) -> None:
    first = say("comment", call, "--at", "0:04", "--until", "0:08", "Ask what it costs them.").strip()
    say("comment", call, "--reply-to", first[:8], "I will.")
    found = json.loads(say("comment", "--resolve", first[:8], "--json"))
    assert [(c["text"], c["start_ms"], c["end_ms"], c["reply_to"], c["resolved"]) for c in found] == [
        ("Ask what it costs them.", 4_000, 8_000, None, True),
        ("I will.", 4_000, None, first, True),
    ]
    shown = say("show", call)
    assert "0:04  Ask what it costs them.  (resolved)" in shown and "↳ I will." in shown
    say("comment", "--reopen", first)
    say("comment", "--edit", first, "Ask for a number.")
    say("comment", "--remove", found[1]["id"])
    assert [c["text"] for c in json.loads(say("show", call, "--json"))["comments"]] == ["Ask for a number."]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("CALL", "no moment"), "--at 1:24"),
        (("CALL", "--at", "59:00", "late"), "1:24"),
        (("--resolve", "0123"), "There is no comment 0123."),
        (("CALL", "--reply-to", "0123", "to nobody"), "There is no comment 0123."),
    ],
)
def test_a_comment_that_cannot_be_is_refused(say, call, words, said) -> None:
    assert said in say("comment", *(call if word == "CALL" else word for word in words), status=2)


def test_two_people_score_blind_and_then_see_both(say, call) -> None:
    given = json.loads(
        say("score", call, "--as", "Lena", "--card", "conversation", *WHOLE, "--note", "plan=before hello",
            "--pin", "plan=0:02", "--json")
    )  # fmt: skip
    plan = given[0]["entries"][0]["answers"]["plan"]
    assert plan == {"value": "yes", "note": "before hello", "moment": {"start_ms": 2_000, "end_ms": 9_200}}
    before = say("score", call, "--as", "Dan", "--card", "conversation", "plan=no")
    assert "Lena: complete, shown when yours is complete too" in before and "before hello" not in before
    after = say("score", call, "--as", "Dan", "--card", "conversation", *WHOLE[1:])
    assert "Lena: Yes  ▶ 0:02  “before hello”" in after and "[plan]  (differs)" in after
    assert "Lena: complete" in say("show", call, "--as", "Dan")
    cards = json.loads(say("show", call, "--as", "Dan", "--json"))["scorecards"]
    assert [entry["hidden"] for entry in cards[1]["entries"]] == [False, False]


def test_without_answers_it_shows_what_can_be_answered(say, call) -> None:
    shown = say("score", call)
    assert "[sales_discovery]" in shown and "1 Answers were cut short" in shown
    assert "asked: A question came first" in shown and "To be answered by you:" in shown
    assert [card["card"] for card in json.loads(say("score", call, "--json"))] == ["sales_discovery", "conversation"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan=yes",), "sales_discovery, conversation"),
        (("--card", "conversation", "listening=6"), "A whole number from 1 to 5."),
        (("--card", "conversation", "--pin", "plan=soon"), "Write the time like 1:24."),
        (
            (
                "--card",
                "conversations",
            ),
            "There is no scorecard conversations here.",
        ),
    ],
)
def test_answers_that_do_not_fit_are_refused(say, call, words, said) -> None:
    assert said in say("score", call, *words, status=2)


def test_a_playbook_shows_its_cards_and_lines_of_the_brief(say) -> None:
    shown = say("playbooks", "show", "sales_discovery").splitlines()
    assert shown[shown.index("Scorecards") + 1] == "  Discovery: 9 criteria  [sales_discovery]"
    assert "  Need  [need]" in shown[shown.index("Lines of the brief") :]


def test_what_is_handed_on_holds_answers_and_comments(say, call, tmp_path: Path) -> None:
    say("score", call, "--card", "conversation", "plan=yes", "listening=4")
    say("comment", call, "--at", "0:04", "Ask what it costs them.")
    say("export", call, "--format", "md", "-o", str(tmp_path / "call.md"))
    page = (tmp_path / "call.md").read_text("utf-8")
    assert "\n## Scorecard: Conversation\n" in page and "  - A plan for the call near its start: Yes\n" in page
    assert "\n## Comments\n\n- [0:04] Ask what it costs them.\n" in page
