"""Which programs have a microphone open: how a window can offer to record when a call begins. No sound is taken here.

`changes` tells the names at once and at each change; ourselves are left out. It runs in a process of its own
(`recorder.watch_microphone`), for libraries that hang or abort, and is light: no numpy, asleep until something happens.

| | how | names |
|---|---|---|
| Linux with PulseAudio or PipeWire | the server's source outputs, told by it | yes |
| Windows | the consent store of the registry, once a second | yes |
| macOS | whether the default input runs somewhere, once a second | no: "" |

Linux was run (PulseAudio 16); Windows and macOS are written from documentation and were not. On macOS our own recording is
told, too. Left out on Linux: recordings of what an output plays, level meters of mixers, streams of the server's own modules,
streams that are paused.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from coachdesk.audio.recording.libpulse import Connection, SampleSpec, library

OURSELVES = "CoachDesk"  # as which the recorder is known to a sound server (libpulse.Connection)
_LOOK_S = 1.0
_AGAIN_S = 5.0  # a sound server that went away may come back: a login, an update
_NOBODY = 2**32 - 1  # pulse/def.h, PA_INVALID_INDEX
_NO_AUTOSPAWN = 1  # pulse/def.h, pa_context_flags
_SOURCE_OUTPUTS = 8  # pulse/def.h, PA_SUBSCRIPTION_MASK_SOURCE_OUTPUT
_CHANNELS = 32  # pulse/sample.h, PA_CHANNELS_MAX
# Mixers, which listen to show a level; the same list as in pavucontrol (mainwindow.cc, updateSourceOutput), and Plasma's.
_METERS = {"org.PulseAudio.pavucontrol", "org.gnome.VolumeControl", "org.kde.kmixd", "org.kde.plasma-pa"}
_UNTELLING = {"WEBRTC VoiceEngine", "Chromium", "Playback", ""}  # what many programs are called there


def changes() -> Iterator[list[str]]:
    """Sorted names of programs, first at once; ends at once where this cannot be had."""
    last: list[str] | None = None
    for programs in _looks():
        if programs != last:
            last = programs
            yield programs


def _looks() -> Iterator[list[str]]:
    if sys.platform == "linux":
        return _of_pulse()
    return _every_second(_of_windows) if sys.platform == "win32" else _every_second(_of_mac)


def _every_second(look: Callable[[], list[str]]) -> Iterator[list[str]]:
    while True:
        try:
            yield look()
        except Exception:  # of the system's own: what cannot be had, ends
            return
        time.sleep(_LOOK_S)


# --- Linux


class _ChannelMap(ctypes.Structure):
    _fields_ = (("channels", ctypes.c_uint8), ("map", ctypes.c_int * _CHANNELS))


class _Volume(ctypes.Structure):
    _fields_ = (("channels", ctypes.c_uint8), ("values", ctypes.c_uint32 * _CHANNELS))


class _Source(ctypes.Structure):  # pulse/introspect.h, pa_source_info, up to what is needed
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("index", ctypes.c_uint32),
        ("description", ctypes.c_char_p),
        ("spec", SampleSpec),
        ("map", _ChannelMap),
        ("owner_module", ctypes.c_uint32),
        ("volume", _Volume),
        ("mute", ctypes.c_int),
        ("monitor_of", ctypes.c_uint32),
    )


class _Output(ctypes.Structure):  # pulse/introspect.h, pa_source_output_info, up to what is needed
    _fields_ = (
        ("index", ctypes.c_uint32),
        ("name", ctypes.c_char_p),
        ("owner_module", ctypes.c_uint32),
        ("client", ctypes.c_uint32),
        ("source", ctypes.c_uint32),
        ("spec", SampleSpec),
        ("map", _ChannelMap),
        ("buffer_us", ctypes.c_uint64),
        ("source_us", ctypes.c_uint64),
        ("resampled", ctypes.c_char_p),
        ("driver", ctypes.c_char_p),
        ("properties", ctypes.c_void_p),
        ("corked", ctypes.c_int),
    )


_TellSource = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_Source), ctypes.c_int, ctypes.c_void_p)
_TellOutput = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_Output), ctypes.c_int, ctypes.c_void_p)
_TellNews = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32, ctypes.c_void_p)


def _of_pulse() -> Iterator[list[str]]:
    """What the server tells, from one server after the other; ends where there is none in the beginning."""
    pulse = library()
    if pulse is None:
        return
    here_once = False
    while True:
        connection = _Listeners(pulse, OURSELVES.encode())
        try:
            connection.connect(lambda: False, _NO_AUTOSPAWN)
            here_once = True
            yield from connection.looks()
        except ConnectionError:
            if not here_once:
                return
            yield []
        finally:
            connection.close()
        time.sleep(_AGAIN_S)


class _Listeners(Connection):
    """Asks for all source outputs whenever one of them changed."""

    def looks(self) -> Iterator[list[str]]:
        """Names of programs, each time something changed; raises ConnectionError at the server's end."""
        self._changed = True
        self._ours = str(os.getppid())  # the window
        tell = _TellNews(self._hear_news)  # kept: libpulse calls it
        self._pulse.pa_context_set_subscribe_callback(self._context, tell, None)
        self._let_go(self._pulse.pa_context_subscribe(self._context, _SOURCE_OUTPUTS, None, None))
        while True:
            while not self._changed:
                self.turn(-1)
                self._check()
            self._changed = False
            yield self._programs()

    def _hear_news(self, *_: Any) -> None:
        self._changed = True

    def _programs(self) -> list[str]:
        monitors: set[int] = set()
        programs: set[str] = set()

        def hear_source(source: _Source) -> None:
            if source.monitor_of != _NOBODY:
                monitors.add(source.index)

        def hear_output(output: _Output) -> None:
            name = self._listener(output)
            if name is not None and output.source not in monitors:
                programs.add(name)

        self._ask(self._pulse.pa_context_get_source_info_list, _TellSource, hear_source)
        self._ask(self._pulse.pa_context_get_source_output_info_list, _TellOutput, hear_output)
        return sorted(programs)

    def _ask(self, question: Any, kind: Any, hear: Callable[[Any], None]) -> None:
        """Ask for a list, and wait for its end."""
        ended = False

        def tell(_context: int, told: Any, end: int, _data: int) -> None:
            nonlocal ended
            if end:
                ended = True
            elif told:
                hear(told.contents)

        kept = kind(tell)
        self._let_go(question(self._context, kept, None))
        while not ended:
            self.turn()
            self._check()

    def _check(self) -> None:
        if self.state() > 4:  # PA_CONTEXT_READY
            raise self.gone()

    def _let_go(self, operation: int | None) -> None:
        if not operation:  # NULL on a broken connection, and unref of that ends the process
            raise self.gone()
        self._pulse.pa_operation_unref(ctypes.c_void_p(operation))

    def _listener(self, output: _Output) -> str | None:
        """The program's name; None where it does not count."""

        def told(key: str) -> str:
            value = self._pulse.pa_proplist_gets(ctypes.c_void_p(output.properties), key.encode())
            return (value or b"").decode(errors="replace")

        is_meter = told("application.id") in _METERS or (output.resampled or b"") == b"peaks"
        if output.client == _NOBODY or output.corked or is_meter:
            return None
        name = told("application.name")
        if name == OURSELVES or is_below(told("application.process.id"), self._ours):
            return None
        return spoken_name(name, told("application.process.binary"))


def spoken_name(name: str, binary: str) -> str:
    """What a program is called: as a sound server knows it, or by its file where that tells nothing."""
    if name.startswith("ALSA plug-in ["):
        return name.removeprefix("ALSA plug-in [").removesuffix("]")
    shorter = name.removesuffix(" input")  # browsers: "Google Chrome input"
    return binary if shorter in _UNTELLING and binary else shorter


def is_below(pid: str, ancestor: str, processes: Path = Path("/proc")) -> bool:
    """Whether a process is this one or a descendant of it (proc(5), stat: the fourth field is the parent)."""
    while pid.isdigit() and int(pid) > 1:
        if pid == ancestor:
            return True
        try:
            pid = (processes / pid / "stat").read_text().rpartition(")")[2].split()[1]
        except (OSError, IndexError):
            return False
    return False


# --- Windows and macOS: written from documentation, not run


def _of_windows() -> list[str]:
    """Programs whose last use of the microphone has no end (what the settings show under privacy)."""
    if sys.platform != "win32":
        raise OSError
    import winreg

    store = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone"
    own = sys.executable.replace("\\", "#").lower()
    programs = set()
    for folder in (store, rf"{store}\NonPackaged"):
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, folder) as key:
            for number in range(winreg.QueryInfoKey(key)[0]):
                name = winreg.EnumKey(key, number)
                with winreg.OpenKey(key, name) as program:
                    if _is_open(winreg, program) and name.lower() != own:
                        programs.add(_windows_name(name))
    return sorted(programs)


def _is_open(winreg: Any, program: Any) -> bool:
    try:
        return bool(winreg.QueryValueEx(program, "LastUsedTimeStop")[0] == 0)
    except OSError:  # never used
        return False


def _windows_name(key: str) -> str:
    """`C:#Program Files#Zoom#Zoom.exe`: Zoom; `Microsoft.Teams_8wekyb3d8bbwe`: Microsoft.Teams."""
    return key.rpartition("#")[2].removesuffix(".exe") if "#" in key else key.partition("_")[0]


_SYSTEM_OBJECT = 1  # CoreAudio/AudioHardware.h, kAudioObjectSystemObject


class _Address(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint32) for name in ("selector", "scope", "element"))


def _of_mac() -> list[str]:
    """[""] while the default input runs somewhere (kAudioDevicePropertyDeviceIsRunningSomewhere)."""
    audio = ctypes.CDLL("/System/Library/Frameworks/CoreAudio.framework/CoreAudio")
    device = _mac_property(audio, _SYSTEM_OBJECT, b"dIn ")
    return [""] if _mac_property(audio, device, b"gone") else []


def _mac_property(audio: Any, thing: int, selector: bytes) -> int:
    """A property that is a number; raises OSError."""
    address = _Address(*(int.from_bytes(code, "big") for code in (selector, b"glob")), 0)
    value, size = ctypes.c_uint32(0), ctypes.c_uint32(4)
    failed = audio.AudioObjectGetPropertyData(
        ctypes.c_uint32(thing), ctypes.byref(address), 0, None, ctypes.byref(size), ctypes.byref(value)
    )
    if failed:
        raise OSError(failed)
    return value.value
