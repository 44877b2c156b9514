"""The model card: which model is offered, what is said about those that are here, and that only a press asks for one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from coachdesk import sentences
from coachdesk.gui.widgets.model_card import ModelCard, said_size
from coachdesk.gui.widgets.text import Label
from coachdesk.speech.weights import KNOWN
from tests.gui.looking import cut_off, nameless, shown

KNOWN_MODELS = [
    {"name": name, "size_mb": m.size_mb, "languages": m.languages, "note": m.note} for name, m in KNOWN.items()
]


def installed(name: str = "small", verified: bool | None = True, languages: str = "many") -> dict:
    size = KNOWN[name].size_mb * 1_000_000 if name in KNOWN else 1_000_000
    return {"name": name, "folder": name, "size_bytes": size, "languages": languages, "verified": verified}


def words(card: ModelCard) -> list[str]:
    return [w.text() for w in shown(card) if isinstance(w, Label)]


def offered(card: ModelCard) -> list[str]:
    return [card._choice.itemData(n) for n in range(card._choice.count())]


@pytest.fixture
def make(qtbot):
    def made(long: bool = False, here: tuple = (), languages: tuple[str, ...] = ("en",), width: int = 640) -> ModelCard:
        card = ModelCard(long)
        qtbot.addWidget(card)
        card.set_models(list(here), KNOWN_MODELS, languages)
        card.resize(width, card.heightForWidth(width))
        card.show()
        qtbot.waitExposed(card)
        return card

    return made


class TestWithoutAModel:
    @pytest.mark.parametrize(
        ("languages", "name"), [(("en",), "small.en"), (("de",), "small"), (("en", "de"), "small"), ((), "small")]
    )
    def test_the_usual_model_for_the_languages_comes_first(self, make, languages, name):
        assert make(languages=languages).chosen == name

    def test_english_only_models_are_not_offered_where_other_languages_are_spoken(self, make):
        assert not [name for name in offered(make(languages=("de", "en"))) if KNOWN[name].languages == "en"]

    def test_the_choice_says_size_and_note(self, make):
        assert make()._choice.currentText() == "small.en · 486 MB · the usual choice for English only"

    def test_the_button_says_what_it_costs(self, make):
        card = make()
        assert card._fetch.text() == "Fetch 486 MB from the model hub"
        card._choice.setCurrentIndex(card._choice.findData("distil-large-v3"))
        assert card._fetch.text() == "Fetch 1.5 GB from the model hub"

    def test_what_was_chosen_stays_chosen_when_the_models_are_told_again(self, make):
        card = make()
        card._choice.setCurrentIndex(card._choice.findData("base.en"))
        card.set_models([], KNOWN_MODELS)
        assert card.chosen == "base.en"

    def test_it_says_what_a_model_brings_and_that_this_is_the_only_network(self, make):
        said = " ".join(words(make()))
        assert "rough draft" in said
        assert "the only time CoachDesk uses the network" in said

    def test_each_button_asks_for_one_thing(self, make, qtbot):
        card = make()
        with qtbot.waitSignal(card.fetch_asked) as fetch:
            qtbot.mouseClick(card._fetch, Qt.MouseButton.LeftButton)
        assert fetch.args == ["small.en"]
        with qtbot.waitSignal(card.folder_asked), qtbot.assertNotEmitted(card.fetch_asked):
            qtbot.mouseClick(card._folder, Qt.MouseButton.LeftButton)
        with qtbot.waitSignal(card.later_asked), qtbot.assertNotEmitted(card.fetch_asked):
            qtbot.mouseClick(card._later, Qt.MouseButton.LeftButton)

    def test_nothing_is_fetched_while_something_is(self, make, qtbot):
        card = make()
        card.set_busy(True)
        card.set_models([], KNOWN_MODELS)
        with qtbot.assertNotEmitted(card.fetch_asked):
            qtbot.mouseClick(card._fetch, Qt.MouseButton.LeftButton)
        assert card._fetch.text() == "Fetching…"
        card.set_busy(False)
        assert card._fetch.isEnabled()

    def test_the_keyboard_is_enough(self, make, qtbot):
        card = make()
        card.activateWindow()
        card._choice.setFocus()
        qtbot.keyClick(card._choice, Qt.Key.Key_Down)
        chosen = card.chosen
        qtbot.keyClick(card._choice, Qt.Key.Key_Tab)
        with qtbot.waitSignal(card.fetch_asked) as fetch:
            qtbot.keyClick(card.focusWidget(), Qt.Key.Key_Return)
        assert fetch.args == [chosen] != ["small.en"]


class TestWithModels:
    def test_the_short_form_is_one_good_line(self, make):
        assert words(make(here=(installed(),))) == ["Real transcripts are ready: small (486 MB)"]

    def test_a_damaged_model_is_named_and_can_be_fetched_again(self, make):
        card = make(here=(installed(verified=False),))
        assert "The model small is damaged" in " ".join(words(card))
        assert card._fetch.isVisibleTo(card)

    def test_a_sound_model_beside_a_damaged_one_is_good_enough(self, make):
        said = words(make(here=(installed(verified=False), installed("base"))))
        assert said == ["Real transcripts are ready: base (148 MB)"]

    def test_the_long_form_lists_all_and_offers_all(self, make):
        here = (installed(), installed("base.en", None, "en"), installed("tiny", False))
        card = make(long=True, here=here)
        said = words(card)
        for text in ("small", "486 MB · many languages", "In order", "148 MB · English only", "Not checked", "Damaged"):
            assert text in said
        assert offered(card) == list(KNOWN)

    def test_each_can_be_checked(self, make, qtbot):
        card = make(long=True, here=(installed(), installed("base")))
        checks = [b for b in shown(card) if isinstance(b, QPushButton) and b.text() == "Check"]
        assert len({b.accessibleName() for b in checks}) == 2
        with qtbot.waitSignal(card.check_asked) as asked:
            qtbot.mouseClick(checks[1], Qt.MouseButton.LeftButton)
        assert asked.args == ["base"]

    def test_telling_it_again_leaves_no_old_rows(self, make, qtbot):
        card = make(long=True, here=(installed(), installed("base")))
        card.set_models([installed()], KNOWN_MODELS)
        qtbot.waitUntil(lambda: len([w for w in words(card) if w == "In order"]) == 1)

    def test_names_are_never_markup(self, make):
        card = make(here=(installed("<b>x</b>&amp"),))
        assert "<b>x</b>&amp" in words(card)[0]


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("here", [(), (installed(), installed("large-v3", None))])
@pytest.mark.parametrize("width", [420, 640])
def test_nothing_is_cut_off_or_nameless_in_the_pseudo_language(make, long, here, width):
    sentences.speak("xx")
    try:
        card = make(long, here, width=width)
        assert cut_off(card) == []
        assert nameless(card) == []
    finally:
        sentences.speak("")


@pytest.mark.parametrize(("megabytes", "said"), [(0.2, "1 MB"), (486, "486 MB"), (1621, "1.6 GB"), (3091, "3.1 GB")])
def test_sizes(megabytes, said):
    assert said_size(megabytes) == said
