"""A playbook out of its file: TOML, its rules and scorecards picked from their sets, checked, its version set.

A wrong playbook is refused with file, line and mend.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from coachdesk.coaching.playbook import (
    FORMAT,
    Condition,
    Playbook,
    PlaybookText,
    Question,
    Rule,
    RuleSet,
    RuleText,
    Slot,
    TargetSpec,
    TrackerSpec,
    Vocabulary,
    Wording,
)
from coachdesk.coaching.playbook_check import near, problems
from coachdesk.coaching.scorecard import CARDS_FORMAT, Card, CardSet, CardText, Criterion, CriterionText, versioned
from coachdesk.coaching.scorecard_check import problems as card_problems
from coachdesk.coaching.scorecard_check import twice
from coachdesk.errors import PlaybookError

_TEXTS = (PlaybookText, RuleText, CardText, CriterionText)
_SHAPES = (Playbook, Rule, Condition, TrackerSpec, TargetSpec, Slot, Question, Wording, Card, Criterion, *_TEXTS)
_KEYS = {name for shape in _SHAPES for name in shape.__struct_fields__}


def load(path: Path, rule_sets: list[Path], vocabulary: Vocabulary, card_sets: Sequence[Path] = ()) -> Playbook:
    """A playbook with its rules and scorecards resolved and its version set.

    Raises PlaybookError naming file, line and mend for anything that does not fit.
    """
    raw = read_toml(path)
    playbook: Playbook = _convert(raw, Playbook, path)
    if playbook.format != FORMAT:
        raise _wrong(path, "format", f'the format is not "{FORMAT}"', f'Write format = "{FORMAT}".')
    library = {rule.id: rule for file in rule_sets for rule in rules_of(file)}
    picked = [_pick(path, library, rule_id) for rule_id in playbook.rules]
    rules = [_with_limits(rule, playbook.limits.get(rule.id, {})) for rule in [*picked, *playbook.rule]]
    cards = _cards(path, playbook, card_sets, frozenset(rule.id for rule in rules))
    whole: Playbook = msgspec.structs.replace(playbook, rule=rules, scorecard=cards)
    for problem, word, mend in problems(whole, vocabulary):
        raise _wrong(path, word, problem, mend)
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
        raise PlaybookError(f"{path.name}, line {line}: {wrong}.", _mend(str(wrong))) from None


def _mend(message: str) -> str:
    """How to mend what does not fit the shape of a playbook."""
    otherwise = "Compare a shipped playbook or rule set."
    if re.search(r"got `object` - at `\$\.rules\b", message):
        return 'Rules of your own stand under [[rule]]; rules = ["..."] lists ids of shipped ones.'
    unknown = re.search(r"unknown field `(\w+)`", message)
    return near(unknown.group(1), _KEYS, otherwise) if unknown else otherwise


def _line_of(lines: list[str], message: str) -> int:
    """The line a complaint like "unknown field `a` - at `$.rule[1].all[0]`" is about; its table's where none is nearer."""
    where = re.search(r"`\$([^`]*)`$", message)
    steps = re.findall(r"(\w+)(?:\[(\d+)\])?", where.group(1)) if where else []
    first, table = 0, ""
    for name, nth in steps:
        table = f"{table}.{name}" if table else name
        head = f"[[{table}]]" if nth else f"[{table}"
        heads = [n for n, line in enumerate(lines) if n >= first and line.startswith(head)]
        inside = [n for n, line in enumerate(lines) if n >= first and line.startswith(f"{name} =")]
        first = next(iter(heads[int(nth or 0) :] or inside), first)
    named = re.search(r"unknown field `(\w+)`", message)
    word = named.group(1) if named else steps[-1][0] if steps else ""
    return next((n for n, line in enumerate(lines[first:], first + 1) if word and word in line), first + 1)


def rules_of(path: Path) -> list[Rule]:
    """The rules of a rule set. Raises PlaybookError with file and line."""
    return _rules(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=32)
def _rules(path: Path, _changed: int) -> list[Rule]:
    """Read once for all playbooks that pick from it: TOML is read slowly."""
    found: RuleSet = _convert(read_toml(path), RuleSet, path)
    return found.rule


def _pick(path: Path, library: dict[str, Rule], rule_id: str) -> Rule:
    if rule_id not in library:
        raise _wrong(path, rule_id, f'there is no rule "{rule_id}"', near(rule_id, library, "Write it under [[rule]]."))
    return library[rule_id]


def _with_limits(rule: Rule, limits: dict[str, float]) -> Rule:
    return msgspec.structs.replace(rule, limits={**rule.limits, **limits}) if limits else rule


def _cards(path: Path, playbook: Playbook, card_sets: Sequence[Path], rules: frozenset[str]) -> list[Card]:
    """Picked and own cards, checked and versioned. A criterion of a picked card whose rule this playbook has not is
    answered by people alone: the card stays the same for all.
    """
    library = {card.id: card for file in card_sets for card in cards_of(file)} if playbook.scorecards else {}
    for card_id in playbook.scorecards:
        if card_id not in library:
            known = ", ".join(sorted(library)) or "none"
            raise _wrong(path, f'"{card_id}"', f'there is no scorecard "{card_id}"', f"Remove it. There are: {known}.")
    cards = [*(library[card_id] for card_id in playbook.scorecards), *playbook.scorecard]
    found = [problem for card in playbook.scorecard for problem in card_problems(card, playbook.languages, rules)]
    for problem, word, mend in [*twice(cards), *found]:
        raise _wrong(path, word, problem, mend)
    return [*(library[card_id] for card_id in playbook.scorecards), *map(versioned, playbook.scorecard)]


def cards_of(path: Path) -> list[Card]:
    """The cards of a set, checked and versioned. Raises PlaybookError with file and line."""
    found: CardSet = _convert(read_toml(path), CardSet, path)
    if found.format != CARDS_FORMAT:
        raise _wrong(path, "format", f'the format is not "{CARDS_FORMAT}"', f'Write format = "{CARDS_FORMAT}".')
    wrong = [problem for card in found.scorecard for problem in card_problems(card, [], None)]
    for problem, word, mend in [*twice(found.scorecard), *wrong]:
        raise _wrong(path, word, problem, mend)
    return [versioned(card) for card in found.scorecard]


def _wrong(path: Path, word: str, problem: str, mend: str) -> PlaybookError:
    line = next((n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if word and word in text), 1)
    return PlaybookError(f"{path.name}, line {line}: {problem}.", mend)
