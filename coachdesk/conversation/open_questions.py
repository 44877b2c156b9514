"""Questions of the other side that were still open when the call ended: asked, and answered not at all or with "I will see".

A question counts as open where the own side says fewer than LEAST_ANSWER_WORDS before the other side goes on, or where what
it says first promises something ("let me check"). Craft, not measured: faces say "may still be open", with the moment. The
one place that judges this: the brief and the case show what it finds.
Pure; asks nothing of a language but its word for a promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coachdesk.conversation.lexicon import Lexicon, lexicon
from coachdesk.conversation.text import straight, words_of
from coachdesk.model import Facts, Role, Utterance

LEAST_ANSWER_WORDS = 4
_PROMISE = "commitment"


def left_open(facts: Facts) -> list[Utterance]:
    """The other side's questions that stayed open on a call, in order of time; none where questions could not be counted."""
    signal = facts.signals.get("other_questions")
    if signal is None or signal.value is None:
        return []
    asked = [moment.utterance for moment in signal.moments if moment.utterance is not None]
    return still_open(asked, facts.utterances, facts.roles, lexicon(facts.language))


def still_open(
    asked: Sequence[str], said: Sequence[Utterance], roles: Mapping[str, Role], table: Lexicon | None
) -> list[Utterance]:
    """Of the utterances `asked` (ids of the other side's questions), those that stayed open, in order of time.

    `said`: the call's utterances in order; `roles`: sides by speaker label. A question asked again counts once, where it was
    asked last.
    """
    wanted = set(asked)
    counted = [u for u in said if not u.suspect]
    found = [(n, u) for n, u in enumerate(counted) if u.id in wanted and _is_open(_reply(counted, n, roles), table)]
    last: dict[str, Utterance] = {" ".join(words_of(u.text)): u for _, u in found}
    return sorted(last.values(), key=lambda u: u.start_ms)


def _reply(said: Sequence[Utterance], n: int, roles: Mapping[str, Role]) -> list[str]:
    """What the own side says after an utterance, until the other side says more than it hums."""
    reply: list[str] = []
    for u in said[n + 1 :]:
        if roles.get(u.speaker) is Role.REP:
            reply.append(u.text)
        elif reply and len(words_of(u.text)) >= LEAST_ANSWER_WORDS:
            break
    return reply


def _is_open(reply: list[str], table: Lexicon | None) -> bool:
    if sum(len(words_of(text)) for text in reply) < LEAST_ANSWER_WORDS:
        return True
    promise = table.cues.get(_PROMISE) if table else None
    return promise is not None and promise.search(straight(reply[0])) is not None
