"""A playbook's sentences with their blanks filled: numbers in the words of their unit, sides in the words of the trade."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coachdesk.coaching.playbook import Playbook, Rule, RuleText
from coachdesk.model import Finding

_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Phrased:
    """What a rule says about this call."""

    title: str
    advice: str
    drill: str
    try_saying: str
    improved: str
    source: str
    strength: str
    plan: str = ""


def phrase(finding: Finding, playbook: Playbook, language: str, topics: dict[str, str]) -> Phrased:
    """The texts of a finding's rule, filled. `topics` names protected topics for people."""
    rule = playbook.find(finding.rule)
    assert rule is not None
    text = playbook.rule_text(rule, language)
    trade = playbook.words(language)
    blanks = {name: in_words(value, unit, topics) for name, (value, unit) in finding.params.items()}
    blanks |= {"own": trade.own, "other": trade.other}
    title, advice, drill, try_saying, improved = (_fill(part, blanks) for part in _parts(text))
    plan = fill_sides(text.plan, playbook, language)
    return Phrased(title, advice, drill, try_saying, improved, _joined(rule.source), rule.strength, plan)


def phrase_goal(rule: Rule, playbook: Playbook, language: str, unit: str) -> Phrased:
    """The texts of a rule that speak of no call: sides and the limit of its test are filled in; what would need a call's own
    numbers is left out. `unit`: that of the test.
    """
    text, trade = playbook.rule_text(rule, language), playbook.words(language)
    blanks = {"own": trade.own, "other": trade.other}
    if rule.improved is not None and isinstance(rule.improved.value, str):
        name = rule.improved.value.removeprefix("$")
        blanks[name] = in_words(rule.limits[name], unit)
    whole = [part if set(_BLANK.findall(part)) <= blanks.keys() else "" for part in (*_parts(text), text.plan)]
    title, advice, drill, try_saying, improved, plan = (_fill(part, blanks) for part in whole)
    return Phrased(title, advice, drill, try_saying, improved, _joined(rule.source), rule.strength, plan)


def fill_sides(text: str, playbook: Playbook, language: str) -> str:
    """A text whose only blanks are the two sides."""
    trade = playbook.words(language)
    return _fill(text, {"own": trade.own, "other": trade.other})


def in_words(value: float | str, unit: str, topics: dict[str, str] | None = None) -> str:
    """A value in the words of its unit: "64 %", "2:04", "38 words"."""
    if isinstance(value, str):
        return (topics or {}).get(value, value.replace("_", " "))
    if unit == "ratio":
        return f"{100 * value:.0f} %"
    if unit == "ms":
        return _time(value)
    if unit == "min":
        return f"{value:.0f} minutes"
    if unit == "words":
        return f"{value:.0f} words"
    if unit == "times":
        return f"{value:.1f} times"
    if unit == "wpm":
        return f"{value:.0f} words a minute"
    return f"{value:.0f}" if float(value).is_integer() or abs(value) >= 20 else f"{value:.1f}"


def _time(ms: float) -> str:
    if ms >= 60_000:
        return f"{int(ms // 60_000)}:{int(ms // 1000 % 60):02d}"
    return f"{ms / 1000:.0f} s" if ms >= 10_000 else f"{ms / 1000:.1f} s"


def _parts(text: RuleText) -> tuple[str, str, str, str, str]:
    return text.title, text.advice, text.drill, text.try_saying, text.improved


def _fill(text: str, blanks: dict[str, str]) -> str:
    filled = _BLANK.sub(lambda blank: blanks.get(blank.group(1), blank.group(1).replace("_", " ")), text)
    return _joined(filled)


def _joined(text: str) -> str:
    return " ".join(text.split())
