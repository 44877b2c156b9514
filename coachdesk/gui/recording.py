"""The call that is being recorded, as the window holds it: one per window, made when it is first wanted.

It speaks with the recorder through the bridge, knows the state and the moments, and says what happens as signals. When
the recording is over it becomes a call: one job, which began to listen while the call went on where the engine keeps up.
It shows nothing; pages and strips do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from coachdesk.conversation.while_talking import OwnTalk
from coachdesk.desk.recording import Recorder, is_last
from coachdesk.desk.recording import messages as m
from coachdesk.errors import CoachDeskError
from coachdesk.gui.bridge import Bridge, Job
from coachdesk.gui.quiet import Quiet
from coachdesk.sentences import _

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk

SIDES = ("mic", "system")


@dataclass(frozen=True, slots=True)
class About:
    """What is told of the call before or while it is recorded."""

    playbook: str = ""
    title: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Something noted at a moment. `kind`: note | mark | asked | agreed."""

    at_ms: int
    kind: str
    text: str = ""


@dataclass
class Seal:
    """Whether the recorder has said its last word; read by the thread that listens along."""

    is_set: bool = False


class Recording(QObject):
    """`state`: idle | starting | recording | paused | stopping. `position_ms` is the place in the recording."""

    changed = Signal()  # the state
    level = Signal(object)  # messages.Level
    heard = Signal(str, str)  # side; "heard" | "silent" | "lost" | "waiting"
    told = Signal(str, dict)  # what went wrong, as code and parameters of notices
    stamped = Signal(object)  # Stamp
    quiet = Signal(object)  # seconds until it stops by itself, or None
    finished = Signal(str)  # the call it became
    erased = Signal(str)  # the call that keeps the refusal and the typed notes
    broke_off = Signal(object)  # CoachDeskError: it never began, or its recorder died

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._recorder: Recorder | None = None
        self._sealed = Seal()
        self._wanted_live = False
        self._job: Job | None = None
        self._reset()

    def _reset(self) -> None:
        self.state, self.position_ms, self.mixed = "idle", 0, False
        self.about, self.consent = About(), ("unknown", "")
        self.stamps: list[Stamp] = []
        self.ticked: dict[str, int] = {}
        self.sides: dict[str, str] = {}
        self.talk, self._quiet = OwnTalk(), Quiet()
        self._last: m.FromRecorder | None = None
        self._stop_at_once = False

    @property
    def is_on(self) -> bool:
        """Whether something is recorded right now, or about to be."""
        return self.state not in ("idle", "stopping")

    @property
    def name(self) -> str:
        """The recording's id; "" where there is none."""
        return self._recorder.beside.sound.stem if self._recorder else ""

    # --- begin

    def start(self, about: About, mic: str = "", system: str = "", mixed: bool = False, live: bool = True) -> None:
        """Record; says within a second or two whether that works."""
        if self.state != "idle":
            return
        self._reset()
        self.about, self.mixed, self._wanted_live = about, mixed, live
        self._set("starting")
        self._bridge.hold(True)
        self._bridge.ask(lambda desk: desk.record(mic, system, mixed), self._follow, self._refused, owner=self)

    def take_up(self, recorder: Recorder) -> None:
        """Go on with a recording another window left."""
        if self.state != "idle":
            recorder.leave()
            return
        self._reset()
        self._wanted_live = False  # its words come afterwards: what was said so far is not heard twice
        self._set("starting")
        self._bridge.hold(True)
        self._follow(recorder)

    def _follow(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._sealed = Seal()
        if self._stop_at_once:
            recorder.stop()
        self.describe(self.about)
        self._bridge.follow(recorder.messages, self._hear, self._ended, self)

    def _refused(self, problem: CoachDeskError) -> None:
        self._over()
        self.broke_off.emit(problem)

    # --- while it goes on

    def stop(self, tail_from_ms: int | None = None) -> None:
        """The end; what was recorded becomes a call. `tail_from_ms`: from there on nobody spoke."""
        if not self.is_on:
            return
        if self._recorder is None:  # it is only just being started
            self._stop_at_once = True
            return
        self._set("stopping")
        self.quiet.emit(None)
        self._recorder.send(m.Stop(tail_from_ms))

    def pause(self, on: bool) -> None:
        if self._recorder is not None and self.state in ("recording", "paused"):
            self._recorder.send(m.Pause() if on else m.Resume())
            self._set("paused" if on else "recording")

    def note(self, text: str, at_ms: int | None = None) -> None:
        """A typed line, at the moment it was begun."""
        self._send(m.Note(text, at_ms))
        self._stamp("note", text, at_ms)

    def bookmark(self) -> None:
        """This moment, to be listened to later."""
        self._send(m.Bookmark())
        self._stamp("mark")

    def agree(self, basis: str) -> None:
        """They agreed to the recording, now, and on what basis."""
        self.consent = ("noted", basis)
        self._send(m.ConsentNoted("noted", basis))
        self._stamp("agreed", basis)
        self._bridge.ask(lambda desk: _remember(desk, self.about.playbook, basis), self._bridge.settings_changed.emit)

    def take_back(self) -> None:
        """Nothing is agreed after all; that it was noted, and taken back, stays in the list."""
        self.consent = ("unknown", "")
        self._send(m.ConsentNoted("unknown"))

    def refuse(self) -> None:
        """They said no: sound and words so far are erased; typed notes and the refusal stay."""
        self.consent = ("refused", "")
        self._set("stopping")
        self._send(m.Erase())

    def tick(self, question: str, done: bool) -> None:
        """A planned question was asked."""
        self._send(m.Tick(question, done))
        if done:
            self.ticked[question] = self.position_ms
            self._stamp("asked", question)
        else:
            self.ticked.pop(question, None)

    def describe(self, about: About) -> None:
        """Title, account, playbook; kept beside the recording, whatever becomes of this window."""
        self.about = about
        self._send(m.Describe(about.title, about.account, about.playbook))

    def set_mixed(self, on: bool) -> None:
        """A telephone on loudspeaker, or people in a room: one microphone holds everybody."""
        self.mixed = on
        self._quiet.one_sided = on
        self._send(m.SetLayout("mixed" if on else "two_sides"))
        self.changed.emit()

    def switch(self, side: str, device: str) -> None:
        """Another device for a side, without a break."""
        self._send(m.SwitchDevice(side, device))

    def go_on(self) -> None:
        """The countdown is waved off."""
        self._quiet.wave_off()
        self.quiet.emit(None)

    @property
    def tail_from_ms(self) -> int | None:
        """Where what is silent at the end begins, while it counts down."""
        return self._quiet.tail_from_ms

    def let_go(self) -> None:
        """The program that held the call has let go of the microphone."""
        if self.state == "recording":
            self._quiet.let_go(self.position_ms)

    def leave(self) -> None:
        """The window goes; the recording stays for as long as the recorder allows."""
        if self._recorder is not None and self.is_on:
            self._recorder.leave()

    def _send(self, order: m.ToRecorder) -> None:
        if self._recorder is not None:
            self._recorder.send(order)

    def _stamp(self, kind: str, text: str = "", at_ms: int | None = None) -> None:
        stamp = Stamp(self.position_ms if at_ms is None else at_ms, kind, text)
        self.stamps.append(stamp)
        self.stamped.emit(stamp)

    # --- what the recorder says

    def _hear(self, message: m.FromRecorder) -> None:
        if is_last(message):
            self._last = message
        match message:
            case m.Level():
                self._hear_level(message)
            case m.Ready():
                self._set("recording" if self.state == "starting" else self.state)
                self._listen_along()
            case m.Heard(side):
                self._quiet.heard(side)
                self._side(side, "heard")
            case m.Silent(side, since_ms):
                self._quiet.silent(side, since_ms)
                self._side(side, "silent")
            case m.Trouble(code, params, fatal) if not fatal or not is_last(message):
                if code in ("device_gone", "server_gone", "device_refused"):
                    self._side(str(params.get("side", "")), "lost")
                self.told.emit(f"recording_{code}", dict(params))

    def _hear_level(self, level: m.Level) -> None:
        self.position_ms = level.position_ms
        if self.state == "starting":  # taken up: its Ready was said to another window
            self._set("paused" if level.paused else "recording")
        if not level.paused:
            self.talk.push(level.position_ms, level.mic_db, level.system_db)
        self.level.emit(level)
        if self.state != "recording":
            return
        left_s = self._quiet.seconds_left(level.position_ms)
        if left_s is not None and left_s <= 0:
            self.stop(self._quiet.tail_from_ms)
        elif left_s is not None or self._quiet.just_ended():
            self.quiet.emit(left_s)

    def _side(self, side: str, state: str) -> None:
        self.sides[side] = state
        self.heard.emit(side, state)

    def _ended(self, problem: CoachDeskError | None) -> None:
        self._sealed.is_set = True
        last, name = self._last, self.name
        if isinstance(last, m.Sealed) and last.duration_ms > 0:
            self._keep(name)
        elif isinstance(last, m.Sealed):
            self._over()
            self._bridge.ask(lambda desk: desk.drop_recording(name))
            self.told.emit("recording_nothing", {})
        elif isinstance(last, m.Erased):
            self._over()
            self._bridge.ask(lambda desk: desk.keep_refusal(name), self._refusal_kept, owner=self)
        elif isinstance(last, m.Trouble):
            self._over()
            self.told.emit(f"recording_{last.code}", dict(last.params))
            self.broke_off.emit(None)
        else:  # the recorder died: what there is, is offered
            self._over()
            self.broke_off.emit(problem)

    def _refusal_kept(self, call_id: str) -> None:
        self._bridge.changed.emit("")
        self.erased.emit(call_id)

    # --- the call it becomes

    def _listen_along(self) -> None:
        """Words while they talk."""
        if self._wanted_live and self._job is None:
            name, sealed = self.name, self._sealed
            self._job = self._begin_job(lambda desk, job: desk.keep_recording(name, growing=lambda: sealed.is_set))

    def _keep(self, name: str) -> None:
        if self._job is None:
            self._job = self._begin_job(lambda desk, job: desk.keep_recording(name))
        self._set("stopping")

    def _begin_job(self, run: Any) -> Job:
        job = self._bridge.start(Job(_("Listening to the call"), run), at_once=True)
        self._bridge.jobs_changed.connect(self._look_at_job)
        return job

    def _look_at_job(self) -> None:
        job = self._job
        if job is None or job.state in ("queued", "running"):
            return
        self._bridge.jobs_changed.disconnect(self._look_at_job)
        self._job = None
        if job.state == "done":
            self._bridge.dismiss(job)
            self._over()
            self.finished.emit(job.call_id)
        elif self._sealed.is_set:
            self._over()  # the recording is there; the job's line says what went wrong, and offers to try again
        else:
            self._bridge.dismiss(job)
            self._wanted_live = False  # the words come after the call

    def _over(self) -> None:
        self._recorder = None
        self._bridge.hold(False)
        self._set("idle")
        self.quiet.emit(None)

    def _set(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()


def _remember(desk: Desk, playbook: str, basis: str) -> Any:
    desk.change(last_consent={**desk.settings.last_consent, playbook: basis})
    return desk.settings
