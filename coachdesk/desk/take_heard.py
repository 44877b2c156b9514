"""What a short stretch of own speech is like: how long, how fast, and whether it asks. For a take and for its original.

Length is from the first sound of a voice to the last; pace is words over that. A draft's words make both pace and form
rough, and that is said. Nothing here is stored, and nothing of it enters a number of a call.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.text import facts_of
from coachdesk.desk.recompute import Laid
from coachdesk.desk.work import Listening, Work
from coachdesk.errors import Cancelled, CoachDeskError
from coachdesk.model import Role, Utterance
from coachdesk.speech import protocol
from coachdesk.speech.engine import EngineChoice

LONGEST_MS = 60_000  # a take, and what is played as its original
LEAST_PACE_WORDS, LEAST_PACE_MS = 5, 1_500  # fewer say nothing about a pace
_ANSWER_MS = 30_000  # own words later than this after a moment are about something else
_PAUSE_MS = 3_000
_RESPONSE_WORDS = 3  # so short, it is "I see" and not what one would say once more


class Measured(msgspec.Struct, frozen=True):
    """`asks`: open | closed | none; "" where there are no words. `pace_wpm`: None where there are too few."""

    length_ms: int
    words: int | None = None
    pace_wpm: int | None = None
    asks: str = ""
    rough: bool = False


@dataclass(frozen=True, slots=True)
class Original:
    """The own words at a moment of a call, as they can be played."""

    start_ms: int
    end_ms: int
    said: Measured


def said(text: str, length_ms: int, language: str, rough: bool) -> Measured:
    """What words of this length are like. An unknown language has words and a pace, and no form."""
    words = len(text.split())
    enough = words >= LEAST_PACE_WORDS and length_ms >= LEAST_PACE_MS
    pace = round(words * 60_000 / length_ms) if enough else None
    table = lexicon(language)
    facts = facts_of(text, table) if table else None
    asks = ""
    if facts is not None and words:
        asking = [sentence for sentence in facts.sentences if sentence.asks]
        asks = "none" if not asking else "open" if any(sentence.open for sentence in asking) else "closed"
    return Measured(length_ms, words, pace, asks, rough)


def original(laid: Laid, start_ms: int, end_ms: int) -> Original:
    """The own turn in a moment, else the one that follows it within half a minute; without words the moment itself."""
    roles = laid.heard.roles
    after = [u for u in laid.heard.utterances if not u.suspect and u.end_ms > start_ms]
    own = [u for u in after if roles.get(u.speaker) is Role.REP]
    near = [u for u in own if u.start_ms < max(end_ms, start_ms + _ANSWER_MS)]
    first = next((u for u in near if len(u.text.split()) > _RESPONSE_WORDS), near[0] if near else None)
    if first is None:
        return Original(start_ms, end_ms, Measured(min(end_ms - start_ms, LONGEST_MS)))
    turn = _turn(first, [u for u in after if u.start_ms >= first.start_ms and u is not first], roles)
    begins, ends = turn[0].start_ms, turn[-1].end_ms
    rough = laid.transcript is None or laid.transcript.draft
    text = " ".join(u.text for u in turn)
    return Original(begins, ends, said(text, ends - begins, laid.heard.language, rough))


def _turn(first: Utterance, later: list[Utterance], roles: dict[str, Role]) -> list[Utterance]:
    """What goes on without the other side and without a long pause, for a minute at most."""
    turn = [first]
    for each in later:
        goes_on = roles.get(each.speaker) is Role.REP and each.start_ms - turn[-1].end_ms <= _PAUSE_MS
        if not goes_on or each.end_ms - first.start_ms > LONGEST_MS:
            break
        turn.append(each)
    return turn


def listen(work: Work, path: Path, choice: EngineChoice, peaks: Path) -> Measured | None:
    """A take as it is heard; None where no voice is in it. Where the engine fails there are no words."""
    try:
        return _listen(work, path, choice, peaks)
    except Cancelled:
        raise
    except CoachDeskError:
        if choice.engine == "none":
            raise
        return _listen(work, path, replace(choice, engine="none", model=""), peaks)


def _listen(work: Work, path: Path, choice: EngineChoice, peaks: Path) -> Measured | None:
    listening = Listening(work, path, choice, peaks=peaks, layout="mixed", voices=False)
    _opened, prepared = listening.until_prepared()
    words: list[str] = []

    def take(message: protocol.FromChild) -> None:
        if isinstance(message, protocol.ChunkHeard):
            words.extend(word.text for each in message.utterances if not each.suspect for word in each.words)

    listening.rest(take)
    runs = [run for channel in prepared.activity for run in channel if run[0] < LONGEST_MS]
    if not runs:
        return None
    length_ms = min(max(end for _start, end in runs), LONGEST_MS) - min(start for start, _end in runs)
    if choice.engine == "none" or not words:
        return Measured(length_ms)
    return said(" ".join(words), length_ms, choice.language or "en", choice.engine == "draft")
