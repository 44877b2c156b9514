"""Who holds the floor: short responses by sound and by words, interjections, turns, stretches."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coachdesk.model import Basis, Role
from tests.conversation.calls import heard, listened, numbers, say, sound, turns

examples = settings(derandomize=True, max_examples=80, deadline=None)


class TestShortResponsesBySound:
    def test_a_second_inside_the_others_speech_is_no_turn(self):
        assert turns(sound(rep=[(0, 30)], other=[(10, 11)])) == [("rep", 0, 30)]

    def test_more_than_a_second_inside_the_others_speech_is_a_turn(self):
        found = turns(sound(rep=[(0, 30)], other=[(10, 11.05)]))
        assert [speaker for speaker, _, _ in found] == ["rep", "other", "rep"]

    def test_at_once_in_a_pause_of_the_other_who_soon_goes_on_is_no_turn(self):
        assert turns(sound(rep=[(0, 10), (11, 20)], other=[(10.15, 10.7)])) == [("rep", 0, 20)]

    @pytest.mark.parametrize(
        ("answer", "goes_on"), [((10.6, 11.1), 12), ((10.1, 10.6), 12)], ids=["it comes later", "the other waits"]
    )
    def test_a_short_answer_is_a_turn(self, answer, goes_on):
        found = turns(sound(rep=[(0, 10), (goes_on, 20)], other=[answer]))
        assert [speaker for speaker, _, _ in found] == ["rep", "other", "rep"]


class TestShortResponsesByWords:
    @staticmethod
    def speakers(text: str, lasts_s: float, before: str = "We plan the crews by hand every single week.") -> list[str]:
        said = [
            say("rep", before, 0, 10),
            say("other", text, 10.4, 10.4 + lasts_s),
            say("rep", "Then the list goes out.", 12, 20),
        ]
        return [speaker for speaker, _, _ in turns(heard(said))]

    @pytest.mark.parametrize(
        "text", ["Yeah.", "Mhm, okay.", "Okay, got it.", "That’s right.", "Right, I see.", "Um-hum."]
    )
    def test_words_of_the_list_are_no_turn(self, text):
        assert self.speakers(text, 0.8) == ["rep"]

    @pytest.mark.parametrize(
        ("text", "lasts_s"),
        [("Monday.", 0.8), ("Yeah, yeah, yeah, yeah.", 0.9), ("Yeah.", 1.05), ("Yeah, Monday.", 0.8)],
        ids=["another word", "four words", "longer than a second", "a word that is not listed"],
    )
    def test_anything_else_is_a_turn(self, text, lasts_s):
        assert self.speakers(text, lasts_s) == ["rep", "other", "rep"]

    def test_never_after_a_question(self):
        assert self.speakers("Yeah.", 0.8, before="Do you plan the crews by hand?") == ["rep", "other", "rep"]

    def test_a_question_before_the_own_last_turn_does_not_count(self):
        said = [
            say("rep", "Do you plan the crews by hand?", 0, 4),
            say("other", "Every Monday morning, in the office.", 4.5, 8),
            say("rep", "That takes two people.", 8.5, 11),
            say("other", "Yeah.", 11.2, 11.7),
            say("rep", "And then the list goes out.", 12, 16),
        ]
        assert [speaker for speaker, _, _ in turns(heard(said))] == ["rep", "other", "rep"]

    def test_by_words_a_short_answer_in_a_long_pause_counts_as_the_words_say(self):
        call = heard(
            [say("rep", "It was late.", 0, 4), say("other", "Okay.", 6, 6.5), say("rep", "So we left.", 9, 12)]
        )
        assert turns(call) == [("rep", 0, 12)]
        assert [t.speaker for t in listened(sound(rep=[(0, 4), (9, 12)], other=[(6, 6.5)])).facts.turns] == [
            "rep",
            "other",
            "rep",
        ]


class TestInterjections:
    def test_who_goes_on_after_an_interjection_has_the_floor_again(self):
        assert turns(sound(rep=[(0, 30)], other=[(10, 12.5)])) == [
            ("rep", 0, 12.5),
            ("other", 10, 12.5),
            ("rep", 12.5, 30),
        ]

    def test_who_ends_within_a_second_of_it_has_not(self):
        assert turns(sound(rep=[(0, 13)], other=[(10, 12.5)])) == [("rep", 0, 13), ("other", 10, 12.5)]

    def test_the_floor_comes_back_after_each_of_several(self):
        found = turns(sound(rep=[(0, 60)], other=[(10, 12), (30, 33)]))
        assert [speaker for speaker, _, _ in found] == ["rep", "other", "rep", "other", "rep"]


class TestTurns:
    def test_a_pause_of_the_same_speaker_does_not_end_a_turn(self):
        assert turns(sound(rep=[(0, 5), (15, 20)], other=[(21, 25)])) == [("rep", 0, 20), ("other", 21, 25)]

    def test_two_speakers_of_one_side_have_turns_of_their_own_but_no_switch(self):
        call = heard(
            [
                say("rep", "We plan the crews by hand.", 0, 4),
                say("boss", "And I check the whole list.", 4.5, 8),
                say("other", "How long does that take you?", 8.5, 11),
            ],
            roles={"rep": Role.REP, "boss": Role.REP, "other": Role.OTHER},
        )
        assert [speaker for speaker, _, _ in turns(call)] == ["rep", "boss", "other"]
        assert numbers(call).value("switches") == 1

    def test_the_basis_is_told_with_what_leans_on_it(self):
        said = [say("rep", "We plan the crews by hand.", 0, 4), say("other", "Every week of the year.", 5, 9)]
        assert numbers(heard(said)).of("switches").basis is Basis.WORDS
        assert numbers(sound(rep=[(0, 4)], other=[(5, 9)])).of("switches").basis is Basis.SOUND
        assert numbers(heard(said)).of("talk_ratio").basis is Basis.SOUND


class TestStretches:
    def test_short_responses_bridge_a_stretch_but_not_the_strict_one(self):
        found = numbers(sound(rep=[(0, 10), (11, 20)], other=[(10.1, 10.7)]))
        assert found.value("longest_monologue_ms") == 20_000
        assert found.value("longest_monologue_strict_ms") == 10_000

    @pytest.mark.parametrize(("again_at", "longest_ms"), [(12.0, 20_000), (12.1, 10_000)])
    def test_a_pause_over_two_seconds_ends_a_stretch(self, again_at, longest_ms):
        assert numbers(sound(rep=[(0, 10), (again_at, 20)])).value("longest_monologue_ms") == longest_ms

    @pytest.mark.parametrize(("reply", "longest_ms"), [("Monday morning.", 20_000), ("On Monday morning.", 10_000)])
    def test_a_turn_of_three_words_of_the_other_side_ends_a_stretch(self, reply, longest_ms):
        said = [
            say("rep", "We plan the crews by hand every week.", 0, 10),
            say("other", reply, 10.2, 11.1),
            say("rep", "Then the list goes out to everybody.", 11.3, 20),
        ]
        assert numbers(heard(said)).value("longest_monologue_ms") == longest_ms

    def test_the_other_sides_story_is_counted_alike(self):
        found = numbers(sound(rep=[(0, 5), (20.1, 20.8)], other=[(6, 20), (21, 40)]))
        assert found.value("longest_customer_story_ms") == 34_000

    def test_the_longest_stretch_can_be_played(self):
        found = numbers(sound(rep=[(0, 5), (20, 40)], other=[(6, 19)]))
        assert found.moments("longest_monologue_ms")[0] == (20, 40)


def runs(draw_from: st.SearchStrategy[int]) -> st.SearchStrategy[list[tuple[float, float]]]:
    """Disjoint runs in order, from lengths of silence and speech in tenths of a second."""

    def lay(lengths: list[int]) -> list[tuple[float, float]]:
        found, now = [], 0.0
        for silence, speech in zip(lengths[::2], lengths[1::2], strict=False):
            found.append((round(now + silence / 10, 1), round(now + (silence + speech) / 10, 1)))
            now += (silence + speech) / 10
        return found

    return st.lists(draw_from, max_size=40).map(lay)


any_runs = runs(st.integers(4, 120))


@examples
@given(any_runs, any_runs)
def test_turns_are_in_order_and_alternate(own, others):
    found = listened(sound(own, others)).facts.turns
    assert [t.start_ms for t in found] == sorted(t.start_ms for t in found)
    assert all(a.speaker != b.speaker for a, b in pairwise(found))
    assert all(t.end_ms > t.start_ms for t in found)


@examples
@given(any_runs, any_runs)
def test_shares_are_shares(own, others):
    assume(own or others)
    found = numbers(sound(own, others))
    assert 0 <= found.value("talk_ratio") <= 1
    both = found.value("talk_share_of_call", "rep") + found.value("talk_share_of_call", "other")
    assert 0 <= found.value("silence_ratio") <= 1
    assert both + found.value("silence_ratio") >= 1 - 1e-5  # overlap counts for both sides


@examples
@given(any_runs, any_runs)
def test_the_shares_of_both_sides_make_a_whole(own, others):
    assume(own or others)
    mirrored = numbers(sound(others, own)).value("talk_ratio")
    assert numbers(sound(own, others)).value("talk_ratio") + mirrored == pytest.approx(1, abs=2e-6)
