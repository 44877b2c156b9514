"""Changes of what people say about a call: answers to a scorecard, comments at moments. Each is one act, undone as one.

Answers are checked against the card as it is now, and the card is kept beside them once per version. Threads have one
storey: who answers a reply answers the comment at its top.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import msgspec

from coachdesk.coaching import scorecard as cards
from coachdesk.coaching.playbook import Playbook
from coachdesk.coaching.scorecard import Answer, Card
from coachdesk.desk import comments, scoring
from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, events
from coachdesk.history.events import Event
from coachdesk.history.store import Store, new_id
from coachdesk.spans import Span

PIN_MS = 10_000  # what is played of a moment that was only pointed at
_LONGEST = 4_000  # characters of a comment
Body = dict[str, Any]
Part = Mapping[str, cards.Value | Span | None]


@dataclass(frozen=True, slots=True)
class Score:
    """What is new of answers to a card, by criterion: any of {"value", "note", "moment"} (None or "" takes a part back);
    all else stays as it stands.

    `who` answers; `me` is the person of this installation. The desk fills in who is meant by "".
    """

    card: str
    parts: tuple[tuple[str, Part], ...]
    who: str = ""
    me: str = ""


@dataclass(frozen=True, slots=True)
class AddComment:
    """A remark on a moment, or on another comment (its id; the moment is then that one's). `id` "": a new one."""

    start_ms: int
    text: str
    end_ms: int | None = None
    reply_to: str = ""
    who: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class EditComment:
    """Other words for an own comment."""

    comment: str
    text: str


@dataclass(frozen=True, slots=True)
class RemoveComment:
    """An own comment that is not wanted any more; replies to it stay."""

    comment: str


@dataclass(frozen=True, slots=True)
class ResolveComment:
    """A thread is settled, or open again."""

    comment: str
    resolved: bool = True


AboutReviewing = Score | AddComment | EditComment | RemoveComment | ResolveComment


@dataclass(frozen=True, slots=True)
class Said:
    """Answers as they are written on a command line, by criterion: values, notes, and the times of moments in ms."""

    values: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    pins: Mapping[str, int] = field(default_factory=dict)


def named(change: Score | AddComment, me: str) -> Score | AddComment:
    """The change with who says it, where that is the person of this installation."""
    if isinstance(change, Score):
        return replace(change, who=change.who or me, me=me)
    return replace(change, who=change.who or me)


def act_of(store: Store, call_id: str, change: AboutReviewing, playbook: Playbook) -> str:
    """Keep the change as an act; returns its id. Raises NotFound and InputError where it cannot be."""
    if isinstance(change, Score):
        return _score(store, call_id, change, playbook)
    kind, body = _comment(store, call_id, change)
    return events.append(store, kind, call_id, body).id


# --- scorecards


def _score(store: Store, call_id: str, change: Score, playbook: Playbook) -> str:
    card = card_of(playbook, change.card)
    call = calls.get(store, call_id)
    who = " ".join(change.who.split())
    answers = scoring.standing(store, call_id, card, who, change.me)
    for name, part in change.parts:
        said: Answer = msgspec.structs.replace(answers.get(name, Answer()), **part)
        kept = cards.checked(card, name, said, call.duration_ms)
        if kept.is_empty:
            answers.pop(name, None)
        else:
            answers[name] = kept
    if card.version not in scoring.kept_cards(store, call_id):
        events.append(store, scoring.CARD, call_id, {"version": card.version, "definition": msgspec.to_builtins(card)})
    body = {"card": card.id, "version": card.version, "as": who, "answers": msgspec.to_builtins(answers)}
    return events.append(store, scoring.SCORE, call_id, body).id


def score_taken_back(store: Store, call_id: str, act: Event) -> str | None:
    """Undo answers to a card that others answered as well; returns the id of the act that says the former ones again.

    Such answers may have been changed for what was seen of others, so they stay in the history. None where nobody else
    answered, and for acts of another kind: these may go.
    """
    if act.kind != scoring.SCORE:
        return None
    me = scoring.viewer("", store.me(), calls.get(store, call_id).rep).me
    people = scoring.given(store, call_id, me)[act.body["card"]].values()
    if len(people) < 2:
        return None
    own = next(said for said in people if any(made.act == act.id for made in said))
    before = next((made for made, after in pairwise(own) if after.act == act.id), None)
    version, answers = (before.version, before.answers) if before else (act.body["version"], {})
    body = {**act.body, "version": version, "answers": msgspec.to_builtins(answers)}
    return events.append(store, scoring.SCORE, call_id, body).id


def card_of(playbook: Playbook, card_id: str) -> Card:
    """A card of a playbook. Raises NotFound with those there are."""
    card = playbook.card(card_id)
    if card is None:
        known = ", ".join(card.id for card in playbook.scorecard) or "none"
        raise NotFound(f"The playbook {playbook.id} has no scorecard {card_id}.", f"There are: {known}.")
    return card


def typed(said: Said, card_id: str, duration_ms: int, who: str) -> Score:
    """What is written on a command line as a change. Raises InputError where there is nothing, or a time does not fit."""
    parts: dict[str, dict[str, cards.Value | Span | None]] = {}
    for name, value in said.values.items():
        parts.setdefault(name, {})["value"] = value
    for name, note in said.notes.items():
        parts.setdefault(name, {})["note"] = note
    for name, at_ms in said.pins.items():
        parts.setdefault(name, {})["moment"] = pinned(at_ms, duration_ms)
    if not parts:
        raise InputError("There is nothing to answer.", "Say CRITERION=VALUE.")
    return Score(card_id, tuple(parts.items()), who)


def pinned(at_ms: int, duration_ms: int) -> Span:
    """The stretch that is played of a moment that was only pointed at. Raises InputError outside the call."""
    if not 0 <= at_ms < duration_ms:
        raise InputError("That moment is not within the call.", "Give a time like 1:24.")
    return Span(at_ms, min(at_ms + PIN_MS, duration_ms))


# --- comments


def _comment(
    store: Store, call_id: str, change: AddComment | EditComment | RemoveComment | ResolveComment
) -> tuple[str, Body]:
    """(kind of act, its body)."""
    if isinstance(change, AddComment):
        return comments.COMMENT, _added(store, call_id, change)
    if isinstance(change, ResolveComment):
        first = comments.first_of(store, call_id, change.comment)
        return comments.RESOLVE, {"comment": first["id"], "resolved": change.resolved}
    found = comments.named(comments.of_call(store, call_id), change.comment)
    if not found["mine"]:
        raise InputError("This comment is somebody else's.", "Answer it, or resolve it.")
    if isinstance(change, RemoveComment):
        return comments.REMOVE, {"comment": found["id"]}
    return comments.EDIT, {"comment": found["id"], "text": _worded(change.text)}


def _added(store: Store, call_id: str, change: AddComment) -> Body:
    text = _worded(change.text)
    named: Body = {"id": change.id or new_id()} | ({"as": change.who} if change.who else {})
    if change.reply_to:
        first = comments.first_of(store, call_id, change.reply_to)
        return {**named, "start_ms": first["start_ms"], "text": text, "reply_to": first["id"]}
    duration_ms = calls.get(store, call_id).duration_ms
    end_ms = change.end_ms
    if not 0 <= change.start_ms <= duration_ms or not (end_ms is None or change.start_ms < end_ms <= duration_ms):
        raise InputError("That moment is not within the call.", "Give a time like 1:24.")
    return {**named, "start_ms": change.start_ms, "text": text} | ({} if end_ms is None else {"end_ms": end_ms})


def _worded(text: str) -> str:
    if not text.strip():
        raise InputError("A comment needs words.", "Write it after the time.")
    return text.strip()[:_LONGEST]
