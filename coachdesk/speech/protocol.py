"""What the desk and the speech child say to each other: JSON lines of paths and spans, never samples.

To the child: one Request (later perhaps Seal), TellApart or HearVoice. From the child: messages in the order things
become certain; it ends with Done or Failed. Closing the child's stdin ends it; cancelling is killing it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from coachdesk.speech.engine import EngineChoice


class Request(msgspec.Struct, tag_field="kind", tag="request"):
    """Listen to one file. `done` are chunks already saved: (channel, start_ms, end_ms).

    `layout`: two_sides | mixed where the person told what the channels hold; "" = find out. The child of a growing file
    takes a back seat: others go first.
    """

    path: str
    peaks: str
    engine: EngineChoice
    done: list[tuple[int, int, int]] = []
    voices: bool = False  # tell the speakers of a mixed channel apart
    growing: bool = False
    longest_ms: int = 24 * 3_600_000
    layout: str = ""
    own_voice: list[float] = []  # the person's own voiceprint, where they want it used; else empty


class TellApart(msgspec.Struct, tag_field="kind", tag="tell_apart"):
    """Who speaks when, once more, in the known runs of a channel; `speakers`: how many people there are, as was told."""

    path: str
    lane: int
    runs: list[tuple[int, int]]
    speakers: int = 2
    own_voice: list[float] = []


class HearVoice(msgspec.Struct, tag_field="kind", tag="hear_voice"):
    """What the one voice in these spans of a channel is like."""

    path: str
    lane: int
    spans: list[tuple[int, int]]


class Seal(msgspec.Struct, tag_field="kind", tag="seal"):
    """The growing file is complete now. `layout`: as in Request, where it was told meanwhile."""

    layout: str = ""


class Opened(msgspec.Struct, tag_field="kind", tag="opened"):
    container: str
    codec: str
    channels: int
    sample_rate_hz: int
    tags: dict[str, str]
    told_ms: int | None


class Progress(msgspec.Struct, tag_field="kind", tag="progress"):
    """How far a stage is, in ms of sound; `total_ms` None while it is not known."""

    stage: str
    done_ms: int
    total_ms: int | None


class NoticeSent(msgspec.Struct, tag_field="kind", tag="notice"):
    code: str
    params: dict[str, Any]


class VoicesSent(msgspec.Struct):
    """Who speaks when on a mixed channel: [start_ms, end_ms, speaker from 1]; how surely, 0..1.

    `alike`: cosine of each speaker with the own voice, where that was given.
    """

    spans: list[tuple[int, int, int]]
    confidence: float
    kind: str
    alike: list[float] = []


class VoicesHeard(msgspec.Struct, tag_field="kind", tag="voices"):
    voices: VoicesSent


class VoiceHeard(msgspec.Struct, tag_field="kind", tag="voice"):
    """A voiceprint of length 1 and how much of it was heard; empty where nothing could be."""

    voiceprint: list[float]
    heard_ms: int


class Prepared(msgspec.Struct, tag_field="kind", tag="prepared"):
    """The channels' facts: runs of speech per channel as [start_ms, end_ms], after bleed was taken out."""

    duration_ms: int
    partial: bool
    layout: str
    listen_to: int | None
    activity: list[list[tuple[int, int]]]
    notices: list[NoticeSent]
    chunks: int
    speech_ms: int
    voices: VoicesSent | None = None


class Language(msgspec.Struct, tag_field="kind", tag="language"):
    code: str
    probability: float


class WordSent(msgspec.Struct, array_like=True):
    start_ms: int
    end_ms: int
    text: str
    confidence: float


class UtteranceSent(msgspec.Struct):
    start_ms: int
    end_ms: int
    words: list[WordSent]
    suspect: bool


class ChunkHeard(msgspec.Struct, tag_field="kind", tag="chunk"):
    """One finished chunk: to be saved before the next."""

    channel: int
    start_ms: int
    end_ms: int
    utterances: list[UtteranceSent]


class Failed(msgspec.Struct, tag_field="kind", tag="failed"):
    code: str
    message: str
    hint: str


class Done(msgspec.Struct, tag_field="kind", tag="done"):
    """Processor seconds inside the engine and of the whole child; `connects` counted by its audit hook."""

    engine_s: float
    total_s: float
    connects: int


Asked = Request | TellApart | HearVoice
ToChild = Asked | Seal
FromChild = Opened | Progress | NoticeSent | Prepared | Language | ChunkHeard | VoicesHeard | VoiceHeard | Failed | Done

encode = msgspec.json.Encoder().encode
_TO_CHILD: msgspec.json.Decoder[ToChild] = msgspec.json.Decoder(ToChild)
_FROM_CHILD: msgspec.json.Decoder[FromChild] = msgspec.json.Decoder(FromChild)


def to_child(line: bytes) -> ToChild:
    return _TO_CHILD.decode(line)


def from_child(line: bytes) -> FromChild:
    return _FROM_CHILD.decode(line)
