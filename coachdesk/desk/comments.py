"""Comments at moments of a call, threaded: what is there now, out of the acts that said, changed, removed or resolved it.

Every act is an event and stays one; this file only reads them in order. An edit or a removal counts from the comment's
own author, anybody may resolve. A removed comment with replies keeps its place without its words.
"""

from __future__ import annotations

from typing import Any

from coachdesk.errors import NotFound
from coachdesk.history import events
from coachdesk.history.events import Event
from coachdesk.history.store import Store

COMMENT, EDIT, REMOVE, RESOLVE = "comment", "comment_edit", "comment_remove", "comment_resolve"
ACTS = (COMMENT, EDIT, REMOVE, RESOLVE)
Document = dict[str, Any]


def of_call(store: Store, call_id: str) -> list[Document]:
    """The comments of a call: threads in order of their moments, each with its replies in order of time.

    `end_ms` is None where a comment hangs on a point in time; `author` is "" where nobody gave a name; `what` and
    `question` are set for what was marked or ticked while recording.
    """
    found: dict[str, Document] = {}
    for event in events.of_call(store, call_id, *ACTS):
        if event.kind == COMMENT:
            made = _comment(event, store.author_id)
            found[made["id"]] = made
        elif event.body["comment"] in found:
            _change(found[event.body["comment"]], event)
    return _threaded(found)


def _comment(event: Event, me: str) -> Document:
    body = event.body
    return {
        "id": comment_id(event),
        "author": body.get("as", ""),
        "author_id": event.author_id,
        "mine": event.author_id == me,
        "at": event.at,
        "start_ms": body["start_ms"],
        "end_ms": body.get("end_ms"),
        "text": body["text"],
        "what": body.get("what", ""),
        "question": body.get("question", ""),
        "reply_to": body.get("reply_to"),
        "resolved": False,
        "edited": False,
        "removed": False,
    }


def comment_id(event: Event) -> str:
    """A comment's id; one of its own where it has one, so that it stays the same when it is undone and done again."""
    return str(event.body.get("id", event.id))


def _change(comment: Document, event: Event) -> None:
    own = event.author_id == comment["author_id"]
    if event.kind == RESOLVE:
        comment["resolved"] = bool(event.body["resolved"])
    elif event.kind == EDIT and own:
        comment |= {"text": event.body["text"], "edited": True}
    elif event.kind == REMOVE and own:
        comment["removed"] = True


def _threaded(found: dict[str, Document]) -> list[Document]:
    replies: dict[str, list[Document]] = {}
    firsts: list[Document] = []
    for comment in found.values():
        first = found.get(comment["reply_to"] or "")
        if first is None:
            firsts.append(comment | {"reply_to": None})  # what it answered is not here: it stands for itself
        elif not comment["removed"]:
            replies.setdefault(first["id"], []).append(comment)
    shown: list[Document] = []
    for first in sorted(firsts, key=lambda comment: comment["start_ms"]):
        below = replies.get(first["id"], [])
        if first["removed"] and not below:
            continue
        shown.append(first | {"text": "", "what": "", "question": ""} if first["removed"] else first)
        shown += [reply | {"resolved": first["resolved"]} for reply in below]
    return shown


def first_of(store: Store, call_id: str, comment: str) -> Document:
    """The comment at the top of the thread that a comment (by a unique prefix of its id) belongs to."""
    said = of_call(store, call_id)
    found = named(said, comment)
    return next((one for one in said if one["id"] == found["reply_to"]), found)


def named(said: list[Document], comment: str) -> Document:
    """A comment by any unique prefix of its id. Raises NotFound."""
    fits = [one for one in said if comment and one["id"].startswith(comment.lower())]
    if len(fits) != 1:
        raise NotFound(f"There is no comment {comment}.", "`coachdesk show CALL` lists them with their ids.")
    return fits[0]


def call_of(store: Store, comment: str) -> str:
    """The call a comment hangs on, by any unique prefix of the comment's id. Raises NotFound."""
    made = events.of_kind(store, COMMENT)
    fits = {event.call_id for event in made if comment and comment_id(event).startswith(comment.lower())}
    if len(fits) != 1:
        raise NotFound(f"There is no comment {comment}.", "`coachdesk show CALL` lists them with their ids.")
    return str(fits.pop())
