"""Numbers from who is active when, each on a small call whose answer is worked out here from the definitions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coachdesk.model import Grade
from tests.conversation.calls import numbers, sound


def replies(gaps: list[float]) -> dict[str, list[tuple[float, float]]]:
    """The other side speaks for 20 s, the own side answers after each gap, and again."""
    return {
        "other": [(40 * n, 40 * n + 20) for n in range(len(gaps))],
        "rep": [(40 * n + 20 + gap, 40 * n + 35) for n, gap in enumerate(gaps)],
    }


class TestShares:
    def test_overlap_counts_for_both_and_silence_for_nobody(self):
        # own 10 s, other 6 s, 2 s of both together
        assert numbers(sound(rep=[(0, 10)], other=[(8, 14)], duration_ms=60_000)).value("talk_ratio") == 10 / 16

    def test_share_of_the_call_is_over_its_length(self):
        found = numbers(sound(rep=[(0, 10)], other=[(8, 14)], duration_ms=40_000))
        assert (found.value("talk_share_of_call", "rep"), found.value("talk_share_of_call", "other")) == (0.25, 0.15)

    def test_phases_are_the_first_and_last_five_minutes_and_what_is_between(self):
        # twelve minutes: own 60 of 240 s, then 30 of 40 s, then 0 of 100 s
        call = sound(rep=[(0, 60), (320, 350)], other=[(60, 240), (400, 410), (500, 600)], duration_ms=720_000)
        found = numbers(call)
        assert [found.value(f"talk_ratio_by_phase.{part}") for part in ("first", "middle", "last")] == [0.25, 0.75, 0]

    def test_ten_minutes_are_too_short_for_phases(self):
        call = sound(rep=[(0, 200)], other=[(200, 400)], duration_ms=600_000)
        assert numbers(call).why_not("talk_ratio_by_phase.first") == "too_short_for_phases"


class TestSwitches:
    def test_switches_are_changes_between_turns(self):
        call = sound(rep=[(0, 30), (60, 90), (120, 150)], other=[(30, 60), (90, 120), (10, 10.5)])
        assert numbers(call).value("switches") == 4

    def test_back_and_forth_is_per_minute_of_speech(self):
        # 6 changes in 210 s of speech; the pauses do not count
        call = sound(
            rep=[(100 * n, 100 * n + 30) for n in range(4)], other=[(100 * n + 50, 100 * n + 80) for n in range(3)]
        )
        assert numbers(call).value("interactivity_per_min") == pytest.approx(6 / 3.5, abs=1e-6)


class TestPatience:
    def test_it_is_the_median_pause_and_starting_early_counts_as_nothing(self):
        # sorted, with -0.3 as 0: 0 .2 .3 .4 | .5 .6 .7 .8
        call = sound(**replies([0.8, -0.3, 0.2, 0.7, 0.3, 0.6, 0.4, 0.5]))
        assert numbers(call).value("patience_ms") == 450

    def test_starting_early_often_is_a_pause_of_nothing(self):
        assert numbers(sound(**replies([-0.3] * 5 + [0.5] * 3))).value("patience_ms") == 0

    def test_seven_pauses_are_too_few(self):
        assert numbers(sound(**replies([0.5] * 7))).why_not("patience_ms") == "too_few_gaps"

    def test_pauses_over_five_seconds_are_lapses_and_stand_apart(self):
        call = sound(**replies([0.5] * 8 + [5.0, 5.1, 9]))
        assert numbers(call).value("lapses") == 2
        assert numbers(call).value("patience_ms") == 500
        assert numbers(sound(**replies([0.5] * 7 + [5.1]))).why_not("patience_ms") == "too_few_gaps"

    def test_pauses_after_brief_turns_do_not_count(self):
        brief = replies([0.5] * 8)
        brief["other"] = [(start, start + 1.4) for start, _ in brief["other"]]
        brief["rep"] = [(start - 18.6, end) for start, end in brief["rep"]]
        assert numbers(sound(**brief)).why_not("patience_ms") == "too_few_gaps"

    def test_the_shortest_pauses_can_be_played_first(self):
        moments = numbers(sound(**replies([0.5] * 8 + [0.1]))).moments("patience_ms")
        assert moments[0] == (337, 344.1)  # from 3 s before the other side ends to 4 s into the answer


class TestOverlap:
    def test_it_is_time_together_in_events_of_at_least_three_tenths(self):
        call = sound(rep=[(0, 10), (30, 40)], other=[(9.5, 20), (39.8, 50)])
        assert numbers(call).value("overlap_ratio") == pytest.approx(0.5 / 40, abs=1e-6)

    def test_starts_a_quarter_second_early_are_counted_per_ten_minutes(self):
        # 200 s of speech hold one such start: three in ten minutes
        assert numbers(sound(rep=[(99.75, 200)], other=[(0, 100)])).value("overlapping_starts") == 3

    @pytest.mark.parametrize(
        "start",
        [[(99.8, 200)], [(99.65, 100.12), (101, 200)], [(50, 50.9), (101, 200)]],
        ids=["later", "brief", "short"],
    )
    def test_other_starts_are_not(self, start):
        assert numbers(sound(rep=start, other=[(0, 100)])).value("overlapping_starts") == 0

    @pytest.mark.parametrize("metric", ["overlap_ratio", "overlapping_starts"])
    @pytest.mark.parametrize("grade", [Grade.B, Grade.C])
    def test_they_need_two_channels(self, metric, grade):
        call = sound(rep=[(99, 200)], other=[(0, 100)], timing=grade)
        assert numbers(call).why_not(metric) == "needs_two_channels"


class TestSilence:
    def test_it_is_time_without_activity_over_the_length(self):
        found = numbers(sound(rep=[(10, 20)], other=[(15, 18), (25, 40)], duration_ms=60_000))
        assert found.value("silence_ratio") == pytest.approx(35 / 60, abs=1e-6)
        assert found.value("longest_silence_ms") == 20_000
        assert found.moments("longest_silence_ms") == [(40, 60)]

    @pytest.mark.parametrize("metric", ["silence_ratio", "longest_silence_ms"])
    def test_words_laid_end_to_end_for_want_of_times_tell_of_none(self, metric):
        call = sound(rep=[(0, 20), (35, 60)], other=[(20, 35)], duration_ms=60_000)
        assert numbers(replace(call, timing=Grade.C)).why_not(metric) == "times_unknown"
        assert numbers(call).value(metric) == 0, "heard so"
        with_pauses = sound(rep=[(0, 20), (40, 60)], other=[(20, 35)], duration_ms=60_000, timing=Grade.C)
        assert numbers(with_pauses).value(metric) in (pytest.approx(5 / 60, abs=1e-6), 5_000)
