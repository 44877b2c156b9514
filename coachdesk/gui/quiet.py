"""When a recording should end by itself: nobody has spoken for a minute, or the other program let go of the microphone.

Both only begin a countdown that is shown and can be waved off; once waved off, it does not come back before somebody spoke.
"""

from __future__ import annotations

QUIET_MS = 60_000
COUNTDOWN_S = 20
_AFTER_SPEECH_MS = 1_000  # the tail that is left out begins a moment after the last sound


class Quiet:
    """Tell it what the recorder says of each side; ask `seconds_left` with every level. Places in ms of the recording."""

    def __init__(self, one_sided: bool = False) -> None:
        self.one_sided = one_sided
        self._silent_since: dict[str, int] = {}
        self._from_ms: int | None = None  # where the countdown began
        self._waved = False
        self._was_counting = False
        self.tail_from_ms: int | None = None

    def heard(self, side: str) -> None:
        """There is sound on this side."""
        self._silent_since.pop(side, None)
        self._from_ms, self._waved = None, False

    def silent(self, side: str, since_ms: int) -> None:
        """Nothing was heard on this side since then."""
        self._silent_since[side] = since_ms

    def let_go(self, at_ms: int) -> None:
        """The program that had the microphone let go of it."""
        if self._from_ms is None:
            self._from_ms, self.tail_from_ms, self._waved = at_ms, at_ms, False

    def wave_off(self) -> None:
        self._from_ms, self._waved = None, True

    def seconds_left(self, at_ms: int) -> int | None:
        """Until it should stop; None while nothing counts down."""
        since_ms = self._all_silent_since()
        if since_ms is not None and not self._waved and self._from_ms is None and at_ms - since_ms >= QUIET_MS:
            self._from_ms, self.tail_from_ms = at_ms, since_ms + _AFTER_SPEECH_MS
        if self._from_ms is None:
            return None
        self._was_counting = True
        return COUNTDOWN_S - (at_ms - self._from_ms) // 1000

    def just_ended(self) -> bool:
        """Whether a countdown that ran has been called off since this was last asked."""
        ended = self._was_counting and self._from_ms is None
        self._was_counting = self._was_counting and not ended
        return ended

    def _all_silent_since(self) -> int | None:
        sides = ("mic",) if self.one_sided else ("mic", "system")
        if any(side not in self._silent_since for side in sides):
            return None
        return max(self._silent_since[side] for side in sides)
