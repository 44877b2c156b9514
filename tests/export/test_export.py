"""Handing a review on: each format keeps to its own rules whatever was said; captions can be read again."""

from __future__ import annotations

import copy
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from coachdesk.errors import InputError, NotBuiltYet
from coachdesk.export import FORMATS, export
from coachdesk.speech.imported import read_transcript

REVIEW: dict[str, Any] = {
    "format": "coachdesk.review/1",
    "call": {"id": "ab12", "title": "Discovery: Kestrow", "started_at": "2026-09-15T14:30:00Z", "duration_ms": 754_000},
    "speakers": [
        {"label": "rep", "name": "Owen Tarrant", "role": "rep", "channel": 0},
        {"label": "other", "name": "Dana Whitlock", "role": "other", "channel": 1},
    ],
    "transcript": {
        "engine": "whisper",
        "language": "en",
        "utterances": [
            {
                "index": 0,
                "speaker": "rep",
                "start_ms": 800,
                "end_ms": 7250,
                "text": "Hi, is that Dana?",
                "confidence": 0.93,
            },
            {"index": 1, "speaker": "other", "start_ms": 7750, "end_ms": 9000, "text": "Yes.", "confidence": 1.0},
            {"index": 2, "speaker": "rep", "start_ms": 65_000, "end_ms": 3_725_120, "text": "Good.", "suspect": True},
        ],
    },
    "measurements": [
        {"metric": "talk_ratio", "subject": "side:rep", "value": 0.641, "unit": "ratio", "withheld": None},
        {"metric": "longest_monologue_ms", "subject": "speaker:rep", "value": 95_000, "unit": "ms", "withheld": None},
        {"metric": "patience_ms", "subject": "side:rep", "value": 640, "unit": "ms", "withheld": None},
        {"metric": "questions", "subject": "side:other", "value": 12.0, "unit": "count", "withheld": None},
        {"metric": "interactivity_per_min", "subject": "call", "value": 4.25, "unit": "per_min", "withheld": None},
        {"metric": "pace_wpm", "value": None, "unit": "wpm", "withheld": {"code": "too_short", "params": {}}},
    ],
    "praise": [{"id": "p", "rule": "recap", "title": "You summed up", "advice": "Keep it.", "evidence": []}],
    "suggestions": [
        {
            "id": "s",
            "rule": "long_talk",
            "title": "Ask sooner",
            "advice": "Stop after two sentences.",
            "try_saying": "What would that change for you?",
            "evidence": [{"start_ms": 65_000, "end_ms": 90_000, "utterance": 2, "quote": "Good."}],
        }
    ],
    "review_flags": [],
    "labels": {"metrics": {"talk_ratio": {"name": "Share of the talking"}}},
}


def review(*texts: str, names: tuple[str, str] = ("Owen", "Dana")) -> dict[str, Any]:
    """A review in which two speakers say these texts in turn, a second apart."""
    document = copy.deepcopy(REVIEW)
    for speaker, name in zip(document["speakers"], names, strict=True):
        speaker["name"] = name
    document["transcript"]["utterances"] = [
        {"index": n, "speaker": ("rep", "other")[n % 2], "start_ms": n * 3000, "end_ms": n * 3000 + 2001, "text": text}
        for n, text in enumerate(texts)
    ]
    return document


def text_of(document: dict[str, Any], format: str) -> str:
    return export(document, format).decode("utf-8")


class TestEveryFormat:
    @pytest.mark.parametrize("format", FORMATS)
    def test_the_same_document_gives_the_same_bytes_and_stays_untouched(self, format):
        document = copy.deepcopy(REVIEW)
        assert export(document, format) == export(copy.deepcopy(REVIEW), format)
        assert document == REVIEW

    @pytest.mark.parametrize("format", FORMATS)
    def test_a_review_with_nothing_in_it_can_be_handed_on(self, format):
        for document in ({}, {"transcript": None, "speakers": [], "measurements": []}):
            assert isinstance(export(document, format), bytes)

    @pytest.mark.parametrize("format", FORMATS)
    def test_half_characters_do_not_stop_it(self, format):
        assert export(review("a \ud800 b", "c"), format)

    @pytest.mark.parametrize("format", ["pdf", "docx"])
    def test_what_is_not_built_yet_says_so_and_what_there_is(self, format):
        with pytest.raises(NotBuiltYet) as refused:
            export(REVIEW, format)
        assert all(name in refused.value.hint for name in FORMATS)

    @pytest.mark.parametrize("format", ["", "exe", "TXT"])
    def test_an_unknown_format_is_refused_with_the_list(self, format):
        with pytest.raises(InputError) as refused:
            export(REVIEW, format)
        assert "txt, md, srt, vtt, csv, json" in refused.value.hint


class TestText:
    def test_everything_a_reader_needs_stands_in_order(self):
        assert text_of(REVIEW, "txt") == (
            "Discovery: Kestrow\n"
            "Date: 2026-09-15 14:30 UTC\n"
            "Length: 12:34\n"
            "Speakers: Owen Tarrant (own side), Dana Whitlock (other side)\n"
            "\n"
            "[0:00] Owen Tarrant: Hi, is that Dana?\n"
            "[0:07] Dana Whitlock: Yes.\n"
            "[1:05] Owen Tarrant: Good.\n"
            "\n"
            "Numbers\n"
            "  Share of the talking (own side): 64 %\n"
            "  longest_monologue_ms (Owen Tarrant): 1:35\n"
            "  patience_ms (own side): 0.6 s\n"
            "  questions (other side): 12\n"
            "  interactivity_per_min: 4.25 per min\n"
            "  pace_wpm: too_short\n"
            "\n"
            "What went well\n"
            "- You summed up\n"
            "  Keep it.\n"
            "\n"
            "Suggestions\n"
            "- Ask sooner\n"
            "  Stop after two sentences.\n"
            '  Try saying: "What would that change for you?"\n'
            '  [1:05] "Good."\n'
        )

    def test_words_stay_on_their_line(self):
        assert "[0:00] Owen: one two three\n[0:03] Dana: four\n" in text_of(
            review("one\ntwo\r\n\u2028three", "four"), "txt"
        )


class TestMarkdown:
    def test_the_same_content_is_there_as_sections_and_a_table(self):
        page = text_of(REVIEW, "md")
        assert page.startswith("# Discovery: Kestrow\n\n- **Date:** 2026-09-15 14:30 UTC\n")
        for part in (
            "\n**[1:05] Owen Tarrant:** Good.\n",
            "\n| Share of the talking | own side | 64 % |\n",
            "\n| pace_wpm |  | too_short |\n",
            "\n### Ask sooner\n\nStop after two sentences.\n\n> Try saying: What would that change for you?\n",
            '\n- [1:05] "Good."\n',
        ):
            assert part in page

    def test_words_never_become_markup(self):
        page = text_of(review("*so* <b>bold</b> | `x` [a](b)\n# no", "_hm_ snake_case &lt;"), "md")
        assert r"\*so\* \<b\>bold\</b\> \| \`x\` \[a\](b) \# no" in page
        assert r"\_hm\_ snake_case \&lt;" in page

    @pytest.mark.parametrize(
        ("advice", "shown"), [("1. Ask", r"1\. Ask"), ("- Ask", r"\- Ask"), ("5-day plan", "5-day plan")]
    )
    def test_advice_does_not_turn_into_a_list(self, advice, shown):
        document = copy.deepcopy(REVIEW)
        document["suggestions"][0]["advice"] = advice
        assert f"\n{shown}\n" in text_of(document, "md")


BESIDE: dict[str, Any] = {
    "brief": {
        "rough": False,
        "slots": [
            {
                "id": "need",
                "name": "Need",
                "lines": [{"start_ms": 65_000, "quote": "We lose hours."}],
                "typed": "Mine.",
            },
            {
                "id": "steps",
                "name": "Next steps",
                "lines": [{"start_ms": None, "quote": "I call", "due": "2026-10-01"}],
            },
            {"id": "gone", "name": "Gone", "lines": [], "dropped": [{"start_ms": 1, "quote": "left out"}], "typed": ""},
        ],
    },
    "scorecards": [
        {
            "card": "c",
            "name": "Card",
            "criteria": [
                {"id": "r", "kind": "range", "name": "Room", "high": 5, "anchors": {"3": "Heard out"}},
                {"id": "y", "kind": "yes_no", "name": "A plan"},
                {"id": "e", "kind": "choice", "name": "End", "options": [{"id": "dated", "name": "With a day"}]},
                {"id": "t", "kind": "text", "name": "Keep"},
            ],
            "entries": [
                {
                    "as": "",
                    "mine": True,
                    "complete": False,
                    "hidden": False,
                    "answers": {
                        "r": {"value": 3, "note": "here", "moment": {"start_ms": 65_000, "end_ms": 66_000}},
                        "y": {"value": "no", "note": "", "moment": None},
                        "e": {"value": "dated", "note": "", "moment": None},
                    },
                },
                {
                    "as": "Ada",
                    "complete": True,
                    "hidden": False,
                    "sum": {"value": 4, "of": 5},
                    "answers": {"y": {"value": "n/a", "note": "", "moment": None}},
                },
                {
                    "as": "Ben",
                    "complete": False,
                    "hidden": False,
                    "answers": {"t": {"value": "unfinished", "note": ""}},
                },
                {"as": "Cleo", "complete": True, "hidden": True, "answers": {}},
            ],
        },
        {"card": "d", "name": "Unanswered", "criteria": [], "entries": []},
    ],
    "comments": [
        {"id": "1", "start_ms": 7_750, "author": "Ada", "text": "Well\nput", "resolved": True, "reply_to": None},
        {"id": "2", "start_ms": 7_750, "author": "", "text": "Thanks", "resolved": True, "reply_to": "1"},
        {"id": "3", "start_ms": 9_000, "author": "", "text": "", "what": "asked", "question": "need", "reply_to": None},
    ],
}


class TestWhatStandsBeside:
    def test_brief_own_and_complete_answers_and_comments_are_in_plain_text(self):
        page = text_of({**REVIEW, **BESIDE, "labels": {"questions": {"need": "What is it for?"}}}, "txt")
        assert page.endswith(
            "\nBrief\n"
            '- Need\n  Mine.\n  [1:05] "We lose hours."\n'
            '- Next steps\n  "I call" (by 2026-10-01)\n'
            "\nScorecard: Card\n"
            "- Own answers (begun)\n  [1:05] Room: 3 of 5 (Heard out) — here\n  A plan: No\n  End: With a day\n"
            "- Ada\n  A plan: does not apply\n  Sum: 4 of 5\n"
            "\nComments\n"
            "- [0:07] Ada: Well put (resolved)\n  Thanks\n"
            "- [0:09] Asked: What is it for?\n"
        )
        assert all(said not in page for said in ("left out", "unfinished", "Cleo", "Unanswered", "Gone"))

    def test_in_markdown_nothing_that_was_said_is_markup(self):
        hostile = copy.deepcopy(BESIDE)
        hostile["comments"][1]["text"] = "- *x* <b>"
        hostile["brief"]["slots"][0]["typed"] = "1. one"
        page = text_of({**REVIEW, **hostile}, "md")
        assert "\n## Brief\n\n- Need\n  - 1\\. one\n" in page
        assert "\n  - \\- \\*x\\* \\<b\\>\n" in page

    def test_a_drafts_brief_says_so(self):
        page = text_of({**REVIEW, "brief": {**BESIDE["brief"], "rough": True}}, "txt")
        assert "\nBrief\n- These words are a draft's: listen before you hand them on.\n- Need\n" in page


class TestCaptions:
    def test_subrip_numbers_its_cues_and_names_the_speaker(self):
        assert text_of(REVIEW, "srt").startswith(
            "1\n00:00:00,800 --> 00:00:07,250\nOwen Tarrant: Hi, is that Dana?\n\n2\n00:00:07,750 --> 00:00:09,000\n"
        )
        assert "3\n00:01:05,000 --> 01:02:05,120\nOwen Tarrant: Good.\n" in text_of(REVIEW, "srt")

    def test_webvtt_names_language_and_voice(self):
        assert text_of(REVIEW, "vtt").startswith(
            "WEBVTT\nLanguage: en\n\n00:00:00.800 --> 00:00:07.250\n<v Owen Tarrant>Hi, is that Dana?\n\n"
        )

    def test_an_arrow_or_blank_line_in_the_words_makes_no_cue(self):
        document = review("from a --> b\n\n00:00:01.000 ---> c", "ok")
        assert "from a -> b 00:00:01.000 -> c\n" in text_of(document, "srt")
        assert "from a -&gt; b 00:00:01.000 -&gt; c\n" in text_of(document, "vtt")

    def test_names_and_words_cannot_open_tags(self):
        document = review("<i>hi</i> & <3", "ok", names=("A>B", "C"))
        assert "<v A&gt;B>&lt;i&gt;hi&lt;/i&gt; &amp; &lt;3\n" in text_of(document, "vtt")
        assert "A>B: ‹i>hi‹/i> & <3\n" in text_of(document, "srt")

    def test_cues_come_by_start_and_empty_ones_are_left_out(self):
        document = review("late", "", "early")
        document["transcript"]["utterances"][0]["start_ms"] = 8_000
        document["transcript"]["utterances"][0]["end_ms"] = 9_000
        shown = text_of(document, "vtt")
        assert shown.index("early") < shown.index("late")
        assert shown.count("-->") == 2


class TestTable:
    def test_each_utterance_is_a_row_with_speaker_and_side(self):
        rows = list(csv.DictReader(io.StringIO(text_of(REVIEW, "csv"), newline="")))
        assert list(rows[0].values()) == [
            "0",
            "800",
            "7250",
            "Owen Tarrant",
            "rep",
            "Hi, is that Dana?",
            "0.93",
            "false",
        ]
        assert (rows[2]["confidence"], rows[2]["suspect"], rows[1]["role"]) == ("", "true", "other")

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n=", "\x00=", " ="])
    def test_no_cell_is_a_formula(self, start):
        rows = list(
            csv.reader(io.StringIO(text_of(review(start + "SUM(A1)", names=(start + "x", "y")), "csv"), newline=""))
        )
        assert rows[1][5].startswith("'") and rows[1][5].endswith("SUM(A1)")
        assert rows[1][3].startswith(("'", "x")) and len(rows) == 2

    def test_quotes_commas_and_line_ends_stay_inside_their_cell(self):
        rows = list(csv.reader(io.StringIO(text_of(review('a, "b"\nc', "d"), "csv"), newline="")))
        assert [row[5] for row in rows] == ["text", 'a, "b" c', "d"]


class TestJson:
    def test_the_document_comes_back_with_its_keys_in_their_order(self):
        assert json.dumps(json.loads(export(REVIEW, "json"))) == json.dumps(REVIEW)
        assert "Žofie" in text_of(review("hi", names=("Žofie", "B")), "json")


printable = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split())
)
plain_names = st.from_regex(r"[A-Z][a-zé]{1,8}( [A-Z][a-z]{1,8}){0,2}", fullmatch=True)
checked = settings(
    derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class TestThereAndBack:
    @checked
    @given(texts=st.lists(printable.filter(bool), min_size=2, max_size=6), names=st.tuples(plain_names, plain_names))
    @pytest.mark.parametrize("format", ["vtt", "srt"])
    def test_captions_read_again_give_the_same_speakers_times_and_words(self, tmp_path: Path, format, texts, names):
        assume(names[0] != names[1] and not any("-->" in text for text in texts))
        self.same_again(tmp_path, format, texts, names)

    @checked
    @given(name=printable.filter(bool))
    def test_webvtt_keeps_any_name(self, tmp_path: Path, name):
        invisible = set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
        assume(not invisible & set(name) and "->" not in name and name not in ("Dana", "unknown"))
        self.same_again(tmp_path, "vtt", ["One.", "Two.", "Three."], (name, "Dana"))

    @pytest.mark.parametrize("format", ["vtt", "srt"])
    def test_a_real_review_comes_back_whole(self, tmp_path: Path, format):
        texts = ['Note: I said "no", 10:30 -- & that\'s <fine>.', "Dana: that's me.", "- Mhm", "{x} 100 %…"]
        self.same_again(tmp_path, format, texts, ("Owen Tarrant", "Dana Whitlock"))

    def same_again(self, folder: Path, format: str, texts: list[str], names: tuple[str, str]) -> None:
        shown = [text.replace("<", "‹") if format == "srt" else text for text in texts]
        path = folder / f"call.{format}"
        path.write_bytes(export(review(*shown, names=names), format))
        back = read_transcript(path, need_speakers=True)
        assert [(one.speaker_label, one.start_ms, one.end_ms, one.text) for one in back.utterances] == [
            (names[n % 2], n * 3000, n * 3000 + 2001, text) for n, text in enumerate(shown)
        ]
