"""The window as a whole: what is dropped comes in, what is done can be undone, what goes wrong is said."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel

from coachdesk.desk.desk import BringIn
from coachdesk.errors import InputError
from coachdesk.gui.bridge import Bridge, Job
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.widgets.problem import Problem, report
from tests.conftest import MICRO_CALL, ROOT
from tests.desk.conftest import micro_lines


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def ended(bridge: Bridge, jobs: int = 1) -> bool:
    return len(bridge.jobs) >= jobs and not bridge.running


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A short two-channel call with the words it came with."""
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(MICRO_CALL / "stereo.opus", folder / "Call with Ada.opus")
    said = "\n".join(
        f"{n}\n00:00:{s // 1000:02d},000 --> 00:00:{e // 1000 + 1:02d},000\n{('Me', 'Ada')[c]}: {t}\n"
        for n, (c, s, e, t) in enumerate(micro_lines(), 1)
    )
    (folder / "Call with Ada.srt").write_text(said)
    return folder / "Call with Ada.opus"


def test_the_first_window_needs_no_desk_and_no_speech_library(own_home: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "tests.gui.first_window", str(time.monotonic())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "coachdesk.gui.main_window" in imported
    heavy = {
        "faster_whisper",
        "ctranslate2",
        "onnxruntime",
        "av",
        "sounddevice",
        "pocketsphinx",
        "huggingface_hub",
        "numpy",
    }
    assert {name for name in imported if name.partition(".")[0] in heavy} == set()
    assert set(done.stdout.splitlines()[1].split()).isdisjoint(heavy | {"sqlite_utils"})


def test_on_the_first_run_the_questions_come_first(bridge: Bridge, qtbot) -> None:
    window = MainWindow(bridge)
    window.show()
    window.start()
    qtbot.waitUntil(lambda: window._welcome is not None and window.pages.currentWidget() is window._welcome)
    window.close()


def test_a_dropped_file_becomes_a_call_with_its_transcript(
    window: MainWindow, bridge: Bridge, qtbot, recording
) -> None:
    drop(window, recording, recording.with_suffix(".srt"))
    qtbot.waitUntil(lambda: ended(bridge), timeout=30_000)
    assert [job.state for job in bridge.jobs] == ["done"]
    model = window.library._model
    qtbot.waitUntil(lambda: model.rowCount() == 1 and (model.row_at(0) or {}).get("engine") == "imported")
    row = model.row_at(0)
    assert row["title"] == "Call with Ada"
    assert 0 < row["talk_ratio"] < 1


def test_a_folder_that_cannot_be_used_is_said_and_nothing_runs(
    window: MainWindow, bridge: Bridge, qtbot, tmp_path
) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "picture.png").write_bytes(b"x")
    drop(window, tmp_path / "odd")
    qtbot.waitUntil(lambda: "no sound file" in window.toast.text)
    assert bridge.jobs == []


def test_a_broken_file_fails_with_a_sentence_and_can_be_tried_again(window, bridge, qtbot, tmp_path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF....")
    drop(window, broken)
    qtbot.waitUntil(lambda: ended(bridge), timeout=20_000)
    job = bridge.jobs[0]
    assert job.state == "failed"
    assert "broken.wav" in job.problem.message and job.problem.hint
    shutil.copy(MICRO_CALL / "stereo.opus", broken)
    window.jobs.retry_asked.emit(job.number)
    qtbot.waitUntil(lambda: ended(bridge) and bridge.jobs[0] is not job, timeout=60_000)
    assert bridge.jobs[0].state == "done"


def test_cancelling_keeps_the_numbers_and_later_jobs(window, bridge, qtbot, tmp_path) -> None:
    script = tmp_path / "script.json"
    lines = [{"channel": c, "start_ms": s, "end_ms": e, "text": t} for c, s, e, t in micro_lines()]
    script.write_text(json.dumps({"utterances": lines, "chunk_delay_ms": 20_000}))
    slow = BringIn((MICRO_CALL / "stereo.opus",), engine="scripted", model=str(script))
    sample = ROOT / "resources" / "samples" / "sales_discovery"
    second = BringIn((sample / "call.opus",), transcript=sample / "transcript.json", prepared=sample)
    first = bridge.start(Job("slow", lambda desk, job: desk.bring_in(slow), slow))
    later = bridge.start(Job("later", lambda desk, job: desk.bring_in(second), second))
    qtbot.waitUntil(lambda: first.call_id != "", timeout=20_000)  # the numbers are in
    window.jobs.stop_asked.emit(first.number)
    qtbot.waitUntil(lambda: first.state == "cancelled" and later.state == "done", timeout=20_000)
    model = window.library._model
    qtbot.waitUntil(lambda: model.rowCount() == 2 and model.row_at(0) is not None and model.row_at(1) is not None)
    assert all(model.row_at(n)["talk_ratio"] for n in range(2))


def test_what_ran_when_the_window_closed_is_offered_again(own_home: Path, qtbot, tmp_path, recording) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"utterances": [], "chunk_delay_ms": 20_000}))
    bridge = Bridge(str(own_home))
    slow = BringIn((recording,), engine="scripted", model=str(script))
    job = bridge.start(Job("slow", lambda desk, job: desk.bring_in(slow), slow))
    qtbot.waitUntil(lambda: job.state == "running", timeout=10_000)
    bridge.close()
    again = Bridge(str(own_home))
    found: list[list[dict]] = []
    again.ask(lambda desk: desk.interrupted(), found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=10_000)
    again.close()
    assert [Path(one["request"]["files"][0]).name for one in found[0]] == ["Call with Ada.opus"]


def test_a_call_in_the_bin_comes_back_with_undo(window: MainWindow, bridge: Bridge, qtbot) -> None:
    window.open_sample("sales_discovery")
    model = window.library._model
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=10_000)
    window.show_library()
    qtbot.waitUntil(lambda: model.row_at(0) is not None)
    window.library.focus_calls()
    qtbot.keyClick(window.library._table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: model.rowCount() == 0)
    assert "bin" in window.toast.text
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: model.rowCount() == 1)


def test_search_finds_moments_and_plays_them(window: MainWindow, qtbot) -> None:
    window.open_sample("sales_discovery")
    qtbot.waitUntil(lambda: window.library._model.rowCount() == 1, timeout=10_000)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.library._search, "paperwork")
    moments = window.library._moments
    qtbot.waitUntil(lambda: moments.isVisible() and moments.model().rowCount() > 0)
    said = moments._moments.found[0]
    assert "paperwork" in said.text.lower()
    qtbot.keyClick(moments, Qt.Key.Key_Return)
    review = window._review
    assert window.pages.currentWidget() is review
    qtbot.waitUntil(lambda: review._playback.playing and review._playback.position_ms >= said.start_ms, timeout=10_000)
    assert review._playback.position_ms < said.end_ms + 3_000


def test_a_problem_shows_its_sentence_and_hint(window: MainWindow, bridge: Bridge, qtbot) -> None:
    bridge.ask(lambda desk: desk.find("zz"))
    qtbot.waitUntil(lambda: bool(window.findChildren(Problem)))
    dialog = window.findChildren(Problem)[0]
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "There is no call zz." in said
    dialog.reject()


def test_the_report_of_a_bug_holds_places_and_no_words() -> None:
    try:
        raise ValueError("what was said in the call")
    except ValueError as bug:
        said = report(bug)
    assert "ValueError" in said and "test_main_window" in said
    assert "what was said" not in said


def test_a_bug_in_a_question_is_told_once_and_the_window_goes_on(window, bridge, qtbot) -> None:
    bridge.ask(lambda desk: 1 / 0)
    qtbot.waitUntil(lambda: bool(window.findChildren(Problem)))
    window.findChildren(Problem)[0].reject()
    answers: list[int] = []
    bridge.ask(lambda desk: desk.count(), answers.append)
    qtbot.waitUntil(lambda: answers == [0])


def test_an_answer_for_a_closed_page_is_dropped(window, bridge, qtbot) -> None:
    page = QLabel("gone soon")
    answers: list[int] = []
    bridge.ask(lambda desk: time.sleep(0.2) or 1, answers.append, owner=page)
    page.deleteLater()
    QApplication.processEvents()
    done: list[int] = []
    bridge.ask(lambda desk: 2, done.append)
    qtbot.waitUntil(lambda: done == [2])
    assert answers == []


def test_an_expected_problem_goes_to_who_asked(bridge: Bridge, qtbot) -> None:
    problems: list[Exception] = []
    bridge.ask(lambda desk: desk.find("zz"), None, problems.append)
    qtbot.waitUntil(lambda: bool(problems))
    assert isinstance(problems[0], InputError)
