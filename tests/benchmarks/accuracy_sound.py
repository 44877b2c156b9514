"""Sections of the accuracy report that need sound: speakers on one channel, and how good a draft is said to be.

The rows of each call are printed by the modules themselves (`accuracy_speakers`, `accuracy_transcript`).
"""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import accuracy_speakers, accuracy_transcript
from tests.benchmarks.rows import Row, Section

MOST_MIN = 30.0  # a draft takes a quarter of a call's time: the whole report stays under ten minutes on two cores


def speakers(data: Path | None) -> Section:
    """Two people on one channel, told apart."""
    rows = accuracy_speakers.report(data)
    found = accuracy_speakers.summary(rows)
    calls, real = found["two-party calls"], sum(row["kind"] == "real" and row["truth"] is not None for row in rows)
    single = sum(row["kind"] == "one" for row in rows)
    excess, one = found["excess error over the floor, real, mean"], found["the same for one speaker"]
    section = Section("Speakers on one channel (mixed calls)")
    section.rows = [
        Row("talk ratio shown", "two-party calls", "share", calls, None, found["of them shown"], 0.70),
        Row("largest error shown", "those with truth", "ratio", calls, None, found["largest error shown"], 0.05),
        Row("error over the floor", "real, with truth", "DER", real, one, excess, 0.05, "one speaker"),
        Row("voices taken for two", "one voice alone", "count", single, None, found["single voices taken for two"], 0),
    ]
    if not real:
        section.missing.append("real calls with who spoke when (DIR/corpus)")
    section.missing += without(data)
    return section


def transcript(data: Path | None) -> Section:
    """The estimated share of wrong words beside the true one, with the draft engine."""
    found = accuracy_transcript.agreement(accuracy_transcript.report(data, most_min=MOST_MIN))
    section = Section("How good a draft is said to be (share of wrong words)")
    for what, measure in (("correlation", "r"), ("mean error", "share"), ("largest error", "share")):
        if what in found:
            section.rows.append(Row(f"estimate: {what}", "sides with truth", measure, found["rows"], None, found[what]))
    if not section.rows:
        section.missing.append("too few recordings with their words")
    left_out = accuracy_transcript.within(MOST_MIN, data)[1]
    section.missing += [f"{name} (time; all by tests.benchmarks.accuracy_transcript)" for name in left_out]
    section.missing += without(data)
    return section


def without(data: Path | None) -> list[str]:
    """Parts of the data that are not there: what was measured then rests on the sample calls."""
    wanted = {"calls": "calls/*/truth.json", "corpus": "corpus/manifest.json"}
    return [f"{part} (no {pattern})" for part, pattern in wanted.items() if data is None or not any(data.glob(pattern))]
