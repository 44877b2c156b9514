"""A good written call for every playbook, and the situations in which each of its rules fires, or is not earned."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from coachdesk import paths
from coachdesk.coaching.findings import Checked, check
from coachdesk.coaching.playbook import Playbook
from coachdesk.coaching.suggestions import Baseline, with_baseline
from coachdesk.conversation.facts import Heard
from coachdesk.desk import playbooks
from coachdesk.model import Facts, Role
from tests.coaching import other_calls, recruiting_calls, sales_calls
from tests.coaching.any_trade import SHARED, WITHOUT_SHARED, Differs
from tests.coaching.written import Parts
from tests.conftest import ROOT
from tests.conversation.calls import heard, listened, spoken

SALES, SCREEN = "sales_discovery", "recruiting_screen"
NAMES = sorted(path.stem for path in (ROOT / "resources" / "playbooks").glob("*.toml"))
_TRADES = (sales_calls, recruiting_calls, other_calls)
PARTS: dict[str, Parts] = {name: parts for trade in _TRADES for name, parts in trade.PARTS.items()}
_FIRES = SHARED | sales_calls.SALES | recruiting_calls.RECRUITING | other_calls.OTHERS
_WITHOUT = WITHOUT_SHARED | sales_calls.SALES_WITHOUT | recruiting_calls.RECRUITING_WITHOUT | other_calls.OTHERS_WITHOUT
_TEXTS: dict[str, bytes] = {}  # facts of texts, as the history keeps them: the calls share most of their lines


@lru_cache
def playbook(name: str) -> Playbook:
    return playbooks.load(paths.Home(paths.resource("playbooks").parent / "nowhere"), name)


def _of(name: str, everywhere: dict[str, Differs], own: dict[str, Differs]) -> dict[str, Differs]:
    """The situations of a playbook's rules; a rule nobody wrote one for is missing here, and a test says so."""
    known = {**everywhere, **own}
    return {rule.id: known[rule.id] for rule in playbook(name).rule if rule.id in known}


SITUATIONS: dict[str, dict[str, Differs]] = {
    name: _of(name, _FIRES, fires) for trade in _TRADES for name, fires in trade.FIRES.items()
}
WITHOUT: dict[str, dict[str, Differs]] = {
    name: _of(name, _WITHOUT, trade.WITHOUT.get(name, {})) for trade in _TRADES for name in trade.FIRES
}


def call(name: str, parts: Parts | None = None, **changes: Any) -> Heard:
    """The good call of a playbook with some parts said differently; "first" and "last" are empty in the good one."""
    whole = {"first": [], **PARTS[name], "last": [], **(parts or {})}
    lines = [line for part in whole.values() for line in part]
    said = spoken(lines)
    return heard(said, **{"duration_ms": said[-1].end_ms + 1_000, **changes})


def facts(name: str, made: Heard) -> Facts:
    """What is known of a call under a playbook."""
    book = playbook(name)
    sides = [role for role in (Role.REP, Role.OTHER) if getattr(book.wording, role.value)]
    outcome = listened(made, tuple(spec.tracker() for spec in book.trackers), sides, _TEXTS)
    _TEXTS.update(outcome.fresh_texts)
    return outcome.facts


@lru_cache
def good(name: str) -> Facts:
    return facts(name, call(name))


def checked(name: str, made: Heard, baseline: Baseline | None = None) -> Checked:
    return check(with_baseline(facts(name, made), baseline or {}), playbook(name))


def fired(name: str, made: Heard, baseline: Baseline | None = None) -> set[str]:
    return {finding.rule for finding in checked(name, made, baseline).findings}


def situation(name: str, differs: Differs) -> tuple[Heard, Baseline]:
    """The call of a situation and the own calls before it."""
    parts = {key: value for key, value in differs.items() if key in PARTS[name] or key in ("first", "last")}
    rest = {key: value for key, value in differs.items() if key not in parts}
    baseline = rest.pop("baseline", {})
    return call(name, parts, **rest), baseline


@cache
def known(name: str, rule_id: str) -> Facts:
    """The facts of the call in which a rule fires."""
    made, baseline = situation(name, SITUATIONS[name][rule_id])
    return with_baseline(facts(name, made), baseline)
