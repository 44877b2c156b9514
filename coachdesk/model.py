"""The nouns. Frozen and slotted; tuples inside; text ids; units in the names.

`_ms` integer milliseconds from the recording's start, `_hz` hertz, `_ratio` 0..1, `_per_min` per minute. Spans are
half-open. Wall clocks are aware UTC. Constructors refuse nonsense, so that a noun that exists can be trusted; the
chain suggestion -> finding -> evidence -> span of audio is held here. Nothing here knows files, databases or faces.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from coachdesk.spans import Moment, Span

Params = dict[str, Any]


class Role(StrEnum):
    """Which side of the call a speaker is on. `rep` is the own side, whatever the trade calls it."""

    REP = "rep"
    OTHER = "other"
    UNKNOWN = "unknown"


class Grade(StrEnum):
    """How good the times are: A two channels, B one mixed channel told apart, C imported text only."""

    A = "A"
    B = "B"
    C = "C"


class Basis(StrEnum):
    """What a number was counted from."""

    SOUND = "sound"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth saying about a result: a code and its parameters; faces make the sentence."""

    code: str
    params: Params = field(default_factory=dict)


class Layout(StrEnum):
    """What the channels of a recording hold."""

    TWO_SIDES = "two_sides"  # one side per channel
    MIXED = "mixed"  # everybody on one channel
    TRACK = "track"  # one participant's own file


@dataclass(frozen=True, slots=True)
class Recording:
    """A handle on sound, not the sound. `sha256` is None until the file is sealed."""

    id: str
    sha256: str | None
    channels: int
    sample_rate_hz: int
    duration_ms: int
    layout: Layout
    offset_ms: int = 0  # where this file's time 0 lies in the call
    ordinal: int = 0
    partial: bool = False
    codec: str = ""
    media: str = ""  # file name inside the media store
    peaks: str = ""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody on the call, as this call names them."""

    label: str
    name: str
    role: Role
    channel: int | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word; `confidence` 0..1."""

    start_ms: int
    end_ms: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one speaker said without a long pause. `suspect`: kept and shown, but in no number."""

    id: str
    speaker: str
    channel: int | None
    start_ms: int
    end_ms: int
    text: str
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    suspect: bool = False
    corrected: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            raise ValueError(f"an utterance cannot run {self.start_ms}..{self.end_ms} ms")

    @property
    def span(self) -> Span:
        return Span(self.start_ms, self.end_ms)


class WordsGrade(StrEnum):
    """How far the words of a transcript can be leant on."""

    NONE = "none"  # no words at all
    POOR = "poor"  # too poor to count on
    ROUGH = "rough"  # fit for counts over many words, not for single ones
    GOOD = "good"  # fit for single words

    def cannot(self, needs: Needs, draft: bool = True) -> str:
        """The code of the reason why words of this grade cannot carry something that needs them so; "" where they can."""
        if needs is Needs.SOUND:
            return ""
        if self is WordsGrade.NONE:
            return "no_words"
        if self is WordsGrade.POOR:
            return "draft_too_poor" if draft else "words_too_doubtful"
        if self is WordsGrade.ROUGH and needs is Needs.WORDS:
            return "draft" if draft else "words_doubtful"
        return ""


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the words of one side are: the estimated share of wrong ones, what they can carry, and why."""

    side: str  # "call", "rep", "other", "unknown"
    estimate: float | None  # 0..1; None where nothing tells
    grade: WordsGrade
    why: str
    params: Params = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """What becomes of numbers and advice made of these words: shown, rough (sums only, said to be rough), withheld."""
        return {WordsGrade.GOOD: "shown", WordsGrade.ROUGH: "rough"}.get(self.grade, "withheld")


@dataclass(frozen=True, slots=True)
class Transcript:
    """One version of the words of a call. Exactly one version of a call is current."""

    id: str
    version: int
    engine: str
    model: str
    language: str
    draft: bool
    grade: WordsGrade
    utterances: tuple[Utterance, ...] = ()
    source: str = ""  # where imported words came from; "" = transcribed here


@dataclass(frozen=True, slots=True)
class Turn:
    """Consecutive speech of one speaker until another speaker's turn begins."""

    speaker: str
    role: Role
    start_ms: int
    end_ms: int

    @property
    def span(self) -> Span:
        return Span(self.start_ms, self.end_ms)


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why a number is not given."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number about a call, or the reason why there is none."""

    metric: str
    subject: str  # "call", "side:rep", "side:other", "speaker:<label>"
    value: float | None
    unit: str
    grade: Grade
    basis: Basis
    withheld: Withheld | None = None
    moments: tuple[Span, ...] = ()
    rough: bool = False

    def __post_init__(self) -> None:
        if (self.value is None) == (self.withheld is None):
            raise ValueError(f"{self.metric}: a number has a value or a reason, and never both")


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The wording of one utterance: valence -1..1 and the rule that made it. Never a mood, never a person."""

    utterance: str
    start_ms: int
    role: Role
    valence: float
    rule: str


@dataclass(frozen=True, slots=True)
class TrackerHit:
    """A tracker found in an utterance: a count is a fact, a single hit is "listen to this"."""

    tracker: str
    utterance: str
    role: Role
    start_ms: int
    end_ms: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Target:
    """A range shown beside a number, with where the range comes from."""

    metric: str
    low: float | None
    high: float | None
    source: str
    strength: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A moment that can be played. The utterance id is a hint; recording and span are the anchor."""

    recording: str
    start_ms: int
    end_ms: int
    utterance: str | None = None
    quote: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms < self.end_ms:
            raise ValueError("evidence needs a stretch of sound that can be played")


class FindingKind(StrEnum):
    IMPROVE = "improve"
    PRAISE = "praise"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired. There is none without evidence."""

    rule: str
    kind: FindingKind
    params: Params
    evidence: tuple[Evidence, ...]
    rough: bool = False
    went_well: tuple[Evidence, ...] = ()  # a moment of the same call where it was done; at most one

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"{self.rule}: a finding needs a moment to play")


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A rule that could not be checked on this call, and why."""

    rule: str
    kind: FindingKind
    reason: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weight:
    """One part of what a suggestion's place is made of: a code and its parameters; faces make the words."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A finding chosen to be shown, with its priority (higher first)."""

    id: str
    finding: Finding
    priority: float
    focus: bool = False
    why: tuple[Weight, ...] = ()  # what its priority is made of


@dataclass(frozen=True, slots=True)
class Coaching:
    """What the coach has to say about one call."""

    praise: tuple[Suggestion, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    review_flags: tuple[Suggestion, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    quiet: str = ""  # a reason code when nothing is coached at all
    first: tuple[str, ...] = ()  # the rules that come first by themselves, whatever the person did with advice before


CONSENT_STATES = ("unknown", "noted", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Consent:
    """One entry of the append-only list of what was agreed about recording."""

    status: str = "unknown"
    basis: str = ""
    who: str = ""
    at: datetime | None = None
    script: str = ""
    moment_ms: int | None = None

    def __post_init__(self) -> None:
        if self.status not in CONSENT_STATES:
            raise ValueError(f"no such consent: {self.status}")


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark that hangs on a moment of a recording."""

    id: str
    author: str
    at: datetime
    start_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what is known about it, without its sound and words."""

    id: str
    title: str
    kind: str
    playbook: str
    started_at: datetime
    duration_ms: int
    source: str
    state: str = "new"
    result: str | None = None
    rep: str | None = None
    case: str | None = None
    consent: Consent = Consent()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something somebody said they would do."""

    id: str
    call_id: str
    text: str
    owner: str
    due: str | None
    state: str
    source: str
    start_ms: int | None = None


NEXT_STEP_STATES = ("open", "kept", "slipped", "dropped")


class Needs(StrEnum):
    """What a signal leans on; a transcript that cannot carry it withholds it."""

    SOUND = "sound"  # who is active when
    COUNTS = "counts"  # sums over many words: errors average out
    WORDS = "words"  # single words: a draft cannot carry them


@dataclass(frozen=True, slots=True)
class Signal:
    """A number that rules are made of. `value` None = not measurable here, with the reason code."""

    name: str
    value: float | None
    needs: Needs
    unit: str = ""
    moments: tuple[Moment, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tracker:
    """Something to listen for: named patterns of the language table, own phrases, or both."""

    id: str
    side: str = "any"  # rep | other | any
    patterns: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the coach may know about a call; made by `conversation`, judged by `coaching`."""

    recording: str
    duration_ms: int
    speech_ms: int
    timing: Grade
    words: WordsGrade
    language: str
    has_tables: bool
    partial: bool
    sides_known: bool
    consent_noted: bool
    utterances: tuple[Utterance, ...]
    roles: dict[str, Role]  # speaker label -> side
    turns: tuple[Turn, ...]
    measurements: tuple[Measurement, ...]
    signals: dict[str, Signal]
    hits: tuple[TrackerHit, ...]
    wording: tuple[Sentiment, ...]
    unheard: frozenset[str] = frozenset()  # trackers the language has no words for
    draft: bool = False  # whether the words are a draft's
    quality: tuple[Quality, ...] = ()  # the call's first
