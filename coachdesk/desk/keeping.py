"""Recordings that are calls now: which one it became, and the call that stays of one that was erased."""

from __future__ import annotations

from datetime import UTC, datetime

from coachdesk.desk import noted, pipeline
from coachdesk.desk.bringing import BringIn
from coachdesk.desk.events import Ready
from coachdesk.desk.work import Work
from coachdesk.history import calls
from coachdesk.history.store import Store, new_id
from coachdesk.model import Call, Role, Speaker


def call_of(store: Store, recording: str) -> str | None:
    """The call a recording became, by its name."""
    found = store.row(
        "SELECT call_id FROM event WHERE kind = 'recorded' AND json_extract(body, '$.recording') = ? LIMIT 1",
        (recording,),
    )
    return str(found["call_id"]) if found else None


def add_refusal(work: Work, told: noted.Noted, wanted: BringIn) -> str:
    """What stays of a recording without sound: that there was a call, what was typed, and a refusal. Returns its id."""
    call = Call(
        id=new_id(),
        title=pipeline.one_line(wanted.title),
        kind=work.playbook.kind,
        playbook=work.playbook.id,
        started_at=wanted.started_at or datetime.now(UTC),
        duration_ms=max(1, told.last_ms),
        source="refused" if told.erased else "recorded",
        state="prepared",
        rep=wanted.rep or work.settings.my_name or None,
        case=pipeline.one_line(wanted.account) or None,
    )
    me = Speaker("left", wanted.rep or work.settings.my_name, Role.REP, None)
    with work.store.write():
        calls.add(work.store, call)
        calls.set_speakers(work.store, call.id, [me, Speaker("right", "", Role.OTHER, None)])
        noted.lay_on(work.store, call.id, told, call.duration_ms, work.playbook)
    work.recompute(call.id)
    for ready in ("numbers", "coaching"):
        work.hear(Ready(ready, call.id))
    return call.id
