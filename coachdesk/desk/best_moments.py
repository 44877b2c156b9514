"""The person's own best moments: what was praised on own calls, and what they marked themselves. Each can be played.

Own calls are those every own number is made of (history/results.py). Praise is what is kept of each
call's coaching, so nothing is computed anew. Marked are bookmarks, and answers that said "it is here".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from coachdesk.coaching.phrasing import phrase
from coachdesk.coaching.playbook import Playbook
from coachdesk.errors import CoachDeskError
from coachdesk.history.results import OWN
from coachdesk.history.store import Store
from coachdesk.model import Coaching, Finding

ANSWER_MS = 5_000  # an answer names a point; so much is played from there
MARK_BEFORE_MS = 10_000  # a bookmark is set after what it is about

Document = dict[str, Any]
Books = Callable[[str], Playbook]


class _Kept(msgspec.Struct):
    """Of what is kept of a call only the coaching: the facts are large, and skipped."""

    coaching: Coaching


_decode = msgspec.json.Decoder(_Kept).decode


def found(store: Store, kind: str | None, rule: str | None, books: Books) -> list[Document]:
    """Moments of the person's own calls, newest call first, in it in order of time.

    {call, title, kind, started_at, why: praise | answer | mark, rule, said, quote, start_ms, end_ms}; `said` is the praise,
    or what was typed with the mark. `kind` and `rule` choose; with a rule there are no bookmarks, which are about none.
    """
    loaded: dict[str, Playbook | None] = {}
    moments: list[Document] = []
    for call in _own_calls(store, kind):
        playbook = _book(call["playbook"], books, loaded)
        of_call = [*_praised(store, call, playbook), *_marked(store, call)]
        wanted = [one for one in of_call if rule is None or one["rule"] == rule]
        moments += sorted(wanted, key=lambda one: (one["start_ms"], one["end_ms"], one["why"], one["rule"] or ""))
    return moments


def _own_calls(store: Store, kind: str | None) -> list[Document]:
    return store.rows(
        f"""SELECT call.id AS call, call.title, call.kind, call.playbook, call.started_at, call.duration_ms,
        coalesce(transcript.language, '') AS language FROM call
        LEFT JOIN transcript ON transcript.call_id = call.id AND transcript.current = 1
        WHERE {OWN} AND (:kind IS NULL OR call.kind = :kind)
        ORDER BY call.started_at DESC, call.id""",
        {"kind": kind},
    )


def _book(playbook_id: str, books: Books, loaded: dict[str, Playbook | None]) -> Playbook | None:
    """The playbook of a call; None where it is gone or broken."""
    if playbook_id not in loaded:
        try:
            loaded[playbook_id] = books(playbook_id)
        except CoachDeskError:
            loaded[playbook_id] = None
    return loaded[playbook_id]


def _praised(store: Store, call: Document, playbook: Playbook | None) -> Iterator[Document]:
    row = store.row("SELECT document FROM derived WHERE call_id = ?", (call["call"],))
    praise = _decode(bytes(row["document"])).coaching.praise if row else ()
    for finding in (suggestion.finding for suggestion in praise):
        said = _title(finding, playbook, call["language"])
        for evidence in finding.evidence:
            span = (evidence.start_ms, evidence.end_ms)
            yield _moment(call, "praise", finding.rule, said, evidence.quote, *span)


def _title(finding: Finding, playbook: Playbook | None, language: str) -> str:
    if playbook is None or playbook.find(finding.rule) is None:
        return finding.rule
    return phrase(finding, playbook, language or playbook.languages[0], {}).title


def _marked(store: Store, call: Document) -> Iterator[Document]:
    acts = store.rows(
        "SELECT kind, body FROM event WHERE call_id = ? AND kind IN ('comment', 'answer') ORDER BY lamport, id",
        (call["call"],),
    )
    for kind, body in ((act["kind"], json.loads(act["body"])) for act in acts):
        if kind == "comment" and body.get("what") == "mark":
            at = body["start_ms"]
            yield _moment(call, "mark", None, body["text"], "", max(0, at - MARK_BEFORE_MS), at + ANSWER_MS)
        elif kind == "answer" and body["fact"] == "present" and body["at_ms"] is not None:
            yield _moment(call, "answer", body["rule"], "", "", body["at_ms"], body["at_ms"] + ANSWER_MS)


def _moment(call: Document, why: str, rule: str | None, said: str, quote: str, start_ms: int, end_ms: int) -> Document:
    known = {name: call[name] for name in ("call", "title", "kind", "started_at")}
    end_ms = max(min(end_ms, call["duration_ms"]), start_ms + 1)
    return {**known, "why": why, "rule": rule, "said": said, "quote": quote, "start_ms": start_ms, "end_ms": end_ms}
