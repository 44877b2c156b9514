"""A playbook out of its file: TOML, its rules picked from the rule sets, checked, its version set.

A wrong playbook is refused with file, line and mend.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
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
from coachdesk.errors import PlaybookError

_SHAPES = (Playbook, PlaybookText, Rule, RuleText, Condition, TrackerSpec, TargetSpec, Slot, Question, Wording)
_KEYS = {name for shape in _SHAPES for name in shape.__struct_fields__}


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
    first = 0
    for name, nth in steps:
        heads = [n for n, line in enumerate(lines) if line.startswith(f"[[{name}]]" if nth else f"[{name}")]
        inside = [n for n, line in enumerate(lines) if n >= first and line.startswith(f"{name} =")]
        first = next(iter(heads[int(nth or 0) :] or inside), first)
    named = re.search(r"unknown field `(\w+)`", message)
    word = named.group(1) if named else steps[-1][0] if steps else ""
    return next((n for n, line in enumerate(lines[first:], first + 1) if word and word in line), first + 1)


def _rules_of(path: Path) -> list[Rule]:
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


def _wrong(path: Path, word: str, problem: str, mend: str) -> PlaybookError:
    line = next((n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if word and word in text), 1)
    return PlaybookError(f"{path.name}, line {line}: {problem}.", mend)
