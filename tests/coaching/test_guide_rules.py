"""The rules that look at the interview guide: each fires with its moments, stays silent where it should, and is honest."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
import pytest

from coachdesk import paths
from coachdesk.coaching.findings import Checked, check
from coachdesk.coaching.phrasing import phrase
from coachdesk.coaching.playbook import Playbook, RuleSet
from coachdesk.coaching.playbook_check import problems
from coachdesk.coaching.playbook_file import read_toml
from coachdesk.conversation.planned import Plan, parse
from coachdesk.desk.playbooks import vocabulary
from coachdesk.model import Role, WordsGrade
from tests.coaching.situations import SCREEN, facts, playbook
from tests.conversation.calls import Line, heard, other, rep, spoken, words

RULES = ("INT-01", "INT-05", "INT-06")
QUESTIONS = (
    "Tell me about a time when a delivery plan fell apart.",
    "Which working hours suit you best in winter?",
    "Which planning tools do you know from the depot?",
    "What would you change about the night shift there?",
)
GUIDE = Plan(parse("".join(f"* {question}\n" for question in QUESTIONS)))
LOOSE = (
    "So was there ever some day, in whatever place it may have been, on which a delivery plan just fell apart for all of them?",
    "And then, which winter working hours would it be, more or less, if anybody at all were to ask you?",
    "Some people like planning tools, so do you know any planning depot things by now, or rather not so much?",
)


@lru_cache
def book() -> Playbook:
    """The screen with the rules of the guide, and no others."""
    rules = msgspec.convert(read_toml(paths.resource("rules/recruiting.toml")), RuleSet, strict=False).rule
    return msgspec.structs.replace(playbook(SCREEN), rule=[rule for rule in rules if rule.id in RULES], limits={})


def interview(*questions: str, between: int = 0) -> list[Line]:
    lines = [rep(words(60)), other(words(40))]
    for question in questions:
        lines += [rep(question), other(words(60))]
    for _ in range(between):
        lines += [rep(words(60)), other(words(60))]
    return [*lines, rep(words(60)), other(words(40))]


def checked(*questions: str, between: int = 0, **changes: object) -> Checked:
    made = heard(spoken(interview(*questions, between=between)), plan=GUIDE, **changes)
    return check(facts(SCREEN, made), book())


def fired(*questions: str, between: int = 0) -> set[str]:
    return {finding.rule for finding in checked(*questions, between=between).findings}


SITUATIONS = {
    "INT-01": (QUESTIONS[:3], 0),
    "INT-05": (QUESTIONS, 12),
    "INT-06": (LOOSE, 0),
}


def test_the_rules_are_in_order():
    assert [rule.id for rule in book().rule] == list(RULES)
    assert problems(book(), vocabulary()) == []


@pytest.mark.parametrize("rule_id", RULES)
def test_it_fires_with_moments_and_whole_sentences(rule_id):
    questions, between = SITUATIONS[rule_id]
    finding = next(f for f in checked(*questions, between=between).findings if f.rule == rule_id)
    assert finding.evidence and all(e.quote for e in finding.evidence[:1])
    said = phrase(finding, book(), "en", {})
    for text in (said.title, said.advice, said.drill, said.try_saying, said.improved, said.source):
        assert text and not re.search(r"[{}_]|  |\bNone\b", text), text


def test_an_interview_along_the_guide_gives_none_of_them():
    assert fired(*QUESTIONS) == set()


def test_what_was_not_found_is_counted_and_what_was_is_played():
    finding = next(f for f in checked(*QUESTIONS[:2]).findings if f.rule == "INT-01")
    assert finding.params["guide_missing"] == [2, "count"] and finding.params["guide_coverage"] == [0.5, "ratio"]
    assert [evidence.quote for evidence in finding.evidence] == list(QUESTIONS[:2])


def test_where_none_was_found_the_end_is_played():
    finding = next(f for f in checked().findings if f.rule == "INT-01")
    assert len(finding.evidence) == 1


def test_time_outside_is_the_longest_stretch():
    finding = next(f for f in checked(*QUESTIONS, between=12).findings if f.rule == "INT-05")
    assert finding.evidence[0].end_ms - finding.evidence[0].start_ms > 60_000


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"words": WordsGrade.ROUGH, "draft": True}, "draft"),
        ({"language": "fi"}, "no_language_table"),
        ({"roles": {"rep": Role.UNKNOWN, "other": Role.UNKNOWN}}, "speakers_unknown"),
        ({"partial": True}, "partial"),
    ],
)
def test_it_is_not_run_where_it_cannot_be_and_says_so(changes, why):
    found = checked(*QUESTIONS[:2], **changes)
    assert "INT-01" not in {finding.rule for finding in found.findings}
    assert why in {entry.reason for entry in found.not_checked if entry.rule == "INT-01"}


def test_without_a_plan_there_is_nothing_to_say():
    made = heard(spoken(interview(*QUESTIONS)))
    found = check(facts(SCREEN, made), book())
    assert (found.findings, found.not_checked) == ((), ())
