"""The port: what a person can do. Ask, tell, hear; each verb a few lines that delegate.

`open_desk` is the composition root: the one place where home, settings, history and owner come together. The verbs lie
in storeys: `opened` (what all stand on), `asking`, `changing`, and here what takes its time: listening to a call.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from coachdesk import paths
from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import (
    amend,
    apart,
    bringing,
    engines,
    joining,
    keeping,
    live,
    my_voice,
    noted,
    pipeline,
    playbooks,
    recording,
    review,
    takes,
    versions,
)
from coachdesk.desk.bringing import BringIn as BringIn  # asked for with it
from coachdesk.desk.changing import Changing
from coachdesk.desk.events import Told
from coachdesk.desk.jobs import run
from coachdesk.desk.opened import DAYS_IN_BIN as DAYS_IN_BIN
from coachdesk.errors import Cancelled, CoachDeskError, InputError
from coachdesk.history import calls, media, sidecar
from coachdesk.history.library import Wanted as Wanted  # asked for with it
from coachdesk.speech.imported import read_transcript

_LOOK_S = 0.2
log = logging.getLogger("coachdesk.desk")


class Desk(Changing):
    """An open desk. Use it in one thread; close it when done."""

    def bring_in(self, wanted: BringIn) -> str:
        """Import, transcribe, measure, coach, store; returns the call's id. The same file is recognised."""
        job = lambda: _twice(self._bring_in(wanted))  # noqa: E731
        return run(self._store, self._owner, "bring_in", bringing.kept(wanted), job)

    def _bring_in(self, wanted: BringIn, **more: Any) -> str:
        """`more`: fields of pipeline.Import that nobody asks for by name."""
        imported = read_transcript(wanted.transcript) if wanted.transcript else None
        playbook = self.playbook(wanted.playbook or (imported.playbook if imported else "") or self.settings.playbook)
        self._check_result(wanted.result, playbook)
        engine = "none" if imported else wanted.engine
        choice = engines.choose(self.home, self.settings, engine, wanted.model, wanted.language)
        if choice.engine == "none" and engine != "none" and not imported:
            self._hear(Told("numbers_only", {"language": choice.language}))
        work = self._work(playbook)
        request = replace(bringing.import_of(wanted, choice, imported, playbook.id), **more)
        call_id = pipeline.bring_in(work, request)
        self._after_bringing(call_id, wanted, playbook)
        return call_id

    def record(self, mic: str = "", system: str = "", mixed: bool = False) -> recording.Recorder:
        """Begin a recording; its messages tell how it goes, and `keep_recording` makes it a call."""
        return recording.begin(self.home, self._owner.lock, mic, system, mixed)

    def take_up(self) -> recording.Recorder | None:
        """A recording of this home whose window is gone; iterate its messages at once. None where there is none."""
        return recording.take_up(self.home)

    def keep_recording(
        self, name: str, wanted: BringIn | None = None, growing: Callable[[], bool] | None = None
    ) -> str:
        """A recording, finished or cut off, as a call with all that was noted meanwhile; returns the call's id.

        With `growing` it is listened to while it is still being made, and words are told as they come; `growing()` turns
        True when the file is sealed. One that was erased becomes a call without sound and words.
        """
        known = keeping.call_of(self._store, name)
        if known is not None and not recording.is_there(self.home, name):  # only its words were missing
            return self.transcribe(known)
        path = recording.find(self.home, name)
        job = lambda: _twice(self._keep(path, wanted or BringIn(()), growing))  # noqa: E731
        return run(self._store, self._owner, "keep", {"recording": path.stem}, job)

    def _keep(self, path: Path, wanted: BringIn, growing: Callable[[], bool] | None) -> str:
        with tempfile.TemporaryDirectory(dir=self.home.root) as folder:
            heard = live.Beside(path).read()
            if growing is not None:
                heard = self._listen_along(path, wanted, growing, Path(folder) / "peaks")
            recording.wait_until_sealed(path)
            told = noted.read(path)
            if told.erased:
                return self._keep_refusal(path, told, wanted)
            request = replace(recording.request(path, told, wanted), playbook=self._playbook_of(told, wanted))
            try:
                return self._bring_in(request, heard=heard, notices=told.notices, also=self._laid_on(told, request))
            finally:
                if (
                    keeping.call_of(self._store, path.stem) is not None
                ):  # its numbers are there, whatever became of the words
                    recording.clear(path)

    def _listen_along(self, path: Path, wanted: BringIn, growing: Callable[[], bool], peaks: Path) -> live.Heard:
        """What is heard while it is made; nothing where listening along is not possible."""
        choice = engines.choose(self.home, self.settings, wanted.engine, wanted.model, wanted.language)
        work = self._work(self.playbook(wanted.playbook or self.settings.playbook))
        beside = live.Beside(path)
        layout = lambda: wanted.layout or noted.layout_now(path)  # noqa: E731
        try:
            return live.follow(work, path, choice, growing, peaks, layout=layout, beside=beside)
        except Cancelled:
            raise
        except CoachDeskError:  # it is listened to when it is whole, and what is wrong with it is said then
            while not growing():
                work.go_on()
                time.sleep(_LOOK_S)
            return beside.read()

    def _playbook_of(self, told: noted.Noted, wanted: BringIn) -> str:
        """The playbook that was told while recording, unless another is wanted, or it is gone by now."""
        if wanted.playbook or told.playbook not in playbooks.files(self.home):
            return wanted.playbook
        return told.playbook

    def _laid_on(self, told: noted.Noted, request: BringIn) -> Callable[[str], None]:
        playbook = self.playbook(request.playbook or self.settings.playbook)

        def also(call_id: str) -> None:
            noted.lay_on(self._store, call_id, told, self.find(call_id).duration_ms, playbook)

        return also

    def keep_refusal(self, name: str) -> str:
        """A recording that was erased because they said no, or has no sound, as a call without it; returns the call's id."""
        path = recording.find(self.home, name)
        return self._keep_refusal(path, noted.read(path), BringIn(()))

    def _keep_refusal(self, path: Path, told: noted.Noted, wanted: BringIn) -> str:
        if not told.erased and recording.length_ms(path):
            raise InputError("This recording was not erased.", "Keep it as a call, or drop it.")
        call_id = keeping.call_of(self._store, path.stem)
        if call_id is None:
            playbook = self.playbook(self._playbook_of(told, wanted) or self.settings.playbook)
            request = recording.request(path, told, wanted)
            call_id = keeping.add_refusal(self._work(playbook), told, request)
        recording.clear(path)
        return call_id

    def drop_recording(self, name: str) -> None:
        """A recording that is not wanted: its sound is overwritten and removed."""
        recording.drop(recording.find(self.home, name))

    def join(self, calls_: list[str]) -> str:
        """Parts of one call, in order of time, as one new call; returns its id. Undone by putting it into the bin and
        taking the parts out.
        """
        parts = joining.parts_of(self._store, [self.find(call) for call in calls_])
        job = lambda: _twice(self._join(parts))  # noqa: E731
        return run(self._store, self._owner, "join", {"calls": [part.call.id for part in parts]}, job)

    def _join(self, parts: list[joining.Part]) -> str:
        with tempfile.TemporaryDirectory(dir=self.home.root) as folder:
            sound = Path(folder) / "joined.opus"
            joining.write_sound(self._store, parts, sound)
            also = lambda call_id: joining.carry_over(self._store, parts, call_id)  # noqa: E731
            call_id = self._bring_in(joining.request(parts, sound), notices=joining.notices(parts), also=also)
        for part in parts:
            sidecar.write(self._store, part.call.id)
        versions.settle(self._work(self.playbook(self.find(call_id).playbook)), call_id)
        return call_id

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
        if wanted.me:  # told, or recorded here: then it is known and not only assumed
            self._learn_quietly(call_id)

    def _learn_quietly(self, call_id: str) -> None:
        """Learn the own voice beside something else, which must not fail for it."""
        try:
            self.learn_my_voice(call_id)
        except Cancelled:
            raise
        except CoachDeskError as problem:
            log.info("call %s: the own voice was not learnt: %s", call_id[:8], problem.code)

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

    def tell_apart(self, call: str, people: int) -> None:
        """The voices of a call's one channel told apart once more, for so many people (2 to 4). Sides are asked anew."""
        found = self.find(call)
        work = self._work(self.playbook(found.playbook))

        def job() -> tuple[str, None]:
            apart.tell_apart(work, found.id, people)
            return found.id, None

        run(self._store, self._owner, "tell_apart", {"call": found.id, "people": people}, job)

    def take_begin(self, mic: str = "") -> recording.Recorder:
        """Record a take: the own microphone only, never a call. Its messages tell how it goes; then `take_keep`."""
        return takes.begin(self.home, self._owner.lock, mic)

    def take_keep(self, name: str, call: str, rule: str, start_ms: int, end_ms: int) -> takes.Take:
        """A take that was recorded, listened to and set beside the moment of a call. Raises InputError where nothing is heard."""
        found = self.find(call)
        work = self._work(self.playbook(found.playbook))
        choice = engines.choose(self.home, self.settings)
        return takes.keep(work, name, choice, takes.About(found.id, found.kind, rule, start_ms, end_ms))

    def learn_my_voice(self, call: str) -> bool:
        """Learn the own voice from a call whose own side the person told; False where that is not wanted or not possible."""
        found = self.find(call)
        if not self.settings.my_voice:
            return False
        work = self._work(self.playbook(found.playbook))
        job = lambda: (found.id, my_voice.learn(work, found.id))  # noqa: E731
        return run(self._store, self._owner, "learn_my_voice", {"call": found.id}, job)


def open_desk(home: str | None = None) -> Desk:
    """The desk of a home folder."""
    return Desk(paths.home(home))


def _twice(call_id: str) -> tuple[str, str]:
    return call_id, call_id
