"""What a voice sounds like as 256 numbers: the GE2E speaker encoder that the Resemblyzer wheel carries, in numpy.

Three LSTM layers of 256 over 40 mel bands, then a linear layer, ReLU, length 1 (Wan et al. 2018, "Generalized end-to-end
loss for speaker verification"). Two stretches of one person have a cosine near 0.8 and up, of two people 0.5 to 0.7.
Says how alike stretches sound; who speaks when is decided in `speakers`.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coachdesk.audio.load import RATE_HZ
from coachdesk.errors import EngineError
from coachdesk.speech.tensors import read_tensors

FFT, HOP, MELS = 400, 160, 40  # 25 ms and 10 ms at 16 kHz, as the encoder was trained
HIDDEN, LAYERS = 256, 3
WINDOW_FRAMES = 160  # 1.6 s: the length it was trained on
LOUDNESS_DB = -30.0  # dBFS of the speech it was trained on
BATCH = 64  # windows at once: 64 x 160 x 1024 floats of gates are 42 MB

Floats = npt.NDArray[np.float32]


def weights_path() -> Path | None:
    """The encoder's weights inside the installed wheel; None where it is not installed. Nothing of it is imported."""
    found = importlib.util.find_spec("resemblyzer")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "pretrained.pt"
    return path if path.is_file() else None


@functools.lru_cache(maxsize=1)
def encoder() -> Encoder | None:
    """The encoder; None where its weights are not there or not readable."""
    path = weights_path()
    try:
        return None if path is None else Encoder(path)
    except EngineError:
        return None


class Encoder:
    """The weights, laid out for products from the right."""

    def __init__(self, path: Path) -> None:
        weights = read_tensors(path, "model_state")
        try:
            self._layers = [layer_of(weights, n) for n in range(LAYERS)]
            self._out, self._bias = weights["linear.weight"].T.copy(), weights["linear.bias"]
        except KeyError as missing:
            raise EngineError(f"{path.name} lacks {missing}.", "Install it again.") from missing

    def embed(self, windows: Floats) -> Floats:
        """(n, frames, 40) mel power -> (n, 256), each row of length 1."""
        parts = [self._embed(windows[at : at + BATCH]) for at in range(0, len(windows), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, HIDDEN), np.float32)

    def _embed(self, windows: Floats) -> Floats:
        states = np.ascontiguousarray(windows.transpose(1, 0, 2))
        for layer in self._layers:
            states = lstm(states, *layer)
        raw = np.maximum(states[-1] @ self._out + self._bias, 0)
        return np.asarray(raw / (np.linalg.norm(raw, axis=1, keepdims=True) + np.float32(1e-9)), np.float32)


def layer_of(weights: dict[str, Floats], n: int) -> tuple[Floats, Floats, Floats]:
    """(input to gates, state to gates, bias) of the n-th layer."""
    into, back = weights[f"lstm.weight_ih_l{n}"].T.copy(), weights[f"lstm.weight_hh_l{n}"].T.copy()
    return into, back, weights[f"lstm.bias_ih_l{n}"] + weights[f"lstm.bias_hh_l{n}"]


def lstm(steps: Floats, into: Floats, back: Floats, bias: Floats) -> Floats:
    """One LSTM layer over (t, n, in) -> (t, n, hidden), states beginning at 0. Gates in PyTorch's order: i, f, g, o."""
    size = back.shape[0]
    gates = (steps.reshape(-1, steps.shape[2]) @ into + bias).reshape(*steps.shape[:2], 4 * size)
    hidden = np.zeros((steps.shape[1], size), np.float32)
    cell, out = np.zeros_like(hidden), np.empty((*steps.shape[:2], size), np.float32)
    for t, gate in enumerate(gates):
        gate += hidden @ back
        opened = _sigmoid(gate[:, : 2 * size])
        cell = opened[:, size:] * cell + opened[:, :size] * np.tanh(gate[:, 2 * size : 3 * size])
        hidden = _sigmoid(gate[:, 3 * size :]) * np.tanh(cell)
        out[t] = hidden
    return out


def _sigmoid(x: Floats) -> Floats:
    """1 / (1 + exp(-x)) that cannot overflow."""
    return np.asarray(np.float32(0.5) * (np.float32(1) + np.tanh(np.float32(0.5) * x)), np.float32)


# --- what the encoder hears


def mel_power(samples: Floats) -> Floats:
    """16 kHz samples -> (frames, 40) mel power: a frame every 10 ms, wholly inside the samples.

    Hann window of 400, power spectrum, 40 triangles of equal area: librosa's melspectrogram with its defaults.
    """
    count = 1 + (len(samples) - FFT) // HOP
    if count < 1:
        return np.zeros((0, MELS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FFT)[::HOP]
    power = np.abs(np.fft.rfft(frames * _hann(), axis=1)) ** 2
    return np.asarray(power @ mel_bank().T, np.float32)


@functools.lru_cache(maxsize=1)
def _hann() -> Floats:
    return np.hanning(FFT + 1)[:FFT].astype(np.float32)


@functools.lru_cache(maxsize=1)
def mel_bank() -> Floats:
    """(40, 201): triangles between points evenly spaced on Slaney's mel scale (linear to 1 kHz, then logarithmic)."""
    points = _hz(np.linspace(0.0, _mel(np.array([RATE_HZ / 2]))[0], MELS + 2))
    bins = np.linspace(0, RATE_HZ / 2, FFT // 2 + 1)
    widths = np.diff(points)
    ramps = points[:, None] - bins[None]
    shape = np.maximum(0, np.minimum(-ramps[:-2] / widths[:-1, None], ramps[2:] / widths[1:, None]))
    return np.asarray(shape * (2 / (points[2:] - points[:-2]))[:, None], np.float32)


_LINEAR_HZ, _LINEAR_MELS, _PER_MEL = 1000.0, 15.0, np.log(6.4) / 27


def _mel(hz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    high = _LINEAR_MELS + np.log(np.maximum(hz, 1) / _LINEAR_HZ) / _PER_MEL
    return np.where(hz < _LINEAR_HZ, hz * _LINEAR_MELS / _LINEAR_HZ, high)


def _hz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    high = _LINEAR_HZ * np.exp(_PER_MEL * (mel - _LINEAR_MELS))
    return np.where(mel < _LINEAR_MELS, mel * _LINEAR_HZ / _LINEAR_MELS, high)
