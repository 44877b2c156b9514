"""The person's own wordings of what a brief is handed on as: plain text with {blanks}, one file each in the home.

Where there is none, the faces say it in the program's own words. A wording is checked when it is kept: every blank must
be one that something fills.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from coachdesk.errors import InputError, NotFound
from coachdesk.paths import Home

KINDS = ("mail", "note", "self")
BLANKS = (
    *("title", "date", "case", "own_name", "other_name", "hello", "own", "other", "result", "length"),
    *("slots", "facts", "next_steps", "open_questions", "missing", "focus"),
)
_BLANK = re.compile(r"\{(\w+)\}")
LONGEST = 8_000  # characters


def own(home: Home) -> dict[str, str]:
    """The wordings the person keeps, by kind; "" = the program's."""
    found = {}
    for kind in KINDS:
        path = home.templates / f"{kind}.txt"
        found[kind] = path.read_text("utf-8", errors="replace") if path.is_file() else ""
    return found


def keep(home: Home, kind: str, text: str, slots: Iterable[str]) -> None:
    """Keep a wording; "" goes back to the program's. Raises InputError naming a blank that nothing fills."""
    if kind not in KINDS:
        raise NotFound(f"There is no {kind} to word.", f"There are: {', '.join(KINDS)}.")
    path = home.make().templates / f"{kind}.txt"
    if not text.strip():
        path.unlink(missing_ok=True)
        return
    check(text, slots)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text.replace("\r\n", "\n"), "utf-8")
    part.replace(path)


def check(text: str, slots: Iterable[str]) -> None:
    """Whether every blank of a wording is filled by something. Raises InputError."""
    if len(text) > LONGEST:
        raise InputError("This wording is too long.", f"Keep it below {LONGEST} characters.")
    known = [*BLANKS, *dict.fromkeys(slots)]
    for number, line in enumerate(text.splitlines(), 1):
        for blank in _BLANK.findall(line):
            if blank not in known:
                named = ", ".join(f"{{{name}}}" for name in known)
                raise InputError(f"Line {number}: nothing fills {{{blank}}}.", f"There are: {named}.")
