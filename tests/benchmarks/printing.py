"""How a benchmark says what it found."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def arguments(about: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", type=Path, help="a folder of calls and corpus recordings to measure on as well")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def report(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{name:<58} {value:.4g}" if isinstance(value, float) else f"{name:<58} {value}")
