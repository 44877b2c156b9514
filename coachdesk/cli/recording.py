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
from coachdesk.desk import events
from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.desk.jobs import Aside
from coachdesk.desk.recording import Recorder, RecorderGone, is_last, messages
from coachdesk.document import plain
from coachdesk.errors import InputError
from coachdesk.sentences import _, clock, notice

_TOLD_EVERY_S = 5.0
_LOOK_S = 0.05
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
    """Record until --for is over or Ctrl+C; then what was recorded is a call, coached. --live says words as they come."""
    wanted = BringIn((), engine=asked.engine, model=asked.model, language=asked.language)
    with open_desk(asked.home) as desk:
        if asked.playbook:
            desk.playbook(asked.playbook)  # a wrong name is said before, not after the call
        progress = Progress()
        recorder = desk.record(asked.mic, asked.system, asked.mixed)
        listening = _Listening(recorder, asked)
        before = signal.getsignal(signal.SIGINT)

        def stop(*_told: object) -> None:
            recorder.stop()
            signal.signal(signal.SIGINT, before)  # a second Ctrl+C ends what comes after the recording

        signal.signal(signal.SIGINT, stop)
        try:
            if asked.live:
                desk.subscribe(lambda event: None if isinstance(event, events.Progress) else progress(event))
                call = _live(desk, Aside(listening.run), listening, wanted)
            else:
                sealed = listening.run()
                signal.signal(signal.SIGINT, before)
                desk.subscribe(progress)
                call = desk.keep_recording(Path(sealed.path).stem, wanted)
        finally:
            signal.signal(signal.SIGINT, before)
        _show(desk, call, asked.json)
    return 0


def _live(desk: Desk, aside: Aside[Any], listening: _Listening, wanted: BringIn) -> str:
    """Listen along from the first sound on."""
    while not listening.ready and not aside.is_over:
        time.sleep(_LOOK_S)
    if not listening.ready:
        aside.result()
    call = desk.keep_recording(listening.name, wanted, growing=lambda: aside.is_over)
    try:
        aside.result()
    except RecorderGone:
        _say(notice("recording_broke_off", {}))
    return call


class _Listening:
    """Follows a recording to its end on stderr; tells it what the call is as soon as there is sound."""

    def __init__(self, recorder: Recorder, asked: Namespace) -> None:
        self._recorder, self._asked = recorder, asked
        self.name = recorder.beside.journal.stem
        self.ready = False

    def run(self) -> Any:
        """The recording's last word.

        Raises InputError where it could not be made, RecorderGone where it broke off.
        """
        started = told = time.monotonic()
        last = None
        for message in self._recorder.messages():
            if isinstance(message, messages.Level):
                late = not self.ready and time.monotonic() - started > _STARTING_S
                if late or self._is_over(message):
                    self._recorder.stop()
                if time.monotonic() - told > _TOLD_EVERY_S and not self._asked.live:
                    told = time.monotonic()
                    _say(_level(message))
            elif said := _said(message):
                _say(said)
            if isinstance(message, messages.Ready):
                self._tell()
                self.ready = True
            if is_last(message):
                last = message
        return _ended(last)

    def _is_over(self, level: Any) -> bool:
        return self._asked.seconds is not None and level.position_ms >= 1000 * self._asked.seconds

    def _tell(self) -> None:
        """Into the journal, so that it outlives this window."""
        asked = self._asked
        if asked.title or asked.account or asked.playbook:
            self._recorder.send(messages.Describe(asked.title, asked.account, asked.playbook))
        if asked.consent:
            self._recorder.send(messages.ConsentNoted("noted", asked.consent))


def _said(message: Any) -> str:
    """What is worth a line, as a sentence."""
    if isinstance(message, messages.Ready):
        return _("Recording. Ctrl+C ends it.")
    if isinstance(message, messages.Silent):
        return notice("recording_silent", {"side": message.side})
    if isinstance(message, messages.Trouble) and not message.fatal:
        return notice(f"recording_{message.code}", message.params)
    return ""


def _ended(message: Any) -> Any:
    if isinstance(message, messages.Sealed) and message.duration_ms > 0:
        return message
    told = isinstance(message, messages.Trouble)
    said = notice(f"recording_{message.code}", message.params) if told else _("Nothing was recorded.")
    raise InputError(said, _("`coachdesk devices` shows what can be recorded from."))


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
        said = _("erased; the notes are left") if left.erased else clock(left.duration_ms)
        print(f"{left.id[:8]}  {left.started_at[:16]}  {said}")
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
