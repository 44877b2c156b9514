"""The port: what a person can do. Ask, tell, hear; each verb a few lines that delegate.

`open_desk` is the composition root: the one place where home, settings, history and owner come together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from coachdesk import export, paths, settings
from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import (
    amend,
    bringing,
    doctor,
    dropped,
    engines,
    pipeline,
    playbooks,
    recording,
    review,
    sound,
    versions,
)
from coachdesk.desk.bringing import BringIn as BringIn  # asked for with it
from coachdesk.desk.events import Hear, Told, deaf
from coachdesk.desk.jobs import Owner, mend_interrupted, run
from coachdesk.desk.recompute import lay_out, recompute
from coachdesk.desk.work import Work
from coachdesk.document import Review, plain
from coachdesk.errors import InputError, NotFound, PlaybookError
from coachdesk.history import calls, events, library, media, results, sidecar, words
from coachdesk.history.library import Wanted as Wanted  # asked for with it
from coachdesk.history.store import Store, now
from coachdesk.model import Call
from coachdesk.speech import weights
from coachdesk.speech.imported import read_transcript

if TYPE_CHECKING:
    from coachdesk.audio.play import Player, Playing

DAYS_IN_BIN = 30


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
        self.empty_bin(DAYS_IN_BIN)

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

    def library(self, wanted: Wanted) -> list[int]:
        """Row numbers of the wanted calls, in order; `library_rows` gives their rows."""
        return library.numbers(self._store, wanted)

    def library_rows(self, numbers: list[int]) -> dict[int, dict[str, Any]]:
        return library.rows(self._store, numbers)

    def library_facets(self) -> dict[str, list[str]]:
        """The kinds, results and cases there are to filter by."""
        return library.facets(self._store)

    def count(self) -> int:
        """How many calls there are."""
        return library.count(self._store)

    def lanes(self, call: str) -> list[sound.LaneFacts]:
        """What the timeline of a call draws."""
        return sound.lanes(self._store, self.find(call).id)

    def player(self, call: str, hear: Callable[[Playing], None]) -> Player:
        """A player for a call's sound; it has a thread of its own, to be closed by whoever asked."""
        return sound.player(self._store, self.find(call).id, hear)

    def look_into(self, paths: Iterable[Path]) -> dropped.Dropped:
        """Files and folders sorted into calls to bring in."""
        return dropped.sort(paths, self.settings.my_name)

    def devices(self) -> recording.Found:
        """Microphones and the sound of the other party that can be recorded from right now."""
        return recording.devices()

    def cut_off(self) -> list[recording.CutOff]:
        """Recordings that were cut off, to be kept or dropped."""
        return recording.cut_off(self.home)

    def interrupted(self) -> list[dict[str, Any]]:
        """Imports that were cut off with their program, newest first: {id, request, created_at}; to be offered again."""
        return results.interrupted_jobs(self._store, "bring_in")

    def bin(self) -> list[dict[str, Any]]:
        """The calls in the bin, newest first."""
        return calls.binned(self._store)

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
                {**asdict(model), "folder": model.folder.name} for model in weights.installed(self.home.models)
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
        request = bringing.import_of(wanted, choice, imported, playbook.id)
        call_id = run(
            self._store,
            self._owner,
            "bring_in",
            bringing.kept(wanted),
            lambda: _twice(pipeline.bring_in(work, request)),
        )
        self._after_bringing(call_id, wanted, playbook)
        return call_id

    def record(self, mic: str = "", system: str = "", mixed: bool = False) -> recording.Recorder:
        """Begin a recording; its messages tell how it goes, and `keep_recording` makes it a call."""
        return recording.begin(self.home, mic, system, mixed)

    def keep_recording(self, name: str, wanted: BringIn | None = None) -> str:
        """A recording, finished or cut off, as a call with what was noted meanwhile; returns the call's id."""
        path = recording.find(self.home, name)
        noted = recording.read(path)
        call_id = self.bring_in(recording.request(path, wanted or BringIn(())))
        for at_ms, text in noted.remarks:
            self.comment(call_id, min(at_ms, self.find(call_id).duration_ms), text)
        for status, basis in noted.consents:
            self.amend(call_id, amend.NoteConsent(status, basis))
        recording.clear(path)
        return call_id

    def drop_recording(self, name: str) -> None:
        """A recording that is not wanted: its sound is overwritten and removed."""
        recording.drop(recording.find(self.home, name))

    def open_sample(self, name: str) -> str:
        """A sample call, at once: what listening to it finds was found when it was made."""
        folder = paths.resource(f"samples/{name}")
        wanted = BringIn(
            (folder / "call.opus",), transcript=folder / "transcript.json", source="sample", prepared=folder
        )
        return self.bring_in(wanted)

    def _after_bringing(self, call_id: str, wanted: BringIn, playbook: Playbook) -> None:
        found = self.find(call_id)
        if wanted.playbook and found.playbook != playbook.id:
            self.coach(call_id, playbook.id)
        bringing.retitle(self._store, call_id, wanted)
        if wanted.consent:
            self.amend(call_id, amend.NoteConsent("noted", wanted.consent))
        if wanted.result:
            self.set_result(call_id, wanted.result)
        if wanted.me and not wanted.tracks:
            self._own_side(call_id, wanted.me)

    def _own_side(self, call_id: str, me: str) -> None:
        if bringing.own_side(self._store, call_id, me):
            self._recompute(call_id)

    def import_transcript(self, path: Path, playbook_id: str = "", me: str = "") -> str:
        """A call of words only; its numbers are of grade C. Returns the call's id."""
        imported = read_transcript(path, need_speakers=True)
        playbook = self.playbook(playbook_id or imported.playbook or self.settings.playbook)
        source = f"transcript:{media.digest_of(path)}"
        known = next((c["id"] for c in review.summary(self._store) if c["source"] == source), None)
        if known is None:
            known = bringing.add_transcript_call(self._work(playbook), path, imported, source)
        if me:
            self._own_side(known, me)
        self._recompute(known)
        return known

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
        playbook = self.playbook(playbook_id)
        self.amend(call, amend.SetPlaybook(playbook.id, playbook.kind))

    def amend(self, call: str, change: amend.Amendment) -> amend.Amendment:
        """One small change, effective everywhere at once; returns the change that undoes it."""
        found = self.find(call)
        # the new one, where there is one: it must be there before anything is changed, and the old may be gone
        playbook = self.playbook(change.playbook if isinstance(change, amend.SetPlaybook) else found.playbook)
        if isinstance(change, amend.SetResult) and change.result:
            self._check_result(change.result, playbook)
        undo = amend.amend(self._store, found.id, change, playbook)
        if isinstance(change, amend.TakeBack | amend.Again):
            versions.apply_corrections(self._store, found.id)
        self._recompute(found.id)
        return undo

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
        self.amend(call, amend.SetResult(result))

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

    def put_in_bin(self, call: str) -> None:
        """Out of sight everywhere, and kept for 30 days."""
        self._bin(self.find(call).id, now())

    def take_from_bin(self, call_id: str) -> None:
        """Back where it was. Raises NotFound where the call is not in the bin."""
        if call_id not in {row["id"] for row in self.bin()}:
            raise NotFound("This call is not in the bin any more.", "It was removed for good, or taken out already.")
        self._bin(call_id, None)

    def _bin(self, call_id: str, at: str | None) -> None:
        calls.bin_call(self._store, call_id, at)
        sidecar.write(self._store, call_id)

    def empty_bin(self, older_than_days: int = 0) -> int:
        """Remove what has lain in the bin for so long, for good; returns how many calls that were."""
        before = (datetime.now(UTC) - timedelta(days=older_than_days)).isoformat(timespec="seconds")
        gone = calls.binned(self._store, before if older_than_days else None)
        for row in gone:
            self._remove(row["id"])
        if gone:
            self._store.vacuum()
        return len(gone)

    def delete(self, call: str) -> None:
        """Remove a call with its sound, words and everything derived, for good."""
        self.delete_all([call])

    def delete_all(self, found: list[str]) -> None:
        """The same for several calls."""
        for call in found:
            self._remove(self.find(call).id)
        self._store.vacuum()

    def _remove(self, call_id: str) -> None:
        for name in calls.purge(self._store, call_id):
            media.forget(self.home, name)
        sidecar.remove(self._store, call_id)

    def offer_again(self, requests: list[BringIn]) -> None:
        """Imports that had to be left: `interrupted` lists them at the next start."""
        for wanted in requests:
            job = results.add_job(self._store, "bring_in", self._owner.id, bringing.kept(wanted))
            results.end_job(self._store, job, "interrupted")

    def forget_jobs(self, job_ids: list[str]) -> None:
        """Interrupted imports that are not wanted any more."""
        for job_id in job_ids:
            results.end_job(self._store, job_id, "cancelled")

    def cancel(self) -> None:
        """Stop what this desk is working on; may be called from any thread. What was finished is kept."""
        if self.last_work is not None:
            self.last_work.cancel()

    def add_model(self, folder: Path, name: str = "") -> str:
        return weights.add(self.home.models, folder, name or None).name

    def verify_model(self, name: str) -> list[str]:
        return weights.verify(self.home.models, name)

    def fetch_model(self, name: str, report: Callable[[int, int], None]) -> str:
        """The only use of the network there is, and only because the person asked."""
        return weights.fetch(self.home.models, name, report).name

    def change(self, **values: Any) -> None:
        """Change settings. Raises SettingsError where a value does not fit."""
        self.settings = replace(self.settings, **values)
        settings.save(self.home, self.settings)

    def reload(self) -> None:
        """Take settings that another desk of this home changed."""
        self.settings = settings.load(self.home)

    # --- inside

    def _work(self, playbook: Playbook) -> Work:
        self.last_work = Work(self._store, self._owner, self.settings, playbook, self._hear)
        return self.last_work

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
