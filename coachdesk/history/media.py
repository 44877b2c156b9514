"""Sound and peaks on disk, named by content: the same file is kept once, and a name never lies about its bytes."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from pathlib import Path

from coachdesk.errors import HistoryError, UnreadableFile
from coachdesk.paths import Home

_BLOCK = 1 << 20
_ROOM_LEFT = 256 << 20


def bring_in(home: Home, source: Path) -> tuple[str, Path]:
    """Copy a file into the store, hashing on the way; returns (sha256, where it lies now).

    Raises UnreadableFile for what is no readable file, HistoryError where the disk has no room.
    """
    _check(home, source)
    part = home.media / f".incoming-{secrets.token_hex(8)}"
    digest = hashlib.sha256()
    try:
        with source.open("rb") as file, part.open("wb") as out:
            while block := file.read(_BLOCK):
                digest.update(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        kept = place(home, digest.hexdigest(), source.suffix)
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        part.replace(kept)
    except OSError as failed:
        raise _explained(failed, source) from failed
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest(), kept


def digest_of(source: Path) -> str:
    """SHA-256 of a file, read in blocks. Raises UnreadableFile where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with source.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as failed:
        raise _explained(failed, source) from failed
    return digest.hexdigest()


def place(home: Home, sha256: str, suffix: str) -> Path:
    """Where sound of this content lies."""
    plain = suffix.lower() if suffix[1:].isalnum() and len(suffix) <= 6 else ".bin"
    return home.media / sha256[:2] / f"{sha256}{plain}"


def relative(home: Home, path: Path) -> str:
    return path.relative_to(home.media).as_posix()


def forget(home: Home, name: str) -> None:
    """Remove a file of the store, if it is there, and what was being written in its place."""
    if name:
        (home.media / name).unlink(missing_ok=True)
        (home.media / f"{name}.part").unlink(missing_ok=True)


def sweep(home: Home, known: set[str]) -> list[str]:
    """Remove leftovers of interrupted imports: parts, and sound no call refers to. Returns what was removed."""
    removed = []
    for path in sorted(home.media.rglob("*")):
        name = relative(home, path)
        if path.is_file() and (path.name.startswith(".incoming-") or path.suffix == ".part" or name not in known):
            path.unlink(missing_ok=True)
            removed.append(name)
    return removed


def _check(home: Home, source: Path) -> None:
    if not source.exists():
        raise UnreadableFile(f"There is no file {source.name}.", "Check the path.")
    if not source.is_file():
        raise UnreadableFile(f"{source.name} is not a file.", "Name the sound files themselves.")
    size = source.stat().st_size
    if size == 0:
        raise UnreadableFile(f"{source.name} is empty.", "Check that the recording was saved completely.")
    if shutil.disk_usage(home.media).free < size + _ROOM_LEFT:
        raise HistoryError("There is not enough room on the disk for a copy of this file.", "Free some space first.")


def _explained(failed: OSError, source: Path) -> UnreadableFile | HistoryError:
    if failed.errno == 28:
        return HistoryError("The disk is full; nothing was changed.", "Free some space and try again.")
    return UnreadableFile(f"{source.name} cannot be read: {failed.strerror}.", "Check the file and its permissions.")
