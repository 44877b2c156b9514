"""Draws the README's tour: the real window with the real samples, offscreen, in both themes.

Run it with  PYTHONPATH=. .venv/bin/python packaging/make_screenshots.py  after a change of the look, and look at what it
drew. The history behind Home and Progress is the written one of the tests.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["COACHDESK_SOUND"] = "none"

from PySide6.QtWidgets import QApplication, QDialog

from coachdesk.audio.recording.devices import Device, Found
from coachdesk.desk.amend import SetTitle
from coachdesk.desk.desk import Desk, open_desk
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.theme import DARK, theme
from coachdesk.paths import resource
from tests.desk.test_goals import history

PICTURES = Path(__file__).parent / "screenshots"
HEADSET = (
    Device("mic:headset", "Headset Microphone", "microphone", True),
    Device("mic:built-in", "Built-in Microphone", "microphone", False),
    Device("out:headset", "Headset", "system", True),
)
SAID = (
    (800, "So before I show you anything: how do you plan your crews today?"),
    (3_600, "On a whiteboard, honestly. One of us moves names around until it fits, and then the phone rings."),
    (8_200, "And when it rings, what happens further down the line?"),
)
NAMES = (
    "Northbank Pumps",
    "Castle Ladders",
    "Harbour Pipes and Valves",
    "Valley Meters",
    "Old Wall",
    "River Vans",
    "South Bench",
    "Forest Boilers",
    "Airport Crew Planning",
    "Kestrow Heating",
)
POSITION = "Supply planner, southern site"
QUESTIONS = """* What are you looking for in your next role that you do not have now?
* Tell me about a time when a delivery plan fell apart, and what you did about it.
    Looking back, what would you do differently?
Which planning tools do you know?
What questions do you have for me?
"""


def until(holds: Callable[[], bool], most_s: float = 30.0) -> None:
    """Let the window work until it holds."""
    end = time.monotonic() + most_s
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        rest(0.02)


def rest(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def draw(shade: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        bridge = Bridge(home)
        window = MainWindow(bridge)
        window.resize(1280, 800)
        window.show()
        window.start()

        def keep(name: str) -> None:
            theme().apply(shade)
            rest(0.4)
            window.toast.hide()
            window.grab().save(str(PICTURES / f"{name}-{shade}.png"))

        until(lambda: window._welcome is not None and window.pages.currentWidget() is window._welcome)
        bridge.change_settings(theme=shade)
        rest(0.5)
        keep("first-run")
        for sample in ("sales_discovery", "recruiting_screen"):
            window.open_sample(sample)
            until(lambda: window._review is not None and bool(window._review._doc))
            rest(1.0)
            window._review.play(window._review._moments[1].start_ms)
            until(lambda: window._review._playback.playing)
            window._review.pause()
            rest(0.3)
            keep(f"review-{sample.partition('_')[0]}")
            draw_pane(bridge, window, sample, keep)
            window._review.leave()
        window.show_library()
        until(lambda: window.library._model.rowCount() == 2 and window.library._model.row_at(0) is not None)
        keep("library")
        window.show_page("cases")
        rest(0.8)
        keep("cases")
        window.show_page("playbooks")
        rest(1.5)
        keep("playbooks")
        draw_recording(bridge, window, keep)
        window.show_settings()
        window.resize(1280, 740)  # what follows names this machine's folders
        rest(0.6)
        keep("settings")
        window.close()


def draw_progress(shade: str) -> None:
    """Home and Progress over ten written calls, with a goal that worked."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        with open_desk(home) as desk:
            history(desk, Path(folder), [0, 0, 0, 0, 0, 1, 2, 1, 1, 2], accept_after=5)
            for call, name in zip(desk.calls(), NAMES, strict=True):
                desk.amend(call["id"], SetTitle(name))
            desk.change(welcomed=True, theme=shade, offer_to_record=False)
        window = MainWindow(Bridge(home))
        window.resize(1280, 800)
        window.show()
        window.start()
        for page in ("home", "progress"):
            rest(1.0)
            window.show_page(page)
            rest(1.0)
            theme().apply(shade)
            rest(0.4)
            window.toast.hide()
            window.grab().save(str(PICTURES / f"{page}-{shade}.png"))
        window.close()


def draw_pane(bridge: Bridge, window: MainWindow, sample: str, keep: Callable[[str], None]) -> None:
    """The brief beside the sales sample, planned questions beside the interview."""
    review = window._review
    assert review is not None
    panes = review.panes
    if sample == "sales_discovery":
        panes.tabs.setCurrentWidget(panes.brief)
        rest(0.3)
        keep("brief")
        panes.tabs.setCurrentWidget(panes.scorecard)
        rest(0.3)
        keep("scorecard")
        return
    bridge.ask(lambda desk: desk.plan(POSITION, QUESTIONS))
    panes.guide.position_said.emit(POSITION)
    until(lambda: review._doc["guide"]["position"] == POSITION)
    panes.tabs.setCurrentWidget(panes.guide)
    rest(0.6)
    keep("guide")


def draw_recording(bridge: Bridge, window: MainWindow, keep: Callable[[str], None]) -> None:
    """Before a call, while it is recorded, the strip, and what is offered of one that was cut off."""
    sound = resource("samples/sales_discovery/call.opus")
    devices = {"record_mic": f"file:{sound}?channel=0", "record_system": f"file:{sound}?channel=1"}
    bridge.change_settings(**devices, engine="none", own_talk=True, offer_to_record=False)
    until(lambda: window._record is not None and bool(window._record.page._books))
    record = window._record
    assert record is not None
    bridge.ask(accept_advice)
    rest(1.0)
    record.page._look_for_devices = lambda: None  # this machine has none worth a picture
    record.page._choose_playbook("sales_discovery")
    record.page._show_devices(Found(HEADSET, {}))
    record.page.setup.title.setText("Second talk with Dana")
    record.page.setup.account.setText("Kestrow")
    window.show_record()
    rest(0.5)
    keep("record-before")
    record.page.start()
    until(lambda: record.recording.position_ms > 10_500)
    for meter, kind in ((record.page.live.own, "microphone"), (record.page.live.other, "system")):
        meter.set_devices([(d.id, d.name, d.is_default) for d in HEADSET if d.kind == kind], "")
    record.page._agree("spoken")
    record.recording.note("Crews of six in two regions", 6_000)
    record.recording.bookmark()
    record.recording.tick("today", True)
    for n, (start_ms, text) in enumerate(SAID):
        bridge.words.emit(n % 2, start_ms, start_ms + 4_000, text)
    rest(0.5)
    keep("record-live")
    assert record.strip is not None
    record.strip.grab().save(str(PICTURES / f"record-strip-{'dark' if theme().tokens is DARK else 'light'}.png"))
    os.kill(record.recording._now.recorder.pid, signal.SIGKILL)
    until(lambda: bool(record.offering._cut_off))
    for dialog in window.findChildren(QDialog):
        dialog.reject()
    window.show_library()
    rest(0.5)
    keep("recovery")
    window.offers.answered.emit(f"cut:{next(iter(record.offering._cut_off))}", "later")


def accept_advice(desk: Desk) -> None:
    """The first suggestion of the sales sample becomes the focus."""
    call = next(c for c in desk.calls() if c["kind"] == "sales_discovery")
    desk.respond(call["id"], desk.review(call["id"]).suggestions[0]["rule"], "accept")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    for shade in ("light", "dark"):
        theme().apply(shade)
        draw(shade)
        draw_progress(shade)


if __name__ == "__main__":
    main()
