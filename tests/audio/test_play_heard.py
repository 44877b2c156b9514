"""What really comes out of the speakers: a player against a sound server without hardware, recorded and compared.

This file is run twice: pytest runs the tests; the tests run it as a program under packaging/sound_server.sh, which
plays, records the speakers, takes the server away, and writes down what it saw.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from coachdesk.audio.mix import HZ
from coachdesk.audio.play import Player, Track
from tests.audio.sounds import call
from tests.conftest import ROOT, SAMPLES, needs_sound_server

pytestmark = pytest.mark.alone

CALL = SAMPLES / "sales_discovery" / "call.opus"
CALL_MS = 294_270
STARTS_MS = (0, 60_000, 147_321)
SPEED_FROM_MS, SPEED = 60_000, 1.5
SEEK_FROM_MS, SEEK_TO_MS = 90_000, 200_000
LOST_FROM_MS = 150_000
PER_MS = 16  # of what is compared: 16 kHz
LOUD = 0.01

# --- the program


class Recording:
    """All that comes out of the speakers, with the moments at which it came."""

    def __init__(self):
        self._parec = subprocess.Popen(
            ["parec", "--device=speakers.monitor", "--format=float32le", f"--rate={HZ}", "--channels=2",
             "--latency-msec=20", "--raw"], stdout=subprocess.PIPE)  # fmt: skip
        self.sound = bytearray()
        self.arrivals = []  # (monotonic second, bytes so far)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        until(lambda: self.arrivals)

    def _read(self):
        while piece := os.read(self._parec.stdout.fileno(), 1 << 16):
            self.sound += piece
            self.arrivals.append((time.monotonic(), len(self.sound)))

    def end(self):
        self._parec.terminate()
        self._parec.wait()
        self._reader.join()
        self._parec.stdout.close()

    def begun_s(self):
        """The moment of its first sample, by those that were delayed least."""
        return min(at_s - size / 8 / HZ for at_s, size in self.arrivals)


def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.005)


def begin(player, start_ms, speed=1.0):
    player.set_speed(speed)
    player.play(start_ms)
    until(lambda: player.position_ms > start_ms + 1100)
    player.pause()
    time.sleep(0.3)


def seek(player):
    player.play(SEEK_FROM_MS)
    until(lambda: player.position_ms > SEEK_FROM_MS + 800)
    moment_s = time.monotonic()
    player.seek(SEEK_TO_MS)
    until(lambda: player.position_ms > SEEK_TO_MS + 900)
    player.pause()
    time.sleep(0.3)
    return moment_s


def lose(player, how):
    """The sound server gets this signal while it plays; the player does not notice for up to some seconds."""
    player.play(LOST_FROM_MS)
    until(lambda: player.position_ms > LOST_FROM_MS + 500)
    os.kill(int(os.environ["COACHDESK_SOUND_SERVER"]), how)
    moment_s = time.monotonic()
    until(lambda: player.position_ms > LOST_FROM_MS + 1500)
    player.seek(1000)  # whatever is asked then
    until(lambda: player.position_ms > 1300)
    return moment_s


def lose_and_play_again(player):
    moment_s = lose(player, signal.SIGKILL)
    player.pause()
    player.play(2000)
    until(lambda: player.position_ms > 2300)
    return moment_s


def scene(name, what):
    """What a player told while `what` was done with it, and how long it took to close."""
    told = []

    def hear(now):
        told.append((time.monotonic(), now.position_ms, now.playing, now.on_clock))

    with Player([Track(CALL, 0, 2, ("rep", "other"))], CALL_MS, hear=hear) as player:
        asked_s = time.monotonic()
        moment_s = what(player)
        closing_s = time.monotonic()
    ended_s = time.monotonic()
    return {"name": name, "asked_s": asked_s, "moment_s": moment_s, "ended_s": ended_s,
            "closing_took_s": ended_s - closing_s, "told": told}  # fmt: skip


def act(folder):
    recording = Recording()
    seen = [scene(f"start {start_ms}", partial(begin, start_ms=start_ms)) for start_ms in STARTS_MS]
    seen.append(scene("speed", partial(begin, start_ms=SPEED_FROM_MS, speed=SPEED)))
    seen.append(scene("seek", seek))
    seen.append(scene("hung", partial(lose, how=signal.SIGSTOP)))
    os.kill(int(os.environ["COACHDESK_SOUND_SERVER"]), signal.SIGCONT)
    seen.append(scene("gone", lose_and_play_again))
    recording.end()
    np.save(folder / "sound.npy", np.frombuffer(bytes(recording.sound[: len(recording.sound) // 8 * 8]), np.float32))
    (folder / "seen.json").write_text(json.dumps({"begun_s": recording.begun_s(), "scenes": seen}))


# --- the tests


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """What the program saw: {scene name: its notes}, and the recording as mono 16 kHz with the moment it began."""
    needs_sound_server()
    folder = tmp_path_factory.mktemp("heard")
    command = ["sh", ROOT / "packaging" / "sound_server.sh", sys.executable, "-m", __name__, folder]
    environment = {name: value for name, value in os.environ.items() if name != "COACHDESK_SOUND"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as program:
        try:
            _, complaints = program.communicate(timeout=120)
        except BaseException:
            program.terminate()  # not killed: it has a server to end
            raise
    assert program.returncode == 0, complaints
    seen = json.loads((folder / "seen.json").read_text())
    both = np.load(folder / "sound.npy").reshape(-1, 2).sum(axis=1, dtype=np.float64) / 1.3  # 0.8 + 0.5 in two ears
    spectrum = np.fft.rfft(both[: both.size // 6 * 6])
    mono = np.fft.irfft(spectrum[: both.size // 6 + 1], both.size // 6 * 2) / 3
    return {scene["name"]: scene for scene in seen["scenes"]}, mono, seen["begun_s"]


def window(heard, from_s, to_s):
    """The recording between two moments, and the exact moment it begins."""
    _, mono, begun_s = heard
    first = max(0, round((from_s - begun_s) * 1000 * PER_MS))
    return mono[first : round((to_s - begun_s) * 1000 * PER_MS)], begun_s + first / 1000 / PER_MS


def reference(start_ms, length_ms):
    start = start_ms * PER_MS
    return call(CALL).sum(axis=0)[start : start + length_ms * PER_MS].astype(np.float64)


def place(late, early):
    """Where in `late` the sound `early` begins, in samples, and how alike they are there (0..1)."""
    n = late.size + early.size
    both = np.fft.irfft(np.fft.rfft(late, n) * np.conj(np.fft.rfft(early, n)), n)
    at = int(np.argmax(both))
    at = at - n if at > late.size else at
    a, b = late[max(0, at) :][: early.size], early[max(0, -at) :]
    a, b = a[: b.size], b[: a.size]
    return at, float(a @ b / np.sqrt((a @ a) * (b @ b) + 1e-12))


def loudness(sound, step):
    """The root mean square of every `step` samples."""
    return np.sqrt(np.square(sound[: sound.size // step * step]).reshape(-1, step).mean(axis=1))


def first_loud_ms(sound):
    return 10 * int(np.argmax(loudness(sound, 10 * PER_MS) > LOUD))


def positions_wrong_by(scene, begins_s, start_ms, until_ms, speed=1.0):
    """Told position minus heard position, ms, while the sound after `begins_s` (heard: `start_ms`) was playing."""
    return [
        position - (start_ms + (at_s - begins_s) * 1000 * speed)
        for at_s, position, playing, _ in scene["told"]
        if playing and start_ms + 150 < position < until_ms
    ]


@pytest.mark.parametrize("start_ms", STARTS_MS)
def test_what_comes_out_begins_with_the_file_at_that_place_and_the_position_says_so(heard, start_ms):
    scene = heard[0][f"start {start_ms}"]
    sound, begun_s = window(heard, scene["asked_s"] - 0.1, scene["ended_s"])
    at, alike = place(sound, reference(start_ms, 1000))
    assert alike > 0.95
    late_ms = first_loud_ms(sound) - at / PER_MS - first_loud_ms(reference(start_ms, 1000))
    assert abs(late_ms) <= 50
    begins_s = begun_s + at / 1000 / PER_MS
    wrong = positions_wrong_by(scene, begins_s, start_ms, start_ms + 1050)
    assert len(wrong) >= 5 and np.abs(np.median(wrong)) <= 150
    assert not any(on_clock for *_, on_clock in scene["told"])
    print(f"\n{start_ms}: alike {alike:.4f}, begins {late_ms:+.1f} ms late, heard {begins_s - scene['asked_s']:.3f} s "
          f"after the question, positions {min(wrong):+.0f}..{max(wrong):+.0f} ms off")  # fmt: skip


def test_at_another_speed_too(heard):
    """Compared by loudness every 10 ms: at another speed the wave itself is another."""
    scene = heard[0]["speed"]
    sound, begun_s = window(heard, scene["asked_s"] - 0.1, scene["ended_s"])
    step = 10 * PER_MS
    at, alike = place(loudness(sound, step), loudness(reference(SPEED_FROM_MS, 1050), round(step * SPEED)))
    assert alike > 0.9
    wrong = positions_wrong_by(scene, begun_s + at / 100, SPEED_FROM_MS, SPEED_FROM_MS + 1050, SPEED)
    assert len(wrong) >= 3 and np.abs(np.median(wrong)) <= 150
    print(f"\nspeed {SPEED}: alike {alike:.3f}, positions {min(wrong):+.0f}..{max(wrong):+.0f} ms off")


def test_a_seek_is_soon_heard(heard):
    scene = heard[0]["seek"]
    sound, begun_s = window(heard, scene["moment_s"] - 0.5, scene["ended_s"])
    at, alike = place(sound, reference(SEEK_TO_MS, 800))
    begins_s = begun_s + at / 1000 / PER_MS
    assert alike > 0.9
    assert 0 <= begins_s - scene["moment_s"] < 1
    wrong = positions_wrong_by(scene, begins_s, SEEK_TO_MS, SEEK_TO_MS + 850)
    assert len(wrong) >= 3 and np.abs(np.median(wrong)) <= 150
    print(
        f"\nseek heard after {begins_s - scene['moment_s']:.3f} s, positions {min(wrong):+.0f}..{max(wrong):+.0f} ms off"
    )


@pytest.mark.parametrize("how", ["hung", "gone"])
def test_when_the_device_goes_away_the_clock_goes_on_and_closing_does_not_wait(heard, how):
    scene = heard[0][how]
    with_device = [told for told in scene["told"] if not told[3]]
    on_clock = [told for told in scene["told"] if told[3]]
    assert with_device[0][2] and max(position for _, position, *_ in with_device) > LOST_FROM_MS + 400
    first_s, first_ms, playing, _ = on_clock[0]
    assert playing and LOST_FROM_MS + 400 < first_ms < LOST_FROM_MS + 1500
    assert on_clock[-1][1] > 1250
    assert scene["closing_took_s"] < 10
    print(f"\n{how}: on the clock after {first_s - scene['moment_s']:.3f} s, closed in {scene['closing_took_s']:.3f} s")


if __name__ == "__main__":
    act(Path(sys.argv[1]))
