"""libpulse, the library every PulseAudio and PipeWire system has, as far as we need it: a mainloop and a connection.

What is done with the connection is elsewhere: sound (coachdesk/audio/recording/pulse.py), who listens
(coachdesk/audio/recording/listeners.py). Light on purpose: no numpy, for a process that lives as long as the window.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

REFUSED, TERMINATED = 6, 11  # pulse/def.h, pa_error_code
_CONTEXT_READY = 4  # later states are ends
_STEP_US = 100_000
_POINTERS = (
    "pa_mainloop_new", "pa_mainloop_get_api", "pa_context_new", "pa_stream_new", "pa_context_get_server_info",
    "pa_context_get_source_info_list", "pa_context_get_source_output_info_list", "pa_context_subscribe",
)  # fmt: skip


class SampleSpec(ctypes.Structure):
    _fields_ = (("format", ctypes.c_int), ("rate", ctypes.c_uint32), ("channels", ctypes.c_uint8))


def library() -> Any:
    """libpulse; None where it is not installed."""
    try:
        pulse = ctypes.CDLL("libpulse.so.0")
    except OSError:
        return None
    for name in _POINTERS:
        getattr(pulse, name).restype = ctypes.c_void_p
    pulse.pa_proplist_gets.restype = ctypes.c_char_p
    return pulse


class Connection:
    """A mainloop and a context. All is called from one thread; nothing waits for over 0.1 s but what says so."""

    def __init__(self, pulse: Any, name: bytes = b"CoachDesk") -> None:
        self._pulse = pulse
        self._loop = ctypes.c_void_p(pulse.pa_mainloop_new())
        self._context = ctypes.c_void_p(
            pulse.pa_context_new(ctypes.c_void_p(pulse.pa_mainloop_get_api(self._loop)), name)
        )

    def connect(self, closed: Callable[[], bool], flags: int = 0) -> None:
        """Until it stands, or is not wanted any more; a server may take for ever. Raises what `gone` gives."""
        if self._pulse.pa_context_connect(self._context, None, flags, None) < 0:
            raise self.gone()
        self.reach(self.state, _CONTEXT_READY, closed)

    def state(self) -> int:
        return int(self._pulse.pa_context_get_state(self._context))

    def reach(self, state: Callable[[], int], ready: int, closed: Callable[[], bool]) -> None:
        while (now := state()) != ready and not closed():
            if now > ready:
                raise self.gone()
            self.turn()

    def turn(self, most_us: int = _STEP_US) -> None:
        """Wait for news, so long at most (-1: for ever), and deal with it."""
        for turn, extra in (("prepare", (most_us,)), ("poll", ()), ("dispatch", ())):
            if getattr(self._pulse, f"pa_mainloop_{turn}")(self._loop, *extra) < 0:
                raise self.gone()

    def error(self) -> int:
        return int(self._pulse.pa_context_errno(self._context))

    def gone(self) -> Exception:
        """What is raised when the connection ended."""
        return ConnectionError(f"error {self.error()}")

    def close(self) -> None:
        self._pulse.pa_context_disconnect(self._context)
        self._pulse.pa_context_unref(self._context)
        self._pulse.pa_mainloop_free(self._loop)
