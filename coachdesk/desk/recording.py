"""Recording a call: where it lies while it is made, and how it becomes a call with what was noted meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coachdesk.audio.recording import journal, opus
from coachdesk.audio.recording import messages as messages  # what a recorder and its window say to each other
from coachdesk.audio.recording import recorder as room
from coachdesk.audio.recording.devices import Found as Found
from coachdesk.audio.recording.recorder import Recorder as Recorder
from coachdesk.audio.recording.recorder import is_last as is_last
from coachdesk.desk.bringing import BringIn
from coachdesk.errors import NotFound
from coachdesk.history.store import new_id
from coachdesk.paths import Home


@dataclass(frozen=True, slots=True)
class CutOff:
    """A recording whose recorder died: `duration_ms` of it can be heard."""

    id: str
    started_at: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted while recording: remarks at their moments, and consent in order."""

    started_at: datetime | None
    remarks: tuple[tuple[int, str], ...]
    consents: tuple[tuple[str, str], ...]


def devices() -> Found:
    """What can be recorded from right now."""
    return room.list_devices()


def begin(home: Home, mic: str = "", system: str = "", mixed: bool = False) -> Recorder:
    """A recorder at work on a new recording; its file's name is the recording's id."""
    home.recordings.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = new_id()
    return Recorder.start(
        messages.Start(
            path=str(home.recordings / f"{name}.opus"),
            call_id=name,
            mic=mic or "default:microphone",
            system=None if mixed else system or "default:system",
            mixed=mixed,
        )
    )


def cut_off(home: Home) -> list[CutOff]:
    """Recordings that were cut off and never dealt with, oldest first."""
    return [CutOff(left.path.stem, left.started.at, left.duration_ms) for left in _leftovers(home)]


def find(home: Home, wanted: str) -> Path:
    """The file of a recording by any unique prefix of its id. Raises NotFound."""
    found = [path for path in home.recordings.glob("*.opus") if wanted and path.stem.startswith(wanted.lower())]
    if len(found) != 1:
        raise NotFound(f"There is no recording {wanted}.", "`coachdesk recover` lists those that were cut off.")
    return found[0]


def request(path: Path, wanted: BringIn) -> BringIn:
    """The request that makes a recording a call; what the person told goes before what the journal says."""
    noted = read(path)
    return replace(
        wanted,
        files=(path,),
        source="recorded",
        me=wanted.me or "left",
        started_at=wanted.started_at or noted.started_at,
        title=wanted.title or _title(noted),
    )


def read(path: Path) -> Noted:
    """What the journal beside a recording holds; nothing where there is none."""
    try:
        events = journal.read(_journal_of(path))
    except OSError:
        return Noted(None, (), ())
    started = next((e.at for e in events if isinstance(e, journal.Started)), "")
    remarks: list[tuple[int, str]] = []
    for event in events:
        if isinstance(event, journal.Noted) or (isinstance(event, journal.Bookmarked) and event.text):
            remarks.append((event.at_ms, event.text))
    consents = tuple((e.status, e.basis) for e in events if isinstance(e, journal.Consented))
    return Noted(datetime.fromisoformat(started).astimezone(UTC) if started else None, tuple(remarks), consents)


def clear(path: Path) -> None:
    """The recording is a call now, whose sound lies in the media store: its own files go."""
    path.unlink(missing_ok=True)
    _journal_of(path).unlink(missing_ok=True)


def drop(path: Path) -> None:
    """A recording that is not wanted: its sound is overwritten and removed."""
    opus.erase(path)
    _journal_of(path).unlink(missing_ok=True)


def _leftovers(home: Home) -> list[Any]:
    return list(room.leftovers(home.recordings)) if home.recordings.is_dir() else []


def _journal_of(path: Path) -> Path:
    return journal.Beside(path).journal


def _title(noted: Noted) -> str:
    at = (noted.started_at or datetime.now(UTC)).astimezone()
    return f"Call of {at:%Y-%m-%d %H:%M}"
