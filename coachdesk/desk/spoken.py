"""What a person set right about the words hangs on time, and is laid onto whichever words are current, act by act.

Who says them, where one speaker ends, which two labels are one person, other words: in the order it was said, for a later
act may be about what an earlier one made. What fits nowhere is listed, never dropped. Nothing is stored here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coachdesk.desk.corrections import applied, place, plain
from coachdesk.history.events import Event
from coachdesk.model import Utterance
from coachdesk.spans import Span, merge_spans

ACTS = ("correct", "spoken", "speaker", "split", "merge")
MOSTLY = 0.5  # an utterance cut differently goes with the stretch that holds this much of it
_CRUMB_MS = 300  # what is left of a voice beside a stretch goes with it: borders are good to a quarter of a second
_NEAR_WORDS = 6  # how far from its time the word a sentence was cut at is looked for

Labelled = list[tuple[Span, str]]
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """An utterance or a part of one as it is shown, with its words as heard."""

    said: Utterance
    heard: str


@dataclass(frozen=True, slots=True)
class Laid:
    pieces: list[Piece]
    unfitted: list[Body]


def lay(acts: Sequence[Event], said: Sequence[Utterance], known: frozenset[str]) -> Laid:
    """Lay acts onto utterances as heard (with their words). `known`: the labels there are."""
    pieces = [Piece(utterance, utterance.text) for utterance in said]
    unfitted: list[Body] = []
    for event in acts:
        fits = event.body.get("speaker") in {None, "", *known} or event.kind == "merge"
        if not fits or not _LAYING[event.kind](event.body, pieces):
            unfitted.append(_unfitted(event))
    return Laid(pieces, unfitted)


def _unfitted(event: Event) -> Body:
    """An act as it is listed: what stood there, and what the person wanted there instead."""
    wanted = event.body.get("name") or event.body.get("speaker", "")
    return {"event": event.id, "old": event.body.get("text", ""), "new": wanted, **event.body}


# --- other words


def _correct(body: Body, pieces: list[Piece]) -> bool:
    found = place(body, [piece.said for piece in pieces])
    text = applied(body, found, found.text) if found else None
    if found is None or text is None:
        return False
    at = next(n for n, piece in enumerate(pieces) if piece.said is found)
    pieces[at] = replace(pieces[at], said=replace(found, text=text, corrected=True))
    return True


# --- another speaker


def _spoken(body: Body, pieces: list[Piece]) -> bool:
    """The utterances that are meant: by id where they are the same, else those that lie mostly in the stretches."""
    by_id = {span["utterance"]: span for span in body["spans"]}
    same = {n for n, piece in enumerate(pieces) if _is_same(piece.said, by_id.get(piece.said.id))}
    done = {pieces[n].said.id for n in same}
    rest = [span for span in body["spans"] if span["utterance"] not in done]
    for channel in {span["channel"] for span in rest}:
        spans = merge_spans([Span(s["start_ms"], s["end_ms"]) for s in rest if s["channel"] == channel])
        same |= {n for n, piece in enumerate(pieces) if piece.said.channel == channel and _lies_in(piece.said, spans)}
    for n in same:
        pieces[n] = replace(pieces[n], said=replace(pieces[n].said, speaker=body["speaker"]))
    return bool(same) or not body["spans"]


def _is_same(said: Utterance, span: Body | None) -> bool:
    if span is None:
        return False
    joint = max(said.end_ms, span["end_ms"]) - min(said.start_ms, span["start_ms"])
    shared: int = said.span.overlap_ms(Span(span["start_ms"], span["end_ms"]))
    return bool(shared >= MOSTLY * joint)


def _lies_in(said: Utterance, spans: list[Span]) -> bool:
    return sum(said.span.overlap_ms(span) for span in spans) > MOSTLY * max(1, said.span.duration_ms)


def _merge(body: Body, pieces: list[Piece]) -> bool:
    for n, piece in enumerate(pieces):
        if piece.said.speaker == body["speaker"]:
            pieces[n] = replace(piece, said=replace(piece.said, speaker=body["into"]))
    return True


# --- where one ends and another begins


def _split(body: Body, pieces: list[Piece]) -> bool:
    at_ms = body["at_ms"]
    inside = [n for n, p in enumerate(pieces) if p.said.channel == body["channel"] and _holds(p.said.span, at_ms)]
    at = next((n for n in inside if pieces[n].said.id == body["utterance"]), inside[0] if inside else None)
    if at is None or (word := _word_at(pieces[at].said, body)) is None:
        return False
    first, second = _cut(pieces[at], word, at_ms)
    said = replace(second.said, speaker=body["speaker"] or first.said.speaker)
    pieces[at : at + 1] = [first, replace(second, said=said)]
    return True


def _holds(span: Span, at_ms: int) -> bool:
    return span.start_ms < at_ms < span.end_ms


def _word_at(said: Utterance, body: Body) -> int | None:
    """The word a part begins with: the one that was pointed at, near its time; None where no two parts come of it."""
    shown = plain(said.text.split())
    if len(shown) < 2:
        return None
    near = min(range(1, len(shown)), key=lambda n: abs(word_ms(said, n) - body["at_ms"]))
    wanted = plain(body["rest"].split())
    alike = [n for n in range(1, len(shown)) if abs(n - near) <= _NEAR_WORDS and shown[n] == wanted[0]]
    whole = [n for n in alike if shown[n:] == wanted]
    return min(whole or alike, key=lambda n: abs(n - near), default=near)


def word_ms(said: Utterance, word: int) -> int:
    """When a word of the shown text begins: as heard where they are the same words, else by its share of the letters."""
    shown = said.text.split()
    if len(said.words) == len(shown):
        at_ms = said.words[word].start_ms
    else:
        before = len(" ".join(shown[:word])) / max(1, len(said.text))
        at_ms = said.start_ms + round(said.span.duration_ms * before)
    return min(max(at_ms, said.start_ms + 1), said.end_ms - 1)


def _cut(piece: Piece, word: int, at_ms: int) -> tuple[Piece, Piece]:
    """Both parts of a piece; each keeps its words as heard, the first its id."""
    said, shown, heard = piece.said, piece.said.text.split(), piece.heard.split()
    by_word = len(said.words) == len(shown)
    cut = word if by_word else sum(w.start_ms < at_ms for w in said.words)
    left = word if len(heard) == len(shown) else cut if len(heard) == len(said.words) else 0
    left = left or round(len(heard) * word / len(shown))
    end_ms = min(at_ms, max((w.end_ms for w in said.words[:cut]), default=at_ms))
    first = replace(
        said, end_ms=max(end_ms, said.start_ms + 1), text=" ".join(shown[:word]), words=tuple(said.words[:cut])
    )
    second = replace(
        said,
        id=hashlib.sha256(f"{said.id}/{at_ms}".encode()).hexdigest()[:16],
        start_ms=at_ms,
        text=" ".join(shown[word:]),
        words=tuple(said.words[cut:]),
    )
    return Piece(first, " ".join(heard[:left])), Piece(second, " ".join(heard[left:]))


_LAYING: dict[str, Callable[[Body, list[Piece]], bool]] = {
    "correct": _correct,
    "spoken": _spoken,
    "speaker": _spoken,
    "split": _split,
    "merge": _merge,
}

# --- the voices of a mixed channel


def relabelled(spans: Labelled, acts: Sequence[Event]) -> Labelled:
    """Voices heard on a mixed channel, in ms of the call, with what the person said about who speaks then."""
    for event in acts:
        body = event.body
        if event.kind == "merge":
            spans = [(span, body["into"] if label == body["speaker"] else label) for span, label in spans]
        elif event.kind == "split" and body["speaker"]:
            spans = _given([Span(body["at_ms"], body["end_ms"])], body["speaker"], spans)
        elif event.kind in ("spoken", "speaker"):
            stretches = [Span(s["start_ms"], max(s["end_ms"], s["start_ms"] + 1)) for s in body["spans"]]
            spans = _given(merge_spans(stretches), body["speaker"], spans)
    return sorted(spans)


def _given(stretches: list[Span], label: str, spans: Labelled) -> Labelled:
    """Whoever is active within the stretches is this speaker."""
    for stretch in stretches:
        spans = [part for span, was in spans for part in _parts(span, was, stretch, label)]
    return spans


def _parts(span: Span, was: str, stretch: Span, label: str) -> Labelled:
    if was == label or not span.overlap_ms(stretch):
        return [(span, was)]
    start, end = max(span.start_ms, stretch.start_ms), min(span.end_ms, stretch.end_ms)
    if start - span.start_ms < _CRUMB_MS:
        start = span.start_ms
    if span.end_ms - end < _CRUMB_MS:
        end = span.end_ms
    parts = [(span.start_ms, start, was), (start, end, label), (end, span.end_ms, was)]
    return [(Span(begin, stop), who) for begin, stop, who in parts if stop > begin]
