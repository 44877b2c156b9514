"""Who there is on a call, as acts make them come and go. Their names and sides are kept where they are set, not here."""

from __future__ import annotations

from collections.abc import Sequence

from coachdesk.history import calls, events
from coachdesk.history.events import Event
from coachdesk.history.store import Store
from coachdesk.model import Role, Speaker


def settle(store: Store, call_id: str, acts: Sequence[Event]) -> None:
    """Everybody that acts speak of is there, and nobody who turned out to be somebody else."""
    before = calls.speakers(store, call_id)
    after = {speaker.label: speaker for speaker in before}
    for event in acts:
        body = event.body
        if event.kind == "speaker":
            made = Speaker(body["speaker"], body["name"], Role(body["role"]), body["on"])
            after.setdefault(made.label, made)
        elif event.kind == "merge" and body["into"] in after:
            after.pop(body["speaker"], None)
    if after.keys() != {speaker.label for speaker in before}:
        calls.set_speakers(store, call_id, list(after.values()))


def taken_back(store: Store, call_id: str, act: Event) -> None:
    """The act is gone, and whoever it made with it; whoever it put aside is there again."""
    events.remove(store, act.id)
    speakers, label = calls.speakers(store, call_id), act.body.get("speaker")
    if act.kind == "speaker":
        calls.set_speakers(store, call_id, [speaker for speaker in speakers if speaker.label != label])
    elif act.kind == "merge" and all(speaker.label != label for speaker in speakers):
        was = act.body["was"]
        back = Speaker(act.body["speaker"], was["name"], Role(was["role"]), was["channel"], was["person_id"])
        calls.set_speakers(store, call_id, [*speakers, back])
