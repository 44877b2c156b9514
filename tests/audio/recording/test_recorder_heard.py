"""The recorder with a real sound server: what is said into a microphone and played by speakers, and what is taken away.

This file is run twice, as test_play_heard.py: pytest runs the tests; they run it as a program under
packaging/sound_server.sh, which plays, records, unloads devices, takes the server away, and writes down what it saw.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from coachdesk.audio.load import frames_from
from coachdesk.audio.recording import messages as m
from coachdesk.audio.recording.journal import LaidOut, read
from coachdesk.audio.recording.recorder import list_devices
from tests.audio.recording.test_align import lag_ms
from tests.audio.recording.test_recorder import CALL, CALL_FROM_MS, place, recording
from tests.audio.sounds import codes, decode, pcm16, wav
from tests.conftest import ROOT, SAMPLES, needs_sound_server

pytestmark = pytest.mark.alone

HZ, PER_MS = 48_000, 48  # compared as recorded: a third of a sample at 16 kHz already costs a hundredth of likeness
SPOKEN_MS = 5000
SILENT_FROM_MS, SILENT_TO_MS, LATE_MS = 2500, 22_500, 27_000  # the other side speaks, is silent for 20 s, speaks
MINUTE_MS, QUIET_MS = 63_000, 20_000
STRETCH_MS = 1000  # at 20 ppm a long stretch is not the same any more as what was played, not even where it is in step
TELEPHONE_HZ = 3400  # ITU-T G.712
HEARD = {"mic": "default:microphone", "system": "default:system"}
IN_STEP = {"mic": "pulse:left", "system": "pulse:right"}
SPARE = {"mic": "pulse:spare", "system": "default:system"}

# --- the program


def pactl(*words):
    return subprocess.run(["pactl", *words], check=True, capture_output=True, text=True).stdout.strip()


def remap(name, master, **properties):
    more = [f"{key}={value}" for key, value in properties.items()]
    return pactl("load-module", "module-remap-source", f"source_name={name}", f"master={master}", *more)


def play(folder, **files):
    """Play each file into its output at once; wait for all."""
    players = [subprocess.Popen(["paplay", "-d", sink, folder / f"{name}.wav"]) for sink, name in files.items()]
    for player in players:
        player.wait()


def noted(told, name, **more):
    said = [(type(message).__name__, json.loads(m.encode(message))) for _, message in told.said]
    return {"name": name, "said": [each for each in said if each[0] != "Level"], **more}


def two(folder):
    """Two voices, each on its own way."""
    with recording(folder, HEARD) as told:
        ready_s = time.monotonic()
        told.await_(m.Ready)
        ready_s = time.monotonic() - ready_s
        time.sleep(0.3)
        play(folder.parent, micfeed="rep", speakers="other")
        told.stop()
    return noted(told, "two", ready_s=ready_s)


def in_step(folder):
    """Both sides hear the two ears of one output: what is in step there is in step."""
    with recording(folder, IN_STEP) as told:
        told.await_(m.Ready)
        time.sleep(0.3)
        play(folder.parent, stage="stage")
        told.stop()
    return noted(told, "in_step")


def unloaded(folder):
    """The microphone is pulled out in the middle of the call."""
    with recording(folder, SPARE) as told:
        told.await_position(2000)
        moment_ms = told.expected_ms()
        pactl("unload-module", (folder.parent / "spare").read_text())
        told.await_(m.Trouble, code="device_gone")
        told.await_(m.Trouble, code="back")
        back_ms = told.expected_ms()
        time.sleep(0.3)
        play(folder.parent, micfeed="rep")
        told.stop()
    return noted(told, "unloaded", moment_ms=moment_ms, back_ms=back_ms)


def moved(folder):
    """Headphones are plugged in: from now on the other party sounds from another output."""
    with recording(folder, HEARD) as told:
        told.await_position(1500)
        pactl("set-default-sink", "dock")
        told.await_(m.Trouble, code="default_changed")
        told.await_(m.Trouble, code="back")
        time.sleep(0.3)
        play(folder.parent, dock="other")
        told.stop()
    return noted(told, "moved")


def one_microphone(folder):
    """The phone is on speaker: one microphone hears both, and one channel is recorded."""
    with recording(folder, {"mic": "default:microphone"}, mixed=True) as told:
        told.await_(m.Ready)
        time.sleep(0.3)
        play(folder.parent, micfeed="phone")
        told.stop()
    return noted(told, "one_microphone")


def laid_out(folder):
    """As above, but that is told in the middle, in a recording of two sides."""
    limits = m.Limits(silent_s=2)
    with recording(folder, HEARD, limits=limits) as told:
        told.await_position(1000)
        told.recorder.send(m.SetLayout("mixed"))
        play(folder.parent, micfeed="phone")
        told.stop()
    return noted(told, "laid_out")


def unheard(folder):
    """No microphone is left: the server takes what the computer plays for one, until there is one again."""
    pactl("set-default-source", "speakers.monitor")
    with recording(folder, HEARD) as told:
        told.await_(m.Ready)
        time.sleep(0.3)
        play(folder.parent, speakers="other")
        pactl("set-default-source", "mic")
        told.await_(m.Trouble, code="back")
        told.stop()
    return noted(told, "unheard")


def minute(folder):
    """A minute of two voices, each played where it belongs; the other party is silent for 20 s of it."""
    with recording(folder, HEARD) as told:
        told.await_(m.Ready)
        time.sleep(0.3)
        play(folder.parent, micfeed="minute_rep", speakers="minute_other")
        told.stop()
    return noted(told, "minute")


def minute_in_step(folder):
    """The same from the two ears of one output, which are played in step."""
    with recording(folder, IN_STEP) as told:
        told.await_(m.Ready)
        time.sleep(0.3)
        play(folder.parent, stage="minute")
        told.stop()
    return noted(told, "minute_in_step")


def hung(folder):
    """The server does not answer for a while: a machine that is busy, a driver that hangs."""
    with recording(folder, HEARD) as told:
        told.await_position(1000)
        server = int(os.environ["COACHDESK_SOUND_SERVER"])
        os.kill(server, signal.SIGSTOP)
        moment_ms = told.expected_ms()
        told.await_all("device_gone", 2)
        os.kill(server, signal.SIGCONT)
        told.await_all("back", 2)
        time.sleep(0.5)
        told.stop()
    return noted(told, "hung", moment_ms=moment_ms)


def killed(folder):
    with recording(folder, HEARD) as told:
        told.await_position(2000)
        moment_ms = told.expected_ms()
        os.kill(int(os.environ["COACHDESK_SOUND_SERVER"]), signal.SIGKILL)
        told.await_all("server_gone", 2)
        time.sleep(1)
        told.stop()
    return noted(told, "killed", moment_ms=moment_ms)


def speech(folder):
    """What is played: 48 kHz, so that the server does not resample on the way."""
    pieces = frames_from(CALL, CALL_FROM_MS, 48_000)
    smooth = np.concatenate([next(pieces) for _ in range(LATE_MS // 1000 + 3)], axis=1)[:, : LATE_MS * 48]
    pieces.close()
    assert smooth.shape[1] == LATE_MS * 48
    wav(folder / "rep.wav", pcm16(smooth[:1, : SPOKEN_MS * 48]), 48_000)
    wav(folder / "other.wav", pcm16(smooth[1:, : SPOKEN_MS * 48]), 48_000)
    wav(folder / "phone.wav", pcm16(smooth.mean(axis=0, keepdims=True)[:, : SPOKEN_MS * 48]), 48_000)
    stage = np.stack([smooth[0], smooth[0]])
    stage[1, SILENT_FROM_MS * 48 : SILENT_TO_MS * 48] = 0
    wav(folder / "stage.wav", pcm16(stage), 48_000)


def long_speech(folder):
    """A minute by telephone; both talk all the time, but for the other party's silence in the middle."""
    length = MINUTE_MS * PER_MS
    spectrum = np.fft.rfft(np.resize(whole(SAMPLES / "sales_discovery" / "call.opus").sum(axis=0), length))
    spectrum[np.fft.rfftfreq(length, 1 / HZ) > TELEPHONE_HZ] = 0
    voice = np.tile(np.fft.irfft(spectrum, length), (2, 1))
    voice[1] = np.roll(voice[1], 7 * HZ)[::-1]  # backwards: as loud, and like nothing the rep says
    voice[1, QUIET_MS * PER_MS : (QUIET_MS + 20_000) * PER_MS] = 0
    for name, lanes in (("minute_rep", voice[:1]), ("minute_other", voice[1:]), ("minute", voice)):
        wav(folder / f"{name}.wav", pcm16(lanes * 0.7), HZ)


def stage():
    pactl("load-module", "module-null-sink", "sink_name=stage", "rate=48000", "channels=2")
    for name, ear in (("left", "front-left"), ("right", "front-right")):
        remap(name, "stage.monitor", channels=1, channel_map="mono", master_channel_map=ear, remix="no")


def act_a_minute(folder):
    stage()
    long_speech(folder)
    seen = []

    def scene(of):
        (folder / of.__name__).mkdir()
        seen.append(of(folder / of.__name__))

    other = threading.Thread(target=scene, args=(minute_in_step,))
    other.start()
    scene(minute)
    other.join()
    (folder / "seen.json").write_text(json.dumps(seen))


def act(folder):
    (folder / "found.json").write_bytes(m.encode(list_devices()))
    stage()
    pactl("load-module", "module-null-sink", "sink_name=sparefeed", "rate=48000", "channels=1")
    (folder / "spare").write_text(remap("spare", "sparefeed.monitor"))
    (folder / "plugged.json").write_bytes(m.encode(list_devices()))
    speech(folder)
    seen = []

    def scenes(*those):
        for scene in those:
            (folder / scene.__name__).mkdir()
            seen.append(scene(folder / scene.__name__))

    long_one = threading.Thread(target=scenes, args=(in_step,))
    long_one.start()
    pactl("load-module", "module-null-sink", "sink_name=dock", "rate=48000", "channels=2")
    scenes(two, one_microphone, laid_out, unheard, unloaded, moved)
    long_one.join()
    scenes(hung, killed)
    (folder / "gone.json").write_bytes(m.encode(list_devices()))
    (folder / "seen.json").write_text(json.dumps(seen))


# --- the tests


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """What the program saw: {scene name: its notes}, and its folder."""
    return ran(tmp_path_factory.mktemp("heard"))


@pytest.fixture(scope="module")
def a_minute(tmp_path_factory):
    return ran(tmp_path_factory.mktemp("minute"), "minute")


def ran(folder, *which):
    needs_sound_server()
    command = ["sh", ROOT / "packaging" / "sound_server.sh", sys.executable, "-m", __name__, folder, *which]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as program:
        try:
            _, complaints = program.communicate(timeout=180)
        except BaseException:
            program.terminate()  # not killed: it has a server to end
            raise
    assert program.returncode == 0, complaints
    return {scene["name"]: scene for scene in json.loads((folder / "seen.json").read_text())}, folder


def said(scene, kind, **fields):
    found = [each for name, each in scene["said"] if name == kind]
    return [
        each for each in found if all(each.get(key, each.get("params", {}).get(key)) == v for key, v in fields.items())
    ]


def sealed(heard, name):
    """What the recording of a scene became, and its sound (lanes, n) at 16 kHz."""
    scenes, folder = heard
    assert codes(decode(folder / name / "call.opus")[1]) == []
    sound = whole(folder / name / "call.opus")
    (message,) = said(scenes[name], "Sealed")
    assert message["duration_ms"] == pytest.approx(sound.shape[1] / PER_MS, abs=3)
    return message, sound


def whole(path):
    return np.concatenate(list(frames_from(path, 0, HZ)), axis=1).astype(float)


def reference(folder, name):
    return whole(folder / f"{name}.wav")


def test_what_is_said_and_what_is_played_arrive_each_on_its_own_channel(heard):
    _, sound = sealed(heard, "two")
    for lane, name in enumerate(("rep", "other")):
        spoken = reference(heard[1], name)[0]
        at, alike = place(sound[lane], spoken)
        foreign = place(sound[1 - lane], spoken)[1]
        print(f"\n{name}: alike {alike:.4f}, on the other channel {foreign:.4f}")
        assert alike >= 0.99
        assert abs(foreign) < 0.3
        assert at > 0
    print(f"ready after {heard[0]['two']['ready_s']:.2f} s")


def test_both_sides_are_in_step_at_the_start_and_after_twenty_seconds_of_silence(heard):
    message, sound = sealed(heard, "in_step")
    begins, alike = place(sound[0], reference(heard[1], "stage")[0, : SPOKEN_MS * PER_MS])
    assert alike >= 0.99
    for what, at_ms in (("at the start", 1200), ("after the silence", SILENT_TO_MS + 2500)):
        lag, alike = lag_ms(sound[1], sound[0], HZ, begins / HZ + at_ms / 1000, 2.0)
        print(
            f"\n{what}: {lag:+.2f} ms apart, alike {alike:.4f}; offset {message['offset_ms']} ms, {message['ppm']} ppm"
        )
        assert abs(lag) <= 20
        assert alike >= 0.95  # two copies, each coded
    assert message["gaps"] == []
    assert [each["side"] for each in said(heard[0]["in_step"], "Silent")] == ["system"]


def test_a_microphone_that_is_pulled_out_is_replaced_and_the_other_side_goes_on(heard):
    scene = heard[0]["unloaded"]
    message, sound = sealed(heard, "unloaded")
    (trouble,) = said(scene, "Trouble", code="device_gone")
    assert trouble["params"]["side"] == "mic" and not trouble["fatal"]
    (back,) = said(scene, "Trouble", code="back")
    assert back["params"]["device"] == "default:microphone"
    (gap,) = message["gaps"]
    assert (gap["why"], gap["side"]) == ("device_gone", "mic")
    assert gap["start_ms"] == pytest.approx(scene["moment_ms"], abs=700)
    assert place(sound[0], reference(heard[1], "rep")[0])[1] >= 0.98
    print(f"\nunplugged: silent for {gap['end_ms'] - gap['start_ms']} ms")


def test_when_the_other_party_moves_to_another_output_the_recording_follows(heard):
    message, sound = sealed(heard, "moved")
    assert [each["params"]["side"] for each in said(heard[0]["moved"], "Trouble", code="default_changed")] == ["system"]
    assert place(sound[1], reference(heard[1], "other")[0])[1] >= 0.98
    assert all(gap["side"] == "system" for gap in message["gaps"])


def test_one_microphone_for_both_is_one_channel_with_all_that_was_said(heard):
    message, sound = sealed(heard, "one_microphone")
    assert sound.shape[0] == 1 and message["gaps"] == []
    _, alike = place(sound[0], reference(heard[1], "phone")[0])
    print(f"\none microphone: alike {alike:.4f}")
    assert alike >= 0.99


def test_laid_out_as_one_channel_in_the_middle_nobody_misses_the_other_side(heard):
    _, sound = sealed(heard, "laid_out")
    assert said(heard[0]["laid_out"], "Silent", side="system") == []
    assert place(sound[0], reference(heard[1], "phone")[0])[1] >= 0.99
    laid = [event for event in read(heard[1] / "laid_out" / "call.journal") if isinstance(event, LaidOut)]
    assert [event.layout for event in laid] == ["mixed"]


def test_what_the_computer_plays_is_never_taken_for_the_microphone(heard):
    scene = heard[0]["unheard"]
    message, sound = sealed(heard, "unheard")
    other = reference(heard[1], "other")[0]
    assert place(sound[1], other)[1] >= 0.99
    assert abs(place(sound[0], other)[1]) < 0.3
    assert [(each["code"], each["params"]["side"]) for each in said(scene, "Trouble")] == [
        ("device_gone", "mic"),
        ("back", "mic"),
    ]
    assert [gap["side"] for gap in message["gaps"]] == ["mic"]


@pytest.mark.long
def test_a_minute_of_two_voices_stays_in_step_each_on_its_own_channel(a_minute):
    for name in ("minute", "minute_in_step"):
        message, sound = sealed(a_minute, name)
        spoken = reference(a_minute[1], "minute")
        places = []
        for lane in (0, 1):
            for begins_ms in (1000, 60_000):
                part = slice(begins_ms * PER_MS, (begins_ms + STRETCH_MS) * PER_MS)
                at, alike = place(sound[lane], spoken[lane, part])
                foreign = np.corrcoef(sound[1 - lane, at : at + STRETCH_MS * PER_MS], spoken[lane, part])[0, 1]
                places.append((at - begins_ms * PER_MS) / PER_MS)
                print(f"\n{name}, channel {lane}, from {begins_ms} ms: alike {alike:.4f}, on the other {foreign:.4f}")
                assert alike >= 0.99 and abs(foreign) < 0.2
        first, last = places[2] - places[0], places[3] - places[1]  # them against me, at each moment
        print(f"apart at the start {first:+.2f} ms, after a minute {last:+.2f} ms; {message['ppm']} ppm")
        assert message["gaps"] == []
        assert abs(last - first) <= 20  # two players never begin at once ...
        assert name == "minute" or max(abs(first), abs(last)) <= 20  # ... the ears of one do


def test_a_server_that_hangs_costs_a_gap_and_no_more(heard):
    message, _ = sealed(heard, "hung")
    assert {gap["side"] for gap in message["gaps"]} == {"mic", "system"}
    assert message["duration_ms"] > heard[0]["hung"]["moment_ms"]


def test_a_server_that_is_gone_is_told_and_the_recording_is_kept(heard):
    scene = heard[0]["killed"]
    message, sound = sealed(heard, "killed")
    assert {each["params"]["side"] for each in said(scene, "Trouble", code="server_gone")} == {"mic", "system"}
    assert sound.shape[1] / PER_MS >= scene["moment_ms"] - 500
    assert message["why"] == "stopped"


if __name__ == "__main__":
    (act_a_minute if sys.argv[2:] else act)(Path(sys.argv[1]))
