"""What a section of the accuracy report is made of: a row is one detector on one corpus beside a plain baseline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.agreement import Measure
from tests.benchmarks.labelled import half_of


@dataclass(frozen=True, slots=True)
class Row:
    """`plain` and `ours` are figures of the same measure on the same n; `halves`: ours on two halves by dialogue."""

    what: str
    corpus: str
    measure: str
    n: int
    plain: float | None
    ours: float | None
    target: float | None = None
    plain_is: str = ""
    halves: tuple[float | None, ...] = ()


@dataclass(slots=True)
class Section:
    title: str
    rows: list[Row] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Judged:
    """One thing people labelled, what a plain rule says of it and what we say."""

    dialogue: str
    label: Any
    plain: Any
    ours: Any


def row(
    what: str,
    corpus: str,
    how: tuple[str, Measure],
    judged: Iterable[Judged],
    plain_is: str,
    target: float | None = None,
) -> Row:
    """A row from things judged one by one."""
    judged, (name, measure) = list(judged), how
    halves = [[j for j in judged if half_of(j.dialogue) == half] for half in (0, 1)]
    return Row(
        what,
        corpus,
        name,
        len(judged),
        measure([(j.label, j.plain) for j in judged]),
        measure([(j.label, j.ours) for j in judged]),
        target,
        plain_is,
        tuple(measure([(j.label, j.ours) for j in half]) for half in halves),
    )


def counted(judged: Iterable[tuple[str, Judged]]) -> list[Judged]:
    """Judged things counted by session or speaker (the first of each pair): one Judged with three counts for each."""
    sums: dict[str, list[Any]] = {}
    for name, j in judged:
        entry = sums.setdefault(name, [j.dialogue, 0, 0, 0])
        for at, value in enumerate((j.label, j.plain, j.ours), 1):
            entry[at] += int(value)
    return [Judged(*entry) for entry in sums.values()]
