"""Signals: the numbers that rules are made of and people are not shown as such. A closed list; playbooks name them.

A signal that is also a metric takes the metric's value. Each leans on sound, on counts over many words, or on single
words; one that the call cannot carry has no value and says why, and rules on it stay silent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean

from coachdesk.conversation import by_sound, by_words, counted, guide, metrics, missing, sentiment
from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.talk import Line, Talk
from coachdesk.model import Measurement, Needs, Role, Signal, Withheld
from coachdesk.spans import Moment, Span

WITHIN_TURNS = 2  # "picked up" means: in the next two own turns
OWN_BASELINE = ("fillers_vs_own", "pace_vs_own")  # made by the coach from the person's own history
GIVEN = ("consent_noted",)
_TOPICS = frozenset(
    {"pricing", "budget", "authority", "need_pain", "timeline", "decision_process", "comp_range", "notice_start",
     "motivation", "competitor", "decision_criteria", "metrics"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    needs: Needs
    unit: str
    count: Callable[[Talk], Result]
    leans_on: tuple[str, ...] = ()  # patterns and cues of the language's table


def signals(talk: Talk, measured: list[Measurement], consent_noted: bool) -> dict[str, Signal]:
    """All signals of a call by name."""
    found = {entry.name: _one(entry, talk) for entry in TABLE}
    for measurement in measured:
        name = measurement.metric
        wanted = "side:other" if name == "longest_customer_story_ms" else "side:rep"
        if measurement.subject in (wanted, "call"):
            found[name] = _of_metric(measurement, talk)
    found["consent_noted"] = Signal("consent_noted", float(consent_noted), Needs.SOUND)
    return found


def names() -> frozenset[str]:
    """Every signal a playbook may name."""
    return frozenset({entry.name for entry in TABLE} | set(metrics.BY_ID) | set(OWN_BASELINE) | set(GIVEN))


def needs_of(name: str) -> Needs:
    """What a signal leans on."""
    if name in metrics.BY_ID:
        return metrics.BY_ID[name].needs
    if name in OWN_BASELINE:
        return Needs.WORDS if name == "fillers_vs_own" else Needs.COUNTS
    return next((entry.needs for entry in TABLE if entry.name == name), Needs.SOUND)


def _one(entry: _Entry, talk: Talk) -> Signal:
    gate = missing.words_missing(entry.needs, talk, leans_on=entry.leans_on)
    if gate is None and not talk.sides_known and entry.name not in _ANYHOW:
        gate = Withheld(talk.sides_missing)
    found = gate or entry.count(talk)
    if isinstance(found, Withheld):
        return Signal(entry.name, None, entry.needs, entry.unit, reason=found.code)
    return Signal(entry.name, found.value, entry.needs, entry.unit, found.moments)


def _of_metric(measurement: Measurement, talk: Talk) -> Signal:
    metric = metrics.BY_ID[measurement.metric]
    role = Role.OTHER if metric.id == "longest_customer_story_ms" else Role.REP
    if measurement.value is None:
        reason = measurement.withheld.code if measurement.withheld else ""
        return Signal(metric.id, None, metric.needs, metric.unit, reason=reason)
    moments = tuple(talk.moment(span, role if metric.subjects != ("call",) else None) for span in measurement.moments)
    return Signal(metric.id, measurement.value, metric.needs, metric.unit, moments)


# --- lengths and counts


def _speech_minutes(talk: Talk) -> Result:
    return Counted(talk.all_speech_ms / 60_000)


def _duration_min(talk: Talk) -> Result:
    return Counted(talk.duration_ms / 60_000)


def _channels(talk: Talk) -> Result:
    return Counted(talk.channels)


def _rep_words(talk: Talk) -> Result:
    return Counted(talk.word_count[Role.REP])


def _rep_turns(talk: Talk) -> Result:
    return Counted(len(by_words.words_per_turn(talk, Role.REP)))


def _patience_n(talk: Talk) -> Result:
    return Counted(len([ms for ms, _ in by_sound.gaps(talk) if ms <= counted.LAPSE_MS]))


def _overlapping_starts(talk: Talk) -> Result:
    if talk.channels < 2:
        return Withheld("needs_two_channels")
    if missing.crowded(talk):
        return Withheld("attribution_doubtful")
    found = by_sound.overlapping(talk)
    return Counted(len(found) / max(0.1, talk.all_speech_ms / 600_000), tuple(found))


# --- questions


def _per_half_hour(talk: Talk) -> Result:
    asked = by_words.asking(talk, Role.REP)
    return Counted(sum(n for _, n, _ in asked) * 1_800_000 / talk.duration_ms, _moments([line for line, _, _ in asked]))


def _first_minute(talk: Talk) -> Result:
    asked = [line for line, _, _ in by_words.asking(talk, Role.REP) if line.utterance.start_ms < 60_000]
    return Counted(len(asked), _moments(asked))


def _open_share(talk: Talk) -> Result:
    asked = by_words.asking(talk, Role.REP)
    total = sum(n for _, n, _ in asked)
    closed = [line for line, n, opened in asked if opened < n]
    return Counted(sum(o for _, _, o in asked) / total, _moments(closed)) if total else Withheld("too_few_questions")


def _first_third(talk: Talk) -> Result:
    asked = by_words.asking(talk, Role.REP)
    total = sum(n for _, n, _ in asked)
    early = [(line, n) for line, n, _ in asked if line.utterance.start_ms < talk.duration_ms / 3]
    return (
        Counted(sum(n for _, n in early) / total, _moments([line for line, _ in early]))
        if total
        else Withheld("too_few_questions")
    )


def _other_long_answers(talk: Talk) -> Result:
    answers = by_words.long_answers(talk)
    return Counted(len(answers), _moments([answer[0] for answer, _ in answers]))


def _followups_taken(talk: Talk) -> Result:
    """Own turns that pick up a long answer, for hearing what went well."""
    taken = [reply for answer, reply in by_words.long_answers(talk) if by_words.follows_up(talk, answer, reply)]
    asked = [next((line for line in reply if line.facts.asks), reply[0]) for reply in taken]
    return Counted(len(asked), _moments(asked))


def _other_mean_answer(talk: Talk) -> Result:
    answers = [
        (sum(line.facts.words for line in reply), reply[0])
        for (turn, lines), (following, reply) in zip(talk.turn_lines, talk.turn_lines[1:], strict=False)
        if turn.role is Role.REP and following.role is Role.OTHER and any(line.facts.asks for line in lines)
    ]
    if not answers:
        return Withheld("too_few_questions")
    shortest = sorted(answers, key=lambda answer: (answer[0], answer[1].utterance.start_ms))
    return Counted(mean(words for words, _ in answers), _moments([line for _, line in shortest]))


def _other_questions(talk: Talk) -> Result:
    asked = by_words.asking(talk, Role.OTHER)
    return Counted(sum(n for _, n, _ in asked), _moments([line for line, _, _ in asked]))


def _problems(talk: Talk) -> list[int]:
    """Indices of turns of the other side that name a problem."""
    return [
        i for i, (turn, lines) in enumerate(talk.turn_lines) if turn.role is Role.OTHER and _named(lines, "need_pain")
    ]


def _named(lines: list[Line], pattern: str) -> Line | None:
    return next((line for line in lines if pattern in line.facts.patterns and not line.facts.ends_asking), None)


def _next_own(talk: Talk, index: int) -> list[list[Line]]:
    """The next two turns of the own side after a turn."""
    return [lines for turn, lines in talk.turn_lines[index + 1 :] if turn.role is Role.REP][:WITHIN_TURNS]


def _mentions(talk: Talk, pattern: str) -> list[tuple[int, Line]]:
    return [
        (i, line)
        for i, (turn, lines) in enumerate(talk.turn_lines)
        if turn.role is Role.OTHER and (line := _named(lines, pattern)) is not None
    ]


def _count_of(pattern: str) -> Callable[[Talk], Result]:
    def count(talk: Talk) -> Result:
        found = _mentions(talk, pattern)
        return Counted(len(found), _moments([line for _, line in found]))

    return count


def _followed(pattern: str) -> Callable[[Talk], Result]:
    """How many mentions of the other side are followed by a question within two own turns that is about them."""

    def count(talk: Talk) -> Result:
        taken = []
        for i, line in _mentions(talk, pattern):
            said = talk.turn_lines[i][1]
            if any(by_words.follows_up(talk, said, reply) for reply in _next_own(talk, i)):
                taken.append(line)
        return Counted(len(taken), _moments(taken))

    return count


# --- opening, closing, price


def _opening_words(talk: Talk) -> Result:
    """Own words before the other side's first substantive turn."""
    first = next((turn for turn in talk.floor.turns if turn.role is Role.OTHER and talk.is_substantive(turn)), None)
    if first is None:
        return Withheld("one_sided")
    before = [line for line in talk.of(Role.REP) if line.utterance.end_ms <= first.start_ms]
    return Counted(sum(line.facts.words for line in before), _moments(before[:1]))


def _company_overview(talk: Talk) -> Result:
    """The longest own stretch with three or more cues of speaking about the own company, in ms."""
    best: tuple[int, Moment] = (0, Moment(0, 1))
    for turn, lines in talk.turn_lines:
        if turn.role is Role.REP and sum(line.facts.cues.get("company_overview", 0) for line in lines) >= 3:
            cued = [line for line in lines if line.facts.cues.get("company_overview")]
            span = Span(cued[0].utterance.start_ms, cued[-1].utterance.end_ms)
            best = max(best, (span.duration_ms, talk.moment(span, Role.REP)), key=lambda entry: entry[0])
    return Counted(best[0], (best[1],) if best[0] else ())


def _commitments(role: Role) -> Callable[[Talk], Result]:
    def count(talk: Talk) -> Result:
        late = [line for line in talk.of(role) if line.utterance.start_ms >= 0.75 * talk.duration_ms]
        found = [line for line in late if line.facts.cues.get("commitment")]
        return Counted(len(found), _moments(found))

    return count


def _refusal_after_next_step(talk: Talk) -> Result:
    steps = [line for line in talk.lines if "next_step" in line.facts.patterns]
    if not steps:
        return Counted(0)
    after = [line for line in talk.of(Role.OTHER) if line.utterance.start_ms > steps[-1].utterance.start_ms]
    refused = [line for line in after if line.facts.cues.get("refusal")]
    return Counted(float(bool(refused)), _moments(refused))


def _topic_to_end(talk: Talk) -> Result:
    last = max((line.utterance.end_ms for line in talk.lines if _TOPICS & line.facts.patterns.keys()), default=None)
    return Counted(talk.duration_ms - last) if last is not None else Withheld("no_topic_found")


def _first_pricing(talk: Talk) -> Line | None:
    return next((line for line in talk.of(Role.REP) if "pricing" in line.facts.patterns), None)


def _first_pricing_share(talk: Talk) -> Result:
    first = _first_pricing(talk)
    return (
        Counted(first.utterance.start_ms / talk.duration_ms, _moments([first])) if first else Withheld("no_price_found")
    )


def _need_before_pricing(talk: Talk) -> Result:
    first = _first_pricing(talk)
    before = first.utterance.start_ms if first else talk.duration_ms
    found = [
        line for line in talk.of(Role.OTHER) if "need_pain" in line.facts.patterns and line.utterance.start_ms < before
    ]
    return Counted(len(found), _moments(found))


def _discount_unasked(talk: Talk) -> Result:
    asked_at = next(
        (line.utterance.start_ms for line in talk.of(Role.OTHER) if line.facts.cues.get("discount_request")),
        talk.duration_ms,
    )
    offered = [
        line
        for line in talk.of(Role.REP)
        if line.facts.cues.get("discount_offer") and line.utterance.start_ms < asked_at
    ]
    return Counted(len(offered), _moments(offered))


# --- concerns and wording


def _acknowledges(lines: list[Line]) -> bool:
    return any("empathy_ack" in line.facts.patterns or line.facts.asks for line in lines)


def _objection_words(talk: Talk) -> Result:
    replies = [
        (sum(line.facts.words for line in reply), concern) for concern, reply in by_words.objections(talk) if reply
    ]
    if not replies:
        return Withheld("no_objection_found")
    longest = sorted(replies, key=lambda entry: (-entry[0], entry[1].utterance.start_ms))
    return Counted(longest[0][0], _moments([concern for _, concern in longest]))


def _unacknowledged(talk: Talk) -> Result:
    missed = [concern for concern, reply in by_words.objections(talk) if reply and not _acknowledges(reply)]
    return Counted(len(missed), _moments(missed))


def _met_with_question(talk: Talk) -> Result:
    """Concerns answered with a question within the first 30 words."""
    met = []
    for concern, reply in by_words.objections(talk):
        words = 0
        for line in reply:
            if line.facts.asks and words < 30:
                met.append(concern)
                break
            words += line.facts.words
    return Counted(len(met), _moments(met))


def _strong_negative(talk: Talk) -> list[tuple[int, Line]]:
    found = []
    for i, (turn, lines) in enumerate(talk.turn_lines):
        if turn.role is Role.OTHER:
            strong = [line for line in lines if any(s.valence <= -sentiment.STRONG for s in line.facts.sentences)]
            found += [(i, line) for line in strong[:1]]
    return found


def _negative_turns(talk: Talk) -> Result:
    if Role.OTHER not in talk.wording_roles:
        return Withheld("wording_off")
    found = _strong_negative(talk)
    return Counted(len(found), _moments([line for _, line in found]))


def _not_picked_up(talk: Talk) -> Result:
    if Role.OTHER not in talk.wording_roles:
        return Withheld("wording_off")
    missed = []
    for i, line in _strong_negative(talk):
        replies = _next_own(talk, i)
        if replies and not any(_acknowledges(reply) for reply in replies):
            missed.append(line)
    return Counted(len(missed), _moments(missed))


def _tone_change(talk: Talk) -> Result:
    """Mean wording of the other side in the last third minus the first; for information only."""
    if Role.OTHER not in talk.wording_roles:
        return Withheld("wording_off")
    scored = by_words.wording_lines(talk, Role.OTHER)
    first = [value for value, _, line in scored if line.utterance.start_ms < talk.duration_ms / 3]
    last = [(value, line) for value, _, line in scored if line.utterance.start_ms >= talk.duration_ms * 2 / 3]
    if len(first) < 5 or len(last) < 5:
        return Withheld("too_few_words")
    lowest = sorted(last, key=lambda entry: (entry[0], entry[1].utterance.start_ms))[:3]
    return Counted(mean(value for value, _ in last) - mean(first), _moments([line for _, line in lowest]))


def _buzzwords(talk: Talk) -> Result:
    words = talk.word_count[Role.REP]
    if words < 100:
        return Withheld("too_few_words")
    found = [line for line in talk.of(Role.REP) if line.facts.cues.get("buzzwords")]
    densest = sorted(found, key=lambda line: (-line.facts.cues["buzzwords"], line.utterance.start_ms))
    return Counted(100 * sum(line.facts.cues["buzzwords"] for line in found) / words, _moments(densest))


def _moments(lines: list[Line]) -> tuple[Moment, ...]:
    return tuple(line.moment for line in lines)


_ANYHOW = frozenset({"speech_minutes", "duration_min", "audio_channels"})
_SOUND, _COUNTS, _WORDS = Needs.SOUND, Needs.COUNTS, Needs.WORDS

TABLE: tuple[_Entry, ...] = (
    _Entry("speech_minutes", _SOUND, "min", _speech_minutes),
    _Entry("duration_min", _SOUND, "min", _duration_min),
    _Entry("audio_channels", _SOUND, "count", _channels),
    _Entry("patience_n", _SOUND, "count", _patience_n),
    _Entry("overlapping_starts_per_10min", _SOUND, "per_10_min", _overlapping_starts),
    _Entry("rep_words", _COUNTS, "count", _rep_words),
    _Entry("rep_turns", _COUNTS, "count", _rep_turns),
    _Entry("rep_words_before_first_other_turn", _COUNTS, "words", _opening_words),
    _Entry("other_mean_answer_words", _COUNTS, "words", _other_mean_answer),
    _Entry("questions_per_30min", _WORDS, "count", _per_half_hour),
    _Entry("questions_first_60s", _WORDS, "count", _first_minute),
    _Entry("open_share", _WORDS, "ratio", _open_share),
    _Entry("questions_first_third_share", _WORDS, "ratio", _first_third),
    _Entry("other_long_answers", _WORDS, "count", _other_long_answers),
    _Entry("followups_taken", _WORDS, "count", _followups_taken),
    _Entry("other_questions", _WORDS, "count", _other_questions),
    _Entry("other_problems", _WORDS, "count", _count_of("need_pain"), ("need_pain",)),
    _Entry("problem_followups", _WORDS, "count", _followed("need_pain"), ("need_pain",)),
    _Entry("other_competitor_mentions", _WORDS, "count", _count_of("competitor"), ("competitor",)),
    _Entry("competitor_followups", _WORDS, "count", _followed("competitor"), ("competitor",)),
    _Entry("company_overview_ms", _WORDS, "ms", _company_overview, ("company_overview",)),
    _Entry("rep_commitments", _WORDS, "count", _commitments(Role.REP), ("commitment",)),
    _Entry("other_commitments", _WORDS, "count", _commitments(Role.OTHER), ("commitment",)),
    _Entry("other_refusal_after_next_step", _WORDS, "count", _refusal_after_next_step, ("next_step", "refusal")),
    _Entry("ms_from_last_topic_to_end", _WORDS, "ms", _topic_to_end, tuple(sorted(_TOPICS))),
    _Entry("first_pricing_share", _WORDS, "ratio", _first_pricing_share, ("pricing",)),
    _Entry("need_hits_before_pricing", _WORDS, "count", _need_before_pricing, ("pricing", "need_pain")),
    _Entry("discount_unasked", _WORDS, "count", _discount_unasked, ("discount_offer", "discount_request")),
    _Entry("objection_reply_words", _WORDS, "words", _objection_words, counted.OBJECTIONS),
    _Entry("objections_unacknowledged", _WORDS, "count", _unacknowledged, (*counted.OBJECTIONS, "empathy_ack")),
    _Entry("objections_met_with_question", _WORDS, "count", _met_with_question, counted.OBJECTIONS),
    _Entry("other_strong_negative", _WORDS, "count", _negative_turns, ("sentiment",)),
    _Entry("negative_not_picked_up", _WORDS, "count", _not_picked_up, ("sentiment", "empathy_ack")),
    _Entry("tone_last_minus_first", _WORDS, "valence", _tone_change, ("sentiment",)),
    _Entry("guide_coverage", _WORDS, "ratio", guide.coverage_ratio),
    _Entry("guide_missing", _WORDS, "count", guide.missing),
    _Entry("wording_drift", _WORDS, "ratio", guide.wording_drift),
    _Entry("unplanned_questions", _WORDS, "count", guide.unplanned),
    _Entry("outside_guide_share", _WORDS, "ratio", guide.outside_share),
    _Entry("buzzwords_per_100", _WORDS, "per_100_words", _buzzwords, ("buzzwords",)),
)  # fmt: skip
