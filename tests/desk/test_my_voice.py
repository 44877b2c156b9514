"""The own voice: learnt only where it is wanted and told, known again in new calls, forgotten for good; nowhere else."""

from __future__ import annotations

import gzip
import os
import wave
from pathlib import Path

import numpy as np
import pytest

from coachdesk.audio.load import RATE_HZ
from coachdesk.desk import amend, my_voice
from coachdesk.desk.desk import BringIn, Desk
from coachdesk.errors import InputError
from coachdesk.history import calls, sidecar, voices
from coachdesk.history import my_voice as kept
from coachdesk.history.voices import Heard
from coachdesk.model import Role
from coachdesk.spans import Span
from coachdesk.speech import voiceprint
from tests.audio.sounds import call as samples_of
from tests.conftest import SAMPLES, needs_voice_model
from tests.desk.conftest import document

EXPORTS = ("txt", "md", "srt", "vtt", "json", "csv")


def write_wav(path: Path, lanes: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(len(lanes))
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((lanes.T * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two calls of the same two people on one channel, and the first once more with a side on each channel."""
    folder = tmp_path_factory.mktemp("sound")
    whole = samples_of(SAMPLES / "sales_discovery" / "call.opus")
    early, late = whole[:, : 95 * RATE_HZ], whole[:, 150 * RATE_HZ : 245 * RATE_HZ]
    return {
        "first": write_wav(folder / "first.wav", early.mean(0, keepdims=True)),
        "second": write_wav(folder / "second.wav", late.mean(0, keepdims=True)),
        "sides": write_wav(folder / "sides.wav", early),
    }


def bring(desk: Desk, path: Path, **more: object) -> str:
    return desk.bring_in(BringIn((path,), engine="none", **more))  # type: ignore[arg-type]


def codes(found: dict) -> list[str]:
    return [notice["code"] for notice in found["notices"]]


def own(found: dict) -> list[str]:
    return [speaker["label"] for speaker in found["speakers"] if speaker["role"] == "rep"]


@needs_voice_model
def test_a_voice_that_was_told_is_known_again_as_a_guess(desk: Desk, sounds: dict[str, Path]) -> None:
    first = bring(desk, sounds["first"])
    desk.amend(first, amend.SetRole("1", Role.REP))
    assert not desk.learn_my_voice(first) and not desk.home.my_voice.exists(), "off until it is wanted"
    desk.change(my_voice=True, my_name="Dana")
    assert desk.learn_my_voice(first) and not desk.learn_my_voice(first), "once for each call"
    if os.name == "posix":
        assert desk.home.my_voice.stat().st_mode & 0o077 == 0

    second = bring(desk, sounds["second"])
    guessed = document(desk, second)
    assert "own_voice" in codes(guessed) and len(own(guessed)) == 1 and guessed["quiet"] != "speakers_unknown"
    ratio = next(m for m in guessed["measurements"] if m["metric"] == "talk_ratio")
    assert ratio["value"] is not None and ratio["grade"] == "B"
    assert not desk.learn_my_voice(second), "a guess teaches nothing"

    undo = desk.amend(second, amend.AnswerGuess(False))
    asked = document(desk, second)
    assert asked["quiet"] == "speakers_unknown" and own(asked) == [] and "own_voice" not in codes(asked)
    assert "Dana" not in [speaker["name"] for speaker in asked["speakers"]]
    desk.amend(second, undo)
    assert document(desk, second) == guessed
    desk.amend(second, amend.SetRole(own(guessed)[0], Role.REP))  # the same, said in the words of the terminal
    said = document(desk, second)
    assert own(said) == own(guessed) and "own_voice" not in codes(said)
    with pytest.raises(InputError):
        desk.amend(second, amend.AnswerGuess(True))


@needs_voice_model
def test_forgetting_leaves_nothing_and_nothing_else_ever_held_it(desk: Desk, sounds: dict[str, Path]) -> None:
    desk.change(my_voice=True)
    call = bring(desk, sounds["sides"], me="left")
    learnt = kept.read(desk.home)
    assert [each.speaker for each in learnt] == ["left"], "on two channels the own side is told at once"
    assert len(learnt[0].voiceprint) == voiceprint.HIDDEN
    marks = [str(x).encode() for x in learnt[0].voiceprint if abs(x) > 0.05][:5]
    raw = [np.array(learnt[0].voiceprint, kind)[:8].tobytes() for kind in ("<f4", "<f8")]
    assert len(marks) == 5 and marks[0] in desk.home.my_voice.read_bytes()

    exported = [desk.export(call, kind) for kind in EXPORTS]
    written = gzip.decompress(sidecar.path(desk._store, call).read_bytes())
    elsewhere = [p.read_bytes() for p in desk.home.root.rglob("*") if p.is_file() and p != desk.home.my_voice]
    for held in [*exported, written, *elsewhere]:
        assert not all(mark in held for mark in marks) and not any(mark in held for mark in raw)

    assert desk.my_voice() == {"wanted": True, "kept": True, "calls": 1}
    assert desk.forget_my_voice()
    assert not desk.home.my_voice.exists() and not list(desk.home.root.glob("my_voice*"))
    assert desk.my_voice() == {"wanted": False, "kept": False, "calls": 0}
    assert not desk.learn_my_voice(call) and not desk.forget_my_voice()
    asked = document(desk, bring(desk, sounds["second"]))
    assert asked["quiet"] == "speakers_unknown" and own(asked) == []


@needs_voice_model
def test_so_many_people_as_are_said_and_back_again(desk: Desk, sounds: dict[str, Path]) -> None:
    call = bring(desk, sounds["first"])
    before = document(desk, call)
    assert before["recording"]["voices"] == {"people": 2, "sure": True, "kind": "voiceprint", "named": False}
    desk.amend(call, amend.SetRole("1", Role.REP))
    desk.tell_apart(call, 3)
    three = document(desk, call)
    assert three["recording"]["voices"]["people"] == 3
    assert own(three) == [], "who is who is asked anew"
    desk.tell_apart(call, 2)
    assert document(desk, call) == before
    for people in (1, 5):
        with pytest.raises(InputError):
            desk.tell_apart(call, people)


def test_sides_on_channels_cannot_be_told_apart_by_voice(desk: Desk) -> None:
    with pytest.raises(InputError):
        desk.tell_apart(desk.open_sample("sales_discovery"), 2)


# --- without listening


def learnt(call: str, speaker: str = "left", *values: float) -> kept.Learnt:
    return kept.Learnt(call, speaker, values or (1.0, 0.0))


def test_what_no_longer_holds_does_not_count(desk: Desk) -> None:
    call = desk.open_sample("sales_discovery")
    kept.add(desk.home, learnt(call, "left", 0.6, 0.8))
    kept.add(desk.home, learnt("0" * 32, "left", 1.0, 0.0))  # a call that is gone
    assert my_voice.voiceprint(desk._store) == pytest.approx((0.6, 0.8))
    undo = desk.amend(call, amend.SwapSpeakers())
    assert my_voice.voiceprint(desk._store) == ()
    desk.amend(call, undo)
    assert my_voice.voiceprint(desk._store) == pytest.approx((0.6, 0.8))
    desk.put_in_bin(call)
    assert my_voice.voiceprint(desk._store) == ()
    desk.take_from_bin(call)
    desk.delete(call)
    assert [each.call for each in kept.read(desk.home)] == ["0" * 32], "what a removed call taught is removed with it"


def test_only_the_newest_calls_are_kept_and_a_broken_file_is_nothing(desk: Desk) -> None:
    for n in range(kept.MOST + 3):
        kept.add(desk.home, learnt(f"{n:032x}"))
    found = kept.read(desk.home)
    assert len(found) == kept.MOST and found[0].call == f"{3:032x}"
    desk.home.my_voice.write_text("{")
    assert kept.read(desk.home) == () and desk.my_voice()["calls"] == 0


def test_samples_teach_nothing(desk: Desk) -> None:
    desk.change(my_voice=True)
    assert not desk.learn_my_voice(desk.open_sample("sales_discovery"))
    assert not desk.home.my_voice.exists()


def test_where_the_voice_model_is_missing_it_is_said(desk: Desk, tmp_path: Path) -> None:
    silence = write_wav(
        tmp_path / "mono.wav", samples_of(SAMPLES / "sales_discovery" / "call.opus")[:1, : 30 * RATE_HZ]
    )
    call = bring(desk, silence)
    recording = calls.recordings(desk._store, call)[0]
    voices.keep(desk._store, recording.id, Heard((), 0.0, "no_model"))  # as the child says it without the weights
    desk._recompute(call)
    found = document(desk, call)
    withheld = next(m for m in found["measurements"] if m["metric"] == "talk_ratio")["withheld"]
    assert withheld == {"code": "voices_unknown", "params": {"why": "no_voice_model"}}
    silent = [entry for entry in found["not_checked"] if entry["reason"] == "voices_unknown"]
    assert all(entry["params"]["why"] == "no_voice_model" for entry in silent)
    assert "voice_model" in [check["check"] for check in desk.doctor()["checks"]]


def test_the_clearest_five_seconds_are_from_the_middle_of_the_longest_stretch() -> None:
    from coachdesk.desk.voices import clearest

    assert clearest([Span(0, 4_000), Span(10_000, 16_000), Span(16_300, 22_000)]) == Span(13_500, 18_500)
    assert clearest([Span(1_000, 3_000)]) == Span(1_000, 3_000)
    assert clearest([]) is None
