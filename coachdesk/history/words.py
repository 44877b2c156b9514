"""Transcript versions, chunks as they come, utterances, and the search over them.

A chunk is saved before the next is asked for. A version is written whole and becomes current in the same transaction.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from coachdesk.errors import NotFound
from coachdesk.history.store import Store, new_id, now
from coachdesk.model import Transcript, Utterance, Word, WordsGrade

_RANKED_AT_MOST = 50_000  # ranking a stop word's hits takes seconds; beyond this the newest come first
_words: msgspec.json.Decoder[list[Word]] = msgspec.json.Decoder(list[Word])


def utterance_id(transcript_id: str, channel: int | None, start_ms: int, ordinal: int) -> str:
    """Never reused: made of the version, the place and the order."""
    whole = f"{transcript_id}/{channel}/{start_ms}/{ordinal}"
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


# --- chunks


def save_chunk(store: Store, recording_id: str, params: str, key: tuple[int, int, int], utterances: bytes) -> None:
    channel, start_ms, end_ms = key
    with store.write():
        store.insert(
            "chunk",
            {
                "recording_id": recording_id,
                "params": params,
                "channel": channel,
                "start_ms": start_ms,
                "end_ms": end_ms,
                "utterances": utterances.decode(),
            },
            replace=True,
        )


def chunk_keys(store: Store, recording_id: str, params: str) -> list[tuple[int, int, int]]:
    found = store.rows(
        "SELECT channel, start_ms, end_ms FROM chunk WHERE recording_id = ? AND params = ?", (recording_id, params)
    )
    return [(row["channel"], row["start_ms"], row["end_ms"]) for row in found]


def chunks(store: Store, recording_id: str, params: str) -> list[tuple[int, bytes]]:
    """(channel, utterances as sent) of every saved chunk, in order of time."""
    found = store.rows(
        "SELECT channel, utterances FROM chunk WHERE recording_id = ? AND params = ? ORDER BY start_ms, channel, end_ms",
        (recording_id, params),
    )
    return [(row["channel"], row["utterances"].encode()) for row in found]


# --- versions


def version_of(store: Store, call_id: str, params: str) -> str | None:
    """The version of a call made with these parameters."""
    found = store.row(
        "SELECT id FROM transcript WHERE call_id = ? AND params = ? ORDER BY version DESC LIMIT 1", (call_id, params)
    )
    return str(found["id"]) if found else None


def add_version(store: Store, call_id: str, params: str, made: Transcript) -> str:
    """Store a version and make it the current one; returns its id."""
    with store.write():
        count = store.row("SELECT coalesce(max(version), 0) AS last FROM transcript WHERE call_id = ?", (call_id,))
        assert count is not None
        transcript_id = made.id or new_id()
        store.execute("UPDATE transcript SET current = 0 WHERE call_id = ?", (call_id,))
        store.insert(
            "transcript",
            {
                "id": transcript_id,
                "call_id": call_id,
                "version": count["last"] + 1,
                "engine": made.engine,
                "model": made.model,
                "language": made.language,
                "draft": int(made.draft),
                "grade": made.grade.value,
                "params": params,
                "source": made.source,
                "current": 1,
                "created_at": now(),
            },
        )
        store.insert_all(
            "utterance",
            [_utterance_row(transcript_id, ordinal, said) for ordinal, said in enumerate(made.utterances)],
        )
        store.execute(
            "INSERT INTO utterance_fts(rowid, text) SELECT n, text FROM utterance WHERE transcript_id = ?",
            (transcript_id,),
        )
    return transcript_id


def _utterance_row(transcript_id: str, ordinal: int, said: Utterance) -> dict[str, Any]:
    return {
        "id": utterance_id(transcript_id, said.channel, said.start_ms, ordinal),
        "transcript_id": transcript_id,
        "ordinal": ordinal,
        "speaker": said.speaker,
        "channel": said.channel,
        "start_ms": said.start_ms,
        "end_ms": said.end_ms,
        "text": said.text,
        "heard_text": said.text,
        "confidence": said.confidence,
        "words": msgspec.json.encode(said.words).decode(),
        "suspect": int(said.suspect),
        "corrected": 0,
    }


def use_version(store: Store, call_id: str, version: int) -> str:
    """Make another version the current one; returns its id. Raises NotFound."""
    found = store.row("SELECT id FROM transcript WHERE call_id = ? AND version = ?", (call_id, version))
    if not found:
        raise NotFound(f"This call has no transcript version {version}.", "`coachdesk show CALL` lists its versions.")
    with store.write():
        store.execute("UPDATE transcript SET current = 0 WHERE call_id = ?", (call_id,))
        store.execute("UPDATE transcript SET current = 1 WHERE id = ?", (found["id"],))
    return str(found["id"])


def versions(store: Store, call_id: str) -> list[dict[str, Any]]:
    return store.rows(
        "SELECT version, engine, model, language, draft, grade, source, current, created_at FROM transcript "
        "WHERE call_id = ? ORDER BY version",
        (call_id,),
    )


def current(store: Store, call_id: str, with_words: bool = False) -> Transcript | None:
    """The current version, corrections applied; word times only where asked for."""
    row = store.row("SELECT * FROM transcript WHERE call_id = ? AND current = 1", (call_id,))
    if not row:
        return None
    columns = "id, speaker, channel, start_ms, end_ms, text, confidence, suspect, corrected" + (", words" * with_words)
    found = store.rows(f"SELECT {columns} FROM utterance WHERE transcript_id = ? ORDER BY ordinal", (row["id"],))
    said = tuple(
        Utterance(
            id=u["id"],
            speaker=u["speaker"],
            channel=u["channel"],
            start_ms=u["start_ms"],
            end_ms=u["end_ms"],
            text=u["text"],
            confidence=u["confidence"],
            words=tuple(_words.decode(u["words"])) if with_words else (),
            suspect=bool(u["suspect"]),
            corrected=bool(u["corrected"]),
        )
        for u in found
    )
    return Transcript(
        id=row["id"],
        version=row["version"],
        engine=row["engine"],
        model=row["model"],
        language=row["language"],
        draft=bool(row["draft"]),
        grade=WordsGrade(row["grade"]),
        utterances=said,
        source=row["source"],
    )


def set_texts(store: Store, transcript_id: str, texts: dict[str, str | None]) -> None:
    """Give utterances other words (None = as heard), in the rows and in the search."""
    with store.write():
        for utterance, text in texts.items():
            row = store.row(
                "SELECT n, text, heard_text FROM utterance WHERE id = ? AND transcript_id = ?",
                (utterance, transcript_id),
            )
            if not row:
                continue
            new = row["heard_text"] if text is None else text
            store.execute(
                "INSERT INTO utterance_fts(utterance_fts, rowid, text) VALUES('delete', ?, ?)", (row["n"], row["text"])
            )
            store.execute(
                "UPDATE utterance SET text = ?, corrected = ? WHERE n = ?", (new, int(text is not None), row["n"])
            )
            store.execute("INSERT INTO utterance_fts(rowid, text) VALUES(?, ?)", (row["n"], new))


# --- search

_HITS = "WITH hit AS MATERIALIZED (SELECT {columns} FROM utterance_fts WHERE utterance_fts MATCH :terms)"
_WHERE_SAID = """FROM hit JOIN utterance u ON u.n = hit.n
JOIN transcript t ON t.id = u.transcript_id AND t.current = 1
JOIN call ON call.id = t.call_id AND call.deleted_at IS NULL
LEFT JOIN speaker ON speaker.call_id = call.id AND speaker.label = u.speaker
WHERE 1"""


def search(store: Store, wanted: str, role: str | None, limit: int) -> dict[str, Any]:
    """Moments in current transcripts that hold all the words, best first; newest first where there are very many.

    `total` counts them all; of very many, those in the bin and in older versions with them.
    Returns {"total", "ranked", "hits": [{call, title, speaker, role, start_ms, end_ms, utterance, text}]}.
    """
    terms = " ".join('"' + term.replace('"', '""') + '"' for term in wanted.replace("\0", " ").split())
    if not terms:
        return {"total": 0, "ranked": True, "hits": []}
    total = int((store.row("SELECT count(*) AS n FROM utterance_fts WHERE utterance_fts MATCH ?", (terms,)) or {})["n"])
    ranked = total <= _RANKED_AT_MOST
    params = {"terms": terms, "role": role, "limit": limit}
    by_role = "AND speaker.role = :role" if role else ""
    found = store.rows(
        f"""{_HITS.format(columns="rowid AS n, rank")}
        SELECT call.id AS call, call.title, call.started_at, speaker.name AS speaker, speaker.role, u.start_ms, u.end_ms,
        u.id AS utterance, u.text {_WHERE_SAID} {by_role}
        ORDER BY {"hit.rank, " if ranked else ""} u.n DESC LIMIT :limit""",
        params,
    )
    if ranked:  # what lies in the bin, in older versions or on the other side does not count
        shown = store.row(f"{_HITS.format(columns='rowid AS n')} SELECT count(*) AS n {_WHERE_SAID} {by_role}", params)
        total = int((shown or {})["n"])
    return {"total": total, "ranked": ranked, "hits": found}


def search_is_sound(store: Store) -> bool:
    """Whether the search index still says what the rows say."""
    try:
        with store.write():
            store.execute("INSERT INTO utterance_fts(utterance_fts) VALUES('integrity-check')")
    except Exception:  # any error here means the same: the index must be rebuilt
        return False
    return True


def text_facts(store: Store, keys: list[str]) -> dict[str, bytes]:
    """Cached facts of texts, by key."""
    found: dict[str, bytes] = {}
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        marks = ",".join("?" * len(part))
        for row in store.rows(f"SELECT key, facts FROM text_fact WHERE key IN ({marks})", tuple(part)):
            found[row["key"]] = bytes(row["facts"])
    return found


def keep_text_facts(store: Store, facts: dict[str, bytes]) -> None:
    with store.write():
        store.insert_all("text_fact", [{"key": k, "facts": v} for k, v in facts.items()], replace=True)
