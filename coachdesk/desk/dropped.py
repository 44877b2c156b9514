"""What was dropped on the window: files and folders sorted into calls.

A meeting program's folder (one sound file per participant, perhaps with its transcript) is one call; any other folder is
as many calls as it has sound files. A transcript with the name of a sound file goes with it. Nothing is opened here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Dropped:
    """What there is to bring in: calls with sound, transcripts alone, and what was left out."""

    calls: tuple[BringIn, ...] = ()
    transcripts: tuple[Path, ...] = ()
    left_out: tuple[Path, ...] = ()


def sort(paths: Iterable[Path], my_name: str = "") -> Dropped:
    """Files and folders as requests. `my_name` tells which participant's file is one's own."""
    calls: list[BringIn] = []
    alone: list[Path] = []
    left: list[Path] = []
    files = []
    for path in paths:
        if path.is_dir():
            found = _folder(path, my_name)
            calls += found.calls
            alone += found.transcripts
            left += found.left_out
        else:
            files.append(path)
    found = _loose(files)
    return Dropped((*calls, *found.calls), (*alone, *found.transcripts), (*left, *found.left_out))


def _folder(folder: Path, my_name: str) -> Dropped:
    tracks = _per_person(folder)
    if len(tracks) > 1:
        transcript = next((p for p in _files(folder) if _may_be_words(p)), None)
        return Dropped(calls=(_meeting(folder, tracks, transcript, my_name),))
    inner = [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(".")]
    found = _loose([path for path in _files(folder)])
    below = [_folder(path, my_name) for path in inner[:MOST_FILES]]
    return Dropped(
        (*found.calls, *(call for one in below for call in one.calls)),
        (*found.transcripts, *(path for one in below for path in one.transcripts)),
        (*found.left_out, *(path for one in below for path in one.left_out)),
    )


def _per_person(folder: Path) -> list[Path]:
    """The participants' own files of a meeting's folder; none where it is no such folder."""
    for inner in [folder, *sorted(p for p in folder.iterdir() if p.is_dir())]:
        sounds = [path for path in _files(inner) if path.suffix.lower() in SOUND]
        if inner is folder:
            named = [path for path in sounds if _ZOOM_PERSON.match(path.stem)]
            if len(named) > 1:
                return named
        elif _PER_PERSON.match(inner.name) and len(sounds) > 1:
            return sounds
    return []


def _meeting(folder: Path, tracks: list[Path], transcript: Path | None, my_name: str) -> BringIn:
    own = my_name.strip().lower()
    plain = own.replace(" ", "")
    mine = next((n for n, path in enumerate(tracks, 1) if plain and plain in path.stem.lower().replace(" ", "")), None)
    return BringIn(tuple(tracks), tracks=True, transcript=transcript, title=folder.name, me=str(mine) if mine else "")


def _loose(files: list[Path]) -> Dropped:
    """Sound files, each with the transcript of its name where there is one; other transcripts stand alone."""
    sounds = [path for path in files if path.suffix.lower() in SOUND]
    texts = {path.with_suffix(""): path for path in files if path.suffix.lower() in WORDS}
    calls = []
    for path in sounds:
        transcript = texts.pop(path.with_suffix(""), None)
        calls.append(BringIn((path,), transcript=transcript))
    left = [path for path in files if path.suffix.lower() not in SOUND | WORDS]
    return Dropped(tuple(calls), tuple(texts.values()), tuple(left))


def _may_be_words(path: Path) -> bool:
    return path.suffix.lower() in WORDS and not re.match(r"(?i)chat|recording\.conf", path.stem)


def _files(folder: Path) -> Iterator[Path]:
    found = sorted(folder.iterdir())
    return (path for path in found[:MOST_FILES] if path.is_file() and not path.name.startswith("."))
