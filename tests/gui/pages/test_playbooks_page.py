"""The playbooks page: read, changed with a call beside it, refused at the field, saved, taken back, left and gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from coachdesk import sentences
from coachdesk.coaching.card_edit import DraftCard, DraftCriterion
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages.playbooks import PlaybooksPage
from coachdesk.gui.widgets.fields import Switch
from coachdesk.gui.widgets.fold import Fold
from coachdesk.gui.widgets.playbook_fields import Amount, Line, More
from coachdesk.gui.widgets.scorecard_editor import ScorecardEditor
from tests.gui.looking import cut_off, nameless, settle, shown

SALES = "sales_discovery"


@pytest.fixture
def sample(bridge: Bridge, qtbot) -> str:
    ids: list[str] = []
    bridge.ask(lambda desk: desk.open_sample(SALES), ids.append)
    qtbot.waitUntil(lambda: bool(ids), timeout=60_000)
    return ids[0]


@pytest.fixture
def page(bridge: Bridge, qtbot):
    made = PlaybooksPage(bridge)
    qtbot.addWidget(made)
    made.resize(1104, 800)
    made.show()
    made.activateWindow()
    made.show_playbook(SALES)
    qtbot.waitUntil(lambda: made._facts is not None, timeout=20_000)
    return made


@pytest.fixture
def editing(page, qtbot, bridge):
    page.begin()
    settle(qtbot, bridge)
    return page


def looked(page, qtbot, bridge) -> None:
    """Until the desk has looked at what was changed."""
    qtbot.waitUntil(lambda: not page._soon.isActive(), timeout=10_000)
    settle(qtbot, bridge)


def unfold(pane, heading: str) -> None:
    next(fold for fold in pane.findChildren(Fold) if fold.head.accessibleName() == heading).head.setChecked(True)


def named(pane, kind: type, name: str):
    return next(w for w in pane.findChildren(kind) if w.accessibleName() == name and w.isVisibleTo(pane))


def said(widget) -> str:
    return "\n".join(label.text() for label in shown(widget) if isinstance(label, QLabel))


class TestReading:
    def test_a_rule_says_when_it_speaks_and_where_it_comes_from(self, page):
        unfold(page.reading, "Questions")
        text = said(page.reading)
        assert "When: Questions in 30 minutes (you): less than 8; Length of the call: at least 12 minutes." in text
        assert "Vendor claim: Gong slides, 11-14 questions a call did best" in text

    def test_folds_are_filled_when_they_are_opened(self, page):
        before = len(page.reading.findChildren(QLabel))
        unfold(page.reading, "What is listened for")
        assert "Said by the buyer · 5 built-in lists of words" in said(page.reading)
        assert len(page.reading.findChildren(QLabel)) > before + 40

    def test_the_list_leads_to_another_by_keyboard(self, page, qtbot, bridge):
        row = page.list._rows["recruiting_screen"]
        row.setFocus()
        qtbot.keyClick(row, Qt.Key.Key_Space)
        settle(qtbot, bridge)
        assert page.header.name.text() == "Recruiting screen" and row.isChecked()

    def test_one_with_a_mistake_says_which_and_leads_back(self, page, qtbot, bridge, own_home: Path):
        (own_home / "playbooks" / f"{SALES}.toml").write_text('format = "x"\n')
        page.reload()
        settle(qtbot, bridge)
        assert f"{SALES}.toml, line 1:" in said(page) and not page.header.change.isEnabled()
        page._to_shipped.click()
        settle(qtbot, bridge)
        page.reload()
        settle(qtbot, bridge)
        assert page._facts.book is not None and page.header.change.isEnabled()


class TestChanging:
    def test_a_rule_switched_off_shows_at_once_what_the_call_would_be_told(self, sample, editing, qtbot, bridge):
        page = editing
        assert "The same as before" in said(page.preview)
        unfold(page.editing, "Learning what is needed")
        named(page.editing, Switch, "A problem without a follow-up").click()
        looked(page, qtbot, bridge)
        text = said(page.preview)
        assert "This is what changes:" in text and "no more" in text and "new" in text
        assert "5 of 7 on" in said(page.editing)
        assert page.header.save.isEnabled()
        page.step_back()
        settle(qtbot, bridge)
        assert "The same as before" in said(page.preview) and not page.header.save.isEnabled()
        assert named(page.editing, Switch, "A problem without a follow-up").isChecked()

    def test_without_calls_the_preview_says_what_it_is_for(self, editing):
        assert "Record or import a call" in said(editing.preview)

    def test_limits_are_set_in_the_unit_people_read(self, editing, qtbot, bridge):
        page = editing
        unfold(page.editing, "Listening")
        box = named(page.editing, Amount, "Longest stretch: you: more than")
        assert box.text() == "120 s"
        box.setValue(90)
        looked(page, qtbot, bridge)
        assert "monologue_ms = 90000" in page.draft.text
        assert "more than 1:30" in said(page.editing), "the sentence follows"

    def test_a_range_that_cannot_be_is_said_at_its_field_and_not_saved(self, editing, qtbot, bridge):
        page = editing
        unfold(page.editing, "Usual ranges")
        named(page.editing, Amount, "Questions, to").setValue(5)
        assert "This range ends before it begins." in said(page.editing)
        assert "see the field that is marked" in page.header.state.text() and not page.header.save.isEnabled()
        named(page.editing, Amount, "Questions, to").setValue(20)
        looked(page, qtbot, bridge)
        assert "ends before it begins" not in said(page.editing) and page.header.save.isEnabled()
        assert page.draft.text.count("Your own range, instead of: Gong slides") == 1

    def test_an_open_end_is_a_dash(self, editing):
        unfold(editing.editing, "Usual ranges")
        low = named(editing.editing, Amount, "Words per turn, from")
        assert (low.text(), low.amount()) == ("–", None)

    def test_a_phrase_is_added_by_keyboard_and_what_is_being_typed_elsewhere_stays(self, editing, qtbot, bridge):
        page = editing
        unfold(page.editing, "What is listened for")
        hints = ["One more phrase for “Price”", "One more phrase for “Budget”"]
        fields = [m.field for m in page.editing.findChildren(More) if m.field.accessibleName() in hints]
        qtbot.keyClicks(fields[1], "half of it")
        qtbot.keyClicks(fields[0], "sticker price")
        qtbot.keyClick(fields[0], Qt.Key.Key_Return)
        looked(page, qtbot, bridge)
        assert named(page.editing, QPushButton, "Take out: sticker price")
        texts = [m.field.text() for m in page.editing.findChildren(More) if m.field.accessibleName() in hints]
        assert texts == ["", "half of it"]

    def test_what_the_desk_finds_wrong_is_said_at_the_field_that_changed(self, editing, qtbot, bridge):
        page = editing
        unfold(page.editing, "What is listened for")
        named(page.editing, QPushButton, "Remove: Timing").click()
        looked(page, qtbot, bridge)
        assert 'there is no tracker "timeline"' in said(page.editing) + page.header.state.text()
        assert not page.header.save.isEnabled()
        page.step_back()
        settle(qtbot, bridge)
        assert "there is no tracker" not in said(page)


class TestKeeping:
    def change_name(self, page, qtbot, bridge, name: str) -> None:
        line = named(page.editing, Line, "Name")
        line.setFocus()
        line.selectAll()
        qtbot.keyClicks(line, name)
        qtbot.keyClick(line, Qt.Key.Key_Return)
        looked(page, qtbot, bridge)

    def test_saved_it_is_the_persons_own_and_ctrl_z_takes_that_back(self, editing, qtbot, bridge, own_home: Path):
        page, own = editing, own_home / "playbooks" / f"{SALES}.toml"
        self.change_name(page, qtbot, bridge, "Ours")
        page.header.save.click()
        settle(qtbot, bridge)
        assert 'name = "Ours"' in own.read_text() and page.header.name.text() == "Ours"
        assert page.header.state.text() == "Yours, instead of the shipped one."
        assert bridge.can_undo == "Playbook saved"
        bridge.undo()
        settle(qtbot, bridge)
        assert not own.exists() and page.header.name.text() == "Sales discovery"
        bridge.redo()
        settle(qtbot, bridge)
        assert own.exists()
        page.header._shipped.trigger()
        settle(qtbot, bridge)
        assert not own.exists() and bridge.can_undo == "Back to the shipped playbook"

    def test_left_unsaved_it_is_gone_on_with(self, editing, qtbot, bridge, own_home: Path):
        page = editing
        self.change_name(page, qtbot, bridge, "Half done")
        page.header.leave.click()
        settle(qtbot, bridge)
        assert page.header.change.text() == "Go on changing" and page.header.name.text() == "Sales discovery"
        page.begin()
        settle(qtbot, bridge)
        assert named(page.editing, Line, "Name").text() == "Half done" and page.header.save.isEnabled()
        assert list((own_home / "playbooks").glob("*.toml")) == []

    def test_a_window_that_goes_costs_no_change_and_it_can_be_forgotten(self, editing, qtbot, bridge):
        self.change_name(editing, qtbot, bridge, "Half done")
        again = PlaybooksPage(bridge)
        qtbot.addWidget(again)
        again.show_playbook(SALES)
        settle(qtbot, bridge)
        assert again.header.change.text() == "Go on changing" and again.header._forget.isVisible()
        again.header._forget.trigger()
        settle(qtbot, bridge)
        assert again.header.change.text() == "Change a copy" and not again.header._forget.isVisible()
        again.begin()
        assert not again.draft.changed

    def test_saved_nothing_is_left_unsaved(self, editing, qtbot, bridge, own_home: Path):
        self.change_name(editing, qtbot, bridge, "Ours")
        editing.header.save.click()
        settle(qtbot, bridge)
        assert list((own_home / "playbooks" / "drafts").glob("*")) == []
        assert editing.header.change.text() == "Change"

    def test_a_copy_gets_an_id_of_its_own_and_is_shown(self, page, qtbot, bridge, own_home: Path):
        page._copy("Große Kunden")
        settle(qtbot, bridge)
        assert (own_home / "playbooks" / "groe_kunden.toml").exists() or list((own_home / "playbooks").glob("gro*"))
        assert page.header.name.text() == "Große Kunden" and page.header.state.text() == "Yours."


class TestScorecards:
    def test_a_shared_card_is_edited_as_this_playbooks_own_and_undone(self, editing, qtbot, bridge):
        page = editing
        unfold(page.editing, "Scorecards")
        assert said(page.editing).count("shared with other playbooks") == 2
        named(page.editing, QPushButton, "Edit card: Conversation").click()
        dialog = page.window().findChild(ScorecardEditor)
        dialog.name.setText("Our conversations")
        dialog.name.textEdited.emit("Our conversations")
        dialog.tell()
        looked(page, qtbot, bridge)
        assert said(page.editing).count("shared with other playbooks") == 1
        assert "Our conversations" in said(page.editing) and page.header.save.isEnabled()
        page.step_back()
        settle(qtbot, bridge)
        assert "Our conversations" not in said(page.editing) and not page.header.save.isEnabled()

    def test_a_new_one_is_written_and_saved_and_another_taken_out(self, editing, qtbot, bridge):
        page = editing
        unfold(page.editing, "Scorecards")
        named(page.editing, QPushButton, "Remove: Conversation").click()
        looked(page, qtbot, bridge)
        new = next(b for b in page.editing.findChildren(QPushButton) if b.text() == "New card" and b.isVisibleTo(page))
        assert [action.text() for action in new.menu().actions()][:1] == ["Empty"]
        assert "Begin from “Conversation”" in [action.text() for action in new.menu().actions()]
        new.menu().actions()[0].trigger()
        dialog = page.window().findChild(ScorecardEditor)
        dialog.draft = DraftCard("Ours", "", False, (DraftCriterion("Room to speak"),))
        dialog.tell()
        looked(page, qtbot, bridge)
        page.save()
        settle(qtbot, bridge)
        books = []
        bridge.ask(lambda desk: desk.playbook(SALES), books.append)
        settle(qtbot, bridge)
        assert [card.id for card in books[0].scorecard] == ["sales_discovery", "ours"]


@pytest.mark.parametrize(("width", "height"), [(1104, 800), (704, 560)])
def test_nothing_is_cut_off_or_nameless_in_the_pseudo_language(bridge, qtbot, sample, width, height):
    sentences.speak("xx")
    try:
        page = PlaybooksPage(bridge)
        qtbot.addWidget(page)
        page.resize(width, height)
        page.show()
        page.show_playbook(SALES)
        qtbot.waitUntil(lambda: page._facts is not None, timeout=20_000)
        for pane in (page.reading, page.editing):
            for fold in pane.findChildren(Fold):
                fold.head.setChecked(True)
            qtbot.wait(60)
            assert (cut_off(page), nameless(page)) == ([], [])
            page.begin()
            settle(qtbot, bridge)
        assert QApplication.activeWindow() is None or page.preview.isVisibleTo(page)
    finally:
        sentences.speak("")
