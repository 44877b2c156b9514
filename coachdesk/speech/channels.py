"""What the channels of a recording really hold: two sides, one mixed signal twice, or a silent leg.

And how much later the second of two participants' files began. The other side's bleed has a file of its own.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from coachdesk.model import Layout, Notice
from coachdesk.spans import Span, shared_spans, total_ms
from coachdesk.speech.bleed import heard_one_way
from coachdesk.speech.meter import ChannelMeter, mask

SAME_CORRELATION = 0.98  # two channels more alike than this are one signal
SAME_ACTIVITY, SAME_LEVEL_DB = 0.85, 10  # so are two active together this much at about one level: a room in stereo
_USUAL_GAP_MS, _GAP_SPREAD_MS, _NEARLY_AS_LIKELY = 300, 500, 0.85


def layout_of(meter: ChannelMeter, activity: list[list[Span]]) -> tuple[Layout, int | None, tuple[Notice, ...]]:
    """What the channels hold, the one channel to listen to where only one counts, and what to say about it."""
    if meter.lanes == 1:
        return Layout.MIXED, 0, ()
    if abs(meter.correlation) > SAME_CORRELATION or _one_room(meter, activity):
        return Layout.MIXED, 0, (Notice("channels_alike"),)
    speaking = [channel for channel in (0, 1) if activity[channel]]
    if len(speaking) == 1:
        return Layout.MIXED, speaking[0], (Notice("silent_channel", {"channel": 1 - speaking[0]}),)
    return Layout.TWO_SIDES, None, ()


def _one_room(meter: ChannelMeter, activity: list[list[Span]]) -> bool:
    """Both channels active together nearly always and about equally loud; a leaking codec is active, but much softer.

    A microphone that hears a loudspeaker as loud as that hears it late, and is not heard itself.
    """
    longer = max(total_ms(runs) for runs in activity)
    both = shared_spans(activity[0], activity[1])
    if not longer or total_ms(both) <= SAME_ACTIVITY * longer or heard_one_way(meter):
        return False
    levels = meter.levels().astype(np.float64)
    on = mask(both, levels.shape[1])
    return float(np.median(np.abs(levels[0] - levels[1])[on])) < SAME_LEVEL_DB


def later_start_ms(first: list[Span], second: list[Span], within_ms: int = 60_000) -> int | None:
    """How much later the second of two participants' files began, found from the turn-taking; None if it is not clear.

    People in a call mostly do not speak at once, so the right offset is the one with hardly any overlap. It is given
    only where starting together would overlap much (over 15 % of the shorter side) and one offset is clearly better.
    """
    step = 100
    length = max([run.end_ms for run in [*first, *second]], default=0) // step + 1
    size = length + 2 * within_ms // step
    a, b = np.zeros(size), np.zeros(size)
    for track, runs in ((a, first), (b, second)):
        for run in runs:
            track[run.start_ms // step : run.end_ms // step + 1] = 1.0
    shorter = min(a.sum(), b.sum())
    if shorter < 100:
        return None
    lags = np.arange(-within_ms // step, within_ms // step + 1)
    overlap = np.fft.irfft(np.fft.rfft(a, 2 * size) * np.conj(np.fft.rfft(b, 2 * size)), 2 * size)
    shares = np.array([overlap[lag] for lag in lags]) / shorter
    together, best = float(overlap[0] / shorter), float(shares.min())
    if together < 0.15 or best > together / 2:
        return None
    good = lags[shares <= best + 0.02]
    if good.max() - good.min() > 15:  # more than 1.5 s of offsets would do: not clear
        return None
    scores = np.array([_handovers(first, second, int(lag) * step) for lag in good])
    likely = good[scores >= _NEARLY_AS_LIKELY * scores.max()]
    return round(float(likely.mean())) * step


def _handovers(first: list[Span], second: list[Span], offset_ms: int) -> float:
    """How much two sides take turns as people do with this offset: most answers begin about 0.3 s after the other ends."""
    moved = [Span(run.start_ms + offset_ms + 120_000, run.end_ms + offset_ms + 120_000) for run in second]
    fixed = [Span(run.start_ms + 120_000, run.end_ms + 120_000) for run in first]
    score = 0.0
    for one, other in ((fixed, moved), (moved, fixed)):
        starts = [run.start_ms for run in other]
        for run in one:
            at = bisect_left(starts, run.end_ms - 500)
            if at < len(starts):
                score += float(np.exp(-(((starts[at] - run.end_ms - _USUAL_GAP_MS) / _GAP_SPREAD_MS) ** 2)))
    return score
