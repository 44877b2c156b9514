"""The player as the window sees it: opened with a call, told what to do, heard on the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from coachdesk.gui.bridge import Bridge

if TYPE_CHECKING:
    from coachdesk.desk.sound import Player, Playing

STEP_MS = 5_000
LEAST_MS = 3_000  # evidence shorter than this plays a little on


class Playback(QObject):
    """One call's sound. `heard`: position in ms, playing, on a clock for want of a device."""

    heard = Signal(int, bool, bool)
    failed = Signal(str)
    on_path = Signal(int, int)  # the stretch of the listening path that plays now; -1, -1: the path is over, or left
    _raw = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._player: Player | None = None
        self._call = ""
        self._wanted: tuple[int, int | None] | None = None
        self._speed, self._skip = 1.0, False
        self._path: list[tuple[int, int]] = []  # the stretch that plays, then those to come
        self.position_ms = 0
        self.playing = False
        self._raw.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def open(self, call_id: str) -> None:
        """Make the call's sound ready; what is asked meanwhile is done then."""
        self.close()
        self._call = call_id

        def question(desk: object) -> Player:
            return desk.player(call_id, self._raw.emit)  # type: ignore[attr-defined, no-any-return]

        self._bridge.ask(question, lambda player: self._ready(call_id, player), lambda _problem: None, owner=self)

    def close(self) -> None:
        """Stop, and give the sound back."""
        player, self._player = self._player, None
        self._call, self._wanted, self.position_ms, self.playing = "", None, 0, False
        self.leave_path()
        if player is not None:
            player.close()

    def _ready(self, call_id: str, player: Player) -> None:
        if call_id != self._call:  # another call was opened meanwhile
            player.close()
            return
        self._player = player
        player.set_speed(self._speed)
        player.set_skip_silence(self._skip)
        if self._wanted is not None:
            start, end = self._wanted
            self._wanted = None
            player.play(start, end)

    def _hear(self, now: Playing) -> None:
        if self._player is None:
            return
        self.position_ms, self.playing = now.position_ms, now.playing
        self.heard.emit(now.position_ms, now.playing, now.on_clock)
        if self._player.error:
            self.failed.emit(self._player.error)
        elif self._path and not now.playing and now.position_ms >= self._path[0][1]:
            self._next_stretch()

    # --- what a person does

    def play(self, start_ms: int, end_ms: int | None = None) -> None:
        """From here, up to `end_ms` where it is given."""
        if end_ms is not None:
            end_ms = max(end_ms, start_ms + LEAST_MS)
        self.leave_path()
        self._go(start_ms, end_ms)

    def _go(self, start_ms: int, end_ms: int | None) -> None:
        if self._player is None:
            self._wanted = (start_ms, end_ms)
        else:
            self._player.play(start_ms, end_ms)

    def play_path(self, stretches: list[tuple[int, int]]) -> None:
        """These stretches one after the other; whatever else is asked to play, or a seek out of the stretch, leaves the path."""
        self.leave_path()
        self._path = list(stretches)
        self._begin_stretch()

    def leave_path(self) -> None:
        """What plays goes on where it is."""
        if self._path:
            self._path = []
            self.on_path.emit(-1, -1)

    def _next_stretch(self) -> None:
        del self._path[0]
        self._begin_stretch()

    def _begin_stretch(self) -> None:
        if self._path:
            self._go(*self._path[0])
        self.on_path.emit(*(self._path[0] if self._path else (-1, -1)))

    def toggle(self) -> None:
        if self._player is not None:
            self._player.toggle()

    def pause(self) -> None:
        if self._player is not None:
            self._player.pause()

    def seek(self, ms: int) -> None:
        if self._path and not self._path[0][0] <= ms < self._path[0][1]:
            self.leave_path()
        if self._player is not None:
            self._player.seek(max(0, ms))

    def step(self, by_ms: int) -> None:
        self.seek(self.position_ms + by_ms)

    def set_speed(self, speed: float) -> None:
        self._speed = speed
        if self._player is not None:
            self._player.set_speed(speed)

    def set_skip_silence(self, on: bool) -> None:
        self._skip = on
        if self._player is not None:
            self._player.set_skip_silence(on)

    def set_muted(self, side: str, muted: bool) -> None:
        if self._player is not None:
            self._player.set_muted(side, muted)
