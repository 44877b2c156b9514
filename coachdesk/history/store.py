"""Opening the history, and the one way to write to it.

WAL with synchronous=FULL; every write is BEGIN IMMEDIATE (a deferred transaction that reads first fails at once when
another process writes). Several processes may have a home open. A connection belongs to the thread that opened it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # pysqlite3 where it is installed: its exceptions, too

from coachdesk.errors import HistoryBusy, HistoryError, NewerHistory
from coachdesk.history.schema import migrations
from coachdesk.paths import Home

APPLICATION_ID = 0x43446B31  # "CDk1"
BUSY_MS = 20_000
_SAFE_WAL = ((3, 51, 3),)
_BACKPORTS = ((3, 44, 6), (3, 50, 7))


class Store:
    """An open history. Read with `rows` and `row`; write only inside `write()`."""

    def __init__(self, home: Home) -> None:
        self.home = home.make()
        self._db = _connect(home.database)
        self.me: Callable[[], str] = lambda: ""  # the person's name of now, where it is told: me() in questions
        self._db.conn.create_function("me", 0, lambda: self.me())
        try:
            _migrate(self._db, home)
            self.author_id = self._installation()
        except sqlite3.DatabaseError as failed:
            self._db.conn.close()
            raise _explained(failed) from failed
        except BaseException:
            self._db.conn.close()
            raise

    def close(self) -> None:
        self._db.conn.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def write(self) -> Iterator[Store]:
        """One transaction: all of it or nothing. Inner uses join the outer one."""
        if self._db.conn.in_transaction:
            yield self
            return
        try:
            self._db.conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as busy:
            raise _explained(busy) from busy
        try:
            yield self
        except sqlite3.DatabaseError as failed:
            self._back()
            if isinstance(failed, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise  # ours to mend, not the person's
            raise _explained(failed) from failed
        except BaseException:
            self._back()
            raise
        try:
            self._db.conn.commit()
        except sqlite3.DatabaseError as failed:
            self._back()
            raise _explained(failed) from failed

    def _back(self) -> None:
        """Undo the open transaction; SQLite may have done so itself, on a full disk for example."""
        if self._db.conn.in_transaction:
            self._db.conn.rollback()

    def rows(self, sql: str, params: tuple[Any, ...] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """All rows of a question, as dicts."""
        try:
            cursor = self._db.conn.execute(sql, params)
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except sqlite3.DatabaseError as failed:
            raise _explained(failed) from failed

    def row(self, sql: str, params: tuple[Any, ...] | dict[str, Any] = ()) -> dict[str, Any] | None:
        found = self.rows(sql, params)
        return found[0] if found else None

    def column(self, sql: str, params: tuple[Any, ...] | dict[str, Any] = ()) -> list[Any]:
        """The first column of a question's rows."""
        try:
            return [row[0] for row in self._db.conn.execute(sql, params).fetchall()]
        except sqlite3.DatabaseError as failed:
            raise _explained(failed) from failed

    def execute(self, sql: str, params: tuple[Any, ...] | dict[str, Any] = ()) -> int:
        """A change; returns the number of rows. Only inside `write()`."""
        assert self._db.conn.in_transaction, "changes belong inside write()"
        return int(self._db.conn.execute(sql, params).rowcount)

    def insert(self, table: str, record: dict[str, Any], replace: bool = False) -> None:
        """Add a row; with `replace`, in the place of the row with the same key. Only inside `write()`."""
        assert self._db.conn.in_transaction, "changes belong inside write()"
        self._db[table].insert(record, replace=replace)

    def insert_all(self, table: str, records: list[dict[str, Any]], replace: bool = False) -> None:
        assert self._db.conn.in_transaction, "changes belong inside write()"
        if records:
            self._db[table].insert_all(records, replace=replace, batch_size=1000)

    @property
    def sqlite_version(self) -> str:
        return str(sqlite3.sqlite_version)

    @property
    def can_scrub_search(self) -> bool:
        """FTS5 can overwrite deleted words since 3.42; before, the index is rebuilt instead."""
        return tuple(int(part) for part in self.sqlite_version.split(".")) >= (3, 42, 0)

    def quick_check(self) -> list[str]:
        """What SQLite finds wrong with the file; empty = good."""
        found = [str(next(iter(row.values()))) for row in self.rows("PRAGMA quick_check")]
        return [] if found == ["ok"] else found

    def vacuum(self) -> None:
        """Give freed pages back and leave nothing deleted behind, in the file and in its log."""
        self._db.conn.execute("VACUUM")
        self._db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _installation(self) -> str:
        found = self.row("SELECT author_id FROM installation LIMIT 1")
        if found:
            return str(found["author_id"])
        with self.write():
            again = self.row("SELECT author_id FROM installation LIMIT 1")
            if again:
                return str(again["author_id"])
            author = new_id()
            self.insert("installation", {"author_id": author, "created_at": now()})
        return author


def new_id() -> str:
    """32 random hex digits."""
    return secrets.token_hex(16)


def now() -> str:
    """The wall clock as stored: ISO 8601, UTC, seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def wal_is_safe(version: str) -> bool:
    """False inside the range of SQLite's WAL-reset bug (3.7.0 to 3.51.2, but for backports)."""
    parts = tuple(int(part) for part in version.split("."))
    return parts >= _SAFE_WAL[0] or any(parts[:2] == fixed[:2] and parts >= fixed for fixed in _BACKPORTS)


def _connect(path: Path) -> Any:
    try:
        connection = sqlite3.connect(str(path), timeout=BUSY_MS / 1000)
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "journal_size_limit=67108864",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.DatabaseError as failed:
        raise _explained(failed) from failed
    path.chmod(0o600)
    return Database(connection)


def _migrate(db: Any, home: Home) -> None:
    """Bring the tables up to date, alone; refuse a history from a newer program or of another one."""
    if _foreign(db):
        raise HistoryError(f"{home.database.name} is not a CoachDesk history.", "Choose another home with --home.")
    _refuse_newer(db)
    if not migrations.pending(db):
        return
    try:
        with FileLock(str(home.locks / "migrate.lock"), timeout=BUSY_MS / 1000):
            _refuse_newer(db)
            if migrations.pending(db):
                _apply(db)
    except Timeout as held:
        raise HistoryBusy("Another CoachDesk is updating the history.", "Wait a moment and try again.") from held


def _apply(db: Any) -> None:
    try:
        migrations.apply(db)
        db.conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
        try:
            db.conn.execute("INSERT INTO utterance_fts(utterance_fts, rank) VALUES('secure-delete', 1)")
            db.conn.commit()
        except sqlite3.OperationalError:
            db.conn.rollback()  # SQLite below 3.42: deleted words are scrubbed by rebuilding the index
    except sqlite3.OperationalError as failed:
        raise _explained(failed) from failed


def _foreign(db: Any) -> bool:
    tables = [row[0] for row in db.conn.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    mine = db.conn.execute("PRAGMA application_id").fetchone()[0] in (APPLICATION_ID, 0)
    return bool(tables) and (not mine or migrations.migrations_table not in tables)


def _refuse_newer(db: Any) -> None:
    known = {step.name for step in migrations._migrations}
    unknown = [step.name for step in migrations.applied(db) if step.name not in known]
    if unknown:
        raise NewerHistory(
            "This history was written by a newer CoachDesk.", "Update CoachDesk, or choose another home with --home."
        )


def _explained(failed: Any) -> HistoryError:
    text = str(failed)
    if "locked" in text or "busy" in text:
        return HistoryBusy(
            "The history is held by another program.", "Close the other CoachDesk, or wait and try again."
        )
    if "full" in text or "disk I/O" in text or "readonly" in text or "unable to open" in text:
        return HistoryError(
            f"The history cannot be written ({text}); nothing was changed.",
            "Check that the disk has room and the home folder can be written.",
        )
    if "not a database" in text or "malformed" in text:
        return HistoryError(
            "The history file is damaged.",
            "It was left as it is. Keep a copy of it, and go on with another home (--home) for now.",
        )
    return HistoryError(f"The history answered: {text}.", "Run `coachdesk doctor`.")
