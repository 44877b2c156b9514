"""What a face may hear while something runs. Codes and numbers; the face makes the sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from coachdesk.model import Params


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage of a job: how far, and how much longer (None while that is not known)."""

    stage: str
    done_ms: int
    total_ms: int | None
    remaining_s: float | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A result is there and saved: "numbers" (from the channels), then "words", then "coaching"."""

    what: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Told:
    """A notice: a code and its parameters."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """What was heard just now in a call that is still being recorded; times in ms of the recording."""

    channel: int
    start_ms: int
    end_ms: int
    text: str


Event = Progress | Ready | Told | Words
Hear = Callable[[Event], None]


def deaf(_: Event) -> None:
    """Hears nothing."""
