"""Jobs and the speech child: the only place that starts processes for work.

A job is a function wholly inside the one try of `run`; its outcome is a state, never parsed from text. A job names its
owner, who holds an operating-system lock for as long as it lives: when that lock is free and the job still says
"running", it was interrupted. Cancelling the speech child is killing it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

from filelock import FileLock, Timeout

from coachdesk.errors import Cancelled, CoachDeskError, EngineError, by_code
from coachdesk.history import results
from coachdesk.history.store import Store, new_id
from coachdesk.paths import Home
from coachdesk.speech import protocol
from coachdesk.speech.weights import offline_environment

T = TypeVar("T")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}  # our sums are small; the engine's own threads are not meant by this


class Owner:
    """This process as an owner of jobs: alive as long as its lock is held."""

    def __init__(self, home: Home) -> None:
        self.id = new_id()
        self._lock = FileLock(str(home.locks / f"owner-{self.id}.lock"))
        self._lock.acquire(timeout=0)

    @property
    def lock(self) -> Path:
        """The file that is locked for as long as this process lives."""
        return Path(self._lock.lock_file)

    def release(self) -> None:
        path = Path(self._lock.lock_file)
        self._lock.release()
        path.unlink(missing_ok=True)


def is_alive(home: Home, owner: str) -> bool:
    """Whether the process that owns a job still lives."""
    path = home.locks / f"owner-{owner}.lock"
    if not path.exists():
        return False
    try:
        with FileLock(str(path), timeout=0):
            pass
    except Timeout:
        return True
    path.unlink(missing_ok=True)
    return False


def mend_interrupted(store: Store) -> list[str]:
    """Mark jobs whose owner is gone as interrupted; returns their ids."""
    gone = [job["id"] for job in results.running_jobs(store) if not is_alive(store.home, job["owner"])]
    for job_id in gone:
        results.end_job(store, job_id, "interrupted")
    return gone


def run(store: Store, owner: Owner, kind: str, request: dict[str, Any], job: Callable[[], tuple[str, T]]) -> T:
    """Run a job that returns (call id, result), and record how it ended."""
    job_id = results.add_job(store, kind, owner.id, request)
    try:
        call_id, result = job()
    except (Cancelled, KeyboardInterrupt):
        results.end_job(store, job_id, "cancelled")
        raise
    except CoachDeskError as problem:
        results.end_job(store, job_id, "failed", code=problem.code)
        raise
    except BaseException:
        results.end_job(store, job_id, "failed", code="bug")
        raise
    results.end_job(store, job_id, "done", call_id)
    return result


class SpeechChild:
    """A running speech child. Iterate `messages()`; `kill()` from anywhere cancels within moments."""

    def __init__(self, request: protocol.Asked) -> None:
        self._killed = False
        self.given_up = False
        self._process = subprocess.Popen(
            child_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if not os.environ.get("COACHDESK_CHILD_STDERR") else None,
            env={**os.environ, **offline_environment(), **_ONE_THREAD, "PYTHONPATH": _path()},
        )
        self._send(request)

    def messages(self) -> Iterator[protocol.FromChild]:
        """What the child says, up to Done (or until it was given up).

        Raises what it failed with, EngineError where it died, Cancelled if killed.
        """
        finished = False
        try:
            for line in _pipe(self._process.stdout):
                message = protocol.from_child(line)
                if isinstance(message, protocol.Failed):
                    raise by_code(message.code, message.message, message.hint)
                yield message
                if isinstance(message, protocol.Done):
                    finished = True
                    break
        finally:
            self._end(kill=not finished)
        if self._killed:
            raise Cancelled("Stopped.")
        if not finished and not self.given_up:
            raise EngineError(
                f"The speech engine stopped unexpectedly (status {self._process.returncode}).",
                "What was finished is kept; run the same command again to go on.",
            )

    def seal(self, layout: str = "") -> None:
        """Tell the child that the file it follows is complete, and what its channels hold where that was told."""
        self._send(protocol.Seal(layout))

    def kill(self) -> None:
        self._killed = True
        self._process.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _send(self, message: protocol.ToChild) -> None:
        pipe = _pipe(self._process.stdin)
        with contextlib.suppress(BrokenPipeError):
            pipe.write(protocol.encode(message) + b"\n")
            pipe.flush()

    def seal_when(
        self, sealed: Callable[[], bool], layout: Callable[[], str], hopeless: Callable[[], bool] | None = None
    ) -> None:
        """Seal the file as soon as `sealed()` says so; asked ten times a second in a thread of its own.

        Where `hopeless()` says so before, the child is given up: it ends, and that is no error.
        """

        def watch() -> None:
            while self._process.poll() is None:
                if sealed():
                    self.seal(layout())
                    return
                if hopeless is not None and hopeless():
                    self.given_up = True
                    self._process.kill()
                    return
                time.sleep(0.1)

        threading.Thread(target=watch, daemon=True, name="seal").start()

    def _end(self, kill: bool) -> None:
        if kill:
            self._process.kill()
        with contextlib.suppress(OSError):
            _pipe(self._process.stdin).close()
        if self._process.poll() is None:
            try:
                self._process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        _pipe(self._process.stdout).close()


def child_command() -> list[str]:
    """How the speech child is started: its module, or the packaged program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker", "speech"]
    return [sys.executable, "-m", "coachdesk.speech.worker"]


def _path() -> str:
    package_parent = str(Path(__file__).parents[2])
    return os.pathsep.join([package_parent, *filter(None, [os.environ.get("PYTHONPATH", "")])])


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


class Aside(Generic[T]):
    """Something that goes on in a thread of its own beside the work: `is_over`, and `result` waits for it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._found: list[T] = []
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="aside", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def result(self) -> T:
        """What it gave, or raises what it raised."""
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        return self._found[0]

    def _run(self) -> None:
        try:
            self._found.append(self._work())
        except BaseException as problem:
            self._problem = problem


class Pace:
    """Guesses the time a stage still needs from how it went so far."""

    def __init__(self) -> None:
        self._started: dict[str, tuple[float, int]] = {}

    def remaining_s(self, stage: str, done_ms: int, total_ms: int | None) -> float | None:
        """Seconds left; None until enough was done to tell."""
        started, first = self._started.setdefault(stage, (time.monotonic(), done_ms))
        elapsed, done = time.monotonic() - started, done_ms - first
        if total_ms is None or done <= 0 or elapsed < 0.5:
            return None
        return max(0.0, elapsed * (total_ms - done_ms) / done)
