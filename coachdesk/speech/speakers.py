"""Who speaks when on a channel that holds several people: runs of speech -> spans of speaker 1, 2, ...

Windows of 1.6 s inside the runs become points (`voiceprint`), points become groups (k-means), and a row of labels that
changes only where it pays (Viterbi). Speech of two at once goes to one of them. Speakers are numbered by who is heard
first; who they are is not known here. Where the voices are not surely two, `Voices.sure` is false and nothing may be
built on the labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from coachdesk.audio.load import RATE_HZ
from coachdesk.spans import Span, total_ms
from coachdesk.speech import clusters, voiceprint
from coachdesk.speech.clusters import Floats, Labels

HOP_MS = 400
_WINDOW_MS = voiceprint.WINDOW_FRAMES * 10
_WINDOW_SAMPLES = (voiceprint.WINDOW_FRAMES - 1) * voiceprint.HOP + voiceprint.FFT
_PER_MS = RATE_HZ // 1000

# Viterbi: a window's cosine counts 30-fold; changing the speaker inside a run must gain 3 (a window of 1.6 s that is
# nearer by 0.1), at a pause only 0.5. Flat optimum: half or double of each moves the error by under 0.005.
_WEIGHT, _CHANGE_INSIDE, _CHANGE_AT_PAUSE = 30.0, 3.0, 0.5
_ROUNDS = 8

# Mean silhouettes, on 72 recordings (16 of them real, the others synthetic, composed of real legs, or single legs), the
# same ones the limit was set by: one voice cut in two 0.05-0.26 from 16 windows on (0.50 on 9); two voices whose shares
# were over 0.05 from the best labels the detected speech allows, up to 0.24; two told apart well 0.26-0.65. What the
# detector does not hear is not in this. Confidence 0.5 lies at 0.30; on few windows the same silhouette says less.
SURE = 0.5  # confidence from which labels may be built on
_ONE_VOICE, _SURELY_SEVERAL, _FEW_WINDOWS = 0.16, 0.44, 2.0
_LEAST_WINDOWS, _LEAST_EACH_MS, _LEAST_SHARE = 16, 1_500, 0.03


@dataclass(frozen=True, slots=True)
class Voice:
    """A stretch of one speaker; speakers are numbered from 1."""

    span: Span
    speaker: int


@dataclass(frozen=True, slots=True)
class Voices:
    """Stretches in order of time; confidence 0..1; `kind` is how they were told apart; a voiceprint of each speaker."""

    spans: tuple[Voice, ...]
    confidence: float
    kind: str
    voiceprints: tuple[tuple[float, ...], ...] = field(default=(), repr=False)

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE

    def of(self, speaker: int) -> list[Span]:
        return [voice.span for voice in self.spans if voice.speaker == speaker]


@dataclass(frozen=True, slots=True)
class _Window:
    """Which samples a window hears, and what it stands for."""

    first: int
    last: int
    run: int
    middle_ms: float
    covers: float  # how much of a full window is there, 0..1


NOBODY = Voices((), 0.0, "none")
NO_MODEL = Voices((), 0.0, "no_model")  # nobody can be told apart here: the encoder's weights are not installed


def tell_apart(blocks: Iterable[Floats], runs: list[Span], speakers: int = 2) -> Voices:
    """Who speaks in these runs of a channel. `blocks`: its samples at 16 kHz from time 0, gone through once.

    Memory is a block, a batch of windows and 1 kB per 0.4 s of speech. Without the encoder's weights nobody is told apart.
    """
    encoder = voiceprint.encoder()
    if encoder is None:
        return NO_MODEL
    windows = _windows(runs)
    if len(windows) < max(2, speakers):
        return NOBODY
    heard = _embedded(encoder, blocks, windows)
    windows = windows[: len(heard)]
    if len(windows) < max(2, speakers):
        return NOBODY
    labels = _smoothed(heard, clusters.k_means(heard, speakers), windows, speakers)
    labels, count = _by_first(labels)
    spans = _spans(runs, windows, labels)
    prints = clusters.centers(heard, labels, count)
    prints /= np.linalg.norm(prints, axis=1, keepdims=True)
    return Voices(
        tuple(spans),
        _confidence(heard, labels, count, spans) if count == speakers else 0.0,
        "voiceprint",
        tuple(tuple(round(float(x), 5) for x in row) for row in prints),
    )


def voiceprint_of(blocks: Iterable[Floats], spans: list[Span]) -> Floats | None:
    """(256,) of length 1: the mean of what one person says in these spans; None without sound or weights.

    `blocks` as in `tell_apart`. Windows count by how much of them is speech.
    """
    encoder = voiceprint.encoder()
    windows = _windows(spans)
    heard = _embedded(encoder, blocks, windows) if encoder is not None else np.zeros((0, 1), np.float32)
    if not len(heard):
        return None
    weight = np.array([window.covers for window in windows[: len(heard)]], np.float32)
    mean = (heard * weight[:, None]).sum(0)
    return np.asarray(mean / (np.linalg.norm(mean) + np.float32(1e-9)), np.float32)


def _windows(runs: list[Span]) -> list[_Window]:
    """Windows evenly over each run, at most HOP_MS apart; a shorter run is one window of its own length."""
    found = []
    for n, run in enumerate(runs):
        room = run.duration_ms - _WINDOW_MS
        count = 1 if room <= 0 else -(-room // HOP_MS) + 1
        for i in range(count):
            start = run.start_ms + (room * i / (count - 1) if count > 1 else 0)
            first, length = round(start * _PER_MS), min(_WINDOW_MS, run.duration_ms)
            last = min(first + _WINDOW_SAMPLES, round(run.end_ms * _PER_MS) + voiceprint.FFT)
            found.append(_Window(first, last, n, start + length / 2, length / _WINDOW_MS))
    return found


def _embedded(encoder: voiceprint.Encoder, blocks: Iterable[Floats], windows: list[_Window]) -> Floats:
    """(n, 256) of the windows the sound reaches; n may be smaller where it ends early."""
    parts, waiting = [], []
    for samples in _cut(blocks, windows):
        waiting.append(_heard(samples))
        if len(waiting) == voiceprint.BATCH:
            parts.append(encoder.embed(np.stack(waiting)))
            waiting = []
    if waiting:
        parts.append(encoder.embed(np.stack(waiting)))
    return np.concatenate(parts) if parts else np.zeros((0, voiceprint.HIDDEN), np.float32)


def _cut(blocks: Iterable[Floats], windows: list[_Window]) -> Iterator[Floats]:
    """The samples of each window in order; the last may be cut short by the end of the sound."""
    held, begins, at = np.zeros(0, np.float32), 0, 0
    for block in blocks:
        held = np.concatenate([held, block])
        while at < len(windows) and windows[at].last <= begins + len(held):
            yield held[windows[at].first - begins : windows[at].last - begins]
            at += 1
        if at == len(windows):
            return
        gone = min(len(held), max(0, windows[at].first - begins))
        held, begins = held[gone:], begins + gone
    for window in windows[at:]:
        rest = held[max(0, window.first - begins) : window.last - begins]
        if len(rest) < voiceprint.FFT:
            return
        yield rest


def _heard(samples: Floats) -> Floats:
    """(160, 40): what the encoder hears of a window, as loud as it is used to; a short one over and over again."""
    loudness = float(np.dot(samples, samples)) / len(samples)
    gain = 10 ** (voiceprint.LOUDNESS_DB / 10) / max(loudness, 1e-9)
    mel = voiceprint.mel_power(samples) * np.float32(gain)
    return mel[np.arange(voiceprint.WINDOW_FRAMES) % len(mel)]


def _smoothed(heard: Floats, labels: Labels, windows: list[_Window], k: int) -> Labels:
    """Labels that change where it pays; groups and path are found in turn until both stand."""
    weight = np.array([[window.covers * _WEIGHT] for window in windows], np.float32)
    runs = np.array([window.run for window in windows])
    costs = np.where(np.diff(runs, prepend=-1) == 0, _CHANGE_INSIDE, _CHANGE_AT_PAUSE).astype(np.float32)
    for _ in range(_ROUNDS):
        middles = clusters.centers(heard * weight, labels, k)
        middles /= np.linalg.norm(middles, axis=1, keepdims=True) + 1e-9
        new = clusters.best_path(heard @ middles.T * weight, costs)
        if np.array_equal(new, labels):
            break
        labels = new
    return labels


def _by_first(labels: Labels) -> tuple[Labels, int]:
    """Groups numbered by who is heard first, and how many there are."""
    order = list(dict.fromkeys(labels.tolist()))
    return np.array([order.index(label) for label in labels.tolist()], np.int64), len(order)


def _spans(runs: list[Span], windows: list[_Window], labels: Labels) -> list[Voice]:
    """Each run, cut in the middle between windows of different speakers."""
    found: list[Voice] = []
    for n, (window, label) in enumerate(zip(windows, labels.tolist(), strict=True)):
        run, speaker = runs[window.run], label + 1
        before = windows[n - 1] if n and windows[n - 1].run == window.run else None
        if before is None:
            found.append(Voice(run, speaker))
        elif found[-1].speaker != speaker:
            border = round((before.middle_ms + window.middle_ms) / 2)
            found[-1] = Voice(Span(found[-1].span.start_ms, border), found[-1].speaker)
            found.append(Voice(Span(border, run.end_ms), speaker))
    return found


def _confidence(heard: Floats, labels: Labels, k: int, spans: list[Voice]) -> float:
    """0..1: how surely these are as many people; 0 where there is too little of one."""
    spoken = [total_ms([voice.span for voice in spans if voice.speaker == n + 1]) for n in range(k)]
    if len(heard) < _LEAST_WINDOWS or min(spoken) < max(_LEAST_EACH_MS, _LEAST_SHARE * sum(spoken)):
        return 0.0
    apart = float(clusters.silhouettes(heard, labels, k).mean()) - _FEW_WINDOWS / len(heard)
    scale = (apart - _ONE_VOICE) / (_SURELY_SEVERAL - _ONE_VOICE)
    return round(min(1.0, max(0.0, scale)), 2)
