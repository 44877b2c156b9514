"""How long a new tracker takes over a whole history: 1,000 calls of half an hour, words with their times as engines give them."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from coachdesk.desk.desk import Desk, open_desk
from coachdesk.history import calls, words
from coachdesk.history.store import new_id
from coachdesk.model import Call, Role, Speaker, Transcript, Utterance, Word, WordsGrade
from coachdesk.speech.imported import read_transcript
from tests.benchmarks.printing import ROOT, parser, report
from tests.benchmarks.recompute import timed

HALF_HOUR_MS = 1_800_000
RARE = "the quarterly walrus review"  # said in one call of a hundred
PHRASES = {
    "a phrase of one call in a hundred": (RARE,),
    "a common phrase": ("paperwork",),
    "three phrases": ("next step", "budget", "who decides"),
    "the beginning of a word": ("paperw*",),
    "a word of nearly every line": ("the",),
}


def fill(desk: Desk, n: int) -> None:
    """`n` calls of words only: the samples' lines in an order of chance."""
    chance = random.Random(1)
    texts = [
        line.text
        for name in ("sales_discovery", "recruiting_screen")
        for line in read_transcript(ROOT / f"resources/samples/{name}/transcript.json").utterances
    ]
    store = desk._store
    for number in range(n):
        said = _said(chance, texts, number)
        on = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        call = Call(
            new_id(), f"Call {number}", "sales_discovery", "sales_discovery", on, HALF_HOUR_MS, "import", "transcribed"
        )
        with store.write():
            calls.add(store, call)
            calls.set_speakers(
                store, call.id, [Speaker("left", "A", Role.REP, 0), Speaker("right", "B", Role.OTHER, 1)]
            )
            made = Transcript(new_id(), 0, "scripted", "", "en", False, WordsGrade.GOOD, said)
            words.add_version(store, call.id, "bench", made)


def _said(chance: random.Random, texts: list[str], number: int) -> tuple[Utterance, ...]:
    said: list[Utterance] = []
    at = 0
    while at < HALF_HOUR_MS:
        text = chance.choice(texts) if said or number % 100 else f"Then there is {RARE}."
        spoken = text.split()
        each = [Word(at + 350 * n, at + 350 * n + 300, word, 0.93) for n, word in enumerate(spoken)]
        side = len(said) % 2
        said.append(Utterance("", ("left", "right")[side], side, at, at + 350 * len(spoken), text, words=tuple(each)))
        at += 350 * len(spoken) + 500
    return tuple(said)


def measure(n: int, rounds: int = 5) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as home, open_desk(home) as desk:
        fill(desk, n)
        found["calls"] = n
        found["utterances"] = desk._store.column("SELECT count(*) FROM utterance")[0]
        found["history, MB"] = desk.home.database.stat().st_size / 2**20
        for name, phrases in PHRASES.items():
            found[f"{name}: times said"] = desk.tracker(phrases)["total"]
            times = [timed(lambda phrases=phrases: desk.tracker(phrases)) for _ in range(rounds)]
            found[f"{name}, s (median)"] = median(times)
            found[f"{name}, s (slowest)"] = max(times)
    return found


if __name__ == "__main__":
    made = parser(__doc__ or "")
    made.add_argument("--calls", type=int, default=1_000)
    asked = made.parse_args()
    report(measure(asked.calls), asked.json)
