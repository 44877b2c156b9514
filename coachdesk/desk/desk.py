"""The port: what a person can do. Ask, tell, hear; each verb a few lines that delegate.

`open_desk` is the composition root: the one place where home, settings, history and owner come together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from coachdesk import export, paths, settings
from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import amend, attribute, doctor, engines, pipeline, playbooks, review, versions
from coachdesk.desk.events import Hear, Told, deaf
from coachdesk.desk.jobs import Owner, mend_interrupted, run
from coachdesk.desk.pipeline import Import
from coachdesk.desk.recompute import lay_out, recompute
from coachdesk.desk.work import Work
from coachdesk.document import Review, plain
from coachdesk.errors import InputError, NotFound, PlaybookError
from coachdesk.history import calls, events, media, sidecar, words
from coachdesk.history.store import Store, new_id
from coachdesk.model import Call, Role, Speaker
from coachdesk.speech import weights
from coachdesk.speech.imported import ImportedTranscript, read_transcript


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
    growing: Callable[[], bool] | None = None


class Desk:
    """An open desk. Use it in one thread; close it when done."""

    def __init__(self, home: paths.Home) -> None:
        self.home = home
        self.settings = settings.load(home)
        self._store = Store(home)
        self._owner = Owner(home)
        self._hear: Hear = deaf
        self.last_work: Work | None = None  # for benchmarks and the demo: times and counted connects
        mend_interrupted(self._store)

    def close(self) -> None:
        self._owner.release()
        self._store.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- hear

    def subscribe(self, hear: Hear) -> None:
        """Be told of progress, results and notices while something runs."""
        self._hear = hear

    # --- ask

    def calls(self) -> list[dict[str, Any]]:
        return review.summary(self._store)

    def find(self, call: str) -> Call:
        """A call by any unique prefix of its id."""
        return calls.get(self._store, call)

    def review(self, call: str) -> Review:
        """Everything there is to say about a call; recomputed first if something it rests on has changed."""
        found = self.find(call)
        unfitted = versions.apply_corrections(self._store, found.id)
        laid = lay_out(self._store, found.id)
        playbook = self.playbook(found.playbook)
        derived = recompute(self._store, found.id, playbook, self.settings.wording, laid)
        return review.build(self._store, laid, derived, playbook, unfitted)

    def search(self, wanted: str, who: str | None = None, limit: int = 20) -> dict[str, Any]:
        if limit < 1:
            raise InputError("The limit is 1 or more.", "Leave it out for 20.")
        return words.search(self._store, wanted, who, limit)

    def next_steps(self, due_only: bool = False) -> list[dict[str, Any]]:
        return calls.next_steps(self._store, due_only)

    def playbooks(self) -> list[Playbook]:
        """All playbooks that are in order; one that is not is told and left out."""
        found = []
        for name in playbooks.files(self.home):
            try:
                found.append(self.playbook(name))
            except PlaybookError as problem:
                self._hear(Told("playbook_left_out", {"name": name, "why": problem.message}))
        return found

    def playbook(self, playbook_id: str) -> Playbook:
        return playbooks.load(self.home, playbook_id)

    def check_playbook(self, path: Path) -> Playbook:
        return playbooks.check(path)

    def models(self) -> dict[str, Any]:
        """Models on this machine, and those that can be fetched."""
        return {
            "installed": [
                plain(model) | {"folder": model.folder.name} for model in weights.installed(self.home.models)
            ],
            "known": [{"name": name, **plain(model)} for name, model in weights.KNOWN.items()],
        }

    def doctor(self) -> dict[str, Any]:
        return doctor.examine(self._store)

    def export(self, call: str, kind: str) -> bytes:
        """A reviewed call in another format."""
        return export.export(msgspec.to_builtins(self.review(call)), kind)

    # --- tell

    def bring_in(self, wanted: BringIn) -> str:
        """Import, transcribe, measure, coach, store; returns the call's id. The same file is recognised."""
        imported = read_transcript(wanted.transcript) if wanted.transcript else None
        playbook = self.playbook(wanted.playbook or (imported.playbook if imported else "") or self.settings.playbook)
        self._check_result(wanted.result, playbook)
        engine = "none" if imported else wanted.engine
        choice = engines.choose(self.home, self.settings, engine, wanted.model, wanted.language)
        if choice.engine == "none" and engine != "none" and not imported:
            self._hear(Told("numbers_only", {"language": choice.language}))
        work = self._work(playbook)
        request = Import(
            files=wanted.files,
            playbook=playbook.id,
            engine=choice,
            me=wanted.me,
            title=wanted.title,
            rep=wanted.rep or _own_name(imported),
            account=wanted.account or (imported.account if imported else ""),
            started_at=wanted.started_at or _when(imported),
            transcript=imported,
            language=wanted.language or "",
            transcript_source="sample"
            if wanted.source == "sample"
            else (wanted.transcript.name if wanted.transcript else ""),
            source=wanted.source,
            growing=wanted.growing,
        )
        kept = {"files": [path.name for path in wanted.files], "engine": choice.engine}
        call_id = run(self._store, self._owner, "bring_in", kept, lambda: _twice(pipeline.bring_in(work, request)))
        self._after_bringing(call_id, wanted, playbook)
        self.last_work = work
        return call_id

    def _after_bringing(self, call_id: str, wanted: BringIn, playbook: Playbook) -> None:
        found = self.find(call_id)
        if wanted.playbook and found.playbook != playbook.id:
            self.coach(call_id, playbook.id)
        self._retitle(call_id, wanted)
        if wanted.consent:
            self.amend(call_id, amend.NoteConsent("noted", wanted.consent))
        if wanted.result:
            self.set_result(call_id, wanted.result)
        if wanted.me and not wanted.tracks:
            self._own_side(call_id, wanted.me)

    def _retitle(self, call_id: str, wanted: BringIn) -> None:
        """What was told of a call that was known already takes effect as well."""
        columns: dict[str, Any] = {"title": pipeline.one_line(wanted.title)} if wanted.title else {}
        if wanted.rep:
            columns["rep_id"] = calls.person(self._store, pipeline.one_line(wanted.rep))
        if wanted.account:
            columns["case_id"] = calls.case(self._store, pipeline.one_line(wanted.account))
        if columns:
            calls.change(self._store, call_id, **columns)

    def _own_side(self, call_id: str, me: str) -> None:
        """`me` may name a speaker: that one is the own side, all others the other."""
        speakers = calls.speakers(self._store, call_id)
        try:
            own = amend.find_speaker(speakers, me)
        except NotFound:
            if me.lower() in ("left", "right") or me.isdigit():
                return
            raise
        if own.role is not Role.REP or any(s.role is not Role.OTHER for s in speakers if s.label != own.label):
            roles = [
                Speaker(s.label, s.name, Role.REP if s.label == own.label else Role.OTHER, s.channel, s.person_id)
                for s in speakers
            ]
            calls.set_speakers(self._store, call_id, roles)
            self._recompute(call_id)

    def import_transcript(self, path: Path, playbook_id: str = "", me: str = "") -> str:
        """A call of words only; its numbers are of grade C. Returns the call's id."""
        imported = read_transcript(path, need_speakers=True)
        playbook = self.playbook(playbook_id or imported.playbook or self.settings.playbook)
        source = f"transcript:{media.digest_of(path)}"
        known = next((c["id"] for c in review.summary(self._store) if c["source"] == source), None)
        if known is None:
            known = self._add_transcript_call(path, imported, playbook, source)
        if me:
            self._own_side(known, me)
        self._recompute(known)
        return known

    def _add_transcript_call(self, path: Path, imported: ImportedTranscript, playbook: Playbook, source: str) -> str:
        call_id = new_id()
        call = Call(
            id=call_id,
            title=imported.title or path.stem,
            kind=playbook.kind,
            playbook=playbook.id,
            started_at=_when(imported) or datetime.fromtimestamp(int(path.stat().st_mtime), UTC),
            duration_ms=max(u.end_ms for u in imported.utterances),
            source=source,
            state="transcribed",
            rep=self.settings.my_name or None,
            case=imported.account or None,
        )
        said, speakers = attribute.imported(imported, [], [])
        with self._store.write():
            calls.add(self._store, call)
            calls.set_speakers(self._store, call_id, speakers)
            words.add_version(self._store, call_id, source, versions.imported_version(imported, said, path.name))
        return call_id

    def transcribe(self, call: str, engine: str = "", model: str = "", language: str | None = None) -> str:
        """A new transcript version beside the old; corrections, names, comments and answers are kept."""
        found = self.find(call)
        choice = engines.choose(self.home, self.settings, engine, model, language)
        if choice.engine == "none":
            raise InputError("There is no engine to transcribe with.", "Get a model: `coachdesk models list`.")
        if not calls.recordings(self._store, found.id):
            raise InputError("This call has no sound; it was brought in as a transcript.", "Bring in its recording.")
        work = self._work(self.playbook(found.playbook))

        def job() -> tuple[str, str]:
            pipeline.transcribe(work, found.id, choice)
            return found.id, found.id

        self.last_work = work
        return run(self._store, self._owner, "transcribe", {"call": found.id, "engine": choice.engine}, job)

    def drafts(self) -> list[str]:
        """Calls whose current words are a draft."""
        found = self._store.rows(
            "SELECT call_id FROM transcript JOIN call ON call.id = call_id WHERE current = 1 AND draft = 1 "
            "AND deleted_at IS NULL ORDER BY call.started_at"
        )
        return [row["call_id"] for row in found]

    def use_version(self, call: str, version: int) -> None:
        """Go back to another transcript version, in one action."""
        found = self.find(call)
        words.use_version(self._store, found.id, version)
        versions.settle(self._work(self.playbook(found.playbook)), found.id)

    def coach(self, call: str, playbook_id: str) -> None:
        """Coach again with another playbook; nothing is transcribed again."""
        found = self.find(call)
        playbook = self.playbook(playbook_id)
        with self._store.write():
            events.append(self._store, "playbook", found.id, {"playbook": playbook.id})
            calls.change(self._store, found.id, playbook=playbook.id, kind=playbook.kind)
        self._recompute(found.id)

    def amend(self, call: str, change: amend.Amendment) -> None:
        """One small change, effective everywhere at once."""
        found = self.find(call)
        amend.amend(self._store, found.id, change, self.playbook(found.playbook))
        self._recompute(found.id)

    def comment(self, call: str, at_ms: int, text: str) -> str:
        """A remark that hangs on a moment; returns its id."""
        found = self.find(call)
        if not text.strip():
            raise InputError("A comment needs words.", "Write it after the time.")
        if not 0 <= at_ms <= found.duration_ms:
            raise InputError("That moment is not within the call.", "Give a time like 1:24.")
        event = events.append(self._store, "comment", found.id, {"start_ms": at_ms, "text": text.strip()})
        sidecar.write(self._store, found.id)
        return event.id

    def respond(self, call: str, suggestion: str, answer: str) -> None:
        """accept, dismiss or done, for a suggestion of this call by its id or rule."""
        found = self.find(call)
        if answer not in ("accept", "dismiss", "done"):
            raise InputError(f"{answer} is no answer.", "Say accept, dismiss or done.")
        shown = self.review(found.id)
        known = {s["id"]: s["rule"] for s in [*shown.suggestions, *shown.review_flags, *shown.praise]}
        rule = known.get(suggestion) or (suggestion if suggestion in known.values() else None)
        if rule is None:
            raise NotFound(f"This call has no suggestion {suggestion}.", "`coachdesk show CALL` lists them.")
        events.append(self._store, "respond", found.id, {"rule": rule, "kind": found.kind, "answer": answer})
        sidecar.write(self._store, found.id)

    def set_result(self, call: str, result: str) -> None:
        """The result of a call, in the playbook's words."""
        found = self.find(call)
        self._check_result(result, self.playbook(found.playbook))
        with self._store.write():
            events.append(self._store, "result", found.id, {"result": result})
            calls.change(self._store, found.id, result=result)
        sidecar.write(self._store, found.id)

    def case(self, name: str, result: str = "", on: str = "") -> dict[str, Any]:
        """A case by name; with a result, set it. Any playbook's case results are understood."""
        if result:
            allowed = sorted({word for playbook in self.playbooks() for word in playbook.case_results})
            if result not in allowed:
                raise InputError(f"{result} is no result of a case.", f"There are: {', '.join(allowed)}.")
            case_id = calls.case(self._store, name)
            calls.set_case_result(self._store, case_id, result, on or datetime.now(UTC).date().isoformat())
        found = calls.cases(self._store, name)
        if not found:
            raise NotFound(f"There is no case {name}.", "Give a call its case with `analyze --account`.")
        return found[0]

    def cases(self) -> list[dict[str, Any]]:
        return calls.cases(self._store)

    def delete(self, call: str) -> None:
        """Remove a call with its sound, words and everything derived, for good."""
        found = self.find(call)
        for name in calls.purge(self._store, found.id):
            media.forget(self.home, name)
        sidecar.remove(self._store, found.id)
        self._store.vacuum()

    def add_model(self, folder: Path, name: str = "") -> str:
        return weights.add(self.home.models, folder, name or None).name

    def verify_model(self, name: str) -> list[str]:
        return weights.verify(self.home.models, name)

    def fetch_model(self, name: str, report: Callable[[int, int], None]) -> str:
        """The only use of the network there is, and only because the person asked."""
        return weights.fetch(self.home.models, name, report).name

    def change(self, **values: Any) -> None:
        """Change settings."""
        self.settings = replace(self.settings, **values)
        settings.save(self.home, self.settings)

    # --- inside

    def _work(self, playbook: Playbook) -> Work:
        return Work(self._store, self._owner, self.settings, playbook, self._hear)

    def _recompute(self, call_id: str) -> None:
        playbook = self.playbook(self.find(call_id).playbook)
        recompute(self._store, call_id, playbook, self.settings.wording)
        sidecar.write(self._store, call_id)

    def _check_result(self, result: str, playbook: Playbook) -> None:
        if result and result not in playbook.results:
            raise InputError(f"{result} is no result of {playbook.id}.", f"There are: {', '.join(playbook.results)}.")


def open_desk(home: str | None = None) -> Desk:
    """The desk of a home folder."""
    return Desk(paths.home(home))


def _twice(call_id: str) -> tuple[str, str]:
    return call_id, call_id


def _own_name(imported: ImportedTranscript | None) -> str:
    if imported is None:
        return ""
    return next((s.name for s in imported.speakers if s.role == "rep"), "")


def _when(imported: ImportedTranscript | None) -> datetime | None:
    if imported is None or not imported.started_at:
        return None
    try:
        found = datetime.fromisoformat(imported.started_at.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
