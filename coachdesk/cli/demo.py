"""The demo: both sample calls through the real pipeline, their coaching, and one of them transcribed for real."""

from __future__ import annotations

import re
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from coachdesk.cli import screens
from coachdesk.cli.output import Progress, connects, give
from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.document import plain
from coachdesk.paths import resource
from coachdesk.sentences import _, clock

SAMPLES = ("sales_discovery", "recruiting_screen")


def demo(asked: Namespace) -> int:
    """Bring in the samples with their own words, print their coaching, then transcribe one with the best engine here."""
    with open_desk(asked.home) as desk:
        desk.subscribe(Progress())
        documents = []
        for name in SAMPLES:
            folder = resource(f"samples/{name}")
            call = desk.bring_in(sample(folder))
            documents.append(plain(desk.review(call)))
            if not asked.json:
                print("─" * screens.width())
                print(screens.review(documents[-1]))
        real = _transcribe(desk, documents[0], asked.engine)
        child = desk.last_work.connects if desk.last_work else 0
    if asked.json:
        give({"reviews": documents, "transcription": real, "connects": {"parent": connects[0], "child": child}})
    else:
        _tell(real, connects[0], child)
    return 0


def sample(folder: Path) -> BringIn:
    """The request that brings in a sample call with the words that came with it."""
    return BringIn((folder / "call.opus",), transcript=folder / "transcript.json", source="sample")


def _transcribe(desk: Desk, document: dict[str, Any], engine: str) -> dict[str, Any]:
    """The sample transcribed for real, compared with its own words; afterwards its own words are current again."""
    call = document["call"]["id"]
    version = document["transcript"]["version"]
    started = time.monotonic()
    desk.transcribe(call, engine)
    seconds = time.monotonic() - started
    heard = plain(desk.review(call))["transcript"]
    desk.use_version(call, version)
    return {
        "engine": heard["engine"],
        "model": heard["model"],
        "draft": heard["draft"],
        "differing_words": round(differing(document["transcript"]["utterances"], heard["utterances"]), 4),
        "seconds": round(seconds, 1),
        "call_seconds": round(document["call"]["duration_ms"] / 1000, 1),
    }


def _tell(real: dict[str, Any], here: int, child: int) -> None:
    print("─" * screens.width())
    print(
        _(
            "Transcribed for real: {engine} ({model}), {share:.0f} % of the words differ from the script, {s:.1f} s for {m}."
        ).format(
            engine=real["engine"],
            model=real["model"],
            share=100 * real["differing_words"],
            s=real["seconds"],
            m=clock(1000 * real["call_seconds"]),
        )
    )
    if real["draft"]:
        print(_("That is the rough draft engine. `coachdesk models list` shows how to get the real transcript."))
    print(_("Network connections made: {here} here, {child} in the speech process.").format(here=here, child=child))


def differing(script: list[dict[str, Any]], heard: list[dict[str, Any]]) -> float:
    """Words wrong, missing or added over the script's words, per speaker and in order (word error rate)."""
    wrong = total = 0
    for speaker in sorted({said["speaker"] for said in script}):
        wanted, got = (_words([u for u in side if u["speaker"] == speaker]) for side in (script, heard))
        wrong += _distance(wanted, got)
        total += len(wanted)
    return wrong / max(1, total)


def _words(said: list[dict[str, Any]]) -> list[str]:
    return [word for u in said for word in re.findall(r"[\w']+", u["text"].lower())]


def _distance(wanted: list[str], got: list[str]) -> int:
    """Least number of words changed, added or left out."""
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]
