"""Wording of single sentences: VADER with four measured rules, and a fifth for what sounds positive.

Macro-F1 on people's labels 40.3 -> 46.0 (MELD, EmoryNLP, DailyDialog, P4G, IEMOCAP). It finds moments to hear; it says
nothing of moods, scores nobody, and the tone of voice is never read.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from coachdesk.conversation.lexicon import Lexicon, lexicon

NEGATIVE, POSITIVE, STRONG = -0.05, 0.20, 0.50
NEGATION, QUESTION = -0.4, 0.3
LEAST_WORDS = 30  # fewer words of a side: no wording at all
MOMENTS = 5


class _Scorer:
    """VADER over an own copy of its table, with the phrases of the language replaced by their value."""

    def __init__(self, table: Lexicon) -> None:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        rules = table.sentiment
        self._phrases: list[tuple[re.Pattern[str], str]] = []
        self._any, self._fair = SentimentIntensityAnalyzer(), SentimentIntensityAnalyzer()
        added: dict[str, float] = dict(rules["added"])
        for n, phrase in enumerate(rules["phrases"]):
            token = f" cdphrase{_letters(n)} " if "value" in phrase else " cdneutral "
            self._phrases.append((re.compile(phrase["pattern"], re.IGNORECASE), token))
            if "value" in phrase:
                added[token.strip()] = phrase["value"]
        self._any.lexicon = {**self._any.lexicon, **added}
        fair: dict[str, float] = dict(self._any.lexicon)
        for word in rules["dropped"]:
            fair.pop(word, None)
        for word in rules["halved"]:
            if word in fair:
                fair[word] /= 2
        self._fair.lexicon = fair
        self._negation = re.compile(rules["negation"], re.IGNORECASE)
        self._exempt = re.compile(rules["negation_exempt"], re.IGNORECASE)

    def score(self, sentence: str, question: bool) -> tuple[float, str]:
        """(valence -1..1, rule): 0 where the wording is neutral."""
        text, rule = sentence, "words"
        for pattern, token in self._phrases:
            text, found = pattern.subn(token, text)
            rule = "phrase" if found and token != " cdneutral " else rule
        shift = 0.0
        if self._negation.search(self._exempt.sub(" ", text)):
            shift, rule = NEGATION, "negation" if rule == "words" else rule
        damp = QUESTION if question else 1.0
        low = _within(self._compound(self._any, text) + shift) * damp
        if low <= NEGATIVE:
            return round(low, 3), rule
        high = _within(self._compound(self._fair, text) + shift) * damp
        return (round(high, 3), rule) if high >= POSITIVE else (0.0, "neutral")

    @staticmethod
    def _compound(analyzer: Any, text: str) -> float:
        return float(analyzer.polarity_scores(text)["compound"])


@functools.lru_cache
def _scorer(language: str) -> _Scorer:
    table = lexicon(language)
    assert table is not None
    return _Scorer(table)


def valence(sentence: str, table: Lexicon, *, question: bool, short: bool) -> tuple[float, str]:
    """Valence of a sentence and the rule behind it. Sentences of short responses only are neutral."""
    if short or not sentence.strip():
        return 0.0, "short"
    return _scorer(table.language).score(sentence, question)


def _letters(n: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[n % 26] * (n // 26 + 1)


def _within(value: float) -> float:
    return max(-1.0, min(1.0, value))
