"""Clips of real sound for the engines, cut by the listeners as the speech child does it."""

from __future__ import annotations

import json
from functools import cache

from coachdesk.audio.load import RATE_HZ
from coachdesk.speech.cutter import Listener, Tape
from coachdesk.speech.engine import Clip
from tests.audio.sounds import call
from tests.conftest import MICRO_CALL

TRUTH = json.loads((MICRO_CALL / "truth.json").read_text("utf-8"))["utterances"]
SIDES = ("rep", "prospect")


def clips_of(sound):
    """All clips of a sound (lanes, n), in order of time."""
    tape, clips = Tape(sound.shape[0]), []
    tape.push(sound)
    for lane, samples in enumerate(sound):
        listener = Listener(lane)
        _, early = listener.push(samples)
        _, late = listener.finish(sound.shape[1] * 1000 // RATE_HZ)
        clips += [Clip(chunk, tape.clip(chunk)) for chunk in early + late]
    return sorted(clips, key=lambda clip: (clip.chunk.start_ms, clip.chunk.channel))


@cache
def micro_clips():
    """The clips of the tiny model's own call."""
    return tuple(clips_of(call(MICRO_CALL / "stereo.opus")))
