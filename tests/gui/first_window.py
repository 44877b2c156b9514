"""Opens the real window, says when its first picture was there, and closes: for the start-up benchmark and test.

Prints seconds from the time given (time.monotonic of the caller) to the first picture, and the modules loaded by then.
"""

from __future__ import annotations

import sys
import time


def main() -> None:
    from coachdesk.gui.app import open_window

    app, window = open_window()
    window.seen.disconnect(window.start)

    def done() -> None:
        print(f"{time.monotonic() - float(sys.argv[1]):.3f}")
        print(" ".join(sorted(name for name in sys.modules if "." not in name)), flush=True)
        window.close()

    window.seen.connect(done)
    app.exec()


if __name__ == "__main__":
    main()
