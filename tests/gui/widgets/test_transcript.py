"""The transcript: no word is cut, nothing on screen jumps, and every gesture says what the person wants."""

from __future__ import annotations

import itertools
import random
import time

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QGuiApplication, QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QToolTip, QVBoxLayout, QWidget

from coachdesk.gui.theme import colour, theme
from coachdesk.gui.widgets import transcript_rows
from coachdesk.gui.widgets.transcript import Line, TranscriptView
from coachdesk.gui.widgets.transcript_paint import units
from coachdesk.gui.widgets.transcript_rows import Heights, Rows, lay_out, shown

SENTENCE = "so what happens when it is late and how often do you see that in your own team this year"
WORDS = SENTENCE.split()
# narrow and wide letters: guesses from the length alone are wrong for both
UNEVEN = ("illicit little lilli " * 9, "WWWWW MMMMM WWWWWW " * 7, "Yes.", "so and so " * 22)
ARABIC = "مرحبا، كيف حالك اليوم؟ أريد أن أسأل عن الجدول الزمني للمشروع والميزانية المتاحة. "
SCRIPTS = {
    "empty": "",
    "short": "Yes.",
    "long": " ".join(WORDS) * 20,
    "unbroken": "W" * 900,
    "narrow letters": "il" * 700,
    "chinese": "我们下周再谈这个问题，好吗？" * 30,
    "arabic": ARABIC * 8,
    "mixed": f"He said {ARABIC} and then {'日本語' * 20} left",
    "thai": "สวัสดีครับ ผมอยากถามเรื่องราคา" * 12,
    "emoji": "👩‍👩‍👧‍👦 great 🎉 " * 60,
    "tall marks": "Z̸̢̛͎̣̩̬͖̯͇̫͐̒̑̏̚a̷l̶g̵o̸ " * 40,
    "lines": "one\ntwo\r\n\u2028three\tfour " * 30,
}


def line(index: int, text: str = "Yes, that is so.", **more) -> Line:
    side = more.pop("side", ("rep", "other")[index % 2])
    speaker = more.pop("speaker", "Owen" if side == "rep" else "Dana")
    start = more.pop("start_ms", index * 5_000)
    return Line(index, speaker, side, start, more.pop("end_ms", start + 4_000), text, **more)


def many(count: int, texts: tuple[str, ...] = UNEVEN) -> list[Line]:
    chance = random.Random(7)
    return [line(n, chance.choice(texts)) for n in range(count)]


@pytest.fixture
def view(qtbot) -> TranscriptView:
    made = TranscriptView()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


@pytest.fixture
def ten(view) -> TranscriptView:
    view.set_lines([line(n, f"This is what was said as number {n}.") for n in range(10)])
    return view


def spot(view: TranscriptView, row: int, part: str) -> QPoint:
    return getattr(view._places(row), part).center().toPoint()


def click(qtbot, view: TranscriptView, row: int, part: str = "text", keys=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, spot(view, row, part))


def wheel(view: TranscriptView, down: int) -> None:
    at = QPointF(100, 100)
    event = QWheelEvent(
        at,
        QPointF(view.viewport().mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, -down),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def hover(view: TranscriptView, at: QPoint) -> None:
    everywhere = QPointF(view.viewport().mapToGlobal(at))
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), everywhere, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), event)


def wait_for_motion(qtbot, view: TranscriptView) -> None:
    qtbot.waitUntil(lambda: view._motion.state() != view._motion.State.Running)


def on_screen(view: TranscriptView, row: int) -> bool:
    top = view.row_top(row)
    return top >= 0 and top + view.rows.heights[row] <= view.viewport().height()


def pill(view: TranscriptView) -> QPushButton:
    return view.viewport().findChild(QPushButton)


def editor(view: TranscriptView) -> QPlainTextEdit:
    return view.viewport().findChild(QPlainTextEdit)


def colours_of_row(view: TranscriptView, row: int) -> set[str]:
    ground = view._places(row).ground.toRect()
    picture = view.viewport().grab(ground).toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


class TestHeights:
    def test_sums_and_finding_agree_with_counting(self):
        chance = random.Random(1)
        each = [chance.randint(0, 90) for _ in range(20_000)]
        heights = Heights(each)
        for _ in range(3_000):
            row, new = chance.randrange(len(each)), chance.randint(1, 300)
            heights.set(row, new)
            each[row] = new
        tops = [0, *itertools.accumulate(each)]
        assert heights.total == tops[-1]
        for row in chance.sample(range(len(each)), 500):
            assert heights.top(row) == tops[row]
            for y in (tops[row], tops[row + 1] - 1):
                if each[row]:
                    assert heights.row_at(y) == row

    @pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9])
    def test_few_rows_and_beyond_the_ends(self, count):
        heights = Heights([10] * count)
        assert [heights.row_at(y) for y in range(5, 10 * count, 10)] == list(range(count))
        assert heights.row_at(10_000) == count - 1
        assert heights.row_at(0) == 0

    @pytest.mark.parametrize("width", [60, 173, 480, 720])
    @pytest.mark.parametrize("script", SCRIPTS)
    def test_measured_heights_never_cut_text(self, script, width):
        text = shown(SCRIPTS[script])
        layout, height = lay_out(text, width)
        lines = [layout.lineAt(n) for n in range(layout.lineCount())]
        assert sum(one.textLength() for one in lines) == units(text)
        assert height >= layout.boundingRect().height()
        bottom = 0.0
        for one in lines:
            assert one.y() >= bottom - 0.01
            bottom = one.y() + one.height()
            assert one.naturalTextWidth() <= width + 14  # the advance of a blank at the line's end, or one wide letter
        assert bottom <= height + 0.01

    def test_lines_of_a_script_taller_than_usual_get_their_room(self, monkeypatch):
        monkeypatch.setattr(transcript_rows, "LINE", 8)  # as if every letter here were tall
        layout, height = lay_out(SCRIPTS["long"], 300)
        assert height >= layout.lineCount() * layout.lineAt(0).height()

    def test_a_measured_row_has_room_for_all_it_shows(self, view):
        view.set_lines([line(n, text, suspect=n % 2 == 0) for n, text in enumerate(SCRIPTS.values())])
        for row in range(len(SCRIPTS)):
            laid = view.rows.laid(row)
            assert laid.height == view.rows.heights[row]
            assert laid.height >= laid.text_top + laid.text_height + (18 if laid.note else 0)

    def test_guesses_are_near_for_ordinary_words(self):
        chance = random.Random(3)
        rows = Rows()
        rows.set_lines([line(n, " ".join(chance.choices(WORDS, k=chance.randint(1, 70)))) for n in range(500)])
        rows.set_width(560)
        guessed = rows.heights.total
        for row in range(500):
            rows.laid(row)
        assert guessed == pytest.approx(rows.heights.total, rel=0.05)


class TestScrolling:
    def test_opening_is_far_below_a_third_of_a_second(self, view):
        lines = many(3_000)
        started = time.perf_counter()
        view.set_lines(lines)
        view.viewport().repaint()
        assert time.perf_counter() - started < 0.3

    def test_rows_are_where_they_are_painted(self, view):
        view.set_lines(many(20_000))
        chance = random.Random(5)
        for _ in range(30):
            view.verticalScrollBar().setValue(chance.randrange(view.verticalScrollBar().maximum()))
            row = view.row_at(250)
            assert view.row_top(row) <= 250 < view.row_top(row) + view.rows.heights[row]
            for seen in view.rows_in_view():
                assert view.rows.is_exact(seen)

    @pytest.mark.parametrize("way", [-1, 1])
    def test_what_is_on_screen_moves_only_as_far_as_the_wheel(self, view, way):
        view.set_lines(many(20_000))
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
        for _notch in range(120):
            row = view.rows_in_view()[len(view.rows_in_view()) // 2]
            before = view.row_top(row)
            wheel(view, way * 480)  # farther than rows are measured ahead
            assert view.row_top(row) == before - way * 4 * 72

    def test_corrected_guesses_far_up_do_not_move_the_view(self, view):
        view.set_lines(many(2_000))
        view.place_row(1_500, 0.2)
        tops = {row: view.row_top(row) for row in view.rows_in_view()}
        before = view.rows.heights.total
        for row in range(1_400):
            view.rows.laid(row)
        view._settle()
        assert view.rows.heights.total != before
        assert {row: view.row_top(row) for row in view.rows_in_view()} == tops

    def test_a_change_of_width_keeps_the_place(self, view):
        view.set_lines(many(2_000))
        view.place_row(700, 0.3)
        before = view.row_top(700)
        view.resize(420, 500)
        assert view.row_top(700) == pytest.approx(before, abs=1)
        assert all(view.rows.is_exact(row) for row in view.rows_in_view())

    def test_the_end_shows_the_last_row_whole(self, view, qtbot):
        view.set_lines(many(5_000))
        qtbot.keyClick(view, Qt.Key.Key_End)
        assert view.current_index == 4_999
        assert on_screen(view, 4_999)
        qtbot.keyClick(view, Qt.Key.Key_Home)
        assert view.current_index == 0
        assert view.verticalScrollBar().value() == 0

    def test_by_page_through_everything(self, view, qtbot):
        view.set_lines(many(400))
        for _page in range(200):
            qtbot.keyClick(view, Qt.Key.Key_PageDown)
            assert on_screen(view, view._current) or view.rows.heights[view._current] > 400
        assert view.current_index == 399

    def test_another_version_of_a_line_keeps_the_view(self, view):
        view.set_lines(many(500))
        view.place_row(300, 0.4)
        for row in (10, 299, 305, 490):
            before = {n: view.row_top(n) for n in view.rows_in_view() if n <= min(row, 300)}
            view.update_lines(line(row, "short" * 80, corrected=True))
            assert all(view.row_top(n) == top for n, top in before.items())
        assert view.rows.laid(305).note == "corrected by you"

    def test_an_unknown_line_is_no_matter(self, ten):
        ten.update_lines(line(77))
        ten.show_index(77)
        assert ten.current_index == -1

    def test_more_lines_than_before_and_fewer(self, view):
        view.set_lines(many(300))
        view.verticalScrollBar().setValue(5_000)
        view.set_lines(many(2))
        view.viewport().repaint()
        assert view.verticalScrollBar().maximum() == 0
        view.set_lines([])
        view.viewport().repaint()
        assert list(view.rows_in_view()) == []


class TestHeadings:
    def headed(self, lines: list[Line]) -> list[bool]:
        rows = Rows()
        rows.set_lines(lines)
        return [rows.starts_heading(row) for row in range(len(lines))]

    def test_a_heading_where_the_speaker_changes_or_half_a_minute_passed(self):
        at = [0, 4_000, 31_000, 36_000, 40_000]
        who = ["A", "A", "A", "A", "B"]
        lines = [line(n, speaker=who[n], start_ms=at[n]) for n in range(5)]
        assert self.headed(lines) == [True, False, True, False, True]

    def test_it_follows_a_change_of_speaker(self, view):
        view.set_lines([line(n, speaker="A", start_ms=n * 100) for n in range(3)])
        view.update_lines(line(1, speaker="B", start_ms=100))
        assert [view.rows.starts_heading(n) for n in range(3)] == [True, True, True]


class TestCurrentRow:
    def test_a_click_makes_a_row_current_and_plays_nothing(self, ten, qtbot):
        with qtbot.assertNotEmitted(ten.play_asked), qtbot.waitSignal(ten.current_changed) as changed:
            click(qtbot, ten, 3)
        assert changed.args == [3]
        assert ten.current_index == 3

    def test_arrows_move_it(self, ten, qtbot):
        qtbot.keyClick(ten, Qt.Key.Key_Down)
        assert ten.current_index == 0
        qtbot.keyClick(ten, Qt.Key.Key_Down)
        qtbot.keyClick(ten, Qt.Key.Key_Down)
        qtbot.keyClick(ten, Qt.Key.Key_Up)
        assert ten.current_index == 1
        for _ in range(5):
            qtbot.keyClick(ten, Qt.Key.Key_Up)
        assert ten.current_index == 0

    def test_indexes_are_the_lines_own(self, view, qtbot):
        view.set_lines([line(n, start_ms=n * 100) for n in (40, 50, 61)])
        with qtbot.waitSignal(view.current_changed) as changed:
            view.show_index(50)
        assert changed.args == [50]
        assert view.current_index == 50
        assert view.rows_in_view() == range(3)

    def test_showing_a_far_row_brings_it_into_view(self, view, qtbot):
        view.set_lines(many(3_000))
        view.show_index(2_345)
        wait_for_motion(qtbot, view)
        assert on_screen(view, 2_345)

    @pytest.mark.parametrize("part", ["time", "play"])
    def test_the_time_and_the_icon_play(self, ten, qtbot, part):
        hover(ten, spot(ten, 2, "text"))
        with qtbot.waitSignal(ten.play_asked) as asked:
            click(qtbot, ten, 2, part)
        assert asked.args == [10_000, 14_000]

    def test_the_time_of_a_row_without_heading_plays_too(self, view, qtbot):
        view.set_lines([line(n, speaker="A", start_ms=n * 1_000, end_ms=n * 1_000 + 900) for n in range(4)])
        with qtbot.waitSignal(view.play_asked) as asked:
            click(qtbot, view, 2, "beside")
        assert asked.args == [2_000, 2_900]

    def test_return_plays_and_m_marks(self, ten, qtbot):
        ten.show_index(4)
        with qtbot.waitSignal(ten.play_asked) as asked:
            qtbot.keyClick(ten, Qt.Key.Key_Return)
        assert asked.args == [20_000, 24_000]
        with qtbot.waitSignal(ten.mark_here) as marked:
            qtbot.keyClick(ten, Qt.Key.Key_M)
        assert marked.args == [20_000]

    @pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_L, Qt.Key.Key_Escape])
    def test_the_pages_keys_are_left_to_the_page(self, ten, qtbot, key):
        heard: list[int] = []

        class Page(QWidget):
            def keyPressEvent(self, event):
                heard.append(event.key())

        page = Page()
        qtbot.addWidget(page)
        QVBoxLayout(page).addWidget(ten)
        page.show()
        ten.show_index(2)
        qtbot.keyClick(ten, key)
        ten.setParent(None)
        assert heard == [key]

    def test_a_menu_is_asked_for_by_mouse_and_key(self, ten, qtbot):
        asked: list[int] = []
        ten.menu_asked.connect(lambda index, at: asked.append(index))
        at = spot(ten, 5, "text")
        everywhere = ten.viewport().mapToGlobal(at)
        QApplication.sendEvent(ten.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, everywhere))
        ten.show_index(1)
        QApplication.sendEvent(ten, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
        assert asked == [5, 1]

    def test_the_word_under_a_place_is_told(self, ten):
        text = ten._places(3).text
        at = [
            ten.viewport().mapToGlobal(QPoint(x, int(text.center().y()))) for x in range(int(text.left()) + 1, 400, 3)
        ]
        found = [ten.word_under(one) for one in at]
        words = [word for index, word in found if word >= 0]
        assert {index for index, _ in found} == {3} and words == sorted(words)
        assert set(words) == set(range(len(["This", "is", "what", "was", "said", "as", "number", "3."])))
        assert ten.word_under(ten.viewport().mapToGlobal(QPoint(2, int(text.center().y())))) == (3, -1)

    def test_hovering_shows_icons_and_a_tool_tip(self, ten):
        ten.clearFocus()
        calm = colours_of_row(ten, 3)
        hover(ten, spot(ten, 3, "play"))
        assert colours_of_row(ten, 3) != calm
        at = spot(ten, 3, "play")
        QApplication.sendEvent(ten.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, ten.viewport().mapToGlobal(at)))
        assert QToolTip.text() == "<qt>Play from 0:15</qt>"
        QApplication.sendEvent(ten.viewport(), QEvent(QEvent.Type.Leave))
        assert colours_of_row(ten, 3) == calm


class TestCopying:
    def copied(self, view: TranscriptView, qtbot) -> str:
        qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        return QGuiApplication.clipboard().text()

    def test_the_current_row(self, ten, qtbot):
        ten.show_index(2)
        assert self.copied(ten, qtbot) == "Owen (0:10): This is what was said as number 2."

    def test_a_range_by_keys_and_by_clicks(self, ten, qtbot):
        click(qtbot, ten, 1)
        qtbot.keyClick(ten, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert self.copied(ten, qtbot).splitlines() == [
            "Dana (0:05): This is what was said as number 1.",
            "Owen (0:10): This is what was said as number 2.",
        ]
        click(qtbot, ten, 4, keys=Qt.KeyboardModifier.ShiftModifier)
        assert len(self.copied(ten, qtbot).splitlines()) == 4
        click(qtbot, ten, 4)
        assert len(self.copied(ten, qtbot).splitlines()) == 1

    def test_shift_click_plays_nothing(self, ten, qtbot):
        click(qtbot, ten, 1)
        with qtbot.assertNotEmitted(ten.play_asked):
            click(qtbot, ten, 3, "time", Qt.KeyboardModifier.ShiftModifier)


class TestFollowing:
    def test_the_spoken_row_is_coloured(self, ten):
        ten.clearFocus()
        ten.set_position(15_500)
        assert colour("other_soft").name() in colours_of_row(ten, 3)
        assert colour("other_soft").name() not in colours_of_row(ten, 5)
        ten.set_position(20_500)
        assert colour("own_soft").name() in colours_of_row(ten, 4)
        assert colour("other_soft").name() not in colours_of_row(ten, 3)
        ten.set_position(-1)
        assert colour("own_soft").name() not in colours_of_row(ten, 4)

    def test_of_two_at_once_the_later_and_after_it_the_longer(self):
        rows = Rows()
        rows.set_lines(
            [
                line(0, start_ms=0, end_ms=20_000),
                line(1, start_ms=5_000, end_ms=6_000),
                line(2, start_ms=30_000, end_ms=31_000),
            ]
        )
        at = [rows.spoken_at(ms) for ms in (0, 5_500, 7_000, 25_000, 30_000, 99_000)]
        assert at == [0, 1, 0, 1, 2, 2]

    def test_the_view_goes_along(self, view, qtbot):
        view.set_lines(many(300))
        for ms in range(0, 300 * 5_000, 40_000):
            view.set_position(ms)
            wait_for_motion(qtbot, view)
            assert on_screen(view, view._spoken) or view.rows.heights[view._spoken] > 300

    def test_not_after_scrolling_by_hand_until_asked_again(self, view, qtbot):
        view.set_lines(many(300))
        view.set_position(0)
        assert not pill(view).isVisible()
        wheel(view, 480)
        assert not view.follows
        assert pill(view).isVisible()
        there = view.verticalScrollBar().value()
        view.set_position(900_000)
        assert view.verticalScrollBar().value() == there
        qtbot.mouseClick(pill(view), Qt.MouseButton.LeftButton)
        wait_for_motion(qtbot, view)
        assert view.follows
        assert not pill(view).isVisible()
        assert on_screen(view, view._spoken)

    def test_playing_a_row_follows_again(self, view, qtbot):
        view.set_lines(many(300))
        view.set_position(0)
        wheel(view, 480)
        view.show_index(8)
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert view.follows

    def test_the_pill_stays_inside(self, view):
        view.set_lines(many(300))
        view.set_position(0)
        wheel(view, 480)
        view.resize(260, 200)
        assert view.viewport().rect().contains(pill(view).geometry())

    def test_nothing_moves_while_words_are_corrected(self, view, qtbot):
        view.set_lines(many(300))
        view.edit_index(2)
        there = view.verticalScrollBar().value()
        view.set_position(600_000)
        assert view.verticalScrollBar().value() == there


class TestFinding:
    @pytest.fixture
    def said(self, view) -> TranscriptView:
        texts = ["The Price", "nothing", "a price and the price", "no", "Straße", "PRICE?", "1+1 (two)", "🎉🎉 price"]
        view.set_lines([line(n, text) for n, text in enumerate(texts)])
        return view

    def test_counts_rows_in_any_case_and_goes_to_the_first(self, said):
        assert said.find("price") == 4
        assert said.matches == (0, 2, 5, 7)
        assert said.current_index == 0

    def test_begins_at_the_current_row(self, said):
        said.show_index(3)
        said.find("price")
        assert said.current_index == 5

    def test_round_and_round(self, said):
        said.find("price")
        went = []
        for step in (said.find_next,) * 4 + (said.find_previous,) * 2:
            step()
            went.append(said.current_index)
        assert went == [2, 5, 7, 0, 7, 5]

    def test_signs_mean_themselves(self, said):
        assert said.find("1+1 (") == 1
        assert said.find("STRAßE") == 1

    def test_nothing_found_and_nothing_searched(self, said):
        said.show_index(2)
        assert said.find("zebra") == 0
        said.find_next()
        said.find_previous()
        assert said.current_index == 2
        said.find("price")
        assert said.find("  ") == 0
        assert said.matches == ()

    def test_matches_are_painted(self, said):
        said.clearFocus()
        assert colour("attention_soft").name() not in colours_of_row(said, 5)
        said.find("price")
        said.show_index(1)
        assert colour("attention_soft").name() in colours_of_row(said, 5)
        assert colour("attention_soft").name() not in colours_of_row(said, 3)

    def test_a_corrected_line_is_searched_anew(self, said):
        said.find("price")
        said.update_lines(line(1, "the price again"))
        assert said.matches == (0, 1, 2, 5, 7)

    def test_finding_is_going_by_hand(self, said):
        said.set_position(0)
        said.find("price")
        assert not said.follows


class TestCorrecting:
    def test_f2_opens_and_return_saves(self, ten, qtbot):
        ten.show_index(3)
        qtbot.keyClick(ten, Qt.Key.Key_F2)
        field = editor(ten)
        assert field.hasFocus()
        assert field.toPlainText() == "This is what was said as number 3."
        field.selectAll()
        qtbot.keyClicks(field, "Other words")
        with qtbot.waitSignal(ten.edited) as edited:
            qtbot.keyClick(field, Qt.Key.Key_Return)
        assert edited.args == [3, "Other words"]
        assert ten.hasFocus()
        qtbot.waitUntil(lambda: editor(ten) is None)

    def test_escape_leaves_the_words(self, ten, qtbot):
        ten.show_index(3)
        with qtbot.assertNotEmitted(ten.edited):
            qtbot.keyClick(ten, Qt.Key.Key_F2)
            qtbot.keyClicks(editor(ten), "more")
            qtbot.keyClick(editor(ten), Qt.Key.Key_Escape)
        assert ten.hasFocus()

    def test_leaving_the_field_saves(self, ten, qtbot):
        click(qtbot, ten, 2, "edit")
        qtbot.keyClicks(editor(ten), " More.")
        with qtbot.waitSignal(ten.edited) as edited:
            click(qtbot, ten, 7)
        assert edited.args == [2, "This is what was said as number 2. More."]
        assert ten.current_index == 7

    def test_a_double_click_on_the_words_opens(self, ten, qtbot):
        qtbot.mouseDClick(ten.viewport(), Qt.MouseButton.LeftButton, pos=spot(ten, 4, "text"))
        assert editor(ten).toPlainText().endswith("number 4.")

    @pytest.mark.parametrize("typed", ["This is what was said as number 1.", "   "])
    def test_unchanged_or_empty_words_are_not_saved(self, ten, qtbot, typed):
        ten.edit_index(1)
        editor(ten).selectAll()
        qtbot.keyClicks(editor(ten), typed)
        with qtbot.assertNotEmitted(ten.edited):
            qtbot.keyClick(editor(ten), Qt.Key.Key_Return)

    def test_there_is_no_way_to_a_second_line(self, ten, qtbot):
        ten.edit_index(1)
        field = editor(ten)
        field.selectAll()
        qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        QGuiApplication.clipboard().setText("pasted\nover\r\nlines")
        field.paste()
        assert field.toPlainText() == "pasted over lines"

    def test_space_and_letters_are_typed(self, ten, qtbot):
        ten.edit_index(1)
        editor(ten).selectAll()
        with qtbot.assertNotEmitted(ten.mark_here):
            qtbot.keyClicks(editor(ten), "j k l m")
        assert editor(ten).toPlainText() == "j k l m"

    def test_the_field_lies_over_its_row_also_after_scrolling(self, view):
        view.set_lines(many(100))
        view.edit_index(3)
        for value in (0, 60, 120):
            view.verticalScrollBar().setValue(value)
            assert editor(view).geometry().intersects(view._places(3).text.toRect())

    def test_it_shows_all_words(self, view):
        view.set_lines([line(0, SCRIPTS["long"])])
        view.edit_index(0)
        assert editor(view).height() >= view.rows.laid(0).text_height * 0.7

    def test_other_lines_close_it_without_saving(self, ten, qtbot):
        ten.edit_index(1)
        qtbot.keyClicks(editor(ten), "half typed")
        with qtbot.assertNotEmitted(ten.edited):
            ten.set_lines([line(n, "another call") for n in range(5)])
        qtbot.waitUntil(lambda: editor(ten) is None)

    def test_the_same_line_among_others_keeps_it(self, ten, qtbot):
        ten.edit_index(2)
        kept = ten.rows.lines[2]
        ten.set_lines([line(0, "short"), kept, line(5, "new")])
        qtbot.keyClicks(editor(ten), "!")
        with qtbot.waitSignal(ten.edited) as edited:
            qtbot.keyClick(editor(ten), Qt.Key.Key_Return)
        assert edited.args == [2, "This is what was said as number 2.!"]


class TestPainting:
    def test_an_empty_view_says_its_sentence(self, view):
        blank = view.viewport().grab().toImage()
        view.set_empty("No words yet. <b>They</b> appear here.")
        assert view.viewport().grab().toImage() != blank

    def test_evidence_is_marked(self, ten):
        ten.clearFocus()
        ten.set_margin({3: "evidence"})
        assert colour("attention").name() in colours_of_row(ten, 3)
        assert colour("attention").name() not in colours_of_row(ten, 5)

    def test_unsure_words_are_grey_and_say_so(self, view):
        view.set_lines([line(0, suspect=True), line(1, corrected=True), line(2, suspect=True, corrected=True)])
        view.clearFocus()
        assert view.rows.laid(0).note == "unsure, in no number"
        assert view.rows.laid(2).note == "unsure, in no number · corrected by you"
        assert colour("own").name() not in colours_of_row(view, 0)
        assert colour("text").name() not in colours_of_row(view, 0)

    def test_selection_and_focus_are_seen(self, ten):
        ten.clearFocus()
        ten.show_index(3)
        assert colour("selected").name() in colours_of_row(ten, 3)
        plain = QColor(ten.grab().toImage().pixelColor(300, 0)).name()
        ten.setFocus()
        assert colour("own").name() == QColor(ten.grab().toImage().pixelColor(300, 0)).name() != plain

    def test_odd_names_and_sizes_are_painted(self, view):
        names = ("x" * 300, "a\nb\u202ec", "", "\u0645\u0631\u062d\u0628\u0627", "<b>&amp;")
        view.set_lines(
            [
                line(n, text, speaker=names[n % 5], side="?!"[n % 2], rough=n % 3 == 0, suspect=n % 4 == 0)
                for n, text in enumerate(SCRIPTS.values())
            ]
        )
        for size in ((240, 120), (300, 500), (1600, 900), (20, 20)):
            view.resize(*size)
            for row in range(len(SCRIPTS)):
                view.place_row(row, 0.0)
                view.grab()
                spots = view._places(row)
                assert spots.time.right() <= spots.text.right() + 60

    def test_right_to_left_words_stand_at_the_right(self, view):
        view.set_lines([line(0, "مرحبا")])
        one = view.rows.laid(0).layout.lineAt(0)
        assert one.naturalTextRect().left() > 100

    def test_a_change_of_theme_is_painted(self, ten):
        light = ten.grab().toImage()
        try:
            theme().apply("dark")
            assert ten.grab().toImage() != light
        finally:
            theme().apply("light")


class TestReaders:
    def test_the_current_row_is_said(self, ten):
        ten.show_index(3)
        named = QAccessible.queryAccessibleInterface(ten)
        assert named.text(QAccessible.Text.Name) == "Transcript"
        assert named.text(QAccessible.Text.Description) == "Dana, 0:15: This is what was said as number 3."

    def test_field_and_pill_have_names(self, ten, qtbot):
        ten.edit_index(1)
        for widget in (editor(ten), pill(ten)):
            assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()


def test_shown_text_is_one_line_without_turning_marks():
    assert shown("a\nb\u202e c\u2028d\x00e") == "a b c d e"
    assert shown("as it is") == "as it is"
    long = "word " * 3_000 + "\n"
    assert shown(long).split() == long.split()
