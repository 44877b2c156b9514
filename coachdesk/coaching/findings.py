"""Rules against facts: which fire, with which moments, and which could not be checked.

Nothing fires without a moment to play. A rule that leans on something not being found stays silent, and says so, where
looking was not possible: on drafts, on partial recordings, in a language without tables, without words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from coachdesk.coaching.playbook import Condition, Playbook, Rule, window_span
from coachdesk.model import (
    Evidence,
    Facts,
    Finding,
    Needs,
    NotChecked,
    Params,
    Role,
    TrackerHit,
    Turn,
    Utterance,
    WordsGrade,
)
from coachdesk.spans import Moment

MOMENTS = 4
ANSWERS_WITHIN_MS = 5_000
_QUOTE = 220
_SAID_ALOUD = (
    "no_words",
    "draft_too_poor",
    "draft",
    "words_too_doubtful",
    "words_doubtful",
    "no_language_table",
    "no_word_list",
    "speakers_unknown",
    "voices_unknown",
    "partial",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of all rules of a playbook."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]


@dataclass(frozen=True)
class Bench:
    """The facts of a call laid out for rules."""

    facts: Facts
    playbook: Playbook
    by_id: dict[str, Utterance] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_id.update({utterance.id: utterance for utterance in self.facts.utterances})

    def hits(self, condition: Condition) -> list[TrackerHit]:
        """Hits a tracker or protected condition asks for: by name, side and window."""
        start, end = window_span(condition.window, self.facts.duration_ms)
        return [
            hit
            for hit in self.facts.hits
            if _names(condition, hit)
            and (condition.side == "any" or hit.role.value == condition.side)
            and start <= hit.start_ms < max(end, 1)
        ]


def check(facts: Facts, playbook: Playbook) -> Checked:
    """Every rule of the playbook against the facts, in the playbook's order."""
    bench = Bench(facts, playbook)
    findings: list[Finding] = []
    silent: list[NotChecked] = []
    for rule in playbook.rule:
        said = judge(rule, bench)
        if isinstance(said, Finding):
            findings.append(said)
        elif said in _SAID_ALOUD:
            silent.append(NotChecked(rule.id, rule.kind, said, {"language": facts.language}))
    return Checked(tuple(findings), tuple(silent))


def judge(rule: Rule, bench: Bench) -> Finding | str | None:
    """The finding where a rule fires; the reason's code where it cannot be checked; None where it was and does not fire."""
    if reason := _why_not(rule, bench):
        return reason
    if fires(rule, bench) and (evidence := evidence_of(rule, bench)):
        well = _went_well(rule, bench, evidence)
        return Finding(rule.id, rule.kind, _params(rule, bench, evidence), evidence, _rough(rule, bench), well)
    return None


def found_done(rule: Rule, bench: Bench) -> tuple[Evidence, ...] | None:
    """The moments of what a rule asks for, where it is there by the rule's own test for "improved"; None where it is not
    there, or the rule has no such test. That something was not heard is no proof of anything.
    """
    wanted = rule.improved
    if wanted is None or reason_missing(wanted, bench) or not _holds(wanted, rule, bench):
        return None
    if not wanted.signal and wanted.op not in (">", ">="):
        return None
    moments = [Moment(hit.start_ms, hit.end_ms, hit.utterance) for hit in bench.hits(wanted)] if wanted.tracker else []
    return tuple(_evidence(moment, bench) for moment in moments[:MOMENTS])


# --- can it be checked


def _why_not(rule: Rule, bench: Bench) -> str:
    """Why a rule cannot be checked on this call; empty where it can."""
    if not bench.facts.sides_known:
        return sides_missing(bench.facts)
    for condition in rule.all:
        if reason := reason_missing(condition, bench):
            return reason
    reasons = [reason_missing(condition, bench) for condition in rule.any]
    if reasons and all(reasons):
        return next((reason for reason in reasons if reason in _SAID_ALOUD), reasons[0])
    return "partial" if rule.absence and bench.facts.partial else ""


def sides_missing(facts: Facts) -> str:
    """Why sides are not known: the voices of a channel are not told apart, or nobody said which is whose."""
    return "voices_unknown" if facts.roles.keys() <= {"unknown"} else "speakers_unknown"


def reason_missing(condition: Condition, bench: Bench) -> str:
    """Why a condition cannot be looked at on this call; empty where it can."""
    facts = bench.facts
    if condition.signal:
        signal = facts.signals.get(condition.signal)
        if signal is None:
            return "not_measured"
        return (_unfit(signal.needs, facts) or signal.reason or "not_measured") if signal.value is None else ""
    return _unfit(Needs.WORDS, facts) or ("no_word_list" if condition.tracker in facts.unheard else "")


def _unfit(needs: Needs, facts: Facts) -> str:
    if needs is Needs.SOUND:
        return ""
    return facts.words.cannot(needs, facts.draft) or ("" if facts.has_tables else "no_language_table")


# --- does it fire


def fires(rule: Rule, bench: Bench) -> bool:
    """Whether a rule that can be checked holds."""
    if not all(_holds(condition, rule, bench) for condition in rule.all):
        return False
    checkable = [condition for condition in rule.any if not reason_missing(condition, bench)]
    return not rule.any or any(_holds(condition, rule, bench) for condition in checkable)


def _holds(condition: Condition, rule: Rule, bench: Bench) -> bool:
    value = _value(condition, bench)
    return value is not None and compare(value, condition.op, limit(condition, rule))


def _value(condition: Condition, bench: Bench) -> float | None:
    if condition.signal:
        return bench.facts.signals[condition.signal].value
    return float(len(bench.hits(condition)))


def limit(condition: Condition, rule: Rule) -> float | list[float]:
    """The value a condition compares with; "$name" is a limit of the rule."""
    if isinstance(condition.value, str):
        return rule.limits[condition.value.removeprefix("$")]
    return condition.value


def compare(value: float, op: str, against: float | list[float]) -> bool:
    """One comparison; between and outside take [low, high]."""
    if isinstance(against, list):
        low, high = against
        inside = low <= value <= high
        return inside if op == "between" else not inside
    return {
        ">": value > against,
        ">=": value >= against,
        "<": value < against,
        "<=": value <= against,
        "==": value == against,
        "!=": value != against,
    }[op]


def _names(condition: Condition, hit: TrackerHit) -> bool:
    if condition.tracker:
        return hit.tracker == condition.tracker
    if not hit.tracker.startswith("protected:"):
        return False
    return condition.protected in ("any", hit.tracker.split(":")[1])


# --- the moments


def evidence_of(rule: Rule, bench: Bench) -> tuple[Evidence, ...]:
    """Moments of a rule: those of its first source that has any, then of the next, at most MOMENTS."""
    found: list[Moment] = []
    for source in rule.evidence:
        if len(found) < 2:
            found += [moment for moment in _moments(source, rule, bench) if moment not in found]
    return tuple(_evidence(moment, bench) for moment in found[:MOMENTS])


def _went_well(rule: Rule, bench: Bench, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Of the rule's counter-examples the one that the other side said most after; none that is advised on."""
    found = [_evidence(moment, bench) for source in rule.went_well for moment in _moments(source, rule, bench)]
    apart = [
        one
        for one in found
        if not any(one.start_ms < other.end_ms and other.start_ms < one.end_ms for other in evidence)
    ]
    best = sorted(apart, key=lambda one: (-_answer_ms(one, bench), one.start_ms))
    return tuple(best[:1])


def _answer_ms(moment: Evidence, bench: Bench) -> int:
    """The longest turn of the other side that begins in a moment or soon after it."""
    return max(
        (
            turn.span.duration_ms
            for turn in bench.facts.turns
            if turn.role is Role.OTHER and moment.start_ms <= turn.start_ms <= moment.end_ms + ANSWERS_WITHIN_MS
        ),
        default=0,
    )


def _moments(source: str, rule: Rule, bench: Bench) -> list[Moment]:
    kind, _, name = source.partition(":")
    if kind == "signal":
        signal = bench.facts.signals.get(name)
        return list(signal.moments) if signal else []
    if kind in ("tracker", "protected"):
        conditions = [c for c in rule.conditions if (c.tracker if kind == "tracker" else c.protected) == name]
        wanted = conditions or [Condition(op=">", value=0, **{kind: name})]
        return [Moment(hit.start_ms, hit.end_ms, hit.utterance) for hit in bench.hits(wanted[0])]
    return _FINDERS[source](bench)


def _opening(bench: Bench) -> list[Moment]:
    return _edge(bench, 0, min(90_000, bench.facts.duration_ms // 3))


def _closing(bench: Bench) -> list[Moment]:
    return _edge(
        bench, max(0, bench.facts.duration_ms - min(90_000, bench.facts.duration_ms // 3)), bench.facts.duration_ms
    )


def _edge(bench: Bench, start_ms: int, end_ms: int) -> list[Moment]:
    """The stretch as one moment, quoting its first own line."""
    inside = [u for u in bench.facts.utterances if start_ms <= u.start_ms < end_ms and not u.suspect]
    own = [u for u in inside if bench.facts.roles.get(u.speaker) is Role.REP] or inside
    return [Moment(start_ms, max(end_ms, start_ms + 1), own[0].id if own else None)]


def _longest(role: Role, bench: Bench) -> list[Moment]:
    turns = sorted((t for t in bench.facts.turns if t.role is role), key=lambda t: (t.start_ms - t.end_ms, t.start_ms))
    return [Moment(turn.start_ms, turn.end_ms, _utterance_in(turn, bench)) for turn in turns[:3]]


def _utterance_in(turn: Turn, bench: Bench) -> str | None:
    for utterance in bench.facts.utterances:
        if utterance.speaker == turn.speaker and not utterance.suspect and utterance.span.overlap_ms(turn.span) > 0:
            return utterance.id
    return None


def _questions(bench: Bench) -> list[Moment]:
    signal = bench.facts.signals.get("questions")
    return list(signal.moments) if signal else []


_FINDERS = {
    "opening": _opening,
    "closing": _closing,
    "longest_rep_turns": lambda bench: _longest(Role.REP, bench),
    "longest_other_turns": lambda bench: _longest(Role.OTHER, bench),
    "rep_questions": _questions,
}


def _evidence(moment: Moment, bench: Bench) -> Evidence:
    utterance = bench.by_id.get(moment.utterance or "")
    quote = quoted(utterance.text) if utterance else ""
    start = moment.start_ms
    return Evidence(bench.facts.recording, start, max(moment.end_ms, start + 1), moment.utterance, quote)


def quoted(text: str) -> str:
    """What was said, cut at a word where it is long."""
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1].rsplit(" ", 1)[0] + "…"


# --- what the texts may name


def _params(rule: Rule, bench: Bench, evidence: tuple[Evidence, ...]) -> Params:
    """{name: [value, unit]} of the rule's signals and limits, and how many moments there are."""
    params: Params = {"n": [max(len(evidence), len(_moments(rule.evidence[0], rule, bench))), "count"]}
    conditions = [*rule.conditions, *([rule.improved] if rule.improved else [])]
    for condition in conditions:
        signal = bench.facts.signals.get(condition.signal)
        unit = signal.unit if signal else "count"
        if signal is not None and signal.value is not None:
            params[condition.signal] = [signal.value, unit]
        if isinstance(condition.value, str):
            name = condition.value.removeprefix("$")
            params[name] = [rule.limits[name], unit]
        if condition.tracker and not condition.signal:
            hits = len(bench.hits(condition))
            params["n"] = [hits or len(evidence), "count"]
        if condition.protected:
            topics = sorted({hit.tracker.split(":")[1] for hit in bench.hits(condition)})
            levels = sorted({hit.tracker.split(":")[2] for hit in bench.hits(condition)})
            params["topic"] = [topics[0] if topics else condition.protected, "topic"]
            params["level"] = [levels[0] if levels else "", "text"]
    return params


def _rough(rule: Rule, bench: Bench) -> bool:
    """Whether a rule leans on words that are not to be trusted one by one."""
    leans = any(_from_words(condition, bench) for condition in rule.conditions)
    return leans and (bench.facts.draft or bench.facts.words is not WordsGrade.GOOD)


def _from_words(condition: Condition, bench: Bench) -> bool:
    signal = bench.facts.signals.get(condition.signal)
    return signal.needs is not Needs.SOUND if signal else not condition.signal
