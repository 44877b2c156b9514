"""Measure and coach: from stored facts to everything that is derived. Milliseconds, so any change recomputes at once."""

from __future__ import annotations

import dataclasses
import hashlib
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

import msgspec

from coachdesk.coaching.improvement import Check, checks
from coachdesk.coaching.playbook import Condition, Playbook, window_span
from coachdesk.coaching.suggestions import Baseline, Context, coach, with_baseline
from coachdesk.conversation import facts as conversation
from coachdesk.conversation.guide import Coverage
from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.metrics import DEFINITIONS
from coachdesk.conversation.planned import Plan
from coachdesk.conversation.set_right import SetRight
from coachdesk.conversation.text import cache_key
from coachdesk.desk import guide, own_calls
from coachdesk.desk.attribute import Track, activity_by_channel
from coachdesk.desk.spoken import ACTS
from coachdesk.desk.voices import voices_by_label
from coachdesk.document import encode
from coachdesk.history import calls, events, results, sidecar, voices, words
from coachdesk.history.store import Store
from coachdesk.model import (
    Call,
    Coaching,
    Facts,
    Grade,
    Layout,
    Role,
    Speaker,
    Suggestion,
    Transcript,
    Utterance,
    Withheld,
    WordsGrade,
)
from coachdesk.spans import Span

_SURE_OF_WORDS = ("whisper", "draft")  # engines whose words say how sure they are
NARROW_BAND_HZ = 11_025  # telephone sound: the draft engine gets most words wrong
_GUESSED_OFFSETS = ("track_starts_later", "tracks_assumed_together")


class Derived(msgspec.Struct):
    """What is kept of a computation: facts without the utterances, which are stored already, coaching, planned questions, what
    became of every rule's improvement test, and what all that was made with.
    """

    facts: Facts
    coaching: Coaching
    coverage: Coverage = msgspec.field(default_factory=Coverage)
    checks: tuple[Check, ...] = ()
    made_with: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What else a call's result rests on: what the person set right, their other calls, and the questions planned for it."""

    answers: list[dict[str, object]]
    context: Context
    baseline: Baseline
    plan: Plan


@dataclass(frozen=True, slots=True)
class Computed:
    """A computation that is not kept yet; `outcome` has what else of it is worth keeping."""

    derived: Derived
    outcome: conversation.Outcome


@dataclass(frozen=True, slots=True)
class Laid:
    """A call's stored facts, ready to be measured."""

    call: Call
    tracks: list[Track]
    speakers: list[Speaker]
    transcript: Transcript | None
    heard: conversation.Heard


def lay_out(store: Store, call_id: str) -> Laid:
    """Everything stored about a call that measuring needs."""
    call = calls.get(store, call_id)
    tracks = tracks_of(store, call_id)
    speakers = calls.speakers(store, call_id)
    transcript = words.current(store, call_id)
    said = transcript.utterances if transcript else ()
    by_voice = activity_by_voice(store, call_id, tracks, speakers, transcript)
    heard = conversation.Heard(
        call_id=call_id,
        recording=tracks[0].recording.sha256 or "" if tracks else hashlib.sha256(call.source.encode()).hexdigest(),
        on=date.fromisoformat(call.started_at.date().isoformat()),
        duration_ms=call.duration_ms,
        timing=_timing(tracks, speakers, by_voice),
        channels=len(activity_by_channel(tracks)) if tracks else 1,
        partial=any(track.recording.partial for track in tracks),
        words=transcript.grade if transcript else WordsGrade.NONE,
        language=transcript.language if transcript else "",
        roles={speaker.label: speaker.role for speaker in speakers},
        activity=by_voice or _activity(tracks, speakers, said),
        utterances=said,
        consent_noted=call.consent.status == "noted",
        draft=transcript.draft if transcript else True,
        confident=transcript is not None and transcript.engine in _SURE_OF_WORDS,
        narrow=_narrow(tracks, speakers),
    )
    return Laid(call, tracks, speakers, transcript, heard)


def tracks_of(store: Store, call_id: str) -> list[Track]:
    """The recordings of a call with their activity, as far as the call goes (a recording may go on after it)."""
    rows = store.rows(
        "SELECT recording.id, listen_to, call.duration_ms FROM recording JOIN call ON call.id = call_id WHERE call_id = ?",
        (call_id,),
    )
    of = {row["id"]: row for row in rows}
    return [
        Track(
            recording,
            _until(calls.activity(store, recording.id), of[recording.id]["duration_ms"] - recording.offset_ms),
            of[recording.id]["listen_to"],
            voices.of_recording(store, recording.id),
        )
        for recording in calls.recordings(store, call_id)
    ]


def _until(channels: calls.Runs, end_ms: int) -> calls.Runs:
    return [[Span(run.start_ms, min(run.end_ms, end_ms)) for run in runs if run.start_ms < end_ms] for runs in channels]


def activity_by_voice(
    store: Store, call_id: str, tracks: list[Track], speakers: list[Speaker], transcript: Transcript | None
) -> dict[str, tuple[Span, ...]]:
    """Activity of the voices told apart on a mixed channel, as far as the person did not say that somebody else speaks;
    empty where they are not told apart, or names were brought along.
    """
    if not tracks or (transcript and transcript.engine == "imported") or not voices_by_label(tracks[0]):
        return {}
    by_label = voices_by_label(tracks[0], events.of_call(store, call_id, *ACTS))
    if not by_label.keys() & {speaker.label for speaker in speakers}:
        return {}
    return {label: tuple(spans) for label, spans in by_label.items()}


def _timing(tracks: list[Track], speakers: list[Speaker], by_voice: object) -> Grade:
    if by_voice:
        return Grade.B
    if not tracks:
        return Grade.C
    if any(notice.code in _GUESSED_OFFSETS for track in tracks for notice in track.recording.notices):
        return Grade.B  # when one side's file began is a guess: pauses and overlaps are good to a quarter of a second
    if tracks[0].recording.layout is not Layout.MIXED:
        return Grade.A
    return Grade.C if any(speaker.role is not Role.UNKNOWN for speaker in speakers) else Grade.B


def _narrow(tracks: list[Track], speakers: list[Speaker]) -> frozenset[str]:
    """Speakers whose sound holds nothing above the telephone's band, as far as the files tell."""
    channels = {
        track.channel(own)
        for track in tracks
        for own in range(len(track.runs))
        if track.recording.sample_rate_hz <= NARROW_BAND_HZ
    }
    return frozenset(s.label for s in speakers if s.channel in channels or None in channels)


def _activity(tracks: list[Track], speakers: list[Speaker], said: tuple[Utterance, ...]) -> dict[str, tuple[Span, ...]]:
    """Activity by speaker label: the channel's runs, or where speakers share a channel, each run's own."""
    if not tracks or (tracks[0].recording.layout is Layout.MIXED and any(s.role is not Role.UNKNOWN for s in speakers)):
        counted = [u for u in said if u.end_ms > u.start_ms and not u.suspect]
        return {s.label: tuple(u.span for u in counted if u.speaker == s.label) for s in speakers}
    by_label: dict[str, list[Span]] = {speaker.label: [] for speaker in speakers}
    for channel, runs in activity_by_channel(tracks).items():
        sharing = [s.label for s in speakers if s.channel == channel] or ["unknown"]
        theirs = sorted((u for u in said if u.speaker in sharing), key=lambda u: u.start_ms) if len(sharing) > 1 else []
        longest_ms = max((u.span.duration_ms for u in theirs), default=0)
        for run in runs:
            by_label.setdefault(_whose(run, sharing, theirs, longest_ms), []).append(run)
    return {label: tuple(sorted(runs)) for label, runs in by_label.items()}


def _whose(run: Span, sharing: list[str], theirs: list[Utterance], longest_ms: int) -> str:
    """Who says most in a run, of those who share its channel. `theirs`: what they say, in order of time."""
    shared = dict.fromkeys(sharing, 0)
    first = bisect_left(theirs, run.start_ms - longest_ms, key=lambda u: u.start_ms)
    for utterance in theirs[first : bisect_left(theirs, run.end_ms, key=lambda u: u.start_ms)]:
        if not utterance.suspect:
            shared[utterance.speaker] += utterance.span.overlap_ms(run)
    return max(sharing, key=lambda label: shared[label])


def recompute(store: Store, call_id: str, playbook: Playbook, wording_on: bool, laid: Laid | None = None) -> Derived:
    """Measure and coach a call from what is stored, unless that was done already with the same inputs."""
    laid = laid or lay_out(store, call_id)
    around = around_of(store, laid, playbook)
    inputs = _inputs(laid, playbook, wording_on, around)
    before = results.kept(store, call_id)
    if before and before[0] == inputs:
        derived: Derived = msgspec.json.decode(before[1], type=Derived)
        return with_utterances(derived, laid.heard.utterances)
    found = derive(store, laid, playbook, wording_on, around)
    derived = msgspec.structs.replace(found.derived, facts=dataclasses.replace(found.derived.facts, utterances=()))
    with store.write():
        words.keep_text_facts(store, found.outcome.fresh_texts)
        results.keep(store, call_id, inputs, msgspec.json.encode(derived), list(derived.facts.measurements))
        calls.set_found_steps(store, call_id, list(found.outcome.next_steps))
    sidecar.write(store, call_id)
    return with_utterances(derived, laid.heard.utterances)


def around_of(store: Store, laid: Laid, playbook: Playbook) -> Around:
    """Asked once for a computation: it reads other calls, and decides whether there is anything to compute."""
    return Around(
        answers=[event.body for event in events.of_call(store, laid.call.id, "answer")],
        context=own_calls.context_of(store, laid.call),
        baseline=own_calls.baseline_of(store, laid.call.id),
        plan=guide.plan_of(store, laid.call.id, playbook),
    )


def derive(store: Store, laid: Laid, playbook: Playbook, wording_on: bool, around: Around) -> Computed:
    """Measure and coach what is laid out with any playbook, be it saved or not; nothing is kept."""
    roles = frozenset(role for role in (Role.REP, Role.OTHER) if wording_on and getattr(playbook.wording, role.value))
    heard = dataclasses.replace(
        laid.heard, set_right=_set_right(around.answers, playbook, laid.heard.duration_ms), plan=around.plan
    )
    outcome = conversation.facts(
        heard, tuple(spec.tracker() for spec in playbook.trackers), roles, _cached(store, laid)
    )
    facts = outcome.facts if laid.tracks or laid.transcript else _withheld(outcome.facts)
    coaching = _without(coach(facts, playbook, around.baseline, around.context), around.answers)
    tested = checks(with_baseline(facts, around.baseline), playbook)
    return Computed(Derived(facts, coaching, outcome.coverage, tested, made_with(playbook)), outcome)


def _withheld(facts: Facts) -> Facts:
    """Of a call that left neither sound nor words nothing is counted, not even its silence."""
    numbers = tuple(
        dataclasses.replace(m, value=None, withheld=Withheld("nothing_kept"), moments=()) for m in facts.measurements
    )
    return dataclasses.replace(facts, measurements=numbers)


def with_utterances(derived: Derived, said: tuple[Utterance, ...]) -> Derived:
    """The kept result with the stored utterances back in it."""
    whole: Derived = msgspec.structs.replace(derived, facts=dataclasses.replace(derived.facts, utterances=said))
    return whole


def made_with(playbook: Playbook) -> str:
    """What a derived document rests on besides the call: where this changed, it is to be made anew."""
    return f"{DEFINITIONS} {playbook.id} {playbook.version}"


def _cached(store: Store, laid: Laid) -> dict[str, bytes]:
    table = lexicon(laid.heard.language)
    if table is None:
        return {}
    return words.text_facts(store, sorted({cache_key(u.text, table.language) for u in laid.heard.utterances}))


def _inputs(laid: Laid, playbook: Playbook, wording_on: bool, around: Around) -> str:
    """A hash of everything the derived result depends on."""
    heard = laid.heard
    parts = [
        DEFINITIONS,
        playbook.id,
        playbook.version,
        wording_on,
        heard.duration_ms,
        heard.words.value,
        heard.language,
        heard.partial,
        heard.consent_noted,
        heard.draft,
        heard.confident,
        sorted(heard.narrow),
        heard.on.isoformat(),
        {label: role.value for label, role in heard.roles.items()},
        {label: [[run.start_ms, run.end_ms] for run in runs] for label, runs in heard.activity.items()},
        [
            [u.id, u.speaker, u.start_ms, u.end_ms, u.text, u.suspect, u.confidence, u.corrected]
            for u in heard.utterances
        ],
        around.answers,
        [sorted(around.context.focus_rules), around.context.shown_before, around.context.not_for_me],
        sorted([*key, values] for key, values in around.baseline.items()),
        around.plan,
    ]
    return hashlib.sha256(encode(parts)).hexdigest()


# --- what the person knows better


def _set_right(answers: list[dict[str, object]], playbook: Playbook, duration_ms: int) -> tuple[SetRight, ...]:
    """Answers as facts about the call: "it is here" puts the trackers the rule missed there, "not said" takes those it
    heard from where it looks. Answers to rules this playbook does not have wait for one that does.
    """
    patterns = {spec.id: tuple(spec.patterns) for spec in playbook.trackers}
    found = []
    for answer in answers:
        rule = playbook.find(str(answer["rule"]))
        at = answer.get("at_ms")
        for condition in rule.conditions if rule else []:
            present = answer["fact"] == "present"
            meant = misses(condition) if present else answer["fact"] == "absent" and hears(condition)
            if not meant or (present and not isinstance(at, int)):
                continue
            start, end = (at, at + 1) if isinstance(at, int) and present else window_span(condition.window, duration_ms)
            found.append(SetRight(condition.tracker, patterns[condition.tracker], condition.side, start, end, present))
    return tuple(found)


def misses(condition: Condition) -> bool:
    """Whether a rule fires because a tracker is not there: then it can be shown where it is."""
    return bool(condition.tracker) and condition.op in ("==", "<", "<=")


def hears(condition: Condition) -> bool:
    """Whether a rule fires because a tracker is there: then it can be denied."""
    return bool(condition.tracker) and condition.op in (">", ">=")


def _without(coaching: Coaching, answers: list[dict[str, object]]) -> Coaching:
    """Findings the person set right are not said again."""
    overruled = {str(a["rule"]) for a in answers if a["fact"] in ("present", "absent")}

    def kept(said: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
        return tuple(s for s in said if s.finding.rule not in overruled)

    return dataclasses.replace(
        coaching,
        praise=kept(coaching.praise),
        suggestions=kept(coaching.suggestions),
        review_flags=kept(coaching.review_flags),
        first=tuple(rule for rule in coaching.first if rule not in overruled),
    )
