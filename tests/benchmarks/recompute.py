"""How long a change takes on an hour's call: sides, words, speakers, another playbook. Nothing is transcribed again."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from coachdesk.desk import amend
from coachdesk.desk.desk import Desk, open_desk
from coachdesk.history import calls, words
from coachdesk.history.store import new_id
from coachdesk.model import Call, Layout, Recording, Role, Speaker, Transcript, Utterance, WordsGrade
from coachdesk.spans import Span
from coachdesk.speech.imported import read_transcript
from tests.benchmarks.printing import ROOT, arguments, report

HOUR_MS = 3_600_000


def hours_call(desk: Desk, length_ms: int = HOUR_MS) -> str:
    """An hour of talk (or `length_ms`): the sample's lines again and again, each time with a number of its own in the words."""
    lines = read_transcript(ROOT / "resources/samples/sales_discovery/transcript.json").utterances
    length = lines[-1].end_ms + 1_000
    said, runs = [], [[], []]  # type: ignore[var-annotated]
    for turn in range(length_ms // length):
        for line in lines:
            channel = int(line.speaker_label not in ("rep", "Owen Tarrant"))
            start, end = line.start_ms + turn * length, line.end_ms + turn * length
            said.append(Utterance("", ("left", "right")[channel], channel, start, end, f"{line.text} {turn}"))
            if not runs[channel] or runs[channel][-1].end_ms < start:
                runs[channel].append(Span(start, end))
    store = desk._store
    call = Call(
        new_id(),
        "An hour",
        "sales_discovery",
        "sales_discovery",
        datetime(2026, 11, 1, tzinfo=UTC),
        length_ms,
        "import",
    )
    with store.write():
        calls.add(store, call)
        recording = Recording(
            new_id(), new_id() * 2, 2, 48_000, length_ms, Layout.TWO_SIDES, codec="opus", media="none"
        )
        calls.add_recording(store, call.id, recording, None, runs)
        calls.set_speakers(store, call.id, [Speaker("left", "A", Role.REP, 0), Speaker("right", "B", Role.OTHER, 1)])
        made = Transcript(new_id(), 0, "scripted", "", "en", False, WordsGrade.GOOD, tuple(said))
        words.add_version(store, call.id, "bench", made)
    return call.id


def timed(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home, open_desk(home) as desk:
        call = hours_call(desk)
        found: dict[str, Any] = {"utterances": len(desk._store.rows("SELECT 1 FROM utterance"))}
        found["first computation, s"] = timed(lambda: desk.review(call))
        found["nothing changed, s"] = timed(lambda: desk.review(call))
        changes: dict[str, Callable[[], Any]] = {
            "swap sides, s": lambda: desk.amend(call, amend.SwapSpeakers()),
            "correct a word, s": lambda: desk.amend(call, amend.CorrectText("5", "So what happens when it is late?")),
            "a line by somebody new, s": lambda: desk.amend(call, amend.NewSpeaker("Kim", ("7",))),
            "a line split, s": lambda: desk.amend(call, amend.SplitUtterance("5", 2)),
            "another playbook, s": lambda: desk.coach(call, "recruiting_screen"),
        }
        for name, act in changes.items():
            found[name] = timed(act)
        return found


if __name__ == "__main__":
    asked = arguments(__doc__ or "")
    report(measure(), asked.json)
