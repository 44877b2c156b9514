"""What a window and the recorder say to each other: JSON lines over stdin and stdout, never sound.

To the recorder: one Start, then whatever the person does; it ends after Stop or Erase. From the recorder: Ready when the
first block came, then what it notices, at last Sealed or Erased, or Trouble with `fatal`. Closing its stdin does not end
it: it goes on as an orphan (coachdesk/audio/recording/recorder.py). Codes and parameters; faces make the sentences.
"""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """When the recorder acts by itself; other values than these are for tests.

    300 and 200 MB: at 29 MB per hour for the sound, room for hours; below, other programs begin to fail.
    """

    start_free_mb: float = 300
    stop_free_mb: float = 200
    space_every_s: float = 10
    dead_after_s: float = 1.5
    opening_s: float = 4.0  # PulseAudio takes up to 1.8 s to a first block
    retry_s: float = 2.0
    orphan_s: float = 600
    no_source_s: float = 300
    silent_s: float = 15


class Start(msgspec.Struct, frozen=True, tag_field="kind", tag="start"):
    """Record into `path` (*.opus, not there yet). `mixed`: one channel from the microphone; `system` is not used then.

    `owner_lock`: a lock file the window holds for as long as it lives; when it is free the recorder is an orphan, even
    if its stdin is still open in some other child of the window.
    """

    path: str
    call_id: str
    mic: str = "default:microphone"
    system: str | None = "default:system"
    mixed: bool = False
    mic_name: str = ""
    system_name: str = ""
    owner_lock: str | None = None
    limits: Limits = Limits()


class Note(msgspec.Struct, frozen=True, tag_field="kind", tag="note"):
    """`at_ms`: where it was begun; None: now."""

    text: str
    at_ms: int | None = None


class Bookmark(msgspec.Struct, frozen=True, tag_field="kind", tag="bookmark"):
    text: str = ""
    at_ms: int | None = None


class ConsentNoted(msgspec.Struct, frozen=True, tag_field="kind", tag="consent"):
    status: str
    basis: str = ""


class Pause(msgspec.Struct, frozen=True, tag_field="kind", tag="pause"):
    """Nothing is kept until Resume; no time passes in the recording."""


class Resume(msgspec.Struct, frozen=True, tag_field="kind", tag="resume"):
    pass


class SwitchDevice(msgspec.Struct, frozen=True, tag_field="kind", tag="switch"):
    """`side`: mic | system."""

    side: str
    device: str
    name: str = ""


class SetLayout(msgspec.Struct, frozen=True, tag_field="kind", tag="layout"):
    """two_sides | mixed: the call is taken as one channel, the microphone's (phone on speaker); nobody is told of `system`
    then. The file keeps its channels, and the other layout can be had again. Passed over where only one is recorded."""

    layout: str


class Tick(msgspec.Struct, frozen=True, tag_field="kind", tag="tick"):
    """A prepared question (its id) was asked, or was not after all."""

    question: str
    done: bool = True


class Describe(msgspec.Struct, frozen=True, tag_field="kind", tag="describe"):
    """What the call is, as far as the person told; the last one counts. "": not told."""

    title: str = ""
    account: str = ""
    playbook: str = ""
    position: str = ""  # what it is about, by its title, where questions are planned for that


class Stop(msgspec.Struct, frozen=True, tag_field="kind", tag="stop"):
    """`tail_from_ms`: from there on nothing belongs to the call (they hung up, the recorder went on)."""

    tail_from_ms: int | None = None


class Erase(msgspec.Struct, frozen=True, tag_field="kind", tag="erase"):
    """They said no: the sound is erased and the refusal kept, with the typed notes."""

    basis: str = ""


class Here(msgspec.Struct, frozen=True, tag_field="kind", tag="here"):
    """A window looks after the recording; said every few seconds by one that took it up."""


class Ready(msgspec.Struct, frozen=True, tag_field="kind", tag="ready"):
    """The first sound is being written."""

    path: str
    pid: int


class Level(msgspec.Struct, frozen=True, tag_field="kind", tag="level"):
    """Loudness of the last tenth of a second in dB of full scale (-90 at the lowest); at most ten a second.

    None: nothing comes from that side (device gone, or not recorded).
    """

    position_ms: int
    mic_db: float | None
    system_db: float | None
    paused: bool = False


class Heard(msgspec.Struct, frozen=True, tag_field="kind", tag="heard"):
    """There is sound on this side: the first, or the first after Silent."""

    side: str
    at_ms: int


class Silent(msgspec.Struct, frozen=True, tag_field="kind", tag="silent"):
    """Nothing was heard on this side since then; told once."""

    side: str
    since_ms: int


class Gap(msgspec.Struct, frozen=True, tag_field="kind", tag="gap"):
    """As journal.GapMarked, told when it is over."""

    start_ms: int
    end_ms: int
    why: str
    side: str
    lasted_ms: int


class Trouble(msgspec.Struct, frozen=True, tag_field="kind", tag="trouble"):
    """Codes: device_gone, server_gone, device_refused, default_changed (side, device, next) | back (side, device) | no_source |
    disk_low (free_mb, need_mb) | disk_full | cannot_write (detail) | exists | busy | wrong_order | recorder_died | bug.

    `fatal`: the recording is over, or never began.
    """

    code: str
    params: dict[str, str | int | float] = {}
    fatal: bool = False


class Orphan(msgspec.Struct, frozen=True, tag_field="kind", tag="orphan"):
    """The window is gone; without another the recording ends in so many seconds."""

    ends_in_s: float


class Sealed(msgspec.Struct, frozen=True, tag_field="kind", tag="sealed"):
    """The recording is whole and closed. `why`: as journal.Ended."""

    path: str
    duration_ms: int
    offset_ms: float | None
    ppm: float | None
    gaps: list[Gap]
    why: str


class Erased(msgspec.Struct, frozen=True, tag_field="kind", tag="erased"):
    path: str


class InUse(msgspec.Struct, frozen=True, tag_field="kind", tag="in_use"):
    """From a watch, not from a recorder: the programs that have a microphone open now, by name, without ourselves.

    []: nobody. A "" among them is a program whose name the system does not tell.
    """

    programs: list[str]


ToRecorder = (
    Start
    | Note
    | Bookmark
    | ConsentNoted
    | Tick
    | Describe
    | SetLayout
    | Pause
    | Resume
    | SwitchDevice
    | Stop
    | Erase
    | Here
)
FromRecorder = Ready | Level | Heard | Silent | Gap | Trouble | Orphan | Sealed | Erased


class Status(msgspec.Struct, frozen=True):
    """What a window that took a recording up reads from its status file: the level, and the last messages, counted."""

    level: Level | None
    messages: list[tuple[int, FromRecorder]]


encode = msgspec.json.Encoder().encode
_TO: msgspec.json.Decoder[ToRecorder] = msgspec.json.Decoder(ToRecorder)
_FROM: msgspec.json.Decoder[FromRecorder] = msgspec.json.Decoder(FromRecorder)
_IN_USE: msgspec.json.Decoder[InUse] = msgspec.json.Decoder(InUse)
_STATUS: msgspec.json.Decoder[Status] = msgspec.json.Decoder(Status)


def to_recorder(line: bytes) -> ToRecorder:
    """Raises msgspec.DecodeError."""
    return _TO.decode(line)


def from_recorder(line: bytes) -> FromRecorder:
    """Raises msgspec.DecodeError."""
    return _FROM.decode(line)


def in_use(line: bytes) -> InUse:
    """Raises msgspec.DecodeError."""
    return _IN_USE.decode(line)


def status(data: bytes) -> Status:
    """Raises msgspec.DecodeError."""
    return _STATUS.decode(data)
