"""What can be told of one's own talking while a call goes on: share so far and the present stretch, from levels alone.

Rough on purpose: two levels ten times a second, no words. The review counts anew from the sound; nothing of this is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

SPEECH_OVER_FLOOR_DB = 12.0  # well above what the room does, below anybody's speech into a headset
QUIETEST_SPEECH_DB = -50.0
BRIDGE_MS = 1_000  # breath and short silence belong to a stretch
PAUSE_MS = 2_000  # a pause this long ends a stretch, as it ends a monologue (METRICS: longest_monologue_ms)
_FLOOR_RISES_DB_S = 0.3  # the floor follows a louder room slowly, a quieter one at once


@dataclass(slots=True)
class _Side:
    """One side's talking: a floor that adapts, speech with a hangover."""

    floor_db: float = -60.0
    talked_ms: int = 0
    last_ms: int | None = None

    def push(self, at_ms: int, step_ms: int, level_db: float | None) -> bool:
        """Whether there is speech in this step, bridged."""
        if level_db is None:
            return False
        self.floor_db = min(level_db, self.floor_db + _FLOOR_RISES_DB_S * step_ms / 1000)
        self.floor_db = max(self.floor_db, -90.0)
        if level_db > max(QUIETEST_SPEECH_DB, self.floor_db + SPEECH_OVER_FLOOR_DB):
            self.last_ms = at_ms
        speaks = self.last_ms is not None and at_ms - self.last_ms < BRIDGE_MS
        if speaks:
            self.talked_ms += step_ms
        return speaks


class OwnTalk:
    """Push every level; read `share` (0..1, None until both were heard for 10 s together) and `stretch_ms`."""

    def __init__(self) -> None:
        self._own, self._other = _Side(), _Side()
        self._at_ms = 0
        self._stretch_from_ms: int | None = None
        self._heard_ms = 0

    def push(self, at_ms: int, own_db: float | None, other_db: float | None) -> None:
        """The levels at a place in the recording; places go forward."""
        step_ms = max(0, min(at_ms - self._at_ms, 1_000))
        self._at_ms = at_ms
        own = self._own.push(at_ms, step_ms, own_db)
        other = self._other.push(at_ms, step_ms, other_db)
        if own and not other:
            self._heard_ms = at_ms
            if self._stretch_from_ms is None:
                self._stretch_from_ms = at_ms
        elif (other and not own) or at_ms - self._heard_ms > PAUSE_MS:
            self._stretch_from_ms = None

    @property
    def share(self) -> float | None:
        """Own part of all talking so far."""
        both = self._own.talked_ms + self._other.talked_ms
        return self._own.talked_ms / both if both >= 10_000 and self._other.talked_ms else None

    @property
    def stretch_ms(self) -> int:
        """How long one has been talking now, without the other."""
        return 0 if self._stretch_from_ms is None else self._at_ms - self._stretch_from_ms
