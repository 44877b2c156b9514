"""The one way to write, migrations, and what happens when two programs want the same thing."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from coachdesk.errors import HistoryError, NewerHistory
from coachdesk.history import schema
from coachdesk.history.store import Store, wal_is_safe
from coachdesk.paths import home

WRITER = """
import sys
from coachdesk.history.store import Store, new_id, now
from coachdesk.paths import home
with Store(home(sys.argv[1])) as store:
    for _ in range(int(sys.argv[2])):
        with store.write():
            count = store.row("SELECT count(*) AS n FROM person")["n"]
            store.insert("person", {"id": new_id(), "name": f"{sys.argv[3]}-{count}", "created_at": now()})
"""


@pytest.fixture
def store(own_home: Path):
    with Store(home(str(own_home))) as opened:
        yield opened


def test_a_fresh_home_has_every_table_and_one_installation(store: Store) -> None:
    tables = {row["name"] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"call", "recording", "activity", "chunk", "transcript", "utterance", "event", "person", "cases"} <= tables
    assert len(store.rows("SELECT * FROM installation")) == 1
    assert store.quick_check() == []


def test_settings_of_the_connection_are_the_safe_ones(store: Store) -> None:
    pragmas = {
        name: next(iter(store.rows(f"PRAGMA {name}")[0].values()))
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_error_inside_a_write_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write():
        store.insert("person", {"id": "1" * 32, "name": "A", "created_at": "now"})
        raise RuntimeError
    assert store.rows("SELECT * FROM person") == []


def test_a_change_outside_a_write_is_refused(store: Store) -> None:
    with pytest.raises(AssertionError):
        store.insert("person", {"id": "1" * 32, "name": "A", "created_at": "now"})


def test_a_history_from_a_newer_program_is_refused_and_left_alone(store: Store, own_home: Path) -> None:
    with store.write():
        store.insert(
            "_sqlite_migrations", {"migration_set": "coachdesk", "name": "from_the_future", "applied_at": "2099-01-01"}
        )
    store.close()
    before = hashlib.sha256((own_home / "coachdesk.db").read_bytes()).hexdigest()
    with pytest.raises(NewerHistory) as refused:
        Store(home(str(own_home)))
    assert "newer" in refused.value.message and refused.value.hint
    assert hashlib.sha256((own_home / "coachdesk.db").read_bytes()).hexdigest() == before


def test_somebody_elses_database_is_not_touched(own_home: Path) -> None:
    own_home.mkdir(parents=True)
    other = sqlite3.connect(own_home / "coachdesk.db")
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    with pytest.raises(HistoryError):
        Store(home(str(own_home)))


def test_a_file_that_is_no_database_is_named(own_home: Path) -> None:
    own_home.mkdir(parents=True)
    (own_home / "coachdesk.db").write_bytes(b"these are not the pages you look for" * 200)
    with pytest.raises(HistoryError) as refused:
        Store(home(str(own_home)))
    assert "damaged" in refused.value.message


def test_released_migrations_are_frozen() -> None:
    """Editing a released step would leave existing histories without the edit: write a new step instead."""
    frozen = {
        "FIRST": "d203916a57422dd2",
        "LISTED": "0bb8673967bf0ca8",
        "VOICES": "90f37dd8cea3b1e0",
        "SPOKEN": "3fe0d44012983463",
    }
    for name, digest in frozen.items():
        assert hashlib.sha256(getattr(schema, name).encode()).hexdigest()[:16] == digest


def test_two_programs_writing_at_once_lose_nothing(own_home: Path) -> None:
    with Store(home(str(own_home))):
        pass
    rounds = 60
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(own_home), str(rounds), name], stderr=subprocess.PIPE)
        for name in ("a", "b")
    ]
    errors = [writer.communicate()[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], errors
    with Store(home(str(own_home))) as store:
        assert store.row("SELECT count(*) AS n FROM person")["n"] == 2 * rounds


def test_several_programs_may_open_a_fresh_home_at_once(own_home: Path) -> None:
    openers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(own_home), "1", str(n)], stderr=subprocess.PIPE)
        for n in range(4)
    ]
    errors = [opener.communicate()[1] for opener in openers]
    assert [opener.returncode for opener in openers] == [0] * 4, errors


def test_versions_with_the_wal_bug_are_known() -> None:
    assert not wal_is_safe("3.40.1") and not wal_is_safe("3.51.2")
    assert wal_is_safe("3.51.3") and wal_is_safe("3.53.4") and wal_is_safe("3.44.6")
