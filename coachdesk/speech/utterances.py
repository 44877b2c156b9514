"""Words of a clip -> utterances of the recording: times put in order by voice activity, invented text kept out.

Recognised word times are good to a quarter of a second, activity to a twentieth; so words are laid into the runs they
belong to, and an utterance begins and ends where the channel does.
"""

from __future__ import annotations

from dataclasses import dataclass

from coachdesk.model import Word
from coachdesk.spans import Span
from coachdesk.speech.cutter import Chunk
from coachdesk.speech.engine import Heard, HeardWord

PAUSE_MS = 700  # an utterance ends at a pause longer than this ...
SENTENCE_PAUSE_MS = 300  # ... or, at the end of a sentence, than this
LONGEST_MS = 20_000  # or, beyond this length, at the next end of a sentence
NO_SPEECH = 0.6  # Whisper's own threshold for "this window holds no speech"
DOUBTFUL_LOG_PROB = -0.7  # with NO_SPEECH: invented; a fluent invention has a good log probability (issue 621)
DOUBTFUL_WORDS = 0.4  # mean word probability below which such a clip is dropped as well
HEARD_SHARE = 0.3  # an utterance must lie in its channel's own activity by at least this share
WORDLESS_MS, WORDLESS_WORDS = 60, 4  # this many words in a row this short have no sound of their own: invented
MOST_WORDS_PER_S = 7.0  # nobody speaks faster over a whole run: such text is invented
_SENTENCE_ENDS = (".", "?", "!", "…")


@dataclass(frozen=True, slots=True)
class HeardUtterance:
    """An utterance of one chunk, in ms of the recording."""

    start_ms: int
    end_ms: int
    words: tuple[Word, ...]
    suspect: bool

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        return round(sum(word.confidence for word in self.words) / len(self.words), 4)


def utterances_of(heard: Heard) -> list[HeardUtterance]:
    """Utterances of a clip that pass the gate, in order."""
    if not heard.words or invented(heard):
        return []
    words = with_sound(heard.words)
    groups = _grouped([_place(word, heard.chunk) for word in words], heard.chunk)
    return [_utterance(group, words, heard) for group in groups]


def invented(heard: Heard) -> bool:
    """True where the engine itself doubts that anything was said, and its words are weak."""
    mean = sum(word.confidence for word in heard.words) / max(1, len(heard.words))
    return heard.no_speech > NO_SPEECH and (heard.log_prob < DOUBTFUL_LOG_PROB or mean < DOUBTFUL_WORDS)


def with_sound(words: tuple[HeardWord, ...]) -> list[HeardWord]:
    """The words without stretches that the alignment could lay on no sound: an engine repeating itself at the end."""
    kept: list[HeardWord] = []
    short: list[HeardWord] = []
    for word in words:
        if word.end_ms - word.start_ms <= WORDLESS_MS:
            short.append(word)
            continue
        kept += [] if len(short) >= WORDLESS_WORDS else short
        kept.append(word)
        short = []
    return kept if len(short) >= WORDLESS_WORDS else kept + short


@dataclass(frozen=True, slots=True)
class _Placed:
    word: HeardWord
    heard_at: Span  # where the engine put it, in the recording
    run: int  # the run it belongs to


def _place(word: HeardWord, chunk: Chunk) -> _Placed:
    """A word into the run nearest to its middle in the clip: an engine may stretch it over the pause that was left out."""
    start, middle, end = (chunk.real_ms(ms) for ms in (word.start_ms, (word.start_ms + word.end_ms) / 2, word.end_ms))
    run = min(range(len(chunk.runs)), key=lambda n: (_distance(chunk.runs[n], middle), n))
    return _Placed(word, Span(start, max(start, end)), run)


def _distance(run: Span, at_ms: int) -> int:
    return max(run.start_ms - at_ms, at_ms - run.end_ms, 0)


def _grouped(placed: list[_Placed], chunk: Chunk) -> list[list[_Placed]]:
    """Words in order of recognition, cut where the channel pauses; a run never goes back in time."""
    groups: list[list[_Placed]] = []
    latest = 0
    for entry in placed:
        entry = _Placed(entry.word, entry.heard_at, max(latest, entry.run))
        latest = entry.run
        if groups and not _ends_between(groups[-1], entry, chunk):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _ends_between(group: list[_Placed], following: _Placed, chunk: Chunk) -> bool:
    last = group[-1]
    sentence_over = last.word.text.endswith(_SENTENCE_ENDS)
    if following.run != last.run:
        pause = chunk.runs[following.run].start_ms - chunk.runs[last.run].end_ms
        return pause > (SENTENCE_PAUSE_MS if sentence_over else PAUSE_MS)
    return sentence_over and following.heard_at.end_ms - group[0].heard_at.start_ms > LONGEST_MS


def _utterance(group: list[_Placed], words: list[HeardWord], heard: Heard) -> HeardUtterance:
    runs = heard.chunk.runs[group[0].run : group[-1].run + 1]
    raw = Span(group[0].heard_at.start_ms, max(entry.heard_at.end_ms for entry in group))
    at = [index for index, word in enumerate(words) if word is group[0].word or word is group[-1].word]
    before = _place(words[at[0] - 1], heard.chunk).run if at[0] else -1
    after = _place(words[at[-1] + 1], heard.chunk).run if at[-1] + 1 < len(words) else -1
    starts_run, ends_run = before != group[0].run, after != group[-1].run
    start = runs[0].start_ms if starts_run else max(runs[0].start_ms, group[0].heard_at.start_ms)
    end = runs[-1].end_ms if ends_run else min(runs[-1].end_ms, raw.end_ms)
    end = max(end, start + 1)
    seconds = sum(run.duration_ms for run in runs) / 1000
    too_many = len(group) > 8 and len(group) / max(0.5, seconds) > MOST_WORDS_PER_S
    return HeardUtterance(start, end, _clamped(group, heard.chunk, start, end), heard.suspect or too_many)


def _clamped(group: list[_Placed], chunk: Chunk, start: int, end: int) -> tuple[Word, ...]:
    """Words inside their runs, in order and inside the utterance."""
    words, edge = [], start
    for entry in group:
        run = chunk.runs[entry.run]
        left = min(max(entry.heard_at.start_ms, run.start_ms, edge), end)
        right = min(max(min(entry.heard_at.end_ms, run.end_ms), left), end)
        words.append(Word(left, right, entry.word.text, entry.word.confidence))
        edge = left
    return tuple(words)
