"""Chunks hold every run of speech exactly once, never more than an engine takes, and do not depend on how sound comes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from coachdesk.audio.load import BLOCK_SAMPLES, RATE_HZ
from coachdesk.spans import Span, merge_spans, total_ms
from coachdesk.speech.cutter import (
    EXTENT_MS,
    LONGEST_CLIP_MS,
    LONGEST_RUN_MS,
    PAD_MS,
    QUIET_MS,
    Cutter,
    Listener,
    Tape,
    pack,
)
from coachdesk.speech.detector import BRIDGE_MS, FRAME_MS
from tests.audio.sounds import call, noise
from tests.conftest import MICRO_CALL, SAMPLES

checked = settings(derandomize=True, max_examples=120, deadline=None)


def runs_after(parts):
    """Runs from (pause, length) pairs."""
    runs, at = [], 0
    for pause, length in parts:
        runs.append(Span(at + pause, at + pause + length))
        at = runs[-1].end_ms
    return runs


pauses = st.one_of(st.integers(BRIDGE_MS + 1, 3000), st.integers(3000, 30_000))
lengths = st.one_of(st.integers(250, 4000), st.integers(250, LONGEST_RUN_MS))
run_lists = st.lists(st.tuples(pauses, lengths), min_size=1, max_size=30).map(runs_after)


def cut(runs, duration_ms):
    cutter = Cutter(1)
    return [chunk for run in runs for chunk in cutter.push(run)] + cutter.finish(duration_ms)


@checked
@given(run_lists, st.integers(0, 400))
def test_chunks_cover_every_run_once_in_order_and_within_the_engines_limits(runs, rest_ms):
    duration_ms = runs[-1].end_ms + rest_ms
    chunks = cut(runs, duration_ms)
    assert [run for chunk in chunks for run in chunk.runs] == runs
    for chunk in chunks:
        assert chunk.packed_ms <= LONGEST_CLIP_MS
        assert chunk.end_ms <= duration_ms
        assert len(chunk.runs) == 1 or chunk.runs[-1].end_ms - chunk.runs[0].start_ms <= EXTENT_MS
        assert all(after.start_ms - before.end_ms <= QUIET_MS for before, after in pairwise(chunk.runs))
        assert all(any(take.contains(run) for take in chunk.takes) for run in chunk.runs)
        assert all(after.start_ms > before.end_ms for before, after in pairwise(chunk.takes))
        assert chunk.packed_ms <= chunk.speech_ms + 2 * PAD_MS * len(chunk.runs)


@checked
@given(run_lists)
def test_times_in_the_clip_and_in_the_recording_map_onto_each_other(runs):
    for chunk in cut(runs, runs[-1].end_ms + 500):
        for run in chunk.runs:
            for real in (run.start_ms, run.middle_ms, run.end_ms):
                packed = chunk.packed_at(real)
                assert packed is not None and chunk.real_ms(packed) == real
        steps = [chunk.real_ms(packed) for packed in range(0, chunk.packed_ms, 97)]
        assert steps == sorted(steps) and chunk.start_ms == steps[0]
        for left, right in pairwise(chunk.takes):
            if right.start_ms - left.end_ms > 1:
                assert chunk.packed_at((left.end_ms + right.start_ms) / 2) is None
        assert chunk.real_ms(10**6) == chunk.end_ms
        spans = chunk.packed_runs()
        assert spans[0].start_ms == 0 and spans[-1].end_ms == chunk.packed_ms
        assert [span.duration_ms for span in spans] == [take.duration_ms for take in chunk.takes]


def test_pauses_shrink_to_the_padding_around_both_runs():
    chunk = pack(0, [Span(1000, 2000), Span(5000, 6000), Span(6400, 7000)])
    assert chunk.takes == (Span(750, 2250), Span(4750, 7250))
    assert chunk.packed_ms == 4000 and chunk.speech_ms == 2600
    assert pack(0, [Span(100, 900)], 0, 1000).takes == (Span(0, 1000),)


# --- from probabilities to chunks, as they come


def listen(levels, at_once, duration_ms=None):
    """Runs and chunks of a list of probabilities heard so many at once; checks that no chunk needs forgotten sound."""
    listener, runs, chunks = Listener(0), [], []
    heard_ms = 0
    for start in range(0, len(levels), at_once):
        kept_from = listener.needs_from_ms()
        found, closed = listener.hear(np.array(levels[start : start + at_once], np.float32))
        heard_ms = min(len(levels), start + at_once) * FRAME_MS
        assert all(kept_from <= chunk.start_ms and chunk.end_ms <= heard_ms for chunk in closed)
        runs, chunks = runs + found, chunks + closed
    kept_from, duration_ms = listener.needs_from_ms(), duration_ms or heard_ms
    found, closed = listener.finish(duration_ms)
    assert all(kept_from <= chunk.start_ms and chunk.end_ms <= duration_ms for chunk in closed)
    return runs + found, chunks + closed


stretches = st.one_of(
    st.tuples(st.sampled_from([0.9, 1.0]), st.integers(1, 900)),
    st.tuples(st.sampled_from([0.0, 0.2]), st.integers(1, 30)),
    st.tuples(st.sampled_from([0.0]), st.integers(1, 500)),
    st.tuples(st.sampled_from([0.36, 0.42, 0.45, 0.5]), st.integers(1, 300)),
)
patterns = st.lists(stretches, min_size=1, max_size=25).map(
    lambda parts: [round(level + 0.0001 * (n % 37), 4) for level, frames in parts for n in range(frames)]
)


@checked
@given(patterns, st.integers(0, FRAME_MS - 1))
def test_whatever_is_heard_every_run_is_in_the_chunks_exactly_once(levels, short_ms):
    """Long runs are split: their pieces touch and make up the run."""
    duration_ms = len(levels) * FRAME_MS - short_ms
    runs, chunks = listen(levels, 160, duration_ms)
    pieces = [run for chunk in chunks for run in chunk.runs]
    assert merge_spans(pieces) == runs
    assert total_ms(pieces) == total_ms(runs)
    for chunk in chunks:  # no engine hears the speech of another chunk: its words would come twice
        others = [run for other in chunks if other is not chunk for run in other.runs]
        assert not any(take.overlap_ms(run) for take in chunk.takes for run in others)
    assert all(chunk.packed_ms <= LONGEST_CLIP_MS for chunk in chunks)


@checked
@given(patterns, st.integers(1, 400))
def test_chunks_are_the_same_however_the_sound_comes(levels, at_once):
    assert listen(levels, at_once) == listen(levels, len(levels))


def test_three_minutes_without_a_pause_are_cut_at_the_weakest_frames_as_they_come():
    levels = np.full(180_000 // FRAME_MS, 0.95, np.float32)
    levels[640::640] = 0.6  # every 20.48 s
    listener = Listener(0)
    heard = [listener.hear(levels[at : at + 160])[1] for at in range(0, len(levels), 160)]
    _, last = listener.finish(len(levels) * FRAME_MS)
    chunks = [chunk for closed in (*heard, last) for chunk in closed]
    assert [chunk.runs[-1].end_ms for chunk in chunks[:-1]] == [n * 640 * FRAME_MS for n in range(1, len(chunks))]
    assert len(chunks) == 9 and all(chunk.packed_ms <= LONGEST_CLIP_MS for chunk in chunks)
    assert len(last) <= 2, "most chunks must have come while the speech went on"


def test_a_long_monologue_does_not_hold_all_its_sound():
    listener = Listener(0)
    for _ in range(120):
        listener.hear(np.full(160, 0.95, np.float32))
    assert listener.needs_from_ms() > 120 * 160 * FRAME_MS - 2 * LONGEST_CLIP_MS


def test_a_chunk_comes_once_ten_quiet_seconds_have_passed_and_not_before():
    listener = Listener(0)
    speech, second = np.full(60, 0.95, np.float32), np.zeros(32, np.float32)
    assert listener.hear(speech)[1] == []
    came = [len(listener.hear(second)[1]) for _ in range(14)]
    assert sum(came) == 1 and came.index(1) in (9, 10)


# --- with sound


def test_clips_hold_exactly_the_packed_sound_of_both_channels():
    """The tape is as short as the listeners let it be."""
    sound = call(SAMPLES / "recruiting_screen" / "call.opus")[:, : 180 * RATE_HZ]
    listeners, tape, clips = [Listener(0), Listener(1)], Tape(2), []
    for at in range(0, sound.shape[1], BLOCK_SAMPLES):
        block = sound[:, at : at + BLOCK_SAMPLES]
        tape.push(block)
        for lane, listener in enumerate(listeners):
            clips += [(chunk, tape.clip(chunk)) for chunk in listener.push(block[lane])[1]]
        tape.forget_before(min(listener.needs_from_ms() for listener in listeners))
    for listener in listeners:
        clips += [(chunk, tape.clip(chunk)) for chunk in listener.finish(180_000)[1]]
    assert len(clips) > 8 and {chunk.channel for chunk, _ in clips} == {0, 1}
    for chunk, clip in clips:
        assert len(clip) == chunk.packed_ms * RATE_HZ // 1000
        parts = [sound[chunk.channel, take.start_ms * 16 : take.end_ms * 16] for take in chunk.takes]
        assert np.array_equal(clip, np.concatenate(parts))


def test_sound_in_blocks_of_any_size_gives_the_same_runs_and_chunks():
    samples = call(MICRO_CALL / "stereo.opus")[0]

    def heard(size):
        listener, runs, chunks = Listener(0), [], []
        for at in range(0, len(samples), size):
            found, closed = listener.push(samples[at : at + size])
            runs, chunks = runs + found, chunks + closed
        found, closed = listener.finish(len(samples) // 16)
        return runs + found, chunks + closed

    whole = heard(len(samples))
    assert len(whole[1]) >= 2
    assert heard(512) == heard(512 * 33) == heard(BLOCK_SAMPLES) == whole


def test_the_tape_forgets_whole_blocks_only_and_still_cuts_what_is_left():
    tape, sound = Tape(1), noise(10)
    for at in range(0, sound.shape[1], RATE_HZ):
        tape.push(sound[:, at : at + RATE_HZ])
    tape.forget_before(4500)
    assert np.array_equal(tape.clip(pack(0, [Span(4800, 9000)])), sound[0, 4550 * 16 : 9250 * 16])
    assert len(tape.clip(pack(0, [Span(1000, 2000)]))) == 0
    assert tape.end == 160_000


def test_runs_that_end_just_when_they_would_be_cut_are_neither_doubled_nor_lost():
    """Around the longest run, a wavering end, and a last bit too short to pad: no border case counts twice."""
    for frames in range(730, 790):
        fading = [0.3, 0.2, 0.1, 0.05, *[0.01] * 60]
        for tail in ([], fading, [0.4] * 5, [0.4] * 60, [0.0] * 60, [0.0] * 5 + [0.9] * 30, [0.4] * 60 + [0.9] * 3):
            levels = [0.0] * 3 + [1.0] * 100 + [0.0] * 15 + [0.95] * frames + tail
            for at_once in (1, 32, 160):
                runs, chunks = listen(levels, at_once)
                pieces = [run for chunk in chunks for run in chunk.runs]
                assert merge_spans(pieces) == runs and total_ms(pieces) == total_ms(runs)
                assert all(chunk.packed_ms <= LONGEST_CLIP_MS for chunk in chunks)
