"""Recording a call: where it lies while it is made, who looks after it, and the request that makes it a call.

What was noted meanwhile is read in `noted`, what was heard in `live`.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from coachdesk.audio.recording import journal, opus
from coachdesk.audio.recording import messages as messages  # what a recorder and its window say to each other
from coachdesk.audio.recording import recorder as room
from coachdesk.audio.recording.devices import Found as Found
from coachdesk.audio.recording.recorder import Recorder as Recorder
from coachdesk.audio.recording.recorder import RecorderGone as RecorderGone
from coachdesk.audio.recording.recorder import Watch as Watch
from coachdesk.audio.recording.recorder import is_last as is_last
from coachdesk.audio.recording.recorder import watch_microphone as watch_microphone
from coachdesk.desk import live, noted
from coachdesk.desk.bringing import BringIn
from coachdesk.errors import InputError, NotFound
from coachdesk.history.store import new_id
from coachdesk.paths import Home

_SEALING_S = 10.0


@dataclass(frozen=True, slots=True)
class CutOff:
    """A recording that never became a call: its recorder died, or its window before it was kept.

    `duration_ms` of it can be heard; 0 where it was `erased` because they said no: then only the notes are left.
    """

    id: str
    started_at: str
    duration_ms: int
    erased: bool = False


def devices() -> Found:
    """What can be recorded from right now."""
    return room.list_devices()


def begin(home: Home, owner_lock: Path, mic: str = "", system: str = "", mixed: bool = False) -> Recorder:
    """A recorder at work on a new recording; its file's name is the recording's id. It is an orphan when the lock is free."""
    name = new_id()
    try:
        home.recordings.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _started(home, name, owner_lock, mic, system, mixed)
    except OSError as refused:
        raise RecorderGone(
            f"Nothing can be recorded into {home.recordings} ({refused.strerror}).", "See to it that it can be written."
        ) from refused


def _started(home: Home, name: str, owner_lock: Path, mic: str, system: str, mixed: bool) -> Recorder:
    return Recorder.start(
        messages.Start(
            path=str(home.recordings / f"{name}.opus"),
            call_id=name,
            mic=mic or "default:microphone",
            system=None if mixed else system or "default:system",
            mixed=mixed,
            owner_lock=str(owner_lock),
        )
    )


def wait_until_sealed(path: Path) -> None:
    """Until the recorder has let go of its file. Raises InputError where it goes on."""
    beside = journal.Beside(path)
    end_s = time.monotonic() + _SEALING_S
    while beside.is_being_recorded():
        if time.monotonic() > end_s:
            raise InputError("This is still being recorded.", "Stop it first.")
        time.sleep(0.1)


def length_ms(path: Path) -> int:
    """How much of a recording can be heard."""
    return journal.length_ms(path)


def is_there(home: Home, name: str) -> bool:
    """Whether there are files of a recording of this name."""
    return any((home.recordings / f"{name}.{kind}").exists() for kind in ("opus", "journal"))


def take_up(home: Home) -> Recorder | None:
    """A recording that is being made and that no window looks after; attached. None where there is none."""
    for path in room.running(home.recordings) if home.recordings.is_dir() else []:
        if _is_orphan(path):
            with suppress(RecorderGone):  # it ended just now: it is offered as cut off
                return Recorder.attach(path)
    return None


def _is_orphan(path: Path) -> bool:
    try:
        last = [e for e in journal.read(path) if isinstance(e, journal.Orphaned | journal.Adopted)][-1:]
    except OSError:
        return False
    return bool(last) and isinstance(last[0], journal.Orphaned)


def cut_off(home: Home, busy: frozenset[str] = frozenset()) -> list[CutOff]:
    """Recordings that never became a call, oldest first, without those that are being kept right now (`busy`)."""
    found = [_cut_off(path) for path in home.recordings.glob("*.journal") if path.stem not in busy]
    return sorted((left for left in found if left is not None), key=lambda left: left.started_at)


def _cut_off(path: Path) -> CutOff | None:
    beside = journal.Beside(path.with_suffix(".opus"))
    try:
        events = journal.read(path)
    except OSError:  # it was kept just now
        return None
    started = next((e for e in events if isinstance(e, journal.Started)), None)
    if started is None or beside.is_being_recorded():
        return None
    erased = any(isinstance(e, journal.Ended) and e.why == "erased" for e in events)
    return CutOff(path.stem, started.at, journal.length_ms(beside.sound), erased)


def find(home: Home, wanted: str) -> Path:
    """The file of a recording by any unique prefix of its id (of an erased one: where it was). Raises NotFound."""
    known = {path.with_suffix(".opus") for kind in ("opus", "journal") for path in home.recordings.glob(f"*.{kind}")}
    found = [path for path in known if wanted and path.stem.startswith(wanted.lower())]
    if len(found) != 1:
        raise NotFound(f"There is no recording {wanted}.", "`coachdesk recover` lists those that were cut off.")
    return found[0]


def request(path: Path, told: noted.Noted, wanted: BringIn) -> BringIn:
    """The request that makes a recording a call; what the person told goes before what the journal says."""
    return replace(
        wanted,
        files=(path,),
        source="recorded",
        me=wanted.me or "left",
        started_at=wanted.started_at or told.started_at,
        title=wanted.title or told.title or title(told),
        account=wanted.account or told.account,
        layout=wanted.layout or told.layout,
        until_ms=told.tail_ms if wanted.until_ms is None else wanted.until_ms,
    )


def clear(path: Path) -> None:
    """The recording is a call now, whose sound lies in the media store: its own files go."""
    path.unlink(missing_ok=True)
    _forget(path)


def drop(path: Path) -> None:
    """A recording that is not wanted: its sound is overwritten and removed, and so are its words."""
    if path.exists():
        opus.erase(path)
    _forget(path)


def _forget(path: Path) -> None:
    beside = journal.Beside(path)
    live.Beside(path).erase()
    beside.tidy()
    beside.journal.unlink(missing_ok=True)


def title(told: noted.Noted) -> str:
    """A name for a recording that was given none."""
    at = (told.started_at or datetime.now(UTC)).astimezone()
    return f"Call of {at:%Y-%m-%d %H:%M}"
