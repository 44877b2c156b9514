"""The window on screens with small and large pixels: everything fits, and nothing lies over its neighbour."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize(("scale", "size"), [("1", [1280, 800]), ("1.5", [1280, 800]), ("2", [960, 600])])
def test_everything_fits(own_home: Path, scale: str, size: list[int]) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    command = [sys.executable, "-m", "tests.gui.scaled_window"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["scale"] == float(scale) and seen["size"] == size
    assert seen["places"] >= 12
    assert seen["faults"] == {}
