"""Peak memory of any process on a three-hour call against a ten-minute one; it must not grow with the length."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil

from coachdesk.audio.load import Sound
from tests.benchmarks.printing import ROOT, arguments, report

SOURCE = ROOT / "resources/samples/sales_discovery/call.opus"


def long_call(path: Path, minutes: int) -> None:
    """The sample call again and again, as two-channel 16 kHz WAV."""
    with Sound(SOURCE) as sound:
        samples = np.concatenate(list(sound.blocks()), axis=1)
    block = (np.clip(samples, -1, 1) * 32767).astype(np.int16).T.reshape(1, -1)
    frames = block.shape[1] // 2
    with av.open(str(path), "w", format="wav") as out:
        stream = out.add_stream("pcm_s16le", rate=16_000, layout="stereo")
        left = minutes * 60 * 16_000
        while left > 0:
            take = min(left, frames)
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(block[:, : 2 * take]), format="s16", layout="stereo"
            )
            frame.sample_rate = 16_000
            for packet in stream.encode(frame):
                out.mux(packet)
            left -= take
        for packet in stream.encode(None):
            out.mux(packet)


def peak_mb(path: Path, home: Path) -> float:
    """The highest resident size of the command or any child of it, in MB."""
    command = [
        sys.executable,
        "-m",
        "coachdesk",
        "--home",
        str(home),
        "analyze",
        str(path),
        "--engine",
        "none",
        "--json",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = [0.0]

    def watch() -> None:
        root = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                family = [root, *root.children(recursive=True)]
                peak[0] = max(peak[0], *(member.memory_info().rss for member in family))
            except psutil.Error:
                pass
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    watcher.join()
    assert process.returncode == 0
    return peak[0] / (1 << 20)


def measure() -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for minutes in (10, 180):
            call = Path(folder) / f"{minutes}.wav"
            long_call(call, minutes)
            found[f"peak of any process, {minutes} min, MB"] = peak_mb(call, Path(folder) / f"home{minutes}")
            call.unlink()
    ten, long = list(found.values())
    found["three hours over ten minutes"] = long / ten
    return found


if __name__ == "__main__":
    asked = arguments(__doc__ or "")
    report(measure(), asked.json)
