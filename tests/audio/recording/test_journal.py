"""The journal holds what happened, and is read as far as it is whole."""

from __future__ import annotations

import pytest
from filelock import FileLock

from coachdesk.audio.recording import journal
from coachdesk.audio.recording.journal import Beside, Journal, close_leftover, leftovers, length_ms, read, running
from tests.audio.sounds import noise, ogg_pages, write

STARTED = journal.Started(
    "c1", "call.opus", "2026-11-24T10:00:00.000+00:00", 12.5, "two_sides", 1, "pulse:mic", "Headset"
)
ALL = [
    STARTED,
    journal.Aligned(60_000, 63.4, None),
    journal.GapMarked(5000, 7000, "device_gone", "mic", 2100),
    journal.GapMarked(9000, 9000, "sleep"),
    journal.Switched(7000, "mic", "default:microphone"),
    journal.Noted(1500, "zwei Büros\nin Köln"),
    journal.Consented(800, "noted", "said yes", journal.now_text()),
    journal.Bookmarked(2000),
    journal.Ticked(2500, "budget"),
    journal.Described(2600, "Erstgespräch", "Köln AG", "general"),
    journal.LaidOut(2700, "mixed"),
    journal.TailMarked(11_500),
    journal.Troubled(5000, "device_gone", {"side": "mic"}),
    journal.Orphaned(10_000),
    journal.Adopted(11_000),
    journal.Ended("stopped", 12_000, journal.now_text()),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "call.journal"


def written(path, events):
    kept = Journal(path)
    assert all(kept.add(event) for event in events)
    kept.close()
    return path


def test_what_is_added_is_read_again(path):
    assert read(written(path, ALL)) == ALL


def test_a_line_is_in_the_file_at_once(path):
    kept = Journal(path)
    kept.add(STARTED)
    assert read(path) == [STARTED]
    kept.add(ALL[1])
    assert read(path) == ALL[:2]
    kept.close()


def test_cut_off_anywhere_all_whole_lines_are_read(path):
    data = written(path, ALL).read_bytes()
    for cut in range(len(data)):
        path.write_bytes(data[:cut])
        whole = data[:cut].count(b"\n")
        # the last line is whole without its end, too
        assert read(path) in (ALL[:whole], ALL[: whole + 1])


def test_lines_of_a_newer_coachdesk_and_damage_are_passed_over(path):
    lines = written(path, ALL[:3]).read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([lines[0], b'{"event":"hologram","at_ms":1}', lines[1], b"\x00\x00\xff", lines[2]]))
    assert read(path) == ALL[:3]


def test_a_recording_that_was_cut_off_is_found_with_its_length_until_it_is_dealt_with(tmp_path, path):
    whole = write(tmp_path / "whole.opus", noise(4, 2, 48_000), 48_000, "libopus", page_duration="100000")
    sound = tmp_path / "call.opus"
    sound.write_bytes(whole.read_bytes()[:-3000])
    written(path, ALL[:-1])
    (left,) = leftovers(tmp_path)
    assert (left.path, left.started, left.duration_ms) == (sound, STARTED, length_ms(sound))
    assert 2500 < left.duration_ms < 4000
    assert left.events == tuple(ALL[:-1])
    close_leftover(left)
    assert leftovers(tmp_path) == []
    assert read(path)[-1].why == "recovered"


def test_what_is_being_recorded_is_not_left_over(tmp_path, path):
    written(path, ALL[:-1])
    with FileLock(str(Beside(path).lock)):
        assert leftovers(tmp_path) == []
        assert running(tmp_path) == [path]
    assert len(leftovers(tmp_path)) == 1
    assert running(tmp_path) == []


def test_a_sealed_recording_and_an_empty_journal_are_not_left_over(tmp_path, path):
    written(path, ALL)
    (tmp_path / "empty.journal").write_bytes(b"")
    assert leftovers(tmp_path) == []


def test_the_length_is_that_of_the_whole_pages(tmp_path):
    path = write(tmp_path / "a.opus", noise(5, 1, 48_000), 48_000, "libopus", page_duration="200000")
    assert length_ms(path) == pytest.approx(5000, abs=21)
    pages = ogg_pages(path)
    path.write_bytes(b"".join(pages[:-3]) + pages[-3][:100])
    assert 4000 < length_ms(path) < 4800
    for nothing in (b"", b"OggS", b"x" * 1000):
        path.write_bytes(nothing)
        assert length_ms(path) == 0
    assert length_ms(tmp_path / "not there") == 0
