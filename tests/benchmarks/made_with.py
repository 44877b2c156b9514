"""What a report was made with, so that two of them can be compared: versions, seeds, and which data."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

import coachdesk
from coachdesk.conversation.metrics import DEFINITIONS
from coachdesk.speech import clusters

PACKAGES = ("numpy", "vaderSentiment", "faster-whisper", "pocketsphinx", "av")
_BLOCK = 1 << 20


def made_with(data: Path | None) -> dict[str, str]:
    """{what: value}. A part of the data is hashed over its files' names and bytes, in the order of their names."""
    told = {
        "program": coachdesk.__version__,
        "definitions": DEFINITIONS,
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
        "seed of the clustering": str(clusters.SEED),
        "halves by dialogue": "sha256, no seed",
    }
    return told | {f"data {part.relative_to(data)}": hash_of(part) for part in parts(data) if data}


def parts(data: Path | None) -> list[Path]:
    """Folders of the data that are hashed one by one: each corpus of text, the recordings, each call."""
    if data is None:
        return []
    found = [folder for name in ("text", "calls") for folder in sorted((data / name).glob("*")) if folder.is_dir()]
    return [*found, *([data / "corpus"] if (data / "corpus").is_dir() else [])]


def hash_of(folder: Path) -> str:
    """The first 16 digits of the SHA-256 of a folder's content."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()[:16]
