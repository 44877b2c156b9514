"""How the terminal answers: one JSON document on stdout, progress and notices on stderr; and the count of connections."""

from __future__ import annotations

import sys
import time
from typing import Any

from coachdesk.desk import events
from coachdesk.document import pretty
from coachdesk.sentences import N_, SIDES, _, clock, notice, side

connects = [0]
_STAGES = {
    "prepare": N_("listening to the channels"),
    "voices": N_("telling the voices apart"),
    "transcribe": N_("transcribing"),
}


def count_connects() -> None:
    """Count every connection this process tries to make, so that "nothing leaves this computer" can be shown."""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            connects[0] += 1

    sys.addaudithook(hook)


def give(document: Any) -> None:
    """The answer for programs."""
    print(pretty(document))


class Progress:
    """Progress on stderr: one line that is rewritten on a terminal, a line every few seconds elsewhere."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._last = time.monotonic()
        self._open = False

    def __call__(self, event: events.Event) -> None:
        if isinstance(event, events.Progress):
            self._progress(event)
        elif isinstance(event, events.Told):
            self._line(notice(event.code, event.params))
        elif isinstance(event, events.Words):
            self._line(_("{who}: {text}").format(who=side(SIDES[event.channel]), text=event.text))
        elif event.what == "numbers":
            self._line(_("The numbers from the channels are in and saved."))
        else:
            self._end()

    def _progress(self, event: events.Progress) -> None:
        if time.monotonic() - self._last < (0.2 if self._live else 5.0):
            return
        self._last = time.monotonic()
        left = (
            "" if event.remaining_s is None else _(", about {time} left").format(time=clock(event.remaining_s * 1000))
        )
        total = "" if event.total_ms is None else f" / {clock(event.total_ms)}"
        text = f"{_(_STAGES.get(event.stage, event.stage))} {clock(event.done_ms)}{total}{left}"
        if self._live:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
            self._open = True
        else:
            print(text, file=sys.stderr, flush=True)

    def _line(self, text: str) -> None:
        self._end()
        print(text, file=sys.stderr, flush=True)

    def _end(self) -> None:
        if self._open:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._open = False
