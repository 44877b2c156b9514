"""Every rule of every playbook: a call in which it fires, one in which it does not, and sentences without blanks."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec
import pytest

from coachdesk.coaching.findings import check, limit
from coachdesk.coaching.phrasing import in_words, phrase
from coachdesk.coaching.playbook import Condition, Rule, window_span
from coachdesk.conversation.lexicon import lexicon
from coachdesk.model import Facts, FindingKind, Role, TrackerHit
from tests.coaching.sales_calls import SALES_PARTS
from tests.coaching.situations import (
    NAMES,
    SALES,
    SCREEN,
    SITUATIONS,
    WITHOUT,
    call,
    checked,
    facts,
    fired,
    good,
    known,
    playbook,
    situation,
)
from tests.coaching.written import COMMON, exchanges, plain
from tests.conversation.calls import other, rep

CASES = [(name, rule) for name, rules in SITUATIONS.items() for rule in rules]
TOPICS = lexicon("en").topic_names
each_rule = pytest.mark.parametrize(("name", "rule_id"), CASES, ids=[f"{name}-{rule}" for name, rule in CASES])


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_is_left_out_here(name):
    assert {rule.id for rule in playbook(name).rule} == SITUATIONS[name].keys()
    assert {rule.id for rule in playbook(name).rule if rule.kind is FindingKind.PRAISE} == WITHOUT[name].keys()


@each_rule
def test_it_fires_with_moments_and_whole_sentences(name, rule_id):
    found = check(known(name, rule_id), playbook(name)).findings
    finding = next((finding for finding in found if finding.rule == rule_id), None)
    assert finding, f"{rule_id} does not fire"
    rule = playbook(name).find(rule_id)
    written = msgspec.structs.astuple(rule.text["en"])
    assert {blank for text in written for blank in re.findall(r"\{(\w+)\}", text)} <= {*finding.params, "own", "other"}
    phrased = phrase(finding, playbook(name), "en", TOPICS)
    for text in (phrased.title, phrased.advice, phrased.drill, phrased.try_saying, phrased.improved, phrased.source):
        assert not re.search(r"[{}_]|  |\bNone\b|\bnan\b", text), text
    assert phrased.title and phrased.advice and phrased.source
    assert bool(phrased.improved) is (finding.kind is not FindingKind.PRAISE)


@pytest.mark.parametrize("name", NAMES)
def test_a_good_call_is_praised_and_nothing_else(name):
    found = {finding.rule: finding.kind for finding in check(good(name), playbook(name)).findings}
    assert {rule for rule, kind in found.items() if kind is not FindingKind.PRAISE} == set()
    assert found.keys() == {rule.id for rule in playbook(name).rule if rule.kind is FindingKind.PRAISE}


@pytest.mark.parametrize(
    ("name", "rule_id"), [(name, rule) for name, rules in WITHOUT.items() for rule in rules], ids=lambda value: value
)
def test_praise_is_earned(name, rule_id):
    assert rule_id not in fired(name, *situation(name, WITHOUT[name][rule_id]))


# --- each condition by itself keeps a rule from firing


def broken(condition: Condition, rule: Rule, known: Facts) -> Facts:
    """The facts with one condition just not holding."""
    against = limit(condition, rule)
    if condition.signal:
        just_not = {">": 0, ">=": -0.001, "<": 0, "<=": 0.001, "==": 1}
        value = against[1] if condition.op == "outside" else None
        value = against[1] + 0.001 if condition.op == "between" else value
        value = against + just_not[condition.op] if value is None else value
        signal = replace(known.signals[condition.signal], value=value, reason="")
        return replace(known, signals={**known.signals, condition.signal: signal})
    name = condition.tracker or f"protected:{condition.protected}".removesuffix("any")
    start, end = window_span(condition.window, known.duration_ms)
    hit = TrackerHit(name, "", Role.REP, (start + end) // 2, (start + end) // 2 + 1_000, "")
    kept = tuple(hit for hit in known.hits if not hit.tracker.startswith(name))
    hits = {"==": 1, ">": 0, ">=": int(against) - 1, "<": int(against)}[condition.op]
    return replace(known, hits=(*kept, *[hit] * hits))


@each_rule
def test_it_needs_each_of_its_conditions(name, rule_id):
    rule, book = playbook(name).find(rule_id), playbook(name)
    firing = known(name, rule_id)
    for condition in rule.all:
        without = check(broken(condition, rule, firing), book).findings
        assert rule_id not in {finding.rule for finding in without}, condition
    without_any = firing
    for condition in rule.any:
        without_any = broken(condition, rule, without_any)
    if rule.any:
        assert rule_id not in {finding.rule for finding in check(without_any, book).findings}


# --- look-alikes and corners


def test_a_large_share_alone_says_nothing():
    often = exchanges(
        plain(44), "That is so with the {thing}.", plain(44), "That is so in the {place} yard, too.", n=12
    )
    made = call(SALES, {"exchanges": often})
    signals = facts(SALES, made).signals
    assert signals["talk_ratio"].value > playbook(SALES).find("LIS-01").limits["share"]
    assert signals["speech_minutes"].value > 3
    assert "LIS-01" not in fired(SALES, made)


def test_a_refusal_after_the_next_step_takes_it_back():
    declined = [SALES_PARTS["closing"][0], other("No thanks, we are not interested in that.")]
    found = next(f for f in checked(SALES, call(SALES, {"closing": declined})).findings if f.rule == "NXT-01")
    assert found.evidence[0].quote.startswith("No thanks")


def test_a_few_questions_at_the_start_of_a_call_without_many_are_no_pattern():
    parts = {part: [] for part in ("numbers", "people", "timing", "alternative", "concern", "closing")}
    asked = [rep("How do you plan the crews?"), other(plain(44))]
    made = call(SALES, {**parts, "need": asked, "asked": [], "story": [], "exchanges": [other(plain(330))] * 2})
    assert facts(SALES, made).signals["questions_first_third_share"].value > 0.65
    assert "QUE-06" not in fired(SALES, made)


def test_a_follow_up_counts_within_the_next_two_own_turns():
    def problem(turns_between: int):
        between = [rep("Many say that."), other("I see, so it is not us alone.")] * turns_between
        picked_up = rep("What happens when the telephone rings in the headache hours?")
        return call(SALES, {"need": [SALES_PARTS["need"][1], *between, picked_up, other("We see.")]})

    assert "DIS-01" not in fired(SALES, problem(1))
    assert "DIS-01" in fired(SALES, problem(2))


def test_a_question_about_problems_names_none():
    asked = [other("What is the biggest headache that you hear of?"), rep("Many say that it is the road.")]
    assert "DIS-01" not in fired(SALES, call(SALES, {"need": asked}))


def test_a_question_long_after_a_concern_does_not_meet_it():
    late = [
        SALES_PARTS["concern"][0],
        rep(f"That is a fair point. {plain(44)} What do you hold it against?"),
        other("I see."),
    ]
    early = [late[0], rep(f"That is a fair point. What do you hold it against? {plain(44)}"), other("I see.")]
    assert "POS-05" in fired(SALES, call(SALES, {"concern": early}))
    in_lines = [
        late[0],
        rep("That is a fair point."),
        rep(plain(44)),
        rep("What do you hold it against?"),
        other("I see."),
    ]
    assert "POS-05" not in fired(SALES, call(SALES, {"concern": in_lines}))


def test_promises_early_in_the_call_are_no_closing():
    promises = [rep("I will send you the papers, and then I will book the room."), rep("I will call the lead.")]
    closing = SITUATIONS[SALES]["NXT-03"]["closing"][1:2]
    assert "NXT-03" not in fired(SALES, call(SALES, {"opening": [*COMMON["opening"], *promises], "closing": closing}))


def test_moments_of_a_second_source_are_only_taken_where_the_first_has_one_at_most():
    second = other("And the other problem is the road, which is slow.")
    one, two = (
        next(f for f in checked(SALES, call(SALES, {"numbers": [], **need})).findings if f.rule == "DIS-02")
        for need in ({}, {"need": [*SALES_PARTS["need"], rep("I see."), second]})
    )
    spans = [[e.end_ms - e.start_ms > 60_000 for e in finding.evidence] for finding in (one, two)]
    assert spans == [[False, True], [False, False]]  # the closing minutes are the second source


def test_a_request_makes_a_discount_asked_for():
    asked = [other("Is there any room on the price?"), rep("We can give you ten percent off.")]
    assert "NEG-01" not in fired(SALES, call(SALES, {"price": [*SALES_PARTS["price"], *asked]}))


def test_a_notice_or_noted_consent_is_enough():
    silent = {"opening": COMMON["opening"][2:]}
    assert "REC-01" in fired(SALES, call(SALES, silent, consent_noted=False))
    assert "REC-01" not in fired(SALES, call(SALES, silent, consent_noted=True))
    assert "REC-01" not in fired(SALES, call(SALES, consent_noted=False))


@pytest.mark.parametrize("topic", [rule.removeprefix("PRT-").lower() for rule in SITUATIONS[SCREEN] if "PRT" in rule])
def test_what_the_other_side_brings_up_is_never_flagged(topic):
    question = SITUATIONS[SCREEN][f"PRT-{topic.upper()}"]["motivation"][0].text
    volunteered = [rep("Why are you looking for a change?"), other(f"They said to me: {question} So I left.")]
    made = call(SCREEN, {"motivation": volunteered})
    assert [hit for hit in facts(SCREEN, made).hits if hit.tracker.startswith(f"protected:{topic}")]
    assert not [rule for rule in fired(SCREEN, made) if rule.startswith("PRT")]


def test_the_topic_is_named_for_people():
    made, _ = situation(SCREEN, SITUATIONS[SCREEN]["PRT-ARREST"])
    found = next(f for f in checked(SCREEN, made).findings if f.rule == "PRT-ARREST")
    phrased = phrase(found, playbook(SCREEN), "en", TOPICS)
    assert phrased.title == "May touch a protected topic: arrest or conviction"
    assert found.evidence[0].quote == "Have you ever been arrested?"


@pytest.mark.parametrize("name", [SALES, SCREEN])
def test_evidence_of_a_tracker_comes_from_the_window_of_its_condition(name):
    made, _ = situation(name, SITUATIONS[name]["NXT-02"])
    found = next(f for f in checked(name, made).findings if f.rule == "NXT-02")
    start, _ = window_span("last 20%", made.duration_ms)
    assert [evidence.quote for evidence in found.evidence] == ["The next step is a call with the lead."]
    assert all(evidence.start_ms >= start for evidence in found.evidence)


def test_followed_up_answers_can_be_heard():
    found = next(f for f in check(good(SALES), playbook(SALES)).findings if f.rule == "POS-02")
    assert [evidence.quote for evidence in found.evidence][-2:] == ["And how does the lead sort them?"] * 2
    assert all(evidence.quote.endswith("?") for evidence in found.evidence)


class TestSentences:
    @pytest.mark.parametrize(
        ("rule_id", "said"),
        [
            ("OPN-03", r"came \d+ words of yours\."),
            ("OBJ-01", r"the reply to a concern ran \d+ words\."),
            ("LIS-02", r"ran \d+ words\."),
            ("LIS-03", r"ran \d:\d\d\."),
            ("LIS-01", r"Your side had \d\d % of the talking time\."),
            ("LIS-05", r"from the buyer was \d+ s\."),
            ("POS-04", r"what you heard 2 times\."),
        ],
    )
    def test_numbers_stand_in_the_words_of_their_unit(self, rule_id, said):
        found = next(f for f in check(known(SALES, rule_id), playbook(SALES)).findings if f.rule == rule_id)
        assert re.search(said, phrase(found, playbook(SALES), "en", TOPICS).advice)

    @pytest.mark.parametrize(
        ("value", "unit", "text"),
        [
            (0.643, "ratio", "64 %"),
            (124_000, "ms", "2:04"),
            (31_900, "ms", "32 s"),
            (450, "ms", "0.5 s"),
            (38.4, "words", "38 words"),
            (12.6, "min", "13 minutes"),
            (1.53, "times", "1.5 times"),
            (171.2, "wpm", "171 words a minute"),
            (3, "count", "3"),
            (5.25, "count", "5.2"),
            (31.4, "per_h", "31"),
            ("arrest", "topic", "arrest or conviction"),
        ],
    )
    def test_units(self, value, unit, text):
        assert in_words(value, unit, TOPICS) == text
