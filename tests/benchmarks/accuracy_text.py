"""The text detectors against people's labels: one function a detector, each with its plain baseline.

Labels are used as people set them. Rhetorical questions (SwDA "qh") are left out of the single turns: people do not
agree on whether they ask. Session counts compare turns that ask, since that is what AnnoMI's annotators marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from coachdesk.conversation import questions, sentiment
from coachdesk.conversation.lexicon import Lexicon, lexicon
from coachdesk.conversation.text import TextFacts, facts_of, fillers_in, is_short, sentences_in, straight, words_of
from tests.benchmarks.agreement import accuracy, auc, f1, macro_f1, pearson, precision
from tests.benchmarks.labelled import Said, read, without_punctuation
from tests.benchmarks.rows import Judged, Row, Section, counted, row

F1, PRECISION, ACCURACY, PEARSON, AUC = (
    ("F1", f1), ("precision", precision), ("accuracy", accuracy), ("Pearson r", pearson), ("AUC", auc)
)  # fmt: skip
CLASSES = ("negative", "neutral", "positive")
MACRO = ("macro-F1", macro_f1(CLASSES))
SWDA_ASKS = frozenset({"qy", "qw", "qo", "qrr", "qy^d", "qw^d", "^g"})
SWDA_RHETORICAL = "qh"
SWDA_SHORT = frozenset({"b", "bk", "bh", "aa", "ny", "nn", "ba"})  # acknowledgement, agreement, yes, no, appreciation
MRDA_SHORT = frozenset({"b", "bk", "aa", "ba"})
MRDA_PROMISE = "cc"
_OPENER = re.compile(
    r"^(?:(?:so|and|but|well|um|uh|okay|yeah) )*(?:what|why|how|who|where|when|which|do|does|did|is|are|was|were|can|could"
    r"|would|will|have|has)\b"
)
_PROMISE = re.compile(r"\b(?:i'll|i will|we'll|we will|let me)\b", re.IGNORECASE)
_SHOULD = re.compile(r"\byou should\b|\byou need to\b", re.IGNORECASE)
Text = Callable[[str], str]
Targets = tuple[float | None, float | None]


def _english() -> Lexicon:
    table = lexicon("en")
    assert table is not None
    return table


TABLE = _english()
FORMS: tuple[tuple[str, Text, str, Callable[[str], bool]], ...] = (
    ("", lambda text: text, "a question mark", lambda text: "?" in text),
    (", no punctuation", without_punctuation, "a first word that asks", lambda text: bool(_OPENER.match(text))),
)


@lru_cache(maxsize=400_000)
def asked_in(text: str) -> tuple[int, int]:
    """How many sentences of a text ask, and how many of them the metric counts."""
    text = straight(text)
    sentences = [text[start:end] for start, end in sentences_in(text, TABLE)]
    asking = [len(words_of(sentence)) for sentence in sentences if questions.asks(sentence, TABLE)]
    return len(asking), sum(words >= questions.COUNTED_WORDS for words in asking)


def asks(text: str) -> bool:
    return asked_in(text)[0] > 0


@lru_cache(maxsize=100_000)
def facts(text: str) -> TextFacts:
    return facts_of(text, TABLE)


# --- questions


def single_turns(said: list[Said], corpus: str, asked: Callable[[Said], bool], targets: Targets) -> list[Row]:
    return [
        row(
            f"question{name}",
            corpus,
            F1,
            [Judged(s.dialogue, asked(s), plain(form(s.text)), asks(form(s.text))) for s in said],
            plain_is,
            target,
        )
        for (name, form, plain_is, plain), target in zip(FORMS, targets, strict=True)
    ]


def per_session(
    said: list[Said],
    corpus: str,
    asked: Callable[[Said], bool],
    by: Callable[[Said], str],
    targets: Targets,
) -> list[Row]:
    """Turns that ask, as people marked them; and the number the metric shows, which counts sentences."""
    found = []
    for (name, form, plain_is, plain), target in zip(FORMS, targets, strict=True):
        judged = ((by(s), Judged(s.dialogue, asked(s), plain(form(s.text)), asks(form(s.text)))) for s in said)
        found.append(row(f"turns that ask{name}", corpus, PEARSON, counted(judged), plain_is, target))
        shown = (
            (by(s), Judged(s.dialogue, asked(s), form(s.text).count("?"), asked_in(form(s.text))[1])) for s in said
        )
        found.append(row(f"question metric{name}", corpus, PEARSON, counted(shown), "question marks"))
    return found


def open_or_closed(said: list[Said], corpus: str) -> list[Row]:
    asking = [s for s in said if s.labels.get("question") and s.labels.get("q_sub") in ("open", "closed")]
    kinds = [s.labels["q_sub"] for s in asking]
    usual = max(("open", "closed"), key=kinds.count)
    return [
        row(
            f"open or closed{name}",
            corpus,
            ACCURACY,
            [Judged(s.dialogue, s.labels["q_sub"], usual, _kind(form(s.text))) for s in asking],
            "the commoner kind",
            target,
        )
        for (name, form, *_), target in zip(FORMS, (0.75, None), strict=True)
    ]


def _kind(text: str) -> str:
    """The kind of a turn: open where one of its questions is; a turn in which we find none is judged whole."""
    text = straight(text)
    sentences = [text[start:end] for start, end in sentences_in(text, TABLE)]
    asking = [sentence for sentence in sentences if questions.asks(sentence, TABLE)] or [text]
    return "open" if any(questions.is_open(sentence, TABLE) for sentence in asking) else "closed"


# --- short responses, fillers, recaps, advice, promises


def short_responses(said: list[Said], corpus: str, tags: Callable[[Said], bool], target: float | None) -> Row:
    judged = (
        Judged(s.dialogue, tags(s), 0 < len(words) <= 3, is_short(words, TABLE))
        for s in said
        if (words := words_of(s.text))
    )
    return row("short response", corpus, F1, judged, "three words at most", target)


def fillers(said: list[Said], corpus: str) -> Row:
    """People wrote uh and um down as they heard them: their count by speaker against ours."""
    pairs = (
        (
            f"{s.dialogue} {s.speaker}",
            Judged(s.dialogue, _heard(s.text), len(s.text.split()), fillers_in(straight(s.text), TABLE)),
        )
        for s in said
    )
    return row("filled pauses counted", corpus, PEARSON, counted(pairs), "all words")


def _heard(text: str) -> int:
    return sum(word.strip(".,?!-") in ("uh", "um") for word in text.lower().split())


def recaps(said: list[Said], corpus: str) -> list[Row]:
    judged = [
        Judged(
            s.dialogue,
            bool(s.labels.get("reflection")),
            "?" not in s.text and "you" in words_of(s.text),
            "recap" in facts(s.text).patterns,
        )
        for s in said
        if "reflection" in s.labels
    ]
    return [row("recap", corpus, how, judged, "says you, no question mark") for how in (PRECISION, F1)]


def advice(said: list[Said], corpus: str) -> list[Row]:
    judged = [
        Judged(
            s.dialogue,
            s.labels.get("input_sub") == "advice",
            bool(_SHOULD.search(straight(s.text))),
            bool(facts(s.text).cues.get("advice")),
        )
        for s in said
        if "input" in s.labels
    ]
    return [row("advice", corpus, F1, judged, "you should, you need to"), _advice_and_quality(said, corpus)]


def _advice_and_quality(said: list[Said], corpus: str) -> Row:
    """How well the share of advising turns tells the sessions experts rated poor; plain: words per turn."""
    sessions: dict[str, list[Said]] = {}
    for s in said:
        sessions.setdefault(s.dialogue, []).append(s)
    judged = [
        Judged(
            name,
            turns[0].labels.get("quality") == "low",
            sum(len(words_of(s.text)) for s in turns) / len(turns),
            sum(bool(facts(s.text).cues.get("advice")) for s in turns) / len(turns),
        )
        for name, turns in sessions.items()
    ]
    return row("advice rate, poor sessions", corpus, AUC, judged, "words per turn")


def promises(said: list[Said], corpus: str) -> list[Row]:
    """Single lines that promise to do something, the weak half of a next step: no corpus labels next steps of calls."""
    judged = [
        Judged(
            s.dialogue,
            MRDA_PROMISE in _tags(s),
            bool(_PROMISE.search(straight(s.text))),
            bool(TABLE.cues["commitment"].search(straight(s.text))),
        )
        for s in said
    ]
    return [row("promise, single line", corpus, how, judged, "I'll, we'll, let me") for how in (PRECISION, F1)]


def _tags(s: Said) -> set[str]:
    return set(re.split(r"[\^.|:]", s.labels.get("da", "")))


# --- wording


def _class(value: float, low: float, high: float) -> str:
    return "negative" if value <= low else "positive" if value >= high else "neutral"


def valence(text: str) -> float:
    """What the coach says of an utterance: its strongest sentence."""
    return max((sentence.valence for sentence in facts(text).sentences), key=abs, default=0.0)


def wording(said: list[Said], corpus: str) -> tuple[Row, list[Judged]]:
    vader = SentimentIntensityAnalyzer()
    judged = [
        Judged(
            s.dialogue,
            s.labels["sent"],
            _class(vader.polarity_scores(s.text)["compound"], -0.05, 0.05),
            _class(valence(s.text), sentiment.NEGATIVE, sentiment.POSITIVE),
        )
        for s in said
    ]
    return row("wording", corpus, MACRO, judged, "VADER, +-0.05"), judged


def strong_moments(said: list[Said], corpus: str) -> Iterator[Row]:
    """How often a moment the coach would list is one by people's label, beside the share such lines have anyway."""
    for name, sign in (("negative", -1), ("positive", 1)):
        judged = [
            Judged(s.dialogue, s.labels["sent"] == name, True, sign * valence(s.text) >= sentiment.STRONG) for s in said
        ]
        yield row(f"wording, strongly {name}", corpus, PRECISION, judged, "any line")


def _mean(rows: list[Row]) -> Row:
    plain, ours = (
        sum(value or 0.0 for value in values) / len(rows)
        for values in zip(*((r.plain, r.ours) for r in rows), strict=True)
    )
    halves = tuple(sum(r.halves[half] or 0.0 for r in rows) / len(rows) for half in (0, 1))
    n = sum(r.n for r in rows)
    return Row(
        "wording, mean", f"{len(rows)} corpora", "macro-F1", n, plain, ours, plain + 0.05, "VADER, +-0.05", halves
    )


# --- the section


def measure(data: Path | None) -> Section:
    """All detectors on all corpora that are there."""
    section = Section("English text detectors against people's labels")
    for name, judge in (("annomi", _annomi), ("swda", _swda), ("mrda", _mrda)):
        said = _there(section, data, name)
        if said:
            section.rows += judge(said)
    wordings = []
    for name in ("meld", "emorynlp", "p4g"):
        labelled = [s for s in _there(section, data, name) if s.labels.get("sent") in CLASSES]
        if labelled:
            found, _ = wording(labelled, name)
            wordings.append(found)
            section.rows += [found, *strong_moments(labelled, name)]
    if wordings:
        section.rows.append(_mean(wordings))
    return section


def _there(section: Section, data: Path | None, name: str) -> list[Said]:
    said = read(data, name) if data else []
    if not said:
        section.missing.append(f"text/{name}: no utterances there" if data else f"text/{name}: no --data")
    return said


def _annomi(said: list[Said]) -> Iterable[Row]:
    host = [s for s in said if s.role == "host"]
    asked = lambda s: bool(s.labels.get("question"))  # noqa: E731
    yield from single_turns(host, "annomi", asked, (None, None))
    yield from per_session(host, "annomi, by session", asked, lambda s: s.dialogue, (0.95, 0.94))
    yield from open_or_closed(host, "annomi")
    yield from recaps(host, "annomi")
    yield from advice(host, "annomi")


def _swda(said: list[Said]) -> Iterable[Row]:
    asked = lambda s: s.labels.get("da") in SWDA_ASKS  # noqa: E731
    yield from single_turns([s for s in said if s.labels.get("da") != SWDA_RHETORICAL], "swda", asked, (0.80, 0.74))
    yield from per_session(said, "swda, by speaker", asked, lambda s: f"{s.dialogue} {s.speaker}", (0.88, 0.84))
    yield short_responses(said, "swda", lambda s: s.labels.get("da") in SWDA_SHORT, 0.90)
    yield fillers(said, "swda, by speaker")


def _mrda(said: list[Said]) -> Iterable[Row]:
    yield short_responses(said, "mrda", lambda s: bool(MRDA_SHORT & _tags(s)), None)
    yield from promises(said, "mrda")
    yield fillers(said, "mrda, by speaker")
