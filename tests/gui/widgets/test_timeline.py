"""The timeline: where a click goes, what zoom keeps, what is painted, what a screen reader hears."""

from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget

from coachdesk.audio.peaks import _coarser
from coachdesk.gui.theme import colour, theme
from coachdesk.gui.widgets.talk_bar import TalkBar
from coachdesk.gui.widgets.timeline import Lane, Mark, Timeline
from coachdesk.gui.widgets.timeline_axis import Scale, tick_ms
from coachdesk.gui.widgets.timeline_marks import COLOURS, mark_icon, paint_mark, place

MINUTE = 60_000
LENGTH = 10 * MINUTE
OWN = (0, 2 * MINUTE)
OTHER = (4 * MINUTE, 7 * MINUTE)


def levels(length_ms: int = LENGTH, loud: int = 100) -> list[np.ndarray]:
    """Sound all the time in both lanes, so that only the runs say who speaks."""
    base = np.empty((length_ms // 10, 2, 2), np.int8)
    base[..., 0], base[..., 1] = -loud, loud
    made = [base]
    while len(made[-1]) > 1024:
        made.append(_coarser(made[-1]))
    return made


def two_lanes(peaks: list[np.ndarray] | None = None) -> list[Lane]:
    return [Lane("Ann", "rep", (OWN,), peaks, 0), Lane("Ben", "other", (OTHER,), peaks, 1)]


@pytest.fixture
def timeline(qtbot) -> Timeline:
    shown = Timeline()
    qtbot.addWidget(shown)
    shown.resize(800, 132)
    shown.set_call(two_lanes(levels()), LENGTH, [Mark(3 * MINUTE, 3 * MINUTE + 500, "question", "How big is it?")])
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def x_of(timeline: Timeline, ms: float) -> int:
    return round(timeline._scale().x(ms))


def on_lane(timeline: Timeline, ms: float) -> QPoint:
    return QPoint(x_of(timeline, ms), 25)


def on_marks(timeline: Timeline, ms: float) -> QPoint:
    return QPoint(x_of(timeline, ms), round(timeline._marks_y()))


def turn(widget: QWidget, at: QPoint, down: int = 0, side: int = 0, ctrl: bool = False) -> QWheelEvent:
    keys = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(side, down),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event


def move(widget: QWidget, at: QPoint, held: Qt.MouseButton) -> None:
    place = QPointF(at)
    everywhere = QPointF(widget.mapToGlobal(at))
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, place, everywhere, Qt.MouseButton.NoButton, held, none)
    )


def near(got: QColor, wanted: QColor, tolerance: int = 40) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(got.getRgb()[:3], wanted.getRgb()[:3], strict=True))


def colours_in(widget: QWidget, area: QRect) -> set[str]:
    picture = widget.grab(area).toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


class TestSeeking:
    def test_a_click_on_a_lane_goes_there(self, timeline, qtbot):
        with qtbot.waitSignal(timeline.sought) as sought:
            qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=on_lane(timeline, 5 * MINUTE))
        assert sought.args[0] == pytest.approx(5 * MINUTE, abs=1000)
        assert timeline.position_ms == sought.args[0]

    def test_dragging_goes_along_and_stops_at_the_ends(self, timeline, qtbot):
        went: list[int] = []
        timeline.sought.connect(went.append)
        qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=on_lane(timeline, MINUTE))
        move(timeline, on_lane(timeline, 2 * MINUTE), Qt.MouseButton.LeftButton)
        move(timeline, QPoint(5_000, 25), Qt.MouseButton.LeftButton)
        qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=QPoint(5_000, 25))
        assert went[0] == pytest.approx(MINUTE, abs=1000)
        assert went[1] == pytest.approx(2 * MINUTE, abs=1000)
        assert went[-1] == LENGTH

    @pytest.mark.parametrize(
        ("key", "goal"),
        [
            (Qt.Key.Key_Right, 65_000),
            (Qt.Key.Key_Left, 55_000),
            (Qt.Key.Key_Home, 0),
            (Qt.Key.Key_End, LENGTH),
        ],
    )
    def test_keys_go_by_five_seconds_and_to_the_ends(self, timeline, qtbot, key, goal):
        timeline.set_position(60_000)
        with qtbot.waitSignal(timeline.sought) as sought:
            qtbot.keyClick(timeline, key)
        assert sought.args == [goal]

    def test_being_told_the_position_seeks_nothing(self, timeline, qtbot):
        with qtbot.assertNotEmitted(timeline.sought):
            timeline.set_position(30_000)
        assert timeline.position_ms == 30_000

    @pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_L])
    def test_the_pages_keys_are_left_to_the_page(self, timeline, qtbot, key):
        heard: list[int] = []

        class Page(QWidget):
            def keyPressEvent(self, event):
                heard.append(event.key())

        page = Page()
        qtbot.addWidget(page)
        QVBoxLayout(page).addWidget(timeline)
        page.show()
        qtbot.keyClick(timeline, key)
        timeline.setParent(None)
        assert heard == [key]

    def test_without_a_call_nothing_happens(self, qtbot):
        empty = Timeline()
        qtbot.addWidget(empty)
        empty.show()
        with qtbot.assertNotEmitted(empty.sought):
            qtbot.mouseClick(empty, Qt.MouseButton.LeftButton, pos=QPoint(100, 20))
            qtbot.keyClick(empty, Qt.Key.Key_Right)
            qtbot.keyClick(empty, Qt.Key.Key_Plus)
        empty.grab()


class TestMarks:
    def test_a_click_on_a_mark_chooses_it(self, timeline, qtbot):
        with qtbot.assertNotEmitted(timeline.sought), qtbot.waitSignal(timeline.mark_chosen) as chosen:
            qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=on_marks(timeline, 3 * MINUTE) + QPoint(3, 2))
        assert chosen.args[0].label == "How big is it?"

    def test_hidden_kinds_are_neither_painted_nor_clicked(self, timeline, qtbot):
        spot = QRect(x_of(timeline, 3 * MINUTE) - 8, round(timeline._marks_y()) - 6, 16, 12)
        before = colours_in(timeline, spot)
        timeline.set_shown_kinds({"comment"})
        assert len(colours_in(timeline, spot)) < len(before)
        with qtbot.assertNotEmitted(timeline.mark_chosen), qtbot.waitSignal(timeline.sought):
            qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=on_marks(timeline, 3 * MINUTE))

    def test_ctrl_and_arrow_go_from_mark_to_mark(self, timeline, qtbot):
        timeline.set_marks([Mark(at * MINUTE, at * MINUTE, "tracker", str(at)) for at in (8, 2, 5)])
        chosen: list[str] = []
        timeline.mark_chosen.connect(lambda mark: chosen.append(mark.label))
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
            qtbot.keyClick(timeline, key, Qt.KeyboardModifier.ControlModifier)
        assert chosen == ["2", "5", "2"]

    def test_kinds_differ_in_shape_not_only_in_colour(self):
        shapes = {}
        for kind in COLOURS:
            image = QImage(48, 48, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(0)
            with QPainter(image) as painter:
                paint_mark(painter, kind, QPointF(24, 24), 4)
            alpha = image.convertToFormat(QImage.Format.Format_Alpha8)
            shapes[kind] = np.frombuffer(alpha.constBits(), np.uint8).astype(int)
        for one, other in itertools.combinations(shapes, 2):
            differing = np.abs(shapes[one] - shapes[other]) > 128
            assert differing.sum() > 0.2 * (shapes[one] > 128).sum(), (one, other)

    def test_marks_make_room_for_one_another_and_the_weightier_stays(self):
        crowd = [Mark(0, 0, "question", str(n)) for n in range(6)] + [Mark(0, 0, "evidence", "here")]
        placed = place(crowd, lambda ms: 50.0 + ms, 0, 400)
        seen = sorted(one.x for one in placed if not one.hidden)
        assert next(one for one in placed if one.mark.kind == "evidence").x == 50
        assert all(b - a >= 9 for a, b in itertools.pairwise(seen))
        assert any(one.hidden for one in placed)
        assert len(placed) == len(crowd)

    def test_an_icon_for_the_legend(self, qtbot):
        assert not mark_icon("next_step").pixmap(12).isNull()

    def test_the_tool_tip_says_time_and_label_and_never_markup(self, timeline, qtbot):
        timeline.set_marks([Mark(3 * MINUTE, 3 * MINUTE, "comment", "<b>bold</b> & so on")])
        timeline.grab()
        at = on_marks(timeline, 3 * MINUTE)
        QApplication.sendEvent(timeline, QHelpEvent(QEvent.Type.ToolTip, at, timeline.mapToGlobal(at)))
        assert "3:00  &lt;b&gt;bold" in QToolTip.text() or "3:00 &lt;b&gt;bold" in QToolTip.text()
        at = on_lane(timeline, 6 * MINUTE)
        QApplication.sendEvent(timeline, QHelpEvent(QEvent.Type.ToolTip, at, timeline.mapToGlobal(at)))
        assert QToolTip.text() in ("<qt>6:00</qt>", "<qt>5:59</qt>")


class TestZoom:
    def test_ctrl_and_wheel_keep_the_time_under_the_pointer(self, timeline):
        at = on_lane(timeline, 4 * MINUTE)
        there = timeline._scale().ms(at.x())
        for _notch in range(6):
            turn(timeline, at, down=120, ctrl=True)
        start, end = timeline.view_ms
        assert end - start < LENGTH / 3
        assert timeline._scale().ms(at.x()) == pytest.approx(there, abs=1)

    def test_a_pinch_zooms_too(self, timeline):
        at = QPointF(on_lane(timeline, 4 * MINUTE))
        everywhere = QPointF(timeline.mapToGlobal(at.toPoint()))
        QApplication.sendEvent(
            timeline,
            QNativeGestureEvent(
                Qt.NativeGestureType.ZoomNativeGesture,
                QPointingDevice.primaryPointingDevice(),
                2,
                at,
                at,
                everywhere,
                0.5,
                QPointF(),
            ),
        )
        start, end = timeline.view_ms
        assert end - start == pytest.approx(LENGTH / 1.5, rel=0.01)
        assert x_of(timeline, 4 * MINUTE) == pytest.approx(at.x(), abs=1)

    def test_plus_minus_and_zero(self, timeline, qtbot):
        qtbot.keyClick(timeline, Qt.Key.Key_Plus)
        qtbot.keyClick(timeline, Qt.Key.Key_Plus)
        closer = timeline.view_ms
        qtbot.keyClick(timeline, Qt.Key.Key_Minus)
        assert closer[1] - closer[0] < timeline.view_ms[1] - timeline.view_ms[0] < LENGTH
        qtbot.keyClick(timeline, Qt.Key.Key_0)
        assert timeline.view_ms == (0, LENGTH)

    def test_a_plain_wheel_is_left_to_the_page(self, timeline):
        assert not turn(timeline, QPoint(400, 30), down=120).isAccepted()
        assert not turn(timeline, QPoint(400, 30), side=120).isAccepted()  # nothing to pan yet
        turn(timeline, QPoint(400, 30), down=480, ctrl=True)
        assert turn(timeline, QPoint(400, 30), side=-240).isAccepted()

    @pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
    def test_dragging_with_another_button_pans(self, timeline, qtbot, button):
        turn(timeline, on_lane(timeline, 5 * MINUTE), down=720, ctrl=True)
        start = timeline.view_ms[0]
        with qtbot.assertNotEmitted(timeline.sought):
            qtbot.mousePress(timeline, button, pos=QPoint(500, 30))
            move(timeline, QPoint(400, 30), button)
            qtbot.mouseRelease(timeline, button, pos=QPoint(400, 30))
        assert timeline.view_ms[0] > start

    def test_the_view_never_leaves_the_call(self, timeline):
        for _notch in range(60):
            turn(timeline, QPoint(790, 30), down=120, ctrl=True)
        start, end = timeline.view_ms
        assert end - start >= 4_000
        for _notch in range(60):
            turn(timeline, QPoint(400, 30), side=-1200)
        assert timeline.view_ms[1] == LENGTH
        for _notch in range(80):
            turn(timeline, QPoint(400, 30), down=-120, ctrl=True)
        assert timeline.view_ms == (0, LENGTH)

    def test_a_closer_view_follows_playback(self, timeline):
        turn(timeline, on_lane(timeline, 0), down=1200, ctrl=True)
        at = 0
        while at < 3 * MINUTE:
            at += 200
            timeline.set_position(at)
            start, end = timeline.view_ms
            assert start <= at <= end

    def test_but_not_while_the_person_looks_elsewhere(self, timeline):
        turn(timeline, on_lane(timeline, 8 * MINUTE), down=1200, ctrl=True)
        elsewhere = timeline.view_ms
        for at in range(0, 20_000, 200):
            timeline.set_position(at)
        assert timeline.view_ms == elsewhere

    def test_a_jump_brings_the_view_along(self, timeline):
        turn(timeline, on_lane(timeline, 8 * MINUTE), down=1200, ctrl=True)
        timeline.set_position(2 * MINUTE)
        assert timeline.view_ms[0] <= 2 * MINUTE <= timeline.view_ms[1]


class Painted(QObject):
    """Remembers what was painted again."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.areas: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.areas += list(event.region())
        return False


class TestPainting:
    def test_a_moving_playhead_repaints_thin_strips_only(self, timeline, qtbot):
        QApplication.processEvents()
        painted = Painted(timeline)
        timeline.set_position(5 * MINUTE)
        qtbot.waitUntil(lambda: bool(painted.areas))
        assert sum(area.width() for area in painted.areas) < 60

    def test_who_speaks_is_strong_and_who_does_not_is_faint(self, timeline):
        timeline.set_position(9 * MINUTE)
        scale = timeline._scale()
        own, other = (timeline._lane_rect(n, scale).toRect() for n in (0, 1))

        def seen(lane: QRect, span: tuple[int, int], wanted: str) -> bool:
            area = QRect(x_of(timeline, span[0] + 20_000), lane.top(), 40, lane.height())
            return any(near(QColor(name), colour(wanted), 12) for name in colours_in(timeline, area))

        assert seen(own, OWN, "own") and not seen(own, OTHER, "own")
        assert seen(other, OTHER, "other") and not seen(other, OWN, "other")

    def test_on_a_shared_channel_a_lane_is_flat_where_others_speak(self, timeline):
        peaks = levels()
        lanes = [
            Lane("Ann", "rep", (OWN,), peaks, 0, shared=True),
            Lane("Ben", "other", (OTHER,), peaks, 0, shared=True),
        ]
        timeline.set_call(lanes, LENGTH, [])
        timeline.set_position(9 * MINUTE)
        scale = timeline._scale()
        own, other = (timeline._lane_rect(n, scale).toRect() for n in (0, 1))

        def painted(lane: QRect, span: tuple[int, int]) -> bool:
            """Whether anything is painted well above the middle line."""
            area = QRect(x_of(timeline, span[0] + 30_000), lane.center().y() - 8, 20, 3)
            return len(colours_in(timeline, area)) > 1

        assert painted(own, OWN) and not painted(own, OTHER)
        assert painted(other, OTHER) and not painted(other, OWN)

    def test_without_peaks_speech_is_painted_as_blocks(self, timeline):
        timeline.set_call(two_lanes(None), LENGTH, [])
        timeline.set_position(9 * MINUTE)
        middle = timeline._lane_rect(0, timeline._scale()).center().toPoint()
        speech, silence = (
            colours_in(timeline, QRect(x_of(timeline, ms), middle.y(), 2, 2)) for ms in (MINUTE, 3 * MINUTE + 11_000)
        )
        assert all(near(QColor(name), colour("own")) for name in speech)
        assert not any(near(QColor(name), colour("own")) for name in silence)

    def test_a_lane_that_starts_later_is_painted_later(self, timeline):
        late = Lane("Ann", "rep", (), levels(2 * MINUTE), 0, offset_ms=5 * MINUTE)
        timeline.set_call([late], LENGTH, [])
        timeline.set_position(LENGTH)
        y = timeline._lane_rect(0, timeline._scale()).center().toPoint().y()

        def strong(minute: float) -> bool:
            area = QRect(x_of(timeline, minute * MINUTE), y - 10, 8, 2)
            return any(near(QColor(name), colour("own"), 12) for name in colours_in(timeline, area))

        assert [strong(minute) for minute in (1.3, 4.6, 5.3, 6.6, 7.3)] == [False, False, True, True, False]

    def test_the_played_stretch_is_a_band(self, timeline):
        area = QRect(x_of(timeline, 8 * MINUTE) - 3, round(timeline._marks_y()) - 2, 2, 6)
        assert not any(near(QColor(name), colour("attention_soft"), 2) for name in colours_in(timeline, area))
        timeline.set_span(7.5 * MINUTE, 8.5 * MINUTE)
        assert any(near(QColor(name), colour("attention_soft"), 2) for name in colours_in(timeline, area))
        timeline.set_span(None, None)
        assert not any(near(QColor(name), colour("attention_soft"), 2) for name in colours_in(timeline, area))

    def test_focus_is_seen(self, timeline, qtbot):
        timeline.clearFocus()
        plain = timeline.grab().toImage()
        timeline.setFocus()
        ring = timeline.grab().toImage()
        assert near(ring.pixelColor(400, 0), colour("own")) and not near(plain.pixelColor(400, 0), colour("own"))

    def test_a_change_of_theme_is_painted(self, timeline):
        light = timeline.grab().toImage()
        try:
            theme().apply("dark")
            assert timeline.grab().toImage() != light
        finally:
            theme().apply("light")

    @pytest.mark.parametrize("length", [1, 999, 5_000, 3 * 3_600_000])
    @pytest.mark.parametrize("size", [(220, 92), (600, 132), (1900, 260), (30, 10)])
    def test_any_length_and_size_can_be_painted_and_zoomed(self, timeline, qtbot, length, size):
        timeline.set_call(two_lanes(levels(max(length, 10))), length, [Mark(0, length, "evidence", "all of it")])
        timeline.resize(*size)
        timeline.grab()
        for _ in range(5):
            qtbot.keyClick(timeline, Qt.Key.Key_Plus)
            timeline.grab()

    def test_silence_and_odd_lanes(self, timeline):
        silent = [np.zeros((MINUTE // 10, 1, 2), np.int8)]
        nobody = Lane("x" * 300 + "\n\u202e", "unknown", ((0, 0), (-5, 20), (10, 5)), silent)
        timeline.set_call([nobody, Lane("", "strange", (), [np.zeros((0, 1, 2), np.int8)])], LENGTH, [])
        timeline.grab()

    def test_ticks_leave_room_for_their_labels(self):
        for length in (4_000, 60_000, 3_600_000, 10_800_000):
            for width in (150, 500, 2_000):
                scale = Scale(0, width, 0, length)
                assert tick_ms(scale) / scale.ms_per_px >= 60 or tick_ms(scale) == 7_200_000


class TestReaders:
    def test_the_timeline_says_what_it_is(self, timeline):
        named = QAccessible.queryAccessibleInterface(timeline)
        assert named.text(QAccessible.Text.Name) == "Timeline, 10:00, you 40 %"
        assert "Ann. Ben. 1 marks" in named.text(QAccessible.Text.Description)

    def test_names_cannot_turn_the_text_around(self, timeline):
        timeline.set_call([Lane("An\u202en\n", "rep")], LENGTH, [])
        assert timeline.accessibleDescription().startswith("Ann. ")
        assert timeline.accessibleName() == "Timeline, 10:00"

    def test_there_is_room_for_every_lane(self, timeline):
        two = timeline.sizeHint().height()
        timeline.set_call([*two_lanes(), Lane("Cleo", "other")], LENGTH, [])
        assert timeline.sizeHint().height() > two
        assert timeline.minimumSizeHint().height() < timeline.sizeHint().height()


def test_the_module_does_not_load_numpy():
    code = "import sys, coachdesk.gui.widgets.timeline; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def pixel(bar: TalkBar, x: int) -> QColor:
    picture = bar.grab().toImage()
    ratio = picture.devicePixelRatio()
    return picture.pixelColor(int(x * ratio), picture.height() // 2)


class TestTalkBar:
    @pytest.fixture
    def bar(self, qtbot) -> TalkBar:
        made = TalkBar()
        qtbot.addWidget(made)
        made.resize(100, 12)
        return made

    def test_own_left_others_right(self, bar):
        bar.set(0.3)
        assert near(pixel(bar, 15), colour("own"))
        assert near(pixel(bar, 60), colour("other"))
        assert bar.accessibleName() == "You 30 %, others 70 %"

    def test_a_side_that_hardly_spoke_is_seen(self, bar):
        bar.set(0.001)
        assert near(pixel(bar, 1), colour("own"))

    @pytest.mark.parametrize("share", [0.0, 1.0, -3.0, 7.0])
    def test_the_ends(self, bar, share):
        bar.set(share)
        assert near(pixel(bar, 50), colour("own" if share >= 1 else "other"))

    def test_not_known(self, bar):
        bar.set(None)
        assert near(pixel(bar, 50), colour("line"), 4)
        assert "not known" in bar.accessibleName()

    def test_any_size(self, bar):
        for width in (1, 4, 9):
            bar.resize(width, 3)
            bar.set(0.5)
            bar.grab()
        assert QRectF(bar.rect()).width() == 9
