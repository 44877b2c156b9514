"""What was dropped on the window: files and folders sorted into calls.

A meeting program's folder (one sound file per participant, perhaps with its transcript) is one call; any other folder is
as many calls as it has sound files. A transcript with the name of a sound file goes with it. Nothing is opened here.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from coachdesk.desk.bringing import BringIn

SOUND = frozenset(
    (
        *(".wav", ".mp3", ".m4a", ".mp4", ".flac", ".ogg", ".opus", ".oga", ".webm", ".mkv", ".mov", ".wma", ".aac"),
        *(".aif", ".aiff", ".amr", ".3gp", ".au", ".caf", ".w64", ".spx", ".m4b"),
    )
)
WORDS = frozenset([".vtt", ".srt", ".json", ".txt"])
MOST_FILES = 2_000
# Names of the folder in which meeting programs put one file per participant.
_PER_PERSON = re.compile(r"^(audio[ _-]?record|participants?|tracks|speakers|individual.*)$", re.IGNORECASE)
# "audioJaneDoe11234567890.m4a", "audio_only.m4a": a file of one participant, the file of everybody.
_ZOOM_PERSON = re.compile(r"^audio(?!_only)(?P<name>\D+?)\d{4,}$", re.IGNORECASE)
# "chat.txt", "meeting_saved_new_chat.txt", "GMT20260915-143000_RecordingnewChat.txt": what was typed, not what was said.
_CHAT = re.compile(r"(?:^|_|new)chat$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dropped:
    """What there is to bring in: calls with sound, transcripts alone, and what was left out."""

    calls: tuple[BringIn, ...] = ()
    transcripts: tuple[Path, ...] = ()
    left_out: tuple[Path, ...] = ()


def sort(paths: Iterable[Path], my_name: str = "") -> Dropped:
    """Files and folders as requests. `my_name` tells which participant's file is one's own."""
    waiting, files = _apart(paths, Path.is_dir)
    parts: list[Dropped] = []
    seen: set[Path] = set()
    while waiting:
        folder = waiting.pop(0)
        real = folder.resolve()
        if real not in seen:  # a link may lead back up
            seen.add(real)
            found, inner = _folder(folder, my_name)
            parts.append(found)
            waiting[:0] = inner
    parts.append(_loose(files))
    return Dropped(
        tuple(call for part in parts for call in part.calls),
        tuple(path for part in parts for path in part.transcripts),
        tuple(path for part in parts for path in part.left_out),
    )


def _folder(folder: Path, my_name: str) -> tuple[Dropped, list[Path]]:
    """What lies in a folder, and the folders in it that are to be looked into."""
    try:
        inner, files, odd = _listed(folder)
    except OSError:  # it may not be read
        return Dropped(left_out=(folder,)), []
    tracks = _per_person(inner, files)
    if tracks:
        transcript = next((path for path in files if _may_be_words(path)), None)
        return Dropped(calls=(_meeting(folder, tracks, transcript, my_name),)), []
    found = _loose(files[:MOST_FILES])
    return replace(found, left_out=(*found.left_out, *files[MOST_FILES:], *odd)), inner


def _listed(folder: Path) -> tuple[list[Path], list[Path], list[Path]]:
    """(folders, files, what is neither) in a folder, by name, without hidden ones."""
    inner, others = _apart((path for path in sorted(folder.iterdir()) if not path.name.startswith(".")), Path.is_dir)
    return inner, *_apart(others, Path.is_file)


def _apart(paths: Iterable[Path], chosen: Callable[[Path], bool]) -> tuple[list[Path], list[Path]]:
    """(the chosen, the others); what cannot be told is not chosen."""
    found: list[Path] = []
    others: list[Path] = []
    for path in paths:
        try:
            (found if chosen(path) else others).append(path)
        except OSError:
            others.append(path)
    return found, others


def _per_person(inner: list[Path], files: list[Path]) -> list[Path]:
    """The participants' own files of a meeting's folder; none where it is no such folder."""
    named = [path for path in _sounds(files) if _ZOOM_PERSON.match(path.stem)]
    if len(named) > 1:
        return named
    for folder in inner:
        if _PER_PERSON.match(folder.name):
            with contextlib.suppress(OSError):
                found = _sounds(_listed(folder)[1])
                if len(found) > 1:
                    return found
    return []


def _sounds(files: list[Path]) -> list[Path]:
    return [path for path in files if path.suffix.lower() in SOUND]


def _meeting(folder: Path, tracks: list[Path], transcript: Path | None, my_name: str) -> BringIn:
    own = my_name.strip().lower()
    plain = own.replace(" ", "")
    mine = next((n for n, path in enumerate(tracks, 1) if plain and plain in path.stem.lower().replace(" ", "")), None)
    return BringIn(tuple(tracks), tracks=True, transcript=transcript, title=folder.name, me=str(mine) if mine else "")


def _loose(files: list[Path]) -> Dropped:
    """Sound files, each with the transcript of its name where there is one; other transcripts stand alone."""
    words = sorted((path for path in files if _may_be_words(path)), key=lambda path: path.suffix.lower())
    texts = {path.with_suffix(""): path for path in words}  # of one name in several forms, one is enough
    chosen = set(texts.values())
    calls = [BringIn((path,), transcript=texts.pop(path.with_suffix(""), None)) for path in _sounds(files)]
    taken = chosen | {call.files[0] for call in calls}
    return Dropped(tuple(calls), tuple(texts.values()), tuple(path for path in files if path not in taken))


def _may_be_words(path: Path) -> bool:
    """Whether a file may be a transcript, by its name."""
    return path.suffix.lower() in WORDS and not _CHAT.search(path.stem)
