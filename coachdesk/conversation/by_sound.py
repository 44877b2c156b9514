"""Numbers from who is active when: shares, stretches, pauses, overlaps. Good on every call whose sides are known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from statistics import median

from coachdesk.conversation.counted import (
    LAPSE_MS,
    LEAST_GAPS,
    MOMENTS,
    OVERLAPPING_START_MS,
    PHASE_MS,
    Count,
    Counted,
    Result,
)
from coachdesk.conversation.talk import SIDES, Talk
from coachdesk.conversation.turns import stretches, strict_stretches
from coachdesk.model import Grade, Role, Withheld
from coachdesk.spans import Moment, Span, total_ms


def talk_ratio(talk: Talk, role: Role) -> Result:
    return _share(talk, Span(0, max(1, talk.duration_ms)))


def _share(talk: Talk, part: Span) -> Result:
    own, other = (sum(run.overlap_ms(part) for run in talk.speech[side]) for side in SIDES)
    return Counted(own / (own + other), _longest(talk, Role.REP)) if own + other else Withheld("no_speech")


def phase(first_ms: Callable[[int], Span]) -> Count:
    def count(talk: Talk, role: Role) -> Result:
        if talk.duration_ms <= 2 * PHASE_MS:
            return Withheld("too_short_for_phases")
        found = _share(talk, first_ms(talk.duration_ms))
        return Counted(found.value) if isinstance(found, Counted) else found

    return count


def share_of_call(talk: Talk, role: Role) -> Result:
    return Counted(talk.speech_ms(role) / talk.duration_ms) if talk.duration_ms else Withheld("no_speech")


def _longest(talk: Talk, role: Role) -> tuple[Moment, ...]:
    spans = sorted(stretches(talk.floor, role), key=lambda span: (-span.duration_ms, span.start_ms))
    return tuple(talk.moment(span, role) for span in spans[:MOMENTS])


def longest_stretch(talk: Talk, role: Role) -> Result:
    found = _longest(talk, role)
    return Counted(found[0].span.duration_ms, found) if found else Withheld("no_speech")


def longest_strict(talk: Talk, role: Role) -> Result:
    spans = strict_stretches(talk.floor, role)
    longest = max(spans, key=lambda span: span.duration_ms, default=None)
    return Counted(longest.duration_ms, (talk.moment(longest, role),)) if longest else Withheld("no_speech")


def switches(talk: Talk, role: Role) -> Result:
    return Counted(talk.floor.switches)


def interactivity(talk: Talk, role: Role) -> Result:
    minutes = total_ms(talk.anyone) / 60_000
    return Counted(talk.floor.switches / minutes) if minutes else Withheld("no_speech")


def gaps(talk: Talk) -> list[tuple[int, Moment]]:
    """(ms, moment) from the end of each substantive turn of the other side to the own side's first word; may be < 0."""
    return [(ms, moment) for ms, moment, _ in talk.gaps]


def patience(talk: Talk, role: Role) -> Result:
    usable = sorted(
        ((max(0, ms), moment) for ms, moment in gaps(talk) if ms <= LAPSE_MS), key=lambda gap: (gap[0], gap[1].start_ms)
    )
    if len(usable) < LEAST_GAPS:
        return Withheld("too_few_gaps", {"n": len(usable), "needed": LEAST_GAPS})
    return Counted(median(ms for ms, _ in usable), tuple(moment for _, moment in usable[:MOMENTS]))


def lapses(talk: Talk, role: Role) -> Result:
    late = [moment for ms, moment in gaps(talk) if ms > LAPSE_MS]
    return Counted(len(late), tuple(late))


def overlap(talk: Talk, role: Role) -> Result:
    speech = total_ms(talk.anyone)
    moments = sorted(talk.together, key=lambda span: (-span.duration_ms, span.start_ms))
    return (
        Counted(total_ms(talk.together) / speech, tuple(talk.moment(span) for span in moments))
        if speech
        else Withheld("no_speech")
    )


def overlapping(talk: Talk) -> list[Moment]:
    """Starts of the own side at least 0.25 s before the other ends, no short response, going on at least 0.5 s."""
    found = []
    others = talk.speech[Role.OTHER]
    for unit in talk.floor.units:
        if unit.role is not Role.REP or unit.short or unit.span.duration_ms < 500:
            continue
        at = bisect_left(others, Span(unit.span.start_ms, unit.span.start_ms)) - 1
        if at >= 0 and unit.span.start_ms <= others[at].end_ms - OVERLAPPING_START_MS:
            found.append(talk.moment(Span(max(0, unit.span.start_ms - 3_000), unit.span.end_ms)))
    return found


def overlapping_starts(talk: Talk, role: Role) -> Result:
    found = overlapping(talk)
    minutes = total_ms(talk.anyone) / 600_000
    return Counted(len(found) / minutes, tuple(found)) if minutes else Withheld("no_speech")


def _silences(talk: Talk) -> list[Span]:
    edges = [0, *(edge for run in talk.anyone for edge in (run.start_ms, run.end_ms)), talk.duration_ms]
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _times_made_up(talk: Talk) -> bool:
    """Whether words without sound lie end to end from the first to the last moment: times spread by words, or those of a
    reader who saw no pauses. Nobody speaks so, and the silence they leave out is not known to be none.
    """
    return talk.timing is Grade.C and bool(talk.anyone) and not _silences(talk)


def silence(talk: Talk, role: Role) -> Result:
    if _times_made_up(talk):
        return Withheld("times_unknown")
    return Counted(total_ms(_silences(talk)) / talk.duration_ms) if talk.duration_ms else Withheld("no_speech")


def longest_silence(talk: Talk, role: Role) -> Result:
    if _times_made_up(talk):
        return Withheld("times_unknown")
    longest = max(_silences(talk), key=lambda span: span.duration_ms, default=None)
    return Counted(longest.duration_ms, (Moment(longest.start_ms, longest.end_ms),)) if longest else Counted(0)
