"""The tables, step by step. A released step is never edited (a test freezes its hash); changes are new steps.

Facts are stored once: recordings, activity, transcript versions, human events. `derived` and `measurement` are computed
from them and may be thrown away at any time.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils.migrations import Migrations

migrations = Migrations("coachdesk")

FIRST = """
CREATE TABLE installation (author_id TEXT PRIMARY KEY, created_at TEXT NOT NULL) STRICT;

CREATE TABLE person (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, is_me INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX person_name ON person(name);

CREATE TABLE cases (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, stage TEXT, result TEXT, result_at TEXT, created_at TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX case_name ON cases(name);

CREATE TABLE position (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, case_id TEXT REFERENCES cases(id), guide TEXT NOT NULL DEFAULT '[]',
  created_at TEXT NOT NULL) STRICT;

CREATE TABLE call (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, playbook TEXT NOT NULL, started_at TEXT NOT NULL,
  planned_at TEXT, duration_ms INTEGER NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, result TEXT,
  rep_id TEXT REFERENCES person(id), case_id TEXT REFERENCES cases(id), position_id TEXT REFERENCES position(id),
  consent TEXT NOT NULL DEFAULT 'unknown', tags TEXT NOT NULL DEFAULT '[]', created_at TEXT NOT NULL,
  deleted_at TEXT) STRICT;
CREATE INDEX call_started ON call(started_at);

CREATE TABLE recording (
  id TEXT PRIMARY KEY, call_id TEXT NOT NULL REFERENCES call(id), ordinal INTEGER NOT NULL, sha256 TEXT,
  media TEXT NOT NULL, peaks TEXT NOT NULL DEFAULT '', container TEXT NOT NULL, codec TEXT NOT NULL,
  channels INTEGER NOT NULL, sample_rate_hz INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
  offset_ms INTEGER NOT NULL DEFAULT 0, layout TEXT NOT NULL, listen_to INTEGER, partial INTEGER NOT NULL DEFAULT 0,
  notices TEXT NOT NULL DEFAULT '[]') STRICT;
CREATE INDEX recording_call ON recording(call_id);
CREATE INDEX recording_sha ON recording(sha256);

CREATE TABLE activity (
  recording_id TEXT NOT NULL REFERENCES recording(id), channel INTEGER NOT NULL, runs TEXT NOT NULL,
  PRIMARY KEY (recording_id, channel)) STRICT, WITHOUT ROWID;

CREATE TABLE chunk (
  recording_id TEXT NOT NULL REFERENCES recording(id), params TEXT NOT NULL, channel INTEGER NOT NULL,
  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, utterances TEXT NOT NULL,
  PRIMARY KEY (recording_id, params, channel, start_ms, end_ms)) STRICT, WITHOUT ROWID;

CREATE TABLE transcript (
  id TEXT PRIMARY KEY, call_id TEXT NOT NULL REFERENCES call(id), version INTEGER NOT NULL, engine TEXT NOT NULL,
  model TEXT NOT NULL, language TEXT NOT NULL, draft INTEGER NOT NULL, grade TEXT NOT NULL, params TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '', current INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL,
  UNIQUE (call_id, version)) STRICT;
CREATE UNIQUE INDEX transcript_current ON transcript(call_id) WHERE current = 1;

CREATE TABLE utterance (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, transcript_id TEXT NOT NULL REFERENCES transcript(id),
  ordinal INTEGER NOT NULL, speaker TEXT NOT NULL, channel INTEGER, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
  text TEXT NOT NULL, heard_text TEXT NOT NULL, confidence REAL NOT NULL, words TEXT NOT NULL DEFAULT '[]',
  suspect INTEGER NOT NULL DEFAULT 0, corrected INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX utterance_transcript ON utterance(transcript_id, ordinal);
CREATE VIRTUAL TABLE utterance_fts USING fts5(text, content='utterance', content_rowid='n', tokenize='porter unicode61');

CREATE TABLE speaker (
  call_id TEXT NOT NULL REFERENCES call(id), label TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
  channel INTEGER, person_id TEXT REFERENCES person(id), PRIMARY KEY (call_id, label)) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  id TEXT PRIMARY KEY, author_id TEXT NOT NULL, lamport INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
  call_id TEXT REFERENCES call(id), body TEXT NOT NULL) STRICT;
CREATE INDEX event_call ON event(call_id, lamport);

CREATE TABLE next_step (
  id TEXT PRIMARY KEY, call_id TEXT NOT NULL REFERENCES call(id), case_id TEXT REFERENCES cases(id), text TEXT NOT NULL,
  owner TEXT NOT NULL, due TEXT, state TEXT NOT NULL DEFAULT 'open', source TEXT NOT NULL, start_ms INTEGER,
  created_at TEXT NOT NULL) STRICT;

CREATE TABLE derived (
  call_id TEXT PRIMARY KEY REFERENCES call(id), inputs TEXT NOT NULL, document BLOB NOT NULL, made_at TEXT NOT NULL)
  STRICT;

CREATE TABLE measurement (
  metric TEXT NOT NULL, call_id TEXT NOT NULL REFERENCES call(id), subject TEXT NOT NULL, value REAL NOT NULL,
  unit TEXT NOT NULL, grade TEXT NOT NULL, basis TEXT NOT NULL, rough INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (metric, call_id, subject)) STRICT, WITHOUT ROWID;
CREATE INDEX measurement_call ON measurement(call_id, metric, subject, value);

CREATE TABLE text_fact (key TEXT PRIMARY KEY, facts BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE stage (
  call_id TEXT NOT NULL, stage TEXT NOT NULL, params TEXT NOT NULL, state TEXT NOT NULL, owner TEXT,
  attempts INTEGER NOT NULL DEFAULT 0, error_code TEXT, error_message TEXT, started_at TEXT, finished_at TEXT,
  PRIMARY KEY (call_id, stage)) STRICT, WITHOUT ROWID;

CREATE TABLE job (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, call_id TEXT, owner TEXT NOT NULL, state TEXT NOT NULL, request TEXT NOT NULL,
  error_code TEXT, created_at TEXT NOT NULL, finished_at TEXT) STRICT
"""


LISTED = """
CREATE INDEX call_listed ON call(started_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX call_titled ON call(title COLLATE NOCASE) WHERE deleted_at IS NULL;
CREATE INDEX call_binned ON call(deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX event_kind ON event(kind, lamport)
"""

VOICES = """
CREATE TABLE voices (
  recording_id TEXT PRIMARY KEY REFERENCES recording(id), kind TEXT NOT NULL, confidence REAL NOT NULL,
  spans TEXT NOT NULL) STRICT, WITHOUT ROWID
"""

SPOKEN = """
ALTER TABLE utterance ADD COLUMN heard TEXT
"""


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: running them as a script would commit in between."""
    return [statement.strip() for statement in script.split(";") if statement.strip()]


@migrations()  # type: ignore[untyped-decorator]
def first(db: Any) -> None:
    """People, cases, calls, recordings, transcript versions, human events, results, consent, next steps."""
    for statement in statements(FIRST):
        db.execute(statement)


@migrations()  # type: ignore[untyped-decorator]
def listed(db: Any) -> None:
    """The library's order without sorting, and acts of one kind over all calls."""
    for statement in statements(LISTED):
        db.execute(statement)


@migrations()  # type: ignore[untyped-decorator]
def voices(db: Any) -> None:
    """Who speaks when on a channel that several people share."""
    for statement in statements(VOICES):
        db.execute(statement)


@migrations()  # type: ignore[untyped-decorator]
def spoken(db: Any) -> None:
    """What a row was before a person said who speaks it or where it ends (NULL: as heard; "": a part of the row before)."""
    for statement in statements(SPOKEN):
        db.execute(statement)
