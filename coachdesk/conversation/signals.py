"""Signals: the numbers that rules are made of and people are not shown as such. A closed list; playbooks name them.

A signal that is also a metric takes the metric's value. Each leans on sound, on counts over many words, or on single
words; one that the call cannot carry has no value and says why, and rules on it stay silent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coachdesk.conversation import (
    asked,
    concerns,
    counted,
    edges,
    examples,
    guide,
    lengths,
    metrics,
    missing,
    picked_up,
    priced,
    shown,
)
from coachdesk.conversation.counted import Result
from coachdesk.conversation.talk import Talk
from coachdesk.model import Measurement, Needs, Role, Signal, Withheld

OWN_BASELINE = ("fillers_vs_own", "pace_vs_own")  # made by the coach from the person's own history
GIVEN = ("consent_noted",)


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


def unit_of(name: str) -> str:
    """The unit of a signal's value; "" for yes and no."""
    if name in metrics.BY_ID:
        return metrics.BY_ID[name].unit
    if name in OWN_BASELINE:
        return "times"
    return next((entry.unit for entry in TABLE if entry.name == name), "")


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


_ANYHOW = frozenset({"speech_minutes", "duration_min", "audio_channels"})
_SOUND, _COUNTS, _WORDS = Needs.SOUND, Needs.COUNTS, Needs.WORDS

TABLE: tuple[_Entry, ...] = (
    _Entry("speech_minutes", _SOUND, "min", lengths.speech_minutes),
    _Entry("duration_min", _SOUND, "min", lengths.duration_min),
    _Entry("audio_channels", _SOUND, "count", lengths.channels),
    _Entry("patience_n", _SOUND, "count", lengths.patience_n),
    _Entry("overlapping_starts_per_10min", _SOUND, "per_10_min", lengths.overlapping_starts),
    _Entry("rep_words", _COUNTS, "count", lengths.rep_words),
    _Entry("rep_turns", _COUNTS, "count", lengths.rep_turns),
    _Entry("rep_words_before_first_other_turn", _COUNTS, "words", edges.opening_words),
    _Entry("other_mean_answer_words", _COUNTS, "words", asked.other_mean_answer),
    _Entry("other_words_first_5min", _COUNTS, "words", edges.other_words_first_5min),
    _Entry("questions_per_30min", _WORDS, "count", asked.per_half_hour),
    _Entry("questions_per_100_words", _WORDS, "per_100_words", asked.per_100_words),
    _Entry("questions_first_60s", _WORDS, "count", asked.first_minute),
    _Entry("open_share", _WORDS, "ratio", asked.open_share),
    _Entry("questions_first_third_share", _WORDS, "ratio", asked.first_third),
    _Entry("other_long_answers", _WORDS, "count", asked.other_long_answers),
    _Entry("followups_taken", _WORDS, "count", asked.followups_taken),
    _Entry("other_questions", _WORDS, "count", asked.other_questions),
    _Entry("other_problems", _WORDS, "count", picked_up.count_of("need_pain"), ("need_pain",)),
    _Entry("problem_followups", _WORDS, "count", picked_up.followed("need_pain"), ("need_pain",)),
    _Entry("other_competitor_mentions", _WORDS, "count", picked_up.count_of("competitor"), ("competitor",)),
    _Entry("competitor_followups", _WORDS, "count", picked_up.followed("competitor"), ("competitor",)),
    _Entry("company_overview_ms", _WORDS, "ms", edges.company_overview, ("company_overview",)),
    _Entry("rep_commitments", _WORDS, "count", edges.commitments(Role.REP), ("commitment",)),
    _Entry("other_commitments", _WORDS, "count", edges.commitments(Role.OTHER), ("commitment",)),
    _Entry("other_refusal_after_next_step", _WORDS, "count", edges.refusal_after_next_step, ("next_step", "refusal")),
    _Entry("dated_steps", _WORDS, "count", edges.dated_steps, ("next_step", "time_expression", "commitment")),
    _Entry("turns_after_second_refusal", _WORDS, "count", edges.turns_after_second_refusal, ("refusal",)),
    _Entry("ms_from_last_topic_to_end", _WORDS, "ms", edges.topic_to_end, tuple(sorted(edges.TOPICS))),
    _Entry("first_pricing_share", _WORDS, "ratio", priced.first_pricing_share, ("pricing",)),
    _Entry("need_hits_before_pricing", _WORDS, "count", priced.need_before_pricing, ("pricing", "need_pain")),
    _Entry("discount_unasked", _WORDS, "count", priced.discount_unasked, ("discount_offer", "discount_request")),
    _Entry("concessions_untraded", _WORDS, "count", priced.untraded, ("discount_offer", "trade")),
    _Entry("words_after_price", _WORDS, "words", priced.words_after_price, ("amount",)),
    _Entry("hedges_near_price_per_100", _WORDS, "per_100_words", priced.hedges_near_price, ("pricing", "hedge")),
    _Entry("objection_reply_words", _WORDS, "words", concerns.objection_words, counted.OBJECTIONS),
    _Entry("objections_unacknowledged", _WORDS, "count", concerns.unacknowledged, (*counted.OBJECTIONS, "empathy_ack")),
    _Entry("objections_met_with_question", _WORDS, "count", concerns.met_with_question, counted.OBJECTIONS),
    _Entry("pace_after_concern", _WORDS, "times", concerns.pace_after, counted.OBJECTIONS),
    _Entry("other_strong_negative", _WORDS, "count", concerns.negative_turns, ("sentiment",)),
    _Entry("negative_not_picked_up", _WORDS, "count", concerns.not_picked_up, ("sentiment", "empathy_ack")),
    _Entry("tone_last_minus_first", _WORDS, "valence", concerns.tone_change, ("sentiment",)),
    _Entry("buzzwords_per_100", _WORDS, "per_100_words", concerns.buzzwords, ("buzzwords",)),
    _Entry("shown_stretch_ms", _WORDS, "ms", shown.shown_stretch, ("feature",)),
    _Entry("shown_switches_per_min", _WORDS, "per_min", shown.switches_while_showing, ("feature",)),
    _Entry("features_without_need", _WORDS, "count", shown.features_without_need, ("feature", "need_pain", "recap")),
    _Entry("answer_words_to_other", _WORDS, "words", shown.answer_words),
    _Entry("thin_answers_unprobed", _WORDS, "count", examples.thin_unprobed, ("behavioural_q", "probe")),
    _Entry("guide_coverage", _WORDS, "ratio", guide.coverage_ratio),
    _Entry("guide_missing", _WORDS, "count", guide.missing),
    _Entry("wording_drift", _WORDS, "ratio", guide.wording_drift),
    _Entry("unplanned_questions", _WORDS, "count", guide.unplanned),
    _Entry("outside_guide_share", _WORDS, "ratio", guide.outside_share),
    _Entry("answers_given_away", _WORDS, "count", examples.giving_away, ("leading",)),
)  # fmt: skip
