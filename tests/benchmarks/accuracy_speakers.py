"""How well the speakers of one channel are told apart: calls with known speakers, mixed into one channel.

Measured on --data DIR: DIR/calls/*/ (truth.json beside the sound) and DIR/corpus (manifest.json; recordings of two
speakers, with an RTTM where there is one), and on the sample calls. For each call: the share of the talking (truth, ours,
shown or withheld), the confidence, and the diarization error rate without collar, overlap counted, of our labels, of the
floor (the best labels the detected speech allows), of one speaker for everything, and of MFCC with k-means (what would be
there without the encoder). Calls of one person must not be taken for two.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import numpy.typing as npt

from coachdesk.audio.load import Sound
from coachdesk.spans import Span
from coachdesk.speech import clusters, voiceprint
from coachdesk.speech.cutter import Listener
from coachdesk.speech.speakers import Voice, tell_apart
from tests.benchmarks.printing import ROOT, arguments

STEP_MS = 10
TOLERANCE = 0.05
Labels = npt.NDArray[np.int64]
Truth = dict[str, list[tuple[float, float]]]
Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    name: str
    kind: str  # real | synthetic | one
    sound: npt.NDArray[np.float32]
    truth: Truth | None


def report(data: Path | None) -> list[Row]:
    """One row per call."""
    return [_row(case) for case in [*_calls(data), *_corpus(data)]]


def summary(rows: list[Row]) -> dict[str, Any]:
    two = [row for row in rows if row["kind"] != "one"]
    known = [row for row in two if row["truth"] is not None]
    real = [row for row in known if row["kind"] == "real"]
    shown = [row for row in known if row["shown"]]
    return {
        "two-party calls": len(two),
        "of them shown": sum(row["shown"] for row in two) / max(1, len(two)),
        "shown, and wrong by more than 0.05": sum(abs(row["ours"] - row["truth"]) > TOLERANCE for row in shown),
        "largest error shown": max((abs(row["ours"] - row["truth"]) for row in shown), default=0.0),
        "excess error over the floor, real, mean": _excess(real, "der"),
        "the same for one speaker": _excess(real, "one"),
        "the same for MFCC and k-means": _excess(real, "classical"),
        "excess error over the floor, synthetic, mean": _excess([r for r in known if r["kind"] == "synthetic"], "der"),
        "single voices taken for two": sum(row["shown"] for row in rows if row["kind"] == "one"),
        "processor seconds per second of sound, most": max((row["cost"] for row in rows), default=0.0),
    }


def _excess(rows: list[Row], method: str) -> float | None:
    return mean(row[method] - row["floor"] for row in rows) if rows else None


# --- what is measured


def _calls(data: Path | None) -> Iterator[Case]:
    for name in ("sales_discovery", "recruiting_screen"):
        folder = ROOT / "resources/samples" / name
        yield from _of_folder(f"sample {name}", folder, [folder / "call.opus"])
    for folder in sorted((data / "calls").iterdir()) if data and (data / "calls").is_dir() else []:
        if (folder / "truth.json").is_file():
            names = ("mono", "phone_mono", "phone_stereo_ulaw")
            files = [path for name in names for path in sorted(folder.glob(f"{name}.*"))]
            yield from _of_folder(folder.name, folder, files or sorted(folder.glob("stereo.*")))


def _of_folder(name: str, folder: Path, files: list[Path]) -> Iterator[Case]:
    told: Truth = {}
    for said in json.loads((folder / "truth.json").read_text("utf-8"))["utterances"]:
        told.setdefault(said["speaker"], []).append((said["start"], said["end"]))
    for path in files:
        lanes = _decoded(path)
        yield Case(f"{name} {path.stem}", "synthetic", lanes.mean(0), told)
        if len(lanes) == 2:
            yield from (Case(f"{name} leg {n}", "one", lane, None) for n, lane in enumerate(lanes))


def _corpus(data: Path | None) -> Iterator[Case]:
    manifest = data / "corpus/manifest.json" if data else None
    if manifest is None or not manifest.is_file():
        return
    for entry in json.loads(manifest.read_text("utf-8")):
        if entry.get("speakers") != 2 or "overlapped" in entry["kind"]:
            continue
        lanes = _decoded(manifest.parent / entry["file"])
        told = _rttm(manifest.parent / entry["rttm"]) if entry.get("rttm") else None
        yield Case(entry["name"], "real", lanes.mean(0), told)
        if "two-channel" in entry["kind"]:
            yield from (Case(f"{entry['name']} leg {n}", "one", lane, None) for n, lane in enumerate(lanes))


def _decoded(path: Path) -> npt.NDArray[np.float32]:
    with Sound(path) as sound:
        return np.concatenate(list(sound.blocks()), axis=1)


def _rttm(path: Path) -> Truth:
    told: Truth = {}
    for line in path.read_text("utf-8").splitlines():
        fields = line.split()
        start = float(fields[3])
        told.setdefault(fields[7], []).append((start, start + float(fields[4])))
    return told


# --- how it is measured


def _row(case: Case) -> Row:
    runs = _runs(case.sound)
    before = time.process_time()
    found = tell_apart((case.sound[at : at + 81_920] for at in range(0, len(case.sound), 81_920)), runs)
    cost = (time.process_time() - before) / (len(case.sound) / 16_000)
    row: Row = {"call": case.name, "kind": case.kind, "shown": found.sure, "confidence": found.confidence, "cost": cost}
    row |= dict.fromkeys(("truth", "ours", "der", "floor", "one", "classical"))
    if case.truth is None:
        return row
    size = len(case.sound) // 160 + 2
    reference = np.stack([_mask(spans, size) for spans in case.truth.values()])
    ours, oracle = _labels(found.spans, size), _best(runs, reference, size)
    return row | {
        "truth": float(reference[0].sum() / reference.sum()),
        "ours": _share(ours, reference),
        "der": error_rate(ours, reference),
        "floor": error_rate(oracle, reference),
        "one": error_rate(np.where(oracle >= 0, 0, -1), reference),
        "classical": error_rate(_classical(case.sound, runs, size), reference),
    }


def _runs(sound: npt.NDArray[np.float32]) -> list[Span]:
    listener = Listener(0)
    early, _ = listener.push(sound)
    late, _ = listener.finish(len(sound) // 16)
    return early + late


def _mask(spans: list[tuple[float, float]], size: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(size, np.bool_)
    for start, end in spans:
        mask[round(start * 100) : round(end * 100)] = True
    return mask


def _labels(voices: tuple[Voice, ...], size: int) -> Labels:
    """Per 10 ms the speaker from 0, -1 where nobody speaks."""
    labels = np.full(size, -1)
    for voice in voices:
        labels[voice.span.start_ms // STEP_MS : voice.span.end_ms // STEP_MS] = voice.speaker - 1
    return labels


def _best(runs: list[Span], reference: npt.NDArray[np.bool_], size: int) -> Labels:
    """The reference's speaker wherever speech was detected; where it has none, the nearest in time."""
    detected = np.flatnonzero(_mask([(run.start_ms / 1000, run.end_ms / 1000) for run in runs], size))
    spoken = np.flatnonzero(reference.any(0))
    after = np.searchsorted(spoken, detected).clip(0, len(spoken) - 1)
    before = (after - 1).clip(0)
    nearer = np.where(spoken[after] - detected <= detected - spoken[before], after, before)
    labels = np.full(size, -1)
    labels[detected] = reference.argmax(0)[spoken[nearer]]
    return labels


def error_rate(labels: Labels, reference: npt.NDArray[np.bool_]) -> float:
    """(missed + false alarm + wrong speaker) / reference speech, under the best pairing; no collar, overlap counted."""
    guessed = np.stack([labels == n for n in range(max(int(labels.max()) + 1, len(reference)))])
    scored = np.maximum(guessed.sum(0), reference.sum(0)).sum()
    shared = np.einsum("gt,rt->gr", guessed.astype(np.float32), reference.astype(np.float32))
    pairings = itertools.permutations(range(len(guessed)), len(reference))
    right = max(sum(shared[g, r] for r, g in enumerate(pairing)) for pairing in pairings)
    return float((scored - right) / reference.sum())


def _share(labels: Labels, reference: npt.NDArray[np.bool_]) -> float:
    """The first reference speaker's share of our labels, under the better pairing."""
    spoken = [(labels == n).sum() for n in (0, 1)]
    straight = ((labels == 0) & reference[0]).sum() + ((labels == 1) & reference[1]).sum()
    crossed = ((labels == 1) & reference[0]).sum() + ((labels == 0) & reference[1]).sum()
    return float(spoken[0 if straight >= crossed else 1] / max(1, sum(spoken)))


def _classical(sound: npt.NDArray[np.float32], runs: list[Span], size: int) -> Labels:
    """What MFCC say: mean and spread of 19 over windows of 1.5 s, whitened, k-means, a path that seldom changes."""
    mel = np.log(voiceprint.mel_power(np.pad(sound, 200)) + 1e-8)
    waves = np.cos(np.pi / voiceprint.MELS * np.outer(np.arange(1, 20), np.arange(voiceprint.MELS) + 0.5))
    cepstra = (mel @ waves.T).astype(np.float32)
    windows = [
        (at, min(at + 150, run.end_ms // STEP_MS, len(cepstra)))
        for run in runs
        for at in range(run.start_ms // STEP_MS, max(run.start_ms // STEP_MS + 1, run.end_ms // STEP_MS - 100), 40)
    ]
    points = np.stack([np.concatenate([cepstra[a:b].mean(0), cepstra[a:b].std(0) / 2]) for a, b in windows])
    points = (points - points.mean(0)) / (points.std(0) + 1e-6)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    points = (points @ axes[:12].T).astype(np.float32)
    middles = clusters.centers(points, clusters.k_means(points, 2), 2)
    near = -((points[:, None] - middles[None]) ** 2).sum(2).astype(np.float32) / 12
    path = clusters.best_path(near, np.full(len(points), 2.0, np.float32))
    labels = np.full(size, -1)
    centers_ms = np.array([(a + b) / 2 for a, b in windows])
    detected = np.flatnonzero(_mask([(run.start_ms / 1000, run.end_ms / 1000) for run in runs], size))
    labels[detected] = path[np.abs(np.searchsorted(centers_ms, detected)).clip(0, len(path) - 1)]
    return labels


def _printed(rows: list[Row]) -> None:
    heads = ("truth", "ours", "der", "floor", "one", "classical")
    print(f"{'call':<44} {'shown':<9} {'sure':>5} " + " ".join(f"{head:>9}" for head in heads))
    for row in rows:
        numbers = " ".join(f"{row[head]:9.3f}" if row[head] is not None else f"{'-':>9}" for head in heads)
        print(f"{row['call']:<44} {'shown' if row['shown'] else 'withheld':<9} {row['confidence']:5.2f} {numbers}")
    for name, value in summary(rows).items():
        print(f"{name:<58} {value:.4g}" if isinstance(value, float) else f"{name:<58} {value}")


if __name__ == "__main__":
    asked = arguments(__doc__ or "")
    measured = report(asked.data)
    if asked.json:
        print(json.dumps({"rows": measured, "summary": summary(measured)}, indent=2))
    else:
        _printed(measured)
