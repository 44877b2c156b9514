"""Other words for a stretch of a call, put into whichever words stand there now.

Where the corrected stretch is one utterance again, the person's words stand. Where the new words are cut differently,
the changed words are replaced where they are found. `spoken` lays these and all other acts about the words, in order.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any

from coachdesk.model import Utterance
from coachdesk.spans import Span

SAME_PLACE = 0.7  # shared time over joint time: the same utterance, cut alike


def place(body: dict[str, Any], said: Sequence[Utterance]) -> Utterance | None:
    """The utterance on the same channel that shares most time with the corrected stretch."""
    span = Span(body["start_ms"], body["end_ms"])
    near = [u for u in said if u.channel == body["channel"] and u.span.overlap_ms(span) > 0]
    return max(near, key=lambda u: (u.span.overlap_ms(span), -u.start_ms), default=None)


def applied(body: dict[str, Any], where: Utterance, text: str) -> str | None:
    """The text with the correction in it; None where it does not fit.

    A part of an utterance (`part`) that is whole again is not the same place, however much of it the part was.
    """
    span = Span(body["start_ms"], body["end_ms"])
    shared = where.span.overlap_ms(span)
    joint = max(where.end_ms, span.end_ms) - min(where.start_ms, span.start_ms)
    if where.span == span or (shared >= SAME_PLACE * joint and not body.get("part")):
        return str(body["new"])
    return _replaced(body["old"].split(), body["new"].split(), text)


def _replaced(old: list[str], new: list[str], text: str) -> str | None:
    """The changed words replaced in a text that is cut differently; unchanged where the new words stand already.

    None where a change fits nowhere. Case and punctuation do not make a difference between words.
    """
    matcher = difflib.SequenceMatcher(None, plain(old), plain(new), autojunk=False)
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


def plain(words: list[str]) -> list[str]:
    """Words without what does not make a difference between them: case and punctuation."""
    return [word.strip(".,?!").lower() for word in words]


def _find(words: str, text: str) -> re.Match[str] | None:
    each = [re.escape(word) for word in plain(words.split())]
    return re.search(r"(?<!\w)" + r"\W+".join(each) + r"(?!\w)", text, re.IGNORECASE) if all(each) else None
