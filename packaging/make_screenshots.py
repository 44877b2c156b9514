"""Draws the README's tour: the real window with the real samples, offscreen, in both themes.

Run it with  .venv/bin/python packaging/make_screenshots.py  after a change of the look, and look at what it drew.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["COACHDESK_SOUND"] = "none"

from PySide6.QtWidgets import QApplication

from coachdesk.gui.bridge import Bridge
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.theme import theme

PICTURES = Path(__file__).parent / "screenshots"


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
            window._review.leave()
        window.show_library()
        until(lambda: window.library._model.rowCount() == 2 and window.library._model.row_at(0) is not None)
        keep("library")
        window.show_settings()
        window.resize(1280, 740)  # what follows names this machine's folders
        rest(0.6)
        keep("settings")
        window.close()


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    for shade in ("light", "dark"):
        theme().apply(shade)
        draw(shade)


if __name__ == "__main__":
    main()
