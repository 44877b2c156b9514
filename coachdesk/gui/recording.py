"""The call that is being recorded, as the window holds it: one per window, made when it is first wanted.

It speaks with the recorder through the bridge, knows the state and the moments, and says what happens as signals. When
the recording is over it becomes a call: one job, which began to listen while the call went on where the engine keeps up.
It shows nothing; pages and strips do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from coachdesk.conversation.while_talking import OwnTalk
from coachdesk.desk import noted
from coachdesk.desk.recording import Recorder, is_last
from coachdesk.desk.recording import messages as m
from coachdesk.errors import CoachDeskError
from coachdesk.gui.bridge import Bridge, Job
from coachdesk.gui.quiet import Quiet
from coachdesk.sentences import _

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class About:
    """What is told of the call before or while it is recorded."""

    playbook: str = ""
    title: str = ""
    account: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Something noted at a moment. `kind`: note | mark | asked | agreed."""

    at_ms: int
    kind: str
    text: str = ""


@dataclass
class RecordedCall:
    """One recording from its start to the call it becomes. `sealed` is read by the thread that listens along."""

    live: bool
    recorder: Recorder | None = None
    waiting: list[m.ToRecorder] = field(default_factory=list)  # asked for before the recorder was there
    last: m.FromRecorder | None = None
    sealed: bool = False
    abandoned: bool = False  # the window went before the recorder was there
    taken_up: bool = False
    job: Job | None = None

    @property
    def name(self) -> str:
        return self.recorder.beside.sound.stem if self.recorder else ""


class Recording(QObject):
    """`state`: idle | starting | recording | paused | stopping. `position_ms` is the place in the recording.

    It is idle again as soon as the file is sealed: the next call can be recorded while this one is still listened to.
    """

    changed = Signal()  # the state
    level = Signal(object)  # messages.Level
    heard = Signal(str, str)  # side; "heard" | "silent" | "lost" | "waiting"
    told = Signal(str, dict)  # what went wrong, as code and parameters of notices
    stamped = Signal(object)  # Stamp
    quiet = Signal(object)  # seconds until it stops by itself, or None
    ending = Signal()  # it is about to stop: what is typed and not said yet is to be said now
    finished = Signal(str)  # the call it became
    erased = Signal(str)  # the call that keeps the refusal and the typed notes
    broke_off = Signal(object)  # CoachDeskError or None: it never began, or its recorder died
    left_over = Signal()  # a recording is there that did not become a call

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._now: RecordedCall | None = None
        self._listened_to: list[RecordedCall] = []
        bridge.jobs_changed.connect(self._look_at_jobs)
        self._reset()

    def _reset(self, mixed: bool = False) -> None:
        self.state, self.position_ms, self.mixed = "idle", 0, mixed
        self.about, self.consent = About(), ("unknown", "")
        self.stamps: list[Stamp] = []
        self.ticked: dict[str, int] = {}
        self.sides: dict[str, str] = {}
        self.talk, self._quiet = OwnTalk(), Quiet(mixed)

    @property
    def is_on(self) -> bool:
        """Whether something is recorded right now, or about to be."""
        return self.state not in ("idle", "stopping")

    # --- begin

    def start(self, about: About, mic: str = "", system: str = "", mixed: bool = False, live: bool = True) -> None:
        """Record; says within a second or two whether that works."""
        if self.state != "idle":
            return
        self._reset(mixed)
        self.about, made = about, RecordedCall(live)
        self._now = made
        self._set("starting")
        self.describe(about)

        def begin(desk: Desk) -> Recorder:
            recorder = desk.record(mic, system, mixed)
            if made.abandoned:  # nobody is there any more who could stop it
                recorder.stop()
            return recorder

        self._bridge.ask(begin, lambda recorder: self._follow(made, recorder), self._refused, owner=self)

    def take_up(self, recorder: Recorder) -> None:
        """Go on with a recording another window left, with all that was told of it."""
        if self.state != "idle":
            recorder.leave()
            return
        told = noted.read(recorder.beside.journal.with_suffix(".opus"))
        self._reset(told.layout == "mixed")
        self.about = About(told.playbook, told.title, told.account, told.position)
        if told.consents:
            self.consent = (told.consents[-1].status, told.consents[-1].basis)
        self.stamps = [Stamp(r.at_ms, r.what or "note", r.question or r.text) for r in told.remarks]
        self.ticked = {r.question: r.at_ms for r in told.remarks if r.what == "asked"}
        self._now = RecordedCall(
            live=False, taken_up=True
        )  # its words come afterwards: what was said so far is not heard twice
        self._set("starting")
        self._follow(self._now, recorder)

    def _follow(self, made: RecordedCall, recorder: Recorder) -> None:
        made.recorder = recorder
        for order in made.waiting:
            recorder.send(order)
        made.waiting.clear()
        self._bridge.follow(
            recorder.messages, lambda message: self._hear(made, message), lambda gone: self._ended(made, gone), self
        )

    def _refused(self, problem: CoachDeskError) -> None:
        self._over()
        self.broke_off.emit(problem)

    # --- while it goes on

    def stop(self, tail_from_ms: int | None = None) -> None:
        """The end; what was recorded becomes a call. `tail_from_ms`: from there on nobody spoke."""
        if not self.is_on:
            return
        self.ending.emit()
        self._send(m.Stop(tail_from_ms))
        self._set("stopping")
        self.quiet.emit(None)

    def pause(self, on: bool) -> None:
        if self.state in ("recording", "paused"):
            self._send(m.Pause() if on else m.Resume())
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
        playbook = self.about.playbook
        self._bridge.ask(lambda desk: _remember(desk, playbook, basis), self._bridge.settings_changed.emit)

    def take_back(self) -> None:
        """Nothing is agreed after all; that it was noted, and taken back, stays in the list."""
        self.consent = ("unknown", "")
        self._send(m.ConsentNoted("unknown"))

    def refuse(self) -> None:
        """They said no: sound and words so far are erased; typed notes and the refusal stay."""
        if not self.is_on:
            return
        self.ending.emit()
        self.consent = ("refused", "")
        self._send(m.Erase())
        self._set("stopping")

    def tick(self, question: str, done: bool) -> None:
        """A planned question was asked."""
        self._send(m.Tick(question, done))
        if done:
            self.ticked[question] = self.position_ms
            self._stamp("asked", question)
        else:
            self.ticked.pop(question, None)

    def describe(self, about: About) -> None:
        """Title, account, playbook, position; kept beside the recording, whatever becomes of this window."""
        self.about = about
        self._send(m.Describe(about.title, about.account, about.playbook, about.position))

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
            self._quiet.let_go()

    def leave(self) -> None:
        """The window goes; the recording stays for as long as the recorder allows, and what was stopped stays stopped."""
        made = self._now
        if made is None:
            return
        if made.recorder is None:
            made.abandoned = True
        elif self.is_on:
            made.recorder.leave()

    def _send(self, order: m.ToRecorder) -> None:
        """Give an order, once there is somebody to take it."""
        if self._now is None:
            return
        if self._now.recorder is None:
            self._now.waiting.append(order)
        else:
            self._now.recorder.send(order)

    def _stamp(self, kind: str, text: str = "", at_ms: int | None = None) -> None:
        stamp = Stamp(self.position_ms if at_ms is None else at_ms, kind, text)
        self.stamps.append(stamp)
        self.stamped.emit(stamp)

    # --- what the recorder says

    def _hear(self, made: RecordedCall, message: m.FromRecorder) -> None:
        if is_last(message):
            made.last = message
        if made is not self._now:
            return
        match message:
            case m.Level():
                self._hear_level(message)
            case m.Ready() if not made.taken_up:
                self._set("recording" if self.state == "starting" else self.state)
                if made.live and made.job is None:
                    self._listen_to(made, growing=True)
            case m.Heard(side):
                self._quiet.heard(side)
                self._side(side, "heard")
            case m.Silent(side):
                self._side(side, "silent")
            case m.Trouble(code, params, fatal) if not fatal or not is_last(message):
                self._hear_trouble(code, params)

    def _hear_trouble(self, code: str, params: dict[str, Any]) -> None:
        side = str(params.get("side", ""))
        if code in ("device_gone", "server_gone", "device_refused"):
            self._quiet.lost(side)
            self._side(side, "lost")
        elif code == "back":
            self._quiet.heard(side)
            self._side(side, "waiting")
        self.told.emit(f"recording_{code}", dict(params))

    def _hear_level(self, level: m.Level) -> None:
        self.position_ms = level.position_ms
        if self.state == "starting":  # taken up: its Ready was said to another window
            self._set("paused" if level.paused else "recording")
        if not level.paused:
            self.talk.push(level.position_ms, level.mic_db, level.system_db)
            self._quiet.level(level.position_ms, level.mic_db, level.system_db)
        self.level.emit(level)
        if self.state == "recording":
            self._count_down(level.position_ms)

    def _count_down(self, at_ms: int) -> None:
        left_s = self._quiet.seconds_left(at_ms)
        if left_s is not None and left_s <= 0:
            self.stop(self._quiet.tail_from_ms)
        elif left_s is not None or self._quiet.just_ended():
            self.quiet.emit(left_s)

    def _side(self, side: str, state: str) -> None:
        self.sides[side] = state
        self.heard.emit(side, state)

    def _ended(self, made: RecordedCall, problem: CoachDeskError | None) -> None:
        made.sealed = True
        has_notes, last = bool(self.stamps), made.last
        if made is self._now:
            self._over()
        if made.abandoned:
            return
        if made.job is None and isinstance(last, m.Sealed | m.Erased):
            if isinstance(last, m.Sealed) and not last.duration_ms:
                self._nothing_recorded(made.name, has_notes)
            else:
                self._listen_to(made)
        elif isinstance(last, m.Trouble):
            self.told.emit(f"recording_{last.code}", dict(last.params))
            self.broke_off.emit(None)
        elif last is None:  # the recorder died: what there is, is offered
            self.broke_off.emit(problem)

    def _nothing_recorded(self, name: str, has_notes: bool) -> None:
        """No device brought any sound; what was typed meanwhile stays as a call without."""
        self.told.emit("recording_nothing", {})
        if has_notes:
            self._bridge.ask(lambda desk: desk.keep_refusal(name), self.finished.emit, owner=self)
        else:
            self._bridge.ask(lambda desk: desk.drop_recording(name))

    # --- the call it becomes

    def _listen_to(self, made: RecordedCall, growing: bool = False) -> None:
        """Make it a call; with `growing`, words while they talk."""
        name = made.name
        until = (lambda: made.sealed) if growing else None
        job = Job(_("Listening to the call"), lambda desk, job: desk.keep_recording(name, growing=until))
        made.job = job
        self._listened_to.append(made)
        self._bridge.start(job, at_once=True)

    def _look_at_jobs(self) -> None:
        for made in list(self._listened_to):
            if made.job is not None and made.job.state not in ("queued", "running"):
                self._listened_to.remove(made)
                self._job_ended(made, made.job)
        self._bridge.hold(self.is_on or bool(self._listened_to))

    def _job_ended(self, made: RecordedCall, job: Job) -> None:
        if job.state == "done":
            self._bridge.dismiss(job)
            (self.erased if isinstance(made.last, m.Erased) else self.finished).emit(job.call_id)
        elif not made.sealed:
            self._bridge.dismiss(job)
            made.job, made.live = None, False  # the words come after the call
        elif job.call_id:  # its numbers are there; the job's line says what the words failed with
            self.finished.emit(job.call_id)
        elif isinstance(made.last, m.Sealed | m.Erased):
            self.left_over.emit()

    def _over(self) -> None:
        self._now = None
        self._set("idle")
        self._bridge.hold(bool(self._listened_to))
        self.quiet.emit(None)

    def _set(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self._bridge.note_recorded(state != "idle")
            if self.is_on:
                self._bridge.hold(True)
            self.changed.emit()


def _remember(desk: Desk, playbook: str, basis: str) -> Any:
    desk.change(last_consent={**desk.settings.last_consent, playbook: basis})
    return desk.settings
