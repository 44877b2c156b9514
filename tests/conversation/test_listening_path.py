"""The listening path: what is chosen, in which order, and never longer than it may be."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from coachdesk.conversation.listening_path import BRIDGE_MS, LEAD_IN_MS, LONGEST_MS, MOST_MS, Worth, path
from coachdesk.spans import Span, total_ms

HOUR_MS = 3_600_000


def heard(*wanted: tuple[float, float, str], minutes: float = 60) -> list[tuple[float, float, tuple[str, ...]]]:
    """Stretches in seconds."""
    found = path([Worth(round(a * 1000), round(b * 1000), why) for a, b, why in wanted], round(minutes * 60_000))
    return [(s.start_ms / 1000, s.end_ms / 1000, s.why) for s in found]


def test_nothing_worth_hearing_is_no_path():
    assert heard() == []


def test_it_begins_three_seconds_early_and_goes_in_order_of_time():
    assert heard((100, 110, "suggestion"), (20, 30, "praise")) == [(17, 30, ("praise",)), (97, 110, ("suggestion",))]


def test_the_beginning_of_the_call_is_its_beginning():
    assert heard((1, 10, "praise")) == [(0, 10, ("praise",))]


def test_short_ones_play_on_a_little_and_long_ones_are_cut():
    assert heard((100, 100.5, "question")) == [(97, 105, ("question",))]
    assert heard((100, 400, "story")) == [(97, 157, ("story",))]


def test_none_goes_on_after_the_end_of_the_call():
    assert heard((58, 90, "next_step"), minutes=1) == [(55, 60, ("next_step",))]
    assert heard((70, 90, "next_step"), minutes=1) == [(57, 60, ("next_step",))]


def test_what_lies_together_is_one_stretch_with_all_reasons_the_most_worthwhile_first():
    assert heard((40, 50, "suggestion"), (30, 38, "praise"), (52, 58, "praise"), (300, 310, "story")) == [
        (27, 58, ("suggestion", "praise")),
        (297, 310, ("story",)),
    ]


def test_the_most_worthwhile_is_in_it_where_not_all_has_room():
    story = [(200 * n, 200 * n + 60, "story") for n in range(1, 12)]
    found = heard((3000, 3020, "suggestion"), *story)
    assert found[-1] == (2997, 3020, ("suggestion",))
    assert len(found) == 1 + (MOST_MS - 23_000) // LONGEST_MS


def test_what_is_shorter_still_has_room_behind_what_has_none():
    long = [(100 * n, 100 * n + 60, "story") for n in range(1, 8)]  # six fit, and nothing is left
    assert len(heard(*long[:5], (2000, 2030, "praise"), long[5], (3000, 3010, "question"))) == 7


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_wanted_it_is_disjoint_in_order_and_not_too_long(seed):
    chance = random.Random(seed)
    wanted = []
    for _ in range(chance.randrange(1, 60)):
        start = chance.randrange(HOUR_MS)
        wanted.append(Worth(start, start + chance.randrange(1, 120_000), chance.choice("abc")))
    found = path(wanted, HOUR_MS)
    assert found and found == path(wanted, HOUR_MS)
    assert sum(s.end_ms - s.start_ms for s in found) <= MOST_MS
    assert all(a.end_ms + BRIDGE_MS < b.start_ms for a, b in pairwise(found))
    assert all(s.why and 0 <= s.start_ms < s.end_ms <= HOUR_MS for s in found)
    first = Span(max(0, wanted[0].start_ms - LEAD_IN_MS), min(wanted[0].end_ms, wanted[0].start_ms + 50_000, HOUR_MS))
    assert any(Span(s.start_ms, s.end_ms).contains(first) for s in found), "the most worthwhile is never left out"
    assert total_ms([Span(s.start_ms, s.end_ms) for s in found]) > 0
