"""The command line as people and programs use it: real processes, real files, exit statuses and sentences."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import MICRO_CALL, MICRO_MODEL, ROOT
from tests.desk.conftest import micro_lines


def coachdesk(*words: object, home: Path, ok: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coachdesk", "--home", str(home), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert not ok or done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.json"
    lines = [{"channel": c, "start_ms": s, "end_ms": e, "text": t} for c, s, e, t in micro_lines()]
    path.write_text(json.dumps({"utterances": lines}))
    return path


def test_demo_coaches_both_samples_and_connects_to_nothing(own_home: Path) -> None:
    made = json.loads(coachdesk("demo", "--json", "--engine", "draft", home=own_home).stdout)
    assert [len(r["suggestions"]) > 0 for r in made["reviews"]] == [True, True]
    assert made["transcription"]["engine"] == "draft" and 0 < made["transcription"]["differing_words"] < 0.6
    assert made["connects"] == {"parent": 0, "child": 0}
    shown = coachdesk("show", made["reviews"][0]["call"]["id"][:6], "--json", home=own_home)
    assert json.loads(shown.stdout)["transcript"]["source"] == "sample", "the sample's own words are current again"


def test_everything_a_person_does_with_a_call(own_home: Path, script: Path, tmp_path: Path) -> None:
    made = coachdesk(
        "analyze", MICRO_CALL / "stereo.opus", "--engine", "scripted", "--model", script, "--title", "Micro", "--rep", "Dan",
        "--account", "Northbeam", "--date", "2026-11-02", "--consent", "said aloud", "--result", "follow_up", "--json",
        home=own_home,
    )  # fmt: skip
    document = json.loads(made.stdout)[0]
    call = document["call"]["id"]
    assert document["call"]["title"] == "Micro" and document["call"]["case"] == "Northbeam"
    assert document["call"]["result"] == "follow_up" and document["call"]["consent"]["status"] == "noted"
    assert "Micro" in coachdesk("calls", home=own_home).stdout
    assert (
        json.loads(coachdesk("search", "spreadsheets", "--who", "other", "--json", home=own_home).stdout)["total"] == 1
    )
    coachdesk("amend", call, "--swap-speakers", "--name", "left=Daniel", "--text", "0=Hello, Priya.", home=own_home)
    coachdesk("comment", call, "--at", "0:07", "clear line", home=own_home)
    coachdesk("result", call, "agreed", home=own_home)
    coachdesk("case", "Northbeam", "--result", "won", "--date", "2026-11-20", home=own_home)
    coachdesk("coach", call, "--playbook", "recruiting_screen", home=own_home)
    shown = json.loads(coachdesk("show", call[:8], "--json", home=own_home).stdout)
    assert shown["transcript"]["utterances"][0]["text"] == "Hello, Priya."
    assert shown["comments"][0]["text"] == "clear line" and shown["call"]["kind"] == "recruiting_screen"
    coachdesk("export", call, "--format", "vtt", "-o", tmp_path / "out.vtt", home=own_home)
    assert "Hello, Priya." in (tmp_path / "out.vtt").read_text()
    again = coachdesk("import-transcript", tmp_path / "out.vtt", "--me", "Daniel", "--json", home=own_home)
    assert {m["grade"] for m in json.loads(again.stdout)["measurements"]} == {"C"}
    coachdesk("delete", call, home=own_home)
    assert coachdesk("show", call, home=own_home, ok=False).returncode == 2


def test_wrong_requests_end_with_2_a_sentence_and_a_hint(own_home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.mp3").write_text("not a sound " * 100)
    (tmp_path / "header.wav").write_bytes(_wav(b"")[:44])
    (tmp_path / "slow.wav").write_bytes(_wav(b"\0\1" * 20_000, rate=1))
    requests = [
        ("analyze", tmp_path / "empty.wav"),
        ("analyze", tmp_path / "text.mp3"),
        ("analyze", tmp_path / "header.wav"),
        ("analyze", tmp_path / "slow.wav"),
        ("analyze", tmp_path / "missing.wav"),
        ("analyze", tmp_path),
        ("analyze",),
        ("analyze", MICRO_CALL / "stereo.opus", "--engine", "whisper", "--model", "no-such-model"),
        ("analyze", MICRO_CALL / "stereo.opus", "--engine", "magic"),
        ("analyze", MICRO_CALL / "stereo.opus", "--playbook", "nope"),
        ("analyze", MICRO_CALL / "stereo.opus", "--engine", "draft", "--language", "de"),
        ("show", "ffff"),
        ("import-transcript", tmp_path / "text.mp3"),
        ("playbooks", "show", "nope"),
        ("models", "verify", "nope"),
    ]
    for request in requests:
        done = coachdesk(*request, home=own_home, ok=False)
        lines = done.stderr.strip().splitlines()
        assert done.returncode == 2 and len(lines) >= 2, (request, done.stderr)
        assert done.stdout == "", request
    shown = json.loads(coachdesk("calls", "--json", home=own_home).stdout)
    assert [c["title"] for c in shown] in ([], ["stereo"]), "only a call whose numbers were right may remain"


def test_one_bad_file_does_not_stop_the_others(own_home: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"nothing")
    done = coachdesk(
        "analyze",
        tmp_path / "bad.wav",
        MICRO_CALL / "stereo.opus",
        "--engine",
        "none",
        "--json",
        home=own_home,
        ok=False,
    )
    assert done.returncode == 2 and len(json.loads(done.stdout)) == 1 and "bad.wav" in done.stderr


def test_a_cut_off_recording_keeps_its_prefix_and_says_so(own_home: Path, tmp_path: Path) -> None:
    whole = (MICRO_CALL / "stereo.opus").read_bytes()
    (tmp_path / "cut.opus").write_bytes(whole[: len(whole) * 2 // 3])
    document = json.loads(
        coachdesk("analyze", tmp_path / "cut.opus", "--engine", "none", "--json", home=own_home).stdout
    )[0]
    assert document["recording"]["partial"] and 25_000 < document["recording"]["duration_ms"] < 50_000
    assert "ends_early" in [n["code"] for n in document["notices"]]


def test_real_words_through_the_whole_pipeline(own_home: Path) -> None:
    done = coachdesk(
        "analyze", MICRO_CALL / "stereo.opus", "--engine", "whisper", "--model", MICRO_MODEL, "--json", home=own_home
    )
    said = [u["text"] for u in json.loads(done.stdout)[0]["transcript"]["utterances"]]
    assert sorted(said) == sorted(text for _, _, _, text in micro_lines())


def test_added_models_are_found_by_auto(own_home: Path) -> None:
    coachdesk("models", "add", MICRO_MODEL, "--name", "micro", home=own_home)
    assert coachdesk("models", "verify", "micro", home=own_home).stdout
    done = coachdesk("analyze", MICRO_CALL / "stereo.opus", "--json", home=own_home)
    assert json.loads(done.stdout)[0]["transcript"]["engine"] == "whisper"


def test_two_commands_on_one_home_at_once_both_finish(own_home: Path, script: Path, tmp_path: Path) -> None:
    samples = ROOT / "resources/samples"
    files = [samples / "sales_discovery/call.opus", samples / "recruiting_screen/call.opus", MICRO_CALL / "stereo.opus"]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "coachdesk", "--home", str(own_home), "analyze", str(file), "--engine", "none", "--json"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for file in [*files, files[-1]]
    ]  # fmt: skip
    ended = [(process.communicate(), process.returncode) for process in running]
    assert [code for _, code in ended] == [0] * 4, [err for (_, err), _ in ended]
    assert len(json.loads(coachdesk("calls", "--json", home=own_home).stdout)) == 3, (
        "the same file twice at once is one call"
    )


def test_a_growing_recording_is_followed_and_equals_the_finished_one(
    own_home: Path, script: Path, tmp_path: Path
) -> None:
    whole = (MICRO_CALL / "stereo.opus").read_bytes()
    growing = tmp_path / "growing.opus"
    growing.write_bytes(whole[:8_000])
    command = ["analyze", str(growing), "--growing", "--engine", "scripted", "--model", str(script), "--json"]
    running = subprocess.Popen(
        [sys.executable, "-m", "coachdesk", "--home", str(own_home), *command], cwd=ROOT, stdout=subprocess.PIPE
    )
    with growing.open("ab") as file:
        for start in range(8_000, len(whole), 12_000):  # ten times as fast as it was spoken
            file.write(whole[start : start + 12_000])
            file.flush()
            time.sleep(0.2)
    followed = json.loads(running.communicate()[0])[0]
    finished = json.loads(
        coachdesk(
            "analyze",
            MICRO_CALL / "stereo.opus",
            "--engine",
            "scripted",
            "--model",
            script,
            "--json",
            home=tmp_path / "other",
        ).stdout
    )[0]
    for part in ("measurements", "turns", "transcript", "suggestions", "speakers"):
        assert followed[part] == finished[part], part


def test_stopping_leaves_a_history_that_goes_on(own_home: Path, tmp_path: Path) -> None:
    slow = tmp_path / "slow.json"
    lines = [{"channel": c, "start_ms": s, "end_ms": e, "text": t} for c, s, e, t in micro_lines()]
    slow.write_text(json.dumps({"utterances": lines, "chunk_delay_ms": 4000}))
    command = ["analyze", str(MICRO_CALL / "stereo.opus"), "--engine", "scripted", "--model", str(slow)]
    running = subprocess.Popen(
        [sys.executable, "-m", "coachdesk", "--home", str(own_home), *command],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_interrupts,
    )
    for line in running.stderr:  # type: ignore[union-attr]
        if "numbers" in line:
            break
    running.send_signal(signal.SIGINT)
    rest = running.communicate()[1]
    assert running.returncode == 130 and "Stopped" in rest
    shown = json.loads(coachdesk("calls", "--json", home=own_home).stdout)
    assert len(shown) == 1 and shown[0]["talk_ratio"] is not None


def test_nothing_a_call_said_stands_in_the_log(own_home: Path, script: Path) -> None:
    coachdesk("analyze", MICRO_CALL / "stereo.opus", "--engine", "scripted", "--model", script, home=own_home)
    log = (own_home / "coachdesk.log").read_text()
    assert "analyze" in log and "spreadsheets" not in log


def test_words_in_another_language_are_not_measured_as_english(own_home: Path, tmp_path: Path) -> None:
    line = "je vous envoie le devis vendredi et nous parlons ensuite avec vous de ce que le projet coûte"
    cues = [f"00:{n:02d}:00.000 --> 00:{n:02d}:20.000\n<v {('Anne', 'Bruno')[n % 2]}>{line}, {n}.\n" for n in range(12)]
    (tmp_path / "fr.vtt").write_text("WEBVTT\n\n" + "\n".join(cues))
    made = json.loads(
        coachdesk("import-transcript", tmp_path / "fr.vtt", "--me", "Anne", "--json", home=own_home).stdout
    )
    assert made["transcript"]["language"] == "fr"
    assert made["review_flags"] == [] and made["tracker_hits"] == []
    assert {n["reason"] for n in made["not_checked"]} == {"no_language_table"}
    counted = [m for m in made["measurements"] if m["metric"] in ("questions", "next_step", "advice_rate")]
    assert all(m["value"] is None and m["withheld"]["code"] == "no_language_table" for m in counted)


def test_models_are_listed_for_people(own_home: Path) -> None:
    assert "small" in coachdesk("models", home=own_home).stdout


def test_a_home_that_cannot_be_one_is_named(own_home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for home in (tmp_path / "file", Path("/proc/nowhere")):
        done = coachdesk("calls", home=home, ok=False)
        assert done.returncode == 2 and "--home" in done.stderr


def test_a_damaged_history_is_named_and_left(own_home: Path, script: Path) -> None:
    coachdesk("analyze", MICRO_CALL / "stereo.opus", "--engine", "scripted", "--model", script, home=own_home)
    data = bytearray((own_home / "coachdesk.db").read_bytes())
    data[8_192:60_000] = bytes(60_000 - 8_192)
    (own_home / "coachdesk.db").write_bytes(data)
    for command in (("calls",), ("doctor",), ("analyze", MICRO_CALL / "stereo.opus", "--engine", "none")):
        done = coachdesk(*command, home=own_home, ok=False)
        assert done.returncode == 2 and "damaged" in done.stderr, (command, done.stderr)


def test_odd_file_names_and_titles_are_kept_on_one_line(own_home: Path, tmp_path: Path) -> None:
    odd = os.path.join(os.fsencode(tmp_path), b"bad\xff\nname.opus")  # noqa: PTH118  bytes that are no text
    with open(odd, "wb") as file:  # noqa: PTH123
        file.write((MICRO_CALL / "stereo.opus").read_bytes())
    command = [
        sys.executable.encode(),
        b"-m",
        b"coachdesk",
        b"--home",
        os.fsencode(own_home),
        b"analyze",
        odd,
        b"--engine",
        b"none",
    ]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    (call,) = json.loads(coachdesk("calls", "--json", home=own_home).stdout)
    assert call["title"] == "bad? name"
    coachdesk("analyze", MICRO_CALL / "stereo.opus", "--engine", "none", "--title", "Two\nlines\x1b[31m", home=own_home)
    (call,) = json.loads(coachdesk("calls", "--json", home=own_home).stdout)
    assert call["title"] == "Two lines [31m"


def test_timing_flaws_alone_give_suggestions_with_moments(own_home: Path, tmp_path: Path) -> None:
    """One side holds the floor: no words are needed to say so, nor to play it."""
    from coachdesk.audio.load import Sound

    with Sound(ROOT / "resources/samples/sales_discovery/call.opus") as sound:
        own = np.concatenate(list(sound.blocks()), axis=1)[0]
    speech = own[16_000 * 56 : 16_000 * 139]  # the seller's long stretch
    left = np.concatenate([speech, speech, speech])
    right = np.zeros_like(left)
    for at in range(20, 240, 40):
        right[16_000 * at : 16_000 * (at + 3)] = own[16_000 * 60 : 16_000 * 63]
    _write_stereo(tmp_path / "flaw.wav", left, right)
    done = coachdesk("analyze", tmp_path / "flaw.wav", "--engine", "none", "--json", home=own_home)
    suggestions = json.loads(done.stdout)[0]["suggestions"]
    assert suggestions and all(e["end_ms"] > e["start_ms"] for s in suggestions for e in s["evidence"])
    assert "LIS-01" in {s["rule"] for s in suggestions}


def test_without_words_and_without_a_screen_the_door_says_what_works(own_home: Path) -> None:
    bare = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run([sys.executable, "-m", "coachdesk"], capture_output=True, text=True, cwd=ROOT, env=bare)
    assert done.returncode == 2 and "coachdesk demo" in done.stderr


def test_without_words_the_window_opens_and_ends_when_asked(own_home: Path) -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    window = subprocess.Popen([sys.executable, "-m", "coachdesk"], stderr=subprocess.PIPE, text=True, cwd=ROOT, env=env)
    until = time.monotonic() + 30
    while not (own_home / "coachdesk.db").exists() and time.monotonic() < until:
        time.sleep(0.1)
    window.send_signal(signal.SIGTERM)
    _out, said = window.communicate(timeout=20)
    assert window.returncode == 0
    assert "Traceback" not in said


def _write_stereo(path: Path, left: np.ndarray, right: np.ndarray) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((np.clip(np.stack([left, right], 1), -1, 1) * 32767).astype("<i2").tobytes())


def _hear_interrupts() -> None:
    """A shell starts its background jobs deaf to interrupts, and their children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _wav(samples: bytes, rate: int = 16_000) -> bytes:
    import io

    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.frombuffer(samples, np.uint8).tobytes())
    return held.getvalue()


def test_who_speaks_is_set_right(own_home: Path, script: Path) -> None:
    made = coachdesk(
        "analyze", MICRO_CALL / "stereo.opus", "--engine", "scripted", "--model", script, "--json", home=own_home
    )  # fmt: skip
    (review,) = json.loads(made.stdout)
    call, said = review["call"]["id"][:8], [u["speaker"] for u in review["transcript"]["utterances"]]
    done = coachdesk(
        "amend", call, "--speaker", "6-7=new:Kim", "--speaker", "4=right", "--split", "7@7=right", "--split", "3@2=left",
        "--json", home=own_home,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert [(s["label"], s["name"]) for s in found["speakers"]][2:] == [("right-2", "Kim")]
    now = [(u["speaker"], u["text"]) for u in found["transcript"]["utterances"]]
    assert now[3:5] == [("left", "Great,"), ("left", "thanks for making the time today.")]
    assert [speaker for speaker, _ in now[7:10]] == ["right-2", "right-2", "right"]
    assert now[9][1] == "on the weekly report."
    merged = json.loads(coachdesk("amend", call, "--merge", "Kim=right", "--json", home=own_home).stdout)
    assert [u["speaker"] for u in merged["transcript"]["utterances"]] == [
        *said[:3],
        "left",
        *said[3:7],
        "right",
        *said[7:],
    ]
    for wrong in (
        ("--split", "3=left"),
        ("--speaker", "5-2=left"),
        ("--merge", "left=right"),
        ("--speaker", "99=left"),
    ):
        refused = coachdesk("amend", call, *wrong, home=own_home, ok=False)
        assert refused.returncode == 2 and refused.stderr
