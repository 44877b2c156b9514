"""The settings page: every setting has its row, what is changed is kept at once, what does not fit is said in place."""

from __future__ import annotations

import dataclasses
import threading
import tomllib

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QStackedWidget

from coachdesk import sentences
from coachdesk.gui import acts
from coachdesk.gui.pages import models
from coachdesk.gui.pages.settings import SettingsPage
from coachdesk.gui.widgets.fields import NumberBox, Switch, WholeBox
from coachdesk.gui.widgets.text import Elided, Label
from coachdesk.history import my_voice
from coachdesk.settings import Settings
from tests.conftest import MICRO_MODEL
from tests.gui.looking import cut_off, nameless, settle, shown

KEY = Qt.Key
SHOWN = [field for field in dataclasses.fields(Settings) if field.metadata["section"]]


@pytest.fixture
def open_page(qtbot, bridge):
    def opened(width: int = 1100, height: int = 700) -> SettingsPage:
        page = SettingsPage(bridge)
        qtbot.addWidget(page)
        page.resize(width, height)
        page.show()
        page.activateWindow()
        qtbot.waitExposed(page)
        qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is not None)
        settle(qtbot, bridge)
        return page

    return opened


@pytest.fixture
def page(open_page) -> SettingsPage:
    return open_page()


def kept(own_home) -> dict:
    return tomllib.loads((own_home / "settings.toml").read_text("utf-8"))


def type_in(qtbot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, KEY.Key_Return)


def choose(box: QComboBox, value) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def problem(page: SettingsPage, name: str) -> str:
    label = page.rows[name]._problem
    return "" if label.isHidden() else label.text()


class TestTheRows:
    def test_every_setting_with_a_section_has_a_row_and_only_those(self, page):
        assert list(page.rows) == [field.name for field in SHOWN]
        assert "welcomed" not in page.rows

    def test_each_row_says_its_name_and_what_it_does(self, page):
        for field in SHOWN:
            row = page.rows[field.name]
            assert row._name.text() == field.metadata["name"]
            assert row._help.text().endswith(".")
            assert row._name.buddy() is row.control.field

    def test_sections_come_in_the_order_of_the_table(self, page):
        ours = [name for name in page._sections if name not in ("Models", "Storage")]
        assert ours == list(dict.fromkeys(field.metadata["section"] for field in SHOWN))

    def test_controls_follow_the_types(self, page):
        kinds = {name: type(row.control.field) for name, row in page.rows.items()}
        assert issubclass(kinds["playbook"], QComboBox)
        assert issubclass(kinds["theme"], QComboBox)
        assert kinds["wording"] is Switch
        assert kinds["cpu_threads"] is WholeBox
        assert kinds["play_speed"] is NumberBox
        assert kinds["hot_words"] is kinds["my_name"] is QLineEdit

    def test_no_help_speaks_of_the_terminal(self, page):
        assert not [row for row in page.rows.values() if "`" in row._help.text()]

    def test_playbooks_and_models_are_what_there_is(self, page):
        playbooks, model = (page.rows[name].control.field for name in ("playbook", "model"))
        assert playbooks.currentText() == "Sales discovery"
        assert playbooks.findData("recruiting_screen") >= 0
        assert [model.itemText(n) for n in range(model.count())] == ["The best there is"]

    def test_the_pseudo_language_is_only_for_those_who_look_for_faults(self, open_page, monkeypatch):
        def languages(page):
            box = page.rows["interface_language"].control.field
            return [box.itemData(n) for n in range(box.count())]

        assert languages(open_page()) == [""]
        monkeypatch.setenv("COACHDESK_PSEUDO", "1")
        assert languages(open_page()) == ["", "xx"]


class TestSaving:
    def test_each_kind_of_control_is_kept_at_once(self, page, bridge, qtbot, own_home):
        field = {name: row.control.field for name, row in page.rows.items()}
        type_in(qtbot, field["my_name"], " Ana Ölmez ")
        type_in(qtbot, field["hot_words"], "Kestrow, , Dray,Kestrow")
        type_in(qtbot, field["languages"], "German, en")
        choose(field["playbook"], "recruiting_screen")
        choose(field["theme"], "dark")
        qtbot.mouseClick(field["wording"], Qt.MouseButton.LeftButton)
        field["cpu_threads"].setFocus()
        qtbot.keyClick(field["cpu_threads"], KEY.Key_Up)
        type_in(qtbot, field["play_speed"].lineEdit(), "1.25")
        settle(qtbot, bridge)
        assert kept(own_home) == {
            "my_name": "Ana Ölmez",
            "hot_words": ["Kestrow", "Dray"],
            "languages": ["de", "en"],
            "playbook": "recruiting_screen",
            "theme": "dark",
            "wording": False,
            "cpu_threads": 1,
            "play_speed": 1.25,
        }
        assert field["languages"].text() == "de, en"

    def test_everyone_who_shows_settings_is_told(self, page, bridge, qtbot):
        with qtbot.waitSignal(bridge.settings_changed) as told:
            choose(page.rows["theme"].control.field, "dark")
        assert told.args[0].theme == "dark"

    def test_what_is_saved_is_shown_when_the_page_opens(self, bridge, open_page, qtbot):
        bridge.change_settings(my_name="Bo", model="/some/folder", my_channel="right", skip_silence=True)
        page = open_page()
        field = {name: row.control.field for name, row in page.rows.items()}
        assert field["my_name"].text() == "Bo"
        assert field["my_channel"].currentText() == "Right"
        assert field["skip_silence"].isChecked()
        assert (field["model"].currentData(), field["model"].currentText()) == ("/some/folder", "/some/folder")

    def test_leaving_a_field_as_it_was_saves_nothing(self, page, bridge, qtbot):
        with qtbot.assertNotEmitted(bridge.settings_changed, wait=100):
            for row in page.rows.values():
                row.control.field.setFocus()
                qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Tab)

    def test_what_is_changed_elsewhere_is_shown_but_not_over_what_is_being_typed(self, page, bridge, qtbot):
        name = page.rows["my_name"].control.field
        name.setFocus()
        qtbot.keyClicks(name, "An")
        bridge.change_settings(play_speed=2.0)
        settle(qtbot, bridge)
        assert name.text() == "An"
        assert page.rows["play_speed"].control.field.value() == 2.0


class TestWhatDoesNotFit:
    MANY = ", ".join(f"name{n}" for n in range(21))

    def test_it_is_said_in_place_and_the_text_stays(self, page, bridge, qtbot, own_home):
        field = page.rows["hot_words"].control.field
        type_in(qtbot, field, self.MANY)
        settle(qtbot, bridge)
        assert "Names to know holds at most 20 names" in problem(page, "hot_words")
        assert "press Reset" in problem(page, "hot_words")
        assert field.text() == self.MANY
        assert not (own_home / "settings.toml").exists()

    def test_another_change_is_kept_and_does_not_wipe_it(self, page, bridge, qtbot, own_home):
        type_in(qtbot, page.rows["hot_words"].control.field, self.MANY)
        type_in(qtbot, page.rows["my_name"].control.field, "Ana")
        settle(qtbot, bridge)
        assert kept(own_home) == {"my_name": "Ana"}
        assert page.rows["hot_words"].control.field.text() == self.MANY
        assert problem(page, "hot_words")

    def test_mended_it_is_kept_and_nothing_is_said_any_more(self, page, bridge, qtbot, own_home):
        field = page.rows["hot_words"].control.field
        type_in(qtbot, field, self.MANY)
        type_in(qtbot, field, "Dray")
        settle(qtbot, bridge)
        assert problem(page, "hot_words") == ""
        assert kept(own_home) == {"hot_words": ["Dray"]}

    def test_typed_back_to_what_was_saved_it_is_no_problem_any_more(self, page, qtbot):
        field = page.rows["languages"].control.field
        type_in(qtbot, field, "Klingon")
        assert "Klingon" in problem(page, "languages")
        type_in(qtbot, field, "en")
        assert problem(page, "languages") == ""

    def test_reset_leads_out(self, page, bridge, qtbot, own_home):
        row = page.rows["languages"]
        type_in(qtbot, row.control.field, "Klingon")
        row.reset.click()
        settle(qtbot, bridge)
        assert (row.control.field.text(), problem(page, "languages")) == ("en", "")


class TestReset:
    def test_it_is_there_only_where_something_differs(self, page, bridge, qtbot):
        assert not [name for name, row in page.rows.items() if row.reset.isVisibleTo(page)]
        bridge.change_settings(theme="dark")
        settle(qtbot, bridge)
        assert [name for name, row in page.rows.items() if row.reset.isVisibleTo(page)] == ["theme"]

    def test_it_leads_back_by_keyboard_and_keeps_the_keyboard_at_the_row(self, page, bridge, qtbot, own_home):
        bridge.change_settings(theme="dark", cpu_threads=4)
        settle(qtbot, bridge)
        row = page.rows["cpu_threads"]
        row.reset.setFocus()
        qtbot.keyClick(row.reset, KEY.Key_Return)
        settle(qtbot, bridge)
        assert row.control.field.hasFocus()
        assert kept(own_home) == {"theme": "dark"}
        assert not row.reset.isVisibleTo(page)


class TestModels:
    def test_the_card_offers_all_and_fetches_through_a_job(self, page, bridge, qtbot):
        assert page.models._choice.count() > 8
        page.models._fetch.click()
        (job,) = bridge.jobs
        qtbot.waitUntil(lambda: job.state == "failed", timeout=30_000)
        assert page.models._fetch.isEnabled()

    def test_a_folder_is_taken_in_shown_and_checked(self, page, bridge, qtbot, own_home):
        job = models.take_in(bridge, MICRO_MODEL)
        qtbot.waitUntil(lambda: job.state == "done", timeout=30_000)
        settle(qtbot, bridge)
        said = " ".join(w.text() for w in shown(page.models) if isinstance(w, Label))
        assert "Real transcripts are ready: whisper-micro" in said
        assert page.rows["model"].control.field.findData("whisper-micro") >= 0
        check = models.check(bridge, "whisper-micro")
        qtbot.waitUntil(lambda: check.state == "done", timeout=30_000)
        (own_home / "models" / "whisper-micro" / "config.json").write_text("{}")
        check = models.check(bridge, "whisper-micro")
        qtbot.waitUntil(lambda: check.state == "failed", timeout=30_000)
        assert "config.json" in check.problem.message

    def test_a_folder_that_is_no_model_ends_in_the_jobs_problem(self, page, bridge, qtbot, tmp_path):
        job = models.take_in(bridge, tmp_path)
        qtbot.waitUntil(lambda: job.state == "failed", timeout=30_000)
        assert "holds no whole model" in job.problem.message


class TestPrivacyAndBin:
    @pytest.fixture
    def binned(self, bridge, page, qtbot) -> str:
        ids: list[str] = []
        bridge.ask(lambda desk: desk.open_sample("sales_discovery"), ids.append)
        qtbot.waitUntil(lambda: bool(ids), timeout=60_000)
        bridge.do("Deleted", acts.PutInBin((ids[0],)))
        settle(qtbot, bridge)
        return ids[0]

    def buttons(self, page, text: str) -> list[QPushButton]:
        return [b for b in shown(page.bin) if isinstance(b, QPushButton) and b.text() == text]

    def test_it_says_where_things_lie(self, page, own_home):
        assert str(own_home) in [w.text() for w in shown(page.privacy) if isinstance(w, Elided)]

    def test_an_empty_bin_offers_nothing(self, page):
        assert self.buttons(page, "Remove for good…") == []
        assert "Empty" in page.bin._about.text()

    def test_a_call_is_put_back_and_that_can_be_undone(self, page, bridge, binned, qtbot):
        qtbot.waitUntil(lambda: bool(self.buttons(page, "Put back")))
        assert "30 days" in page.bin._about.text()
        assert page.bin.remove.isVisibleTo(page)
        self.buttons(page, "Put back")[0].click()
        settle(qtbot, bridge)
        assert self.buttons(page, "Put back") == []
        assert bridge.can_undo == "Call put back"
        bridge.undo()
        settle(qtbot, bridge)
        qtbot.waitUntil(lambda: len(self.buttons(page, "Put back")) == 1)

    def test_removing_for_good_is_asked_once(self, page, bridge, binned, qtbot, own_home):
        qtbot.waitUntil(lambda: page.bin.remove.isVisibleTo(page))
        page.bin.remove.click()
        assert page.bin.keep.hasFocus()  # what cannot be undone is never a Return away
        page.bin.keep.click()
        assert page.bin.remove.hasFocus()
        page.bin.remove.click()
        page.bin.really.click()
        settle(qtbot, bridge)
        assert "Empty" in page.bin._about.text()
        left: list = []
        bridge.ask(lambda desk: (desk.bin(), desk.count()), left.append)
        qtbot.waitUntil(lambda: bool(left))
        assert left == [([], 0)]


class TestMovingAround:
    def test_the_list_of_sections_is_there_where_there_is_room(self, page, qtbot):
        assert page._list.isVisibleTo(page)
        page.resize(900, 640)
        assert not page._list.isVisibleTo(page)

    def test_every_section_can_be_gone_to(self, page):
        for name, button in page._list._buttons.items():
            button.click()
            assert button.isChecked()
            top = page._column.top_of(page._sections[name]) - page._column.verticalScrollBar().value()
            assert 0 <= top < page.height()
            assert [each for each, b in page._list._buttons.items() if b.isChecked()] == [name]

    def test_a_section_is_gone_to_while_the_page_is_just_being_shown(self, bridge, qtbot):
        pages = QStackedWidget()
        qtbot.addWidget(pages)
        pages.resize(1100, 700)
        pages.show()
        page = SettingsPage(bridge)
        pages.addWidget(page)
        page.reload()
        pages.setCurrentWidget(page)
        page.show_section("Models")
        settle(qtbot, bridge)
        top = page._column.top_of(page._sections["Models"]) - page._column.verticalScrollBar().value()
        assert 0 <= top < 60
        assert page._list._buttons["Models"].isChecked()

    def test_tab_goes_on_in_the_section_gone_to(self, page, qtbot):
        page._list._buttons["Sound"].click()
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Tab)
        assert page.rows["play_speed"].isAncestorOf(QApplication.focusWidget())

    def test_the_list_follows_the_scrolling(self, page):
        bar = page._column.verticalScrollBar()
        bar.setValue(page._column.top_of(page._sections["Transcript"]))
        assert page._list._buttons["Transcript"].isChecked()
        bar.setValue(bar.maximum())
        assert page._list._buttons["Storage"].isChecked()

    def test_scrolling_turns_no_field_under_the_pointer(self, page):
        for name in ("theme", "cpu_threads", "play_speed"):
            field = page.rows[name].control.field
            page.setFocus()
            before = page.rows[name].control.read()
            here = QPointF(field.rect().center())
            event = QWheelEvent(
                here, field.mapToGlobal(here), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(field, event)
            assert page.rows[name].control.read() == before

    def test_the_keyboard_reaches_every_row(self, page, qtbot):
        page.rows["my_name"].control.field.setFocus()
        reached = set()
        for _ in range(40):
            at = QApplication.focusWidget()
            reached |= {name for name, row in page.rows.items() if row.isAncestorOf(at)}
            qtbot.keyClick(at, KEY.Key_Tab)
        assert reached == set(page.rows)


@pytest.mark.parametrize(("width", "height"), [(1080, 700), (700, 600)])
def test_nothing_is_cut_off_or_nameless_in_the_pseudo_language(open_page, bridge, qtbot, width, height):
    sentences.speak("xx")
    try:
        page = open_page(width, height)
        page.bin.show_calls(
            [{"id": "a", "title": "T" * 200, "duration_ms": 60_000, "deleted_at": "2026-10-01T10:00:00Z"}], 30
        )
        page.bin.remove.click()
        bridge.change_settings(theme="dark", my_name="x", cpu_threads=2)
        type_in(qtbot, page.rows["languages"].control.field, "Klingon")
        settle(qtbot, bridge)
        qtbot.wait(50)
        assert cut_off(page) == []
        assert nameless(page) == []
    finally:
        sentences.speak("")


def test_no_thread_but_the_bridges(page):
    assert sorted(t.name for t in threading.enumerate() if t.name.startswith("desk-")) == [
        "desk-jobs",
        "desk-questions",
        "desk-recording",
    ]


def test_one_press_forgets_the_voice_and_switches_it_off(page, bridge, own_home, qtbot):
    assert not page.privacy._voice.isVisibleTo(page.privacy), "nothing is kept, nothing to forget"
    bridge.ask(lambda desk: my_voice.add(desk.home, my_voice.Learnt("0" * 32, "1", (1.0, 0.0))))
    bridge.change_settings(my_voice=True)
    settle(qtbot, bridge)
    page.reload()
    settle(qtbot, bridge)
    assert page.privacy._voice.isVisibleTo(page.privacy) and page.rows["my_voice"].control.read()
    page.privacy.forget.click()
    settle(qtbot, bridge)
    qtbot.waitUntil(lambda: not page.privacy._voice.isVisibleTo(page.privacy))
    assert not (own_home / "my_voice.json").exists()
    assert "my_voice" not in kept(own_home) and not page.rows["my_voice"].control.read()
