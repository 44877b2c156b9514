"""The encoder's mathematics against what can be worked out by hand, and its voices against calls."""

from __future__ import annotations

from math import exp, tanh

import numpy as np
import pytest

from coachdesk.speech import voiceprint
from tests.audio.sounds import call
from tests.conftest import MICRO_CALL, needs_voice_model
from tests.speech.clips import SIDES, TRUTH


def test_an_lstm_layer_is_what_its_formula_says():
    draw = np.random.default_rng(3)
    into, back, bias = (draw.normal(size=size).astype(np.float32) for size in ((3, 8), (2, 8), (8,)))
    steps = draw.normal(size=(5, 2, 3)).astype(np.float32)
    found = voiceprint.lstm(steps, into, back, bias)
    for n in range(2):
        state, cell = [0.0, 0.0], [0.0, 0.0]
        for t in range(5):
            sums = [
                sum(float(steps[t, n, a]) * float(into[a, g]) for a in range(3))
                + sum(state[a] * float(back[a, g]) for a in range(2))
                + float(bias[g])
                for g in range(8)
            ]
            opens = [1 / (1 + exp(-x)) for x in sums]
            cell = [opens[2 + u] * cell[u] + opens[u] * tanh(sums[4 + u]) for u in range(2)]
            state = [opens[6 + u] * tanh(cell[u]) for u in range(2)]
            assert found[t, n] == pytest.approx(state, abs=1e-5)


def test_the_bank_is_forty_triangles_of_equal_area_that_rise_with_pitch():
    bank = voiceprint.mel_bank()
    assert bank.shape == (40, 201) and (bank >= 0).all()
    peaks = np.argmax(bank, axis=1)
    assert (np.diff(peaks) > 0).all()
    assert bank[20:].sum(1) * 40 == pytest.approx(1, abs=0.06), "bins are 40 Hz apart, an area is 1"
    assert (peaks[:14] * 40 <= 1_040).all() and (np.diff(peaks[:14]) <= 2).all(), "even steps up to 1 kHz"


def test_a_tone_lies_in_its_band_and_louder_is_more_by_the_square():
    tone = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000).astype(np.float32) * np.float32(0.1)
    mel = voiceprint.mel_power(tone)
    assert mel.shape == (98, 40)
    assert set(np.argmax(mel, axis=1)) == {int(np.argmax(voiceprint.mel_bank()[:, 25]))}
    assert np.allclose(voiceprint.mel_power(2 * tone), 4 * mel, rtol=1e-4)
    assert voiceprint.mel_power(tone[:399]).shape == (0, 40)


@needs_voice_model
def test_one_voice_is_near_itself_and_far_from_another():
    encoder, sound = voiceprint.encoder(), call(MICRO_CALL / "stereo.opus")
    prints = {side: [] for side in SIDES}
    for said in TRUTH:
        lane, first, last = SIDES.index(said["speaker"]), round(said["start"] * 16_000), round(said["end"] * 16_000)
        mel = voiceprint.mel_power(sound[lane, first:last])[:160]
        mel = mel[np.arange(160) % len(mel)]
        prints[said["speaker"]].append(
            encoder.embed(mel[None] * np.float32(1e-3 / (sound[lane, first:last] ** 2).mean()))[0]
        )
    one, other = (np.stack(prints[side]) for side in SIDES)
    assert np.allclose(np.linalg.norm(np.concatenate([one, other]), axis=1), 1, atol=1e-5)
    assert min((one @ one.mean(0)).min(), (other @ other.mean(0)).min()) > (one @ other.T).max()


@needs_voice_model
def test_a_window_is_heard_alike_in_any_batch():
    encoder = voiceprint.encoder()
    windows = np.random.default_rng(0).random((voiceprint.BATCH + 3, 160, 40), np.float32)
    together = encoder.embed(windows)
    assert np.allclose(together[-1], encoder.embed(windows[-1:])[0], atol=1e-5)
    assert encoder.embed(windows[:0]).shape == (0, 256)
