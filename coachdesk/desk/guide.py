"""Planned questions: which are meant for a call, what became of them for faces, and one question over many calls.

The process only: whether a question came up, in which words, for how long, with the moments. Answers are places to
listen; nothing here weighs them. Questions that may touch a protected topic are named while they are only planned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from coachdesk.coaching.findings import quoted
from coachdesk.coaching.playbook import Playbook
from coachdesk.conversation.guide import AS_PLANNED, Coverage, Covered
from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.planned import Plan, Planned, parse, question_id, written
from coachdesk.conversation.text import facts_of
from coachdesk.errors import InputError, NotFound
from coachdesk.history import events, positions
from coachdesk.history.store import Store
from coachdesk.model import Call, Utterance
from coachdesk.spans import Moment


@dataclass(frozen=True, slots=True)
class PlannedFor:
    """The questions planned for a call; `position`: its title, "" where they are the playbook's own."""

    position: str
    questions: tuple[Planned, ...]


def planned_for(store: Store, call_id: str, playbook: Playbook) -> PlannedFor:
    """Those of the call's position where it has any, else the playbook's."""
    position = positions.of_call(store, call_id)
    if position and position["guide"]:
        return PlannedFor(position["title"], _read(position["guide"]))
    return PlannedFor(position["title"] if position else "", of_playbook(playbook))


def of_playbook(playbook: Playbook) -> tuple[Planned, ...]:
    """The questions of a playbook; those its guide names are mandatory."""
    asking = playbook.asking(playbook.languages[0])
    return tuple(Planned(name, text, name in playbook.guide) for name, text in asking.items())


def plan_of(store: Store, call_id: str, playbook: Playbook) -> Plan:
    """The plan of a call with what was ticked while recording and what the person said of it since."""
    asking = playbook.asking(playbook.languages[0])
    ticks = tuple(
        (name, int(event.body["start_ms"]))
        for event in events.of_call(store, call_id, "comment")
        if event.body.get("what") == "asked"
        for name in _names(event.body["question"], asking)
    )
    said = tuple(
        (event.body["question"], bool(event.body["asked"]), event.body["at_ms"])
        for event in events.of_call(store, call_id, "asked")
    )
    return Plan(planned_for(store, call_id, playbook).questions, ticks, said)


def words(store: Store, call_id: str, playbook: Playbook, language: str) -> dict[str, str]:
    """What the questions that can be ticked on a call are, by id: the playbook's, and those of its position."""
    position = positions.of_call(store, call_id)
    planned = _read(position["guide"]) if position else ()
    return {**playbook.asking(language), **{question.id: question.text for question in planned}}


def before(store: Store, case: str) -> dict[str, Any]:
    """Before a call: {"guides": [{title, questions: [{id, text}]}], "likely"}: positions that have questions, by title, and
    the one the last call of this case was about ("" where that has none, or no case is told).
    """
    guides = [
        {"title": row["title"], "questions": [{"id": one.id, "text": one.text} for one in _read(row["guide"])]}
        for row in positions.with_guides(store)
    ]
    last = positions.of_case(store, case) if case else None
    return {"guides": guides, "likely": last["title"] if last and last["guide"] else ""}


def _names(question: str, asking: dict[str, str]) -> tuple[str, ...]:
    """What a ticked question of the playbook is called: its id, and that of the same words in a position's guide."""
    return (question, question_id(asking[question])) if question in asking else (question,)


def _read(guide: positions.Guide) -> tuple[Planned, ...]:
    return tuple(Planned(q["id"], q["text"], q["must"], tuple(q["follow_ups"])) for q in guide)


# --- the guide itself


def show(store: Store, playbooks: Callable[[str], Playbook], name: str) -> dict[str, Any]:
    """{name, source, text, questions} of a position by its title, else of a playbook by its id. Raises NotFound."""
    source, title, questions, language = _named(store, playbooks, name)
    return {
        "name": title,
        "source": source,
        "text": written(questions),
        "questions": [asdict(question) | {"protected": protected(question, language)} for question in questions],
    }


def put(store: Store, title: str, text: str) -> str:
    """The questions of a position as plain text; returns the text it had before ("" = none). Raises InputError."""
    if not title.strip():
        raise InputError("A position needs a title.", "Name what the calls are about.")
    before = positions.find(store, title)
    guide = [asdict(question) | {"follow_ups": list(question.follow_ups)} for question in parse(text)]
    with store.write():
        positions.put(store, title, guide)
        events.append(store, "guide", None, {"position": title, "guide": guide})
    return written(_read(before["guide"])) if before else ""


def protected(question: Planned, language: str) -> list[dict[str, str]]:
    """{topic, level, try_saying} of the protected topics a planned question may touch. Silence is no clearance."""
    table = lexicon(language)
    if table is None:
        return []
    texts = (question.text, *question.follow_ups)
    found = {topic: level for text in texts for topic, level in sorted(facts_of(text, table).protected.items())}
    return [
        {"topic": table.topic_names[topic], "level": level, "try_saying": table.alternatives.get(topic, "")}
        for topic, level in found.items()
    ]


def _named(store: Store, playbooks: Callable[[str], Playbook], name: str) -> tuple[str, str, tuple[Planned, ...], str]:
    """(source, title, questions, language)"""
    position = positions.find(store, name)
    if position:
        questions = _read(position["guide"])
        return "position", position["title"], questions, "en"
    try:
        playbook = playbooks(name)
    except NotFound as missing:
        known = ", ".join(row["title"] for row in positions.everything(store))
        hint = f"There are: {known}." if known else "`coachdesk guide POSITION --from FILE` plans one."
        raise NotFound(f"There is no position {name}.", hint) from missing
    return "playbook", name, of_playbook(playbook), playbook.languages[0]


# --- for faces


def document(
    planned: PlannedFor, coverage: Coverage, said: tuple[Utterance, ...], acts: list[events.Event], back: frozenset[str]
) -> dict[str, Any]:
    """What became of the planned questions of a call. `back`: lines that are not to be shown here."""
    show_ = _Moments(said, back)
    event_of = {event.body["question"]: event.id for event in acts}
    return {
        "position": planned.position,
        "reason": coverage.reason,
        "questions": [
            _question(covered, show_, event_of.get(covered.id, ""), bool(coverage.reason))
            for covered in coverage.questions
        ],
        "unplanned": [show_(moment) for moment in coverage.unplanned],
    }


def _question(covered: Covered, show_: _Moments, event: str, unheard: bool) -> dict[str, Any]:
    return {
        "id": covered.id,
        "text": covered.text,
        "must": covered.must,
        "state": state_of(covered, unheard),
        "how": covered.how,
        "event": event if covered.denied or covered.how == "person" else "",
        "asked": show_(covered.asked),
        "wording": covered.wording,
        "answer": show_(covered.answer),
        "time_ms": covered.time_ms,
        "follow_ups": [{"text": one.text, "asked": show_(one.asked)} for one in covered.follow_ups],
        "more": [show_(moment) for moment in covered.more],
    }


def state_of(covered: Covered, unheard: bool = False) -> str:
    """as_planned | other_words | ticked | told | not_asked (the person's word) | not_found, or where the words carry no
    match (`unheard`), not_looked_for.
    """
    if covered.denied:
        return "not_asked"
    if covered.wording is not None:
        return "as_planned" if covered.wording >= AS_PLANNED else "other_words"
    return {"ticked": "ticked", "person": "told", "words": "other_words"}.get(
        covered.how, "not_looked_for" if unheard else "not_found"
    )


class _Moments:
    """Moments as faces take them: a stretch, the utterance by its index, and what is said there."""

    def __init__(self, said: tuple[Utterance, ...], back: frozenset[str]) -> None:
        self._at = {utterance.id: n for n, utterance in enumerate(said)}
        self._said, self._back = said, back

    def __call__(self, moment: Moment | None) -> dict[str, Any] | None:
        if moment is None:
            return None
        n = self._at.get(moment.utterance or "")
        shown = n is not None and moment.utterance not in self._back
        quote = quoted(self._said[n].text) if n is not None and shown else ""
        return {"start_ms": moment.start_ms, "end_ms": moment.end_ms, "utterance": n, "quote": quote}


# --- one question over many calls


def across(
    store: Store,
    playbooks: Callable[[str], Playbook],
    review: Callable[[str], tuple[Call, dict[str, Any]]],
    name: str,
) -> dict[str, Any]:
    """Each planned question with what became of it on every call it was planned for, oldest call first.

    `review` gives a call and its guide document. Says nothing of how a call or a person did.
    """
    source, title, questions, _ = _named(store, playbooks, name)
    if source == "position":
        position = positions.find(store, name)
        about = positions.calls_about(store, position["id"]) if position else []
    else:
        about = positions.calls_by_playbook(store, name)
    seen = [review(call_id) for call_id in about]
    if source == "position" and not questions and seen:  # the playbook's questions stand in for those of the position
        first = seen[0][1]["questions"]
        questions = tuple(Planned(one["id"], one["text"], one["must"]) for one in first)
    return {
        "name": title,
        "source": source,
        "calls": [_call(call) for call, _ in seen],
        "questions": [
            {
                "id": question.id,
                "text": question.text,
                "must": question.must,
                "calls": [_beside(call, _find(found, question.id)) for call, found in seen],
            }
            for question in questions
        ],
    }


def _call(call: Call) -> dict[str, Any]:
    started = call.started_at.isoformat(timespec="seconds")
    return {"id": call.id, "title": call.title, "case": call.case, "started_at": started}


def _find(found: dict[str, Any], question: str) -> dict[str, Any] | None:
    return next((one for one in found["questions"] if one["id"] == question), None)


def _beside(call: Call, found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:  # planned after that call was measured by another guide
        return {
            "call": call.id,
            "state": "not_planned",
            "asked": None,
            "wording": None,
            "answer": None,
            "time_ms": None,
        }
    return {"call": call.id} | {part: found[part] for part in ("state", "asked", "wording", "answer", "time_ms")}
