"""Between the window and the desk: two threads with a desk each, and signals back.

Questions and small changes run on one thread, jobs (imports, transcription, model downloads) one after the other on
another, the call that is being recorded on a third; the window's own thread never waits. What comes back is delivered on
the window's thread, and only while the asking widget still exists. Nothing else in the window may use threads.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from coachdesk.errors import Cancelled, CoachDeskError
from coachdesk.sentences import _

if TYPE_CHECKING:
    from coachdesk.desk.bringing import BringIn
    from coachdesk.desk.desk import Desk
    from coachdesk.desk.events import Event

T = TypeVar("T")
Task = Callable[["Desk"], None]
Failed = Callable[[CoachDeskError], None]
Act = Callable[["Desk"], Any]  # makes a change and returns the act that undoes it
log = logging.getLogger("coachdesk.gui")
_numbers = itertools.count(1)
LIVE = ("queued", "running")
_LAST_WORDS_S = 2.0  # for processes that were told to end, or were let go


@dataclass
class Job:
    """A job as the window shows it. `state`: queued running done failed cancelled."""

    title: str
    run: Callable[[Desk, Job], str]
    request: BringIn | None = None
    call_id: str = ""
    number: int = field(default_factory=lambda: next(_numbers))
    state: str = "queued"
    stage: str = ""
    share: float | None = None
    remaining_s: float | None = None
    problem: CoachDeskError | None = None
    stopping: bool = False
    stop_work: Callable[[], None] | None = None  # stops what its thread works on; set while it runs

    def go_on(self) -> None:
        """Raises Cancelled where the person stopped this job."""
        if self.stopping:
            raise Cancelled("Stopped.")


class Bridge(QObject):
    """The one way from the window to the desk."""

    told = Signal(str, dict)  # a notice: code and parameters
    changed = Signal(str)  # a call changed; "" = which calls there are changed
    settings_changed = Signal(object)
    jobs_changed = Signal()
    went_wrong = Signal(object)  # an error nobody else takes care of
    undoable = Signal(str)  # something was done that can be undone: what
    undone = Signal(str)
    words = Signal(int, int, int, str)  # heard while recording: channel, start and end in ms, text
    call_recorded = Signal(bool)  # a call begins to be recorded, or is no more
    _back = Signal(object)

    def __init__(self, home: str | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs: list[Job] = []
        self._undo: list[tuple[str, Act]] = []
        self._redo: list[tuple[str, Act]] = []
        self._closing = False
        self._following: list[threading.Thread] = []
        self.is_call_recorded = False
        self._free = threading.Event()  # jobs begin; they wait while a call is recorded
        self._free.set()
        self._back.connect(lambda deliver: deliver(), Qt.ConnectionType.QueuedConnection)
        self._questions = _DeskThread("questions", home, self._no_desk)
        self._work = _DeskThread("jobs", home, self._no_desk)
        self._live = _DeskThread("recording", home, self._no_desk)

    def _no_desk(self, problem: CoachDeskError) -> None:
        """The desk could not be opened: a broken settings file, a history of a newer program."""
        self._deliver(self, self.went_wrong.emit, problem)

    def close(self) -> None:
        """End both threads. Unfinished imports are kept, to be offered again."""
        if self._closing:
            return
        self._closing = True
        unfinished = [job.request for job in self.running if job.request is not None and not job.stopping]
        for job in list(self.jobs):
            self.cancel(job)
        if unfinished:
            self._questions.put(lambda desk: desk.offer_again(unfinished))
        self._free.set()
        for thread in (self._work, self._live, self._questions):
            thread.end()
        for reader in self._following:
            reader.join(timeout=_LAST_WORDS_S)

    # --- questions and changes

    def ask(
        self,
        question: Callable[[Desk], T],
        then: Callable[[T], None] | None = None,
        otherwise: Callable[[CoachDeskError], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Ask the desk; `then` gets the answer on the window's thread, while `owner` still lives."""
        if self._closing:
            return
        asker = owner or self

        def work(desk: Desk) -> None:
            try:
                answer = question(desk)
            except CoachDeskError as problem:
                self._deliver(asker, otherwise or self.went_wrong.emit, problem)
            except Exception as bug:
                log.exception("a question failed")
                if otherwise is None:
                    self._deliver(self, self.went_wrong.emit, bug)
                else:
                    self._deliver(asker, otherwise, _inside())
            else:
                if then is not None:
                    self._deliver(asker, then, answer)

        self._questions.put(work)

    def do(self, what: str, act: Act, call_id: str = "", owner: QObject | None = None) -> None:
        """Make a change that can be undone; `what` says it in a few words ("Title changed")."""

        def done(back: Act | None) -> None:
            if back is not None:
                self._undo.append((what, back))
                self._redo.clear()
                self.undoable.emit(what)
            self.changed.emit(call_id)

        self.ask(act, done, owner=owner)

    def undo(self) -> None:
        """Take the last change back."""
        self._turn(self._undo, self._redo, self.undone.emit)

    def redo(self) -> None:
        self._turn(self._redo, self._undo, lambda _what: None)

    @property
    def can_undo(self) -> str:
        """What would be undone; empty where there is nothing."""
        return self._undo[-1][0] if self._undo else ""

    def _turn(self, source: list[tuple[str, Act]], target: list[tuple[str, Act]], say: Callable[[str], None]) -> None:
        if not source:
            return
        what, act = source.pop()

        def done(back: Act | None) -> None:
            if back is not None:
                target.append((what, back))
            say(what)
            self.changed.emit(getattr(act, "call_id", ""))

        self.ask(act, done)

    def change_settings(self, **values: Any) -> None:
        """Change settings; everyone who shows them is told."""

        def change(desk: Desk) -> Any:
            desk.change(**values)
            return desk.settings

        self.ask(change, self.settings_changed.emit)

    # --- jobs

    def start(self, job: Job, at_once: bool = False) -> Job:
        """Queue a job; it runs when those before it are through. `at_once`: beside them, for a call being recorded."""
        self.jobs.append(job)
        thread = self._live if at_once else self._work

        def work(desk: Desk) -> None:
            if not at_once:
                self._free.wait()
            self._run(desk, job, thread.cancel)

        thread.put(work, lambda why: self._set(job, state="failed", problem=why))
        self.jobs_changed.emit()
        return job

    def hold(self, on: bool) -> None:
        """While a call is recorded no further job begins: the machine belongs to the call."""
        if on:
            self._free.clear()
        else:
            self._free.set()

    def note_recorded(self, on: bool) -> None:
        """Whether a call is being recorded in this window, for all that would come in its way."""
        if on != self.is_call_recorded:
            self.is_call_recorded = on
            self.call_recorded.emit(on)

    def retry(self, job: Job) -> Job:
        """The same job once more, from where it stopped."""
        self.dismiss(job)
        return self.start(Job(job.title, job.run, job.request, job.call_id))

    def follow(
        self,
        messages: Callable[[], Iterator[T]],
        each: Callable[[T], None],
        ended: Callable[[CoachDeskError | None], None],
        owner: QObject,
    ) -> None:
        """Read what another process says, to its end, on a thread of its own; `each` and `ended` hear it on the window's.

        Whoever asks ends that process: nothing here does.
        """

        def read() -> None:
            problem = None
            try:
                for message in messages():
                    self._deliver(owner, each, message)
            except CoachDeskError as gone:
                problem = gone
            except Exception as bug:
                log.exception("following failed")
                self._deliver(self, self.went_wrong.emit, bug)
            self._deliver(owner, ended, problem)

        self._following = [reader for reader in self._following if reader.is_alive()]
        self._following.append(threading.Thread(target=read, name="follow", daemon=True))
        self._following[-1].start()

    def dismiss(self, job: Job) -> None:
        """An ended job out of the list."""
        if job in self.jobs and job.state not in LIVE:
            self.jobs.remove(job)
            self.jobs_changed.emit()

    def cancel(self, job: Job) -> None:
        """Stop a job; what it finished is kept."""
        job.stopping = True
        if job.stop_work is not None:  # it may run already while its state still says "queued"
            job.stop_work()
        elif job.state == "queued":
            job.state = "cancelled"
        self.jobs_changed.emit()

    def cancel_all(self) -> None:
        for job in self.running:
            self.cancel(job)

    @property
    def running(self) -> list[Job]:
        """Jobs that run or wait."""
        return [job for job in self.jobs if job.state in LIVE]

    def report(self, job: Job, stage: str, share: float | None, remaining_s: float | None) -> None:
        """How far a job is; called by what it runs, on the jobs thread."""
        self._set(job, stage=stage, share=share, remaining_s=remaining_s)

    def _run(self, desk: Desk, job: Job, stop_work: Callable[[], None]) -> None:
        job.stop_work = stop_work  # before it is asked whether to stop: `cancel` does it the other way round
        if not job.stopping:
            self._set(job, state="running")
        desk.subscribe(lambda event: self._heard(job, event))
        try:
            job.go_on()
            desk.reload()
            call_id = job.run(desk, job)
        except Cancelled:
            self._set(job, state="cancelled")
        except CoachDeskError as problem:
            self._set(job, state="failed", problem=problem)
        except Exception as bug:
            log.exception("a job failed")
            self._set(job, state="failed", problem=_inside())
            self._deliver(self, self.went_wrong.emit, bug)
        else:
            self._set(job, state="done", call_id=call_id, share=1.0)
        finally:
            job.stop_work = None
            self._deliver(self, self.changed.emit, "")

    def _heard(self, job: Job, event: Event) -> None:
        """What the desk tells while a job runs; this is the jobs thread. A stop that came before the work takes effect."""
        job.go_on()
        name = type(event).__name__
        if name == "Progress":
            total = event.total_ms  # type: ignore[union-attr]
            share = event.done_ms / total if total else None  # type: ignore[union-attr]
            self._set(job, stage=event.stage, share=share, remaining_s=event.remaining_s)  # type: ignore[union-attr]
        elif name == "Ready":
            self._set(job, call_id=event.call_id)  # type: ignore[union-attr]
            self._deliver(self, self.changed.emit, event.call_id)  # type: ignore[union-attr]
        elif name == "Words":
            self._deliver(self, self.words.emit, event.channel, event.start_ms, event.end_ms, event.text)  # type: ignore[union-attr]
        else:
            self._deliver(self, self.told.emit, event.code, event.params)  # type: ignore[union-attr]

    def _set(self, job: Job, **values: Any) -> None:
        def apply() -> None:
            for name, value in values.items():
                setattr(job, name, value)
            self.jobs_changed.emit()

        self._deliver(self, apply)

    def _deliver(self, owner: QObject, to: Callable[..., Any], *values: Any) -> None:
        """Call `to` on the window's thread, unless its owner is gone by then."""

        def deliver() -> None:
            if shiboken6.isValid(owner):
                to(*values)

        if not self._closing and shiboken6.isValid(self):
            self._back.emit(deliver)


def _inside() -> CoachDeskError:
    return CoachDeskError(_("Something went wrong inside CoachDesk."), _("The log holds the details."))


class _DeskThread:
    """A thread with a desk of its own, opened with its first task; where that fails it is told, and tried again later."""

    def __init__(self, name: str, home: str | None, failed: Failed) -> None:
        self._home, self._failed = home, failed
        self._tasks: queue.SimpleQueue[tuple[Task, Failed | None] | None] = queue.SimpleQueue()
        self._desk: Desk | None = None
        self._thread = threading.Thread(target=self._live, name=f"desk-{name}")
        self._thread.start()

    def put(self, task: Task, failed: Failed | None = None) -> None:
        """Work for this thread; `failed` is told instead where there is no desk."""
        self._tasks.put((task, failed))

    def cancel(self) -> None:
        """Stop what the desk is working on now."""
        if self._desk is not None:
            self._desk.cancel()

    def end(self) -> None:
        self._tasks.put(None)
        self._thread.join()

    def _live(self) -> None:
        while (entry := self._tasks.get()) is not None:
            task, failed = entry
            if self._desk is None:
                from coachdesk.desk.desk import open_desk  # off the window's thread: it takes a moment

                try:
                    self._desk = open_desk(self._home)
                except CoachDeskError as problem:
                    (failed or self._failed)(problem)
                    continue
            task(self._desk)
        if self._desk is not None:
            self._desk.close()
