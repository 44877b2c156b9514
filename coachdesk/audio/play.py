"""Playing a call: one thread that keeps a little sound ready, and an output that takes it, a device or the clock.

Every change (seek, speed, mute, ...) is one thing: a new passage through the call (audio/mix.py) from where the sound
stands. A caller's question is answered at once from what was asked for; the thread carries it out some milliseconds
later. Where there is no device, or it goes away, the clock takes the sound instead: positions run on, nothing is heard.
COACHDESK_SOUND=none asks for that. The position is what is heard now: what the device still holds is subtracted.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

import numpy as np

from coachdesk.audio.load import Samples
from coachdesk.audio.mix import HZ, Passage, Track, sound_of, stretches
from coachdesk.audio.output import FADE, Clock, Output, leave_open, open_output
from coachdesk.errors import CoachDeskError

__all__ = ["FASTEST", "SLOWEST", "Player", "Playing", "Track"]

SLOWEST, FASTEST = 0.75, 3.0
TOLD_EVERY_S = 1 / 30
_AHEAD = HZ * 3 // 10  # ready for the output; outlasts a busy machine, and is thrown away at each change
_OPENING_S, _CLOSING_S = 4.0, 1.0  # a sound server that hangs takes for ever: it is left to itself then
_RELEASE_S = 10.0  # a pause this long gives the device back

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Playing:
    """What the player does now. `on_clock`: no device is heard; `error`: why it stopped, until the next play."""

    position_ms: int
    playing: bool
    speed: float
    span_end_ms: int | None
    on_clock: bool
    error: str = ""


def _untold(now: Playing) -> None:
    pass


class Player:
    """Plays one call. Any thread may ask; `hear` is told in the player's own and must not wait for another.

    Told about 30 times a second while it plays, and once at each change. A track that cannot be read stops it, with
    `error` told. At the end of the call it stops; `play` from there begins anew. `close` it, or use it with `with`.
    """

    def __init__(
        self,
        tracks: Sequence[Track],
        duration_ms: int,
        pauses: Sequence[tuple[int, int]] = (),
        hear: Callable[[Playing], None] = _untold,
    ) -> None:
        self._tracks, self._duration_ms, self._pauses, self._hear = tuple(tracks), duration_ms, tuple(pauses), hear
        self._change = threading.Condition()  # guards all below; held for moments, never while files are read
        self._asked = 0  # changes so far
        self._closed = False
        self._playing = False
        self._speed = 1.0
        self._muted: frozenset[str] = frozenset()
        self._skips = False
        self._span: tuple[float, float] | None = None
        self._error = ""
        self._next_ms: float | None = None  # where the next passage begins; None: where the sound stands
        self._stands_ms: float = 0.0
        self._passage: Passage | None = None
        self._first = 0  # the output's count at which the passage begins
        self._output: Output | None = None
        self._on_clock = False  # of the last output
        # the thread's own
        self._done = 0  # the last change carried out
        self._sound: Generator[Samples, None, None] | None = None
        self._made = 0  # frames of it given to the output
        self._all_made = False
        self._thread = threading.Thread(target=self._work, name="player")  # starts with the first change asked for

    def __enter__(self) -> Player:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    @property
    def position_ms(self) -> int:
        """What is heard now, or where playing would begin; 0..duration."""
        with self._change:
            return round(self._position())

    @property
    def playing(self) -> bool:
        with self._change:
            return self._playing

    @property
    def error(self) -> str:
        """Why playing stopped by itself; empty once it is asked to play again."""
        with self._change:
            return self._error

    def play(self, start_ms: int | None = None, end_ms: int | None = None) -> None:
        """From `start_ms` (default: where it stands; at the end: from the beginning) to `end_ms` (default: the end)."""
        with self._change:
            start = self._position() if start_ms is None else self._within(start_ms)
            jumps = start_ms is not None or not self._playing
            if start_ms is None and start >= self._duration_ms:
                start, jumps = 0.0, True
            self._span = None if end_ms is None else (start, max(start, self._within(end_ms)))
            self._playing, self._error = True, ""
            self._ask(start if jumps else None)

    def pause(self) -> None:
        with self._change:
            if self._playing:
                self._playing = False
                self._ask()

    def toggle(self) -> None:
        """Pause, or go on; within a span up to the span's end."""
        with self._change:
            if self._playing:
                self.pause()
            else:
                span = self._span if self._span and self._position() < self._span[1] else None
                self.play(end_ms=None if span is None else round(span[1]))

    def seek(self, ms: int) -> None:
        """Go there, playing on or standing as before. A span is over when one leaves it."""
        with self._change:
            to = self._within(ms)
            if self._span and not self._span[0] <= to < self._span[1]:
                self._span = None
            self._ask(to)

    def set_speed(self, speed: float) -> None:
        """Held within SLOWEST..FASTEST; the pitch stays."""
        with self._change:
            before, self._speed = self._speed, min(max(float(speed), SLOWEST), FASTEST)
            self._ask_if(before != self._speed)

    def set_muted(self, side: str, muted: bool) -> None:
        """`side`: rep | other."""
        with self._change:
            before, self._muted = self._muted, self._muted | {side} if muted else self._muted - {side}
            self._ask_if(before != self._muted)

    def set_skip_silence(self, on: bool) -> None:
        """Leave out the insides of long pauses."""
        with self._change:
            before, self._skips = self._skips, on
            self._ask_if(before != on)

    def close(self) -> None:
        """End the thread and give the device back. As often as one likes; what is asked afterwards is not done."""
        with self._change:
            self._closed, self._playing = True, False
            self._change.notify_all()
        if self._thread.ident is not None and threading.current_thread() is not self._thread:
            self._thread.join()

    # --- with the lock held

    def _ask(self, next_ms: float | None = None) -> None:
        if next_ms is not None:
            self._next_ms = next_ms
        self._playing = self._playing and not self._closed
        self._asked += 1
        if self._thread.ident is None and not self._closed:
            self._thread.start()
        self._change.notify_all()

    def _ask_if(self, differs: bool) -> None:
        if differs:
            self._ask()

    def _within(self, ms: float) -> float:
        return float(min(max(ms, 0), self._duration_ms))

    def _position(self) -> float:
        """Never before where the passage began: until that is heard, the device still sounds what was."""
        if self._next_ms is not None:
            return self._next_ms
        if self._passage is not None and self._output is not None:
            self._stands_ms = max(self._stands_ms, self._passage.at_ms(self._output.heard() - self._first))
        return self._stands_ms

    def _now(self) -> Playing:
        span_end = None if self._span is None else round(self._span[1])
        return Playing(round(self._position()), self._playing, self._speed, span_end, self._on_clock, self._error)

    # --- the player's thread

    def _work(self) -> None:
        try:
            self._obey()
        finally:
            self._put_down()
            self._take(None)

    def _obey(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._asked != self._done, self._patience_s())
                if self._closed:
                    return
                asked, needs_output = self._asked, self._playing and (self._output is None or self._output.lost)
            if asked != self._done:
                if needs_output:
                    self._take(self._opened())
                self._begin(asked)
            elif self._sound is None:
                self._take(None)
                continue
            self._go_on()
            self._tell()

    def _patience_s(self) -> float | None:
        """How long until there is something to do without being asked."""
        if self._sound is not None:
            return TOLD_EVERY_S
        if self._output is None:
            return None
        return 0.0 if self._output.on_clock else _RELEASE_S  # the next play looks for a device again

    def _take(self, output: Output | None) -> None:
        with self._change:
            if self._passage is not None:
                self._next_ms = self._position()  # its frames were counted by the old one
            old, self._output = self._output, output
            self._on_clock = self._on_clock if output is None else output.on_clock
        if old is not None:
            _patiently(old.close, _CLOSING_S, lambda: False)

    def _opened(self) -> Output:
        """The device, or the clock where there is none or it does not open in time; it is closed should it come late."""
        found: deque[Output] = deque()  # who takes it out owns it
        given_up = threading.Event()

        def look() -> None:
            found.append(open_output(threading.Lock()))
            if given_up.is_set():
                with suppress(IndexError):
                    found.pop().close()

        _patiently(look, _OPENING_S, lambda: self._closed)
        given_up.set()
        with suppress(IndexError):
            return found.pop()
        return Clock(threading.Lock())

    def _begin(self, asked: int) -> None:
        """Begin the passage that was asked for, or stand; leaves it where more was asked meanwhile."""
        self._put_down()
        with self._change:
            self._done = asked
            if asked != self._asked:
                return
            begin = self._stop_sounding()
            if self._playing:
                self._passage = self._passage_from(begin)
                self._sound = sound_of(self._tracks, self._passage)
            else:
                self._stands_ms = begin

    def _stop_sounding(self) -> float:
        """Where the next passage begins: what the device already holds of the last one will still be heard."""
        at = self._position()
        if self._output is not None:
            cut = self._output.cut()
            if self._passage is not None and self._next_ms is None:
                at = self._passage.at_ms(cut - self._first)
            self._first = cut
        if self._next_ms is not None:
            self._stands_ms = at
        self._next_ms = self._passage = None
        return at

    def _passage_from(self, begin: float) -> Passage:
        end = self._duration_ms if self._span is None else self._span[1]
        return Passage(stretches(begin, end, self._pauses if self._skips else ()), end, self._speed, self._muted)

    def _put_down(self) -> None:
        """Close the files."""
        if self._sound is not None:
            self._sound.close()
        self._sound, self._made, self._all_made = None, 0, False

    def _go_on(self) -> None:
        output = self._output
        if self._sound is None or output is None:
            return
        if output.lost:
            self._lose()
            return
        try:
            while not self._all_made and output.waiting() < _AHEAD and self._asked == self._done:
                self._make(self._sound, output)
        except CoachDeskError as unreadable:
            self._stop(f"{unreadable.message} {unreadable.hint}".strip())
        except Exception:
            log.exception("playing stopped")
            self._stop("This recording cannot be played.")
        if self._all_made and output.heard() - self._first >= self._made:
            self._stop()

    def _make(self, sound: Iterator[Samples], output: Output) -> None:
        """One block more for the output."""
        block = next(sound, None)
        if block is None:
            self._all_made = True
            return
        if not self._made:
            block = block.copy()
            start = block[:, :FADE]
            start *= np.linspace(0, 1, start.shape[1], dtype=np.float32)
        self._made += block.shape[1]
        output.put(block)

    def _lose(self) -> None:
        """The device is gone: the clock goes on from what was heard last."""
        log.info("the sound device is gone")
        self._take(Clock(threading.Lock()))
        with self._change:
            self._ask()

    def _stop(self, error: str = "") -> None:
        """At the end, or because of an error; not where something else was asked for meanwhile."""
        with self._change:
            if self._asked != self._done:
                return
            end = self._passage.end_ms if self._passage and not error else self._position()
            self._stop_sounding()
            self._playing, self._stands_ms, self._error = False, end, error
        self._put_down()

    def _tell(self) -> None:
        with self._change:
            now = self._now()
        try:
            self._hear(now)
        except Exception:  # a face that fails must not take the sound along
            log.exception("hear failed")


def _patiently(act: Callable[[], None], seconds: float, enough: Callable[[], bool]) -> None:
    """Do it aside and wait for it, but no longer than that."""
    helper = threading.Thread(target=act, name="player's device", daemon=True)
    helper.start()
    end_s = time.monotonic() + seconds
    while helper.is_alive() and time.monotonic() < end_s and not enough():
        helper.join(0.02)
    if helper.is_alive():
        leave_open()
