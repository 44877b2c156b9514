"""A person's own playbooks: the text of one, checked before it is kept, taken back, and tried on a call unsaved.

An own file lies in the home's `playbooks` folder and wins over a shipped one with its id. What it replaces goes into the
folder's `bin`, what is not saved yet in its `drafts`, so that nothing a person wrote is lost. How a text is changed,
`coaching/playbook_edit.py` knows.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coachdesk.coaching.playbook import Playbook, Rule
from coachdesk.coaching.playbook_edit import ID
from coachdesk.coaching.playbook_file import cards_of, rules_of
from coachdesk.coaching.scorecard import Card
from coachdesk.desk import playbooks, review
from coachdesk.desk.recompute import Laid, around_of, derive, lay_out, recompute
from coachdesk.errors import InputError, NotFound, PlaybookError
from coachdesk.history import calls
from coachdesk.history.store import Store
from coachdesk.model import Coaching
from coachdesk.paths import Home, resource

KINDS = ("praise", "suggestions", "review_flags")


@dataclass(frozen=True, slots=True)
class Source:
    """A playbook as it is written. `own`: the person's file; `shipped`: there is one with this id in the program, too."""

    id: str
    text: str
    path: Path
    own: bool
    shipped: bool


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A playbook in a list; one that is wrong has no name but a problem."""

    id: str
    name: str
    about: str
    own: bool
    shipped: bool
    problem: str = ""
    hint: str = ""


def source(home: Home, playbook_id: str) -> Source:
    """The text of a playbook, wrong or not. Raises NotFound where there is none."""
    found = playbooks.files(home)
    if playbook_id not in found:
        raise NotFound(f"There is no playbook {playbook_id}.", f"There are: {', '.join(found)}.")
    path = found[playbook_id]
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        raise PlaybookError(f"{path.name} cannot be read.", "Open it with an editor, or remove it.") from broken
    return Source(playbook_id, text, path, path.parent == home.playbooks, _shipped(playbook_id) is not None)


def shelf(home: Home) -> list[OnShelf]:
    """All playbooks there are, by name; those that are wrong last."""
    found = [_on_shelf(home, name, path) for name, path in playbooks.files(home).items()]
    return sorted(found, key=lambda one: (bool(one.problem), one.name.casefold(), one.id))


def _on_shelf(home: Home, playbook_id: str, path: Path) -> OnShelf:
    own, shipped = path.parent == home.playbooks, _shipped(playbook_id) is not None
    try:
        playbook = playbooks.load(home, playbook_id)
    except PlaybookError as wrong:
        return OnShelf(playbook_id, playbook_id, "", own, shipped, wrong.message, wrong.hint)
    words = playbook.words(playbook.languages[0])
    return OnShelf(playbook_id, words.name, words.about, own, shipped)


def library() -> list[Rule]:
    """Every rule of the rule sets, in their order."""
    return [rule for path in sorted(resource("rules").glob("*.toml")) for rule in rules_of(path)]


def card_library() -> list[Card]:
    """Every scorecard of the sets, in their order."""
    return [card for path in sorted(resource("scorecards").glob("*.toml")) for card in cards_of(path)]


def checked(home: Home, playbook_id: str, text: str) -> Playbook:
    """A text as the playbook it would be. Raises PlaybookError with file, line and mend."""
    with tempfile.TemporaryDirectory(dir=home.root) as folder:
        return playbooks.check(_written(Path(folder), playbook_id, text))


def save(home: Home, playbook_id: str, text: str) -> str | None:
    """Keep a text as the person's own playbook, if it is in order; returns the own text it replaces, if there was one.

    The file is whole at every moment. Raises PlaybookError where the text is wrong, InputError for an id that is none.
    """
    if not ID.match(playbook_id):
        raise InputError(f"{playbook_id} cannot be the id of a playbook.", "Use small letters, digits and _.")
    home.playbooks.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.root) as folder:
        fresh = _written(Path(folder), playbook_id, text)
        found = playbooks.check(fresh)
        if found.id != playbook_id:
            raise PlaybookError(
                f"{fresh.name}: its id is {found.id}.", f'Write id = "{playbook_id}", or save it under {found.id}.'
            )
        before = _into_bin(home, playbook_id)
        try:
            fresh.replace(_own(home, playbook_id))
        except OSError as failed:
            raise InputError(
                f"{fresh.name} cannot be written: {failed.strerror}.", "Look after the folder."
            ) from failed
    return before


def drop(store: Store, home: Home, playbook_id: str, chosen: str) -> str:
    """Take the person's own file away (into the bin); returns its text. The shipped one counts again, where there is one.

    `chosen`: the playbook of the settings. Raises InputError where calls would be left without their playbook, those in
    the bin, too: they can be taken out again.
    """
    if not _own(home, playbook_id).is_file():
        raise NotFound(
            f"There is no playbook of your own named {playbook_id}.", "`coachdesk playbooks list` names them."
        )
    if _shipped(playbook_id) is None:
        using = sum(call.playbook == playbook_id for call in calls.all_calls(store))
        if using or chosen == playbook_id:
            raise InputError(
                f"{using} calls are coached with this playbook."
                if using
                else "New calls are coached with this playbook.",
                "Choose another for them first.",
            )
        if binned := calls.binned_with(store, playbook_id):
            raise InputError(
                f"{binned} calls in the bin are coached with this playbook.",
                "Take them out and choose another for them, or empty the bin.",
            )
    before = _into_bin(home, playbook_id)
    _own(home, playbook_id).unlink()
    return before or ""


def keep_draft(home: Home, playbook_id: str, text: str | None) -> None:
    """A text a person is still at, in order or not, so that no closed window costs it; None: it is done with."""
    path = home.playbooks / "drafts" / _own(home, playbook_id).name
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.root) as folder:
        _written(Path(folder), playbook_id, text).replace(path)


def draft(home: Home, playbook_id: str) -> str | None:
    """What was left unsaved, if anything."""
    try:
        return (home.playbooks / "drafts" / _own(home, playbook_id).name).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def preview(store: Store, home: Home, call_id: str, playbook_id: str, text: str, wording_on: bool) -> dict[str, Any]:
    """What a call would be told under an unsaved text, beside what the saved one says; nothing of the text is stored.

    {"before", "after": {"praise", "suggestions", "review_flags": [suggestion as in a review], "quiet"}}.
    """
    after = checked(home, playbook_id, text)
    laid = lay_out(store, call_id)
    saved = playbooks.load(home, playbook_id) if playbook_id in playbooks.files(home) else after
    if laid.call.playbook == saved.id:  # it is there already, as a rule
        before = recompute(store, call_id, saved, wording_on, laid)
    else:
        before = derive(store, laid, saved, wording_on, around_of(store, laid, saved)).derived
    now = derive(store, laid, after, wording_on, around_of(store, laid, after)).derived
    return {"before": _said(before.coaching, laid, saved), "after": _said(now.coaching, laid, after)}


def _said(coaching: Coaching, laid: Laid, playbook: Playbook) -> dict[str, Any]:
    phrased = review.phrasing(laid, playbook)
    lists = {kind: [phrased(each) for each in getattr(coaching, kind)] for kind in KINDS}
    return {**lists, "quiet": coaching.quiet}


def _into_bin(home: Home, playbook_id: str) -> str | None:
    """Put a copy of the own file into the bin; returns its text, None where there is no own file."""
    own = _own(home, playbook_id)
    try:
        text = own.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as broken:
        raise PlaybookError(f"{own.name} cannot be read.", "Move it elsewhere first.") from broken
    bin_ = home.playbooks / "bin"
    bin_.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.root) as folder:
        _written(Path(folder), playbook_id, text).replace(bin_ / own.name)
    return text


def _written(folder: Path, playbook_id: str, text: str) -> Path:
    path = folder / f"{Path(playbook_id).name}.toml"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return path


def _own(home: Home, playbook_id: str) -> Path:
    return home.playbooks / f"{Path(playbook_id).name}.toml"


def _shipped(playbook_id: str) -> Path | None:
    path = resource("playbooks") / f"{Path(playbook_id).name}.toml"
    return path if path.is_file() else None
