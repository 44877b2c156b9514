"""How well guesses agree with people: F1, accuracy, macro-F1, correlation, and how well a number tells two groups apart.

Each takes (label, guess) pairs and gives a figure between 0 and 1 (correlation: -1 to 1), or None where nothing can be
said: no pairs, or no spread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

Pairs = Sequence[tuple[Any, Any]]
Measure = Callable[[Pairs], float | None]


def precision(pairs: Pairs) -> float | None:
    said = [label for label, guess in pairs if guess]
    return sum(map(bool, said)) / len(said) if said else None


def recall(pairs: Pairs) -> float | None:
    wanted = [guess for label, guess in pairs if label]
    return sum(map(bool, wanted)) / len(wanted) if wanted else None


def f1(pairs: Pairs) -> float | None:
    """2 TP / (2 TP + FP + FN) of the positive class."""
    hits = sum(bool(label and guess) for label, guess in pairs)
    wrong = sum(bool(label) != bool(guess) for label, guess in pairs)
    return 2 * hits / (2 * hits + wrong) if hits or wrong else None


def accuracy(pairs: Pairs) -> float | None:
    return sum(label == guess for label, guess in pairs) / len(pairs) if pairs else None


def macro_f1(classes: Sequence[Hashable]) -> Measure:
    """The plain mean of the F1 of each class; a class nobody used counts 0."""

    def measure(pairs: Pairs) -> float | None:
        if not pairs:
            return None
        return sum(f1([(label == c, guess == c) for label, guess in pairs]) or 0.0 for c in classes) / len(classes)

    return measure


def pearson(pairs: Pairs) -> float | None:
    """Pearson's correlation of two counts."""
    if len(pairs) < 3:
        return None
    x, y = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    dx, dy = [a - sum(x) / len(x) for a in x], [b - sum(y) / len(y) for b in y]
    spread = (sum(a * a for a in dx) * sum(b * b for b in dy)) ** 0.5
    return sum(a * b for a, b in zip(dx, dy, strict=True)) / spread if spread else None


def auc(pairs: Pairs) -> float | None:
    """How often a number is higher for a labelled one than for another; ties count half."""
    yes, no = [guess for label, guess in pairs if label], [guess for label, guess in pairs if not label]
    if not yes or not no:
        return None
    return sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))
