"""What goes wrong with Whisper on long two-channel calls, each with what is done about it here.

The tiny model of the tests shares the large ones' habits: it invents a fluent sentence for silence, and never doubts it.
"""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
import pytest

from coachdesk.audio.load import BLOCK_SAMPLES, RATE_HZ
from coachdesk.spans import Span
from coachdesk.speech.cutter import LONGEST_CLIP_MS, Listener, Tape, pack
from coachdesk.speech.engine import Clip, EngineChoice, Heard, HeardWord
from coachdesk.speech.utterances import utterances_of
from coachdesk.speech.whisper import DETECT_CLIPS, HOT_WORDS_AT_MOST, WhisperEngine, physical_cores
from tests.audio.sounds import call, noise
from tests.conftest import MICRO_CALL, MICRO_MODEL, SAMPLES
from tests.speech.clips import SIDES, TRUTH, clips_of, micro_clips


def engine(**choice):
    return WhisperEngine(EngineChoice("whisper", str(MICRO_MODEL), **{"language": "en", "threads": 2, **choice}))


@pytest.fixture(scope="module")
def said():
    """All utterances of the tiny model's call, as (channel, utterance)."""
    return [(heard.chunk.channel, one) for heard in engine().transcribe(micro_clips()) for one in utterances_of(heard)]


def sides_turns(side):
    return [
        Span(round(one["start"] * 1000), round(one["end"] * 1000)) for one in TRUTH if one["speaker"] == SIDES[side]
    ]


def test_silence_of_the_listening_side_makes_no_text(said):
    """The model answers silence with a sentence; the engine is asked about speech only, so none gets in."""
    silence = Clip(pack(0, [Span(250, 5750)]), np.zeros(6 * RATE_HZ, np.float32))
    (invention,) = engine().transcribe([silence])
    assert len(invention.words) > 2
    for channel, one in said:
        spoken = sum(turn.overlap_ms(Span(one.start_ms, one.end_ms)) for turn in sides_turns(channel))
        assert spoken > 0.9 * (one.end_ms - one.start_ms)
    listening = call(MICRO_CALL / "stereo.opus").copy()
    listening[1] = 0
    assert {clip.chunk.channel for clip in clips_of(listening)} == {0}


def test_turns_packed_into_one_clip_are_not_glued_into_one_utterance(said):
    """One clip holds half a minute of a side's turns with the other side's answers cut out of it."""
    longest = max(micro_clips(), key=lambda clip: len(clip.chunk.runs))
    assert len(longest.chunk.runs) > 4
    for channel, one in said:
        assert not any(Span(one.start_ms, one.end_ms).contains(turn) for turn in sides_turns(1 - channel))
    assert len(said) == len(TRUTH)


def test_a_first_word_laid_into_the_silence_before_is_moved_to_where_the_sound_begins():
    chunk = pack(0, [Span(1000, 2000), Span(31_000, 32_000)])
    early = (
        HeardWord(250, 1250, "right", 0.9),
        HeardWord(1300, 2600, "so", 0.9),  # begins in the padding after the first run, 29 s before its sound
        HeardWord(2600, 2700, "then", 0.9),
    )
    first, second = utterances_of(Heard(chunk, early))
    assert (first.end_ms, second.start_ms) == (2000, 31_000)
    assert [word.text for word in second.words] == ["so", "then"] and second.words[0].start_ms == 31_000


def test_a_bad_clip_does_not_poison_the_clips_after_it():
    """No text is carried on: after noise that the model takes for a sentence, the call's words are the same."""
    clips = list(micro_clips())
    bad = [Clip(pack(0, [Span(250, 5750)]), noise(6, seed=seed)[0]) for seed in range(3)]
    alone = list(engine(batch=1).transcribe(clips))
    assert list(engine(batch=1).transcribe(bad + clips))[3:] == alone
    assert list(engine(batch=4).transcribe(bad + clips))[3:] == alone


def test_speech_without_a_pause_is_cut_before_the_engine_would_cut_it_silently():
    """Everything after 30 s of a clip is lost to the engine; our clips are shorter and lose no sample of speech."""
    sound = call(SAMPLES / "recruiting_screen" / "call.opus")[0]
    frames = sound[: len(sound) // 320 * 320].reshape(-1, 320)
    breathless = frames[np.abs(frames).max(axis=1) > 0.02].reshape(1, -1)
    clips = clips_of(breathless)
    assert breathless.shape[1] > 90 * RATE_HZ and len(clips) >= 4
    assert all(len(clip.samples) <= LONGEST_CLIP_MS * RATE_HZ // 1000 < 30 * RATE_HZ for clip in clips)
    runs = [run for clip in clips for run in clip.chunk.runs]
    assert sum(run.duration_ms for run in runs) > 0.97 * breathless.shape[1] / 16
    assert all(run.end_ms <= following.start_ms for run, following in pairwise(runs))
    for clip, following in pairwise(clips):  # and no word twice
        assert clip.chunk.end_ms <= following.chunk.runs[0].start_ms


def test_hot_words_are_few_and_go_only_with_speech():
    """They reach every clip and can be invented into silence: so at most twenty, and no clip without speech."""
    names = tuple(f"Product{n}" for n in range(300))
    crowded = engine(hot_words=names)
    assert crowded._hot_words.split(", ") == list(names[:HOT_WORDS_AT_MOST])
    for sound in (np.zeros((1, 8 * RATE_HZ), np.float32), noise(8)):
        assert list(crowded.transcribe(clips_of(sound))) == []


def test_hold_music_at_the_start_does_not_decide_the_language():
    """Judged from clips of speech of both sides, once for the whole call."""
    t = np.arange(35 * RATE_HZ) / RATE_HZ
    music = sum(np.sin(2 * np.pi * hz * t) for hz in (262, 330, 392)).astype(np.float32) * 0.1
    call_after_music = np.concatenate([np.stack([music, music]), call(MICRO_CALL / "stereo.opus")], axis=1)
    clips = clips_of(call_after_music)
    assert clips and all(clip.chunk.start_ms > 34_000 for clip in clips)
    asked = engine(language="")
    judged = [clip for side in (0, 1) for clip in [c for c in clips if c.chunk.channel == side][:DETECT_CLIPS]]
    assert len({clip.chunk.channel for clip in judged}) == 2
    assert asked.detect_language(judged)[0] == "en"


def test_nothing_runs_before_it_is_asked_for_and_then_one_batch_at_a_time():
    """So progress is true, chunks are saved as they come, and stopping costs one batch."""
    taken = []
    clips = (taken.append(clip.chunk) or clip for clip in micro_clips())
    answers = engine(batch=1).transcribe(clips)
    assert taken == []
    for count, heard in enumerate(answers, 1):
        assert len(taken) == count and heard.chunk == taken[-1]
    assert count == len(micro_clips())


def test_memory_does_not_grow_with_the_call_and_no_text_is_cut_short(said):
    """The tape holds the last chunk's worth, not the call; the fullest clip is heard to its last word."""
    sound = call(SAMPLES / "sales_discovery" / "call.opus")
    tape, listeners, held = Tape(2), [Listener(0), Listener(1)], []
    for at in range(0, sound.shape[1], BLOCK_SAMPLES):
        tape.push(sound[:, at : at + BLOCK_SAMPLES])
        for lane, listener in enumerate(listeners):
            listener.push(sound[lane, at : at + BLOCK_SAMPLES])
        tape.forget_before(min(listener.needs_from_ms() for listener in listeners))
        held.append(sum(block.shape[1] for block in tape._blocks) / RATE_HZ)
    assert max(held) < 75 < 0.3 * sound.shape[1] / RATE_HZ
    assert [one.text for _, one in sorted(said, key=lambda entry: entry[1].start_ms)] == [one["text"] for one in TRUTH]


def test_as_many_threads_as_real_cores_are_asked_for():
    """Left alone, the library takes four on any machine."""
    assert 1 <= physical_cores() <= (os.cpu_count() or 1)
    assert list(engine(threads=0).transcribe(micro_clips()[-1:])) == list(engine().transcribe(micro_clips()[-1:]))


def test_short_utterances_share_a_clip_for_each_clip_costs_a_full_window(said):
    """Sixteen utterances in four clips; each of one side only."""
    assert len(said) >= 3 * len(micro_clips())
    for clip in micro_clips():
        own = sides_turns(clip.chunk.channel)
        assert all(any(run.overlap_ms(turn) > 0 for turn in own) for run in clip.chunk.runs)
        assert clip.chunk.packed_ms < clip.chunk.end_ms - clip.chunk.start_ms or len(clip.chunk.runs) == 1
