"""The review document of a call: what is stored and derived, put together for faces, exports and programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import coachdesk
from coachdesk.coaching.brief import PRIVATE, kept_back
from coachdesk.coaching.phrasing import fill_sides, phrase
from coachdesk.coaching.playbook import Playbook, Rule
from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.metrics import DEFINITIONS, METRICS
from coachdesk.desk import brief, comments, guide, my_voice, own_calls, scoring, worth_hearing
from coachdesk.desk.recompute import Derived, Laid, hears, misses
from coachdesk.desk.voices import clearest
from coachdesk.document import Review, plain
from coachdesk.history import calls, events, results, words
from coachdesk.history.store import Store
from coachdesk.model import Evidence, Layout, Measurement, Notice, Role, Suggestion, TrackerHit, Withheld
from coachdesk.speech.speakers import SURE


def build(
    store: Store,
    laid: Laid,
    derived: Derived,
    playbook: Playbook,
    unfitted: list[dict[str, Any]],
    viewer: scoring.Viewer,
) -> Review:
    """The agreed document of one call, as `viewer` may see it. "utterance" anywhere in it is an index into its transcript."""
    index = {utterance.id: n for n, utterance in enumerate(laid.heard.utterances)}
    language = laid.heard.language or playbook.languages[0]
    phrased = phrasing(laid, playbook, own_calls.goal_states(store, laid.call.kind))
    coaching = derived.coaching
    hidden = _not_useful(store, laid.call.id)
    why = _why(laid)
    return Review(
        call=_call(laid),
        recording=_recording(laid),
        speakers=_speakers(laid),
        transcript=_transcript(laid, derived),
        turns=[{"speaker": t.speaker, "start_ms": t.start_ms, "end_ms": t.end_ms} for t in derived.facts.turns],
        measurements=[_measurement(m, why) for m in derived.facts.measurements],
        wording=[
            {
                "utterance": index.get(s.utterance),
                "valence": s.valence,
                "rule": s.rule,
                "side": s.role.value,
                "start_ms": s.start_ms,
                "not_useful": s.start_ms in hidden,
            }
            for s in derived.facts.wording
        ],
        tracker_hits=[
            {"tracker": h.tracker, "utterance": index.get(h.utterance), "start_ms": h.start_ms, "phrase": h.phrase}
            for h in derived.facts.hits
            if _is_shown(h)
        ],
        praise=[phrased(s) for s in coaching.praise],
        suggestions=[phrased(s) for s in coaching.suggestions],
        review_flags=[phrased(s) for s in coaching.review_flags],
        not_checked=[
            {"rule": n.rule, "kind": n.kind.value, "reason": n.reason, "params": n.params | why.get(n.reason, {})}
            for n in coaching.not_checked
        ],
        scorecards=scoring.documents(store, laid, derived, playbook, language, viewer),
        brief=brief.document(store, laid.call.id, derived.facts, playbook, language, index),
        guide=guide.document(
            guide.planned_for(store, laid.call.id, playbook),
            derived.coverage,
            laid.heard.utterances,
            events.of_call(store, laid.call.id, "asked"),
            kept_back(derived.facts, playbook),
        ),
        comments=comments.of_call(store, laid.call.id),
        next_steps=(steps := _next_steps(store, laid.call.id)),
        listening_path=plain(worth_hearing.path_of(derived, steps, laid.call.duration_ms)),
        transcript_versions=[
            {**row, "grade": derived.facts.words.value} if row["current"] else row
            for row in words.versions(store, laid.call.id)
        ],
        unfitted=unfitted,
        answers=_answers(store, laid.call.id, playbook, language),
        notices=_notices(laid, my_voice.guess(store, laid.call.id)),
        labels=_labels(playbook, language) | {"questions": guide.words(store, laid.call.id, playbook, language)},
        provenance=_provenance(store, laid, playbook),
        quiet=coaching.quiet,
        reviewed=laid.call.state == "reviewed",
    )


def phrasing(laid: Laid, playbook: Playbook, goals: dict[str, str] | None = None) -> _Phrasing:
    """Makes suggestions of a call what the document says of them. `goals`: how the person's goals stand, by rule."""
    index = {utterance.id: n for n, utterance in enumerate(laid.heard.utterances)}
    return _Phrasing(playbook, laid.heard.language or playbook.languages[0], index, goals or {})


def _is_shown(hit: TrackerHit) -> bool:
    """Whether a hit is anybody's business: what the other side brings up of itself is neither flagged nor marked."""
    if hit.tracker.startswith(PRIVATE):
        return False
    return hit.role is Role.REP or not hit.tracker.startswith("protected:")


class _Phrasing:
    """Suggestions with their sentences, their evidence pointing to utterances by index."""

    def __init__(self, playbook: Playbook, language: str, index: dict[str, int], goals: dict[str, str]) -> None:
        self._playbook, self._language, self._index, self._goals = playbook, language, index, goals
        table = lexicon(language if language in playbook.text else playbook.languages[0]) or lexicon("en")
        self._topics = table.topic_names if table else {}

    def __call__(self, suggestion: Suggestion) -> dict[str, Any]:
        finding = suggestion.finding
        said = phrase(finding, self._playbook, self._language, self._topics)
        return {
            "id": suggestion.id,
            "rule": finding.rule,
            "title": said.title,
            "advice": said.advice,
            "try_saying": said.try_saying,
            "drill": said.drill,
            "improved": said.improved,
            "plan": said.plan,
            "goal": self._goals.get(finding.rule, ""),
            "priority": suggestion.priority,
            "why": [{"code": part.code, "params": part.params} for part in suggestion.why],
            "focus": suggestion.focus,
            "rough": finding.rough,
            "evidence": [self._moment(evidence) for evidence in finding.evidence],
            "went_well": [self._moment(evidence) for evidence in finding.went_well],
            "source": said.source,
            "strength": said.strength,
            "may_be_answered": _answerable(self._playbook.find(finding.rule)),
        }

    def _moment(self, evidence: Evidence) -> dict[str, Any]:
        return {
            "start_ms": evidence.start_ms,
            "end_ms": evidence.end_ms,
            "utterance": self._index.get(evidence.utterance or ""),
            "quote": evidence.quote,
        }


def _answerable(rule: Rule | None) -> list[str]:
    """How a person may set this right: what was missed can be shown, what was heard can be denied."""
    if rule is None:
        return []
    present = ["present"] if rule.absence and any(misses(c) for c in rule.conditions) else []
    absent = ["absent"] if any(hears(c) or c.protected for c in rule.conditions) else []
    return [*present, *absent, "kind", "not_for_me"]


def _not_useful(store: Store, call_id: str) -> set[int]:
    """Starts of wording moments the person did not find useful; the last word counts."""
    last = {event.body["start_ms"]: event.body["useful"] for event in events.of_call(store, call_id, "wording")}
    return {start_ms for start_ms, useful in last.items() if not useful}


def _answers(store: Store, call_id: str, playbook: Playbook, language: str) -> list[dict[str, Any]]:
    """What the person set right on this call, with the rule's title."""
    found = []
    for event in events.of_call(store, call_id, "answer"):
        rule = playbook.find(event.body["rule"])
        title = fill_sides(playbook.rule_text(rule, language).title, playbook, language) if rule else event.body["rule"]
        found.append({"event": event.id, "title": title, "at": event.at, **event.body})
    return found


def _call(laid: Laid) -> dict[str, Any]:
    call = laid.call
    return {
        "id": call.id,
        "title": call.title,
        "kind": call.kind,
        "started_at": call.started_at.isoformat(timespec="seconds"),
        "duration_ms": call.duration_ms,
        "source": call.source,
        "result": call.result,
        "rep": call.rep,
        "case": call.case,
        "consent": {"status": call.consent.status, "basis": call.consent.basis, "moment_ms": call.consent.moment_ms},
        "tags": list(call.tags),
    }


def _speakers(laid: Laid) -> list[dict[str, Any]]:
    """Who is on the call; `hear`: a few seconds of each alone, to know them by, where there is sound."""
    found = []
    for speaker in laid.speakers:
        part = clearest(laid.heard.activity.get(speaker.label, ())) if laid.tracks else None
        hear = {"start_ms": part.start_ms, "end_ms": part.end_ms} if part else None
        found.append(plain(speaker) | {"role": speaker.role.value, "hear": hear})
    return found


def _why(laid: Laid) -> dict[str, dict[str, str]]:
    """What more is to be said of a reason, by its code."""
    heard = _voices(laid)
    return {"voices_unknown": {"why": "no_voice_model"}} if heard and heard["kind"] == "no_model" else {}


def _voices(laid: Laid) -> dict[str, Any] | None:
    """Of a channel that several share and whose voices were listened for: how many there are, and whether surely."""
    track = laid.tracks[0] if len(laid.tracks) == 1 else None
    if track is None or track.voices is None or track.recording.layout is not Layout.MIXED:
        return None
    people = len({speaker for _, speaker in track.voices.spans})
    named = laid.transcript is not None and laid.transcript.engine == "imported"
    return {"people": people, "sure": track.voices.confidence >= SURE, "kind": track.voices.kind, "named": named}


def _recording(laid: Laid) -> dict[str, Any]:
    recordings, duration_ms = [track.recording for track in laid.tracks], laid.call.duration_ms
    if not recordings:
        return {"sha256": None, "channels": 0, "sample_rate_hz": 0, "duration_ms": duration_ms, "partial": False}
    first = recordings[0]
    return {
        "sha256": first.sha256,
        "channels": first.channels if len(recordings) == 1 else len(recordings),
        "sample_rate_hz": first.sample_rate_hz,
        "duration_ms": duration_ms,
        "partial": any(recording.partial for recording in recordings),
        "layout": first.layout.value,
        "voices": _voices(laid),
        "tracks": [{"sha256": r.sha256, "offset_ms": r.offset_ms, "duration_ms": r.duration_ms} for r in recordings],
    }


def _transcript(laid: Laid, derived: Derived) -> dict[str, Any]:
    """The words. `grade`: what they can carry; `quality`: that of the call ("call") and of each side, and why."""
    made = laid.transcript
    quality = [
        {"side": q.side, "estimate": q.estimate, "verdict": q.verdict, "why": q.why, "params": q.params}
        for q in derived.facts.quality
    ]
    if made is None:
        nothing = {"engine": "none", "model": "", "language": "", "draft": False, "grade": "none", "utterances": []}
        return {**nothing, "quality": quality}
    return {
        "engine": made.engine,
        "model": made.model,
        "language": made.language,
        "draft": made.draft,
        "grade": derived.facts.words.value,
        "quality": quality,
        "version": made.version,
        "source": made.source,
        "utterances": [
            {
                "index": n,
                "speaker": u.speaker,
                "start_ms": u.start_ms,
                "end_ms": u.end_ms,
                "text": u.text,
                "confidence": u.confidence,
                "suspect": u.suspect,
                "corrected": u.corrected,
            }
            for n, u in enumerate(made.utterances)
        ],
    }


def _measurement(measured: Measurement, why: dict[str, dict[str, str]]) -> dict[str, Any]:
    withheld = measured.withheld
    return {
        "metric": measured.metric,
        "subject": measured.subject,
        "value": measured.value,
        "unit": measured.unit,
        "grade": measured.grade.value,
        "basis": measured.basis.value,
        "withheld": None if withheld is None else _withheld(withheld, why),
        "rough": measured.rough,
        "moments": [{"start_ms": span.start_ms, "end_ms": span.end_ms} for span in measured.moments],
    }


def _withheld(withheld: Withheld, why: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {"code": withheld.code, "params": withheld.params | why.get(withheld.code, {})}


def _next_steps(store: Store, call_id: str) -> list[dict[str, Any]]:
    return calls.steps_of(store, call_id)


def _notices(laid: Laid, guess: Notice | None) -> list[dict[str, Any]]:
    """What is said of the recordings; a side taken from the own voice only while it is a guess."""
    return [
        {"code": notice.code, "params": notice.params, "track": track.recording.ordinal}
        for track in laid.tracks
        for notice in track.recording.notices
        if notice.code != my_voice.CODE or notice == guess
    ]


def _labels(playbook: Playbook, language: str) -> dict[str, Any]:
    """The trade's words and the catalogue's names, so that a reader of the document needs nothing else."""
    trade = playbook.words(language)
    return {
        "own": trade.own,
        "other": trade.other,
        "case": trade.case,
        "playbook": trade.name,
        "results": trade.results,
        "trackers": trade.trackers,
        "metrics": {
            metric.id: {
                "name": fill_sides(metric.name, playbook, language),
                "definition": fill_sides(metric.definition, playbook, language),
                "unit": metric.unit,
            }
            for metric in METRICS
        },
        "targets": {
            name: {"low": t.low, "high": t.high, "source": t.source, "strength": t.strength}
            for name, t in playbook.targets.items()
        },
    }


def _provenance(store: Store, laid: Laid, playbook: Playbook) -> dict[str, Any]:
    kept = results.kept(store, laid.call.id)
    made = laid.transcript
    return {
        "program": f"coachdesk {coachdesk.__version__}",
        "engine": made.engine if made else "none",
        "model": made.model if made else "",
        "definitions": DEFINITIONS,
        "playbook": playbook.id,
        "playbook_version": playbook.version,
        "finished_at": kept[2] if kept else datetime.now(UTC).isoformat(timespec="seconds"),
    }


def summary(store: Store) -> list[dict[str, Any]]:
    """All calls, newest first, as the library lists them."""
    shares = {
        row["call_id"]: row["value"]
        for row in store.rows(
            "SELECT call_id, value FROM measurement WHERE metric = 'talk_ratio' AND subject = 'side:rep'"
        )
    }
    return [
        {
            "id": call.id,
            "title": call.title,
            "kind": call.kind,
            "playbook": call.playbook,
            "started_at": call.started_at.isoformat(timespec="seconds"),
            "duration_ms": call.duration_ms,
            "case": call.case,
            "rep": call.rep,
            "result": call.result,
            "state": call.state,
            "source": call.source,
            "talk_ratio": shares.get(call.id),
        }
        for call in calls.all_calls(store)
    ]
