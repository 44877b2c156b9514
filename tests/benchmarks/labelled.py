"""Reading corpora people have labelled: DIR/text/<name>/*.jsonl.gz, one utterance a line.

Fields: d = dialogue, s = speaker, r = role ("host", "guest" or ""), t = text, l = labels. What is there is read, be it
one part of a corpus or several; what is not there is an empty list.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance with people's labels."""

    dialogue: str
    speaker: str
    role: str
    text: str
    labels: dict[str, Any] = field(default_factory=dict)


def read(data: Path, name: str) -> list[Said]:
    """All parts of a corpus, in the order of their names."""
    found = []
    for part in sorted((data / "text" / name).glob("*.jsonl.gz")):
        with gzip.open(part, "rt", encoding="utf-8") as lines:
            found += [_said(json.loads(line)) for line in lines if line.strip()]
    return found


def _said(row: dict[str, Any]) -> Said:
    return Said(str(row["d"]), str(row.get("s", "")), row.get("r") or "", row.get("t") or "", row.get("l") or {})


def without_punctuation(text: str) -> str:
    """Lower case, words and apostrophes only: the text of an engine that gives no punctuation. The harshest form."""
    return " ".join(re.sub(r"[^\w\s'-]|--+", " ", text.lower().replace("’", "'")).split())


def half_of(dialogue: str) -> int:
    """0 or 1, by dialogue: figures that hold on both halves are not tuned to one."""
    return hashlib.sha256(f"half:{dialogue}".encode()).digest()[0] % 2
