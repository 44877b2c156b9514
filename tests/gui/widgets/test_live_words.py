"""Live words: in their order of time, at the end unless somebody scrolled up, thousands of rows as light as ten."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSlider, QApplication

from coachdesk.gui.widgets.live_words import LiveWords
from coachdesk.gui.widgets.transcript_rows import Heights, Line, Rows

SAID = "We looked at it in March and then it had to wait, because nobody could say how much time it would take."


@pytest.fixture
def live(qtbot):
    made = LiveWords("Maria", "Tom")
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


def fill(live, count: int, start: int = 0) -> None:
    for n in range(start, start + count):
        live.add("own" if n % 5 else "other", n * 4_000, f"{n} {SAID}")


def said(live) -> list[str]:
    return [live.rows.rows.said(row) for row in range(len(live.rows.rows))]


def at_end(live) -> bool:
    bar = live.rows.verticalScrollBar()
    return bar.value() == bar.maximum()


def test_who_when_what(live):
    live.add("own", 1_000, "Hello.")
    live.add("other", 65_000, "Good <b>morning</b>\n& you")
    assert said(live) == ["Maria, 0:01: Hello.", "Tom, 1:05: Good <b>morning</b> & you"]


def test_what_comes_late_stands_where_it_belongs(live):
    live.add("own", 1_000, "one")
    live.add("own", 9_000, "three")
    live.add("other", 5_000, "two")
    live.add("other", 0, "nought")
    assert [line.text for line in live.rows.rows.lines] == ["nought", "one", "two", "three"]
    assert [live.rows.rows.starts_heading(n) for n in range(4)] == [True, True, True, True]


def test_nothing_is_added_for_no_words(live):
    live.add("own", 1_000, "  ")
    assert said(live) == []


def test_the_end_stays_in_view(live):
    fill(live, 40)
    assert live.rows.verticalScrollBar().maximum() > 0 and at_end(live)
    live.resize(300, 200)
    QApplication.processEvents()
    assert at_end(live)


class TestScrolledUp:
    @pytest.fixture
    def up(self, live):
        fill(live, 40)
        for _ in range(2):
            live.rows.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderPageStepSub)
        QApplication.processEvents()
        return live

    def test_it_stays_there_and_offers_the_newest(self, up):
        row = up.rows.rows_in_view().start + 1
        before = up.rows.row_top(row)
        fill(up, 5, 40)
        assert up.rows.row_top(row) == before
        assert not up.rows.sticks and up.rows._newest.isVisible()

    def test_what_is_put_above_moves_nothing_in_view(self, up):
        row = up.rows.rows_in_view().start + 1
        text, before = up.rows.rows.words(row), up.rows.row_top(row)
        up.add("other", 2_000, "late")
        assert up.rows.rows.words(row + 1) == text
        assert up.rows.row_top(row + 1) == before

    def test_the_button_goes_back(self, up, qtbot):
        qtbot.mouseClick(up.rows._newest, Qt.MouseButton.LeftButton)
        assert at_end(up) and up.rows.sticks and not up.rows._newest.isVisible()
        fill(up, 5, 40)
        assert at_end(up)

    def test_scrolling_back_to_the_end_sticks_again(self, up):
        up.rows.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMaximum)
        assert up.rows.sticks and not up.rows._newest.isVisible()


class TestKeyboard:
    def test_up_reads_back_and_end_returns(self, live, qtbot):
        fill(live, 40)
        live.rows.setFocus()
        qtbot.keyClick(live.rows, Qt.Key.Key_Up)
        assert live.rows.accessibleDescription() == said(live)[39] and live.rows.sticks
        qtbot.keyClick(live.rows, Qt.Key.Key_Up)
        assert live.rows.accessibleDescription() == said(live)[38] and not live.rows.sticks
        qtbot.keyClick(live.rows, Qt.Key.Key_PageUp)
        qtbot.keyClick(live.rows, Qt.Key.Key_Home)
        assert live.rows.verticalScrollBar().value() == 0
        qtbot.keyClick(live.rows, Qt.Key.Key_End)
        assert at_end(live) and live.rows.sticks

    def test_the_current_row_can_be_copied(self, live, qtbot):
        live.add("own", 1_000, "Hello.")
        qtbot.keyClick(live.rows, Qt.Key.Key_Up)
        qtbot.keyClick(live.rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.clipboard().text() == "Maria (0:01): Hello."

    def test_without_words_keys_do_nothing(self, live, qtbot):
        for key in (Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_End):
            qtbot.keyClick(live.rows, key)
        assert said(live) == []


def test_states(live):
    assert not live._state.isVisible()
    assert live.rows.accessibleDescription().startswith("Words appear here")
    live.set_state("12 s behind")
    assert live._state.isVisible() and live._state.text() == "12 s behind"
    live.add("own", 0, "x")
    live.clear()
    assert said(live) == [] and not live._state.isVisible()
    assert live.rows.accessibleDescription().startswith("Words appear here")


def test_of_thousands_only_what_is_near_the_view_is_laid_out(live):
    fill(live, 2_000)
    laid = 0
    plain = live.rows.rows._lay_out

    def counted(row):
        nonlocal laid
        laid += 1
        return plain(row)

    live.rows.rows._lay_out = counted
    fill(live, 1, 2_000)
    assert 0 < laid < 60


class TestGrowing:
    """Rows that grew one by one are as if they had been set at once."""

    def test_heights(self):
        numbers = random.Random(3)
        grown, plain = Heights(()), []
        for _ in range(600):
            if plain and numbers.random() < 0.3:
                assert grown.pop() == plain.pop()
            else:
                plain.append(numbers.randrange(1, 90))
                grown.append(plain[-1])
            if plain and numbers.random() < 0.3:
                row = numbers.randrange(len(plain))
                plain[row] = numbers.randrange(1, 90)
                grown.set(row, plain[row])
            fresh = Heights(plain)
            assert grown.total == fresh.total
            for row in numbers.sample(range(len(plain)), min(len(plain), 6)):
                assert grown.top(row) == fresh.top(row)
                assert grown.row_at(fresh.top(row)) == row

    def test_rows(self):
        numbers = random.Random(4)
        lines = [
            Line(
                n,
                numbers.choice(["a", "b"]),
                "rep",
                numbers.randrange(0, 400_000),
                0,
                "word " * numbers.randrange(1, 60),
            )
            for n in range(200)
        ]
        grown, at_once = Rows(), Rows()
        for rows in (grown, at_once):
            rows.set_width(240)
        for line in lines:
            grown.add(line)
        at_once.set_lines(sorted(lines, key=lambda line: line.start_ms))
        assert [line.index for line in grown.lines] == [line.index for line in at_once.lines]
        assert grown._headed == at_once._headed and grown._rows == at_once._rows
        assert [grown.heights[n] for n in range(200)] == [at_once.heights[n] for n in range(200)]
