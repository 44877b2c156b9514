"""Why a number cannot be given: the words are missing or too doubtful, the language has none, there is too little of it."""

from __future__ import annotations

from coachdesk.conversation.counted import CROWDED_OVERLAP, LEAST_SHARE, LEAST_SPEECH_MS, LEAST_WORDS
from coachdesk.conversation.talk import SIDES, Talk
from coachdesk.model import Needs, Role, Withheld, WordsGrade
from coachdesk.spans import total_ms


def words_missing(
    needs: Needs, talk: Talk, side: Role | None = None, leans_on: tuple[str, ...] = ()
) -> Withheld | None:
    """Why the words of this call, or of one side, cannot carry a number that leans on them so, and on these of the table."""
    if needs is Needs.SOUND:
        return None
    if code := talk.words_of(side).cannot(needs, talk.draft):
        return Withheld(code)
    if talk.table is None:
        return Withheld("no_language_table", {"language": talk.language})
    if not all(talk.table.has(name) for name in leans_on):
        return Withheld("no_word_list", {"language": talk.language})
    return None


def too_short(talk: Talk) -> Withheld | None:
    """Too little speech, too few words, or one side hardly there."""
    if talk.all_speech_ms < LEAST_SPEECH_MS:
        return Withheld("too_short", {"speech_ms": talk.all_speech_ms})
    if {WordsGrade.GOOD, WordsGrade.ROUGH} & {talk.words_of(role) for role in (None, *SIDES)}:
        words = sum(talk.word_count.values())
        if words < LEAST_WORDS:
            return Withheld("too_few_words", {"words": words})
        if talk.sides_known and min(talk.word_count[side] for side in SIDES) < LEAST_SHARE * words:
            return Withheld("one_sided")
    return None


def crowded(talk: Talk) -> bool:
    """Both sides active at once for more than 15 % of the speech: attribution looks wrong."""
    return talk.sides_known and total_ms(talk.together) > CROWDED_OVERLAP * max(1, total_ms(talk.anyone))
