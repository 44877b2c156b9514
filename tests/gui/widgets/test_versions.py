"""The versions pane: where words come from, which are in use, what did not carry over, and the way to better words."""

from __future__ import annotations

import copy
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from coachdesk import sentences
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.versions import VersionsPane
from tests.gui.looking import cut_off, nameless, shown


@pytest.fixture
def show(pane_of):
    return partial(pane_of, VersionsPane)


@pytest.fixture
def several(reviews) -> dict:
    """Three versions, the newest a draft and in use; a correction that fits nowhere; notices."""
    document = copy.deepcopy(reviews["draft"])
    (draft,) = document["transcript_versions"]
    document["transcript_versions"] = [
        draft | {"version": 1, "engine": "imported", "source": "<b>zoom</b>.vtt", "draft": 0, "current": 0},
        draft | {"version": 2, "engine": "whisper", "model": "small", "draft": 0, "grade": "good", "current": 0},
        draft | {"version": 3, "model": "pocketsphinx en-us"},
    ]
    document["unfitted"] = [
        {
            "event": "e",
            "start_ms": 44_890,
            "end_ms": 47_000,
            "channel": 1,
            "old": "loose <i>it</i>",
            "new": "lose it & more",
        }
    ]
    document["notices"] = [{"code": "bleed_removed", "params": {"ms": 4200}, "track": n} for n in (0, 1)]
    return document


def words(pane: VersionsPane) -> list[str]:
    return [w.text() for w in shown(pane.content) if isinstance(w, QLabel) and w.text()]


def button(pane: VersionsPane, name: str) -> QPushButton:
    return next(b for b in pane.content.findChildren(QPushButton) if b.accessibleName() == name)


def test_newest_first_in_words_with_the_one_in_use_marked(show, several):
    said = words(show(several))
    at = [said.index(f"Version {n}") for n in (3, 2, 1)]
    assert at == sorted(at)
    assert said[at[0] + 1 : at[0] + 3] == ["in use", "Rough draft, made here (pocketsphinx en-us)"]
    assert said.count("in use") == 1
    assert "Transcribed here with Whisper (small)" in said
    assert "Brought along (<b>zoom</b>.vtt)" in said


def test_language_and_grade_are_words(show, several):
    facts = [text for text in words(show(several)) if text.startswith("English · ")]
    assert len(facts) == 3
    assert facts[0].endswith("fit for counts, not for single words")
    assert not [text for text in words(show(several)) if "rough" in text and "grade" in text]


def test_a_sample_says_so(show, reviews):
    assert "Came with the sample" in words(show(reviews["sales"]))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_another_can_be_used(show, several, qtbot, key):
    pane = show(several)
    with qtbot.waitSignal(pane.use_asked) as heard:
        qtbot.keyClick(button(pane, "Use version 2"), key)
    assert heard.args == [2, 3]


def test_transcribe_again(show, reviews, qtbot):
    pane = show(reviews["sales"])
    with qtbot.waitSignal(pane.transcribe_asked):
        button(pane, "Transcribe again").click()


class TestTheOffer:
    def test_a_draft_leads_to_the_real_transcript(self, show, reviews, qtbot):
        pane = show(reviews["draft"])
        assert words(pane)[0].startswith("These words are a rough draft.")
        offer = button(pane, "Get the real transcript")
        assert offer.property("look") == "primary"
        with qtbot.waitSignal(pane.model_asked):
            offer.click()

    def test_no_words_lead_there_too(self, show, reviews):
        document = copy.deepcopy(reviews["sales"])
        document["transcript_versions"] = []
        pane = show(document)
        assert words(pane)[0].startswith("There are no words of this call yet.")
        assert button(pane, "Get the real transcript")

    @pytest.mark.parametrize("name", ["sales", "words_only"])
    def test_good_words_do_not(self, show, reviews, name):
        pane = show(reviews[name])
        names = [b.accessibleName() for b in pane.content.findChildren(QPushButton)]
        assert "Get the real transcript" not in names

    def test_without_sound_there_is_nothing_to_transcribe(self, show, reviews):
        pane = show(reviews["words_only"])
        assert not pane.content.findChildren(QPushButton)
        assert "Brought along (transcript.json)" in words(pane)


def test_corrections_that_fit_nowhere_can_be_heard(show, several, qtbot):
    pane = show(several)
    said = words(pane)
    assert "“loose <i>it</i>”" in said and "You wrote “lose it & more”" in said
    with qtbot.waitSignal(pane.play_asked) as heard:
        pane.content.findChild(Door).click()
    assert heard.args == [44_890, 47_890]


def test_notices_are_sentences_said_once(show, several):
    said = [text for text in words(show(several)) if "loudspeaker" in text]
    assert len(said) == 1


def test_without_any_there_are_no_empty_headings(show, reviews):
    said = words(show(reviews["sales"]))
    assert "About the recording" not in said
    assert not [text for text in said if text.startswith("Corrections")]


def test_using_another_marks_it_and_keeps_the_focus_inside(show, several):
    pane = show(several)
    button(pane, "Use version 2").setFocus()
    after = copy.deepcopy(several)
    for version in after["transcript_versions"]:
        version["current"] = int(version["version"] == 2)
    pane.set_document(after)
    said = words(pane)
    assert said[said.index("Version 2") + 1] == "in use"
    assert pane.content.isAncestorOf(pane.focusWidget())


@pytest.mark.parametrize("language", ["", "xx"])
def test_nothing_is_cut_off_and_everything_has_a_name(show, several, language):
    sentences.speak(language)
    try:
        pane = show(several)
        assert not [text for text in cut_off(pane) if text]
        assert not nameless(pane)
    finally:
        sentences.speak("")
