"""A folder other programs record into: what is complete and new is offered, newest first."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from coachdesk.desk.arrivals import Arrivals
from coachdesk.desk.desk import BringIn, Desk
from tests.conftest import MICRO_CALL

CALL = MICRO_CALL / "stereo.opus"


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Path:
    made = tmp_path / "calls"
    made.mkdir()
    desk.change(watch_folder=str(made))
    return made


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(desk: Desk) -> Clock:
    """Our own looks decide, since a file made in a test is always new."""
    made = Clock()
    desk._arrivals = Arrivals(made)
    return made


def settled(desk: Desk, clock: Clock) -> list[str]:
    desk.arrivals()
    clock.now += 5
    return [path.name for path in desk.arrivals()]


def arrive(folder: Path, name: str, age_s: float = 0.0, data: bytes | None = None) -> Path:
    path = folder / name
    path.write_bytes(data if data is not None else CALL.read_bytes() + name.encode())
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def test_without_a_folder_there_is_nothing(desk: Desk) -> None:
    assert desk.arrivals() == []
    desk.change(watch_folder="/there/is/none")
    assert desk.arrivals() == []


def test_sound_files_come_once_they_are_still(desk: Desk, folder: Path, clock: Clock) -> None:
    arrive(folder, "a.opus")
    arrive(folder, "notes.txt")
    arrive(folder, ".hidden.opus")
    arrive(folder, "empty.wav", data=b"")
    (folder / "folder.wav").mkdir()
    assert desk.arrivals() == []
    clock.now += 4
    assert desk.arrivals() == []
    clock.now += 1
    assert [path.name for path in desk.arrivals()] == ["a.opus"]


def test_a_file_that_still_grows_waits(desk: Desk, folder: Path, clock: Clock) -> None:
    path = arrive(folder, "a.opus")
    for _ in range(5):
        with path.open("ab") as file:
            file.write(b"more")
        assert desk.arrivals() == []
        clock.now += 4
    assert settled(desk, clock) == ["a.opus"]


def test_the_newest_come_first_and_not_more_than_fifty(desk: Desk, folder: Path, clock: Clock) -> None:
    for n in range(53):
        arrive(folder, f"{n:02d}.wav", data=b"x" * (n + 1))
        time.sleep(0.005)
    found = settled(desk, clock)
    assert len(found) == 50 and found[:2] == ["52.wav", "51.wav"]


def test_what_was_brought_in_is_known_by_its_name_or_its_sound(desk: Desk, folder: Path, clock: Clock) -> None:
    mine = folder / "mine.opus"
    shutil.copyfile(CALL, mine)
    assert settled(desk, clock) == ["mine.opus"]
    desk.bring_in(BringIn((mine,), engine="none"))
    assert settled(desk, clock) == []
    shutil.copyfile(CALL, folder / "the same sound.opus")
    arrive(folder, "of the same size.opus", data=bytes(CALL.stat().st_size))
    assert settled(desk, clock) == ["of the same size.opus"]


def test_a_file_that_was_recorded_over_is_new_again(desk: Desk, folder: Path, clock: Clock) -> None:
    mine = folder / "mine.opus"
    shutil.copyfile(CALL, mine)
    desk.bring_in(BringIn((mine,), engine="none"))
    time.sleep(1.1)  # a job's end is kept in seconds
    arrive(folder, "mine.opus")
    assert settled(desk, clock) == ["mine.opus"]
