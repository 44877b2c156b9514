"""Writes beside each sample call what listening to it finds, so that the window can show a sample at once.

Run it after make_samples.py:  .venv/bin/python packaging/prepare_samples.py
A test listens again and compares, so these files cannot go stale.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from coachdesk.desk.jobs import SpeechChild
from coachdesk.document import encode
from coachdesk.paths import resource
from coachdesk.speech import protocol
from coachdesk.speech.engine import EngineChoice


def prepare(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        peaks = Path(place) / "peaks"
        request = protocol.Request(path=str(folder / "call.opus"), peaks=str(peaks), engine=EngineChoice("none"))
        said = list(SpeechChild(request).messages())
        facts = [m for m in said if isinstance(m, protocol.Opened | protocol.Prepared)]
        (folder / "prepared.jsonl").write_bytes(b"".join(encode(m) + b"\n" for m in facts))
        (folder / "call.peaks").write_bytes(peaks.read_bytes())


if __name__ == "__main__":
    for sample in sorted(resource("samples").iterdir()):
        prepare(sample)
        print(sample.name)
