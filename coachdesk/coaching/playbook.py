"""A playbook: everything that belongs to a trade, as data. Never code, never a regular expression.

A playbook names its sides, its results, its trackers, its targets and the rules it coaches by. Rules live in rule sets
(`resources/rules/*.toml`), so that ten playbooks share one wording; a playbook picks them by id and may set their
limits, or carry rules of its own; scorecards likewise (`resources/scorecards/*.toml`). Texts are keyed by language.
`playbook_file` reads one, `playbook_check` says what is wrong with it. The version of a playbook is the hash of its
resolved content.
"""

from __future__ import annotations

import re

import msgspec

from coachdesk.coaching.scorecard import Card
from coachdesk.model import FindingKind, Tracker

FORMAT = "coachdesk.playbook/1"
RULES_FORMAT = "coachdesk.rules/1"
OPERATORS = (">", ">=", "<", "<=", "==", "!=", "between", "outside")
STRENGTHS = {"measured": 1.0, "solid": 1.0, "craft": 0.8, "vendor": 0.7, "weak": 0.5}
EVIDENCE_FINDERS = ("opening", "closing", "longest_rep_turns", "longest_other_turns", "rep_questions")
SIDES = ("rep", "other", "any")
SLOT_KINDS = ("tracker", "opening", "next_steps", "open_questions")
BLANK = re.compile(r"\{(\w+)\}")
WINDOW = re.compile(r"^(first|last) (\d+)(%|s|m)(?: or (\d+)(%|s|m))?$")


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
    """What a rule says to a person. {placeholders} name signals or limits of the rule, or {own}, {other}, {n}, {topic}.

    `plan` is the goal in one if-then sentence ("After {other} names a problem, ask how big it is"): it holds for any call, so it
    names nothing but the sides.
    """

    title: str
    advice: str
    drill: str = ""
    try_saying: str = ""
    improved: str = ""
    plan: str = ""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule: fires when all of `all` and, where given, one of `any` hold; shown only with `evidence`.

    `went_well`: where a moment of the same call is found in which what the rule asks for was done.
    """

    id: str
    kind: FindingKind
    severity: int
    weight: float
    strength: str
    source: str
    text: dict[str, RuleText]
    evidence: list[str]
    went_well: list[str] = []
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
    """A part of the brief. What fills it: a tracker's hits, the opening, next steps, or open questions of the other side."""

    id: str
    tracker: str = ""
    side: str = "any"
    text: dict[str, str] = {}
    kind: str = "tracker"
    most: int = 3

    @property
    def filled_by(self) -> str:
        """Its kind; a slot on the tracker of next steps takes the kept ones, which have an owner and a day."""
        return "next_steps" if self.kind == "tracker" and self.tracker == "next_step" else self.kind


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something worth asking on such a call, to be ticked while recording."""

    id: str
    text: dict[str, str]


class Playbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A playbook as written. `rules` are ids from the rule sets, `rule` its own; so with `scorecards` and `scorecard`."""

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
    guide: list[str] = []  # ids of the questions that are to be asked on every call
    questions: list[Question] = []
    scorecards: list[str] = []
    scorecard: list[Card] = []
    version: str = ""

    def words(self, language: str) -> PlaybookText:
        """The trade's words in `language`, else in the playbook's first language."""
        return self.text.get(language) or self.text[self.languages[0]]

    def rule_text(self, rule: Rule, language: str) -> RuleText:
        return rule.text.get(language) or rule.text[self.languages[0]]

    def asking(self, language: str) -> dict[str, str]:
        """The questions by id, in `language`, else in the playbook's first language."""
        return {q.id: q.text.get(language) or q.text[self.languages[0]] for q in self.questions}

    def slot_name(self, slot: Slot, language: str) -> str:
        return slot.text.get(language) or slot.text.get(self.languages[0]) or slot.id.replace("_", " ")

    @property
    def guards(self) -> bool:
        """Whether this trade watches for protected topics: then what touches them is handed on to nobody."""
        return any(condition.protected for rule in self.rule for condition in rule.conditions)

    def find(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rule if rule.id == rule_id), None)

    def card(self, card_id: str) -> Card | None:
        return next((card for card in self.scorecard if card.id == card_id), None)


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


def window_span(window: str, duration_ms: int) -> tuple[int, int]:
    """The part of the call a window names, as (start_ms, end_ms).

    "first 15% or 3m" is the longer of the two, but never more than half the call, so that the windows of a short
    call stay its beginning and its end.
    """
    if not window:
        return 0, duration_ms
    edge, *parts = WINDOW.match(window).groups()  # type: ignore[union-attr]
    lengths = [
        int(number) * {"%": duration_ms / 100, "s": 1000.0, "m": 60_000.0}[unit]
        for number, unit in zip(parts[::2], parts[1::2], strict=True)
        if number
    ]
    length = min(round(max(lengths)), duration_ms // 2)
    return (0, length) if edge == "first" else (duration_ms - length, duration_ms)
