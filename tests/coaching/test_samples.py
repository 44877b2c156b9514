"""The bundled sample calls: what was built into them is found where it was built in, and what is praised is there."""

from __future__ import annotations

import json
from functools import lru_cache

import pytest

from coachdesk.coaching.findings import check
from coachdesk.coaching.suggestions import MOST_PRAISE, MOST_SUGGESTIONS, Context, coach
from coachdesk.conversation.facts import Heard
from coachdesk.model import Evidence
from tests.coaching.situations import NAMES, SALES, SCREEN, facts, playbook
from tests.conftest import SAMPLES
from tests.conversation.calls import heard, say

# rule -> the tag that its evidence bears in the sample's truth; no tag where the flaw is that something is missing
FLAWS = {
    SALES: {
        "REC-01": "",
        "OPN-01": "",
        "DIS-03": "",
        "QUE-04": "stacked questions",
        "DIS-07": "price before any need",
        "DIS-01": "problem with a number",
        "DIS-06": "current vendor",
        "OBJ-02": "concern",
        "SEN-01": "concern",
        "NXT-02": "next step without a date",
    },
    SCREEN: {
        "QUE-04": "stacked questions",
        "PRT-SALARY_HISTORY": "pay history",
        "PRT-MARITAL_FAMILY": "protected topic",
    },
}
PRAISED = {
    SALES: {},
    SCREEN: {
        "POS-02": "follow-up",
        "POS-03": "next step with a day",
        "POS-08": "recording notice",
        "POS-09": "pay range",
    },
}


@lru_cache
def sample(name: str) -> Heard:
    words = json.loads((SAMPLES / name / "transcript.json").read_text("utf-8"))
    said = [say(u["speaker"], u["text"], u["start_ms"] / 1000, u["end_ms"] / 1000) for u in words["utterances"]]
    return heard(said, consent_noted=False)


def tags(name: str, moment: Evidence) -> set[str]:
    """The tags of the lines that begin in a moment."""
    truth = json.loads((SAMPLES / name / "truth.json").read_text("utf-8"))["utterances"]
    inside = [u for u in truth if moment.start_ms - 100 <= 1000 * u["start"] < moment.end_ms]
    return {tag for u in inside for tag in u["tags"]}


def found(name: str) -> dict[str, tuple[Evidence, ...]]:
    return {finding.rule: finding.evidence for finding in check(facts(name, sample(name)), playbook(name)).findings}


@pytest.mark.parametrize(
    ("name", "rule", "tag"),
    [(name, *one) for expected in (FLAWS, PRAISED) for name, rules in expected.items() for one in rules.items()],
)
def test_what_was_built_in_is_found_where_it_is(name: str, rule: str, tag: str):
    evidence = found(name)[rule]
    assert not tag or any(tag in tags(name, moment) for moment in evidence)


@pytest.mark.parametrize("name", [SALES, SCREEN])
def test_praise_is_for_what_was_built_in_and_for_nothing_else(name: str):
    assert {rule for rule in found(name) if rule.startswith("POS")} == PRAISED[name].keys()


def test_both_protected_questions_are_flagged_and_nothing_the_candidate_says():
    flags = coach(facts(SCREEN, sample(SCREEN)), playbook(SCREEN), {}, Context()).review_flags
    speakers = {u.id: u.speaker for u in sample(SCREEN).utterances}
    assert {flag.finding.rule for flag in flags} == {"PRT-SALARY_HISTORY", "PRT-MARITAL_FAMILY"}
    assert {speakers[e.utterance or ""] for flag in flags for e in flag.finding.evidence} == {"rep"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("of", [SALES, SCREEN])
def test_no_playbook_says_more_than_a_person_can_take_in(of: str, name: str):
    first, again = (coach(facts(name, sample(of)), playbook(name), {}, Context()) for _ in range(2))
    assert first == again
    assert len(first.suggestions) <= MOST_SUGGESTIONS and len(first.praise) <= MOST_PRAISE
    families = [one.finding.rule.split("-")[0] for one in first.suggestions]
    assert len(set(families)) == len(families)
    assert all(one.finding.evidence for one in (*first.suggestions, *first.praise, *first.review_flags))
