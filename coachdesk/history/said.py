"""Utterances of current transcripts that may say a phrase: a quick look through the index, for whoever looks closely then.

More may be found than say it, never less, but for oddities of scripts where a letter and its accent are two characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from coachdesk.history.store import Store

_CURRENT = """FROM utterance u JOIN transcript t ON t.id = u.transcript_id AND t.current = 1
JOIN call ON call.id = t.call_id AND call.deleted_at IS NULL
LEFT JOIN speaker ON speaker.call_id = call.id AND speaker.label = u.speaker
WHERE u.suspect = 0"""
_ASCII_RUN = re.compile(r"[A-Za-z0-9]+")
_PAGE = 400


def perhaps(store: Store, phrases: Sequence[str], role: str | None) -> list[dict[str, Any]]:
    """{n, call, start_ms, text} of utterances that may say one of the phrases, in order of time; a word that ends in * may go
    on. `n` is the number of the row, for `details`.
    """
    indexed = [terms for phrase in phrases if (terms := _terms(phrase))]
    found: dict[int, dict[str, Any]] = {}
    if indexed:
        among = "u.n IN (SELECT rowid FROM utterance_fts WHERE utterance_fts MATCH :look)"
        _collect(store, found, among, " OR ".join(indexed), role)
    for phrase in phrases:
        if not _terms(phrase):  # only beginnings of words: the index holds stems, and cannot be asked for them
            run = max(_ASCII_RUN.findall(phrase), key=len, default="")
            _collect(store, found, "u.text LIKE :look" if run else "1", f"%{run}%", role)
    return sorted(found.values(), key=lambda row: (row["start_ms"], row["n"]))


def _collect(store: Store, found: dict[int, dict[str, Any]], among: str, look: str, role: str | None) -> None:
    by_role = "AND speaker.role = :role" if role else ""
    rows = store.rows(
        f"SELECT u.n, t.call_id AS call, u.start_ms, u.text {_CURRENT} AND {among} {by_role}",
        {"look": look, "role": role},
    )
    found.update((row["n"], row) for row in rows)


def _terms(phrase: str) -> str:
    """A phrase for the index: its whole words as they follow one another; "" where it has none."""
    runs: list[list[str]] = [[]]
    for word in phrase.replace("\0", " ").replace('"', " ").split():
        if word.endswith("*"):
            runs.append([])
        elif any(c.isalnum() for c in word):
            runs[-1].append(word)
    quoted = ['"' + " ".join(run) + '"' for run in runs if run]
    return f"({' AND '.join(quoted)})" if quoted else ""


def details(store: Store, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Who says these utterances, and from when to when."""
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(numbers), _PAGE):
        part = tuple(numbers[start : start + _PAGE])
        rows = store.rows(
            f"""SELECT u.n, u.id AS utterance, coalesce(speaker.name, '') AS speaker, speaker.role,
            u.start_ms, u.end_ms {_CURRENT} AND u.n IN ({",".join("?" * len(part))})""",
            part,
        )
        found.update((row.pop("n"), row) for row in rows)
    return found


def calls_of(store: Store) -> dict[str, dict[str, Any]]:
    """Calls outside the bin, newest first, with whether they have words, and whether those are a draft."""
    rows = store.rows(
        """SELECT call.id, call.title, call.kind, call.started_at, cases.name AS case_name, t.id IS NOT NULL AS has_words,
        coalesce(t.draft, 0) AS draft FROM call LEFT JOIN cases ON cases.id = call.case_id
        LEFT JOIN transcript t ON t.call_id = call.id AND t.current = 1
        WHERE call.deleted_at IS NULL ORDER BY call.started_at DESC, call.id"""
    )
    return {row["id"]: row for row in rows}
