"""What counting gives: a value with its moments, or the reason why there is none; and the limits of counting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coachdesk.conversation.talk import Talk
from coachdesk.model import Role, Withheld
from coachdesk.spans import Moment

LEAST_SPEECH_MS = 3 * 60_000  # below this, and below LEAST_WORDS, statistics are withheld: "too short to measure"
LEAST_WORDS = 150
LEAST_SHARE = 0.05
LEAST_TURNS = 10
LEAST_GAPS = 8
LAPSE_MS = 5_000
OVERLAPPING_START_MS = 250
CROWDED_OVERLAP = 0.15  # more than this: who spoke is doubtful
LONG_ANSWER_WORDS = 15
MOMENTS = 5
PHASE_MS = 5 * 60_000
OBJECTIONS = ("objection_price", "objection_timing", "objection_authority", "objection_need", "objection_trust")


@dataclass(frozen=True, slots=True)
class Counted:
    """A value with the moments it was counted from."""

    value: float
    moments: tuple[Moment, ...] = ()


Result = Counted | Withheld
Count = Callable[[Talk, Role], Result]
