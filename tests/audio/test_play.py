"""A player whose time is the clock's, as on a machine without sound: real files, real time, generous waits."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from functools import partial

import numpy as np
import pytest

from coachdesk.audio.mix import HZ
from coachdesk.audio.play import FASTEST, SLOWEST, Player, Track
from tests.audio.sounds import noise, pcm16, wav, write
from tests.conftest import ROOT, SAMPLES


@pytest.fixture(autouse=True)
def no_device(monkeypatch):
    monkeypatch.setenv("COACHDESK_SOUND", "none")


def track(path, sides=("rep", "other"), offset_ms=0):
    return Track(path, offset_ms, len(sides), sides)


class Ear:
    """Notes all it is told, and in which threads."""

    def __init__(self):
        self.told = []
        self.threads = set()

    def __call__(self, now):
        self.told.append(now)
        self.threads.add(threading.current_thread())

    def waits_for(self, condition):
        """Until what was told last is so: it is told some milliseconds after the player answers so."""
        until(lambda: self.told and condition(self.told[-1]))


def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


@pytest.fixture
def call(tmp_path):
    """A call of a minute, two lanes, 8 kHz: quick to make."""
    return track(wav(tmp_path / "minute.wav", pcm16(noise(60, 2, 8000)), 8000))


def test_a_new_player_stands_at_the_beginning(call):
    with Player([call], 60_000) as player:
        assert (player.position_ms, player.playing, player.error) == (0, False, "")


def test_playing_goes_on_as_time_does_and_pausing_stops_it(call):
    ear = Ear()
    with Player([call], 60_000, hear=ear) as player:
        begun = time.monotonic()
        player.play(5000)
        assert player.playing and player.position_ms == 5000
        until(lambda: player.position_ms > 5700)
        passed_ms = (time.monotonic() - begun) * 1000
        assert player.position_ms <= 5000 + passed_ms + 20
        player.pause()
        assert not player.playing
        ear.waits_for(lambda now: not now.playing)
        stood = player.position_ms
        time.sleep(0.2)
        assert player.position_ms == stood == ear.told[-1].position_ms
    positions = [now.position_ms for now in ear.told]
    assert positions == sorted(positions) and positions[0] == 5000
    assert len(ear.told) >= 8 and all(now.on_clock and now.speed == 1 for now in ear.told)
    assert len(ear.threads) == 1 and threading.current_thread() not in ear.threads


def test_going_on_goes_on_from_where_it_stood(call):
    with Player([call], 60_000) as player:
        player.play(5000)
        until(lambda: player.position_ms > 5200)
        player.toggle()
        time.sleep(0.1)
        stood = player.position_ms
        player.toggle()
        assert player.playing
        until(lambda: player.position_ms > stood)
        assert player.position_ms < stood + 5000


@pytest.mark.parametrize("speed", [0.75, 2.0, 3.0])
def test_the_clock_runs_at_the_chosen_speed(call, speed):
    with Player([call], 60_000) as player:
        player.set_speed(speed)
        player.play(1000)
        until(lambda: player.position_ms > 1000)
        begun, at = time.monotonic(), player.position_ms
        time.sleep(1)
        moved, passed_ms = player.position_ms - at, (time.monotonic() - begun) * 1000
        assert moved <= speed * (passed_ms + 30)
        assert moved >= 0.5 * speed * passed_ms  # a busy machine may be late


def test_speed_stays_within_its_bounds(call):
    ear = Ear()
    with Player([call], 60_000, hear=ear) as player:
        player.set_speed(10)
        ear.waits_for(lambda now: now.speed == FASTEST)
        player.set_speed(0.1)
        ear.waits_for(lambda now: now.speed == SLOWEST)
    assert len(ear.told) == 2


def test_a_change_while_playing_goes_on_from_where_the_sound_is(call):
    ear = Ear()
    with Player([call], 60_000, hear=ear) as player:
        player.play(10_000)
        until(lambda: player.position_ms > 10_100)
        for change in (lambda: player.set_speed(2), lambda: player.set_muted("rep", True),
                       lambda: player.set_skip_silence(True), lambda: player.set_muted("rep", False)):  # fmt: skip
            at = player.position_ms
            change()
            until(lambda at=at: player.position_ms > at + 50)
        assert player.playing
    positions = [now.position_ms for now in ear.told]
    assert positions == sorted(positions)
    assert max(np.diff(positions)) < 5000


def test_seeking_keeps_playing_or_standing(call):
    ear = Ear()
    with Player([call], 60_000, hear=ear) as player:
        player.seek(20_000)
        assert player.position_ms == 20_000 and not player.playing
        until(lambda: [(now.position_ms, now.playing) for now in ear.told] == [(20_000, False)])
        player.play()
        until(lambda: player.position_ms > 20_050)
        player.seek(40_000)
        assert player.playing and player.position_ms >= 40_000
        until(lambda: player.position_ms > 40_050)
        player.seek(99_000)
        until(lambda: not player.playing)
        player.seek(-5)
        assert player.position_ms == 0


def test_a_hundred_seeks_in_a_row_end_at_the_last(call):
    with Player([call], 60_000) as player:
        player.play()
        for ms in range(0, 50_000, 500):
            player.seek(ms)
        until(lambda: player.position_ms > 49_500)
        assert player.position_ms < 60_000


def test_at_the_end_it_stops_there_and_begins_anew(call):
    ear = Ear()
    with Player([call], 60_000, hear=ear) as player:
        player.play(59_500)
        until(lambda: not player.playing)
        assert player.position_ms == 60_000
        ear.waits_for(lambda now: not now.playing)
        assert ear.told[-1].position_ms == 60_000
        player.play()
        assert player.position_ms < 1000
        until(lambda: 0 < player.position_ms < 5000)


def test_a_span_is_played_to_its_end_and_no_further(call):
    ear = Ear()
    with Player([call], 60_000, hear=ear) as player:
        player.play(3000, 3400)
        until(lambda: not player.playing)
        assert player.position_ms == 3400
        ear.waits_for(lambda now: not now.playing)
        assert {now.span_end_ms for now in ear.told} == {3400}
        assert max(now.position_ms for now in ear.told) == 3400
        player.play()
        until(lambda: player.position_ms > 3600)
        ear.waits_for(lambda now: now.playing and now.span_end_ms is None)


def test_a_span_survives_a_pause_and_ends_when_one_leaves_it(call):
    ear = Ear()
    with Player([call], 60_000, hear=ear) as player:
        player.play(3000, 3600)
        player.pause()
        player.toggle()
        player.seek(3300)
        until(lambda: not player.playing)
        assert player.position_ms == 3600
        player.play(3000, 3600)
        player.seek(2000)
        ear.waits_for(lambda now: now.span_end_ms is None)
        assert player.playing


def test_spans_of_nonsense_are_harmless(call):
    with Player([call], 60_000) as player:
        for start, end in ((5000, 4000), (5000, 5000), (70_000, 80_000), (-5, -1)):
            player.play(start, end)
            until(lambda: not player.playing)
            assert player.position_ms == min(max(start, 0), 60_000)


def test_silence_is_skipped_on_the_clock_too(call):
    ear = Ear()
    with Player([call], 60_000, pauses=[(10_400, 50_000)], hear=ear) as player:
        player.set_skip_silence(True)
        player.play(10_000)
        until(lambda: player.position_ms > 50_000)
        player.set_skip_silence(False)
        player.play(10_000)
        until(lambda: player.position_ms > 10_750)
        assert player.position_ms < 40_000
    leapt = [now.position_ms for now in ear.told]
    assert not any(10_700 < ms < 49_700 for ms in leapt[: leapt.index(max(leapt))])


def test_a_call_without_sound_or_length_is_over_at_once():
    with Player([], 0) as player:
        player.play()
        until(lambda: not player.playing)
        assert player.position_ms == 0 and not player.error


@pytest.mark.parametrize("what", ["missing", "broken", "folder"])
def test_a_file_that_cannot_be_read_stops_it_and_is_told(tmp_path, call, what):
    path = tmp_path / "gone.wav"
    if what == "broken":
        path.write_bytes(b"RIFF" + b"nonsense" * 100)
    elif what == "folder":
        path.mkdir()
    ear = Ear()
    with Player([call, track(path)], 60_000, hear=ear) as player:
        player.play(7000)
        until(lambda: not player.playing)
        assert "gone.wav" in player.error and player.position_ms == 7000
        ear.waits_for(lambda now: now.error == player.error)
        player.seek(8000)
        assert player.position_ms == 8000
        path.rmdir() if what == "folder" else path.unlink(missing_ok=True)
        path.write_bytes(call.path.read_bytes())
        player.play()
        assert not player.error
        until(lambda: player.position_ms > 8100)
        assert player.playing


def test_a_file_damaged_in_the_middle_is_played_to_its_end(tmp_path):
    path = write(tmp_path / "a.opus", noise(10, 2, HZ), HZ, "libopus")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = np.random.default_rng(5).bytes(3000)
    path.write_bytes(data)
    with Player([track(path)], 10_000) as player:
        player.set_speed(3)
        player.play(4000)
        until(lambda: not player.playing)
        assert player.position_ms == 10_000 and not player.error


def test_closing_ends_the_thread_as_often_as_one_likes(call):
    player = Player([call], 60_000)
    player.play()
    until(lambda: player.position_ms > 100)
    player.close()
    player.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "player"]
    player.play(1000)
    player.seek(2000)
    player.toggle()
    assert not player.playing


def test_closing_at_any_moment_never_hangs(call):
    for wait_s in (0, 0, 0.001, 0.005, 0.01, 0.02, 0.05):
        with Player([call], 60_000) as player:
            player.play(30_000)
            time.sleep(wait_s)
            player.set_speed(1.5)
    assert not [thread for thread in threading.enumerate() if thread.name == "player"]


def test_the_listener_may_ask_and_even_close(call):
    told = []

    def hear(now):
        told.append(now)
        if now.position_ms > 1200:
            player.close()
        elif now.playing:
            player.seek(now.position_ms + 300)

    player = Player([call], 60_000, hear=hear)
    player.play(100)
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "player"])
    assert told[-1].position_ms > 1200


def test_a_listener_that_fails_does_not_take_the_sound_along(call, caplog):
    def hear(now):
        raise RuntimeError("a face in trouble")

    with Player([call], 60_000, hear=hear) as player:
        player.play()
        until(lambda: player.position_ms > 200)
        assert player.playing
    assert "hear failed" in caplog.text


def test_many_threads_may_ask_at_once(call):
    with Player([call], 60_000) as player:

        def ask(seed):
            rng = np.random.default_rng(seed)
            for ms in rng.integers(60_000, size=60).tolist():
                asks = (
                    partial(player.play, ms), player.pause, player.toggle, partial(player.seek, ms),
                    partial(player.set_speed, ms / 20_000), partial(player.set_muted, "rep", ms % 2 == 0),
                )  # fmt: skip
                asks[rng.integers(6)]()
                assert 0 <= player.position_ms <= 60_000

        threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        player.play(1000)
        until(lambda: 1050 < player.position_ms < 10_000)
        assert not player.error


def test_no_sound_library_is_loaded_before_it_is_needed():
    look = "import sys, coachdesk.audio.play; print([name for name in sys.modules if 'sounddevice' in name])"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, cwd=ROOT).stdout == "[]\n"


def test_the_demo_call_plays():
    with Player([track(SAMPLES / "sales_discovery" / "call.opus")], 294_270) as player:
        player.set_speed(2)
        player.play(150_000, 151_000)
        until(lambda: not player.playing)
        assert player.position_ms == 151_000 and not player.error
