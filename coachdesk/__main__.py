"""One door: without words the window opens, with words the command line answers."""

from __future__ import annotations

import sys


def main() -> int:
    """Run CoachDesk; returns the exit status (0 done, 2 wrong request or input, 1 our bug)."""
    words = sys.argv[1:]
    if words[:2] == ["--worker", "speech"]:  # the packaged program is its own speech child
        from coachdesk.speech import worker

        return worker.main()
    if words[:2] == ["--worker", "recorder"]:  # and its own recorder
        from coachdesk.audio.recording import recorder

        return recorder.main()
    if not words:
        from coachdesk.gui import app

        return app.main()
    from coachdesk import cli

    return cli.main(words)


if __name__ == "__main__":
    sys.exit(main())
