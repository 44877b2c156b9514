"""How true the channel numbers are: talk ratio, longest stretch, changes of speaker against calls whose truth is known.

With --data DIR: also DIR/calls/*/truth.json beside stereo.opus, phone_stereo_ulaw.wav and stereo_bleed.opus, two-channel
recordings of DIR/corpus with an RTTM, and its microphone that hears a loudspeaker, both sides speaking at once.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.spans import Span, shared_spans, total_ms
from tests.audio.sounds import decode, pcm16, wav
from tests.benchmarks.printing import ROOT, arguments, report


def value(desk: Desk, path: Path, metric: str) -> float:
    review = desk.review(desk.bring_in(BringIn((path,), engine="none")))
    found = [m["value"] for m in review.measurements if m["metric"] == metric]
    return float(found[0]) if found[0] is not None else float("nan")


def against_truth(desk: Desk, call: Path, truth: dict[str, Any]) -> dict[str, Any]:
    own = next(iter(truth["speakers"].values()))
    name = f"{call.parent.name}/{call.name}"
    return {
        f"{name}: talk ratio off by": value(desk, call, "talk_ratio") - own["talk_ratio"],
        f"{name}: longest stretch off by, s": value(desk, call, "longest_monologue_ms") / 1000
        - own["longest_monologue_s"],
        f"{name}: changes over truth": value(desk, call, "switches") / truth["switches"],
    }


def against_rttm(desk: Desk, call: Path, rttm: Path) -> dict[str, Any]:
    seconds: Counter[str] = Counter()
    for line in rttm.read_text().splitlines():
        fields = line.split()
        seconds[fields[7]] += float(fields[4])
    first = rttm.read_text().split()[7]
    shares = [seconds[first] / sum(seconds.values()), 1 - seconds[first] / sum(seconds.values())]
    got = value(desk, call, "talk_ratio")
    return {f"{call.parent.name}: talk ratio off its RTTM by": min((got - share for share in shares), key=abs)}


MIC, LOOPBACK = "aec_doubletalk_mic", "aec_doubletalk_lpb"
OWN = Span(4_150, 10_760)  # where the microphone's own side speaks: the activity a least-squares canceller leaves


def against_double_talk(desk: Desk, corpus: Path, folder: Path) -> dict[str, Any]:
    """The microphone left, what its loudspeaker played right: what of the far side is given to the near one."""
    sides = [decode(corpus / name / "audio.wav")[0][0] for name in (MIC, LOOPBACK)]
    sound = np.zeros((2, max(side.size for side in sides)), np.float32)
    for lane, side in zip(sound, sides, strict=True):
        lane[: side.size] = side
    call = desk.bring_in(BringIn((wav(folder / "double_talk.wav", pcm16(sound)),), engine="draft"))
    review = desk.review(call)
    runs = {lane.label: [Span(*run) for run in lane.runs] for lane in desk.lanes(call)}
    said = {side: [u for u in review.transcript["utterances"] if u["speaker"] == side] for side in ("left", "right")}
    shared_s = total_ms(shared_spans(runs["left"], [OWN])) / 1000
    return {
        "double talk: own speech found, of 6.6 s": shared_s,
        "double talk: far speech given to the microphone, s": total_ms(runs["left"]) / 1000 - shared_s,
        "double talk: far side's speech on its own channel, of 10.3 s": total_ms(runs["right"]) / 1000,
        "double talk: false turns told": sum(n["params"].get("turns", 0) for n in review.notices),
        "double talk: first word given to the microphone at, s (4.15)": said["left"][0]["start_ms"] / 1000,
        "double talk: words given to the microphone, far side": tuple(
            sum(len(u["text"].split()) for u in said[side]) for side in ("left", "right")
        ),
    }


def measure(data: Path | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as home, open_desk(home) as desk:
        for folder in sorted((ROOT / "resources/samples").iterdir()):
            found |= against_truth(desk, folder / "call.opus", json.loads((folder / "truth.json").read_text()))
        for folder in sorted((data / "calls").iterdir()) if data else []:
            for name in ("stereo.opus", "stereo.wav", "phone_stereo_ulaw.wav", "stereo_bleed.opus"):
                if (folder / name).exists():
                    found |= against_truth(desk, folder / name, json.loads((folder / "truth.json").read_text()))
        entries = json.loads((data / "corpus/manifest.json").read_text()) if data else []
        for entry in entries:
            if entry.get("channels") == 2 and entry.get("rttm") and entry.get("duration_s", 0) > 60:
                found |= against_rttm(desk, data / "corpus" / entry["file"], data / "corpus" / entry["rttm"])  # type: ignore[operator]
        if any(entry["name"] == MIC for entry in entries):
            found |= against_double_talk(desk, data / "corpus", Path(home))  # type: ignore[operator]
    return found


if __name__ == "__main__":
    asked = arguments(__doc__ or "")
    report(measure(asked.data), asked.json)
