"""The window: first picture, a long call opened, a hundred thousand calls listed, and how long it stands still meanwhile.

Run with `python -m tests.benchmarks.window`; offscreen, with the real desk on a history on disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["COACHDESK_SOUND"] = "none"

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QApplication

from coachdesk.desk.desk import BringIn, open_desk
from coachdesk.gui.bridge import Bridge, Job
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.theme import theme
from coachdesk.history.store import new_id
from tests.benchmarks.printing import ROOT, arguments, report
from tests.benchmarks.recompute import hours_call

CALLS = 100_000
LONG_MS = 13_800_000  # 3 h 50 min of the samples' talk hold 3,000 utterances


def first_window(home: Path, runs: int = 5) -> list[float]:
    """Seconds from starting the program to its first picture, each run."""
    found = []
    for _ in range(runs):
        command = [sys.executable, "-m", "tests.gui.first_window", str(time.monotonic())]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "COACHDESK_HOME": str(home)},
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(float(done.stdout.split()[0]))
    return found


class Stillness:
    """Ticks as often as the event loop lets it; the longest gap is how long the window stood still."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._clock = QElapsedTimer()
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._tick)
        self._clock.start()
        self._timer.start()

    def _tick(self) -> None:
        self.longest_ms = max(self.longest_ms, self._clock.nsecsElapsed() / 1e6)
        self._clock.restart()

    def stop(self) -> float:
        self._timer.stop()
        return self.longest_ms


def until(holds: Callable[[], bool], most_s: float = 60.0) -> float:
    """Run the event loop until it holds; returns the seconds that took."""
    started = time.perf_counter()
    while not holds():
        if time.perf_counter() - started > most_s:
            raise TimeoutError
        QApplication.processEvents()
        time.sleep(0.0005)  # as an idle event loop would: the other threads get their turn
    return time.perf_counter() - started


@contextmanager
def window(home: Path) -> Any:
    bridge = Bridge(str(home))
    made = MainWindow(bridge)
    made.show()
    made.start()
    yield made, bridge
    made.close()
    bridge.close()


def long_call(home: Path) -> dict[str, Any]:
    with open_desk(str(home)) as desk:
        desk.change(welcomed=True)
        call = hours_call(desk, LONG_MS)
        desk.review(call)
        said = len(desk._store.rows("SELECT 1 FROM utterance"))
    with window(home) as (made, _bridge):
        until(lambda: made.library._model.rowCount() == 1)
        opened = []
        made._review_page().opened.connect(lambda *_: opened.append(1))
        still = Stillness()
        started = time.perf_counter()
        made.open_call(call)
        until(lambda: bool(opened))
        QApplication.processEvents()  # the picture belongs to it
        seconds = time.perf_counter() - started
        return {
            f"{said:,} utterances, from click to picture, s": seconds,
            "meanwhile the window stood still at most, ms": still.stop(),
        }


def many_calls(home: Path) -> dict[str, Any]:
    with open_desk(str(home)) as desk:
        desk.change(welcomed=True)
        rows = [_row(n) for n in range(CALLS)]
        shares = [
            {"metric": "talk_ratio", "call_id": row["id"], "subject": "side:rep", "value": 0.4, "unit": "ratio",
             "grade": "A", "basis": "sound", "rough": 0} for row in rows
        ]  # fmt: skip
        with desk._store.write():
            desk._store.insert_all("call", rows)
            desk._store.insert_all("measurement", shares)
    with window(home) as (made, _bridge):
        model = made.library._model
        until(lambda: model.rowCount() == CALLS and model.row_at(0) is not None)
        found = {}
        for name, order, text in (("listed", "date", ""), ("by title", "title", ""), ("text typed", "date", "call 77")):
            made.library._order = order
            made.library._search.setText(text)
            made.library._typing.stop()
            before = model.modelReset
            reset: list[int] = []
            before.connect(lambda seen=reset: seen.append(1))
            model._rows.clear()
            started = time.perf_counter()
            made.library.reload()
            until(lambda seen=reset: bool(seen) and model.row_at(0) is not None)
            QApplication.processEvents()
            found[f"{CALLS:,} calls {name}, first rows painted, s"] = time.perf_counter() - started
        found["one page further, ms"] = 1000 * _page_down(made)
        return found


def _page_down(made: MainWindow) -> float:
    table = made.library._table
    started = time.perf_counter()
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum() // 2)
    table.viewport().grab()
    return time.perf_counter() - started


def _row(n: int) -> dict[str, Any]:
    day = f"20{10 + n % 16:02d}-{1 + n % 12:02d}-{1 + n % 28:02d}T10:00:00+00:00"
    return {"id": new_id(), "title": f"Call {n} with somebody", "kind": "sales_discovery", "playbook": "sales_discovery",
            "started_at": day, "duration_ms": 1_800_000, "source": "import", "state": "transcribed", "consent": "unknown",
            "tags": "[]", "created_at": day}  # fmt: skip


def while_a_job_runs(home: Path) -> dict[str, Any]:
    """A real recording through the real engine, the window looking on."""
    sample = ROOT / "resources/samples/sales_discovery/call.opus"
    with window(home) as (made, bridge):
        until(lambda: made.library._count >= 0)
        still = Stillness()
        wanted = BringIn((sample,), engine="draft")
        job = bridge.start(Job("A call", lambda desk, _job: desk.bring_in(wanted), wanted))
        made.jobs._more.setChecked(True)
        until(lambda: job.state in ("done", "failed"), 600)
        longest = still.stop()
        assert job.state == "done", job.problem
        return {"while a call is transcribed the window stood still at most, ms": longest}


def measure() -> dict[str, Any]:
    app = QApplication.instance() or QApplication([])
    theme().apply("light")
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        starts = first_window(Path(place) / "a")
        found["first picture, median of 5, s"] = sorted(starts)[2]
        found["first picture, longest of 5, s"] = max(starts)
        found |= long_call(Path(place) / "b")
        found |= many_calls(Path(place) / "c")
        found |= while_a_job_runs(Path(place) / "d")
    app.processEvents()
    return found


if __name__ == "__main__":
    asked = arguments(__doc__ or "")
    report(measure(), asked.json)
