"""Bringing calls in: the request, what it says of a call besides its sound, and calls that are words only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coachdesk.desk import amend, attribute, pipeline, versions
from coachdesk.desk.work import Work
from coachdesk.errors import NotFound
from coachdesk.history import calls, sidecar, words
from coachdesk.history.store import Store, new_id
from coachdesk.model import Call, Role
from coachdesk.speech.engine import EngineChoice
from coachdesk.speech.imported import ImportedTranscript

_PATHS = ("files", "transcript", "prepared")


@dataclass(frozen=True, slots=True)
class BringIn:
    """A request to import: files (one, or one per participant as `tracks`) and how to listen to them."""

    files: tuple[Path, ...]
    tracks: bool = False
    transcript: Path | None = None
    playbook: str = ""
    engine: str = ""
    model: str = ""
    language: str | None = None
    me: str = ""
    title: str = ""
    rep: str = ""
    account: str = ""
    result: str = ""
    consent: str = ""
    started_at: datetime | None = None
    source: str = "import"
    layout: str = ""  # what the channels hold, where the person told: two_sides | mixed
    until_ms: int | None = None  # the call ends here, whatever follows in the file
    prepared: Path | None = None
    growing: Callable[[], bool] | None = None


def kept(wanted: BringIn) -> dict[str, Any]:
    """The request as a job keeps it, so that an interrupted one can be offered again."""
    found: dict[str, Any] = {
        f.name: getattr(wanted, f.name) for f in fields(BringIn) if f.name not in ("growing", *_PATHS)
    }
    found["started_at"] = wanted.started_at.isoformat() if wanted.started_at else None
    found["files"] = [str(path.absolute()) for path in wanted.files]
    found["transcript"] = str(wanted.transcript.absolute()) if wanted.transcript else None
    return found


def asked_again(request: dict[str, Any]) -> BringIn:
    """The request out of what a job kept."""
    known = {f.name for f in fields(BringIn)}
    wanted = {name: value for name, value in request.items() if name in known}
    wanted["files"] = tuple(Path(name) for name in request["files"])
    wanted["transcript"] = Path(request["transcript"]) if request.get("transcript") else None
    wanted["started_at"] = datetime.fromisoformat(request["started_at"]) if request.get("started_at") else None
    return BringIn(**wanted)


def import_of(
    wanted: BringIn, choice: EngineChoice, imported: ImportedTranscript | None, playbook: str
) -> pipeline.Import:
    """The pipeline's request: what the person told, then what the words brought along tell."""
    source = wanted.transcript.name if wanted.transcript else ""
    return pipeline.Import(
        files=wanted.files,
        playbook=playbook,
        engine=choice,
        me=wanted.me,
        title=wanted.title,
        rep=pipeline.one_line(wanted.rep or _own_name(imported)),
        account=pipeline.one_line(wanted.account or (imported.account if imported else "")),
        started_at=wanted.started_at or when(imported),
        transcript=imported,
        language=wanted.language or "",
        transcript_source="sample" if wanted.source == "sample" else source,
        source=wanted.source,
        prepared=wanted.prepared,
        growing=wanted.growing,
        layout=wanted.layout,
        until_ms=wanted.until_ms,
    )


def retitle(store: Store, call_id: str, wanted: BringIn) -> None:
    """What was told of a call that was known already takes effect as well."""
    columns: dict[str, Any] = {"title": pipeline.one_line(wanted.title)} if wanted.title else {}
    if wanted.rep:
        columns["rep_id"] = calls.person(store, pipeline.one_line(wanted.rep))
    if wanted.account:
        columns["case_id"] = calls.case(store, pipeline.one_line(wanted.account))
    if columns:
        calls.change(store, call_id, **columns)
        sidecar.write(store, call_id)


def own_side(store: Store, call_id: str, me: str) -> bool:
    """`me` may name a speaker: that one is the own side, all others the other. Returns whether that changed anything."""
    speakers = calls.speakers(store, call_id)
    try:
        own = amend.find_speaker(speakers, me)
    except NotFound:
        if me.lower() in ("left", "right") or me.isdigit():
            return False
        raise
    roles = [replace(s, role=Role.REP if s.label == own.label else Role.OTHER) for s in speakers]
    if roles == speakers:
        return False
    calls.set_speakers(store, call_id, roles)
    return True


def add_transcript_call(work: Work, path: Path, imported: ImportedTranscript, source: str) -> str:
    """A call of words only; returns its id."""
    call_id = new_id()
    call = Call(
        id=call_id,
        title=imported.title or path.stem,
        kind=work.playbook.kind,
        playbook=work.playbook.id,
        started_at=when(imported) or datetime.fromtimestamp(int(path.stat().st_mtime), UTC),
        duration_ms=max(u.end_ms for u in imported.utterances),
        source=source,
        state="transcribed",
        rep=work.settings.my_name or None,
        case=imported.account or None,
    )
    said, speakers = attribute.imported(imported, [], [])
    with work.store.write():
        calls.add(work.store, call)
        calls.set_speakers(work.store, call_id, speakers)
        words.add_version(work.store, call_id, source, versions.imported_version(imported, said, path.name))
    return call_id


def _own_name(imported: ImportedTranscript | None) -> str:
    if imported is None:
        return ""
    return next((s.name for s in imported.speakers if s.role == "rep"), "")


def when(imported: ImportedTranscript | None) -> datetime | None:
    """When the call took place, where the words brought along tell."""
    if imported is None or not imported.started_at:
        return None
    try:
        found = datetime.fromisoformat(imported.started_at.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
