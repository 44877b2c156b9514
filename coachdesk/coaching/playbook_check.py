"""What is wrong with a playbook: each problem with the word its line holds, and how to mend it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

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
_NO_PHRASE = re.compile(r"[\\|(\[{^$]|\*\w|(?:^|\s)\*")  # an expression, or a star that is not at the end of a word
_SEVEREST, _HEAVIEST = 5, 3.0
_ADD = "Add the tracker."
MOST_LINES = 8


def problems(playbook: Playbook, vocabulary: Vocabulary) -> list[Problem]:
    """All of them, in the order of the file's parts: the first one is what a person mends first."""
    trackers = {spec.id: spec.side for spec in playbook.trackers}
    found = _word_problems(playbook) + _tracker_problems(playbook, vocabulary) + _target_problems(playbook, vocabulary)
    found += _limit_problems(playbook)
    seen: set[str] = set()
    for rule in playbook.rule:
        if rule.id in seen:
            found.append((f'rule "{rule.id}" stands twice', rule.id, "Remove one of them."))
        seen.add(rule.id)
        found += _rule_problems(rule, trackers, vocabulary)
        found += _text_problems(rule, playbook)
    return [*found, *_slot_problems(playbook, trackers), *_question_problems(playbook)]


def near(word: str, known: Collection[str], otherwise: str) -> str:
    """The mend for a name that is not known: the one it looks like, or what to do otherwise."""
    if not word or word in known:
        return otherwise  # nothing to mend: looking for likenesses is slow
    close = difflib.get_close_matches(word, sorted(known), 1)
    return f'Did you mean "{close[0]}"?' if close else otherwise


def _twice(kind: str, ids: list[str]) -> list[Problem]:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    return [(f'{kind} "{one}" stands twice', one, "Remove one of them, or give it another id.") for one in twice]


def _word_problems(playbook: Playbook) -> list[Problem]:
    """Languages and results: whatever a person can choose has a word in every language."""
    found: list[Problem] = []
    if not re.fullmatch(r"\w+", playbook.id):
        found.append((f'the id "{playbook.id}" is no plain name', "id =", "Write letters, digits and _ only."))
    if not playbook.languages:
        found.append(("it has no language", "languages", 'Write languages = ["en"].'))
    if not playbook.results:
        found.append(
            ("it has no results", "results", 'Write results = ["done"], and its words under [text.en.results].')
        )
    for result in playbook.good_results:
        if result not in playbook.results:
            mend = near(result, playbook.results, "Add it to results.")
            found.append((f'the good result "{result}" is no result', "good_results", mend))
    for language in playbook.languages:
        if language not in playbook.text:
            found.append((f'there are no texts for "{language}"', "languages", f"Add [text.{language}]."))
            continue
        text = playbook.text[language]
        for part, ids, words in (
            ("results", playbook.results, text.results),
            ("case_results", playbook.case_results, text.case_results),
        ):
            found += [
                (
                    f'"{one}" of {part} has no words in "{language}"',
                    f'"{one}"',
                    f"Add it under [text.{language}.{part}].",
                )
                for one in ids
                if one not in words
            ]
            found += [
                (f'"{one}" has words, but {part} does not list it', f"{one} =", near(one, ids, f"Add it to {part}."))
                for one in words
                if one not in ids
            ]
        named = [spec.id for spec in playbook.trackers]
        found += [
            (
                f'"{one}" is named for people, but there is no such tracker',
                f"{one} =",
                near(one, named, "Add [[trackers]]."),
            )
            for one in text.trackers
            if one not in named
        ]
    return found


def _tracker_problems(playbook: Playbook, vocabulary: Vocabulary) -> list[Problem]:
    found = _twice("tracker", [spec.id for spec in playbook.trackers])
    for spec in playbook.trackers:
        if not (spec.patterns or spec.phrases):
            found.append((f'tracker "{spec.id}" listens for nothing', spec.id, "Give it phrases."))
        if spec.side not in SIDES:
            found.append((f'tracker "{spec.id}" is for side "{spec.side}"', spec.id, _ONE_OF_SIDES))
        for phrase in spec.phrases:
            if not re.search(r"\w", phrase):
                found.append((f'tracker "{spec.id}" has the phrase "{phrase}"', spec.id, "Write words."))
            elif _NO_PHRASE.search(phrase):
                mend = "Write plain words, each way of saying it as a phrase of its own; * may only end a word."
                found.append((f'tracker "{spec.id}" has the phrase "{phrase}", which is no plain words', spec.id, mend))
        found += [
            (f'there is no pattern "{pattern}"', pattern, near(pattern, vocabulary.patterns, "Use phrases instead."))
            for pattern in spec.patterns
            if pattern not in vocabulary.patterns
        ]
    return found


def _target_problems(playbook: Playbook, vocabulary: Vocabulary) -> list[Problem]:
    found: list[Problem] = []
    for metric, target in playbook.targets.items():
        if metric not in vocabulary.metrics:
            mend = near(metric, vocabulary.metrics, "See `coachdesk playbooks show`.")
            found.append((f'there is no number "{metric}"', metric, mend))
        if target.strength not in STRENGTHS:
            found.append((f'"{target.strength}" is no strength', metric, f"One of {', '.join(STRENGTHS)}."))
        if target.low is None and target.high is None:
            found.append((f'the range of "{metric}" has no end', metric, "Write low, high, or both."))
        elif target.low is not None and target.high is not None and target.low > target.high:
            found.append((f'the range of "{metric}" ends before it begins', metric, "Swap low and high."))
    return found


def _limit_problems(playbook: Playbook) -> list[Problem]:
    """Limits name a rule of the playbook, and a limit that this rule compares with."""
    found: list[Problem] = []
    for rule_id, limits in playbook.limits.items():
        rule = playbook.find(rule_id)
        if rule is None:
            mend = near(rule_id, [one.id for one in playbook.rule], "Add the rule.")
            found.append((f'limits for "{rule_id}", which is not in the playbook', rule_id, mend))
            continue
        names = _limits_named(rule)
        for name in sorted(limits.keys() - names):
            mend = near(name, names, f"It has {', '.join(sorted(names)) or 'none'}.")
            found.append((f'rule {rule_id} has no limit "{name}"', f"{rule_id} =", mend))
    return found


def _limits_named(rule: Rule) -> set[str]:
    conditions = [*rule.conditions, *([rule.improved] if rule.improved else [])]
    return {c.value.removeprefix("$") for c in conditions if isinstance(c.value, str)}


def _slot_problems(playbook: Playbook, trackers: dict[str, str]) -> list[Problem]:
    found = _twice("slot", [slot.id for slot in playbook.slots])
    for slot in playbook.slots:
        name, heard = f'slot "{slot.id}"', slot.tracker in trackers
        deaf, add = _deaf(slot.side, trackers.get(slot.tracker, "any")), near(slot.tracker, trackers, _ADD)
        checks = (
            (slot.kind in SLOT_KINDS, f'{name} is of kind "{slot.kind}"', f"One of {', '.join(SLOT_KINDS)}."),
            (slot.kind != "tracker" or heard, f'{name} needs tracker "{slot.tracker}"', add),
            (not slot.tracker or heard, f'{name} names tracker "{slot.tracker}"', add),
            (slot.side in SIDES, f'{name} is for side "{slot.side}"', _ONE_OF_SIDES),
            (1 <= slot.most <= MOST_LINES, f"{name} takes {slot.most} lines", f"Take 1 to {MOST_LINES}."),
            (not deaf, f"{name} stays empty: {deaf}", "Give both the same side, or any."),
        )
        found += [(problem, slot.id, mend) for holds, problem, mend in checks if not holds][:1]
    return found


def _deaf(side: str, tracker_side: str) -> str:
    """Why a tracker never hears what is asked of it; empty where it does."""
    apart = "any" not in (side, tracker_side) and side != tracker_side
    return f'its tracker listens to "{tracker_side}" only' if apart else ""


def _question_problems(playbook: Playbook) -> list[Problem]:
    ids = [question.id for question in playbook.questions]
    found = _twice("question", ids)
    unknown = [one for one in playbook.guide if one not in ids]
    found += [
        (f'the guide names question "{one}"', one, near(one, ids, "Add it under [[questions]].")) for one in unknown
    ]
    first = playbook.languages[:1]
    return found + [
        (f'question "{question.id}" has no text for "{first[0]}"', question.id, f"Add text = {{ {first[0]} = ... }}.")
        for question in playbook.questions
        if first and not question.text.get(first[0], "").strip()
    ]


def _rule_problems(rule: Rule, trackers: dict[str, str], vocabulary: Vocabulary) -> list[Problem]:
    found: list[Problem] = []

    def need(holds: object, problem: str, mend: str) -> None:
        if not holds:
            found.append((f"rule {rule.id}: {problem}", rule.id, mend))

    need(rule.strength in STRENGTHS, f'"{rule.strength}" is no strength', f"One of {', '.join(STRENGTHS)}.")
    need(0 <= rule.severity <= _SEVEREST, f"severity {rule.severity} is out of range", f"0 to {_SEVEREST}.")
    need(0 < rule.weight <= _HEAVIEST, f"weight {rule.weight} is out of range", f"Above 0, {_HEAVIEST:g} at most.")
    need(rule.conditions, "it has no condition", "Add all = [...] or any = [...].")
    need(rule.evidence, "it has no evidence", "Name where its moments come from.")
    for condition in [*rule.conditions, *([rule.improved] if rule.improved else [])]:
        named = [name for name in (condition.signal, condition.tracker, condition.protected) if name]
        need(len(named) == 1, "a condition names one signal, tracker or protected topic", "Name exactly one.")
        need(condition.op in OPERATORS, f'"{condition.op}" is no comparison', f"One of {' '.join(OPERATORS)}.")
        need(
            not condition.signal or condition.signal in vocabulary.signals,
            f'there is no signal "{condition.signal}"',
            near(condition.signal, vocabulary.signals, "Compare the shipped rules."),
        )
        need(
            not condition.tracker or condition.tracker in trackers,
            f'there is no tracker "{condition.tracker}"',
            near(condition.tracker, trackers, "Add it under [[trackers]]."),
        )
        deaf = _deaf(condition.side, trackers.get(condition.tracker, "any"))
        need(not deaf, f'a condition asks side "{condition.side}", and {deaf}', "Give both the same side, or any.")
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
    for where in [*rule.evidence, *rule.went_well]:
        kind, _, name = where.partition(":")
        known = {"signal": vocabulary.signals, "tracker": trackers.keys(), "protected": vocabulary.topics | {"any"}}
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
