"""How well a transcript's own estimate of its wrong words agrees with the truth, recording by recording and side by side.

Both sample calls; with --data DIR also DIR/calls/*/truth.json beside its sound (clean, with bleed, over the telephone) and
the recordings of DIR/corpus that have a reference text or hold no speech. Words are made by the draft engine, or by the
Whisper model of --model. Nothing is kept: words live in a home that goes away.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.document import Review
from coachdesk.errors import CoachDeskError
from tests.benchmarks.printing import ROOT

Rows = list[dict[str, Any]]
SOUNDS = (
    "stereo.opus",
    "phone_mono.opus",
    "stereo_bleed.opus",
    "mono.opus",
    "phone_stereo_ulaw.wav",
)  # the telling first
WITHOUT_SPEECH = ("sb_noise1", "ps_null_wav", "ps_evil_wav")
_LEFT_OUT = ("um", "uh", "hmm", "mhm", "mm")  # references write them or not, as they please


def words(text: str) -> list[str]:
    plain = re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("’", "'").replace("-", " "))
    return [word for word in plain.split() if word not in _LEFT_OUT]


def wrong_share(true: list[str], heard: list[str]) -> float:
    """Word error rate: replaced, missing and added words over the true ones (Levenshtein)."""
    number: dict[str, int] = {}
    here, there = (np.array([number.setdefault(w, len(number)) for w in side], int) for side in (true, heard))
    costs = np.arange(len(there) + 1)
    for row, word in enumerate(here, 1):
        best = np.minimum(costs[1:] + 1, costs[:-1] + (there != word))
        ahead = np.concatenate([[row], best]) - np.arange(len(there) + 1)
        costs = np.minimum.accumulate(ahead) + np.arange(len(there) + 1)
    return float(costs[-1]) / max(1, len(here))


def _said(review: Review, speaker: str = "") -> list[str]:
    lines = review.transcript["utterances"]
    return words(" ".join(u["text"] for u in lines if not u["suspect"] and speaker in ("", u["speaker"])))


def _row(name: str, review: Review, side: str, true: list[str] | None, heard: list[str]) -> dict[str, Any]:
    judged = next((q for q in review.transcript["quality"] if q["side"] == side), {})
    return {
        "recording": name,
        "side": side,
        "true_words": None if true is None else len(true),
        "words": len(heard),
        "estimate": judged.get("estimate"),
        "wrong": None if true is None else round(wrong_share(true, heard), 3),
        "verdict": judged.get("verdict", "withheld"),
        "why": judged.get("why", ""),
        "turns": len(review.turns),
        "suspect": sum(u["suspect"] for u in review.transcript["utterances"]),
        "advice": len(_from_words(review)),
    }


def _from_words(review: Review) -> list[str]:
    """Numbers that are given and were counted from words."""
    return [m["metric"] for m in review.measurements if m["basis"] == "words" and m["value"] is not None]


def _sides(name: str, review: Review, truth: dict[str, Any]) -> Rows:
    """A row for each side where channels tell them apart, else one of the call."""
    if len(review.recording.get("tracks", ())) and review.recording["layout"] == "two_sides":
        channel_of = {speaker: int(channel) for channel, speaker in truth["channels"].items()}
        found = []
        for side, label, channel in (("rep", "left", 0), ("other", "right", 1)):
            true = words(" ".join(u["text"] for u in truth["utterances"] if channel_of[u["speaker"]] == channel))
            found.append(_row(name, review, side, true, _said(review, label)))
        return found
    in_order = sorted(truth["utterances"], key=lambda u: float(u["start"]))
    return [_row(name, review, "call", words(" ".join(u["text"] for u in in_order)), _said(review))]


def calls(data: Path | None) -> list[tuple[str, Path, dict[str, Any]]]:
    """(name, sound, truth) of the calls whose truth is known with its times: of each call the clean sound first."""
    samples = sorted((ROOT / "resources/samples").iterdir())
    found = [
        (f"sample {folder.name}", folder / "call.opus", json.loads((folder / "truth.json").read_text()))
        for folder in samples
    ]
    truths = sorted((data / "calls").glob("*/truth.json")) if data else []
    for name in SOUNDS:
        for truth in truths:
            if (truth.parent / name).exists():
                found.append((f"{truth.parent.name}/{name}", truth.parent / name, json.loads(truth.read_text())))
    return found


def within(most_min: float | None, data: Path | None) -> tuple[list[tuple[str, Path, dict[str, Any]]], list[str]]:
    """The calls that fit into so many minutes of sound, in their order, and the names of those that do not."""
    taken, left, minutes = [], [], 0.0
    for call in calls(data):
        long_min = max(float(said["end"]) for said in call[2]["utterances"]) / 60
        if most_min is not None and minutes + long_min > most_min:
            left.append(call[0])
            continue
        minutes += long_min
        taken.append(call)
    return taken, left


def _brought(desk: Desk, path: Path, engine: str, model: str) -> Review:
    return desk.review(desk.bring_in(BringIn((path,), engine=engine, model=model, language="en")))


def report(data: Path | None, engine: str = "draft", model: str = "", most_min: float | None = None) -> Rows:
    """A row for each side (or recording): estimated and true share of wrong words, and what was made of it.

    `most_min`: so many minutes of calls at most; of the corpus everything.
    """
    rows: Rows = []
    with tempfile.TemporaryDirectory() as home, open_desk(home) as desk:
        for name, path, truth in within(most_min, data)[0]:
            rows += _sides(name, _brought(desk, path, engine, model), truth)
        manifest = data / "corpus/manifest.json" if data else None
        for entry in json.loads(manifest.read_text()) if manifest and manifest.is_file() else []:
            true = entry.get("reference_text")
            if true is None and entry["name"] not in WITHOUT_SPEECH:
                continue
            try:
                review = _brought(desk, data / "corpus" / entry["file"], engine, model)  # type: ignore[operator]
            except CoachDeskError as refused:
                rows.append({"recording": entry["name"], "side": "call", "why": refused.code, "words": 0})
                continue
            rows.append(_row(entry["name"], review, "call", words(true) if true else [], _said(review)))
    return rows


def agreement(rows: Rows) -> dict[str, Any]:
    """How estimates and truth go together over the rows that have both."""
    both = [(row["estimate"], min(1.0, row["wrong"])) for row in rows if row.get("estimate") is not None]
    if len(both) < 3:
        return {"rows": len(both)}
    estimate, true = np.array(both).T
    return {
        "rows": len(both),
        "correlation": round(float(np.corrcoef(estimate, true)[0, 1]), 3),
        "mean error": round(float(np.mean(np.abs(estimate - true))), 3),
        "largest error": round(float(np.max(np.abs(estimate - true))), 3),
    }


def _print(rows: Rows) -> None:
    columns = ("side", "true_words", "words", "estimate", "wrong", "verdict", "why", "turns", "suspect", "advice")
    print(f"{'recording':<40}" + "".join(f"{name:>14}" for name in columns))
    for row in rows:
        cells = ("-" if row.get(name) is None else str(row[name]) for name in columns)
        print(f"{row['recording']:<40}" + "".join(f"{cell:>14}" for cell in cells))
    for name, value in agreement(rows).items():
        print(f"{name:<40}{value:>14}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder of calls and corpus recordings to measure on as well")
    parser.add_argument("--model", default="", help="a Whisper model to listen with, instead of the draft engine")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = report(asked.data, "whisper" if asked.model else "draft", asked.model)
    if asked.json:
        print(json.dumps({"rows": rows, "agreement": agreement(rows)}, indent=2))
    else:
        _print(rows)


if __name__ == "__main__":
    main()
