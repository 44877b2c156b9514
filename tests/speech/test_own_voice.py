"""Whether a voice is the person's own: only where it is like enough, alone in that, and heard for long enough."""

from __future__ import annotations

import pytest

from coachdesk.speech.own_voice import APART, LEAST_MS, SURELY, whose

LONG = LEAST_MS
HIGH = SURELY + 0.01


@pytest.mark.parametrize(
    ("alike", "spoken", "expected"),
    [
        ([HIGH, 0.6], [LONG, LONG], 1),
        ([0.6, HIGH], [LONG, LONG], 2),
        ([0.6, HIGH, 0.5], [LONG, LONG, LONG], 2),
        ([SURELY - 0.01, 0.3], [LONG, LONG], None),  # not like enough
        ([HIGH, HIGH - APART + 0.01], [LONG, LONG], None),  # another is nearly as like
        ([HIGH, 0.6], [LONG - 1, LONG], None),  # too little heard of it
        ([], [], None),
        ([HIGH], [LONG, LONG], None),  # not of all voices
    ],
)
def test_whose(alike: list[float], spoken: list[int], expected: int | None) -> None:
    assert whose(alike, spoken) == expected
