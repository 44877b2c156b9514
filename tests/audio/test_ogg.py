"""A recording is read while it grows, and an Ogg file that was cut off is told from a whole one."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from coachdesk.audio.load import BLOCK_SAMPLES, Sound
from coachdesk.audio.ogg import GrowingFile, ends_early
from tests.audio.sounds import codes, decode, noise, ogg_pages, write


@pytest.fixture
def recording(tmp_path):
    return write(tmp_path / "finished.opus", noise(12, 2, 48_000), 48_000, "libopus")


def listen_while_written(path, data, pieces):
    """Decode `path` while a thread appends `data` to it in pieces and then seals it; samples and their Sound."""
    sealed = threading.Event()
    path.touch()

    def append():
        for piece in np.array_split(np.frombuffer(data, np.uint8), pieces):
            with path.open("ab") as file:
                file.write(piece.tobytes())
            time.sleep(0.01)
        sealed.set()

    writer = threading.Thread(target=append)
    writer.start()
    try:
        return decode(path, GrowingFile(path, sealed.is_set, poll_s=0.002))
    finally:
        writer.join()


@pytest.mark.parametrize("pieces", [1, 7, 60])
def test_a_growing_file_decodes_to_the_same_bits_as_the_finished_one(tmp_path, recording, pieces):
    finished, opened = decode(recording)
    grown, live = listen_while_written(tmp_path / "growing.opus", recording.read_bytes(), pieces)
    assert np.array_equal(grown, finished)
    assert (live.duration_ms, live.partial, live.notices) == (opened.duration_ms, False, ())


@pytest.mark.parametrize("kept", ["no end page", "inside a page"])
def test_a_killed_writers_file_decodes_to_the_same_bits_live_and_later_and_is_partial_both_times(
    tmp_path, recording, kept
):
    data = b"".join(ogg_pages(recording)[:-2])
    data = data if kept == "no end page" else data[:-1000]
    left = tmp_path / "left.opus"
    left.write_bytes(data)
    later, opened = decode(left)
    grown, live = listen_while_written(tmp_path / "growing.opus", data, 9)
    assert np.array_equal(grown, later) and grown.shape[1] > 9 * 16_000
    assert opened.partial and live.partial
    assert codes(opened) == codes(live) == ["ends_early"]


def test_a_growing_file_gives_its_blocks_before_it_is_sealed(tmp_path, recording):
    """Live words need the beginning of the call, not its end."""
    sealed = threading.Event()
    path = tmp_path / "growing.opus"
    path.write_bytes(b"".join(ogg_pages(recording)[:-1]))
    with Sound(path, GrowingFile(path, sealed.is_set, poll_s=0.002)) as sound:
        assert sound.told_ms is None
        blocks = sound.blocks()
        assert next(blocks).shape == (2, BLOCK_SAMPLES)
        assert not sealed.is_set()
        sealed.set()
        assert sum(1 for _ in blocks) >= 1


def test_reading_ends_only_after_the_seal(tmp_path):
    path, asked = tmp_path / "a", []
    path.write_bytes(b"one")

    def sealed():
        asked.append(1)
        if len(asked) == 3:
            with path.open("ab") as file:
                file.write(b"two")
        return len(asked) > 4

    file = GrowingFile(path, sealed, poll_s=0.001)
    assert [file.read(10), file.read(10), file.read(10)] == [b"one", b"two", b""]
    assert len(asked) > 4
    file.close()


def test_a_whole_ogg_file_does_not_end_early_and_any_cut_one_does(tmp_path, recording):
    pages, path = ogg_pages(recording), tmp_path / "cut.opus"
    assert not ends_early(recording, "ogg")
    for data in (pages[:-1], [*pages[:-1], pages[-1][:-1]], [*pages[:-1], pages[-1][:20]], [*pages, b"OggS"]):
        path.write_bytes(b"".join(data))
        assert ends_early(path, "ogg")
    assert not ends_early(path, "wav")
