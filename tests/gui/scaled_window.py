"""Walks through the window at the scale this process was started with, and prints what is cut off or overlaps: JSON.

The window is as large as it is made (1280 x 800), or as a screen of 1920 x 1200 leaves at this scale.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtWidgets import QApplication

from coachdesk.gui import theme
from coachdesk.gui.bridge import Bridge
from tests.gui import walking
from tests.gui.looking import cut_off, overlapping
from tests.gui.record_widgets import record_widgets

SCREEN = (1920, 1200)
WINDOW = (1280, 800)


def main() -> None:
    app = QApplication(sys.argv[:1])
    theme.theme().apply("light")
    bridge = Bridge()
    bridge.change_settings(welcomed=True)
    calls: list[str] = []
    bridge.ask(lambda desk: desk.open_sample("sales_discovery"), calls.append)
    walking.rest(bridge)
    scale = app.devicePixelRatio()
    size = (min(WINDOW[0], round(SCREEN[0] / scale)), min(WINDOW[1], round(SCREEN[1] / scale)))
    places = {}
    with walking.opened(bridge, size) as window:
        walks = walking.library(window, bridge, "the"), walking.review(window, bridge, calls[0])
        for walk in (*walks, walking.settings(window, bridge), record_widgets("What happens when it is late? " * 4)):
            for name, place in walk:
                places[name] = sorted(set(cut_off(place) + overlapping(place)))
        size = window.size().toTuple()
    bridge.close()
    print(json.dumps({"scale": scale, "size": size, "faults": {name: found for name, found in places.items() if found},
                      "places": len(places)}))  # fmt: skip


if __name__ == "__main__":
    main()
