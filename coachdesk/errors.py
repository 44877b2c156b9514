"""What may go wrong in a way a person can understand or mend.

    CoachDeskError(message, hint)
    ├── InputError            what was handed in cannot be used
    │   ├── UnreadableFile    no sound can be read from this file
    │   ├── TranscriptError   words brought along cannot be read
    │   └── NotFound          no such call, playbook, utterance, model, ...
    ├── PlaybookError         a playbook is wrong: file, line, mend
    ├── SettingsError         the settings file is wrong
    ├── EngineError           the speech engine cannot run
    │   └── ModelMissing      a speech model is not on this machine
    ├── HistoryError          the local history cannot be used
    │   ├── NewerHistory      written by a newer CoachDesk
    │   └── HistoryBusy       another CoachDesk holds it
    ├── RecorderGone          a recording broke off; what there is can be recovered
    ├── Cancelled             the person stopped it
    └── NotBuiltYet           this part of CoachDesk does not exist yet

Everything else that is raised is our bug: it is logged with its stack and ends with exit status 1.
A message says what happened; a hint says what to do next. Neither ever holds what was said in a call.
"""

from __future__ import annotations


class CoachDeskError(Exception):
    """A problem the person can understand; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def code(self) -> str:
        """The stable name of this kind of problem, as stored and as sent between processes."""
        return type(self).__name__


class InputError(CoachDeskError):
    """What was handed in cannot be used."""


class UnreadableFile(InputError):
    """No sound can be read from this file."""


class TranscriptError(InputError):
    """Words brought along cannot be read."""


class NotFound(InputError):
    """Something was named that is not there."""


class PlaybookError(CoachDeskError):
    """A playbook is wrong; the message names file and line."""


class SettingsError(CoachDeskError):
    """The settings file is wrong."""


class EngineError(CoachDeskError):
    """The speech engine cannot run."""


class ModelMissing(EngineError):
    """A speech model is not on this machine."""


class HistoryError(CoachDeskError):
    """The local history cannot be used."""


class NewerHistory(HistoryError):
    """The history was written by a newer CoachDesk."""


class HistoryBusy(HistoryError):
    """Another CoachDesk holds the history right now."""


class RecorderGone(CoachDeskError):
    """The recorder ended without sealing its recording; what is on disk can be recovered."""


class Cancelled(CoachDeskError):
    """The person stopped it."""


class NotBuiltYet(CoachDeskError):
    """This part of CoachDesk does not exist yet."""


def by_code(code: str, message: str, hint: str) -> CoachDeskError:
    """The error a child process reported, made whole again. Unknown codes become EngineError."""
    known = {kind.__name__: kind for kind in _family(CoachDeskError)}
    return known.get(code, EngineError)(message, hint)


def _family(kind: type[CoachDeskError]) -> list[type[CoachDeskError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in _family(child))]
