"""Any file FFmpeg reads, as blocks of 16 kHz samples on one clock.

The clock (the player uses the same): time 0 is the first decoded sample; any later time is its pts minus the first
pts. Where the stream skips more than 40 ms, silence is filled in; where it repeats, the repetition is trimmed. A clock
that jumps by more than an hour, or back by more than a second, has restarted: counting goes on.

Decoding goes packet by packet: a broken packet costs its own stretch, a broken end leaves the prefix, marked partial.
Memory does not grow with the length. Recordings of one or two channels keep them; more are mixed into one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.error import FFmpegError

from coachdesk.audio import ogg
from coachdesk.errors import UnreadableFile
from coachdesk.model import Notice

RATE_HZ = 16_000
BLOCK_SAMPLES = 512 * 160  # 5.12 s: whole frames of the voice detector
GAP_MS = 40
CLOCK_JUMP_MS = 3_600_000
CLOCK_BACK_MS = 1_000
SLOWEST_HZ, FASTEST_HZ = 4_000, 384_000
SHORTEST_MS = 500
_BATCH_MS = 1_000  # decoded frames are joined to about a second before they are resampled
_SEEK_BACK_MS = 600  # codecs need a run-up before their samples are true
_SEEKS_BY_BYTES = ("wav", "w64", "aiff", "au")  # exact for plain samples; up to 6 s off per hour for ADPCM and GSM
_HEADERS_TOLD = ("flac", "mov,mp4,m4a,3gp,3g2,mj2", "caf", "au", "w64", "aiff")  # lengths to be believed

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SoundInfo:
    """What the file says of itself; lengths are never taken from here."""

    container: str
    codec: str
    channels: int
    sample_rate_hz: int
    tags: dict[str, str]

    @property
    def lanes(self) -> int:
        """Channels that come out: one or two."""
        return self.channels if self.channels <= 2 else 1


class Sound:
    """An open sound file. Iterate `blocks()` once; `notices`, `partial` and `duration_ms` are true afterwards."""

    def __init__(self, path: Path, growing: ogg.GrowingFile | None = None) -> None:
        self.path = path
        self.partial = False
        self.duration_ms = 0
        self._notices: dict[str, Notice] = {}
        self._growing = growing
        self._open_files = ExitStack()
        if growing is not None:
            self._open_files.callback(growing.close)
        try:
            self._container = self._open_files.enter_context(_open(path, growing))
            self._stream = _audio_stream(self._container, path)
            self._frames = _decode(self._container, self._stream, self._note_damage)
            self._first = next(self._frames, None)
            if self._first is None:
                raise UnreadableFile(f"{path.name} holds no sound.", "Check that the recording is complete.")
            self.info = _info(self._container, self._stream, self._first)
            _check_rate(path, self.info.sample_rate_hz)
        except BaseException:
            self._open_files.close()
            raise

    def __enter__(self) -> Sound:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._open_files.close()

    @property
    def notices(self) -> tuple[Notice, ...]:
        return tuple(self._notices.values())

    @property
    def told_ms(self) -> int | None:
        """The length the file tells, for progress only."""
        return None if self._growing else _length_ms(self._container, self._stream)

    def blocks(self) -> Iterator[Samples]:
        """float32 arrays of shape (lanes, n), 16 kHz, from time 0 on, n = BLOCK_SAMPLES but for the last."""
        lanes = self.info.lanes
        if self.info.channels > 2:
            self._note("mixed_down", channels=self.info.channels)
        pending: list[Samples] = []
        held = 0
        samples_out = 0
        for piece in _resample(self._cleaned(), self.info.sample_rate_hz, lanes):
            pending.append(piece)
            held += piece.shape[1]
            samples_out += piece.shape[1]
            if held >= BLOCK_SAMPLES or self._growing:
                whole = np.concatenate(pending, axis=1)
                cut = held - held % BLOCK_SAMPLES
                for start in range(0, cut, BLOCK_SAMPLES):
                    yield whole[:, start : start + BLOCK_SAMPLES]
                pending, held = [whole[:, cut:]], held - cut
        if held:
            yield np.concatenate(pending, axis=1)
        self.duration_ms = round(samples_out * 1000 / RATE_HZ)
        self._check_end()

    def _on_one_clock(self) -> Iterator[Samples]:
        """Frames as (lanes, n) at the file's own rate, with gaps filled and repetitions trimmed."""
        assert self._first is not None
        rate, lanes = self.info.sample_rate_hz, self.info.lanes
        clock = Clock(self._first, rate)
        written = 0
        frame: Any = self._first
        while frame is not None:
            samples = _samples(frame, lanes)
            ahead = clock.position(frame, written) - written
            if ahead > GAP_MS * rate // 1000:
                self._note("gap_filled", ms=round(ahead * 1000 / rate))
                yield from _silence(lanes, ahead, rate)
                written += ahead
            elif -ahead > GAP_MS * rate // 1000:
                samples = samples[:, min(-ahead, samples.shape[1]) :]
            written += samples.shape[1]
            yield samples
            frame = next(self._frames, None)
        if clock.restarts:
            self._note("clock_restarted", times=clock.restarts)

    def _cleaned(self) -> Iterator[Samples]:
        """About a second at a time, at the file's own rate, every sample a number within -1..1."""
        for joined in _joined(self._on_one_clock(), self.info.sample_rate_hz):
            yield self._clean(joined)

    def _clean(self, samples: Samples) -> Samples:
        if not np.isfinite(samples).all():
            self._note("not_a_number")
            samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
        return np.clip(samples, -1.0, 1.0)

    def _check_end(self) -> None:
        if self.duration_ms < SHORTEST_MS:
            raise UnreadableFile(
                f"{self.path.name} holds only {self.duration_ms} ms of sound: nothing to measure.",
                "Check that the recording is complete.",
            )
        told = _told_length_ms(self._container, self._stream, self.path, self.duration_ms)
        short = told is not None and told - self.duration_ms > max(250, self.duration_ms // 200)
        if short or ogg.ends_early(self.path, self.info.container):
            self.partial = True
        if self.partial:
            self._note("ends_early", ms=self.duration_ms)

    def _note_damage(self, at_end: bool) -> None:
        self._note("damaged")
        self.partial = self.partial or at_end

    def _note(self, code: str, **params: Any) -> None:
        """Keep one notice per kind; lengths and counts of later ones add up."""
        before = self._notices.get(code)
        if before and "ms" in params and code == "gap_filled":
            params["ms"] += before.params["ms"]
        self._notices[code] = Notice(code, params)


class Clock:
    """Maps a frame's pts to samples since the first decoded sample, through restarts of the stream's clock."""

    def __init__(self, first: Any, rate_hz: int) -> None:
        self._rate = rate_hz
        self._base = _seconds(first)
        self.restarts = 0

    def position(self, frame: Any, counted: int) -> int:
        """Where this frame belongs, in samples; `counted` where it has no time of its own or its clock restarted."""
        at = _seconds(frame)
        if at is None or self._base is None:
            return counted
        position = round((at - self._base) * self._rate)
        ahead_ms = (position - counted) * 1000 // self._rate
        if ahead_ms > CLOCK_JUMP_MS or -ahead_ms > CLOCK_BACK_MS:
            self._base = at - counted / self._rate
            self.restarts += 1
            return counted
        return position


def read_span(path: Path, start_ms: int, duration_ms: int) -> Samples:
    """`duration_ms` of sound from `start_ms` on: float32 (lanes, n) at 16 kHz, by seeking.

    Agrees with the linear decode of `Sound.blocks` to a few ms. Shorter where the file ends earlier.
    """
    with Sound(path) as sound:
        first, rate, lanes = sound._first, sound.info.sample_rate_hz, sound.info.lanes
        assert first is not None
        base = _seconds(first) or 0.0
        frames = _frames_from(sound, base + max(0, start_ms - _SEEK_BACK_MS) / 1000)
        skip, want = round(start_ms * rate / 1000), round(duration_ms * rate / 1000)
        out = np.zeros((lanes, want), np.float32)
        filled, following = 0, None
        for frame in frames:
            at = _seconds(frame)
            offset = round(((at if at is not None else base) - base) * rate) - skip
            if following is not None and (at is None or abs(offset - following) <= GAP_MS * rate // 1000):
                offset = following  # as in the linear decode: coarse time stamps do not tear the sound
            samples = sound._clean(_samples(frame, lanes))
            following = offset + samples.shape[1]
            start, stop = max(offset, 0), min(offset + samples.shape[1], want)
            if start < stop:
                out[:, start:stop] = samples[:, start - offset : stop - offset]
                filled = stop
            if offset >= want:
                break
        pieces = list(_resample(iter([out[:, :filled]]), rate, lanes)) if filled else []
    return np.concatenate(pieces, axis=1) if pieces else np.zeros((lanes, 0), np.float32)


def _frames_from(sound: Sound, at_s: float) -> Iterator[Any]:
    """Frames from shortly before `at_s` of the stream's clock; decodes from the start where seeking fails it."""
    frames = _sought(sound, at_s)
    landed = next(frames, None)
    if landed is not None and (_seconds(landed) or 0.0) <= at_s + 0.001:
        yield landed
        yield from frames
        return
    with Sound(sound.path) as again:
        assert again._first is not None
        yield again._first
        yield from again._frames


def _sought(sound: Sound, at_s: float) -> Iterator[Any]:
    """Frames after a seek; none where the container cannot, or would guess their times from its bit rate."""
    stream = sound._stream
    if sound.info.container in _SEEKS_BY_BYTES and not sound.info.codec.startswith("pcm_"):
        return iter(())
    try:
        sound._container.seek(int(at_s / stream.time_base), stream=stream, backward=True)
    except FFmpegError:
        return iter(())
    return _decode(sound._container, stream, lambda _: None)


def _open(path: Path, growing: ogg.GrowingFile | None) -> Any:
    try:
        if growing is not None:
            return av.open(growing, format="ogg", metadata_errors="replace")
        return av.open(str(path), metadata_errors="replace")
    except FileNotFoundError as gone:
        raise UnreadableFile(f"There is no file {path.name}.", "Check the path.") from gone
    except IsADirectoryError as folder:
        raise UnreadableFile(f"{path.name} is a folder.", "Name the sound files in it.") from folder
    except PermissionError as denied:
        raise UnreadableFile(f"{path.name} may not be read.", "Check the file's permissions.") from denied
    except (FFmpegError, OSError, ValueError, MemoryError, OverflowError) as wrong:
        raise UnreadableFile(
            f"{path.name} is not a sound file CoachDesk can read.",
            "Open it in a player to check it, or export it again as wav, mp3, m4a, flac or opus.",
        ) from wrong


def _audio_stream(container: Any, path: Path) -> Any:
    if not container.streams.audio:
        raise UnreadableFile(f"{path.name} holds no sound track.", "Record or export it again with sound.")
    stream = container.streams.audio[0]
    stream.thread_type = "AUTO"
    return stream


def _decode(container: Any, stream: Any, on_damage: Any) -> Iterator[Any]:
    """Frames, packet by packet. A packet that cannot be decoded is reported and skipped."""
    failed_last = False
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            break
        except (FFmpegError, OSError):
            on_damage(True)
            break
        try:
            frames = packet.decode()
        except (FFmpegError, ValueError, MemoryError):
            failed_last = True
            on_damage(False)
            continue
        failed_last = failed_last and not frames
        yield from (frame for frame in frames if frame.samples)
    if failed_last:
        on_damage(True)


def _info(container: Any, stream: Any, first: Any) -> SoundInfo:
    tags = {str(key).lower(): str(value) for key, value in {**container.metadata, **stream.metadata}.items()}
    return SoundInfo(
        container.format.name, stream.codec_context.name, first.layout.nb_channels, first.sample_rate, tags
    )


def _check_rate(path: Path, rate_hz: int) -> None:
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise UnreadableFile(
            f"{path.name} says it holds {rate_hz} samples a second, which cannot be speech.",
            "The file's header is damaged; export the recording again.",
        )


def _seconds(frame: Any) -> float | None:
    time_s: float | None = frame.time  # pts times time base
    return time_s


def _samples(frame: Any, lanes: int) -> Samples:
    """A frame as float32 (lanes, n), -1..1; more than two channels are averaged into one."""
    channels = frame.layout.nb_channels
    raw = frame.to_ndarray()
    if not frame.format.is_planar:
        raw = raw.reshape(-1, channels).T
    if raw.dtype == np.uint8:
        flat = (raw.astype(np.float32) - 128.0) / 128.0
    elif np.issubdtype(raw.dtype, np.integer):
        flat = raw.astype(np.float32) / float(-int(np.iinfo(raw.dtype).min))
    else:
        flat = raw.astype(np.float32)
    if channels == lanes:
        return np.ascontiguousarray(flat)
    mixed = flat.mean(axis=0, keepdims=True, dtype=np.float32)
    return np.repeat(mixed, lanes, axis=0)


def _silence(lanes: int, samples: int, rate: int) -> Iterator[Samples]:
    while samples > 0:
        piece = min(samples, rate)
        yield np.zeros((lanes, piece), np.float32)
        samples -= piece


def _resample(pieces: Iterator[Samples], rate_hz: int, lanes: int) -> Iterator[Samples]:
    """The pieces at 16 kHz."""
    if rate_hz == RATE_HZ:
        yield from pieces
        return
    layout = "mono" if lanes == 1 else "stereo"
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE_HZ)
    fed = 0
    for piece in pieces:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = rate_hz, fed
        fed += piece.shape[1]
        for out in resampler.resample(frame):
            yield out.to_ndarray()
    for out in resampler.resample(None):
        if out.samples:
            yield out.to_ndarray()


def _joined(pieces: Iterator[Samples], rate_hz: int) -> Iterator[Samples]:
    held: list[Samples] = []
    count = 0
    for piece in pieces:
        held.append(piece)
        count += piece.shape[1]
        if count >= rate_hz * _BATCH_MS // 1000:
            yield np.concatenate(held, axis=1)
            held, count = [], 0
    if count:
        yield np.concatenate(held, axis=1)


def _told_length_ms(container: Any, stream: Any, path: Path, decoded_ms: int) -> int | None:
    """The length the header tells, where such headers are to be believed; else None."""
    name = container.format.name
    if name == "wav":
        return _wav_told_ms(path, decoded_ms)
    if name == "mp3" and not _has_xing(path):
        return None
    if name not in _HEADERS_TOLD and name != "mp3":
        return None
    return _length_ms(container, stream)


def _length_ms(container: Any, stream: Any) -> int | None:
    if stream.duration is not None:
        return round(float(stream.duration * stream.time_base) * 1000)
    return None if container.duration is None else round(container.duration / 1000)


def _has_xing(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(1 << 16)
    return any(mark in head for mark in (b"Xing", b"Info", b"VBRI"))


def _wav_told_ms(path: Path, decoded_ms: int) -> int | None:
    """The length by the data size in a WAV's header, which FFmpeg lowers to the file's; None where it was left open."""
    size, at, told, kind = path.stat().st_size, 12, 0, b""
    with path.open("rb") as file:
        while at < size and kind != b"data":
            file.seek(at)
            head = file.read(8)
            kind, told = head[:4], int.from_bytes(head[4:], "little")
            at += 8 if kind == b"data" else 8 + told + told % 2
    if kind != b"data" or told in (0, 0x7FFFFFFF, 0xFFFFFFFF) or at >= size:
        return None
    return decoded_ms * told // min(told, size - at)
