"""Goals as they are defined: which calls prove them, what is compared, and when there is a verdict."""

from __future__ import annotations

import random
from itertools import combinations
from statistics import median

import pytest

from coachdesk.coaching.goals import Act, Held, Verdict, chance, dismissed, goals, prove, sides, spread, verdict
from coachdesk.coaching.improvement import Check
from tests.coaching.situations import SALES, playbook

LESS = playbook(SALES).find("LIS-02")  # words per turn: fewer are better
BEFORE = [52.0, 48.0, 55.0, 50.0]
BETTER = [36.0, 40.0, 33.0, 38.0, 35.0]
ORDER = [Held(f"call{n}", f"2026-11-{n:02d}T09:00:00+00:00", f"2026-11-{n:02d}T09:30:00+00:00") for n in range(1, 9)]
SAID_AT_ONCE = [("accept", "call2"), ("done", "call6")]
DAYS = {held.call: held.started_at for held in ORDER}


def act(answer: str, call: str, last: str, rule: str = "R-1", kind: str = "k") -> Act:
    """Said half an hour after `last`, the newest call, had come in."""
    return Act(rule, kind, answer, call, DAYS[last].replace("T09:00", "T10:00"), last, DAYS[last], DAYS[call])


def made(values: list[float | None], basis: str = "words", limit: float = 38.0) -> list[Check]:
    return [
        Check("LIS-02", None, reason="too_few_turns") if v is None else Check("LIS-02", v <= limit, v, "words", basis)
        for v in values
    ]


class TestTheGoal:
    def test_yes_opens_it_and_done_or_not_now_end_it(self):
        states = {}
        for answer in ("done", "dismiss"):
            (goal,) = goals([act("accept", "call1", "call3"), act(answer, "call4", "call5")])
            states[answer] = goal.state
        (still,) = goals([act("accept", "call1", "call3")])
        assert (still.state, states) == ("open", {"done": "done", "dismiss": "dismissed"})

    def test_another_yes_opens_it_anew_with_the_calls_before_that(self):
        again = [act("accept", "call1", "call1"), act("done", "call3", "call3"), act("accept", "call5", "call5")]
        (goal,) = goals(again)
        assert goal.state == "open"
        before, after = sides(goal, ORDER)
        assert (len(before), after) == (5, ["call6", "call7", "call8"])

    def test_yes_twice_is_one_goal_that_began_the_first_time(self):
        first = act("accept", "call1", "call2")
        (goal,) = goals([first, act("accept", "call4", "call4")])
        assert goal.begin == first

    def test_it_hangs_on_rule_and_kind(self):
        kinds = [act("accept", "call1", "call1", kind=kind) for kind in ("k", "l")]
        assert [goal.kind for goal in goals([*kinds, act("dismiss", "call1", "call1", kind="l")])] == ["k", "l"]
        assert [goal.state for goal in goals([*kinds, act("dismiss", "call1", "call1", kind="l")])] == [
            "open",
            "dismissed",
        ]

    def test_what_was_dismissed_without_a_yes_is_no_goal_but_weighs_less(self):
        acts = [act("dismiss", "call1", "call1"), act("dismiss", "call1", "call1"), act("dismiss", "call2", "call2")]
        assert goals(acts) == []
        assert dismissed(acts) == {"R-1": 2}
        assert dismissed([*acts, act("accept", "call3", "call3")]) == {}


class TestWhichCallsProveIt:
    def test_those_that_came_after_the_yes_even_where_it_was_said_on_an_old_call(self):
        (goal,) = goals([act("accept", "call2", "call5")])
        assert sides(goal, ORDER) == ([f"call{n}" for n in range(1, 6)], ["call6", "call7", "call8"])

    def test_only_those_until_it_was_ended(self):
        (goal,) = goals([act("accept", "call2", "call2"), act("done", "call6", "call6")])
        assert sides(goal, ORDER)[1] == ["call3", "call4", "call5", "call6"]

    def test_an_older_call_brought_in_later_lies_before(self):
        (goal,) = goals([act("accept", "call2", "call2")])
        older = [Held("old", "2026-10-01T09:00:00+00:00", "2026-12-01T09:00:00+00:00"), *ORDER]
        assert sides(goal, older) == (["old", "call1", "call2"], [f"call{n}" for n in range(3, 9)])

    def test_where_the_newest_call_of_then_is_gone_its_time_tells(self):
        (goal,) = goals([act("accept", "call1", "call4")])
        left = [one for one in ORDER if one.call not in ("call1", "call4")]
        assert sides(goal, left) == (["call2", "call3"], ["call5", "call6", "call7", "call8"])

    def test_said_on_a_sample_before_any_own_call_all_calls_come_after(self):
        early = "2026-10-20T09:00:00+00:00"
        (goal,) = goals([Act("R-1", "k", "accept", "sample", early, call_at=early)])
        assert sides(goal, ORDER) == ([], list(DAYS))
        backlog = Held("old", "2026-10-01T09:00:00+00:00", "2026-12-01T09:00:00+00:00")
        assert sides(goal, [backlog, *ORDER]) == (["old"], list(DAYS))

    def test_one_that_was_there_and_only_became_a_later_one_of_the_kind_proves_nothing(self):
        (goal,) = goals([act("accept", "call2", "call2")])
        moved = Held("moved", "2026-11-03T12:00:00+00:00", "2026-11-01T12:00:00+00:00")
        assert sides(goal, [*ORDER[:3], moved, *ORDER[3:]])[0] == ["call1", "call2", "moved"]

    def test_one_brought_in_late_that_began_since_counts_whatever_the_newest_was_then(self):
        (goal,) = goals([act("accept", "call2", "call5")])
        late = Held("late", "2026-11-03T12:00:00+00:00", "2026-11-09T12:00:00+00:00")
        assert sides(goal, [*ORDER[:3], late, *ORDER[3:]])[1] == ["late", "call6", "call7", "call8"]

    def test_one_brought_in_after_the_end_proves_nothing_more(self):
        (goal,) = goals([act("accept", "call2", "call2"), act("done", "call5", "call5")])
        late = Held("late", "2026-11-03T12:00:00+00:00", "2026-11-09T12:00:00+00:00")
        assert sides(goal, [*ORDER[:3], late, *ORDER[3:]])[1] == ["call3", "call4", "call5"]

    def test_within_one_second_the_order_of_the_calls_tells(self):
        now = "2026-12-01T09:00:00+00:00"
        at_once = [held._replace(came_in_at=now) for held in ORDER]
        said = [Act("R-1", "k", word, call, now, call, DAYS[call], DAYS[call]) for word, call in SAID_AT_ONCE]
        (goal,) = goals(said)
        assert sides(goal, at_once) == (["call1", "call2"], ["call3", "call4", "call5", "call6"])


class TestTheVerdict:
    def test_it_comes_with_the_fifth_call_after_and_not_before(self):
        codes = [prove(LESS, made(BEFORE), made(BETTER[:n])).verdict for n in range(6)]
        assert codes == [
            *(Verdict("not_enough_calls", {"n": n, "of": 5, "side": "after"}) for n in range(5)),
            Verdict("improved"),
        ]

    def test_it_needs_three_calls_before(self):
        assert prove(LESS, made(BEFORE[:2]), made(BETTER)).verdict == Verdict(
            "not_enough_calls", {"n": 2, "of": 3, "side": "before"}
        )
        assert prove(LESS, made(BEFORE[:3]), made(BETTER)).verdict.code == "improved"

    def test_calls_that_could_not_be_checked_do_not_count(self):
        after = [*BETTER[:4], None, None]
        assert prove(LESS, made(BEFORE), made(after)).verdict.params == {"n": 4, "of": 5, "side": "after"}

    def test_the_other_way_is_worse(self):
        assert prove(LESS, made(BETTER), made([*BEFORE, 51.0])).verdict.code == "worse"

    def test_within_the_usual_spread_nothing_changed_however_sure_it_is(self):
        before, after = [0.0] * 4 + [10.0] * 2 + [20.0] * 4, [20.0] * 10
        assert spread(before) == median(after) - median(before) == 10.0
        assert chance(before, after) < 0.05
        assert verdict(before, after).code == "no_change"

    def test_beyond_the_spread_but_by_chance_nothing_changed(self):
        before, after = [50.0, 50.0, 51.0, 58.0], [47.0, 48.0, 49.0, 52.0, 60.0]
        assert abs(median(after) - median(before)) > spread(before)
        assert verdict([-v for v in before], [-v for v in after]).code == "no_change"

    def test_only_the_last_ten_of_each_side_are_looked_at(self):
        early = [20.0] * 30
        assert prove(LESS, made([*early, *BEFORE, *BEFORE, 50.0, 51.0]), made(BETTER)).verdict.code == "improved"

    def test_bases_are_never_mixed(self):
        found = prove(LESS, [*made(BEFORE, "rough"), *made(BEFORE[:2])], made(BETTER))
        assert (found.basis, found.verdict.params) == ("words", {"n": 2, "of": 3, "side": "before"})

    def test_a_number_that_should_lie_in_a_range_is_judged_by_its_distance(self):
        rule = playbook(SALES).find("QUE-01")  # between 8 and 18
        before = [Check("QUE-01", False, v, "count", "words") for v in (2.0, 30.0, 28.0)]
        after = [Check("QUE-01", True, v, "count", "words") for v in (9.0, 12.0, 17.0, 10.0, 11.0)]
        assert prove(rule, before, after).verdict.code == "improved"

    def test_done_speaks_of_the_last_calls_that_could_be_checked(self):
        found = prove(LESS, made(BEFORE), made([36.0, None, 45.0, 33.0, 38.0]))
        assert (found.done, found.checked) == (3, 4)
        many = prove(LESS, made(BEFORE), made([50.0] * 9 + [30.0] * 4))
        assert (many.done, many.checked) == (4, 5)


class TestChance:
    def test_it_is_the_share_of_all_ways_to_deal_the_numbers_out(self):
        before, after = [3.0, 1.0, 4.0, 1.0], [5.0, 9.0, 2.0]
        everything = [*before, *after]
        ranks = [sorted(everything).index(v) + (everything.count(v) + 1) / 2 for v in everything]
        mean = sum(ranks) * 3 / 7
        far = [abs(sum(ranks[i] for i in dealt) - mean) for dealt in combinations(range(7), 3)]
        expected = sum(d >= abs(sum(ranks[4:]) - mean) - 1e-9 for d in far) / len(far)
        assert chance(before, after) == pytest.approx(expected)

    def test_three_below_five_is_one_way_in_fifty_six_on_each_side(self):
        assert chance([1, 2, 3], [4, 5, 6, 7, 8]) == pytest.approx(2 / 56)

    def test_numbers_that_are_all_the_same_say_nothing(self):
        assert chance([1.0] * 10, [1.0] * 10) == 1.0

    def test_shuffled_numbers_give_no_change_but_for_one_in_twenty(self):
        dice = random.Random(7)
        codes = []
        for _ in range(400):
            values = [dice.gauss(50, 8) for _ in range(16)]
            dice.shuffle(values)
            codes.append(verdict(values[:8], values[8:]).code)
        assert codes.count("no_change") / len(codes) >= 0.95

    def test_the_same_numbers_before_and_after_in_another_order_are_no_change(self):
        assert verdict(BEFORE, [48.0, 55.0, 50.0, 52.0, 50.0]).code == "no_change"
