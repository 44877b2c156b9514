"""The other side's sound in a microphone: found, measured, and taken out of that channel's activity before turns are cut.

The sound itself is left alone. A loudspeaker is heard in the microphone a little later and at a steady level below what
the other channel holds; where the microphone is not clearly louder than that, it is not its own side that speaks.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice, takewhile

import numpy as np
import numpy.typing as npt

from coachdesk.model import Notice
from coachdesk.spans import Span, merge_spans, total_ms
from coachdesk.speech.detector import BRIDGE_MS, SHORTEST_RUN_MS
from coachdesk.speech.meter import LEVEL_MS, ChannelMeter, Delay, Levels, mask

_LEARN_FRAMES = 20 * 60 * 100  # bleed is learnt from at most the first 20 minutes
_STANDS_OUT = 8.0  # sections of unrelated sound peak at 4 to 7 standard deviations, those with bleed at 10 to 60
_SAME_WAY_MS = 10  # delays this near are one way from loudspeaker to microphone; clocks may drift a little
_AGREED_SHARE = 0.5  # of all that stands out; peaks by chance lie anywhere
_USUAL_SHARE = 0.3  # of frames: where both speak the microphone is louder, so the way is learnt from the softer ones
_ONE_ROOM_MS = 15  # two microphones 5 m apart; a call's way through both machines takes longer
_TURN_PAUSE_MS = 2_000  # as METRICS: a longer pause ends a stretch of speech ...
_LONGEST_SHORT_MS = 1_000  # ... and what is no longer than this may be a short response, no turn
_LAGS = range(0, 30)  # frames: 0..290 ms
_AUDIBLE_BLEED_DB, _LOUDEST_BLEED_DB = -40, -6  # softer does no harm; louder may be the same signal ...
_LOUDEST_HEARD_DB = 20  # ... unless it comes later: a microphone turned up may be louder than what it hears
_BLEED_CORRELATION = 0.35
_FADES_DB, _FADED_LEVELS = 1.5, 80  # per level: a room that takes 0.4 s for 60 dB; after 0.8 s nothing is left
_NOTHING_DB = -120.0
_SURELY_OWN_DB = 10  # over the bleed: speech of this side begins where it is sure ...
_MAYBE_OWN_DB = 4  # ... and goes on while it may be
_SHORTEST_SURE_MS = 60
_WHISPER_DB = 45  # below the loudest: no speech of this side, even while nothing is to be heard from the other
_CRUMB_DB, _SURE_SHARE = 15, 0.25  # softer than this side speaks, or less of it sure: no speech of this side
_FAR_LOUDER_DB = 6  # the far side certainly speaks, and the microphone's own side certainly not

Floats = npt.NDArray[np.float64]


def without_bleed(meter: ChannelMeter, activity: list[list[Span]]) -> tuple[list[list[Span]], tuple[Notice, ...]]:
    """Activity of both channels without what is only the other side's sound coming through the loudspeaker.

    A notice `bleed_removed` for each channel that lost any: `ms` taken out, `gain_db` from loudspeaker to microphone, and
    `turns`: how many false turns are gone (see `false_turns`).
    """
    levels = meter.levels()
    cleaned, notices = [list(runs) for runs in activity], []
    for mic in (0, 1):
        way = _way(meter, levels, mic, activity)
        if way is None:
            continue
        runs = _own_runs(levels[mic], levels[1 - mic], activity[mic], *way)
        removed = total_ms(activity[mic]) - total_ms(runs)
        if removed >= SHORTEST_RUN_MS:
            cleaned[mic] = runs
            facts = {"ms": removed, "gain_db": round(way[1]), "turns": false_turns(activity[mic], runs)}
            notices.append(Notice("bleed_removed", {"channel": mic, **facts}))
    return cleaned, tuple(notices)


def false_turns(heard: list[Span], own: list[Span]) -> int:
    """How often a side seemed to have a turn and had none, or a longer one than it had.

    `heard` are the runs as the detector found them, `own` what is left of them; both sorted and disjoint. What of `heard`
    is in no run of `own` was removed; removed stretches that follow one another within 2 s and without own speech in
    between are one. Counted are those of more than 1 s: less is no turn (METRICS), and no more than an edge that was trimmed.
    """
    starts = [span.start_ms for span in own]
    lengths: list[int] = []
    before: Span | None = None
    for part in (part for run in heard for part in _gaps(run, own)):
        close = before is not None and part.start_ms - before.end_ms <= _TURN_PAUSE_MS
        if before is not None and close and bisect_left(starts, before.end_ms) == bisect_left(starts, part.start_ms):
            lengths[-1] += part.duration_ms
        else:
            lengths.append(part.duration_ms)
        before = part
    return sum(length > _LONGEST_SHORT_MS for length in lengths)


def heard_one_way(meter: ChannelMeter) -> bool:
    """Whether one channel is clearly heard in the other, later than within one room, and not the other way round."""
    ways = [_delay_ms(meter.delays(late)) for late in (0, 1)]
    return (ways[0] is None) is not (ways[1] is None) and max(way or 0 for way in ways) > _ONE_ROOM_MS


def _gaps(run: Span, own: list[Span]) -> list[Span]:
    """What of a run lies in none of the spans, which are sorted and disjoint."""
    edges = [run.start_ms]
    first = bisect_left(own, run.start_ms, key=lambda span: span.end_ms)
    for span in takewhile(lambda span: span.start_ms < run.end_ms, islice(own, first, None)):
        if span.overlap_ms(run) > 0:
            edges += [max(span.start_ms, run.start_ms), min(span.end_ms, run.end_ms)]
    edges.append(run.end_ms)
    return [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]


# --- the way from loudspeaker to microphone: (lag in levels, gain in dB)


def _way(meter: ChannelMeter, levels: Levels, mic: int, activity: list[list[Span]]) -> tuple[int, float] | None:
    """How this microphone hears the other side, or None where it does not.

    Told by the sound itself where that is clear, else by how the levels go up and down together.
    """
    n = min(levels.shape[1], _LEARN_FRAMES)
    far_on, mic_on = mask(activity[1 - mic], n), mask(activity[mic], n)
    if far_on.sum() < 300 or (mic_on & far_on).sum() < max(50, 0.05 * far_on.sum()):
        return None  # the channels are hardly ever active together: nothing to explain
    near, away = _smooth(levels[mic, :n]), _smooth(levels[1 - mic, :n])
    delay_ms = _delay_ms(meter.delays(mic))
    if delay_ms is not None:
        return _heard_late(near, away, far_on, round(delay_ms / LEVEL_MS))
    if _delay_ms(meter.delays(1 - mic)) is not None:
        return None  # the other way round it is clear, and who hears is not heard
    return _alike_late(near, away, far_on)


def _delay_ms(delays: list[Delay]) -> float | None:
    """The delay most sections agree on; None where they do not."""
    clear = [delay for delay in delays if delay.stands_out >= _STANDS_OUT]
    if len(clear) < 2:
        return None
    at, weight = np.array([d.ms for d in clear]), np.array([d.stands_out for d in clear])
    near = np.abs(at[:, None] - at[None, :]) <= _SAME_WAY_MS
    votes = near @ weight
    best = int(np.argmax(votes))
    if near[best].sum() < 2 or votes[best] < _AGREED_SHARE * weight.sum():
        return None
    return float(np.average(at[near[best]], weights=weight[near[best]]))


def _heard_late(near: Floats, away: Floats, far_on: npt.NDArray[np.bool_], lag: int) -> tuple[int, float] | None:
    """The gain of a way whose lag is known."""
    n = len(near) - lag
    theirs, mine = away[:n][far_on[:n]], near[lag:][far_on[:n]]
    loud = theirs > np.median(theirs)
    gain_db = float(np.quantile((mine - theirs)[loud], _USUAL_SHARE)) if loud.any() else -120.0
    return (lag, gain_db) if _AUDIBLE_BLEED_DB < gain_db < _LOUDEST_HEARD_DB else None


def _alike_late(near: Floats, away: Floats, far_on: npt.NDArray[np.bool_]) -> tuple[int, float] | None:
    """Lag and gain where the levels follow each other while only the far side can be speaking."""
    alike = [_alike(*_far_only(near, away, far_on, lag)) for lag in _LAGS]
    lag = int(np.argmax(alike))
    if alike[lag] < _BLEED_CORRELATION:
        return None
    mine, theirs = _far_only(near, away, far_on, lag)
    loud = theirs > np.median(theirs)
    gain_db = float(np.median((mine - theirs)[loud]))
    return (lag, gain_db) if _AUDIBLE_BLEED_DB < gain_db < _LOUDEST_BLEED_DB else None


def _far_only(near: Floats, away: Floats, far_on: npt.NDArray[np.bool_], lag: int) -> tuple[Floats, Floats]:
    """Levels of both channels, the microphone `lag` frames later, where only the far side can be speaking."""
    n = len(near)
    mine, theirs = near[lag:], away[: n - lag]
    only = far_on[: n - lag] & (theirs > mine + _FAR_LOUDER_DB)
    return mine[only], theirs[only]


def _alike(mine: Floats, theirs: Floats) -> float:
    """Correlation of two rows of levels; 0 where there is nothing to correlate."""
    if len(mine) < 300:
        return 0.0
    a, b = np.maximum(mine, -70), np.maximum(theirs, -70)
    spread = float(a.std() * b.std())
    return float(((a - a.mean()) * (b - b.mean())).mean()) / spread if spread > 0 else 0.0


# --- what is left


def _own_runs(mic: Levels, far: Levels, runs: list[Span], lag: int, gain_db: float) -> list[Span]:
    """What is left of the runs without the far side's sound, and without crumbs softer than this side ever speaks."""
    softest = _loudest(mic, runs) - _WHISPER_DB
    surely = np.zeros(len(mic), np.bool_)
    kept: list[Span] = []
    for run in runs:
        first, last = run.start_ms // LEVEL_MS, min(run.end_ms // LEVEL_MS, len(mic))
        bleed = _expected(far, first, last, lag) + gain_db
        over = _smooth(mic[max(0, first - 2) : last + 2])[min(first, 2) :][: last - first] - np.maximum(bleed, softest)
        surely[first:last] = over > _SURELY_OWN_DB
        for start, end in _stretches(over > _MAYBE_OWN_DB):
            if surely[first + start : first + end].sum() * LEVEL_MS >= _SHORTEST_SURE_MS:
                begin, stop = (first + start) * LEVEL_MS, (first + end) * LEVEL_MS
                kept.append(Span(max(begin, run.start_ms), stop))
    joined = [span for span in merge_spans(kept, BRIDGE_MS) if span.duration_ms >= SHORTEST_RUN_MS]
    if not joined:
        return []
    usual = _loudness(mic, max(joined, key=lambda span: span.duration_ms))
    return [s for s in joined if _loudness(mic, s) > usual - _CRUMB_DB and _share(surely, s) > _SURE_SHARE]


def _expected(far: Levels, first: int, last: int, lag: int) -> Floats:
    """How loud the far side arrives at the microphone in these levels, before its gain: later, fading as a room does."""
    begin = first - lag - _FADED_LEVELS
    heard = _smooth(far[max(0, begin) : last - lag])
    late = np.concatenate([np.full(max(0, -begin), _NOTHING_DB), heard])
    slope = np.arange(len(late)) * _FADES_DB
    return np.asarray((np.maximum.accumulate(late + slope) - slope)[_FADED_LEVELS:])


def _loudest(mic: Levels, runs: list[Span]) -> float:
    """How loud a microphone is where it is loudest: the 95th percentile within its runs, dBFS."""
    within = mic[mask(runs, len(mic))]
    return float(np.percentile(within, 95)) if within.size else _NOTHING_DB


def _share(on: npt.NDArray[np.bool_], span: Span) -> float:
    return float(on[span.start_ms // LEVEL_MS : -(-span.end_ms // LEVEL_MS)].mean())


def _loudness(levels: Levels, span: Span) -> float:
    """How loud speech is in a span: its 75th percentile, dBFS."""
    part = levels[span.start_ms // LEVEL_MS : max(span.end_ms // LEVEL_MS, span.start_ms // LEVEL_MS + 1)]
    return float(np.percentile(part, 75)) if part.size else _NOTHING_DB


def _stretches(on: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _smooth(levels: Levels) -> Floats:
    return np.convolve(levels.astype(np.float64), np.ones(5) / 5, "same")
