"""Two-channel calls for tests of what is measured across channels: sound, activity, and the meter that heard them."""

from __future__ import annotations

from functools import cache

from coachdesk.audio.load import BLOCK_SAMPLES, RATE_HZ
from coachdesk.speech.detector import RunFinder, VoiceDetector
from coachdesk.speech.meter import ChannelMeter
from tests.audio.sounds import call
from tests.conftest import SAMPLES


@cache
def clean(name="recruiting_screen"):
    """A whole call, some five minutes: (2, n), and the activity of both sides."""
    sound = call(SAMPLES / name / "call.opus")
    return sound, [activity(lane) for lane in sound]


def activity(samples):
    finder = RunFinder()
    return finder.push(VoiceDetector().push(samples)) + finder.finish(len(samples) * 1000 // RATE_HZ)


def meter_of(sound, size=BLOCK_SAMPLES):
    meter = ChannelMeter(sound.shape[0])
    for at in range(0, sound.shape[1], size):
        meter.push(sound[:, at : at + size])
    return meter


def codes(notices):
    return [notice.code for notice in notices]
