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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.document import Review
from coachdesk.errors import CoachDeskError
from tests.benchmarks.printing import ROOT

Rows = list[dict[str, Any]]
SOUNDS = ("stereo.opus", "mono.opus", "stereo_bleed.opus", "phone_mono.opus", "phone_stereo_ulaw.wav")
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


def calls(data: Path | None) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """(name, sound, truth) of the calls whose truth is known with its times."""
    for folder in sorted((ROOT / "resources/samples").iterdir()):
        yield f"sample {folder.name}", folder / "call.opus", json.loads((folder / "truth.json").read_text())
    for truth in sorted((data / "calls").glob("*/truth.json")) if data else []:
        folder = truth.parent
        for name in SOUNDS:
            if (folder / name).exists():
                yield f"{folder.name}/{name}", folder / name, json.loads(truth.read_text())


def _brought(desk: Desk, path: Path, engine: str, model: str) -> Review:
    return desk.review(desk.bring_in(BringIn((path,), engine=engine, model=model, language="en")))


def report(data: Path | None, engine: str = "draft", model: str = "") -> Rows:
    """A row for each side (or recording): estimated and true share of wrong words, and what was made of it."""
    rows: Rows = []
    with tempfile.TemporaryDirectory() as home, open_desk(home) as desk:
        for name, path, truth in calls(data):
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
