"""Who speaks, set right: at once, undoable, through another transcript version; on one channel and on two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk import amend, spoken
from coachdesk.desk.desk import BringIn, Desk
from coachdesk.errors import InputError, NotFound
from coachdesk.history import words
from coachdesk.history.events import Event
from coachdesk.model import Role, Utterance, Word
from coachdesk.spans import Span
from tests.audio.sounds import call as samples_of
from tests.conftest import MICRO_CALL
from tests.desk.conftest import bring_micro, bring_words, document, micro_lines, tell_voices
from tests.desk.test_desk import _write_wav

Document = dict[str, Any]
# two voices on one channel; one line was taken for the wrong one
TOLD = [(n in (0, 1, 3, 5, 8, 10, 12, 14), start, end, text) for n, (_, start, end, text) in enumerate(micro_lines())]
LINES = [(0, 41_250 if start == 40_750 else start, end, text) for _, start, end, text in TOLD]
WRONG, CUT = 8, 7
VOICES = [(start, end, 1 if TOLD[n][0] and n != WRONG else 2) for n, (_, start, end, _) in enumerate(LINES)]
LABELS = [str(voice) for _, _, voice in VOICES]
RIGHT = ["1" if n == WRONG else label for n, label in enumerate(LABELS)]


def share_of(voices: list[tuple[int, int, int]]) -> float:
    own = sum(end - start for start, end, voice in voices if voice == 1)
    return own / sum(end - start for start, end, _ in voices)


BEFORE = share_of(VOICES)
AFTER = share_of([(start, end, 1 if n == WRONG else voice) for n, (start, end, voice) in enumerate(VOICES)])


def share(found: Document) -> float:
    return next(m["value"] for m in found["measurements"] if m["metric"] == "talk_ratio")


def spoken_by(found: Document) -> list[str]:
    return [u["speaker"] for u in found["transcript"]["utterances"]]


def texts(found: Document) -> list[str]:
    return [u["text"] for u in found["transcript"]["utterances"]]


def bring_mixed(desk: Desk, folder: Path, script: Path) -> str:
    """The micro call on one channel, the first voice the own one, one line with the wrong voice."""
    _write_wav(folder / "mono.wav", samples_of(MICRO_CALL / "stereo.opus").mean(axis=0))
    call = desk.bring_in(BringIn((folder / "mono.wav",), engine="none"))
    tell_voices(desk, call, VOICES)
    desk.amend(call, amend.SetRole("1", Role.REP))
    desk.transcribe(call, "scripted", str(script))
    return call


@pytest.fixture
def mixed(desk: Desk, script: Callable[..., Path], tmp_path: Path) -> str:
    call = bring_mixed(desk, tmp_path, script(LINES))
    assert spoken_by(document(desk, call)) == LABELS
    return call


class TestOneChannel:
    def test_a_line_given_to_somebody_else_changes_the_numbers_and_comes_back(self, desk: Desk, mixed: str) -> None:
        before = document(desk, mixed)
        assert share(before) == pytest.approx(BEFORE, abs=0.001)
        undo = desk.amend(mixed, amend.Reassign((str(WRONG),), "rep"))
        found = document(desk, mixed)
        assert spoken_by(found) == RIGHT and texts(found) == texts(before)
        assert share(found) == pytest.approx(AFTER, abs=0.001) and AFTER > BEFORE + 0.05
        assert (LINES[WRONG][1], LINES[WRONG][2]) in desk.lanes(mixed)[0].runs
        again = desk.amend(mixed, undo)
        assert document(desk, mixed) == before
        desk.amend(mixed, again)
        assert document(desk, mixed) == found

    def test_it_survives_another_version_cut_differently(
        self, desk: Desk, mixed: str, script: Callable[..., Path]
    ) -> None:
        desk.amend(mixed, amend.Reassign((str(WRONG),), "1"))
        other = (0, 27_600, 30_200, "basically we make that go away")
        desk.transcribe(mixed, "scripted", str(script([*LINES[:WRONG], other, *LINES[WRONG + 1 :]])))
        found = document(desk, mixed)
        assert spoken_by(found) == RIGHT and texts(found)[WRONG] == other[3] and found["unfitted"] == []
        assert share(found) == pytest.approx(AFTER, abs=0.001)
        desk.use_version(mixed, 1)
        assert spoken_by(document(desk, mixed)) == RIGHT

    def test_what_nobody_says_any_more_is_listed(self, desk: Desk, mixed: str, script: Callable[..., Path]) -> None:
        desk.amend(mixed, amend.Reassign((str(WRONG),), "1"))
        desk.transcribe(mixed, "scripted", str(script([*LINES[:WRONG], *LINES[WRONG + 1 :]])))
        (left,) = document(desk, mixed)["unfitted"]
        assert (left["old"], left["new"]) == (LINES[WRONG][3], "1")
        assert left["start_ms"] == pytest.approx(LINES[WRONG][1], abs=100)

    def test_a_cut_gives_the_second_part_to_somebody_else(self, desk: Desk, mixed: str) -> None:
        before = document(desk, mixed)
        undo = desk.amend(mixed, amend.SplitUtterance(str(CUT), 6, "1", LINES[CUT][3]))
        found = document(desk, mixed)
        assert texts(found)[CUT : CUT + 2] == ["Every Friday we lose six hours", "on the weekly report."]
        assert spoken_by(found)[CUT : CUT + 2] == ["2", "1"] and share(found) > share(before)
        assert words.search_is_sound(desk._store)
        (hit,) = desk.search("weekly report", "rep")["hits"]
        assert hit["start_ms"] == found["transcript"]["utterances"][CUT + 1]["start_ms"]
        desk.amend(mixed, undo)
        assert document(desk, mixed) == before and words.search_is_sound(desk._store)

    def test_words_of_a_part_are_corrected_and_stay_when_it_is_whole_again(self, desk: Desk, mixed: str) -> None:
        undo = desk.amend(mixed, amend.SplitUtterance(str(CUT), 6, "1"))
        desk.amend(mixed, amend.CorrectText(str(CUT + 1), "on the monthly report."))
        assert texts(document(desk, mixed))[CUT + 1] == "on the monthly report."
        desk.amend(mixed, undo)
        assert texts(document(desk, mixed))[CUT] == "Every Friday we lose six hours on the monthly report."

    def test_a_cut_after_a_correction_cuts_the_corrected_words(self, desk: Desk, mixed: str) -> None:
        desk.amend(mixed, amend.CorrectText(str(CUT), "Every Friday we lose sixty good hours on the report."))
        desk.amend(mixed, amend.SplitUtterance(str(CUT), 7, "1"))
        found = document(desk, mixed)
        assert texts(found)[CUT : CUT + 2] == ["Every Friday we lose sixty good hours", "on the report."]
        assert [u["corrected"] for u in found["transcript"]["utterances"]][CUT : CUT + 2] == [True, True]

    def test_two_labels_that_are_one_person(self, desk: Desk, mixed: str, script: Callable[..., Path]) -> None:
        before = document(desk, mixed)
        undo = desk.amend(mixed, amend.MergeSpeakers("2", "1"))
        found = document(desk, mixed)
        assert [s["label"] for s in found["speakers"]] == ["1"] and set(spoken_by(found)) == {"1"}
        desk.transcribe(mixed, "scripted", str(script(LINES[:9])))
        assert set(spoken_by(document(desk, mixed))) == {"1"} and share(document(desk, mixed)) == 1.0
        desk.use_version(mixed, 1)
        desk.amend(mixed, undo)
        after = document(desk, mixed)
        assert after["speakers"] == before["speakers"] and spoken_by(after) == spoken_by(before)

    def test_somebody_new_has_a_label_a_side_and_what_they_say(self, desk: Desk, mixed: str) -> None:
        before = document(desk, mixed)
        undo = desk.amend(mixed, amend.NewSpeaker("Lee", ("2",)))
        found = document(desk, mixed)
        new = next(s for s in found["speakers"] if s["name"] == "Lee")
        assert new["role"] == "other" and spoken_by(found)[2] == new["label"] == "person-1"
        assert share(found) == share(before) and [lane.name for lane in desk.lanes(mixed)] == ["", "", "Lee"]
        desk.amend(mixed, amend.Reassign(("4",), "Lee"))
        assert spoken_by(document(desk, mixed))[:5] == ["1", "1", "person-1", "1", "person-1"]
        desk.amend(mixed, undo)
        left = document(desk, mixed)
        assert spoken_by(left) == LABELS and left["speakers"] == before["speakers"]
        assert [u["new"] for u in left["unfitted"]] == ["person-1"]  # what was given to Lee later has nobody to go to

    def test_what_cannot_be_is_refused_and_changes_nothing(self, desk: Desk, mixed: str) -> None:
        before = document(desk, mixed)
        for change, kind in (
            (amend.Reassign(("99",), "1"), NotFound),
            (amend.Reassign(("2",), "Nobody"), NotFound),
            (amend.Reassign(("2",), "1", "other words"), NotFound),
            (amend.Reassign((), "1"), InputError),
            (amend.SplitUtterance("2", 0, "1"), InputError),
            (amend.SplitUtterance("2", 9, "1"), InputError),
            (amend.MergeSpeakers("2", "2"), InputError),
            (amend.NewSpeaker(" ", ("2",)), InputError),
        ):
            with pytest.raises(kind):
                desk.amend(mixed, change)
        assert document(desk, mixed) == before

    def test_a_channel_of_nobody_gets_people_by_hand(self, desk: Desk, mixed: str, script: Callable[..., Path]) -> None:
        tell_voices(desk, mixed, VOICES, confidence=0.2)
        desk.transcribe(mixed, "scripted", str(script([*LINES[:-1], (*LINES[-1][:3], "Yes.")])))
        assert set(spoken_by(document(desk, mixed))) == {"unknown"}
        desk.amend(mixed, amend.SplitUtterance("11", 10))
        mine = tuple(str(n) for n, label in enumerate(RIGHT) if label == "1")
        theirs = tuple(str(n) for n, label in enumerate(RIGHT) if label == "2")
        desk.amend(mixed, amend.NewSpeaker("", mine, Role.REP))
        desk.amend(mixed, amend.NewSpeaker("", theirs, Role.OTHER))
        found = document(desk, mixed)
        assert spoken_by(found) == ["person-1" if label == "1" else "person-2" for label in RIGHT]
        assert share(found) == pytest.approx(AFTER, abs=0.02)


class TestTwoChannels:
    def test_people_on_one_channel_share_it_and_the_sides_numbers_stay(
        self, desk: Desk, script: Callable[..., Path]
    ) -> None:
        call = bring_micro(desk, script())
        before = document(desk, call)
        mine = [n for n, speaker in enumerate(spoken_by(before)) if speaker == "right"]
        undo = desk.amend(call, amend.NewSpeaker("Kim", (str(mine[1]),)))
        found = document(desk, call)
        new = next(s for s in found["speakers"] if s["name"] == "Kim")
        assert (new["label"], new["role"], new["channel"]) == ("right-2", "other", 1)
        assert spoken_by(found)[mine[1]] == "right-2" and share(found) == share(before)
        assert [lane.label for lane in desk.lanes(call)] == ["left", "right"]
        turns = {t["speaker"] for t in found["turns"]}
        assert turns == {"left", "right", "right-2"}
        desk.amend(call, amend.MergeSpeakers("right-2", "right"))
        assert spoken_by(document(desk, call)) == spoken_by(before)
        with pytest.raises(InputError):
            desk.amend(call, amend.MergeSpeakers("left", "right"))
        desk.amend(call, undo)
        assert spoken_by(document(desk, call)) == spoken_by(before)

    def test_a_line_cut_while_the_other_side_speaks_stays_in_order_of_time(
        self, desk: Desk, script: Callable[..., Path]
    ) -> None:
        lines = [(0, 400, 6_000, "one two three four five six seven eight"), (1, 7_140, 9_000, "yes")]
        call = bring_micro(desk, script([lines[0], (0, 20_000, 26_000, "more"), lines[1]]))
        desk.amend(call, amend.SplitUtterance("0", 4, ""))
        starts = [u["start_ms"] for u in document(desk, call)["transcript"]["utterances"]]
        assert starts == sorted(starts) and len(starts) >= 3


def test_words_without_sound_are_given_to_others_too(desk: Desk, tmp_path: Path) -> None:
    call = bring_words(desk, tmp_path, "first")
    before = document(desk, call)
    desk.amend(call, amend.Reassign(("0", "1"), "Priya"))
    found = document(desk, call)
    assert len(set(spoken_by(found)[:2])) == 1 and share(found) < share(before)


# --- the voices


def act(kind: str, **body: Any) -> Event:
    return Event("e", "me", 1, "", kind, "call", body)


def test_crumbs_beside_a_stretch_go_with_it_and_long_rests_stay() -> None:
    heard = [(Span(0, 3_000), "1"), (Span(3_000, 9_000), "2")]
    given = act("spoken", speaker="1", spans=[{"channel": None, "start_ms": 3_200, "end_ms": 6_000}])
    assert spoken.relabelled(heard, [given]) == [
        (Span(0, 3_000), "1"),
        (Span(3_000, 6_000), "1"),
        (Span(6_000, 9_000), "2"),
    ]


def test_a_cut_is_found_by_its_words_where_times_moved() -> None:
    later = tuple(
        Word(n * 1_000 + 700, n * 1_000 + 1_400, text, 0.9) for n, text in enumerate(["a", "b", "c", "d", "e"])
    )
    whole = Utterance("x", "1", None, 700, 5_400, "a b c d e", words=later)
    body = {"channel": None, "utterance": "gone", "at_ms": 3_000, "start_ms": 0, "end_ms": 5_000, "rest": "d e"}
    laid = spoken.lay([act("split", speaker="2", **body)], (whole,), frozenset({"1", "2"}))
    assert [(p.said.text, p.said.speaker) for p in laid.pieces] == [("a b c", "1"), ("d e", "2")]
