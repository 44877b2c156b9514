"""A call played through real devices and recorded by the real program, as a person would: under packaging/sound_server.sh.

`python -m tests.end_to_end.rig FOLDER SECONDS ENGINE`: plays the sample call (own side into the microphone, the other out
of the speakers) while `coachdesk record --live` runs, hangs up, and writes what came of it to FOLDER/heard.json.
"""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import IO, Any

import numpy as np

from coachdesk.audio.load import frames_from
from tests.conftest import ROOT, SAMPLES

SAMPLE = SAMPLES / "sales_discovery"
HZ = 48_000


def sides(folder: Path, seconds: float) -> list[Path]:
    """The two sides of the sample as files to be played, from the beginning again where it is too short."""
    sound = np.concatenate(list(frames_from(SAMPLE / "call.opus", 0, HZ)), axis=1)
    sound = np.tile(sound, math.ceil(seconds * HZ / sound.shape[1]))[:, : round(seconds * HZ)]
    paths = [folder / "mine.wav", folder / "theirs.wav"]
    for path, lane in zip(paths, sound, strict=True):
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, HZ, 0, "NONE", ""))
            file.writeframes((np.clip(lane, -1, 1) * 32767).astype("<i2").tobytes())
    return paths


def truth_ratio(seconds: float) -> float:
    """The own side's part of all that is spoken in the first seconds (of the whole call where more), by what was said when."""
    truth = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
    spoken = dict.fromkeys(truth["speakers"], 0.0)
    for said in truth["utterances"]:
        spoken[said["speaker"]] += max(0.0, min(said["end"], seconds) - said["start"])
    return next(iter(spoken.values())) / sum(spoken.values())


def main(folder: Path, seconds: float, engine: str) -> None:
    mine, theirs = sides(folder, seconds)
    words = ["record", "--live", "--engine", engine, "--json"]
    recorder = subprocess.Popen(
        [sys.executable, "-m", "coachdesk", "--home", folder / "home", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = _until_it_records(recorder.stderr)
    time.sleep(0.5)
    players = [
        subprocess.Popen(["paplay", "-d", device, path]) for device, path in (("micfeed", mine), ("speakers", theirs))
    ]
    for player in players:
        player.wait()
    hung_up_s = time.monotonic()
    recorder.send_signal(signal.SIGINT)
    out, rest = recorder.communicate(timeout=300)
    found = {
        "status": recorder.returncode,
        "hang_up_to_coaching_s": time.monotonic() - hung_up_s,
        "said": said + rest,
        "review": json.loads(out) if out.strip() else None,
    }
    (folder / "heard.json").write_text(json.dumps(found), "utf-8")


def _until_it_records(lines: IO[str] | None) -> str:
    assert lines is not None
    said = ""
    for line in lines:
        said += line
        if line.startswith("Recording."):
            return said
    raise AssertionError(said)


def played(folder: Path, seconds: float, engine: str) -> dict[str, Any]:
    """Run this program with a sound server of its own; what it wrote."""
    command = ["sh", ROOT / "packaging/sound_server.sh", sys.executable, "-m", __name__, folder, str(seconds), engine]
    subprocess.run(command, cwd=ROOT, check=True, timeout=seconds + 400)
    found: dict[str, Any] = json.loads((folder / "heard.json").read_text("utf-8"))
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3])
