"""What a call sounds like, sample by sample: from any place, for two ears, at any speed, without its pauses."""

from __future__ import annotations

import numpy as np
import pytest

from coachdesk.audio.load import frames_from
from coachdesk.audio.mix import HZ, PER_MS, Passage, Track, sound_of, stretches
from coachdesk.errors import UnreadableFile
from tests.audio.sounds import decode, lag_ms, noise, ogg_pages, pcm16, wav, write

BOTH = ("rep", "other")


def track(path, sides=BOTH, offset_ms=0):
    return Track(path, offset_ms, len(sides), sides)


def heard(tracks, start_ms, end_ms, **how):
    """What comes out between two places of a call, (2, n) at 48 kHz."""
    return np.concatenate(list(sound_of(tracks, Passage(((start_ms, end_ms),), end_ms, **how))), axis=1)


def from_ms(path, start_ms, rate=HZ):
    return np.concatenate(list(frames_from(path, start_ms, rate)), axis=1)


@pytest.fixture
def two_lanes(tmp_path):
    """A call of 4 s and its sound: two lanes, at 48 kHz without loss."""
    sound = noise(4, 2, HZ)
    return track(wav(tmp_path / "call.wav", pcm16(sound), HZ)), pcm16(sound).astype(np.float32) / 32768


# --- any place of a file


@pytest.mark.parametrize("start_ms", [0, 1, 599, 1234, 3999])
def test_sound_from_a_place_on_begins_at_that_very_sample(two_lanes, start_ms):
    call, sound = two_lanes
    assert np.array_equal(from_ms(call.path, start_ms), sound[:, start_ms * PER_MS :])


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [("a.opus", "libopus", 48_000), ("a.mp3", "libmp3lame", 44_100), ("a.m4a", "aac", 44_100), ("a.flac", "flac", 16_000),
     ("ima.wav", "adpcm_ima_wav", 8_000), ("a.webm", "libopus", 48_000)],
)  # fmt: skip
@pytest.mark.parametrize("start_ms", [0, 2345, 9999])
def test_sound_from_a_place_on_is_the_whole_files_to_its_end(tmp_path, name, codec, rate, start_ms):
    path = write(tmp_path / name, noise(12, 2, rate), rate, codec)
    whole, _ = decode(path)
    rest = from_ms(path, start_ms, 16_000)
    assert abs(rest.shape[1] - (whole.shape[1] - start_ms * 16)) <= 16 * 20
    assert abs(lag_ms(rest[1, 1600:], whole[1, start_ms * 16 + 1600 :])) <= 2


def test_sound_from_a_place_past_the_end_is_nothing(two_lanes):
    assert list(frames_from(two_lanes[0].path, 4001, HZ)) == []


def test_a_lost_ogg_page_is_silence_when_playing_across_it(tmp_path):
    path = write(tmp_path / "a.opus", noise(20, rate=HZ), HZ, "libopus")
    pages = ogg_pages(path)
    path.write_bytes(b"".join(pages[: len(pages) // 2] + pages[len(pages) // 2 + 1 :]))
    whole, _ = decode(path)
    rest = from_ms(path, 7000, 16_000)
    assert abs(rest.shape[1] - 13_000 * 16) <= 16 * 40
    assert abs(lag_ms(rest[0, 16 * 6000 :], whole[0, 16 * 13_000 :])) <= 20


@pytest.mark.parametrize("start_ms", [4000, 7000, 21_000])
def test_places_after_a_restart_of_the_clock_are_found(tmp_path, start_ms):
    """Two Ogg recordings joined byte by byte: the second one's clock begins at 0 again."""
    parts = [write(tmp_path / f"{n}.opus", noise(n, rate=HZ, seed=n), HZ, "libopus") for n in (6, 18)]
    joined = tmp_path / "joined.opus"
    joined.write_bytes(parts[0].read_bytes() + parts[1].read_bytes())
    whole, _ = decode(joined)
    assert abs(lag_ms(from_ms(joined, start_ms, 16_000)[0], whole[0, start_ms * 16 :])) <= 1


# --- what two ears hear


def test_both_ears_hear_both_sides_and_each_side_leans_to_its_own(two_lanes):
    call, (rep, other) = two_lanes
    left, right = heard([call], 1000, 3000)
    part = slice(HZ, 3 * HZ)
    assert np.allclose(left, 0.8 * rep[part] + 0.5 * other[part], atol=1e-6)
    assert np.allclose(right, 0.5 * rep[part] + 0.8 * other[part], atol=1e-6)


@pytest.mark.parametrize(("muted", "kept"), [("rep", 1), ("other", 0)])
def test_a_muted_side_is_gone_and_the_other_one_as_loud_as_before(two_lanes, muted, kept):
    call, sound = two_lanes
    left, right = heard([call], 0, 4000, muted=frozenset({muted}))
    loud = (0.8, 0.5) if kept == 0 else (0.5, 0.8)
    assert np.allclose(left, loud[0] * sound[kept], atol=1e-6)
    assert np.allclose(right, loud[1] * sound[kept], atol=1e-6)


def test_sides_follow_the_lanes_whichever_way_they_lie(two_lanes):
    call, (first, second) = two_lanes
    left, _ = heard([track(call.path, ("other", "rep"))], 0, 4000)
    assert np.allclose(left, 0.5 * first + 0.8 * second, atol=1e-6)


def test_a_single_lane_is_heard_in_both_ears_as_it_is_and_by_no_muting_silenced(tmp_path):
    sound = pcm16(noise(2, rate=HZ))
    call = track(wav(tmp_path / "mono.wav", sound, HZ), ("unknown",))
    ears = heard([call], 0, 2000, muted=frozenset(BOTH))
    assert np.array_equal(ears, np.repeat(sound.astype(np.float32) / 32768, 2, axis=0))


def test_files_of_several_participants_are_mixed_where_they_belong(tmp_path):
    """The second one joined 1.5 s later and left before the end."""
    rep, other = pcm16(noise(4, rate=HZ)), pcm16(noise(1, rate=HZ, seed=2))
    tracks = [track(wav(tmp_path / "rep.wav", rep, HZ), ("rep",)),
              track(wav(tmp_path / "other.wav", other, HZ), ("other",), 1500)]  # fmt: skip
    late = np.zeros(4 * HZ)
    late[1500 * PER_MS : 2500 * PER_MS] = other[0] / 32768
    for start_ms in (0, 1499, 1700, 3000):
        left, _ = heard(tracks, start_ms, 4000)
        assert np.allclose(left, (0.8 * rep[0] / 32768 + 0.5 * late)[start_ms * PER_MS :], atol=1e-6)


def test_a_call_longer_than_its_files_ends_in_silence(two_lanes):
    ears = heard([two_lanes[0]], 3500, 5000)
    assert ears.shape[1] == 1500 * PER_MS and not ears[:, 500 * PER_MS :].any()


def test_two_loud_voices_at_once_stay_within_what_can_be_played(tmp_path):
    loud = np.full((2, HZ), 32000, np.int16)
    assert np.abs(heard([track(wav(tmp_path / "loud.wav", loud, HZ))], 0, 1000)).max() == 1.0


# --- speed


@pytest.mark.parametrize("speed", [0.75, 1.0, 1.5, 2.0, 2.5, 3.0])
def test_pitch_stays_at_any_speed_and_length_follows_it(tmp_path, speed):
    tone = (0.5 * np.sin(2 * np.pi * 440 * np.arange(12 * HZ) / HZ))[None]
    call = track(wav(tmp_path / "tone.wav", pcm16(tone), HZ), ("rep",))
    ears = heard([call], 0, 12_000, speed=speed)
    assert abs(ears.shape[1] / PER_MS - 12_000 / speed) < 30
    power = np.abs(np.fft.rfft(ears[0, HZ : 3 * HZ] * np.hanning(2 * HZ))) ** 2
    assert np.argmax(power) / 2 == 440
    assert power[870:891].sum() > 0.99 * power.sum()


@pytest.mark.parametrize("speed", [0.75, 1.5, 2.0, 3.0])
def test_things_are_heard_when_the_position_says(tmp_path, speed):
    """A burst of noise every second: each comes out where Passage.at_ms has it."""
    sound = np.zeros((1, 12 * HZ), np.float32)
    for second in range(1, 12):
        sound[0, second * HZ : second * HZ + HZ // 10] = noise(0.1, rate=HZ, seed=second)
    call = track(wav(tmp_path / "bursts.wav", pcm16(sound), HZ), ("rep",))
    loud = np.abs(heard([call], 0, 12_000, speed=speed)[0]) > 0.03
    passage = Passage(((0, 12_000),), 12_000, speed)
    for second in range(1, 12):
        near = round((second - 0.4) * HZ / speed)
        begins = near + int(np.argmax(loud[near:]))
        assert abs(passage.at_ms(begins) - 1000 * second) < 120


@pytest.mark.parametrize("speed", [2.25, 3.0])
def test_no_short_sound_is_lost_at_high_speed(tmp_path, speed):
    """A single atempo above 2 leaves samples out: of these bursts, as short as a consonant, up to a half."""
    rng = np.random.default_rng(3)
    begins = rng.integers(0, HZ // 4, 60) + np.arange(60) * HZ // 2
    sound = np.zeros((1, 31 * HZ), np.float32)
    for begin in begins:
        sound[0, begin : begin + 480] = rng.normal(size=480) * 0.1
    call = track(wav(tmp_path / "bursts.wav", pcm16(sound), HZ), ("rep",))
    ears = heard([call], 0, 31_000, speed=speed)[0]
    power = [np.square(ears[max(0, round(b / speed) - 3000) :][:6000]).sum() for b in begins]
    assert sum(p < 0.15 * 480 * 0.01 / speed for p in power) <= 2


# --- silence left out


def test_only_the_insides_of_long_pauses_are_left_out():
    pauses = [(1000, 1800), (3000, 5000), (5500, 6301)]
    assert stretches(0, 8000, pauses) == ((0, 3300), (4700, 5800), (6001, 8000))
    assert stretches(0, 8000, ()) == ((0, 8000),)


def test_a_start_inside_a_pause_goes_to_its_end_and_an_end_inside_it_stops_before_it():
    assert stretches(4000, 8000, [(3000, 5000)]) == ((4700, 8000),)
    assert stretches(1000, 4000, [(3000, 5000)]) == ((1000, 3300),)
    assert stretches(4000, 4200, [(3000, 5000)]) == ()


def test_pauses_in_disorder_and_overlapping_are_left_out_once():
    assert stretches(0, 9000, [(4000, 7000), (2000, 6000)]) == ((0, 2300), (6700, 9000))


def test_what_is_left_out_is_not_heard_and_positions_leap_over_it(two_lanes):
    call, (rep, other) = two_lanes
    parts = stretches(500, 4000, [(1000, 3000)])
    ears = np.concatenate(list(sound_of([call], Passage(parts, 4000))), axis=1)
    mixed = 0.8 * rep + 0.5 * other
    kept = np.concatenate([mixed[500 * PER_MS : 1300 * PER_MS], mixed[2700 * PER_MS :]])
    assert np.allclose(ears[0], kept, atol=1e-6)
    passage = Passage(parts, 4000, 2.0)
    assert [passage.at_ms(ms * PER_MS) for ms in (0, 399, 400, 500, 5000)] == [500, 1298, 2700, 2900, 4000]


def test_a_pause_of_minutes_is_leapt_over(tmp_path):
    path = write(tmp_path / "long.opus", noise(40, rate=HZ), HZ, "libopus")
    whole, _ = decode(path)
    ears = np.concatenate(
        list(sound_of([track(path, ("rep",))], Passage(((0, 1000), (30_000, 32_000)), 32_000))), axis=1
    )
    assert ears.shape[1] == 3 * HZ
    assert abs(lag_ms(ears[0, HZ::3], whole[0, 30_000 * 16 : 32_000 * 16])) <= 1


@pytest.mark.parametrize("what", ["missing", "broken"])
def test_a_track_that_cannot_be_read_is_refused_by_name(tmp_path, what):
    path = tmp_path / "gone.wav"
    if what == "broken":
        path.write_bytes(b"RIFF" + b"nonsense" * 100)
    with pytest.raises(UnreadableFile, match=r"gone\.wav"):
        heard([track(path)], 0, 1000)
