"""Parts of one call as one: sound, words, corrections and remarks at their places; nothing is lost, and it can be undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coachdesk.audio.load import read_span
from coachdesk.desk import amend
from coachdesk.desk.amend_reviewing import Said
from coachdesk.desk.desk import BringIn, Desk
from coachdesk.document import plain
from coachdesk.errors import InputError
from coachdesk.history import calls
from tests.audio.sounds import write
from tests.conftest import MICRO_CALL
from tests.desk.conftest import bring_words, micro_lines

CUT_MS = 26_900  # between two sentences
BEGAN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def halves(tmp_path_factory) -> tuple[Path, Path, Path]:
    """The micro call, its first and its second half; the second is there the other way round as well."""
    folder = tmp_path_factory.mktemp("halves")
    first = read_span(MICRO_CALL / "stereo.opus", 0, CUT_MS)
    second = read_span(MICRO_CALL / "stereo.opus", CUT_MS, 40_000)
    return (
        write(folder / "first.flac", first, 16_000, "flac"),
        write(folder / "second.flac", second, 16_000, "flac"),
        write(folder / "turned.flac", np.ascontiguousarray(second[::-1]), 16_000, "flac"),
    )


def part(desk: Desk, script, sound: Path, nth: int, turned: bool = False, **options: Any) -> str:
    lines = [
        (1 - c if turned else c, s - nth * CUT_MS, e - nth * CUT_MS, t)
        for c, s, e, t in micro_lines()
        if (s >= CUT_MS) == bool(nth)
    ]
    wanted = BringIn(
        (sound,), engine="scripted", model=str(script(lines)), me="right" if turned else "left",
        started_at=BEGAN + timedelta(minutes=10 * nth), title=f"Part {nth}", **options,
    )  # fmt: skip
    return desk.bring_in(wanted)


def texts(doc: dict[str, Any]) -> list[tuple[str, str]]:
    return [(u["speaker"], u["text"]) for u in doc["transcript"]["utterances"]]


def number(doc: dict[str, Any], metric: str) -> float:
    return next(float(m["value"]) for m in doc["measurements"] if m["metric"] == metric)


def whole(desk: Desk, script) -> dict[str, Any]:
    call = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="scripted", model=str(script())))
    found: dict[str, Any] = plain(desk.review(call))
    desk.delete(call)
    return found


@pytest.mark.parametrize("turned", [False, True], ids=["the same way round", "the other way round"])
def test_two_halves_are_the_whole_call_again(desk: Desk, script, halves, turned: bool) -> None:
    expected = whole(desk, script)
    second = part(desk, script, halves[2 if turned else 1], 1, turned)
    first = part(desk, script, halves[0], 0, account="Birch Lane", consent="spoken")
    desk.amend(second, amend.CorrectText("1", "A sentence of my own."))
    early = desk.comment(first, 3_000, "early")
    desk.comment(second, 2_000, "late")
    desk.comment(first, 0, "indeed", reply_to=early)
    desk.score(second, "conversation", Said({"plan": "no"}, {}, {"plan": 2_000}))
    corrected = plain(desk.review(second))["transcript"]["utterances"][1]
    question = desk.review(second).guide["questions"][0]["id"]
    desk.amend(second, amend.SetPosition("Planner"))
    desk.amend(second, amend.SayAsked(question, True, 2_000))
    desk.amend(first, amend.SetBriefFact("timing", "Before October"))
    call = desk.join([second, first])
    doc = plain(desk.review(call))
    assert doc["guide"]["position"] == "Planner"
    assert doc["guide"]["questions"][0]["state"] == "told"
    assert doc["guide"]["questions"][0]["asked"]["start_ms"] >= CUT_MS - 5_000
    assert next(s["typed"] for s in doc["brief"]["slots"] if s["id"] == "timing") == "Before October"
    assert abs(doc["call"]["duration_ms"] - expected["call"]["duration_ms"]) < 50
    assert doc["recording"]["layout"] == "two_sides"
    assert [(s["label"], s["role"]) for s in doc["speakers"]] == [("left", "rep"), ("right", "other")]
    corrected_at = [u["corrected"] for u in doc["transcript"]["utterances"]]
    was, now = texts(expected), texts(doc)
    assert [speaker for speaker, _ in now] == [speaker for speaker, _ in was]
    assert [b == a or mended for a, b, mended in zip(was, now, corrected_at, strict=True)] == [True] * len(was)
    again = next(u for u in doc["transcript"]["utterances"] if u["corrected"])
    assert again["text"] == "A sentence of my own." and again["start_ms"] == corrected["start_ms"] + CUT_MS
    assert [(c["start_ms"], c["text"]) for c in doc["comments"]] == [
        (3_000, "early"),
        (3_000, "indeed"),
        (CUT_MS + 2_000, "late"),
    ]
    assert doc["comments"][1]["reply_to"] == doc["comments"][0]["id"]
    (scored,) = [card["entries"] for card in doc["scorecards"] if card["card"] == "conversation"]
    assert scored[0]["answers"]["plan"]["moment"]["start_ms"] == CUT_MS + 2_000
    assert doc["call"]["consent"]["status"] == "noted" and doc["call"]["case"] == "Birch Lane"
    assert abs(number(doc, "talk_ratio") - number(expected, "talk_ratio")) < 0.02
    assert [(n["code"], n["params"]["start_ms"]) for n in doc["notices"] if n["code"] == "joined"] == [
        ("joined", CUT_MS)
    ]
    assert [row["id"] for row in desk.calls()] == [call] and {row["id"] for row in desk.bin()} == {first, second}
    assert doc["call"]["started_at"].startswith("2026-11-24T10:00")
    assert desk.search("of my own")["total"] == 1


@pytest.mark.parametrize("turned", [False, True], ids=["the same way round", "the other way round"])
def test_who_speaks_stays_as_it_was_set_right(desk: Desk, script, halves, turned: bool) -> None:
    first, second = part(desk, script, halves[0], 0), part(desk, script, halves[2 if turned else 1], 1, turned)
    desk.amend(second, amend.NewSpeaker("Kim", ("1",)))
    desk.amend(second, amend.SplitUtterance("2", 3))
    expected = [*texts(plain(desk.review(first))), *texts(plain(desk.review(second)))]
    call = desk.join([first, second])
    doc = plain(desk.review(call))
    assert [text for _, text in texts(doc)] == [text for _, text in expected] and doc["unfitted"] == []
    (kims,) = [(speaker, text) for speaker, text in texts(doc) if speaker.endswith("-2")]
    assert kims == ("right-2", next(text for speaker, text in expected if speaker.endswith("-2")))
    desk.transcribe(call, "scripted", str(script()))
    assert kims in texts(plain(desk.review(call)))


def test_the_sound_is_that_of_the_parts(desk: Desk, script, halves) -> None:
    call = desk.join([part(desk, script, halves[0], 0), part(desk, script, halves[1], 1)])
    media = desk.home.media / desk._store.rows("SELECT media FROM recording WHERE call_id = ?", (call,))[0]["media"]
    for at_ms in (5_000, CUT_MS + 5_000):
        made, was = (read_span(path, at_ms, 4_000) for path in (media, MICRO_CALL / "stereo.opus"))
        for lane in (0, 1):
            if np.abs(was[lane]).max() > 0.05:
                assert np.corrcoef(made[lane], was[lane])[0, 1] > 0.95


def test_it_can_be_undone(desk: Desk, script, halves) -> None:
    found = [part(desk, script, halves[0], 0), part(desk, script, halves[1], 1)]
    before = [plain(desk.review(one))["transcript"] for one in found]
    desk.put_in_bin(desk.join(found))
    for one in found:
        desk.take_from_bin(one)
    assert {row["id"] for row in desk.calls()} == set(found)
    assert [plain(desk.review(one))["transcript"] for one in found] == before


def test_a_goal_that_was_ended_on_another_call_stays_so(desk: Desk, script, halves) -> None:
    parts = [part(desk, script, halves[nth], nth) for nth in (0, 1)]
    desk.respond(parts[0], "NXT-02", "accept")
    (before,) = desk.goals()
    other = part(desk, script, halves[0], 0)
    desk.respond(other, "NXT-02", "done")
    call = desk.join(parts)
    (found,) = desk.goals()
    assert (found["state"], found["call"], found["since"]) == ("done", call, before["since"])


def test_the_whole_came_in_when_the_last_part_did(desk: Desk, script, halves) -> None:
    parts = [part(desk, script, halves[nth], nth) for nth in (0, 1)]
    for nth, call in enumerate(parts):
        with desk._store.write():
            calls.change(desk._store, call, created_at=f"2026-11-2{5 + nth}T10:00:00+00:00")
    whole = desk.join(parts)
    assert desk._store.column("SELECT created_at FROM call WHERE id = ?", (whole,)) == ["2026-11-26T10:00:00+00:00"]


def test_a_part_without_words_leaves_the_whole_without(desk: Desk, script, halves) -> None:
    first = part(desk, script, halves[0], 0)
    second = desk.bring_in(BringIn((halves[1],), engine="none", started_at=BEGAN + timedelta(hours=1)))
    doc = plain(desk.review(desk.join([first, second])))
    assert doc["transcript"]["engine"] == "none" and number(doc, "talk_ratio") > 0


def test_with_one_mixed_part_all_is_mixed(desk: Desk, script, halves) -> None:
    first = part(desk, script, halves[0], 0)
    second = part(desk, script, halves[1], 1, layout="mixed")
    doc = plain(desk.review(desk.join([first, second])))
    assert doc["recording"]["layout"] == "mixed" and {s["role"] for s in doc["speakers"]} == {"unknown"}
    assert {u["speaker"] for u in doc["transcript"]["utterances"]} == {"unknown"}


def test_what_cannot_be_joined_is_said_and_changes_nothing(desk: Desk, script, halves, tmp_path: Path) -> None:
    first, typed = part(desk, script, halves[0], 0), bring_words(desk, tmp_path, "typed")
    for wanted in ([first], [first, first], [first, typed]):
        with pytest.raises(InputError):
            desk.join(wanted)
    assert len(desk.calls()) == 2
