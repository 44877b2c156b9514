"""Recording from the terminal: a call as it is spoken becomes a call in the history, also when the recorder is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk.desk import open_desk
from tests.conftest import ROOT, SAMPLES
from tests.desk.conftest import sample_lines

pytestmark = pytest.mark.alone

CALL = SAMPLES / "sales_discovery" / "call.opus"
# Sound files as devices: what they hold comes in real time, as from a microphone.
FROM = ("--mic", f"file:{CALL}?channel=0", "--system", f"file:{CALL}?channel=1")


def coachdesk(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "coachdesk", *words], capture_output=True, text=True, cwd=ROOT, timeout=120
    )


def recordings(home: Path) -> list[Path]:
    return sorted((home / "recordings").glob("*"))


def test_a_call_is_recorded_on_two_channels_and_measured(own_home: Path) -> None:
    done = coachdesk("record", *FROM, "--for", "30", "--engine", "none", "--consent", "spoken", "--json")
    assert done.returncode == 0, done.stderr
    review: dict[str, Any] = json.loads(done.stdout)
    assert review["recording"]["layout"] == "two_sides"
    assert abs(review["recording"]["duration_ms"] - 30_000) < 3_000
    assert [s["role"] for s in review["speakers"]] == ["rep", "other"]
    ratio = next(m["value"] for m in review["measurements"] if m["metric"] == "talk_ratio")
    assert 0.3 < ratio < 0.9
    assert review["call"]["source"] == "recorded"
    assert review["call"]["consent"]["status"] == "noted"
    assert recordings(own_home) == []  # the sound lies in the media store now
    with open_desk(str(own_home)) as desk:
        assert desk.cut_off() == []


def test_what_a_killed_recorder_left_is_offered_and_kept(own_home: Path) -> None:
    command = [sys.executable, "-m", "coachdesk", "record", *FROM, "--engine", "none"]
    asked = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    journal = _until(lambda: next(iter((own_home / "recordings").glob("*.journal")), None))
    pid = _until(lambda: _recorder_of(journal))
    time.sleep(6)
    os.kill(pid, signal.SIGKILL)
    _out, said = asked.communicate(timeout=30)
    assert asked.returncode == 2 and "recover" in said
    listed = json.loads(coachdesk("recover", "--json").stdout)
    assert len(listed) == 1 and listed[0]["duration_ms"] > 4_000
    kept = coachdesk("recover", "keep", listed[0]["id"][:8], "--engine", "none", "--json")
    assert kept.returncode == 0, kept.stderr
    assert json.loads(kept.stdout)["recording"]["duration_ms"] > 4_000
    assert json.loads(coachdesk("recover", "--json").stdout) == []


def test_devices_are_listed_or_their_want_is_said(own_home: Path) -> None:
    found = json.loads(coachdesk("devices", "--json").stdout)
    kinds = {device["kind"] for device in found["devices"]}
    assert kinds | found["missing"].keys() == {"microphone", "system"}


def test_a_device_that_is_not_there_is_a_sentence(own_home: Path) -> None:
    done = coachdesk("record", "--mic", "file:/nowhere.wav", "--system", "file:/nowhere.wav", "--for", "1")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def _recorder_of(journal: Path) -> int | None:
    first = journal.read_text("utf-8").splitlines()[:1]
    return int(json.loads(first[0])["pid"]) if first else None


def _until(found: Any, most_s: float = 20.0) -> Any:
    end = time.monotonic() + most_s
    while not (value := found()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return value


def test_words_are_said_while_it_is_recorded_and_the_call_is_described(own_home: Path, tmp_path: Path) -> None:
    """Everything told on the command line is in the journal before the call ends, so that it outlives this window."""
    said = sample_lines()
    script = tmp_path / "script.json"
    lines = [{"channel": c, "start_ms": s, "end_ms": e, "text": t} for c, s, e, t in said]
    script.write_text(json.dumps({"utterances": lines}))
    done = coachdesk(
        "record", *FROM, "--live", "--for", "25", "--engine", "scripted", "--model", str(script), "--title", "Second talk",
        "--account", "Birch Lane", "--consent", "spoken", "--playbook", "recruiting_screen", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    review: dict[str, Any] = json.loads(done.stdout)
    heard = [line.partition(": ")[::2] for line in done.stderr.splitlines() if line.startswith(("you: ", "them: "))]
    texts = {u["text"] for u in review["transcript"]["utterances"]}
    assert texts and texts <= {text for _, text in heard} and {who for who, _ in heard} == {"you", "them"}
    call = review["call"]
    assert (call["title"], call["case"], call["kind"]) == ("Second talk", "Birch Lane", "recruiting_screen")
    assert call["consent"]["status"] == "noted" and call["consent"]["moment_ms"] < 3_000
    assert recordings(own_home) == []


def test_a_recorder_killed_while_words_come_leaves_a_call(own_home: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "coachdesk",
        "record",
        *FROM,
        "--live",
        "--engine",
        "none",
        "--title",
        "Cut",
        "--json",
    ]
    asked = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    journal = _until(lambda: next(iter((own_home / "recordings").glob("*.journal")), None))
    pid = _until(lambda: _recorder_of(journal))
    time.sleep(6)
    os.kill(pid, signal.SIGKILL)
    out, said = asked.communicate(timeout=60)
    assert asked.returncode == 0, said
    assert "broke off" in said
    review = json.loads(out)
    assert review["call"]["title"] == "Cut" and review["recording"]["duration_ms"] > 4_000
    assert recordings(own_home) == []


@pytest.mark.long
def test_a_window_killed_while_words_come_loses_none_of_them(own_home: Path, tmp_path: Path) -> None:
    """The recorder goes on, is taken up, and what was heard before is not heard again."""
    script = tmp_path / "script.json"
    lines = [{"channel": c, "start_ms": s, "end_ms": e, "text": t} for c, s, e, t in sample_lines()]
    script.write_text(json.dumps({"utterances": lines}))
    engine = ("--engine", "scripted", "--model", str(script))
    command = [sys.executable, "-m", "coachdesk", "record", *FROM, "--live", *engine]
    asked = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal = _until(lambda: next(iter((own_home / "recordings").glob("*.journal")), None))
    words = journal.with_suffix(".words")
    _until(lambda: words.exists() and len(words.read_bytes().splitlines()) > 1, most_s=60)
    asked.kill()
    asked.wait()
    saved = words.read_bytes().count(b'"kind":"chunk"')
    _until(lambda: '"orphaned"' in journal.read_text("utf-8"))
    with open_desk(str(own_home)) as desk:
        taken = desk.take_up()
        assert taken is not None
        taken.stop()
        list(taken.messages())
        (one,) = desk.cut_off()
        assert one.id == journal.stem
    data = words.read_bytes()
    first = json.loads(data.splitlines()[1])["utterances"][0]["words"][0][2]
    words.write_bytes(data.replace(json.dumps(first).encode(), b'"marked"', 1))  # heard again, the mark would be gone
    kept = coachdesk("recover", "keep", journal.stem[:8], *engine, "--json")
    assert kept.returncode == 0, kept.stderr
    with open_desk(str(own_home)) as desk:
        assert len(desk._store.column("SELECT channel FROM chunk")) >= saved
        assert len(desk.calls()) == 1 and desk.cut_off() == []
    assert any("marked" in u["text"] for u in json.loads(kept.stdout)["transcript"]["utterances"])
    assert recordings(own_home) == []


def test_parts_are_joined(own_home: Path) -> None:
    for _ in range(2):
        done = coachdesk("record", *FROM, "--for", "6", "--engine", "none")
        assert done.returncode == 0, done.stderr
    ids = [call["id"][:8] for call in json.loads(coachdesk("calls", "--json").stdout)]
    joined = coachdesk("join", *ids, "--json")
    assert joined.returncode == 0, joined.stderr
    assert abs(json.loads(joined.stdout)["call"]["duration_ms"] - 12_000) < 2_000
    assert len(json.loads(coachdesk("bin", "--json").stdout)) == 2
    assert coachdesk("join", ids[0]).returncode == 2
