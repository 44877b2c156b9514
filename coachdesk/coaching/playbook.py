"""A playbook: everything that belongs to a trade, as data. TOML, checked at load; never code, never a regular expression.

A playbook names its sides, its results, its trackers, its targets and the rules it coaches by. Rules live in rule sets
(`resources/rules/*.toml`), so that ten playbooks share one wording; a playbook picks them by id and may set their
limits, or carry rules of its own. Texts are keyed by language. The version of a playbook is the hash of its resolved
content. A wrong playbook is refused with file, line and mend.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from coachdesk.errors import PlaybookError
from coachdesk.model import FindingKind, Tracker

FORMAT = "coachdesk.playbook/1"
RULES_FORMAT = "coachdesk.rules/1"
OPERATORS = (">", ">=", "<", "<=", "==", "!=", "between", "outside")
STRENGTHS = {"measured": 1.0, "solid": 1.0, "craft": 0.8, "vendor": 0.7, "weak": 0.5}
EVIDENCE_FINDERS = ("opening", "closing", "longest_rep_turns", "longest_other_turns", "rep_questions")
SIDES = ("rep", "other", "any")
_ONE_OF_SIDES = "One of rep, other, any."
_BLANK = re.compile(r"\{(\w+)\}")
_WINDOW = re.compile(r"^(first|last) (\d+)(%|s|m)(?: or (\d+)(%|s|m))?$")


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One test on a signal, on a tracker's hits, or on protected topics. `value` may name a limit: "$share"."""

    op: str
    value: float | list[float] | str
    signal: str = ""
    tracker: str = ""
    protected: str = ""  # a topic, or "any"
    side: str = "any"
    window: str = ""


class RuleText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule says to a person. {placeholders} name signals or limits of the rule, or {own}, {other}, {n}, {topic}."""

    title: str
    advice: str
    drill: str = ""
    try_saying: str = ""
    improved: str = ""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule: fires when all of `all` and, where given, one of `any` hold; shown only with `evidence`."""

    id: str
    kind: FindingKind
    severity: int
    weight: float
    strength: str
    source: str
    text: dict[str, RuleText]
    evidence: list[str]
    all: list[Condition] = []
    any: list[Condition] = []
    limits: dict[str, float] = {}
    absence: bool = False  # leans on something not being found: silent where looking was not possible
    improved: Condition | None = None

    @property
    def family(self) -> str:
        """Rules of one family say related things; at most one of them is suggested per call."""
        return self.id.split("-")[0]

    @property
    def conditions(self) -> list[Condition]:
        return [*self.all, *self.any]


class PlaybookText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The trade's own words: its name, its two sides, its case."""

    name: str
    about: str
    own: str
    other: str
    case: str
    results: dict[str, str]
    case_results: dict[str, str] = {}
    trackers: dict[str, str] = {}


class TrackerSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tracker as written in a playbook."""

    id: str
    side: str = "any"
    patterns: list[str] = []
    phrases: list[str] = []

    def tracker(self) -> Tracker:
        return Tracker(self.id, self.side, tuple(self.patterns), tuple(self.phrases))


class TargetSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A range for a number, with its source."""

    source: str
    strength: str
    low: float | None = None
    high: float | None = None


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the wording of each side is scanned unless the person says otherwise."""

    rep: bool = False
    other: bool = False


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the brief, filled from a tracker's hits."""

    id: str
    tracker: str
    side: str = "any"
    text: dict[str, str] = {}


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something worth asking on such a call, to be ticked while recording."""

    id: str
    text: dict[str, str]


class Playbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A playbook as written. `rules` are ids from the rule sets; `rule` are its own."""

    format: str
    id: str
    kind: str
    languages: list[str]
    text: dict[str, PlaybookText]
    results: list[str]
    case_results: list[str] = []
    good_results: list[str] = []
    wording: Wording = Wording()
    publish: bool = True
    trackers: list[TrackerSpec] = []
    targets: dict[str, TargetSpec] = {}
    rules: list[str] = []
    limits: dict[str, dict[str, float]] = {}
    rule: list[Rule] = []
    slots: list[Slot] = []
    guide: list[str] = []
    questions: list[Question] = []
    version: str = ""

    def words(self, language: str) -> PlaybookText:
        """The trade's words in `language`, else in the playbook's first language."""
        return self.text.get(language) or self.text[self.languages[0]]

    def rule_text(self, rule: Rule, language: str) -> RuleText:
        return rule.text.get(language) or rule.text[self.languages[0]]

    def asking(self, language: str) -> dict[str, str]:
        """The questions by id, in `language`, else in the playbook's first language."""
        return {q.id: q.text.get(language) or q.text[self.languages[0]] for q in self.questions}

    def find(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rule if rule.id == rule_id), None)


class RuleSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of rules that several playbooks pick from."""

    format: str
    rule: list[Rule]


class Vocabulary(msgspec.Struct, frozen=True):
    """The closed lists a playbook may name: signals, metrics, patterns and protected topics that the code knows."""

    signals: frozenset[str]
    metrics: frozenset[str]
    patterns: frozenset[str]
    topics: frozenset[str]


def load(path: Path, rule_sets: list[Path], vocabulary: Vocabulary) -> Playbook:
    """A playbook with its rules resolved and its version set.

    Raises PlaybookError naming file, line and mend for anything that does not fit.
    """
    raw = read_toml(path)
    playbook: Playbook = _convert(raw, Playbook, path)
    if playbook.format != FORMAT:
        raise _wrong(path, "format", f'the format is not "{FORMAT}"', f'Write format = "{FORMAT}".')
    library = {rule.id: rule for file in rule_sets for rule in _rules_of(file)}
    picked = [_pick(path, library, rule_id) for rule_id in playbook.rules]
    rules = [_with_limits(rule, playbook.limits.get(rule.id, {})) for rule in [*picked, *playbook.rule]]
    whole: Playbook = msgspec.structs.replace(playbook, rule=rules)
    _check(path, whole, vocabulary)
    digest = hashlib.sha256(msgspec.json.encode(whole, order="deterministic")).hexdigest()
    versioned: Playbook = msgspec.structs.replace(whole, version=digest[:12])
    return versioned


def read_toml(path: Path) -> dict[str, Any]:
    """The TOML of a file. Raises PlaybookError with the line where it breaks."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as gone:
        raise PlaybookError(f"{path.name} cannot be read: {gone.strerror}.", "Check the path.") from gone
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise PlaybookError(f"{path.name} is not valid TOML: {wrong}.", "Mend that line.") from wrong


def _convert(raw: dict[str, Any], kind: type[Any], path: Path) -> Any:
    try:
        return msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as wrong:
        line = _line_of(path.read_text("utf-8").splitlines(), str(wrong))
        raise PlaybookError(f"{path.name}, line {line}: {wrong}.", "Compare a shipped playbook or rule set.") from None


def _line_of(lines: list[str], message: str) -> int:
    """The line a complaint like "unknown field `a` - at `$.rule[1].all[0]`" is about; its table's where none is nearer."""
    where = re.search(r"`\$([^`]*)`$", message)
    steps = re.findall(r"(\w+)(?:\[(\d+)\])?", where.group(1)) if where else []
    first = 0
    for name, nth in steps:
        heads = [n for n, line in enumerate(lines) if line.startswith(f"[[{name}]]" if nth else f"[{name}")]
        inside = [n for n, line in enumerate(lines) if n >= first and line.startswith(f"{name} =")]
        first = next(iter(heads[int(nth or 0) :] or inside), first)
    named = re.search(r"unknown field `(\w+)`", message)
    word = named.group(1) if named else steps[-1][0] if steps else ""
    return next((n for n, line in enumerate(lines[first:], first + 1) if word and word in line), first + 1)


def _rules_of(path: Path) -> list[Rule]:
    found: RuleSet = _convert(read_toml(path), RuleSet, path)
    return found.rule


def _pick(path: Path, library: dict[str, Rule], rule_id: str) -> Rule:
    if rule_id not in library:
        raise _wrong(path, rule_id, f'there is no rule "{rule_id}"', "Remove it, or write it under [[rule]].")
    return library[rule_id]


def _with_limits(rule: Rule, limits: dict[str, float]) -> Rule:
    return msgspec.structs.replace(rule, limits={**rule.limits, **limits}) if limits else rule


def _check(path: Path, playbook: Playbook, vocabulary: Vocabulary) -> None:
    for problem, word, mend in _problems(playbook, vocabulary):
        raise _wrong(path, word, problem, mend)


def _problems(playbook: Playbook, vocabulary: Vocabulary) -> list[tuple[str, str, str]]:
    problems: list[tuple[str, str, str]] = []

    def need(holds: object, problem: str, word: str, mend: str) -> None:
        if not holds:
            problems.append((problem, word, mend))

    need(playbook.languages, "it has no language", "languages", 'Write languages = ["en"].')
    for language in playbook.languages:
        need(language in playbook.text, f'there are no texts for "{language}"', "languages", f"Add [text.{language}].")
    trackers = {spec.id for spec in playbook.trackers}
    for spec in playbook.trackers:
        need(spec.patterns or spec.phrases, f'tracker "{spec.id}" listens for nothing', spec.id, "Give it phrases.")
        for phrase in spec.phrases:
            need(re.search(r"\w", phrase), f'tracker "{spec.id}" has the phrase "{phrase}"', spec.id, "Write words.")
        need(spec.side in SIDES, f'tracker "{spec.id}" is for side "{spec.side}"', spec.id, _ONE_OF_SIDES)
        for pattern in spec.patterns:
            need(pattern in vocabulary.patterns, f'there is no pattern "{pattern}"', pattern, "Use phrases instead.")
    for metric, target in playbook.targets.items():
        need(metric in vocabulary.metrics, f'there is no number "{metric}"', metric, "See `coachdesk playbooks show`.")
        need(
            target.strength in STRENGTHS,
            f'"{target.strength}" is no strength',
            metric,
            f"One of {', '.join(STRENGTHS)}.",
        )
    for rule_id in playbook.limits:
        need(playbook.find(rule_id), f'limits for "{rule_id}", which is not in the playbook', rule_id, "Add the rule.")
    seen: set[str] = set()
    for rule in playbook.rule:
        need(rule.id not in seen, f'rule "{rule.id}" stands twice', rule.id, "Remove one of them.")
        seen.add(rule.id)
        problems += _rule_problems(rule, trackers, vocabulary)
        problems += _text_problems(rule, playbook)
    for slot in playbook.slots:
        need(slot.tracker in trackers, f'slot "{slot.id}" needs tracker "{slot.tracker}"', slot.id, "Add the tracker.")
    return [*problems, *_question_problems(playbook)]


def _question_problems(playbook: Playbook) -> list[tuple[str, str, str]]:
    ids = [question.id for question in playbook.questions]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    problems = [(f'question "{one}" stands twice', one, "Remove one of them, or give it another id.") for one in twice]
    first = playbook.languages[:1]
    return problems + [
        (f'question "{question.id}" has no text for "{first[0]}"', question.id, f"Add text = {{ {first[0]} = ... }}.")
        for question in playbook.questions
        if first and not question.text.get(first[0], "").strip()
    ]


def _rule_problems(rule: Rule, trackers: set[str], vocabulary: Vocabulary) -> list[tuple[str, str, str]]:
    problems: list[tuple[str, str, str]] = []

    def need(holds: object, problem: str, mend: str) -> None:
        if not holds:
            problems.append((f"rule {rule.id}: {problem}", rule.id, mend))

    need(rule.strength in STRENGTHS, f'"{rule.strength}" is no strength', f"One of {', '.join(STRENGTHS)}.")
    need(rule.conditions, "it has no condition", "Add all = [...] or any = [...].")
    need(rule.evidence, "it has no evidence", "Name where its moments come from.")
    for condition in [*rule.conditions, *([rule.improved] if rule.improved else [])]:
        named = [name for name in (condition.signal, condition.tracker, condition.protected) if name]
        need(len(named) == 1, "a condition names one signal, tracker or protected topic", "Name exactly one.")
        need(condition.op in OPERATORS, f'"{condition.op}" is no comparison', f"One of {' '.join(OPERATORS)}.")
        need(
            not condition.signal or condition.signal in vocabulary.signals,
            f'there is no signal "{condition.signal}"',
            "Compare the shipped rules.",
        )
        need(
            not condition.tracker or condition.tracker in trackers,
            f'there is no tracker "{condition.tracker}"',
            "Add it.",
        )
        topic = condition.protected
        topics = ["any", *sorted(vocabulary.topics)]
        need(not topic or topic in topics, f'there is no protected topic "{topic}"', f"One of {', '.join(topics)}.")
        need(
            not condition.window or _WINDOW.match(condition.window),
            f'"{condition.window}" is no window',
            'Try "last 20%".',
        )
        need(condition.side in SIDES, f'there is no side "{condition.side}"', _ONE_OF_SIDES)
        ranged = condition.op in ("between", "outside")
        pair = isinstance(condition.value, list) and len(condition.value) == 2
        fits = pair if ranged else not isinstance(condition.value, list)
        need(fits, f'"{condition.op}" does not go with {condition.value}', "between and outside take [low, high].")
        if isinstance(condition.value, str):
            limit = condition.value.removeprefix("$")
            need(limit in rule.limits, f'there is no limit "{limit}"', f"Add limits = {{{limit} = ...}}.")
    for where in rule.evidence:
        kind, _, name = where.partition(":")
        known = {"signal": vocabulary.signals, "tracker": trackers, "protected": vocabulary.topics | {"any"}}
        fits = name in known[kind] if kind in known else where in EVIDENCE_FINDERS
        need(fits, f'evidence "{where}" is unknown', f"signal:, tracker:, protected: or {', '.join(EVIDENCE_FINDERS)}.")
    return problems


def _text_problems(rule: Rule, playbook: Playbook) -> list[tuple[str, str, str]]:
    """Texts in the playbook's first language, whose blanks are all filled when the rule fires."""
    first = playbook.languages[:1]
    if first and first[0] not in rule.text:
        return [(f'rule {rule.id}: it has no texts for "{first[0]}"', rule.id, f"Add [rule.text.{first[0]}].")]
    conditions = [*rule.conditions, *([rule.improved] if rule.improved else [])]
    known = {"own", "other", "n"} | {c.signal for c in conditions}
    known |= {c.value.removeprefix("$") for c in conditions if isinstance(c.value, str)}
    known |= {"topic", "level"} if any(c.protected for c in conditions) else set()
    written = " ".join(str(value) for text in rule.text.values() for value in msgspec.structs.astuple(text))
    blanks = sorted(set(_BLANK.findall(written)) - known)
    return [
        (f'rule {rule.id}: nothing fills "{{{blank}}}"', rule.id, "Name a signal or limit of its conditions.")
        for blank in blanks
    ]


def _wrong(path: Path, word: str, problem: str, mend: str) -> PlaybookError:
    line = next((n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if word and word in text), 1)
    return PlaybookError(f"{path.name}, line {line}: {problem}.", mend)


def window_span(window: str, duration_ms: int) -> tuple[int, int]:
    """The part of the call a window names, as (start_ms, end_ms).

    "first 15% or 3m" is the longer of the two, but never more than half the call, so that the windows of a short
    call stay its beginning and its end.
    """
    if not window:
        return 0, duration_ms
    edge, *parts = _WINDOW.match(window).groups()  # type: ignore[union-attr]
    lengths = [
        int(number) * {"%": duration_ms / 100, "s": 1000.0, "m": 60_000.0}[unit]
        for number, unit in zip(parts[::2], parts[1::2], strict=True)
        if number
    ]
    length = min(round(max(lengths)), duration_ms // 2)
    return (0, length) if edge == "first" else (duration_ms - length, duration_ms)
