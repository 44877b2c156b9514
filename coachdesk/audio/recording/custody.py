"""Who looks after a recording: the window that began it, one that took it up later, or nobody any more.

The window that began it speaks through stdin. When that ends, or the window's lock is free, the recording is an orphan:
it goes on, says so, and ends by itself when no window came for 10 minutes, so that nothing records covertly. A later
window appends its orders to `<name>.commands` and reads `<name>.status`, which is replaced twice a second: two plain
files, the same on every system, no socket. Every order there is a sign of life, `Here` nothing but that.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from pathlib import Path

import msgspec

from coachdesk.audio.recording import journal, messages

_LOOK_S, _LOCK_S, _STATUS_S = 0.2, 2.0, 0.5
_FOSTER_S = 10.0  # a window that took it up says so every 2 s
_KEPT = 50


class Custody:
    """Ask `orders` and `is_over` often; tell it everything the recorder says."""

    def __init__(self, beside: journal.Beside, owner_lock: str | None, limit_s: float, now_s: float) -> None:
        self._beside, self._limit_s = beside, limit_s
        self._owner_lock = Path(owner_lock) if owner_lock else None
        self._read = 0
        self._look_s = self._lock_s = self._status_s = self._sign_s = now_s
        self._kept: deque[tuple[int, messages.FromRecorder]] = deque(maxlen=_KEPT)
        self._count = 0
        self._level: messages.Level | None = None
        self._parent = True
        self._foster = False

    @property
    def is_orphan(self) -> bool:
        """Whether no window looks after it."""
        return not (self._parent or self._foster)

    def parent_gone(self, now_s: float) -> bool:
        """Its window is gone; True the first time."""
        was, self._parent = self._parent, False
        if was:
            self._sign_s = now_s
        return was

    def owner_died(self, now_s: float) -> bool:
        """Whether the window's lock turned out to be free just now."""
        if not self._parent or self._owner_lock is None or now_s - self._lock_s < _LOCK_S:
            return False
        self._lock_s = now_s
        return not journal.is_held(self._owner_lock)

    def orders(self, now_s: float) -> list[messages.ToRecorder]:
        """What other windows asked for since the last look."""
        if now_s - self._look_s < _LOOK_S:
            return []
        self._look_s = now_s
        data = self._news()
        found = []
        for line in data.splitlines():
            with suppress(msgspec.DecodeError):
                found.append(messages.to_recorder(line))
        if found:
            self._sign_s = now_s
        return found

    def _news(self) -> bytes:
        """Whole lines that were appended."""
        try:
            with self._beside.commands.open("rb") as file:
                file.seek(self._read)
                data = file.read()
        except OSError:
            return b""
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole

    def changed(self, now_s: float) -> str | None:
        """adopted | orphaned, when a window took it up or left it just now."""
        fostered = not self._parent and self._read > 0 and now_s - self._sign_s < min(_FOSTER_S, self._limit_s)
        before, self._foster = self._foster, fostered
        if fostered == before:
            return None
        return "adopted" if fostered else "orphaned"

    def ends_in_s(self, now_s: float) -> float:
        """Until it ends for want of a window."""
        return max(0.0, self._sign_s + self._limit_s - now_s)

    def is_over(self, now_s: float) -> bool:
        """Whether it was an orphan for too long."""
        return not self._parent and self.ends_in_s(now_s) <= 0

    def told(self, message: messages.FromRecorder) -> None:
        """Keep a message for windows to come."""
        if isinstance(message, messages.Level):
            self._level = message
            return
        self._count += 1
        self._kept.append((self._count, message))

    def show(self, now_s: float, at_once: bool = False) -> None:
        """Replace the status file, if it is time and somebody may read it."""
        if self._parent and not self._read and not at_once:
            return
        if now_s - self._status_s < _STATUS_S and not at_once:
            return
        self._status_s = now_s
        part = self._beside.status.with_suffix(".status-part")
        with suppress(OSError):  # a full disk; on Windows a reader that has it open: half a second later, then
            part.write_bytes(messages.encode(messages.Status(self._level, list(self._kept))))
            part.replace(self._beside.status)
