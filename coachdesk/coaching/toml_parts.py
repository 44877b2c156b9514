"""A TOML file as its parts: what stands above the first heading, then a part for each [table] and [[entry]].

A part is changed by itself (`tomlkit` keeps its comments and its order), added after its kin, or taken out; every other
line of the file stays as the person wrote it. Comments above a heading belong to what follows and are never taken out.
It knows no playbook, and checks nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import tomlkit

from coachdesk.errors import InputError

Path = tuple[str, ...]
Change = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Part:
    """`lead`: blank lines and comments above; `body`: the heading and what stands under it, without what trails."""

    path: Path
    entry: bool  # [[...]]: one of several
    lead: str
    body: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole file."""

    all: tuple[Part, ...]
    tail: str

    @classmethod
    def of(cls, text: str) -> Parts:
        """Raises InputError where the text is not TOML."""
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as wrong:
            raise InputError(f"This is not valid TOML: {wrong}.", "Mend that line first.") from wrong
        blocks: list[list[str]] = [[]]
        for line, heads in zip(_lines(text), _headings(text), strict=True):
            if heads:
                blocks.append([])
            blocks[-1].append(line)
        parts: list[Part] = []
        lead = ""
        for number, block in enumerate(blocks):
            body, after = _without_trail(block)
            path, entry = _path_of(body[0]) if number else ((), False)
            parts.append(Part(path, entry, lead, "".join(body)))
            lead = "".join(after)
        return cls(tuple(parts), lead)

    def text(self) -> str:
        return "".join(part.lead + part.body for part in self.all) + self.tail

    def changed(self, at: int, change: Change) -> Parts:
        """One part with its own table changed; where nothing was, a file begins with it."""
        part = self.all[at]
        document = tomlkit.parse(part.body)
        change(_own_table(document, part))
        return self._with(at, replace(part, body=_ended(tomlkit.dumps(document))))

    def without(self, at: int) -> Parts:
        """A part and the tables under it taken out; the comments above it stay."""
        last = self._last_of(at)
        kept = [*self.all[:at], *self.all[last + 1 :]]
        lead = self.all[at].lead
        if at < len(kept):
            kept[at] = replace(kept[at], lead=_joined(lead, kept[at].lead))
            return Parts(tuple(kept), self.tail)
        return Parts(tuple(kept), _joined(lead, self.tail))

    def with_entry(self, path: Path, values: dict[str, Any]) -> Parts:
        """One more [[entry]] after those that are there, else at the end."""
        kin = [n for n, part in enumerate(self.all) if part.path == path and part.entry]
        body = f"[[{'.'.join(path)}]]\n{tomlkit.dumps(_inline(values))}"
        return self._put(Part(path, True, "\n", body), self._last_of(kin[-1]) if kin else len(self.all) - 1)

    def with_table(self, path: Path, values: dict[str, Any]) -> Parts:
        """One more [table] after the last one with the same beginning, else at the end."""
        kin = [n for n, part in enumerate(self.all) if part.path[: len(path) - 1] == path[:-1] and len(path) > 1]
        key = ".".join(tomlkit.key(name).as_string() for name in path)
        body = f"[{key}]\n{tomlkit.dumps(_inline(values))}"
        return self._put(Part(path, False, "\n", body), kin[-1] if kin else len(self.all) - 1)

    def find(self, path: Path) -> int | None:
        """The table of this name."""
        return next((n for n, part in enumerate(self.all) if part.path == path and not part.entry), None)

    def entries(self, path: Path) -> list[tuple[int, dict[str, Any]]]:
        """Entries of this name, each with its place among the parts and the values of its own table."""
        return [
            (n, dict(tomllib.loads(part.body)[path[0]][0]))
            for n, part in enumerate(self.all)
            if part.path == path and part.entry
        ]

    def _last_of(self, at: int) -> int:
        """The last of the tables that stand under a part."""
        under = self.all[at].path
        last = at
        while last + 1 < len(self.all):
            following = self.all[last + 1]
            if len(following.path) <= len(under) or following.path[: len(under)] != under:
                break
            last += 1
        return last

    def _put(self, part: Part, after: int) -> Parts:
        before = self.all[after]
        tidy = before if not before.body else replace(before, body=_ended(before.body))
        return Parts((*self.all[:after], tidy, part, *self.all[after + 1 :]), self.tail)

    def _with(self, at: int, part: Part) -> Parts:
        return Parts((*self.all[:at], part, *self.all[at + 1 :]), self.tail)


def _lines(text: str) -> list[str]:
    """Lines with their ends: only those that are ends to TOML."""
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def _own_table(document: Any, part: Part) -> Any:
    table = document
    for name in part.path:
        table = table[name]
        if isinstance(table, list):
            table = table[0]
    return table


def _path_of(heading: str) -> tuple[Path, bool]:
    """The names in a heading. It is read as a file of its own, so quoted names are understood."""
    table: Any = tomllib.loads(heading)
    names: list[str] = []
    entry = heading.lstrip().startswith("[[")
    while table:
        name, table = next(iter(table.items()))
        names.append(name)
        table = table[0] if isinstance(table, list) else table
    return tuple(names), entry


def _headings(text: str) -> Sequence[bool]:
    """For each line whether it is a heading: it begins with "[" and stands in no array and no text over several lines."""
    found: list[bool] = []
    depth, quote = 0, ""
    for line in _lines(text):
        found.append(not quote and depth == 0 and line.lstrip().startswith("["))
        if not found[-1]:
            depth, quote = _after(line, depth, quote)
    return found


def _after(line: str, depth: int, quote: str) -> tuple[int, str]:
    """How deep in arrays, and in which text over several lines, a line ends."""
    at = 0
    while at < len(line):
        here = line[at:]
        if quote:
            if here.startswith("\\") and quote[0] == '"':
                at += 1
            elif here.startswith(quote):
                at += len(quote) - 1
                quote = ""
        elif here[0] == "#":
            break
        elif here[0] in "\"'":
            quote = here[0] * 3 if here.startswith(here[0] * 3) else here[0]
            at += len(quote) - 1
        else:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(here[0], 0)
        at += 1
    return depth, quote if len(quote) == 3 else ""


def _without_trail(block: list[str]) -> tuple[list[str], list[str]]:
    """A block without the blank lines and comments at its end, and those."""
    at = len(block)
    while at > 0 and (not block[at - 1].strip() or block[at - 1].lstrip().startswith("#")):
        at -= 1
    return block[:at], block[at:]


def _inline(values: dict[str, Any]) -> Any:
    """Values for a part of its own: what is a table in them stands on one line."""
    document = tomlkit.document()
    for name, value in values.items():
        document[name] = inline(value)
    return document


def inline(value: Any) -> Any:
    """A value as it stands behind an equals sign: tables, and tables in lists, each on one line."""
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update({name: inline(each) for name, each in value.items()})
        return table
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        array.extend([inline(each) for each in value])
        return array
    return value


def _ended(body: str) -> str:
    return body if body.endswith("\n") or not body else f"{body}\n"


def _joined(first: str, second: str) -> str:
    """Two leads as one, without the blank lines of both."""
    return (
        first
        if not second.strip()
        else second
        if not first.strip()
        else first.rstrip("\n") + "\n\n" + second.lstrip("\n")
    )
