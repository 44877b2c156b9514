"""The review page, walked with the real desk on a history on disk: hear, read, set right, decide; undo everywhere."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from coachdesk.desk import my_voice
from coachdesk.desk.desk import open_desk
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.pages.review import ReviewPage
from coachdesk.gui.pages.review_view import findings
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.review_bar import StepDialog
from coachdesk.gui.widgets.text import Label
from coachdesk.gui.widgets.whose_voice import GuessedVoice, WhoseVoice
from coachdesk.history import calls, voices
from coachdesk.model import Role, Speaker
from coachdesk.sentences import clock


@pytest.fixture
def page(window: MainWindow, qtbot) -> ReviewPage:
    """The sales sample under review."""
    window.open_sample("sales_discovery")
    qtbot.waitUntil(lambda: window._review is not None and bool(window._review._doc), timeout=10_000)
    window._review.play(0)
    window._review.pause()
    return window._review


@pytest.fixture
def stored(page: ReviewPage, own_home):
    """What the history on disk says of the call."""

    def look() -> dict[str, Any]:
        with open_desk(str(own_home)) as desk:
            return msgspec.to_builtins(desk.review(page.call_id))

    return look


def door(page: ReviewPage, n: int = 0) -> Door:
    return [d for d in page.panes.coaching.findChildren(Door) if d.isVisible()][n]


def answer(page: ReviewPage, rule: str, text: str) -> None:
    """Choose an answer to a finding from its menu."""
    title = next(f["title"] for f in page._doc["suggestions"] + page._doc["review_flags"] if f["rule"] == rule)
    button = next(b for b in page.panes.coaching.findChildren(QToolButton) if b.accessibleName().endswith(title))
    next(a for a in button.menu().actions() if a.text() == text).trigger()


def labels(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(Label)]


class TestLooking:
    def test_talk_share_and_wording_are_seen_without_scrolling(self, window, page) -> None:
        window.resize(1280, 800)
        place = page.panes.glance.mapTo(window, page.panes.glance.rect().bottomRight())
        assert page.panes.glance.isVisible() and place.y() < 800 - page.bar.height() - page.player.height()
        assert any("61 %" in text for text in labels(page.panes.glance))

    def test_every_side_has_its_lane_and_every_finding_its_mark(self, page) -> None:
        assert [lane.side for lane in page.timeline._lanes] == ["rep", "other"]
        marked = {(m.start_ms, m.end_ms) for m in page.timeline._marks if m.kind == "evidence"}
        said = {(e["start_ms"], e["end_ms"]) for s in page._doc["suggestions"] for e in s["evidence"]}
        assert said and said <= marked

    def test_the_spoken_line_follows_the_player(self, page, qtbot) -> None:
        said = page._doc["transcript"]["utterances"][20]
        page.play(said["start_ms"])
        qtbot.waitUntil(lambda: page.transcript.rows._spoken is not None and page._playback.playing, timeout=10_000)
        row = page.transcript.rows.rows.lines[page.transcript.rows._spoken]
        assert row.start_ms <= page._playback.position_ms


class TestPlaying:
    def test_a_piece_of_evidence_plays_from_its_second_to_its_end(self, page, qtbot) -> None:
        first = door(page)
        asked: list[tuple[int, int]] = []
        first.play_asked.connect(lambda start, end: asked.append((start, end)))
        page._playback.set_speed(3.0)
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
        heard: list[int] = []
        page._playback.heard.connect(lambda ms, playing, clock: heard.append(ms) if playing else None)
        qtbot.waitUntil(lambda: page._playback.playing, timeout=10_000)
        qtbot.waitUntil(lambda: not page._playback.playing, timeout=30_000)
        [(start, end)] = asked
        told = {
            (e["start_ms"], max(e["end_ms"], e["start_ms"] + 3_000)) for s in findings(page._doc) for e in s["evidence"]
        }
        assert (start, end) in told
        assert min(heard) >= start
        assert abs(page._playback.position_ms - end) < 200

    def test_keys_play_pause_step_and_go_from_moment_to_moment(self, page, qtbot) -> None:
        page.setFocus()
        qtbot.waitUntil(lambda: page._playback._player is not None, timeout=10_000)
        qtbot.keyClick(page, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: page._playback.playing, timeout=10_000)
        qtbot.keyClick(page, Qt.Key.Key_K)
        qtbot.waitUntil(lambda: not page._playback.playing)
        at = page._playback.position_ms
        qtbot.keyClick(page, Qt.Key.Key_L)
        qtbot.waitUntil(lambda: page._playback.position_ms >= at + 4_900)
        qtbot.keyClick(page, Qt.Key.Key_J)
        qtbot.waitUntil(lambda: page._playback.position_ms <= at + 100)
        following = next(m for m in page._moments if m.start_ms > page._playback.position_ms + 500)
        qtbot.keyClick(page, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda: page._playback.playing and page._playback.position_ms >= following.start_ms)
        qtbot.keyClick(page, Qt.Key.Key_BracketRight)
        assert page.player.speed.currentData() == 1.25

    def test_the_listening_path_jumps_from_stretch_to_stretch_and_is_over(self, page, qtbot) -> None:
        length_ms = sum(s["end_ms"] - s["start_ms"] for s in page._doc["listening_path"])
        assert 60_000 < length_ms <= 360_000 and page.player.path.text() == clock(length_ms)
        stretches = [(10_000, 10_900), (40_000, 40_900)]
        page.path.set_document(
            {"listening_path": [{"start_ms": a, "end_ms": b, "why": ["praise"]} for a, b in stretches]}
        )
        heard, seen = [], []
        page._playback.heard.connect(lambda ms, playing, clock: heard.append(ms) if playing else None)
        page._playback.on_path.connect(lambda start, end: seen.append((start, page.player.path.isChecked())))
        page.setFocus()
        qtbot.keyClick(page, Qt.Key.Key_P)
        qtbot.waitUntil(lambda: seen[-1:] == [(-1, False)], timeout=20_000)
        assert seen == [(10_000, True), (40_000, True), (-1, False)]
        assert all(any(a <= ms <= b for a, b in stretches) for ms in heard) and not page._playback.playing
        assert page.timeline._span is None

    def test_whatever_else_is_asked_for_leaves_the_listening_path(self, page, qtbot) -> None:
        for leave in (lambda: page.play(60_000, 70_000), lambda: page._seek(80_000), page.player.path.click):
            page.player.path.click()
            assert page.player.path.isChecked() and page.timeline._span is not None
            leave()
            assert not page.player.path.isChecked()
        qtbot.waitUntil(lambda: not page._playback.playing, timeout=10_000)
        page.player.path.click()
        page.play(60_000, 70_000)
        assert page.timeline._span == (60_000, 70_000), "the moment that was asked for"

    def test_leaving_the_page_pauses(self, window, page, qtbot) -> None:
        page.play(10_000)
        qtbot.waitUntil(lambda: page._playback.playing, timeout=10_000)
        window.show_settings()
        qtbot.waitUntil(lambda: not page._playback.playing)


class TestSettingRight:
    def test_not_said_takes_the_fact_away_everywhere_and_comes_back_with_undo(self, page, stored, qtbot) -> None:
        rule = next(s["rule"] for s in page._doc["suggestions"] if "absent" in s["may_be_answered"])
        before = stored()
        answer(page, rule, "That was not said")
        qtbot.waitUntil(lambda: [a["rule"] for a in page._doc["answers"]] == [rule])
        assert rule not in [s["rule"] for s in stored()["suggestions"]]
        assert len(stored()["tracker_hits"]) < len(before["tracker_hits"])
        qtbot.waitUntil(lambda: any("You said that this was not said" in text for text in labels(page.panes.coaching)))
        qtbot.keyClick(page.window(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: page._doc["answers"] == [])
        assert stored()["tracker_hits"] == before["tracker_hits"]

    def test_it_is_here_asks_for_the_line_and_marks_it(self, window, page, stored, qtbot) -> None:
        rules = [s for s in page._doc["suggestions"] if "present" in s["may_be_answered"]]
        assert rules, "the sample has a finding about something not found"
        answer(page, rules[0]["rule"], "It is here...")
        assert page.transcript.asking
        rows = page.transcript.rows
        rows.show_index(40)
        qtbot.keyClick(rows, Qt.Key.Key_M)
        qtbot.waitUntil(lambda: bool(page._doc["answers"]))
        start = page._doc["transcript"]["utterances"][40]["start_ms"]
        assert stored()["answers"][0]["at_ms"] == start
        assert not page.transcript.asking
        assert any(m.kind == "corrected" and m.start_ms == start for m in page.timeline._marks)

    def test_not_for_me_only_lowers_the_weight(self, page, stored, qtbot) -> None:
        first = page._doc["suggestions"][0]
        answer(page, first["rule"], "True, but not for me")
        qtbot.waitUntil(lambda: bool(page._doc["answers"]))
        after = {s["rule"]: s["priority"] for s in stored()["suggestions"]}
        assert after.get(first["rule"], 0) < first["priority"]

    def test_wrong_kind_of_call_offers_the_playbooks(self, page, stored, qtbot) -> None:
        answer(page, page._doc["suggestions"][0]["rule"], "Wrong kind of call...")
        assert page.header.playbook.view().isVisible()
        page.header.playbook.hidePopup()
        n = page.header.playbook.findData("recruiting_screen")
        page.header.playbook.setCurrentIndex(n)
        page.header.playbook.activated.emit(n)
        qtbot.waitUntil(lambda: page._doc["provenance"]["playbook"] == "recruiting_screen")
        assert stored()["call"]["kind"] == "recruiting_screen"

    def test_a_word_edited_in_place_is_stored_and_undone(self, window, page, stored, qtbot) -> None:
        rows = page.transcript.rows
        rows.show_index(2)
        qtbot.keyClick(rows, Qt.Key.Key_F2)
        field = rows.findChild(object, "") and rows.viewport().findChildren(object)
        assert field
        page.transcript.rows.edited.emit(2, "Entirely other words about pricing.")
        qtbot.waitUntil(lambda: page._doc["transcript"]["utterances"][2]["corrected"])
        assert stored()["transcript"]["utterances"][2]["text"] == "Entirely other words about pricing."
        assert "Words corrected" in window.toast.text
        window.toast.undo_asked.emit()
        qtbot.waitUntil(lambda: not page._doc["transcript"]["utterances"][2]["corrected"])

    def test_a_wording_moment_that_was_not_useful_stays_away(self, page, stored, qtbot) -> None:
        shown = [w for w in page._doc["wording"] if not w["not_useful"]]
        page.panes.wording.not_useful.emit(shown[0]["start_ms"])
        qtbot.waitUntil(lambda: any(w["not_useful"] for w in page._doc["wording"]))
        assert [w["start_ms"] for w in stored()["wording"] if w["not_useful"]] == [shown[0]["start_ms"]]


class TestHead:
    def test_title_case_date_and_consent_change_where_they_stand(self, page, stored, qtbot) -> None:
        head = page.header
        head.title.setFocus()
        head.title.selectAll()
        qtbot.keyClicks(head.title, "A <b>bold</b> call")
        qtbot.keyClick(head.title, Qt.Key.Key_Return)
        head.case.setFocus()
        head.case.selectAll()
        qtbot.keyClicks(head.case, "Kestrow")
        qtbot.keyClick(head.case, Qt.Key.Key_Return)
        head.consent.menu().actions()[0].trigger()
        head.date.setDateTime(head.date.dateTime().addDays(-3))
        head.date.editingFinished.emit()
        qtbot.waitUntil(lambda: page._doc["call"]["consent"]["status"] == "noted", timeout=10_000)
        qtbot.waitUntil(lambda: page._doc["call"]["started_at"].startswith("2026-09-12"))
        call = stored()["call"]
        assert (call["title"], call["case"]) == ("A <b>bold</b> call", "Kestrow")
        assert call["consent"]["basis"] == "spoken"

    def test_a_title_is_never_empty(self, page, qtbot) -> None:
        page.header.title.setText("   ")
        page.header.title.editingFinished.emit()
        assert page.header.title.text() == page._doc["call"]["title"]


class TestDeciding:
    def test_result_next_step_and_done_have_a_key_each(self, window, page, stored, qtbot) -> None:
        page.setFocus()
        page.bar._results.actions()[0].trigger()
        qtbot.waitUntil(lambda: page._doc["call"]["result"] == "advanced")
        found = next(s for s in page._doc["next_steps"])
        qtbot.keyClick(page, Qt.Key.Key_N)
        qtbot.waitUntil(lambda: any(s["source"] == "person" for s in page._doc["next_steps"]))
        confirmed = next(s for s in stored()["next_steps"] if s["source"] == "person")
        assert (confirmed["text"], confirmed["due"]) == (found["text"], found["due"])
        qtbot.keyClick(page, Qt.Key.Key_D)
        qtbot.waitUntil(lambda: page._doc and page._doc["reviewed"])
        model = window.library._model
        qtbot.waitUntil(lambda: model.row_at(0) is not None and model.row_at(0)["state"] == "reviewed")

    def test_a_next_step_is_written_in_the_persons_words(self, page, stored, qtbot) -> None:
        qtbot.keyClick(page, Qt.Key.Key_E)
        dialog = page.bar.findChildren(StepDialog)[0]
        dialog.text.setText("Send the <i>offer</i>")
        dialog._say("open")
        qtbot.waitUntil(lambda: any(s["text"] == "Send the <i>offer</i>" for s in page._doc["next_steps"]))
        assert any(s["source"] == "person" for s in stored()["next_steps"])


def test_a_poor_draft_is_folded_beside_the_way_to_real_words(window: MainWindow, bridge: Bridge, qtbot) -> None:
    window.open_sample("sales_discovery")
    qtbot.waitUntil(lambda: window._review is not None and bool(window._review._doc), timeout=10_000)
    page = window._review
    poor = msgspec.json.decode(msgspec.json.encode(page._doc))
    poor["transcript"] |= {"draft": True, "grade": "poor"}
    poor["call"]["id"] = "another"
    page.transcript.set_document(poor)
    assert not page.transcript.rows.isVisible()
    assert any("not fit to read" in text for text in labels(page.transcript))
    next(
        b for b in page.transcript.findChildren(type(page.header.more).__mro__[1]) if b.text() == "Show anyway"
    ).click()
    assert page.transcript.rows.isVisible()
    page.transcript.words_asked.emit()
    assert window.pages.currentWidget() is window._settings_page


def test_a_call_removed_elsewhere_closes_its_review(window, page, bridge, qtbot) -> None:
    call = page.call_id
    bridge.ask(lambda desk: desk.delete(call), lambda _none: bridge.changed.emit(""))
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.library, timeout=10_000)


def test_whoever_nobody_placed_is_asked_for_and_can_be_taken_back(window, bridge, own_home, tmp_path, qtbot) -> None:
    words = tmp_path / "words.txt"
    lines = [
        f"[{n // 6}:{10 * n % 60:02d}] {('Ana', 'Ben')[n % 2]}: What {n} do you think of it now?" for n in range(40)
    ]
    words.write_text("\n".join(lines))
    with open_desk(str(own_home)) as desk:
        call = desk.import_transcript(words)
    window.open_call(call)
    qtbot.waitUntil(lambda: window._review is not None and bool(window._review._doc), timeout=10_000)
    page = window._review
    asked = [b for b in page.panes.coaching.findChildren(QPushButton) if b.text() == "I am Ben"]
    assert asked and "Which one is you?" in labels(page.panes.coaching)
    asked[0].click()
    qtbot.waitUntil(lambda: page._doc["quiet"] != "speakers_unknown", timeout=5_000)
    assert {s["name"] or s["label"]: s["role"] for s in page._doc["speakers"]} == {"Ana": "other", "Ben": "rep"}


def test_voices_are_heard_named_counted_and_a_guess_is_answered(page, stored, bridge, own_home, qtbot) -> None:
    """One channel with two voices: each can be heard beside its button; one press answers; undo asks again."""
    call = page.call_id
    with open_desk(str(own_home)) as desk:  # as if everybody had been on one channel
        recording = calls.recordings(desk._store, call)[0]
        runs = calls.activity(desk._store, recording.id)
        heard = sorted((run, n + 1) for n, side in enumerate(runs) for run in side)
        with desk._store.write() as store:
            store.execute("UPDATE recording SET layout = 'mixed' WHERE id = ?", (recording.id,))
            store.execute("UPDATE transcript SET engine = 'draft', source = '' WHERE call_id = ?", (call,))
        voices.keep(desk._store, recording.id, voices.Heard(tuple(heard), 0.9, "voiceprint"))
        calls.set_speakers(desk._store, call, [Speaker(label, "", Role.UNKNOWN, None) for label in ("1", "2")])
        desk._recompute(call)
    bridge.changed.emit(call)
    qtbot.waitUntil(lambda: page._doc["quiet"] == "speakers_unknown", timeout=10_000)
    whose = page.panes.coaching.findChild(WhoseVoice)
    doors = whose.findChildren(Door)
    assert len(doors) == 2
    asked: list[tuple[int, int]] = []
    page.panes.coaching.play_asked.connect(lambda start, end: asked.append((start, end)))
    doors[0].setFocus()
    qtbot.keyClick(doors[0], Qt.Key.Key_Return)
    part = page._doc["speakers"][0]["hear"]
    assert asked == [(part["start_ms"], part["end_ms"])] and 0 < asked[0][1] - asked[0][0] <= 5_000
    numbers = {b.text(): b.isEnabled() for b in whose.findChildren(QPushButton) if b.text().isdigit()}
    assert numbers == {"2": False, "3": True, "4": True}
    next(b for b in whose.findChildren(QPushButton) if b.text() == "I am 2").click()
    qtbot.waitUntil(lambda: page._doc["quiet"] != "speakers_unknown", timeout=10_000)
    assert {s["label"]: s["role"] for s in stored()["speakers"]} == {"1": "other", "2": "rep"}

    with open_desk(str(own_home)) as desk:
        my_voice.put_guess(desk._store, call, "2")
    bridge.changed.emit(call)
    qtbot.waitUntil(lambda: page.panes.coaching.findChild(GuessedVoice) is not None, timeout=10_000)
    next(b for b in page.panes.coaching.findChildren(QPushButton) if b.text() == "Not me").click()
    qtbot.waitUntil(lambda: page._doc["quiet"] == "speakers_unknown", timeout=10_000)
    bridge.undo()
    qtbot.waitUntil(lambda: page._doc["quiet"] != "speakers_unknown", timeout=10_000)
    assert [n["code"] for n in stored()["notices"]].count("own_voice") == 1
