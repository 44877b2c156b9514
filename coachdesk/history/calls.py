"""Calls, recordings, speakers, people, cases and next steps: nouns in and out of their rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from math import inf
from typing import Any

import msgspec

from coachdesk.errors import InputError, NotFound
from coachdesk.history.store import Store, new_id, now
from coachdesk.model import Call, Consent, Layout, NextStep, Notice, Recording, Role, Speaker
from coachdesk.spans import Span

Runs = list[list[Span]]
SAME_STEP_MS = 1_000  # another engine has the same sentence begin a little earlier or later


def add(store: Store, call: Call) -> None:
    with store.write():
        store.insert(
            "call",
            {
                "id": call.id,
                "title": call.title,
                "kind": call.kind,
                "playbook": call.playbook,
                "started_at": call.started_at.astimezone(UTC).isoformat(timespec="seconds"),
                "duration_ms": call.duration_ms,
                "source": call.source,
                "state": call.state,
                "result": call.result,
                "rep_id": person(store, call.rep) if call.rep else None,
                "case_id": case(store, call.case) if call.case else None,
                "consent": call.consent.status,
                "tags": json.dumps(list(call.tags)),
                "created_at": now(),
            },
        )


def change(store: Store, call_id: str, **columns: Any) -> None:
    """Set columns of a call."""
    names = ", ".join(f"{name} = :{name}" for name in columns)
    with store.write():
        store.execute(f"UPDATE call SET {names} WHERE id = :_id", {**columns, "_id": call_id})


_CALL = """
SELECT call.*, person.name AS rep_name, cases.name AS case_name FROM call
LEFT JOIN person ON person.id = call.rep_id LEFT JOIN cases ON cases.id = call.case_id
"""


def get(store: Store, call_id: str) -> Call:
    """The call with this id or unique prefix. Raises NotFound, or InputError where several fit."""
    wanted = call_id.lower()
    if not wanted or not all(digit in "0123456789abcdef" for digit in wanted):
        raise NotFound(f"There is no call {call_id}.", "`coachdesk calls` lists them.")
    found = store.rows(f"{_CALL} WHERE call.id >= ? AND call.id < ? AND deleted_at IS NULL", (wanted, wanted + "g"))
    if not found:
        raise NotFound(f"There is no call {call_id}.", "`coachdesk calls` lists them.")
    if len(found) > 1:
        raise InputError(f"{len(found)} calls begin with {call_id}.", "Give one more letter of the id.")
    return _call(store, found[0])


def all_calls(store: Store) -> list[Call]:
    """Newest first."""
    found = store.rows(f"{_CALL} WHERE deleted_at IS NULL ORDER BY started_at DESC, call.id")
    return [_call(store, row) for row in found]


def by_sound(store: Store, hashes: list[str]) -> str | None:
    """The call made of exactly these recordings, if there is one."""
    found = store.rows(
        "SELECT call_id FROM recording JOIN call ON call.id = call_id WHERE sha256 = ? AND deleted_at IS NULL",
        (hashes[0],),
    )
    for row in found:
        own = store.rows("SELECT sha256 FROM recording WHERE call_id = ? ORDER BY ordinal", (row["call_id"],))
        if [r["sha256"] for r in own] == hashes:
            return str(row["call_id"])
    return None


def _call(store: Store, row: dict[str, Any]) -> Call:
    return Call(
        id=row["id"],
        title=row["title"],
        kind=row["kind"],
        playbook=row["playbook"],
        started_at=datetime.fromisoformat(row["started_at"]),
        duration_ms=row["duration_ms"],
        source=row["source"],
        state=row["state"],
        result=row["result"],
        rep=row["rep_name"],
        case=row["case_name"],
        consent=latest_consent(store, row["id"]) if row["consent"] != "unknown" else Consent(),
        tags=tuple(json.loads(row["tags"])),
    )


def latest_consent(store: Store, call_id: str) -> Consent:
    """The last entry of the call's append-only consent list."""
    found = store.row(
        "SELECT body, at FROM event WHERE call_id = ? AND kind = 'consent' ORDER BY lamport DESC, id DESC LIMIT 1",
        (call_id,),
    )
    if not found:
        return Consent()
    body = json.loads(found["body"])
    return Consent(at=datetime.fromisoformat(found["at"]), **body)


# --- recordings


def add_recording(store: Store, call_id: str, recording: Recording, listen_to: int | None, runs: Runs) -> None:
    """A recording with its activity: its facts, stored together."""
    with store.write():
        store.insert(
            "recording",
            {
                "id": recording.id,
                "call_id": call_id,
                "ordinal": recording.ordinal,
                "sha256": recording.sha256,
                "media": recording.media,
                "peaks": recording.peaks,
                "container": "",
                "codec": recording.codec,
                "channels": recording.channels,
                "sample_rate_hz": recording.sample_rate_hz,
                "duration_ms": recording.duration_ms,
                "offset_ms": recording.offset_ms,
                "layout": recording.layout.value,
                "listen_to": listen_to,
                "partial": int(recording.partial),
                "notices": msgspec.json.encode(recording.notices).decode(),
            },
        )
        store.insert_all(
            "activity",
            [
                {
                    "recording_id": recording.id,
                    "channel": channel,
                    "runs": json.dumps([[run.start_ms, run.end_ms] for run in spans], separators=(",", ":")),
                }
                for channel, spans in enumerate(runs)
            ],
        )


def recordings(store: Store, call_id: str) -> list[Recording]:
    found = store.rows("SELECT * FROM recording WHERE call_id = ? ORDER BY ordinal", (call_id,))
    return [
        Recording(
            id=row["id"],
            sha256=row["sha256"],
            channels=row["channels"],
            sample_rate_hz=row["sample_rate_hz"],
            duration_ms=row["duration_ms"],
            layout=Layout(row["layout"]),
            offset_ms=row["offset_ms"],
            ordinal=row["ordinal"],
            partial=bool(row["partial"]),
            codec=row["codec"],
            media=row["media"],
            peaks=row["peaks"],
            notices=tuple(msgspec.json.decode(row["notices"], type=list[Notice])),
        )
        for row in found
    ]


def set_notices(store: Store, recording_id: str, notices: tuple[Notice, ...]) -> None:
    """What is said of a recording, in the place of what was."""
    with store.write():
        said = msgspec.json.encode(notices).decode()
        store.execute("UPDATE recording SET notices = ? WHERE id = ?", (said, recording_id))


def activity(store: Store, recording_id: str) -> Runs:
    """Runs per channel, in ms of the recording."""
    found = store.rows("SELECT runs FROM activity WHERE recording_id = ? ORDER BY channel", (recording_id,))
    return [[Span(*run) for run in json.loads(row["runs"])] for row in found]


def media_names(store: Store) -> set[str]:
    """Every file of the media store that some call refers to."""
    found = store.rows("SELECT media, peaks FROM recording")
    return {name for row in found for name in (row["media"], row["peaks"]) if name}


# --- speakers, people, cases


def set_speakers(store: Store, call_id: str, speakers: list[Speaker]) -> None:
    with store.write():
        store.execute("DELETE FROM speaker WHERE call_id = ?", (call_id,))
        store.insert_all(
            "speaker",
            [
                {
                    "call_id": call_id,
                    "label": speaker.label,
                    "name": speaker.name,
                    "role": speaker.role.value,
                    "channel": speaker.channel,
                    "person_id": speaker.person_id,
                }
                for speaker in speakers
            ],
        )


def speakers(store: Store, call_id: str) -> list[Speaker]:
    found = store.rows("SELECT * FROM speaker WHERE call_id = ? ORDER BY channel IS NULL, channel, label", (call_id,))
    return [Speaker(r["label"], r["name"], Role(r["role"]), r["channel"], r["person_id"]) for r in found]


def person(store: Store, name: str) -> str:
    """The id of the person of this name, added where new."""
    return _named(store, "person", name)


def case(store: Store, name: str) -> str:
    """The id of the case of this name, added where new."""
    return _named(store, "cases", name)


def _named(store: Store, table: str, name: str) -> str:
    found = store.row(f"SELECT id FROM {table} WHERE name = ?", (name,))
    if found:
        return str(found["id"])
    made = new_id()
    with store.write():
        store.insert(table, {"id": made, "name": name, "created_at": now()})
    return made


# --- next steps


def set_found_steps(store: Store, call_id: str, steps: list[NextStep]) -> None:
    """Replace the steps that were found by the program; what a person confirmed or wrote stays."""
    with store.write():
        store.execute("DELETE FROM next_step WHERE call_id = ? AND source = 'found'", (call_id,))
        own = store.rows("SELECT id, text, start_ms FROM next_step WHERE call_id = ?", (call_id,))
        known = _confirmed(steps, own)
        case_id = (store.row("SELECT case_id FROM call WHERE id = ?", (call_id,)) or {}).get("case_id")
        store.insert_all(
            "next_step",
            [
                {
                    "id": step.id,
                    "call_id": call_id,
                    "case_id": case_id,
                    "text": step.text,
                    "owner": step.owner,
                    "due": step.due,
                    "state": step.state,
                    "source": step.source,
                    "start_ms": step.start_ms,
                    "created_at": now(),
                }
                for step in steps
                if step.id not in known
            ],
        )


def _confirmed(steps: list[NextStep], own: list[dict[str, Any]]) -> set[str]:
    """Ids of found steps that a person's own stand for: by id, by words, or, where other words were made since, the
    nearest to the moment, one for each.
    """
    known: set[str] = set()
    for row in own:
        alike = [step for step in steps if step.id == row["id"] or step.text == row["text"]]
        near = [step for step in steps if step.id not in known and _apart_ms(step, row) <= SAME_STEP_MS]
        known |= {step.id for step in alike or sorted(near, key=lambda step: _apart_ms(step, row))[:1]}
    return known


def _apart_ms(step: NextStep, row: dict[str, Any]) -> float:
    if step.start_ms is None or row["start_ms"] is None:
        return inf
    return abs(step.start_ms - int(row["start_ms"]))


_STEP = ("id", "text", "owner", "due", "state", "source", "start_ms")


def steps_of(store: Store, call_id: str) -> list[dict[str, Any]]:
    """The next steps of a call, in order of time; the person's own without a moment last."""
    return store.rows(
        f"SELECT {', '.join(_STEP)} FROM next_step WHERE call_id = ? ORDER BY start_ms IS NULL, start_ms, id",
        (call_id,),
    )


def put_step(store: Store, call_id: str, row: dict[str, Any]) -> None:
    """Add a next step, or put it in the place of the one with its id."""
    case_id = (store.row("SELECT case_id FROM call WHERE id = ?", (call_id,)) or {}).get("case_id")
    known = {name: row[name] for name in _STEP}
    store.insert("next_step", {**known, "call_id": call_id, "case_id": case_id, "created_at": now()}, replace=True)


def replace_steps(store: Store, call_id: str, rows: list[dict[str, Any]]) -> None:
    """Exactly these next steps for a call."""
    store.execute("DELETE FROM next_step WHERE call_id = ?", (call_id,))
    for row in rows:
        put_step(store, call_id, row)


def next_steps(store: Store, due_only: bool = False) -> list[dict[str, Any]]:
    """Open next steps with their call, the soonest due first."""
    where = "AND due IS NOT NULL" if due_only else ""
    return store.rows(
        f"""SELECT next_step.id, next_step.call_id, call.title, cases.name AS case_name, text, owner, due,
        next_step.state, next_step.source, start_ms FROM next_step JOIN call ON call.id = next_step.call_id
        LEFT JOIN cases ON cases.id = call.case_id
        WHERE next_step.state = 'open' AND call.deleted_at IS NULL {where}
        ORDER BY due IS NULL, due, call.started_at DESC, start_ms"""
    )


# --- the bin


def bin_call(store: Store, call_id: str, at: str | None) -> None:
    """Put a call into the bin (`at`: when), or take it out again (None)."""
    with store.write():
        store.execute("UPDATE call SET deleted_at = ? WHERE id = ?", (at, call_id))


def binned(store: Store, before: str | None = None) -> list[dict[str, Any]]:
    """Calls in the bin, newest first; with `before` only those binned earlier."""
    return store.rows(
        "SELECT id, title, started_at, duration_ms, deleted_at FROM call WHERE deleted_at IS NOT NULL "
        "AND (:before IS NULL OR deleted_at < :before) ORDER BY deleted_at DESC, id",
        {"before": before},
    )


def binned_with(store: Store, playbook_id: str) -> int:
    """How many calls in the bin are coached with this playbook."""
    (n,) = store.column("SELECT count(*) FROM call WHERE deleted_at IS NOT NULL AND playbook = ?", (playbook_id,))
    return int(n)


def purge(store: Store, call_id: str) -> list[str]:
    """Remove a call and all that hangs on it; returns the media files that nothing refers to any more."""
    with store.write():
        names = [
            name
            for row in store.rows("SELECT media, peaks FROM recording WHERE call_id = ?", (call_id,))
            for name in (row["media"], row["peaks"])
            if name
        ]
        of_call = "call_id = ?"
        of_recording = "recording_id IN (SELECT id FROM recording WHERE call_id = ?)"
        of_transcript = "transcript_id IN (SELECT id FROM transcript WHERE call_id = ?)"
        store.execute(
            "INSERT INTO utterance_fts(utterance_fts, rowid, text) "
            f"SELECT 'delete', n, text FROM utterance WHERE {of_transcript}",
            (call_id,),
        )
        for table, condition in (
            ("utterance", of_transcript),
            ("transcript", of_call),
            ("chunk", of_recording),
            ("activity", of_recording),
            ("voices", of_recording),
            ("recording", of_call),
            ("speaker", of_call),
            ("event", of_call),
            ("next_step", of_call),
            ("derived", of_call),
            ("measurement", of_call),
            ("stage", of_call),
            ("job", of_call),
            ("call", "id = ?"),
        ):
            store.execute(f"DELETE FROM {table} WHERE {condition}", (call_id,))
        still = media_names(store)
    return [name for name in names if name not in still]
