"""From findings to the few that are said: three suggestions, one focus, two praises, and every review flag."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coachdesk.coaching.suggestions import Context, coach
from coachdesk.model import Coaching, Role
from tests.coaching.situations import SALES, SCREEN, SITUATIONS, call, facts, fired, good, playbook
from tests.coaching.written import COMMON
from tests.conversation.calls import heard, other, rep, spoken

NOTHING = Context()
WRONG = {part: [] for part in ("recap", "closing", "people", "timing", "numbers", "asked")} | {
    "opening": COMMON["opening"][:2],
    "need": SITUATIONS[SALES]["DIS-01"]["need"],
    "concern": SITUATIONS[SALES]["OBJ-02"]["concern"],
    "price": SITUATIONS[SALES]["NEG-01"]["price"],
    "exchanges": SITUATIONS[SALES]["LIS-02"]["exchanges"],
}
ASKED = [
    line for rule, differs in SITUATIONS[SCREEN].items() if rule.startswith("PRT") for line in differs["motivation"]
]


def coached(name: str, made, context: Context = NOTHING) -> Coaching:
    return coach(facts(name, made), playbook(name), {}, context)


def priorities(context: Context) -> dict[str, float]:
    found = coached(SALES, call(SALES, WRONG), context)
    return {s.finding.rule: s.priority for s in found.suggestions}


class TestTheFew:
    def test_at_most_three_one_per_family_the_weightiest_first(self):
        made = call(SALES, WRONG)
        found = coached(SALES, made)
        rules = [s.finding.rule for s in found.suggestions]
        improving = {r for r in fired(SALES, made) if playbook(SALES).find(r).kind == "improve"}
        assert len({rule.split("-")[0] for rule in improving}) > 3
        assert len(rules) == 3 == len({rule.split("-")[0] for rule in rules})
        assert [s.priority for s in found.suggestions] == sorted((s.priority for s in found.suggestions), reverse=True)

    def test_one_of_them_is_the_focus(self):
        assert [s.focus for s in coached(SALES, call(SALES, WRONG)).suggestions] == [True, False, False]

    def test_the_priority_is_severity_times_weight_times_confidence(self):
        for suggestion in coached(SALES, call(SALES, WRONG)).suggestions:
            rule = playbook(SALES).find(suggestion.finding.rule)
            confidence = {"measured": 1.0, "solid": 1.0, "craft": 0.8, "vendor": 0.7, "weak": 0.5}[rule.strength]
            assert suggestion.priority == pytest.approx(rule.severity * rule.weight * confidence, abs=1e-4)

    def test_at_most_two_praises(self):
        praise = coach(good(SALES), playbook(SALES), {}, NOTHING).praise
        assert [(s.finding.rule, s.priority) for s in praise] == [("POS-02", 1.2), ("POS-04", 1.1)]

    def test_every_review_flag_is_shown(self):
        made = call(SCREEN, {"motivation": ASKED, "opening": COMMON["opening"][2:]}, consent_noted=False)
        flags = {s.finding.rule for s in coached(SCREEN, made).review_flags}
        assert flags == {rule.id for rule in playbook(SCREEN).rule if rule.kind == "review"}
        assert len(flags) == 11

    def test_flags_take_no_place_of_suggestions(self):
        made = call(
            SCREEN,
            {"motivation": ASKED, "pay": [], "asked": [], "exchanges": SITUATIONS[SCREEN]["LIS-02"]["exchanges"]},
        )
        assert len(coached(SCREEN, made).suggestions) >= 2

    def test_a_suggestion_keeps_its_id_and_recordings_have_their_own(self):
        first, again = (coached(SALES, call(SALES, WRONG)).suggestions for _ in range(2))
        elsewhere = coached(SALES, call(SALES, WRONG, recording="another")).suggestions
        assert first == again
        assert {s.id for s in first}.isdisjoint({s.id for s in elsewhere})


class TestWeights:
    BEFORE = priorities(NOTHING)
    RULE = next(iter(BEFORE))

    def test_a_goal_in_focus_weighs_more(self):
        found = priorities(Context(focus_rules=frozenset({self.RULE})))
        assert found[self.RULE] == pytest.approx(1.3 * self.BEFORE[self.RULE])

    def test_what_was_shown_twice_without_change_weighs_less(self):
        everything = {rule.id: 2 for rule in playbook(SALES).rule}
        assert priorities(Context(shown_before=everything)) == pytest.approx(
            {r: 0.6 * p for r, p in self.BEFORE.items()}
        )

    def test_what_was_shown_once_weighs_the_same(self):
        assert priorities(Context(shown_before={self.RULE: 1})) == self.BEFORE

    def test_each_not_for_me_halves_the_weight(self):
        everything = {rule.id: 2 for rule in playbook(SALES).rule}
        assert priorities(Context(not_for_me=everything)) == pytest.approx(
            {r: 0.25 * p for r, p in self.BEFORE.items()}
        )

    def test_what_is_not_for_me_makes_room_for_others(self):
        assert self.RULE not in priorities(Context(not_for_me={self.RULE: 5}))


class TestQuiet:
    LINES = (rep("Have you ever been arrested?"), other("I would leave that out."))

    def brief(self, seconds: int) -> Coaching:
        words = 2 * seconds // 2 - 11
        lines = [
            *self.LINES,
            rep(" ".join(["paper"] * words), word_ms=500),
            other(" ".join(["paper"] * words), word_ms=500),
        ]
        return coached(SCREEN, heard(spoken(lines), consent_noted=False))

    def test_under_three_minutes_of_speech_only_flags_are_shown(self):
        found = self.brief(170)
        assert (found.suggestions, found.praise, found.quiet) == ((), (), "too_short")
        assert {s.finding.rule for s in found.review_flags} == {"PRT-ARREST", "REC-01"}

    def test_from_three_minutes_on_there_are_suggestions(self):
        found = self.brief(200)
        assert found.suggestions
        assert found.quiet == ""

    def test_without_known_sides_nothing_is_coached_and_the_reason_is_said(self):
        found = coached(SALES, replace(call(SALES), roles={"rep": Role.UNKNOWN, "other": Role.UNKNOWN}))
        assert (found.suggestions, found.praise, found.review_flags, found.quiet) == ((), (), (), "speakers_unknown")
        assert {n.rule for n in found.not_checked} == {rule.id for rule in playbook(SALES).rule}
