"""The wording pane: what it never claims, the chart and its gaps, the strongest moments, and the way to refuse one."""

from __future__ import annotations

import copy
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from coachdesk import sentences
from coachdesk.gui.theme import colour, theme
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.fifths import Chart, Line, lines_of, reach_of, said_line
from coachdesk.gui.widgets.wording import WordingPane, strongest
from tests.gui.looking import cut_off, nameless, shown


@pytest.fixture
def show(pane_of):
    return partial(pane_of, WordingPane)


@pytest.fixture
def sales(reviews) -> dict:
    return copy.deepcopy(reviews["sales"])


def words(pane: WordingPane) -> list[str]:
    return [w.text() for w in shown(pane.content) if isinstance(w, QLabel) and w.text()]


def doors(pane: WordingPane) -> list[Door]:
    return pane.content.findChildren(Door)


def value_of(document: dict, metric: str, subject: str, value: float | None) -> None:
    found = next(m for m in document["measurements"] if m["metric"] == metric and m["subject"] == subject)
    found |= {"value": value, "withheld": {"code": "no_words", "params": {}} if value is None else None}


def test_it_says_what_it_is_and_what_not(show, sales):
    assert words(show(sales))[:2] == [
        "Wording, from the words only",
        "Tone of voice is never read. This finds moments to hear; it scores nobody.",
    ]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("recruiting", "Wording of the candidate: off for this side"),
        ("draft", "Wording of the buyer: the words are a rough draft"),
    ],
)
def test_one_line_why_not(show, reviews, name, why):
    pane = show(reviews[name])
    assert words(pane)[2:] == [why]
    assert pane.content.findChild(Chart) is None
    assert not doors(pane)


class TestMoments:
    def test_the_five_strongest_in_the_order_of_the_call(self, show, sales):
        found = strongest(sales)
        assert len(found) == 5
        weakest = min(abs(m["valence"]) for m in found)
        left = [m for m in sales["wording"] if m not in found]
        assert all(abs(m["valence"]) <= weakest for m in left)
        starts = [door.start_ms for door in doors(show(sales))]
        assert starts == sorted(m["start_ms"] for m in found)

    def test_speaker_quote_word_and_rule(self, show, sales):
        said = words(show(sales))
        at = next(n for n, text in enumerate(said) if "terrible waste of time" in text)
        assert said[at - 2 : at] == ["Dana Whitlock", "3:41"]
        assert said[at].startswith("“Two years ago we tried a system like this.")
        assert said[at + 1] == "Negative wording, found by a known phrase in it"

    def test_a_door_plays_its_utterance(self, show, sales, qtbot):
        pane = show(sales)
        with qtbot.waitSignal(pane.play_asked) as heard:
            doors(pane)[0].click()
        assert heard.args == [7_750, sales["transcript"]["utterances"][1]["end_ms"]]

    @pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
    def test_not_useful_says_which(self, show, sales, qtbot, key):
        pane = show(sales)
        button = next(b for b in pane.content.findChildren(QPushButton) if b.text() == "Not useful")
        with qtbot.waitSignal(pane.not_useful) as heard:
            qtbot.keyClick(button, key)
        assert heard.args == [7_750]

    def test_what_was_not_useful_gives_way_to_the_next(self, show, sales, qtbot):
        pane = show(sales)
        pane.verticalScrollBar().setValue(200)
        before = {door.start_ms for door in doors(pane)}
        after = copy.deepcopy(sales)
        next(m for m in after["wording"] if m["start_ms"] == 44_890)["not_useful"] = True
        pane.set_document(after)
        qtbot.wait(20)  # the old ones are deleted later
        now = {door.start_ms for door in doors(pane)}
        assert 44_890 not in now
        assert len(now) == 5 and len(now - before) == 1
        assert pane.verticalScrollBar().value() == 200

    def test_refusing_from_within_the_signal_is_safe(self, show, sales, qtbot):
        pane = show(sales)

        def hide(start_ms: int) -> None:
            after = copy.deepcopy(sales)
            next(m for m in after["wording"] if m["start_ms"] == start_ms)["not_useful"] = True
            pane.set_document(after)

        pane.not_useful.connect(hide)
        button = next(b for b in pane.content.findChildren(QPushButton) if b.text() == "Not useful")
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        qtbot.wait(20)
        assert 7_750 not in {door.start_ms for door in doors(pane)}
        assert pane.content.isAncestorOf(pane.focusWidget())

    def test_without_strong_moments_it_says_so(self, show, sales):
        sales["wording"] = []
        assert words(show(sales))[-1] == "I found no moment whose wording stands out."

    def test_a_moment_whose_words_are_gone_can_still_be_heard(self, show, sales):
        sales["wording"][2]["utterance"] = None
        said = words(show(sales))
        assert "listen until 0:47" in said and "The buyer" in said

    def test_markup_is_text(self, show, sales):
        for said in sales["transcript"]["utterances"]:
            said["text"] = "<b>a terrible</b> waste &amp; more"
        assert "“<b>a terrible</b> waste &amp; more”" in words(show(sales))


class TestChart:
    def test_only_scanned_sides_have_a_line(self, reviews):
        assert [line.side for line in lines_of(reviews["sales"])] == ["other"]
        assert not lines_of(reviews["recruiting"])

    def test_both_sides_where_both_are_scanned(self, show, sales):
        value_of(sales, "wording", "side:rep", 0.2)
        for part in range(1, 6):
            value_of(sales, f"wording.{part}", "side:rep", 0.1 * part)
        assert [line.side for line in lines_of(sales)] == ["other", "rep"]
        chart = show(sales).content.findChild(Chart)
        assert "You, by fifths of the call: more positive" in chart.accessibleName()

    def test_a_fifth_without_words_is_a_gap(self, sales):
        value_of(sales, "wording.3", "side:other", None)
        (line,) = lines_of(sales)
        assert line.values[2] is None
        assert "no words" in said_line(line)

    def test_the_scale_is_sensible(self):
        assert reach_of([Line("other", "them", (0.01, 0.0, None, 0.0, 0.0))]) == 0.3
        assert reach_of([Line("other", "them", (-0.9, 0.0, None, 0.0, 0.0))]) == 1.0

    def test_hovering_tells_the_fifth(self, show, sales):
        chart = show(sales).content.findChild(Chart)
        assert chart.told_at(QPoint(1, 50)) == "First fifth, 0:00 to 0:58\nThe buyer: more negative"
        assert chart.told_at(QPoint(5000, 50)).startswith("Last fifth, 3:55 to 4:54")

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_points_have_the_colour_of_the_side_and_gaps_have_none(self, qtbot, scheme):
        theme().apply(scheme)
        try:
            chart = Chart()
            qtbot.addWidget(chart)
            chart.resize(350, chart.sizeHint().height())
            chart.set_lines([Line("other", "the buyer", (-0.3, None, 0.3, 0.2, 0.0))], 300_000)
            image = chart.grab().toImage()

            def inked(begin: int, end: int) -> bool:
                plot = range(22, image.height() - 42)
                return any(image.pixelColor(x, y) == colour("other") for x in range(begin, end) for y in plot)

            assert inked(30, 40) and inked(170, 180)
            assert not inked(80, 130)
        finally:
            theme().apply("light")

    @pytest.mark.parametrize("values", [(None,) * 5, (1.0, -1.0, 1.0, -1.0, 1.0), (0.0,) * 5])
    def test_odd_lines_are_painted(self, qtbot, values):
        chart = Chart()
        qtbot.addWidget(chart)
        chart.set_lines([Line("rep", "you", values)], 0)
        assert not chart.grab().isNull()


@pytest.mark.parametrize("name", ["sales", "recruiting", "words_only", "draft"])
@pytest.mark.parametrize("language", ["", "xx"])
def test_nothing_is_cut_off_and_everything_has_a_name(show, reviews, name, language):
    sentences.speak(language)
    try:
        pane = show(reviews[name])
        assert not [text for text in cut_off(pane) if text]
        assert not nameless(pane)
    finally:
        sentences.speak("")


def test_the_same_document_again_costs_nothing(show, sales):
    pane = show(sales)
    before = doors(pane)[0]
    pane.set_document(copy.deepcopy(sales))
    assert doors(pane)[0] is before
