"""What all tests share: a home of their own, the real data, and leaks that fail."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from coachdesk.speech import voiceprint

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "resources" / "samples"
MICRO_MODEL = DATA / "whisper-micro"
MICRO_CALL = DATA / "micro_call"
IN_CI = "COACHDESK_CI" in os.environ  # there nothing that set-up installs may be missing

needs_voice_model = pytest.mark.skipif(
    voiceprint.weights_path() is None and not IN_CI, reason="the voice model is not installed"
)


def needs_sound_server() -> None:
    """Skips where packaging/sound_server.sh cannot run; fails there in CI."""
    if not shutil.which("pulseaudio"):
        (pytest.fail if IN_CI else pytest.skip)("pulseaudio is not installed")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has an empty home; none can reach the person's own."""
    home = tmp_path / "home"
    monkeypatch.setenv("COACHDESK_HOME", str(home))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return home


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """A test that leaves a thread of ours running fails."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and t.is_alive() and not t.daemon]
    for thread in left:
        thread.join(timeout=2)
    assert not [thread.name for thread in left if thread.is_alive()]
