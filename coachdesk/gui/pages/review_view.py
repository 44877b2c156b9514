"""From the review document to what the widgets of the page show. Pure: documents in, nouns of widgets out."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coachdesk.gui.widgets.timeline import Lane, Mark
from coachdesk.gui.widgets.transcript import Line
from coachdesk.sentences import N_, _, clock, remark, scored

if TYPE_CHECKING:
    from coachdesk.desk.sound import LaneFacts

Document = dict[str, Any]
KINDS = {
    "evidence": N_("Moments"),
    "question": N_("Questions"),
    "tracker": N_("Topics"),
    "wording": N_("Wording"),
    "next_step": N_("Next steps"),
    "comment": N_("Comments"),
    "corrected": N_("Set right"),
}
MOST_WORDING = 5
_FEW_SECONDS_MS = 10_000


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment to go to with the arrows."""

    start_ms: int
    end_ms: int


def names(doc: Document) -> dict[str, str]:
    """What each speaker is called: the own name, else the side in the playbook's words."""
    sides = {"rep": doc["labels"]["own"].capitalize(), "other": doc["labels"]["other"].capitalize()}
    return {s["label"]: s["name"] or sides.get(s["role"], s["label"]) for s in doc["speakers"]}


def lines(doc: Document) -> list[Line]:
    """The transcript's rows."""
    called, sides = names(doc), {s["label"]: s["role"] for s in doc["speakers"]}
    rough = bool(doc["transcript"]["draft"])
    return [
        Line(
            index=u["index"],
            speaker=called.get(u["speaker"], u["speaker"]),
            side=sides.get(u["speaker"], "unknown"),
            start_ms=u["start_ms"],
            end_ms=u["end_ms"],
            text=u["text"],
            suspect=u["suspect"],
            corrected=u["corrected"],
            rough=rough,
        )
        for u in doc["transcript"]["utterances"]
    ]


def lanes(doc: Document, facts: list[LaneFacts]) -> list[Lane]:
    """The timeline's lanes; for a call of words only, one per speaker from the turns."""
    called = names(doc)
    if facts:
        return [
            Lane(called.get(f.label, f.name or f.label), f.side, f.runs, f.levels, f.column, f.offset_ms, f.shared)
            for f in facts
        ]
    turns: dict[str, list[tuple[int, int]]] = {s["label"]: [] for s in doc["speakers"]}
    for turn in doc["turns"]:
        turns.setdefault(turn["speaker"], []).append((turn["start_ms"], turn["end_ms"]))
    sides = {s["label"]: s["role"] for s in doc["speakers"]}
    return [
        Lane(called.get(label, label), sides.get(label, "unknown"), tuple(runs), None) for label, runs in turns.items()
    ]


def two_sides(facts: list[LaneFacts]) -> bool:
    """Whether each side can be muted: voices on one channel cannot."""
    return len(facts) > 1 and not any(lane.shared for lane in facts)


def findings(doc: Document) -> list[Document]:
    """Everything the coach says that has moments, the focus first."""
    return [*doc["suggestions"], *doc["praise"], *doc["review_flags"]]


def moments(doc: Document) -> list[Moment]:
    """The moments worth going to, in order of time, each once."""
    found = {(e["start_ms"], e["end_ms"]) for f in findings(doc) for e in f["evidence"]}
    found |= {(m["start_ms"], m["end_ms"]) for m in wording_moments(doc)}
    return [Moment(start, end) for start, end in sorted(found)]


def listening_path(doc: Document) -> list[tuple[int, int]]:
    """The stretches worth hearing, in order of time."""
    return [(stretch["start_ms"], stretch["end_ms"]) for stretch in doc["listening_path"]]


def wording_moments(doc: Document) -> list[Document]:
    """At most five moments of strong wording, as spans."""
    said = doc["transcript"]["utterances"]
    useful = [w for w in doc["wording"] if not w["not_useful"] and w["utterance"] is not None]
    strongest = sorted(useful, key=lambda w: (-abs(w["valence"]), w["start_ms"]))[:MOST_WORDING]
    return [
        {**w, "start_ms": said[w["utterance"]]["start_ms"], "end_ms": said[w["utterance"]]["end_ms"]} for w in strongest
    ]


def marks(doc: Document) -> list[Mark]:
    """The timeline's marks."""
    found = [Mark(e["start_ms"], e["end_ms"], "evidence", f["title"]) for f in findings(doc) for e in f["evidence"]]
    said, trackers = doc["transcript"]["utterances"], doc["labels"]["trackers"]
    for measured in doc["measurements"]:
        if measured["metric"] == "questions" and measured["subject"] == "side:rep":
            found += [Mark(m["start_ms"], m["end_ms"], "question", _("Question")) for m in measured["moments"]]
    for hit in doc["tracker_hits"]:
        if hit["tracker"] in trackers:
            found.append(Mark(hit["start_ms"], hit["start_ms"] + 1, "tracker", trackers[hit["tracker"]]))
    for w in wording_moments(doc):
        kind = "wording_good" if w["valence"] > 0 else "wording_bad"
        found.append(Mark(w["start_ms"], w["end_ms"], kind, said[w["utterance"]]["text"]))
    for step in doc["next_steps"]:
        if step["start_ms"] is not None and step["state"] != "dropped":
            found.append(Mark(step["start_ms"], step["start_ms"] + 1, "next_step", step["text"]))
    found += [Mark(c["start_ms"], _end_of(c), "comment", _comment(c, doc)) for c in open_threads(doc)]
    found += pinned(doc)
    found += [
        Mark(a["at_ms"], a["at_ms"] + 1, "corrected", _("Corrected by you: {title}").format(title=a["title"]))
        for a in doc["answers"]
        if a["at_ms"] is not None
    ]
    return sorted(found, key=lambda mark: mark.start_ms)


def pinned(doc: Document) -> list[Mark]:
    """The moments of answers to scorecards, as far as they may be seen; marked as what people say."""
    return [
        Mark(
            answer["moment"]["start_ms"],
            answer["moment"]["end_ms"],
            "comment",
            f"{asked['name']}: {scored(answer['value'], asked)}",
        )
        for card in doc["scorecards"]
        for entry in card["entries"]
        for asked in entry["criteria"] or card["criteria"]
        if (answer := entry["answers"].get(asked["id"])) and answer["moment"]
    ]


def open_threads(doc: Document) -> list[Document]:
    """The comments at the top of threads that are not settled: what is worth a mark."""
    return [c for c in doc["comments"] if not (c["reply_to"] or c["resolved"] or c["removed"])]


def _end_of(comment: Document) -> int:
    return int(comment["end_ms"] or comment["start_ms"] + 1)


def _comment(comment: Document, doc: Document) -> str:
    said = remark(comment, doc["labels"])
    return said if comment["mine"] or not comment["author"] else f"{comment['author']}: {said}"


def line_at(doc: Document, ms: int) -> tuple[int, int]:
    """The line that is spoken at a moment, as a stretch to play; where nobody speaks, a few seconds."""
    duration_ms = doc["call"]["duration_ms"]
    spoken = [u for u in doc["transcript"]["utterances"] if u["start_ms"] <= ms < u["end_ms"] <= duration_ms]
    if spoken:
        return spoken[-1]["start_ms"], spoken[-1]["end_ms"]
    start = min(ms, max(0, duration_ms - _FEW_SECONDS_MS))
    return start, min(start + _FEW_SECONDS_MS, duration_ms)


def shown_kinds(chosen: set[str]) -> set[str]:
    """The timeline's kinds of the legend's."""
    return {kind for name in chosen for kind in (("wording_good", "wording_bad") if name == "wording" else (name,))}


def margin(doc: Document) -> dict[int, str]:
    """What stands in the margin of the transcript, by row: what a person said goes before what was counted."""
    counted = {e["utterance"] for f in findings(doc) for e in f["evidence"] if e["utterance"] is not None}
    begins = [u["start_ms"] for u in doc["transcript"]["utterances"]]
    said = {max(0, bisect.bisect_right(begins, c["start_ms"]) - 1) for c in open_threads(doc)} if begins else set()
    return dict.fromkeys(sorted(counted), "evidence") | dict.fromkeys(sorted(said), "comment")


def made_of(doc: Document) -> str:
    """Length; where the words come from stands with the versions."""
    parts = [clock(doc["call"]["duration_ms"])]
    if doc["recording"]["partial"]:
        parts.append(_("the recording ends early"))
    return " · ".join(parts)


def folded(doc: Document) -> bool:
    """Whether the words are too poor to read as they stand."""
    return bool(doc["transcript"]["draft"]) and doc["transcript"]["grade"] == "poor"
