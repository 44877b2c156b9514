"""What counts as done on a call: the rule's own test, where it could have been done at all."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import pytest

from coachdesk.coaching.improvement import Check, checks, condition_of, toward
from coachdesk.coaching.suggestions import with_baseline
from coachdesk.model import FindingKind, Role, WordsGrade
from coachdesk.paths import resource
from tests.coaching.situations import SALES, SCREEN, SITUATIONS, call, facts, good, playbook, situation

RULES = [
    (name, rule.id) for name in (SALES, SCREEN) for rule in playbook(name).rule if rule.kind is not FindingKind.PRAISE
]


@lru_cache
def of_call(name: str, rule: str = "") -> dict[str, Check]:
    """The checks on the good call, or on the one in which a rule fires."""
    if not rule:
        return {check.rule: check for check in checks(good(name), playbook(name))}
    made, baseline = situation(name, SITUATIONS[name][rule])
    return {check.rule: check for check in checks(with_baseline(facts(name, made), baseline), playbook(name))}


@pytest.mark.parametrize(("name", "rule"), [one for one in RULES if one[1] in SITUATIONS[one[0]]])
def test_where_a_rule_fires_its_goal_is_not_done(name, rule):
    found = of_call(name, rule)[rule]
    assert found.done is False, found
    assert found.value is not None
    assert found.moments


@pytest.mark.parametrize("name", [SALES, SCREEN])
def test_on_the_good_call_goals_are_done_could_not_be_checked_or_lie_between_firing_and_done(name):
    between = {"NXT-04", "QUE-01", "QUE-02"}
    missed = {rule for rule, check in of_call(name).items() if check.done is False}
    improving = {rule.id for rule in playbook(name).rule if rule.kind is not FindingKind.PRAISE}
    assert missed & improving <= between


class TestCouldNotBeChecked:
    def reason(self, rule: str, **changes) -> str:
        made = call(SALES, changes.pop("parts", None), **changes)
        found = {check.rule: check for check in checks(facts(SALES, made), playbook(SALES))}[rule]
        assert (found.done is None) == bool(found.reason)
        return found.reason

    def test_no_occasion(self):
        assert self.reason("DIS-01", parts={"need": []}) == "no_occasion"
        assert self.reason("DIS-06", parts={"alternative": []}) == "no_occasion"
        assert self.reason("OBJ-01", parts={"concern": []}) == "no_objection_found"

    def test_without_words(self):
        assert self.reason("OPN-01", words=WordsGrade.NONE, utterances=()) == "no_words"
        assert self.reason("LIS-03", words=WordsGrade.NONE, utterances=()) == ""

    def test_without_sides(self):
        roles = {"rep": Role.UNKNOWN, "other": Role.UNKNOWN}
        assert self.reason("LIS-03", roles=roles) in ("speakers_unknown", "voices_unknown")

    def test_what_is_missing_may_lie_in_the_part_that_was_not_recorded(self):
        assert self.reason("NXT-01", parts={"closing": []}, partial=True) == "partial"
        assert self.reason("NXT-01", partial=True) == ""


class TestTheTest:
    def test_a_rule_without_one_is_tested_by_its_first_condition_turned_round(self):
        rule = msgspec.structs.replace(playbook(SALES).find("DEL-03"), improved=None)
        assert (condition_of(rule).signal, condition_of(rule).op) == ("buzzwords_per_100", "<=")

    def test_praise_goes_on(self):
        rule = playbook(SALES).find("POS-01")
        assert condition_of(rule) == rule.conditions[0]

    def test_more_is_better_on_the_scale_it_is_judged_on(self):
        find = playbook(SALES).find
        assert toward(find("LIS-02"), 30) > toward(find("LIS-02"), 40)  # at most
        assert toward(find("QUE-07"), 4) > toward(find("QUE-07"), 3)  # at least
        assert toward(find("QUE-01"), 8) == toward(find("QUE-01"), 18) == 0 > toward(find("QUE-01"), 20)  # between
        assert toward(find("OBJ-02"), 0) > toward(find("OBJ-02"), 1)  # none


@pytest.mark.parametrize("path", sorted(resource("playbooks").glob("*.toml")), ids=lambda path: path.stem)
def test_everything_that_can_become_a_goal_has_its_plan_in_one_sentence(path):
    book = playbook(path.stem)
    goals = [rule for rule in book.rule if rule.kind is not FindingKind.PRAISE and condition_of(rule)]
    without = [rule.id for rule in goals if not book.rule_text(rule, "en").plan]
    assert goals and without == []
