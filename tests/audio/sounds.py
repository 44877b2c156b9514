"""Sound files for tests, made on the spot: any codec PyAV can write, WAV headers of any kind, Ogg page surgery."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import av
import numpy as np

from coachdesk.audio.load import RATE_HZ, Sound

LAYOUTS = {1: "mono", 2: "stereo"}


def noise(seconds, lanes=1, rate=RATE_HZ, seed=1):
    """Speech-like noise: below 3 kHz, its loudness changing all the time, so that every stretch is unlike the others."""
    rng = np.random.default_rng(seed)
    n = round(seconds * rate)
    spectrum = np.fft.rfft(rng.normal(size=(lanes, n)))
    hz = np.fft.rfftfreq(n, 1 / rate)
    sound = np.fft.irfft(spectrum * ((hz > 100) & (hz < 3000)), n)
    steps = np.arange(0, seconds + 0.2, 0.2)
    sound *= np.interp(np.arange(n) / rate, steps, rng.uniform(0.2, 1, len(steps)))
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)


def write(path, samples, rate=RATE_HZ, codec="pcm_s16le", container=None, **options):
    """Encode float32 (lanes, n) with FFmpeg; the container follows from the name unless it is given."""
    layout = LAYOUTS[samples.shape[0]]
    with av.open(str(path), "w", format=container, options=options) as out:
        strict = {"strict": "experimental"} if codec == "vorbis" else {}
        stream = out.add_stream(codec, rate=rate, layout=layout, options=strict)
        for at in range(0, samples.shape[1], 4096):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples[:, at : at + 4096]), format="fltp", layout=layout
            )
            frame.sample_rate, frame.pts = rate, at
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def wav(path, samples, rate=RATE_HZ, told_rate=None):
    """A WAV written by hand from (lanes, n) int16 or float32: any number of channels, any claimed rate."""
    lanes, width = samples.shape[0], samples.dtype.itemsize
    body = samples.T.tobytes()
    tag = 3 if samples.dtype == np.float32 else 1
    told = rate if told_rate is None else told_rate
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16, tag, lanes, told,
                       (told * lanes * width) & 0xFFFFFFFF, lanes * width, 8 * width)  # fmt: skip
    path.write_bytes(head + struct.pack("<4sI", b"data", len(body)) + body)
    return path


def pcm16(samples):
    return (samples * 32767).astype(np.int16)


def decode(path, growing=None):
    """All samples (lanes, n), and the Sound they came from, with its notices."""
    with Sound(path, growing) as sound:
        return np.concatenate(list(sound.blocks()), axis=1), sound


def codes(sound):
    return [notice.code for notice in sound.notices]


def lag_ms(late, reference, alike=0.5):
    """How many ms `late` comes after `reference`, by cross-correlation; fails where they are less alike than that."""
    n = min(late.size, reference.size)
    a, b = late[:n].astype(float), reference[:n].astype(float)
    both = np.fft.irfft(np.fft.rfft(a, 2 * n) * np.conj(np.fft.rfft(b, 2 * n)))
    at = int(np.argmax(both))
    likeness = both[at] / np.sqrt((a @ a) * (b @ b) + 1e-9)
    assert likeness > alike, f"not the same sound: likeness {likeness:.2f}"
    return (at - 2 * n if at > n else at) * 1000 / RATE_HZ


def ogg_pages(path):
    """The file's bytes, page by page."""
    data, pages, at = Path(path).read_bytes(), [], 0
    while at < len(data):
        assert data[at : at + 4] == b"OggS"
        segments = data[at + 26]
        size = 27 + segments + sum(data[at + 27 : at + 27 + segments])
        pages.append(data[at : at + size])
        at += size
    return pages


@cache
def call(path):
    """A whole call (lanes, n), decoded once for all tests; not to be written into."""
    sound, _ = decode(path)
    sound.flags.writeable = False
    return sound
