"""Scorecards on a desk: acts beside one another, blind until both are in, undone, kept readable, never in the way."""

from __future__ import annotations

from typing import Any

import pytest

from coachdesk.desk import amend
from coachdesk.desk.amend_reviewing import Said
from coachdesk.desk.desk import Desk
from coachdesk.desk.joining import Part, _body
from coachdesk.document import encode
from coachdesk.errors import InputError, NotFound
from coachdesk.history import events
from coachdesk.paths import resource
from coachdesk.spans import Span
from tests.desk.conftest import bring_words

Document = dict[str, Any]
CARD = "conversation"
WHOLE = {"plan": "yes", "listening": "4", "questions": "3", "recap": "no", "ending": "dated"}
OWN = """
[[scorecard]]
id = "ours"
[scorecard.text.en]
name = "Ours"
[[scorecard.criteria]]
id = "room"
kind = "range"
low = 1
high = 5
text.en.name = "Room for {other}"
[[scorecard.criteria]]
id = "plan"
kind = "yes_no"
text.en.name = "A plan"
"""


@pytest.fixture
def call(desk: Desk, tmp_path) -> str:
    desk.change(my_name="Dan")
    return bring_words(desk, tmp_path, "words")


def card(desk: Desk, call: str, viewer: str = "", card_id: str = CARD) -> Document:
    return next(c for c in desk.review(call, viewer).scorecards if c["card"] == card_id)


def entries(desk: Desk, call: str, viewer: str = "") -> dict[str, Document]:
    return {entry["as"]: entry for entry in card(desk, call, viewer)["entries"]}


def values(entry: Document) -> Document:
    return {name: answer["value"] for name, answer in entry["answers"].items()}


def test_answers_stand_beside_one_another_in_the_cards_order(desk: Desk, call: str) -> None:
    desk.score(call, CARD, Said({"recap": "no"}, {"recap": "only the number"}, {"recap": 4_000}))
    desk.score(call, CARD, Said({"listening": "4"}))
    desk.score(call, CARD, Said(notes={"recap": "a number"}))
    entry = entries(desk, call)["Dan"]
    assert list(entry["answers"]) == ["listening", "recap"] and values(entry) == {"listening": 4, "recap": "no"}
    assert entry["answers"]["recap"]["note"] == "a number"
    assert entry["answers"]["recap"]["moment"] == {"start_ms": 4_000, "end_ms": desk.find(call).duration_ms}
    assert entry["mine"] and not entry["complete"] and not entry["hidden"]
    assert card(desk, call)["missing"] == ["plan", "questions", "ending"]


def test_others_are_blind_until_both_are_in(desk: Desk, call: str) -> None:
    desk.score(call, CARD, Said({**WHOLE, "listening": "2", "keep": "the hedgehog story"}), "Lena")
    desk.score(call, CARD, Said({"plan": "yes"}))
    hidden = entries(desk, call)["Lena"]
    assert hidden["hidden"] and hidden["complete"] and hidden["answers"] == {} and hidden["sum"] is None
    assert "hedgehog" not in encode(desk.review(call)).decode(), "nowhere in the document"
    assert entries(desk, call, "Lena")["Dan"]["hidden"]
    desk.score(call, CARD, Said(WHOLE))
    assert values(entries(desk, call)["Lena"])["listening"] == 2
    assert values(entries(desk, call, "lena")["Dan"]) == values(entries(desk, call)["Dan"])
    assert card(desk, call)["differs"] == ["listening"]
    assert [entry["as"] for entry in card(desk, call)["entries"]] == ["Dan", "Lena"], "the own one first"
    assert [entry["as"] for entry in card(desk, call, "Lena")["entries"]] == ["Lena", "Dan"]


def test_who_is_on_no_side_sees_it_when_two_are_through(desk: Desk, tmp_path) -> None:
    call = bring_words(desk, tmp_path, "nobody")
    desk.score(call, CARD, Said(WHOLE), "Lena")
    assert entries(desk, call)["Lena"]["hidden"]
    desk.score(call, CARD, Said(WHOLE), "Kim")
    assert not any(entry["hidden"] for entry in entries(desk, call).values())


def test_answers_given_before_there_was_a_name_stay_the_persons_own(desk: Desk, tmp_path) -> None:
    call = bring_words(desk, tmp_path, "unnamed")
    desk.score(call, CARD, Said({"plan": "yes"}))
    desk.change(my_name="Dan")
    desk.score(call, CARD, Said({"recap": "yes"}))
    assert {who: values(entry) for who, entry in entries(desk, call).items()} == {
        "Dan": {"plan": "yes", "recap": "yes"}
    }
    assert entries(desk, call, "Lena")["Dan"]["hidden"]


def test_changing_ones_mind_after_the_reveal_is_said(desk: Desk, call: str) -> None:
    desk.score(call, CARD, Said(WHOLE))
    desk.score(call, CARD, Said({"listening": "5"}))
    desk.score(call, CARD, Said(WHOLE), "Lena")
    assert not any(entry["changed_after_reveal"] for entry in entries(desk, call).values())
    desk.score(call, CARD, Said({"listening": "4"}))
    assert {who: e["changed_after_reveal"] for who, e in entries(desk, call).items()} == {"Dan": True, "Lena": False}


def test_undoing_after_the_reveal_leaves_a_trace(desk: Desk, call: str) -> None:
    desk.score(call, CARD, Said(WHOLE), "Lena")
    first = desk.amend(call, amend.Score(CARD, tuple((name, {"value": value}) for name, value in _whole().items())))
    assert entries(desk, call)["Lena"]["answers"], "both are in"
    again = desk.amend(call, first)
    assert "Dan" not in entries(desk, call), "it is undone"
    undo = desk.amend(call, again)
    assert values(entries(desk, call)["Dan"]) == _whole()
    assert not entries(desk, call)["Dan"]["changed_after_reveal"], "done again as it was"
    desk.amend(call, undo)
    desk.score(call, CARD, Said({**WHOLE, "listening": "5"}))
    assert {who: e["changed_after_reveal"] for who, e in entries(desk, call).items()} == {"Dan": True, "Lena": False}


def test_what_was_undone_before_anybody_else_was_through_is_no_change_after_the_reveal(desk: Desk, call: str) -> None:
    desk.score(call, CARD, Said({"plan": "no"}), "Lena")
    undo = desk.amend(call, amend.Score(CARD, tuple((name, {"value": value}) for name, value in _whole().items())))
    desk.amend(call, undo)
    desk.score(call, CARD, Said(WHOLE), "Lena")
    desk.score(call, CARD, Said({**WHOLE, "listening": "5"}))
    assert not any(entry["changed_after_reveal"] for entry in entries(desk, call).values())


def _whole() -> Document:
    return {name: int(value) if value.isdigit() else value for name, value in WHOLE.items()}


def test_each_change_is_undone_and_done_again(desk: Desk, call: str) -> None:
    shown = [card(desk, call)]
    undo = []
    moment = Span(1_000, 2_000)
    nothing = {"value": None, "note": "", "moment": None}
    for part in ({"value": 4}, {"value": 2, "note": "late", "moment": moment}, nothing):
        undo.append(desk.amend(call, amend.Score(CARD, (("listening", part),))))
        shown.append(card(desk, call))
    assert shown[3]["entries"] == shown[0]["entries"] == []
    for back, before, after in zip(reversed(undo), reversed(shown[:-1]), reversed(shown[1:]), strict=True):
        again = desk.amend(call, back)
        assert card(desk, call) == before
        taken = desk.amend(call, again)
        assert without_times(card(desk, call)) == without_times(after)
        desk.amend(call, taken)


def without_times(found: Document) -> Document:
    return {**found, "entries": [{**entry, "at": ""} for entry in found["entries"]]}


def ruled(found: Document) -> dict[str, str | None]:
    return {c["id"]: c["rule"]["value"] for c in found["criteria"] if c["rule"]}


def test_rules_answer_until_the_person_does_and_count_as_answered(desk: Desk) -> None:
    call = desk.open_sample("recruiting_screen")
    found = card(desk, call, card_id="interview_process")
    assert ruled(found) == dict.fromkeys(("told", "motivation", "role", "their_questions"), "yes")
    assert all(c["rule"]["evidence"] for c in found["criteria"] if c["rule"])
    assert found["missing"] == ["planned", "examples", "work_only", "room"]
    by_hand = {"planned": "n/a", "examples": "2", "work_only": "no", "room": "4", "role": "no"}
    desk.score(call, "interview_process", Said(by_hand))
    found = card(desk, call, card_id="interview_process")
    assert found["missing"] == [] and found["entries"][0]["complete"]
    assert found["entries"][0]["answers"]["role"]["value"] == "no", "the person goes first"


def test_what_a_rule_did_not_find_is_no_and_what_it_cannot_tell_stays_open(desk: Desk) -> None:
    found = card(desk, desk.open_sample("sales_discovery"), card_id="sales_discovery")
    assert ruled(found) == {"plan": "no", "numbers": None, "people": "no", "timing": "no", "next_step": "no"}
    assert "numbers" in found["missing"] and "people" not in found["missing"]


def test_an_answer_to_an_earlier_version_stays_readable_and_says_so(desk: Desk, call: str) -> None:
    own = desk.home.playbooks / "sales_discovery.toml"
    shipped = resource("playbooks/sales_discovery.toml").read_text("utf-8")
    own.write_text(shipped + OWN, "utf-8")
    desk.score(call, "ours", Said({"room": "4", "plan": "yes"}, {"room": "let her finish"}))
    old = card(desk, call, card_id="ours")["version"]
    own.write_text((shipped + OWN).replace("high = 5", "high = 3").replace('"ours"', '"ours" # now three'), "utf-8")
    found = card(desk, call, card_id="ours")
    (entry,) = found["entries"]
    assert entry["older"] and entry["version"] == old != found["version"]
    assert entry["answers"]["room"] == {"value": 4, "note": "let her finish", "moment": None}
    assert [(c["id"], c["high"]) for c in entry["criteria"]] == [("room", 5), ("plan", None)]
    assert found["missing"] == ["room"], "what is asked in the same way still stands"
    desk.score(call, "ours", Said({"room": "2"}))
    (entry,) = card(desk, call, card_id="ours")["entries"]
    assert not entry["older"] and values(entry) == {"room": 2, "plan": "yes"}
    own.write_text(shipped, "utf-8")
    gone = card(desk, call, card_id="ours")
    assert gone["gone"] and gone["name"] == "Ours" and values(gone["entries"][0]) == {"room": 2, "plan": "yes"}
    assert gone["criteria"][0]["name"] == "Room for the buyer"


REFUSED: dict[str, tuple[str, Said, type[Exception], str]] = {
    "no such card": ("conversations", Said({"plan": "yes"}), NotFound, "sales_discovery, conversation"),
    "no such criterion": (CARD, Said({"plans": "yes"}), NotFound, "plan, listening"),
    "no such value": (CARD, Said({"listening": "6"}), InputError, "from 1 to 5"),
    "a moment after the end": (CARD, Said({"plan": "yes"}, {}, {"plan": 3_600_000}), InputError, "1:24"),
    "nothing": (CARD, Said(), InputError, "CRITERION=VALUE"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_whole(desk: Desk, call: str, name: str) -> None:
    card_id, said, kind, hint = REFUSED[name]
    more = Said({"recap": "yes", **said.values}, said.notes, said.pins) if name != "nothing" else said
    with pytest.raises(kind) as wrong:
        desk.score(call, card_id, more)
    assert hint in wrong.value.hint
    assert events.of_call(desk._store, call, "card", "score") == []


def test_two_reviews_are_the_same_bytes(desk: Desk, call: str) -> None:
    for who in ("Lena", "Kim", ""):
        desk.score(call, CARD, Said(WHOLE), who)
    first, second = desk.review(call), desk.review(call)
    first.provenance["finished_at"] = second.provenance["finished_at"]
    assert encode(first) == encode(second)


def test_answers_come_along_when_parts_are_joined(desk: Desk, tmp_path) -> None:
    call = bring_words(desk, tmp_path, "part")
    part = Part(desk.find(call), None, (), None, 60_000, False)  # type: ignore[arg-type]
    said = {"answers": {"plan": {"value": "yes", "moment": {"start_ms": 1, "end_ms": 5}}, "recap": {"value": "no"}}}
    assert _body("score", said, part, True)["answers"] == {
        "plan": {"value": "yes", "moment": {"start_ms": 60_001, "end_ms": 60_005}},
        "recap": {"value": "no"},
    }
