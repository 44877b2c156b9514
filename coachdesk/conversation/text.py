"""What a text says by itself: sentences, questions, wording, patterns. Cached by text, since it never changes.

Places inside the text are kept as offsets, so that a cache holds no words of a call.
"""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

import msgspec

from coachdesk.conversation import questions, sentiment
from coachdesk.conversation.lexicon import Lexicon

VERSION = "6"
_SENTENCE = re.compile(r"\S.*?(?:[.?!…]+[\"'”’)\]]*(?=\s|$)|$)", re.DOTALL)  # the point in "3.5" ends nothing
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|inc|ltd|approx)\.$", re.IGNORECASE)
SHORT_WORDS = 3


class SentenceFacts(msgspec.Struct, array_like=True, frozen=True):
    """A sentence as [start, end) of its text. `asks`: it wants an answer, were it "Why?"; `counts`: as a question, too."""

    start: int
    end: int
    words: int
    asks: bool
    open: bool
    valence: float
    rule: str

    @property
    def counts(self) -> bool:
        return self.asks and self.words >= questions.COUNTED_WORDS


class TextFacts(msgspec.Struct, array_like=True, frozen=True):
    """Facts of one utterance's text. `patterns` maps a name to the offsets of its first hit."""

    words: int
    short: bool
    fillers: int
    sentences: list[SentenceFacts]
    patterns: dict[str, tuple[int, int]]
    cues: dict[str, int]
    protected: dict[str, str]

    @property
    def asks(self) -> bool:
        return any(sentence.counts for sentence in self.sentences)

    @property
    def ends_asking(self) -> bool:
        return bool(self.sentences) and self.sentences[-1].asks


NO_FACTS = TextFacts(0, False, 0, [], {}, {}, {})
_decode = msgspec.msgpack.Decoder(TextFacts).decode
_encode = msgspec.msgpack.Encoder().encode


def straight(text: str) -> str:
    """The text with the straight apostrophes the tables are written in; every character keeps its place."""
    return text.replace("’", "'")


def words_of(text: str) -> list[str]:
    """The words of a text, lower case."""
    return [word.lower() for word in _WORD.findall(straight(text))]


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of a text."""
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text):
        start, end = match.start(), match.start() + len(match.group().rstrip())
        if spans and (_ABBREVIATION.search(text[spans[-1][0] : spans[-1][1]]) or not _WORD.search(match.group())):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [span for span in spans if _WORD.search(text[span[0] : span[1]])]


def sentences_in(text: str, table: Lexicon) -> list[tuple[int, int]]:
    """Offsets of the sentences of a text; talk without punctuation is cut where it goes on with a question."""
    found: list[tuple[int, int]] = []
    for start, end in sentences_of(text):
        cuts = [start, *(start + at for at in questions.run_on(text[start:end], table)), end]
        found += [(a, a + len(text[a:b].rstrip())) for a, b in pairwise(cuts)]
    return found


def facts_of(text: str, table: Lexicon) -> TextFacts:
    """Everything a text says by itself."""
    text = straight(text)
    words = words_of(text)
    short = is_short(words, table)
    sentences = [_sentence(text, start, end, table) for start, end in sentences_in(text, table)]
    return TextFacts(
        words=len(words),
        short=short,
        fillers=fillers_in(text, table),
        sentences=sentences,
        patterns={name: hit.span() for name, pattern in table.patterns.items() if (hit := pattern.search(text))},
        cues={name: n for name, cue in table.cues.items() if (n := sum(1 for _ in cue.finditer(text)))},
        protected=_protected(text, sentences, table),
    )


def fillers_in(text: str, table: Lexicon) -> int:
    """How many filled pauses a text holds; the "uh" of "uh-huh" is none."""
    return sum(word in table.filled_pauses for word in words_of(table.not_filled.sub(" ", text)))


def is_short(words: list[str], table: Lexicon) -> bool:
    """Whether the words are a short response: at most three, all from the list (which holds phrases, too)."""
    return 0 < len(words) <= SHORT_WORDS and _all_listed(words, table.short_responses)


def acknowledges(words: list[str], table: Lexicon) -> bool:
    """Whether the words only say "I hear you", or yes or no."""
    return 0 < len(words) <= SHORT_WORDS and _all_listed(words, table.acknowledgements)


def _all_listed(words: list[str], listed: frozenset[str]) -> bool:
    """Whether words can be read as entries of the list one after the other: "okay, got it"."""
    ends = range(1, len(words) + 1)
    return not words or any(" ".join(words[:end]) in listed and _all_listed(words[end:], listed) for end in ends)


def _sentence(text: str, start: int, end: int, table: Lexicon) -> SentenceFacts:
    sentence = text[start:end]
    words = words_of(sentence)
    asks = questions.asks(sentence, table)
    value, rule = sentiment.valence(sentence, table, question=asks, acknowledges=acknowledges(words, table))
    return SentenceFacts(start, end, len(words), asks, asks and questions.is_open(sentence, table), value, rule)


def _protected(text: str, sentences: list[SentenceFacts], table: Lexicon) -> dict[str, str]:
    """Topics a question may touch: "clear" by phrase, "possible" by word; what is lawful to ask is exempt."""
    found: dict[str, str] = {}
    for known in sentences:
        sentence = text[known.start : known.end]
        if table.protected_exempt.search(sentence):
            continue
        for topic, pattern in table.protected_clear.items():
            if pattern.search(sentence):
                found[topic] = "clear"
        asked = known.asks and table.you.search(sentence)
        for topic, pattern in table.protected_possible.items():
            if asked and topic not in found and pattern.search(sentence):
                found[topic] = "possible"
    return found


def facts_by_text(
    texts: list[str], table: Lexicon, cached: dict[str, bytes]
) -> tuple[list[TextFacts], dict[str, bytes]]:
    """Facts of all texts, from the cache where it has them, and what the cache does not have yet."""
    made: dict[str, bytes] = {}
    known: dict[str, TextFacts] = {}
    for text in texts:
        key = cache_key(text, table.language)
        if key in known:
            continue
        if key in cached:
            known[key] = _decode(cached[key])
        else:
            known[key] = facts_of(text, table)
            made[key] = _encode(known[key])
    return [known[cache_key(text, table.language)] for text in texts], made


def cache_key(text: str, language: str) -> str:
    return hashlib.sha256(f"{VERSION}\0{language}\0{text}".encode()).hexdigest()[:24]
