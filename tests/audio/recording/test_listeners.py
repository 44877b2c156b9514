"""Who has a microphone open: asked of a real sound server without hardware, by a program that runs below
packaging/sound_server.sh and writes down what it was told.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from coachdesk.audio.recording.listeners import _windows_name, is_below, spoken_name
from coachdesk.audio.recording.recorder import watch_microphone
from tests.audio.recording.test_recorder import recording
from tests.conftest import ROOT, needs_sound_server

pytestmark = pytest.mark.alone

SOON_S = 2.0
FAR, NEAR = "speakers.monitor", "mic"
PORTAUDIO = """
import sys, time, sounddevice
with sounddevice.InputStream(device="mic", channels=1, samplerate=48000):
    print("open", flush=True)
    sys.stdin.read()
"""

# --- the program


class Heard:
    """A watch, and what it tells, with the moment."""

    def __init__(self):
        self.watch, self.told = watch_microphone(), []
        self._thread = threading.Thread(target=self._hear)
        self._thread.start()

    def _hear(self):
        for in_use in self.watch.messages():
            self.told.append((time.monotonic(), in_use.programs))

    def until(self, programs, seconds=10.0):
        """How long it takes until these are told."""
        begun_s = time.monotonic()
        while not self.told or self.told[-1][1] != programs:
            assert time.monotonic() - begun_s < seconds, (programs, self.told)
            time.sleep(0.02)
        return round(time.monotonic() - begun_s, 2)

    def end(self):
        self.watch.stop()
        self._thread.join(timeout=10)
        return not self._thread.is_alive()


@contextmanager
def stranger(*words):
    """A program that is not below us: its shell is gone, and it belongs to nobody."""
    shell = subprocess.run(
        ["sh", "-c", '"$@" >/dev/null 2>&1 <&- & echo $!', "sh", *words], capture_output=True, text=True, check=True
    )
    pid = int(shell.stdout)
    try:
        yield pid
    finally:
        psutil.Process(pid).kill()


def parec(device, *more):
    return stranger("parec", "-d", device, *more)


def act(folder):
    seen = {}
    heard = Heard()
    seen["nobody"] = heard.until([])
    with parec(NEAR):
        seen["opened"] = heard.until(["parec"])
        with parec(NEAR, "--client-name=Softphone"):
            seen["second"] = heard.until(["Softphone", "parec"])
        seen["second_left"] = heard.until(["parec"])
    seen["closed"] = heard.until([])
    told = len(heard.told)
    with parec(FAR), parec(NEAR, "--property=application.id=org.PulseAudio.pavucontrol"):
        with recording(folder, {"mic": "default:microphone", "system": "default:system"}) as told_by_recorder:
            told_by_recorder.await_position(2500)
            told_by_recorder.stop()
        below = subprocess.Popen(["parec", "-d", NEAR], stdout=subprocess.DEVNULL)
        time.sleep(1.5)
        below.kill()
        below.wait()
    time.sleep(0.5)
    seen["not_counted"] = [programs for _, programs in heard.told[told:]]
    with stranger(sys.executable, "-c", PORTAUDIO.replace("sys.stdin.read()", "time.sleep(60)")):
        seen["portaudio"] = heard.until([Path(sys.executable).resolve().name], 20)
        seen["ended"] = heard.end()
    watch = Heard()
    with parec(NEAR):
        watch.until(["parec"])
        os.kill(int(os.environ["COACHDESK_SOUND_SERVER"]), signal.SIGKILL)
        seen["server_gone"] = watch.until([])
    seen["memory_mb"] = round(psutil.Process(watch.watch._process.pid).memory_full_info().uss / 1e6, 1)
    watch.end()
    print(json.dumps(seen))


# --- the tests


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    needs_sound_server()
    folder = tmp_path_factory.mktemp("listeners")
    command = ["sh", ROOT / "packaging" / "sound_server.sh", sys.executable, "-m", __name__, folder]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        try:
            said, complaints = program.communicate(timeout=120)
        except BaseException:
            program.terminate()  # not killed: it has a server to end
            raise
    assert program.returncode == 0, complaints
    print(f"\n{said}")
    return json.loads(said)


@pytest.mark.parametrize("change", ["opened", "second", "second_left", "closed"])
def test_who_opens_and_closes_the_microphone_is_told_soon(seen, change):
    assert seen[change] <= SOON_S


def test_ourselves_recordings_of_what_is_played_and_level_meters_are_not_told(seen):
    assert seen["not_counted"] == []


def test_programs_behind_portaudio_have_their_own_name(seen):
    assert seen["portaudio"] < 20


def test_it_ends_when_it_is_not_wanted_any_more(seen):
    assert seen["ended"]


def test_a_sound_server_that_is_gone_means_nobody_listens(seen):
    assert seen["server_gone"] <= SOON_S


def test_where_there_is_no_sound_server_it_ends_at_once_and_silently(monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    watch = watch_microphone()
    assert list(watch.messages()) == []
    assert watch._process.returncode == 0


def test_it_dies_with_its_parent(tmp_path):
    """A watch that cannot end by itself: its server takes the connection and says nothing."""
    code = """
import os, socket, sys
hangs = socket.socket(socket.AF_UNIX)
hangs.bind(sys.argv[1])
hangs.listen()
os.environ["PULSE_SERVER"] = "unix:" + sys.argv[1]
from coachdesk.audio.recording.recorder import watch_microphone

print(watch_microphone()._process.pid, flush=True)
sys.stdin.read()
"""
    command = [sys.executable, "-c", code, tmp_path / "native"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        watch = psutil.Process(int(parent.stdout.readline()))
        time.sleep(1)
        assert watch.is_running()
        parent.kill()
    assert psutil.wait_procs([watch], timeout=5)[1] == [] or watch.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(
    ("name", "binary", "spoken"),
    [
        ("ALSA plug-in [zoom]", "zoom", "zoom"),
        ("Google Chrome input", "chrome", "Google Chrome"),
        ("WEBRTC VoiceEngine", "Discord", "Discord"),
        ("", "baresip", "baresip"),
        ("Firefox", "firefox-bin", "Firefox"),
    ],
)
def test_programs_are_called_by_what_people_know(name, binary, spoken):
    assert spoken_name(name, binary) == spoken


def test_whoever_descends_from_the_window_is_known(tmp_path):
    for pid, parent in (("7", "5"), ("5", "3"), ("3", "1"), ("9", "1")):
        (tmp_path / pid).mkdir()
        (tmp_path / pid / "stat").write_text(f"{pid} (odd) name) S {parent} 1 1")
    assert is_below("7", "3", tmp_path) and is_below("3", "3", tmp_path)
    assert not is_below("9", "3", tmp_path)
    assert not is_below("", "3", tmp_path) and not is_below("77", "3", tmp_path)


def test_windows_keys_become_names():
    assert _windows_name("C:#Program Files#Zoom#bin#Zoom.exe") == "Zoom"
    assert _windows_name("MSTeams_8wekyb3d8bbwe") == "MSTeams"


if __name__ == "__main__":
    act(Path(sys.argv[1]))
