"""A wrong speaker label mended in the window: in at most three actions, at once, with what it changed, and undone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QCursor
from PySide6.QtWidgets import QApplication, QInputDialog, QPushButton

from coachdesk.desk.desk import open_desk
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.pages.review import ReviewPage
from coachdesk.gui.widgets.text import Label
from coachdesk.gui.widgets.transcript import TranscriptView
from tests.desk.test_spoken import AFTER, BEFORE, CUT, LABELS, LINES, RIGHT, WRONG, bring_mixed

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(window: MainWindow, qtbot, own_home: Path, tmp_path: Path) -> ReviewPage:
    """The micro call on one channel under review; one of its lines has the wrong voice."""
    script = tmp_path / "script.json"
    said = [{"channel": c, "start_ms": s, "end_ms": e, "text": t} for c, s, e, t in LINES]
    script.write_text(json.dumps({"utterances": said}))
    with open_desk(str(own_home)) as desk:
        call = bring_mixed(desk, tmp_path, script)
    window.resize(1280, 800)
    window.open_call(call)
    qtbot.waitUntil(lambda: window._review is not None and bool(window._review._doc), timeout=10_000)
    window._review.pause()
    return window._review


def spoken_by(page: ReviewPage) -> list[str]:
    return [u["speaker"] for u in page._doc["transcript"]["utterances"]]


def spot(rows: TranscriptView, index: int) -> QPoint:
    rows.show_index(index)
    rows.place_row(index, 0.3)
    rows.viewport().grab()  # laid out
    return rows._places(index).text.center().toPoint()


def click(qtbot, page: ReviewPage, index: int) -> None:
    rows = page.transcript.rows
    qtbot.mouseClick(rows.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, spot(rows, index))


def context_menu(page: ReviewPage, at: QPoint) -> None:
    view = page.transcript.rows.viewport()
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at)))


def entries(menu) -> dict[str, QAction]:
    """Every entry of a menu by what it says, submenus with them, without the numbers that are keys."""
    found: dict[str, QAction] = {}
    for action in menu.actions():
        text = action.text().lstrip("&0123456789 ").replace("&", "")
        found[text] = action
        if action.menu():
            found |= {f"{text} > {name}": inner for name, inner in entries(action.menu()).items()}
    return found


def stored(page: ReviewPage, home: Path) -> dict[str, Any]:
    with open_desk(str(home)) as desk:
        return msgspec.to_builtins(desk.review(page.call_id))


def labels(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(Label)]


def percent(share: float) -> str:
    return f"{round(100 * share)} %"


def test_a_wrong_label_is_mended_with_a_click_and_two_keys(page, qtbot, own_home, window) -> None:
    before = stored(page, own_home)
    click(qtbot, page, WRONG)  # first action
    qtbot.keyClick(page.transcript.rows, Qt.Key.Key_W)  # second
    assert page.speakers.menu.isVisible()
    qtbot.keyClick(page.speakers.menu, Qt.Key.Key_1)  # third
    qtbot.waitUntil(lambda: spoken_by(page) == RIGHT)
    after = stored(page, own_home)
    assert [u["speaker"] for u in after["transcript"]["utterances"]] == RIGHT
    assert page.transcript.rows.current_index == WRONG
    said = labels(page.panes.numbers)
    assert percent(AFTER) in " ".join(said) and any(percent(BEFORE) in text and "→" in text for text in said)
    assert "Spoken by" in window.toast.findChild(Label).text()
    qtbot.mouseClick(window.toast.findChild(QPushButton), LEFT)
    qtbot.waitUntil(lambda: spoken_by(page) == LABELS)
    assert stored(page, own_home)["measurements"] == before["measurements"]


def test_the_lanes_of_one_channel_follow(page, qtbot) -> None:
    assert [(lane.side, lane.shared) for lane in page.timeline._lanes] == [("rep", True), ("other", True)]
    assert not page.player.mute_own.isEnabled()
    start = LINES[WRONG][1]
    assert not any(begin <= start + 500 < end for begin, end in page.timeline._lanes[0].runs)
    click(qtbot, page, WRONG)
    qtbot.keyClick(page.transcript.rows, Qt.Key.Key_W)
    qtbot.keyClick(page.speakers.menu, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: any(begin <= start + 500 < end for begin, end in page.timeline._lanes[0].runs))


def test_the_menu_of_a_line_reaches_everything(page, qtbot) -> None:
    context_menu(page, spot(page.transcript.rows, WRONG))
    found = entries(page.speakers.menu)
    own, other = (page._doc["labels"][side].capitalize() for side in ("own", "other"))
    assert f"Spoken by > {own}" in found and f"Spoken by > {other}" not in found
    for said in (f"All of {other} is > {own}", f"All of {other} is > Another name...", "Swap the sides"):
        assert said in found, said
    found["Swap the sides"].trigger()
    qtbot.waitUntil(lambda: [s["role"] for s in page._doc["speakers"]] == ["other", "rep"])


def test_several_lines_go_to_somebody_new(page, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("Lee", True))
    click(qtbot, page, 6)
    rows = page.transcript.rows
    qtbot.mouseClick(rows.viewport(), LEFT, Qt.KeyboardModifier.ShiftModifier, spot_of(page, 7))
    context_menu(page, spot_of(page, 7))
    entries(page.speakers.menu)["Spoken by > New person..."].trigger()
    qtbot.waitUntil(lambda: spoken_by(page)[6:8] == ["person-1", "person-1"])
    assert [lane.name for lane in page.timeline._lanes][-1] == "Lee"
    context_menu(page, spot(page.transcript.rows, 6))
    other = page._doc["labels"]["other"].capitalize()
    same = [action for action in submenu(page, "All of Lee is") if action.text().replace("&", "") == other]
    same[-1].trigger()
    qtbot.waitUntil(lambda: [s["label"] for s in page._doc["speakers"]] == ["1", "2"])


def submenu(page: ReviewPage, said: str) -> list[QAction]:
    return entries(page.speakers.menu)[said].menu().actions()


def spot_of(page: ReviewPage, index: int) -> QPoint:
    """A line's place without making it the current one."""
    return page.transcript.rows._places(index).text.center().toPoint()


def test_a_line_is_split_at_the_word_under_the_pointer(page, qtbot, monkeypatch) -> None:
    rows = page.transcript.rows
    click(qtbot, page, CUT)
    words = LINES[CUT][3].split()
    at = next(at for at in places_of(rows, CUT) if rows.word_under(at) == (CUT, 6))
    monkeypatch.setattr(QCursor, "pos", lambda *a: at)
    qtbot.keyClick(rows, Qt.Key.Key_X)  # a click and a key: there is only one other person
    qtbot.waitUntil(lambda: len(spoken_by(page)) == len(LABELS) + 1)
    said = page._doc["transcript"]["utterances"]
    assert [said[CUT]["text"], said[CUT + 1]["text"]] == [" ".join(words[:6]), " ".join(words[6:])]
    assert spoken_by(page)[CUT : CUT + 2] == ["2", "1"] and rows.current_index == CUT


def places_of(rows: TranscriptView, index: int) -> list[QPoint]:
    text = rows._places(index).text
    return [rows.viewport().mapToGlobal(QPoint(x, int(text.top()) + 10)) for x in range(int(text.left()), 700, 4)]


def test_without_a_pointer_the_places_to_split_are_listed(page, qtbot, monkeypatch) -> None:
    click(qtbot, page, CUT)
    monkeypatch.setattr(QCursor, "pos", lambda *a: QPoint(-100, -100))
    qtbot.keyClick(page.transcript.rows, Qt.Key.Key_X)
    found = entries(page.speakers.menu)
    assert len(found) == len(LINES[CUT][3].split()) - 1
    found["Split before “on the weekly report.”"].trigger()
    qtbot.waitUntil(lambda: spoken_by(page)[CUT : CUT + 2] == ["2", "1"])
