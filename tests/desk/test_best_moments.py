"""The person's own best moments: praise and marks of own calls, in order, playable."""

from __future__ import annotations

import json

import pytest

from coachdesk.desk.desk import Desk
from coachdesk.history import calls, events


@pytest.fixture
def own(desk: Desk) -> str:
    """The recruiting sample as a call of one's own, with something marked."""
    made = desk.open_sample("recruiting_screen")
    with desk._store.write():
        calls.change(desk._store, made, source="import")
    events.append(desk._store, "comment", made, {"start_ms": 30_000, "text": "nice", "what": "mark"})
    events.append(desk._store, "comment", made, {"start_ms": 40_000, "text": "a note"})
    return made


def test_praise_and_marks_come_in_order_of_time_and_can_be_played(desk, own):
    found = desk.best_moments()
    praise = {(e["start_ms"], e["quote"], s["title"]) for s in desk.review(own).praise for e in s["evidence"]}
    assert {(m["start_ms"], m["quote"], m["said"]) for m in found if m["why"] == "praise"} == praise != set()
    assert [m["said"] for m in found if m["why"] == "mark"] == ["nice"]
    assert [m["start_ms"] for m in found] == sorted(m["start_ms"] for m in found)
    assert all(0 <= m["start_ms"] < m["end_ms"] and m["call"] == own for m in found)
    assert json.dumps(found) == json.dumps(desk.best_moments())


def test_a_kind_or_a_rule_chooses(desk, own):
    assert desk.best_moments("recruiting_screen") == desk.best_moments() != []
    assert desk.best_moments("sales_discovery") == []
    assert {m["rule"] for m in desk.best_moments(rule="POS-03")} == {"POS-03"}


def test_an_answer_that_said_it_is_here_is_a_moment_and_one_that_said_it_is_not_is_none(desk, own):
    rule = desk.review(own).not_checked[0]["rule"] if desk.review(own).not_checked else "NXT-01"
    events.append(desk._store, "answer", own, {"rule": rule, "fact": "present", "at_ms": 50_000})
    events.append(desk._store, "answer", own, {"rule": rule, "fact": "absent", "at_ms": None})
    assert [(m["why"], m["start_ms"]) for m in desk.best_moments(rule=rule) if m["why"] == "answer"] == [
        ("answer", 50_000)
    ]


def test_samples_and_calls_of_others_are_not_ones_own(desk, own):
    desk.open_sample("sales_discovery")
    assert {m["call"] for m in desk.best_moments()} == {own}
    with desk._store.write():
        calls.change(desk._store, own, rep_id=calls.person(desk._store, "Somebody Else"))
    assert {m["call"] for m in desk.best_moments()} == {own}, "nobody said who one is"
    desk.change(my_name="Dan")
    assert desk.best_moments() == []
