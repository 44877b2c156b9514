"""Scorecards of a call: who answered what, laid side by side, and what of it somebody may see.

Acts `score` {card, version, as, answers} hold all answers of one person to one card; the newest per card and person counts.
An act `card` keeps the card as it was, once per version, so that an answer to an earlier one stays readable anywhere.
What a rule answers is derived and never stored. Nothing here adds people up or compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from coachdesk.coaching import scorecard as cards
from coachdesk.coaching.card_rules import Ruled, by_rule
from coachdesk.coaching.phrasing import fill_sides
from coachdesk.coaching.playbook import Playbook
from coachdesk.coaching.scorecard import Answer, Answers, Card, Criterion
from coachdesk.coaching.suggestions import with_baseline
from coachdesk.desk import own_calls
from coachdesk.desk.recompute import Derived, Laid
from coachdesk.history import events
from coachdesk.history.events import Event
from coachdesk.history.store import Store

SCORE, CARD = "score", "card"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes a review is for, and who the person of this installation is; "" where nobody has a name yet."""

    name: str
    me: str


def viewer(named: str, my_name: str, rep: str | None) -> Viewer:
    """Who is named, else the person of this installation: by the settings, else the call's own side."""
    me = " ".join((my_name or rep or "").split())
    return Viewer(" ".join(named.split()) or me, me)


@dataclass(frozen=True, slots=True)
class Given:
    """What one person said to one card, with one act."""

    who: str
    version: str
    at: str
    author_id: str
    answers: dict[str, Answer]
    order: int  # of the act among all of the card
    act: str  # its id


def given(store: Store, call_id: str, me: str) -> dict[str, dict[str, list[Given]]]:
    """card -> person (by `scorecard.key`) -> what they said, oldest first. `me`: who an act without a name is from here."""
    found: dict[str, dict[str, list[Given]]] = {}
    for order, event in enumerate(events.of_call(store, call_id, SCORE)):
        made = _given(event, order, me if event.author_id == store.author_id else "")
        found.setdefault(event.body["card"], {}).setdefault(cards.key(made.who), []).append(made)
    return found


def _given(event: Event, order: int, me: str) -> Given:
    body = event.body
    answers = msgspec.convert(body["answers"], dict[str, Answer])
    return Given(body["as"] or me, body["version"], event.at, event.author_id, answers, order, event.id)


def kept_cards(store: Store, call_id: str) -> dict[str, Card]:
    """The versions of cards that were answered on a call."""
    found = events.of_call(store, call_id, CARD)
    return {event.body["version"]: msgspec.convert(event.body["definition"], Card) for event in found}


def standing(store: Store, call_id: str, card: Card, who: str, me: str) -> dict[str, Answer]:
    """What somebody said to a card so far, as far as it still stands in this version of it."""
    said = given(store, call_id, me).get(card.id, {}).get(cards.key(who), [])
    if not said:
        return {}
    last = said[-1]
    if last.version == card.version:
        return dict(last.answers)
    return cards.carried(kept_cards(store, call_id)[last.version], card, last.answers)


# --- the documents of a review


def documents(
    store: Store, laid: Laid, derived: Derived, playbook: Playbook, language: str, eyes: Viewer
) -> list[Document]:
    """The playbook's cards in its order, then cards that were answered and are not in the playbook any more."""
    call_id = laid.call.id
    said, kept = given(store, call_id, eyes.me), kept_cards(store, call_id)
    gone = [_last_version(people, kept) for card, people in sorted(said.items()) if playbook.card(card) is None]
    ruled = _ruled(store, laid, derived, playbook)
    index = {utterance.id: n for n, utterance in enumerate(laid.heard.utterances)}
    made = []
    for card in [*playbook.scorecard, *gone]:
        bench = _Bench(card, kept, ruled.get(card.id, {}), playbook, language, eyes.name)
        made.append(bench.document(said.get(card.id, {}), index, card in gone))
    return made


def _last_version(people: Mapping[str, list[Given]], kept: Mapping[str, Card]) -> Card:
    newest = max((acts[-1] for acts in people.values()), key=lambda made: made.order)
    return kept[newest.version]


def _ruled(store: Store, laid: Laid, derived: Derived, playbook: Playbook) -> dict[str, dict[str, Ruled]]:
    """card -> criterion -> what its rule says."""
    asked = [card for card in playbook.scorecard if any(criterion.rule for criterion in card.criteria)]
    if not asked:
        return {}
    acts = events.of_call(store, laid.call.id, "answer")
    overruled = {act.body["rule"] for act in acts if act.body["fact"] in ("present", "absent")}
    facts = with_baseline(derived.facts, own_calls.baseline_of(store, laid.call.id))
    return {card.id: by_rule(card, facts, playbook, derived.coaching.quiet, overruled) for card in asked}


@dataclass(frozen=True)
class _Bench:
    """One card of one call, as one person may see it."""

    card: Card
    kept: Mapping[str, Card]
    ruled: Mapping[str, Ruled]
    playbook: Playbook
    language: str
    viewer: str

    def document(self, people: Mapping[str, list[Given]], index: Mapping[str, int], gone: bool) -> Document:
        complete = {who: self.is_complete(acts[-1]) for who, acts in people.items()}
        seen = cards.visible(cards.key(self.viewer), complete)
        text = self.card.words(self.language)
        shown = sorted(people.items(), key=lambda item: (item[0] != cards.key(self.viewer), item[0]))
        entries = [self.entry(acts, who in seen, people) for who, acts in shown if acts[-1].answers]
        return {
            "card": self.card.id,
            "version": self.card.version,
            "name": self.filled(text.name),
            "about": self.filled(text.about),
            "gone": gone,
            "viewer": self.viewer,
            "criteria": [self.criterion(c, index) for c in self.card.criteria],
            "missing": self.missing(people.get(cards.key(self.viewer), [])),
            "differs": self.differs([people[who][-1] for who in sorted(seen)]),
            "entries": entries,
        }

    def filled(self, text: str) -> str:
        return fill_sides(text, self.playbook, self.language)

    def criterion(self, criterion: Criterion, index: Mapping[str, int]) -> Document:
        """What is asked, in words, with what its rule says."""
        words = criterion.words(self.language)
        return {
            "id": criterion.id,
            "kind": criterion.kind,
            "name": self.filled(words.name),
            "guidance": self.filled(words.guidance),
            "low": criterion.low if criterion.kind == "range" else None,
            "high": criterion.high if criterion.kind == "range" else None,
            "anchors": {n: self.filled(words.anchors[n]) for n in sorted(words.anchors, key=int)},
            "options": [{"id": o, "name": self.filled(words.options.get(o, o))} for o in criterion.options],
            "required": criterion.required,
            "may_be_na": criterion.may_be_na,
            "rule": self.rule(criterion, index),
        }

    def rule(self, criterion: Criterion, index: Mapping[str, int]) -> Document | None:
        said = self.ruled.get(criterion.id)
        if said is None:
            return None
        evidence = [
            {"start_ms": e.start_ms, "end_ms": e.end_ms, "utterance": index.get(e.utterance or ""), "quote": e.quote}
            for e in said.evidence
        ]
        params = {"language": self.language}
        return {
            "id": criterion.rule,
            "value": said.value or None,
            "reason": said.reason,
            "params": params,
            "evidence": evidence,
        }

    def entry(self, acts: list[Given], seen: bool, people: Mapping[str, list[Given]]) -> Document:
        """What one person says; hidden ones only say that they are there and whether they are through."""
        last = acts[-1]
        card = self.version_of(last)
        older = last.version != self.card.version
        total = cards.total(card, last.answers) if seen and self.is_complete(last) else None
        return {
            "as": last.who,
            "mine": cards.key(last.who) == cards.key(self.viewer),
            "at": last.at,
            "version": last.version,
            "older": older,
            "complete": self.is_complete(last),
            "hidden": not seen,
            "changed_after_reveal": seen and self.changed_after_reveal(acts, people),
            "sum": {"value": total[0], "of": total[1]} if total else None,
            "criteria": [self.criterion(c, {}) for c in card.criteria] if older and seen else None,
            "answers": self.answers(card, last.answers) if seen else {},
        }

    def answers(self, card: Card, said: Answers) -> Document:
        return {c.id: _answer(said[c.id]) for c in card.criteria if c.id in said}

    def version_of(self, made: Given) -> Card:
        return self.card if made.version == self.card.version else self.kept[made.version]

    def by_rule(self, made: Given) -> list[str]:
        """Criteria answered by a rule; an earlier version of the card is looked at as it was answered."""
        return [name for name, ruled in self.ruled.items() if ruled.value] if made.version == self.card.version else []

    def is_complete(self, made: Given) -> bool:
        return cards.is_complete(self.version_of(made), made.answers, self.by_rule(made))

    def missing(self, acts: list[Given]) -> list[str]:
        """What the viewer has still to answer of the card as it is now."""
        ruled = [name for name, said in self.ruled.items() if said.value]
        answers: Answers = {}
        if acts:
            last = acts[-1]
            answers = cards.carried(self.version_of(last), self.card, last.answers)
        return cards.missing(self.card, answers, ruled)

    def differs(self, seen: list[Given]) -> list[str]:
        said = [made.answers for made in seen if made.version == self.card.version]
        compared = [c.id for c in self.card.criteria if c.kind != "text"]
        return [name for name in compared if cards.differing(said, name)]

    def changed_after_reveal(self, acts: list[Given], people: Mapping[str, list[Given]]) -> bool:
        """Whether values were changed after the own card and another's stood complete beside each other for the first time."""
        others = [said for said in people.values() if said is not acts]
        orders = sorted(made.order for said in people.values() for made in said)
        for order in orders:
            own = self.complete_at(acts, order)
            if own is not None and any(self.complete_at(said, order) for said in others):
                return _values(own.answers) != _values(acts[-1].answers)
        return False

    def complete_at(self, acts: list[Given], order: int) -> Given | None:
        """What stood of somebody after the act of this order, if it was complete."""
        stood = next((made for made in reversed(acts) if made.order <= order), None)
        return stood if stood is not None and self.is_complete(stood) else None


def _values(answers: Answers) -> dict[str, cards.Value | None]:
    return {name: answer.value for name, answer in answers.items()}


def _answer(answer: Answer) -> Document:
    moment = answer.moment
    at = {"start_ms": moment.start_ms, "end_ms": moment.end_ms} if moment else None
    return {"value": answer.value, "note": answer.note, "moment": at}
