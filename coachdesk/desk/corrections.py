"""What a person corrected hangs on time, and is laid onto whichever words are current.

Where the corrected stretch is one utterance again, the person's words stand. Where the new words are cut differently,
the changed words are replaced where they are found. What fits nowhere is listed, never dropped.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

from coachdesk.history.events import Event
from coachdesk.model import Span, Utterance

SAME_PLACE = 0.7  # shared time over joint time: the same utterance, cut alike


@dataclass(frozen=True, slots=True)
class Fitted:
    """Texts to set by utterance id, and the corrections that fit nowhere."""

    texts: dict[str, str]
    unfitted: list[dict[str, Any]]


def fit(corrections: list[Event], said: tuple[Utterance, ...]) -> Fitted:
    """Lay corrections, in the order they were made, onto utterances as heard."""
    texts = {utterance.id: utterance.text for utterance in said}
    touched: set[str] = set()
    unfitted: list[dict[str, Any]] = []
    for event in corrections:
        place = _place(event.body, said)
        new = _applied(event.body, place, texts[place.id]) if place else None
        if place is None or new is None:
            unfitted.append({"event": event.id, **event.body})
        else:
            texts[place.id] = new
            touched.add(place.id)
    return Fitted({key: texts[key] for key in touched}, unfitted)


def _place(body: dict[str, Any], said: tuple[Utterance, ...]) -> Utterance | None:
    """The utterance on the same channel that shares most time with the corrected stretch."""
    span = Span(body["start_ms"], body["end_ms"])
    near = [u for u in said if u.channel == body["channel"] and u.span.overlap_ms(span) > 0]
    return max(near, key=lambda u: (u.span.overlap_ms(span), -u.start_ms), default=None)


def _applied(body: dict[str, Any], place: Utterance, text: str) -> str | None:
    """The text with the correction in it; None where it does not fit."""
    span = Span(body["start_ms"], body["end_ms"])
    shared = place.span.overlap_ms(span)
    joint = max(place.end_ms, span.end_ms) - min(place.start_ms, span.start_ms)
    if shared >= SAME_PLACE * joint:
        return str(body["new"])
    return _replaced(body["old"].split(), body["new"].split(), text)


def _replaced(old: list[str], new: list[str], text: str) -> str | None:
    """The changed words replaced in a text that is cut differently; unchanged where the new words stand already.

    None where a change fits nowhere. Case and punctuation do not make a difference between words.
    """
    matcher = difflib.SequenceMatcher(None, _plain(old), _plain(new), autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        before, after = " ".join(old[a:b]), " ".join(new[c:d])
        found = _find(before, text) if before else None
        if found:
            text = _put(after, text, found)
        elif after and not _find(after, text):
            return None
    return text


def _put(after: str, text: str, place: re.Match[str]) -> str:
    """The words in their new place, with the punctuation that stands there already."""
    rest = text[place.end() :]
    return text[: place.start()] + (after.rstrip(".,?!") if rest[:1] in ".,?!" and rest else after) + rest


def _plain(words: list[str]) -> list[str]:
    return [word.strip(".,?!").lower() for word in words]


def _find(words: str, text: str) -> re.Match[str] | None:
    plain = [re.escape(word) for word in _plain(words.split())]
    return re.search(r"(?<!\w)" + r"\W+".join(plain) + r"(?!\w)", text, re.IGNORECASE) if all(plain) else None
