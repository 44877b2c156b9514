"""What is wrong with a playbook: each problem with the word its line holds, and how to mend it."""

from __future__ import annotations

import re

import msgspec

from coachdesk.coaching.playbook import (
    BLANK,
    EVIDENCE_FINDERS,
    OPERATORS,
    SIDES,
    SLOT_KINDS,
    STRENGTHS,
    WINDOW,
    Playbook,
    Rule,
    Vocabulary,
)

Problem = tuple[str, str, str]  # what is wrong, a word of the line, the mend
_ONE_OF_SIDES = "One of rep, other, any."
_ADD = "Add the tracker."
MOST_LINES = 8


def problems(playbook: Playbook, vocabulary: Vocabulary) -> list[Problem]:
    found: list[Problem] = []

    def need(holds: object, problem: str, word: str, mend: str) -> None:
        if not holds:
            found.append((problem, word, mend))

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
        found += _rule_problems(rule, trackers, vocabulary)
        found += _text_problems(rule, playbook)
    return [*found, *_slot_problems(playbook, trackers), *_question_problems(playbook)]


def _slot_problems(playbook: Playbook, trackers: set[str]) -> list[Problem]:
    found: list[Problem] = []
    ids = [slot.id for slot in playbook.slots]
    for slot in playbook.slots:
        name = f'slot "{slot.id}"'
        checks = (
            (ids.count(slot.id) == 1, f"{name} stands twice", "Remove one of them, or give it another id."),
            (slot.kind in SLOT_KINDS, f'{name} is of kind "{slot.kind}"', f"One of {', '.join(SLOT_KINDS)}."),
            (slot.kind != "tracker" or slot.tracker in trackers, f'{name} needs tracker "{slot.tracker}"', _ADD),
            (not slot.tracker or slot.tracker in trackers, f'{name} names tracker "{slot.tracker}"', _ADD),
            (slot.side in SIDES, f'{name} is for side "{slot.side}"', _ONE_OF_SIDES),
            (1 <= slot.most <= MOST_LINES, f"{name} takes {slot.most} lines", f"Take 1 to {MOST_LINES}."),
        )
        found += [(problem, slot.id, mend) for holds, problem, mend in checks if not holds][:1]
    return found


def _question_problems(playbook: Playbook) -> list[Problem]:
    ids = [question.id for question in playbook.questions]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    found = [(f'question "{one}" stands twice', one, "Remove one of them, or give it another id.") for one in twice]
    unknown = [one for one in playbook.guide if one not in ids]
    found += [(f'the guide names question "{one}"', one, "Add it under [[questions]].") for one in unknown]
    first = playbook.languages[:1]
    return found + [
        (f'question "{question.id}" has no text for "{first[0]}"', question.id, f"Add text = {{ {first[0]} = ... }}.")
        for question in playbook.questions
        if first and not question.text.get(first[0], "").strip()
    ]


def _rule_problems(rule: Rule, trackers: set[str], vocabulary: Vocabulary) -> list[Problem]:
    found: list[Problem] = []

    def need(holds: object, problem: str, mend: str) -> None:
        if not holds:
            found.append((f"rule {rule.id}: {problem}", rule.id, mend))

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
            not condition.window or WINDOW.match(condition.window),
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
    return found


def _text_problems(rule: Rule, playbook: Playbook) -> list[Problem]:
    """Texts in the playbook's first language, whose blanks are all filled when the rule fires."""
    first = playbook.languages[:1]
    if first and first[0] not in rule.text:
        return [(f'rule {rule.id}: it has no texts for "{first[0]}"', rule.id, f"Add [rule.text.{first[0]}].")]
    conditions = [*rule.conditions, *([rule.improved] if rule.improved else [])]
    known = {"own", "other", "n"} | {c.signal for c in conditions}
    known |= {c.value.removeprefix("$") for c in conditions if isinstance(c.value, str)}
    known |= {"topic", "level"} if any(c.protected for c in conditions) else set()
    written = " ".join(str(value) for text in rule.text.values() for value in msgspec.structs.astuple(text))
    blanks = sorted(set(BLANK.findall(written)) - known)
    plans = " ".join(text.plan for text in rule.text.values())
    numbers = sorted(set(BLANK.findall(plans)) & known - {"own", "other"})
    found = [
        (f'rule {rule.id}: its plan names "{{{blank}}}"', rule.id, "A plan holds for any call: only {own} and {other}.")
        for blank in numbers
    ]
    return found + [
        (f'rule {rule.id}: nothing fills "{{{blank}}}"', rule.id, "Name a signal or limit of its conditions.")
        for blank in blanks
    ]
