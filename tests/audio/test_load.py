"""Any sound file in, 16 kHz on one clock out; whatever is broken is refused kindly or kept as far as it goes."""

from __future__ import annotations

import os
import sys

import av
import numpy as np
import pytest

from coachdesk.audio.load import BLOCK_SAMPLES, RATE_HZ, Sound, read_span
from coachdesk.errors import UnreadableFile
from tests.audio.sounds import codes, decode, lag_ms, noise, ogg_pages, pcm16, wav, write
from tests.conftest import SAMPLES

CODECS = [
    ("s16.wav", "pcm_s16le", 16_000),
    ("s24.wav", "pcm_s24le", 44_100),
    ("s32.wav", "pcm_s32le", 48_000),
    ("u8.wav", "pcm_u8", 16_000),
    ("float.wav", "pcm_f32le", 16_000),
    ("double.wav", "pcm_f64le", 16_000),
    ("mulaw.wav", "pcm_mulaw", 8_000),
    ("alaw.wav", "pcm_alaw", 8_000),
    ("ima.wav", "adpcm_ima_wav", 8_000),
    ("ms.wav", "adpcm_ms", 16_000),
    ("sony.w64", "pcm_s16le", 16_000),
    ("apple.caf", "pcm_s16le", 16_000),
    ("sun.au", "pcm_s16be", 16_000),
    ("sun_mulaw.au", "pcm_mulaw", 8_000),
    ("apple.aiff", "pcm_s16be", 16_000),
    ("film.mov", "pcm_s16le", 48_000),
    ("free.flac", "flac", 44_100),
    ("free.oga", "flac", 16_000),
    ("lossless.m4a", "alac", 44_100),
    ("pack.wv", "wavpack", 16_000),
    ("true.tta", "tta", 16_000),
    ("layer3.mp3", "libmp3lame", 44_100),
    ("layer3_narrow.mp3", "libmp3lame", 8_000),
    ("layer2.mp2", "mp2", 44_100),
    ("ogg.opus", "libopus", 48_000),
    ("vorbis.ogg", "vorbis", 44_100),
    ("web.webm", "libopus", 48_000),
    ("matroska.mka", "libmp3lame", 44_100),
    ("apple.m4a", "aac", 44_100),
    ("film.mp4", "aac", 48_000),
    ("raw.aac", "aac", 44_100),
    ("stream.ts", "aac", 48_000),
    ("dolby.ac3", "ac3", 48_000),
    ("phone.amr", "libopencore_amrnb", 8_000),
    ("phone.3gp", "libopencore_amrnb", 8_000),
]
PADDED = {"adpcm_ima_wav": 260, "adpcm_ms": 130}  # ms: these fill up their last block, and tell so in the header
CUT = [("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.mp3", "libmp3lame"), ("a.opus", "libopus")]


def coded(folder, name, codec, rate, seconds=6.0):
    """The file and the sound that went into it, at 16 kHz."""
    lanes = 1 if "amr" in codec else 2
    path = write(folder / name, noise(seconds, lanes, rate), rate, codec)
    return path, decode(wav(folder / "source.wav", pcm16(noise(seconds, lanes, rate)), rate))[0]


@pytest.mark.parametrize(("name", "codec", "rate"), CODECS, ids=[name for name, _, _ in CODECS])
def test_every_container_decodes_to_the_same_length_and_place(tmp_path, name, codec, rate):
    path, source = coded(tmp_path, name, codec, rate)
    sound, opened = decode(path)
    assert sound.shape[0] == source.shape[0]
    assert abs(opened.duration_ms - 6000) <= 100 + PADDED.get(codec, 0)
    alike = 0.3 if "amr" in codec else 0.5  # a telephone codec keeps how speech sounds, not its wave
    assert abs(lag_ms(sound[0, 32_000:64_000], source[0, 32_000:64_000], alike)) < 60
    assert not opened.partial and not opened.notices


@pytest.mark.parametrize(("name", "codec", "rate"), CODECS, ids=[name for name, _, _ in CODECS])
def test_a_span_read_by_seeking_lies_where_the_whole_file_has_it(tmp_path, name, codec, rate):
    path, _ = coded(tmp_path, name, codec, rate, seconds=14.0)
    sound, _ = decode(path)
    for at_ms in (0, 999, 7003, 12_345):
        span = read_span(path, at_ms, 1000)
        assert span.shape == (sound.shape[0], RATE_HZ)
        assert abs(lag_ms(span[0], sound[0, at_ms * 16 : at_ms * 16 + RATE_HZ])) <= 20


def test_a_span_past_the_end_is_short_or_empty(tmp_path):
    path = wav(tmp_path / "a.wav", pcm16(noise(2)))
    assert read_span(path, 1500, 1000).shape == (1, 8000)
    assert read_span(path, 5000, 1000).shape == (1, 0)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_every_sample_rate_comes_out_at_16_khz(tmp_path, rate):
    sound, opened = decode(wav(tmp_path / "a.wav", pcm16(noise(3, rate=rate)), rate))
    assert opened.info.sample_rate_hz == rate
    assert abs(sound.shape[1] - 3 * RATE_HZ) <= 16
    tone = np.sin(2 * np.pi * 1000 * np.arange(3 * rate) / rate)[None] * 0.5
    heard, _ = decode(wav(tmp_path / "tone.wav", pcm16(tone), rate))
    spectrum = np.abs(np.fft.rfft(heard[0, 8000:24_000]))
    assert int(np.argmax(spectrum)) == 1000


def test_two_channels_stay_apart(tmp_path):
    both = np.stack([noise(2)[0], np.zeros(2 * RATE_HZ, np.float32)])
    sound, opened = decode(wav(tmp_path / "a.wav", pcm16(both)))
    assert opened.info.lanes == 2 and not opened.notices
    assert np.abs(sound[0]).max() > 0.4 and not sound[1].any()


@pytest.mark.parametrize("channels", [3, 5, 6, 32])
def test_more_than_two_channels_are_averaged_into_one(tmp_path, channels):
    many = noise(2, channels)
    sound, opened = decode(wav(tmp_path / "a.wav", pcm16(many)))
    assert sound.shape == (1, 2 * RATE_HZ)
    assert np.allclose(sound[0], many.mean(axis=0), atol=1e-3)
    assert [(notice.code, notice.params) for notice in opened.notices] == [("mixed_down", {"channels": channels})]


def test_samples_that_are_no_numbers_become_numbers_and_are_told(tmp_path):
    broken = noise(2)
    broken[0, 5000:5010], broken[0, 9000], broken[0, 9001], broken[0, 9002] = np.nan, np.inf, -np.inf, 7.0
    sound, opened = decode(wav(tmp_path / "a.wav", broken))
    assert np.isfinite(sound).all() and np.abs(sound).max() <= 1
    assert codes(opened) == ["not_a_number"]
    assert not sound[0, 5000:5010].any() and sound[0, 9000] == 1 and sound[0, 9001] == -1 and sound[0, 9002] == 1


def test_all_blocks_but_the_last_are_whole(tmp_path):
    """Whole frames of the voice detector, whatever the codec's own frames are; a slice is a slice of the whole."""
    for name, codec, rate in (("a.mp3", "libmp3lame", 44_100), ("a.wav", "pcm_s16le", 16_000)):
        path = write(tmp_path / name, noise(13, rate=rate), rate, codec)
        with Sound(path) as sound:
            sizes = [block.shape[1] for block in sound.blocks()]
        assert sizes[:-1] == [BLOCK_SAMPLES] * 2 and 0 < sizes[-1] < BLOCK_SAMPLES


@pytest.mark.parametrize("size", [512, 4096, 81_920, 1_000_000])
def test_blocks_of_any_size_join_to_the_same_sound(tmp_path, monkeypatch, size):
    path = write(tmp_path / "a.mp3", noise(13, 2, 44_100), 44_100, "libmp3lame")
    whole, _ = decode(path)
    monkeypatch.setattr("coachdesk.audio.load.BLOCK_SAMPLES", size)
    assert np.array_equal(decode(path)[0], whole)


def test_decoding_twice_gives_the_same_samples():
    path = SAMPLES / "sales_discovery" / "call.opus"
    assert np.array_equal(decode(path)[0], decode(path)[0])


# --- what is refused


def refused(path):
    with pytest.raises(UnreadableFile) as refusal:
        decode(path)
    assert refusal.value.message and refusal.value.hint
    assert path.name in refusal.value.message
    return refusal.value.message


@pytest.mark.parametrize("name", ["empty.wav", "empty.mp3", "empty.opus"])
def test_an_empty_file_is_refused(tmp_path, name):
    (tmp_path / name).touch()
    refused(tmp_path / name)


def test_text_named_mp3_and_random_bytes_named_m4a_are_refused(tmp_path):
    (tmp_path / "notes.mp3").write_text("Minutes of the call with Northbeam. " * 200)
    (tmp_path / "random.m4a").write_bytes(np.random.default_rng(3).bytes(50_000))
    refused(tmp_path / "notes.mp3")
    refused(tmp_path / "random.m4a")


@pytest.mark.parametrize(("name", "codec"), CUT)
def test_a_header_without_sound_is_refused(tmp_path, name, codec):
    rate = 48_000
    path = write(tmp_path / name, noise(2, rate=rate), rate, codec)
    path.write_bytes(path.read_bytes()[:44])
    refused(path)


def test_a_wav_without_a_single_frame_is_refused(tmp_path):
    refused(wav(tmp_path / "nothing.wav", np.zeros((1, 0), np.int16)))


def test_a_sound_too_short_to_measure_is_refused(tmp_path):
    assert "400 ms" in refused(wav(tmp_path / "short.wav", pcm16(noise(0.4))))


@pytest.mark.parametrize("rate", [1, 100, 1_000_000, 2**31 - 1])
def test_a_header_that_claims_an_absurd_rate_is_refused_at_once(tmp_path, rate):
    refused(wav(tmp_path / "absurd.wav", pcm16(noise(2)), told_rate=rate))


def test_a_film_without_sound_is_refused(tmp_path):
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        out.mux(stream.encode(None))
    assert "no sound" in refused(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    (tmp_path / "folder.wav").mkdir()
    assert "folder" in refused(tmp_path / "folder.wav")
    assert "no file" in refused(tmp_path / "missing.wav")


def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = wav(tmp_path / "secret.wav", pcm16(noise(1)))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file (root): permissions cannot be tested")
    assert "may not be read" in refused(path)


def mutated(data, rng):
    """A few bytes changed, a stretch cut out, doubled or overwritten, or the end gone."""
    data, kind = bytearray(data), rng.integers(5)
    at, size = int(rng.integers(len(data))), int(rng.integers(1, 400))
    if kind == 0:
        for place in rng.integers(len(data), size=rng.integers(1, 30)):
            data[place] = rng.integers(256)
    elif kind == 1:
        for place in rng.integers(min(200, len(data)), size=rng.integers(1, 8)):  # the headers
            data[place] = rng.integers(256)
    elif kind == 2:
        del data[at : at + size]
    elif kind == 3:
        data[at:at] = data[at : at + size]
    else:
        data = data[:at]
    return bytes(data)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.opus"])
def test_no_damage_raises_anything_but_a_refusal(tmp_path, name):
    """75 seeded mutations of each kind of file: read, or refused; what is read is sane."""
    rate, rng = 48_000, np.random.default_rng(7)
    data = write(tmp_path / name, noise(3, rate=rate), rate, dict(CUT)[name]).read_bytes()
    read = refusals = 0
    for _ in range(75):
        path = tmp_path / f"mutant{name[1:]}"
        path.write_bytes(mutated(data, rng))
        try:
            with Sound(path) as sound:
                for block in sound.blocks():
                    assert (
                        block.dtype == np.float32 and np.isfinite(block).all() and np.abs(block).max() < 2
                    )  # resampling overshoots a little
                assert sound.duration_ms >= 500
            read_span(path, 300, 200)
            read += 1
        except UnreadableFile as refusal:
            assert refusal.message and refusal.hint
            refusals += 1
    assert read > 10 and refusals > 0


# --- what is kept as far as it goes


@pytest.mark.parametrize(("name", "codec"), CUT)
def test_a_file_that_was_cut_off_keeps_its_beginning_and_says_so(tmp_path, name, codec):
    rate = 48_000
    path = write(tmp_path / name, noise(10, rate=rate), rate, codec)
    whole, _ = decode(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    kept, opened = decode(path)
    assert opened.partial and "ends_early" in codes(opened)
    assert 5000 < opened.duration_ms < 7000
    inner = kept.shape[1] - 3200
    assert np.allclose(kept[:, :inner], whole[:, :inner], atol=0.02)


def test_a_whole_file_is_never_called_cut_off(tmp_path):
    for name, codec in CUT:
        _, opened = decode(write(tmp_path / name, noise(10, rate=48_000), 48_000, codec))
        assert not opened.partial and not codes(opened), name


def test_a_wav_written_as_a_stream_is_not_called_cut_off(tmp_path):
    """Programs that pipe their WAV never learn its length and leave 0xFFFFFFFF in the header."""
    path = wav(tmp_path / "a.wav", pcm16(noise(3)))
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff" * 4
    path.write_bytes(data)
    _, opened = decode(path)
    assert opened.duration_ms == 3000 and not opened.partial


@pytest.mark.parametrize(("name", "codec"), CUT)
def test_times_after_a_damaged_middle_stay_right(tmp_path, name, codec):
    rate = 48_000
    path = write(tmp_path / name, noise(20, rate=rate), rate, codec)
    whole, _ = decode(path)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = np.random.default_rng(5).bytes(3000)
    path.write_bytes(data)
    kept, opened = decode(path)
    lost_ms = 450 if codec == "libmp3lame" else 40  # mp3 has no times: what its decoder cannot find is not there
    assert abs(opened.duration_ms - 20_000) <= lost_ms
    assert abs(lag_ms(kept[0, 14 * RATE_HZ :], whole[0, 14 * RATE_HZ :])) <= lost_ms
    assert abs(lag_ms(read_span(path, 15_000, 2000)[0], kept[0, 15 * RATE_HZ : 17 * RATE_HZ])) <= 40


def without_a_page(tmp_path):
    """A 20 s Ogg file of which one page in the middle, a second long, is gone; and the sound of the whole one."""
    path = write(tmp_path / "a.opus", noise(20, rate=48_000), 48_000, "libopus")
    whole, _ = decode(path)
    pages = ogg_pages(path)
    cut = len(pages) // 2
    path.write_bytes(b"".join(pages[:cut] + pages[cut + 1 :]))
    return path, whole


def test_a_lost_ogg_page_is_filled_with_silence_and_told(tmp_path):
    path, whole = without_a_page(tmp_path)
    kept, opened = decode(path)
    assert abs(opened.duration_ms - 20_000) <= 40
    (gap,) = [notice for notice in opened.notices if notice.code == "gap_filled"]
    assert 900 <= gap.params["ms"] <= 1100
    assert not opened.partial
    assert abs(lag_ms(kept[0, : 8 * RATE_HZ], whole[0, : 8 * RATE_HZ])) <= 1
    assert abs(lag_ms(kept[0, 13 * RATE_HZ :], whole[0, 13 * RATE_HZ :])) <= 20


def test_spans_around_a_lost_ogg_page_lie_where_the_whole_file_has_them(tmp_path):
    path, _ = without_a_page(tmp_path)
    kept, _ = decode(path)
    for at_ms in (500, 7000, 12_000, 13_777, 18_000):
        span = read_span(path, at_ms, 1000)
        assert abs(lag_ms(span[0], kept[0, at_ms * 16 : at_ms * 16 + RATE_HZ])) <= 20


def test_a_clock_that_restarts_is_counted_on_and_told(tmp_path):
    """Two Ogg recordings joined byte by byte: the second one's clock begins at 0 again."""
    first = write(tmp_path / "1.opus", noise(5, rate=48_000), 48_000, "libopus")
    second = write(tmp_path / "2.opus", noise(4, rate=48_000, seed=2), 48_000, "libopus")
    parts = [decode(first)[0], decode(second)[0]]
    joined = tmp_path / "joined.opus"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    sound, opened = decode(joined)
    assert abs(opened.duration_ms - 9000) <= 100
    assert "clock_restarted" in codes(opened)
    assert abs(lag_ms(sound[0, 6 * RATE_HZ :], parts[1][0, RATE_HZ:])) <= 30


# --- names


def test_content_counts_and_not_the_extension(tmp_path):
    path = write(tmp_path / "really_flac.mp3", noise(2), codec="flac", container="flac")
    sound, opened = decode(path)
    assert opened.info.container == "flac" and sound.shape[1] == 2 * RATE_HZ


def test_a_name_full_of_oddities_opens(tmp_path):
    path = wav(tmp_path / ("Übung %d 'a\"\n📞 file:x" + "y" * 150 + ".wav"), pcm16(noise(1)))
    assert decode(path)[1].duration_ms == 1000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_a_name_that_is_no_text_opens(tmp_path):
    plain = wav(tmp_path / "a.wav", pcm16(noise(1)))
    odd = tmp_path / os.fsdecode(b"call\xff\xfe.wav")
    plain.rename(odd)
    assert decode(odd)[1].duration_ms == 1000
    (tmp_path / os.fsdecode(b"bad\xff.wav")).touch()
    refused(tmp_path / os.fsdecode(b"bad\xff.wav"))


def test_tags_come_through_whatever_their_bytes(tmp_path):
    path = write(tmp_path / "a.flac", noise(1), codec="flac")
    with av.open(str(path)) as source, av.open(str(tmp_path / "b.flac"), "w") as out:
        out.metadata["title"] = "Erstgespräch"
        stream = out.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    tagged = tmp_path / "b.flac"
    assert decode(tagged)[1].info.tags["title"] == "Erstgespräch"
    tagged.write_bytes(tagged.read_bytes().replace("ä".encode(), b"\xff\xfe"))
    assert decode(tagged)[1].info.tags["title"].startswith("Erstgespr")
