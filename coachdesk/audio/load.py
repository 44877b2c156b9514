"""Any file FFmpeg reads, as blocks of 16 kHz samples on one clock.

The clock (the player uses the same): time 0 is the first decoded sample; any later time is its pts minus the first
pts. Where the stream skips more than 40 ms, silence is filled in; where it repeats, the repetition is trimmed. A clock
that jumps by more than an hour, or back by more than a second, has restarted: counting goes on.

Decoding goes packet by packet: a broken packet costs its own stretch, a broken end leaves the prefix, marked partial.
Memory does not grow with the length. Recordings of one or two channels keep them; more are mixed into one.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
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
        if self.info.channels > 2:
            self._note("mixed_down", channels=self.info.channels)
        pending: list[Samples] = []
        held = 0
        samples_out = 0
        for piece in _resample(self._cleaned(self._all_frames()), self.info.sample_rate_hz, RATE_HZ):
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

    def _all_frames(self) -> Iterator[Any]:
        return chain([self._first], self._frames)

    def _on_one_clock(self, frames: Iterator[Any], written: int) -> Iterator[Samples]:
        """Frames as (lanes, n) at the file's own rate, with gaps filled and repetitions trimmed.

        `written`: where the first of `frames` lies, in samples since time 0.
        """
        rate, lanes = self.info.sample_rate_hz, self.info.lanes
        clock = Clock(self._first, rate)
        for frame in frames:
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
        if clock.restarts:
            self._note("clock_restarted", times=clock.restarts)

    def _cleaned(self, frames: Iterator[Any], written: int = 0) -> Iterator[Samples]:
        """About a second at a time, at the file's own rate, every sample a number within -1..1."""
        for joined in _joined(self._on_one_clock(frames, written), self.info.sample_rate_hz):
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


def frames_from(path: Path, start_ms: float, rate_hz: int) -> Generator[Samples, None, None]:
    """The sound from `start_ms` to the end of the file, by seeking: pieces float32 (lanes, n) at `rate_hz`.

    On the clock of `Sound.blocks`, gaps filled and repetitions trimmed; agrees with its linear decode to a few ms.
    Yields nothing where the file ends earlier. Raises UnreadableFile.
    """
    with Sound(path) as sound:
        yield from _pieces_from(sound, start_ms, rate_hz)


def read_span(path: Path, start_ms: int, duration_ms: int) -> Samples:
    """`duration_ms` of sound from `start_ms` on, by seeking: float32 (lanes, n) at 16 kHz; shorter at the file's end."""
    want, held = round(duration_ms * RATE_HZ / 1000), 0
    with Sound(path) as sound:
        pieces: list[Samples] = [np.zeros((sound.info.lanes, 0), np.float32)]
        for piece in _pieces_from(sound, start_ms, RATE_HZ):
            pieces.append(piece)
            held += piece.shape[1]
            if held >= want:
                break
    return np.concatenate(pieces, axis=1)[:, :want]


def _pieces_from(sound: Sound, start_ms: float, rate_hz: int) -> Iterator[Samples]:
    rate, base = sound.info.sample_rate_hz, _seconds(sound._first) or 0.0
    frames = _frames_from(sound, base + max(0.0, start_ms - _SEEK_BACK_MS) / 1000)
    landed = next(frames, None)
    if landed is None:
        return
    at = round(((_seconds(landed) or base) - base) * rate)
    pieces = sound._cleaned(chain([landed], frames), at)
    yield from _resample(_without(pieces, round(start_ms * rate / 1000) - at), rate, rate_hz)


def _frames_from(sound: Sound, at_s: float) -> Iterator[Any]:
    """Frames from shortly before `at_s` of the stream's clock; decodes from the start where seeking fails it."""
    frames = _sought(sound, at_s)
    landed = next(frames, None)
    time_s = None if landed is None else _seconds(landed)
    if time_s is not None and time_s <= at_s + 0.001:
        yield from chain([landed], frames)
        return
    with Sound(sound.path) as again:
        yield from again._all_frames()


def _sought(sound: Sound, at_s: float) -> Iterator[Any]:
    """Frames after a seek; none where the container cannot, would guess times from its bit rate, or has two clocks."""
    stream, container = sound._stream, sound.info.container
    guesses = container in _SEEKS_BY_BYTES and not sound.info.codec.startswith("pcm_")
    if guesses or (container == "ogg" and _is_joined(sound.path)):
        return iter(())
    try:
        sound._container.seek(int(at_s / stream.time_base), stream=stream, backward=True)
    except FFmpegError:
        return iter(())
    return _decode(sound._container, stream, lambda _: None)


def _is_joined(path: Path) -> bool:
    """True where an Ogg file is several recordings one after the other: its last page belongs to another stream."""
    with path.open("rb") as file:
        first = file.read(18)
        file.seek(max(0, file.seek(0, 2) - (1 << 17)))
        tail = file.read()
    at = tail.rfind(b"OggS", 0, -14)  # a page whose serial number (bytes 14 to 17) is still there
    return at >= 0 and tail[at + 14 : at + 18] != first[14:]


def _without(pieces: Iterator[Samples], skip: int) -> Iterator[Samples]:
    """The pieces without their first `skip` samples."""
    for piece in pieces:
        kept = piece[:, max(0, min(skip, piece.shape[1])) :]
        skip -= piece.shape[1]
        if kept.shape[1]:
            yield kept


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


def _resample(pieces: Iterator[Samples], from_hz: int, to_hz: int) -> Iterator[Samples]:
    if from_hz == to_hz:
        yield from pieces
        return
    resampler = None
    fed = 0
    for piece in pieces:
        layout = "mono" if piece.shape[0] == 1 else "stereo"
        resampler = resampler or av.AudioResampler(format="fltp", layout=layout, rate=to_hz)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = from_hz, fed
        fed += piece.shape[1]
        for out in resampler.resample(frame):
            yield out.to_ndarray()
    for out in resampler.resample(None) if resampler else ():
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
