"""What the timeline draws: a lane per side, in ms of the call, and where nobody speaks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coachdesk.audio.load import Sound
from coachdesk.desk import amend, sound
from coachdesk.desk.attribute import Track
from coachdesk.desk.desk import BringIn, Desk
from coachdesk.desk.recompute import tracks_of
from coachdesk.errors import InputError, NotFound
from coachdesk.model import Layout, Recording, Role
from coachdesk.spans import Span
from tests.conftest import MICRO_CALL, SAMPLES
from tests.desk.conftest import bring_words, document, tell_voices
from tests.desk.test_desk import _write_wav

DURATION_MS = 55_030


def samples_of(path: Path) -> np.ndarray:
    with Sound(path) as opened:
        return np.concatenate(list(opened.blocks()), axis=1)


@pytest.fixture(scope="module")
def micro() -> np.ndarray:
    return samples_of(MICRO_CALL / "stereo.opus")


def shown(desk: Desk, call: str) -> list[tuple[str, str, str, int]]:
    return [(lane.label, lane.name, lane.side, lane.column) for lane in desk.lanes(call)]


def silent(runs: tuple[tuple[int, int], ...], at_ms: int) -> bool:
    return not any(start <= at_ms < end for start, end in runs)


def test_two_channels_are_two_lanes_the_own_side_first(desk: Desk) -> None:
    call = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="none", rep="Dan Mercer"))
    assert shown(desk, call) == [("left", "Dan Mercer", "rep", 0), ("right", "", "other", 1)]
    own, other = desk.lanes(call)
    assert own.runs[0][0] == pytest.approx(400, abs=150) and other.runs[0][0] == pytest.approx(7_140, abs=150)
    assert silent(other.runs, 2_000) and silent(own.runs, 20_500) and not silent(own.runs, 2_000)
    assert all(0 <= start < end <= DURATION_MS for lane in (own, other) for start, end in lane.runs)
    desk.amend(call, amend.SwapSpeakers())
    assert shown(desk, call) == [("right", "", "rep", 1), ("left", "Dan Mercer", "other", 0)]
    assert [lane.runs for lane in desk.lanes(call)] == [other.runs, own.runs]


def test_the_picture_of_a_lane_is_its_own_column(desk: Desk) -> None:
    call = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="none"))
    for lane in desk.lanes(call):
        finest = lane.levels[0]
        assert finest.shape == (DURATION_MS // 10, 2, 2) and finest.dtype == np.int8
        height = np.abs(finest.astype(int)).max(axis=2)[:, lane.column]
        on = np.zeros(len(height), bool)
        for start, end in lane.runs:
            on[start // 10 : end // 10] = True
        assert np.mean(height[on]) > 5 * np.mean(height[~on])
        assert len(lane.levels) > 1 and len(lane.levels[1]) < len(finest)


def test_a_picture_that_is_missing_or_broken_costs_the_picture_only(desk: Desk, own_home: Path) -> None:
    call = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="none"))
    before = desk.lanes(call)
    (file,) = (own_home / "media").rglob("*.peaks")
    for spoil in (lambda: file.write_bytes(b"no peaks"), lambda: file.write_bytes(b""), file.unlink):
        spoil()
        lanes = desk.lanes(call)
        assert [lane.levels for lane in lanes] == [None, None]
        assert [lane.runs for lane in lanes] == [lane.runs for lane in before]


def test_a_mixed_call_is_one_lane_of_nobody(desk: Desk, micro: np.ndarray, tmp_path: Path) -> None:
    _write_wav(tmp_path / "mono.wav", micro.mean(axis=0))
    call = desk.bring_in(BringIn((tmp_path / "mono.wav",), engine="none"))
    tell_voices(desk, call, [(0, 20_000, 1), (20_000, 40_000, 2)], confidence=0.2)
    assert shown(desk, call) == [("unknown", "", "unknown", 0)]
    (lane,) = desk.lanes(call)
    assert lane.offset_ms == 0 and lane.levels[0].shape[1] == 1
    assert not silent(lane.runs, 2_000) and not silent(lane.runs, 8_000) and not silent(lane.runs, 20_500)


def test_voices_told_apart_have_a_lane_each_of_the_one_picture(desk: Desk, micro: np.ndarray, tmp_path: Path) -> None:
    _write_wav(tmp_path / "mono.wav", micro.mean(axis=0))
    call = desk.bring_in(BringIn((tmp_path / "mono.wav",), engine="none"))
    tell_voices(desk, call, [(0, 20_000, 1), (20_000, 40_000, 2)])
    desk.amend(call, amend.SetRole("2", Role.REP))
    assert shown(desk, call) == [("2", "", "rep", 0), ("1", "", "other", 0)]
    own, other = desk.lanes(call)
    assert own.shared and own.runs == ((20_000, 40_000),) and other.runs == ((0, 20_000),)
    assert all(np.array_equal(a, b) for a, b in zip(own.levels, other.levels, strict=True))


def test_one_silent_channel_is_no_lane(desk: Desk, micro: np.ndarray, tmp_path: Path) -> None:
    import wave

    both = np.stack([np.zeros_like(micro[1]), micro[1]])[:, : 30 * 16_000]
    with wave.open(str(tmp_path / "half.wav"), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((both.T * 32767).astype("<i2").tobytes())
    call = desk.bring_in(BringIn((tmp_path / "half.wav",), engine="none"))
    assert shown(desk, call) == [("unknown", "", "unknown", 1)]
    (lane,) = desk.lanes(call)
    assert lane.runs[0][0] == pytest.approx(7_140, abs=150)
    assert np.abs(lane.levels[0][:, lane.column]).max() > 10, "the picture is that of the channel that speaks"


def test_files_of_participants_lie_where_they_began(desk: Desk, tmp_path: Path) -> None:
    """The second file begins 20 s later; that is heard from how they take turns."""
    whole = samples_of(SAMPLES / "sales_discovery" / "call.opus")[:, : 170 * 16_000]
    _write_wav(tmp_path / "owen.wav", whole[0])
    _write_wav(tmp_path / "dana.wav", whole[1, 20 * 16_000 :])
    call = desk.bring_in(
        BringIn((tmp_path / "owen.wav", tmp_path / "dana.wav"), tracks=True, engine="none", me="dana", rep="Dana")
    )
    assert shown(desk, call) == [("track2", "Dana", "rep", 0), ("track1", "owen", "other", 0)]
    dana, owen = desk.lanes(call)
    assert owen.offset_ms == 0 and dana.offset_ms == pytest.approx(20_000, abs=400)
    sample = desk.open_sample("sales_discovery")
    really = {lane.label: lane.runs for lane in desk.lanes(sample)}
    assert owen.runs[3] == pytest.approx(really["left"][3], abs=60)
    late = next(run for run in really["right"] if run[0] > 24_000)
    assert min(abs(run[0] - late[0]) for run in dana.runs) < 400, "the runs are in the call's time"
    assert len(dana.levels[0]) == 15_000, "the picture begins with its own file"
    assert desk.find(call).duration_ms == pytest.approx(170_000, abs=400)


def test_a_call_of_words_only_has_no_lanes_and_cannot_be_played(desk: Desk, tmp_path: Path) -> None:
    call = bring_words(desk, tmp_path, "a")
    assert desk.lanes(call) == []
    with pytest.raises(InputError) as refused:
        desk.player(call, lambda _: None)
    assert refused.value.hint
    with pytest.raises(NotFound):
        desk.lanes("f" * 32)


def test_pauses_are_where_no_lane_has_speech(desk: Desk) -> None:
    call = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="none"))
    pauses = sound.pauses(tracks_of(desk._store, call), DURATION_MS)
    runs = tuple(run for lane in desk.lanes(call) for run in lane.runs)
    for at in range(0, DURATION_MS, 10):
        assert silent(runs, at) is any(start <= at < end for start, end in pauses), at
    assert pauses[0][0] == 0 and pauses[-1][1] == DURATION_MS and len(pauses) > 10
    assert document(desk, call)["recording"]["duration_ms"] == DURATION_MS


def track(*runs: tuple[int, int], offset_ms: int = 0, ordinal: int = 0) -> Track:
    recording = Recording("r", None, 1, 16_000, 10_000, Layout.TRACK, offset_ms, ordinal)
    return Track(recording, [[Span(*run) for run in runs]])


class TestPauses:
    def test_a_later_file_speaks_later(self):
        tracks = [track((1_000, 2_000)), track((1_000, 2_000), offset_ms=3_000, ordinal=1)]
        assert sound.pauses(tracks, 10_000) == [(0, 1_000), (2_000, 4_000), (5_000, 10_000)]

    def test_speech_of_one_inside_that_of_another_ends_no_pause_early(self):
        tracks = [track((1_000, 8_000)), track((2_000, 3_000), (7_000, 9_000), ordinal=1)]
        assert sound.pauses(tracks, 10_000) == [(0, 1_000), (9_000, 10_000)]

    def test_speech_at_both_ends_leaves_the_middle(self):
        assert sound.pauses([track((0, 4_000), (6_000, 10_000))], 10_000) == [(4_000, 6_000)]

    def test_speech_up_to_speech_leaves_no_pause(self):
        assert sound.pauses([track((0, 4_000)), track((4_000, 10_000), ordinal=1)], 10_000) == []

    def test_where_nobody_ever_speaks_all_is_pause(self):
        assert sound.pauses([track()], 10_000) == [(0, 10_000)]

    def test_a_channel_that_is_not_listened_to_does_not_count(self):
        recording = Recording("r", None, 2, 16_000, 10_000, Layout.MIXED)
        only = Track(recording, [[Span(0, 10_000)], [Span(2_000, 3_000)]], listen_to=1)
        assert sound.pauses([only], 10_000) == [(0, 2_000), (3_000, 10_000)]
