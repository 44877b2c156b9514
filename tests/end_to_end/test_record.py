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

from coachdesk.desk.desk import open_desk
from tests.conftest import ROOT, SAMPLES

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
