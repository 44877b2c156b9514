"""The ring: own share in blue, amber only above a limit, and in words for whoever does not see it."""

from __future__ import annotations

import math

import pytest
from PySide6.QtGui import QColor

from coachdesk.gui.widgets.talk_ring import SIZE, TalkRing

OWN, TRACK, AMBER = "#2360c4", "#dde3ea", "#855704"


@pytest.fixture
def ring(qtbot):
    made = TalkRing()
    qtbot.addWidget(made)
    made.resize(SIZE, SIZE)
    made.show()
    qtbot.waitExposed(made)
    return made


def at(ring, share: float) -> str:
    """The colour on the ring at a share of its turn."""
    radius, angle = (SIZE - 10) / 2, 2 * math.pi * share
    picture = ring.grab().toImage()
    x, y = SIZE / 2 + radius * math.sin(angle), SIZE / 2 - radius * math.cos(angle)
    return QColor(picture.pixel(round(x), round(y))).name()


def test_before_anybody_spoke(ring):
    assert {at(ring, share) for share in (0.1, 0.5, 0.9)} == {TRACK}
    assert ring.accessibleDescription() == "Nobody has spoken yet."


def test_own_share_from_the_top(ring):
    ring.set_values(0.4, 42_000)
    assert [at(ring, share) for share in (0.05, 0.35, 0.5, 0.9)] == [OWN, OWN, TRACK, TRACK]
    assert ring.accessibleDescription() == "You spoke 40 % of the talk so far. You have been talking for 0:42 now."


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, 7.0])
def test_the_ends(ring, share):
    ring.set_values(share, 0)
    assert at(ring, 0.5) == (OWN if share >= 1 else TRACK)


def test_amber_only_above_a_limit(ring):
    ring.set_values(0.8, 130_000)
    assert at(ring, 0.75) == OWN and not ring.over_share and not ring.over_monologue
    ring.set_limits(0.65, 120_000)
    assert [at(ring, share) for share in (0.3, 0.75, 0.95)] == [OWN, AMBER, TRACK]
    assert ring.over_share and ring.over_monologue
    ring.set_values(0.65, 120_000)
    assert at(ring, 0.63) == OWN and not ring.over_share and not ring.over_monologue


def test_it_is_not_painted_anew_where_nothing_is_to_be_seen(ring, qtbot):
    ring.set_values(0.4, 42_000)
    qtbot.wait(20)
    count = []
    plain = type(ring).paintEvent
    ring.paintEvent = lambda event: (count.append(1), plain(ring, event))
    ring.set_values(0.401, 42_900)
    qtbot.wait(20)
    assert count == []
    ring.set_values(0.41, 42_900)
    qtbot.waitUntil(lambda: bool(count))
    del ring.paintEvent
