"""The port: what a person can do. Ask, tell, hear; each verb a few lines that delegate.

`open_desk` is the composition root: the one place where home, settings, history and owner come together. The verbs lie
in storeys: `opened` (what all stand on), `asking`, `changing`, and here what takes its time: listening to a call.
"""

from __future__ import annotations

from pathlib import Path

from coachdesk import paths
from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import amend, bringing, engines, pipeline, recording, review
from coachdesk.desk.bringing import BringIn as BringIn  # asked for with it
from coachdesk.desk.changing import Changing
from coachdesk.desk.events import Told
from coachdesk.desk.jobs import run
from coachdesk.desk.opened import DAYS_IN_BIN as DAYS_IN_BIN
from coachdesk.errors import InputError
from coachdesk.history import calls, media
from coachdesk.history.library import Wanted as Wanted  # asked for with it
from coachdesk.speech.imported import read_transcript


class Desk(Changing):
    """An open desk. Use it in one thread; close it when done."""

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


def open_desk(home: str | None = None) -> Desk:
    """The desk of a home folder."""
    return Desk(paths.home(home))


def _twice(call_id: str) -> tuple[str, str]:
    return call_id, call_id
