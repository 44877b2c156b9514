"""What happens when the document changes under the person: another call, a reload, the end; no edit goes astray."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPushButton

from coachdesk.desk.amend import SetCase
from coachdesk.desk.desk import open_desk
from coachdesk.gui.bridge import Bridge, Job
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.pages.review import ReviewPage
from coachdesk.gui.widgets.job_strip import JobLine, JobStrip
from coachdesk.gui.widgets.problem import Problem
from coachdesk.history import words
from coachdesk.history.store import new_id


def loaded(page: ReviewPage, call_id: str) -> bool:
    return bool(page._doc) and page._doc["call"]["id"] == call_id


@pytest.fixture
def calls(own_home) -> tuple[str, str]:
    """Two calls: one with a case of its own, and another."""
    with open_desk(str(own_home)) as desk:
        found = desk.open_sample("sales_discovery"), desk.open_sample("recruiting_screen")
        desk.amend(found[0], SetCase("Smith & Co"))
    return found


@pytest.fixture
def page(calls, window: MainWindow, qtbot) -> ReviewPage:
    """The first of them under review, the window in front."""
    window.open_call(calls[0])
    qtbot.waitUntil(lambda: loaded(window._review, calls[0]), timeout=10_000)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window._review


@pytest.mark.parametrize("field", ["title", "case", "date"])
def test_a_field_left_in_one_call_says_nothing_of_the_next(window, page, calls, own_home, qtbot, field) -> None:
    with open_desk(str(own_home)) as desk:
        before = desk.find(calls[1])
    getattr(page.header, field).setFocus()
    window.search()
    window.open_call(calls[1])
    qtbot.waitUntil(lambda: loaded(page, calls[1]), timeout=10_000)
    assert page.header.title.text() == before.title
    qtbot.wait(300)
    with open_desk(str(own_home)) as desk:
        assert desk.find(calls[1]) == before


def test_what_is_typed_outlives_a_reload_and_escape_drops_it(window, page, calls, own_home, bridge, qtbot) -> None:
    title, before = page.header.title, page.header.title.text()
    title.setFocus()
    title.selectAll()
    qtbot.keyClicks(title, "Half a ti")
    with qtbot.waitSignal(page.opened):
        bridge.changed.emit(calls[0])
    assert title.text() == "Half a ti"
    qtbot.keyClick(title, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is page and page.transcript.rows.hasFocus()
    assert title.text() == before
    qtbot.wait(300)
    with open_desk(str(own_home)) as desk:
        assert desk.find(calls[0]).title == before


def test_what_is_typed_is_kept_when_the_window_closes(window, page, calls, own_home, qtbot) -> None:
    page.header.title.setFocus()
    page.header.title.selectAll()
    qtbot.keyClicks(page.header.title, "Typed and closed")
    window.close()
    with open_desk(str(own_home)) as desk:
        assert desk.find(calls[0]).title == "Typed and closed"


def test_nothing_is_done_to_a_call_while_the_next_one_comes(window, page, calls, own_home, qtbot) -> None:
    qtbot.keyClick(page.transcript.rows, Qt.Key.Key_Down)
    window.open_call(calls[1])
    qtbot.keyClick(page.transcript.rows, Qt.Key.Key_Return)
    page.bar.done.click()
    qtbot.waitUntil(lambda: loaded(page, calls[1]), timeout=10_000)
    qtbot.wait(300)
    with open_desk(str(own_home)) as desk:
        assert "reviewed" not in {desk.find(call).state for call in calls}
    assert not page._playback.playing


def test_a_correction_keeps_the_line_and_the_place(page, qtbot) -> None:
    rows = page.transcript.rows
    rows.show_index(20)
    rows.edit_index(20)
    rows._editor.setPlainText("Other words.")
    qtbot.keyClick(rows._editor, Qt.Key.Key_Return)
    at = rows.row_top(20)
    qtbot.waitUntil(lambda: rows.rows.lines[20].text == "Other words.")
    assert rows.current_index == 20 and rows.row_top(20) == at


def test_a_correction_never_meets_other_words(page, calls, own_home, qtbot) -> None:
    with open_desk(str(own_home)) as desk:  # as a transcription job does when it ends
        made = words.current(desk._store, calls[0])
        other = tuple(replace(u, id=f"{u.id}n") for u in made.utterances[2:])
        words.add_version(desk._store, calls[0], "other", replace(made, id=new_id(), utterances=other))
    page._acts.correct(5, "These words were meant for another line.")
    qtbot.waitUntil(lambda: bool(page.window().findChildren(Problem)))
    page.window().findChildren(Problem)[0].reject()
    with open_desk(str(own_home)) as desk:
        assert [u.text for u in words.current(desk._store, calls[0]).utterances] == [u.text for u in other]


def test_skipping_silence_outlives_another_speed(page, bridge, qtbot) -> None:
    page.player.skip.click()
    with qtbot.waitSignals([bridge.settings_changed, bridge.settings_changed]):
        page.player.step_speed(1)
    assert page.player.skip.isChecked() and page._playback._skip


def test_words_of_others_are_no_markup_and_ampersands_stay_single(window, page, calls, bridge, qtbot) -> None:
    page.header.title_said.emit("<b>R&D</b>")
    qtbot.waitUntil(lambda: page._doc["call"]["title"] == "<b>R&D</b>")
    assert "<b>" not in window.navigation.buttons["review"].toolTip()
    qtbot.waitUntil(lambda: window.library._case.count() > 2)
    assert "Smith & Co" in [window.library._case.itemText(n) for n in range(window.library._case.count())]


def test_the_head_of_the_next_call_keeps_nothing_of_the_last(window, page, calls, qtbot) -> None:
    page.header.consent_chosen.emit("noted", "spoken")
    qtbot.waitUntil(lambda: "agreed" in page.header.consent.toolTip())
    menus = len(page.header.findChildren(QMenu))
    window.open_call(calls[1])
    qtbot.waitUntil(lambda: loaded(page, calls[1]), timeout=10_000)
    assert "agreed" not in page.header.consent.toolTip()
    qtbot.waitUntil(lambda: len(page.header.findChildren(QMenu)) <= menus)


def test_undone_is_said_when_it_is(window, page, calls, bridge, qtbot) -> None:
    window.library.reload()
    qtbot.waitUntil(lambda: window.library._model.rowCount() == 2)
    window.library.remove([window.library._model.number_at(0)])
    qtbot.waitUntil(lambda: bool(bridge.can_undo))
    with qtbot.waitSignal(bridge.changed):
        bridge.ask(lambda desk: desk.empty_bin(), lambda _n: bridge.changed.emit(""))
    bridge.undo()
    qtbot.waitUntil(lambda: bool(window.findChildren(Problem)))
    window.findChildren(Problem)[0].reject()
    assert "Undone" not in window.toast.text


def test_a_selection_outlives_a_reload(window, page, calls, bridge, qtbot) -> None:
    table = window.library._table
    window.show_library()
    bridge.changed.emit("")
    qtbot.waitUntil(lambda: all(window.library._model.row_at(n) is not None for n in range(2)))
    table.selectAll()
    assert len(table.chosen_numbers) == 2
    with qtbot.waitSignal(window.library._model.modelReset):
        bridge.changed.emit("")
    qtbot.waitUntil(lambda: len(table.chosen_numbers) == 2)


def test_a_button_is_not_taken_away_while_it_is_pressed(qtbot) -> None:
    strip, asked = JobStrip(), []
    qtbot.addWidget(strip)
    strip.stop_asked.connect(asked.append)
    strip.show_jobs([JobLine(1, "a", "running", "", 0.1)])
    strip._more.setChecked(True)
    strip.show()
    button = next(b for b in strip.findChildren(QPushButton) if b.accessibleName() == "Stop: a")
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    strip.show_jobs([JobLine(1, "a", "running", "20 %", 0.2)])
    qtbot.wait(1)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert asked == [1]
    assert [label.text() for label in strip._details] == ["20 %"]


def test_a_window_closed_while_a_call_opens_leaves_no_thread(calls, own_home, qtbot) -> None:
    window = MainWindow(Bridge(str(own_home)))
    window.open_call(calls[0])
    window.close()
    assert [thread.name for thread in threading.enumerate() if thread.name in ("player", "desk-jobs")] == []


def test_a_job_that_began_unseen_can_be_stopped(own_home, qtbot) -> None:
    bridge, began, went_on = Bridge(str(own_home)), threading.Event(), []

    def work(desk, job: Job) -> str:
        began.set()
        while not job.stopping and len(went_on) < 500:
            threading.Event().wait(0.01)
            went_on.append(1)
        job.go_on()
        return ""

    job = bridge.start(Job("slow", work))
    assert began.wait(10)
    assert job.state == "queued"  # what the thread told was not heard yet
    bridge.close()
    assert len(went_on) < 500
