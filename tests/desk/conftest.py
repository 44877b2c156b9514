"""A desk on a home of its own, and quick calls with scripted words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk import voices
from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.desk.recompute import tracks_of
from coachdesk.document import plain
from coachdesk.history import calls
from coachdesk.history import voices as voices_kept
from coachdesk.history.voices import Heard
from coachdesk.spans import Span
from tests.conftest import MICRO_CALL, SAMPLES


@pytest.fixture
def desk(own_home: Path):
    with open_desk(str(own_home)) as opened:
        yield opened


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., Path]:
    """Writes what the scripted engine recites: by default the micro call's own words."""

    def write(lines: list[tuple[int, int, int, str]] | None = None, **options: object) -> Path:
        path = tmp_path / f"script{len(list(tmp_path.glob('script*')))}.json"
        said = [{"channel": c, "start_ms": s, "end_ms": e, "text": t} for c, s, e, t in lines or micro_lines()]
        path.write_text(json.dumps({"utterances": said, **options}))
        return path

    return write


def micro_lines() -> list[tuple[int, int, int, str]]:
    truth = json.loads((MICRO_CALL / "truth.json").read_text())
    side = {name: int(channel) for channel, name in truth["channels"].items()}
    return [
        (side[u["speaker"]], round(u["start"] * 1000), round(u["end"] * 1000), u["text"]) for u in truth["utterances"]
    ]


def bring_micro(desk: Desk, script: Path, **options: object) -> str:
    wanted = BringIn((MICRO_CALL / "stereo.opus",), engine="scripted", model=str(script), **options)  # type: ignore[arg-type]
    return desk.bring_in(wanted)


def bring_sample(desk: Desk, name: str = "sales_discovery") -> str:
    folder = SAMPLES / name
    return desk.bring_in(BringIn((folder / "call.opus",), transcript=folder / "transcript.json", source="sample"))


def bring_words(desk: Desk, folder: Path, name: str, *said: str, me: str = "Dan") -> str:
    """A call of words only, one line each 4 s, Dan and Priya in turn; no sound, so it takes milliseconds."""
    lines = said or ("Hello Priya, thanks for your time.", "Hello Dan, the budget is the question.", f"I see, {name}.")
    path = folder / f"{name}.txt"
    path.write_text("\n".join(f"[0:{4 * n:02d}] {('Dan', 'Priya')[n % 2]}: {text}" for n, text in enumerate(lines)))
    return desk.import_transcript(path, me=me)


def tell_voices(desk: Desk, call: str, spans: list[tuple[int, int, int]], confidence: float = 0.9) -> None:
    """Voices of a mixed call as facts: who is heard when."""
    store = desk._store
    (recording,) = calls.recordings(store, call)
    facts = Heard(tuple((Span(start, end), voice) for start, end, voice in spans), confidence, "told")
    voices_kept.keep(store, recording.id, facts)
    calls.set_speakers(store, call, voices.speakers_of(tracks_of(store, call)))


def document(desk: Desk, call: str) -> dict[str, Any]:
    """The review document without when it was made."""
    found: dict[str, Any] = plain(desk.review(call))
    del found["provenance"]["finished_at"]
    return found


def sample_lines(name: str = "sales_discovery", later_ms: int = 0) -> list[tuple[int, int, int, str]]:
    """What is said in a sample call, for the scripted engine."""
    said = json.loads((SAMPLES / name / "transcript.json").read_text())
    side = {speaker["label"]: speaker["channel"] for speaker in said["speakers"]}
    return [
        (side[u["speaker"]], u["start_ms"] + later_ms, u["end_ms"] + later_ms, u["text"]) for u in said["utterances"]
    ]
