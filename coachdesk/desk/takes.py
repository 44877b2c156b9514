"""Takes: what a person says once more, at a moment of a call, to try it. Their own voice only, a minute at most.

A take is two files in the home's `takes` folder: the sound and a small document. It is no call: it is in no list, no
number and no history, and goes for good when the person or its call does. What it is like, `take_heard` says.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from coachdesk.audio.recording import journal, messages, opus
from coachdesk.audio.recording.recorder import Recorder
from coachdesk.desk import recording, take_heard
from coachdesk.desk.take_heard import LONGEST_MS, Measured
from coachdesk.desk.work import Work
from coachdesk.errors import InputError, NotFound, RecorderGone
from coachdesk.history.store import new_id, now
from coachdesk.paths import Home
from coachdesk.speech.engine import EngineChoice

if TYPE_CHECKING:
    from coachdesk.audio.play import Player, Playing

_ORPHAN_S = 2.0  # nobody goes on trying without a window
_FORGOTTEN_S = 3_600.0  # sound without a document that is older than this is a take nobody kept


@dataclass(frozen=True, slots=True)
class About:
    """What a take is tried for: a rule at a moment of a call."""

    call: str
    kind: str
    rule: str
    start_ms: int
    end_ms: int


class Take(msgspec.Struct, frozen=True):
    """A take that is kept. `best`: it returns on the next card of its rule."""

    id: str
    call: str
    kind: str
    rule: str
    start_ms: int
    end_ms: int
    at: str
    duration_ms: int
    said: Measured
    best: bool = False


def begin(home: Home, owner_lock: Path, mic: str) -> Recorder:
    """A recorder at work on a new take; its file's name is the take's id. It ends by itself when the window is gone."""
    home.takes.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(home)
    name = new_id()
    return Recorder.start(
        messages.Start(
            path=str(home.takes / f"{name}.opus"),
            call_id=name,
            mic=mic or "default:microphone",
            system=None,
            mixed=True,
            owner_lock=str(owner_lock),
            limits=messages.Limits(orphan_s=_ORPHAN_S),
        )
    )


def keep(work: Work, name: str, choice: EngineChoice, about: About) -> Take:
    """Listen to a take that was recorded, and keep it. Raises InputError, and removes it, where no voice is heard."""
    home = work.store.home
    path = _sound(home, name)
    recording.wait_until_sealed(path)
    if not path.is_file():
        raise RecorderGone("There is no such take.", "Record it again.")
    duration_ms = recording.length_ms(path)
    _forget_journal(path)
    peaks = path.with_suffix(".peaks")
    try:
        heard = take_heard.listen(work, path, choice, peaks)
    finally:
        peaks.unlink(missing_ok=True)
    if heard is None:
        opus.erase(path)
        raise InputError("I heard no voice in this take.", "Look at the microphone, and try again.")
    length_ms = min(duration_ms, LONGEST_MS)
    take = Take(path.stem, about.call, about.kind, about.rule, about.start_ms, about.end_ms, now(), length_ms, heard)
    _write(home, take)
    return take


def of(home: Home, call_id: str, rule: str) -> list[Take]:
    """Takes for a rule on a call, oldest first."""
    return [take for take in _all(home) if take.call == call_id and take.rule == rule]


def best(home: Home, kind: str, rule: str) -> Take | None:
    """The take that returns on cards of a rule, on calls of a kind."""
    return next((take for take in _all(home) if take.best and take.kind == kind and take.rule == rule), None)


def set_best(home: Home, take_id: str, on: bool) -> None:
    """One of a rule and kind at most."""
    chosen = _find(home, take_id)
    for take in _all(home):
        if (take.kind, take.rule) == (chosen.kind, chosen.rule) and take.best and take.id != chosen.id:
            _write(home, msgspec.structs.replace(take, best=False))
    _write(home, msgspec.structs.replace(chosen, best=on))


def delete(home: Home, take_id: str) -> None:
    """Sound overwritten and removed, document removed. Nothing where it is gone, or never came about."""
    path = _sound(home, take_id)
    if path.is_file():
        opus.erase(path)
    path.with_suffix(".json").unlink(missing_ok=True)
    _forget_journal(path)


def forget_call(home: Home, call_id: str) -> None:
    """The takes of a call that is removed for good."""
    for take in _all(home):
        if take.call == call_id:
            delete(home, take.id)


def player(home: Home, take_id: str, hear: Callable[[Playing], None]) -> Player:
    """A player for a take. Close it when done."""
    from coachdesk.audio import play  # decoding is loaded with the first sound that is played

    take = _find(home, take_id)
    return play.Player([play.Track(_sound(home, take.id), 0, 1, ("rep",))], take.duration_ms, (), hear)


def _all(home: Home) -> list[Take]:
    """Every take there is, oldest first; a document that cannot be read costs its take only."""
    found = []
    for path in sorted(home.takes.glob("*.json")) if home.takes.is_dir() else []:
        with suppress(OSError, msgspec.DecodeError):
            take = msgspec.json.decode(path.read_bytes(), type=Take)
            if _sound(home, take.id).is_file():
                found.append(take)
    return sorted(found, key=lambda take: (take.at, take.id))


def _find(home: Home, take_id: str) -> Take:
    take = next((each for each in _all(home) if each.id == take_id), None)
    if take is None:
        raise NotFound("This take is gone.", "Record another.")
    return take


def _write(home: Home, take: Take) -> None:
    path = _sound(home, take.id).with_suffix(".json")
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(take))
    fresh.replace(path)


def _sound(home: Home, take_id: str) -> Path:
    return home.takes / f"{Path(take_id).name}.opus"


def _tidy(home: Home) -> None:
    """Takes that nobody kept: their window went before it could."""
    for path in home.takes.glob("*.opus"):
        kept = path.with_suffix(".json").exists() or journal.Beside(path).is_being_recorded()
        if not kept and time.time() - path.stat().st_mtime > _FORGOTTEN_S:
            delete(home, path.stem)


def _forget_journal(path: Path) -> None:
    beside = journal.Beside(path)
    beside.tidy()
    beside.journal.unlink(missing_ok=True)
