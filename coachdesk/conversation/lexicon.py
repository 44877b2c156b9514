"""The table of one language: the closed list of named patterns and word lists. Shipped data, read once; never edited by people.

A table is checked when it is read: what every number leans on must be there, and every expression must be one. Families
a language has no words for yet ([sentiment], single patterns and cues) may be missing; numbers that lean on them are
withheld, never guessed. A language without a table has no word-based numbers at all.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coachdesk.errors import NotFound
from coachdesk.paths import resource

FORMAT = "coachdesk.lexicon/1"
QUESTIONS = frozenset(
    {"aside", "lead", "yes_no", "yes_no_not", "ellipsis", "wh_inversion", "wh_fixed", "wh_fixed_not", "wh_bare",
     "wh_contracted", "subordinate", "tag", "tag_not", "invitation", "embedded", "embedded_not", "opening", "indirect",
     "open", "not_a_question"}
)  # fmt: skip
DATES = frozenset({"weekdays", "tomorrow", "weekday", "within", "counts", "units", "next_week", "end_of_week", "today"})
_SECTIONS = ("stop_words", "short_responses", "fillers", "questions", "dates", "owner", "patterns", "cues", "protected")
_EDGE = r"(?<!\w)(?:{})(?!\w)"
_NEVER = re.compile(r"(?!)")
Pattern = re.Pattern[str]


class TableError(ValueError):
    """A shipped table is wrong: our bug, not the person's."""


@dataclass(frozen=True, slots=True)
class Dates:
    """How a language names days: see next_steps. `within` has the groups count and unit, `weekday` the group day."""

    weekdays: tuple[str, ...]
    counts: dict[str, int]
    units: dict[str, int]
    weekday: Pattern
    within: Pattern
    tomorrow: Pattern
    next_week: Pattern
    end_of_week: Pattern
    today: Pattern


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled patterns and word lists of one language."""

    language: str
    short_responses: frozenset[str]
    acknowledgements: frozenset[str]
    filled_pauses: frozenset[str]
    not_filled: Pattern  # "uh-huh" holds no "uh"
    discourse: tuple[str, ...]
    questions: dict[str, Pattern]
    dates: Dates
    owner_self: Pattern
    owner_you: Pattern
    you: Pattern
    patterns: dict[str, Pattern]
    cues: dict[str, Pattern]
    protected_exempt: Pattern
    protected_clear: dict[str, Pattern]
    protected_possible: dict[str, Pattern]
    topic_names: dict[str, str]
    alternatives: dict[str, str]
    stop_words: frozenset[str]
    sentiment: dict[str, Any] | None

    def has(self, name: str) -> bool:
        """Whether the table has words for a pattern, a cue, or "sentiment"."""
        return self.sentiment is not None if name == "sentiment" else name in self.patterns or name in self.cues


@functools.lru_cache
def lexicon(language: str) -> Lexicon | None:
    """The table of a language code, or None where there is none; "en-US" speaks English, too."""
    language = re.split("[-_]", language.lower())[0]
    try:
        path = resource(f"lexicons/{language}.toml")
    except NotFound:
        return None
    return read(path)


def read(path: Path) -> Lexicon:
    """A table from its file. Raises TableError naming the file and what is wrong in it."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        _check(table, path.stem)
        return _made(table)
    except (tomllib.TOMLDecodeError, re.error, KeyError, TableError) as error:
        raise TableError(f"{path.name}: {error}") from error


def _check(table: dict[str, Any], language: str) -> None:
    if table.get("format") != FORMAT or table.get("language") != language:
        raise TableError(f'it must say format = "{FORMAT}" and language = "{language}"')
    for section in _SECTIONS:
        if not table.get(section):
            raise TableError(f"[{section}] is missing or empty")
    _same("questions", QUESTIONS, table["questions"])
    _same("dates", DATES, table["dates"])
    protected = table["protected"]
    topics = frozenset(protected["clear"])
    for part in ("possible", "names", "alternatives"):
        _same(f"protected.{part}", topics, protected[part])


def _same(section: str, wanted: frozenset[str], found: dict[str, Any]) -> None:
    if odd := sorted(wanted ^ found.keys()):
        raise TableError(f"[{section}] lacks or does not know {', '.join(odd)}")


def _made(table: dict[str, Any]) -> Lexicon:
    protected, short, fillers = table["protected"], table["short_responses"], table["fillers"]
    return Lexicon(
        language=table["language"],
        short_responses=frozenset(words.replace("-", " ") for words in short["words"]),
        acknowledgements=frozenset(words.replace("-", " ") for words in short["acknowledgements"]),
        filled_pauses=frozenset(fillers["filled"]),
        not_filled=_compiled(fillers["not_filled"]),
        discourse=tuple(fillers["discourse"]),
        questions={name: _compiled(text) for name, text in table["questions"].items()},
        dates=_dates(table["dates"]),
        owner_self=_compiled(table["owner"]["self"]),
        owner_you=_compiled(table["owner"]["you"]),
        you=_compiled(protected["you"]),
        patterns={name: _joined(texts) for name, texts in table["patterns"].items()},
        cues={name: _compiled(text) for name, text in table["cues"].items()},
        protected_exempt=_compiled(protected["exempt"]),
        protected_clear={topic: _joined(texts) for topic, texts in protected["clear"].items()},
        protected_possible={topic: _compiled(text) for topic, text in protected["possible"].items()},
        topic_names=dict(protected["names"]),
        alternatives=dict(protected["alternatives"]),
        stop_words=frozenset(table["stop_words"]),
        sentiment=table.get("sentiment"),
    )


def _dates(table: dict[str, Any]) -> Dates:
    return Dates(
        weekdays=tuple(table["weekdays"]),
        counts=table["counts"],
        units=table["units"],
        weekday=_compiled(table["weekday"]),
        within=_compiled(table["within"]),
        tomorrow=_compiled(table["tomorrow"]),
        next_week=_compiled(table["next_week"]),
        end_of_week=_compiled(table["end_of_week"]),
        today=_compiled(table["today"]),
    )


def _compiled(text: str) -> Pattern:
    return re.compile(text, re.IGNORECASE) if text else _NEVER


def _joined(texts: list[str]) -> Pattern:
    return re.compile(_EDGE.format("|".join(f"(?:{text})" for text in texts)), re.IGNORECASE)
