"""Ogg pages: following a file that still grows, and telling whether one was cut off.

A growing recording is read through a file object without seek whose `read()` waits for more until the writer has
sealed the file; the result is bit-equal to decoding the finished file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

_HEADER = 27
_LAST_PAGE = 0x04


class GrowingFile:
    """A file object for FFmpeg over a file that is still being written.

    `sealed()` tells whether the writer is done; `poll_s` is how long to wait between looks. `read` returns b"" only
    at the end of a sealed file.
    """

    def __init__(self, path: Path, sealed: Callable[[], bool], poll_s: float = 0.05) -> None:
        self._file = path.open("rb")
        self._sealed = sealed
        self._poll_s = poll_s

    def read(self, size: int = -1) -> bytes:
        while True:
            done = self._sealed()  # asked before reading: what comes after a seal is complete
            data = self._file.read(size)
            if data or done:
                return data
            time.sleep(self._poll_s)

    def close(self) -> None:
        self._file.close()


def ends_early(path: Path, container: str) -> bool:
    """True where an Ogg file stops inside a page, or without a page marked as the last."""
    if container != "ogg":
        return False
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - (1 << 17)))
        tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) - at < _HEADER:
        return True
    segments = tail[at + 26]
    lacing = tail[at + _HEADER : at + _HEADER + segments]
    complete = len(lacing) == segments and len(tail) - at >= _HEADER + segments + sum(lacing)
    return not (complete and tail[at + 5] & _LAST_PAGE)
