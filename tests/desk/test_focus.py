"""What was said yes to stays in sight for the next call of the kind, until it is done."""

from __future__ import annotations

import pytest

from coachdesk.desk import amend
from coachdesk.desk.desk import Desk


@pytest.fixture
def call(desk: Desk) -> str:
    return desk.open_sample("sales_discovery")


def rules(desk: Desk, call: str) -> list[str]:
    return [s["rule"] for s in desk.review(call).suggestions]


def test_nothing_was_accepted(desk: Desk, call: str) -> None:
    assert desk.focus("sales_discovery") is None


def test_the_last_accepted_is_said_as_it_was_on_that_call(desk: Desk, call: str) -> None:
    first, second = rules(desk, call)[:2]
    desk.respond(call, first, "accept")
    desk.respond(call, second, "accept")
    said = next(s for s in desk.review(call).suggestions if s["rule"] == second)
    expected = {name: said[name] for name in ("rule", "title", "advice", "try_saying")}
    found = desk.focus("sales_discovery")
    assert found == {**found, **expected, "call": call, "dots": [], "done": 0, "checked": 0}


@pytest.mark.parametrize("answer", ["done", "dismiss"])
def test_what_is_done_with_gives_way_to_the_one_before(desk: Desk, call: str, answer: str) -> None:
    first, second = rules(desk, call)[:2]
    desk.respond(call, first, "accept")
    desk.respond(call, second, "accept")
    desk.respond(call, second, answer)
    found = desk.focus("sales_discovery")
    assert found is not None and found["rule"] == first
    desk.respond(call, first, answer)
    assert desk.focus("sales_discovery") is None


def test_another_kind_of_call_has_its_own(desk: Desk, call: str) -> None:
    desk.respond(call, rules(desk, call)[0], "accept")
    assert desk.focus("recruiting_screen") is None


def test_where_the_call_does_not_show_it_any_more_the_rule_speaks_without_numbers(desk: Desk, call: str) -> None:
    rule = rules(desk, call)[0]
    desk.respond(call, rule, "accept")
    desk.amend(call, amend.CorrectFact(rule, "absent"))
    assert rule not in rules(desk, call)
    found = desk.focus("sales_discovery")
    assert found is not None and found["rule"] == rule and found["title"]
    assert "{" not in found["title"] + found["advice"] + found["try_saying"]


def test_calls_in_the_bin_do_not_speak(desk: Desk, call: str) -> None:
    desk.respond(call, rules(desk, call)[0], "accept")
    desk.put_in_bin(call)
    assert desk.focus("sales_discovery") is None
