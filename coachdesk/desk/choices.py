"""What numbers and moments can be chosen by, checked: a word that names nothing is refused, not answered with nothing."""

from __future__ import annotations

from collections.abc import Sequence

from coachdesk.coaching.playbook import Playbook
from coachdesk.errors import InputError
from coachdesk.history import library
from coachdesk.history.store import Store


def check_kind(store: Store, books: Sequence[Playbook], kind: str) -> None:
    """Raises InputError for a kind of call that neither a playbook nor a call has; "" is none and fine."""
    there_are = sorted({book.kind for book in books} | set(library.facets(store)["kind"]))
    if kind and kind not in there_are:
        raise InputError(f"There is no kind of call {kind}.", f"There are: {', '.join(there_are)}.")


def check_rule(books: Sequence[Playbook], rule: str) -> None:
    """Raises InputError for a rule that no playbook has."""
    there_are = sorted({one.id for book in books for one in book.rule})
    if rule not in there_are:
        raise InputError(f"There is no rule {rule}.", f"There are: {', '.join(there_are)}.")
