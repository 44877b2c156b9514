"""The table of one language: the closed list of named patterns and word lists. Shipped data, read once; never edited by people.

A language without a table has no word-based numbers: they are withheld, never guessed.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from coachdesk.errors import NotFound
from coachdesk.paths import resource

_EDGE = r"(?<!\w)(?:{})(?!\w)"
Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled patterns and word lists of one language."""

    language: str
    short_responses: frozenset[str]
    acknowledgements: frozenset[str]
    filled_pauses: frozenset[str]
    discourse: tuple[str, ...]
    questions: dict[str, Pattern]
    patterns: dict[str, Pattern]
    cues: dict[str, Pattern]
    protected_exempt: Pattern
    protected_clear: dict[str, Pattern]
    protected_possible: dict[str, Pattern]
    topic_names: dict[str, str]
    alternatives: dict[str, str]
    stop_words: frozenset[str]
    sentiment: dict[str, Any]


@functools.lru_cache
def lexicon(language: str) -> Lexicon | None:
    """The table of a language code, or None where there is none; "en-US" speaks English, too."""
    language = re.split("[-_]", language.lower())[0]
    try:
        path = resource(f"lexicons/{language}.toml")
    except NotFound:
        return None
    table = tomllib.loads(path.read_text("utf-8"))
    protected = table["protected"]
    return Lexicon(
        language=language,
        short_responses=frozenset(words.replace("-", " ") for words in table["short_responses"]["words"]),
        acknowledgements=frozenset(table["short_responses"]["acknowledgements"]),
        filled_pauses=frozenset(table["fillers"]["filled"]),
        discourse=tuple(table["fillers"]["discourse"]),
        questions={name: _compiled(text) for name, text in table["questions"].items()},
        patterns={name: _joined(texts) for name, texts in table["patterns"].items()},
        cues={name: _compiled(text) for name, text in table["cues"].items()},
        protected_exempt=_compiled(protected["exempt"]),
        protected_clear={topic: _joined(texts) for topic, texts in protected["clear"].items()},
        protected_possible={topic: _compiled(text) for topic, text in protected["possible"].items()},
        topic_names=dict(protected["names"]),
        alternatives=dict(protected["alternatives"]),
        stop_words=frozenset(table["stop_words"]),
        sentiment=table["sentiment"],
    )


def _compiled(text: str) -> Pattern:
    return re.compile(text, re.IGNORECASE)


def _joined(texts: list[str]) -> Pattern:
    return re.compile(_EDGE.format("|".join(f"(?:{text})" for text in texts)), re.IGNORECASE)
