"""Opening a device: its sound as mono blocks of 20 ms at 48 kHz, each with the moment it was captured.

One small interface. `open_source(id)` gives a source; `run(take)` brings its blocks, `take(samples, captured_s)`, and
returns only when `close` was called from another thread or raises SourceGone; it may hang with its device, so it runs in
a thread that nobody has to wait for. Moments are `clock()`, when the block arrived; delays only add to that, and
coachdesk/audio/recording/align.py takes the least of them.

`file:PATH[?ppm=200&channel=0&at=SECONDS&once=1]` plays a sound file as if it were a device: `ppm` is how much its clock
is too fast, `at` the moment of clock() at which the file begins (two of them with the same moment play in step),
`channel` the one taken (default: all mixed), `once` breaks off at the end, where otherwise silence follows. For
demonstrations without a microphone, and for tests.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from coachdesk.audio.recording import pulse
from coachdesk.audio.recording.align import RATE_HZ, interpolate
from coachdesk.audio.recording.capture import BLOCK, Closable, Samples, Source, SourceGone, Take, clock
from coachdesk.audio.recording.devices import DEFAULT_MICROPHONE, DEFAULT_SYSTEM, has_catap
from coachdesk.audio.recording.libpulse import library


def open_source(device: str) -> Source:
    """The source of this id (coachdesk/audio/recording/devices.py). Opens nothing yet; raises SourceGone for ids of nothing."""
    kind, _, name = device.partition(":")
    if device in (DEFAULT_MICROPHONE, DEFAULT_SYSTEM):
        return _default(device)
    if kind not in _SOURCES:
        raise SourceGone("device_gone", device)
    return _SOURCES[kind](name)


def default_of(side: str) -> str:
    """The id of the default device of a side: mic | system."""
    return DEFAULT_MICROPHONE if side == "mic" else DEFAULT_SYSTEM


def _default(device: str) -> Source:
    system = device == DEFAULT_SYSTEM
    if sys.platform == "linux" and (system or library() is not None):
        return pulse.PulseSource(pulse.DEFAULT_MONITOR if system else pulse.DEFAULT_SOURCE)
    if not system:
        return PortAudioSource("")
    if sys.platform == "win32":
        return LoopbackSource("")
    if has_catap():
        return TapSource("")
    raise SourceGone("device_gone", "this system cannot record its own sound without a loopback driver")


# --- PortAudio


class PortAudioSource(Closable):
    """An input of PortAudio by its name (empty: the default), first channel; resampled where it cannot do 48 kHz."""

    _open_streams = 0  # of all: PortAudio begun anew below an open stream ends the process

    def run(self, take: Take) -> None:
        try:
            import sounddevice
        except Exception as missing:  # OSError: PortAudio is not installed
            raise SourceGone("device_gone", str(missing)) from missing
        try:
            stream, rate = self._open(sounddevice)
            PortAudioSource._open_streams += 1
            with stream:
                self._bring(stream, rate, take)
            PortAudioSource._open_streams -= 1  # one that broke or hangs stays counted: it may still be in use
        except (sounddevice.PortAudioError, ValueError) as gone:
            raise SourceGone("device_gone", str(gone)) from gone

    def _open(self, sounddevice: Any) -> tuple[Any, int]:
        """An open stream and its rate. PortAudio knows the devices of when it began: the second look is a new one."""
        for look in (0, 1):
            try:
                device = self._index(sounddevice)
                try:
                    return self._stream(sounddevice, device, RATE_HZ), RATE_HZ
                except sounddevice.PortAudioError:
                    rate = int(sounddevice.query_devices(device, "input")["default_samplerate"])
                    return self._stream(sounddevice, device, rate), rate
            except (sounddevice.PortAudioError, ValueError):
                if look or PortAudioSource._open_streams:
                    raise
                sounddevice._terminate()
                sounddevice._initialize()
        raise AssertionError

    def _index(self, sounddevice: Any) -> int | None:
        if not self.name:
            return None
        matching = [
            index
            for index, device in enumerate(sounddevice.query_devices())
            if device["name"] == self.name and device["max_input_channels"] > 0
        ]
        if not matching:
            raise ValueError(f"no input {self.name}")
        apis = sounddevice.query_hostapis()
        devices = sounddevice.query_devices()
        return next((i for i in matching if "WASAPI" in apis[devices[i]["hostapi"]]["name"]), matching[0])

    def _stream(self, sounddevice: Any, device: int | None, rate: int) -> Any:
        return sounddevice.InputStream(
            device=device, channels=1, samplerate=rate, dtype="float32", blocksize=rate // 50, latency=0.1
        )

    def _bring(self, stream: Any, rate: int, take: Take) -> None:
        resample = _resampler(rate)
        while not self.closed:
            block, _ = stream.read(rate // 50)
            held_s = stream.read_available / rate
            take(resample(block[:, 0].copy()), clock() - held_s)


def _resampler(rate: int) -> Callable[[Samples], Samples]:
    if rate == RATE_HZ:
        return lambda block: block
    import av

    made = av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)
    fed = 0

    def resample(block: Samples) -> Samples:
        nonlocal fed
        frame = av.AudioFrame.from_ndarray(block[None, :], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = rate, fed
        fed += block.size
        out = [piece.to_ndarray()[0] for piece in made.resample(frame)]
        return np.concatenate(out) if out else np.zeros(0, np.float32)

    return resample


# --- the computer's own sound on Windows and macOS: written from documentation, not run


class LoopbackSource(Closable):
    """What a Windows output plays; SoundCard puts zeros where WASAPI sends nothing because nothing plays."""

    def run(self, take: Take) -> None:
        try:
            import soundcard

            name = self.name or soundcard.default_speaker().id
            with soundcard.get_microphone(name, include_loopback=True).recorder(RATE_HZ, blocksize=BLOCK) as recorder:
                while not self.closed:
                    block = recorder.record(BLOCK)
                    take(block.mean(axis=1, dtype=np.float32), clock())
        except Exception as gone:  # its own RuntimeErrors around COM, IndexError for a device that left
            raise SourceGone("device_gone", type(gone).__name__) from gone


class TapSource(Closable):
    """What macOS plays, through a Core Audio process tap (catap): it calls us back, 20 to 90 times a second."""

    def run(self, take: Take) -> None:
        try:
            import catap

            def hear(buffer: Any) -> None:
                samples = np.frombuffer(buffer.data, np.float32).reshape(-1, buffer.channels)
                take(samples.mean(axis=1, dtype=np.float32), clock())

            with catap.record_system_audio(on_buffer=hear, sample_rate=RATE_HZ):
                while not self.closed:
                    time.sleep(0.05)
        except Exception as gone:  # a refused permission, a macOS before 14.2
            raise SourceGone("refused", type(gone).__name__) from gone


# --- a file as if it were a device


class FileSource(Closable):
    """A sound file at the pace of a clock, heard by a device whose own clock is `ppm` too fast."""

    def __init__(self, name: str, now: Callable[[], float] = clock, sleep: Callable[[float], None] = time.sleep):
        path, _, query = name.partition("?")
        super().__init__(path)
        asked = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
        self._pace = 1 + float(asked.get("ppm", 0)) / 1e6
        self._channel = int(asked["channel"]) if "channel" in asked else None
        self._at_s = float(asked["at"]) if "at" in asked else None
        self._once = asked.get("once") == "1"
        self._now, self._sleep = now, sleep

    def run(self, take: Take) -> None:
        opened_s = self._now()
        begins_s = opened_s if self._at_s is None else self._at_s
        number = max(0, int((opened_s - begins_s) * RATE_HZ * self._pace) // BLOCK)
        for block in self._heard(number):
            number += 1
            ends_s = begins_s + number * BLOCK / (RATE_HZ * self._pace)
            while (wait_s := ends_s - self._now()) > 0 and not self.closed:
                self._sleep(min(wait_s, 0.1))
            if self.closed:
                return
            take(block, ends_s)
        raise SourceGone("device_gone", "the file ends")

    def _heard(self, first: int) -> Iterator[Samples]:
        """Blocks as the device's clock cuts them, from the block `first` on."""
        pieces, buffer, begins = self._pieces(), np.zeros(8, np.float32), -8
        number = first
        while True:
            places = (number * BLOCK + np.arange(BLOCK)) / self._pace
            while begins + buffer.size < places[-1] + 9:
                piece = next(pieces, None)
                if piece is None:
                    if self._once:
                        return
                    piece = np.zeros(RATE_HZ, np.float32)
                buffer = np.concatenate([buffer, piece])
                read = min(max(0, int(places[0]) - 8 - begins), buffer.size)
                buffer, begins = buffer[read:], begins + read
            if self._pace == 1.0:
                at = number * BLOCK - begins
                yield buffer[at : at + BLOCK].copy()
            else:
                yield interpolate(buffer, places - begins)
            number += 1

    def _pieces(self) -> Iterator[Samples]:
        from coachdesk.audio.load import frames_from
        from coachdesk.errors import CoachDeskError

        frames = frames_from(Path(self.name), 0, RATE_HZ)
        try:
            for piece in frames:
                yield piece.mean(axis=0) if self._channel is None else piece[min(self._channel, piece.shape[0] - 1)]
        except CoachDeskError as unreadable:
            raise SourceGone("unreadable", unreadable.message) from unreadable
        finally:
            with suppress(Exception):
                frames.close()


_SOURCES: dict[str, Callable[[str], Source]] = {
    "pulse": pulse.PulseSource,
    "portaudio": PortAudioSource,
    "wasapi": LoopbackSource,
    "catap": TapSource,
    "file": FileSource,
}
