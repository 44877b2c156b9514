"""What a person adds to a brief and says of planned questions: acts on a call, each of which can be taken back.

Facts hang on a slot of the playbook, lines on their slot and moment, questions on their id: all of them hold when other
words are made or the playbook changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import guide
from coachdesk.desk.pipeline import one_line
from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, events, positions
from coachdesk.history.store import Store


@dataclass(frozen=True, slots=True)
class SetBriefFact:
    """A slot in the person's own words; "" = none of theirs any more."""

    slot: str
    text: str


@dataclass(frozen=True, slots=True)
class DropBriefLine:
    """A line of a slot, by its moment, that is not to be in the brief; or is to be again."""

    slot: str
    start_ms: int
    dropped: bool = True


@dataclass(frozen=True, slots=True)
class SayAsked:
    """A planned question, by its id, was asked (at this moment, where it is known), or was not."""

    question: str
    asked: bool
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class SetPosition:
    """What the call is about, by its title, with questions planned for it; "" = none."""

    title: str


AboutBrief = SetBriefFact | DropBriefLine | SayAsked


def act_of(store: Store, call_id: str, change: AboutBrief, playbook: Playbook) -> str:
    """Keep the act; returns its id. Raises NotFound for a slot or question that is not there."""
    if isinstance(change, SayAsked):
        return _say_asked(store, call_id, change, playbook)
    slots = [slot.id for slot in playbook.slots]
    if change.slot not in slots:
        hint = f"There are: {', '.join(slots)}." if slots else "Its playbook has no slots."
        raise NotFound(f"The brief has no slot {change.slot}.", hint)
    if isinstance(change, SetBriefFact):
        body = {"slot": change.slot, "text": one_line(change.text)}
        return events.append(store, "brief_fact", call_id, body).id
    place = {"slot": change.slot, "start_ms": change.start_ms, "dropped": change.dropped}
    return events.append(store, "brief_line", call_id, place).id


def _say_asked(store: Store, call_id: str, change: SayAsked, playbook: Playbook) -> str:
    planned = guide.planned_for(store, call_id, playbook)
    known = [question.id for question in planned.questions]
    if change.question not in known:
        hint = f"There are: {', '.join(known)}." if known else "`coachdesk guide` plans some."
        raise NotFound(f"There is no planned question {change.question}.", hint)
    if change.at_ms is not None and not 0 <= change.at_ms <= calls.get(store, call_id).duration_ms:
        raise InputError("That moment is not within the call.", "Give a time like 1:24.")
    body = {"question": change.question, "asked": change.asked, "at_ms": change.at_ms}
    return events.append(store, "asked", call_id, body).id


def set_position(store: Store, call_id: str, change: SetPosition) -> SetPosition:
    """The call is about another position; returns the change that undoes it."""
    before = positions.of_call(store, call_id)
    title = one_line(change.title)
    events.append(store, "position", call_id, {"position": title})
    calls.change(store, call_id, position_id=positions.put(store, title) if title else None)
    return SetPosition(before["title"] if before else "")
