"""The strip: always on top, takes no keyboard, tells where it was dragged to, asks for each thing once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from coachdesk.gui.widgets.recording_strip import RecordingStrip
from tests.gui.looking import nameless, shown


@pytest.fixture
def strip(qtbot):
    made = RecordingStrip()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def words(strip) -> list[str]:
    return [w.text() for w in shown(strip) if isinstance(w, QLabel) and w.text()]


def test_it_is_on_top_without_a_frame_and_takes_no_keyboard(strip):
    flags = strip.windowFlags()
    assert flags & Qt.WindowType.WindowStaysOnTopHint and flags & Qt.WindowType.FramelessWindowHint
    assert strip.windowType() == Qt.WindowType.Tool
    assert strip.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("bookmark", (Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)),
        ("pause", (Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)),
        ("stop", (Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)),
    ],
)
def test_each_button_and_its_keys_ask_once(strip, qtbot, name, keys):
    heard = []
    getattr(strip, f"{name}_asked").connect(lambda: heard.append(name))
    button = getattr(strip, name)
    button.click()
    assert heard == [name]
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    qtbot.keyClick(strip, *keys)
    assert heard == [name, name]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert heard == [name] * 3
    assert "Ctrl+" in button.toolTip() and nameless(strip) == []


def test_the_state_in_words(strip):
    strip.set_state(3_725_000, False, -10.0, -20.0, "")
    assert words(strip) == ["1:02:05"]
    assert strip.pause.accessibleName() == "Pause"
    strip.set_state(3_726_000, True, -10.0, -20.0, "I hear nothing from them")
    assert words(strip) == ["1:02:06", "I hear nothing from them"]
    assert strip.pause.accessibleName() == "Go on recording" and "Ctrl+P" in strip.pause.toolTip()


def test_keys_hold_after_pause_and_resume(strip, qtbot):
    strip.set_state(0, True, None, None)
    strip.set_state(0, False, None, None)
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    with qtbot.waitSignal(strip.pause_asked):
        qtbot.keyClick(strip, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)


def test_a_warning_makes_room_for_itself_and_goes(strip, qtbot):
    narrow = strip.width()
    strip.set_state(0, False, None, None, "I hear nothing from them")
    qtbot.waitUntil(lambda: strip.width() > narrow)
    qtbot.waitUntil(lambda: strip.bookmark.x() > strip._warning.geometry().right())
    assert strip._warning._cut() == "I hear nothing from them"
    strip.set_state(0, False, None, None, "very long " * 40)
    assert strip.sizeHint().width() < 640
    strip.set_state(0, False, None, None, "")
    qtbot.waitUntil(lambda: strip.width() == narrow)


def test_dragging_moves_it_and_tells_once_where_it_lies(strip, qtbot):
    told = []
    strip.moved.connect(told.append)
    strip.move(100, 100)
    qtbot.wait(300)
    assert told == []  # who placed it knows
    start = QPoint(4, 4)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
    for by in (30, 60):
        qtbot.mouseMove(strip, start + QPoint(by, by))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=start)
    if strip.pos() == QPoint(100, 100):
        pytest.skip("the platform moves windows itself")
    qtbot.waitUntil(lambda: bool(told))
    assert told == [strip.pos()]


def test_a_double_click_opens_the_window_and_moves_nothing(strip, qtbot):
    before = strip.pos()
    with qtbot.waitSignal(strip.open_asked):
        qtbot.mouseDClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert strip.pos() == before


class TestDot:
    def test_it_breathes_only_while_it_records_and_is_seen(self, strip):
        assert strip._dot.breathing
        strip.set_state(0, True, None, None)
        assert not strip._dot.breathing
        strip.set_state(0, False, None, None)
        assert strip._dot.breathing
        strip.hide()
        assert not strip._dot.breathing

    def test_it_is_still_where_the_system_asks_for_less(self, strip, still):
        strip._dot.setStyle(still)
        strip.hide()
        strip.show()
        assert not strip._dot.breathing

    def test_red_is_recording(self, strip):
        strip._dot._timer.stop()
        assert strip._dot.grab().toImage().pixelColor(6, 6).name() == "#b3261e"
        strip.set_state(0, True, None, None)
        assert strip._dot.grab().toImage().pixelColor(6, 6).name() != "#b3261e"
