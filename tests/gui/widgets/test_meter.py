"""The meter of a side: the level's ballistics, when it paints, which device, and what it says of what it hears."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from coachdesk.gui.widgets.level import FALL_DB_S, FLOOR_DB, HOLD_MS, Level
from coachdesk.gui.widgets.meter import SideMeter
from coachdesk.gui.widgets.text import Label
from tests.gui.looking import shown

DEVICES = [("usb", "USB headset", True), ("in", "Built-in <b>microphone</b>", False)]


class TestLevel:
    def test_it_rises_at_once_and_falls_slowly(self):
        level = Level()
        level.hear(-10.0)
        level.step(1)
        assert level.shown == -10.0
        level.hear(None)
        assert level.step(500)
        assert level.shown == pytest.approx(-10.0 - FALL_DB_S / 2)

    def test_the_peak_stays_and_then_falls(self):
        level = Level()
        level.hear(-10.0)
        level.step(1)
        level.hear(-40.0)
        level.step(HOLD_MS)
        assert level.peak == -10.0
        level.step(250)
        assert -10.0 > level.peak > level.shown

    def test_it_comes_to_rest(self):
        level = Level()
        level.hear(0.0)
        level.step(1)
        level.hear(None)
        steps = 0
        while level.step(33):
            steps += 1
            assert steps < 1_000
        assert (level.shown, level.peak) == (FLOOR_DB, FLOOR_DB)

    @pytest.mark.parametrize(
        ("heard", "shown"), [(12.0, 0.0), (-200.0, FLOOR_DB), (None, FLOOR_DB), (float("nan"), FLOOR_DB)]
    )
    def test_odd_levels(self, heard, shown):
        level = Level()
        level.hear(heard)
        level.step(1)
        assert level.shown == shown


@pytest.fixture
def meter(qtbot):
    made = SideMeter("other", "Them")
    qtbot.addWidget(made)
    made.set_devices(DEVICES, "")
    made.resize(400, 140)
    made.show()
    qtbot.waitExposed(made)
    return made


def words(meter) -> list[str]:
    return [w.text() for w in shown(meter) if isinstance(w, Label)]


def paints(bar, qtbot, db) -> int:
    """How often the bar is painted from a level until it is at rest."""
    count = 0
    plain = type(bar).paintEvent

    def counted(event):
        nonlocal count
        count += 1
        plain(bar, event)

    bar.paintEvent = counted
    bar.set_level(db)
    qtbot.waitUntil(lambda: not bar.moving)
    qtbot.wait(1)
    del bar.paintEvent
    return count


class TestPainting:
    def test_the_level_has_the_colour_of_its_side_and_ends_where_it_should(self, meter, qtbot):
        meter.set_level(-30.0)
        qtbot.waitUntil(lambda: not meter.bar.moving)
        picture = meter.bar.grab().toImage()
        middle, wide = picture.height() // 2, picture.width()
        assert picture.pixelColor(wide // 2 - 12, middle).name() == "#a34812"
        assert picture.pixelColor(wide // 2 + 12, middle).name() == "#dde3ea"

    def test_nothing_is_painted_while_nothing_changes(self, meter, qtbot):
        assert paints(meter.bar, qtbot, -30.0) > 0
        assert paints(meter.bar, qtbot, -30.0) == 0
        assert paints(meter.bar, qtbot, -30.01) == 0

    def test_without_motion_it_jumps(self, meter, qtbot, still):
        meter.bar.setStyle(still)
        meter.set_level(-6.0)
        qtbot.waitUntil(lambda: not meter.bar.moving)
        meter.set_level(-50.0)
        qtbot.waitUntil(lambda: not meter.bar.moving)
        assert meter.bar.level.shown == meter.bar.level.peak == -50.0

    def test_with_motion_it_takes_its_time(self, meter, qtbot):
        meter.set_level(-6.0)
        qtbot.waitUntil(lambda: not meter.bar.moving)
        meter.set_level(-50.0)
        qtbot.wait(80)
        assert meter.bar.moving and meter.bar.level.shown > -50.0


class TestDevices:
    def test_the_systems_own_is_said_and_chosen_where_none_is(self, meter):
        assert meter.device.currentText() == "USB headset (default)"
        meter.set_devices(DEVICES, "in")
        assert meter.device.currentText() == "Built-in <b>microphone</b>"

    def test_telling_them_tells_nobody_choosing_one_does(self, meter, qtbot):
        with qtbot.assertNotEmitted(meter.device_chosen):
            meter.set_devices(DEVICES[:1], "usb")
            meter.set_devices(DEVICES, "usb")
        meter.device.setFocus()
        with qtbot.waitSignal(meter.device_chosen) as heard:
            qtbot.keyClick(meter.device, Qt.Key.Key_Down)
        assert heard.args == ["in"]

    def test_none_is_said(self, meter):
        meter.set_devices([], "")
        assert not meter.device.isEnabled()
        assert meter.device.placeholderText() == "No device found"

    def test_a_device_that_is_gone_is_not_taken_for_another(self, meter):
        meter.set_devices(DEVICES, "gone")
        assert meter.device.currentIndex() == -1
        assert meter.device.placeholderText() == "Choose a device"

    def test_an_open_list_is_left_alone_until_it_closes(self, meter, qtbot):
        meter.device.showPopup()
        meter.set_devices(DEVICES[:1], "usb")
        assert meter.device.count() == 2
        meter.device.hidePopup()
        qtbot.waitUntil(lambda: meter.device.count() == 1)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("waiting", "Starting …"),
        ("heard", "I hear them"),
        ("silent", "I hear nothing from them yet"),
        ("lost", "Their sound is gone"),
    ],
)
def test_what_it_hears_in_words(meter, kind, said):
    meter.set_state(kind, hint="Play any sound.")
    assert words(meter)[-2:] == [said, "Play any sound."]
    assert meter.accessibleDescription() == f"{said} Play any sound."
    meter.set_state(kind, "Another sentence.")
    assert words(meter)[-1] == "Another sentence."
