"""Changes of a playbook's text: TOML in, TOML out, comments and order kept. Pure: nothing is read, nothing is written.

Each function makes one change and gives the whole text back. What cannot be meant is refused here (a range that ends
before it begins, a name that is taken); whether the result is a playbook in order, `playbook_file` says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from coachdesk.coaching.toml_parts import Parts, Path, inline
from coachdesk.errors import InputError

ID = re.compile(r"^[a-z][a-z0-9_]{0,63}$")
_LONGEST = 300  # characters of a phrase, a question, a name
_ALREADY, _GONE = "That is there already.", "That is not in the playbook any more."


# --- the whole


def copy_as(text: str, playbook_id: str, name: str = "", language: str = "en") -> str:
    """The same playbook under another id, and another name where one is given. Its kind stays: copies share it."""
    if not ID.match(playbook_id):
        raise InputError(
            f"{playbook_id} cannot be the id of a playbook.", "Use small letters, digits and _, a letter first."
        )
    text = _set(text, ("id",), playbook_id)
    return set_words(text, language, name=name) if name else text


def set_words(text: str, language: str, **words: str) -> str:
    """The playbook's own words in a language: name, about, own, other, case."""
    for name, said in words.items():
        text = _set(text, ("text", language, name), _said(said))
    return text


# --- rules and limits


def use_rule(text: str, rule_id: str, on: bool, limits: dict[str, float] | None = None) -> str:
    """A rule of the rule sets picked, beside its family, or left out with its limits. `limits`: set when it is picked."""
    parts = Parts.of(text)

    def change(root: Any) -> None:
        picked = root.setdefault("rules", inline([]))
        if on and rule_id not in picked:
            picked.insert(_beside_family(list(picked), rule_id), rule_id)
        elif not on and rule_id in picked:
            picked.remove(rule_id)

    text = parts.changed(0, change).text()
    if not on:
        return _unset(text, ("limits", rule_id))
    for name, value in (limits or {}).items():
        text = set_limit(text, rule_id, name, value)
    return text


def _beside_family(picked: list[str], rule_id: str) -> int:
    """After the last of its family that comes before it by name, else at the end."""
    family = rule_id.split("-")[0]
    kin = [n for n, each in enumerate(picked) if each.split("-")[0] == family]
    before = [n for n in kin if picked[n] < rule_id]
    return before[-1] + 1 if before else kin[0] if kin else len(picked)


def set_limit(text: str, rule_id: str, name: str, value: float) -> str:
    """A limit of a rule, as this playbook wants it."""
    return _set(text, ("limits", rule_id, name), _number(value))


def unset_limit(text: str, rule_id: str, name: str) -> str:
    """The rule's own limit again."""
    return _unset(text, ("limits", rule_id, name))


# --- ranges


def set_target(text: str, metric: str, low: float | None, high: float | None, source: str) -> str:
    """A range for a number; None is open. `source` says whose it is: a changed range is not the old source's any more."""
    if low is None and high is None:
        raise InputError("A range needs a lower or an upper end.", "Give one of the two, or remove the range.")
    if low is not None and high is not None and low > high:
        raise InputError("This range ends before it begins.", "Make the lower end the smaller number.")
    for name, value in (("low", low), ("high", high)):
        path = ("targets", metric, name)
        text = _unset(text, path) if value is None else _set(text, path, _number(value))
    text = _set(text, ("targets", metric, "strength"), "craft")
    return _set(text, ("targets", metric, "source"), _said(source))


def remove_target(text: str, metric: str) -> str:
    return _unset(text, ("targets", metric))


# --- trackers


def add_tracker(text: str, name: str, phrases: list[str], language: str, side: str = "any") -> str:
    """Something more to listen for, under an id made from its name."""
    tracker = fresh_id(name, [entry["id"] for _, entry in Parts.of(text).entries(("trackers",))])
    values = {"id": tracker, "side": side, "phrases": [_phrase(each) for each in phrases]}
    text = Parts.of(text).with_entry(("trackers",), values).text()
    return _set(text, ("text", language, "trackers", tracker), _said(name))


def remove_tracker(text: str, tracker: str) -> str:
    """A tracker out of the list, with its name. Rules and slots that need it say so when the text is checked."""
    return _drop_names(_remove_entry(text, ("trackers",), tracker), "trackers", tracker)


def add_phrase(text: str, tracker: str, phrase: str) -> str:
    """One more phrase; a * at the end of a word lets the word go on."""
    wanted = _phrase(phrase)

    def change(entry: Any) -> None:
        phrases = entry.setdefault("phrases", inline([]))
        if wanted.casefold() in (str(each).casefold() for each in phrases):
            raise InputError(_ALREADY, "Write another phrase.")
        phrases.append(wanted)

    return _change_entry(text, ("trackers",), tracker, change)


def remove_phrase(text: str, tracker: str, phrase: str) -> str:
    def change(entry: Any) -> None:
        if phrase in entry.get("phrases", []):
            entry["phrases"].remove(phrase)
        if not entry.get("phrases"):
            entry.pop("phrases", None)

    return _change_entry(text, ("trackers",), tracker, change)


# --- results


def add_result(text: str, word: str, language: str) -> str:
    """One more result, under an id made from its word."""
    parts = Parts.of(text)
    ids: list[str] = []

    def change(root: Any) -> None:
        ids.append(fresh_id(word, [str(each) for each in root["results"]]))
        root["results"].append(ids[0])

    text = parts.changed(0, change).text()
    return _set(text, ("text", language, "results", ids[0]), _said(word))


def rename_result(text: str, result: str, word: str, language: str) -> str:
    """Another word for a result; its id stays, for calls hold it."""
    return _set(text, ("text", language, "results", result), _said(word))


def remove_result(text: str, result: str) -> str:
    def change(root: Any) -> None:
        if [str(each) for each in root["results"]] == [result]:
            raise InputError("A playbook needs a result.", "Add another before you remove this one.")
        for name in ("results", "good_results"):
            if result in root.get(name, []):
                root[name].remove(result)

    return _drop_names(Parts.of(text).changed(0, change).text(), "results", result)


def set_good(text: str, result: str, good: bool) -> str:
    """Whether a result counts as one that was hoped for."""

    def change(root: Any) -> None:
        hoped = root.setdefault("good_results", inline([]))
        if good and result not in hoped:
            hoped.append(result)
        elif not good and result in hoped:
            hoped.remove(result)

    return Parts.of(text).changed(0, change).text()


# --- brief, questions, and any other list of entries with an id


def add_slot(text: str, name: str, tracker: str, language: str, side: str = "any") -> str:
    """One more line of the brief, filled from a tracker."""
    slot = fresh_id(name, [entry["id"] for _, entry in Parts.of(text).entries(("slots",))])
    return add_entry(text, "slots", {"id": slot, "tracker": tracker, "side": side, "text": {language: _said(name)}})


def add_question(text: str, words: str, language: str) -> str:
    """One more thing worth asking."""
    question = fresh_id(words, [entry["id"] for _, entry in Parts.of(text).entries(("questions",))])
    return add_entry(text, "questions", {"id": question, "text": {language: _said(words)}})


def say_entry(text: str, table: str, entry_id: str, words: str, language: str) -> str:
    """The words of a slot or a question in a language."""

    def change(entry: Any) -> None:
        entry.setdefault("text", inline({}))[language] = _said(words)

    return _change_entry(text, (table,), entry_id, change)


def add_entry(text: str, table: str, values: dict[str, Any]) -> str:
    """One more entry of a list: a slot, a question, a scorecard."""
    return Parts.of(text).with_entry((table,), values).text()


def set_entry(text: str, table: str, entry_id: str, values: dict[str, Any]) -> str:
    """Values of an entry, put over those that are there; None takes one out. An entry that is not there is added."""

    def change(entry: Any) -> None:
        for name, value in values.items():
            if value is None:
                entry.pop(name, None)
            else:
                entry[name] = inline(value)

    if entry_id not in [entry.get("id") for _, entry in Parts.of(text).entries((table,))]:
        return add_entry(text, table, {"id": entry_id, **{n: v for n, v in values.items() if v is not None}})
    return _change_entry(text, (table,), entry_id, change)


def remove_entry(text: str, table: str, entry_id: str) -> str:
    return _remove_entry(text, (table,), entry_id)


# --- how it is done


def _change_entry(text: str, path: Path, entry_id: str, change: Callable[[Any], None]) -> str:
    parts = Parts.of(text)
    return parts.changed(_place_of(parts, path, entry_id), change).text()


def _remove_entry(text: str, path: Path, entry_id: str) -> str:
    parts = Parts.of(text)
    return parts.without(_place_of(parts, path, entry_id)).text()


def _place_of(parts: Parts, path: Path, entry_id: str) -> int:
    at = next((n for n, entry in parts.entries(path) if entry.get("id") == entry_id), None)
    if at is None:
        raise InputError(_GONE, "Look at the playbook again.")
    return at


def _drop_names(text: str, table: str, name: str) -> str:
    """The names of something that is gone, in all languages."""
    languages = {part.path[1] for part in Parts.of(text).all if part.path[:1] == ("text",) and len(part.path) > 1}
    for language in sorted(languages):
        text = _unset(text, ("text", language, table, name))
    return text


def _set(text: str, path: Path, value: Any) -> str:
    """A value at a path, in the nearest table that is written out; a table that is not there is made."""
    parts = Parts.of(text)
    at, rest = _nearest(parts, path)
    if len(rest) > 1 and rest[0] not in _values(parts, at) and parts.all[at].path != ("limits",):
        return parts.with_table(path[:-1], {path[-1]: value}).text()  # limits stand on one line each, beside the others

    def change(table: Any) -> None:
        for name in rest[:-1]:
            table = table.setdefault(name, inline({}))
        table[rest[-1]] = value

    return parts.changed(at, change).text()


def _unset(text: str, path: Path) -> str:
    """A value or a table out of the file, wherever it is written; nothing where it is not there."""
    parts = Parts.of(text)
    whole = parts.find(path)
    if whole is not None:
        return parts.without(whole).text()
    at, rest = _nearest(parts, path)

    def change(table: Any) -> None:
        above = None
        for name in rest[:-1]:
            above, table = table, table.get(name)
            if table is None:
                return
        table.pop(rest[-1], None)
        if above is not None and not table:
            above.pop(rest[-2])

    return parts.changed(at, change).text()


def _nearest(parts: Parts, path: Path) -> tuple[int, Path]:
    """The written table that is nearest to a path, and what is left of the path from there."""
    for length in range(len(path) - 1, 0, -1):
        at = parts.find(path[:length])
        if at is not None:
            return at, path[length:]
    return 0, path


def _values(parts: Parts, at: int) -> set[str]:
    """The names in a part's own table."""
    found: set[str] = set()
    parts.changed(at, lambda table: found.update(str(name) for name in table))
    return found


def fresh_id(words: str, taken: list[str]) -> str:
    """An id made from words: their letters and digits, with a number where it is taken."""
    plain = unicodedata.normalize("NFKD", _said(words)).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_") or "own"
    stem = stem if stem[0].isalpha() else f"own_{stem}"
    return next(name for n in range(1, len(taken) + 2) if (name := stem if n == 1 else f"{stem}_{n}") not in taken)


def _phrase(phrase: str) -> str:
    said = _said(phrase)
    if not re.search(r"\w", said):
        raise InputError("A phrase needs a word.", "Write what is said, for example: next week.")
    return said


def _said(words: str) -> str:
    said = " ".join(words.split())
    if not said:
        raise InputError("That needs words.", "Write something, or remove it.")
    if len(said) > _LONGEST:
        raise InputError(f"That is longer than {_LONGEST} characters.", "Say it shorter.")
    return said


def _number(value: float) -> float:
    """Whole numbers without a point."""
    return int(value) if float(value).is_integer() else round(float(value), 4)
