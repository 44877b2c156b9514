"""`comment` and `score`: what people say about a call, on the command line."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable
from typing import Any

from coachdesk.cli import score_screens
from coachdesk.cli.arguments import clock
from coachdesk.cli.output import give
from coachdesk.desk import amend as changes
from coachdesk.desk.amend_reviewing import Said
from coachdesk.desk.desk import Desk, open_desk
from coachdesk.document import plain
from coachdesk.errors import InputError
from coachdesk.sentences import _


def comment(asked: Namespace) -> int:
    """Say something at a moment, or do something with what was said; a new one's id is the answer."""
    with open_desk(asked.home) as desk:
        call, made = _commented(desk, asked)
        said = plain(desk.review(call)).get("comments", [])
    if asked.json:
        give(said)
    elif made:
        print(made)
    return 0


def _commented(desk: Desk, asked: Namespace) -> tuple[str, str]:
    """(the call, the id of a comment that was added)."""
    change = _change(asked)
    if change is not None:
        call = desk.find_comment(change.comment)
        desk.amend(call, change)
        return call, ""
    if asked.at is None and not asked.reply_to:
        raise InputError(_("A comment needs a moment."), _("Say where: --at 1:24, or --reply-to ID."))
    made = desk.comment(asked.call, asked.at or 0, asked.text, asked.until, asked.reply_to)
    return asked.call, made


def _change(asked: Namespace) -> changes.EditComment | changes.RemoveComment | changes.ResolveComment | None:
    if asked.resolve or asked.reopen:
        return changes.ResolveComment(asked.resolve or asked.reopen, bool(asked.resolve))
    if asked.edit:
        return changes.EditComment(*asked.edit)
    return changes.RemoveComment(asked.remove) if asked.remove else None


def score(asked: Namespace) -> int:
    """Answer criteria of a card; without answers, show the cards as `--as` may see them."""
    said = Said(dict(asked.answers or ()), dict(asked.note), {name: _moment(name, at) for name, at in asked.pin})
    with open_desk(asked.home) as desk:
        if said.values or said.notes or said.pins:
            desk.score(asked.call, asked.card or _only_card(desk, asked.call), said, asked.who)
        document: dict[str, Any] = plain(desk.review(asked.call, asked.who))
    chosen = [card for card in document["scorecards"] if asked.card in ("", card["card"])]
    if asked.card and not chosen:
        known = ", ".join(card["card"] for card in document["scorecards"])
        raise InputError(
            _("There is no scorecard {id} here.").format(id=asked.card), _("There are: {known}.").format(known=known)
        )
    if asked.json:
        give(chosen)
    else:
        print(score_screens.cards(document, asked.card), end="")
    return 0


def _only_card(desk: Desk, call: str) -> str:
    found = [card.id for card in desk.playbook(desk.find(call).playbook).scorecard]
    if len(found) != 1:
        raise InputError(_("Which scorecard?"), _("Say --card, one of: {known}.").format(known=", ".join(found)))
    return found[0]


def _moment(criterion: str, at: str) -> int:
    try:
        return clock(at)
    except ArgumentTypeError as wrong:
        raise InputError(f"{criterion}: {wrong}.", _("Write the time like 1:24.")) from wrong


COMMANDS: dict[str, Callable[[Namespace], int]] = {"comment": comment, "score": score}
