"""The journal beside a recording: what happened while it was made, one JSON line per event, in order.

`call.opus` has `call.journal` (and, while it is being made, `call.lock`, held by the recorder; `call.commands` and
`call.status`, through which a window that was opened later speaks to it). A line is in the file as soon as it is added;
`sync` brings it onto the disk. Reading takes what is whole: a last line that was cut off is as if it were not there.
Times `_ms` are places in the recording; moments of the clock on the wall are ISO 8601 in UTC.

This file knows nothing of devices, threads and the sound itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from filelock import FileLock, Timeout

_TAIL = 1 << 17  # Ogg pages are at most 65,307 bytes: the last two whole ones lie within
_HEADER = 27
HZ = 48_000  # Opus always counts in 48 kHz (RFC 7845, 4)


class Started(msgspec.Struct, frozen=True, tag_field="event", tag="started"):
    """`layout`: two_sides (left = me, right = them) | mixed (one channel). `monotonic_s`: the recorder's own clock."""

    call_id: str
    file: str
    at: str
    monotonic_s: float
    layout: str
    pid: int
    mic: str
    mic_name: str
    system: str | None = None
    system_name: str = ""


class Aligned(msgspec.Struct, frozen=True, tag_field="event", tag="aligned"):
    """`offset_ms`: by how much the system's sound began after the microphone's. `ppm`: how much faster its clock runs;
    None until 30 s were heard of both."""

    at_ms: int
    offset_ms: float | None
    ppm: float | None


class GapMarked(msgspec.Struct, frozen=True, tag_field="event", tag="gap"):
    """Silence from `start_ms` to `end_ms` in place of sound nobody has; where both are the same, time stood still.

    `why`: device_gone | server_gone | refused | unreadable | default_changed (a device left, would not open, or was left
    for another) | lost (blocks that never came) | paused | sleep | clock. `side`: mic | system | both. `lasted_ms`: by the clock.
    """

    start_ms: int
    end_ms: int
    why: str
    side: str = "both"
    lasted_ms: int = 0


class Switched(msgspec.Struct, frozen=True, tag_field="event", tag="switched"):
    """From here on this side is recorded from another device."""

    at_ms: int
    side: str
    device: str


class Noted(msgspec.Struct, frozen=True, tag_field="event", tag="note"):
    at_ms: int
    text: str


class Consented(msgspec.Struct, frozen=True, tag_field="event", tag="consent"):
    """`status`: as model.Consent."""

    at_ms: int
    status: str
    basis: str = ""
    at: str = ""


class Bookmarked(msgspec.Struct, frozen=True, tag_field="event", tag="bookmark"):
    at_ms: int
    text: str = ""


class Ticked(msgspec.Struct, frozen=True, tag_field="event", tag="ticked"):
    """A prepared question (its id) was asked here, or was not after all; the last one of a question counts."""

    at_ms: int
    question: str
    done: bool = True


class Described(msgspec.Struct, frozen=True, tag_field="event", tag="described"):
    """What the call is; the last one counts. "": not told."""

    at_ms: int
    title: str = ""
    account: str = ""
    playbook: str = ""
    position: str = ""


class LaidOut(msgspec.Struct, frozen=True, tag_field="event", tag="laid_out"):
    """The person said how the call is to be taken, whole: two_sides | mixed (the microphone's channel). The last counts."""

    at_ms: int
    layout: str


class TailMarked(msgspec.Struct, frozen=True, tag_field="event", tag="tail"):
    """From here on nothing belongs to the call."""

    at_ms: int


class Troubled(msgspec.Struct, frozen=True, tag_field="event", tag="trouble"):
    at_ms: int
    code: str
    params: dict[str, str | int | float] = {}


class Orphaned(msgspec.Struct, frozen=True, tag_field="event", tag="orphaned"):
    """The window that began the recording is gone."""

    at_ms: int


class Adopted(msgspec.Struct, frozen=True, tag_field="event", tag="adopted"):
    """Another window took it up."""

    at_ms: int


class Ended(msgspec.Struct, frozen=True, tag_field="event", tag="ended"):
    """`why`: stopped | terminated | orphaned | disk_low | disk_full | no_source | erased | bug (recovered: by close_leftover)."""

    why: str
    duration_ms: int
    at: str


Event = (
    Started | Aligned | GapMarked | Switched | Noted | Consented | Bookmarked | Ticked | Described | LaidOut
    | TailMarked | Troubled | Orphaned | Adopted | Ended
)  # fmt: skip
_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Beside:
    """The files of one recording, named after its sound."""

    sound: Path

    @property
    def journal(self) -> Path:
        return self.sound.with_suffix(".journal")

    @property
    def lock(self) -> Path:
        return self.sound.with_suffix(".lock")

    @property
    def commands(self) -> Path:
        return self.sound.with_suffix(".commands")

    @property
    def status(self) -> Path:
        return self.sound.with_suffix(".status")

    def is_being_recorded(self) -> bool:
        """Whether a recorder lives that makes this recording: it holds the lock."""
        return is_held(self.lock)

    def tidy(self) -> None:
        """Take away what only a living recorder needs."""
        for path in (self.commands, self.status, self.lock):
            try:
                path.unlink(missing_ok=True)
            except OSError:  # Windows: somebody still reads it; it does no harm
                continue


def is_held(path: Path) -> bool:
    """Whether another living process holds this lock file; one that does not exist is held by nobody."""
    if not path.exists():
        return False
    try:
        with FileLock(str(path), timeout=0):
            return False
    except Timeout:
        return True


def now_text() -> str:
    """The moment, in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Journal:
    """A journal that is being written. Raises OSError on opening; a full disk later never stops a recording."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("ab", buffering=0)
        self._unsynced = False

    def add(self, event: Event) -> bool:
        """Append one line, at once in the file; False where it could not be written."""
        line = _encode(event) + b"\n"
        try:
            written = self._file.write(line) == len(line)
        except OSError:
            return False
        self._unsynced = True
        return written

    def sync(self) -> None:
        """Bring what was added onto the disk."""
        if not self._unsynced:
            return
        try:
            os.fsync(self._file.fileno())
        except OSError:
            return
        self._unsynced = False

    def close(self) -> None:
        self.sync()
        self._file.close()


def read(path: Path) -> list[Event]:
    """All events that are whole. A line that is damaged or of a newer CoachDesk is passed over. Raises OSError."""
    return list(_events(path.read_bytes()))


def _events(data: bytes) -> Iterator[Event]:
    for line in data.split(b"\n"):
        try:
            yield _DECODER.decode(line)
        except msgspec.DecodeError:
            continue


@dataclass(frozen=True, slots=True)
class Leftover:
    """A recording that was cut off: its recorder is gone and never sealed it. `duration_ms` is what can be heard."""

    journal: Path
    path: Path
    started: Started
    duration_ms: int
    events: tuple[Event, ...]


def leftovers(folder: Path) -> list[Leftover]:
    """The cut-off recordings in a folder, oldest first; those a recorder still makes are not among them."""
    found = [left for path in sorted(folder.glob("*.journal")) if (left := _leftover(path))]
    return sorted(found, key=lambda left: left.started.at)


def running(folder: Path) -> list[Path]:
    """The journals of recordings that a living recorder makes right now."""
    return [path for path in sorted(folder.glob("*.journal")) if Beside(path).is_being_recorded()]


def close_leftover(left: Leftover, why: str = "recovered") -> None:
    """Write down that a cut-off recording was dealt with, so that it is not offered again."""
    journal = Journal(left.journal)
    journal.add(Ended(why, left.duration_ms, now_text()))
    journal.close()
    Beside(left.path).tidy()


def _leftover(path: Path) -> Leftover | None:
    try:
        events = read(path)
    except OSError:
        return None
    started = next((event for event in events if isinstance(event, Started)), None)
    if started is None or any(isinstance(event, Ended) for event in events):
        return None
    sound = path.parent / started.file
    if Beside(sound).is_being_recorded():
        return None
    return Leftover(path, sound, started, length_ms(sound), tuple(events))


def length_ms(path: Path) -> int:
    """The length of an Ogg/Opus file by its last whole page, without decoding; 0 where there is none.

    A page's granule position counts samples at 48 kHz, the encoder's lead-in (pre-skip) included (RFC 7845, 4).
    """
    try:
        with path.open("rb") as file:
            head = file.read(64)
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            tail = file.read()
    except OSError:
        return 0
    granule = _last_granule(tail)
    at = head.find(b"OpusHead")
    if granule is None or at < 0:
        return 0
    pre_skip = int.from_bytes(head[at + 10 : at + 12], "little")
    return max(0, granule - pre_skip) * 1000 // HZ


def _last_granule(tail: bytes) -> int | None:
    """The time of the last page that is wholly there."""
    at = len(tail)
    while (at := tail.rfind(b"OggS", 0, at)) >= 0:
        segments = tail[at + _HEADER - 1] if at + _HEADER <= len(tail) else 0
        lacing = tail[at + _HEADER : at + _HEADER + segments]
        granule = int.from_bytes(tail[at + 6 : at + 14], "little", signed=True)
        if segments and len(lacing) == segments and at + _HEADER + segments + sum(lacing) <= len(tail) and granule >= 0:
            return granule
    return None
