"""The recorder: a process of its own that writes a call to disk, whatever becomes of the window. And its parent's side.

`python -m coachdesk.audio.recording.recorder` (frozen: `--worker recorder`): a Start on stdin, then orders; messages on stdout
(coachdesk/audio/recording/messages.py); native prints go to stderr. `--devices`: prints what can be recorded from, and ends.
`--watch`: prints who has a microphone open, until its stdin ends (coachdesk/audio/recording/listeners.py).

One thread writes (coachdesk/audio/recording/session.py) and never waits for the window: what a window does not read is
dropped when there is too much of it, levels first. When stdin ends it goes on as an orphan
(coachdesk/audio/recording/custody.py). SIGTERM seals; SIGINT and SIGHUP are for the window and ignored. kill -9 costs at
most half a second.

All threads and processes of a recording are made in this file.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import msgspec
from filelock import FileLock, Timeout

from coachdesk.audio.recording import journal
from coachdesk.audio.recording import messages as m
from coachdesk.audio.recording.devices import Found, find
from coachdesk.audio.recording.journal import Beside, Leftover, leftovers, running
from coachdesk.audio.recording.listeners import changes
from coachdesk.errors import RecorderGone as RecorderGone

__all__ = [
    "Found", "Leftover", "Recorder", "RecorderGone", "Watch", "leftovers", "list_devices", "running", "watch_microphone",
]  # fmt: skip

_LISTING_S = 10.0
_TICK_S = 0.02
_UNREAD = 500  # messages the window has not read
_STOPPING_S = 10.0
_HERE_S, _LOOK_S = 2.0, 0.25

# --- the process


def main() -> int:
    """Serve one recording; returns the exit status."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)  # the real stdout, for messages only
    os.dup2(2, 1)
    if "--devices" in sys.argv:
        out.write(msgspec.json.encode(find()) + b"\n")
        os._exit(0)  # libraries that tidy up may wait for a sound server that does not answer
    if "--watch" in sys.argv:
        _watch(out)
        os._exit(0)  # its thread waits for stdin
    _Process(out).run()
    os._exit(0)  # as above; and threads may still hang in devices


def _watch(out: Any) -> None:
    """Tell who has a microphone open for as long as our parent holds our stdin."""

    def end_with_the_parent() -> None:
        while os.read(0, 1 << 12):
            pass
        os._exit(0)

    _spawn(end_with_the_parent)
    with suppress(OSError):  # the parent is gone
        for programs in changes():
            out.write(m.encode(m.InUse(programs)) + b"\n")


class _Process:
    """Threads around a session: orders in, blocks in, messages out."""

    def __init__(self, out: Any) -> None:
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._outbox: queue.Queue[bytes | None] = queue.Queue(_UNREAD)
        self._out = out
        self._session: Any = None
        self._parent_gone = False
        self._terminated = False

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._terminate)
        for name in ("SIGINT", "SIGHUP", "SIGPIPE"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_IGN)
        orders = os.fdopen(os.dup(0), "rb", buffering=0)
        teller = _spawn(self._tell)
        try:
            self._serve(orders)
        finally:
            with suppress(queue.Full):
                self._outbox.put(None, timeout=1)
            teller.join(timeout=2)  # a window that does not read is not waited for

    def _serve(self, orders: Any) -> None:
        start = self._first_order(orders)
        if start is None:
            return
        lock = FileLock(str(Beside(Path(start.path)).lock))
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError) as held:
            code = "busy" if isinstance(held, Timeout) else "cannot_write"
            self._say(m.Trouble(code, {"detail": type(held).__name__}, fatal=True))
            return
        try:
            self._record(start, orders)
        finally:
            lock.release()
            with suppress(OSError):
                Beside(Path(start.path)).lock.unlink(missing_ok=True)

    def _first_order(self, orders: Any) -> m.Start | None:
        line = orders.readline()
        try:
            start = m.to_recorder(line)
        except msgspec.DecodeError:
            start = None
        if not isinstance(start, m.Start):
            if line:
                self._say(m.Trouble("wrong_order", fatal=True))
            return None
        return start

    def _record(self, start: m.Start, orders: Any) -> None:
        from coachdesk.audio.recording.session import Refused, Session  # not for the parent: FFmpeg, numpy

        try:
            session = self._session = Session(start, self._say, _spawn, self._hear, self._lose)
        except Refused as refused:
            self._say(refused.trouble)
            return
        _spawn(lambda: self._listen(orders))
        try:
            while not session.ended:
                self._obey(session)
        except Exception:
            traceback.print_exc()
            session.end("bug")  # what there is shall be whole

    def _obey(self, session: Any) -> None:
        """All that came in, then a look at everything."""
        with suppress(queue.Empty):
            self._inbox.get(timeout=_TICK_S)()
            while not session.ended:
                self._inbox.get_nowait()()
        if self._terminated:
            session.end("terminated")
        elif self._parent_gone:
            session.parent_gone()
        if not session.ended:
            session.tick()

    def _terminate(self, *_: object) -> None:
        if self._session is None:
            os._exit(0)
        self._terminated = True

    # --- called from other threads

    def _hear(self, *block: Any) -> None:
        self._inbox.put(lambda: self._session.hear(*block))

    def _lose(self, *loss: Any) -> None:
        self._inbox.put(lambda: self._session.lose(*loss))

    def _listen(self, orders: Any) -> None:
        for line in orders:
            try:
                order = m.to_recorder(line)
            except msgspec.DecodeError:
                self._say(m.Trouble("wrong_order"))
                continue
            self._inbox.put(lambda order=order: self._session.order(order))  # type: ignore[misc]
        self._parent_gone = True

    def _say(self, message: m.FromRecorder) -> None:
        """Never waits: while the window does not read, levels are dropped, then whatever comes."""
        if isinstance(message, m.Level) and self._outbox.qsize() > _UNREAD // 4:
            return
        with suppress(queue.Full):
            self._outbox.put_nowait(m.encode(message) + b"\n")

    def _tell(self) -> None:
        while (line := self._outbox.get()) is not None:
            with suppress(OSError):  # the window is gone
                self._out.write(line)


def _spawn(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


# --- the parent's side


def list_devices(timeout_s: float = _LISTING_S) -> Found:
    """What can be recorded from now, looked up in a fresh process: sees what was just plugged in, survives libraries
    that abort or hang (then nothing is found: no_sound_server)."""
    try:
        done = subprocess.run(
            [*_command(), "--devices"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            env=_environment(),
        )
        return msgspec.json.decode(done.stdout, type=Found)
    except (subprocess.TimeoutExpired, OSError, msgspec.DecodeError):
        return Found((), {"microphone": "no_sound_server", "system": "no_sound_server"})


def watch_microphone() -> Watch:
    """Hear which programs have a microphone open, from a process that watches and ends with this one."""
    return Watch()


class Watch:
    """`messages` in one thread, `stop` from any."""

    def __init__(self) -> None:
        self._process = _child("--watch")

    def messages(self) -> Iterator[m.InUse]:
        """At once, and at each change; ends at `stop`, and at once where this cannot be had."""
        with _pipe(self._process.stdout) as lines:
            for line in lines:
                with suppress(msgspec.DecodeError):
                    yield m.in_use(line)
        _wait(self._process)

    def stop(self) -> None:
        """End it, and `messages`."""
        with suppress(OSError):
            _pipe(self._process.stdin).close()


class Recorder:
    """A recorder that was started, or one that was taken up. `messages` in one thread, orders from any."""

    def __init__(self, journal_path: Path, process: subprocess.Popen[bytes] | None) -> None:
        self.beside = Beside(journal_path)
        self._process = process
        self._sending = threading.Lock()
        self.pid = process.pid if process else _pid_in(journal_path)
        self._left = False

    @classmethod
    def start(cls, start: m.Start) -> Recorder:
        """Begin a recording. Whether that worked is said by its messages: Ready, or Trouble with `fatal`."""
        process = _child()
        recorder = cls(Beside(Path(start.path)).journal, process)
        recorder.send(start)
        return recorder

    @classmethod
    def attach(cls, journal_path: Path) -> Recorder:
        """Take up a recording another window left. Iterate `messages` at once: that keeps it alive. Raises RecorderGone."""
        if not Beside(journal_path).is_being_recorded():
            raise RecorderGone("This recording is not being made any more.", "Recover what was recorded.")
        recorder = cls(journal_path, None)
        recorder.send(m.Here())
        return recorder

    def send(self, order: m.ToRecorder) -> None:
        """Give an order; to one that is gone it is lost."""
        line = m.encode(order) + b"\n"
        with self._sending, suppress(OSError):
            if self._process is None:
                with self.beside.commands.open("ab", buffering=0) as file:
                    file.write(line)
            elif self._process.stdin is not None and not self._process.stdin.closed:
                self._process.stdin.write(line)
                self._process.stdin.flush()

    def messages(self) -> Iterator[m.FromRecorder]:
        """What it says, to the end (Sealed, Erased, fatal Trouble). Raises RecorderGone where it died before."""
        ended = False
        for message in self._from_pipe() if self._process else self._from_status():
            ended = ended or is_last(message)
            yield message
        if self._left:
            return
        if self._process:
            _wait(self._process)
        self.beside.tidy()
        if not ended:
            raise RecorderGone("The recording broke off.", "What was recorded until then is kept: recover it.")

    def stop(self) -> None:
        """Ask for the end; it comes with Sealed."""
        self.send(m.Stop())

    def leave(self) -> None:
        """Let go of it, as a window that is closed: the recording goes on as an orphan. Ends `messages`."""
        self._left = True
        if self._process and self._process.stdin:
            with self._sending, suppress(OSError):
                self._process.stdin.close()
            self._process.returncode = 0  # not ours any more: nobody shall wait for it

    def _from_pipe(self) -> Iterator[m.FromRecorder]:
        assert self._process is not None and self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                if self._left:
                    return
                with suppress(msgspec.DecodeError):
                    yield m.from_recorder(line)

    def _from_status(self) -> Iterator[m.FromRecorder]:
        """By looking at the status file, and saying that we are here."""
        seen, position_ms, here_s = 0, -1, time.monotonic()
        while not self._left:
            alive = self.beside.is_being_recorded()  # asked before reading: what is read after its end is complete
            with suppress(OSError, msgspec.DecodeError):
                status = m.status(self.beside.status.read_bytes())
                for number, message in status.messages:
                    if number > seen:
                        seen = number
                        yield message
                        if is_last(message):
                            return
                if status.level is not None and status.level.position_ms != position_ms:
                    position_ms = status.level.position_ms
                    yield status.level
            if not alive:
                return
            if time.monotonic() - here_s > _HERE_S:
                here_s = time.monotonic()
                self.send(m.Here())
            time.sleep(_LOOK_S)


def is_last(message: m.FromRecorder) -> bool:
    """Whether nothing comes after this message."""
    return isinstance(message, m.Sealed | m.Erased) or (
        isinstance(message, m.Trouble) and message.fatal and message.code not in ("disk_low", "disk_full", "no_source")
    )


def _pid_in(journal_path: Path) -> int:
    with suppress(OSError):
        for event in journal.read(journal_path):
            if isinstance(event, journal.Started):
                return event.pid
    return 0


def _child(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*_command(), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("COACHDESK_CHILD_STDERR") else subprocess.DEVNULL,
        env=_environment(),
        **_apart(),
    )


def _wait(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        _pipe(process.stdin).close()
    try:
        process.wait(timeout=_STOPPING_S)
    except subprocess.TimeoutExpired:  # it said its last word and hangs
        process.kill()
        process.wait()


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker", "recorder"]
    return [sys.executable, "-m", "coachdesk.audio.recording.recorder"]


def _environment() -> dict[str, str]:
    package_parent = str(Path(__file__).parents[3])
    path = os.pathsep.join([package_parent, *filter(None, [os.environ.get("PYTHONPATH", "")])])
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}


def _apart() -> dict[str, Any]:
    """Not in the window's process group or console: what ends those does not end a recording."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


if __name__ == "__main__":
    sys.exit(main())
