"""A scorecard while a person changes it: in one language, checked field by field, and written into a playbook's text.

The card of the sets that a playbook picked becomes the playbook's own with the first change, under the same id, so that
answers go on standing where the same is asked. Ids never change with words: answers hang on them. Pure; what the whole
playbook says to the result, `playbook_file` knows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec

from coachdesk.coaching import playbook_edit as edit
from coachdesk.coaching.scorecard import NOT_APPLICABLE, WIDEST_RANGE, Card, CardText, Criterion, CriterionText, Kind
from coachdesk.coaching.scorecard_check import KNOWN_BLANKS
from coachdesk.coaching.toml_parts import Parts

TABLE, PICKED = "scorecard", "scorecards"
_BLANK = re.compile(r"\{(\w*)\}")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose. `id` "" is one that is new."""

    name: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class DraftCriterion:
    """A criterion as it is being written. What does not go with its kind is kept while the kind may change back."""

    name: str = ""
    kind: Kind = "range"
    guidance: str = ""
    low: int = 1
    high: int = 5
    anchors: tuple[tuple[int, str], ...] = ()
    options: tuple[Option, ...] = ()
    required: bool = True
    may_be_na: bool = False
    rule: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A card as it is being written."""

    name: str = ""
    about: str = ""
    sum: bool = False
    criteria: tuple[DraftCriterion, ...] = ()


class Wrong(NamedTuple):
    """What does not fit: the criterion's number (-1: the card itself), its field, and a code a face has words for."""

    at: int
    field: str
    code: str


def draft_of(card: Card, language: str) -> DraftCard:
    """A card in one language."""
    words = card.words(language)
    return DraftCard(words.name, words.about, card.sum, tuple(_draft(each, language) for each in card.criteria))


def _draft(criterion: Criterion, language: str) -> DraftCriterion:
    words = criterion.words(language)
    return DraftCriterion(
        words.name,
        criterion.kind,
        words.guidance,
        criterion.low,
        criterion.high,
        tuple((n, words.anchors[str(n)]) for n in sorted(map(int, words.anchors))),
        tuple(Option(words.options.get(each, each), each) for each in criterion.options),
        criterion.required,
        criterion.may_be_na,
        criterion.rule,
        criterion.id,
    )


# --- whether it can be meant


def wrong(draft: DraftCard, rules: Collection[str]) -> list[Wrong]:
    """What does not fit, in the order of the fields; a card without any is in order for the playbook too. `rules`: those
    of the playbook that may answer a criterion.
    """
    return list(_wrong(draft, rules))


def _wrong(draft: DraftCard, rules: Collection[str]) -> Iterator[Wrong]:
    yield from _words(-1, "name", draft.name, needed=True)
    yield from _words(-1, "about", draft.about)
    if draft.sum and not any(each.kind == "range" for each in draft.criteria):
        yield Wrong(-1, "sum", "nothing_to_add")
    if not draft.criteria:
        yield Wrong(-1, "criteria", "no_criteria")
    for at, criterion in enumerate(draft.criteria):
        yield from _words(at, "name", criterion.name, needed=True)
        yield from _of_kind(at, criterion)
        yield from _words(at, "guidance", criterion.guidance)
        if criterion.kind == "yes_no" and criterion.rule and criterion.rule not in rules:
            yield Wrong(at, "rule", "no_such_rule")


def _of_kind(at: int, criterion: DraftCriterion) -> Iterator[Wrong]:
    if criterion.kind == "range":
        if not criterion.low < criterion.high:
            yield Wrong(at, "range", "ends_before")
        elif criterion.high > criterion.low + WIDEST_RANGE:
            yield Wrong(at, "range", "too_wide")
        for _number, said in _anchors(criterion):
            yield from _words(at, "anchors", said)
    if criterion.kind == "choice":
        names = [tidy(option.name).casefold() for option in _options(criterion)]
        if len(names) < 2:
            yield Wrong(at, "options", "too_few")
        elif len(set(names)) < len(names):
            yield Wrong(at, "options", "twice")
        for name in names:
            yield from _words(at, "options", name)


def _words(at: int, field: str, said: str, needed: bool = False) -> Iterator[Wrong]:
    if needed and not tidy(said):
        yield Wrong(at, field, "needs_words")
    if set(_BLANK.findall(said)) - set(KNOWN_BLANKS):
        yield Wrong(at, field, "blank")


def tidy(said: str) -> str:
    """Words on one line, without what surrounds them."""
    return _SPACE.sub(" ", said).strip()


# --- the card it makes


def card_of(draft: DraftCard, language: str, before: Card | None, card_id: str) -> Card:
    """The card of a draft that is in order. Texts in other languages than `language` stay those of `before`."""
    known = {criterion.id: criterion for criterion in before.criteria} if before else {}
    taken = [criterion.id for criterion in draft.criteria if criterion.id]
    criteria = []
    for one in draft.criteria:
        criterion_id = one.id or edit.fresh_id(one.name, [*taken, *known])
        taken.append(criterion_id)
        criteria.append(_criterion(replace(one, id=criterion_id), language, known.get(criterion_id)))
    text = {**(before.text if before else {}), language: CardText(tidy(draft.name), tidy(draft.about))}
    return Card(card_id, text, criteria, draft.sum)


def _criterion(draft: DraftCriterion, language: str, before: Criterion | None) -> Criterion:
    options = _with_ids(draft)
    names = {option.id: tidy(option.name) for option in options}
    anchors = {str(number): tidy(said) for number, said in _anchors(draft)}
    own = CriterionText(tidy(draft.name), tidy(draft.guidance), anchors, names)
    others = before.text if before else {}
    text = {**{each: _kept(words, draft, names) for each, words in others.items()}, language: own}
    ranged = draft.kind == "range"
    return Criterion(
        draft.id,
        draft.kind,
        text,
        draft.low if ranged else 1,
        draft.high if ranged else 5,
        list(names),
        draft.required,
        draft.may_be_na,
        draft.rule if draft.kind == "yes_no" else "",
    )


def _kept(words: CriterionText, draft: DraftCriterion, names: dict[str, str]) -> CriterionText:
    """Words in another language, without what is gone; what is new is called as it is in the language that was written."""
    numbers = {str(n) for n in range(draft.low, draft.high + 1)} if draft.kind == "range" else set()
    anchors = {n: said for n, said in words.anchors.items() if n in numbers}
    options = {each: words.options.get(each, name) for each, name in names.items()}
    return CriterionText(words.name, words.guidance, anchors, options)


def _anchors(draft: DraftCriterion) -> list[tuple[int, str]]:
    """What is said of numbers that can be chosen."""
    if draft.kind != "range":
        return []
    return [(n, said) for n, said in draft.anchors if draft.low <= n <= draft.high and tidy(said)]


def _options(draft: DraftCriterion) -> list[Option]:
    return [option for option in draft.options if tidy(option.name)] if draft.kind == "choice" else []


def _with_ids(draft: DraftCriterion) -> list[Option]:
    taken = [NOT_APPLICABLE, "na", *(option.id for option in draft.options if option.id)]
    made: list[Option] = []
    for option in _options(draft):
        made.append(option if option.id else replace(option, id=edit.fresh_id(option.name, taken)))
        taken.append(made[-1].id)
    return made


# --- in the text of a playbook


def fresh_card(text_cards: Sequence[Card], name: str) -> str:
    """An id for a new card, made from its name."""
    return edit.fresh_id(name, [card.id for card in text_cards])


def copied(card: Card, rules: Collection[str]) -> Card:
    """A card of a set as a playbook's own: what only rules of another playbook answer, people answer."""
    criteria = [c if c.rule in rules else msgspec.structs.replace(c, rule="") for c in card.criteria]
    made: Card = msgspec.structs.replace(card, criteria=criteria, version="")
    return made


def put_card(text: str, card: Card) -> str:
    """A card into the playbook's text: in its place where it is there, else after the others; it is picked from no set."""
    text = _unpicked(text, card.id)
    parts = Parts.of(text)
    at = next((n for n, entry in parts.entries((TABLE,)) if entry.get("id") == card.id), None)
    text = parts.alone(at).text() if at is not None else text
    return edit.set_entry(text, TABLE, card.id, {**_NOTHING, **_values(card)})


def remove_card(text: str, card_id: str) -> str:
    """A card out of the playbook, its own or picked. Calls that were scored keep their answers and the card as it was."""
    if card_id in _own_ids(text):
        return edit.remove_entry(text, TABLE, card_id)
    return _unpicked(text, card_id)


def _own_ids(text: str) -> list[str]:
    return [str(entry.get("id")) for _, entry in Parts.of(text).entries((TABLE,))]


def _unpicked(text: str, card_id: str) -> str:
    def change(root: Any) -> None:
        if card_id in root.get(PICKED, []):
            root[PICKED].remove(card_id)

    return Parts.of(text).changed(0, change).text()


_NOTHING = dict.fromkeys(("sum", "text", "criteria"))


def _values(card: Card) -> dict[str, Any]:
    """A card as it is written: only what is not usual, so that a file stays readable."""
    usual = {"version": "", "sum": False}
    whole = msgspec.to_builtins(card)
    values = {
        name: value for name, value in whole.items() if usual.get(name) != value and name not in ("id", "criteria")
    }
    return {**values, "text": _spoken(whole["text"]), "criteria": [_written(each) for each in whole["criteria"]]}


def _written(criterion: dict[str, Any]) -> dict[str, Any]:
    ranged = criterion["kind"] == "range"
    usual = {"options": [], "required": True, "may_be_na": False, "rule": ""}
    left = {"text", *(() if ranged else ("low", "high"))}
    kept = {n: v for n, v in criterion.items() if n not in left and (n not in usual or usual[n] != v)}
    return {**kept, "text": _spoken(criterion["text"])}


def _spoken(text: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Words by language, without what says nothing."""
    return {language: {n: said for n, said in words.items() if said} for language, words in text.items()}
