"""The commands for recording: devices, record, recover."""

from __future__ import annotations

import signal
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from coachdesk.cli import screens
from coachdesk.cli.output import Progress, give
from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.desk.recording import Recorder, is_last, messages
from coachdesk.document import plain
from coachdesk.errors import InputError
from coachdesk.sentences import _, clock, notice

_TOLD_EVERY_S = 5.0
_STARTING_S = 15.0  # no sound by then: the devices that were named are not there


def devices(asked: Namespace) -> int:
    with open_desk(asked.home) as desk:
        found = desk.devices()
    if asked.json:
        give({"devices": [plain(device) for device in found.devices], "missing": found.missing})
        return 0
    for kind, said in (("microphone", _("Microphones:")), ("system", _("Sound of the other party:"))):
        print(said)
        for device in found.of(kind):  # type: ignore[arg-type]
            print(f"  {device.id:<40} {device.name}{_(' (default)') if device.is_default else ''}")
        if kind in found.missing:
            print("  " + notice(found.missing[kind], {}))
    return 0


def record(asked: Namespace) -> int:
    """Record until --for is over or Ctrl+C; then what was recorded is a call, coached."""
    with open_desk(asked.home) as desk:
        desk.subscribe(Progress())
        recorder = desk.record(asked.mic, asked.system, asked.mixed)
        sealed = _listen(recorder, asked.seconds)
        wanted = BringIn(
            (),
            playbook=asked.playbook,
            engine=asked.engine,
            model=asked.model,
            language=asked.language,
            consent=asked.consent,
        )
        call = desk.keep_recording(Path(sealed.path).stem, wanted)
        _show(desk, call, asked.json)
    return 0


def _listen(recorder: Recorder, seconds: float | None) -> Any:
    """Follow a recording to its end on stderr; returns its last word.

    Raises InputError where it could not be made, RecorderGone where it broke off.
    """
    before = signal.signal(signal.SIGINT, lambda *_told: recorder.stop())
    started = told = time.monotonic()
    ready, last = False, None
    try:
        for message in recorder.messages():
            if isinstance(message, messages.Level):
                late = not ready and time.monotonic() - started > _STARTING_S
                if late or (seconds is not None and message.position_ms >= 1000 * seconds):
                    recorder.stop()
                if time.monotonic() - told > _TOLD_EVERY_S:
                    told = time.monotonic()
                    _say(_level(message))
            elif said := _said(message):
                _say(said)
            ready = ready or isinstance(message, messages.Ready)
            if is_last(message):
                last = message
    finally:
        signal.signal(signal.SIGINT, before)
    return _ended(last)


def _said(message: Any) -> str:
    """What is worth a line, as a sentence."""
    if isinstance(message, messages.Ready):
        return _("Recording. Ctrl+C ends it.")
    if isinstance(message, messages.Silent):
        return notice("recording_silent", {"side": _side(message.side)})
    if isinstance(message, messages.Trouble) and not message.fatal:
        return notice(
            f"recording_{message.code}", {**message.params, "side": _side(str(message.params.get("side", "")))}
        )
    return ""


def _ended(message: Any) -> Any:
    if isinstance(message, messages.Sealed) and message.duration_ms > 0:
        return message
    told = isinstance(message, messages.Trouble)
    said = notice(f"recording_{message.code}", message.params) if told else _("Nothing was recorded.")
    raise InputError(said, _("`coachdesk devices` shows what can be recorded from."))


def _side(side: str) -> str:
    return {"mic": _("you"), "system": _("them")}.get(side, side)


def _level(message: Any) -> str:
    mic, system = (_("nothing") if db is None else f"{db:.0f} dB" for db in (message.mic_db, message.system_db))
    return _("{at}  you {mic}, them {system}").format(at=clock(message.position_ms), mic=mic, system=system)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def recover(asked: Namespace) -> int:
    with open_desk(asked.home) as desk:
        desk.subscribe(Progress())
        if asked.action == "list":
            return _list(desk, asked.json)
        if asked.action == "drop":
            desk.drop_recording(asked.recording)
            print(_("Removed for good."))
            return 0
        wanted = BringIn((), engine=asked.engine, model=asked.model, language=asked.language)
        _show(desk, desk.keep_recording(asked.recording, wanted), asked.json)
    return 0


def _list(desk: Desk, as_json: bool) -> int:
    found = desk.cut_off()
    if as_json:
        give([plain(left) for left in found])
        return 0
    for left in found:
        print(f"{left.id[:8]}  {left.started_at[:16]}  {clock(left.duration_ms)}")
    if found:
        print(_("`coachdesk recover keep ID` makes one a call; `coachdesk recover drop ID` removes it."))
    return 0


def _show(desk: Desk, call: str, as_json: bool) -> None:
    document = plain(desk.review(call))
    if as_json:
        give(document)
    else:
        print(screens.review(document))


COMMANDS = {"devices": devices, "record": record, "recover": recover}
