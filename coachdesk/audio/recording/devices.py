"""What can be recorded from: microphones, and the sound the computer itself plays (the other party of a call).

| | microphones | system sound |
|---|---|---|
| Linux with PulseAudio or PipeWire | the server's sources | the monitors of its outputs |
| Linux without | PortAudio (ALSA) | none |
| Windows | PortAudio (WASAPI) | WASAPI loopback, through SoundCard |
| macOS | PortAudio (Core Audio) | a process tap (catap, macOS 14.2), else an installed loopback driver as an input |

Linux was run (PulseAudio 16); Windows and macOS are written from the libraries' documentation and were not.

On Linux with a sound server PortAudio sees one device called "pulse" and not the sources behind it, so their names come
from SoundCard; the sound itself does not (coachdesk/audio/recording/sources.py says why). PortAudio and SoundCard both keep what
they saw when they began, and SoundCard's library aborts the process when it is asked after its server is gone. So
devices are listed in a process that lives only for that: `recorder.list_devices()`. Everything is imported on use.
"""

from __future__ import annotations

import sys
from typing import Any, Literal

import msgspec

Kind = Literal["microphone", "system"]

DEFAULT_MICROPHONE = "default:microphone"
DEFAULT_SYSTEM = "default:system"
LOOPBACK_DRIVERS = ("blackhole", "loopback", "soundflower", "vb-cable")  # what macOS users install


class Device(msgspec.Struct, frozen=True):
    """`id` is stable while the device is plugged in, mostly beyond; `name` is for people."""

    id: str
    name: str
    kind: Kind
    is_default: bool = False


class Found(msgspec.Struct, frozen=True):
    """The devices, and for each kind of which there is none a code that says why (with hints for the faces).

    Codes: no_microphone | no_portaudio | no_sound_server | no_system_sound | soundcard_missing | needs_loopback_driver.
    """

    devices: tuple[Device, ...]
    missing: dict[str, str] = {}

    def of(self, kind: Kind) -> tuple[Device, ...]:
        """Those of one kind, the default first."""
        return tuple(sorted((d for d in self.devices if d.kind == kind), key=lambda d: not d.is_default))


def find() -> Found:
    """Look at what is there now. Never raises; slow (0.2 s), and meant for a process of its own."""
    if sys.platform == "linux":
        return _linux()
    microphones, why = _portaudio_microphones()
    systems, why_no_system = _windows_loopbacks() if sys.platform == "win32" else _mac_loopbacks(microphones)
    if sys.platform == "darwin":
        microphones = tuple(device for device in microphones if not _is_loopback_driver(device.name))
    return _found(microphones, why, systems, why_no_system)


def _found(microphones: tuple[Device, ...], why: str, systems: tuple[Device, ...], why_no_system: str) -> Found:
    missing = {} if microphones else {"microphone": why}
    if not systems:
        missing["system"] = why_no_system
    return Found((*microphones, *systems), missing)


def _linux() -> Found:
    soundcard, why = _soundcard()
    if soundcard is None:
        microphones, no_microphone = _portaudio_microphones()
        return _found(microphones, no_microphone, (), why)
    default_sound, default_microphone = _defaults(soundcard)
    here: list[Device] = []
    systems: list[Device] = []
    for source in soundcard.all_microphones(include_loopback=True):
        if source.isloopback:
            name = source.name.removeprefix("Monitor of ")  # "System sound: Speakers" reads better at the faces
            systems.append(Device(f"pulse:{source.id}", name, "system", source.id == f"{default_sound}.monitor"))
        else:
            here.append(Device(f"pulse:{source.id}", source.name, "microphone", source.id == default_microphone))
    return _found(tuple(here), "no_microphone", tuple(systems), "no_system_sound")


def _defaults(soundcard: Any) -> tuple[str, str]:
    """The server's default output and input; empty where it has none."""
    found = []
    for default in (soundcard.default_speaker, soundcard.default_microphone):
        try:
            found.append(str(default().id))
        except Exception:  # IndexError and others: the server names none, or one that is not there
            found.append("")
    return found[0], found[1]


def _soundcard() -> tuple[Any, str]:
    """The library, connected; or None and why not. It connects while it is imported, and asserts that this works."""
    try:
        import soundcard
    except ImportError:
        return None, "soundcard_missing"
    except Exception:  # AssertionError, OSError, ...: no server, no library of it
        return None, "no_sound_server"
    return soundcard, ""


def _portaudio_microphones() -> tuple[tuple[Device, ...], str]:
    try:
        import sounddevice

        apis, inputs = sounddevice.query_hostapis(), sounddevice.query_devices()
    except Exception:  # OSError: no PortAudio; PortAudioError: no host interface
        return (), "no_portaudio"
    api = _best_api(apis)
    if api is None:
        return (), "no_microphone"
    default = apis[api]["default_input_device"]
    devices = tuple(
        Device(f"portaudio:{device['name']}", device["name"], "microphone", index == default)
        for index, device in enumerate(inputs)
        if device["hostapi"] == api and device["max_input_channels"] > 0
    )
    return devices, "no_microphone"


def _best_api(apis: Any) -> int | None:
    """On Windows every device appears once per host interface: WASAPI has whole names and short delays."""
    with_input = [index for index, api in enumerate(apis) if api["default_input_device"] >= 0]
    wasapi = [index for index in with_input if "WASAPI" in apis[index]["name"]]
    return next(iter([*wasapi, *with_input]), None)


def _windows_loopbacks() -> tuple[tuple[Device, ...], str]:
    soundcard, why = _soundcard()
    if soundcard is None:
        return (), why
    default, _ = _defaults(soundcard)
    try:
        found = [source for source in soundcard.all_microphones(include_loopback=True) if source.isloopback]
    except Exception:  # its own RuntimeErrors around COM
        return (), "no_system_sound"
    devices = tuple(Device(f"wasapi:{s.id}", s.name, "system", s.id == default) for s in found)
    return devices, "no_system_sound"


def _mac_loopbacks(inputs: tuple[Device, ...]) -> tuple[tuple[Device, ...], str]:
    drivers = tuple(
        Device(device.id, device.name, "system", False) for device in inputs if _is_loopback_driver(device.name)
    )
    if has_catap():
        return (Device("catap:system", "System sound", "system", True), *drivers), ""
    return drivers, "needs_loopback_driver"


def has_catap() -> bool:
    """Whether macOS can be asked for its own sound."""
    try:
        import catap  # noqa: F401
    except Exception:  # not installed, or a macOS before 14.2
        return False
    return True


def _is_loopback_driver(name: str) -> bool:
    return any(driver in name.lower() for driver in LOOPBACK_DRIVERS)
