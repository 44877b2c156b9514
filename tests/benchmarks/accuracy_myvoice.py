"""How surely a voice is known again: no stranger may be taken for the person, and the person should be found.

Measured on --data DIR: DIR/corpus (manifest.json's recordings of known people) and DIR/calls, and on the sample calls. Every
voice is heard as it was recorded and once more through a telephone (300 to 3400 Hz, 8 kHz, mu-law), for a line makes voices
alike. Synthetic voices are people here, each one person wherever it speaks. Printed: cosines of all pairs of voiceprints of
different people and of one person in different recordings; and what `my_voice.whose` decides for calls composed of two
voices on one line, where the person is one of them and where not.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coachdesk.audio.load import RATE_HZ
from coachdesk.spans import Span, total_ms
from coachdesk.speech.own_voice import LEAST_MS, SURELY, whose
from coachdesk.speech.speakers import tell_apart, voiceprint_of
from tests.benchmarks.accuracy_speakers import Truth, _decoded, _rttm, _runs
from tests.benchmarks.printing import ROOT, arguments

Sound = npt.NDArray[np.float32]
Row = dict[str, Any]
STEP_MS = 10
SHORTEST_MS = 400  # of what one person says alone, in recordings where several speak
FIRST_S, MOST_MS = 120, 40_000  # of each recording, and of each voice in it
LEAST_HEARD_MS = 3_000  # below this a voice is not compared

# Legs of one person each, in order of channel. One name is one person, in every recording it stands in.
LEGS = {
    "aws_auto_repairs_49": ("repairs agent", "repairs caller"),
    "aws_demo_agent": ("demo agent",),
    "aec_doubletalk_lpb": ("doubletalk far",),
    "buzz_french": ("french",),
    "fw_jfk_flac": ("jfk",),
    "sb_mixture_2_s1": ("mixture 1",),
    "sb_mixture_2_s2": ("mixture 2",),
    "minutes_meeting_longer": ("minutes",),
    "amr_3gp": ("amr",),
    "moonshine_beckett": ("beckett",),
    "derived_ulaw.wav": ("repairs agent", "repairs caller"),
    "derived_wma": ("repairs agent", "repairs caller"),
    "derived_au": ("repairs agent", "repairs caller"),
}
# Several on one channel, with who speaks when; the people of gong_call_01 and _02 are the same two.
TURNS = ("ami_dev00", "ami_trn01", "ami_trn05", "ami_trn09", "gong_call_01", "gong_call_02")
# Two on one channel, told apart by us as in the product.
MIXED = ("gong_acme", "azure_katiesteve", "moonshine_endgame")
# The calls of the house are spoken by few synthetic voices: a cosine of 0.94 and more, and the same settings.
SAMPLE_LEGS = {"sales_discovery": ("voice A", "voice B"), "recruiting_screen": ("voice B", "voice C")}


@dataclass(frozen=True)
class Print:
    """A voiceprint of a person in a recording, over a line."""

    person: str
    recording: str
    line: str  # recorded | telephone
    half: int  # 0: all of it; 1, 2: half of it
    values: Sound = field(repr=False, compare=False)


def report(data: Path | None) -> list[Row]:
    """One row per pair of voiceprints of two recordings, or of the two halves of one."""
    return [
        {"same": a.person == b.person, "alike": float(a.values @ b.values), "a": a, "b": b, "lines": _lines(a, b)}
        for a, b in itertools.combinations(_prints(data), 2)
        if _comparable(a, b)
    ]


def _comparable(a: Print, b: Print) -> bool:
    """Whole recordings with one another; halves only with the other half on the same line."""
    if a.person == b.person and a.recording == b.recording:
        return a.line == b.line and {a.half, b.half} == {1, 2}
    return a.half == b.half == 0


def _lines(a: Print, b: Print) -> str:
    return a.line if a.line == b.line else "across"


def summary(rows: list[Row]) -> dict[str, Any]:
    strangers = [row for row in rows if not row["same"]]
    again = [row for row in rows if row["same"] and row["a"].recording != row["b"].recording]
    halves = [row for row in rows if row["same"] and row["a"].recording == row["b"].recording]
    people = {row[side].person for row in rows for side in "ab"}
    found: dict[str, Any] = {
        "people": len(people),
        "threshold": SURELY,
        "pairs of voiceprints of different people": len(strangers),
        "pairs of people among them": len({frozenset((r["a"].person, r["b"].person)) for r in strangers}),
        "of them taken for one another": sum(row["alike"] >= SURELY for row in strangers),
        "the most alike of them": max((row["alike"] for row in strangers), default=0.0),
        "room between that and the threshold": SURELY - max((row["alike"] for row in strangers), default=0.0),
        "rate of false ones, at most (95 %, by pairs of people)": 3.0
        / max(1, len({frozenset((r["a"].person, r["b"].person)) for r in strangers})),
    }
    for line in ("recorded", "telephone", "across"):
        these = [row for row in strangers if row["lines"] == line]
        found[f"different people, {line}: pairs"] = len(these)
        found[f"different people, {line}: most alike"] = max((row["alike"] for row in these), default=0.0)
        for name, group in (("another recording", again), ("the other half", halves)):
            same = [row["alike"] for row in group if row["lines"] == line]
            if same:
                found[f"the same person, {name}, {line}: known again"] = (
                    f"{sum(x >= SURELY for x in same)} of {len(same)}"
                )
    return found | decided(rows)


def decided(rows: list[Row]) -> dict[str, Any]:
    """Every learnt voice against every two voices on one line: who is said to be the person."""
    alike: dict[tuple[Print, Print], float] = {}
    for row in rows:
        alike[row["a"], row["b"]] = alike[row["b"], row["a"]] = row["alike"]
    prints = sorted({p for pair in alike for p in pair}, key=lambda p: (p.person, p.recording, p.line, p.half))
    counts = {"found": 0, "asked": 0, "wrong": 0, "absent, asked": 0, "absent, wrong": 0}
    for one, other in itertools.combinations([p for p in prints if p.half != 1], 2):
        if one.person == other.person or one.line != other.line or (one.half, other.half) not in ((0, 0), (2, 0)):
            continue
        for learnt in prints:
            if (learnt, one) in alike and ((learnt, other) in alike or one.half == 2):
                against = alike.get((learnt, other), _cosine(learnt, other))
                said = whose([alike[learnt, one], against], [LEAST_MS, LEAST_MS])
                counts[_verdict(learnt, one, other, said)] += 1
    present = counts["found"] + counts["asked"] + counts["wrong"]
    absent = counts["absent, asked"] + counts["absent, wrong"]
    return {
        "composed calls with the person in them": present,
        "  of them: found": counts["found"] / max(1, present),
        "  of them: the wrong one": counts["wrong"],
        "composed calls without the person": absent,
        "  of them: somebody said to be the person": counts["absent, wrong"],
    }


def _cosine(a: Print, b: Print) -> float:
    return float(a.values @ b.values)


def _verdict(learnt: Print, one: Print, other: Print, said: int | None) -> str:
    there = [learnt.person == each.person for each in (one, other)]
    if not any(there):
        return "absent, asked" if said is None else "absent, wrong"
    if said is None:
        return "asked"
    return "found" if there[said - 1] else "wrong"


# --- the voices


def _prints(data: Path | None) -> list[Print]:
    found = []
    for person, recording, sound, spans in [*_samples(), *_calls(data), *_corpus(data)]:
        sound, spans = sound[: FIRST_S * RATE_HZ], _some(spans)
        if total_ms(spans) < LEAST_HEARD_MS:
            continue
        for line, heard in (("recorded", sound), ("telephone", telephone(sound))):
            cut = len(spans) // 2
            for half, part in enumerate((spans, spans[:cut], spans[cut:])):
                if total_ms(part) >= LEAST_HEARD_MS:
                    values = voiceprint_of([heard], part)
                    assert values is not None, "the encoder's weights are not installed"
                    found.append(Print(person, recording, line, half, values))
    return found


def _some(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for span in spans:
        left = MOST_MS - total_ms(found)
        if left > 0 and span.end_ms <= FIRST_S * 1000:
            found.append(Span(span.start_ms, min(span.end_ms, span.start_ms + left)))
    return found


Voice = tuple[str, str, Sound, list[Span]]


def _samples() -> Iterator[Voice]:
    for name, people in SAMPLE_LEGS.items():
        yield from _legs(people, name, _decoded(ROOT / "resources/samples" / name / "call.opus"))


def _calls(data: Path | None) -> Iterator[Voice]:
    folder = data / "calls/sales_discovery" if data else None
    for name in ("stereo.opus", "phone_stereo_ulaw.wav"):
        if folder and (folder / name).is_file():
            yield from _legs(SAMPLE_LEGS["sales_discovery"], f"call {name}", _decoded(folder / name))


def _corpus(data: Path | None) -> Iterator[Voice]:
    manifest = data / "corpus/manifest.json" if data else None
    if manifest is None or not manifest.is_file():
        return
    for entry in json.loads(manifest.read_text("utf-8")):
        path = manifest.parent / entry["file"]
        if entry["name"] in LEGS:
            yield from _legs(LEGS[entry["name"]], entry["name"], _decoded(path))
        elif entry["name"] in TURNS:
            sound = _decoded(path).mean(0)
            for person, spans in alone(_rttm(manifest.parent / entry["rttm"])).items():
                yield person, entry["name"], sound, spans
        elif entry["name"] in MIXED:
            sound = _decoded(path).mean(0)
            found = tell_apart([sound], _runs(sound))
            for n in sorted({voice.speaker for voice in found.spans}):
                yield f"{entry['name']} {n}", entry["name"], sound, found.of(n)


def _legs(people: tuple[str, ...], recording: str, lanes: Sound) -> Iterator[Voice]:
    sounds = lanes if len(people) > 1 else lanes.mean(0, keepdims=True)
    for person, sound in zip(people, sounds, strict=True):
        runs = _runs(sound)
        yield person, recording, sound, runs or [Span(0, len(sound) * 1000 // RATE_HZ)]


def alone(truth: Truth) -> dict[str, list[Span]]:
    """Where each person speaks and nobody else does."""
    size = round(max(end for spans in truth.values() for _, end in spans) * 1000 / STEP_MS) + 1
    masks = {person: np.zeros(size, np.int64) for person in truth}
    for person, spans in truth.items():
        for start, end in spans:
            masks[person][round(start * 1000 / STEP_MS) : round(end * 1000 / STEP_MS)] = 1
    talking = np.sum(list(masks.values()), axis=0)
    found = {}
    for person, mask in masks.items():
        edges = np.diff((mask * (talking == 1)), prepend=0, append=0)
        pairs = zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True)
        spans_ms = [Span(start * STEP_MS, end * STEP_MS) for start, end in pairs]
        found[person] = [span for span in spans_ms if span.duration_ms >= SHORTEST_MS]
    return found


def telephone(sound: Sound) -> Sound:
    """The sound after a telephone line: 300 to 3400 Hz, 8 kHz, mu-law of 8 bits (G.711)."""
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    spectrum[(hz < 300) | (hz > 3400)] = 0
    narrow = np.fft.irfft(spectrum, len(sound))[::2]
    loud = narrow / max(1e-6, float(np.abs(narrow).max()))
    steps = np.round(np.sign(loud) * np.log1p(255 * np.abs(loud)) / np.log(256) * 127) / 127
    back = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
    wide = np.fft.rfft(back)
    whole = np.zeros(len(sound) // 2 + 1, np.complex128)
    whole[: min(len(wide), len(whole))] = wide[: len(whole)] * 2
    return np.fft.irfft(whole, len(sound)).astype(np.float32)


def _printed(rows: list[Row]) -> None:
    print("the most alike of different people")
    for row in sorted((row for row in rows if not row["same"]), key=lambda row: -row["alike"])[:12]:
        _line(row)
    print("the least alike of one person")
    for row in sorted((row for row in rows if row["same"]), key=lambda row: row["alike"])[:12]:
        _line(row)
    for name, value in summary(rows).items():
        print(f"{name:<68} {value:.4g}" if isinstance(value, float) else f"{name:<68} {value}")


def _line(row: Row) -> None:
    a, b = row["a"], row["b"]
    print(f"  {row['alike']:.3f}  {row['lines']:<10} {a.person} ({a.recording}) - {b.person} ({b.recording})")


if __name__ == "__main__":
    asked = arguments(__doc__ or "")
    measured = report(asked.data)
    if asked.json:
        print(json.dumps(summary(measured), indent=2))
    else:
        _printed(measured)
