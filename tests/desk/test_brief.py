"""The brief of a kept call: lines with their moments, what the person adds and leaves out, own wordings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk import amend
from coachdesk.desk.desk import Desk, open_desk
from coachdesk.document import encode
from coachdesk.errors import InputError, NotFound
from tests.desk.conftest import bring_words, document

SAID = (
    "Hello Priya, the plan for today is to hear how the crews work in the valley.",
    "Our biggest headache is the telephone in the morning, every single day of it.",
    "I see that, of course.",
    "How long does it take you to set up a crew of ten?",
    "Good one, I will ask.",
    "That is fine with us then.",
    "I will send the summary on Thursday.",
    "Thursday works for me.",
)


@pytest.fixture
def call(desk: Desk, tmp_path: Path) -> str:
    return bring_words(desk, tmp_path, "needs", *SAID)


def slots(desk: Desk, call: str) -> dict[str, dict[str, Any]]:
    return {slot["id"]: slot for slot in document(desk, call)["brief"]["slots"]}


def quotes(slot: dict[str, Any]) -> list[str]:
    return [line["quote"] for line in slot["lines"]]


def test_every_line_is_an_utterance_with_its_moment(desk, call):
    found = document(desk, call)
    said = found["transcript"]["utterances"]
    lines = [line for slot in found["brief"]["slots"] for line in slot["lines"]]
    assert len(lines) >= 4
    for line in lines:
        spoken = said[line["utterance"]]
        assert line["quote"] == spoken["text"]
        assert (line["start_ms"], line["end_ms"]) == (spoken["start_ms"], spoken["end_ms"])


def test_what_is_in_it_and_what_is_missing(desk, call):
    found = slots(desk, call)
    assert list(found) == ["purpose", "need", "numbers", "people", "timing", "concerns", "next_step", "open_questions"]
    assert quotes(found["purpose"]) == [SAID[0]]
    assert quotes(found["need"]) == [SAID[1]]
    assert quotes(found["open_questions"]) == [SAID[3]]
    assert quotes(found["next_step"]) == [SAID[6]]
    assert [(line["owner"], bool(line["due"])) for line in found["next_step"]["lines"]] == [("rep", True)]
    assert (found["numbers"]["missing"], found["numbers"]["lines"]) == ("not_found", [])
    assert found["need"]["name"] == "Need"


def test_an_own_fact_stands_beside_the_lines_and_can_be_taken_back(desk, call):
    undo = desk.amend(call, amend.SetBriefFact("numbers", " 40  crews\n a day "))
    assert slots(desk, call)["numbers"]["typed"] == "40 crews a day"
    desk.amend(call, amend.SetBriefFact("numbers", "50 crews"))
    assert slots(desk, call)["numbers"]["typed"] == "50 crews"
    again = desk.amend(call, undo)
    assert slots(desk, call)["numbers"]["typed"] == "50 crews"
    desk.amend(call, again)
    assert slots(desk, call)["numbers"]["typed"] == "40 crews a day"  # done again, it is the last word
    desk.amend(call, amend.SetBriefFact("numbers", ""))
    assert slots(desk, call)["numbers"]["typed"] == ""


def test_a_line_is_left_out_and_put_back(desk, call):
    start = slots(desk, call)["need"]["lines"][0]["start_ms"]
    undo = desk.amend(call, amend.DropBriefLine("need", start))
    found = slots(desk, call)["need"]
    assert (quotes(found), [line["quote"] for line in found["dropped"]]) == ([], [SAID[1]])
    desk.amend(call, undo)
    assert quotes(slots(desk, call)["need"]) == [SAID[1]]
    desk.amend(call, amend.DropBriefLine("need", start))
    desk.amend(call, amend.DropBriefLine("need", start, dropped=False))
    assert quotes(slots(desk, call)["need"]) == [SAID[1]]


def test_a_slot_that_is_not_there_is_named(desk, call):
    with pytest.raises(NotFound) as wrong:
        desk.amend(call, amend.SetBriefFact("budget", "none"))
    assert "need" in wrong.value.hint


def test_a_step_of_the_persons_own_has_no_moment(desk, call):
    desk.amend(call, amend.SetStep("Send the papers", owner="rep", due="2026-12-01"))
    own = slots(desk, call)["next_step"]["lines"][-1]
    assert (own["quote"], own["start_ms"], own["utterance"], own["due"]) == (
        "Send the papers",
        None,
        None,
        "2026-12-01",
    )


def test_words_that_do_not_carry_it_are_said_to_be(desk, call):
    with desk._store.write() as store:
        store.execute("UPDATE transcript SET draft = 1, grade = 'rough' WHERE call_id = ?", (call,))
    desk.amend(call, amend.SetBriefFact("need", "The telephone"))
    found = document(desk, call)["brief"]
    assert found["reason"] == "draft"
    need = next(slot for slot in found["slots"] if slot["id"] == "need")
    assert (need["lines"], need["missing"], need["typed"]) == ([], "draft", "The telephone")


def test_two_runs_over_the_same_history_are_byte_equal(own_home, desk, call):
    desk.amend(call, amend.SetBriefFact("numbers", "40 crews"))
    first = encode([desk.review(call).brief, desk.review(call).guide])
    with open_desk(str(own_home)) as again:
        with again._store.write():
            again._store.execute("DELETE FROM derived")
        assert encode([again.review(call).brief, again.review(call).guide]) == first


class TestWhatTheOtherSideBringsUp:
    SAID = (
        "What are you looking for in your next role?",
        "I am married with two kids, and I was born in Oslo. Do you ask how old are you there?",
        "What is your current salary?",
        "I make 85 right now, and the bonus and the benefits.",
    )

    def test_it_is_nowhere_in_the_document_but_in_the_words(self, desk, tmp_path):
        call = bring_words(desk, tmp_path, "screen", *self.SAID)
        desk.coach(call, "recruiting_screen")
        found = document(desk, call)
        hits = [hit for hit in found["tracker_hits"] if hit["tracker"].startswith(("protected:", "private:"))]
        assert {hit["utterance"] for hit in hits} == {2}
        handed_on = str([found["brief"], found["guide"]])
        assert "85" not in handed_on and "married" not in handed_on and "current salary" not in handed_on


class TestOwnWordings:
    def test_they_are_kept_in_the_home_and_reset(self, desk):
        assert desk.templates() == {"mail": "", "note": "", "self": ""}
        desk.word("mail", "Hello {other_name},\r\n{next_steps}\n{motivation}")
        assert desk.templates()["mail"] == "Hello {other_name},\n{next_steps}\n{motivation}"
        assert (desk.home.templates / "mail.txt").is_file()
        desk.word("mail", " ")
        assert desk.templates()["mail"] == "" and not (desk.home.templates / "mail.txt").exists()

    def test_a_blank_nothing_fills_is_named_with_its_line(self, desk):
        with pytest.raises(InputError, match=r"Line 2: nothing fills \{nxt_steps\}") as wrong:
            desk.word("note", "Hello,\n{nxt_steps}")
        assert "{next_steps}" in wrong.value.hint and "{motivation}" in wrong.value.hint
        assert desk.templates()["note"] == ""

    def test_there_are_three(self, desk):
        with pytest.raises(NotFound):
            desk.word("fax", "Hello")

    def test_one_without_end_is_refused(self, desk):
        with pytest.raises(InputError):
            desk.word("self", "word " * 5_000)
