"""Recordings of other programs, as they arrive in a folder: complete, and not brought in yet. Nothing is brought in here."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from coachdesk.desk.dropped import SOUND
from coachdesk.errors import CoachDeskError
from coachdesk.history import calls, media
from coachdesk.history.store import Store

STEADY_S = 5.0
MOST = 50


class Arrivals:
    """Remembers what it saw, so that a second look is cheap and a file that still grows is noticed. `clock`: seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[Path, tuple[int, float]] = {}
        self._digests: dict[tuple[Path, int, int], str] = {}

    def look(self, store: Store, folder: Path) -> list[Path]:
        """The files to offer, newest first; none where the folder cannot be read."""
        brought, sizes, hashes = _brought_in(store), _sizes(store), set(_hashes(store))
        found: list[Path] = []
        for changed_s, size, path in sorted(_files(folder), reverse=True):
            if not self._is_steady(path, size, changed_s) or brought.get(str(path), 0.0) >= changed_s:
                continue
            if size not in sizes or self._digest(path, size, changed_s) not in hashes:
                found.append(path)
            if len(found) == MOST:
                break
        return found

    def _is_steady(self, path: Path, size: int, changed_s: float) -> bool:
        """Neither its size nor its time changed for a while; by our own looks where its time cannot be believed."""
        before, since_s = self._seen.get(path, (size, self._clock()))
        if before != size:
            since_s = self._clock()
        self._seen[path] = (size, since_s)
        watched = self._clock() - since_s >= STEADY_S
        return watched or (before == size and time.time() - changed_s >= STEADY_S)

    def _digest(self, path: Path, size: int, changed_s: float) -> str:
        key = (path, size, round(changed_s * 1000))
        if key not in self._digests:
            try:
                self._digests[key] = media.digest_of(path)
            except CoachDeskError:  # gone or locked: another look will tell
                return ""
        return self._digests[key]


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """(when it last changed, size, path) of the sound files in a folder. Linux tells a copy's own time as `ctime`."""
    try:
        listed = list(folder.iterdir())
    except OSError:
        return
    for path in listed:
        if path.suffix.lower() not in SOUND or path.name.startswith("."):
            continue
        try:
            about = path.stat()
        except OSError:
            continue
        if path.is_file() and about.st_size:
            yield max(about.st_mtime, about.st_ctime), about.st_size, path.absolute()


def _brought_in(store: Store) -> dict[str, float]:
    """Files that became calls, and when: known without being read."""
    found: dict[str, float] = {}
    rows = store.rows(
        "SELECT request, finished_at FROM job WHERE kind = 'bring_in' AND state = 'done' ORDER BY finished_at"
    )
    for row in rows:
        at = datetime.fromisoformat(row["finished_at"]).timestamp()
        found.update((name, at) for name in json.loads(row["request"]).get("files", ()))
    return found


def _hashes(store: Store) -> list[str]:
    return store.column("SELECT sha256 FROM recording WHERE sha256 IS NOT NULL")


def _sizes(store: Store) -> set[int]:
    """Sizes of all sound there is: a file of another size is certainly new."""
    found = set()
    for name in calls.media_names(store):
        try:
            found.add((store.home.media / name).stat().st_size)
        except OSError:
            continue
    return found
