"""How a benchmark says what it found."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def parser(about: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--data", type=Path, help="a folder of calls and corpus recordings to measure on as well")
    made.add_argument("--json", action="store_true")
    return made


def arguments(about: str) -> argparse.Namespace:
    return parser(about).parse_args()


def report(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{name:<58} {value:.4g}" if isinstance(value, float) else f"{name:<58} {value}")
