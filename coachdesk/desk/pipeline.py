"""From a file to a coached call, stage by stage; a finished stage is saved before the next begins.

    prepare      decode, voice activity, layout, peaks         -> recordings and activity (facts)
    transcribe   chunk by chunk, each saved before the next    -> chunks (facts)
    attribute    speakers to utterances                        -> a transcript version
    measure      numbers                                       -> derived, milliseconds
    coach        findings and suggestions                      -> derived, milliseconds

A later stage's failure never touches an earlier one's result. Running the same request again goes on where it stopped.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from coachdesk.desk import attribute, engines, live, my_voice, versions, voices
from coachdesk.desk.attribute import Track
from coachdesk.desk.events import Ready, Told
from coachdesk.desk.recompute import tracks_of
from coachdesk.desk.work import Listening, Work, peaks_of
from coachdesk.document import encode
from coachdesk.errors import Cancelled, CoachDeskError, InputError
from coachdesk.history import calls, media, results, words
from coachdesk.history import voices as heard
from coachdesk.history.store import new_id
from coachdesk.model import Call, Layout, Notice, Recording
from coachdesk.spans import Span
from coachdesk.speech import channels, protocol
from coachdesk.speech.engine import EngineChoice
from coachdesk.speech.imported import ImportedTranscript


@dataclass(frozen=True, slots=True)
class Import:
    """What a person asks to bring in: one file, or one file per participant."""

    files: tuple[Path, ...]
    playbook: str
    engine: EngineChoice
    me: str = ""
    title: str = ""
    rep: str = ""
    account: str = ""
    started_at: datetime | None = None
    transcript: ImportedTranscript | None = None
    transcript_source: str = ""
    language: str = ""  # of words brought along, where the person told it
    source: str = "import"
    prepared: Path | None = None  # a sample's folder, with what listening to it found
    growing: Callable[[], bool] | None = None  # tells when a file that still grows is complete
    heard: live.Heard = live.NOTHING  # what was heard of it while it grew
    layout: str = ""  # what the channels hold, where the person told: two_sides | mixed
    until_ms: int | None = None  # the call ends here; what follows in the file does not belong to it
    notices: tuple[Notice, ...] = ()  # of whoever made the recording
    also: Callable[[str], None] | None = None  # what is kept of the call's id in the same breath, or not at all


def bring_in(work: Work, wanted: Import) -> str:
    """The call of these files: found again, gone on with, or made. Returns its id."""
    if wanted.growing is not None:
        return _follow(work, wanted)
    hashes = [media.digest_of(path) for path in wanted.files]
    with FileLock(str(work.store.home.locks / f"sound-{hashes[0][:16]}.lock")):  # the same file twice at once: one call
        call_id = calls.by_sound(work.store, hashes)
        if call_id is None:
            call_id = _prepare(work, wanted, hashes)
        else:
            work.hear(Told("known_call", {"call": call_id[:8]}))
            _save_heard(work, wanted, call_id)
        return _words(work, wanted, call_id)


def _words(work: Work, wanted: Import, call_id: str) -> str:
    if wanted.transcript is not None:
        versions.bring_words(work, call_id, wanted.transcript, wanted.transcript_source, wanted.language)
    elif wanted.engine.engine != "none":
        transcribe(work, call_id, wanted.engine)
    else:
        work.recompute(call_id)
    work.hear(Ready("coaching", call_id))
    return call_id


# --- prepare


def _prepare(work: Work, wanted: Import, hashes: list[str]) -> str:
    """Facts of the channels; with one file, the words follow in the same child."""
    kept = [media.bring_in(work.store.home, path)[1] for path in wanted.files]
    try:
        if len(kept) == 1:
            return _prepare_one(work, wanted, kept[0], hashes[0])
        found = [_facts_of(work, path) for path in kept]
        _refuse_mixed_tracks(wanted, found)
        return _add_call(work, wanted, list(zip(kept, hashes, found, strict=True)))
    except CoachDeskError as problem:
        _clear(work, kept)
        raise _named(problem, kept, wanted.files) from problem
    except BaseException:
        _clear(work, kept)
        raise


def _clear(work: Work, kept: list[Path]) -> None:
    """Take sound and peaks that no call refers to out of the media store again."""
    home, known = work.store.home, calls.media_names(work.store)
    for path in kept:
        for name in (media.relative(home, path), media.relative(home, peaks_of(path))):
            if name not in known:
                media.forget(home, name)


def _named(problem: CoachDeskError, kept: list[Path], files: tuple[Path, ...]) -> CoachDeskError:
    """The problem with the person's file names in the place of the store's."""
    message = problem.message
    for stored, own in zip(kept, files, strict=True):
        message = message.replace(stored.name, own.name)
    return type(problem)(message, problem.hint)


def _prepare_one(work: Work, wanted: Import, path: Path, sha256: str) -> str:
    if wanted.prepared is not None:
        return _add_call(work, wanted, [(path, sha256, _prepared(wanted.prepared, path))])
    if wanted.heard.facts is not None and wanted.heard.peaks is not None:
        return _take_over(work, wanted, path, sha256, wanted.heard.facts, wanted.heard.peaks)
    with_words = wanted.engine.engine != "none" and wanted.transcript is None
    choice = wanted.engine if with_words else EngineChoice("none")
    done = wanted.heard.keys(engines.params_of(choice))
    listening = Listening(work, path, choice, done, layout=wanted.layout)
    call_id = _add_call(work, wanted, [(path, sha256, listening.until_prepared())])
    _save_heard(work, wanted, call_id)
    if with_words:
        language = _listen(work, listening, call_id, tracks_of(work.store, call_id)[0], wanted.engine)
        versions.from_chunks(work, call_id, wanted.engine, language)
    else:
        listening.rest(lambda _: None)
    return call_id


def _prepared(folder: Path, path: Path) -> tuple[protocol.Opened, protocol.Prepared]:
    """What listening to a sample found, when the sample was made."""
    opened, prepared = (protocol.from_child(line) for line in (folder / "prepared.jsonl").read_bytes().splitlines())
    assert isinstance(opened, protocol.Opened) and isinstance(prepared, protocol.Prepared)
    shutil.copyfile(folder / "call.peaks", peaks_of(path))
    return opened, prepared


def _facts_of(work: Work, path: Path) -> tuple[protocol.Opened, protocol.Prepared]:
    listening = Listening(work, path, EngineChoice("none"), voices=False)
    found = listening.until_prepared()
    listening.rest(lambda _: None)
    return found


def _add_call(
    work: Work, wanted: Import, parts: list[tuple[Path, str, tuple[protocol.Opened, protocol.Prepared]]]
) -> str:
    """Store the call with its recordings and activity, then its numbers; nothing is half-stored."""
    opened = parts[0][2][0]
    offsets, notices = _offsets([facts for _, _, facts in parts])
    whole_ms = max(offset + facts[1].duration_ms for offset, (_, _, facts) in zip(offsets, parts, strict=True))
    call = Call(
        id=new_id(),
        title=one_line(wanted.title) or _title(wanted),
        kind=work.playbook.kind,
        playbook=work.playbook.id,
        started_at=wanted.started_at or _recorded_at(wanted.files[0], opened.tags),
        duration_ms=_end_ms(whole_ms, wanted.until_ms, [facts for _, _, facts in parts]),
        source=wanted.source,
        state="prepared",
        rep=wanted.rep or work.settings.my_name or None,
        case=wanted.account or None,
    )
    own = _own_voice(work, wanted, parts[0][2][1])
    with work.store.write():
        calls.add(work.store, call)
        for ordinal, (path, sha256, facts) in enumerate(parts):
            recording = _recording(work, path, sha256, facts, ordinal, len(parts) > 1)
            extra = (*notices, *wanted.notices, *my_voice.notice_of(own)) if ordinal == len(parts) - 1 else ()
            recording = replace(recording, offset_ms=offsets[ordinal], notices=(*recording.notices, *extra))
            runs = [[Span(*run) for run in channel] for channel in facts[1].activity]
            calls.add_recording(work.store, call.id, recording, facts[1].listen_to, runs)
            if facts[1].voices is not None:
                heard.keep(work.store, recording.id, voices.heard(facts[1].voices))
        tracks = tracks_of(work.store, call.id)
        names = [one_line(path.stem) for path in wanted.files] if len(parts) > 1 else []
        my_name = wanted.rep or work.settings.my_name
        if tracks[0].recording.layout is Layout.MIXED:
            speakers = voices.speakers_of(tracks, own or wanted.me, my_name)
        else:
            me = own_channel(wanted.me or work.settings.my_channel, tracks, wanted.files)
            speakers = attribute.default_speakers(tracks, me, my_name, names)
        calls.set_speakers(work.store, call.id, speakers)
        if wanted.also is not None:
            wanted.also(call.id)
        results.start_stage(work.store, call.id, "prepare", "", work.owner.id)
        results.end_stage(work.store, call.id, "prepare", "done")
    work.recompute(call.id)
    work.hear(Ready("numbers", call.id))
    return call.id


def _end_ms(whole_ms: int, until_ms: int | None, found: list[tuple[protocol.Opened, protocol.Prepared]]) -> int:
    """Where the call ends: at its silent tail where that was told, but never before the last of what was said."""
    if until_ms is None:
        return whole_ms
    said_ms = max((end for _, facts in found for runs in facts.activity for _start, end in runs), default=0)
    return max(1, min(whole_ms, max(until_ms, said_ms)))


def _own_voice(work: Work, wanted: Import, prepared: protocol.Prepared) -> str:
    """The label of the person's own voice on a mixed channel, where nothing told tells more; empty where it is not sure."""
    told = (
        wanted.me not in ("", "left", "right")
        or wanted.transcript is not None
        or wanted.rep not in ("", work.settings.my_name)
    )
    joined = any(notice.code == "joined" for notice in wanted.notices)  # its parts know whose they are
    return "" if told or joined else my_voice.known_again(prepared.voices)


def _recording(
    work: Work,
    path: Path,
    sha256: str | None,
    facts: tuple[protocol.Opened, protocol.Prepared],
    ordinal: int,
    is_track: bool,
) -> Recording:
    opened, prepared = facts
    home = work.store.home
    return Recording(
        id=new_id(),
        sha256=sha256,
        channels=opened.channels,
        sample_rate_hz=opened.sample_rate_hz,
        duration_ms=prepared.duration_ms,
        layout=Layout.TRACK if is_track else Layout(prepared.layout),
        ordinal=ordinal,
        partial=prepared.partial,
        codec=opened.codec,
        media=media.relative(home, path),
        peaks=media.relative(home, peaks_of(path)),
        notices=tuple(Notice(notice.code, notice.params) for notice in prepared.notices),
    )


def _offsets(found: list[tuple[protocol.Opened, protocol.Prepared]]) -> tuple[list[int], tuple[Notice, ...]]:
    """When each participant's file begins in the call, and what to say about it."""
    if len(found) == 1:
        return [0], ()
    offsets, notices = [0], []
    runs = [[Span(*run) for channel in prepared.activity for run in channel] for _, prepared in found]
    for n in range(1, len(found)):
        later = channels.later_start_ms(runs[0], runs[n])
        offsets.append(later or 0)
        length_differs = abs(found[n][1].duration_ms - found[0][1].duration_ms) > 500
        if later:
            notices.append(Notice("track_starts_later", {"track": n + 1, "ms": later, "s": round(later / 1000, 1)}))
        elif length_differs:
            notices.append(Notice("tracks_assumed_together", {"track": n + 1}))
    earliest = min(offsets)
    return [offset - earliest for offset in offsets], tuple(notices)


def _refuse_mixed_tracks(wanted: Import, found: list[tuple[protocol.Opened, protocol.Prepared]]) -> None:
    for path, (_, prepared) in zip(wanted.files, found, strict=True):
        if prepared.layout == Layout.TWO_SIDES.value:
            raise InputError(
                f"{path.name} holds two sides already.",
                "Use --tracks with one participant per file, or bring it in alone.",
            )


def own_channel(me: str, tracks: list[Track], files: tuple[Path, ...] = ()) -> int:
    """The call's channel that is one's own: left, right, a number from 1, or the name of a track."""
    plain = me.strip().lower()
    if plain in ("left", "right"):
        return ("left", "right").index(plain)
    if plain.isascii() and plain.isdecimal() and 1 <= int(plain) <= max(2, len(tracks)):
        return int(plain) - 1
    names = [path.stem.lower() for path in files]
    if len(files) > 1 and any(plain in name for name in names):
        return next(n for n, name in enumerate(names) if plain in name)
    return 0


# --- transcribe and attribute


def transcribe(work: Work, call_id: str, choice: EngineChoice) -> None:
    """Words for a stored call by this engine, as a new version; words of the same engine are not made twice."""
    params = engines.params_of(choice)
    version = words.version_of(work.store, call_id, params)
    if version is not None:
        versions.make_current(work, call_id, version)
        return
    language = ""
    for track in tracks_of(work.store, call_id):
        path = work.store.home.media / track.recording.media
        done = words.chunk_keys(work.store, track.recording.id, params)
        unheard = track.recording.layout is Layout.MIXED and (track.voices is None or track.voices.kind == "no_model")
        listening = Listening(work, path, choice, done, voices=unheard)
        _, prepared = listening.until_prepared()
        if prepared.voices is not None:
            _keep_voices(work, call_id, track, prepared.voices)
        language = _listen(work, listening, call_id, track, choice) or language
    versions.from_chunks(work, call_id, choice, language)


def _keep_voices(work: Work, call_id: str, track: Track, sent: protocol.VoicesSent) -> None:
    """Voices for a call that was brought in before they were listened for; people who have names keep them."""
    with work.store.write():
        heard.keep(work.store, track.recording.id, voices.heard(sent))
        if [speaker.label for speaker in calls.speakers(work.store, call_id)] == ["unknown"]:
            own = my_voice.known_again(sent)
            told = voices.speakers_of(tracks_of(work.store, call_id), own, work.settings.my_name)
            calls.set_speakers(work.store, call_id, told)
            my_voice.put_guess(work.store, call_id, own)


def _listen(work: Work, listening: Listening, call_id: str, track: Track, choice: EngineChoice) -> str:
    """Save chunks as they come; returns the language the engine found, "" where it was told."""
    params = engines.params_of(choice)
    results.start_stage(work.store, call_id, "transcribe", params, work.owner.id)
    language = ""

    def take(message: protocol.FromChild) -> None:
        nonlocal language
        if isinstance(message, protocol.ChunkHeard):
            key = (message.channel, message.start_ms, message.end_ms)
            words.save_chunk(work.store, track.recording.id, params, key, encode(message.utterances))
        elif isinstance(message, protocol.Language):
            language = message.code

    try:
        listening.rest(take)
    except Cancelled:
        results.end_stage(work.store, call_id, "transcribe", "interrupted")
        raise
    except CoachDeskError as problem:
        results.end_stage(work.store, call_id, "transcribe", "failed", problem.code, problem.message)
        raise
    except BaseException:
        results.end_stage(work.store, call_id, "transcribe", "interrupted")
        raise
    results.end_stage(work.store, call_id, "transcribe", "done")
    return language


# --- a file that still grows


def _follow(work: Work, wanted: Import) -> str:
    """Listen along while a file grows; when it is sealed, it is brought in with what was heard already."""
    assert wanted.growing is not None
    with tempfile.TemporaryDirectory(dir=work.store.home.root) as folder:
        path, peaks = wanted.files[0].absolute(), Path(folder) / "peaks"
        heard = live.follow(work, path, wanted.engine, wanted.growing, peaks, layout=lambda: wanted.layout)
        return bring_in(work, replace(wanted, growing=None, heard=heard))


def _take_over(work: Work, wanted: Import, path: Path, sha256: str, facts: live.Facts, peaks: Path) -> str:
    """A call of what was found while its file grew; with its words, where they were heard to the end."""
    peaks.replace(peaks_of(path))
    call_id = _add_call(work, wanted, [(path, sha256, facts)])
    _save_heard(work, wanted, call_id)
    if wanted.heard.whole and wanted.transcript is None and wanted.engine.engine != "none":
        results.start_stage(work.store, call_id, "transcribe", wanted.heard.params, work.owner.id)
        results.end_stage(work.store, call_id, "transcribe", "done")
        versions.from_chunks(work, call_id, wanted.engine)
    return call_id


def _save_heard(work: Work, wanted: Import, call_id: str) -> None:
    """Chunks heard while the file grew belong to its recording now."""
    if not wanted.heard.chunks:
        return
    recording = calls.recordings(work.store, call_id)[0]
    with work.store.write():
        for chunk in wanted.heard.chunks:
            key = (chunk.channel, chunk.start_ms, chunk.end_ms)
            words.save_chunk(work.store, recording.id, wanted.heard.params, key, encode(chunk.utterances))


def _title(wanted: Import) -> str:
    if wanted.transcript and wanted.transcript.title:
        return wanted.transcript.title
    return one_line(" + ".join(path.stem for path in wanted.files))


def one_line(text: str) -> str:
    """A name as it can be kept and shown: one line, no control characters, no broken bytes of odd file names."""
    whole = text.encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in whole).split())


def _recorded_at(path: Path, tags: dict[str, str]) -> datetime:
    """When a recording was made: its own tag, else when the file was last changed."""
    for name in ("creation_time", "date"):
        try:
            found = datetime.fromisoformat(tags.get(name, "").replace("Z", "+00:00"))
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
