"""The catalogue of metrics: every number that is shown, each with its definition and its one pure function.

Tooltips, help, the glossary and the playbook checks derive from METRICS. Names and definitions use {own} and {other}
for the two sides, since a trade calls them what it likes. A metric that a recording cannot support is withheld with a
reason; it is never guessed. DEFINITIONS stamps every result: change it when a definition changes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median

from coachdesk.conversation import sentiment
from coachdesk.conversation.talk import SIDES, Line, Talk
from coachdesk.conversation.turns import stretches, strict_stretches
from coachdesk.model import Basis, Grade, Measurement, Moment, Needs, Role, Span, Withheld, WordsGrade, total_ms

DEFINITIONS = "2026.1"

LEAST_SPEECH_MS = 3 * 60_000  # below this, and below LEAST_WORDS, statistics are withheld: "too short to measure"
LEAST_WORDS = 150
LEAST_SHARE = 0.05
LEAST_TURNS = 10
LEAST_GAPS = 8
LAPSE_MS = 5_000
OVERLAPPING_START_MS = 250
CROWDED_OVERLAP = 0.15  # more than this: who spoke is doubtful
LONG_ANSWER_WORDS = 15
MOMENTS = 5
_PHASE_MS = 5 * 60_000


@dataclass(frozen=True, slots=True)
class Counted:
    """A value with the moments it was counted from."""

    value: float
    moments: tuple[Moment, ...] = ()


Result = Counted | Withheld
Count = Callable[[Talk, Role], Result]


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of the catalogue. `anyhow`: a plain fact, given however short the call is."""

    id: str
    unit: str
    needs: Needs
    subjects: tuple[str, ...]
    name: str
    definition: str
    count: Count
    anyhow: bool = False
    two_channels: bool = False
    turns: bool = False  # leans on who took over from whom: held back where attribution is doubtful


def measure(talk: Talk) -> list[Measurement]:
    """All metrics of the catalogue for a call, in the catalogue's order."""
    return [_one(metric, talk, subject) for metric in METRICS for subject in metric.subjects]


def _one(metric: Metric, talk: Talk, subject: str) -> Measurement:
    role = Role.OTHER if subject == "side:other" else Role.REP
    found = withheld_reason(metric, talk) or metric.count(talk, role)
    basis = talk.basis if metric.turns or metric.id in _SHORT_RESPONSES_MATTER else None
    if basis is None:
        basis = Basis.SOUND if metric.needs is Needs.SOUND else Basis.WORDS
    if isinstance(found, Withheld):
        return Measurement(metric.id, subject, None, metric.unit, talk.timing, basis, found)
    return Measurement(
        metric.id,
        subject,
        round(found.value, 6),
        metric.unit,
        talk.timing,
        basis,
        moments=tuple(moment.span for moment in found.moments[:MOMENTS]),
        rough=metric.needs is not Needs.SOUND and talk.words is WordsGrade.ROUGH,
    )


def withheld_reason(metric: Metric, talk: Talk) -> Withheld | None:
    """Why this metric cannot be given for this call, before counting."""
    if not talk.sides_known and metric.subjects != ("call",):
        return Withheld("speakers_unknown")
    if not talk.sides_known and metric.turns:
        return Withheld("speakers_unknown")
    if metric.two_channels and talk.timing is not Grade.A:
        return Withheld("needs_two_channels")
    if metric.turns and crowded(talk):
        return Withheld("attribution_doubtful")
    if (missing := words_missing(metric.needs, talk)) is not None:
        return missing
    return None if metric.anyhow else too_short(talk)


def words_missing(needs: Needs, talk: Talk) -> Withheld | None:
    """Why the words of this call cannot carry a number that leans on them so much."""
    if needs is Needs.SOUND:
        return None
    if talk.words is WordsGrade.NONE:
        return Withheld("no_words")
    if talk.words is WordsGrade.POOR:
        return Withheld("draft_too_poor")
    if needs is Needs.WORDS and talk.words is WordsGrade.ROUGH:
        return Withheld("draft")
    if talk.table is None:
        return Withheld("no_language_table", {"language": talk.language})
    return None


def too_short(talk: Talk) -> Withheld | None:
    """Too little speech, too few words, or one side hardly there."""
    if talk.all_speech_ms < LEAST_SPEECH_MS:
        return Withheld("too_short", {"speech_ms": talk.all_speech_ms})
    if talk.words in (WordsGrade.GOOD, WordsGrade.ROUGH):
        words = sum(talk.word_count.values())
        if words < LEAST_WORDS:
            return Withheld("too_few_words", {"words": words})
        if talk.sides_known and min(talk.word_count[side] for side in SIDES) < LEAST_SHARE * words:
            return Withheld("one_sided")
    return None


def crowded(talk: Talk) -> bool:
    """Both sides active at once for more than 15 % of the speech: attribution looks wrong."""
    return talk.sides_known and total_ms(talk.together) > CROWDED_OVERLAP * max(1, total_ms(talk.anyone))


# --- from sound


def _talk_ratio(talk: Talk, role: Role) -> Result:
    return _share(talk, Span(0, max(1, talk.duration_ms)))


def _share(talk: Talk, part: Span) -> Result:
    own, other = (sum(run.overlap_ms(part) for run in talk.speech[side]) for side in SIDES)
    return Counted(own / (own + other), _longest(talk, Role.REP)) if own + other else Withheld("no_speech")


def _phase(first_ms: Callable[[int], Span]) -> Count:
    def count(talk: Talk, role: Role) -> Result:
        if talk.duration_ms <= 2 * _PHASE_MS:
            return Withheld("too_short_for_phases")
        found = _share(talk, first_ms(talk.duration_ms))
        return Counted(found.value) if isinstance(found, Counted) else found

    return count


def _share_of_call(talk: Talk, role: Role) -> Result:
    return Counted(talk.speech_ms(role) / talk.duration_ms) if talk.duration_ms else Withheld("no_speech")


def _longest(talk: Talk, role: Role) -> tuple[Moment, ...]:
    spans = sorted(stretches(talk.floor, role), key=lambda span: (-span.duration_ms, span.start_ms))
    return tuple(talk.moment(span, role) for span in spans[:MOMENTS])


def _longest_stretch(talk: Talk, role: Role) -> Result:
    found = _longest(talk, role)
    return Counted(found[0].span.duration_ms, found) if found else Withheld("no_speech")


def _longest_strict(talk: Talk, role: Role) -> Result:
    spans = strict_stretches(talk.floor, role)
    longest = max(spans, key=lambda span: span.duration_ms, default=None)
    return Counted(longest.duration_ms, (talk.moment(longest, role),)) if longest else Withheld("no_speech")


def _switches(talk: Talk, role: Role) -> Result:
    return Counted(talk.floor.switches)


def _interactivity(talk: Talk, role: Role) -> Result:
    minutes = total_ms(talk.anyone) / 60_000
    return Counted(talk.floor.switches / minutes) if minutes else Withheld("no_speech")


def gaps(talk: Talk) -> list[tuple[int, Moment]]:
    """(ms, moment) from the end of each substantive turn of the other side to the own side's first word; may be < 0."""
    found = []
    for before, turn in zip(talk.turn_pairs, talk.turn_pairs[1:], strict=False):
        if before.role is not Role.OTHER or turn.role is not Role.REP or not talk.is_substantive(before):
            continue
        first = talk.first_sound(Role.REP, before.end_ms, turn.start_ms)
        moment = Moment(
            max(0, before.end_ms - 3_000), turn.start_ms + 4_000, talk.moment(turn.span, Role.REP).utterance
        )
        found.append((first - before.end_ms, moment))
    return found


def _patience(talk: Talk, role: Role) -> Result:
    usable = sorted(
        ((max(0, ms), moment) for ms, moment in gaps(talk) if ms <= LAPSE_MS), key=lambda gap: (gap[0], gap[1].start_ms)
    )
    if len(usable) < LEAST_GAPS:
        return Withheld("too_few_gaps", {"n": len(usable), "needed": LEAST_GAPS})
    return Counted(median(ms for ms, _ in usable), tuple(moment for _, moment in usable[:MOMENTS]))


def _lapses(talk: Talk, role: Role) -> Result:
    late = [moment for ms, moment in gaps(talk) if ms > LAPSE_MS]
    return Counted(len(late), tuple(late))


def _overlap(talk: Talk, role: Role) -> Result:
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


def _overlapping_starts(talk: Talk, role: Role) -> Result:
    found = overlapping(talk)
    minutes = total_ms(talk.anyone) / 600_000
    return Counted(len(found) / minutes, tuple(found)) if minutes else Withheld("no_speech")


def _silences(talk: Talk) -> list[Span]:
    edges = [0, *(edge for run in talk.anyone for edge in (run.start_ms, run.end_ms)), talk.duration_ms]
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _silence(talk: Talk, role: Role) -> Result:
    return Counted(total_ms(_silences(talk)) / talk.duration_ms) if talk.duration_ms else Withheld("no_speech")


def _longest_silence(talk: Talk, role: Role) -> Result:
    longest = max(_silences(talk), key=lambda span: span.duration_ms, default=None)
    return Counted(longest.duration_ms, (Moment(longest.start_ms, longest.end_ms),)) if longest else Counted(0)


# --- from words


def turn_words(talk: Talk, role: Role) -> list[tuple[int, Moment]]:
    """(words, moment) of each substantive turn of a side."""
    return [
        (sum(line.facts.words for line in lines), talk.moment(turn.span, role))
        for turn, lines in talk.turn_lines
        if turn.role is role
    ]


def _turn_words(how: Callable[[list[int]], float]) -> Count:
    def count(talk: Talk, role: Role) -> Result:
        turns = turn_words(talk, role)
        if len(turns) < LEAST_TURNS:
            return Withheld("too_few_turns", {"n": len(turns), "needed": LEAST_TURNS})
        longest = sorted(turns, key=lambda turn: (-turn[0], turn[1].start_ms))
        return Counted(how([words for words, _ in turns]), tuple(moment for _, moment in longest))

    return count


def asking(talk: Talk, role: Role) -> list[tuple[Line, int, int]]:
    """Lines of a side that ask, with how many questions and how many of them are open."""
    found = []
    for line in talk.of(role):
        asked = [sentence for sentence in line.facts.sentences if sentence.asks]
        if asked:
            found.append((line, len(asked), sum(sentence.open for sentence in asked)))
    return found


def _questions(talk: Talk, role: Role) -> Result:
    found = asking(talk, role)
    return Counted(sum(n for _, n, _ in found), tuple(line.moment for line, _, _ in found))


def _open_questions(talk: Talk, role: Role) -> Result:
    found = asking(talk, role)
    return Counted(sum(n for _, _, n in found), tuple(line.moment for line, _, n in found if n))


def _question_rate(talk: Talk, role: Role) -> Result:
    found = _questions(talk, role)
    assert isinstance(found, Counted)
    return Counted(found.value * 3_600_000 / talk.duration_ms, found.moments)


def _question_yield(talk: Talk, role: Role) -> Result:
    """Speech time of the other side in the turn right after each question."""
    times = []
    for (turn, lines), (following, _) in zip(talk.turn_lines, talk.turn_lines[1:], strict=False):
        if turn.role is role and following.role is not role and any(line.facts.asks for line in lines):
            times.append((following.span.duration_ms, talk.moment(following.span)))
    if len(times) < 3:
        return Withheld("too_few_questions", {"n": len(times), "needed": 3})
    best = sorted(times, key=lambda entry: (-entry[0], entry[1].start_ms))
    return Counted(median(ms for ms, _ in times), tuple(moment for _, moment in best))


def _stacked(talk: Talk, role: Role) -> Result:
    asked = [
        (turn, sum(line.facts.asks * _asks(line) for line in lines))
        for turn, lines in talk.turn_lines
        if turn.role is role
    ]
    asked = [(turn, n) for turn, n in asked if n]
    if len(asked) < 3:
        return Withheld("too_few_questions", {"n": len(asked), "needed": 3})
    stacked = [turn for turn, n in asked if n > 1]
    return Counted(len(stacked) / len(asked), tuple(_stacked_moment(talk, turn.span, role) for turn in stacked))


def _asks(line: Line) -> int:
    return sum(sentence.asks for sentence in line.facts.sentences)


def _stacked_moment(talk: Talk, span: Span, role: Role) -> Moment:
    """The first line of a turn that asks: a long turn need not be heard whole to hear two questions."""
    for line in talk.of(role):
        if line.facts.asks and line.span.overlap_ms(span):
            return Moment(line.utterance.start_ms, max(span.end_ms, line.utterance.end_ms), line.utterance.id)
    return talk.moment(span, role)


def long_answers(talk: Talk) -> list[tuple[list[Line], list[Line]]]:
    """(answer, next own turn) for each turn of the other side of at least 15 words."""
    found = []
    for (turn, lines), (following, reply) in zip(talk.turn_lines, talk.turn_lines[1:], strict=False):
        words = sum(line.facts.words for line in lines)
        if turn.role is Role.OTHER and following.role is Role.REP and words >= LONG_ANSWER_WORDS:
            found.append((lines, reply))
    return found


def follows_up(talk: Talk, answer: list[Line], reply: list[Line]) -> bool:
    """Whether a reply asks something that picks up a content word of the answer, or probes."""
    if not any(line.facts.asks for line in reply):
        return False
    if any("probe" in line.facts.cues or "probe" in line.facts.patterns for line in reply):
        return True
    return bool(talk.content_words(answer) & talk.content_words([line for line in reply if line.facts.asks]))


def _followups(talk: Talk, role: Role) -> Result:
    answers = long_answers(talk)
    if len(answers) < 3:
        return Withheld("too_few_answers", {"n": len(answers), "needed": 3})
    taken = [follows_up(talk, answer, reply) for answer, reply in answers]
    dropped = [answer[0].moment for (answer, _), up in zip(answers, taken, strict=True) if not up]
    return Counted(sum(taken) / len(taken), tuple(dropped))


def _advice(talk: Talk, role: Role) -> Result:
    turns = [lines for turn, lines in talk.turn_lines if turn.role is role]
    if len(turns) < LEAST_TURNS:
        return Withheld("too_few_turns", {"n": len(turns), "needed": LEAST_TURNS})
    advising = [line for lines in turns for line in lines[:] if line.facts.cues.get("advice")]
    share = sum(any(line.facts.cues.get("advice") for line in lines) for lines in turns) / len(turns)
    return Counted(share, tuple(line.moment for line in advising))


def _recaps(talk: Talk, role: Role) -> Result:
    found = [line for line in talk.of(role) if "recap" in line.facts.patterns]
    words = talk.word_count[role]
    return Counted(100 * len(found) / words, tuple(line.moment for line in found)) if words else Withheld("no_words")


def _pace(talk: Talk, role: Role) -> Result:
    """Words over time, median over utterances of at least 1.5 s."""
    rates = [
        line.facts.words * 60_000 / line.span.duration_ms for line in talk.of(role) if line.span.duration_ms >= 1_500
    ]
    if len(rates) < 5 or talk.word_count[role] < 100:
        return Withheld("too_few_words", {"words": talk.word_count[role]})
    return Counted(median(rates))


def _fillers(talk: Talk, role: Role) -> Result:
    words, fillers = talk.word_count[role], sum(line.facts.fillers for line in talk.of(role))
    if not fillers and words >= 400:
        return Withheld("fillers_not_measurable")
    if words < 100:
        return Withheld("too_few_words", {"words": words})
    densest = sorted(talk.of(role), key=lambda line: (-line.facts.fillers, line.utterance.start_ms))
    return Counted(100 * fillers / words, tuple(line.moment for line in densest if line.facts.fillers))


def objections(talk: Talk) -> list[tuple[Line, list[Line]]]:
    """(concern, reply): lines of the other side that hold an objection, with the own side's next turn; within 60 s one."""
    found: list[tuple[Line, list[Line]]] = []
    for (turn, lines), (_, reply) in zip(talk.turn_lines, [*talk.turn_lines[1:], (None, [])], strict=False):
        for line in lines:
            objecting = turn.role is Role.OTHER and any(name.startswith("objection_") for name in line.facts.patterns)
            fresh = not found or line.utterance.start_ms - found[-1][0].utterance.start_ms > 60_000
            if objecting and fresh and not line.facts.asks:
                found.append((line, reply))
    return found


def _pause_after_objection(talk: Talk, role: Role) -> Result:
    concerns = [line for line, _ in objections(talk)]
    times = [(ms, moment) for ms, moment in gaps(talk) if any(line.span.overlap_ms(moment.span) for line in concerns)]
    if not times:
        return Withheld("no_objection_found")
    return Counted(median(max(0, ms) for ms, _ in times), tuple(moment for _, moment in times))


def closing_span(talk: Talk) -> Span:
    """The last 20 % or 5 minutes, whichever is longer, but never more than half the call."""
    length = min(max(talk.duration_ms // 5, 300_000), talk.duration_ms // 2)
    return Span(talk.duration_ms - length, talk.duration_ms)


def _next_step(talk: Talk, role: Role) -> Result:
    end = closing_span(talk)
    found = [
        line for line in talk.lines if "next_step" in line.facts.patterns and line.utterance.start_ms >= end.start_ms
    ]
    return Counted(len(found), tuple(line.moment for line in reversed(found)))


# --- wording


def _wording(part: int | None) -> Count:
    def count(talk: Talk, role: Role) -> Result:
        if role not in talk.wording_roles:
            return Withheld("wording_off")
        if talk.word_count[role] < sentiment.LEAST_WORDS:
            return Withheld("too_few_words", {"words": talk.word_count[role]})
        scored = [
            (value, ms, line)
            for value, ms, line in wording_lines(talk, role)
            if part is None or _fifth(talk, line) == part
        ]
        total = sum(ms for _, ms, _ in scored)
        if not total:
            return Withheld("no_words")
        strong = sorted(
            (s for s in scored if abs(s[0]) >= sentiment.STRONG), key=lambda s: (-abs(s[0]), s[2].utterance.start_ms)
        )
        return Counted(sum(value * ms for value, ms, _ in scored) / total, tuple(line.moment for _, _, line in strong))

    return count


def wording_lines(talk: Talk, role: Role) -> list[tuple[float, int, Line]]:
    """(valence, length in ms, line) of every line of a side; a line's valence is its strongest sentence's."""
    return [
        (max((s.valence for s in line.facts.sentences), key=abs, default=0.0), max(1, line.span.duration_ms), line)
        for line in talk.of(role)
    ]


def _fifth(talk: Talk, line: Line) -> int:
    return min(5, 1 + 5 * line.utterance.start_ms // max(1, talk.duration_ms))


_SHORT_RESPONSES_MATTER = frozenset({"longest_monologue_ms", "longest_customer_story_ms"})
_CALL, _REP, _BOTH = ("call",), ("side:rep",), ("side:rep", "side:other")
_SOUND, _COUNTS, _WORDS = Needs.SOUND, Needs.COUNTS, Needs.WORDS

METRICS: tuple[Metric, ...] = (
    Metric("talk_ratio", "ratio", _SOUND, _REP, "Share of the talking", "Speech time of {own} over the speech time of all; overlap counts for both, silence is left out.", _talk_ratio, anyhow=True),
    Metric("talk_share_of_call", "ratio", _SOUND, _BOTH, "Share of the call", "Speech time over the length of the call, as some other products count it.", _share_of_call, anyhow=True),
    Metric("talk_ratio_by_phase.first", "ratio", _SOUND, _REP, "Share of the talking, first 5 minutes", "Share of the talking in the first five minutes.", _phase(lambda ms: Span(0, _PHASE_MS))),
    Metric("talk_ratio_by_phase.middle", "ratio", _SOUND, _REP, "Share of the talking, middle", "Share of the talking between the first and the last five minutes.", _phase(lambda ms: Span(_PHASE_MS, ms - _PHASE_MS))),
    Metric("talk_ratio_by_phase.last", "ratio", _SOUND, _REP, "Share of the talking, last 5 minutes", "Share of the talking in the last five minutes.", _phase(lambda ms: Span(ms - _PHASE_MS, ms))),
    Metric("longest_monologue_ms", "ms", _SOUND, _REP, "Longest stretch of {own}", "Longest stretch of {own}, bridged by short responses; a pause over 2 s or a turn of {other} ends it.", _longest_stretch, anyhow=True),
    Metric("longest_monologue_strict_ms", "ms", _SOUND, _REP, "Longest stretch of {own}, strict", "The same without bridging: anything {other} says ends it.", _longest_strict, anyhow=True),
    Metric("longest_customer_story_ms", "ms", _SOUND, ("side:other",), "Longest stretch of {other}", "Longest stretch of {other}, bridged by short responses.", _longest_stretch, anyhow=True),
    Metric("switches", "count", _SOUND, _CALL, "Changes of speaker", "Changes between substantive turns; short responses are no turns.", _switches, anyhow=True, turns=True),
    Metric("interactivity_per_min", "per_min", _SOUND, _CALL, "Back and forth", "Changes between substantive turns per minute of speech.", _interactivity, turns=True),
    Metric("patience_ms", "ms", _SOUND, _REP, "Pause before answering", "Median pause from the end of a turn of {other} to the first word of {own}; at least 8 pauses, starting early counts as 0.", _patience, turns=True),
    Metric("lapses", "count", _SOUND, _REP, "Long pauses before answering", "Pauses over 5 s before {own} answered.", _lapses, turns=True),
    Metric("overlap_ratio", "ratio", _SOUND, _CALL, "Both speaking", "Time both sides speak, in events of at least 0.3 s, over speech time.", _overlap, anyhow=True, two_channels=True),
    Metric("overlapping_starts", "per_10_min", _SOUND, _REP, "Overlapping starts", "Starts of {own} at least 0.25 s before {other} ends, per 10 minutes of speech: a list to listen to, never a score.", _overlapping_starts, two_channels=True, turns=True),
    Metric("silence_ratio", "ratio", _SOUND, _CALL, "Silence", "Time nobody speaks over the length of the call.", _silence, anyhow=True),
    Metric("longest_silence_ms", "ms", _SOUND, _CALL, "Longest silence", "Longest time nobody speaks.", _longest_silence, anyhow=True),
    Metric("mean_turn_words", "words", _COUNTS, _BOTH, "Words per turn", "Mean words of substantive turns; at least 10 turns.", _turn_words(mean), turns=True),
    Metric("median_turn_words", "words", _COUNTS, _BOTH, "Words per turn, median", "Median words of substantive turns; at least 10 turns.", _turn_words(median), turns=True),
    Metric("pace_wpm", "wpm", _COUNTS, _BOTH, "Pace", "Words a minute, median over utterances of at least 1.5 s.", _pace),
    Metric("questions", "count", _COUNTS, _BOTH, "Questions", "Sentences that ask, by question mark or form, of at least three words.", _questions),
    Metric("questions_open", "count", _COUNTS, _BOTH, "Open questions", "Questions that begin with what, how or why, or invite to tell.", _open_questions),
    Metric("question_rate_per_h", "per_h", _COUNTS, _REP, "Questions an hour", "Questions of {own} per hour of call.", _question_rate),
    Metric("question_yield_ms", "ms", _COUNTS, _REP, "Answer length", "Median length of the turn of {other} after a question.", _question_yield, turns=True),
    Metric("stacked_share", "ratio", _WORDS, _REP, "Stacked questions", "Turns with two or more questions over turns with a question.", _stacked, turns=True),
    Metric("followup_share", "ratio", _WORDS, _REP, "Follow-up questions", "Answers of 15 words or more after which {own} asks on, with a word of the answer or a probe.", _followups, turns=True),
    Metric("advice_rate", "ratio", _WORDS, _REP, "Advice", "Turns of {own} with an advice phrase over its turns; only the rate means something.", _advice, turns=True),
    Metric("recap_per_100_words", "per_100_words", _WORDS, _REP, "Recaps", "Phrases that play back what was heard, per 100 words of {own}.", _recaps),
    Metric("fillers_per_100_words", "per_100_words", _WORDS, _BOTH, "Filled pauses", "Uh and um per 100 words; many transcripts leave them out.", _fillers),
    Metric("pause_after_objection_ms", "ms", _WORDS, _REP, "Pause after a concern", "Median pause of {own} after a turn that holds a concern.", _pause_after_objection, turns=True),
    Metric("next_step", "count", _WORDS, _CALL, "Next step", "Sentences about a next step in the last fifth of the call (or five minutes).", _next_step),
    Metric("wording", "valence", _WORDS, _BOTH, "Wording", "Wording of the sentences, weighted by length, from -1 to 1; from the words only, never a mood.", _wording(None)),
    *(
        Metric(f"wording.{part}", "valence", _WORDS, _BOTH, f"Wording, fifth {part}", f"Wording in fifth {part} of the call.", _wording(part))
        for part in range(1, 6)
    ),
)  # fmt: skip

BY_ID = {metric.id: metric for metric in METRICS}
