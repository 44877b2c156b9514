"""Criteria a rule answers: on the good written calls, on those where it fires, and where nothing can be told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coachdesk.coaching.card_rules import by_rule
from coachdesk.coaching.scorecard import Card, CardText, Criterion, CriterionText
from tests.coaching.situations import SALES, SCREEN, SITUATIONS, call, facts, good, playbook


def card(*rules: str) -> Card:
    made = [Criterion(rule, "yes_no", {"en": CriterionText(rule)}, rule=rule) for rule in rules]
    return Card("rules", {"en": CardText("Rules")}, made)


def answered(name: str, found, *rules: str, **more) -> dict[str, tuple[str, str]]:
    said = by_rule(card(*rules), found, playbook(name), **more)
    return {rule: (one.value, one.reason) for rule, one in said.items()}


def different(name: str, rule: str):
    return facts(name, call(name, SITUATIONS[name][rule]))


ASKED = {SALES: ("OPN-01", "DIS-02", "DIS-03", "DIS-04", "POS-03"), SCREEN: ("SCR-01", "SCR-02", "SCR-04", "POS-08")}


@pytest.mark.parametrize("name", ASKED)
def test_on_a_good_call_all_are_found_with_their_moments(name):
    said = by_rule(card(*ASKED[name]), good(name), playbook(name))
    assert {rule: one.value for rule, one in said.items()} == dict.fromkeys(ASKED[name], "yes")
    assert all(one.evidence for one in said.values())


@pytest.mark.parametrize(
    ("name", "rule"), [(name, rule) for name, rules in ASKED.items() for rule in rules if rule[:3] != "POS"]
)
def test_where_the_rule_fires_it_is_no_with_the_rules_moment(name, rule):
    (said,) = by_rule(card(rule), different(name, rule), playbook(name)).values()
    assert said.value == "no" and said.evidence


def test_praise_that_does_not_fire_is_no_unless_the_recording_ends_early():
    found = different(SALES, "NXT-01")
    assert answered(SALES, found, "POS-03") == {"POS-03": ("no", "")}
    assert answered(SALES, replace(found, partial=True), "POS-03") == {"POS-03": ("", "partial")}


def test_a_silent_rule_alone_proves_nothing():
    assert answered(SCREEN, good(SCREEN), "PRT-AGE") == {"PRT-AGE": ("", "rule_silent")}


def test_what_could_not_be_checked_stays_open_with_its_reason():
    found = replace(good(SALES), sides_known=False)
    assert answered(SALES, found, "DIS-03") == {"DIS-03": ("", "speakers_unknown")}
    assert answered(SALES, good(SALES), "DIS-03", quiet="too_short") == {"DIS-03": ("", "too_short")}


def test_a_finding_the_person_set_right_is_not_said_again():
    found = different(SALES, "DIS-03")
    assert answered(SALES, found, "DIS-03", overruled={"DIS-03"}) == {"DIS-03": ("", "set_right")}


def test_a_rule_the_playbook_has_not_answers_nothing():
    assert answered(SCREEN, good(SCREEN), "DIS-03") == {}
