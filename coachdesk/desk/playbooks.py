"""Playbooks found: the person's own folder first, then the shipped ones; the same id in the own folder wins."""

from __future__ import annotations

import functools
from pathlib import Path

from coachdesk.coaching import playbook_file as room
from coachdesk.coaching.playbook import Playbook, Vocabulary
from coachdesk.conversation import metrics, signals
from coachdesk.conversation.lexicon import lexicon
from coachdesk.errors import NotFound, PlaybookError
from coachdesk.paths import Home, resource


@functools.lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The closed lists that the code knows; English names every pattern and topic."""
    table = lexicon("en")
    assert table is not None
    return Vocabulary(
        signals.names(), frozenset(metrics.BY_ID), frozenset(table.patterns), frozenset(table.protected_clear)
    )


def files(home: Home) -> dict[str, Path]:
    """Playbook id (the file's name) -> file."""
    shipped = {path.stem: path for path in sorted(resource("playbooks").glob("*.toml"))}
    own = {path.stem: path for path in sorted(home.playbooks.glob("*.toml"))} if home.playbooks.is_dir() else {}
    return {**shipped, **own}


def load(home: Home, playbook_id: str) -> Playbook:
    """A playbook by id. Raises NotFound with the ids there are, PlaybookError where it is wrong."""
    found = files(home)
    if playbook_id not in found:
        raise NotFound(f"There is no playbook {playbook_id}.", f"There are: {', '.join(found)}.")
    path = found[playbook_id]
    return _load(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=32)
def _load(path: Path, _changed: int) -> Playbook:
    return check(path)


def check(path: Path) -> Playbook:
    """A playbook file anywhere, checked. Raises PlaybookError naming file, line and mend."""
    if not path.is_file():
        raise NotFound(f"There is no file {path.name}.", "Check the path.")
    rules, cards = (sorted(resource(name).glob("*.toml")) for name in ("rules", "scorecards"))
    playbook = room.load(path, rules, vocabulary(), cards)
    if playbook.id != path.stem:
        lines = path.read_text("utf-8").splitlines()
        line = next((n for n, text in enumerate(lines, 1) if text.startswith("id")), 1)
        raise PlaybookError(
            f"{path.name}, line {line}: its id is {playbook.id}.",
            f"Name the file {playbook.id}.toml, or change the id.",
        )
    return playbook
