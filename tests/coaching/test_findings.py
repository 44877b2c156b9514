"""Findings: nothing without a moment to play; silence where looking was not possible, and the silence is said."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest

from coachdesk.coaching.findings import MOMENTS, check, compare
from coachdesk.coaching.playbook import Rule
from coachdesk.conversation.facts import Heard
from coachdesk.conversation.signals import needs_of
from coachdesk.model import Facts, FindingKind, Needs, Role, WordsGrade
from tests.coaching.situations import (
    NAMES,
    PARTS,
    SALES,
    SCREEN,
    SITUATIONS,
    call,
    checked,
    facts,
    fired,
    good,
    known,
    playbook,
    situation,
)
from tests.coaching.written import COMMON, OWN_CALLS
from tests.conversation.calls import rep, say

ABSENCE = [(name, rule.id) for name in NAMES for rule in playbook(name).rule if rule.absence]
OWN = {"fillers_vs_own", "pace_vs_own"}  # without own calls before, these say "not enough calls" first


def leans(rule: Rule, reason: str) -> bool:
    """Whether a rule cannot be checked for this reason: all it needs, or all of what would do, is in the words."""
    if reason == "speakers_unknown":
        return True
    safe = {Needs.SOUND, Needs.COUNTS} if reason == "draft" else {Needs.SOUND}
    held = [needs_of(condition.signal) in safe if condition.signal else False for condition in rule.all]
    any_held = [needs_of(condition.signal) in safe if condition.signal else False for condition in rule.any]
    own = any(condition.signal in OWN for condition in rule.conditions)
    return not own and (not all(held) or (bool(any_held) and not any(any_held)))


@lru_cache
def bare(name: str) -> tuple[Heard, set[str]]:
    """A call that lacks nearly everything, and what fires on it."""
    parts = {part: [] for part in PARTS[name] if part not in ("exchanges", "goodbye")}
    made = call(name, parts, consent_noted=False)
    return made, fired(name, made)


absence_rules = pytest.mark.parametrize(("name", "rule_id"), ABSENCE, ids=[f"{n}-{r}" for n, r in ABSENCE])


class TestMoments:
    def test_all_evidence_can_be_played_and_lies_in_the_call(self):
        for name in (SALES, SCREEN):
            for rule in ("LIS-03", "NXT-02", "OPN-01", "REC-01", "QUE-04", "LIS-07"):
                made, _ = situation(name, SITUATIONS[name][rule])
                for finding in checked(name, made).findings:
                    assert 1 <= len(finding.evidence) <= MOMENTS
                    assert all(0 <= e.start_ms < e.end_ms <= made.duration_ms for e in finding.evidence)
                    assert all(e.recording == made.recording for e in finding.evidence)

    def test_at_most_four_moments_are_shown(self):
        made, _ = situation(SALES, SITUATIONS[SALES]["QUE-04"])
        assert len(facts(SALES, made).signals["stacked_share"].moments) == 5
        found = next(f for f in checked(SALES, made).findings if f.rule == "QUE-04")
        assert len(found.evidence) == 4

    def test_evidence_quotes_the_utterance_it_points_to(self):
        made, _ = situation(SALES, SITUATIONS[SALES]["NXT-02"])
        by_id = {u.id: u.text for u in made.utterances}
        quoted = [e for finding in checked(SALES, made).findings for e in finding.evidence if e.utterance]
        assert quoted
        assert all(by_id[e.utterance].startswith(e.quote.removesuffix("…")) for e in quoted)
        assert all(len(e.quote) <= 220 for e in quoted)

    def test_nothing_is_found_without_a_moment(self):
        known = good(SALES)
        silent = replace(known.signals["followups_taken"], moments=())
        without = replace(known, signals={**known.signals, "followups_taken": silent})
        found = {
            rule: {f.rule for f in check(f, playbook(SALES)).findings} for rule, f in (("a", known), ("b", without))
        }
        assert found["a"] - found["b"] == {"POS-02"}

    def test_suspect_words_are_no_evidence(self):
        made = call(SALES, {"opening": COMMON["opening"][:2]})
        invented = say("rep", "Thank you for watching!", 0.1, 0.9, suspect=True)
        made = replace(made, utterances=(invented, *made.utterances))
        quotes = [e.quote for f in checked(SALES, made).findings if f.rule == "OPN-01" for e in f.evidence]
        assert quotes == ["Hello there. Is it okay if I record this call for my notes?"]


class TestSilence:
    @absence_rules
    def test_on_a_partial_recording_a_rule_on_absence_is_silent_and_says_so(self, name, rule_id):
        found = check(replace(known(name, rule_id), partial=True), playbook(name))
        assert rule_id not in {finding.rule for finding in found.findings}
        assert (rule_id, "partial") in {(n.rule, n.reason) for n in found.not_checked}

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"words": WordsGrade.ROUGH, "draft": True}, "draft"),
            ({"words": WordsGrade.POOR, "draft": True}, "draft_too_poor"),
            ({"words": WordsGrade.NONE, "utterances": ()}, "no_words"),
            ({"language": "fr"}, "no_language_table"),
            ({"roles": {"rep": Role.UNKNOWN, "other": Role.UNKNOWN}}, "speakers_unknown"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_where_words_cannot_be_leant_on_they_are_silent_and_say_so(self, name, changes, reason):
        leaning = {rule.id for rule in playbook(name).rule if leans(rule, reason)}
        made, firing = bare(name)
        assert len(leaning & firing) > 1
        found = checked(name, replace(made, **changes))
        assert leaning.isdisjoint({finding.rule for finding in found.findings})
        assert leaning <= {n.rule for n in found.not_checked if n.reason == reason}

    @pytest.mark.parametrize("name", [name for name in NAMES if playbook(name).find("OPN-01")])
    def test_a_tracker_the_language_has_no_words_for_is_not_checked_instead_of_not_raised(self, name):
        found = check(facts(name, call(name, {"opening": []})), playbook(name))
        assert "OPN-01" in {finding.rule for finding in found.findings}
        deaf = check(replace(facts(name, call(name, {"opening": []})), unheard=frozenset({"agenda"})), playbook(name))
        assert "OPN-01" not in {finding.rule for finding in deaf.findings}
        assert ("OPN-01", "no_word_list") in {(silent.rule, silent.reason) for silent in deaf.not_checked}

    def test_rules_on_what_is_there_still_speak_on_a_partial_recording(self):
        made, _ = situation(SALES, SITUATIONS[SALES]["LIS-03"])
        assert "LIS-03" in fired(SALES, replace(made, partial=True))

    def test_rules_on_sound_still_speak_without_words(self):
        made, _ = situation(SALES, SITUATIONS[SALES]["LIS-03"])
        wordless = replace(made, words=WordsGrade.NONE, utterances=())
        found = checked(SALES, wordless).findings
        assert "LIS-03" in {f.rule for f in found}
        assert not [f for f in found if f.kind is FindingKind.PRAISE and f.rule != "POS-01"]

    def test_on_a_good_draft_advice_from_words_is_given_and_said_to_be_rough(self):
        made, _ = situation(SALES, SITUATIONS[SALES]["DIS-03"])
        sure = {f.rule: f.rough for f in checked(SALES, made).findings}
        drafted = {f.rule: f.rough for f in checked(SALES, replace(made, draft=True)).findings}
        assert sure.keys() == drafted.keys() and "DIS-03" in drafted
        assert not any(sure.values()) and drafted["DIS-03"]

    def test_on_a_draft_a_finding_from_counts_is_rough_and_one_from_sound_is_not(self):
        made, _ = situation(SALES, SITUATIONS[SALES]["LIS-02"])
        rough = {f.rule: f.rough for f in checked(SALES, replace(made, words=WordsGrade.ROUGH)).findings}
        assert rough["LIS-02"] is True
        made, _ = situation(SALES, SITUATIONS[SALES]["LIS-03"])
        assert {f.rule: f.rough for f in checked(SALES, replace(made, words=WordsGrade.ROUGH)).findings}[
            "LIS-03"
        ] is False

    def test_a_number_that_does_not_apply_is_no_missing_check(self):
        found = checked(SALES, call(SALES, {"concern": []}))
        assert "no_objection_found" not in {n.reason for n in found.not_checked}
        assert found.not_checked == ()


class TestOwnBaseline:
    FILLED = SITUATIONS[SALES]["DEL-01"]

    def rules(self, baseline) -> set[str]:
        made, _ = situation(SALES, self.FILLED)
        return fired(SALES, made, baseline) & {"DEL-01", "DEL-02"}

    def test_without_own_calls_delivery_is_not_judged(self):
        assert self.rules({}) == set()

    def test_two_own_calls_are_too_few_and_three_are_enough(self):
        assert self.rules({key: values[:2] for key, values in OWN_CALLS.items()}) == set()
        assert self.rules(OWN_CALLS) == {"DEL-01", "DEL-02"}

    def test_numbers_from_another_basis_do_not_count(self):
        assert self.rules({(metric, "sound"): values for (metric, _), values in OWN_CALLS.items()}) == set()

    def test_the_own_usual_is_the_median_of_the_last_ten(self):
        made, _ = situation(SALES, self.FILLED)
        pace = facts(SALES, made).signals["pace_wpm"].value
        usual = {("pace_wpm", "words"): [pace] * 6 + [1000.0] * 4 + [1.0] * 20}
        assert "DEL-02" not in fired(SALES, made, usual)


@pytest.mark.parametrize(
    ("value", "op", "against", "holds"),
    [
        (2, ">", 1, True),
        (1, ">", 1, False),
        (1, ">=", 1, True),
        (1, "<", 1, False),
        (1, "<=", 1, True),
        (1, "==", 1, True),
        (1, "!=", 1, False),
        (1, "between", [1, 2], True),
        (2, "between", [1, 2], True),
        (2.1, "between", [1, 2], False),
        (2.1, "outside", [1, 2], True),
        (1, "outside", [1, 2], False),
    ],
)
def test_comparisons(value, op, against, holds):
    assert compare(value, op, against) is holds


class TestWording:
    BAD = (rep("It was a terrible, awful, horrible mess."),)

    def wording(self, name: str) -> Facts:
        made, _ = situation(SALES, SITUATIONS[SALES]["SEN-01"])
        return facts(name, replace(made))

    def test_sales_reads_the_other_side_only(self):
        made = call(SALES, {"last": [*SITUATIONS[SALES]["SEN-01"]["last"], *self.BAD]})
        assert {s.role for s in facts(SALES, made).wording} == {Role.OTHER}

    def test_recruiting_reads_nobody(self):
        assert self.wording(SALES).wording
        assert self.wording(SCREEN).wording == ()
        assert self.wording(SCREEN).signals["negative_not_picked_up"].reason == "wording_off"


class TestWhereItWentWell:
    def test_the_moment_the_other_side_said_most_after_that_is_not_advised_on(self):
        made, baseline = situation(SALES, SITUATIONS[SALES]["QUE-04"])
        finding = next(f for f in checked(SALES, made, baseline).findings if f.rule == "QUE-04")
        (well,) = finding.went_well
        said = {u.id: u.text for u in made.utterances}
        assert said[well.utterance].count("?") == 1
        assert not any(well.start_ms < one.end_ms and one.start_ms < well.end_ms for one in finding.evidence)

    def test_a_rule_that_names_none_has_none(self):
        made, baseline = situation(SALES, SITUATIONS[SALES]["DIS-01"])
        finding = next(f for f in checked(SALES, made, baseline).findings if f.rule == "DIS-01")
        assert finding.went_well == ()
