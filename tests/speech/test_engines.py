"""The engines behind their seam: the same clip gives the same words, and what cannot run says so."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from coachdesk.audio.load import RATE_HZ
from coachdesk.errors import EngineError, ModelMissing
from coachdesk.spans import Span
from coachdesk.speech.cutter import pack
from coachdesk.speech.draft import DraftEngine
from coachdesk.speech.engine import Clip, EngineChoice
from coachdesk.speech.scripted import ScriptedEngine
from coachdesk.speech.utterances import utterances_of
from coachdesk.speech.whisper import HOT_WORDS_AT_MOST, WhisperEngine, _stutters
from tests.audio.sounds import call, noise
from tests.conftest import MICRO_MODEL, SAMPLES
from tests.speech.clips import SIDES, TRUTH, clips_of, micro_clips


def whisper(model=MICRO_MODEL, **choice):
    return WhisperEngine(EngineChoice("whisper", str(model), **{"language": "en", "threads": 2, **choice}))


@pytest.fixture(scope="module")
def engine():
    return whisper()


def answers(engine, clips):
    """Chunk -> everything the engine says of it; asks that it answers each clip, in order."""
    heard = list(engine.transcribe(iter(clips)))
    assert [one.chunk for one in heard] == [clip.chunk for clip in clips]
    return {one.chunk: one for one in heard}


# --- whisper


def test_whisper_hears_every_word_of_its_call_at_its_time(engine):
    said = sorted(
        (one.start_ms, one.end_ms, SIDES[heard.chunk.channel], one.text, one.suspect)
        for heard in engine.transcribe(micro_clips())
        for one in utterances_of(heard)
    )
    assert [(side, text) for _, _, side, text, _ in said] == [(line["speaker"], line["text"]) for line in TRUTH]
    for (start_ms, end_ms, *_, suspect), line in zip(said, TRUTH, strict=True):
        assert abs(start_ms - line["start"] * 1000) <= 150 and abs(end_ms - line["end"] * 1000) <= 150
        assert not suspect


def test_whispers_answer_for_a_clip_depends_on_nothing_but_the_clip(engine):
    """Texts, times and confidences: in one batch or alone, forward or backward, asked once or twice."""
    clips = micro_clips()
    forward = answers(whisper(batch=4), clips)
    assert answers(whisper(batch=1), clips) == forward
    assert answers(engine, clips[::-1]) == forward
    assert answers(whisper(batch=3, threads=1), clips[2:] + clips[:2]) == forward
    for clip in clips:
        assert answers(engine, [clip])[clip.chunk] == forward[clip.chunk]


def test_whisper_reads_ahead_by_its_batch_and_never_more():
    """Live words and cancelling depend on it."""
    asked = []

    def clips():
        for clip in micro_clips():
            asked.append(clip)
            yield clip

    heard = whisper(batch=2).transcribe(clips())
    assert asked == []
    next(heard)
    assert len(asked) == 2
    heard.close()


def test_words_lie_in_order_inside_their_clip_with_real_confidences(engine):
    for heard in engine.transcribe(micro_clips()):
        starts = [word.start_ms for word in heard.words]
        assert starts == sorted(starts) and starts[0] >= 0
        assert heard.words[-1].end_ms <= heard.chunk.packed_ms + 30
        assert all(0.05 < word.confidence <= 1 for word in heard.words)


@pytest.mark.parametrize("hot_words", [(), ("Northbeam", "Priya")])
def test_silence_and_noise_give_no_text_whatever_hot_words_are_given(hot_words):
    """The model itself invents a sentence here, and never doubts it; so it must not be asked."""
    for sound in (np.zeros((1, 6 * RATE_HZ), np.float32), noise(6) * np.float32(0.2)):
        asked = Clip(pack(0, [Span(250, 5750)]), sound[0])
        (invention,) = whisper(hot_words=hot_words).transcribe([asked])
        assert invention.words
        assert clips_of(sound) == []


def test_hot_words_change_no_answer_of_the_call_and_are_bounded():
    plain = [one.text for heard in whisper().transcribe(micro_clips()) for one in utterances_of(heard)]
    names = tuple(f"Name{n}" for n in range(500))
    engine = whisper(hot_words=("Northbeam",))
    assert [one.text for heard in engine.transcribe(micro_clips()) for one in utterances_of(heard)] == plain
    crowded = whisper(hot_words=names)
    assert crowded._hot_words.count("Name") == HOT_WORDS_AT_MOST
    assert list(crowded.transcribe(micro_clips()[:1]))


def test_the_language_is_judged_from_all_clips_together():
    code, probability = whisper(language="").detect_language(list(micro_clips()))
    assert code == "en" and 0 < probability <= 1


def test_a_text_that_stutters_is_noticed_and_a_natural_repetition_is_not():
    assert _stutters("I was going to I was going to I was going to I was going to say")
    assert _stutters("Thank you. Thank you. Thank you. Thank you.")
    assert not _stutters("No, no, no, no. That is what I mean, and that is what I said.")
    assert not _stutters("What tools are you using today? What tools are you missing?")


@pytest.mark.parametrize("missing", ["model.bin", "tokenizer.json", None])
def test_a_folder_without_a_model_is_a_missing_model(tmp_path, missing):
    folder = tmp_path / "model"
    if missing:
        shutil.copytree(MICRO_MODEL, folder)
        (folder / missing).unlink()
    with pytest.raises(ModelMissing) as told:
        whisper(folder)
    assert "models" in told.value.hint
    with pytest.raises(ModelMissing):
        whisper("")


@pytest.mark.parametrize("damage", ["cut off", "not a model", "empty", "broken tokenizer"])
def test_a_damaged_model_is_an_engine_error(tmp_path, damage):
    folder = tmp_path / "model"
    shutil.copytree(MICRO_MODEL, folder)
    data = (MICRO_MODEL / "model.bin").read_bytes()
    damaged = {"cut off": data[: len(data) // 2], "not a model": b"<html>Sign in</html>" * 999, "empty": b""}
    if damage in damaged:
        (folder / "model.bin").write_bytes(damaged[damage])
    else:
        (folder / "tokenizer.json").write_text("{")
    with pytest.raises(EngineError, match="cannot be loaded") as told:
        whisper(folder)
    assert "verify" in told.value.hint


# --- draft


@pytest.fixture(scope="module")
def draft_clips():
    """The first seconds of a call, both sides; decoding is slow."""
    return clips_of(call(SAMPLES / "recruiting_screen" / "call.opus")[:, : 21 * RATE_HZ])


@pytest.fixture(scope="module")
def drafted(draft_clips):
    return answers(DraftEngine(EngineChoice("draft")), draft_clips)


def test_the_draft_hears_much_of_clean_speech(drafted):
    truth = json.loads((SAMPLES / "recruiting_screen" / "truth.json").read_text("utf-8"))["utterances"]
    said = {word.strip(".,?!").lower() for line in truth if line["end"] < 21 for word in line["text"].split()}
    heard = {word.text for one in drafted.values() for word in one.words}
    assert len(heard & said) > 0.5 * len(said)


def test_the_drafts_answer_for_a_clip_depends_on_nothing_but_the_clip(drafted, draft_clips):
    """Backward, after other sound, the same; alone too."""
    assert len(draft_clips) >= 2 and sum(len(heard.words) for heard in drafted.values()) > 30
    used = DraftEngine(EngineChoice("draft"))
    other = Clip(pack(0, [Span(250, 1750)]), noise(2)[0])
    assert list(used.transcribe([other]))
    assert answers(used, draft_clips[::-1]) == drafted
    alone = min(draft_clips, key=lambda clip: clip.chunk.packed_ms)
    assert answers(DraftEngine(EngineChoice("draft")), [alone])[alone.chunk] == drafted[alone.chunk]


def test_the_draft_tells_words_only_and_in_order(drafted):
    for heard in drafted.values():
        assert all(word.text and word.text[0] not in "<[+" and "(" not in word.text for word in heard.words)
        edges = [edge for word in heard.words for edge in (word.start_ms, word.end_ms)]
        assert edges == sorted(edges) and edges[-1] <= heard.chunk.packed_ms + 20


def test_the_draft_knows_english_only():
    with pytest.raises(EngineError, match="English only") as told:
        DraftEngine(EngineChoice("draft", language="de"))
    assert told.value.hint
    DraftEngine(EngineChoice("draft", language="en"))


# --- scripted


def script(folder, lines, **more):
    path = folder / "script.json"
    path.write_text(json.dumps({**more, "utterances": lines}), "utf-8")
    return ScriptedEngine(EngineChoice("scripted", str(path)))


def line(channel, start_ms, end_ms, text):
    return {"channel": channel, "start_ms": start_ms, "end_ms": end_ms, "text": text}


def test_the_script_is_recited_at_its_times_on_its_channel(tmp_path):
    engine = script(tmp_path, [line(0, 1000, 3000, "what tools do you use"), line(1, 1000, 3000, "nothing")])
    chunk = pack(0, [Span(1000, 3000), Span(9000, 10_000)])
    (heard,) = engine.transcribe([Clip(chunk, np.zeros(0, np.float32))])
    (one,) = utterances_of(heard)
    assert (one.start_ms, one.end_ms, one.text) == (1000, 3000, "what tools do you use")
    assert [word.start_ms for word in one.words] == [1000, 1400, 1800, 2200, 2600]


def test_the_script_of_a_whole_call_is_recited_word_by_word(tmp_path):
    lines = [
        line(SIDES.index(said["speaker"]), round(said["start"] * 1000), round(said["end"] * 1000), said["text"])
        for said in TRUTH
    ]
    said = sorted(
        (one.start_ms, one.text)
        for heard in script(tmp_path, lines).transcribe(micro_clips())
        for one in utterances_of(heard)
    )
    assert [text for _, text in said] == [one["text"] for one in lines]


def test_a_missing_script_is_a_missing_model(tmp_path):
    with pytest.raises(ModelMissing):
        ScriptedEngine(EngineChoice("scripted", str(tmp_path / "none.json")))
