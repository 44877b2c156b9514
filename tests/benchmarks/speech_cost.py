"""What listening costs beside the engine: our seconds per minute of a two-channel call, and our share inside the engine.

Processor seconds, since machines are shared. The engine is the tiny real Whisper of tests/data; with --data DIR the call
in DIR/calls/sales_discovery is listened to as well. "Bare" is faster-whisper's own batched pipeline on the very same clips.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from coachdesk.audio.load import RATE_HZ, Sound
from coachdesk.desk.desk import BringIn, open_desk
from coachdesk.speech.cutter import Listener, Tape
from coachdesk.speech.engine import Clip, EngineChoice
from coachdesk.speech.whisper import WhisperEngine, physical_cores
from tests.benchmarks.printing import ROOT, arguments, report

MODEL = ROOT / "tests/data/whisper-micro"
KNOWN = (
    ROOT / "tests/data/micro_call/stereo.opus"
)  # what the tiny model knows: on other speech it loops and is asked twice
CALLS = [ROOT / "resources/samples/sales_discovery/call.opus", ROOT / "resources/samples/recruiting_screen/call.opus"]


def clips(path: Path) -> list[Clip]:
    found: list[Clip] = []
    with Sound(path) as sound:
        listeners = [Listener(channel) for channel in range(sound.info.lanes)]
        tape = Tape(sound.info.lanes)
        for block in sound.blocks():
            tape.push(block)
            for lane, listener in enumerate(listeners):
                found += [Clip(chunk, tape.clip(chunk)) for chunk in listener.push(block[lane])[1]]
        for listener in listeners:
            found += [Clip(chunk, tape.clip(chunk)) for chunk in listener.finish(sound.duration_ms)[1]]
    return sorted(found, key=lambda clip: (clip.chunk.start_ms, clip.chunk.channel))


def bare(engine: WhisperEngine, made: list[Clip]) -> float:
    """faster-whisper's own pipeline, batches of four, on the same clips."""
    started = time.process_time()
    for first in range(0, len(made), 4):
        batch = made[first : first + 4]
        edges = np.cumsum([0, *(len(clip.samples) for clip in batch)]) / RATE_HZ
        spans = [{"start": a, "end": b} for a, b in itertools.pairwise(edges)]
        audio = np.concatenate([clip.samples for clip in batch])
        segments, _ = engine._pipeline.transcribe(
            audio, language="en", clip_timestamps=spans, batch_size=4, beam_size=1, word_timestamps=True
        )
        list(segments)
    return time.process_time() - started


def ours(engine: WhisperEngine, made: list[Clip]) -> float:
    started = time.process_time()
    list(engine.transcribe(iter(made)))
    return time.process_time() - started


def measure(data: Path | None) -> dict[str, Any]:
    files = list(CALLS) + ([data / "calls/sales_discovery/stereo.opus"] if data else [])
    found: dict[str, Any] = {}
    for path in files:
        with tempfile.TemporaryDirectory() as home, open_desk(home) as desk:
            call = desk.bring_in(BringIn((path,), engine="whisper", model=str(MODEL)))
            work, minutes = desk.last_work, desk.find(call).duration_ms / 60_000
            assert work is not None
            name = f"{path.parent.name}/{path.name}"
            found[f"{name}: outside the engine, s per minute"] = (work.child_s - work.engine_s) / minutes
    engine = WhisperEngine(EngineChoice("whisper", str(MODEL), "en", threads=physical_cores()))
    made = clips(KNOWN) * 3
    ours(engine, made), bare(engine, made)  # both warm
    rounds = [(ours(engine, made), bare(engine, made)) for _ in range(9)]
    ratios = sorted(mine / theirs for mine, theirs in rounds)
    found["inside the engine, ours over bare (median of 9)"] = ratios[4]
    return found


if __name__ == "__main__":
    asked = arguments(__doc__ or "")
    report(measure(asked.data), asked.json)
