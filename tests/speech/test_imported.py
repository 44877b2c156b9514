"""Words people bring along: every form is read, and no file whatsoever breaks the reader."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from coachdesk.errors import TranscriptError
from coachdesk.paths import resource
from coachdesk.speech.imported import LARGEST_BYTES, UNKNOWN, ImportedTranscript, read_transcript

TEAMS = """WEBVTT

NOTE
Made by a meeting program
00:00:01.000 --> 00:00:02.000
this is still the note

STYLE
::cue { color: white }

REGION
id:left width:40%

2f1a-12/0
00:00:01.500 --> 00:00:04.000 align:start position:10%
<v Owen Tarrant>Hi, is that <b>Dana</b>?</v>

00:04.250 --> 00:06.000
<v.first.loud Dana Whitlock>Yes &amp; I have &lt;10&gt;&nbsp;minutes.&lrm;</v>

3
01:00:07.000 --> 01:00:09.500
<v Owen Tarrant>Great, <00:00:08.000>thanks.</v>
"""

ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.000
Owen Tarrant: Shall we meet at 10:30?

2
00:00:03.500 --> 00:00:05.000
Dana Whitlock: Yes. Note: I leave at 11.

3
00:00:06.000 --> 00:00:08.000
Owen Tarrant: Fine.
"""

SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:03,250\r\nOwen: <i>Hi</i> there,\r\nhow are you?\r\n\r\n"
    "2\r\n00:00:04.000 --> 00:00:05.500\r\n{\\an8}Dana: Fine &amp; you?\r\n\r\n"
    "3\r\n00:00:06,000 --> 00:00:07,000\r\nOwen: Good.\r\n"
)

OTTER = """Owen Tarrant  0:02
Hi Dana. Can you do 10:30 tomorrow?

Dana Whitlock  0:09
Yes.
Let me write that down.

Owen Tarrant  1:02:03
Great.

Transcribed by https://otter.ai
"""


@pytest.fixture
def read(tmp_path: Path):
    """Writes content to a file of that name and reads it as a transcript."""

    def _read(content: str | bytes | object, name: str = "words.txt", **options: bool) -> ImportedTranscript:
        path = tmp_path / name
        if not isinstance(content, str | bytes):
            content = json.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_transcript(path, **options)

    return _read


def spoken(found: ImportedTranscript) -> list[tuple[str, int, int, str]]:
    return [(one.speaker_label, one.start_ms, one.end_ms, one.text) for one in found.utterances]


def words(found: ImportedTranscript) -> list[tuple[str, str]]:
    return [(one.speaker_label, one.text) for one in found.utterances]


class TestWebVtt:
    def test_voices_classes_entities_and_settings_are_understood_and_notes_left_out(self, read):
        assert spoken(read(TEAMS, "call.vtt")) == [
            ("Owen Tarrant", 1500, 4000, "Hi, is that Dana?"),
            ("Dana Whitlock", 4250, 6000, "Yes & I have <10> minutes.\u200e"),
            ("Owen Tarrant", 3607000, 3609500, "Great, thanks."),
        ]

    def test_speakers_come_in_order_of_appearance_without_a_side(self, read):
        found = read(TEAMS, "call.vtt")
        assert [(one.label, one.name, one.channel, one.role) for one in found.speakers] == [
            ("Owen Tarrant", "Owen Tarrant", None, "unknown"),
            ("Dana Whitlock", "Dana Whitlock", None, "unknown"),
        ]
        assert found.timed

    def test_name_prefixes_are_speakers_and_a_note_inside_the_words_is_not(self, read):
        assert words(read(ZOOM, "zoom.vtt")) == [
            ("Owen Tarrant", "Shall we meet at 10:30?"),
            ("Dana Whitlock", "Yes. Note: I leave at 11."),
            ("Owen Tarrant", "Fine."),
        ]

    def test_the_content_decides_and_not_the_extension(self, read):
        assert read(TEAMS, "call.txt") == read(TEAMS, "call.vtt") == read(TEAMS, "call.json")

    def test_two_voices_in_one_cue_share_its_time_by_words(self, read):
        found = read("WEBVTT\n\n00:00.000 --> 00:04.000\n<v A>one two three</v>\n<v B>four</v>\n")
        assert spoken(found) == [("A", 0, 3000, "one two three"), ("B", 3000, 4000, "four")]

    def test_a_colon_inside_a_voiced_cue_is_no_speaker(self, read):
        cue = "00:0{0}.000 --> 00:0{0}.900\n<v Ann>Note: number {0}.\n\n"
        assert {one.label for one in read("WEBVTT\n\n" + cue.format(1) + cue.format(3)).speakers} == {"Ann"}

    def test_the_language_of_the_header_is_kept(self, read):
        assert read("WEBVTT\nKind: captions\nLanguage: de-AT\n\n00:01.000 --> 00:02.000\nJa.\n").language == "de-AT"
        assert read(TEAMS).language == ""

    def test_a_voice_without_a_name_is_unknown(self, read):
        assert words(read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v >Hello.\n")) == [(UNKNOWN, "Hello.")]


class TestSubRip:
    def test_marks_line_ends_tags_and_both_decimal_signs_are_read(self, read):
        assert spoken(read(SRT, "call.srt")) == [
            ("Owen", 1000, 3250, "Hi there, how are you?"),
            ("Dana", 4000, 5500, "Fine &amp; you?"),
            ("Owen", 6000, 7000, "Good."),
        ]

    def test_missing_blank_lines_between_cues_do_not_leave_numbers_in_the_words(self, read):
        assert words(read("1\n00:00:01,000 --> 00:00:02,000\nHello.\n2\n00:00:03,000 --> 00:00:04,000\nBye.\n")) == [
            (UNKNOWN, "Hello."),
            (UNKNOWN, "Bye."),
        ]

    def test_a_label_holds_until_the_next_one(self, read):
        cues = ["Ann: Hello.", "How are you?", "Bob: Fine.", "Ann: Good."]
        text = "".join(
            f"{n}\n00:00:{n * 5:02},000 --> 00:00:{n * 5 + 2:02},000\n{cue}\n\n" for n, cue in enumerate(cues)
        )
        assert [label for label, _ in words(read(text))] == ["Ann", "Ann", "Bob", "Ann"]


class TestCuesThatAreNotInOrder:
    def cues(self, *cues: tuple[float, float, str]) -> str:
        stamp = "{:02}:{:06.3f}"
        rows = [
            f"{stamp.format(int(a // 60), a % 60)} --> {stamp.format(int(b // 60), b % 60)}\n{text}"
            for a, b, text in cues
        ]
        return "WEBVTT\n\n" + "\n\n".join(rows) + "\n"

    def test_a_sentence_cut_into_cues_is_whole_again(self, read):
        found = read(self.cues((1, 2, "<v A>So I think"), (2.3, 4, "<v A>we should go."), (4.1, 5, "<v A>Yes.")))
        assert spoken(found) == [("A", 1000, 4000, "So I think we should go."), ("A", 4100, 5000, "Yes.")]

    def test_a_pause_or_another_speaker_keeps_cues_apart(self, read):
        found = read(self.cues((1, 2, "<v A>So"), (2.301, 3, "<v A>then"), (3, 4, "<v B>what"), (4, 5, "<v A>nothing")))
        assert len(found.utterances) == 4

    def test_nothing_is_joined_beyond_thirty_seconds(self, read):
        found = read(self.cues(*((n * 10, n * 10 + 10, f"<v A>part {n} and") for n in range(5))))
        assert [one.end_ms - one.start_ms for one in found.utterances] == [30_000, 20_000]

    def test_cues_are_sorted_turned_round_and_said_once(self, read):
        found = read(self.cues((9, 8, "<v A>Late."), (1, 3, "<v B>Early."), (1, 3, "<v B>Early."), (5, 5, "<v A> ")))
        assert spoken(found) == [("B", 1000, 3000, "Early."), ("A", 8000, 9000, "Late.")]

    def test_overlapping_speakers_keep_their_times_and_no_utterance_is_empty_time(self, read):
        found = read(self.cues((1, 5, "<v A>I was saying."), (2, 2, "<v B>Mhm.")))
        assert spoken(found) == [("A", 1000, 5000, "I was saying."), ("B", 2000, 2001, "Mhm.")]


class TestLabelledText:
    @pytest.mark.parametrize(
        "form",
        [
            "[00:00:{0:02}] {1}: {2}",
            "{1} (00:{0:02}): {2}",
            "00:{0:02} {1}: {2}",
            "(0:{0:02}) - {1}: {2}",
            "{1}  0:{0:02}\n{2}",
        ],
    )
    def test_every_timed_form_gives_speakers_times_and_words(self, read, form):
        said = [(2, "Owen Tarrant", "Hello at 10:30."), (7, "Dana", "Well: one thing."), (12, "Owen Tarrant", "Bye.")]
        found = read("Call of May\nDate: 3 May\n\n" + "\n".join(form.format(*line) for line in said))
        assert [(one.start_ms, one.speaker_label, one.text) for one in found.utterances] == [
            (start * 1000, *rest) for start, *rest in said
        ]
        assert found.timed

    def test_headings_with_the_words_below_are_read_as_otter_writes_them(self, read):
        found = read(OTTER)
        assert words(found) == [
            ("Owen Tarrant", "Hi Dana. Can you do 10:30 tomorrow?"),
            ("Dana Whitlock", "Yes. Let me write that down."),
            ("Owen Tarrant", "Great."),
        ]
        assert [one.start_ms for one in found.utterances] == [2000, 9000, 3_723_000]

    def test_without_times_the_lines_are_spread_at_150_words_a_minute(self, read):
        found = read("rep: one two three\nother: four five\nrep: six\n")
        assert not found.timed
        assert spoken(found) == [
            ("rep", 0, 1200, "one two three"),
            ("other", 1200, 2000, "four five"),
            ("rep", 2000, 2400, "six"),
        ]

    def test_lines_between_two_stamps_are_pressed_together_to_fit(self, read):
        found = read("[0:00]\nA: one two three four five\nB: six seven eight nine ten\n[0:02]\nA: done\nB: yes\n")
        assert [(one.start_ms, one.end_ms) for one in found.utterances][:3] == [(0, 1000), (1000, 2000), (2000, 2400)]

    def test_a_line_goes_on_where_the_next_has_no_label(self, read):
        assert words(read("Ann: Hello\nthere.\nBob: Hi.\n10:30 works for me.\n")) == [
            ("Ann", "Hello there."),
            ("Bob", "Hi. 10:30 works for me."),
        ]

    def test_one_labelled_line_alone_is_no_label(self, read):
        found = read("We talked for long.\nNote: it was raining.\nThen we left.\n")
        assert {label for label, _ in words(found)} == {UNKNOWN}
        assert found.utterances[1].text == "Note: it was raining."

    def test_sentences_with_a_colon_are_no_speakers_beside_real_ones(self, read):
        found = read("Ann: Hello.\nBob: Hi.\nSo the thing is: I am late.\nNote: very late.\nAnn: Oh.\nBob: Yes.\n")
        assert {label for label, _ in words(found)} == {"Ann", "Bob"}

    @pytest.mark.parametrize(
        "row", ["a b c d e: hi", "x" * 41 + ": hi", "1st: hi", "https://a.example/b", "10:30 is fine"]
    )
    def test_long_labels_numbers_and_addresses_are_words(self, read, row):
        assert words(read(f"{row}\n{row}\n")) == [(UNKNOWN, row)] * 2

    def test_labelled_text_is_read_whatever_its_name_and_other_text_is_no_json(self, read):
        assert [label for label, _ in words(read("[0:01] Ann: Hi.\n[0:02] Bob: Hello.\n", "call.json"))] == [
            "Ann",
            "Bob",
        ]
        with pytest.raises(TranscriptError, match="not JSON"):
            read("just some words", "call.json")


class TestJson:
    OWN: dict = {  # noqa: RUF012
        "format": "coachdesk.transcript/1",
        "language": "en",
        "title": "A call",
        "account": "Kestrow",
        "playbook": "sales_discovery",
        "started_at": "2026-09-15T14:30:00Z",
        "speakers": [
            {"label": "rep", "name": "Owen Tarrant", "channel": 0, "role": "rep"},
            {"label": "other", "name": "Dana", "channel": 1, "role": "other"},
        ],
        "utterances": [
            {"speaker": "other", "start_ms": 900, "end_ms": 1500, "text": "and then"},
            {"speaker": "rep", "start_ms": 0, "end_ms": 800, "text": "Hi"},
            {"speaker": "other", "start_ms": 1600, "end_ms": 2000, "text": "this"},
        ],
    }

    def test_our_own_document_is_taken_exactly(self, read):
        found = read(self.OWN, "own.json")
        assert spoken(found) == [("rep", 0, 800, "Hi"), ("other", 900, 1500, "and then"), ("other", 1600, 2000, "this")]
        assert [(one.label, one.name, one.channel, one.role) for one in found.speakers] == [
            ("rep", "Owen Tarrant", 0, "rep"),
            ("other", "Dana", 1, "other"),
        ]
        assert (found.language, found.title, found.account) == ("en", "A call", "Kestrow")
        assert (found.playbook, found.started_at, found.timed) == ("sales_discovery", "2026-09-15T14:30:00Z", True)

    def test_the_bundled_samples_are_read_whole(self):
        for path in resource("samples").glob("*/transcript.json"):
            found = read_transcript(path, need_speakers=True)
            assert len(found.utterances) == len(json.loads(path.read_text())["utterances"])
            assert {one.role for one in found.speakers} == {"rep", "other"}

    @pytest.mark.parametrize("wrap", [None, "segments", "utterances", "transcript"])
    def test_lists_of_segments_in_seconds_are_read_under_any_usual_name(self, read, wrap):
        segments = [
            {"start": 0.5, "end": 1.25, "text": " Hi.", "speaker": "A"},
            {"start": 2, "end": 3.5, "text": "Hello.", "speaker": "B"},
        ]
        found = read(segments if wrap is None else {wrap: segments, "language": "en"}, "whisper.json")
        assert spoken(found) == [("A", 500, 1250, "Hi."), ("B", 2000, 3500, "Hello.")]
        assert found.language == ("" if wrap is None else "en")

    @pytest.mark.parametrize(
        "segment",
        [
            {"start_ms": 1500, "end_ms": 2500, "text": "Hi there.", "speaker_name": "A", "speaker": 3},
            {"startTime": "00:00:01.500", "endTime": "00:00:02.500", "text": "Hi there.", "speaker_label": "A"},
            {"startTime": "1.5s", "endTime": "2.5", "words": "Hi there.", "speaker": {"name": "A"}},
            {"start": 1.5, "end": 2.5, "words": [{"word": "Hi"}, "there."], "speaker": "A"},
        ],
    )
    def test_times_words_and_names_are_found_in_their_usual_places(self, read, segment):
        assert spoken(read([segment], "a.json")) == [("A", 1500, 2500, "Hi there.")]

    def test_whole_milliseconds_in_start_and_end_are_recognised(self, read):
        found = read({"utterances": [{"start": 250, "end": 1970, "text": "four words are here", "speaker": "A"}]})
        assert spoken(found) == [("A", 250, 1970, "four words are here")]

    def test_segments_without_times_are_spread_by_words(self, read):
        found = read([{"text": "one two", "speaker": "A"}, {"text": "three", "speaker": "B"}])
        assert not found.timed
        assert [(one.start_ms, one.end_ms) for one in found.utterances] == [(0, 800), (800, 1200)]

    @pytest.mark.parametrize(
        ("document", "field"),
        [
            ({"segments": "none"}, "segments"),
            ({"calls": []}, "segments"),
            ([3, 4], "[0]"),
            ([{"text": 5}], "[0].text"),
            ({"segments": [{"start": "soon", "text": "hi"}]}, "segments[0].start"),
            ({"segments": [{"start": 1e300, "text": "hi"}]}, "segments[0].start"),
            ({"utterances": [{"text": "hi", "speaker": []}]}, "utterances[0].speaker"),
            ({**OWN, "speakers": [{"label": "a", "role": "boss"}]}, "speakers[0].role"),
            ({**OWN, "speakers": [{"label": "a", "channel": "left"}]}, "speakers[0].channel"),
            ({**OWN, "utterances": [{"speaker": "a", "text": "hi", "start_ms": 0}]}, "utterances[0].end_ms"),
            ({**OWN, "utterances": {}}, "utterances"),
            ({**OWN, "title": 5}, "title"),
        ],
    )
    def test_another_shape_is_refused_and_the_field_named(self, read, document, field):
        with pytest.raises(TranscriptError) as refused:
            read(document, "a.json")
        assert field in refused.value.message
        assert refused.value.hint

    def test_broken_newer_and_too_deep_json_is_refused(self, read):
        for text in (
            '{"segments": [',
            "[" * 100_000,
            '{"format": "coachdesk.transcript/2"}',
            '[{"start": NaN, "text": "x"}]',
        ):
            with pytest.raises(TranscriptError):
                read(text, "a.json")


class TestBytes:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    def test_every_usual_encoding_gives_the_same_words(self, read, encoding):
        text = "José: Grüß Gott – “ja”.\nAnna: Très bien.\nJosé: Adiós.\n"
        assert read(text.encode(encoding)) == read(text)

    def test_control_characters_and_half_characters_go(self, read):
        found = read([{"text": "a\u0007b\u0085c\nd \ud800!", "speaker": "Da\u001bna\u200f"}])
        assert words(found) == [("Dana", "abc d \ufffd!")]
        assert found.utterances[0].text.encode()

    def test_what_is_no_text_at_all_is_refused(self, read):
        for data in (
            b"",
            b" \n",
            b"\x00" * 50,
            bytes(range(256)) * 20,
            b"WEBVTT\n\n",
            b"[]",
            b"PK\x03\x04" + b"\0\1" * 99,
        ):
            with pytest.raises(TranscriptError) as refused:
                read(data)
            assert refused.value.hint

    def test_what_cannot_be_opened_is_refused(self, tmp_path):
        for path in (tmp_path, tmp_path / "none.vtt", Path("a\0b.vtt")):
            with pytest.raises(TranscriptError):
                read_transcript(path)

    def test_more_than_twenty_megabytes_are_refused(self, read):
        with pytest.raises(TranscriptError, match="20 MB"):
            read(b"A: b\n" * (LARGEST_BYTES // 5 + 1))

    def test_missing_speakers_are_refused_only_where_they_are_needed(self, read):
        bare = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n"
        assert read(bare).utterances
        with pytest.raises(TranscriptError) as refused:
            read(bare, need_speakers=True)
        assert "which side said what" in refused.value.message
        assert "Dana Whitlock: Hi" in refused.value.hint

    def test_no_mutation_of_any_file_raises_anything_but_a_transcript_error(self, tmp_path):
        dice = random.Random(20260915)
        seeds = [text.encode() for text in (TEAMS, ZOOM, SRT, OTTER, json.dumps(TestJson.OWN))]
        seeds += [b'[{"start": 1, "end": 2, "text": "a", "words": ["b"], "speaker": "C"}]', ZOOM.encode("utf-16")]
        scraps = [
            b"-->",
            b"\n\n",
            b":",
            b"<v ",
            b"[",
            b"{",
            b'"',
            b"null",
            b"1e999",
            b"9" * 30,
            b"\0",
            b"\xff",
            b"\\ud800",
            b"0:1",
        ]
        for case in range(2000):
            path = tmp_path / f"words.{dice.choice(['vtt', 'srt', 'json', 'txt'])}"
            path.write_bytes(_mutated(dice, dice.choice(seeds), scraps))
            try:
                found = read_transcript(path, need_speakers=case % 2 == 0)
            except TranscriptError:
                continue
            assert _sound(found), case


def _mutated(dice: random.Random, data: bytes, scraps: list[bytes]) -> bytes:
    for _ in range(dice.randint(1, 8)):
        at, to = sorted((dice.randint(0, len(data)), dice.randint(0, len(data))))
        piece = dice.choice([b"", dice.choice(scraps), dice.randbytes(2), data[at:to][:40]])
        data = data[:at] + piece + data[min(to, at + dice.randint(0, 6)) :]
    return data


def _sound(found: ImportedTranscript) -> bool:
    starts = [one.start_ms for one in found.utterances]
    labels = {speaker.label for speaker in found.speakers}
    return starts == sorted(starts) and all(
        0 <= one.start_ms < one.end_ms and one.text.strip() and one.text.encode() and one.speaker_label in labels
        for one in found.utterances
    )
