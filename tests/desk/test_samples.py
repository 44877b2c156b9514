"""Sample calls open at once: what listening finds was found when they were made, and is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coachdesk.desk.desk import Desk, Wanted, open_desk
from coachdesk.desk.events import Progress
from tests.conftest import SAMPLES
from tests.desk.conftest import bring_sample, document

NAMES = ("recruiting_screen", "sales_discovery")


def told(desk: Desk, call: str) -> dict[str, object]:
    """Everything that is said of a call, without what is new with every import."""
    found = document(desk, call)
    ids = [found["call"].pop("id"), *(step.pop("id") for step in found["next_steps"])]
    made = [version.pop("created_at") for version in found["transcript_versions"]]
    assert all(ids) and all(made)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_opened_at_once_it_is_the_same_as_brought_in_by_listening(tmp_path: Path, name: str) -> None:
    with open_desk(str(tmp_path / "one")) as quick, open_desk(str(tmp_path / "two")) as slow:
        heard: list[object] = []
        quick.subscribe(heard.append)
        first, second = quick.open_sample(name), bring_sample(slow, name)
        assert not [event for event in heard if isinstance(event, Progress)], "nothing was listened to"
        assert told(quick, first) == told(slow, second)
        assert quick.find(first).duration_ms == slow.find(second).duration_ms > 280_000
        for left, right in zip(quick.lanes(first), slow.lanes(second), strict=True):
            assert (left.label, left.name, left.side, left.runs) == (right.label, right.name, right.side, right.runs)
            assert len(left.runs) > 20 and left.levels and right.levels
            assert all(np.array_equal(*pair) for pair in zip(left.levels, right.levels, strict=True))
        kept = [
            {p.name: p.read_bytes() for p in (tmp_path / home / "media").rglob("*") if p.is_file()}
            for home in ("one", "two")
        ]
        assert kept[0] == kept[1] and len(kept[0]) == 2
        rows = [next(iter(desk.library_rows(desk.library(Wanted())).values())) for desk in (quick, slow)]
        assert {**rows[0], "id": ""} == {**rows[1], "id": ""}


def test_every_sample_there_is_is_known_here() -> None:
    assert tuple(sorted(path.name for path in SAMPLES.iterdir())) == NAMES


def test_a_sample_is_found_again_with_what_was_done_to_it(desk: Desk) -> None:
    first = desk.open_sample("sales_discovery")
    desk.set_result(first, "advanced")
    before = document(desk, first)
    heard: list[object] = []
    desk.subscribe(heard.append)
    assert desk.open_sample("sales_discovery") == first
    assert "known_call" in [getattr(event, "code", "") for event in heard]
    assert document(desk, first) == before and desk.count() == 1
    assert desk.open_sample("recruiting_screen") != first and desk.count() == 2


def test_a_sample_listened_to_before_is_found_again_too(desk: Desk) -> None:
    first = bring_sample(desk)
    before = document(desk, first)
    assert desk.open_sample("sales_discovery") == first and document(desk, first) == before


def test_a_sample_thrown_away_comes_anew(desk: Desk) -> None:
    first = desk.open_sample("sales_discovery")
    before = told(desk, first)
    desk.put_in_bin(first)
    second = desk.open_sample("sales_discovery")
    desk.empty_bin()
    assert second != first and told(desk, second) == before
    assert all(lane.levels for lane in desk.lanes(second))
