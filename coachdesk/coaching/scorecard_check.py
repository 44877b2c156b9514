"""What is wrong with a scorecard: each problem with the word its line holds, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coachdesk.coaching.scorecard import NOT_APPLICABLE, WIDEST_RANGE, Card, Criterion

Problem = tuple[str, str, str]  # what is wrong, a word of the line, the mend
_BLANK = re.compile(r"\{(\w*)\}")
_KNOWN_BLANKS = ("own", "other")


def twice(cards: list[Card]) -> list[Problem]:
    """Cards of one playbook or file that have the same id."""
    ids = [card.id for card in cards]
    return [
        (f'scorecard "{one}" stands twice', f'"{one}"', "Remove one of them, or give it another id.")
        for one in sorted({one for one in ids if ids.count(one) > 1})
    ]


def problems(card: Card, languages: list[str], rules: frozenset[str] | None) -> list[Problem]:
    """`languages`: the first must be there. `rules`: those a criterion may name; None where that is not known yet."""
    return list(_problems(card, languages[:1], rules))


def _problems(card: Card, first: list[str], rules: frozenset[str] | None) -> Iterator[Problem]:
    word = f'"{card.id}"'
    if not card.criteria:
        yield f'scorecard "{card.id}" asks nothing', word, "Add [[scorecard.criteria]]."
    for language in first:
        if not (card.text.get(language) and card.text[language].name.strip()):
            yield f'scorecard "{card.id}" has no name in "{language}"', word, f"Add [scorecard.text.{language}]."
    if card.sum and not any(criterion.kind == "range" for criterion in card.criteria):
        yield f'scorecard "{card.id}" adds up nothing', word, "Remove sum = true, or ask for a number."
    ids = [criterion.id for criterion in card.criteria]
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        yield f'criterion "{one}" of scorecard "{card.id}" stands twice', f'"{one}"', "Give it another id."
    for text in card.text.values():
        yield from _blanks(f'scorecard "{card.id}"', word, f"{text.name} {text.about}")
    for criterion in card.criteria:
        for problem, mend in _of_criterion(criterion, first, rules):
            yield f'criterion "{criterion.id}" of scorecard "{card.id}": {problem}', f'"{criterion.id}"', mend
        yield from _blanks(f'criterion "{criterion.id}"', f'"{criterion.id}"', _written(criterion))


def _of_criterion(criterion: Criterion, first: list[str], rules: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    if not re.fullmatch(r"[a-z0-9_]+", criterion.id):
        yield "its id is no plain word", "Use small letters, digits and _."
    for language in first:
        text = criterion.text.get(language)
        if text is None or not text.name.strip():
            yield f'it has no name in "{language}"', f'Add text.{language} = {{ name = "..." }}.'
    if criterion.kind == "range" and not criterion.low < criterion.high <= criterion.low + WIDEST_RANGE:
        yield (
            f"there is no range from {criterion.low} to {criterion.high}",
            f"low is less than high, by {WIDEST_RANGE} at most.",
        )
    if criterion.kind == "choice" and len(criterion.options) < 2:
        yield "there is nothing to choose from", 'Add options = ["...", "..."].'
    if criterion.kind != "choice" and criterion.options:
        yield f"a {criterion.kind} criterion has options", 'Remove them, or write kind = "choice".'
    if len(set(criterion.options)) < len(criterion.options) or {NOT_APPLICABLE, "na"} & set(criterion.options):
        yield "an option stands twice, or is n/a", "Give each its own id; write may_be_na = true for n/a."
    if criterion.rule and criterion.kind != "yes_no":
        yield (
            f'a rule cannot answer a criterion of kind "{criterion.kind}"',
            'Write kind = "yes_no", or remove the rule.',
        )
    if criterion.rule and rules is not None and criterion.rule not in rules:
        yield f'there is no rule "{criterion.rule}" in this playbook', "Add it to rules, or remove it here."
    yield from _texts(criterion)


def _texts(criterion: Criterion) -> Iterator[tuple[str, str]]:
    numbers = {str(n) for n in range(criterion.low, criterion.high + 1)} if criterion.kind == "range" else set()
    for language, text in criterion.text.items():
        for anchor in sorted(text.anchors.keys() - numbers):
            yield f'it explains "{anchor}", which cannot be chosen', "Anchors are numbers of the range."
        for option in sorted(text.options.keys() - set(criterion.options)):
            yield f'it names the option "{option}", which is not there', "Add it to options, or remove the name."
        for option in criterion.options:
            if option not in text.options:
                yield f'option "{option}" has no name in "{language}"', f'Add {option} = "..." to its options.'


def _written(criterion: Criterion) -> str:
    return " ".join(
        part
        for text in criterion.text.values()
        for part in (text.name, text.guidance, *text.anchors.values(), *text.options.values())
    )


def _blanks(what: str, word: str, text: str) -> Iterator[Problem]:
    for blank in sorted(set(_BLANK.findall(text)) - set(_KNOWN_BLANKS)):
        yield f'{what}: nothing fills "{{{blank}}}"', word, "Only {own} and {other} are filled."
