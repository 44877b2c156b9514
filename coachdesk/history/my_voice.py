"""The person's own voiceprint: a number of calls it was learnt from, 256 numbers each, in one small file of the home.

The own voice only. It lies in no table, no sidecar, no export and no copy of the history; forgetting it overwrites and
removes the file. Whether a call still says so is not known here: `desk.my_voice` looks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from filelock import FileLock

from coachdesk.paths import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "coachdesk.my_voice/1"
MOST = 20  # calls: the newest; a voice changes with the years and the microphone


class Learnt(msgspec.Struct, frozen=True):
    """What one call taught: the label of the own side there, and its voiceprint (length 1)."""

    call: str
    speaker: str
    voiceprint: tuple[float, ...]


class _File(msgspec.Struct):
    format: str
    learnt: tuple[Learnt, ...]


def read(home: Home) -> tuple[Learnt, ...]:
    """What was learnt, oldest first; nothing where there is no file, or one that cannot be read."""
    try:
        found = msgspec.json.decode(home.my_voice.read_bytes(), type=_File)
    except (OSError, msgspec.MsgspecError):
        return ()
    return found.learnt if found.format == FORMAT else ()


def add(home: Home, learnt: Learnt) -> None:
    """What a call taught, in the place of what it taught before."""
    with _alone(home):
        _write(home.my_voice, [*(each for each in read(home) if each.call != learnt.call), learnt][-MOST:])


def forget_calls(home: Home, calls: Iterable[str]) -> None:
    """What these calls taught goes."""
    gone = set(calls)
    with _alone(home):
        before = read(home)
        kept = [each for each in before if each.call not in gone]
        if len(kept) < len(before):
            _write(home.my_voice, kept)


def forget(home: Home) -> bool:
    """Overwrite and remove everything; returns whether there was anything."""
    with _alone(home):
        there = home.my_voice.exists()
        _erase(home.my_voice)
        return there


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    with FileLock(str(home.locks / "my_voice.lock")):
        yield


def _write(path: Path, learnt: list[Learnt]) -> None:
    """The file whole, readable by this person only; what it held before is overwritten."""
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    with part.open("wb") as file:
        file.write(msgspec.json.encode(_File(FORMAT, tuple(learnt))))
        file.flush()
        os.fsync(file.fileno())
    _erase(path)
    part.replace(path)


def _erase(path: Path) -> None:
    """Zeros over the file, then it goes. A disk that writes elsewhere (flash, snapshots) may keep the old blocks."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
