"""Reading the review document: what several panes look up in it, and how its numbers are put into words."""

from __future__ import annotations

from typing import Any

from coachdesk.coaching.phrasing import in_words
from coachdesk.sentences import N_, _, reason

Document = dict[str, Any]

# Units whose words stand beside the number; the others are one with it: 61 %, 1:24, 0.3 s.
_BESIDE = {
    "words": N_("{n} words"),
    "wpm": N_("{n} words a minute"),
    "per_min": N_("{n} a minute"),
    "per_h": N_("{n} an hour"),
    "per_100_words": N_("{n} in 100 words"),
    "per_10_min": N_("{n} in 10 minutes"),
}
_EARLY_MS = 500  # times of words and of sound differ by about this much


def capital(text: str) -> str:
    """The text as the beginning of a line."""
    return text[:1].upper() + text[1:]


def measurement(document: Document, metric: str, subject: str) -> Document | None:
    found = (m for m in document["measurements"] if m["metric"] == metric and m["subject"] == subject)
    return next(found, None)


def side_name(document: Document, side: str) -> str:
    """What the trade calls a side: you, and what the others are to you."""
    return str(document["labels"].get({"rep": "own", "other": "other"}.get(side, ""), ""))


def side_of(document: Document, speaker: str) -> str:
    """The side a speaker of the transcript is on: rep, other or unknown."""
    return next((s["role"] for s in document["speakers"] if s["label"] == speaker), "unknown")


def speaker_name(document: Document, speaker: str) -> str:
    return next((s["name"] or s["label"] for s in document["speakers"] if s["label"] == speaker), speaker)


def heard_in(document: Document, start_ms: int, end_ms: int) -> Document | None:
    """What is said first in a moment: the first utterance that begins there, or else the first that lasts into it."""
    lasting = None
    for said in document["transcript"]["utterances"]:
        if start_ms - _EARLY_MS <= said["start_ms"] < end_ms:
            return dict(said)
        if lasting is None and said["start_ms"] < start_ms < said["end_ms"] - _EARLY_MS:
            lasting = dict(said)
    return lasting


def said_rough(document: Document) -> str:
    """What is said of something that leans on words which are not to be trusted one by one."""
    return _("rough: from a draft") if document["transcript"]["draft"] else _("rough: from words that are not sure")


def why_not(measured: Document) -> str:
    """Why a number is not given."""
    withheld = measured["withheld"] or {"code": "", "params": {}}
    return reason(withheld["code"], withheld["params"])


def said_value(value: float, unit: str) -> tuple[str, str]:
    """A value in words: the number, and the words of its unit that stand beside it."""
    if unit not in _BESIDE:
        return in_words(value, unit), ""
    before, _blank, after = _(_BESIDE[unit]).partition("{n}")
    return before + _number(value), after.strip()


def said_whole(value: float, unit: str) -> str:
    """A value in words, in one piece."""
    return " ".join(part for part in said_value(value, unit) if part)


def said_spread(median: float, spread: float, unit: str) -> str:
    """What is usual and how far it strays, in words: the unit is said once."""
    number = said_value(spread, unit)[0]
    return _("{median}, give or take {spread}").format(median=said_whole(median, unit), spread=number)


def said_range(target: Document, unit: str) -> str:
    """A usual range in words: "usual 35 to 55 %", "usual at most 2:00"."""
    low, high = target["low"], target["high"]
    if low is None:
        return _("usual at most {high}").format(high=said_whole(high, unit))
    if high is None:
        return _("usual at least {low}").format(low=said_whole(low, unit))
    first, last = said_value(low, unit)[0], said_whole(high, unit)
    number, unit_words = first.rpartition(" ")[::2]
    if number and last.endswith(f" {unit_words}"):  # the unit is said once
        first = number
    return _("usual {low} to {high}").format(low=first, high=last)


def within(value: float, target: Document) -> bool:
    low, high = target["low"], target["high"]
    return (low is None or value >= low) and (high is None or value <= high)


def _number(value: float) -> str:
    """Small numbers keep two places, since their ranges do: 0.15."""
    if 0 < abs(value) < 1:
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return in_words(value, "")
