"""What can be recorded from is listed with its name, and where there is nothing, why."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest

from coachdesk.audio.recording.capture import BLOCK, SourceGone
from coachdesk.audio.recording.devices import Device, Found
from coachdesk.audio.recording.libpulse import library
from coachdesk.audio.recording.recorder import list_devices
from coachdesk.audio.recording.sources import FileSource, open_source
from tests.audio.sounds import noise, pcm16, wav
from tests.conftest import ROOT, needs_sound_server

pytestmark = pytest.mark.alone

LOOK = """
import subprocess, sys, msgspec
from coachdesk.audio.recording.recorder import list_devices

before = list_devices()
subprocess.run(["pactl", "load-module", "module-null-sink", "sink_name=dock",
                "sink_properties=device.description=Dock"], check=True, stdout=subprocess.DEVNULL)
after = list_devices()
print(msgspec.json.encode([before, after]).decode())
"""


@pytest.fixture(scope="module")
def found():
    """The devices of the sound server without hardware, before and after one more is plugged in."""
    needs_sound_server()
    command = ["sh", ROOT / "packaging" / "sound_server.sh", sys.executable, "-c", LOOK]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return msgspec.json.decode(done.stdout, type=tuple[Found, Found])


def test_microphones_and_outputs_have_their_names_and_the_defaults_are_marked(found):
    before, _ = found
    assert before.of("microphone") == (Device("pulse:mic", "Microphone", "microphone", True),)
    assert before.of("system") == (
        Device("pulse:speakers.monitor", "Speakers", "system", True),
        Device("pulse:micfeed.monitor", "MicFeed", "system", False),
    )
    assert before.missing == {}


def test_what_is_plugged_in_is_seen_when_one_looks_again(found):
    _, after = found
    assert "Dock" in [device.name for device in after.of("system")]


def test_without_a_sound_server_it_is_said_why_there_is_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "none"))
    nothing = list_devices()
    assert nothing.missing["system"] == "no_sound_server"
    assert nothing.missing["microphone"] in ("no_microphone", "no_portaudio", "no_sound_server")
    assert nothing.devices == ()


def test_an_id_of_nothing_is_a_device_that_is_gone():
    with pytest.raises(SourceGone) as gone:
        open_source("telepathy:1")
    assert gone.value.why == "device_gone"


class Clock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self):
        self.now_s = 100.0

    def now(self):
        return self.now_s

    def sleep(self, seconds):
        self.now_s += seconds


def heard(source, blocks):
    """The first blocks of a source, with their moments."""
    got = []

    def take(samples, captured_s):
        got.append((samples, captured_s))
        if len(got) == blocks:
            source.close()

    source.run(take)
    return np.concatenate([samples for samples, _ in got]), [at for _, at in got]


@pytest.mark.parametrize("ppm", [0, 1000, -1000])
def test_a_file_is_a_device_with_a_clock_of_its_own(tmp_path, ppm):
    sound = noise(12, 2, 48_000)
    path = wav(tmp_path / "sound.wav", pcm16(sound), 48_000)
    clock = Clock()
    source = FileSource(f"{path}?ppm={ppm}&channel=1", clock.now, clock.sleep)
    out, moments = heard(source, 500)
    assert moments[0] - 100 == pytest.approx(BLOCK / 48_000 / (1 + ppm / 1e6))
    assert moments[-1] - 100 == pytest.approx(10 / (1 + ppm / 1e6))
    at = np.arange(out.size) / (1 + ppm / 1e6)
    expected = np.interp(at, np.arange(sound.shape[1]), sound[1])
    assert np.corrcoef(out, expected)[0, 1] > 0.999


def test_after_the_file_there_is_silence_or_the_device_is_gone(tmp_path):
    path = wav(tmp_path / "sound.wav", pcm16(noise(0.5, 1, 48_000)), 48_000)
    clock = Clock()
    out, _ = heard(FileSource(str(path), clock.now, clock.sleep), 100)
    assert out[:20_000].any() and not out[26_000:].any()
    with pytest.raises(SourceGone):
        FileSource(f"{path}?once=1", clock.now, clock.sleep).run(lambda *_: None)
    with pytest.raises(SourceGone) as gone:
        FileSource(str(tmp_path / "nothing.wav"), clock.now, clock.sleep).run(lambda *_: None)
    assert gone.value.why == "unreadable"


def test_a_file_that_began_earlier_is_joined_in_the_middle(tmp_path):
    sound = noise(4, 1, 48_000)
    path = wav(tmp_path / "sound.wav", pcm16(sound), 48_000)
    clock = Clock()
    out, moments = heard(FileSource(f"{path}?at=98", clock.now, clock.sleep), 50)
    assert moments[0] == pytest.approx(100.02)
    assert np.corrcoef(out, sound[0, 2 * 48_000 : 3 * 48_000])[0, 1] > 0.999


def test_closed_from_another_thread_it_ends(tmp_path):
    path = wav(tmp_path / "sound.wav", pcm16(noise(1, 1, 48_000)), 48_000)
    source = open_source(f"file:{path}")
    thread = threading.Thread(target=source.run, args=(lambda *_: None,))
    thread.start()
    source.close()
    thread.join(timeout=5)
    assert not thread.is_alive()


@pytest.mark.skipif(library() is None, reason="libpulse is not installed")
def test_given_up_while_its_server_says_nothing_it_ends(tmp_path, monkeypatch):
    """Tried again every few seconds, such threads would be many by the end of a call."""
    with socket.socket(socket.AF_UNIX) as hangs:
        hangs.bind(str(tmp_path / "native"))
        hangs.listen()
        monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/native")
        source = open_source("pulse:mic")
        thread = threading.Thread(target=source.run, args=(lambda *_: None,), daemon=True)
        thread.start()
        time.sleep(0.3)
        assert thread.is_alive()
        source.close()
        thread.join(timeout=5)
        assert not thread.is_alive()


def test_listing_leaves_the_asking_process_without_their_libraries():
    code = "import sys; from coachdesk.audio.recording.recorder import list_devices; list_devices(); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(ROOT), capture_output=True, text=True, check=True)
    assert not {"soundcard", "sounddevice", "av", "numpy"} & set(eval(done.stdout))
