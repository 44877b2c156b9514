"""A walk through the window: every page and dialog as a person sees it, one after the other, each with a name.

Needs nothing of pytest, so that scripts can walk as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from coachdesk import sentences
from coachdesk.errors import InputError
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.page_table import PAGES
from coachdesk.gui.pages import importing
from coachdesk.gui.widgets.fold import Fold
from coachdesk.gui.widgets.keys import KeysDialog
from coachdesk.gui.widgets.playbook_header import CopyDialog
from coachdesk.gui.widgets.problem import Problem
from coachdesk.gui.widgets.review_bar import StepDialog
from coachdesk.gui.widgets.try_it import TryIt
from tests.conftest import SAMPLES

Place = tuple[str, QWidget]


def until(holds: Callable[[], object], what: str, most_s: float = 20.0) -> None:
    """Let the window work until it holds."""
    end = time.monotonic() + most_s
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def rest(bridge: Bridge) -> None:
    """Until everything asked so far was answered and laid out."""
    for _ in range(3):
        answers: list[int] = []
        bridge.ask(lambda desk: 1, answers.append)
        until(lambda answers=answers: bool(answers), "an answer")
    end = time.monotonic() + 0.05
    until(lambda: time.monotonic() > end, "a moment")


@contextmanager
def opened(bridge: Bridge, size: tuple[int, int] = (1280, 800)) -> Iterator[MainWindow]:
    """The window, started; closed and gone afterwards."""
    window = MainWindow(bridge)
    window.resize(*size)
    window.show()
    window.activateWindow()
    window.start()
    rest(bridge)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def first_run(window: MainWindow, bridge: Bridge) -> Iterator[Place]:
    """The questions, with a field for one more language, then the first call."""
    until(lambda: window.pages.currentWidget() is window._welcome, "the questions")
    window._welcome.questions.languages._more.click()
    rest(bridge)
    yield "first questions", window
    window._welcome._answered()
    rest(bridge)
    yield "first call", window
    window.show_library()
    rest(bridge)


def library(window: MainWindow, bridge: Bridge, said: str) -> Iterator[Place]:
    """The list as it is, what was said in calls, and nothing found."""
    window.show_library()
    for name, text in (("calls", ""), ("calls found", said), ("nothing found", "zzzz")):
        window.library._search.setText(text)
        until(lambda: not window.library._typing.isActive(), "the search")
        rest(bridge)
        yield name, window
    window.library._clear()
    rest(bridge)


def review(window: MainWindow, bridge: Bridge, call: str) -> Iterator[Place]:
    """A call on every tab, everything unfolded; then asked where something is, and playing."""
    window.open_call(call)
    page = window._review
    until(lambda: page._doc and page._doc["call"]["id"] == call, "the review")
    title = page._doc["call"]["title"][:20]
    for n in range(page.panes.tabs.count()):
        page.panes.tabs.setCurrentIndex(n)
        rest(bridge)
        yield f"{title}, {page.panes.tabs.tabText(n)}", window
        for button in page.panes.tabs.currentWidget().findChildren(QWidget):
            if button.property("checkable") and not button.property("checked") and button.isVisible():
                button.click()
        rest(bridge)
        yield f"{title}, {page.panes.tabs.tabText(n)} unfolded", window
    page.panes.tabs.setCurrentIndex(0)
    page.transcript.ask_where(page._doc["call"]["title"])
    page.play(0)
    until(lambda: page._playback.playing, "the player")
    page._playback.pause()
    page.transcript.search.setText("the")
    rest(bridge)
    yield f"{title}, asked where", window
    page.transcript.rows.edit_index(0)
    rest(bridge)
    yield f"{title}, words being corrected", window
    page.transcript.rows.setFocus()
    page.transcript.stop_asking()
    page.transcript.search.clear()


def pages(window: MainWindow, bridge: Bridge) -> Iterator[Place]:
    """Every page that is made when it is first looked at, with what there is."""
    for entry in PAGES:
        if entry.module:
            window.show_page(entry.name)
            rest(bridge)
            yield entry.said.lower(), window


def settings(window: MainWindow, bridge: Bridge) -> Iterator[Place]:
    window.show_settings()
    rest(bridge)
    yield "settings", window


def playbooks(window: MainWindow, bridge: Bridge) -> Iterator[Place]:
    """A playbook read and changed, everything unfolded; one with a mistake; a name for a copy."""
    window.show_page("playbooks")
    page = window._made["playbooks"]
    until(lambda: page._facts is not None and page._facts.book is not None, "a playbook")
    for state in ("read", "changed"):
        for fold in page._stack.currentWidget().findChildren(Fold):
            fold.head.setChecked(True)
        rest(bridge)
        yield f"a playbook {state}", window
        page.begin()
    until(lambda: page.preview.call.count() > 0, "calls to try it on")
    page.change("targets:questions", lambda text: text.replace("low = 11", "low = 111"))
    page.editing.say_problem("target:questions", sentences.pseudo("This range ends before it begins."))
    rest(bridge)
    yield "a playbook with a mistake", window
    page.leave()
    rest(bridge)
    dialog = CopyDialog(page.header.name.text(), page)
    dialog.show()
    yield "a copy's name", dialog
    dialog.reject()


def trying(title: str) -> Iterator[Place]:
    """Something said once more, beside how it was: before, while it is recorded, with takes."""
    said = {"length_ms": 16_400, "words": 40, "pace_wpm": 169, "asks": "none", "rough": False}
    takes = [
        {"id": str(n), "best": n == 1, "said": {**said, "length_ms": 6_000, "rough": True, "asks": "open"}}
        for n in range(2)
    ]
    dialog = TryIt(title, title, None)
    dialog.set_original({"start_ms": 0, "end_ms": 16_400, "said": said})
    dialog.show()
    yield "nothing tried yet", dialog
    dialog.show_recording(True)
    dialog.show_level(-20, 12_000)
    yield "a take being recorded", dialog
    dialog.show_recording(False)
    dialog.set_takes(takes)
    dialog.say(title)
    yield "takes", dialog
    dialog.reject()


def recording(window: MainWindow, bridge: Bridge) -> Iterator[Place]:
    """Before a call, and while it is recorded with all that can be offered; then it is stopped and thrown away."""
    sound = SAMPLES / "sales_discovery" / "call.opus"
    devices = {"record_mic": f"file:{sound}?channel=0", "record_system": f"file:{sound}?channel=1"}
    bridge.change_settings(**devices, engine="none", own_talk=True)
    until(lambda: window._record is not None and window._record.page._books, "the record page")
    record = window._record
    assert record is not None
    until(lambda: record.page._settings.own_talk, "the settings")
    window.show_record()
    rest(bridge)
    yield "before a call", window
    record.page.setup.start.click()
    until(lambda: record.recording.state == "recording" and record.recording.position_ms > 500, "the recording")
    record.recording.note("a note")
    record.bookmark()
    record.page._offer_one_microphone()
    record.recording.quiet.emit(12)
    record.page.live.focus_card.set_focus({"title": "Ask what it costs", "try_saying": "", "advice": ""})
    rest(bridge)
    yield "while a call is recorded", window
    assert record.strip is not None
    yield "the strip", record.strip
    record.recording.quiet.emit(None)
    record.recording.stop()
    until(lambda: record.recording.state == "idle", "the end")
    rest(bridge)
    for call in _calls(bridge):
        bridge.ask(lambda desk, call=call: desk.delete(call))
    bridge.change_settings(record_mic="", record_system="", engine="auto", own_talk=False)
    rest(bridge)


def _calls(bridge: Bridge) -> list[str]:
    found: list[str] = []
    bridge.ask(lambda desk: [call["id"] for call in desk.calls()], found.extend)
    rest(bridge)
    return found


def failed_job(window: MainWindow, bridge: Bridge, broken: Path) -> Iterator[Place]:
    """A file that cannot be used, and the strip that says so."""
    window.show_library()
    importing.bring(bridge, [broken], window)
    until(lambda: bridge.jobs and not bridge.running, "the job")
    window.jobs._more.setChecked(True)
    rest(bridge)
    yield "a failed job", window
    window.jobs._more.setChecked(False)
    bridge.dismiss(bridge.jobs[0])


def cases(window: MainWindow, bridge: Bridge, results: Path) -> Iterator[Place]:
    """Each case, everything unfolded; nothing found; what a file of results would change."""
    window.show_page("cases")
    page = window._made["cases"]
    rest(bridge)
    for case in list(page._every):
        page.show_case(case["id"])
        rest(bridge)
        for button in page.view.findChildren(QPushButton):
            if button.isCheckable() and button.isVisible():
                button.setChecked(True)
        rest(bridge)
        yield f"case {case['name'][:20]}", window
    page.search.setText("zzzz")
    rest(bridge)
    yield "no such case", window
    page.search.clear()
    page.look_at_results(results)
    rest(bridge)
    yield "results from a file", page.preview
    page.preview.reject()


def dialogs(window: MainWindow, bridge: Bridge) -> Iterator[Place]:
    """The cheat sheet, the next step of the call under review, what went wrong, a bug of ours."""
    doc = window._review._doc
    owners = {"rep": doc["labels"]["own"], "other": doc["labels"]["other"]}
    said = doc["call"]["title"]
    made: tuple[tuple[str, Callable[[], QDialog]], ...] = (
        ("keys", lambda: KeysDialog(window)),
        ("next step", lambda: StepDialog(doc["next_steps"][0], owners, window)),
        ("a problem", lambda: Problem(InputError(f"{said} cannot be read.", f"Look at {said}."), window)),
        ("a bug", lambda: Problem(ValueError(said), window)),
    )
    for name, make in made:
        dialog = make()
        dialog.show()
        rest(bridge)
        yield name, dialog
        dialog.reject()
        QApplication.processEvents()
