"""What a recording's journal holds beside the sound: read, and laid onto the call that is made of it.

Notes, bookmarks and ticks become comments at their moments; consent is entered with its moment; devices, offset, drift,
gaps and everything else that happened is kept as one act `recorded`. All of it in one transaction with the call, so that
it is there once or not at all. Nothing of sound and words here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from coachdesk.audio.recording import journal
from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import amend
from coachdesk.history import events
from coachdesk.history.store import Store
from coachdesk.model import CONSENT_STATES, Notice

WORTH_SAYING_MS = 1_000
_OTHERS = (journal.Switched, journal.Troubled, journal.Orphaned, journal.Adopted, journal.LaidOut)


@dataclass(frozen=True, slots=True)
class Remark:
    """`what`: "" typed | mark (a bookmark) | asked (a question of the playbook or the position, by its id)."""

    at_ms: int
    text: str = ""
    what: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A journal, as the call needs it. Empty where there was none. `recorded`: the act that keeps how it was made."""

    started_at: datetime | None = None
    layout: str = ""
    title: str = ""
    account: str = ""
    playbook: str = ""
    position: str = ""
    remarks: tuple[Remark, ...] = ()
    consents: tuple[journal.Consented, ...] = ()
    tail_ms: int | None = None
    erased: bool = False
    last_ms: int = 0
    notices: tuple[Notice, ...] = ()
    recorded: dict[str, Any] = field(default_factory=dict)


def read(recording: Path) -> Noted:
    """What the journal beside a recording holds; nothing where there is none."""
    try:
        found = journal.read(journal.Beside(recording).journal)
    except OSError:
        return Noted()
    started = next((e for e in found if isinstance(e, journal.Started)), None)
    described = [e for e in found if isinstance(e, journal.Described)][-1:]
    tails = [e.at_ms for e in found if isinstance(e, journal.TailMarked)]
    return Noted(
        started_at=datetime.fromisoformat(started.at).astimezone(UTC) if started else None,
        layout=layout_of(found),
        title=described[0].title if described else "",
        account=described[0].account if described else "",
        playbook=described[0].playbook if described else "",
        position=described[0].position if described else "",
        remarks=_remarks(found),
        consents=tuple(e for e in found if isinstance(e, journal.Consented) and e.status in CONSENT_STATES),
        tail_ms=tails[-1] if tails else None,
        erased=any(isinstance(e, journal.Ended) and e.why == "erased" for e in found),
        last_ms=max((getattr(e, "at_ms", 0) for e in found), default=0),
        notices=tuple(_notice(e) for e in found if isinstance(e, journal.GapMarked) and _is_worth_saying(e)),
        recorded=_recorded(recording.stem, started, found),
    )


def layout_of(found: list[journal.Event]) -> str:
    """What the channels hold by the person's last word, else as it was begun."""
    told = [e.layout for e in found if isinstance(e, journal.Started | journal.LaidOut)]
    return told[-1] if told else ""


def layout_now(recording: Path) -> str:
    """The same for a recording that is still being made."""
    try:
        return layout_of(journal.read(journal.Beside(recording).journal))
    except OSError:
        return ""


def _remarks(found: list[journal.Event]) -> tuple[Remark, ...]:
    remarks: list[Remark] = []
    ticked: dict[str, Remark] = {}
    for event in found:
        if isinstance(event, journal.Noted) and event.text.strip():
            remarks.append(Remark(event.at_ms, event.text.strip()))
        elif isinstance(event, journal.Bookmarked):
            remarks.append(Remark(event.at_ms, event.text.strip(), "mark"))
        elif isinstance(event, journal.Ticked) and event.done:
            ticked.setdefault(event.question, Remark(event.at_ms, "", "asked", event.question))
        elif isinstance(event, journal.Ticked):
            ticked.pop(event.question, None)
    return tuple(sorted([*remarks, *ticked.values()], key=lambda remark: remark.at_ms))


def _is_worth_saying(gap: journal.GapMarked) -> bool:
    """A clock that was set is no loss of sound."""
    return gap.why != "clock" and max(gap.end_ms - gap.start_ms, gap.lasted_ms) > WORTH_SAYING_MS


def _notice(gap: journal.GapMarked) -> Notice:
    params = {"start_ms": gap.start_ms, "end_ms": gap.end_ms, "side": gap.side, "lasted_ms": gap.lasted_ms}
    return Notice(f"gap_{gap.why}", params)


def _recorded(name: str, started: journal.Started | None, found: list[journal.Event]) -> dict[str, Any]:
    aligned = [e for e in found if isinstance(e, journal.Aligned)][-1:]
    ended = next((e for e in found if isinstance(e, journal.Ended)), None)
    return {
        "recording": name,
        "began_at": started.at if started else "",
        "ended_at": ended.at if ended else "",
        "why": ended.why if ended else "",
        "layout": layout_of(found),
        "devices": _devices(started) if started else {},
        "offset_ms": aligned[0].offset_ms if aligned else None,
        "ppm": aligned[0].ppm if aligned else None,
        "tail_ms": next((e.at_ms for e in reversed(found) if isinstance(e, journal.TailMarked)), None),
        "gaps": [msgspec.to_builtins(e) for e in found if isinstance(e, journal.GapMarked)],
        "others": [msgspec.to_builtins(e) for e in found if isinstance(e, _OTHERS)],
    }


def _devices(started: journal.Started) -> dict[str, dict[str, str]]:
    devices = {"mic": {"id": started.mic, "name": started.mic_name}}
    if started.system is not None:
        devices["system"] = {"id": started.system, "name": started.system_name}
    return devices


# --- onto the call


def lay_on(store: Store, call_id: str, noted: Noted, duration_ms: int, playbook: Playbook) -> None:
    """Position, comments, consent and how it was recorded, onto a call that is being added; what came late, at its end."""
    if noted.position:
        amend.amend(store, call_id, amend.SetPosition(noted.position), playbook)
    for remark in noted.remarks:
        body: dict[str, Any] = {"start_ms": min(remark.at_ms, duration_ms), "text": remark.text}
        if remark.what:
            body["what"] = remark.what
        if remark.question:
            body["question"] = remark.question
        events.append(store, "comment", call_id, body)
    for consent in noted.consents:
        moment_ms = min(consent.at_ms, duration_ms)
        amend.amend(store, call_id, amend.NoteConsent(consent.status, consent.basis, moment_ms), playbook)
    if noted.recorded:
        events.append(store, "recorded", call_id, noted.recorded)
