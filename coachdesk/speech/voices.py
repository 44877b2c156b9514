"""What the speech child says of the voices of a stored sound: who speaks when on a channel, and what one voice is like.

The sound is decoded once for each question. Voiceprints of others never leave this process: of them the desk hears only
how alike they are to the person's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from coachdesk.audio.load import RATE_HZ, Sound
from coachdesk.spans import Span, total_ms
from coachdesk.speech import protocol
from coachdesk.speech.clusters import Floats
from coachdesk.speech.speakers import Voices, tell_apart, voiceprint_of

Say = Callable[[protocol.FromChild], None]


def answer(asked: protocol.TellApart | protocol.HearVoice, say: Say) -> None:
    """One question about voices, answered with one message beside the progress."""
    if isinstance(asked, protocol.TellApart):
        runs = [Span(*run) for run in asked.runs]
        say(protocol.VoicesHeard(told(Path(asked.path), asked.lane, runs, asked.speakers, asked.own_voice, say)))
        return
    spans = [Span(*span) for span in asked.spans]
    with Sound(Path(asked.path)) as sound:
        heard = voiceprint_of(_lane(sound, asked.lane, say), spans)
    found = [] if heard is None else [round(float(x), 5) for x in heard]
    say(protocol.VoiceHeard(found, total_ms(spans) if found else 0))


def told(
    path: Path, lane: int, runs: list[Span], speakers: int, own_voice: Sequence[float], say: Say
) -> protocol.VoicesSent:
    """Who speaks when on one channel, and how alike each of them is to the own voice, where that is given."""
    with Sound(path) as sound:
        found = tell_apart(_lane(sound, lane, say), runs, speakers)
    spans = [(voice.span.start_ms, voice.span.end_ms, voice.speaker) for voice in found.spans]
    return protocol.VoicesSent(spans, found.confidence, found.kind, _alike(found, own_voice))


def _alike(found: Voices, own_voice: Sequence[float]) -> list[float]:
    """Cosine of each speaker's voiceprint with the own one; none where none is given."""
    if not own_voice:
        return []
    own = np.array(own_voice, np.float32)
    return [round(float(np.array(each, np.float32) @ own), 4) for each in found.voiceprints]


def _lane(sound: Sound, lane: int, say: Say) -> Iterator[Floats]:
    samples = 0
    for block in sound.blocks():
        yield np.asarray(block[lane], np.float32)
        samples += block.shape[1]
        say(protocol.Progress("voices", samples * 1000 // RATE_HZ, sound.told_ms))
