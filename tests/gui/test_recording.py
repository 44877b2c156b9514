"""Recording from the window: real recorder, real desk; sound files stand in for the devices."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from coachdesk.desk import amend
from coachdesk.desk.desk import open_desk
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.main_window import MainWindow
from tests.conftest import SAMPLES

CALL = SAMPLES / "sales_discovery" / "call.opus"
MIC, SYSTEM = f"file:{CALL}?channel=0", f"file:{CALL}?channel=1"
LONG = 30_000


@pytest.fixture
def record(window: MainWindow, bridge: Bridge, qtbot) -> Any:
    """What records, with sound files as devices and no words, on its page."""
    bridge.change_settings(record_mic=MIC, record_system=SYSTEM, engine="none", offer_to_record=False)
    wait(qtbot, lambda: window._record is not None and window._record.page._books)
    wait(qtbot, lambda: window._record._settings.record_mic == MIC)
    window.show_record()
    yield window._record
    window._record.recording.stop()


def wait(qtbot, holds: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(holds()), timeout=LONG)


def recording_for(qtbot, record: Any, ms: int) -> None:
    """Begin, and let it record for so long."""
    record.page.setup.start.click()
    wait(qtbot, lambda: record.recording.state == "recording" and record.recording.position_ms >= ms)


def stopped(qtbot, record: Any) -> str:
    """Hang up; the call it became."""
    with qtbot.waitSignal(record.recording.finished, timeout=LONG) as done:
        record.recording.stop()
    return str(done.args[0])


def review(home: Path, call: str) -> Any:
    with open_desk(str(home)) as desk:
        return desk.review(call)


def test_one_press_records_and_hanging_up_opens_the_coached_call(window, record, own_home, qtbot) -> None:
    window.library.focus_calls()
    window.show_record()
    record.page.setup.title.setText("Talk with Dana")
    record.page.setup.account.setText("Fieldlark")
    recording_for(qtbot, record, 5_000)
    assert window.pages.currentWidget() is record.page
    call = stopped(qtbot, record)
    found = review(own_home, call)
    assert (found.call["title"], found.call["case"], found.call["source"]) == (
        "Talk with Dana",
        "Fieldlark",
        "recorded",
    )
    assert found.recording["layout"] == "two_sides"
    assert [s["role"] for s in found.speakers] == ["rep", "other"]
    wait(qtbot, lambda: window.pages.currentWidget() is window._review)
    assert record.recording.state == "idle"


def test_both_sides_are_heard_and_said_so(record, qtbot) -> None:
    recording_for(qtbot, record, 1_000)
    wait(qtbot, lambda: record.recording.sides.get("mic") == "heard")
    wait(qtbot, lambda: record.recording.sides.get("system") == "heard")
    stopped(qtbot, record)


def test_notes_marks_questions_and_consent_stand_at_their_moments(record, own_home, qtbot) -> None:
    recording_for(qtbot, record, 2_000)
    live = record.page.live
    live.notes.begun.emit()
    began_ms = record.recording.position_ms
    wait(qtbot, lambda: record.recording.position_ms > began_ms + 1_500)
    live.notes.written.emit("asked about the crews")
    record.bookmark()
    question = record.page._books["sales_discovery"].questions[0]
    live.questions.ticked.emit(question.id, True)
    live.consent.agreed.emit("spoken")
    found = review(own_home, stopped(qtbot, record))
    notes = {c.get("what") or "note": c for c in found.comments}
    assert notes["note"]["text"] == "asked about the crews"
    assert notes["note"]["start_ms"] == pytest.approx(began_ms, abs=300)
    assert notes["mark"]["start_ms"] > began_ms + 1_000
    assert notes["asked"]["question"] == question.id
    assert found.call["consent"]["status"] == "noted"
    with open_desk(str(own_home)) as desk:
        assert desk.settings.last_consent == {"sales_discovery": "spoken"}


def test_they_said_no_erases_the_sound_and_keeps_the_notes(window, record, own_home, qtbot) -> None:
    recording_for(qtbot, record, 3_000)
    record.recording.note("would rather not be recorded")
    with qtbot.waitSignal(record.recording.erased, timeout=LONG) as erased:
        record.page.live.consent.refused.emit()
    found = review(own_home, erased.args[0])
    assert found.call["consent"]["status"] == "refused"
    assert [c["text"] for c in found.comments] == ["would rather not be recorded"]
    assert not found.transcript["utterances"]
    assert list((own_home / "recordings").glob("*")) == []
    assert not list(own_home.rglob("*.opus"))
    assert record.recording.state == "idle"


def test_every_page_shows_that_it_records_and_can_stop_it(window, bridge, record, qtbot) -> None:
    recording_for(qtbot, record, 500)
    window.show_library()
    assert window.navigation.recording.isVisible() and bridge.is_call_recorded
    with qtbot.waitSignal(record.recording.finished, timeout=LONG):
        qtbot.mouseClick(window.navigation.stop, Qt.MouseButton.LeftButton)
    assert not window.navigation.recording.isVisible() and not bridge.is_call_recorded


def test_the_strip_is_there_while_it_records_and_stops_it(record, qtbot) -> None:
    recording_for(qtbot, record, 500)
    assert record.strip is not None and record.strip.isVisible()
    assert record.strip.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    with qtbot.waitSignal(record.recording.finished, timeout=LONG):
        record.strip.stop_asked.emit()
    assert record.strip is None


def test_pausing_keeps_nothing(record, own_home, qtbot) -> None:
    recording_for(qtbot, record, 3_000)
    record.pause()
    wait(qtbot, lambda: record.recording.state == "paused")
    at_ms = record.recording.position_ms
    qtbot.wait(2_000)
    assert record.recording.position_ms - at_ms < 500
    record.pause()
    wait(qtbot, lambda: record.recording.position_ms > at_ms + 1_000)
    stopped(qtbot, record)


def test_a_device_that_is_not_there_is_said_and_nothing_is_kept(window, bridge, record, own_home, qtbot) -> None:
    bridge.change_settings(record_mic="file:/not/there.wav", record_system="file:/not/there.wav")
    wait(qtbot, lambda: record._settings.record_mic.endswith("there.wav"))
    said: list[str] = []
    record.recording.told.connect(lambda code, _params: said.append(code))
    record.page.setup.start.click()
    wait(qtbot, lambda: "recording_device_gone" in said)
    record.recording.stop()
    wait(qtbot, lambda: "recording_nothing" in said)
    assert record.recording.state == "idle"
    wait(qtbot, lambda: list((own_home / "recordings").glob("*")) == [])
    with open_desk(str(own_home)) as desk:
        assert desk.count() == 0


def test_a_recorder_that_dies_is_offered_at_once_and_kept_with_one_press(window, record, own_home, qtbot) -> None:
    recording_for(qtbot, record, 4_000)
    os.kill(record.recording._now.recorder.pid, signal.SIGKILL)
    wait(qtbot, lambda: record.recording.state == "idle")
    wait(qtbot, lambda: record.offering._cut_off)
    for dialog in window.findChildren(QPushButton, "close_problem"):
        dialog.click()
    name = next(iter(record.offering._cut_off))
    assert window.offers.isVisible()
    window.offers.answered.emit(f"cut:{name}", "keep")
    wait(qtbot, lambda: window.library._count == 1)
    with open_desk(str(own_home)) as desk:
        (call,) = desk.calls()
        assert call["duration_ms"] > 3_000
        assert desk.cut_off() == []


def test_a_recording_the_window_left_is_taken_up_by_the_next(window, bridge, record, own_home, qtbot) -> None:
    record.page.setup.title.setText("Talk with Dana")
    record.page.setup.account.setText("Fieldlark")
    recording_for(qtbot, record, 2_000)
    record.recording.note("before")
    record.recording.leave()
    second = Bridge(str(own_home))
    made = MainWindow(second)
    qtbot.addWidget(made)
    made.show()
    made.start()
    try:
        wait(qtbot, lambda: made._record is not None and made._record.recording.state == "recording")
        with qtbot.waitSignal(made._record.recording.finished, timeout=LONG) as done:
            made._record.recording.stop()
        found = review(own_home, done.args[0])
        assert [c["text"] for c in found.comments] == ["before"]
        assert (found.call["title"], found.call["case"]) == ("Talk with Dana", "Fieldlark")
    finally:
        made.close()
        second.close()


def test_words_come_while_they_talk(window, bridge, record, own_home, qtbot, tmp_path) -> None:
    script = tmp_path / "script.json"
    lines = [{"channel": 0, "start_ms": 1_000, "end_ms": 7_000, "text": "We talk about the crews first."}]
    script.write_text(json.dumps({"utterances": lines}), "utf-8")
    bridge.change_settings(engine="scripted", model=str(script))
    wait(qtbot, lambda: record.page._settings.engine == "scripted")
    said: list[str] = []
    bridge.words.connect(lambda _channel, _start, _end, text: said.append(text))
    recording_for(qtbot, record, 12_000)
    wait(qtbot, lambda: said)
    call = stopped(qtbot, record)
    assert review(own_home, call).transcript["utterances"]


def test_what_is_asked_before_the_recorder_is_there_is_not_lost(record, own_home, qtbot) -> None:
    record.page.setup.start.click()
    record.recording.note("at once")
    record.recording.agree("spoken")
    wait(qtbot, lambda: record.recording.position_ms > 2_000)
    found = review(own_home, stopped(qtbot, record))
    assert [c["text"] for c in found.comments] == ["at once"]
    assert found.call["consent"]["status"] == "noted"


def test_they_said_no_before_the_recorder_is_there(record, own_home, qtbot) -> None:
    with qtbot.waitSignal(record.recording.erased, timeout=LONG) as erased:
        record.page.setup.start.click()
        record.recording.refuse()
    assert review(own_home, erased.args[0]).call["consent"]["status"] == "refused"
    assert not list(own_home.rglob("*.opus"))


def test_the_next_call_can_be_recorded_while_the_last_is_listened_to(record, own_home, qtbot) -> None:
    ready: list[str] = []
    record.recording.finished.connect(ready.append)
    recording_for(qtbot, record, 3_000)
    record.recording.stop()
    wait(qtbot, lambda: record.recording.state == "idle")
    record.page.start()
    wait(qtbot, lambda: record.recording.position_ms > 3_000 and record.recording.state == "recording")
    wait(qtbot, lambda: ready)
    assert record.recording.state == "recording"
    stopped(qtbot, record)
    wait(qtbot, lambda: len(ready) == 2)
    with open_desk(str(own_home)) as desk:
        assert desk.count() == 2 and desk.cut_off() == []


def test_a_dead_recorder_does_not_end_the_next_recording(window, record, own_home, qtbot) -> None:
    recording_for(qtbot, record, 3_000)
    os.kill(record.recording._now.recorder.pid, signal.SIGKILL)
    wait(qtbot, lambda: record.recording.state == "idle")
    record.page.start()
    wait(qtbot, lambda: record.recording.position_ms > 4_000 and record.recording.state == "recording")
    stopped(qtbot, record)
    wait(qtbot, lambda: not record.recording._listened_to)
    with open_desk(str(own_home)) as desk:
        assert desk.count() >= 1


def test_what_is_half_typed_is_said_at_the_end(record, own_home, qtbot) -> None:
    recording_for(qtbot, record, 2_000)
    record.page.live.title.setText("Talk with Dana")
    qtbot.keyClicks(record.page.live.notes.field, "crews of six")
    found = review(own_home, stopped(qtbot, record))
    assert found.call["title"] == "Talk with Dana"
    assert [c["text"] for c in found.comments] == ["crews of six"]


def test_a_home_that_cannot_be_written_is_said_and_another_try_is_possible(record, own_home, qtbot) -> None:
    (own_home / "recordings").write_text("in the way", "utf-8")
    with qtbot.waitSignal(record.recording.broke_off, timeout=LONG) as said:
        record.page.setup.start.click()
    assert "recorded" in said.args[0].message
    assert record.recording.state == "idle"


def test_a_listener_that_dies_costs_nothing_of_the_recording(bridge, record, own_home, qtbot) -> None:
    recording_for(qtbot, record, 2_000)
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # one that just ended
            if "coachdesk.speech.worker" in " ".join(child.cmdline()):
                child.kill()
    at_ms = record.recording.position_ms
    wait(qtbot, lambda: record.recording.position_ms > at_ms + 2_000)
    found = review(own_home, stopped(qtbot, record))
    assert found.call["duration_ms"] > at_ms + 1_500


def test_before_a_call_with_a_known_case_it_says_how_it_stands(window, record, own_home, qtbot) -> None:
    with open_desk(str(own_home)) as desk:
        case = desk.find(desk.open_sample("sales_discovery")).case
    setup = record.page.setup
    setup.account.setText(f"{case}")
    setup.account.editingFinished.emit()
    wait(qtbot, setup.case_card.isVisible)
    setup.account.setText("nobody known")
    setup.account.editingFinished.emit()
    wait(qtbot, lambda: not setup.case_card.isVisible())


def test_the_questions_planned_for_what_the_case_is_about_are_ticked(window, bridge, record, own_home, qtbot) -> None:
    page, setup = record.page, record.page.setup
    with open_desk(str(own_home)) as desk:
        call = desk.open_sample("sales_discovery")
        desk.plan("Planner", "* What would you change first?\nWho decides?\n")
        desk.amend(call, amend.SetPosition("Planner"))
        case = desk.find(call).case
    assert not setup.position.isVisible()
    setup.account.setText(f"{case}")
    setup.account.editingFinished.emit()
    wait(qtbot, setup.position.isVisible)
    assert setup.position.currentData() == "Planner"
    recording_for(qtbot, record, 1_500)
    (key, said), _second = page._questions
    assert said == "What would you change first?" and list(page.live.questions._lines) == [key, _second[0]]
    page.live.questions.ticked.emit(key, True)
    found = review(own_home, stopped(qtbot, record))
    assert found.guide["position"] == "Planner"
    assert next((q["text"], q["state"]) for q in found.guide["questions"]) == (said, "ticked")
    assert found.labels["questions"][key] == said
    assert setup.position.currentData() == ""
