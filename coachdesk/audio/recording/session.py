"""A recording being made: sides, timeline, file and journal, moved on by `tick`. No threads of its own, no stdin.

Places in the recording are what was written so far. A side whose device is gone is silent while the other goes on. While
paused, and while the computer slept, no time passes in the recording: its parts are joined, and the journal says how
long it was. Everything a person should know is said as a code (coachdesk/audio/recording/messages.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from coachdesk.audio.recording import journal
from coachdesk.audio.recording import messages as m
from coachdesk.audio.recording.align import GAP_S, RATE_HZ, Samples, Timeline
from coachdesk.audio.recording.clocks import OF_THIS_COMPUTER, Clocks, ClockWatch
from coachdesk.audio.recording.custody import Custody
from coachdesk.audio.recording.opus import OpusWriter
from coachdesk.audio.recording.side import Side, Spawn

_LEVEL_S, _SYNC_S, _ALIGNED_S = 0.1, 5.0, 60.0
_MB = 1_000_000

Say = Callable[[m.FromRecorder], None]


class Refused(Exception):
    """It cannot begin; `trouble` says why."""

    def __init__(self, code: str, **params: str | int | float) -> None:
        super().__init__(code)
        self.trouble = m.Trouble(code, dict(params), fatal=True)


class Session:
    """One recording from Start to Sealed. All its methods are called from one thread."""

    def __init__(
        self,
        start: m.Start,
        say: Say,
        spawn: Spawn,
        hear: Callable[..., None],
        lose: Callable[..., None],
        clocks: Clocks = OF_THIS_COMPUTER,
    ) -> None:
        self._start, self._limits = start, start.limits
        self._path = Path(start.path)
        self._beside = journal.Beside(self._path)
        self._clocks, self._clock_watch, self._now_s = clocks, ClockWatch(clocks), clocks.now()
        self._heard_samples = 0
        self._refuse_what_cannot_be()
        try:
            self._writer = OpusWriter(self._path, 1 if start.mixed or start.system is None else 2)
            self._journal = journal.Journal(self._beside.journal)
        except OSError as failed:
            self._path.unlink(missing_ok=True)  # as it was: there was none
            raise Refused("cannot_write", detail=failed.strerror or type(failed).__name__) from failed
        self.custody = Custody(self._beside, start.owner_lock, self._limits.orphan_s, self._now_s)
        self._told = say
        sides = {"mic": start.mic}
        if not start.mixed and start.system is not None:
            sides["system"] = start.system
        self._sides = {
            name: Side(name, device, self._limits, spawn, hear, lose, clocks.now) for name, device in sides.items()
        }
        self._layout = "two_sides" if len(sides) == 2 else "mixed"
        self._timeline = Timeline(tuple(self._sides))
        self._offset_ms: float | None = None
        self._ppm: float | None = None
        self._gaps: list[m.Gap] = []
        self._paused_at_s: float | None = None
        self._level_s = self._sync_s = self._space_s = self._aligned_s = self._sounded_s = self._now_s
        self._ready = self._resuming = False
        self.ended = False
        self._journal.add(self._started())
        for side in self._sides.values():
            side.open(side.wanted)

    def _started(self) -> journal.Started:
        start = self._start
        system = start.system if len(self._sides) == 2 else None
        return journal.Started(
            start.call_id, self._path.name, journal.now_text(), self._now_s, self._layout, _own_pid(), start.mic,
            start.mic_name, system, start.system_name if system else "",
        )  # fmt: skip

    def _refuse_what_cannot_be(self) -> None:
        if self._path.exists() or self._beside.journal.exists():
            raise Refused("exists", file=self._path.name)
        free_mb = self._free_mb()
        if free_mb < self._limits.start_free_mb:
            raise Refused("disk_low", free_mb=round(free_mb), need_mb=self._limits.start_free_mb)

    def _free_mb(self) -> float:
        try:
            return shutil.disk_usage(self._path.parent).free / _MB
        except OSError as failed:
            raise Refused("cannot_write", detail=failed.strerror or "") from failed

    @property
    def position_ms(self) -> int:
        return self._writer.duration_ms

    def say(self, message: m.FromRecorder) -> None:
        self.custody.told(message)
        self._told(message)

    # --- what the devices bring

    def hear(self, name: str, generation: int, samples: Samples, captured_s: float) -> None:
        """A block of this side."""
        side = self._sides[name]
        if self.ended or generation != side.generation:
            return
        first = side.came(self._clocks.now())
        self._heard_samples += samples.size
        if self._paused_at_s is None:
            self._timeline.push(name, samples, captured_s)
        if first:
            self._is_back(side)
        if self._paused_at_s is not None:  # the meter goes on, but nothing that is told of it counts
            side.meter(samples, quietly=True)
            return
        if side.meter(samples):
            self.say(m.Heard(name, self.position_ms))
        if side.sounds:
            side.quiet_since_ms = self.position_ms

    def lose(self, name: str, generation: int, why: str) -> None:
        """This side's device is gone, or cannot be opened."""
        side = self._sides[name]
        if self.ended or generation != side.generation:
            return
        side.close()
        self._timeline.set_dead(name)
        device, following = side.device, side.plan_retry(self._now_s)
        if side.gap_from_ms is not None:
            return
        kind = why.partition(":")[0]
        side.gap_from_ms, side.gap_from_s, side.gap_why = self.position_ms, self._clocks.now(), kind
        code = {"refused": "device_refused", "unreadable": "device_gone"}.get(kind, kind)
        self._trouble(code, side=name, device=device, next=following)

    def _is_back(self, side: Side) -> None:
        if side.gap_from_ms is None:
            return
        self._mark(side.gap_from_ms, self.position_ms, side.gap_why, side.name, self._clocks.now() - side.gap_from_s)
        side.gap_from_ms = None
        self._trouble("back", side=side.name, device=side.device)
        if side.device != side.wanted:
            self._journal.add(journal.Switched(self.position_ms, side.name, side.device))

    # --- what the person asks for

    def order(self, order: m.ToRecorder) -> None:
        """Do it; what cannot be done now is passed over."""
        if self.ended:
            return
        match order:
            case m.Note(text, at_ms):
                self._journal.add(journal.Noted(self._place(at_ms), text))
            case m.Bookmark(text, at_ms):
                self._journal.add(journal.Bookmarked(self._place(at_ms), text))
            case m.ConsentNoted(status, basis):
                self._journal.add(journal.Consented(self.position_ms, status, basis, journal.now_text()))
            case m.Tick(question, done):
                self._journal.add(journal.Ticked(self.position_ms, question, done))
            case m.Describe(title, account, playbook, position):
                self._journal.add(journal.Described(self.position_ms, title, account, playbook, position))
            case m.SetLayout(layout):
                self._lay_out(layout)
            case m.Pause():
                self._pause()
            case m.Resume():
                self._resume()
            case m.SwitchDevice(side, device) if side in self._sides:
                self._switch(self._sides[side], device)
            case m.Stop(tail_from_ms):
                self.end("stopped", tail_from_ms)
            case m.Erase(basis):
                self._erase(basis)

    def _place(self, at_ms: int | None) -> int:
        return self.position_ms if at_ms is None else max(0, at_ms)

    def _pause(self) -> None:
        if self._paused_at_s is None:
            self._write_out()
            self._paused_at_s = self._clocks.now()

    def _resume(self) -> None:
        if self._paused_at_s is None:
            return
        lasted_s, self._paused_at_s = self._clocks.now() - self._paused_at_s, None
        self._mark(self.position_ms, self.position_ms, "paused", "both", lasted_s)
        self._begin_anew()

    def _switch(self, side: Side, device: str) -> None:
        self._journal.add(journal.Switched(self.position_ms, side.name, device))
        self._timeline.set_dead(side.name)
        side.switch(device)

    def _lay_out(self, layout: str) -> None:
        if layout == self._layout or layout not in ("two_sides", "mixed") or len(self._sides) < 2:
            return
        self._layout = layout
        self._journal.add(journal.LaidOut(self.position_ms, layout))
        system = self._sides["system"]
        if self._counts("system"):
            system.quiet_since_ms, system.told_silent = self.position_ms, False
            if system.gap_from_ms is not None:
                self.say(m.Trouble("device_gone", {"side": "system", "device": system.device, "next": system.wanted}))

    def _counts(self, side: str) -> bool:
        """Whether this side belongs to the call: where all sound comes from the microphone nobody is told of the other."""
        return side != "system" or self._layout == "two_sides"

    def _erase(self, basis: str) -> None:
        self._close_devices()
        try:
            self._writer.erase()
        except OSError as failed:
            self._trouble("cannot_write", detail=failed.strerror or "")
        self._journal.add(journal.Consented(self.position_ms, "refused", basis, journal.now_text()))
        self._finish("erased", 0)
        self.say(m.Erased(str(self._path)))
        self.custody.show(self._clocks.now(), at_once=True)

    # --- time goes on

    def tick(self) -> None:
        """Write what is certain, look after everything. Call it 20 times a second or more."""
        self._now_s = self._clocks.now()
        self._watch_clocks()
        self._write()
        if self.ended:
            return
        self._watch_devices()
        self._tell_levels()
        self._keep_safe()
        self._look_for_windows()

    def _write(self) -> None:
        """All the timeline is sure of by now goes into the file. By one look at the clock: with no side left, silence is due
        by the clock alone, and a clock that is asked again would always owe a little more."""
        now_s = self._clocks.now()
        while self._paused_at_s is None and not self.ended:
            sound = self._timeline.advance(now_s)
            if not sound.shape[1]:
                break
            try:
                self._writer.write(sound)
            except OSError:
                self.end("disk_full")
                return
            if not self._ready:
                self._ready = True
                self.say(m.Ready(str(self._path), _own_pid()))
        for lost in self._timeline.take_lost():
            length_ms = lost.samples * 1000 // RATE_HZ
            start_ms = max(0, self.position_ms - (self._timeline.position - lost.start) * 1000 // RATE_HZ)
            self._mark(start_ms, start_ms + length_ms, "lost", lost.side, length_ms / 1000)

    def _write_out(self) -> None:
        """All there is: nobody waits any more for a side that stalls."""
        for side in self._sides.values():
            if side.is_stalled(self._clocks.now()):
                self._timeline.set_dead(side.name)
        self._write()

    def _watch_clocks(self) -> None:
        """Sleep, and clocks that were set."""
        heard_s, self._heard_samples = self._heard_samples / RATE_HZ, 0
        happened = self._clock_watch.look(heard_s)
        if happened is None:
            return
        why, lasted_s = happened
        self._mark(self.position_ms, self.position_ms, why, "both", lasted_s)
        if why == "sleep" and self._paused_at_s is None:
            self._begin_anew()

    def _begin_anew(self) -> None:
        """The next sound follows at once upon what was written."""
        self._note_alignment()
        self._timeline = Timeline(tuple(self._sides))
        for side in self._sides.values():
            if side.state != "alive":
                self._timeline.set_dead(side.name)

    def _watch_devices(self) -> None:
        for side in self._sides.values():
            if side.is_late(self._now_s):
                self.lose(side.name, side.generation, "device_gone")
            side.retry(self._now_s)
        if any(side.state == "alive" and self._counts(side.name) for side in self._sides.values()):
            self._sounded_s = self._now_s
        elif self._now_s - self._sounded_s > self._limits.no_source_s:
            self.end("no_source")

    def _tell_levels(self) -> None:
        if self._now_s - self._level_s < _LEVEL_S:
            return
        self._level_s = self._now_s
        levels = {name: side.take_level() for name, side in self._sides.items()}
        paused = self._paused_at_s is not None
        self.say(m.Level(self.position_ms, levels["mic"], levels.get("system"), paused))
        for side in self._sides.values():
            quiet_ms = self.position_ms - side.quiet_since_ms
            listened_for = self._counts(side.name) and not paused
            if quiet_ms > self._limits.silent_s * 1000 and not side.told_silent and listened_for:
                side.told_silent, side.is_heard = True, False
                self.say(m.Silent(side.name, side.quiet_since_ms))

    def _keep_safe(self) -> None:
        if self._now_s - self._sync_s >= _SYNC_S:
            self._sync_s = self._now_s
            with suppress(OSError):
                self._writer.sync()
            self._journal.sync()
        if self._now_s - self._aligned_s >= _ALIGNED_S:
            self._aligned_s = self._now_s
            self._note_alignment()
        if self._now_s - self._space_s >= self._limits.space_every_s:
            self._space_s = self._now_s
            with suppress(Refused):
                if self._free_mb() < self._limits.stop_free_mb:
                    self.end("disk_low")

    def _look_for_windows(self) -> None:
        if self.ended:
            return
        custody = self.custody
        if custody.owner_died(self._now_s):
            self.parent_gone()
        orders = custody.orders(self._now_s)
        change = custody.changed(self._now_s)  # told first: the order may be to stop
        if change == "adopted":
            self._journal.add(journal.Adopted(self.position_ms))
        elif change == "orphaned":
            self._orphaned()
        for order in orders:
            self.order(order)
        if not self.ended and custody.is_over(self._now_s):
            self.end("orphaned")
        if not self.ended:
            custody.show(self._now_s)

    def parent_gone(self) -> None:
        """The window that began it is gone."""
        if self.custody.parent_gone(self._now_s):
            self._orphaned()

    def _orphaned(self) -> None:
        self._journal.add(journal.Orphaned(self.position_ms))
        self._journal.sync()
        self.say(m.Orphan(self.custody.ends_in_s(self._now_s)))

    # --- the end

    def end(self, why: str, tail_from_ms: int | None = None) -> None:
        """Seal what there is. `why`: as journal.Ended. `tail_from_ms`: from there on nothing belongs to the call."""
        if self.ended:
            return
        if why != "disk_full":
            self._write_out()
            if self.ended:  # the disk was full
                return
        self._close_devices()
        if why in ("disk_low", "disk_full", "no_source"):
            self._trouble(why, fatal=True)
        try:
            self._writer.close()
        except OSError:
            why = "disk_full"
        self._note_alignment()
        for side in self._sides.values():
            if side.gap_from_ms is not None and side.gap_from_ms < self.position_ms:
                self._mark(
                    side.gap_from_ms, self.position_ms, side.gap_why, side.name, self._clocks.now() - side.gap_from_s
                )
        length_ms = journal.length_ms(self._path) if why == "disk_full" else self.position_ms
        if tail_from_ms is not None:
            self._journal.add(journal.TailMarked(min(max(0, tail_from_ms), length_ms)))
        self._finish(why, length_ms)
        self.say(m.Sealed(str(self._path), length_ms, self._offset_ms, self._ppm, self._gaps, why))
        self.custody.show(self._clocks.now(), at_once=True)

    def _finish(self, why: str, length_ms: int) -> None:
        self._journal.add(journal.Ended(why, length_ms, journal.now_text()))
        self._journal.close()
        self.ended = True

    def _close_devices(self) -> None:
        for side in self._sides.values():
            side.close()

    def _mark(self, start_ms: int, end_ms: int, why: str, side: str, lasted_s: float) -> None:
        lasted_ms = round(lasted_s * 1000)
        if start_ms != end_ms and end_ms - start_ms < GAP_S * 1000:
            return
        self._journal.add(journal.GapMarked(start_ms, end_ms, why, side, lasted_ms))
        gap = m.Gap(start_ms, end_ms, why, side, lasted_ms)
        self._gaps.append(gap)
        if self._counts(side):
            self.say(gap)

    def _trouble(self, code: str, fatal: bool = False, **params: str | int | float) -> None:
        self._journal.add(journal.Troubled(self.position_ms, code, dict(params)))
        if self._counts(str(params.get("side", ""))):
            self.say(m.Trouble(code, dict(params), fatal))

    def _note_alignment(self) -> None:
        """Write offset and drift down; the first part's offset and the last known drift count."""
        offset_ms, ppm = self._timeline.offset_ms(), self._timeline.ppm()
        if self._offset_ms is None and offset_ms is not None:
            self._offset_ms = round(offset_ms, 2)
        if ppm is not None:
            self._ppm = round(ppm, 2)
        if offset_ms is not None or ppm is not None:
            self._journal.add(journal.Aligned(self.position_ms, self._offset_ms, self._ppm))


def _own_pid() -> int:
    import os

    return os.getpid()
