"""What a person can do, through the port, on real files."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from coachdesk.desk import amend
from coachdesk.desk.amend_case import SetCaseResult
from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.document import encode, plain
from coachdesk.errors import InputError, NotFound, UnreadableFile
from coachdesk.model import Role
from tests.conftest import MICRO_CALL, MICRO_MODEL
from tests.desk.conftest import bring_micro, bring_sample, micro_lines


def number(review: object, metric: str, subject: str = "") -> float | None:
    found = [m for m in review.measurements if m["metric"] == metric and (not subject or m["subject"] == subject)]
    return found[0]["value"]


def test_the_sample_is_coached_with_quotes_and_times(desk: Desk) -> None:
    review = desk.review(bring_sample(desk))
    assert 1 <= len(review.suggestions) <= 3 and sum(s["focus"] for s in review.suggestions) == 1
    for suggestion in [*review.suggestions, *review.praise, *review.review_flags]:
        assert suggestion["evidence"] and all(e["end_ms"] > e["start_ms"] for e in suggestion["evidence"])
        assert all(e["quote"] for e in suggestion["evidence"])
    assert {"DIS-01", "SEN-01"} <= {s["rule"] for s in review.suggestions}
    assert [s["rule"] for s in review.review_flags] == ["REC-01"]


def test_the_screen_flags_both_protected_questions_and_praises_the_dated_step(desk: Desk) -> None:
    review = desk.review(bring_sample(desk, "recruiting_screen"))
    assert {s["rule"] for s in review.review_flags} == {"PRT-MARITAL_FAMILY", "PRT-SALARY_HISTORY"}
    assert "POS-03" in {s["rule"] for s in review.praise}
    assert review.wording == [], "wording is off by default in this trade"
    assert [step["due"] for step in desk.next_steps(due_only=True)] == ["2026-10-08"]


def test_the_same_file_twice_is_one_call_with_equal_bytes(desk: Desk) -> None:
    first = bring_sample(desk)
    before = desk.review(first)
    again = bring_sample(desk)
    after = desk.review(again)
    assert first == again and len(desk.calls()) == 1
    for part in ("measurements", "turns", "suggestions"):
        assert encode(getattr(before, part)) == encode(getattr(after, part))


def test_two_homes_give_byte_equal_numbers(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        with open_desk(str(tmp_path / name)) as desk:
            review = desk.review(bring_sample(desk))
            found.append(
                encode([review.measurements, review.turns, review.suggestions, review.tracker_hits, review.wording])
            )
    assert found[0] == found[1]


def test_swapping_sides_mirrors_the_share_and_comes_back(desk: Desk) -> None:
    call = bring_sample(desk)
    before = desk.review(call)
    desk.amend(call, amend.SwapSpeakers())
    swapped = number(desk.review(call), "talk_ratio")
    assert abs(swapped + number(before, "talk_ratio") - 1) < 1e-5
    desk.amend(call, amend.SwapSpeakers())
    assert encode(desk.review(call).measurements) == encode(before.measurements)


def test_a_corrected_word_changes_text_search_and_numbers_at_once(desk: Desk) -> None:
    call = bring_sample(desk, "recruiting_screen")
    review = desk.review(call)
    flagged = review.review_flags[0]["evidence"][0]["utterance"]
    desk.amend(call, amend.CorrectText(str(flagged), "And do you like chess?"))
    after = desk.review(call)
    assert len(after.review_flags) == len(review.review_flags) - 1
    assert after.transcript["utterances"][flagged]["corrected"]
    assert desk.search("chess")["hits"] and not desk.search("small kids")["hits"]


def test_another_playbook_coaches_again_without_transcribing(desk: Desk) -> None:
    call = bring_sample(desk)
    desk.coach(call, "recruiting_screen")
    review = desk.review(call)
    assert review.call["kind"] == "recruiting_screen" and review.provenance["playbook"] == "recruiting_screen"
    assert len(review.transcript_versions) == 1
    with pytest.raises(NotFound):
        desk.coach(call, "no_such_playbook")


def test_draft_then_real_words_keeps_correction_name_comment_and_answer(desk: Desk) -> None:
    call = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="draft"))
    draft = desk.review(call)
    assert draft.transcript["draft"]
    wrong = next(u for u in draft.transcript["utterances"] if "friday" in u["text"])
    desk.amend(call, amend.CorrectText(str(wrong["index"]), "Every Friday we lose sixty hours on the weekly report."))
    desk.amend(call, amend.RenameSpeaker("right", "Priya Nair"))
    desk.comment(call, 33_700, "price comes early")
    desk.transcribe(call, "whisper", str(MICRO_MODEL))
    review = desk.review(call)
    assert review.transcript["engine"] == "whisper" and not review.transcript["draft"]
    assert [v["current"] for v in review.transcript_versions] == [0, 1]
    corrected = [u["text"] for u in review.transcript["utterances"] if u["corrected"]]
    assert corrected == ["Every Friday we lose sixty hours on the weekly report."] and review.unfitted == []
    assert "Priya Nair" in [s["name"] for s in review.speakers]
    assert [c["text"] for c in review.comments] == ["price comes early"]
    desk.use_version(call, 1)
    assert desk.review(call).transcript["draft"]


def test_a_correction_that_fits_nowhere_is_listed_and_not_lost(desk: Desk, script) -> None:
    call = bring_micro(desk, script())
    desk.amend(call, amend.CorrectText("3", "Great, cheers for coming round today."))
    other = [
        (c, s, e, "completely different sentences stand here now" if s == 10_410 else t) for c, s, e, t in micro_lines()
    ]
    other = [line for line in other if line[1] != 10_410]
    desk.transcribe(call, "scripted", str(script(other)))
    review = desk.review(call)
    assert [u["new"] for u in review.unfitted] == ["Great, cheers for coming round today."]
    desk.use_version(call, 1)
    assert desk.review(call).unfitted == []


def test_names_of_an_imported_transcript_find_their_channel(desk: Desk, tmp_path: Path) -> None:
    words = tmp_path / "words.vtt"
    cues = "\n".join(f"{_stamp(s)} --> {_stamp(e)}\n<v {('Dan', 'Priya')[c]}>{t}\n" for c, s, e, t in micro_lines())
    words.write_text("WEBVTT\n\n" + cues)
    call = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), transcript=words))
    review = desk.review(call)
    assert {s["name"]: (s["channel"], s["role"]) for s in review.speakers} == {
        "Dan": (0, Role.REP),
        "Priya": (1, Role.OTHER),
    }
    assert number(review, "talk_ratio") is not None
    swapped = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), transcript=words, me="Priya"))
    assert swapped == call
    assert {s["name"]: s["role"] for s in desk.review(call).speakers} == {"Dan": Role.OTHER, "Priya": Role.REP}


def test_a_call_of_words_only_has_grade_c_and_needs_to_know_who_is_me(desk: Desk, tmp_path: Path) -> None:
    words = tmp_path / "call.txt"
    words.write_text(
        "\n".join(
            f"[00:{s // 60_000:02d}:{s // 1000 % 60:02d}] {('Dan', 'Priya')[c]}: {t}" for c, s, e, t in micro_lines()
        )
    )
    call = desk.import_transcript(words, "sales_discovery", "Dan")
    review = desk.review(call)
    assert {m["grade"] for m in review.measurements} == {"C"}
    assert [s["role"] for s in review.speakers if s["name"] == "Dan"] == [Role.REP]
    assert desk.import_transcript(words, "sales_discovery", "Dan") == call
    with pytest.raises(NotFound):
        desk.import_transcript(words, "sales_discovery", "Nobody")


def test_one_file_per_participant_makes_one_call(desk: Desk, tmp_path: Path) -> None:
    from coachdesk.audio.load import Sound

    with Sound(MICRO_CALL / "stereo.opus") as sound:
        samples = np.concatenate(list(sound.blocks()), axis=1)
    for name, channel in (("dan", 0), ("priya", 1)):
        _write_wav(tmp_path / f"{name}.wav", samples[channel])
    whole = desk.review(desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="none")))
    call = desk.bring_in(
        BringIn((tmp_path / "dan.wav", tmp_path / "priya.wav"), tracks=True, engine="none", me="priya")
    )
    review = desk.review(call)
    assert review.recording["layout"] == "track" and len(review.recording["tracks"]) == 2
    assert abs(number(review, "talk_ratio") - (1 - number(whole, "talk_ratio"))) < 0.005
    assert [s["role"] for s in review.speakers] == [Role.OTHER, Role.REP]


def test_silence_noise_and_tones_give_no_words_and_a_plain_sentence(desk: Desk, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    t = np.arange(16_000 * 8) / 16_000
    sounds = {
        "silence": np.zeros_like(t),
        "noise": rng.standard_normal(t.size) * 0.05,
        "tone": 0.3 * np.sin(2 * np.pi * 440 * t),
    }
    for name, samples in sounds.items():
        _write_wav(tmp_path / f"{name}.wav", samples)
        call = desk.bring_in(BringIn((tmp_path / f"{name}.wav",), engine="whisper", model=str(MICRO_MODEL)))
        review = desk.review(call)
        assert review.transcript["utterances"] == [] and "no_speech" in [n["code"] for n in review.notices], name


def test_an_unusable_file_leaves_nothing_behind(desk: Desk, tmp_path: Path, own_home: Path) -> None:
    for name, content in {
        "empty.wav": b"",
        "text.mp3": b"no sound here " * 400,
        "cut.m4a": b"\0\0\0\x18ftypM4A " + b"x" * 999,
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableFile) as refused:
            desk.bring_in(BringIn((tmp_path / name,), engine="none"))
        assert name in refused.value.message and refused.value.hint
    assert desk.calls() == [] and [p for p in (own_home / "media").rglob("*") if p.is_file()] == []


def test_a_failing_engine_keeps_the_numbers(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "model"
    broken.mkdir()
    for file in MICRO_MODEL.iterdir():
        (broken / file.name).write_bytes(file.read_bytes()[:2000])
    with pytest.raises(Exception) as failed:
        desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="whisper", model=str(broken)))
    assert type(failed.value).__name__ == "EngineError"
    (call,) = desk.calls()
    assert number(desk.review(call["id"]), "talk_ratio") == pytest.approx(0.518, abs=0.01)


def test_a_broken_playbook_of_ones_own_is_told_and_left_out(desk: Desk, own_home: Path) -> None:
    (own_home / "playbooks" / "mine.toml").write_text("this is no playbook")
    heard: list[object] = []
    desk.subscribe(heard.append)
    assert {"sales_discovery", "recruiting_screen", "general"} <= {playbook.id for playbook in desk.playbooks()}
    assert [getattr(event, "code", "") for event in heard] == ["playbook_left_out"]


def test_results_are_the_playbooks_words(desk: Desk) -> None:
    call = bring_sample(desk)
    desk.set_result(call, "advanced")
    assert desk.calls()[0]["result"] == "advanced"
    with pytest.raises(InputError) as refused:
        desk.set_result(call, "perhaps")
    assert "advanced" in refused.value.hint
    case = desk.case_id("Kestrow Heating and Cooling")
    desk.change_case(SetCaseResult(case, "won", "2026-11-01"))
    assert desk.case(case)["result"] == "won"
    with pytest.raises(InputError) as refused:
        desk.change_case(SetCaseResult(case, "perhaps", "2026-11-01"))
    assert "won" in refused.value.hint


def test_a_fact_set_right_is_not_said_again(desk: Desk) -> None:
    call = bring_sample(desk)
    desk.amend(call, amend.CorrectFact("REC-01", "present", 2_000))
    desk.amend(call, amend.CorrectFact("SEN-01", "absent"))
    review = desk.review(call)
    assert review.review_flags == [] and "SEN-01" not in [s["rule"] for s in review.suggestions]
    assert any(h["tracker"] == "recording_notice" for h in review.tracker_hits)


def test_consent_is_a_list_and_shows_its_last_entry(desk: Desk) -> None:
    call = bring_sample(desk)
    desk.amend(call, amend.NoteConsent("noted", "said aloud"))
    assert desk.review(call).call["consent"]["status"] == "noted"
    assert desk.review(call).review_flags == [], "a noted consent answers the missing notice"
    desk.amend(call, amend.NoteConsent("withdrawn"))
    assert desk.review(call).call["consent"]["status"] == "withdrawn"


def test_every_change_is_in_the_calls_sidecar(desk: Desk, own_home: Path) -> None:
    import gzip
    import json

    call = bring_sample(desk)
    desk.comment(call, 1_000, "remember this")
    document = json.loads(gzip.decompress((own_home / "calls" / f"{call}.json.gz").read_bytes()))
    assert document["format"] == "coachdesk.call/1"
    assert "remember this" in str(document["tables"]["event"]) and len(document["tables"]["utterance"]) > 40


def test_exports_carry_the_words(desk: Desk) -> None:
    call = bring_sample(desk)
    for kind in ("txt", "md", "srt", "vtt", "csv", "json"):
        assert b"paperwork" in desk.export(call, kind), kind


def test_the_review_document_has_every_agreed_key(desk: Desk) -> None:
    document = plain(desk.review(bring_sample(desk)))
    assert document["format"] == "coachdesk.review/1"
    agreed = (
        "call recording speakers transcript turns measurements wording tracker_hits praise suggestions review_flags"
    )
    assert set(agreed.split()) | {"scorecards", "brief", "comments", "provenance"} <= set(document)
    assert {
        "id",
        "title",
        "kind",
        "started_at",
        "duration_ms",
        "source",
        "result",
        "rep",
        "case",
        "consent",
        "tags",
    } == set(document["call"])
    assert {"metric", "subject", "value", "unit", "grade", "basis", "withheld", "moments"} <= set(
        document["measurements"][0]
    )
    assert {"id", "rule", "title", "advice", "try_saying", "priority", "evidence", "source"} <= set(
        document["suggestions"][0]
    )
    assert {"program", "engine", "model", "definitions", "playbook", "playbook_version", "finished_at"} == set(
        document["provenance"]
    )


def _stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def _write_wav(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
