"""Cases as documents: the list, and one case with its calls, its next steps and what was left open on its last call.

A next step whose day has come is said to be due; nothing here changes its state, only a person does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from coachdesk.coaching.playbook import Playbook
from coachdesk.conversation import open_questions
from coachdesk.desk.recompute import Derived
from coachdesk.errors import CoachDeskError, InputError, NotFound
from coachdesk.history import cases
from coachdesk.history.store import Store
from coachdesk.model import Facts, Role, Utterance

CONCERN = "concern"
_CONCERNS = "objection_"
MOST_OPEN_QUESTIONS = 5

Document = dict[str, Any]
Coached = Callable[[str], Derived]


def listed(store: Store, today: date) -> list[Document]:
    """All cases, the last spoken with first: {id, name, stage, result, result_at, calls, last_call_at, open, due}."""
    return cases.listed(store, today.isoformat())


def identity(store: Store, case: str) -> str:
    """The id of a case by its id or its name. Raises NotFound, with the names that are nearest."""
    if store.row("SELECT 1 AS it FROM cases WHERE id = ?", (case,)):
        return case
    try:
        return cases.named(store, case)
    except NotFound as missing:
        names = store.column("SELECT name FROM cases ORDER BY name, id")
        inside = [name for name in names if cases.folded(case) in cases.folded(name)]
        near = (inside or get_close_matches(case, names, 3, 0.6))[:3]
        raise NotFound(missing.message, f"There are: {', '.join(near)}." if near else missing.hint) from None


def one(store: Store, case_id: str, today: date, books: Callable[[str], Playbook], coached: Coached) -> Document:
    """A case with all that is shown of it.

    `calls` counts them and `timeline` holds them, newest first; `steps`: every next step with its `standing` (due where it
    is open and its day has come); `open_questions` and `last_concern` are of the newest call that has words.
    """
    row, timeline = cases.row_of(store, case_id), cases.calls_of(store, case_id)
    steps = [{**step, "standing": standing(step, today)} for step in cases.steps_of(store, case_id)]
    last = _last_with_words(timeline, coached)
    return {
        **row,
        "calls": len(timeline),
        "last_call_at": timeline[0]["started_at"] if timeline else None,
        "open": sum(step["state"] == "open" for step in steps),
        "due": sum(step["standing"] == "due" for step in steps),
        "timeline": timeline,
        "steps": steps,
        "open_questions": _open_questions(*last) if last else [],
        "last_concern": _last_concern(*last) if last else None,
        "labels": _labels(timeline, books),
    }


def standing(step: Document, today: date) -> str:
    """The state of a next step; an open one is "due" on its day and after it."""
    is_due = step["state"] == "open" and step["due"] is not None and step["due"] <= today.isoformat()
    return "due" if is_due else str(step["state"])


def allowed_results(books: Sequence[Playbook]) -> dict[str, str]:
    """The results a case may have, over all playbooks: word and what people call it."""
    words: dict[str, str] = {}
    for book in books:
        said = book.words(book.languages[0]).case_results
        words |= {word: said.get(word, word) for word in book.case_results if word not in words}
    return words


def books_of(used: Collection[str], books: Sequence[Playbook]) -> Sequence[Playbook]:
    """Of all playbooks those that calls of a case use, by their ids; all where there is none of them."""
    return [book for book in books if book.id in used] or books


def check_result(store: Store, case_id: str, result: str, books: Sequence[Playbook]) -> None:
    """Raises InputError for a word that is no result of a case in the playbooks of this case's calls.

    A word it had before stays possible: calls may be coached with another playbook since, and a change has to be undone.
    """
    used = {call["playbook"] for call in cases.calls_of(store, case_id)}
    allowed = sorted(allowed_results(books_of(used, books)))
    if result and result not in allowed and result not in cases.results_had(store, case_id):
        raise InputError(f"{result} is no result of a case.", f"There are: {', '.join(allowed)}.")


def _labels(timeline: list[Document], books: Callable[[str], Playbook]) -> Document:
    """The trade's words, as the newest call's playbook has them; empty where that is gone."""
    for call in timeline:
        try:
            book = books(call["playbook"])
        except CoachDeskError:  # its playbook is gone or broken: the call before may tell
            continue
        trade = book.words(book.languages[0])
        results = {word: trade.case_results.get(word, word) for word in book.case_results}
        return {
            "case": trade.case,
            "own": trade.own,
            "other": trade.other,
            "results": trade.results,
            "case_results": results,
        }
    return {"case": "", "own": "", "other": "", "results": {}, "case_results": {}}


# --- what was left open on the last call


def _last_with_words(timeline: list[Document], coached: Coached) -> tuple[Document, Facts] | None:
    for call in timeline[:3]:  # of the latest few: what was open long ago is no news
        try:
            facts = coached(call["id"]).facts
        except CoachDeskError:
            continue
        if facts.utterances:
            return call, facts
    return None


def _open_questions(call: Document, facts: Facts) -> list[Document]:
    found = open_questions.left_open(facts)
    return [_moment(call, said) for said in found[-MOST_OPEN_QUESTIONS:]]


def _last_concern(call: Document, facts: Facts) -> Document | None:
    """The last concern the other side voiced, by the playbook's trackers for it."""
    raised = [
        hit
        for hit in facts.hits
        if hit.role is Role.OTHER and (hit.tracker == CONCERN or hit.tracker.startswith(_CONCERNS))
    ]
    last = max(raised, key=lambda hit: (hit.start_ms, hit.tracker), default=None)
    said = next((u for u in facts.utterances if last is not None and u.id == last.utterance), None)
    return _moment(call, said) if said else None


def _moment(call: Document, said: Utterance) -> Document:
    end_ms = max(said.end_ms, said.start_ms + 1)
    return {"call": call["id"], "title": call["title"], "start_ms": said.start_ms, "end_ms": end_ms, "quote": said.text}
