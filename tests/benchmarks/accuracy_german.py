"""The German table against written lines of our own: tests/data/german/*.tsv, one "label <tab> line" each.

Lines written to be clear are easier than talk: these figures say that the table works, not how it does on calls. The
plain files were used to write the table. Those ending in "_fresh" were written later, by the same hand, and no rule was
changed for them: they are the figures to believe.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coachdesk.conversation import questions
from coachdesk.conversation.lexicon import Lexicon, lexicon
from coachdesk.conversation.text import facts_of, fillers_in, is_short, sentences_in, words_of
from tests.benchmarks.agreement import Measure, accuracy, f1
from tests.benchmarks.labelled import without_punctuation
from tests.benchmarks.printing import ROOT
from tests.benchmarks.rows import Judged, Row, Section, row

LINES = ROOT / "tests/data/german"
F1, ACCURACY = ("F1", f1), ("accuracy", accuracy)
Rule = Callable[[str, Lexicon], object]


def lines(name: str) -> list[tuple[str, str]]:
    """(label, line) of each line of a file."""
    rows = [line.split("\t") for line in (LINES / f"{name}.tsv").read_text("utf-8").splitlines() if line]
    return [(label, said) for label, said in rows]


def asks(text: str, table: Lexicon) -> bool:
    return any(questions.asks(text[start:end], table) for start, end in sentences_in(text, table))


def patterns(text: str, table: Lexicon) -> frozenset[str]:
    """Names of all patterns and cues found."""
    facts = facts_of(text, table)
    return frozenset({*facts.patterns, *facts.cues})


def _next_step(text: str, table: Lexicon) -> bool:
    return "next_step" in patterns(text, table)


def _protected(text: str, table: Lexicon) -> str:
    """The topic a question touches, a clear one before a possible one."""
    topics = facts_of(text, table).protected
    return min(topics, key=lambda topic: (topics[topic] != "clear", topic), default="-")


def _rows(name: str, part: str, table: Lexicon) -> list[Row]:
    said = lines(name + part)
    where = "own lines, fresh" if part else "own lines"

    def one(what: str, how: tuple[str, Measure], want: Rule, ours: Rule, plain: Rule, plain_is: str) -> Row:
        judged = [Judged(text, want(label, table), plain(text, table), ours(text, table)) for label, text in said]
        made = row(what, where, how, judged, plain_is)
        return Row(made.what, made.corpus, made.measure, made.n, made.plain, made.ours, plain_is=plain_is)

    yes: Rule = lambda label, _: label != "no"  # noqa: E731
    if name == "questions":
        bare: Rule = lambda text, t: asks(without_punctuation(text), t)  # noqa: E731
        return [
            one("question", F1, yes, asks, lambda text, _: "?" in text, "a question mark"),
            one("question, no punctuation", F1, yes, bare, lambda *_: True, "always"),
            _open_or_closed(said, where, table),
        ]
    if name == "short":
        ours: Rule = lambda text, t: is_short(words_of(text), t)  # noqa: E731
        return [one("short response", F1, yes, ours, lambda text, _: len(words_of(text)) <= 3, "three words at most")]
    if name == "next_step":
        return [one("next step", F1, yes, _next_step, lambda *_: True, "always")]
    if name == "recap":
        found: Rule = lambda text, t: "recap" in patterns(text, t)  # noqa: E731
        return [one("recap", F1, yes, found, lambda text, _: "sie" in words_of(text), "says Sie")]
    if name == "fillers":
        count: Rule = lambda label, _: int(label)  # noqa: E731
        return [one("filled pauses, exact count", ACCURACY, count, fillers_in, lambda *_: 0, "none")]
    if name == "protected":
        return [one("protected topic", ACCURACY, lambda label, _: label, _protected, lambda *_: "-", "none")]
    return [_trackers(said, where, table)]


def _open_or_closed(said: list[tuple[str, str]], where: str, table: Lexicon) -> Row:
    asked = [(label, text) for label, text in said if label != "no"]
    pairs = [(label, "open" if questions.is_open(text, table) else "closed") for label, text in asked]
    usual = max(sum(label == kind for label, _ in asked) for kind in ("open", "closed")) / len(asked)
    return Row("open or closed", where, "accuracy", len(asked), usual, accuracy(pairs), plain_is="the commoner kind")


def _trackers(said: list[tuple[str, str]], where: str, table: Lexicon) -> Row:
    """Interview trackers: the wanted one found, or nothing where nothing is to be found."""
    names = {label for label, _ in said} - {"-"}
    hits = [
        (True, label in found or (label == "-" and not found))
        for label, text in said
        for found in [patterns(text, table) & names]
    ]
    none = sum(label == "-" for label, _ in said) / len(said)
    return Row("interview trackers", where, "accuracy", len(said), none, accuracy(hits), plain_is="none")


NAMES = ("questions", "short", "next_step", "recap", "fillers", "trackers", "protected")


def measure(data: Path | None) -> Section:
    """Every German detector on the lines that come with the tests; `data` is not needed."""
    section = Section("German table on written lines of our own")
    table = lexicon("de")
    assert table is not None
    for part in ("", "_fresh"):
        for name in NAMES:
            if (LINES / f"{name}{part}.tsv").exists():
                section.rows += _rows(name, part, table)
    return section
