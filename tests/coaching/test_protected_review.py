"""The review of protected topics: complete, with another way to ask, no clearance by silence, and "not run" where it was not."""

from __future__ import annotations

import pytest

from coachdesk.coaching.findings import check
from coachdesk.coaching.suggestions import Context, coach
from coachdesk.conversation.lexicon import lexicon
from coachdesk.model import FindingKind, Role, WordsGrade
from tests.coaching.situations import SCREEN, SITUATIONS, call, facts, playbook
from tests.conversation.calls import other, rep

FLAGS = [rule for rule in playbook(SCREEN).rule if rule.id.startswith("PRT-")]
ASKED = [line for rule in FLAGS for line in SITUATIONS[SCREEN][rule.id]["motivation"]]
ALL = {rule.id for rule in FLAGS}


def test_there_is_one_for_each_topic_of_the_table():
    assert {rule.id.removeprefix("PRT-").lower() for rule in FLAGS} == lexicon("en").protected_clear.keys()


@pytest.mark.parametrize("rule", FLAGS, ids=lambda rule: rule.id)
def test_each_names_another_way_to_ask_and_claims_no_law(rule):
    text = rule.text["en"]
    assert rule.kind is FindingKind.REVIEW
    assert text.try_saying and "may touch" in text.advice.lower() and "not legal advice" in text.advice
    assert "no clearance" in rule.source
    assert "you " not in text.title.lower()


@pytest.mark.parametrize("rule", FLAGS, ids=lambda rule: rule.id)
def test_the_other_way_to_ask_is_not_flagged_itself(rule):
    made = call(SCREEN, {"motivation": [rep(rule.text["en"].try_saying), other("That works for me.")]})
    assert not {f.rule for f in check(facts(SCREEN, made), playbook(SCREEN)).findings} & ALL


def test_all_of_them_are_said_beside_three_suggestions_at_most():
    found = coach(facts(SCREEN, call(SCREEN, {"motivation": ASKED})), playbook(SCREEN), {}, Context())
    assert {s.finding.rule for s in found.review_flags} >= ALL
    assert len(found.suggestions) <= 3


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"words": WordsGrade.NONE}, "no_words"),
        ({"words": WordsGrade.POOR, "draft": True}, "draft_too_poor"),
        ({"words": WordsGrade.ROUGH, "draft": True}, "draft"),
        ({"language": "fi"}, "no_language_table"),
        ({"roles": {"rep": Role.UNKNOWN, "other": Role.UNKNOWN}}, "speakers_unknown"),
    ],
)
def test_where_it_was_not_run_that_is_said_of_each(changes, why):
    found = coach(facts(SCREEN, call(SCREEN, {"motivation": ASKED}, **changes)), playbook(SCREEN), {}, Context())
    assert {(n.rule, n.reason) for n in found.not_checked if n.rule in ALL} == {(rule, why) for rule in ALL}
    assert {n.kind for n in found.not_checked if n.rule in ALL} == {FindingKind.REVIEW}
    assert not found.review_flags or not {s.finding.rule for s in found.review_flags} & ALL


def test_a_clean_call_is_no_clearance_and_nothing_is_praised_for_it():
    found = check(facts(SCREEN, call(SCREEN)), playbook(SCREEN))
    assert not {f.rule for f in found.findings} & ALL
    assert not any("protected" in (rule.text["en"].title + rule.text["en"].advice).lower()
                   for rule in playbook(SCREEN).rule if rule.kind is FindingKind.PRAISE)  # fmt: skip
