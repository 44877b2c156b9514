"""The speech child as the desk sees it: messages in order, resumed, followed while the file grows, killed, dying."""

from __future__ import annotations

import json
import shutil
import threading
import time

import numpy as np
import psutil
import pytest

from coachdesk.desk.jobs import SpeechChild
from coachdesk.errors import Cancelled, EngineError, InputError, ModelMissing, UnreadableFile
from coachdesk.speech import protocol
from coachdesk.speech.engine import EngineChoice
from tests.audio.sounds import call as samples_of
from tests.audio.sounds import noise, ogg_pages, pcm16, wav, write
from tests.conftest import MICRO_CALL, MICRO_MODEL, needs_voice_model
from tests.speech.clips import SIDES, TRUTH

CALL = MICRO_CALL / "stereo.opus"
WHISPER = EngineChoice("whisper", str(MICRO_MODEL), "en", threads=1)
NONE = EngineChoice("none")


def scripted(folder, delay_ms=0):
    """An engine that recites the call."""
    lines = [
        {
            "channel": SIDES.index(said["speaker"]),
            "start_ms": round(said["start"] * 1000),
            "end_ms": round(said["end"] * 1000),
            "text": said["text"],
        }
        for said in TRUTH
    ]
    path = folder / "script.json"
    path.write_text(json.dumps({"chunk_delay_ms": delay_ms, "utterances": lines}), "utf-8")
    return EngineChoice("scripted", str(path))


def start(folder, engine, path=CALL, **more):
    return SpeechChild(protocol.Request(str(path), str(folder / "peaks"), engine, **more))


def listen(folder, engine, path=CALL, **more):
    return list(start(folder, engine, path, **more).messages())


def only(kind, messages):
    return [message for message in messages if isinstance(message, kind)]


def key(chunk):
    return chunk.channel, chunk.start_ms, chunk.end_ms


def by_key(messages):
    return {key(chunk): chunk for chunk in only(protocol.ChunkHeard, messages)}


def gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_messages_come_in_order_and_tell_the_whole_call(tmp_path):
    messages = listen(tmp_path, WHISPER)
    order = [type(message).__name__ for message in messages]
    assert order[0] == "Opened" and order[-1] == "Done"
    assert order.count("Opened") == order.count("Prepared") == order.count("Done") == 1
    assert order.index("Prepared") < order.index("ChunkHeard")
    (opened,), (prepared,) = only(protocol.Opened, messages), only(protocol.Prepared, messages)
    assert (opened.container, opened.codec, opened.channels) == ("ogg", "opus", 2)
    assert abs(prepared.duration_ms - 55_030) < 50 and prepared.layout == "two_sides" and not prepared.partial
    chunks = only(protocol.ChunkHeard, messages)
    assert len(chunks) == prepared.chunks == len({key(chunk) for chunk in chunks})
    assert [(c.start_ms, c.channel) for c in chunks] == sorted((c.start_ms, c.channel) for c in chunks)
    said = sorted(
        (one.start_ms, SIDES[chunk.channel], " ".join(word.text for word in one.words))
        for chunk in chunks
        for one in chunk.utterances
    )
    assert [(side, text) for _, side, text in said] == [(line["speaker"], line["text"]) for line in TRUTH]
    assert (tmp_path / "peaks").is_file()


def test_progress_only_rises_and_ends_with_all_of_it(tmp_path):
    messages = listen(tmp_path, scripted(tmp_path))
    for stage in ("prepare", "transcribe"):
        steps = [message.done_ms for message in only(protocol.Progress, messages) if message.stage == stage]
        assert steps == sorted(steps) and len(steps) > 1
    last = only(protocol.Progress, messages)[-1]
    assert last.done_ms == last.total_ms == only(protocol.Prepared, messages)[0].speech_ms


def test_the_child_connects_to_nothing(tmp_path):
    (done,) = only(protocol.Done, listen(tmp_path, WHISPER))
    assert done.connects == 0 and 0 < done.engine_s <= done.total_s


def test_a_resumed_child_sends_only_the_missing_chunks_and_the_same(tmp_path):
    whole = by_key(listen(tmp_path, WHISPER))
    assert len(whole) >= 4
    saved = list(whole)[:2]
    rest = by_key(listen(tmp_path, WHISPER, done=saved))
    assert rest == {at: chunk for at, chunk in whole.items() if at not in saved}
    messages = listen(tmp_path, WHISPER, done=list(whole))
    assert by_key(messages) == {} and only(protocol.Done, messages)


def test_without_an_engine_there_are_facts_and_no_chunks(tmp_path):
    messages = listen(tmp_path, NONE)
    assert only(protocol.ChunkHeard, messages) == []
    (prepared,) = only(protocol.Prepared, messages)
    assert prepared.chunks > 0 and all(len(runs) > 3 for runs in prepared.activity)


def test_silence_prepares_with_a_notice_and_asks_no_engine(tmp_path):
    path = wav(tmp_path / "quiet.wav", pcm16(noise(3) * 0))
    messages = listen(tmp_path, WHISPER, path)
    (prepared,) = only(protocol.Prepared, messages)
    assert [notice.code for notice in prepared.notices] == ["no_speech"]
    assert only(protocol.ChunkHeard, messages) == []


# --- a file that still grows


def follow(folder, engine, data, **more):
    """Messages of a child that follows a file while a thread writes it in pieces and then seals it."""
    path = folder / "growing.opus"
    size = len(data) // 6
    path.write_bytes(data[:size])
    child = start(folder, engine, path, growing=True, **more)

    def append():
        for at in range(size, len(data), size):
            time.sleep(0.05)
            with path.open("ab") as file:
                file.write(data[at : at + size])
        child.seal()

    writer = threading.Thread(target=append)
    writer.start()
    try:
        return list(child.messages())
    finally:
        writer.join()


@pytest.mark.parametrize("killed", [False, True], ids=["sealed", "writer killed"])
def test_a_growing_file_gives_the_chunks_words_and_facts_of_the_finished_one(tmp_path, killed):
    data = b"".join(ogg_pages(CALL)[:-2])[:-500] if killed else CALL.read_bytes()
    finished = tmp_path / "finished.opus"
    finished.write_bytes(data)
    live, later = follow(tmp_path, WHISPER, data), listen(tmp_path, WHISPER, finished)
    assert by_key(live) == by_key(later) and len(by_key(live)) >= 3
    assert only(protocol.Prepared, live) == only(protocol.Prepared, later)
    assert only(protocol.Prepared, live)[0].partial is killed
    assert [type(message).__name__ for message in live[-2:]] == ["Prepared", "Done"]


def test_live_words_come_before_the_file_is_complete(tmp_path):
    path = tmp_path / "growing.opus"
    path.write_bytes(b"".join(ogg_pages(CALL)[:-1]))
    child = start(tmp_path, scripted(tmp_path), path, growing=True)
    before_seal, sealed = 0, False
    for message in child.messages():
        if isinstance(message, protocol.ChunkHeard):
            before_seal += not sealed
            child.seal()
            sealed = True
    assert before_seal == 1


def test_a_growing_file_too_short_to_measure_leaves_no_peaks_behind(tmp_path):
    path = write(tmp_path / "growing.opus", noise(0.3, rate=48_000), 48_000, "libopus")
    child = start(tmp_path, NONE, path, growing=True)
    child.seal()
    with pytest.raises(UnreadableFile):
        list(child.messages())
    assert not list(tmp_path.glob("peaks*"))


# --- the child ends


def test_a_killed_child_is_cancelled_and_gone(tmp_path):
    child = start(tmp_path, scripted(tmp_path, delay_ms=60_000))
    with pytest.raises(Cancelled):
        for message in child.messages():
            if isinstance(message, protocol.Prepared):
                child.kill()
    assert gone(child.pid)


def test_a_child_that_dies_is_an_engine_error_and_gone(tmp_path):
    child = start(tmp_path, scripted(tmp_path, delay_ms=60_000))
    with pytest.raises(EngineError, match="stopped unexpectedly"):
        for message in child.messages():
            if isinstance(message, protocol.Prepared):
                psutil.Process(child.pid).kill()
    assert gone(child.pid)


def test_a_listener_that_turns_away_leaves_no_child(tmp_path):
    child = start(tmp_path, scripted(tmp_path, delay_ms=60_000))
    messages = child.messages()
    next(messages)
    messages.close()
    assert gone(child.pid)


def test_a_child_whose_parent_is_gone_ends_by_itself(tmp_path):
    """Its stdin closes: that is all a dead parent leaves."""
    child = start(tmp_path, scripted(tmp_path, delay_ms=60_000))
    messages = child.messages()
    next(messages)
    child._process.stdin.close()
    assert child._process.wait(timeout=60) == 0
    with pytest.raises(EngineError):
        list(messages)


# --- what the child cannot do


def test_the_childs_refusals_arrive_as_the_errors_they_are(tmp_path):
    text = tmp_path / "notes.mp3"
    text.write_text("no sound " * 100)
    with pytest.raises(UnreadableFile) as told:
        listen(tmp_path, NONE, text)
    assert told.value.hint and "notes.mp3" in told.value.message
    with pytest.raises(InputError, match="longer than"):
        listen(tmp_path, NONE, longest_ms=10_000)
    assert not list(tmp_path.glob("peaks*"))


@pytest.mark.parametrize(
    ("engine", "error"),
    [
        (EngineChoice("whisper", "/nowhere/at/all", "en"), ModelMissing),
        (EngineChoice("draft", language="de"), EngineError),
        (EngineChoice("oracle"), EngineError),
    ],
    ids=["no model", "no language", "no engine"],
)
def test_an_engine_that_cannot_run_says_so_after_the_facts(tmp_path, engine, error):
    messages = []
    with pytest.raises(error) as told:
        for message in start(tmp_path, engine).messages():
            messages.append(message)
    assert told.value.hint and only(protocol.Prepared, messages)


def test_a_damaged_model_is_told_and_does_not_kill_the_child(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(MICRO_MODEL, folder)
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(EngineError, match="cannot be loaded"):
        listen(tmp_path, EngineChoice("whisper", str(folder), "en"))


@needs_voice_model
def test_a_mixed_channel_has_voices_whether_the_file_grew_or_not(tmp_path):
    """Asked for, they come with the facts; a channel per side has none."""
    path = tmp_path / "mono.opus"
    write(path, np.tile(samples_of(CALL).mean(axis=0)[None], 3), codec="libopus")
    (whole,) = only(protocol.Prepared, listen(tmp_path, NONE, path, voices=True))
    (grown,) = only(protocol.Prepared, follow(tmp_path, NONE, path.read_bytes(), voices=True))
    assert whole.voices is not None and whole.voices == grown.voices
    assert {speaker for _, _, speaker in whole.voices.spans} == {1, 2}
    (unasked,) = only(protocol.Prepared, listen(tmp_path, NONE, path))
    (sides,) = only(protocol.Prepared, listen(tmp_path, NONE, voices=True))
    assert unasked.voices is sides.voices is None
