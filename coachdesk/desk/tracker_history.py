"""A tracker over the whole history: every call that says a phrase, how often, and the moments to play.

Found are exactly the utterances that `conversation.trackers` finds in a call: one hit for an utterance, none in suspect
ones. Here every language is looked through, for what was typed is looked for and nothing else; a call without words was
not looked through, and is counted apart.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from coachdesk.conversation import trackers
from coachdesk.errors import InputError
from coachdesk.history import said
from coachdesk.history.store import Store

MOST_MOMENTS = 25  # of one call; all are counted


def everywhere(store: Store, phrases: tuple[str, ...], who: str | None) -> dict[str, Any]:
    """{"phrases", "who", "total", "calls": [{call, title, kind, started_at, case, draft, count, moments}], "without_words"}.

    Calls newest first; moments in order of time: {start_ms, end_ms, utterance, speaker, role, phrase, text}. `who`: rep |
    other | None. Raises InputError for a phrase without words.
    """
    phrases = tuple(" ".join(phrase.split()) for phrase in phrases)
    if not phrases or not all(any(c.isalnum() for c in phrase) for phrase in phrases):
        raise InputError("A tracker needs words.", 'Write a phrase as it is said: "proof of concept", or "pric*".')
    finder = trackers.finder(phrases)
    of_call: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in said.perhaps(store, phrases, who):
        if match := finder(row["text"]):
            of_call[row["call"]].append({**row, "phrase": row["text"][match.start() : match.end()]})
    shown = [hit for hits in of_call.values() for hit in hits[:MOST_MOMENTS]]
    places = said.details(store, [hit["n"] for hit in shown])
    every = said.calls_of(store)
    return {
        "phrases": list(phrases),
        "who": who,
        "total": sum(map(len, of_call.values())),
        "calls": [_of_call(every[call_id], of_call[call_id], places) for call_id in every if call_id in of_call],
        "without_words": sum(not call["has_words"] for call in every.values()),
    }


def _of_call(call: dict[str, Any], hits: list[dict[str, Any]], places: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "call": call["id"],
        "title": call["title"],
        "kind": call["kind"],
        "started_at": call["started_at"],
        "case": call["case_name"],
        "draft": bool(call["draft"]),
        "count": len(hits),
        "moments": [{**places[hit["n"]], "phrase": hit["phrase"], "text": hit["text"]} for hit in hits[:MOST_MOMENTS]],
    }
