"""The Cases page: found, shown, changed and undone, with the mouse and with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QInputDialog

from coachdesk.desk import amend
from coachdesk.desk.amend_case import SetCaseResult
from coachdesk.desk.desk import open_desk
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.pages.cases import CasesPage
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.text import Label
from tests.desk.test_cases import ASKED, CONCERN
from tests.desk.test_library import call
from tests.gui.looking import cut_off, nameless, settle

TODAY = date.today()
YESTERDAY, LATER = ((TODAY + timedelta(days=n)).isoformat() for n in (-1, 5))
LONG = "Northbeam <b>Logistics</b> Holding of Greater Manchester and the North West & Sons"


@pytest.fixture
def calls(own_home: Path, tmp_path: Path) -> dict[str, str]:
    """Three cases: one with something due, one with a long name, one that is won."""
    with open_desk(str(own_home)) as desk:
        made = {
            name: call(desk, tmp_path, name, f"Hello, {name}.", ASKED, "Let me check.", CONCERN, on=on, case=case)
            for name, on, case in (
                ("first", "2026-03-01", "Birch Lane"),
                ("second", "2026-03-05", "Birch Lane"),
                ("long", "2026-03-07", LONG),
                ("over", "2026-03-02", "Zinc"),
            )
        }
        desk.amend(made["first"], amend.SetStep("Send the list", due=YESTERDAY))
        desk.amend(made["second"], amend.SetStep("Call again", due=LATER))
        desk.change_case(SetCaseResult(desk.case_id("Zinc"), "won", "2026-03-03"))
    return made


@pytest.fixture
def page(calls: dict[str, str], window: MainWindow, qtbot: Any) -> CasesPage:
    window.show_page("cases")
    found: CasesPage = window._made["cases"]
    qtbot.waitUntil(lambda: found.list.current != "" and bool(found.view._doc), timeout=10_000)
    return found


@pytest.fixture
def rest(bridge: Any, qtbot: Any) -> Callable[[], None]:
    def wait() -> None:
        qtbot.wait(160)  # the page asks again a moment after a change
        settle(qtbot, bridge)

    return wait


@pytest.fixture
def stored(own_home: Path) -> Callable[..., dict[str, Any]]:
    def case(name: str) -> dict[str, Any]:
        with open_desk(str(own_home)) as desk:
            return desk.case(name)

    return case


def names(page: CasesPage) -> list[str]:
    return [case["name"] for case in page.list._cases.found]


def show(page: CasesPage, name: str, rest: Callable[[], None]) -> None:
    page.show_case(next(case["id"] for case in page._every if case["name"] == name))
    rest()
    assert page.view._doc["name"] == name


def button(page: CasesPage, name: str) -> QAbstractButton:
    found = [b for b in page.view.findChildren(QAbstractButton) if b.accessibleName() == name and b.isVisible()]
    assert len(found) == 1, [b.accessibleName() for b in page.view.findChildren(QAbstractButton)]
    return found[0]


class TestFinding:
    def test_the_last_spoken_with_stands_first_and_is_shown(self, page):
        assert names(page) == [LONG, "Birch Lane", "Zinc"]
        assert page.view._doc["name"] == LONG and page.list.hasFocus()

    def test_search_filter_and_order(self, page, rest):
        page.search.setText("birch")
        assert names(page) == ["Birch Lane"]
        page.search.clear()
        for at, wanted in (
            (1, [LONG, "Birch Lane"]),
            (2, ["Birch Lane"]),
            (3, ["Zinc"]),
            (0, [LONG, "Birch Lane", "Zinc"]),
        ):
            page._shown.setCurrentIndex(at)
            page._fill()
            assert names(page) == wanted
        page._order.setCurrentIndex(1)
        page._fill()
        assert names(page)[0] == "Birch Lane"
        page.search.setText("nobody")
        assert page._nothing.isVisible() and not page.view.isVisible()

    def test_the_keyboard_goes_through_the_list_into_the_case_and_back(self, page, rest, qtbot):
        qtbot.keyClick(page.list, Qt.Key.Key_Down)
        rest()
        assert page.view._doc["name"] == "Birch Lane"
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
        assert page.view.name.hasFocus()
        qtbot.keyClicks(page.view.name, "x")
        qtbot.keyClick(page.view.name, Qt.Key.Key_Escape)
        assert page.list.hasFocus() and page.view.name.text() == "Birch Lane"

    def test_without_cases_it_teaches_how_there_come_some(self, window, qtbot, bridge):
        window.show_page("cases")
        empty = window._made["cases"]
        qtbot.waitUntil(lambda: empty._to_calls.isVisible() and empty._to_calls.hasFocus(), timeout=10_000)
        empty._to_calls.click()
        assert window.pages.currentWidget() is window.library


class TestShowing:
    def test_a_case_shows_what_is_due_what_is_open_and_its_calls(self, page, rest, window, calls, qtbot):
        show(page, "Birch Lane", rest)
        said = [label.text() for label in page.view.pane.content.findChildren(Label)]
        assert "Next steps: 1 is due" in said and "Send the list" in said and "Call again" in said
        assert [d.accessibleName() for d in page.view.findChildren(Door)] == [
            f"Play 0:04: {ASKED}",
            f"Play 0:12: {CONCERN}",
        ]
        opened = []
        window.open_call = lambda *asked: opened.append(asked)
        page.call_asked.disconnect()
        page.call_asked.connect(window.open_call)
        button(page, "Open second").click()
        page.view.findChildren(Door)[0].click()
        assert opened[0] == (calls["second"], -1, -1) and opened[1][:2] == (calls["second"], 4_000)
        assert opened[1][2] > 4_000

    def test_everything_has_a_name_and_fits(self, page, rest):
        for name in (LONG, "Birch Lane", "Zinc"):
            show(page, name, rest)
            assert nameless(page) == [] and cut_off(page) == []


class TestChanging:
    def test_stage_result_and_day_are_set_and_undone(self, page, rest, stored, bridge, qtbot):
        show(page, "Birch Lane", rest)
        page.view.stage.setText("Offer sent")
        qtbot.keyClick(page.view.stage, Qt.Key.Key_Return)
        rest()
        page.view.result.menu().actions()[1].trigger()
        rest()
        assert (stored("Birch Lane")["stage"], stored("Birch Lane")["result"]) == ("Offer sent", "won")
        assert page.view.day.isVisible() and stored("Birch Lane")["result_at"] == TODAY.isoformat()
        page.view.day.setDate(QDate(2026, 3, 4))
        qtbot.keyClick(page.view.day, Qt.Key.Key_Return)
        rest()
        assert stored("Birch Lane")["result_at"] == "2026-03-04"
        for _ in range(3):
            bridge.undo()
            rest()
        assert (stored("Birch Lane")["stage"], stored("Birch Lane")["result"]) == (None, None)
        assert page.view.stage.text() == "" and not page.view.day.isVisible()

    def test_a_name_another_has_is_refused_and_not_shown(self, page, rest, stored, window, qtbot):
        show(page, "Birch Lane", rest)
        page.view.name.setText("zinc")
        qtbot.keyClick(page.view.name, Qt.Key.Key_Return)
        rest()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None and "another case" in " ".join(label.text() for label in dialog.findChildren(Label))
        dialog.close()
        assert page.view.name.text() == "Birch Lane" and stored("Birch Lane")

    def test_a_next_step_is_kept_and_open_again_with_undo(self, page, rest, stored, bridge):
        show(page, "Birch Lane", rest)
        button(page, "Kept: Send the list").click()
        rest()
        assert [s["standing"] for s in stored("Birch Lane")["steps"]] == ["open", "kept"]
        assert "Next steps" in [label.text() for label in page.view.pane.content.findChildren(Label)]
        bridge.undo()
        rest()
        assert stored("Birch Lane")["due"] == 1
        button(page, "Slipped: Send the list").click()
        rest()
        over = next(b for b in page.view.findChildren(QAbstractButton) if b.text() == "1 that is over")
        over.click()
        button(page, "Open again: Send the list").click()
        rest()
        assert stored("Birch Lane")["due"] == 1

    def test_two_cases_are_made_one_and_two_again(self, page, rest, stored, bridge):
        show(page, "Birch Lane", rest)
        page.choose_merge()
        ask = page.findChild(QInputDialog)
        assert ask.comboBoxItems()[-1] == "Zinc"
        ask.setTextValue("Zinc")
        ask.accept()
        rest()
        assert names(page) == [LONG, "Birch Lane"] and stored("Birch Lane")["calls"] == 3
        bridge.undo()
        rest()
        assert names(page) == [LONG, "Birch Lane", "Zinc"]

    def test_results_are_shown_first_then_taken_over_and_undone(self, page, rest, stored, bridge, tmp_path):
        path = tmp_path / "results.csv"
        path.write_text("Account;Result\nBirch Lane;Lost\nNobody;Won\n")
        page.look_at_results(path)
        rest()
        model = page.preview.table.model()
        cells = [[model.index(n, c).data() for c in range(3)] for n in range(model.rowCount())]
        assert cells[0][:2] == ["2", "Birch Lane"] and cells[0][2].startswith("result: – → lost")
        assert cells[1][1] == "Nobody" and cells[1][2].startswith("Left out: There is no case Nobody.")
        assert nameless(page.preview) == [] and cut_off(page.preview) == []
        assert stored("Birch Lane")["result"] is None
        page.preview.apply.click()
        rest()
        assert stored("Birch Lane")["result"] == "lost"
        bridge.undo()
        rest()
        assert stored("Birch Lane")["result"] is None
