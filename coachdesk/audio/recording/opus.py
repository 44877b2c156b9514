"""Writing a recording: Ogg/Opus that loses some 0.2 s when its writer is killed, and that can be read while it grows.

48 kHz, 64 kb/s; left = me, right = them, or one channel. Every packet is flushed and a page closed each 0.1 s, of which
FFmpeg holds the newest back (pages of 0.2 s: up to 0.39 s lost; without the two options 27 s, notes/desktop.md 3). fsync
is the caller's, every 5 s, against a power cut. Writes where it is called: never from a device's callback.

Application `audio`, not `voip`: at the same size speech comes back with a correlation of 0.997 instead of 0.87, because
voip's high-pass filter turns the phase of low voices (measured on a sample call, 64 kb/s).
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError

from coachdesk.audio.recording.align import RATE_HZ, Samples

BIT_RATE = 64_000
PAGE_US = 100_000
_ZEROS = bytes(1 << 16)


class OpusWriter:
    """An Ogg/Opus file being written. Raises OSError where the file cannot be made or written."""

    def __init__(self, path: Path, lanes: int) -> None:
        self.path = path
        self._layout = "mono" if lanes == 1 else "stereo"
        self._file = path.open("xb", buffering=0)
        self._written = 0
        try:
            options = {"flush_packets": "1", "page_duration": str(PAGE_US)}
            self._container: Any = av.open(self._file, "w", format="ogg", options=options)
            self._stream = self._container.add_stream(
                "libopus", rate=RATE_HZ, layout=self._layout, options={"application": "audio"}
            )
            self._stream.bit_rate = BIT_RATE
        except BaseException:
            self._file.close()
            raise

    @property
    def duration_ms(self) -> int:
        """What was given to it so far."""
        return self._written * 1000 // RATE_HZ

    def write(self, sound: Samples) -> None:
        """Append float32 (lanes, n) in -1..1; louder is clipped."""
        if not sound.shape[1]:
            return
        clipped = np.clip(np.nan_to_num(sound), -1.0, 1.0)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(clipped), format="fltp", layout=self._layout)
        frame.sample_rate, frame.pts = RATE_HZ, self._written
        self._written += sound.shape[1]
        self._mux(frame)

    def _mux(self, frame: Any) -> None:
        try:
            self._container.mux(self._stream.encode(frame))
            if frame is None:
                self._container.close()
        except FFmpegError as failed:  # some are OSErrors by themselves, those of a second failure are not
            raise OSError(failed.errno or 0, "cannot be written") from failed

    def sync(self) -> None:
        """Bring what is written onto the disk."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Seal the file. Raises OSError where its end cannot be written; it is closed all the same."""
        try:
            self._mux(None)
            self.sync()
        finally:
            self._file.close()

    def erase(self) -> None:
        """Overwrite the sound so far with zeros, cut the file to nothing and take it away.

        A disk that writes elsewhere (flash, copy-on-write) may keep the old bytes until it needs the room.
        """
        with suppress(Exception):  # it writes its end, which is erased with the rest
            self._container.close()
        self._file.close()
        erase(self.path)


def erase(path: Path) -> None:
    """As OpusWriter.erase, for a file that nobody writes."""
    with path.open("r+b", buffering=0) as file:
        left = file.seek(0, 2)
        file.seek(0)
        while left > 0:
            left -= file.write(_ZEROS[: min(left, len(_ZEROS))]) or 0
        os.fsync(file.fileno())
        file.truncate(0)
        os.fsync(file.fileno())
    path.unlink(missing_ok=True)
