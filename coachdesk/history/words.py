"""Transcript versions, chunks as they come, utterances, and the search over them.

A chunk is saved before the next is asked for. A version is written whole and becomes current in the same transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
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
    columns = _COLUMNS + (", words" * with_words)
    found = store.rows(
        f"SELECT {columns} FROM utterance WHERE transcript_id = ? ORDER BY ordinal, start_ms", (row["id"],)
    )
    if any(u["heard"] == "" for u in found):  # a part may begin after what somebody else says meanwhile
        found.sort(key=lambda u: u["start_ms"])
    said = tuple(_utterance(u) for u in found)
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


_COLUMNS = "id, speaker, channel, start_ms, end_ms, text, confidence, suspect, corrected, heard"


def _utterance(row: dict[str, Any]) -> Utterance:
    return Utterance(
        id=row["id"],
        speaker=row["speaker"],
        channel=row["channel"],
        start_ms=row["start_ms"],
        end_ms=row["end_ms"],
        text=row["text"],
        confidence=row["confidence"],
        words=tuple(_words.decode(row["words"])) if "words" in row else (),
        suspect=bool(row["suspect"]),
        corrected=bool(row["corrected"]),
    )


# --- what people set right


def is_changed(store: Store, transcript_id: str) -> bool:
    """Whether any row of a version is other than it was heard."""
    changed = "corrected = 1 OR heard IS NOT NULL"
    return bool(
        store.row(f"SELECT 1 AS it FROM utterance WHERE transcript_id = ? AND ({changed}) LIMIT 1", (transcript_id,))
    )


def is_part(store: Store, utterance: str) -> bool:
    """Whether an utterance was cut by a person."""
    row = store.row("SELECT heard, end_ms FROM utterance WHERE id = ?", (utterance,))
    if row is None or row["heard"] is None:
        return False
    return bool(row["heard"] == "" or _before(row)["end_ms"] != row["end_ms"])


def as_heard(store: Store, transcript_id: str) -> tuple[Utterance, ...]:
    """The utterances of a version, with their words, before anything was set right."""
    rows = store.rows(
        f"SELECT {_COLUMNS}, heard_text, words FROM utterance "
        "WHERE transcript_id = ? AND (heard IS NULL OR heard != '') ORDER BY ordinal",
        (transcript_id,),
    )
    return tuple(_utterance({**row, "text": row["heard_text"], "corrected": 0} | _before(row)) for row in rows)


def _before(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["heard"]) if row["heard"] else {}
    return found


def show(store: Store, transcript_id: str, said: Sequence[tuple[Utterance, str]]) -> None:
    """Make a version's rows say this: utterances and parts of them in order, each with its own words as heard.

    Rows that say it already are not touched. Row and search change together.
    """
    kept = f"n, {_COLUMNS}, heard_text, words, ordinal"
    rows = {r["id"]: r for r in store.rows(f"SELECT {kept} FROM utterance WHERE transcript_id = ?", (transcript_id,))}
    with store.write():
        for gone in rows.keys() - {u.id for u, _ in said}:
            _unindex(store, rows[gone])
            store.execute("DELETE FROM utterance WHERE n = ?", (rows[gone]["n"],))
        ordinal = 0
        for u, heard_text in said:
            row = rows.get(u.id)
            ordinal = row["ordinal"] if row else ordinal
            if row is None:
                _add_part(store, {**_utterance_row(transcript_id, ordinal, u), "id": u.id}, u, heard_text)
            elif _differs(row, u, heard_text):
                _change_row(store, row, u, heard_text)


def _differs(row: dict[str, Any], u: Utterance, heard_text: str) -> bool:
    shown = (row["speaker"], row["start_ms"], row["end_ms"], row["text"], bool(row["corrected"]), row["heard_text"])
    return shown != (u.speaker, u.start_ms, u.end_ms, u.text, u.corrected, heard_text)


def _add_part(store: Store, row: dict[str, Any], u: Utterance, heard_text: str) -> None:
    store.insert("utterance", {**row, "heard_text": heard_text, "corrected": int(u.corrected), "heard": ""})
    store.execute("INSERT INTO utterance_fts(rowid, text) SELECT n, text FROM utterance WHERE id = ?", (u.id,))


def _change_row(store: Store, row: dict[str, Any], u: Utterance, heard_text: str) -> None:
    before = {k: row[k] for k in ("speaker", "start_ms", "end_ms", "words")} | {"text": row["heard_text"]}
    before |= _before(row)
    is_as_heard = (before["speaker"], before["start_ms"], before["end_ms"]) == (u.speaker, u.start_ms, u.end_ms)
    heard = "" if row["heard"] == "" else None if is_as_heard else json.dumps(before, ensure_ascii=False)
    _unindex(store, row)
    store.execute(
        "UPDATE utterance SET speaker = ?, start_ms = ?, end_ms = ?, text = ?, heard_text = ?, words = ?, corrected = ?, "
        "heard = ? WHERE n = ?",
        (
            u.speaker,
            u.start_ms,
            u.end_ms,
            u.text,
            heard_text,
            msgspec.json.encode(u.words).decode(),
            int(u.corrected),
            heard,
            row["n"],
        ),
    )
    store.execute("INSERT INTO utterance_fts(rowid, text) VALUES(?, ?)", (row["n"], u.text))


def _unindex(store: Store, row: dict[str, Any]) -> None:
    store.execute(
        "INSERT INTO utterance_fts(utterance_fts, rowid, text) VALUES('delete', ?, ?)", (row["n"], row["text"])
    )


def heard_by(store: Store, call_id: str) -> dict[str, tuple[str, str]]:
    """The call's versions that an engine heard here, each with the parameters of its chunks and the engine."""
    found = store.rows(
        "SELECT id, params, engine FROM transcript WHERE call_id = ? AND engine != 'imported'", (call_id,)
    )
    return {row["id"]: (row["params"], row["engine"]) for row in found}


def replace_utterances(store: Store, transcript_id: str, said: tuple[Utterance, ...]) -> None:
    """Other utterances for a version: the same words, cut and given to speakers anew. Corrections are laid on again."""
    with store.write():
        store.execute(
            "INSERT INTO utterance_fts(utterance_fts, rowid, text) "
            "SELECT 'delete', n, text FROM utterance WHERE transcript_id = ?",
            (transcript_id,),
        )
        store.execute("DELETE FROM utterance WHERE transcript_id = ?", (transcript_id,))
        store.insert_all("utterance", [_utterance_row(transcript_id, n, each) for n, each in enumerate(said)])
        store.execute(
            "INSERT INTO utterance_fts(rowid, text) SELECT n, text FROM utterance WHERE transcript_id = ?",
            (transcript_id,),
        )


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
