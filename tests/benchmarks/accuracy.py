"""How right the detectors are, against people's labels, each beside a plain baseline.

    python -m tests.benchmarks.accuracy --data DIR [--json] [--only text]

DIR holds `text/<name>/*.jsonl.gz`, `corpus/manifest.json` and `calls/<name>/truth.json`; parts that are not there are
named and left out. A section is one module with one function `measure(data) -> Section`, listed in SECTIONS. Above the
sections stands what they were made with: versions, seeds, and a hash of each part of the data.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

from tests.benchmarks import accuracy_german, accuracy_sound, accuracy_text
from tests.benchmarks.made_with import made_with
from tests.benchmarks.printing import parser
from tests.benchmarks.rows import Row, Section

SECTIONS: dict[str, Callable[[Path | None], Section]] = {
    "text": accuracy_text.measure,
    "german": accuracy_german.measure,
    "speakers": accuracy_sound.speakers,
    "transcript": accuracy_sound.transcript,
}
_LONGEST_FIRST = ("transcript", "speakers", "text", "german")
_COLUMNS = f"{'what':<34}{'on':<22}{'measure':<11}{'n':>8}{'plain':>8}{'ours':>8}{'halves':>14}{'target':>8}  plain is"


def measured(names: list[str], data: Path | None) -> list[Section]:
    """The sections in their order, measured side by side: the longest begin first."""
    if len(names) == 1:
        return [SECTIONS[names[0]](data)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        begun = {name: pool.submit(SECTIONS[name], data) for name in sorted(names, key=_LONGEST_FIRST.index)}
        return [begun[name].result() for name in names]


def show(section: Section) -> None:
    print(f"\n{section.title}\n")
    print(_COLUMNS)
    for row in section.rows:
        print(_line(row))
    for missing in section.missing:
        print(f"not measured: {missing}")


def _line(row: Row) -> str:
    halves = " / ".join(_figure(half) for half in row.halves) if row.halves else ""
    return (
        f"{row.what:<34}{row.corpus:<22}{row.measure:<11}{row.n:>8}{_figure(row.plain):>8}{_figure(row.ours):>8}"
        f"{halves:>14}{_figure(row.target):>8}  {row.plain_is}"
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def main() -> int:
    asked = parser(__doc__ or "")
    asked.add_argument("--only", choices=sorted(SECTIONS), action="append", help="one section; may be given again")
    chosen = asked.parse_args()
    basis = made_with(chosen.data)
    if not chosen.json:
        for name, value in basis.items():
            print(f"{name:<34}{value}")
    sections = measured([name for name in SECTIONS if name in (chosen.only or SECTIONS)], chosen.data)
    if chosen.json:
        print(json.dumps({"made_with": basis, "sections": [asdict(section) for section in sections]}, indent=2))
    else:
        for section in sections:
            show(section)
    return 0


if __name__ == "__main__":
    sys.exit(main())
