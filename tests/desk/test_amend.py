"""Small changes a person makes: each takes effect everywhere at once, can be undone, and done again."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk import amend
from coachdesk.desk.desk import Desk, Wanted
from coachdesk.errors import InputError, NotFound
from coachdesk.history import events, sidecar
from coachdesk.model import Role
from coachdesk.paths import resource
from tests.conftest import SAMPLES
from tests.desk.conftest import bring_words, document, sample_lines

Document = dict[str, Any]
IN_TOUCH_MS = 283_500  # "Perfect. And then we'll be in touch": no next step by its words
CLOSING_MS = 235_416  # the last fifth of the sample


@dataclass(frozen=True)
class Seen:
    """Everything the window shows of a call: its document, its row in the library, its open next steps."""

    document: Document
    row: dict[str, Any]
    steps: list[dict[str, Any]]


def seen(desk: Desk, call: str) -> Seen:
    made = document(desk, call)  # reviewed first: that may compute anew
    numbers = desk.library(Wanted())
    row = next(row for row in desk.library_rows(numbers).values() if row["id"] == call)
    return Seen(made, row, [step for step in desk.next_steps() if step["call_id"] == call])


def metric(found: Document, name: str) -> float | None:
    return next(m["value"] for m in found["measurements"] if m["metric"] == name)


def rules(found: Document) -> dict[str, float]:
    return {s["rule"]: s["priority"] for s in [*found["suggestions"], *found["praise"], *found["review_flags"]]}


def hits(found: Document, tracker: str) -> list[int]:
    return [h["start_ms"] for h in found["tracker_hits"] if h["tracker"] == tracker]


def roles(found: Document) -> dict[str, str]:
    return {s["label"]: s["role"] for s in found["speakers"]}


Change = Callable[[Document], amend.Amendment]
Check = Callable[[Seen, Seen], bool]
CHANGES: dict[str, tuple[Change, Check]] = {
    "a title": (
        lambda found: amend.SetTitle("  Second\ncall\x07 "),
        lambda old, new: new.document["call"]["title"] == new.row["title"] == new.steps[0]["title"] == "Second call",
    ),
    "a case": (
        lambda found: amend.SetCase("Birch Lane"),
        lambda old, new: (
            new.document["call"]["case"] == new.row["case_name"] == "Birch Lane"
            and {step["case_name"] for step in new.steps} == {"Birch Lane"}
        ),
    ),
    "no case": (
        lambda found: amend.SetCase(" "),
        lambda old, new: new.document["call"]["case"] is new.row["case_name"] is new.steps[0]["case_name"] is None,
    ),
    "a date": (
        lambda found: amend.SetDate(datetime(2026, 3, 2, 1, 30, tzinfo=timezone(timedelta(hours=2)))),
        lambda old, new: new.document["call"]["started_at"] == new.row["started_at"] == "2026-03-01T23:30:00+00:00",
    ),
    "a result": (
        lambda found: amend.SetResult("advanced"),
        lambda old, new: new.document["call"]["result"] == new.row["result"] == "advanced",
    ),
    "a playbook": (
        lambda found: amend.SetPlaybook("recruiting_screen", "recruiting_screen"),
        lambda old, new: (
            new.document["provenance"]["playbook"] == new.row["kind"] == "recruiting_screen"
            and rules(new.document) != rules(old.document)
        ),
    ),
    "reviewed": (
        lambda found: amend.MarkReviewed(True),
        lambda old, new: new.document["reviewed"] is True and new.row["state"] == "reviewed",
    ),
    "consent": (
        lambda found: amend.NoteConsent("noted", "said at the start"),
        lambda old, new: (
            new.document["call"]["consent"] == {"status": "noted", "basis": "said at the start", "moment_ms": None}
            and new.row["consent"] == "noted"
            and set(rules(old.document)) - set(rules(new.document)) == {"REC-01"}
        ),
    ),
    "a step more": (
        lambda found: amend.SetStep("Ask Dana for the\nlist of crews", due="2026-09-22"),
        lambda old, new: (
            (new.steps[0]["text"], new.steps[0]["due"]) == ("Ask Dana for the list of crews", "2026-09-22")
            and len(new.document["next_steps"]) == 3
        ),
    ),
    "a step in other words": (
        lambda found: amend.SetStep("Send the proposal", found["next_steps"][0]["id"], "other", "2026-09-17"),
        lambda old, new: (
            new.document["next_steps"][0]
            == {
                **old.document["next_steps"][0],
                "text": "Send the proposal",
                "owner": "other",
                "due": "2026-09-17",
                "source": "person",
            }
            and new.document["next_steps"][1] == old.document["next_steps"][1]
        ),
    ),
    "a step dropped": (
        lambda found: amend.SetStep("Not wanted", found["next_steps"][1]["id"], state="dropped"),
        lambda old, new: (
            [s["id"] for s in new.steps] == [old.document["next_steps"][0]["id"]]
            and new.document["next_steps"][1]["state"] == "dropped"
        ),
    ),
    "a wording moment hidden": (
        lambda found: amend.HideWording(found["wording"][1]["start_ms"]),
        lambda old, new: [w["not_useful"] for w in new.document["wording"]][:3] == [False, True, False],
    ),
    "other words": (
        lambda found: amend.CorrectText("58", "We talk again on Friday."),
        lambda old, new: (
            new.document["transcript"]["utterances"][58]["text"] == "We talk again on Friday."
            and new.document["transcript"]["utterances"][58]["corrected"] is True
            and "proposal" not in str(new.document["next_steps"])
        ),
    ),
    "a fact that is there": (
        lambda found: amend.CorrectFact("NXT-01", "present", IN_TOUCH_MS),
        lambda old, new: (
            hits(new.document, "next_step") == [*hits(old.document, "next_step"), 282_760]
            and metric(new.document, "next_step") == metric(old.document, "next_step") + 1
            and [s["start_ms"] for s in new.document["next_steps"]] == [271_730, 279_990, 282_760]
            and len(new.steps) == 3
        ),
    ),
    "a fact that is not there": (
        lambda found: amend.CorrectFact("NXT-02", "absent"),
        lambda old, new: (
            [at for at in hits(new.document, "next_step") if at >= CLOSING_MS] == []
            and metric(new.document, "next_step") == 1
            and new.document["next_steps"] == new.steps == []
            and "NXT-02" not in rules(new.document)
        ),
    ),
    "a fact true but not for me": (
        lambda found: amend.CorrectFact("DIS-01", "not_for_me"),
        lambda old, new: (
            rules(new.document) == {**rules(old.document), "DIS-01": rules(old.document)["DIS-01"] / 2}
            and new.document["tracker_hits"] == old.document["tracker_hits"]
            and new.document["measurements"] == old.document["measurements"]
        ),
    ),
    "a name": (
        lambda found: amend.RenameSpeaker("dana whitlock", " Dana\nWhitlock-Hay "),
        lambda old, new: [s["name"] for s in new.document["speakers"]] == ["Owen Tarrant", "Dana Whitlock-Hay"],
    ),
    "a side": (
        lambda found: amend.SetRole("right", Role.REP),
        lambda old, new: (
            roles(new.document) == {"left": "rep", "right": "rep"} and new.row["talk_ratio"] != old.row["talk_ratio"]
        ),
    ),
    "the sides swapped": (
        lambda found: amend.SwapSpeakers(),
        lambda old, new: (
            roles(new.document) == {"left": "other", "right": "rep"}
            and new.row["talk_ratio"] == pytest.approx(1 - old.row["talk_ratio"], abs=1e-5)
        ),
    ),
}


def without_ids(found: Seen) -> Seen:
    """Acts get a new id and time each time they are done."""
    made = json.loads(json.dumps([found.document, found.row, found.steps]))
    for answer in made[0]["answers"]:
        del answer["event"], answer["at"]
    for step in [*made[0]["next_steps"], *made[2]]:
        step["id"] = step["id"] if step["start_ms"] is not None else ""
    return Seen(*made)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_takes_effect_everywhere_and_is_undone_and_done_again(desk: Desk, name: str) -> None:
    change, takes_effect = CHANGES[name]
    call = desk.open_sample("sales_discovery")
    before = seen(desk, call)
    undo = desk.amend(call, change(before.document))
    after = seen(desk, call)
    assert takes_effect(before, after), name
    redo = desk.amend(call, undo)
    assert seen(desk, call) == before
    undo = desk.amend(call, redo)
    assert without_ids(seen(desk, call)) == without_ids(after)
    desk.amend(call, undo)
    assert seen(desk, call) == before


def test_changes_are_undone_one_after_the_other(desk: Desk) -> None:
    call = desk.open_sample("sales_discovery")
    before = seen(desk, call)
    last = "a playbook"  # its rules can be answered before
    undos = [desk.amend(call, CHANGES[name][0](before.document)) for name in sorted(CHANGES, key=last.__eq__)]
    assert seen(desk, call) != before
    for undo in reversed(undos):
        desk.amend(call, undo)
    assert seen(desk, call) == before


def test_every_change_and_every_undo_is_in_the_sidecar(desk: Desk, own_home: Path) -> None:
    call = desk.open_sample("sales_discovery")

    def title() -> str:
        kept = json.loads(gzip.decompress((own_home / "calls" / f"{call}.json.gz").read_bytes()))
        return str(kept["tables"]["call"][0]["title"])

    before = title()
    undo = desk.amend(call, amend.SetTitle("Second call"))
    assert title() == "Second call"
    desk.amend(call, undo)
    assert title() == before


def test_taking_back_one_of_two_corrections_leaves_the_other(desk: Desk) -> None:
    call = desk.open_sample("sales_discovery")
    heard = document(desk, call)["transcript"]["utterances"][58]["text"]
    first = desk.amend(call, amend.CorrectText("58", "We talk again at Candlemas."))
    second = desk.amend(call, amend.CorrectText("58", "We talk again at Michaelmas."))
    desk.amend(call, second)
    assert document(desk, call)["transcript"]["utterances"][58]["text"] == "We talk again at Candlemas."
    desk.amend(call, first)
    assert document(desk, call)["transcript"]["utterances"][58] == {
        **document(desk, call)["transcript"]["utterances"][58],
        "text": heard,
        "corrected": False,
    }
    assert desk.search("Candlemas")["total"] == desk.search("Michaelmas")["total"] == 0


REFUSED: dict[str, tuple[amend.Amendment, type[Exception]]] = {
    "an empty title": (amend.SetTitle(" \n"), InputError),
    "a result of another trade": (amend.SetResult("hired"), InputError),
    "a playbook there is not": (amend.SetPlaybook("no_such", "no_such"), NotFound),
    "a consent there is not": (amend.NoteConsent("perhaps"), InputError),
    "a step without words": (amend.SetStep("  "), InputError),
    "a step there is not": (amend.SetStep("Call Dana", "f" * 32), NotFound),
    "a state there is not": (amend.SetStep("Call Dana", state="soon"), InputError),
    "an utterance there is not": (amend.CorrectText("500", "Hello."), NotFound),
    "an utterance without words": (amend.CorrectText("1", "  "), InputError),
    "a rule there is not": (amend.CorrectFact("SCR-01", "absent"), NotFound),
    "a speaker there is not": (amend.RenameSpeaker("nobody", "Anna"), NotFound),
    "no speaker": (amend.SetRole("", Role.REP), NotFound),
    "an act there is not": (amend.TakeBack("f" * 32), NotFound),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_is_refused_and_changes_nothing(desk: Desk, name: str) -> None:
    change, problem = REFUSED[name]
    call = desk.open_sample("sales_discovery")
    before = seen(desk, call)
    with pytest.raises(problem) as refused:
        desk.amend(call, change)
    assert type(refused.value) is problem and refused.value.hint
    assert seen(desk, call) == before


def test_an_act_of_somebody_else_cannot_be_taken_back(desk: Desk) -> None:
    call = desk.open_sample("sales_discovery")
    undo = desk.amend(call, amend.HideWording(44_890))
    assert isinstance(undo, amend.TakeBack)
    with desk._store.write():
        desk._store.execute("UPDATE event SET author_id = 'somebody' WHERE id = ?", (undo.event,))
    with pytest.raises(NotFound):
        desk.amend(call, undo)
    assert any(w["not_useful"] for w in document(desk, call)["wording"])


# --- next steps


def test_what_a_person_confirmed_survives_recomputation(desk: Desk) -> None:
    call = desk.open_sample("sales_discovery")
    first, second = document(desk, call)["next_steps"]
    desk.amend(call, amend.SetStep("Send the proposal", first["id"]))
    desk.amend(call, amend.SetStep(second["text"], second["id"], state="dropped"))
    desk.amend(call, amend.SetStep("Ask for the list of crews"))
    mine = document(desk, call)["next_steps"]
    for change in (amend.CorrectText("3", "Fine."), amend.SwapSpeakers(), amend.NoteConsent("noted", "asked")):
        desk.amend(call, change)
        assert document(desk, call)["next_steps"] == mine
    desk.coach(call, "recruiting_screen")
    assert document(desk, call)["next_steps"] == mine


def test_a_step_a_person_wrote_in_the_words_of_a_found_one_stands_for_it(desk: Desk) -> None:
    call = desk.open_sample("sales_discovery")
    first, second = document(desk, call)["next_steps"]
    desk.amend(call, amend.SetStep(second["text"], due="2026-09-17"))
    desk.amend(call, amend.NoteConsent("noted", "asked"))  # computed anew
    found = document(desk, call)["next_steps"]
    assert [(s["text"], s["source"]) for s in found] == [(first["text"], "found"), (second["text"], "person")]


def test_new_words_keep_confirmed_steps_once_each_and_facts_that_were_set_right(desk: Desk, script) -> None:
    call = desk.open_sample("sales_discovery")
    first, second = document(desk, call)["next_steps"]
    desk.amend(call, amend.SetStep("Send the proposal", first["id"], due="2026-09-17"))
    desk.amend(call, amend.SetStep(second["text"], second["id"], state="dropped"))
    desk.amend(call, amend.SetStep("Ask for the list of crews"))
    desk.amend(call, amend.CorrectFact("NXT-01", "present", IN_TOUCH_MS))
    before = document(desk, call)
    heard_else = [
        (c, s, e, t.replace("send it over and", "just mail it,").replace("as a next step", "as the next step"))
        for c, s, e, t in sample_lines(later_ms=90)
    ]
    desk.transcribe(call, "scripted", str(script(heard_else)))
    after = document(desk, call)
    assert after["transcript"]["engine"] == "scripted"
    assert "as the next step" in str(after["transcript"]) and "just mail it" in str(after["transcript"])
    confirmed = [s for s in before["next_steps"] if s["source"] == "person"]
    assert [s for s in after["next_steps"] if s["source"] == "person"] == confirmed and len(confirmed) == 3
    (in_touch,) = (s for s in after["next_steps"] if s["source"] == "found")
    assert "we'll be in touch" in in_touch["text"] and abs(in_touch["start_ms"] - 282_760) < 300
    assert in_touch["start_ms"] in hits(after, "next_step")
    assert metric(after, "next_step") == metric(before, "next_step") - 1, "one is mailed now, which is no cue"
    assert [(a["rule"], a["fact"]) for a in after["answers"]] == [("NXT-01", "present")]


# --- facts


def test_a_day_that_was_named_is_shown_without_making_a_next_step_of_it(desk: Desk) -> None:
    """NXT-02 heard a next step and missed the day: its answer is about the day."""
    call = desk.open_sample("sales_discovery")
    before = document(desk, call)
    desk.amend(call, amend.CorrectFact("NXT-02", "present", IN_TOUCH_MS))
    after = document(desk, call)
    assert hits(after, "time_expression") == [*hits(before, "time_expression"), 282_760]
    assert hits(after, "next_step") == hits(before, "next_step") and after["next_steps"] == before["next_steps"]
    assert "NXT-02" not in rules(after)


def test_a_rule_is_answered_only_in_ways_that_mean_something(desk: Desk) -> None:
    call = desk.open_sample("sales_discovery")
    found = document(desk, call)
    answers = {s["rule"]: s["may_be_answered"] for s in [*found["suggestions"], *found["review_flags"]]}
    assert answers == {
        "DIS-01": ["kind", "not_for_me"],  # made of signals alone
        "SEN-01": ["kind", "not_for_me"],
        "NXT-02": ["present", "absent", "kind", "not_for_me"],  # misses a day, hears a step
        "REC-01": ["present", "kind", "not_for_me"],  # only misses
    }


def test_what_a_rule_heard_cannot_be_shown_once_more(desk: Desk, tmp_path: Path, own_home: Path) -> None:
    """DIS-07 hears a price and misses, by a signal, the needs before it: only the price can be answered."""
    shipped = resource("playbooks/sales_discovery.toml").read_text("utf-8")
    only = re.sub(r"(?s)\nrules = \[.*?\n\]", '\nrules = ["DIS-07"]', shipped)
    (own_home / "playbooks" / "sales_discovery.toml").write_text(re.sub(r"(?s)\[limits\].*?\n\n", "", only))
    talk = ["We print the list on paper every day and put it on the table over there."] * 59
    call = bring_words(desk, tmp_path, "a", "It is $500 a month for the whole team, billed by the year.", *talk)
    (early,) = document(desk, call)["suggestions"]
    assert (early["rule"], early["may_be_answered"]) == ("DIS-07", ["absent", "kind", "not_for_me"])
    desk.amend(call, amend.CorrectFact("DIS-07", "absent"))
    assert hits(document(desk, call), "pricing") == document(desk, call)["suggestions"] == []


def test_a_present_fact_with_nothing_said_nearby_adds_nothing(desk: Desk, tmp_path: Path) -> None:
    call = bring_words(desk, tmp_path, "a")
    before = document(desk, call)
    desk.amend(call, amend.CorrectFact("OPN-01", "present", 40_000))
    assert hits(document(desk, call), "agenda") == hits(before, "agenda") == []


def test_not_for_me_lowers_the_rule_in_other_calls_too_for_as_long_as_it_stands(desk: Desk) -> None:
    call = desk.open_sample("sales_discovery")
    other = desk.import_transcript(SAMPLES / "sales_discovery" / "transcript.json")
    before = document(desk, other)
    undo = desk.amend(call, amend.CorrectFact("DIS-01", "not_for_me"))
    lowered = document(desk, other)
    assert rules(lowered) == {**rules(before), "DIS-01": rules(before)["DIS-01"] / 2}
    assert [s["rule"] for s in lowered["suggestions"]] == ["NXT-02", "DIS-01", "SEN-01"]
    assert lowered["measurements"] == before["measurements"] and lowered["answers"] == []
    desk.put_in_bin(call)
    assert document(desk, other) == before, "what was said of a call in the bin does not count"
    desk.take_from_bin(call)
    desk.amend(call, undo)
    assert document(desk, other) == before


def test_an_answer_waits_for_a_playbook_that_has_its_rule(desk: Desk) -> None:
    call = desk.open_sample("sales_discovery")
    desk.amend(call, amend.CorrectFact("DIS-03", "present", IN_TOUCH_MS))
    right = document(desk, call)
    assert 282_760 in hits(right, "authority")
    desk.coach(call, "recruiting_screen")
    assert hits(document(desk, call), "authority") == []
    desk.coach(call, "sales_discovery")
    assert document(desk, call) == right


def test_a_call_whose_own_playbook_was_thrown_away_takes_another(desk: Desk, own_home: Path) -> None:
    call = desk.open_sample("sales_discovery")
    own = own_home / "playbooks" / "mine.toml"
    shipped = resource("playbooks/sales_discovery.toml").read_text("utf-8")
    own.write_text(shipped.replace('id = "sales_discovery"', 'id = "mine"', 1))
    desk.coach(call, "mine")
    own.unlink()
    with pytest.raises(NotFound):
        desk.review(call)
    desk.coach(call, "sales_discovery")
    assert document(desk, call)["provenance"]["playbook"] == "sales_discovery"


# --- speakers


def test_a_speaker_is_known_by_label_first_then_by_name_then_by_side(desk: Desk, tmp_path: Path) -> None:
    call = bring_words(desk, tmp_path, "a")
    labels = [s["label"] for s in document(desk, call)["speakers"]]
    assert labels == ["Dan", "Priya"]
    desk.amend(call, amend.RenameSpeaker("Dan", "Priya"))
    undo = desk.amend(call, amend.RenameSpeaker("Priya", "Priya Nair"))
    assert [s["name"] for s in document(desk, call)["speakers"]] == ["Priya", "Priya Nair"]
    desk.amend(call, undo)
    desk.amend(call, amend.RenameSpeaker("other", "Pri"))
    assert [s["name"] for s in document(desk, call)["speakers"]] == ["Priya", "Pri"]
    desk.amend(call, amend.SetRole("pri", Role.UNKNOWN))
    assert roles(document(desk, call)) == {"Dan": "rep", "Priya": "unknown"}


def test_a_call_where_nobody_has_a_side_cannot_be_swapped(desk: Desk, tmp_path: Path) -> None:
    call = bring_words(desk, tmp_path, "a", me="")
    with pytest.raises(InputError):
        desk.amend(call, amend.SwapSpeakers())
    assert events.of_call(desk._store, call, "swap") == []


def test_the_date_orders_calls_by_the_moment_and_not_by_how_it_was_written(desk: Desk, tmp_path: Path) -> None:
    first, second = bring_words(desk, tmp_path, "first"), bring_words(desk, tmp_path, "second")
    desk.amend(first, amend.SetDate(datetime(2026, 5, 4, 10, 0, tzinfo=timezone(timedelta(hours=9)))))  # 1:00 UTC
    desk.amend(second, amend.SetDate(datetime(2026, 5, 4, 2, 0, tzinfo=UTC)))
    numbers = desk.library(Wanted(order="date"))
    assert [desk.library_rows([n])[n]["id"] for n in numbers] == [second, first]
    assert sidecar.path(desk._store, first).exists()
