"""A scorecard: what somebody who listened to a call says about it, criterion by criterion, with anchors instead of taste.

Cards are data (`resources/scorecards/*.toml`, or a playbook's own); their texts are keyed by language. A card's version is
the hash of its content, so that an answer can be told from one to an earlier wording. It is about the call, never about a
person, and it has a sum only where the card says so. Nothing here knows calls, rules or who answers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import msgspec

from coachdesk.errors import InputError, NotFound
from coachdesk.spans import Span

CARDS_FORMAT = "coachdesk.scorecards/1"
Kind = Literal["range", "yes_no", "choice", "text"]
NOT_APPLICABLE = "n/a"
YES, NO = "yes", "no"
WIDEST_RANGE = 100
_SAID_YES, _SAID_NO = ("yes", "y", "true"), ("no", "n", "false")
_LONGEST = 4_000  # characters of a text or a note
_SEEN_WITHOUT_SIDE = 2  # so many are in before somebody who answers nothing sees them
Value = int | str  # range: a number; yes_no: yes | no; choice: an option's id; text: text; any: n/a where it may be


class CriterionText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked. `anchors`: what a number of the range means; `options`: what a choice is called."""

    name: str
    guidance: str = ""
    anchors: dict[str, str] = {}
    options: dict[str, str] = {}


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to look at. `rule`: a rule of the playbook that answers it until a person does (yes_no only)."""

    id: str
    kind: Kind
    text: dict[str, CriterionText]
    low: int = 1
    high: int = 5
    options: list[str] = []
    required: bool = True
    may_be_na: bool = False
    rule: str = ""

    def words(self, language: str) -> CriterionText:
        return self.text.get(language) or next(iter(self.text.values()))


class CardText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    about: str = ""


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scorecard. `sum`: whether the numbers of its ranges are added up at all. `version` is set when it is read."""

    id: str
    text: dict[str, CardText]
    criteria: list[Criterion]
    sum: bool = False
    version: str = ""

    def words(self, language: str) -> CardText:
        return self.text.get(language) or next(iter(self.text.values()))

    def find(self, criterion_id: str) -> Criterion | None:
        return next((criterion for criterion in self.criteria if criterion.id == criterion_id), None)

    def named(self, criterion_id: str) -> Criterion:
        """A criterion by id. Raises NotFound with the ids there are."""
        found = self.find(criterion_id)
        if found is None:
            known = ", ".join(criterion.id for criterion in self.criteria)
            raise NotFound(f"The scorecard {self.id} has no criterion {criterion_id}.", f"There are: {known}.")
        return found


class CardSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of cards that several playbooks pick from."""

    format: str
    scorecard: list[Card]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is said to one criterion. Without a value it is not answered yet; note and moment may stand before."""

    value: Value | None = None
    note: str = ""
    moment: Span | None = None

    @property
    def is_empty(self) -> bool:
        return self.value is None and not self.note and self.moment is None


Answers = Mapping[str, Answer]  # by criterion


def versioned(card: Card) -> Card:
    """The card with its version: the hash of everything else in it."""
    bare: Card = msgspec.structs.replace(card, version="")
    digest = hashlib.sha256(msgspec.json.encode(bare, order="deterministic")).hexdigest()
    made: Card = msgspec.structs.replace(card, version=digest[:12])
    return made


def value_of(criterion: Criterion, said: str | int) -> Value:
    """An answer's value out of what a person wrote or chose. Raises InputError saying what would fit."""
    text = str(said).strip()
    if not text:
        raise InputError(f"{criterion.id} needs an answer.", _what_fits(criterion))
    if text.lower() in (NOT_APPLICABLE, "na") and (criterion.may_be_na or criterion.kind != "text"):
        if not criterion.may_be_na:
            raise InputError(f"{criterion.id} always applies.", _what_fits(criterion))
        return NOT_APPLICABLE
    value = _READ[criterion.kind](criterion, text)
    if value is None:
        raise InputError(f"{text[:40]} is no answer to {criterion.id}.", _what_fits(criterion))
    return value


def _number(criterion: Criterion, text: str) -> Value | None:
    number = int(text) if re.fullmatch(r"-?\d{1,6}", text, re.ASCII) else None
    return number if number is not None and criterion.low <= number <= criterion.high else None


def _yes_no(_criterion: Criterion, text: str) -> Value | None:
    return YES if text.lower() in _SAID_YES else NO if text.lower() in _SAID_NO else None


def _option(criterion: Criterion, text: str) -> Value | None:
    return next((option for option in criterion.options if option.lower() == text.lower()), None)


def _text(_criterion: Criterion, text: str) -> Value | None:
    return text[:_LONGEST]


_READ = {"range": _number, "yes_no": _yes_no, "choice": _option, "text": _text}


def _what_fits(criterion: Criterion) -> str:
    fits = {
        "range": f"A whole number from {criterion.low} to {criterion.high}",
        "yes_no": "yes or no",
        "choice": f"One of {', '.join(criterion.options)}",
        "text": "Some words",
    }[criterion.kind]
    return f"{fits}, or {NOT_APPLICABLE}." if criterion.may_be_na else f"{fits}."


def checked(card: Card, criterion_id: str, answer: Answer, duration_ms: int) -> Answer:
    """The answer as it is kept. Raises NotFound, or InputError where its value or its moment does not fit."""
    criterion = card.named(criterion_id)
    moment = answer.moment
    if moment is not None and not moment.start_ms < moment.end_ms <= duration_ms:
        raise InputError(f"The moment of {criterion_id} is not within the call.", "Give a time like 1:24.")
    value = None if answer.value is None else value_of(criterion, answer.value)
    return Answer(value, answer.note.strip()[:_LONGEST], moment)


def missing(card: Card, answers: Answers, by_rule: Collection[str] = ()) -> list[str]:
    """The required criteria that neither the person nor a rule (`by_rule`: those one answers) has answered."""
    return [
        criterion.id
        for criterion in card.criteria
        if criterion.required and criterion.id not in by_rule and answers.get(criterion.id, Answer()).value is None
    ]


def is_complete(card: Card, answers: Answers, by_rule: Collection[str] = ()) -> bool:
    """Whether nothing required is open; rules alone complete nothing."""
    return any(answer.value is not None for answer in answers.values()) and not missing(card, answers, by_rule)


def carried(old: Card, new: Card, answers: Answers) -> dict[str, Answer]:
    """Answers to an earlier version that still stand: to criteria that ask the very same."""
    return {name: answer for name, answer in answers.items() if old.find(name) == new.find(name) is not None}


def total(card: Card, answers: Answers) -> tuple[int, int] | None:
    """(sum, the most it could be) of the numbers given, where the card wants a sum; what does not apply counts nowhere."""
    given = [(c, answers[c.id].value) for c in card.criteria if c.kind == "range" and c.id in answers]
    numbers = [(value, criterion.high) for criterion, value in given if isinstance(value, int)]
    if not card.sum or not numbers:
        return None
    return sum(value for value, _high in numbers), sum(high for _value, high in numbers)


def key(name: str) -> str:
    """Names that mean the same person."""
    return " ".join(name.split()).casefold()


def visible(viewer: str, complete: Mapping[str, bool]) -> set[str]:
    """Whose answers to a card `viewer` may see; all by `key`. Blind until both are in: another's answers are shown when
    they are complete and the viewer's own are. Somebody who is known by no name sees them when two people are through.
    """
    done = {who for who, is_done in complete.items() if is_done}
    own = {viewer} & complete.keys()
    if viewer in done or (not viewer and not own and len(done) >= _SEEN_WITHOUT_SIDE):
        return own | done
    return own


def differing(answers: Iterable[Answers], criterion_id: str) -> bool:
    """Whether people who answered a criterion said different things; text always does, and is not compared."""
    values = {a[criterion_id].value for a in answers if criterion_id in a and a[criterion_id].value is not None}
    return len(values) > 1
