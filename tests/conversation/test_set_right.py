"""Facts a person knows better: where they go, whom they are about, and that numbers, hits and next steps all follow."""

from __future__ import annotations

import pytest

from coachdesk.conversation import set_right
from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.set_right import SetRight
from coachdesk.conversation.talk import lines_of
from coachdesk.conversation.text import facts_of
from coachdesk.model import Role, Tracker
from tests.conversation.calls import SIDES, Numbers, heard, listened, other, rep, say, spoken

BUDGET = Tracker("budget", patterns=("budget",))
OWN_BUDGET = Tracker("budget", side="rep", patterns=("budget",))
KESTROW = Tracker("kestrow", phrases=("kestrow",))
STEP = Tracker("next_step", patterns=("next_step",))


def here(at_s: float, tracker: Tracker = BUDGET) -> SetRight:
    at = round(at_s * 1000)
    return SetRight(tracker.id, tracker.patterns, "any", at, at + 1, True)


def not_here(start_s: float, end_s: float, side: str = "any", tracker: Tracker = BUDGET) -> SetRight:
    return SetRight(tracker.id, tracker.patterns, side, round(start_s * 1000), round(end_s * 1000), False)


def where(said, *corrections, tracker=BUDGET):
    """Seconds at which a tracker is found."""
    found = listened(heard(said, set_right=corrections), (tracker,)).facts.hits
    return [hit.start_ms / 1000 for hit in found if hit.tracker == tracker.id]


def patterned(said, *corrections):
    """Seconds of the lines that have the budget pattern."""
    facts = [facts_of(u.text, lexicon("en")) for u in said]
    lines = set_right.lines(lines_of(tuple(said), SIDES, facts), corrections)
    return [line.utterance.start_ms / 1000 for line in lines if "budget" in line.facts.patterns]


PLAIN = (
    say("rep", "We print it on paper.", 10, 14),
    say("other", "It lies on the table.", 20, 24),
    say("rep", "So it does.", 30, 32),
)
BUDGETS = (
    say("rep", "What is the budget?", 10, 12),
    say("other", "The budget is gone.", 20, 22),
    say("rep", "So there is no budget.", 30, 32),
)


class TestPresent:
    @pytest.mark.parametrize(
        ("at_s", "found"),
        [
            (10, [10]),  # where it begins
            (13.9, [10]),  # inside
            (14, []),  # it has ended, and began more than 3 s ago
            (17, [20]),  # 3 s before the next
            (16.9, []),  # a little more than that
            (19, [20]),
            (33, [30]),  # after its end, 3 s after its beginning
            (33.1, []),
            (500, []),
            (0, []),
        ],
    )
    def test_it_goes_to_the_line_at_the_moment_or_to_the_nearest_within_3_s(self, at_s, found):
        assert where(PLAIN, here(at_s)) == found
        assert patterned(PLAIN, here(at_s)) == found

    def test_where_lines_overlap_the_later_begun_is_meant(self):
        said = (say("rep", "We print it on paper.", 10, 20), say("other", "It lies on the table.", 12, 14))
        assert where(said, here(13)) == [12]
        assert where(said, here(15)) == [10]

    def test_between_two_equally_near_the_earlier_is_meant(self):
        said = (say("rep", "We print it.", 10, 10.5), say("other", "On the table.", 12, 14))
        assert where(said, here(11)) == [10]

    def test_the_hit_knows_whose_line_it_is_and_can_be_played(self):
        (hit,) = listened(heard(PLAIN, set_right=(here(21),)), (BUDGET,)).facts.hits
        assert (hit.role, hit.utterance, hit.start_ms, hit.end_ms) == (Role.OTHER, "other@20000", 20_000, 24_000)

    def test_what_was_found_already_is_not_found_twice(self):
        assert where(BUDGETS, here(20)) == [10, 20, 30]
        found = listened(heard(BUDGETS, set_right=(here(20),)), (BUDGET,)).facts.hits
        assert [hit.phrase.lower() for hit in found] == ["budget"] * 3, "the words that were found stay"

    def test_a_tracker_of_one_side_is_shown_where_the_person_heard_it_on_the_other(self):
        assert where(PLAIN, here(21), tracker=OWN_BUDGET) == [20]

    def test_other_trackers_stay_as_they_were(self):
        timeline = Tracker("timeline", patterns=("timeline",))
        assert where(PLAIN, here(21), tracker=timeline) == []

    def test_the_order_of_hits_stays_that_of_time(self):
        assert where(BUDGETS[:1] + PLAIN[1:2] + BUDGETS[2:], here(20)) == [10, 20, 30]

    def test_a_call_without_lines_has_nowhere_to_put_it(self):
        assert where((), here(1)) == [] and patterned((), here(1)) == []


class TestAbsent:
    @pytest.mark.parametrize(
        ("start_s", "end_s", "side", "left"),
        [
            (0, 60, "any", []),
            (0, 60, "rep", [20]),
            (0, 60, "other", [10, 30]),
            (0, 20, "any", [20, 30]),  # the end is not in it
            (20, 60, "any", [10]),  # the beginning is
            (20, 60, "rep", [10, 20]),
            (10.5, 19, "any", [10, 20, 30]),  # a line counts where it begins
        ],
    )
    def test_it_is_taken_from_the_lines_of_that_side_in_that_stretch(self, start_s, end_s, side, left):
        assert where(BUDGETS, not_here(start_s, end_s, side)) == left
        assert patterned(BUDGETS, not_here(start_s, end_s, side)) == left

    def test_later_answers_count_over_earlier_ones(self):
        assert where(BUDGETS, not_here(0, 60), here(20)) == [20]
        assert where(BUDGETS, here(20), not_here(0, 60)) == []


class TestPhrases:
    """Phrases of a playbook's own are no patterns of a line: the hit alone is set right."""

    SAID = (
        say("rep", "You know Kestrow.", 10, 12),
        say("other", "The other firm, yes.", 20, 22),
        say("other", "Kestrow it is.", 30, 32),
    )

    def test_a_hit_is_added_at_the_line_and_has_no_words_of_its_own(self):
        assert where(self.SAID, here(21, KESTROW), tracker=KESTROW) == [10, 20, 30]
        found = listened(heard(self.SAID, set_right=(here(21, KESTROW),)), (KESTROW,)).facts.hits
        assert [hit.phrase for hit in found] == ["Kestrow", "", "Kestrow"]

    def test_hits_are_taken_away_by_side_and_stretch(self):
        assert where(self.SAID, not_here(0, 60, "other", KESTROW), tracker=KESTROW) == [10]
        assert where(self.SAID, not_here(0, 30, "any", KESTROW), tracker=KESTROW) == [30]

    def test_nothing_near_adds_nothing(self):
        assert where(self.SAID, here(16, KESTROW), tracker=KESTROW) == [10, 30]

    def test_the_lines_stay_as_they_are(self):
        facts = [facts_of(u.text, lexicon("en")) for u in self.SAID]
        lines = lines_of(self.SAID, SIDES, facts)
        assert set_right.lines(lines, (here(21, KESTROW), not_here(0, 60, "any", KESTROW))) == lines


TALK = [rep("We print it on paper every day."), other("It lies on the table over there.")] * 40
CLOSING = [other("Then it is settled with the two of us."), rep("Have a good day."), other("Bye.")]


class TestEverywhere:
    def call(self, *corrections):
        return heard(spoken([*TALK, *CLOSING]), set_right=corrections)

    def settled_s(self):
        return next(u.start_ms for u in self.call().utterances if "settled" in u.text) / 1000

    def test_a_next_step_shown_is_a_number_a_hit_and_a_next_step(self):
        before = listened(self.call(), (STEP,))
        after = listened(self.call(here(self.settled_s(), STEP)), (STEP,))
        assert Numbers(before.facts).value("next_step") == 0 and before.next_steps == ()
        assert Numbers(after.facts).value("next_step") == 1
        assert [step.text for step in after.next_steps] == ["Then it is settled with the two of us."]
        assert [hit.tracker for hit in after.facts.hits] == ["next_step"]

    def test_a_next_step_denied_is_none_of_them(self):
        said = spoken([*TALK, rep("I'll send you the summary on Friday."), other("Fine.")])
        before = listened(heard(said), (STEP,))
        after = listened(heard(said, set_right=(not_here(0, 9_000, "any", STEP),)), (STEP,))
        assert Numbers(before.facts).value("next_step") == 1 and len(before.next_steps) == 1
        assert Numbers(after.facts).value("next_step") == 0 and after.next_steps == () and after.facts.hits == ()

    def test_protected_topics_are_never_taken_away_by_an_answer_about_a_tracker(self):
        said = (say("rep", "Do you have kids, and a budget?", 10, 12),)
        found = listened(heard(said, set_right=(not_here(0, 60),)), (BUDGET,)).facts.hits
        assert [hit.tracker for hit in found] == ["protected:marital_family:clear"]

    def test_facts_are_not_kept_with_the_text_in_the_cache(self):
        """The same sentence in another call is judged by itself."""
        made = listened(heard(PLAIN, set_right=(here(21),)), (BUDGET,))
        again = listened(heard(PLAIN), (BUDGET,), cached=made.fresh_texts)
        assert len(made.facts.hits) == 1 and again.facts.hits == () and again.fresh_texts == {}
