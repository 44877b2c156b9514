"""Cues: WebVTT and SubRip -> who said what, when.

Speakers come from voice tags or, where there are none, from "Name: words". Styles, positions and notes are left out.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from coachdesk.speech.imported_lines import CLOCK, ImportedTranscript, Line, clean, clock_ms, finished
from coachdesk.speech.imported_text import labelled, names_among

_TIMING = re.compile(rf"^[ \t]*({CLOCK})[ \t]*-->[ \t]*({CLOCK})", re.MULTILINE)
_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)\s*$", re.MULTILINE)
_NO_CUE = re.compile(r"NOTE(?:\s|$)|(?:STYLE|REGION)\s*$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s+([^<>]*))?>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[0-9:.]*>|</>|\{\\an?[0-9]{1,2}\}")


def has_cues(text: str) -> bool:
    """True where a line holds the times of a cue."""
    return _TIMING.search(text) is not None


def from_vtt(text: str) -> ImportedTranscript:
    """WebVTT, with the language its header may name."""
    found = _LANGUAGE.search(text.split("\n\n")[0])
    return finished(_cue_lines(text, vtt=True), joining=True, language=found[1] if found else "")


def from_srt(text: str) -> ImportedTranscript:
    """SubRip, or anything else with lines of cue times."""
    return finished(_cue_lines(text, vtt=False), joining=True)


@dataclass(frozen=True, slots=True)
class _Cue:
    start_ms: int
    end_ms: int
    lines: list[str]


def _cue_lines(text: str, vtt: bool) -> list[Line]:
    cues = _cues(text, vtt)
    if any(_VOICE.search(line) for cue in cues for line in cue.lines):
        return [line for cue in cues for line in _divided(cue, _voices("\n".join(cue.lines), vtt))]
    rows = [[_words(line, vtt) for line in cue.lines] for cue in cues]
    prefixes = [found[0] for row in rows for line in row if (found := labelled(line))]
    names = names_among(prefixes, of_lines=len(cues))
    lines: list[Line] = []
    for cue, row in zip(cues, rows, strict=True):
        before = lines[-1].speaker if lines else ""  # a label holds until the next one
        lines += _divided(cue, _prefixed(row, names, before))
    return lines


def _cues(text: str, vtt: bool) -> list[_Cue]:
    """Cues in file order. In SubRip a blank line inside the words is a slip, in WebVTT it ends the cue."""
    cues: list[_Cue] = []
    inside = comment = False
    for line in text.split("\n"):
        if not line.strip():
            inside, comment = inside and not vtt, False
        elif comment:
            continue
        elif timing := _TIMING.match(line):
            if inside and cues[-1].lines and cues[-1].lines[-1].strip().isdigit():
                cues[-1].lines.pop()  # the number of this cue
            cues.append(_Cue(clock_ms(timing[1]), clock_ms(timing[2]), []))
            inside = True
        elif inside:
            cues[-1].lines.append(line)
        else:
            comment = vtt and bool(_NO_CUE.match(line))
    return cues


def _words(text: str, vtt: bool) -> str:
    """Text of a cue without its tags; only WebVTT has entities."""
    bare = _TAG.sub("", text)
    return clean(html.unescape(bare) if vtt else bare)


def _voices(text: str, vtt: bool) -> list[tuple[str, str]]:
    """(speaker, words) of a cue with voice tags; words before the first tag have no speaker."""
    parts = _VOICE.split(text)
    pairs = zip(["", *parts[1::2]], parts[::2], strict=True)
    return [(html.unescape(name or ""), _words(words, vtt)) for name, words in pairs]


def _prefixed(row: list[str], names: frozenset[str], speaker: str) -> list[tuple[str, str]]:
    """(speaker, words) of a cue whose lines may begin with "Name:"."""
    pieces: list[tuple[str, list[str]]] = [(speaker, [])]
    for line in row:
        found = labelled(line)
        if found and found[0] in names:
            pieces.append((found[0], [found[1]]))
        else:
            pieces[-1][1].append(line)
    return [(name, " ".join(filter(None, lines))) for name, lines in pieces]


def _divided(cue: _Cue, pieces: list[tuple[str, str]]) -> list[Line]:
    """The time of a cue shared out by words among those who speak in it."""
    said = [(speaker, text) for speaker, text in pieces if text]
    total = sum(len(text.split()) for _, text in said)
    lines, before = [], 0
    for speaker, text in said:
        after = before + len(text.split())
        start, end = (cue.start_ms + (cue.end_ms - cue.start_ms) * part // total for part in (before, after))
        lines.append(Line(speaker, text, start, end))
        before = after
    return lines
