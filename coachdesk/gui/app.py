"""The door to the window. The window itself is not part of this version."""

from __future__ import annotations

import sys


def main() -> int:
    """Say what there is instead of a window; exit status 2, since what was asked for is not there."""
    print(
        "The CoachDesk window is not part of this version; everything it will show works in the terminal.\n"
        "Try `coachdesk demo`, `coachdesk analyze FILE`, or `coachdesk --help`.",
        file=sys.stderr,
    )
    return 2
