"""The recorder, whatever is taken from it: its window, its life, its disk. Its devices are files played as if they were
devices, so that this runs everywhere; real ones are in test_recorder_heard.py.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import numpy as np
import psutil
import pytest

from coachdesk.audio.load import read_span
from coachdesk.audio.recording import journal
from coachdesk.audio.recording import messages as m
from coachdesk.audio.recording.recorder import Recorder, RecorderGone, leftovers, running
from tests.audio.recording.test_align import lag_ms
from tests.audio.sounds import codes, decode, noise, pcm16, wav
from tests.conftest import ROOT, SAMPLES

CALL = SAMPLES / "sales_discovery" / "call.opus"
MOST_LOST_MS = 500
CALL_FROM_MS, CALL_MS = 60_000, 40_000  # where both talk


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    """A sound file in which both sides talk at once."""
    sound = read_span(CALL, CALL_FROM_MS, CALL_MS)
    return wav(tmp_path_factory.mktemp("talk") / "talk.wav", pcm16(sound), 16_000)


@pytest.fixture
def sides(talk):
    return {"mic": f"file:{talk}?channel=0", "system": f"file:{talk}?channel=1"}


class Told:
    """A recorder, and all it says, with the moment."""

    def __init__(self, recorder):
        self.recorder, self.said, self.gone = recorder, [], None
        self._thread = threading.Thread(target=self._hear)
        self._thread.start()

    def _hear(self):
        try:
            for message in self.recorder.messages():
                self.said.append((time.monotonic(), message))
        except RecorderGone as gone:
            self.gone = gone

    def all(self, kind):
        return [message for _, message in list(self.said) if isinstance(message, kind)]

    def await_(self, kind, seconds=20.0, **fields):
        """The first message of this kind and these fields."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in self.all(kind):
                if all(getattr(message, name) == value for name, value in fields.items()):
                    return message
            time.sleep(0.01)
        raise TimeoutError(f"no {kind.__name__} {fields} among {[type(s).__name__ for _, s in self.said]}")

    def await_all(self, code, times):
        """Until this trouble was told so often: once for each side."""
        end = time.monotonic() + 30
        while sum(trouble.code == code for trouble in self.all(m.Trouble)) < times:
            assert time.monotonic() < end, [message for message in self.all(m.Trouble)]
            time.sleep(0.01)

    def await_position(self, ms):
        end = time.monotonic() + 30
        while not any(level.position_ms >= ms for level in self.all(m.Level)):
            assert time.monotonic() < end
            time.sleep(0.005)

    def expected_ms(self):
        """How long the recording should be at this moment."""
        at_s, level = next((at, s) for at, s in reversed(self.said) if isinstance(s, m.Level))
        return level.position_ms + (time.monotonic() - at_s) * 1000

    def finish(self):
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()
        return self.said[-1][1] if self.said else None

    def stop(self):
        self.recorder.stop()
        return self.finish()


@contextmanager
def recording(folder, sides, **start):
    """A running recorder; killed at the end if it still lives."""
    order = m.Start(**{"path": str(folder / "call.opus"), "call_id": "c1", **sides, **start})
    told = Told(Recorder.start(order))
    try:
        yield told
    finally:
        if psutil.pid_exists(told.recorder.pid):
            told.recorder.stop()
            time.sleep(0.3)
            with suppress(ProcessLookupError):
                os.kill(told.recorder.pid, signal.SIGKILL)
        told._thread.join(timeout=10)


def events(folder, kind):
    return [event for event in journal.read(folder / "call.journal") if isinstance(event, kind)]


def test_two_sides_are_recorded_in_step_each_on_its_own_channel(tmp_path, talk, sides):
    at = time.perf_counter() + 1.0
    sides = {side: f"{device}&at={at}" for side, device in sides.items()}
    with recording(tmp_path, sides, mic_name="Headset") as told:
        told.await_position(5800)
        told.recorder.send(m.Note("they have two offices", at_ms=1500))
        told.recorder.send(m.Bookmark())
        told.recorder.send(m.ConsentNoted("noted", "said yes"))
        sealed = told.stop()
    sound, opened = decode(tmp_path / "call.opus")
    assert codes(opened) == [] and sound.shape[0] == 2 and not opened.partial
    assert sealed.why == "stopped" and sealed.gaps == []
    assert sealed.duration_ms == pytest.approx(sound.shape[1] / 16, abs=3)
    whole, _ = decode(talk)
    for lane in (0, 1):
        reference = whole[lane, : 5 * 16000].astype(float)
        late, alike = place(sound[lane].astype(float), reference)
        assert alike >= 0.99
        print(f"\nlane {lane}: {late} samples after the first sample, alike {alike:.4f}")
    lags = [place(sound[lane].astype(float), whole[lane, : 5 * 16000].astype(float))[0] for lane in (0, 1)]
    assert abs(lags[0] - lags[1]) < 20 * 16
    (started,) = events(tmp_path, journal.Started)
    assert (started.layout, started.mic_name, started.call_id) == ("two_sides", "Headset", "c1")
    assert [(note.at_ms, note.text) for note in events(tmp_path, journal.Noted)] == [(1500, "they have two offices")]
    assert events(tmp_path, journal.Bookmarked)[0].at_ms >= 4400
    assert events(tmp_path, journal.Consented)[0].status == "noted"
    assert events(tmp_path, journal.Ended)[0].duration_ms == sealed.duration_ms
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["call.journal", "call.opus"]
    levels = told.all(m.Level)
    assert len(levels) <= 10.5 * sealed.duration_ms / 1000 + 25
    assert {heard.side for heard in told.all(m.Heard)} == {"mic", "system"}
    assert leftovers(tmp_path) == []


def place(late, early):
    """Where in `late` the sound `early` begins, in samples, and their correlation there."""
    n = late.size + early.size
    both = np.fft.irfft(np.fft.rfft(late, n) * np.conj(np.fft.rfft(early, n)), n)
    at = int(np.argmax(both[: late.size]))
    part = late[at : at + early.size]
    return at, float(np.corrcoef(part, early[: part.size])[0, 1])


def killed_at_a_random_moment(folder, sides, seed):
    """Kill the recorder somewhere; returns the ms of sound that are missing."""
    moment_s = random.Random(seed).uniform(0.6, 2.5)
    with recording(folder, sides) as told:
        told.await_position(round(moment_s * 1000))
        time.sleep(random.Random(seed + 1).uniform(0, 0.25))
        expected_ms = told.expected_ms()
        os.kill(told.recorder.pid, signal.SIGKILL)
        told.finish()
    assert isinstance(told.gone, RecorderGone)
    sound, opened = decode(folder / "call.opus")
    assert codes(opened) in (["ends_early"], [])
    (left,) = leftovers(folder)
    assert left.path == folder / "call.opus" and left.started.call_id == "c1"
    assert left.duration_ms == pytest.approx(sound.shape[1] / 16, abs=3)
    missing_ms = expected_ms - sound.shape[1] / 16
    print(f"\nkilled after {expected_ms:.0f} ms: {missing_ms:.0f} ms missing")
    journal.close_leftover(left)
    assert leftovers(folder) == []
    return missing_ms


@pytest.mark.parametrize("seed", range(3))
def test_killed_it_loses_at_most_half_a_second(tmp_path, sides, seed):
    assert killed_at_a_random_moment(tmp_path, sides, seed) <= MOST_LOST_MS


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 130))
def test_killed_at_thirty_moments_it_loses_at_most_half_a_second(tmp_path, sides, seed):
    assert killed_at_a_random_moment(tmp_path, sides, seed) <= MOST_LOST_MS


def test_asked_to_end_by_the_system_it_seals(tmp_path, sides):
    with recording(tmp_path, sides) as told:
        told.await_position(1000)
        os.kill(told.recorder.pid, signal.SIGTERM)
        sealed = told.finish()
    assert sealed.why == "terminated"
    assert codes(decode(tmp_path / "call.opus")[1]) == []


def test_one_microphone_for_all_is_one_mixed_channel_and_nobody_is_missed(tmp_path, sides):
    with recording(tmp_path, sides, mixed=True) as told:
        told.await_position(1500)
        told.stop()
    sound, _ = decode(tmp_path / "call.opus")
    assert sound.shape[0] == 1
    assert events(tmp_path, journal.Started)[0].layout == "mixed"
    assert all(level.system_db is None for level in told.all(m.Level))


def test_while_paused_nothing_is_kept_and_no_time_passes(tmp_path, sides):
    with recording(tmp_path, sides) as told:
        told.await_position(1500)
        told.recorder.send(m.Pause())
        time.sleep(1.0)
        at = told.all(m.Level)[-1]
        assert at.paused
        told.recorder.send(m.Resume())
        told.await_position(at.position_ms + 1000)
        sealed = told.stop()
    (gap,) = sealed.gaps
    assert (gap.why, gap.side, gap.start_ms, gap.end_ms) == ("paused", "both", at.position_ms, at.position_ms)
    assert 900 < gap.lasted_ms < 3000
    assert sealed.duration_ms < at.position_ms + 2500
    assert events(tmp_path, journal.GapMarked)[0].why == "paused"
    assert decode(tmp_path / "call.opus")[0].shape[1] / 16 == pytest.approx(sealed.duration_ms, abs=3)


def test_they_said_no_and_no_sound_is_left(tmp_path, sides):
    with recording(tmp_path, sides) as told:
        told.await_position(1500)
        told.recorder.send(m.Note("call back in May"))
        inode = (tmp_path / "call.opus").open("rb")  # who holds it open sees what is left
        assert b"OggS" in inode.read()
        told.recorder.send(m.Erase("they asked me to"))
        assert isinstance(told.finish(), m.Erased)
    inode.seek(0)
    assert inode.read() == b""
    inode.close()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["call.journal"]
    assert [event.text for event in events(tmp_path, journal.Noted)] == ["call back in May"]
    assert [(event.status, event.basis) for event in events(tmp_path, journal.Consented)] == [
        ("refused", "they asked me to")
    ]
    assert events(tmp_path, journal.Ended)[0].why == "erased"
    assert leftovers(tmp_path) == []


WINDOW = """
import sys, time
from coachdesk.audio.recording import messages as m
from coachdesk.audio.load import read_span
from coachdesk.audio.recording.recorder import Recorder
recorder = Recorder.start(m.Start(sys.argv[1], "c1", sys.argv[2], sys.argv[3], limits=m.Limits(orphan_s=2.5)))
for message in recorder.messages():
    print(type(message).__name__, flush=True)
"""


def test_without_its_window_it_goes_on_is_found_again_and_ends_by_itself(tmp_path, sides):
    path = tmp_path / "call.opus"
    window = subprocess.Popen(
        [sys.executable, "-c", WINDOW, path, *sides.values()], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    while "Ready" not in window.stdout.readline():
        assert window.poll() is None
    time.sleep(1)
    window.kill()
    window.wait()
    window.stdout.close()
    (found,) = running(tmp_path)
    assert leftovers(tmp_path) == []
    told = Told(Recorder.attach(found))
    told.await_(m.Orphan)
    told.recorder.send(m.Note("from the second window"))
    now_ms = told.await_(m.Level).position_ms
    told.await_position(now_ms + 3000)  # longer than an orphan may live
    told.recorder.leave()
    told.finish()
    pid = told.recorder.pid
    end = time.monotonic() + 15
    while running(tmp_path) and time.monotonic() < end:
        time.sleep(0.05)
    (ended,) = events(tmp_path, journal.Ended)
    assert ended.why == "orphaned"
    assert ended.duration_ms >= now_ms + 3000
    assert codes(decode(path)[1]) == []
    assert [event.text for event in events(tmp_path, journal.Noted)] == ["from the second window"]
    assert events(tmp_path, journal.Adopted) and events(tmp_path, journal.Orphaned)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    with pytest.raises(RecorderGone):
        Recorder.attach(found)


def test_a_window_that_hangs_does_not_hold_it_up(tmp_path, sides):
    """Nobody reads what it says: the recording grows all the same."""
    recorder = Recorder.start(m.Start(str(tmp_path / "call.opus"), "c1", **sides))
    end = time.monotonic() + 30
    while journal.length_ms(tmp_path / "call.opus") < 3000 and time.monotonic() < end:
        recorder.send(m.SwitchDevice("nobody", "nothing"))
        for _ in range(200):
            recorder.send(m.Note("x" * 300))
        recorder._process.stdin.write(b"nonsense\n" * 300)  # it complains about each: more than a pipe holds
        time.sleep(0.2)
    recorder.stop()
    said = list(recorder.messages())
    assert journal.length_ms(tmp_path / "call.opus") >= 3000
    assert recorder._process.returncode == 0 and said


@contextmanager
def small_disk(folder, size):
    folder.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    if done.returncode:
        pytest.skip(f"no small disk here: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_on_a_full_disk_it_does_not_begin(tmp_path, sides):
    with small_disk(tmp_path / "small", "1m") as folder, recording(folder, sides) as told:
        trouble = told.finish()
        assert (trouble.code, trouble.fatal, trouble.params["need_mb"]) == ("disk_low", True, 300)
        assert [path.name for path in folder.iterdir()] == []


def test_when_the_disk_gets_full_what_was_recorded_is_kept(tmp_path, sides):
    none = m.Limits(start_free_mb=0, stop_free_mb=0)
    with small_disk(tmp_path / "small", "40k") as folder, recording(folder, sides, limits=none) as told:
        assert told.await_(m.Trouble, code="disk_full", seconds=40).fatal
        sealed = told.finish()
        assert sealed.why == "disk_full"
        sound, opened = decode(folder / "call.opus")
        assert sealed.duration_ms == pytest.approx(sound.shape[1] / 16, abs=30) and sealed.duration_ms > 1500
        assert opened.partial


def test_it_seals_in_time_when_the_disk_gets_low(tmp_path, sides):
    limits = m.Limits(start_free_mb=1, stop_free_mb=1, space_every_s=0.3)
    with small_disk(tmp_path / "small", "3m") as folder, recording(folder, sides, limits=limits) as told:
        told.await_position(1000)
        (folder / "other").write_bytes(bytes(2_300_000))
        assert told.await_(m.Trouble, code="disk_low").fatal
        assert told.finish().why == "disk_low"
        assert codes(decode(folder / "call.opus")[1]) == []


def test_what_is_there_is_not_recorded_over(tmp_path, sides):
    (tmp_path / "call.opus").write_bytes(b"an older call")
    with recording(tmp_path, sides) as told:
        assert told.finish().code == "exists"
    assert (tmp_path / "call.opus").read_bytes() == b"an older call"


def test_a_side_that_breaks_off_is_told_and_the_other_goes_on(tmp_path, talk, sides):
    short = tmp_path / "short.wav"
    wav(short, pcm16(noise(1.5, 1, 48_000)), 48_000)
    with recording(tmp_path, {**sides, "system": f"file:{short}?once=1"}) as told:
        told.await_position(500)
        short.unlink()  # plugged out: it cannot be opened again
        trouble = told.await_(m.Trouble, code="device_gone")
        assert trouble.params["side"] == "system" and not trouble.fatal
        told.await_position(4000)
        sealed = told.stop()
    gaps = [gap for gap in sealed.gaps if gap.side == "system"]
    assert gaps and 1300 < gaps[0].start_ms < 1900
    sound, _ = decode(tmp_path / "call.opus")
    whole, _ = decode(talk)
    assert place(sound[0].astype(float), whole[0, : 3 * 16000].astype(float))[1] >= 0.98


def test_drifting_clocks_stay_in_step_in_real_time(tmp_path, sides):
    """10 ms apart after 5 s, were they left alone; both devices hear the same channel."""
    at = time.perf_counter() + 1.0
    sides = {"mic": f"{sides['mic']}&at={at}", "system": f"{sides['mic']}&at={at}&ppm=2000"}
    with recording(tmp_path, sides) as told:
        told.await_position(6000)
        told.stop()
    sound, _ = decode(tmp_path / "call.opus")
    lag, alike = lag_ms(sound[1], sound[0], 16_000, 4.8, 2.0)
    print(f"\n2000 ppm, at 4.8 s: {lag:.2f} ms apart, alike {alike:.3f}")
    assert abs(lag) <= 20 and alike > 0.9


@pytest.mark.long
def test_drifting_clocks_are_in_step_after_a_minute(tmp_path, sides):
    at = time.perf_counter() + 1.0
    sides = {"mic": f"file:{CALL}?channel=0&at={at}", "system": f"file:{CALL}?channel=0&at={at}&ppm=200"}
    with recording(tmp_path, sides) as told:
        time.sleep(63)
        sealed = told.stop()
    sound, _ = decode(tmp_path / "call.opus")
    lag, alike = lag_ms(sound[1], sound[0], 16_000, 58, 4.0)
    print(f"\n200 ppm, after a minute: {lag:.2f} ms apart, alike {alike:.3f}, found {sealed.ppm} ppm")
    assert abs(lag) <= 20 and alike > 0.9
    assert sealed.ppm == pytest.approx(200, abs=20)
