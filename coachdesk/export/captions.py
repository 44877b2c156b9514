"""Captions: SubRip and WebVTT, one cue per utterance, readable by players and again by CoachDesk.

Holds words and times only: no numbers, no advice.
"""

from __future__ import annotations

import re

from coachdesk.export.reading import Document, said

_ARROW = re.compile(r"-{2,}>")  # "-->" would be read as times, "--->" would leave one behind
_TAG_START = re.compile(r"<(?=[A-Za-z/])")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def srt(document: Document) -> str:
    """SubRip with "Name: words". It cannot escape, so what would read as a tag gets another bracket."""
    blocks = []
    for number, (utterance, name, words) in enumerate(_in_order(document), start=1):
        times = f"{_time(utterance['start_ms'], ',')} --> {_time(utterance['end_ms'], ',')}"
        spoken = _TAG_START.sub("‹", _ARROW.sub("->", f"{name}: {words}"))
        blocks.append(f"{number}\n{times}\n{spoken}\n")
    return "\n".join(blocks)


def vtt(document: Document) -> str:
    """WebVTT with a voice tag for the speaker."""
    language = str((document.get("transcript") or {}).get("language") or "")
    blocks = ["WEBVTT\n" + (f"Language: {language}\n" if _LANGUAGE.fullmatch(language) else "")]
    for utterance, name, words in _in_order(document):
        times = f"{_time(utterance['start_ms'], '.')} --> {_time(utterance['end_ms'], '.')}"
        blocks.append(f"{times}\n<v {_escaped(name)}>{_escaped(words)}\n")
    return "\n".join(blocks)


def _in_order(document: Document) -> list[tuple[Document, str, str]]:
    """By start: WebVTT demands it."""
    return sorted(said(document), key=lambda line: int(line[0]["start_ms"]))


def _time(ms: int, mark: str) -> str:
    seconds = ms // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{ms % 1000:03}"


def _escaped(text: str) -> str:
    return _ARROW.sub("->", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
