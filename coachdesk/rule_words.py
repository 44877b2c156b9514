"""A playbook's rules in plain words, for both faces: when a rule fires, with its limits, and what a limit is called.

Titles and advice are the playbook's own. What stands here names signals, comparisons and families, and no trade: sides
are called what the playbook calls them. A signal or family without words keeps its name, so that nothing is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

from coachdesk.coaching.phrasing import fill_sides, in_words
from coachdesk.coaching.playbook import BLANK, WINDOW, Condition, Playbook, Rule
from coachdesk.conversation import metrics, signals
from coachdesk.conversation.lexicon import lexicon
from coachdesk.sentences import N_, _

FAMILIES = {
    "LIS": N_("Listening"),
    "QUE": N_("Questions"),
    "OPN": N_("Opening"),
    "REC": N_("Recording notice"),
    "NXT": N_("Next steps"),
    "DIS": N_("Learning what is needed"),
    "OBJ": N_("Concerns"),
    "NEG": N_("Price"),
    "SCR": N_("Screening"),
    "INT": N_("Interview"),
    "PRT": N_("Protected topics"),
    "DEL": N_("Delivery"),
    "SEN": N_("Sentiment"),
    "ADV": N_("Advice"),
    "ASK": N_("Asking"),
    "CLD": N_("Calls out of the blue"),
    "DEM": N_("Showing"),
    "FUP": N_("Following up"),
    "INK": N_("Intake"),
    "RCP": N_("Playing back"),
    "RST": N_("The problem restated"),
    "SLV": N_("Solved"),
    "TRN": N_("Length of turns"),
    "WHO": N_("Who takes care of it"),
    "POS": N_("What went well"),
}
SIGNALS = {
    "speech_minutes": N_("Speech in the call"),
    "duration_min": N_("Length of the call"),
    "audio_channels": N_("Channels of the recording"),
    "patience_n": N_("Replies that could be timed"),
    "overlapping_starts_per_10min": N_("Starts before the other side had ended, in 10 minutes"),
    "rep_words": N_("Words said ({own})"),
    "rep_turns": N_("Turns ({own})"),
    "rep_words_before_first_other_turn": N_("Words before the other side first speaks at length"),
    "other_mean_answer_words": N_("Mean length of an answer ({other})"),
    "questions_per_30min": N_("Questions in 30 minutes ({own})"),
    "questions_first_60s": N_("Questions in the first minute ({own})"),
    "open_share": N_("Share of open questions ({own})"),
    "questions_first_third_share": N_("Share of questions in the first third ({own})"),
    "other_long_answers": N_("Long answers ({other})"),
    "followups_taken": N_("Long answers picked up with a question"),
    "other_questions": N_("Questions ({other})"),
    "other_problems": N_("Problems named ({other})"),
    "problem_followups": N_("Problems followed by a question"),
    "other_competitor_mentions": N_("Alternatives named ({other})"),
    "competitor_followups": N_("Alternatives followed by a question"),
    "company_overview_ms": N_("Longest stretch about the own company"),
    "rep_commitments": N_("Promises near the end ({own})"),
    "other_commitments": N_("Promises near the end ({other})"),
    "other_refusal_after_next_step": N_("Refusals after the next step ({other})"),
    "ms_from_last_topic_to_end": N_("Time from the last topic to the end"),
    "first_pricing_share": N_("Part of the call before the first price"),
    "need_hits_before_pricing": N_("Needs named before the first price"),
    "discount_unasked": N_("Lower prices offered before anybody asked"),
    "objection_reply_words": N_("Longest reply to a concern"),
    "objections_unacknowledged": N_("Concerns answered without taking them up"),
    "objections_met_with_question": N_("Concerns met with a question"),
    "other_strong_negative": N_("Strongly negative wording ({other})"),
    "negative_not_picked_up": N_("Strongly negative wording that was not picked up"),
    "tone_last_minus_first": N_("Wording of the last third less that of the first ({other})"),
    "buzzwords_per_100": N_("Buzzwords in 100 words ({own})"),
    "fillers_vs_own": N_("Filled pauses beside your usual"),
    "pace_vs_own": N_("Pace beside your usual"),
    "other_words_first_5min": N_("Words in the first 5 minutes ({other})"),
    "questions_per_100_words": N_("Questions in 100 words ({own})"),
    "dated_steps": N_("Next steps with a date"),
    "turns_after_second_refusal": N_("Own turns after a second refusal"),
    "concessions_untraded": N_("Concessions with nothing in return"),
    "words_after_price": N_("Own words right after a price"),
    "hedges_near_price_per_100": N_("Hedges near a price, in 100 words"),
    "pace_after_concern": N_("Pace after a concern, beside the usual"),
    "shown_stretch_ms": N_("Longest stretch of showing"),
    "shown_switches_per_min": N_("Changes of speaker while showing, a minute"),
    "features_without_need": N_("Features shown without a need named"),
    "answer_words_to_other": N_("Length of own answers to questions"),
    "thin_answers_unprobed": N_("Thin answers without a deeper question"),
    "answers_given_away": N_("Answers given away in the question"),
    "guide_coverage": N_("Planned questions that were asked"),
    "guide_missing": N_("Planned questions not found"),
    "wording_drift": N_("Planned words that were not said"),
    "unplanned_questions": N_("Questions nobody planned ({own})"),
    "outside_guide_share": N_("Share of questions outside the plan ({own})"),
    "consent_noted": N_("Consent noted"),
}
_COMPARED = {
    ">": N_("more than {value}"),
    ">=": N_("at least {value}"),
    "<": N_("less than {value}"),
    "<=": N_("at most {value}"),
    "==": N_("exactly {value}"),
    "!=": N_("not {value}"),
    "between": N_("between {low} and {high}"),
    "outside": N_("below {low} or above {high}"),
}
_EDGES = {"first": N_("in the first {length}"), "last": N_("in the last {length}")}


@dataclass(frozen=True, slots=True)
class LimitWords:
    """A limit of a rule: what it bounds, in which unit. `better`: it says from where on the next calls count as better."""

    name: str
    said: str
    unit: str
    better: bool


def family(code: str) -> str:
    """What a family of rules is called."""
    return _(FAMILIES[code]) if code in FAMILIES else code


def title(rule: Rule, book: Playbook, language: str) -> str:
    """A rule's title before any call: blanks that only a call fills are left open."""
    return written(book.rule_text(rule, language).title, book, language)


def written(text: str, book: Playbook, language: str) -> str:
    """A text of a rule before any call: sides are named, other blanks are an ellipsis."""
    kept = BLANK.sub(lambda blank: blank.group() if blank.group(1) in ("own", "other") else "…", text)
    return fill_sides(kept, book, language).replace("….", "…")


def when(rule: Rule, book: Playbook, language: str) -> str:
    """When a rule fires, in one sentence with its limits."""
    every = [condition(each, rule, book, language) for each in rule.all]
    some = [condition(each, rule, book, language) for each in rule.any]
    if some and every:
        return _("{every}; and one of: {some}").format(every="; ".join(every), some="; ".join(some))
    return _("one of: {some}").format(some="; ".join(some)) if len(some) > 1 else "; ".join([*every, *some])


def condition(each: Condition, rule: Rule, book: Playbook, language: str) -> str:
    """One test of a rule: "Questions in 30 minutes (you): less than 8"."""
    what, unit = named(each, book, language)
    compared = _compared(each, _value(each, rule), unit)
    where = _where(each.window)
    return (
        _("{what} {where}: {compared}").format(what=what, where=where, compared=compared)
        if where
        else _("{what}: {compared}").format(what=what, compared=compared)
    )


def named(each: Condition, book: Playbook, language: str) -> tuple[str, str]:
    """What a test looks at, and its unit."""
    trade = book.words(language)
    side = {"rep": trade.own, "other": trade.other}.get(each.side, "")
    if each.signal:
        return signal(each.signal, book, language), signals.unit_of(each.signal)
    if each.tracker:
        what = _("“{tracker}”").format(tracker=trade.trackers.get(each.tracker, each.tracker.replace("_", " ")))
    else:
        what = _topic(each.protected, language)
    return (_("{what} from {side}").format(what=what, side=side) if side else what), "found"


def _topic(topic: str, language: str) -> str:
    if topic == "any":
        return _("Question about a protected topic")
    table = lexicon(language) or lexicon("en")
    said = table.topic_names.get(topic, topic.replace("_", " ")) if table else topic
    return _("Question about a protected topic ({topic})").format(topic=said)


def signal(name: str, book: Playbook, language: str) -> str:
    """What a signal is called; one that is shown as a number has the number's name."""
    if name in metrics.BY_ID:
        return fill_sides(_(metrics.BY_ID[name].name), book, language)
    return fill_sides(_(SIGNALS[name]) if name in SIGNALS else name.replace("_", " "), book, language)


def limits(rule: Rule, book: Playbook, language: str) -> list[LimitWords]:
    """The limits of a rule that a playbook may set, those of its test first, each once."""
    found: dict[str, LimitWords] = {}
    tests = [(each, False) for each in rule.conditions] + ([(rule.improved, True)] if rule.improved else [])
    for each, better in tests:
        if isinstance(each.value, str):
            name = each.value.removeprefix("$")
            what, unit = named(each, book, language)
            compared = _(_COMPARED[each.op]).format(value="").strip()
            said = _("{what}: {compared}").format(what=what, compared=compared)
            found.setdefault(name, LimitWords(name, said, unit, better))
    return list(found.values())


def _value(each: Condition, rule: Rule) -> float | list[float]:
    return rule.limits[each.value.removeprefix("$")] if isinstance(each.value, str) else each.value


def _compared(each: Condition, value: float | list[float], unit: str) -> str:
    if isinstance(value, list):
        low, high = (in_words(end, unit) for end in value)
        return _(_COMPARED[each.op]).format(low=low, high=high)
    if unit == "" and value in (0, 1) and each.op in ("==", "!="):  # yes and no
        return _("yes") if (value == 1) == (each.op == "==") else _("no")
    whole_counts = unit in ("found", "count")
    if whole_counts and (each.op, value) in (("==", 0), ("<", 1), ("<=", 0)):
        return _("not found")
    if whole_counts and (each.op, value) in ((">=", 1), (">", 0), ("!=", 0)):
        return _("found")
    return _(_COMPARED[each.op]).format(value=in_words(value, unit))


def _where(window: str) -> str:
    """Where in the call is looked: "in the last 20 % or 3 min"."""
    found = WINDOW.match(window) if window else None
    if found is None:
        return ""
    edge, *parts = found.groups()
    units = {"%": _("{n} %"), "s": _("{n} s"), "m": _("{n} min")}
    lengths = [units[unit].format(n=n) for n, unit in zip(parts[::2], parts[1::2], strict=True) if n]
    return _(_EDGES[edge]).format(length=_(" or ").join(lengths))
