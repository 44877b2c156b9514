"""Wording of single sentences: VADER with five measured rules over the table of the language.

Macro-F1 over three classes on people's labels, mean of MELD, EmoryNLP and P4G: VADER alone 42.0, this 47.9
(`python -m tests.benchmarks.accuracy`). It finds moments to hear; it says nothing of moods, scores nobody, and the
tone of voice is never read.

1. A negation leans negative. 2. A question is damped. 3. An acknowledgement ("yeah", "okay", "no") is neutral.
4. Phrases have their own value, functional words ("please", "fine") none. 5. A sentence is strongly positive only where
it is so without the words that mislead in calls ("help", "support"): that nearly halves false praise.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

from coachdesk.conversation.lexicon import Lexicon, lexicon

NEGATIVE, POSITIVE, STRONG = -0.05, 0.20, 0.50
NEGATION, QUESTION = -0.45, 0.3
LEAST_WORDS = 30  # fewer words of a side: no wording at all
MOMENTS = 5
LONGEST_WORDS = 120  # what comes later in a runaway sentence is not scanned: VADER takes the square of the length


class _Scorer:
    """VADER over an own copy of its table, with the phrases of the language replaced by their value."""

    def __init__(self, table: Lexicon) -> None:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        assert table.sentiment is not None
        rules = table.sentiment
        self._phrases: list[tuple[re.Pattern[str], str]] = []
        self._any, self._fair = SentimentIntensityAnalyzer(), SentimentIntensityAnalyzer()
        added: dict[str, float] = dict(rules["added"])
        for n, phrase in enumerate(rules["phrases"]):
            token = f" cdphrase{_letters(n)} " if "value" in phrase else " cdneutral "
            self._phrases.append((re.compile(phrase["pattern"], re.IGNORECASE), token))
            if "value" in phrase:
                added[token.strip()] = phrase["value"]
        self._any.lexicon = _without({**self._any.lexicon, **added}, rules["functional"], ())
        self._fair.lexicon = _without(self._any.lexicon, rules["dropped"], rules["halved"])
        self._negation = re.compile(rules["negation"], re.IGNORECASE)
        self._exempt = re.compile(rules["negation_exempt"], re.IGNORECASE)

    def score(self, sentence: str, question: bool) -> tuple[float, str]:
        """(valence -1..1, rule): 0 where the wording is neutral."""
        text, rule = " ".join(sentence.split()[:LONGEST_WORDS]), "words"
        for pattern, token in self._phrases:
            text, found = pattern.subn(token, text)
            rule = "phrase" if found and token != " cdneutral " else rule
        shift = 0.0
        if self._negation.search(self._exempt.sub(" ", text)):
            shift, rule = NEGATION, "negation" if rule == "words" else rule
        damp = QUESTION if question else 1.0
        value = _within(self._compound(self._any, text) + shift) * damp
        if value >= STRONG:
            value = max(POSITIVE, min(value, _within(self._compound(self._fair, text) + shift) * damp))
        return (round(value, 3), rule) if value <= NEGATIVE or value >= POSITIVE else (0.0, "neutral")

    @staticmethod
    def _compound(analyzer: Any, text: str) -> float:
        return float(analyzer.polarity_scores(text)["compound"])


@functools.lru_cache
def _scorer(language: str) -> _Scorer:
    table = lexicon(language)
    assert table is not None
    return _Scorer(table)


def valence(sentence: str, table: Lexicon, *, question: bool, acknowledges: bool) -> tuple[float, str]:
    """Valence of a sentence and the rule behind it; an acknowledgement is neutral ("short"), as is all without a table."""
    if table.sentiment is None:
        return 0.0, "unknown"
    if acknowledges or not sentence.strip():
        return 0.0, "short"
    return _scorer(table.language).score(sentence, question)


def _without(words: dict[str, float], dropped: Iterable[str], halved: Iterable[str]) -> dict[str, float]:
    kept = {word: value for word, value in words.items() if word not in set(dropped)}
    return {word: value / 2 if word in set(halved) else value for word, value in kept.items()}


def _letters(n: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[n % 26] * (n // 26 + 1)


def _within(value: float) -> float:
    return max(-1.0, min(1.0, value))
