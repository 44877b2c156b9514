"""Killed at any moment, run again: the same result, and no saved chunk is transcribed twice."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from coachdesk.history.store import Store
from coachdesk.paths import home as home_of
from tests.conftest import MICRO_CALL, MICRO_MODEL, ROOT
from tests.desk.conftest import micro_lines

SAMPLE = ROOT / "resources/samples/sales_discovery"


def start(home: Path, file: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "coachdesk", "--home", str(home), "analyze", str(file), "--json", *words],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def document(home: Path, file: Path, *words: str) -> dict[str, Any]:
    out = start(home, file, *words).communicate()[0]
    found: dict[str, Any] = json.loads(out)[0]
    return found


def plain(found: dict[str, Any]) -> dict[str, Any]:
    """The document without what may differ: the call's id, what is named after it, and when it was finished."""
    found["call"].pop("id")
    for step in found["next_steps"]:
        step.pop("id")
    found["provenance"].pop("finished_at")
    for version in found["transcript_versions"]:
        version.pop("created_at")
    return found


def chunks(home: Path) -> dict[tuple[int, int, int], int]:
    """Saved chunks and the row each lies in: a chunk saved again would lie in a new transaction's row image."""
    if not (home / "coachdesk.db").exists():
        return {}
    with Store(home_of(str(home))) as store:
        rows = store.rows("SELECT channel, start_ms, end_ms, length(utterances) AS n FROM chunk")
    return {(row["channel"], row["start_ms"], row["end_ms"]): row["n"] for row in rows}


def kill_loop(tmp_path: Path, file: Path, words: list[str], kills: int, longest_s: float, seed: int) -> int:
    """Kill the whole process group, at random moments and right after chunks were saved; the rerun must not notice.

    Returns how many chunks were saved before the last run.
    """
    expected = plain(document(tmp_path / "whole", file, *words))
    rng = random.Random(seed)
    home = tmp_path / "killed"
    for n in range(kills):
        running = start(home, file, *words)
        if n % 2:
            _wait_for_more(home, running, len(chunks(home)))
        time.sleep(rng.uniform(0.0, 0.4) if n % 2 else rng.uniform(0.2, longest_s))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    saved = chunks(home)
    found = document(home, file, *words)
    assert plain(found) == expected
    after = chunks(home)
    assert saved.items() <= after.items(), "a saved chunk was lost or changed"
    return len(saved)


def _wait_for_more(home: Path, running: subprocess.Popen[bytes], before: int) -> None:
    """Until more chunks are saved than before, or the run has ended."""
    deadline = time.monotonic() + 120
    while running.poll() is None and len(chunks(home)) <= before and time.monotonic() < deadline:
        time.sleep(0.1)


def test_one_kill_and_a_rerun_give_the_same_review(tmp_path: Path) -> None:
    script = _script(tmp_path, delay_ms=300)
    kill_loop(tmp_path, MICRO_CALL / "stereo.opus", ["--engine", "scripted", "--model", str(script)], 2, 1.5, seed=5)


def test_saved_chunks_are_not_transcribed_again(tmp_path: Path) -> None:
    """Counted: a second engine that says something else may only speak for the chunks that were missing."""
    script = _script(tmp_path, delay_ms=700)
    home = tmp_path / "home"
    words = ["--engine", "scripted", "--model", str(script)]
    running = start(home, MICRO_CALL / "stereo.opus", *words)
    deadline = time.monotonic() + 60
    while len(chunks(home)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    saved = chunks(home)
    assert saved
    with Store(home_of(str(home))) as store, store.write():
        marked = store.execute("UPDATE chunk SET utterances = replace(utterances, 'Priya', 'MARKED')")
    assert marked
    found = document(home, MICRO_CALL / "stereo.opus", *words)
    said = " ".join(u["text"] for u in found["transcript"]["utterances"])
    assert "MARKED" in said and "Goodbye" in said


@pytest.mark.long
def test_twenty_kills_with_scripted_words(tmp_path: Path) -> None:
    lines = json.loads((SAMPLE / "transcript.json").read_text())
    script = tmp_path / "script.json"
    side = {s["label"]: s["channel"] for s in lines["speakers"]}
    said = [
        {"channel": side[u["speaker"]], **{k: u[k] for k in ("start_ms", "end_ms", "text")}}
        for u in lines["utterances"]
    ]
    script.write_text(json.dumps({"utterances": said, "chunk_delay_ms": 250}))
    kept = kill_loop(tmp_path, SAMPLE / "call.opus", ["--engine", "scripted", "--model", str(script)], 20, 9.0, seed=1)
    print(f"20 kills; {kept} chunks were kept")


@pytest.mark.long
def test_three_kills_with_the_draft_engine(tmp_path: Path) -> None:
    kept = kill_loop(tmp_path, MICRO_CALL / "stereo.opus", ["--engine", "draft"], 3, 6.0, seed=2)
    print(f"3 kills; {kept} chunks were kept")


@pytest.mark.long
def test_three_kills_with_the_real_engine(tmp_path: Path) -> None:
    words = ["--engine", "whisper", "--model", str(MICRO_MODEL)]
    kept = kill_loop(tmp_path, SAMPLE / "call.opus", words, 3, 4.0, seed=3)
    print(f"3 kills; {kept} chunks were kept")


@pytest.mark.long
def test_three_hours_need_no_more_memory_than_ten_minutes() -> None:
    from tests.benchmarks import memory

    found = memory.measure()
    print(found)
    assert found["three hours over ten minutes"] <= 1.1


def _script(tmp_path: Path, delay_ms: int) -> Path:
    path = tmp_path / "script.json"
    lines = [{"channel": c, "start_ms": s, "end_ms": e, "text": t} for c, s, e, t in micro_lines()]
    path.write_text(json.dumps({"utterances": lines, "chunk_delay_ms": delay_ms}))
    return path
