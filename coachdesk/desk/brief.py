"""The brief of a call as faces show it: what was found, what the person wrote, and which lines they left out."""

from __future__ import annotations

from typing import Any

from coachdesk.coaching import brief as coaching
from coachdesk.coaching.brief import BriefLine, Filled
from coachdesk.coaching.playbook import Playbook
from coachdesk.conversation.open_questions import left_open
from coachdesk.errors import NotFound
from coachdesk.history import calls, events
from coachdesk.history.store import Store
from coachdesk.model import Facts, NextStep


def document(
    store: Store, call_id: str, facts: Facts, playbook: Playbook, language: str, index: dict[str, int]
) -> dict[str, Any]:
    """{"reason", "rough", "slots": [{id, name, kind, lines, dropped, missing, typed}]}; the faces make texts of it.

    `rough`: the quotes are a draft's words. `reason` is the code why the words carry no brief; then only what the person
    wrote, and their next steps, is in it.
    """
    typed = {event.body["slot"]: event.body["text"] for event in events.of_call(store, call_id, "brief_fact")}
    left_out = _left_out(store, call_id)
    still_open = frozenset(said.id for said in left_open(facts))
    parts = coaching.brief(facts, playbook, steps(store, call_id), still_open)
    return {
        "reason": coaching.unfit(facts),
        "rough": not coaching.unfit(facts) and coaching.is_rough(facts),
        "slots": [
            _slot(part, playbook.slot_name(part.slot, language), typed.get(part.slot.id, ""), left_out, index)
            for part in parts
        ],
    }


def check_line(document: dict[str, Any], slot: str, start_ms: int) -> None:
    """Whether a slot of a brief's document has a line that starts there, left out or not. Raises NotFound."""
    found = next((one for one in document["slots"] if one["id"] == slot), None)
    if found is None:
        return  # a slot that is not there is told with those there are, where the act is kept
    starts = sorted({line["start_ms"] for line in found["lines"] + found["dropped"] if line["start_ms"] is not None})
    if start_ms not in starts:
        hint = f"Its lines start at {', '.join(map(str, starts))} (ms)." if starts else "Nothing was found for it."
        raise NotFound(f"No line of {slot} starts at {start_ms} ms.", hint)


def steps(store: Store, call_id: str) -> list[NextStep]:
    """The next steps of a call as they stand: found, confirmed or written."""
    return [NextStep(call_id=call_id, **row) for row in calls.steps_of(store, call_id)]


def _left_out(store: Store, call_id: str) -> set[tuple[str, int]]:
    """(slot, start_ms) of the lines that are not to be in the brief; the last word counts."""
    last = {
        (event.body["slot"], event.body["start_ms"]): event.body["dropped"]
        for event in events.of_call(store, call_id, "brief_line")
    }
    return {place for place, dropped in last.items() if dropped}


def _slot(part: Filled, name: str, typed: str, left_out: set[tuple[str, int]], index: dict[str, int]) -> dict[str, Any]:
    lines = [_line(line, index) for line in part.lines]
    dropped = [line for line in lines if (part.slot.id, line["start_ms"]) in left_out]
    return {
        "id": part.slot.id,
        "name": name,
        "kind": part.slot.filled_by,
        "lines": [line for line in lines if line not in dropped],
        "dropped": dropped,
        "missing": part.missing,
        "typed": typed,
    }


def _line(line: BriefLine, index: dict[str, int]) -> dict[str, Any]:
    return {
        "start_ms": line.start_ms,
        "end_ms": line.end_ms,
        "utterance": index.get(line.utterance or ""),
        "quote": line.quote,
        "side": line.role.value,
        "owner": line.owner,
        "due": line.due,
        "state": line.state,
    }
