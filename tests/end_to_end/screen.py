"""A screen of one's own: Xvfb with a window manager, the program as a process of its own, keys pressed, pictures taken.

Nothing here looks into the program: what is seen are pixels, what is done are keys, as a person has them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil

from tests.conftest import ROOT

NEEDED = ("Xvfb", "openbox", "xdotool", "ffmpeg")
SIZE = (1360, 900)  # room for the window at its own size, and its frame
Picture = np.ndarray
Seen = TypeVar("Seen")


def missing() -> list[str]:
    """The programs a screen needs and this machine has not."""
    return [name for name in NEEDED if shutil.which(name) is None]


def until(look: Callable[[], Seen], what: str, most_s: float = 30.0) -> Seen:
    """What `look` finds, as soon as it finds something."""
    end = time.monotonic() + most_s
    while not (found := look()):
        assert time.monotonic() < end, f"waited {most_s:.0f} s in vain: {what}"
        time.sleep(0.05)
    return found


class Screen:
    """A display, gone with everything on it when it is closed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        for name in ("user", "settings", "runtime"):
            (folder / name).mkdir(mode=0o700)
        reader, writer = os.pipe()
        size = "x".join(map(str, SIZE))
        self._start(["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"], writer)
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("QT_QPA_PLATFORM", "QT_SCALE_FACTOR")},
            "DISPLAY": f":{number}",
            "HOME": str(folder / "user"),
            "XDG_CONFIG_HOME": str(folder / "settings"),
            "XDG_RUNTIME_DIR": str(folder / "runtime"),
        }
        self._start(["openbox"])
        until(lambda: self._ask("get_num_desktops"), "the window manager")

    def close(self) -> None:
        for process in reversed(self._started):
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, command: Sequence[str], *handed: int, **options: object) -> subprocess.Popen[bytes]:
        environment = getattr(self, "environment", None)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options}
        started = subprocess.Popen(command, pass_fds=handed, env=environment, cwd=ROOT, **quiet)  # type: ignore[call-overload]
        self._started.append(started)
        return started

    def _ask(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=20)
        return done.stdout.strip() if done.returncode == 0 else ""

    # --- the program

    def open(self, home: Path) -> Program:
        """The program on this screen, its window in front."""
        said = (self._folder / "said").open("wb")
        environment = {"COACHDESK_HOME": str(home), "COACHDESK_SOUND": "none"}
        self.environment.update(environment)
        process = self._start([sys.executable, "-m", "coachdesk"], stderr=said, start_new_session=True)
        said.close()
        self._program = Program(process, self._folder / "said")
        self.wait_for_window("CoachDesk")
        return self._program

    def wait_for_window(self, title: str) -> None:
        """Until a window with this title has the keyboard."""

        def there() -> bool:
            assert self._program.runs, self._program.said
            return self._ask("getactivewindow", "getwindowname") == title

        until(there, f"the window {title}")

    @property
    def corner(self) -> tuple[int, int]:
        """Where the window in front begins, without its frame."""
        told = self._ask("getactivewindow", "mousemove", "--window", "%1", "0", "0", "getmouselocation", "--shell")
        place = dict(line.split("=", 1) for line in told.split())
        return int(place["X"]), int(place["Y"])

    # --- keys

    def press(self, *keys: str) -> None:
        subprocess.run(["xdotool", "key", "--delay", "20", *keys], env=self.environment, check=True, timeout=20)

    def type(self, text: str) -> None:
        subprocess.run(["xdotool", "type", "--delay", "5", text], env=self.environment, check=True, timeout=20)

    # --- pictures

    def picture(self) -> Picture:
        """What is to be seen now, as rows of RGB."""
        grab = ["ffmpeg", "-loglevel", "error", "-f", "x11grab", "-video_size", "x".join(map(str, SIZE))]
        grab += ["-draw_mouse", "0", "-i", self.environment["DISPLAY"], "-frames:v", "1"]
        grab += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        done = subprocess.run(grab, env=self.environment, capture_output=True, check=True, timeout=20)
        return np.frombuffer(done.stdout, np.uint8).reshape(SIZE[1], SIZE[0], 3)

    def settled(self, before: Picture | None = None) -> Picture:
        """The picture once it stands still; with `before`, once it has also become another."""
        last: list[Picture] = [self.picture()]

        def still() -> bool:
            last.append(self.picture())
            changed = before is None or not np.array_equal(last[-1], before)
            return changed and np.array_equal(last[-2], last[-1])

        until(still, "a picture that stands still")
        return last[-1]

    def keep(self, path: Path) -> int:
        """Keep the picture as a file, to be looked at; returns how many colours it has."""
        seen = self.picture()
        save = ["ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
        save += ["-video_size", "x".join(map(str, SIZE)), "-i", "-", str(path)]
        subprocess.run(save, input=seen.tobytes(), check=True, timeout=20)
        return len(np.unique(seen.reshape(-1, 3), axis=0))


class Program:
    """The running program: how it ends, what it leaves behind."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path) -> None:
        self._process, self._said = process, said

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def ended(self) -> int:
        """Its exit status, once it is gone."""
        return self._process.wait(timeout=15)

    @property
    def said(self) -> str:
        """What it wrote where errors go."""
        return self._said.read_text("utf-8")

    def left_behind(self) -> list[str]:
        """Processes it started that still run."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                if os.getsid(process.pid) == self._process.pid:
                    found.append(process.name())
        return found
