"""Signals of interviews: examples that stayed short without a deeper question, and wordings that give an answer away.

They look at the questions and never at the person who answers.
"""

from __future__ import annotations

from coachdesk.conversation import by_words
from coachdesk.conversation.counted import Counted, Result
from coachdesk.conversation.picked_up import moments
from coachdesk.conversation.talk import Talk
from coachdesk.model import Role

THIN_WORDS = 40  # an example in fewer words than this has hardly a situation, an action and a result


def thin_unprobed(talk: Talk) -> Result:
    """Answers under 40 words to a question for an example, after which the own side neither probes nor follows up."""
    thin = []
    turns = talk.turn_lines
    for (turn, asked), (answering, answer), (_, reply) in zip(turns, turns[1:], [*turns[2:], (None, [])], strict=False):
        example = turn.role is Role.REP and any("behavioural_q" in line.facts.patterns for line in asked)
        short = answering.role is Role.OTHER and sum(line.facts.words for line in answer) < THIN_WORDS
        if example and short and not by_words.follows_up(talk, answer, reply):
            thin.append(answer[0])
    return Counted(len(thin), moments(thin))


def giving_away(talk: Talk) -> Result:
    """Own lines that give the wanted answer away ("you are fine with that, right?") or judge one aloud ("great answer")."""
    found = [line for line in talk.of(Role.REP) if line.facts.cues.get("leading")]
    return Counted(len(found), moments(found))
