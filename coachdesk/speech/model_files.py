"""The files in one speech model's folder: which belong there, their manifest, and writing them so that they last.

Every model taken in gets a manifest with the sha256 of each file. Nothing here knows where models are kept, which
names they have, or where their files come from.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from coachdesk.errors import EngineError

MANIFEST = "coachdesk-model.json"
REQUIRED = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
WANTED = (*REQUIRED, *VOCABULARIES, "preprocessor_config.json")

_BLOCK = 1 << 20
_SPARE_BYTES = 64 << 20  # left free on the disk after a model came


class ManifestFile(msgspec.Struct, frozen=True):
    """One file as it was taken in. `mtime_ns` tells cheaply that it was not touched since it was last hashed."""

    size: int
    sha256: str
    mtime_ns: int


class Manifest(msgspec.Struct, frozen=True):
    """What belongs into a model's folder; `source` is `hub:REPOSITORY@REVISION` or `folder`."""

    files: dict[str, ManifestFile]
    source: str

    @property
    def content(self) -> dict[str, str]:
        return {name: file.sha256 for name, file in self.files.items()}


def present(folder: Path) -> list[str]:
    """The model's files that are there."""
    return [file for file in WANTED if (folder / file).is_file()]


def lacking(files: Collection[str]) -> list[str]:
    """What these files lack to be a whole model."""
    missing = [file for file in REQUIRED if file not in files]
    return missing if any(file in files for file in VOCABULARIES) else [*missing, "vocabulary.json"]


def size_of(path: Path) -> int:
    """The size of a file, 0 where there is none."""
    return path.stat().st_size if path.exists() else 0


def digest(path: Path, kind: str = "sha256", start: bytes = b"") -> str:
    """The hash of `start` and the file's content, in hex."""
    hashed = hashlib.new(kind, start, usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            hashed.update(block)
    return hashed.hexdigest()


# --- manifests


def entry(path: Path, sha256: str) -> ManifestFile:
    """What the manifest says of a file as it lies there, its hash being known."""
    found = path.stat()
    return ManifestFile(found.st_size, sha256, found.st_mtime_ns)


def read_manifest(folder: Path) -> Manifest | None:
    """The folder's manifest; None where there is none, or none that can be believed."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None
    # It lies in a folder anyone may have brought along: names in it must not lead elsewhere.
    return manifest if set(manifest.files) <= set(WANTED) else None


def untouched(folder: Path, manifest: Manifest) -> bool | None:
    """True by size and time; False when a size is wrong or a file is missing; None when only hashing can tell."""
    there = present(folder)
    try:
        found = {name: (folder / name).stat() for name in manifest.files}
    except OSError:
        return False
    if any(found[name].st_size != file.size for name, file in manifest.files.items()) or lacking(there):
        return False
    same = all(found[name].st_mtime_ns == file.mtime_ns for name, file in manifest.files.items())
    return True if same and set(there) == set(manifest.files) else None


def problems_of(folder: Path, manifest: Manifest) -> list[str]:
    """What is not as the manifest says, every file being hashed; where nothing is, `untouched` says so from now on."""
    there = present(folder)
    problems = [problem for name, file in manifest.files.items() if (problem := _wrong(folder / name, file))]
    problems += [f"{name} is missing" for name in lacking(there) if name not in manifest.files]
    problems += [f"{name} does not belong here" for name in there if name not in manifest.files]
    if not problems and untouched(folder, manifest) is None:
        files = {name: entry(folder / name, file.sha256) for name, file in manifest.files.items()}
        with suppress(OSError):  # a folder that cannot be written is as good as before
            write_manifest(folder, Manifest(files, manifest.source))
    return problems


def _wrong(path: Path, known: ManifestFile) -> str:
    try:
        size = path.stat().st_size
        if size != known.size:
            return f"{path.name} has {size} bytes instead of {known.size}"
        return "" if digest(path) == known.sha256 else f"{path.name} has other content than it came with"
    except FileNotFoundError:
        return f"{path.name} is missing"
    except OSError as failed:
        return f"{path.name} cannot be read: {why(failed)}"


# --- writing


def need_room(folder: Path, size: int) -> None:
    """Raises EngineError where the disk cannot hold `size` more bytes and something to spare."""
    there = next(above for above in (folder, *folder.absolute().parents) if above.exists())
    free, needed = shutil.disk_usage(there).free, size + _SPARE_BYTES
    if free < needed:
        raise EngineError(
            f"The disk has too little room: {free >> 20} MB are free, {needed >> 20} MB are needed.",
            "Make room, or move the CoachDesk home with --home.",
        )


def copied(source: Path, target: Path) -> ManifestFile:
    """Copy and hash in one reading; links are followed, so that a hub cache's snapshot becomes real files."""
    hashed = hashlib.sha256()
    with source.open("rb") as reading, target.open("xb") as writing:
        while block := reading.read(_BLOCK):
            hashed.update(block)
            writing.write(block)
        flush(writing)
    return entry(target, hashed.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest at once or not at all."""
    part = folder / f".{MANIFEST}.part"
    with part.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        flush(file)
    part.replace(folder / MANIFEST)
    _flush_folder(folder)


def put(part: Path, target: Path, manifest: Manifest) -> None:
    """Give a finished folder its name and manifest.

    Where there is one already, files are put in place one by one, the manifest last: a model in use keeps its folder,
    and other files stay.
    """
    write_manifest(part, manifest)
    if not target.exists():
        part.rename(target)
        _flush_folder(target.parent)
        return
    for name in (*present(part), MANIFEST):
        (part / name).replace(target / name)
    _flush_folder(target)
    shutil.rmtree(part, ignore_errors=True)


def flush(file: BinaryIO) -> None:
    """Have the disk hold what was written."""
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def why(failed: BaseException) -> str:
    """The first line of what a library said, short enough for one sentence."""
    words = (getattr(failed, "strerror", None) or str(failed) or type(failed).__name__).strip().splitlines()
    return words[0].strip().rstrip(".")[:200] if words else type(failed).__name__
