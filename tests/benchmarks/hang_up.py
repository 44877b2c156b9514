"""From hanging up to the coaching: a call of some minutes, recorded in real time and listened to while it is made.

Seconds from the order to stop until the numbers, the words and the coaching are there, with the scripted engine (no time
at all for words: what we add) and with the draft engine (a real one). `--minutes N`: how long the call is.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from coachdesk.audio.recording import messages as m
from coachdesk.desk.desk import BringIn, open_desk
from coachdesk.desk.events import Ready, Words
from coachdesk.desk.jobs import Aside
from tests.benchmarks.printing import ROOT, report

SAMPLE = ROOT / "resources/samples/sales_discovery"


def script(folder: Path) -> Path:
    said = json.loads((SAMPLE / "transcript.json").read_text())
    side = {speaker["label"]: speaker["channel"] for speaker in said["speakers"]}
    lines = [{**u, "channel": side[u["speaker"]]} for u in said["utterances"]]
    path = folder / "script.json"
    path.write_text(json.dumps({"utterances": lines}))
    return path


def hang_up(engine: str, minutes: float) -> dict[str, Any]:
    when: dict[str, float] = {}
    lags: list[float] = []
    position_ms = 0

    with tempfile.TemporaryDirectory() as folder, open_desk(f"{folder}/home") as desk:
        recorder = desk.record(*(f"file:{SAMPLE / 'call.opus'}?channel={n}" for n in (0, 1)))

        def follow() -> None:
            nonlocal position_ms
            for message in recorder.messages():
                if isinstance(message, m.Level):
                    position_ms = message.position_ms
                    if position_ms >= 60_000 * minutes and "stop" not in when:
                        when["stop"] = time.monotonic()
                        recorder.stop()

        def hear(event: object) -> None:
            if isinstance(event, Ready):
                when[event.what] = time.monotonic()
            elif isinstance(event, Words):
                lags.append((position_ms - event.end_ms) / 1000)

        aside = Aside(follow)
        while not position_ms and not aside.is_over:
            time.sleep(0.05)
        desk.subscribe(hear)
        asked = BringIn((), engine=engine, model=str(script(Path(folder))) if engine == "scripted" else "")
        desk.keep_recording(recorder.beside.journal.stem, asked, growing=lambda: aside.is_over)
        aside.result()
    found: dict[str, Any] = {
        f"{engine}: hang-up to {what}, s": when[what] - when["stop"] for what in ("numbers", "words", "coaching")
    }
    if lags:
        lags.sort()
        found[f"{engine}: a sentence's end to its words, median s"] = lags[len(lags) // 2]
        found[f"{engine}: the same at most, s"] = lags[-1]
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    report(
        {"minutes": asked.minutes, **hang_up("scripted", asked.minutes), **hang_up("draft", asked.minutes)}, asked.json
    )
