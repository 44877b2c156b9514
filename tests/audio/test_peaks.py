"""The waveform's peaks: what is written is read, at every level, whatever the blocks were."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from coachdesk.audio import peaks
from coachdesk.audio.peaks import BUCKET, FACTOR, PeakWriter
from tests.audio.sounds import noise


def written(path, sound, sizes):
    """The peaks of a sound pushed in blocks of these sizes, over and over; what push returned, and the levels read."""
    writer = PeakWriter(path, sound.shape[0])
    at, returned = 0, []
    while at < sound.shape[1]:
        for size in sizes:
            returned.append(writer.push(sound[:, at : at + size]))
            at += size
    writer.close()
    return np.concatenate(returned), peaks.read(path)


def test_every_bucket_holds_the_lowest_and_the_loudest_sample(tmp_path):
    sound = noise(3, lanes=2)
    _, levels = written(tmp_path / "p", sound, [4096])
    shaped = sound.reshape(2, 300, BUCKET)
    assert levels[0].shape == (300, 2, 2)
    assert np.array_equal(levels[0][:, 1, 0], np.round(shaped[1].min(axis=1) * 127))
    assert np.array_equal(levels[0][:, 0, 1], np.round(shaped[0].max(axis=1) * 127))


def test_what_push_returns_is_what_is_read(tmp_path):
    returned, levels = written(tmp_path / "p", noise(3), [1000, 333])
    assert np.array_equal(returned, levels[0][: len(returned)])
    assert len(levels[0]) - len(returned) <= 1


@pytest.mark.parametrize("sizes", [[1], [159], [160], [81_920], [7, 5000, 1, 160]])
def test_block_sizes_do_not_matter(tmp_path, sizes):
    sound = noise(0.5 if sizes == [1] else 4, lanes=2)
    written(tmp_path / "whole", sound, [sound.shape[1]])
    written(tmp_path / "blocks", sound, sizes)
    assert (tmp_path / "blocks").read_bytes() == (tmp_path / "whole").read_bytes()


def test_a_broken_last_bucket_is_kept(tmp_path):
    sound = np.zeros((1, BUCKET * 3 + 5), np.float32)
    sound[0, -1] = 1.0
    _, (finest,) = written(tmp_path / "p", sound, [100])
    assert finest[:, 0, 1].tolist() == [0, 0, 0, 127]


def test_samples_beyond_full_scale_are_drawn_at_full_scale(tmp_path):
    _, (finest,) = written(tmp_path / "p", np.array([[3.0, -3.0]], np.float32), [2])
    assert finest.tolist() == [[[-127, 127]]]


@pytest.mark.parametrize("buckets", [1024, 1025, 4097, 20_003])
def test_coarser_levels_join_four_buckets_each_and_reach_to_the_end(tmp_path, buckets):
    sound = np.zeros((1, buckets * BUCKET), np.float32)
    sound[0, -1], sound[0, 0] = 1.0, -1.0
    _, levels = written(tmp_path / "p", sound, [100_000])
    assert [len(level) for level in levels][-1] <= 1024
    for finer, coarser in pairwise(levels):
        assert len(coarser) == -(-len(finer) // FACTOR)
        assert coarser[5].tolist() == [[finer[20:24, 0, 0].min(), finer[20:24, 0, 1].max()]]
    assert all(level[-1, 0, 1] == 127 and level[0, 0, 0] == -127 for level in levels)


def test_the_end_of_a_coarser_level_is_drawn_from_sound_only(tmp_path):
    _, levels = written(tmp_path / "p", np.full((1, 4097 * BUCKET), 1.0, np.float32), [100_000])
    assert len(levels) > 1 and all((level == 127).all() for level in levels)


def test_nothing_stands_under_its_name_before_it_is_whole_and_discard_leaves_nothing(tmp_path):
    writer = PeakWriter(tmp_path / "p", 1)
    writer.push(noise(1))
    assert not (tmp_path / "p").exists()
    writer.discard()
    assert list(tmp_path.iterdir()) == []


def test_closing_leaves_the_peaks_alone(tmp_path):
    written(tmp_path / "p", noise(1), [500])
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_another_kind_of_file_is_not_read_as_peaks(tmp_path):
    (tmp_path / "p").write_bytes(b"RIFF\n{}\n")
    with pytest.raises(ValueError, match="holds no peaks"):
        peaks.read(tmp_path / "p")
