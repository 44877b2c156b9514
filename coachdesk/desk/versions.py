"""Transcript versions of a call: made from chunks or brought along, made current, what people set right laid onto them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from coachdesk.conversation import suspects
from coachdesk.conversation.language import guess
from coachdesk.desk import attribute, engines, people, spoken, voices
from coachdesk.desk.events import Ready, Told
from coachdesk.desk.recompute import tracks_of
from coachdesk.desk.work import Work
from coachdesk.document import encode
from coachdesk.history import calls, events, results, sidecar, words
from coachdesk.history.store import Store, new_id
from coachdesk.model import Transcript, Utterance, WordsGrade
from coachdesk.spans import Span
from coachdesk.speech.engine import EngineChoice
from coachdesk.speech.imported import ImportedTranscript

FITS_BADLY = 0.5  # less of the words than this lies where somebody speaks


def from_chunks(work: Work, call_id: str, choice: EngineChoice, language: str = "") -> None:
    """A transcript version from the saved chunks, made current, with what people corrected laid onto it."""
    params = engines.params_of(choice)
    results.start_stage(work.store, call_id, "attribute", params, work.owner.id)
    made = Transcript(
        id=new_id(),
        version=0,
        engine=choice.engine,
        model=engines.model_name(choice),
        language=language or choice.language or "en",
        draft=choice.engine == "draft",
        grade=WordsGrade.GOOD,  # at best: how good they are is for `conversation/quality` to say
        utterances=tuple(_said(work.store, call_id, params, choice.engine)),
    )
    words.add_version(work.store, call_id, params, made)
    calls.change(work.store, call_id, state="transcribed")
    results.end_stage(work.store, call_id, "attribute", "done")
    settle(work, call_id)


def _said(store: Store, call_id: str, params: str, engine: str) -> list[Utterance]:
    """What the saved chunks say, each utterance with who speaks it."""
    tracks = tracks_of(store, call_id)
    chunks = [
        (track, channel, sent) for track in tracks for channel, sent in words.chunks(store, track.recording.id, params)
    ]
    heard = _until(attribute.heard(chunks, tracks), calls.get(store, call_id).duration_ms)
    spoken = voices.attributed(heard, voices.labelled(tracks[0]) if tracks else [])
    return suspects.marked(spoken, confident=engine != "scripted")


def speak_again(work: Work, call_id: str) -> None:
    """All versions heard here with their words given to the voices as they are told apart now. The caller settles."""
    for transcript_id, (params, engine) in words.heard_by(work.store, call_id).items():
        said = _said(work.store, call_id, params, engine)
        if said:
            words.replace_utterances(work.store, transcript_id, tuple(said))


def _until(said: list[Utterance], end_ms: int) -> list[Utterance]:
    """What is said until the call ends; a sentence that goes on is cut there."""
    found = []
    for u in said:
        if u.end_ms > end_ms > u.start_ms:
            kept = tuple(word for word in u.words if word.end_ms <= end_ms)
            u = replace(u, end_ms=end_ms, words=kept, text=" ".join(word.text for word in kept))
        if u.text and u.start_ms < end_ms:
            found.append(u)
    return found


def bring_words(work: Work, call_id: str, transcript: ImportedTranscript, source: str, language: str = "") -> None:
    """Words people already have, as a version of a call with sound."""
    params = "imported-" + _hash_of(transcript) + language
    version = words.version_of(work.store, call_id, params)
    if version is not None:
        make_current(work, call_id, version)
        return
    tracks = tracks_of(work.store, call_id)
    said, speakers = attribute.imported(transcript, tracks, calls.speakers(work.store, call_id))
    said = _within(said, calls.get(work.store, call_id).duration_ms)
    share = attribute.active_share(said, tracks)
    if share < FITS_BADLY:
        work.hear(Told("transcript_fits_badly", {"share": round(100 * share)}))
    with work.store.write():
        calls.set_speakers(work.store, call_id, speakers)
        made = imported_version(transcript, said, source, language, attribute.anybody(tracks))
        words.add_version(work.store, call_id, params, made)
        calls.change(work.store, call_id, state="transcribed")
    settle(work, call_id)


def _within(said: list[Utterance], duration_ms: int) -> list[Utterance]:
    """Words after the end of the sound cannot be played: kept and shown as suspect, in no number."""
    return [replace(u, suspect=True) if u.start_ms >= duration_ms else u for u in said]


def imported_version(
    transcript: ImportedTranscript, said: list[Utterance], source: str, language: str = "", spoken: Sequence[Span] = ()
) -> Transcript:
    """A version of words brought along, in the language that was told, else guessed; "und" where it is not clear.

    `spoken`: when anybody speaks, where there is sound.
    """
    counted = suspects.marked(said, spoken, confident=False)
    told = language or transcript.language
    return Transcript(
        id=new_id(),
        version=0,
        engine="imported",
        model="",
        language=told or guess([u.text for u in counted if not u.suspect]) or "und",
        draft=False,
        grade=WordsGrade.GOOD,
        utterances=tuple(counted),
        source=source,
    )


def _hash_of(transcript: ImportedTranscript) -> str:
    """A hash of imported words."""
    return hashlib.sha256(encode(transcript)).hexdigest()[:16]


def make_current(work: Work, call_id: str, transcript_id: str) -> None:
    row = work.store.row("SELECT version, current FROM transcript WHERE id = ?", (transcript_id,))
    assert row is not None
    if not row["current"]:
        words.use_version(work.store, call_id, row["version"])
    settle(work, call_id)


def settle(work: Work, call_id: str) -> None:
    """Lay what people set right onto the current words, recompute, and write the call's sidecar."""
    apply_acts(work.store, call_id)
    work.recompute(call_id)
    sidecar.write(work.store, call_id)
    work.hear(Ready("words", call_id))


def apply_acts(store: Store, call_id: str) -> list[dict[str, object]]:
    """What people set right about the words, onto the current version; returns what fits nowhere."""
    transcript = words.current(store, call_id)
    acts = events.of_call(store, call_id, *spoken.ACTS)
    if transcript is None or not (acts or words.is_changed(store, transcript.id)):
        return []
    people.settle(store, call_id, acts)
    known = frozenset(speaker.label for speaker in calls.speakers(store, call_id))
    laid = spoken.lay(acts, words.as_heard(store, transcript.id), known)
    words.show(store, transcript.id, [(piece.said, piece.heard) for piece in laid.pieces])
    return laid.unfitted
