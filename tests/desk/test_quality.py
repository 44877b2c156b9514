"""How good words are, through the whole pipeline: what is no speech has no words, and what is suspect changes no number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coachdesk.audio.load import RATE_HZ
from coachdesk.desk import amend
from coachdesk.desk.desk import BringIn, Desk
from tests.audio.sounds import call, pcm16, wav
from tests.conftest import MICRO_CALL, SAMPLES
from tests.desk.conftest import bring_micro, bring_words, document

SECONDS = 20


def draft(desk: Desk, path: Path) -> dict[str, Any]:
    return document(desk, desk.bring_in(BringIn((path,), engine="draft")))


def from_words(doc: dict[str, Any]) -> list[str]:
    """Numbers that were counted from words, and advice that leans on them."""
    numbers = [m["metric"] for m in doc["measurements"] if m["basis"] == "words" and m["value"] is not None]
    return numbers + [s["rule"] for s in (*doc["praise"], *doc["suggestions"], *doc["review_flags"]) if s["rough"]]


def verdicts(doc: dict[str, Any]) -> dict[str, str]:
    return {judged["side"]: judged["verdict"] for judged in doc["transcript"]["quality"]}


def _times() -> Any:
    return np.arange(SECONDS * RATE_HZ) / RATE_HZ


def _white() -> Any:
    return np.random.default_rng(7).normal(size=SECONDS * RATE_HZ) * 0.1


def _tone() -> Any:
    """A dial tone, on and off."""
    t = _times()
    return 0.2 * (np.sin(2 * np.pi * 350 * t) + np.sin(2 * np.pi * 440 * t)) * (t % 4 < 2)


def _music() -> Any:
    """Chords as hold music has them: four voices with overtones, a new chord each second, dying away."""
    t = _times()
    roots = np.array([220.0, 174.6, 261.6, 196.0])[(t // 1).astype(int) % 4]
    sound = np.zeros_like(t)
    for step in (1, 1.26, 1.5, 2):
        for overtone in (1, 2, 3):
            sound += np.sin(2 * np.pi * np.cumsum(roots * step * overtone) / RATE_HZ) / overtone
    return 0.08 * sound * np.exp(-2 * (t % 1))


@pytest.mark.parametrize("sides", [1, 2], ids=["mono", "two-channels"])
@pytest.mark.parametrize("made", [_white, _tone, _music], ids=["noise", "tone", "music"])
def test_what_is_no_speech_has_no_words_and_no_turns(desk: Desk, tmp_path: Path, made: Any, sides: int) -> None:
    sound = np.stack([np.roll(made(), n * 5000) for n in range(sides)]).astype(np.float32)
    doc = draft(desk, wav(tmp_path / "sound.wav", pcm16(sound)))
    assert doc["transcript"]["utterances"] == [] and doc["turns"] == []
    assert "no_speech" in [notice["code"] for notice in doc["notices"]]
    assert doc["transcript"]["quality"] == [
        {"side": "call", "estimate": None, "verdict": "withheld", "why": "no_words", "params": {}}
    ]
    assert not from_words(doc) and doc["transcript"]["grade"] == "none"


def test_a_draft_says_how_wrong_it_likely_is_and_a_draft_of_the_telephone_that_it_is_withheld(
    desk: Desk, tmp_path: Path
) -> None:
    clean = draft(desk, MICRO_CALL / "stereo.opus")
    assert clean["transcript"]["grade"] == "good" and verdicts(clean)["call"] == "shown"
    assert {judged["why"] for judged in clean["transcript"]["quality"]} == {"draft"}
    assert 0 < clean["transcript"]["quality"][0]["estimate"] < 0.4
    assert clean["transcript_versions"][0]["grade"] == "good"
    lowered = call(MICRO_CALL / "stereo.opus")
    spectrum = np.fft.rfft(lowered, axis=1)
    spectrum[:, round(3400 / (RATE_HZ / 2) * spectrum.shape[1]) :] = 0
    narrow = np.fft.irfft(spectrum, lowered.shape[1], axis=1)[:, ::2]
    phone = draft(desk, wav(tmp_path / "phone.wav", pcm16(narrow.astype(np.float32)), rate=8_000))
    assert verdicts(phone)["call"] == "withheld" and phone["transcript"]["grade"] == "poor"
    assert phone["transcript"]["quality"][0]["why"] == "draft_narrow" and not from_words(phone)
    assert {n["reason"] for n in phone["not_checked"]} >= {"draft_too_poor"}


@pytest.mark.long
def test_a_draft_of_a_clean_call_gives_numbers_from_words_and_one_of_the_telephone_gives_none(
    desk: Desk, tmp_path: Path
) -> None:
    clean = draft(desk, SAMPLES / "sales_discovery" / "call.opus")
    assert set(verdicts(clean).values()) <= {"rough", "shown"}
    assert "questions" in from_words(clean), from_words(clean)
    narrow = call(SAMPLES / "sales_discovery" / "call.opus")[:, ::2]
    phone = draft(desk, wav(tmp_path / "phone.wav", pcm16(np.ascontiguousarray(narrow)), rate=8_000))
    assert set(verdicts(phone).values()) == {"withheld"} and not from_words(phone)
    assert next(m["value"] for m in phone["measurements"] if m["metric"] == "talk_ratio") is not None


def _placeless(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _placeless(value) for name, value in found.items() if name != "utterance"}
    return [_placeless(value) for value in found] if isinstance(found, list) else found


class TestSuspects:
    LOOP = "We will call you back. " * 6
    SAID = (
        "Hello Priya, thanks for your time. How do you print the list for the harbour today?",
        "Hello Dan, the budget is the question. We print it on two days of the week, and that is slow.",
        "I see. What happens when it is late, and who is waiting for it then?",
        "The people at the desk wait for it, and by Friday we would like to have something better.",
    )

    def counted(self, doc: dict[str, Any]) -> dict[str, Any]:
        """What is derived of the words, without places in the transcript, which a line more moves on."""
        parts = ("turns", "measurements", "wording", "tracker_hits", "praise", "suggestions", "not_checked", "quiet")
        return {part: _placeless(doc[part]) for part in parts}

    def test_a_suspect_line_changes_no_number_of_a_call_of_words_only(self, desk: Desk, tmp_path: Path) -> None:
        plain, with_it = tmp_path / "plain.txt", tmp_path / "with.txt"
        lines = [f"[{n // 3}:{20 * n % 60:02d}] {('Dan', 'Priya')[n % 2]}: {text}" for n, text in enumerate(self.SAID)]
        plain.write_text("\n".join(lines))
        with_it.write_text("\n".join([*lines[:2], f"[0:30] Dan: {self.LOOP}", *lines[2:]]))
        docs = [document(desk, desk.import_transcript(path, me="Dan")) for path in (plain, with_it)]
        assert [len(doc["transcript"]["utterances"]) for doc in docs] == [4, 5]
        assert [u["suspect"] for u in docs[1]["transcript"]["utterances"]] == [False, False, True, False, False]
        shares = [[m for m in doc["measurements"] if m["metric"] == "talk_share_of_call"] for doc in docs]
        assert shares[0] == shares[1] and shares[0][0]["value"]
        assert self.counted(docs[0]) == self.counted(docs[1])

    def test_lines_heard_in_a_loop_are_shown_and_counted_nowhere(self, desk: Desk, script: Any) -> None:
        start, end = 1_000, 6_000
        doc = document(desk, bring_micro(desk, script([(0, start, end, self.LOOP)])))
        assert [u["suspect"] for u in doc["transcript"]["utterances"]] == [True]
        assert doc["transcript"]["quality"][0]["why"] == "no_words" and not from_words(doc)


def test_what_a_person_types_makes_the_words_better(desk: Desk) -> None:
    made = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="draft"))
    before = document(desk, made)["transcript"]
    for n, said in enumerate(before["utterances"]):
        if n % 2:
            desk.amend(made, amend.CorrectText(str(n), said["text"] + " indeed"))
    after = document(desk, made)["transcript"]
    assert after["quality"][0]["estimate"] < before["quality"][0]["estimate"]
    assert after["draft"], "the others are a draft's still"


def test_imported_words_are_shown(desk: Desk, tmp_path: Path) -> None:
    doc = document(desk, bring_words(desk, tmp_path, "one"))
    assert verdicts(doc)["call"] == "shown" and doc["transcript"]["quality"][0]["estimate"] is None
