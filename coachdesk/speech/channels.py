"""What the channels of a recording really hold: two sides, one mixed signal twice, a silent leg, or the other side's bleed.

Everything here is decided from 10 ms levels and running sums, so memory stays small for any length.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from coachdesk.audio.load import RATE_HZ, Samples
from coachdesk.model import Layout, Notice, Span, merge_spans, shared_spans, total_ms
from coachdesk.speech.detector import BRIDGE_MS, SHORTEST_RUN_MS

LEVEL_MS = 10
SAME_CORRELATION = 0.98  # two channels more alike than this are one signal
SAME_ACTIVITY, SAME_LEVEL_DB = 0.85, 10  # so are two active together this much at about one level: a room in stereo
_LEARN_FRAMES = 20 * 60 * 100  # bleed is learnt from at most the first 20 minutes
_LAGS = range(0, 30)  # frames: 0..290 ms
_BLEED_MARGIN_DB = 10
_AUDIBLE_BLEED_DB, _LOUDEST_BLEED_DB = -40, -6  # softer does no harm; louder is no bleed but the same signal
_BLEED_CORRELATION = 0.35
_FAR_SPEAKS_DB = -50
_CRUMB_DB, _CRUMB_SHARE = 15, 0.8  # what is softer than this, or mostly the far side's, is no speech of this side
_USUAL_GAP_MS, _GAP_SPREAD_MS, _NEARLY_AS_LIKELY = 300, 500, 0.85
_FAR_LOUDER_DB = 6  # the far side certainly speaks, and the microphone's own side certainly not

Levels = npt.NDArray[np.int8]


@dataclass(slots=True)
class ChannelMeter:
    """Levels of every 10 ms (dBFS, int8) and how alike two channels are."""

    lanes: int
    _levels: list[Levels] = field(default_factory=list)
    _rest: Samples | None = None
    _sums: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])

    def push(self, block: Samples) -> None:
        if self.lanes == 2:
            for i, (a, b) in enumerate(((0, 1), (0, 0), (1, 1))):
                self._sums[i] += float(np.dot(block[a], block[b]))
        samples = block if self._rest is None else np.concatenate([self._rest, block], axis=1)
        size = RATE_HZ * LEVEL_MS // 1000
        whole = samples.shape[1] // size
        self._rest = samples[:, whole * size :].copy()
        shaped = samples[:, : whole * size].reshape(self.lanes, whole, size)
        power = np.einsum("lws,lws->lw", shaped, shaped) / size
        self._levels.append(np.clip(10 * np.log10(power + 1e-12), -120, 0).astype(np.int8))

    def levels(self) -> Levels:
        """(lanes, n) dBFS."""
        return np.concatenate(self._levels, axis=1) if self._levels else np.zeros((self.lanes, 0), np.int8)

    @property
    def correlation(self) -> float:
        """Of the two channels, -1..1; 0 where one of them is silent."""
        both, left, right = self._sums
        return both / float(np.sqrt(left * right)) if left > 0 and right > 0 else 0.0


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
    """Both channels active together nearly always and about equally loud; a leaking codec is active, but much softer."""
    longer = max(total_ms(runs) for runs in activity)
    both = shared_spans(activity[0], activity[1])
    if not longer or total_ms(both) <= SAME_ACTIVITY * longer:
        return False
    levels = meter.levels().astype(np.float64)
    on = _mask(both, levels.shape[1])
    return float(np.median(np.abs(levels[0] - levels[1])[on])) < SAME_LEVEL_DB


def without_bleed(meter: ChannelMeter, activity: list[list[Span]]) -> tuple[list[list[Span]], tuple[Notice, ...]]:
    """Activity of both channels without what is only the other side's sound coming through the loudspeaker."""
    levels = meter.levels()
    cleaned, notices = [list(runs) for runs in activity], []
    for mic in (0, 1):
        learnt = _learn(levels[mic], levels[1 - mic], activity[mic], activity[1 - mic])
        if learnt is None:
            continue
        runs = _own_runs(levels[mic], levels[1 - mic], activity[mic], *learnt)
        removed = total_ms(activity[mic]) - total_ms(runs)
        if removed >= SHORTEST_RUN_MS:
            cleaned[mic] = runs
            notices.append(Notice("bleed_removed", {"channel": mic, "ms": removed, "gain_db": round(learnt[1])}))
    return cleaned, tuple(notices)


def _learn(mic: Levels, far: Levels, mic_runs: list[Span], far_runs: list[Span]) -> tuple[int, float] | None:
    """(lag in frames, gain in dB) of the way from loudspeaker to microphone, or None where no bleed is heard."""
    n = min(len(mic), len(far), _LEARN_FRAMES)
    far_on = _mask(far_runs, n)
    mic_on = _mask(mic_runs, n)
    if far_on.sum() < 300 or (mic_on & far_on).sum() < max(50, 0.05 * far_on.sum()):
        return None  # the channels are hardly ever active together: nothing to explain
    near, away = _smooth(mic[:n]), _smooth(far[:n])
    alike = [_alike(*_far_only(near, away, far_on, lag)) for lag in _LAGS]
    lag = int(np.argmax(alike))
    if alike[lag] < _BLEED_CORRELATION:
        return None
    mine, theirs = _far_only(near, away, far_on, lag)
    loud = theirs > np.median(theirs)
    gain_db = float(np.median((mine - theirs)[loud]))
    return (lag, gain_db) if _AUDIBLE_BLEED_DB < gain_db < _LOUDEST_BLEED_DB else None


Floats = npt.NDArray[np.float64]


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


def _own_runs(mic: Levels, far: Levels, runs: list[Span], lag: int, gain_db: float) -> list[Span]:
    """What is left of the runs without the far side's sound, and without crumbs softer than this side ever speaks."""
    kept: list[Span] = []
    for run in runs:
        first, last = run.start_ms // LEVEL_MS, min(run.end_ms // LEVEL_MS, len(mic), len(far))
        if last <= first:
            continue
        low = max(0, first - lag - 3)
        near, away = _smooth(mic[low:last]), _smooth(far[low:last])
        shifted = np.concatenate([np.full(lag, -90.0), away])[: len(away)]
        own = ~((shifted > _FAR_SPEAKS_DB) & (near < shifted + gain_db + _BLEED_MARGIN_DB))[first - low :]
        spans = [Span((first + s) * LEVEL_MS, (first + e) * LEVEL_MS) for s, e in _stretches(own)]
        kept += [Span(max(s.start_ms, run.start_ms), min(s.end_ms, run.end_ms)) for s in spans if s.duration_ms >= 60]
    joined = [span for span in merge_spans(kept, BRIDGE_MS) if span.duration_ms >= SHORTEST_RUN_MS]
    if not joined:
        return []
    usual = _loudness(mic, max(joined, key=lambda span: span.duration_ms))
    filled = {span: total_ms([part for part in kept if span.contains(part)]) / span.duration_ms for span in joined}
    return [s for s in joined if _loudness(mic, s) > usual - _CRUMB_DB and filled[s] > _CRUMB_SHARE]


def _loudness(levels: Levels, span: Span) -> float:
    """How loud speech is in a span: its 75th percentile, dBFS."""
    part = levels[span.start_ms // LEVEL_MS : max(span.end_ms // LEVEL_MS, span.start_ms // LEVEL_MS + 1)]
    return float(np.percentile(part, 75)) if part.size else -120.0


def _stretches(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _smooth(levels: Levels) -> npt.NDArray[np.float64]:
    return np.convolve(levels.astype(np.float64), np.ones(5) / 5, "same")


def _mask(runs: list[Span], n: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(n, np.bool_)
    for run in runs:
        mask[run.start_ms // LEVEL_MS : run.end_ms // LEVEL_MS] = True
    return mask


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
