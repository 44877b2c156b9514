"""The catalogue of metrics: every number that is shown, each with its definition and its one pure function.

Tooltips, help, the glossary and the playbook checks derive from METRICS. Names and definitions use {own} and {other}
for the two sides, since a trade calls them what it likes. A metric that a recording cannot support is withheld with a
reason; it is never guessed. DEFINITIONS stamps every result: change it when a definition changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean, median

from coachdesk.conversation import by_sound, by_words, guide, missing
from coachdesk.conversation.counted import (
    MOMENTS,
    OBJECTIONS,
    PHASE_MS,
    Count,
)
from coachdesk.conversation.talk import Talk
from coachdesk.model import Basis, Grade, Measurement, Needs, Role, Withheld
from coachdesk.spans import Span

DEFINITIONS = "2026.5"


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of the catalogue. `anyhow`: a plain fact, given however short the call is."""

    id: str
    unit: str
    needs: Needs
    subjects: tuple[str, ...]
    name: str
    definition: str
    count: Count
    anyhow: bool = False
    two_channels: bool = False
    turns: bool = False  # leans on who took over from whom: held back where attribution is doubtful
    leans_on: tuple[str, ...] = ()  # patterns and cues of the language's table
    both_sides: bool = False  # counts what the other side says as well: as good as the worse side's words


def measure(talk: Talk) -> list[Measurement]:
    """All metrics of the catalogue for a call, in the catalogue's order."""
    return [_one(metric, talk, subject) for metric in METRICS for subject in metric.subjects]


def _one(metric: Metric, talk: Talk, subject: str) -> Measurement:
    role = Role.OTHER if subject == "side:other" else Role.REP
    words_of = None if metric.both_sides or subject == "call" else role
    found = withheld_reason(metric, talk, words_of) or metric.count(talk, role)
    basis = talk.basis if metric.turns or metric.id in _SHORT_RESPONSES_MATTER else None
    if basis is None:
        basis = Basis.SOUND if metric.needs is Needs.SOUND else Basis.WORDS
    if isinstance(found, Withheld):
        return Measurement(metric.id, subject, None, metric.unit, talk.timing, basis, found)
    return Measurement(
        metric.id,
        subject,
        round(found.value, 6),
        metric.unit,
        talk.timing,
        basis,
        moments=tuple(moment.span for moment in found.moments[:MOMENTS]),
        rough=metric.needs is not Needs.SOUND and talk.is_rough(words_of),
    )


def withheld_reason(metric: Metric, talk: Talk, words_of: Role | None = None) -> Withheld | None:
    """Why this metric cannot be given for this call, before counting. `words_of`: the side whose words it counts."""
    if not talk.sides_known and metric.subjects != ("call",):
        return Withheld(talk.sides_missing)
    if not talk.told_apart and metric.turns:
        return Withheld(talk.sides_missing)
    if metric.two_channels and talk.timing is not Grade.A:
        return Withheld("needs_two_channels")
    if metric.turns and missing.crowded(talk):
        return Withheld("attribution_doubtful")
    if (gate := missing.words_missing(metric.needs, talk, words_of, metric.leans_on)) is not None:
        return gate
    return None if metric.anyhow else missing.too_short(talk)


_SHORT_RESPONSES_MATTER = frozenset({"longest_monologue_ms", "longest_customer_story_ms"})
_CALL, _REP, _BOTH = ("call",), ("side:rep",), ("side:rep", "side:other")
_SOUND, _COUNTS, _WORDS = Needs.SOUND, Needs.COUNTS, Needs.WORDS

METRICS: tuple[Metric, ...] = (
    Metric(
        "talk_ratio",
        "ratio",
        _SOUND,
        _REP,
        "Share of the talking",
        "Own speech time ({own}) over the speech time of all; overlap counts for both, silence is left out.",
        by_sound.talk_ratio,
        anyhow=True,
    ),
    Metric(
        "talk_share_of_call",
        "ratio",
        _SOUND,
        _BOTH,
        "Share of the call",
        "Speech time over the length of the call, as some other products count it.",
        by_sound.share_of_call,
        anyhow=True,
    ),
    Metric(
        "talk_ratio_by_phase.first",
        "ratio",
        _SOUND,
        _REP,
        "Share of the talking, first 5 minutes",
        "Share of the talking in the first five minutes.",
        by_sound.phase(lambda ms: Span(0, PHASE_MS)),
    ),
    Metric(
        "talk_ratio_by_phase.middle",
        "ratio",
        _SOUND,
        _REP,
        "Share of the talking, middle",
        "Share of the talking between the first and the last five minutes.",
        by_sound.phase(lambda ms: Span(PHASE_MS, ms - PHASE_MS)),
    ),
    Metric(
        "talk_ratio_by_phase.last",
        "ratio",
        _SOUND,
        _REP,
        "Share of the talking, last 5 minutes",
        "Share of the talking in the last five minutes.",
        by_sound.phase(lambda ms: Span(ms - PHASE_MS, ms)),
    ),
    Metric(
        "longest_monologue_ms",
        "ms",
        _SOUND,
        _REP,
        "Longest stretch: {own}",
        "Longest own stretch ({own}), bridged by short responses; a pause over 2 s or a turn of {other} ends it.",
        by_sound.longest_stretch,
        anyhow=True,
    ),
    Metric(
        "longest_monologue_strict_ms",
        "ms",
        _SOUND,
        _REP,
        "Longest stretch: {own}, strict",
        "The same without bridging: anything {other} says ends it.",
        by_sound.longest_strict,
        anyhow=True,
    ),
    Metric(
        "longest_customer_story_ms",
        "ms",
        _SOUND,
        ("side:other",),
        "Longest stretch: {other}",
        "Longest stretch of {other}, bridged by short responses.",
        by_sound.longest_stretch,
        anyhow=True,
    ),
    Metric(
        "switches",
        "count",
        _SOUND,
        _CALL,
        "Changes of speaker",
        "Changes between substantive turns; short responses are no turns.",
        by_sound.switches,
        anyhow=True,
        turns=True,
    ),
    Metric(
        "interactivity_per_min",
        "per_min",
        _SOUND,
        _CALL,
        "Back and forth",
        "Changes between substantive turns per minute of speech.",
        by_sound.interactivity,
        turns=True,
    ),
    Metric(
        "patience_ms",
        "ms",
        _SOUND,
        _REP,
        "Pause before answering",
        "Median pause from the end of a turn of {other} to the first own word; at least 8, starting early counts as 0.",
        by_sound.patience,
        turns=True,
    ),
    Metric(
        "lapses",
        "count",
        _SOUND,
        _REP,
        "Long pauses before answering",
        "Pauses over 5 s before the own side ({own}) answered.",
        by_sound.lapses,
        turns=True,
    ),
    Metric(
        "overlap_ratio",
        "ratio",
        _SOUND,
        _CALL,
        "Both speaking",
        "Time both sides speak, in events of at least 0.3 s, over speech time.",
        by_sound.overlap,
        anyhow=True,
        two_channels=True,
    ),
    Metric(
        "overlapping_starts",
        "per_10_min",
        _SOUND,
        _REP,
        "Overlapping starts",
        "Own starts at least 0.25 s before {other} ends, per 10 minutes: a list to listen to, never a score.",
        by_sound.overlapping_starts,
        two_channels=True,
        turns=True,
    ),
    Metric(
        "silence_ratio",
        "ratio",
        _SOUND,
        _CALL,
        "Silence",
        "Time nobody speaks over the length of the call.",
        by_sound.silence,
        anyhow=True,
    ),
    Metric(
        "longest_silence_ms",
        "ms",
        _SOUND,
        _CALL,
        "Longest silence",
        "Longest time nobody speaks.",
        by_sound.longest_silence,
        anyhow=True,
    ),
    Metric(
        "mean_turn_words",
        "words",
        _COUNTS,
        _BOTH,
        "Words per turn",
        "Mean words of substantive turns; at least 10 turns.",
        by_words.turn_words(mean),
        turns=True,
    ),
    Metric(
        "median_turn_words",
        "words",
        _COUNTS,
        _BOTH,
        "Words per turn, median",
        "Median words of substantive turns; at least 10 turns.",
        by_words.turn_words(median),
        turns=True,
    ),
    Metric(
        "pace_wpm",
        "wpm",
        _COUNTS,
        _BOTH,
        "Pace",
        "Words a minute, median over utterances of at least 1.5 s.",
        by_words.pace,
    ),
    Metric(
        "questions",
        "count",
        _COUNTS,
        _BOTH,
        "Questions",
        "Sentences that ask, by question mark or form, of at least three words.",
        by_words.questions,
    ),
    Metric(
        "questions_open",
        "count",
        _COUNTS,
        _BOTH,
        "Open questions",
        "Questions that begin with what, how or why, or invite to tell.",
        by_words.open_questions,
    ),
    Metric(
        "question_rate_per_h",
        "per_h",
        _COUNTS,
        _REP,
        "Questions an hour",
        "Own questions ({own}) per hour of call.",
        by_words.question_rate,
    ),
    Metric(
        "question_yield_ms",
        "ms",
        _COUNTS,
        _REP,
        "Answer length",
        "Median length of the turn of {other} after a question.",
        by_words.question_yield,
        turns=True,
    ),
    Metric(
        "stacked_share",
        "ratio",
        _WORDS,
        _REP,
        "Stacked questions",
        "Turns with two or more questions over turns with a question.",
        by_words.stacked,
        turns=True,
    ),
    Metric(
        "followup_share",
        "ratio",
        _WORDS,
        _REP,
        "Follow-up questions",
        "Answers of 15 words or more after which the own side asks on, with a word of the answer or a probe.",
        by_words.followups,
        turns=True,
        both_sides=True,
    ),
    Metric(
        "advice_rate",
        "ratio",
        _WORDS,
        _REP,
        "Advice",
        "Own turns with an advice phrase over all own turns; only the rate means something.",
        by_words.advice,
        turns=True,
        leans_on=("advice",),
    ),
    Metric(
        "recap_per_100_words",
        "per_100_words",
        _WORDS,
        _REP,
        "Recaps",
        "Phrases that play back what was heard, per 100 own words.",
        by_words.recaps,
        leans_on=("recap",),
    ),
    Metric(
        "fillers_per_100_words",
        "per_100_words",
        _WORDS,
        _BOTH,
        "Filled pauses",
        "Uh and um per 100 words; many transcripts leave them out.",
        by_words.fillers,
    ),
    Metric(
        "pause_after_objection_ms",
        "ms",
        _WORDS,
        _REP,
        "Pause after a concern",
        "Median own pause after a turn that holds a concern.",
        by_words.pause_after_objection,
        turns=True,
        leans_on=OBJECTIONS,
        both_sides=True,
    ),
    Metric(
        "next_step",
        "count",
        _WORDS,
        _CALL,
        "Next step",
        "Sentences about a next step in the last fifth of the call (or five minutes).",
        by_words.next_step,
        leans_on=("next_step",),
    ),
    Metric(
        "coverage_ratio",
        "ratio",
        _WORDS,
        _REP,
        "Planned questions asked",
        "Planned questions found, ticked or told, over those planned: the mandatory ones, or all where none is.",
        guide.coverage_ratio,
        anyhow=True,
    ),
    Metric(
        "wording",
        "valence",
        _WORDS,
        _BOTH,
        "Wording",
        "Wording of the sentences, weighted by length, from -1 to 1; from the words only, never a mood.",
        by_words.wording(None),
        leans_on=("sentiment",),
    ),
    *(
        Metric(
            f"wording.{part}",
            "valence",
            _WORDS,
            _BOTH,
            f"Wording, fifth {part}",
            f"Wording in fifth {part} of the call.",
            by_words.wording(part),
            leans_on=("sentiment",),
        )
        for part in range(1, 6)
    ),
)

BY_ID = {metric.id: metric for metric in METRICS}
