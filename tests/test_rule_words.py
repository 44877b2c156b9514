"""Every rule of every shipped playbook can be read in plain words, with its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from coachdesk import rule_words
from coachdesk.coaching.playbook import Playbook
from coachdesk.conversation import metrics, signals
from coachdesk.desk import own_playbooks, playbooks
from coachdesk.paths import Home


@pytest.fixture
def book(tmp_path: Path) -> Playbook:
    return playbooks.load(Home(tmp_path), "sales_discovery")


def when(book: Playbook, rule_id: str) -> str:
    rule = book.find(rule_id)
    assert rule is not None
    return rule_words.when(rule, book, "en")


def test_every_signal_a_playbook_may_name_has_words():
    assert signals.names() - metrics.BY_ID.keys() - rule_words.SIGNALS.keys() == set()


def test_every_family_of_the_rule_sets_has_words():
    assert {rule.family for rule in own_playbooks.library()} - rule_words.FAMILIES.keys() == set()


def test_every_rule_says_when_it_fires_without_a_blank(tmp_path):
    home = Home(tmp_path)
    for name in playbooks.files(home):
        book = playbooks.load(home, name)
        for rule in book.rule:
            said = rule_words.when(rule, book, "en") + rule_words.title(rule, book, "en")
            assert said and "{" not in said and "$" not in said, rule.id


def test_limits_are_said_in_their_unit(book):
    assert when(book, "QUE-01") == "Questions in 30 minutes (you): less than 8; Length of the call: at least 12 minutes"
    assert "Share of the talking: more than 60 %" in when(book, "LIS-01")
    assert "; and one of: Words per turn: more than 45 words; " in when(book, "LIS-01")
    assert "Share of the talking: between 25 % and 55 %" in when(book, "POS-06")


def test_what_is_looked_for_and_where(book):
    assert when(book, "OPN-01") == "“Plan for the call” from you in the first 15 % or 3 min: not found"
    assert when(book, "NXT-02").startswith("“Next step” in the last 20 %: found")
    assert when(book, "REC-01").endswith("Consent noted: no")


def test_a_limit_is_named_once_and_knows_its_unit(book):
    rule = book.find("LIS-01")
    assert rule is not None
    found = {each.name: (each.said, each.unit, each.better) for each in rule_words.limits(rule, book, "en")}
    assert found.keys() == rule.limits.keys()
    assert found["share"] == ("Share of the talking: more than", "ratio", False)
    assert found["better"] == ("Share of the talking: at most", "ratio", True)
