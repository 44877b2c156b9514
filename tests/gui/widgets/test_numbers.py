"""The numbers: what stands on which card, ranges and checks, moments that play, what is withheld and why."""

from __future__ import annotations

import copy
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from coachdesk import sentences
from coachdesk.conversation.metrics import METRICS
from coachdesk.gui.theme import colour, theme
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.numbers import _GROUPS, _PHASES, _VARIANTS, NumbersPane
from coachdesk.gui.widgets.range_bar import RangeBar, top_of
from coachdesk.gui.widgets.reading import heard_in, said_range, said_value, said_whole, within
from tests.gui.looking import cut_off, nameless, shown

CHECKED = "in the usual range"


@pytest.fixture
def show(pane_of):
    return partial(pane_of, NumbersPane)


def card(pane: NumbersPane, key: str) -> QFrame:
    return pane._shown[key]


def words(widget) -> list[str]:
    return [w.text() for w in shown(widget) if isinstance(w, QLabel) and w.text()]


def moments(pane: NumbersPane, key: str) -> QPushButton:
    return next(b for b in card(pane, key).findChildren(QPushButton) if b.isCheckable())


def doors(pane: NumbersPane, key: str) -> list[Door]:
    return [door for door in card(pane, key).findChildren(Door) if door.isVisible()]


def changed(document: dict, metric: str, subject: str = "side:rep", **values) -> dict:
    """The document with one measurement changed."""
    made = copy.deepcopy(document)
    found = next(m for m in made["measurements"] if m["metric"] == metric and m["subject"] == subject)
    found |= values
    return made


class TestCards:
    def test_every_metric_of_the_catalogue_has_its_place(self):
        placed = {key for _group, keys in _GROUPS for key in keys} | set(_VARIANTS.values())
        left = {m.id for m in METRICS if not m.id.startswith((f"{_PHASES}.", "wording"))} - placed
        assert not left

    def test_what_the_last_change_made_another_number_shows_the_old_one(self, show, reviews):
        pane = show(reviews["sales"])
        pane.set_document(changed(reviews["sales"], "talk_ratio", value=0.55))
        pane.settle()
        assert words(card(pane, "talk_ratio"))[:3] == ["Share of the talking", "61 % →", "55 %"]
        pane.set_document(changed(reviews["sales"], "talk_ratio", value=0.551))  # said the same way
        pane.settle()
        assert words(card(pane, "talk_ratio"))[:2] == ["Share of the talking", "55 %"]
        pane.set_document(reviews["recruiting"])
        pane.settle()
        assert not any("→" in text for text in words(pane))

    def test_name_value_and_range(self, show, reviews):
        assert words(card(show(reviews["sales"]), "talk_ratio")) == ["Share of the talking", "61 %", "usual 35 to 55 %"]

    def test_units_stand_beside_the_number(self, show, reviews):
        said = words(card(show(reviews["sales"]), "interactivity_per_min"))
        assert said == ["Back and forth", "5.9", "a minute", "usual 3 to 10 a minute"]

    def test_both_sides_share_a_card(self, show, reviews):
        said = words(card(show(reviews["sales"]), "pace_wpm"))
        assert said[:7] == ["Pace", "You", "182", "words a minute", "The buyer", "178", "words a minute"]

    def test_where_only_the_other_side_has_a_value_the_name_says_so(self, show, reviews):
        assert words(card(show(reviews["recruiting"]), "fillers_per_100_words"))[0] == "Filled pauses (the candidate)"

    def test_the_phases_share_a_card(self, show, reviews):
        document = reviews["sales"]
        for n, part in enumerate(("first", "middle", "last"), 5):
            document = changed(document, f"{_PHASES}.{part}", value=n / 10, withheld=None)
        said = words(card(show(document), _PHASES))
        assert said[:3] == ["Share of the talking over the call", "First 5 minutes", "50 %"]
        assert said[3:] == ["Middle", "60 %", "Last 5 minutes", "70 %"]

    def test_a_next_step_is_found_or_not(self, show, reviews):
        assert "3 found" in words(card(show(reviews["sales"]), "next_step"))
        none = changed(reviews["sales"], "next_step", "call", value=0.0, moments=[])
        assert words(card(show(none), "next_step")) == ["Next step", "none found", "usual at least 1"]

    def test_a_check_only_inside_the_range_and_red_never(self, show, reviews):
        pane = show(reviews["sales"])
        inside = [key for key, frame in pane._shown.items() if CHECKED in [w.accessibleName() for w in shown(frame)]]
        assert "longest_monologue_ms" in inside
        assert "talk_ratio" not in inside
        assert not [w for w in shown(pane.content) if w.property("look") in ("danger", "attention")]

    def test_rough_is_said(self, show, reviews):
        assert "usual at most 45 words\nrough: from a draft" in words(card(show(reviews["draft"]), "mean_turn_words"))
        assert not [text for text in words(show(reviews["sales"]).content) if "rough" in text]

    def test_hovering_tells_definition_source_grade_and_basis(self, show, reviews):
        told = card(show(reviews["sales"]), "longest_monologue_ms").toolTip()
        assert "bridged by short responses" in told
        assert "strict: 12 s" in told
        assert "which may be chance (weak evidence)" in told
        assert "Times from two channels; counted from the words." in told

    def test_strength_and_grade_in_words(self, show, reviews):
        assert "(vendor claim)" in card(show(reviews["sales"]), "talk_ratio").toolTip()
        assert "(judgement)" in card(show(reviews["recruiting"]), "talk_ratio").toolTip()
        assert "Times from a transcript only" in card(show(reviews["words_only"]), "talk_ratio").toolTip()


class TestWithheld:
    def test_it_stands_at_the_end_by_reason(self, show, reviews):
        said = words(show(reviews["words_only"]).content)
        at = said.index("Not given on this call")
        assert said[at + 1 :] == [
            "Too short for phases: Share of the talking over the call",
            "Needs two channels: Both speaking, Overlapping starts",
        ]

    def test_one_side_of_two_is_named(self, show, reviews):
        said = words(show(reviews["recruiting"]).content)
        assert "Not measurable: this transcript leaves them out: Filled pauses (you)" in said

    def test_where_nothing_is_withheld_nothing_is_said(self, show, reviews):
        document = copy.deepcopy(reviews["sales"])
        document["measurements"] = [m for m in document["measurements"] if m["value"] is not None]
        assert "Not given on this call" not in words(show(document).content)


class TestMoments:
    @pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
    def test_they_unfold_and_play(self, show, reviews, qtbot, key):
        pane = show(reviews["sales"])
        assert moments(pane, "stacked_share").text() == "2 moments"
        assert not doors(pane, "stacked_share")
        qtbot.keyClick(moments(pane, "stacked_share"), key)
        first = doors(pane, "stacked_share")[0]
        with qtbot.waitSignal(pane.play_asked) as heard:
            qtbot.keyClick(first, key)
        assert heard.args == [28_630, 35_870]
        qtbot.keyClick(moments(pane, "stacked_share"), key)
        assert not doors(pane, "stacked_share")

    def test_the_first_words_are_those_of_the_moment(self, show, reviews):
        pane = show(reviews["sales"])
        moments(pane, "longest_monologue_ms").click()
        said = {door.start_ms: door.accessibleName() for door in doors(pane, "longest_monologue_ms")}
        assert said[55_729].startswith("Play 0:55: Yeah, so, let me tell you")

    def test_what_is_unfolded_stays_so_and_the_place_and_focus_too(self, show, reviews, qtbot):
        pane = show(reviews["sales"])
        moments(pane, "stacked_share").click()
        pane.settle()
        pane.verticalScrollBar().setValue(900)
        moments(pane, "stacked_share").setFocus()
        pane.set_document(changed(reviews["sales"], "lapses", value=2.0))
        assert pane.verticalScrollBar().value() == 900
        assert len(doors(pane, "stacked_share")) == 2
        assert pane.focusWidget() is moments(pane, "stacked_share")
        qtbot.wait(20)
        assert pane.verticalScrollBar().value() == 900
        assert "2" in words(card(pane, "lapses"))

    def test_the_same_document_again_costs_nothing(self, show, reviews):
        pane = show(reviews["sales"])
        before = card(pane, "talk_ratio")
        pane.set_document(copy.deepcopy(reviews["sales"]))
        assert card(pane, "talk_ratio") is before

    def test_another_call_begins_at_the_top_folded(self, show, reviews):
        pane = show(reviews["sales"])
        moments(pane, "stacked_share").click()
        pane.verticalScrollBar().setValue(900)
        pane.set_document(reviews["recruiting"])
        assert pane.verticalScrollBar().value() == 0
        assert not doors(pane, "stacked_share")

    def test_markup_in_quotes_is_text(self, show, reviews):
        document = copy.deepcopy(reviews["sales"])
        for said in document["transcript"]["utterances"]:
            said["text"] = "<h1>What</h1> is &lt; that?"
        pane = show(document)
        moments(pane, "questions").click()
        assert "“<h1>What</h1> is &lt; that?”" in words(card(pane, "questions"))


class TestShowNumber:
    def test_it_is_in_view_and_lit_for_a_while(self, show, reviews, qtbot):
        pane = show(reviews["sales"])
        pane.show_number("stacked_share")
        frame = card(pane, "stacked_share")
        assert frame.visibleRegion().boundingRect().height() == frame.height()
        assert frame.property("look") == "focus"
        assert pane.focusWidget() is moments(pane, "stacked_share")
        pane._calm.setInterval(1)
        pane.show_number("talk_ratio")
        assert frame.property("look") == "card"
        qtbot.waitUntil(lambda: card(pane, "talk_ratio").property("look") == "card")

    @pytest.mark.parametrize("metric", ["longest_monologue_strict_ms", f"{_PHASES}.first", "median_turn_words"])
    def test_variants_lead_to_where_they_are_told(self, show, reviews, metric):
        pane = show(reviews["sales"])
        pane.show_number(metric)
        assert pane._lit is not None

    def test_a_withheld_one_leads_to_why(self, show, reviews):
        pane = show(reviews["words_only"])
        pane.show_number("overlap_ratio")
        assert "Needs two channels: Both speaking, Overlapping starts" in words(pane._lit)

    def test_one_that_is_not_here_does_nothing(self, show, reviews):
        pane = show(reviews["sales"])
        pane.show_number("wording")
        assert pane._lit is None

    def test_a_document_that_comes_meanwhile_puts_the_light_out(self, show, reviews, qtbot):
        pane = show(reviews["sales"])
        pane._calm.setInterval(1)
        pane.show_number("talk_ratio")
        pane.set_document(reviews["recruiting"])
        qtbot.wait(30)
        assert card(pane, "talk_ratio").property("look") == "card"


@pytest.mark.parametrize("name", ["sales", "recruiting", "words_only", "draft"])
@pytest.mark.parametrize("language", ["", "xx"])
def test_nothing_is_cut_off_and_everything_has_a_name(show, reviews, name, language):
    sentences.speak(language)
    try:
        pane = show(reviews[name])
        for button in pane.findChildren(QPushButton):
            if button.isCheckable():
                button.click()
        pane.settle()
        assert pane.content.width() <= pane.viewport().width()
        assert not [text for text in cut_off(pane) if text]
        assert not nameless(pane)
    finally:
        sentences.speak("")


class TestRangeBar:
    def bar(self, qtbot, values, low=0.35, high=0.55, unit="ratio") -> RangeBar:
        made = RangeBar({"low": low, "high": high}, values, unit, "61 %, usual 35 to 55 %")
        qtbot.addWidget(made)
        made.resize(200, made.sizeHint().height())
        return made

    def test_shares_lie_on_the_whole(self, qtbot):
        assert self.bar(qtbot, [(0.61, "own")]).at(0.61) == pytest.approx(122)

    @pytest.mark.parametrize("value", [0.0, 5.0, 500.0, 5000.0])
    def test_no_value_lies_outside(self, qtbot, value):
        bar = self.bar(qtbot, [(value, "own")], 120.0, 240.0, "wpm")
        assert 0 <= bar.at(value) <= bar.width()
        assert bar.at(240.0) < bar.width()

    @pytest.mark.parametrize("target", [{"low": None, "high": 0.0}, {"low": 0.0, "high": None}])
    def test_a_range_at_nothing_still_has_a_scale(self, target):
        assert top_of(target, [0.0], "count") > 0

    def test_the_tick_has_the_colour_of_the_side_in_both_themes(self, qtbot):
        bar = self.bar(qtbot, [(0.61, "own"), (0.1, "other")])
        for scheme in ("light", "dark"):
            theme().apply(scheme)
            image = bar.grab().toImage()
            assert image.pixelColor(122, 9) == colour("own")
            assert image.pixelColor(20, 9) == colour("other")
        theme().apply("light")

    def test_it_is_mirrored_where_the_language_is(self, qtbot):
        bar = self.bar(qtbot, [(0.61, "own")])
        bar.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        assert bar.grab().toImage().pixelColor(200 - 122, 9) == colour("own")


class TestWords:
    @pytest.mark.parametrize(
        ("low", "high", "unit", "said"),
        [
            (0.35, 0.55, "ratio", "usual 35 to 55 %"),
            (None, 120_000, "ms", "usual at most 2:00"),
            (60_000, None, "ms", "usual at least 1:00"),
            (300, 1_500, "ms", "usual 0.3 to 1.5 s"),
            (30_000, 90_000, "ms", "usual 30 s to 1:30"),
            (120, 240, "wpm", "usual 120 to 240 words a minute"),
            (0.15, None, "per_100_words", "usual at least 0.15 in 100 words"),
            (11, 14, "count", "usual 11 to 14"),
        ],
    )
    def test_ranges(self, low, high, unit, said):
        assert said_range({"low": low, "high": high}, unit) == said

    def test_values(self):
        assert said_value(36.14, "words") == ("36", "words")
        assert said_value(0.607, "ratio") == ("61 %", "")
        assert said_whole(0.0, "per_100_words") == "0 in 100 words"

    def test_within(self):
        assert within(5, {"low": 5, "high": None})
        assert not within(5.1, {"low": None, "high": 5})

    def test_what_lasts_into_a_moment_counts_where_nothing_begins_there(self):
        document = {"transcript": {"utterances": [{"start_ms": 0, "end_ms": 9_000, "text": "a"}]}}
        assert heard_in(document, 5_000, 6_000)["text"] == "a"
        assert heard_in(document, 20_000, 21_000) is None
