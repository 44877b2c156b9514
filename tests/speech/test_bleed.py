"""The other side in the microphone: taken out of its channel's activity, counted, and nothing of its own side with it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coachdesk.audio.load import RATE_HZ
from coachdesk.spans import Span, shared_spans, total_ms
from coachdesk.speech.bleed import false_turns, heard_one_way, without_bleed
from tests.speech.sides import activity, clean, codes, meter_of


def faded(seconds=0.25, wet=0.5):
    """A small room: the way itself and a tail that falls by 60 dB in this time; no louder than without it."""
    n = int(seconds * RATE_HZ)
    tail = np.random.default_rng(3).normal(size=n) * 10 ** (-3 * np.arange(n) / n)
    tail *= wet / np.linalg.norm(tail)
    tail[0] = 1.0
    return tail / np.linalg.norm(tail)


def bleed_of(far, gain_db, late_ms, room):
    """What a loudspeaker playing `far` leaves in a microphone: same length, later, softer, with the room's echo."""
    size = 1 << (len(far) + len(room)).bit_length()
    heard = np.fft.irfft(np.fft.rfft(far, size) * np.fft.rfft(room, size))[: len(far)] * 10 ** (gain_db / 20)
    late = late_ms * RATE_HZ // 1000
    return np.concatenate([np.zeros(late), heard[: len(far) - late]]).astype(np.float32)


def background(n):
    return np.random.default_rng(5).normal(size=n).astype(np.float32) * np.float32(10 ** (-65 / 20))


def loud_db(samples, span):
    """How loud speech is in a span: the 75th percentile of its 10 ms levels."""
    part = samples[span.start_ms * 16 : span.end_ms * 16]
    power = np.square(part[: len(part) // 160 * 160].reshape(-1, 160)).mean(axis=1)
    return float(np.percentile(10 * np.log10(power + 1e-12), 75))


@cache
def with_short_responses(name, mic):
    """A call whose far side's longest runs each get half a second of this side: (sound, activity, their places)."""
    sound, runs = clean(name)
    longest = max(runs[mic], key=lambda run: run.duration_ms)
    word = sound[mic, (longest.start_ms + 1000) * 16 : (longest.start_ms + 1500) * 16]
    alone = [run for run in runs[1 - mic] if not any(own.overlap_ms(run) for own in runs[mic])]
    places = [Span(run.start_ms + run.duration_ms // 2, run.start_ms + run.duration_ms // 2 + 500)
              for run in sorted(alone, key=lambda run: -run.duration_ms)[:3]]  # fmt: skip
    channel = sound[mic] + background(sound.shape[1])
    for place in places:
        channel[place.start_ms * 16 : place.end_ms * 16] += word
    return channel, activity(channel), places


def ratio(activity, mic):
    return total_ms(activity[mic]) / sum(total_ms(runs) for runs in activity)


@pytest.mark.parametrize(("name", "mic"), [("sales_discovery", 1), ("recruiting_screen", 0), ("recruiting_screen", 1)])
@pytest.mark.parametrize(
    ("gain_db", "late_ms", "most"), [(-15, 120, 0.015), (-20, 20, 0.01), (-25, 60, 0.01)], ids=["15", "20", "25"]
)
def test_in_a_small_room_the_numbers_of_the_call_without_bleed_come_back(name, mic, gain_db, late_ms, most):
    """Against the same microphone in the same noise, without the bleed."""
    sound, runs = clean(name)
    own, own_runs, places = with_short_responses(name, mic)
    bleed = bleed_of(sound[1 - mic], gain_db, late_ms, faded())
    channels, heard, truth = [*sound], [*runs], [*runs]
    channels[mic], heard[mic], truth[mic] = own + bleed, activity(own + bleed), own_runs
    cleaned, (notice,) = without_bleed(meter_of(np.stack(channels)), heard)
    assert ratio(cleaned, mic) == pytest.approx(ratio(truth, mic), abs=most)
    assert [run for run in cleaned[mic] if not any(run.overlap_ms(true) for true in own_runs)] == []
    assert cleaned[1 - mic] == runs[1 - mic]
    assert notice.params["turns"] == false_turns(heard[mic], cleaned[mic]) >= 1
    assert abs(notice.params["gain_db"] - gain_db) <= 4
    short = [run for run in own_runs if run.duration_ms <= 1000 and any(far.contains(run) for far in runs[1 - mic])]
    assert [run for run in short if any(place.overlap_ms(run) for place in places)], "the detector hears the short ones"
    lost = [run for run in short if not any(left.overlap_ms(run) >= run.duration_ms / 2 for left in cleaned[mic])]
    assert [run for run in lost if loud_db(own, run) > loud_db(bleed, run) + 12] == []


@pytest.mark.parametrize(
    ("name", "mic", "gain_db", "late_ms"),
    [
        ("recruiting_screen", 0, -22, 35),
        ("recruiting_screen", 1, -22, 35),
        ("sales_discovery", 1, -22, 35),
        ("sales_discovery", 0, -15, 120),
    ],
)
def test_the_other_side_in_the_microphone_is_taken_out(name, mic, gain_db, late_ms):
    """The loudspeaker is heard in the microphone; the talk time of the clean call comes back."""
    sound, runs = clean(name)
    leaky = sound[mic] + bleed_of(sound[1 - mic], gain_db, late_ms, np.ones(1))
    channels, heard = [*sound], [*runs]
    channels[mic], heard[mic] = leaky, activity(leaky)
    assert total_ms(heard[mic]) > 1.5 * total_ms(runs[mic]), "the bleed must be heard for this to prove anything"
    cleaned, (notice,) = without_bleed(meter_of(np.stack(channels)), heard)
    assert total_ms(cleaned[mic]) == pytest.approx(total_ms(runs[mic]), rel=0.05)
    assert total_ms(shared_spans(cleaned[mic], runs[mic])) > 0.97 * total_ms(runs[mic])
    assert cleaned[1 - mic] == runs[1 - mic]
    assert notice.code == "bleed_removed" and notice.params["channel"] == mic
    assert abs(notice.params["gain_db"] - gain_db) <= 3


@pytest.mark.parametrize("mic", [0, 1])
def test_a_microphone_turned_up_is_not_taken_for_the_one_that_is_heard(mic):
    """The bleed is louder than the sound it comes from, and both sides speak at once: only the microphone loses runs."""
    sound, _ = clean("sales_discovery")
    part = sound[:, 60 * RATE_HZ : 90 * RATE_HZ]
    far, own = part[0], np.concatenate([np.zeros(10 * RATE_HZ, np.float32), part[0, : 20 * RATE_HZ]])
    leaky = 3 * own + bleed_of(far, 3, 116, faded())
    pair = [leaky, far] if mic == 0 else [far, leaky]
    meter = meter_of(np.stack(pair))
    heard = [activity(lane) for lane in pair]
    cleaned, (notice,) = without_bleed(meter, heard)
    assert heard_one_way(meter) and notice.params["channel"] == mic
    assert cleaned[1 - mic] == heard[1 - mic]
    assert min(run.start_ms for run in heard[mic]) < 2000 and min(run.start_ms for run in cleaned[mic]) > 9_500


def test_a_side_that_only_listens_is_left_with_hardly_anything():
    sound, runs = clean("sales_discovery")
    mic = bleed_of(sound[0], -12, 80, faded()) + background(sound.shape[1])
    heard = [runs[0], activity(mic)]
    cleaned, (notice,) = without_bleed(meter_of(np.stack([sound[0], mic])), heard)
    assert total_ms(heard[1]) > 150_000 and total_ms(cleaned[1]) < 1_000
    assert notice.params["turns"] > 5


@pytest.mark.parametrize("name", ["recruiting_screen", "sales_discovery"])
@pytest.mark.parametrize("noisy", [False, True])
def test_a_call_without_bleed_is_left_alone(name, noisy):
    sound, runs = clean(name)
    if noisy:
        sound = np.stack([lane + background(len(lane)) for lane in sound])
        runs = [activity(lane) for lane in sound]
    meter = meter_of(sound)
    assert without_bleed(meter, runs) == (runs, ()) and not heard_one_way(meter)


def test_silence_is_left_alone():
    assert without_bleed(meter_of(np.zeros((2, 160_000), np.float32)), [[], []]) == ([[], []], ())


@pytest.mark.parametrize(
    ("heard", "own", "turns"),
    [
        ([(0, 5000)], [(0, 5000)], 0),
        ([(0, 5000)], [(200, 4900)], 0),  # trimmed
        ([(0, 5000)], [], 1),
        ([(0, 5000)], [(0, 3000)], 1),  # shortened
        ([(0, 5000)], [(2000, 3000)], 2),  # on both sides of own speech
        ([(0, 5000)], [(0, 2000), (3000, 5000)], 0),  # no longer than a short response
        ([(0, 600), (800, 1500)], [], 1),  # but two of them
        ([(0, 2000), (2500, 4000), (6000, 7000)], [], 1),  # one after the other
        ([(0, 2000), (4500, 6000)], [], 2),  # after a pause
        ([(0, 2000), (2200, 2500), (2700, 4000)], [(2200, 2500)], 2),
    ],
)
def test_false_turns_are_what_was_heard_between_own_speech(heard, own, turns):
    assert false_turns([Span(*run) for run in heard], [Span(*run) for run in own]) == turns


def test_what_was_taken_out_is_said():
    sound, runs = clean("sales_discovery")
    mic = sound[1] + bleed_of(sound[0], -20, 60, faded())
    _, notices = without_bleed(meter_of(np.stack([sound[0], mic])), [runs[0], activity(mic)])
    assert codes(notices) == ["bleed_removed"]
    assert set(notices[0].params) == {"channel", "ms", "gain_db", "turns"}
