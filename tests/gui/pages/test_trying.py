"""Try it, from a suggestion to the next card: said, heard beside the original, kept or deleted; nothing else is touched."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from coachdesk.gui.pages.review import ReviewPage
from coachdesk.gui.widgets.focus_card import FocusCard
from coachdesk.gui.widgets.try_it import TryIt, said
from tests.conftest import SAMPLES
from tests.gui.looking import settle, shown

CALL = SAMPLES / "sales_discovery" / "call.opus"
LONG = {"length_ms": 12_000, "words": 30, "pace_wpm": 150, "asks": "none", "rough": False}


def button(pane, text: str) -> QPushButton:
    return next(b for b in pane.findChildren(QPushButton) if b.text() == text and b.isVisibleTo(pane))


class TestWhatIsCompared:
    def test_by_itself(self):
        assert said(LONG) == "12 s · 150 words a minute · asks nothing"

    @pytest.mark.parametrize(
        ("ms", "words"), [(7_000, "7 s, 5 s shorter"), (15_000, "15 s, 3 s longer"), (12_300, "12 s")]
    )
    def test_beside_the_original(self, ms, words):
        assert said({**LONG, "length_ms": ms}, LONG).split(" · ")[0] == words

    def test_a_draft_is_rough_and_without_words_only_the_length_is_said(self):
        assert said({**LONG, "asks": "open", "rough": True}).endswith("asks an open question · rough: from a draft")
        assert said({"length_ms": 4_000, "words": None, "pace_wpm": None, "asks": "", "rough": False}) == "4 s"


class TestDialog:
    @pytest.fixture
    def dialog(self, qtbot):
        made = TryIt("A problem without a follow-up", "And then?", None)
        qtbot.addWidget(made)
        made.show()
        return made

    def test_everything_can_be_done_by_keyboard(self, dialog, qtbot):
        dialog.set_original({"start_ms": 0, "end_ms": 12_000, "said": LONG})
        dialog.set_takes([{"id": "a", "best": False, "said": LONG}, {"id": "b", "best": False, "said": LONG}])
        names = [b.accessibleName() for b in shown(dialog) if isinstance(b, QPushButton)]
        assert names.index("Hear take 2") < names.index("Hear take 1"), "the newest is on top"
        for name, signal in (("Hear take 2", dialog.take_asked), ("Delete take 1", dialog.delete_asked),
                             ("Keep take 1 for the next call", dialog.best_asked)):  # fmt: skip
            found = next(b for b in shown(dialog) if b.accessibleName() == name)
            found.setFocus()
            with qtbot.waitSignal(signal):
                qtbot.keyClick(found, Qt.Key.Key_Space)

    def test_while_a_call_is_recorded_the_button_says_why_it_is_off(self, dialog):
        dialog.hold(True)
        assert not dialog.record.isEnabled() and "A call is being recorded" in dialog.record.toolTip()
        assert any("A call is being recorded" in w.text() for w in shown(dialog) if isinstance(w, QLabel))
        dialog.show_busy(True)
        dialog.show_busy(False)
        assert not dialog.record.isEnabled()
        dialog.hold(False)
        assert dialog.record.isEnabled() and "Only your microphone" in dialog.record.toolTip()
        dialog.show_recording(True)
        dialog.hold(True)
        assert dialog.record.isEnabled(), "what is being said can be ended"

    def test_without_takes_it_says_what_to_do(self, dialog):
        assert "Say it the way you would like to" in " ".join(w.text() for w in shown(dialog) if isinstance(w, QLabel))
        assert not dialog.hear.isEnabled()


def test_a_take_from_the_suggestion_to_the_card(bridge, qtbot, own_home):
    bridge.change_settings(record_mic=f"file:{CALL}?channel=0", engine="none")
    ids: list[str] = []
    bridge.ask(lambda desk: desk.open_sample("sales_discovery"), ids.append)
    qtbot.waitUntil(lambda: bool(ids), timeout=60_000)
    page = ReviewPage(bridge)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.open(ids[0])
    qtbot.waitUntil(lambda: bool(page._doc), timeout=30_000)
    button(page.panes.coaching, "Try it").click()
    dialog = page.trying.dialog
    settle(qtbot, bridge)
    assert dialog.hear.isEnabled()
    dialog.record.click()
    qtbot.waitUntil(lambda: dialog.record.text() == "Stop", timeout=20_000)
    qtbot.waitUntil(lambda: "0:02" in dialog._time.text(), timeout=20_000)
    dialog.record.click()
    qtbot.waitUntil(lambda: any(b.text() == "Keep for the next call" for b in shown(dialog) if isinstance(b, QPushButton)),
                    timeout=30_000)  # fmt: skip
    assert bridge.jobs == [], "listened to, and out of the way"
    button(dialog, "Keep for the next call").click()
    settle(qtbot, bridge)
    assert button(dialog, "On your next card")
    dialog.hear.click()
    qtbot.waitUntil(lambda: page._playback.playing, timeout=10_000)
    next(b for b in shown(dialog) if b.accessibleName() == "Hear take 1").click()
    qtbot.waitUntil(lambda: page.trying._sound.playing and not page._playback.playing, timeout=10_000)
    rule = page._doc["suggestions"][0]["rule"]
    found: list = []
    bridge.ask(lambda desk: (desk.respond(ids[0], rule, "accept"), desk.focus("sales_discovery"))[1], found.append)
    settle(qtbot, bridge)
    card = FocusCard()
    qtbot.addWidget(card)
    card.set_focus(found[0])
    with qtbot.waitSignal(card.take_asked) as asked:
        card.take.click()
    assert asked.args == [found[0]["take"]["id"]]
    next(b for b in shown(dialog) if b.accessibleName() == "Delete take 1").click()
    settle(qtbot, bridge)
    assert list((own_home / "takes").iterdir()) == []
    page.leave()
    assert page.trying.dialog is None


def test_a_dialog_closed_while_recording_leaves_nothing(bridge, qtbot, own_home):
    bridge.change_settings(record_mic=f"file:{CALL}?channel=0", engine="none")
    ids: list[str] = []
    bridge.ask(lambda desk: desk.import_transcript(SAMPLES / "sales_discovery" / "transcript.json"), ids.append)
    qtbot.waitUntil(lambda: bool(ids), timeout=60_000)
    page = ReviewPage(bridge)
    qtbot.addWidget(page)
    page.trying.open(ids[0], {"rule": "DIS-01", "title": "A title", "try_saying": ""}, 0, 1_000)
    page.trying.dialog.record.click()
    qtbot.waitUntil(lambda: page.trying._recorder is not None, timeout=20_000)
    page.trying.close()
    qtbot.waitUntil(lambda: page.trying._recorder is None, timeout=20_000)
    settle(qtbot, bridge)
    assert list((own_home / "takes").iterdir()) == []


def test_the_microphone_is_the_calls_while_one_is_recorded(bridge, qtbot, own_home):
    bridge.change_settings(record_mic=f"file:{CALL}?channel=0", engine="none")
    ids: list[str] = []
    bridge.ask(lambda desk: desk.import_transcript(SAMPLES / "sales_discovery" / "transcript.json"), ids.append)
    qtbot.waitUntil(lambda: bool(ids), timeout=60_000)
    page = ReviewPage(bridge)
    qtbot.addWidget(page)
    bridge.note_recorded(True)
    page.trying.open(ids[0], {"rule": "DIS-01", "title": "A title", "try_saying": ""}, 0, 1_000)
    dialog = page.trying.dialog
    assert not dialog.record.isEnabled()
    page.trying._record()
    assert not page.trying._starting
    bridge.note_recorded(False)
    dialog.record.click()
    qtbot.waitUntil(lambda: dialog.record.text() == "Stop", timeout=20_000)
    bridge.note_recorded(True)  # a call begins: the take ends with what there is
    qtbot.waitUntil(lambda: page.trying._recorder is None, timeout=20_000)
    assert not dialog.record.isEnabled()
    dialog.reject()
