"""How fast the painted widgets are: opening and scrolling long transcripts, the timeline of three hours.

Beside each is its ratio to repainting a bare widget of the same size, which tells a slow machine from slow code.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from coachdesk.gui.theme import theme
from coachdesk.gui.widgets.timeline import Lane, Mark, Timeline
from coachdesk.gui.widgets.transcript import Line, TranscriptView
from tests.benchmarks.printing import arguments, report

SENTENCE = "so what happens when it is late and how often do you see that in your own team this year"
WORDS = SENTENCE.split()
WIDE, HIGH = 760, 900
THREE_HOURS_MS = 3 * 3_600_000
TARGET_MS = 16.0


def talk(count: int) -> list[Line]:
    """Utterances of one to seventy words, most of them short, as people talk."""
    chance = random.Random(11)
    lines, at = [], 0
    for n in range(count):
        words = min(1 + int(chance.expovariate(1 / 14)), 70)
        side = ("rep", "other")[chance.random() < 0.5]
        text = " ".join(chance.choices(WORDS, k=words)).capitalize() + "."
        lines.append(Line(n, {"rep": "Owen Tarrant", "other": "Dana Whitlock"}[side], side, at, at + words * 350, text))
        at += words * 350 + 300
    return lines


def millis(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def spread(found: list[float], name: str, bare: float) -> dict[str, Any]:
    steps = statistics.quantiles(found, n=100, method="inclusive")
    worth = {"p50": steps[49], "p95": steps[94], "p99": steps[98], "max": max(found)}
    said: dict[str, Any] = {f"{name}: {which}, ms": value for which, value in worth.items()}
    said[f"{name}: p50 over a bare repaint"] = worth["p50"] / bare
    return said


def wheel(view: TranscriptView, notches: int) -> None:
    at = QPointF(200, 200)
    event = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, -120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def opened(lines: list[Line]) -> tuple[TranscriptView, float]:
    view = TranscriptView()
    view.resize(WIDE, HIGH)
    view.show()
    QApplication.processEvents()

    def first_paint() -> None:
        view.set_lines(lines)
        view.viewport().repaint()

    return view, millis(first_paint)


def scrolled(view: TranscriptView, bare: float) -> dict[str, Any]:
    """Frames: what a step costs from the event to the painted picture."""
    bar = view.verticalScrollBar()
    chance = random.Random(5)

    def frames(step: Callable[[], object], count: int) -> list[float]:
        def frame() -> None:
            step()
            view.viewport().repaint()

        return [millis(frame) for _ in range(count)]

    bar.setValue(bar.maximum() // 3)
    turned = frames(lambda: wheel(view, 1), 1_500)
    paged = frames(lambda: bar.setValue(bar.value() + bar.pageStep()), 600)
    jumped = frames(lambda: bar.setValue(chance.randrange(bar.maximum())), 600)
    said = spread(turned, "wheel step", bare) | spread(paged, "page", bare) | spread(jumped, "far jump", bare)
    said |= spread(turned + paged + jumped, "all scrolling", bare)
    said["all scrolling: p99 within 16 ms"] = said["all scrolling: p99, ms"] <= TARGET_MS
    return said


def bare_repaint() -> float:
    """A filled widget of the same size, in a window as the others are."""
    widget = QWidget()
    widget.setAutoFillBackground(True)
    widget.resize(WIDE, HIGH)
    widget.show()
    QApplication.processEvents()
    return statistics.median(millis(widget.repaint) for _ in range(200))


def long_call() -> tuple[list[Lane], list[Mark]]:
    import numpy as np

    from coachdesk.audio.peaks import _coarser

    chance = np.random.default_rng(2)
    loud = chance.integers(0, 127, (THREE_HOURS_MS // 10, 2), np.int8)
    levels = [np.stack([-loud, loud], axis=2)]
    while len(levels[-1]) > 1024:
        levels.append(_coarser(levels[-1]))
    runs = [(at, at + 6_000) for at in range(0, THREE_HOURS_MS, 9_000)]
    lanes = [Lane("Owen", "rep", tuple(runs[::2]), levels, 0), Lane("Dana", "other", tuple(runs[1::2]), levels, 1)]
    kinds = ("question", "tracker", "comment", "evidence", "wording_good", "wording_bad", "next_step", "corrected")
    marks = [Mark(at, at + 2_000, kinds[n % len(kinds)], "") for n, at in enumerate(range(0, THREE_HOURS_MS, 20_000))]
    return lanes, marks


def three_hours() -> dict[str, Any]:
    timeline = Timeline()
    timeline.resize(1_500, 132)
    timeline.show()
    QApplication.processEvents()
    lanes, marks = long_call()

    def anew() -> None:
        timeline._forget()
        timeline.repaint()

    def cursor(ms: int) -> None:
        before = timeline._strip(timeline._scale().x(timeline.position_ms))
        timeline.set_position(ms)
        after: QRect = timeline._strip(timeline._scale().x(ms))
        timeline.repaint(before)
        timeline.repaint(after)

    said: dict[str, Any] = {
        "timeline, 3 h: opening, ms": millis(lambda: timeline.set_call(lanes, THREE_HOURS_MS, marks))
    }
    timeline.repaint()
    said["timeline, 3 h: full redraw, ms"] = statistics.median(millis(anew) for _ in range(60))
    moves = [millis(lambda at=at: cursor(at)) for at in range(0, 400 * 8_000, 8_000)]  # type: ignore[misc]
    said["timeline, 3 h: cursor move, ms"] = statistics.median(moves)
    timeline._look_at(3_600_000, 600_000)
    said["timeline, 10 min of 3 h: full redraw, ms"] = statistics.median(millis(anew) for _ in range(60))
    return said


def measure() -> dict[str, Any]:
    app = QApplication.instance() or QApplication([])
    theme().apply("light")
    bare = bare_repaint()
    found: dict[str, Any] = {"bare widget: repaint, ms": bare}
    opened(talk(50))  # fonts and icons are loaded once per program
    for count in (3_000, 20_000):
        lines = talk(count)
        gc.collect()
        view, first = opened(lines)
        found[f"{count} utterances: first paint, ms"] = first
    found |= scrolled(view, bare)
    found |= three_hours()
    app.processEvents()
    return found


if __name__ == "__main__":
    asked = arguments(__doc__ or "")
    report(measure(), asked.json)
