"""Comments at moments: threads, edits, removals and what is settled, each an act that can be undone."""

from __future__ import annotations

from typing import Any

import pytest

from coachdesk.desk import amend
from coachdesk.desk.desk import Desk
from coachdesk.errors import InputError, NotFound
from coachdesk.history import events
from tests.desk.conftest import bring_words

Document = dict[str, Any]


@pytest.fixture
def call(desk: Desk, tmp_path) -> str:
    desk.change(my_name="Dan")
    return bring_words(desk, tmp_path, "words")


def said(desk: Desk, call: str, *names: str) -> list[Any]:
    found = desk.review(call).comments
    return [tuple(c[name] for name in names) if len(names) > 1 else c[names[0]] for c in found]


def somebody_else(desk: Desk, call: str, kind: str, body: Document) -> str:
    """An act of another installation, as an archive will bring it."""
    store = desk._store
    made = events.append(store, kind, call, body)
    with store.write():
        store.execute("UPDATE event SET author_id = 'f00d' WHERE id = ?", (made.id,))
    return made.id


def test_threads_stand_in_order_of_their_moments_with_replies_beneath(desk: Desk, call: str) -> None:
    late = desk.comment(call, 8_000, " late ", 9_000)
    early = desk.comment(call, 1_000, "early")
    reply = desk.comment(call, 0, "why?", reply_to=early[:10])
    desk.comment(call, 0, "because", reply_to=reply)
    assert said(desk, call, "text", "start_ms", "end_ms", "reply_to") == [
        ("early", 1_000, None, None),
        ("why?", 1_000, None, early),
        ("because", 1_000, None, early),
        ("late", 8_000, 9_000, None),
    ]
    assert said(desk, call, "id")[3] == late
    assert set(said(desk, call, "author", "mine")) == {("Dan", True)}


def test_what_becomes_of_a_comment_and_back(desk: Desk, call: str) -> None:
    first = desk.comment(call, 1_000, "first")
    desk.comment(call, 0, "reply", reply_to=first)
    before = desk.review(call).comments
    for change, expected in (
        (amend.EditComment(first, "second"), [("second", True, False, False), ("reply", False, False, False)]),
        (amend.ResolveComment(first), [("first", False, True, False), ("reply", False, True, False)]),
        (amend.RemoveComment(first), [("", False, False, True), ("reply", False, False, False)]),
    ):
        undo = desk.amend(call, change)
        changed = said(desk, call, "text", "edited", "resolved", "removed")
        assert changed == expected
        again = desk.amend(call, undo)
        assert desk.review(call).comments == before
        back = desk.amend(call, again)
        assert said(desk, call, "text", "edited", "resolved", "removed") == expected
        desk.amend(call, back)


def test_a_resolved_thread_is_opened_again_from_any_of_its_comments(desk: Desk, call: str) -> None:
    first = desk.comment(call, 1_000, "first")
    reply = desk.comment(call, 0, "reply", reply_to=first)
    desk.amend(call, amend.ResolveComment(reply))
    assert said(desk, call, "resolved") == [True, True]
    desk.amend(call, amend.ResolveComment(reply, False))
    assert said(desk, call, "resolved") == [False, False]


def test_a_comment_undone_and_done_again_keeps_what_hangs_on_it(desk: Desk, call: str) -> None:
    undo = desk.amend(call, amend.AddComment(1_000, "first"))
    first = said(desk, call, "id")[0]
    edit = desk.amend(call, amend.EditComment(first, "second"))
    edited = desk.amend(call, edit)
    again = desk.amend(call, undo)
    assert desk.review(call).comments == []
    desk.amend(call, again)
    desk.amend(call, edited)
    assert said(desk, call, "id", "text") == [(first, "second")]


def test_only_the_author_changes_a_comment_and_anybody_resolves_it(desk: Desk, call: str) -> None:
    theirs = somebody_else(desk, call, "comment", {"start_ms": 2_000, "text": "theirs", "as": "Lena"})
    mine = desk.comment(call, 3_000, "mine")
    for change in (amend.EditComment(theirs, "no"), amend.RemoveComment(theirs)):
        with pytest.raises(InputError, match="somebody else's"):
            desk.amend(call, change)
    somebody_else(desk, call, "comment_edit", {"comment": mine, "text": "hijacked"})
    somebody_else(desk, call, "comment_remove", {"comment": mine})
    somebody_else(desk, call, "comment_resolve", {"comment": mine, "resolved": True})
    desk.amend(call, amend.ResolveComment(theirs))
    assert said(desk, call, "text", "author", "mine", "resolved") == [
        ("theirs", "Lena", False, True),
        ("mine", "Dan", True, True),
    ]


def test_a_removed_comment_without_replies_is_gone_and_a_reply_whose_comment_is_elsewhere_stands_alone(
    desk: Desk, call: str
) -> None:
    first = desk.comment(call, 1_000, "first")
    desk.amend(call, amend.RemoveComment(first))
    assert desk.review(call).comments == []
    somebody_else(desk, call, "comment", {"start_ms": 2_000, "text": "to whom?", "reply_to": "nowhere"})
    assert said(desk, call, "text", "reply_to") == [("to whom?", None)]


@pytest.mark.parametrize(
    ("at", "until", "text", "reply_to", "kind"),
    [
        (1_000, None, " ", "", InputError),
        (-1, None, "text", "", InputError),
        (10**9, None, "text", "", InputError),
        (2_000, 2_000, "text", "", InputError),
        (2_000, 10**9, "text", "", InputError),
        (0, None, "text", "0123", NotFound),
    ],
)
def test_what_does_not_fit_is_refused(desk: Desk, call: str, at, until, text, reply_to, kind) -> None:
    with pytest.raises(kind) as wrong:
        desk.comment(call, at, text, until, reply_to)
    assert wrong.value.hint and desk.review(call).comments == []


def test_a_comment_is_found_without_its_call(desk: Desk, call: str, tmp_path) -> None:
    other = bring_words(desk, tmp_path, "other")
    made = desk.comment(other, 1_000, "here")
    desk.comment(call, 1_000, "there")
    assert desk.find_comment(made[:12]) == other
    with pytest.raises(NotFound):
        desk.find_comment("")
