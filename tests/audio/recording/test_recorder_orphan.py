"""The window dies at the worst moments; the recording does not. Devices are files, as in test_recorder.py."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime

import psutil
import pytest

from coachdesk.audio.recording import journal
from coachdesk.audio.recording import messages as m
from coachdesk.audio.recording.recorder import Recorder, leftovers, running
from tests.audio.recording.test_recorder import MOST_LOST_MS, Told, events, talk  # noqa: F401 - a fixture
from tests.audio.sounds import codes, decode
from tests.conftest import ROOT

WINDOW = """
import sys, threading, time
from coachdesk.audio.recording import messages as m
from coachdesk.audio.recording.recorder import Recorder
path, mic, system, orphan_s = sys.argv[1:]
recorder = Recorder.start(m.Start(path, "c1", mic, system, limits=m.Limits(orphan_s=float(orphan_s))))
print(recorder.pid, flush=True)
for message in recorder.messages():
    if isinstance(message, m.Ready):
        print("ready", flush=True)
"""


@pytest.fixture
def sides(talk):  # noqa: F811
    return {"mic": f"file:{talk}?channel=0", "system": f"file:{talk}?channel=1"}


@contextmanager
def window(folder, sides, orphan_s=60.0):
    """A process that began a recording, and its recorder's id. Whatever is left of both is ended."""
    command = [sys.executable, "-c", WINDOW, folder / "call.opus", *sides.values(), str(orphan_s)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    pid = int(process.stdout.readline())
    try:
        yield process, pid
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)


def until(found, most_s=20.0):
    end = time.monotonic() + most_s
    while not (value := found()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return value


# A call is 20 minutes; that an orphan is as good after 10 s as after 3 needs no proof in every run.
@pytest.mark.parametrize("after_s", [None, 3, pytest.param(10, marks=pytest.mark.long)])
def test_the_window_is_killed_and_another_takes_the_recording_up_and_stops_it(tmp_path, sides, after_s):
    with window(tmp_path, sides) as (process, pid):
        if after_s is not None:
            assert process.stdout.readline() == "ready\n"
            time.sleep(after_s)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        (found,) = until(lambda: running(tmp_path))
        until(lambda: events(tmp_path, journal.Orphaned))
        time.sleep(1.0)  # nobody is there
        assert leftovers(tmp_path) == []
        told = Told(Recorder.attach(found))
        assert told.recorder.pid == pid
        told.await_(m.Orphan)
        told.await_(m.Level)
        told.recorder.send(m.Describe("taken up"))
        told.recorder.stop()
        sealed = told.finish()
    assert isinstance(sealed, m.Sealed) and sealed.why == "stopped" and told.gone is None
    (started,), (ended,) = events(tmp_path, journal.Started), events(tmp_path, journal.Ended)
    lasted_ms = (datetime.fromisoformat(ended.at) - datetime.fromisoformat(started.at)).total_seconds() * 1000
    sound, opened = decode(tmp_path / "call.opus")
    missing_ms = lasted_ms - sound.shape[1] / 16
    print(f"\nwindow killed {'before Ready' if after_s is None else f'after {after_s} s'}: recorded for "
          f"{lasted_ms:.0f} ms, {missing_ms:.0f} ms missing")  # fmt: skip
    assert codes(opened) == [] and missing_ms <= MOST_LOST_MS
    assert sealed.gaps == []
    assert [event.title for event in events(tmp_path, journal.Described)] == ["taken up"]
    assert events(tmp_path, journal.Adopted)


def test_one_that_nobody_takes_up_ends_by_itself_and_is_whole(tmp_path, sides):
    with window(tmp_path, sides, orphan_s=2.0) as (process, _):
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        (ended,) = until(lambda: events(tmp_path, journal.Ended))
        until(lambda: not running(tmp_path))
    assert ended.why == "orphaned"
    sound, opened = decode(tmp_path / "call.opus")
    assert codes(opened) == [] and sound.shape[1] / 16 == pytest.approx(ended.duration_ms, abs=3)
    assert ended.duration_ms >= 1900
    assert leftovers(tmp_path) == []
