"""One lane of the timeline, painted: bars as high as the sound, strong where this side speaks, faint where it does not.

numpy is asked for only when there are peaks to paint, so that the first window does not load it.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from coachdesk.gui.theme import colour
from coachdesk.gui.widgets.timeline_axis import Scale

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Levels = list[npt.NDArray[np.int8]]
    Floats = npt.NDArray[np.float64]

BUCKET_MS = 10  # of the finest level; each further level joins FACTOR buckets
FACTOR = 4
_PITCH, _GAP = 3, 1  # px from bar to bar, and between them
_LOUD = 99.5  # per cent of the peaks that fit the lane; the rest is cut, else speech looks flat
_LEAST_LOUD = 5.0  # of 127: a silent lane stays flat instead of showing its noise
_PER_BAR = 4  # buckets the middle loudness of a bar is taken from, at least
_SHADES = 5  # steps from "silent here" to "speaks here"
_FAINT = 0.16
_OUTER = 0.45  # the loudest moment of a bar, against its middle loudness

SIDE_COLOURS = {"rep": "own", "other": "other", "unknown": "muted"}


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One side of the call: who, when they speak, how loud it is."""

    name: str
    side: str
    runs: tuple[tuple[int, int], ...] = ()
    peaks: Levels | None = None
    column: int = 0
    offset_ms: int = 0
    shared: bool = False  # the peaks are everybody's: only those in the runs are this side's


def lane_colour(lane: Lane) -> QColor:
    return colour(SIDE_COLOURS.get(lane.side, "muted"))


def loudest(lane: Lane) -> float:
    """The peak that fills the lane, of 127."""
    import numpy as np

    if not lane.peaks or not len(lane.peaks[0]):
        return _LEAST_LOUD
    level = next((one for one in lane.peaks if len(one) <= 100_000), lane.peaks[-1])
    found = np.percentile(np.abs(level[:, lane.column].astype(np.int16)).max(axis=1), _LOUD)
    return max(float(found), _LEAST_LOUD)


def paint_lane(painter: QPainter, rect: QRectF, lane: Lane, scale: Scale, loud: float, ratio: float) -> None:
    """Bars where there are peaks, else a block per stretch of speech."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    if lane.peaks and len(lane.peaks[0]):
        _paint_bars(painter, rect, lane, scale, loud, ratio)
    else:
        _paint_runs(painter, rect, lane, scale)
    painter.restore()


# --- without peaks


def _paint_runs(painter: QPainter, rect: QRectF, lane: Lane, scale: Scale) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(lane_colour(lane))
    height = min(rect.height() * 0.55, 18.0)
    top = rect.center().y() - height / 2
    for start, end in _joined(lane.runs, scale):
        x = scale.x(start)
        width = max(scale.x(end) - x, 2.0)
        painter.drawRoundedRect(QRectF(x, top, width, height), min(3.0, width / 2), 3.0)


def _joined(runs: Sequence[tuple[int, int]], scale: Scale) -> list[tuple[int, int]]:
    """The runs in view; those less than a pixel apart as one."""
    least = scale.ms_per_px
    joined: list[tuple[int, int]] = []
    for start, end in runs[bisect.bisect_left(runs, scale.start_ms, key=lambda run: run[1]) :]:
        if start > scale.end_ms:
            break
        if joined and start - joined[-1][1] < least:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


# --- with peaks


def _paint_bars(painter: QPainter, rect: QRectF, lane: Lane, scale: Scale, loud: float, ratio: float) -> None:
    import numpy as np

    # whole device pixels, or every other bar would be blurred
    pitch, gap = round(_PITCH * ratio) / ratio, max(round(_GAP * ratio), 1) / ratio
    each_ms = pitch * scale.ms_per_px
    # bars stand on fixed times: moving the view moves them, and does not make them flicker
    first = int(scale.start_ms // each_ms)
    count = int((scale.end_ms - scale.start_ms) / each_ms) + 2
    edges: Floats = (first + np.arange(count + 1, dtype=np.float64)) * each_ms
    outer, inner = _heights(lane, edges)
    spoken = _spoken(lane.runs, edges)
    if lane.shared:  # what others say on the same channel is not drawn here
        outer, inner = (np.where((spoken > 0) | np.isnan(level), level, 0.0) for level in (outer, inner))
    half = rect.height() / 2
    least = 1.0 / ratio
    xs = np.round((scale.left + (edges[:-1] - scale.start_ms) / scale.ms_per_px) * ratio) / ratio
    bars = zip(
        xs.tolist(),
        _tall(outer, loud, half, least).tolist(),
        _tall(inner, loud, half, least).tolist(),
        _shades(spoken).tolist(),
        strict=True,
    )
    groups: list[tuple[list[QRectF], list[QRectF]]] = [([], []) for _ in range(_SHADES)]
    middle = round(rect.center().y() * ratio) / ratio
    left, right, width = rect.left() - pitch, rect.right(), pitch - gap
    for x, high, low, shade in bars:
        if left < x < right and high:
            groups[shade][0].append(QRectF(x, middle - high, width, 2 * high))
            groups[shade][1].append(QRectF(x, middle - low, width, 2 * low))
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shade, (outers, inners) in enumerate(groups):
        alpha = _FAINT + (1 - _FAINT) * shade / (_SHADES - 1)
        for rects, part in ((outers, _OUTER), (inners, 1.0)):
            tone = lane_colour(lane)
            tone.setAlphaF(alpha * part)
            painter.setBrush(tone)
            painter.drawRects(rects)


def _tall(levels: Floats, loud: float, half: float, least: float) -> Floats:
    """Levels as half heights in px: never over the lane, a hair where there is silence, nothing where no sound is."""
    import numpy as np

    tall = np.clip(levels / loud, 0.0, 1.0) * half * 0.95
    return np.where(np.isnan(tall), 0.0, np.maximum(tall, least))


def _heights(lane: Lane, edges: Floats) -> tuple[Floats, Floats]:
    """The loudest and the middle peak between each two edges; nan where there is no sound."""
    import numpy as np

    assert lane.peaks
    width = float(edges[1] - edges[0])
    depth = 0
    while depth + 1 < len(lane.peaks) and BUCKET_MS * FACTOR ** (depth + 1) * _PER_BAR <= width:
        depth += 1
    level = lane.peaks[depth]
    at = np.floor((edges - lane.offset_ms) / (BUCKET_MS * FACTOR**depth)).astype(np.int64)
    begin, end = at[:-1], np.maximum(at[1:], at[:-1] + 1)
    outer = np.full(len(begin), np.nan)
    inner = np.full(len(begin), np.nan)
    there = np.flatnonzero((begin >= 0) & (begin < len(level)))
    if not len(there):
        return outer, inner
    base, stop = int(begin[there[0]]), min(int(end[there[-1]]), len(level))
    pairs = level[base:stop, lane.column].astype(np.int16)
    starts = begin[there] - base
    low = np.minimum.reduceat(pairs[:, 0], starts)
    high = np.maximum.reduceat(pairs[:, 1], starts)
    outer[there] = np.maximum(-low, high)
    sizes = np.maximum(np.diff(np.append(starts, stop - base)), 1)
    inner[there] = np.add.reduceat(np.maximum(-pairs[:, 0], pairs[:, 1]), starts, dtype=np.int64) / sizes
    return outer, inner


def _spoken(runs: Sequence[tuple[int, int]], edges: Floats) -> Floats:
    """The part of the time between each two edges that is speech; all of it where nothing is known."""
    import numpy as np

    if not runs:
        return np.ones(len(edges) - 1)
    flat = np.asarray(runs, np.float64)
    lengths = np.maximum(flat[:, 1] - flat[:, 0], 0.0)
    before = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    times = flat.reshape(-1)
    summed = np.stack([before, before + lengths], axis=1).reshape(-1)
    upto = np.interp(edges, np.maximum.accumulate(times), summed)
    part: Floats = np.diff(upto) / (edges[1] - edges[0])
    return part


def _shades(spoken: Floats) -> npt.NDArray[Any]:
    import numpy as np

    # a bar of a minute with a quarter of speech is still a bar of somebody who speaks
    return np.round(np.clip(spoken, 0.0, 1.0) ** 0.6 * (_SHADES - 1)).astype(np.int64)
