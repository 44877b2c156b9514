"""Utterances that nobody said: loops, lines of subtitles, lone words an engine made of a breath, words where nobody speaks.

They are marked, never taken out: a suspect utterance is shown greyed and is in no number. What a run of the voice
detector does not carry at all is kept out earlier, where words get their speakers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from coachdesk.conversation.text import words_of
from coachdesk.model import Utterance
from coachdesk.spans import Span, merge_spans, shared_spans, total_ms

LONE_WORDS, LONE_CONFIDENCE = 2, 0.25  # seen: invented "You" and "Okay," 0.13 to 0.19; said ones from 0.28 up
LONE_MS = 4_000  # nobody takes so long for so few words: hold music, breathing
SAME_WORD = 6  # in a row; people say "no" four or five times
SAME_STRETCH, LONGEST_STRETCH = 4, 8  # times, words: the rule by which clips are taken for loops
SAME_LINE, SAME_LINE_WORDS = 4, 3  # the same line of so many words so often in a row
FITS, OFF_BY_MS = 0.8, 1_000  # words that fit the sound so well are not off by more than this
_SUBTITLES = (
    "thanks for watching",
    "thank you for watching",
    "thank you so much for watching",
    "please subscribe",
    "please subscribe to my channel",
    "like and subscribe",
    "don't forget to subscribe",
    "see you in the next video",
    "i'll see you in the next video",
    "subtitles by the amara org community",
    "transcription by castingwords",
)  # what Whisper learnt from subtitles and says into noise (openai/whisper discussion 679)


def marked(said: Sequence[Utterance], spoken: Sequence[Span] = (), *, confident: bool) -> list[Utterance]:
    """The utterances, those that nobody said marked suspect.

    `confident`: their confidences are an engine's. `spoken`: when anybody speaks, for words that were brought along.
    """
    repeated = _repeated(said)
    silent = _where_nobody_speaks(said, spoken) if spoken else set()
    return [
        replace(u, suspect=True)
        if n in repeated or n in silent or _loops(words_of(u.text)) or _of_subtitles(u) or (confident and _lone(u))
        else u
        for n, u in enumerate(said)
    ]


def _lone(said: Utterance) -> bool:
    """A word or two of which the engine is not sure at all, or which last as long as a sentence."""
    few = 0 < len(said.text.split()) <= LONE_WORDS
    return few and (said.confidence < LONE_CONFIDENCE or said.span.duration_ms >= LONE_MS)


def _of_subtitles(said: Utterance) -> bool:
    return " ".join(words_of(said.text)) in _SUBTITLES


def _loops(words: list[str]) -> bool:
    """Whether a word, or a stretch of words, stands again and again in a row."""
    return any(
        _in_a_row(words, length) >= (SAME_WORD if length == 1 else SAME_STRETCH)
        for length in range(1, min(LONGEST_STRETCH, len(words) // SAME_STRETCH) + 1)
    )


def _in_a_row(words: list[str], length: int) -> int:
    """How often a stretch of this many words stands in a row, at most."""
    most = same = 0
    for n in range(length, len(words)):
        same = same + 1 if words[n] == words[n - length] else 0
        most = max(most, same)
    return 1 + most // length


def _repeated(said: Sequence[Utterance]) -> set[int]:
    """Lines a speaker says again and again, nothing else of theirs in between."""
    found: set[int] = set()
    row: dict[str, list[int]] = {}
    for n, u in enumerate(said):
        before = row.get(u.speaker, [])
        words = words_of(u.text)
        alike = bool(before) and words == words_of(said[before[0]].text) and len(words) >= SAME_LINE_WORDS
        row[u.speaker] = [*before, n] if alike else [n]
        if len(row[u.speaker]) >= SAME_LINE:
            found.update(row[u.speaker])
    return found


def _where_nobody_speaks(said: Sequence[Utterance], spoken: Sequence[Span]) -> set[int]:
    """Lines far from anybody's speech, where the others fit it: words of another recording are not judged line by line."""
    runs = merge_spans(list(spoken))
    shares = [total_ms(shared_spans([u.span], _near(u.span, runs))) for u in said]
    length = sum(u.span.duration_ms for u in said)
    if not length or sum(shares) < FITS * length:
        return set()
    return {n for n, u in enumerate(said) if not _near(_widened(u.span), runs)}


def _widened(span: Span) -> Span:
    return Span(max(0, span.start_ms - OFF_BY_MS), span.end_ms + OFF_BY_MS)


def _near(span: Span, runs: list[Span]) -> list[Span]:
    first = max(0, bisect_left(runs, Span(span.start_ms, span.start_ms)) - 1)
    last = bisect_left(runs, Span(span.end_ms, span.end_ms))
    return [run for run in runs[first:last] if run.overlap_ms(span) > 0]
