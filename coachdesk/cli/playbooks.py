"""`playbooks`: list, show, check, copy and rules: how a playbook is looked at and made one's own from a terminal."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from coachdesk import rule_words
from coachdesk.cli.output import Progress, give
from coachdesk.coaching import playbook_edit
from coachdesk.coaching.playbook import Playbook
from coachdesk.desk.desk import Desk, open_desk
from coachdesk.document import plain
from coachdesk.errors import InputError
from coachdesk.sentences import _, ngettext


def playbooks(asked: Namespace) -> int:
    """One of the actions; without a word, the list."""
    if asked.action != "list" and not asked.what:
        raise InputError(_("Which playbook?"), _("`coachdesk playbooks` names them."))
    with open_desk(asked.home) as desk:
        desk.subscribe(Progress())
        if asked.action == "check":
            return _check(desk, Path(asked.what), asked.json)
        if asked.action == "copy":
            return _copy(desk, asked)
        found = desk.playbooks() if asked.action == "list" else [desk.playbook(asked.what)]
    if asked.action == "rules":
        rules = [_rule(found[0], rule.id) for rule in found[0].rule]
        give(rules) if asked.json else _print_rules(rules)
    elif asked.json:
        give([plain(playbook) for playbook in found])
    else:
        _print(found, titles=asked.action == "show")
    return 0


def _check(desk: Desk, path: Path, as_json: bool) -> int:
    playbook = desk.check_playbook(path)
    n = len(playbook.rule)
    told = _("{id} is in order: {n} rules.").format(id=playbook.id, n=n)
    give({"checked": playbook.id, "rules": n}) if as_json else print(told)
    return 0


def _copy(desk: Desk, asked: Namespace) -> int:
    """A copy under a new id, or of a shipped one under its own: the copy wins then."""
    if not asked.new_id:
        raise InputError(_("Under which id?"), _("`coachdesk playbooks copy ID NEW_ID`"))
    shelf = {one.id: one for one in desk.playbook_shelf()}
    taken = shelf.get(asked.new_id)
    if asked.output is None and taken and (taken.own or asked.new_id != asked.what):
        raise InputError(_("There is a playbook {id} already.").format(id=asked.new_id), _("Choose another id."))
    language = desk.playbook(asked.what).languages[0]
    text = playbook_edit.copy_as(desk.playbook_source(asked.what).text, asked.new_id, asked.name, language)
    if asked.output is None:
        desk.save_playbook(asked.new_id, text)
        path = desk.playbook_source(asked.new_id).path
        told = _("Yours now: {path}").format(path=path)
        give({"copied": asked.new_id, "path": str(path)}) if asked.json else print(told)
        return 0
    try:
        with asked.output.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as failed:
        why = failed.strerror or type(failed).__name__
        raise InputError(
            _("{name} cannot be written: {why}.").format(name=asked.output.name, why=why), _("Choose another place.")
        ) from failed
    if asked.json:
        give({"copied": asked.new_id, "path": str(asked.output)})
    return 0


def _rule(book: Playbook, rule_id: str) -> dict[str, Any]:
    """A rule in plain words."""
    rule, language = book.find(rule_id), book.languages[0]
    assert rule is not None
    return {
        "id": rule.id,
        "family": rule_words.family(rule.family),
        "kind": rule.kind.value,
        "title": rule_words.title(rule, book, language),
        "when": rule_words.when(rule, book, language),
        "limits": dict(rule.limits),
        "strength": rule.strength,
        "source": " ".join(rule.source.split()),
    }


def _print_rules(rules: list[dict[str, Any]]) -> None:
    family = ""
    for rule in rules:
        if rule["family"] != family:
            family = rule["family"]
            print(family)
        print(f"  {rule['id']:<12} {rule['title']}\n{'':15}{rule['when']}\n{'':15}{rule['strength']}: {rule['source']}")


def _print(found: list[Playbook], titles: bool) -> None:
    for playbook in found:
        trade = playbook.words(playbook.languages[0])
        print(f"{playbook.id:<20} {trade.name}: {trade.about}")
        if titles:
            print("\n".join(_contents(playbook, playbook.languages[0])))


def _contents(playbook: Playbook, language: str) -> list[str]:
    """The titles of its rules, and what there is beside them: scorecards, lines of the brief."""
    lines = [f"  {rule.id:<12} {playbook.rule_text(rule, language).title}" for rule in playbook.rule]
    cards = [
        ngettext("{name}: {n} criterion", "{name}: {n} criteria", len(card.criteria)).format(
            name=card.words(language).name, n=len(card.criteria)
        )
        + f"  [{card.id}]"
        for card in playbook.scorecard
    ]
    slots = [f"{playbook.slot_name(slot, language)}  [{slot.id}]" for slot in playbook.slots]
    for heading, found in ((_("Scorecards"), cards), (_("Lines of the brief"), slots)):
        lines += [heading, *(f"  {line}" for line in found)] if found else []
    return lines
