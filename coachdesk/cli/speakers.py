"""Who speaks, as it is said on the command line: --speaker, --merge and --split."""

from __future__ import annotations

from argparse import Namespace

from coachdesk.cli.arguments import is_number
from coachdesk.desk import amend as changes
from coachdesk.errors import InputError
from coachdesk.sentences import _


def amendments(asked: Namespace) -> list[changes.Amendment]:
    """In an order in which no change moves the numbers of lines a later one names: cuts last, the latest line first."""
    found: list[changes.Amendment] = [_spoken(lines, who) for lines, who in asked.speaker]
    found += [changes.MergeSpeakers(speaker, into) for speaker, into in asked.merge]
    cuts = [_cut(place, who) for place, who in asked.split]
    return found + sorted(cuts, key=lambda cut: (cut.utterance.zfill(9), cut.word), reverse=True)


def _spoken(lines: str, who: str) -> changes.Amendment:
    first, _dash, last = lines.partition("-")
    chosen: tuple[str, ...] = (first,)
    if last:
        if not (is_number(first) and is_number(last) and int(first) <= int(last)):
            raise InputError(_("{text} are no lines.").format(text=lines), _("Say 12 or 12-15."))
        chosen = tuple(str(n) for n in range(int(first), int(last) + 1))
    kind, colon, name = who.partition(":")
    return changes.NewSpeaker(name, chosen) if colon and kind == "new" else changes.Reassign(chosen, who)


def _cut(place: str, who: str) -> changes.SplitUtterance:
    line, at, word = place.partition("@")
    if not at or not is_number(word):
        raise InputError(
            _("{text} is no place to cut.").format(text=place), _("Say 12@5: line 12, before its fifth word.")
        )
    return changes.SplitUtterance(line, int(word) - 1, who)
