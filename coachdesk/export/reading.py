"""Reading the review document (`coachdesk.review/1`, a plain dict): names, words on one line, numbers as read.

Every format reads through here, so that all say the same. Missing parts read as empty; nothing is computed anew.
"""

from __future__ import annotations

import re
from gettext import gettext as _
from typing import Any

Document = dict[str, Any]

_SIDES = {"call": "", "side:rep": _("own side"), "side:other": _("other side")}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")  # the others are spaces
_LEAST_CLOCK_MS = 10_000  # shorter times would read 0:00


def one_line(text: object) -> str:
    """Somebody's words without line ends and control characters, which would break any format."""
    return " ".join(_CONTROL.sub("", str(text or "")).split())


def clock(ms: float) -> str:
    """Milliseconds as m:ss, also beyond an hour ("75:03")."""
    return f"{int(ms) // 60_000}:{int(ms) // 1000 % 60:02}"


def utterances(document: Document) -> list[Document]:
    """The utterances of the transcript, as they are; none where there are no words."""
    return list((document.get("transcript") or {}).get("utterances") or ())


def names(document: Document) -> dict[str, str]:
    """Speaker label -> name, the label itself where there is no name."""
    known = {str(one.get("label")): one for one in document.get("speakers") or ()}
    labels = [*known, *(str(utterance.get("speaker")) for utterance in utterances(document))]
    return {label: one_line(known.get(label, {}).get("name")) or one_line(label) for label in labels}


def roles(document: Document) -> dict[str, str]:
    """Speaker label -> "rep", "other" or "unknown"."""
    return {str(one.get("label")): str(one.get("role", "unknown")) for one in document.get("speakers") or ()}


def said(document: Document) -> list[tuple[Document, str, str]]:
    """(utterance, name, words) of every utterance that has words."""
    known = names(document)
    lines = [(one, known[str(one.get("speaker"))], one_line(one.get("text"))) for one in utterances(document)]
    return [line for line in lines if line[2]]


def numbers(document: Document) -> list[tuple[str, str, str]]:
    """(metric, of whom, value) of every measurement, as text; a withheld one gives its code."""
    labels = (document.get("labels") or {}).get("metrics") or {}
    known = names(document)
    rows = []
    for one in document.get("measurements") or ():
        name = (labels.get(one.get("metric")) or {}).get("name") or one.get("metric")
        subject = str(one.get("subject", "call"))
        whom = _SIDES.get(subject, known.get(subject.removeprefix("speaker:"), subject))
        rows.append((one_line(name), one_line(whom), value(one)))
    return rows


def value(measurement: Document) -> str:
    """1:35, 0.6 s (below ten seconds), 64 %, 12.5 per min, or the code of why there is none."""
    number, unit = measurement.get("value"), str(measurement.get("unit") or "")
    if not isinstance(number, int | float):
        return one_line((measurement.get("withheld") or {}).get("code"))
    if unit == "ratio":
        return f"{number * 100:.0f} %"
    if unit == "ms":
        return clock(number) if number >= _LEAST_CLOCK_MS else f"{number / 1000:.1f} s"
    plain = f"{number:.2f}".rstrip("0").rstrip(".")
    return plain if unit in ("", "count") else f"{plain} {one_line(unit).replace('_', ' ')}"


def sayings(suggestion: Document) -> list[str]:
    """What one could say instead: none, one or several sentences."""
    words = suggestion.get("try_saying") or ()
    return [one_line(words)] if isinstance(words, str) else [one_line(line) for line in words]
