"""The command line: every verb of the desk as a command. Text for people, --json for programs.

stdout carries the answer (with --json exactly one document), stderr progress and notices. Exit status: 0 done; 2 the
request was wrong or the input unusable (one sentence and a hint); 130 stopped; 1 our bug.
"""

from __future__ import annotations

import logging
import signal
import sys
import time
import traceback
from logging.handlers import RotatingFileHandler
from typing import Any

from coachdesk.cli import commands
from coachdesk.cli.arguments import parser
from coachdesk.errors import CoachDeskError
from coachdesk.paths import home
from coachdesk.sentences import _

DONE, BUG, WRONG, STOPPED = 0, 1, 2, 130
log = logging.getLogger("coachdesk")


def main(words: list[str]) -> int:
    """Run one command; returns the exit status."""
    commands.count_connects()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end: end as tidily as on Ctrl+C
    asked = parser().parse_args(words)
    started = time.monotonic()
    try:
        status = commands.COMMANDS[asked.command](asked) or DONE
    except CoachDeskError as problem:
        tell(problem)
        status = WRONG
    except KeyboardInterrupt:
        print(_("Stopped. What was finished is kept; the same command goes on from there."), file=sys.stderr)
        status = STOPPED
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        status = DONE
    except Exception:
        return _our_bug(asked)
    _note(asked, "%s ended with %d after %.1f s", asked.command, status, time.monotonic() - started)
    return status


def tell(problem: CoachDeskError) -> None:
    """One sentence and a hint, on stderr."""
    print(problem.message, file=sys.stderr)
    if problem.hint:
        print(problem.hint, file=sys.stderr)


def _our_bug(asked: Any) -> int:
    """A bug of ours: its stack goes to the log, where it can be copied from."""
    stack = traceback.format_exc()
    kept = _note(asked, "bug in %s\n%s", asked.command, stack)
    print(_("Something went wrong inside CoachDesk; nothing you had was changed."), file=sys.stderr)
    print(_("Details: {where}").format(where=kept) if kept else stack, file=sys.stderr)
    return BUG


def _note(asked: Any, message: str, *values: object) -> str:
    """A line in the home's log (ids and durations, never words of a call); returns where it is, or ""."""
    place = home(asked.home)
    if not place.root.is_dir():
        return ""
    try:
        handler = RotatingFileHandler(place.log, maxBytes=1 << 20, backupCount=1, encoding="utf-8")
    except OSError:  # a home that cannot be written says so elsewhere
        return ""
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        log.info(message, *values)
    finally:
        log.removeHandler(handler)
        handler.close()
    return str(place.log)
