"""Where the player's sound goes: the system's output device, or the clock, which nobody hears.

Both take frames at the pace of time and count them since they were opened, so that the player can tell what is heard
now: `put` adds a block float32 (2, n), `waiting` and `heard` are counts, `cut` throws away what was not taken. A device
that goes away says so by `lost` and never by an exception. The lock is brought along: only the player deals in threads.
"""

from __future__ import annotations

import atexit
import logging
import os
import sys
import time
from collections import deque
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from coachdesk.audio.load import Samples
from coachdesk.audio.mix import HZ, PER_MS

FADE = 5 * PER_MS  # against clicks where one passage ends and the next begins
_DEVICE_BLOCK, _DEVICE_LATENCY_S = 480, 0.08
_DEVICE_SILENT_S = 3.0  # a device that asks for nothing for so long is gone; PulseAudio takes up to 2 s to begin

Lock = AbstractContextManager[bool, None]

log = logging.getLogger(__name__)


class Clock:
    """An output nobody hears: takes what is ready at the pace of time."""

    on_clock = True
    lost = False

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._fed = 0
        self._taken = 0.0
        self._at_s = time.monotonic()

    def put(self, block: Samples) -> None:
        with self._lock:
            self._advance()
            self._fed += block.shape[1]

    def waiting(self) -> int:
        return self._fed - round(self.heard())

    def heard(self) -> float:
        with self._lock:
            self._advance()
            return self._taken

    def cut(self) -> int:
        """Throw away what was not taken; the count at which what is put next begins."""
        with self._lock:
            self._advance()
            self._fed = min(self._fed, int(self._taken) + 1)
            return self._fed

    def close(self) -> None:
        """As a device."""

    def _advance(self) -> None:
        now_s = time.monotonic()
        self._taken = min(float(self._fed), self._taken + (now_s - self._at_s) * HZ)
        self._at_s = now_s


class Device:
    """The system's output, through PortAudio. Raises whatever goes wrong on opening; afterwards only `lost` turns true."""

    on_clock = False

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._blocks: deque[Samples] = deque()
        self._fed = self._taken = 0
        self._sounds = (0, 0.0)  # from this frame on at this monotonic second
        self._asked_s = time.monotonic()
        self._ended = False
        self._stream = self._open()
        self._stream.start()

    def _open(self) -> Any:
        import sounddevice

        def stream() -> Any:
            return sounddevice.OutputStream(
                samplerate=HZ, channels=2, dtype="float32", blocksize=_DEVICE_BLOCK, latency=_DEVICE_LATENCY_S,
                callback=self._give, finished_callback=self._end,
            )  # fmt: skip

        try:
            return stream()
        except sounddevice.PortAudioError:  # PortAudio knows the devices of when it began: let it look again
            sounddevice._terminate()
            sounddevice._initialize()
            return stream()

    def put(self, block: Samples) -> None:
        with self._lock:
            self._blocks.append(block)
            self._fed += block.shape[1]

    def waiting(self) -> int:
        return self._fed - self._taken

    def heard(self) -> float:
        with self._lock:
            frame, at_s = self._sounds
            return min(float(self._taken), frame + (time.monotonic() - at_s) * HZ)

    def cut(self) -> int:
        """Throw away what was not taken but for a fade; the count at which what is put next begins."""
        with self._lock:
            if self._blocks:
                rest = self._blocks[0][:, :FADE]
                self._blocks.clear()
                self._blocks.append(rest * np.linspace(1, 0, rest.shape[1], dtype=np.float32))
                self._fed = self._taken + rest.shape[1]
            return self._fed

    @property
    def lost(self) -> bool:
        return self._ended or time.monotonic() - self._asked_s > _DEVICE_SILENT_S or not self._stream.active

    def close(self) -> None:
        self._stream.abort()
        self._stream.close()

    def _give(self, out: Samples, frames: int, times: Any, status: object) -> None:
        """PortAudio asks for frames, in its own thread. Silence where nothing is ready: it counts for nothing."""
        with self._lock:
            self._asked_s = time.monotonic()
            given = 0
            if self._blocks:
                ahead_s = times.outputBufferDacTime - times.currentTime
                told = 0 < ahead_s < 5  # some host interfaces tell nothing
                self._sounds = (self._taken, self._asked_s + (ahead_s if told else self._stream.latency))
            while given < frames and self._blocks:
                block = self._blocks.popleft()
                part = block[:, : frames - given]
                out[given : given + part.shape[1]] = part.T
                given += part.shape[1]
                if part.shape[1] < block.shape[1]:
                    self._blocks.appendleft(block[:, part.shape[1] :])
            out[given:] = 0
            self._taken += given

    def _end(self) -> None:
        self._ended = True


Output = Clock | Device


def leave_open() -> None:
    """The program's end shall not wait for a device that does not answer: PortAudio's own tidying up would."""
    if handler := getattr(sys.modules.get("sounddevice"), "_exit_handler", None):
        atexit.unregister(handler)


def open_output(lock: Lock) -> Output:
    """The system's output; the clock where it has none, or where COACHDESK_SOUND=none asks for that."""
    if os.environ.get("COACHDESK_SOUND") == "none":
        return Clock(lock)
    try:
        return Device(lock)
    except Exception as missing:  # no PortAudio, no device, one that refuses: each system in its own words
        log.info("no sound device: %s", missing)
        return Clock(lock)
