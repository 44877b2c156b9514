"""A call played through real devices in real time is measured as truly as its file, and coached soon after hanging up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import needs_sound_server
from tests.end_to_end import rig

pytestmark = pytest.mark.alone

TWICE_S = 588.0  # the whole call, twice


@pytest.fixture(autouse=True)
def sound_server() -> None:
    needs_sound_server()


def ratio_of(found: dict[str, Any]) -> float:
    assert found["status"] == 0, found["said"]
    review = found["review"]
    assert review["recording"]["layout"] == "two_sides"
    return float(next(m["value"] for m in review["measurements"] if m["metric"] == "talk_ratio"))


def test_half_a_minute_of_a_call_has_its_true_talk_ratio(tmp_path: Path) -> None:
    found = rig.played(tmp_path, 30, "none")
    ratio, truth = ratio_of(found), rig.truth_ratio(30)
    print(f"\ntalk ratio {ratio:.4f}, truth {truth:.4f}; coached after {found['hang_up_to_coaching_s']:.1f} s")
    assert abs(ratio - truth) <= 0.015


@pytest.mark.long
def test_ten_minutes_with_words_are_coached_within_ten_seconds(tmp_path: Path) -> None:
    found = rig.played(tmp_path, TWICE_S, "draft")
    ratio, truth = ratio_of(found), rig.truth_ratio(TWICE_S)
    print(f"\ntalk ratio {ratio:.4f}, truth {truth:.4f}; coached after {found['hang_up_to_coaching_s']:.1f} s")
    assert abs(ratio - truth) <= 0.015
    assert found["review"]["transcript"]["utterances"]
    assert found["hang_up_to_coaching_s"] <= 10
