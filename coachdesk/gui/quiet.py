"""When a recording should end by itself: nobody has spoken for a minute, or the other program let go of the microphone.

Both only begin a countdown that is shown and can be waved off; once waved off, it does not come back before somebody
spoke. Whoever speaks calls it off. A side that was never heard, or whose device is gone, is no silence: nothing ends then.
"""

from __future__ import annotations

QUIET_MS = 60_000
LET_GO_MS = 5_000  # after the microphone was let go of, so much silence is enough
COUNTDOWN_S = 20
LOUD_DB = -45.0  # as the recorder's own meter: louder is somebody or something
_AFTER_SPEECH_MS = 1_000  # the tail that is left out begins a moment after the last sound


class Quiet:
    """Give it every level; ask `seconds_left` then. Places in ms of the recording. `one_sided`: one microphone for all."""

    def __init__(self, one_sided: bool = False) -> None:
        self.one_sided = one_sided
        self._heard: set[str] = set()
        self._lost: set[str] = set()
        self._last_ms = 0  # somebody was heard
        self._let_go = False
        self._from_ms: int | None = None  # where the countdown began
        self._waved = False
        self._was_counting = False

    @property
    def tail_from_ms(self) -> int | None:
        """Where what is silent at the end begins, while it counts down."""
        return None if self._from_ms is None else self._last_ms + _AFTER_SPEECH_MS

    def level(self, at_ms: int, mic_db: float | None, system_db: float | None) -> None:
        """How loud both sides are here."""
        loud = {side for side, db in (("mic", mic_db), ("system", system_db)) if db is not None and db > LOUD_DB}
        if loud:
            self._heard |= loud
            self._last_ms, self._from_ms, self._waved = at_ms, None, False

    def heard(self, side: str) -> None:
        """There is sound on this side, after silence or after its device was gone."""
        self._lost.discard(side)

    def lost(self, side: str) -> None:
        """This side's device is gone."""
        self._lost.add(side)
        self._from_ms = None

    def let_go(self) -> None:
        """The program that had the microphone let go of it."""
        self._let_go, self._waved = True, False

    def wave_off(self) -> None:
        self._from_ms, self._waved, self._let_go = None, True, False

    def seconds_left(self, at_ms: int) -> int | None:
        """Until it should stop; None while nothing counts down."""
        if self._from_ms is None and self._may_end() and at_ms - self._last_ms >= self._enough_ms:
            self._from_ms = at_ms
        if self._from_ms is None:
            return None
        self._was_counting = True
        return COUNTDOWN_S - (at_ms - self._from_ms) // 1000

    def just_ended(self) -> bool:
        """Whether a countdown that ran has been called off since this was last asked."""
        ended = self._was_counting and self._from_ms is None
        self._was_counting = self._was_counting and not ended
        return ended

    @property
    def _enough_ms(self) -> int:
        return LET_GO_MS if self._let_go else QUIET_MS

    def _may_end(self) -> bool:
        sides = {"mic"} if self.one_sided else {"mic", "system"}
        return not self._waved and sides <= self._heard and not sides & self._lost
