"""The first minute: answered by keyboard alone, kept in the settings, and never asked of who does not want it."""

from __future__ import annotations

import tomllib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from coachdesk import sentences
from coachdesk.gui.pages import models
from coachdesk.gui.pages.welcome import Welcome
from coachdesk.settings import Settings
from tests.gui.looking import cut_off, nameless, settle

KEY = Qt.Key


@pytest.fixture
def welcome(qtbot, bridge) -> Welcome:
    page = Welcome(bridge)
    qtbot.addWidget(page)
    page.resize(900, 640)
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is not None)
    settle(qtbot, bridge)
    return page


@pytest.fixture
def press(qtbot):
    def pressed(*keys) -> None:
        for key in keys:
            to = QApplication.focusWidget()
            qtbot.keyClicks(to, key) if isinstance(key, str) else qtbot.keyClick(to, key)

    return pressed


def kept(own_home) -> dict:
    return tomllib.loads((own_home / "settings.toml").read_text("utf-8"))


class TestByKeyboardAlone:
    def test_return_at_once_takes_what_is_proposed(self, welcome, bridge, press, qtbot, own_home):
        press(KEY.Key_Return)
        settle(qtbot, bridge)
        assert kept(own_home) == {"welcomed": True}  # all else is as it is in a fresh home
        assert not welcome.questions.isVisibleTo(welcome)
        assert welcome.first.ways.record.hasFocus()

    def test_trade_name_and_languages_are_answered_and_kept(self, welcome, bridge, press, qtbot, own_home):
        assert welcome.questions._choices.button(0).hasFocus()
        press(KEY.Key_Right, KEY.Key_Tab)
        assert welcome.questions.name.hasFocus()
        press("Ana Ölmez", KEY.Key_Tab, KEY.Key_Space, KEY.Key_Tab, KEY.Key_Space)  # English off, German on
        press(KEY.Key_Return)
        settle(qtbot, bridge)
        assert kept(own_home) == {
            "playbook": "recruiting_screen",
            "my_name": "Ana Ölmez",
            "languages": ["de"],
            "welcomed": True,
        }
        assert welcome.first.card.chosen == "small"  # not the English one
        with qtbot.waitSignal(welcome.sample_asked) as sample:
            press(KEY.Key_Tab, KEY.Key_Tab, KEY.Key_Return)
        assert sample.args == ["recruiting_screen"]

    def test_every_place_can_be_reached_in_reading_order(self, welcome, press):
        questions, been = welcome.questions, []
        for _ in range(14):
            been.append(QApplication.focusWidget())
            press(KEY.Key_Tab)
        chips = list(questions.languages._chips.values())
        ways = [questions._choices.button(0), questions.name, *chips, questions.languages._more]
        assert been[: len(ways)] == ways
        assert been[len(ways) : len(ways) + 2] == [questions._skip, questions._go_on]
        assert been[-1] is been[0]

    def test_space_presses_an_action_too(self, welcome, press, qtbot):
        press(KEY.Key_Return)
        with qtbot.waitSignal(welcome.record_asked):
            press(KEY.Key_Space)

    def test_return_on_skip_skips(self, welcome, bridge, press, qtbot, own_home):
        welcome.questions._skip.setFocus()
        with qtbot.waitSignal(welcome.done):
            press(KEY.Key_Return)
        settle(qtbot, bridge)
        assert kept(own_home) == {"welcomed": True}


class TestTheAnswers:
    def test_something_else_is_general_where_there_is_such_a_playbook(self, bridge, welcome, qtbot):
        welcome._playbooks = frozenset({"general", "sales_discovery"})
        welcome.questions._choices.button(2).click()
        with qtbot.waitSignal(bridge.settings_changed) as changed:
            welcome._answered()
        assert changed.args[0].playbook == "general"

    def test_something_else_is_a_shipped_playbook_otherwise(self, bridge, welcome, qtbot):
        welcome.questions._choices.button(2).click()
        with qtbot.waitSignal(bridge.settings_changed) as changed:
            welcome._answered()
        there = welcome._playbooks
        assert changed.args[0].playbook in there
        assert changed.args[0].playbook == ("general" if "general" in there else "sales_discovery")

    def test_the_language_chosen_first_is_assumed(self, welcome):
        chips = welcome.questions.languages._chips
        for code in ("en", "fr", "en"):
            chips[code].click()
        assert welcome.questions.languages.chosen() == ("fr", "en")
        assert "French" in welcome.questions.languages._said.text()

    def test_another_language_by_its_code_or_name(self, welcome):
        languages = welcome.questions.languages
        languages._more.click()
        languages._typed.setText(" SV ")
        assert languages.chosen() == ("en", "sv")
        languages._typed.setText("dutch")
        assert languages.chosen() == ("en", "nl")

    def test_a_wrong_code_is_said_and_nothing_is_lost(self, welcome, press, own_home):
        languages = welcome.questions.languages
        welcome.questions.name.setText("Ana")
        languages._more.setFocus()
        press(KEY.Key_Space)
        assert languages._typed.hasFocus()
        press("Klingon", KEY.Key_Return)
        assert welcome.questions.isVisibleTo(welcome)
        assert "Klingon" in languages._said.text()
        assert (languages._typed.text(), welcome.questions.name.text()) == ("Klingon", "Ana")
        assert not (own_home / "settings.toml").exists()

    def test_what_is_known_already_is_shown(self, welcome):
        welcome.questions.show_answers(Settings(my_name="Bo", playbook="recruiting_screen", languages=("pl", "sv")))
        assert welcome.questions.trade()[0] == "recruiting_screen"
        assert welcome.questions.name.text() == "Bo"
        assert welcome.questions.languages.chosen() == ("pl", "sv")

    def test_a_late_answer_of_the_desk_does_not_overwrite_what_is_being_typed(self, welcome, press):
        welcome.questions.name.setFocus()
        press("An")
        welcome.questions.show_answers(Settings())
        assert welcome.questions.name.text() == "An"


class TestTheFirstCall:
    @pytest.fixture(autouse=True)
    def second(self, welcome, press, bridge, qtbot):
        press(KEY.Key_Return)
        settle(qtbot, bridge)

    def test_a_call_can_be_recorded_at_once(self, welcome, qtbot):
        with qtbot.waitSignal(welcome.record_asked):
            welcome.first.ways.record.click()

    def test_back_leads_back(self, welcome):
        welcome.first.back.click()
        assert welcome.questions.isVisibleTo(welcome)
        assert welcome.questions._choices.button(0).hasFocus()

    def test_the_calls_can_be_gone_to(self, welcome, qtbot):
        with qtbot.waitSignal(welcome.done):
            welcome.first.to_calls.click()

    def test_not_now_puts_the_model_card_away(self, welcome):
        welcome.first.card._later.click()
        assert not welcome.first.card.isVisibleTo(welcome)
        assert welcome.first.ways.record.hasFocus()

    def test_all_models_can_be_asked_for(self, welcome, qtbot):
        with qtbot.waitSignal(welcome.model_asked):
            welcome.first.card._all.click()

    def test_fetching_without_a_network_ends_in_the_jobs_problem(self, welcome, bridge, qtbot):
        welcome.first.card._fetch.click()
        assert not welcome.first.card._fetch.isEnabled()
        assert models.fetch(bridge, "base") is None  # one at a time
        (job,) = bridge.jobs
        qtbot.waitUntil(lambda: job.state == "failed", timeout=30_000)
        assert job.title == "Fetching the model small.en"
        assert "could not be fetched" in job.problem.message
        assert welcome.first.card._fetch.isEnabled()


class TestFetching:
    class Hub:
        """A desk whose hub brings three blocks."""

        def __init__(self) -> None:
            self.got = 0

        def fetch_model(self, name, report):
            for done in (100, 200, 400):
                report(done, 400)
                self.got = done
            return name

    def test_progress_is_told_and_ends_at_the_whole(self, bridge, qtbot):
        seen: list[tuple] = []
        job = models.Job("Fetching", lambda desk, job: models.FetchModel(bridge, "small")(self.Hub(), job))
        bridge.jobs_changed.connect(lambda: seen.append((job.stage, job.share)))
        bridge.start(job)
        qtbot.waitUntil(lambda: job.state == "done", timeout=20_000)
        assert ("fetch", 0.25) in seen
        assert ("fetch", 1.0) in seen

    def test_a_stop_takes_effect_at_the_next_block(self, bridge, qtbot):
        hub = self.Hub()

        def run(desk, job):
            job.stopping = True
            return models.FetchModel(bridge, "small")(hub, job)

        job = bridge.start(models.Job("Fetching", run))
        qtbot.waitUntil(lambda: job.state == "cancelled", timeout=20_000)
        assert hub.got == 0


@pytest.mark.parametrize("width", [900, 640])
def test_nothing_is_cut_off_or_nameless_in_the_pseudo_language(qtbot, bridge, width):
    sentences.speak("xx")
    try:
        page = Welcome(bridge)
        qtbot.addWidget(page)
        page.resize(width, 640)
        page.show()
        qtbot.waitExposed(page)
        settle(qtbot, bridge)
        page.questions.languages._more.click()
        qtbot.wait(50)
        assert cut_off(page) == []
        assert nameless(page) == []
        page._answered()
        settle(qtbot, bridge)
        qtbot.wait(50)
        assert cut_off(page) == []
        assert nameless(page) == []
    finally:
        sentences.speak("")
