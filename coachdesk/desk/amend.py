"""Small changes a person makes to a call. Each is kept as an act (an event), and takes effect at once everywhere.

Making a change gives back the change that undoes it. What is append-only by nature (consent) is undone by a new entry;
other acts are taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import advice, amend_brief, amend_reviewing, my_voice
from coachdesk.desk.advice import Respond as Respond  # asked for with the others
from coachdesk.desk.amend_brief import AboutBrief, DropBriefLine, SayAsked, SetBriefFact, SetPosition
from coachdesk.desk.amend_reviewing import AboutReviewing, AddComment, EditComment, RemoveComment, ResolveComment, Score
from coachdesk.desk.amend_speakers import (
    AboutSpeakers,
    MergeSpeakers,
    NewSpeaker,
    Reassign,
    SplitUtterance,
    act_of,
    find_speaker,
)
from coachdesk.desk.my_voice import AnswerGuess as AnswerGuess
from coachdesk.desk.my_voice import GuessAgain as GuessAgain
from coachdesk.desk.people import taken_back
from coachdesk.desk.pipeline import one_line
from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, events, words
from coachdesk.history.store import Store, new_id
from coachdesk.model import CONSENT_STATES, NEXT_STEP_STATES, Call, Role, Speaker

__all__ = [  # the faces ask here for all
    "AddComment",
    "DropBriefLine",
    "EditComment",
    "MergeSpeakers",
    "NewSpeaker",
    "Reassign",
    "RemoveComment",
    "ResolveComment",
    "SayAsked",
    "Score",
    "SetBriefFact",
    "SetPosition",
    "SplitUtterance",
    "find_speaker",
]


@dataclass(frozen=True, slots=True)
class SwapSpeakers:
    """The two sides the other way round."""


@dataclass(frozen=True, slots=True)
class RenameSpeaker:
    speaker: str
    name: str


@dataclass(frozen=True, slots=True)
class SetRole:
    """`others`: (label, role) of who else changes; None = who has no side yet comes to stand on the opposite one, where
    that is clear: everybody, if this is the own side, else the only other one.
    """

    speaker: str
    role: Role
    others: tuple[tuple[str, Role], ...] | None = None


@dataclass(frozen=True, slots=True)
class CorrectText:
    """Other words for an utterance, named by its index in the transcript or its id.

    `before`: the words that are meant; where others stand there by now, nothing is changed. Empty: whatever stands there.
    """

    utterance: str
    text: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class SetKind:
    """Another playbook's kind of call."""

    kind: str


@dataclass(frozen=True, slots=True)
class SetPlaybook:
    """Coach by another playbook; the call becomes of its kind."""

    playbook: str
    kind: str


@dataclass(frozen=True, slots=True)
class SetTitle:
    title: str


@dataclass(frozen=True, slots=True)
class SetCase:
    """The account, candidate or client the call belongs to; "" = none."""

    name: str


@dataclass(frozen=True, slots=True)
class SetDate:
    """When the call took place; aware."""

    at: datetime


@dataclass(frozen=True, slots=True)
class SetResult:
    """One of the playbook's results; "" = none yet."""

    result: str


@dataclass(frozen=True, slots=True)
class MarkReviewed:
    """Whether the person is done with reviewing the call."""

    reviewed: bool


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """status: noted | refused | withdrawn; unknown only to take a slip back."""

    status: str
    basis: str = ""
    moment_ms: int | None = None  # where in the call it was said, where that is known


@dataclass(frozen=True, slots=True)
class SetStep:
    """A next step as the person says it; `step` "" adds one. A found one becomes the person's own."""

    text: str
    step: str = ""
    owner: str = "rep"
    due: str | None = None
    state: str = "open"


@dataclass(frozen=True, slots=True)
class PutStepsBack:
    """The next steps of a call as they were (undo)."""

    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class HideWording:
    """A wording moment that was not useful: it is not shown again."""

    start_ms: int
    useful: bool = False


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Undo an own act by its id."""

    event: str


@dataclass(frozen=True, slots=True)
class Again:
    """Do an act again that was taken back."""

    act: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CorrectFact:
    """A rule's fact set right: present at a moment, absent, or true but not for me."""

    rule: str
    fact: str
    at_ms: int | None = None


Amendment = (
    SwapSpeakers
    | RenameSpeaker
    | SetRole
    | CorrectText
    | Reassign
    | NewSpeaker
    | SplitUtterance
    | MergeSpeakers
    | SetKind
    | SetPlaybook
    | SetTitle
    | SetCase
    | SetDate
    | SetResult
    | MarkReviewed
    | NoteConsent
    | SetStep
    | PutStepsBack
    | HideWording
    | CorrectFact
    | AboutBrief
    | SetPosition
    | TakeBack
    | Again
    | AnswerGuess
    | GuessAgain
    | Respond
    | Score
    | AddComment
    | EditComment
    | RemoveComment
    | ResolveComment
)
AboutWords = CorrectText | AboutSpeakers | TakeBack | Again  # these are laid onto the words anew


def amend(store: Store, call_id: str, change: Amendment, playbook: Playbook) -> Amendment:
    """Make one change, together with its act; returns the change that undoes it. The caller recomputes."""
    with store.write():
        if isinstance(change, SwapSpeakers):
            return _swap(store, call_id)
        if isinstance(change, RenameSpeaker | SetRole):
            return _speaker(store, call_id, change)
        if isinstance(change, CorrectText):
            return _correct(store, call_id, change)
        if isinstance(change, AboutSpeakers | AboutReviewing):
            return TakeBack(_kept(store, call_id, change, playbook))
        if isinstance(change, AnswerGuess):
            return my_voice.answer(store, call_id, change)
        if isinstance(change, GuessAgain):
            return my_voice.guess_again(store, call_id, change)
        if isinstance(change, SetStep):
            return _step(store, call_id, change)
        if isinstance(change, PutStepsBack):
            return _steps_back(store, call_id, change)
        if isinstance(change, CorrectFact | Respond):
            return _answer(store, call_id, change, playbook)
        if isinstance(change, HideWording):
            return _act(store, call_id, "wording", {"start_ms": change.start_ms, "useful": change.useful})
        if isinstance(change, AboutBrief | SetPosition):
            return _brief(store, call_id, change, playbook)
        if isinstance(change, TakeBack):
            return _take_back(store, call_id, change)
        if isinstance(change, Again):
            return _act(store, call_id, change.act, change.body)
        return _column(store, call_id, change)


def _kept(store: Store, call_id: str, change: AboutSpeakers | AboutReviewing, playbook: Playbook) -> str:
    """The id of the act that such a change is, and is undone with."""
    if isinstance(change, AboutReviewing):
        return amend_reviewing.act_of(store, call_id, change, playbook)
    return act_of(store, call_id, change)


Columned = SetKind | SetPlaybook | SetTitle | SetCase | SetDate | SetResult | MarkReviewed | NoteConsent


def _column(store: Store, call_id: str, change: Columned) -> Amendment:
    """Changes of what is known about the call itself."""
    call = calls.get(store, call_id)
    if isinstance(change, NoteConsent):
        if change.status not in CONSENT_STATES:
            raise InputError(f"{change.status} is no state of consent.", f"There are: {', '.join(CONSENT_STATES)}.")
        body: dict[str, Any] = {"status": change.status, "basis": change.basis}
        if change.moment_ms is not None:
            body["moment_ms"] = change.moment_ms
        events.append(store, "consent", call_id, body)
        calls.change(store, call_id, consent=change.status)
        return NoteConsent(call.consent.status, call.consent.basis, call.consent.moment_ms)
    kind, columns, undo = _columns(store, call, change)
    events.append(store, kind, call_id, _told(change, columns))
    calls.change(store, call_id, **columns)
    return undo


def _columns(store: Store, call: Call, change: Columned) -> tuple[str, dict[str, Any], Amendment]:
    """(kind of act, columns to set, the change that undoes it)."""
    if isinstance(change, SetKind):
        return "kind", {"kind": change.kind}, SetKind(call.kind)
    if isinstance(change, SetPlaybook):
        return "playbook", {"playbook": change.playbook, "kind": change.kind}, SetPlaybook(call.playbook, call.kind)
    if isinstance(change, SetTitle):
        return "title", {"title": _named(change.title)}, SetTitle(call.title)
    if isinstance(change, SetCase):
        case_id = calls.case(store, one_line(change.name)) if one_line(change.name) else None
        return "case", {"case_id": case_id}, SetCase(call.case or "")
    if isinstance(change, SetDate):
        return "date", {"started_at": change.at.astimezone(UTC).isoformat(timespec="seconds")}, SetDate(call.started_at)
    if isinstance(change, SetResult):
        return "result", {"result": change.result or None}, SetResult(call.result or "")
    assert isinstance(change, MarkReviewed)
    state = "reviewed" if change.reviewed else _unreviewed(store, call.id)
    return "reviewed", {"state": state}, MarkReviewed(call.state == "reviewed")


def _told(change: Columned, columns: dict[str, Any]) -> dict[str, Any]:
    """What an act says of itself: names instead of ids."""
    return {"case": change.name} if isinstance(change, SetCase) else columns


def _unreviewed(store: Store, call_id: str) -> str:
    return "transcribed" if words.current(store, call_id) else "prepared"


def _named(title: str) -> str:
    if not one_line(title):
        raise InputError("A call needs a title.", "Write one, or leave it as it was.")
    return one_line(title)


def _act(store: Store, call_id: str, kind: str, body: dict[str, Any]) -> Amendment:
    return TakeBack(events.append(store, kind, call_id, body).id)


def _brief(store: Store, call_id: str, change: AboutBrief | SetPosition, playbook: Playbook) -> Amendment:
    if isinstance(change, SetPosition):
        return amend_brief.set_position(store, call_id, change)
    return TakeBack(amend_brief.act_of(store, call_id, change, playbook))


def _take_back(store: Store, call_id: str, change: TakeBack) -> Amendment:
    found = next((e for e in events.of_call(store, call_id) if e.id == change.event), None)
    if found is None or found.author_id != store.author_id:
        raise NotFound("This act cannot be taken back.", "It is not there any more, or somebody else's.")
    if said_again := amend_reviewing.score_taken_back(store, call_id, found):
        return TakeBack(said_again)
    taken_back(store, call_id, found)
    return Again(found.kind, found.body)


def _step(store: Store, call_id: str, change: SetStep) -> Amendment:
    if change.state not in NEXT_STEP_STATES:
        raise InputError(f"{change.state} is no state of a next step.", f"There are: {', '.join(NEXT_STEP_STATES)}.")
    if not one_line(change.text):
        raise InputError("A next step needs words.", "Write who does what.")
    before = calls.steps_of(store, call_id)
    found = next((row for row in before if row["id"] == change.step), None)
    if change.step and found is None:
        raise NotFound("This next step is not there any more.", "Look at the call again.")
    row = {
        "id": change.step or new_id(),
        "text": one_line(change.text),
        "owner": change.owner,
        "due": change.due,
        "state": change.state,
        "source": "person",
        "start_ms": found["start_ms"] if found else None,
    }
    events.append(store, "next_step", call_id, row)
    calls.put_step(store, call_id, row)
    return PutStepsBack(tuple(before))


def _steps_back(store: Store, call_id: str, change: PutStepsBack) -> Amendment:
    before = calls.steps_of(store, call_id)
    events.append(store, "next_step", call_id, {"put_back": [row["id"] for row in change.rows]})
    calls.replace_steps(store, call_id, list(change.rows))
    return PutStepsBack(tuple(before))


def _swap(store: Store, call_id: str) -> Amendment:
    turned = {Role.REP: Role.OTHER, Role.OTHER: Role.REP}
    speakers = calls.speakers(store, call_id)
    if not any(speaker.role in turned for speaker in speakers):
        raise InputError("Nobody on this call has a side yet.", "Say who is who: --role SPEAKER=rep.")
    events.append(store, "swap", call_id, {})
    calls.set_speakers(store, call_id, [replace(s, role=turned.get(s.role, s.role)) for s in speakers])
    return SwapSpeakers()


def _speaker(store: Store, call_id: str, change: RenameSpeaker | SetRole) -> Amendment:
    speakers = calls.speakers(store, call_id)
    wanted = find_speaker(speakers, change.speaker)
    if isinstance(change, RenameSpeaker):
        new = replace(wanted, name=one_line(change.name))
        events.append(store, "name", call_id, {"speaker": wanted.label, "name": new.name})
    else:
        if change.role is Role.REP is wanted.role and my_voice.guess(store, call_id):
            return my_voice.answer(store, call_id, AnswerGuess(True))  # it was a guess; now it is told
        events.append(store, "role", call_id, {"speaker": wanted.label, "role": change.role.value})
        return _set_role(store, call_id, speakers, wanted, change)
    calls.set_speakers(store, call_id, [new if s.label == wanted.label else s for s in speakers])
    return RenameSpeaker(wanted.label, wanted.name)


_OPPOSITE = {Role.REP: Role.OTHER, Role.OTHER: Role.REP}


def _set_role(store: Store, call_id: str, speakers: list[Speaker], wanted: Speaker, change: SetRole) -> Amendment:
    others = dict(_opposite(speakers, wanted, change.role) if change.others is None else change.others)
    roles = {**others, wanted.label: change.role}
    calls.set_speakers(store, call_id, [replace(s, role=roles.get(s.label, s.role)) for s in speakers])
    before = tuple((s.label, s.role) for s in speakers if s.label in others)
    return SetRole(wanted.label, wanted.role, before)


def _opposite(speakers: list[Speaker], wanted: Speaker, role: Role) -> list[tuple[str, Role]]:
    others = [speaker for speaker in speakers if speaker.label != wanted.label]
    if role not in _OPPOSITE or (role is Role.OTHER and len(others) > 1):
        return []
    return [(speaker.label, _OPPOSITE[role]) for speaker in others if speaker.role is Role.UNKNOWN]


def _correct(store: Store, call_id: str, change: CorrectText) -> Amendment:
    transcript = words.current(store, call_id)
    said = transcript.utterances if transcript else ()
    found = next((u for n, u in enumerate(said) if change.utterance in (str(n), u.id)), None)
    if found is None or transcript is None:
        raise NotFound(f"This call has no utterance {change.utterance}.", "`coachdesk show CALL` numbers them.")
    if change.before and change.before != found.text:
        raise NotFound("These words have been replaced meanwhile.", "Look at the call again, then correct them.")
    if not change.text.strip():
        raise InputError("An utterance needs words.", "Write what was said after the = sign.")
    body: dict[str, Any] = {
        "channel": found.channel,
        "start_ms": found.start_ms,
        "end_ms": found.end_ms,
        "old": found.text,
        "new": change.text.strip(),
    }
    if words.is_part(store, found.id):
        body["part"] = True
    return _act(store, call_id, "correct", body)


def _answer(store: Store, call_id: str, change: CorrectFact | Respond, playbook: Playbook) -> Amendment:
    """What the person says of a rule: that its fact is otherwise, or what they do with its advice."""
    if isinstance(change, Respond):
        return TakeBack(advice.respond(store, call_id, change, playbook))
    if playbook.find(change.rule) is None:
        raise NotFound(
            f"The playbook {playbook.id} has no rule {change.rule}.", "`coachdesk show CALL` names the rules."
        )
    return _act(store, call_id, "answer", {"rule": change.rule, "fact": change.fact, "at_ms": change.at_ms})
