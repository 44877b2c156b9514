"""The brief of a call: slots of the playbook, each filled with what was said, word for word, with its moment to play.

No summary is written and nothing is guessed: a slot without a line says why. Facts that were stated, never a rating of
a person. In trades that watch for protected topics, what touches one stays out: the question, the answer to it, and pay
history however it came up. Pure; wording it for people and handing it on is for the faces.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from coachdesk.coaching.findings import quoted, sides_missing
from coachdesk.coaching.playbook import Playbook, Slot
from coachdesk.model import Facts, Needs, NextStep, Role, TrackerHit, Utterance, WordsGrade

OPENING_WORDS = 8  # fewer words do not say what a call is about
PASSING_WORDS = 3  # as much may be said in between without taking over: "Right, I see."
NOT_FOUND = "not_found"
PRIVATE = "private:"  # hits the other side's own words get where they are not to be handed on
_OPENING_MS = 180_000
_ENDS = ".!?…"


@dataclass(frozen=True, slots=True)
class BriefLine:
    """Something said. `owner` and `due` belong to next steps; a step of the person's own may have no moment."""

    start_ms: int | None
    end_ms: int | None
    utterance: str | None
    quote: str
    role: Role
    owner: str = ""
    due: str | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with its lines, in order of time; `missing` says by its code why there are none."""

    slot: Slot
    lines: tuple[BriefLine, ...]
    missing: str = ""


def brief(
    facts: Facts, playbook: Playbook, steps: Sequence[NextStep], still_open: Set[str] = frozenset()
) -> tuple[Filled, ...]:
    """Every slot of the playbook, in its order.

    `steps`: the next steps of the call as they stand by now; `still_open`: ids of the utterances with questions of the other
    side that were not answered, as `conversation` finds them.
    """
    bench = _Bench(facts, playbook, steps, still_open)
    return tuple(bench.fill(slot) for slot in playbook.slots)


def unfit(facts: Facts) -> str:
    """The code of the reason why these words carry no brief; "" where they do."""
    if facts.words.cannot(Needs.WORDS, facts.draft):
        return facts.words.cannot(Needs.WORDS, facts.draft)
    if not facts.has_tables:
        return "no_language_table"
    return "" if facts.sides_known else sides_missing(facts)


def kept_back(facts: Facts, playbook: Playbook) -> frozenset[str]:
    """Utterances that are quoted to nobody: they touch protected topics, answer such a question, or tell pay history."""
    return _Bench(facts, playbook, ()).kept_back


def is_rough(facts: Facts) -> bool:
    """Whether the quotes are a draft's words, or an unsure engine's: to be read over before they are handed on."""
    return facts.draft or facts.words is not WordsGrade.GOOD


class _Bench:
    """One call laid out for its slots."""

    def __init__(
        self, facts: Facts, playbook: Playbook, steps: Sequence[NextStep], still_open: Set[str] = frozenset()
    ) -> None:
        self._facts, self._steps = facts, [step for step in steps if step.state != "dropped"]
        self._still_open = still_open
        self._said = [utterance for utterance in facts.utterances if not utterance.suspect]
        self._at = {utterance.id: n for n, utterance in enumerate(self._said)}
        self._why = unfit(facts)
        self.kept_back = self._what_is_kept_back() if playbook.guards else frozenset()

    def fill(self, slot: Slot) -> Filled:
        if slot.filled_by == "next_steps":  # a person's own need no words
            lines = [self._step(step) for step in self._steps]
        elif self._why:
            lines = []
        else:
            lines = self._from_words(slot)
        lines = [line for line in lines if line.utterance not in self.kept_back or line.utterance is None]
        return Filled(slot, tuple(lines), "" if lines else self._why or self._missing(slot))

    def _from_words(self, slot: Slot) -> list[BriefLine]:
        if slot.filled_by == "open_questions":
            return [self._line(u) for u in self._said if u.id in self._still_open][: slot.most]
        if slot.filled_by == "opening":
            return [self._line(u) for u in self._opening(slot)[: slot.most]]
        return self._of_tracker(slot)

    def _missing(self, slot: Slot) -> str:
        return "no_word_list" if slot.tracker in self._facts.unheard else NOT_FOUND

    # --- trackers

    def _of_tracker(self, slot: Slot) -> list[BriefLine]:
        """The other side's words before the own, long ones before short ones; a question is worth its answer."""
        found: dict[str, Utterance] = {}
        for hit in self._hits(slot):
            for utterance in self._worth(hit):
                if utterance.id not in self.kept_back:
                    found.setdefault(utterance.id, utterance)
        best = sorted(found.values(), key=lambda u: (self._role(u) is not Role.OTHER, -_words(u), u.start_ms))
        return [self._line(u) for u in sorted(best[: slot.most], key=lambda u: (u.start_ms, u.id))]

    def _hits(self, slot: Slot) -> list[TrackerHit]:
        return [
            hit
            for hit in self._facts.hits
            if hit.tracker == slot.tracker and slot.side in ("any", hit.role.value) and hit.utterance in self._at
        ]

    def _worth(self, hit: TrackerHit) -> list[Utterance]:
        """What a hit is worth quoting: the line itself, or where it asks the other side, what they answer."""
        said = self._said[self._at[hit.utterance]]
        if hit.role is not Role.REP or not _asks_in(said.text, hit.phrase):
            return [said]
        answer = self._answer(said)
        return [max(answer, key=lambda u: (_words(u), -u.start_ms))] if answer else []

    # --- other kinds

    def _opening(self, slot: Slot) -> list[Utterance]:
        """What the call is about, as the own side says it: where the tracker hits, else the first whole line that tells."""
        hits = [self._said[self._at[hit.utterance]] for hit in self._hits(slot)] if slot.tracker else []
        notices = {hit.utterance for hit in self._facts.hits if hit.tracker == "recording_notice"}
        first = [
            u
            for u in self._said
            if self._role(u) is Role.REP
            and u.start_ms < min(_OPENING_MS, self._facts.duration_ms // 2)
            and _words(u) >= OPENING_WORDS
            and "?" not in u.text  # a greeting asks: "Hi, is that Dana?"
            and u.id not in notices
        ]
        return hits[:1] or first[:1]

    def _step(self, step: NextStep) -> BriefLine:
        said = None if step.start_ms is None else self._near(step.start_ms)
        start = step.start_ms
        end = None if start is None else max(said.end_ms if said else 0, start + 1)
        return BriefLine(
            start,
            end,
            said.id if said else None,
            quoted(step.text),
            self._role(said) if said else Role(step.owner) if step.owner in ("rep", "other") else Role.UNKNOWN,
            step.owner,
            step.due,
            step.state,
        )

    def _near(self, at_ms: int) -> Utterance | None:
        return min(
            (u for u in self._said if u.start_ms <= at_ms < max(u.end_ms, u.start_ms + 1)),
            key=lambda u: (abs(u.start_ms - at_ms), u.id),
            default=None,
        )

    # --- who answers whom

    def _answer(self, said: Utterance) -> list[Utterance]:
        """What the other side says in its next turn after a line: lines in a row, passing remarks of others left out."""
        turn: list[Utterance] = []
        for utterance in self._said[self._at[said.id] + 1 :]:
            if self._role(utterance) is Role.OTHER:
                turn.append(utterance)
            elif turn and _words(utterance) > PASSING_WORDS:
                break
        return turn

    def _what_is_kept_back(self) -> frozenset[str]:
        """Lines that touch a protected topic, what the other side says next to an own one, and pay history."""
        back = {hit.utterance for hit in self._facts.hits if hit.tracker.startswith(("protected:", PRIVATE))}
        asked = [
            hit.utterance
            for hit in self._facts.hits
            if hit.tracker.startswith("protected:") and hit.role is Role.REP and hit.utterance in self._at
        ]
        for name in asked:
            back |= {utterance.id for utterance in self._answer(self._said[self._at[name]])}
        return frozenset(back)

    def _role(self, utterance: Utterance) -> Role:
        return self._facts.roles.get(utterance.speaker, Role.UNKNOWN)

    def _line(self, utterance: Utterance) -> BriefLine:
        end = max(utterance.end_ms, utterance.start_ms + 1)
        return BriefLine(utterance.start_ms, end, utterance.id, quoted(utterance.text), self._role(utterance))


def _words(utterance: Utterance) -> int:
    return len(utterance.text.split())


def _asks_in(text: str, phrase: str) -> bool:
    """Whether the sentence that holds a phrase ends with a question mark."""
    at = text.find(phrase) if phrase else -1
    rest = text[at + len(phrase) :] if at >= 0 else text
    end = next((c for n, c in enumerate(rest) if c in _ENDS and (n + 1 == len(rest) or rest[n + 1].isspace())), "")
    return end == "?"
