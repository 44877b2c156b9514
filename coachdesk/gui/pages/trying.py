"""Trying it: a take recorded at a suggestion's moment, kept, heard and compared, in a dialog over the review.

Recorder and player are the desk's; closing the dialog ends both, and a take that was not finished goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from coachdesk.errors import CoachDeskError
from coachdesk.gui.bridge import LIVE, Bridge, Job
from coachdesk.gui.widgets.try_it import LONGEST_MS, TryIt
from coachdesk.sentences import _, notice

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk
    from coachdesk.desk.recording import Recorder
    from coachdesk.desk.sound import Player


@dataclass(frozen=True, slots=True)
class KeepTake:
    """A take listened to and kept: some seconds, so it is a job."""

    name: str
    call: str
    rule: str
    start_ms: int
    end_ms: int

    def __call__(self, desk: Desk, job: Job) -> str:
        desk.take_keep(self.name, self.call, self.rule, self.start_ms, self.end_ms)
        return ""


class Trying(QObject):
    """One dialog at a time. `original_asked` plays a stretch of the call; `sounding`: another sound begins, be quiet."""

    original_asked = Signal(int, int)
    sounding = Signal()

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._window = bridge, window
        self.dialog: TryIt | None = None
        self._call, self._rule, self._moment = "", "", (0, 0)
        self._original: dict[str, Any] | None = None
        self._recorder: Recorder | None = None
        self._sealed = self._starting = False
        self._sound = TakeSound(bridge, self)
        self._sound.failed.connect(self._say)
        self._job: Job | None = None
        bridge.jobs_changed.connect(self._look_at_job)
        bridge.call_recorded.connect(self._give_way)

    def open_for(self, doc: dict[str, Any], rule: str, start_ms: int, end_ms: int) -> None:
        """For a rule that a review suggests; nothing where it does not any more."""
        found = next((each for each in doc.get("suggestions", ()) if each["rule"] == rule), None)
        if found is not None:
            self.open(doc["call"]["id"], found, start_ms, end_ms)

    def open(self, call: str, suggestion: dict[str, Any], start_ms: int, end_ms: int) -> None:
        """The dialog for a suggestion's moment."""
        self.close()
        self._call, self._rule, self._moment = call, suggestion["rule"], (start_ms, end_ms)
        self._original, self._job = None, None
        self.dialog = dialog = TryIt(suggestion["title"], suggestion["try_saying"], self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.record_asked.connect(self._record)
        dialog.stop_asked.connect(self._stop)
        dialog.original_asked.connect(self._play_original)
        dialog.take_asked.connect(self._play)
        dialog.best_asked.connect(lambda take, on: self._do(lambda desk: desk.take_best(take, on)))
        dialog.delete_asked.connect(self._delete)
        dialog.finished.connect(lambda _code: self._closed(dialog))
        dialog.hold(self._bridge.is_call_recorded)
        self._reload()
        dialog.open()

    def close(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    def _closed(self, dialog: TryIt) -> None:
        if self.dialog is not dialog:
            return
        self.dialog = None
        self._quiet()
        if self._recorder is not None:
            self._recorder.stop()  # what comes of it is thrown away

    # --- what there is

    def _reload(self) -> None:
        call, rule, moment = self._call, self._rule, self._moment

        def question(desk: Desk) -> tuple[Any, list[Any]]:
            original = desk.take_original(call, *moment)
            return msgspec.to_builtins(original), msgspec.to_builtins(desk.takes_of(call, rule))

        def show(answer: tuple[Any, list[Any]]) -> None:
            if self.dialog is not None and (call, rule) == (self._call, self._rule):
                self._original = answer[0]
                self.dialog.set_original(answer[0])
                self.dialog.set_takes(answer[1])

        self._bridge.ask(question, show, self._say, owner=self)

    def _do(self, act: Any) -> None:
        self._bridge.ask(act, lambda _none: self._reload(), self._say, owner=self)

    def _delete(self, take: str) -> None:
        self._quiet()
        self._do(lambda desk: desk.take_delete(take))

    def _say(self, problem: CoachDeskError) -> None:
        if self.dialog is not None:
            self.dialog.say(f"{problem.message} {problem.hint}")

    # --- recording

    def _record(self) -> None:
        if self._recorder is not None or self._starting or self._bridge.is_call_recorded:
            return
        self._quiet()
        self.sounding.emit()
        self._starting, self._sealed = True, False
        self._bridge.ask(
            lambda desk: desk.take_begin(desk.settings.record_mic), self._follow, self._refused, owner=self
        )

    def _follow(self, recorder: Recorder) -> None:
        self._starting, self._recorder = False, recorder
        if self.dialog is not None and not self._bridge.is_call_recorded:
            self.dialog.show_recording(True)
        else:
            recorder.stop()
        self._bridge.follow(recorder.messages, self._hear, self._ended, self)

    def _give_way(self, on: bool) -> None:
        """The microphone is the call's: a take that is being said ends with what there is of it."""
        if on:
            self._stop()
        if self.dialog is not None:
            self.dialog.hold(on)

    def _refused(self, problem: CoachDeskError) -> None:
        self._starting = False
        self._say(problem)

    def _hear(self, message: Any) -> None:
        kind = type(message).__name__
        if kind == "Level":
            if self.dialog is not None:
                self.dialog.show_level(message.mic_db, message.position_ms)
            if message.position_ms >= LONGEST_MS:
                self._stop()
        elif kind == "Sealed":
            self._sealed = True
        elif kind == "Trouble" and self.dialog is not None:
            self.dialog.say(notice(f"recording_{message.code}", {"side": "mic", **message.params}))

    def _stop(self) -> None:
        if self._recorder is not None:
            self._recorder.stop()

    def _ended(self, gone: CoachDeskError | None) -> None:
        recorder, self._recorder = self._recorder, None
        assert recorder is not None
        name = recorder.beside.sound.stem
        if self.dialog is None or not self._sealed:
            self._bridge.ask(lambda desk: desk.take_delete(name))
        if self.dialog is None:
            return
        self.dialog.show_recording(False)
        if gone is not None:
            self._say(gone)
        if self._sealed:
            self.dialog.show_busy(True)
            keep = KeepTake(name, self._call, self._rule, *self._moment)
            self._job = self._bridge.start(Job(_("Listening to your take"), keep), at_once=True)

    def _look_at_job(self) -> None:
        job = self._job
        if job is None or job.state in LIVE:
            return
        self._job = None
        self._bridge.dismiss(job)
        if self.dialog is not None:
            self.dialog.show_busy(False)
            self.dialog.say("")
            if job.problem is not None:
                self._say(job.problem)
            self._reload()

    # --- hearing

    def _play_original(self) -> None:
        self._quiet()
        if self._original is not None:
            self.original_asked.emit(self._original["start_ms"], self._original["end_ms"])

    def _play(self, take: str) -> None:
        self.sounding.emit()
        self._sound.play(take)

    def _quiet(self) -> None:
        self._sound.close()


class TakeSound(QObject):
    """The sound of one take at a time. Close it when it is no longer wanted; it ends with its owner's page."""

    failed = Signal(object)  # CoachDeskError

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._player: Player | None = None
        self._wanted = ""

    def play(self, take: str) -> None:
        """From its beginning."""
        self.close()
        self._wanted = take

        def ready(player: Player) -> None:
            if self._wanted != take or self._player is not None:  # another, or none, is wanted by now
                player.close()
                return
            self._player = player
            player.play(0)

        self._bridge.ask(lambda desk: desk.take_player(take, lambda _now: None), ready, self.failed.emit, owner=self)

    @property
    def playing(self) -> bool:
        return self._player is not None and self._player.playing

    def close(self) -> None:
        """Stop, and give the sound back."""
        player, self._player, self._wanted = self._player, None, ""
        if player is not None:
            player.close()
