"""How good the words of a call are, side by side: the share of wrong ones, estimated without knowing the right ones.

Only what the transcript itself tells is used: how sure the engine was of each word, whether there are words wherever
somebody speaks, and how many. It decides what may be made of the words: shown, rough (sums over many words, said to be
rough), withheld. It does not change a word, and it knows no engine by name. `tests/benchmarks/accuracy_transcript.py`
holds the estimate against true transcripts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coachdesk.model import Params, Quality, Role, Utterance, WordsGrade
from coachdesk.spans import Span, merge_spans, shared_spans, total_ms

SHOWN_AT_MOST = 0.25  # transcripts up to this share of wrong words are of use to people (Munteanu et al. 2006)
ROUGH_AT_MOST = 0.40  # up to here sums over many words hold; see the benchmark
LEAST_WORDS, LEAST_SPEECH_MS = 30, 30_000  # with less of both a side has no estimate of its own
COUNTED_RUN_MS = 1_000  # shorter runs may be breaths and laughter: nobody misses words there
SLOWEST_PER_S, FASTEST_PER_S = 1.2, 5.0  # words a second of speech over a whole side; 1.5 to 4.0 were measured
MANY_LACKING = 0.2  # more of the speech than this without words is named as the reason
MOST_LACKING = 0.5  # words brought along for less than the other half of the speech are not all that was said

# Share of wrong words = base - slope * mean confidence, least squares over the benchmark's recordings. An engine that
# says how likely each word is (Whisper) is nearly right about it; a draft's posteriors are spread over its lattice.
TOLD = (1.0, 1.0)
DRAFT = (1.14, 1.37)

_WORST_FIRST = (WordsGrade.NONE, WordsGrade.POOR, WordsGrade.ROUGH, WordsGrade.GOOD)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where words come from. `grade`: the best they may be taken for, whatever the estimate says."""

    grade: WordsGrade
    draft: bool = True
    confident: bool = False  # each word says how sure its engine was; words brought along do not
    narrow: frozenset[str] = frozenset()  # speakers heard over the telephone: nothing above 4 kHz


@dataclass(frozen=True, slots=True)
class _Side:
    name: str
    said: tuple[Utterance, ...]
    speech: tuple[Span, ...]

    @property
    def words(self) -> int:
        return sum(_words(u) for u in self.said)

    @property
    def tells(self) -> bool:
        """Whether there is enough of it to say anything."""
        return self.words >= LEAST_WORDS or total_ms(self.speech) >= LEAST_SPEECH_MS


def judge(
    origin: Origin, said: Iterable[Utterance], roles: dict[str, Role], activity: dict[str, tuple[Span, ...]]
) -> tuple[Quality, ...]:
    """The quality of the call's words, then of each side's. `activity` by speaker label, in ms of the call.

    The call is as good as its worst side. A side too small to tell is taken for as good as the call.
    """
    counted = [u for u in said if not u.suspect]
    if origin.grade is WordsGrade.NONE or not counted:
        return (Quality("call", None, WordsGrade.NONE, "no_words"),)
    sides = _sides(counted, roles, activity)
    own = {side.name: _quality(side, origin) for side in sides if side.tells}
    call = _of_call(sides, own, origin)
    return (call, *(own.get(s.name) or Quality(s.name, None, call.grade, "too_few_words") for s in sides))


def _sides(said: list[Utterance], roles: dict[str, Role], activity: dict[str, tuple[Span, ...]]) -> list[_Side]:
    found = []
    for role in Role:
        theirs = tuple(u for u in said if roles.get(u.speaker, Role.UNKNOWN) is role)
        runs = [run for label, spans in activity.items() if roles.get(label, Role.UNKNOWN) is role for run in spans]
        speech = tuple(run for run in merge_spans(runs) if run.duration_ms >= COUNTED_RUN_MS)
        if theirs or speech:
            found.append(_Side(role.value, theirs, speech))
    return found


def _of_call(sides: list[_Side], own: dict[str, Quality], origin: Origin) -> Quality:
    told = [(own[s.name].estimate, s.words) for s in sides if s.name in own]
    weighed = [(estimate, words) for estimate, words in told if estimate is not None]
    total = sum(words for _, words in weighed)
    mean = round(sum(estimate * words for estimate, words in weighed) / total, 3) if total else None
    if not own:
        grade = WordsGrade.POOR if any(_narrow(side, origin) for side in sides) else origin.grade
        return Quality("call", None, grade, "too_few_words")
    worst = min(own.values(), key=lambda quality: _WORST_FIRST.index(quality.grade))
    return Quality("call", mean, worst.grade, worst.why, {**worst.params, **_percent(mean)})


def _quality(side: _Side, origin: Origin) -> Quality:
    lacking, wrong, narrow = _lacking(side, origin), _wrong(side, origin), _narrow(side, origin)
    estimate = None if wrong is None else round(1 - (1 - wrong) * (1 - lacking), 3)
    carried = WordsGrade.POOR if narrow else _grade(estimate, lacking)
    grade = min(origin.grade, carried, key=_WORST_FIRST.index)
    params: Params = {"lacking": round(100 * lacking), **_percent(estimate)}
    return Quality(side.name, estimate, grade, _why(origin, narrow, lacking, grade), params)


def _wrong(side: _Side, origin: Origin) -> float | None:
    """The estimated share of wrong words among those that are there. What a person typed is right.

    An engine that is as sure of everything tells nothing.
    """
    if not origin.confident:
        return None
    base, slope = DRAFT if origin.draft else TOLD
    heard = [(u.confidence, _words(u)) for u in side.said if not u.corrected]
    words = sum(n for _, n in heard)
    if not words:
        return 0.0
    if len(heard) > 1 and len({confidence for confidence, _ in heard}) == 1:
        return None
    mean = sum(confidence * n for confidence, n in heard) / words
    return min(1.0, max(0.0, base - slope * mean)) * words / side.words


def _lacking(side: _Side, origin: Origin) -> float:
    """The share of a side's speech that has no words, 0..1: by time, and by how many words the engine gave for it.

    More words than anybody says count likewise: so many of them are not the speaker's.
    """
    speech_ms = total_ms(side.speech)
    if speech_ms < LEAST_SPEECH_MS:
        return 0.0
    covered = total_ms(shared_spans(list(side.speech), merge_spans([u.span for u in side.said])))
    lacking = 1 - covered / speech_ms
    if origin.confident:
        per_s = side.words * 1000 / speech_ms
        lacking = max(lacking, 1 - per_s / SLOWEST_PER_S, 1 - FASTEST_PER_S / max(per_s, FASTEST_PER_S))
    return min(1.0, max(0.0, lacking))


def _narrow(side: _Side, origin: Origin) -> bool:
    """Over the telephone a draft is never taken for more than poor: 56 to 72 % of its words were wrong there."""
    return origin.draft and any(u.speaker in origin.narrow for u in side.said)


def _grade(estimate: float | None, lacking: float) -> WordsGrade:
    if estimate is None:
        return WordsGrade.GOOD if lacking <= MOST_LACKING else WordsGrade.ROUGH
    if estimate <= SHOWN_AT_MOST:
        return WordsGrade.GOOD
    return WordsGrade.ROUGH if estimate <= ROUGH_AT_MOST else WordsGrade.POOR


def _why(origin: Origin, narrow: bool, lacking: float, grade: WordsGrade) -> str:
    if narrow:
        return "draft_narrow"
    if grade is not WordsGrade.GOOD and lacking > MANY_LACKING:
        return "words_lacking"
    if origin.draft:
        return "draft"
    if not origin.confident:
        return "brought_along"
    return "words_sure" if grade is WordsGrade.GOOD else "words_unsure"


def _percent(estimate: float | None) -> Params:
    return {} if estimate is None else {"percent": round(100 * estimate)}


def _words(said: Utterance) -> int:
    return len(said.text.split())
