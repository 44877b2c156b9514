"""Sources of PulseAudio and PipeWire, through libpulse itself (Debian: libpulse0), one connection for each.

Not through SoundCard: that has one connection for all, made at import, waits for ever when a stream cannot be made on a
broken one, and libpulse aborts the process when it asks a broken one something (0.4.6, by its source). Not through
libpulse-simple: there the server moves a stream whose device is pulled out to another, a monitor's even to the
microphone (tried: PulseAudio 16 does so without asking, and we would record one side twice). PA_STREAM_DONT_MOVE ends
the stream instead, and the recorder decides.

The mainloop is turned by the thread that runs the source and never waits for over 0.1 s; libpulse calls nothing of ours
but the answer to "what is the default now", asked every 2 s: when the person plugs in a headset, the call moves there and
the old output falls silent, so a source that was opened as the default ends then with `default_changed`.

Pieces of 5 ms: a source that stands behind another comes later by one piece (20 ms: 15 to 20 ms apart, 5 ms: 5 ms;
measured). What libpulse tells of its latency is not used: it was 0.4 s wrong in the first seconds of a monitor.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np

from coachdesk.audio.recording.align import RATE_HZ
from coachdesk.audio.recording.capture import BLOCK, Closable, SourceGone, Take, clock
from coachdesk.audio.recording.libpulse import REFUSED, TERMINATED, Connection, SampleSpec, library

DEFAULT_SOURCE, DEFAULT_MONITOR = "@DEFAULT_SOURCE@", "@DEFAULT_MONITOR@"

_FLOAT32, _AS_SERVER_LIKES = 5, 2**32 - 1  # pulse/sample.h, pulse/def.h
_DONT_MOVE, _ADJUST_LATENCY = 0x0200, 0x2000  # pulse/def.h, pa_stream_flags
_DENIED = 1  # pulse/def.h, pa_error_code
_STREAM_READY = 2  # later states are ends
_PIECE = RATE_HZ // 200
_MONITOR = ".monitor"  # how both servers name what an output plays; taken as the default where no microphone is left
_ASK_S = 2.0


class _BufferAttributes(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize"))


class _ServerInfo(ctypes.Structure):  # pulse/introspect.h, up to what is needed
    _fields_ = (
        *((name, ctypes.c_char_p) for name in ("user", "host", "version", "server")),
        ("spec", SampleSpec),
        ("default_sink", ctypes.c_char_p),
        ("default_source", ctypes.c_char_p),
    )


_Told = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_ServerInfo), ctypes.c_void_p)


class PulseSource(Closable):
    """A source of the sound server by its name, mixed to one channel at 48 kHz by the server."""

    def run(self, take: Take) -> None:
        pulse = library()
        if pulse is None:
            raise SourceGone("device_gone", "libpulse is not installed")
        connection = _Connection(pulse)
        try:
            connection.connect(lambda: self.closed)
            if not self.closed:
                self._bring(connection, take)
        finally:
            connection.close()

    def _bring(self, connection: _Connection, take: Take) -> None:
        default = connection.default(self.name)
        if self.name == DEFAULT_SOURCE and default.endswith(_MONITOR):
            raise SourceGone("device_gone", "no microphone: the default is what the computer plays")
        connection.open(self.name, lambda: self.closed)
        held, asked_s = np.zeros(0, np.float32), clock()
        while not self.closed:
            connection.step()
            held = np.concatenate([held, *connection.pieces()])
            now_s = clock()
            while held.size >= BLOCK:
                take(held[:BLOCK].copy(), now_s - (held.size - BLOCK) / RATE_HZ)
                held = held[BLOCK:]
            if default and now_s - asked_s > _ASK_S:
                asked_s = now_s
                if connection.default(self.name) not in (default, ""):
                    raise SourceGone("default_changed", self.name)


class _Connection(Connection):
    """With a stream."""

    def __init__(self, pulse: Any) -> None:
        super().__init__(pulse)
        self._stream: ctypes.c_void_p | None = None
        self._defaults: tuple[str, str] = ("", "")
        self._told = _Told(self._hear_defaults)  # kept: libpulse calls it

    def open(self, source: str, closed: Callable[[], bool]) -> None:
        spec = SampleSpec(_FLOAT32, RATE_HZ, 1)
        stream = self._pulse.pa_stream_new(self._context, b"call", ctypes.byref(spec), None)
        if not stream:
            raise self.gone()
        self._stream = ctypes.c_void_p(stream)
        likes = _AS_SERVER_LIKES
        attributes = _BufferAttributes(likes, likes, likes, likes, _PIECE * 4)
        flags = _DONT_MOVE | _ADJUST_LATENCY
        name = source.encode()
        if self._pulse.pa_stream_connect_record(self._stream, name, ctypes.byref(attributes), flags) < 0:
            raise self.gone()
        self.reach(lambda: int(self._pulse.pa_stream_get_state(self._stream)), _STREAM_READY, closed)

    def step(self) -> None:
        """Wait for news, 0.1 s at most; raises SourceGone when the stream has ended."""
        self.turn()
        if self._pulse.pa_stream_get_state(self._stream) != _STREAM_READY:
            raise self.gone()

    def pieces(self) -> list[Any]:
        """All that can be read: float32 arrays; a hole is silence."""
        found = []
        data, size = ctypes.c_void_p(), ctypes.c_size_t()
        while self._pulse.pa_stream_peek(self._stream, ctypes.byref(data), ctypes.byref(size)) >= 0 and size.value:
            if data.value:
                found.append(np.frombuffer(ctypes.string_at(data.value, size.value), np.float32))
            else:
                found.append(np.zeros(size.value // 4, np.float32))
            self._pulse.pa_stream_drop(self._stream)
        return found

    def default(self, name: str) -> str:
        """What the default that is called `name` was when it was last told, and ask again; empty: no default, unknown."""
        if name not in (DEFAULT_SOURCE, DEFAULT_MONITOR):
            return ""
        operation = self._pulse.pa_context_get_server_info(self._context, self._told, None)
        if operation:  # NULL on a broken connection, and unref of that ends the process
            self._pulse.pa_operation_unref(ctypes.c_void_p(operation))
        if not any(self._defaults) and operation:  # the first time: wait for the answer, half a second at most
            end_s = clock() + 0.5
            while not any(self._defaults) and clock() < end_s:
                self.turn()
        return self._defaults[0 if name == DEFAULT_MONITOR else 1]

    def _hear_defaults(self, _context: int, info: Any, _data: int) -> None:
        if info:
            sink, source = info.contents.default_sink, info.contents.default_source
            self._defaults = ((sink or b"").decode(errors="replace"), (source or b"").decode(errors="replace"))

    def gone(self) -> SourceGone:
        error = self.error()
        if error in (REFUSED, TERMINATED):
            return SourceGone("server_gone", f"error {error}")
        return SourceGone("refused" if error == _DENIED else "device_gone", f"error {error}")

    def close(self) -> None:
        if self._stream is not None:
            self._pulse.pa_stream_disconnect(self._stream)
            self._pulse.pa_stream_unref(self._stream)
        super().close()
