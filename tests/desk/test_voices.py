"""A call on one channel: its voices are told apart, and once the person says which is theirs, there are sides."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coachdesk.desk import amend, voices
from coachdesk.desk.desk import BringIn, Desk
from coachdesk.history.voices import Heard
from coachdesk.model import Role, Utterance, Word
from coachdesk.spans import Span
from tests.audio.sounds import call as samples_of
from tests.conftest import SAMPLES, needs_voice_model
from tests.desk.conftest import document, sample_lines

SAMPLE = SAMPLES / "sales_discovery"
TRUTH = json.loads((SAMPLE / "truth.json").read_text())


def write_wav(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def mono(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("sound") / "mono.wav", samples_of(SAMPLE / "call.opus").mean(0))


def number(found: dict[str, Any], metric: str, subject: str = "") -> dict[str, Any]:
    return next(m for m in found["measurements"] if m["metric"] == metric and subject in ("", m["subject"]))


def reason(found: dict[str, Any], metric: str) -> str:
    withheld = number(found, metric)["withheld"]
    return withheld["code"] if withheld else ""


@needs_voice_model
def test_until_the_person_says_who_they_are_only_sides_are_withheld(desk: Desk, mono: Path) -> None:
    found = document(desk, desk.bring_in(BringIn((mono,), engine="none")))
    assert [(s["label"], s["role"]) for s in found["speakers"]] == [("1", "unknown"), ("2", "unknown")]
    assert reason(found, "talk_ratio") == found["quiet"] == "speakers_unknown"
    switches = number(found, "switches")
    assert switches["grade"] == "B" and switches["value"] == pytest.approx(TRUTH["switches"], rel=0.25)
    assert reason(found, "overlapping_starts") in ("needs_two_channels", "speakers_unknown")


@needs_voice_model
def test_saying_who_is_who_gives_the_numbers_and_can_be_undone(desk: Desk, mono: Path) -> None:
    call = desk.bring_in(BringIn((mono,), engine="none"))
    before = document(desk, call)
    undo = desk.amend(call, amend.SetRole("1", Role.REP))
    found = document(desk, call)
    ratio = number(found, "talk_ratio")
    first = min(TRUTH["utterances"], key=lambda u: u["start"])["speaker"]
    assert ratio["grade"] == "B"
    assert ratio["value"] == pytest.approx(TRUTH["speakers"][first]["talk_ratio"], abs=0.05)
    assert [(s["label"], s["role"]) for s in found["speakers"]] == [("1", "rep"), ("2", "other")]
    back = desk.amend(call, amend.SwapSpeakers())
    assert number(document(desk, call), "talk_ratio")["value"] == pytest.approx(1 - ratio["value"], abs=1e-5)
    desk.amend(call, back)
    desk.amend(call, undo)
    assert document(desk, call) == before


@needs_voice_model
def test_who_says_it_when_bringing_in_needs_not_be_asked(desk: Desk, mono: Path) -> None:
    found = document(desk, desk.bring_in(BringIn((mono,), engine="none", me="2", rep="Dana")))
    assert [(s["label"], s["name"], s["role"]) for s in found["speakers"]] == [("1", "", "other"), ("2", "Dana", "rep")]
    assert number(found, "talk_ratio")["value"] is not None


@needs_voice_model
def test_words_go_to_the_voice_that_speaks_them(desk: Desk, mono: Path, script: Any) -> None:
    lines = sample_lines()
    one_channel = [(0, start, end, text) for _, start, end, text in lines]
    call = desk.bring_in(BringIn((mono,), engine="scripted", model=str(script(one_channel)), me="1"))
    found = document(desk, call)
    first = lines[0][0]
    sides = {u["speaker"] for u in found["transcript"]["utterances"]}
    assert sides == {"1", "2"}
    right = total = 0
    for u in found["transcript"]["utterances"]:
        for channel, start, end, _ in lines:
            shared = max(0, min(end, u["end_ms"]) - max(start, u["start_ms"]))
            total += shared
            right += shared if (u["speaker"] == "1") == (channel == first) else 0
    assert right > 0.9 * total
    assert number(found, "talk_ratio")["grade"] == "B"


@needs_voice_model
def test_one_voice_is_no_conversation_and_says_so(desk: Desk, tmp_path: Path) -> None:
    alone = write_wav(tmp_path / "alone.wav", samples_of(SAMPLE / "call.opus")[0])
    found = document(desk, desk.bring_in(BringIn((alone,), engine="none")))
    assert [s["label"] for s in found["speakers"]] == ["unknown"]
    assert reason(found, "talk_ratio") == reason(found, "switches") == found["quiet"] == "voices_unknown"


# --- words and voices


def said(*words: tuple[int, int, str]) -> Utterance:
    made = tuple(Word(start, end, text, 0.8) for start, end, text in words)
    return Utterance("", "unknown", None, words[0][0], words[-1][1], " ".join(w[2] for w in words), words=made)


def spoken(found: list[Utterance]) -> list[tuple[str, int, int, str]]:
    return [(u.speaker, u.start_ms, u.end_ms, u.text) for u in found]


CHANGE = [(Span(0, 1_000), "1"), (Span(1_000, 3_000), "2")]


def test_an_utterance_is_cut_where_the_voice_changes() -> None:
    whole = said((0, 400, "Is"), (400, 950, "it?"), (1_050, 1_500, "It"), (1_500, 2_000, "is."))
    assert spoken(voices.attributed([whole], CHANGE)) == [("1", 0, 950, "Is it?"), ("2", 1_050, 2_000, "It is.")]


def test_a_word_at_the_border_stays_with_its_sentence() -> None:
    whole = said((700, 950, "Well"), (1_050, 1_500, "it"), (1_500, 2_000, "is."))
    assert spoken(voices.attributed([whole], CHANGE)) == [("2", 700, 2_000, "Well it is.")]


def test_without_word_times_the_voice_that_speaks_most_has_it() -> None:
    whole = Utterance("", "unknown", None, 500, 2_500, "It is.")
    assert spoken(voices.attributed([whole], CHANGE)) == [("2", 500, 2_500, "It is.")]
    outside = Utterance("", "unknown", None, 5_000, 5_500, "Yes.")
    assert voices.attributed([outside], CHANGE)[0].speaker == "2"
    assert voices.attributed([whole], []) == [whole]


def test_voices_that_are_not_sure_are_nobodys(desk: Desk) -> None:
    from coachdesk.desk.attribute import Track
    from coachdesk.model import Layout, Recording

    recording = Recording("r", None, 1, 16_000, 3_000, Layout.MIXED, offset_ms=500)
    spans = ((Span(0, 1_000), 1), (Span(1_000, 3_000), 2))
    sure = Track(recording, [[Span(0, 3_000)]], 0, Heard(spans, 0.8, "voiceprint"))
    assert voices.labelled(sure) == [(Span(500, 1_500), "1"), (Span(1_500, 3_500), "2")]
    doubtful = Track(recording, [[Span(0, 3_000)]], 0, Heard(spans, 0.4, "voiceprint"))
    assert [s.label for s in voices.speakers_of([doubtful])] == ["unknown"]
