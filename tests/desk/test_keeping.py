"""A recording becomes a call with all that its journal holds, once, and also when something goes wrong on the way."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coachdesk import sentences
from coachdesk.audio.load import read_span
from coachdesk.audio.recording import journal
from coachdesk.cli import screens
from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.document import plain
from coachdesk.errors import InputError, ModelMissing, NotFound
from coachdesk.history import events, results
from tests.audio.sounds import write
from tests.conftest import MICRO_CALL
from tests.desk.conftest import micro_lines

CALL = MICRO_CALL / "stereo.opus"
STARTED = journal.Started(
    "r1", "r1.opus", "2026-11-24T10:00:00.000+00:00", 1.0, "two_sides", 1, "pulse:mic", "Headset", "pulse:out", "Speakers"
)  # fmt: skip
ENDED = journal.Ended("stopped", 0, "2026-11-24T10:01:00.000+00:00")


def lay(desk: Desk, *found: journal.Event, sound: Path | None = CALL, name: str = "r1") -> Path:
    """A recording as a recorder leaves it."""
    desk.home.recordings.mkdir(parents=True, exist_ok=True)
    path = desk.home.recordings / f"{name}.opus"
    if sound is not None:
        shutil.copyfile(sound, path)
    kept = journal.Journal(path.with_suffix(".journal"))
    for event in (STARTED, *found, ENDED):
        kept.add(event)
    kept.close()
    return path


def keep(desk: Desk, **wanted: Any) -> dict[str, Any]:
    found: dict[str, Any] = plain(desk.review(desk.keep_recording("r1", BringIn((), engine="none", **wanted))))
    return found


def left(desk: Desk) -> list[Path]:
    return sorted(desk.home.recordings.iterdir())


class TestWhatWasNoted:
    def test_it_is_all_on_the_call_at_its_moment(self, desk: Desk) -> None:
        lay(
            desk,
            journal.Described(0, "Not this", "", ""),
            journal.Noted(4_000, "price came up"),
            journal.Bookmarked(6_000),
            journal.Bookmarked(7_000, "listen again"),
            journal.Ticked(8_000, "practical", True),
            journal.Ticked(9_000, "example", True),
            journal.Ticked(9_500, "example", False),
            journal.Consented(2_000, "noted", "spoken"),
            journal.Described(9_000, "Second talk", "Birch Lane", "recruiting_screen"),
        )
        doc = keep(desk)
        assert (doc["call"]["title"], doc["call"]["case"], doc["call"]["kind"]) == (
            "Second talk", "Birch Lane", "recruiting_screen",
        )  # fmt: skip
        assert [(c["start_ms"], c["what"], c["question"], c["text"]) for c in doc["comments"]] == [
            (4_000, "", "", "price came up"),
            (6_000, "mark", "", ""),
            (7_000, "mark", "", "listen again"),
            (8_000, "asked", "practical", ""),
        ]
        assert doc["call"]["consent"] == {"status": "noted", "basis": "spoken", "moment_ms": 2_000}
        assert doc["call"]["source"] == "recorded" and doc["call"]["started_at"].startswith("2026-11-24T10:00")
        page = screens.review(doc)
        assert "Asked: Which pay range" in page and "Marked while recording" in page and "listen again" in page
        assert left(desk) == []

    def test_what_the_person_says_when_keeping_goes_first(self, desk: Desk) -> None:
        lay(desk, journal.Described(0, "A", "B", "recruiting_screen"))
        doc = keep(desk, title="C", account="D", playbook="sales_discovery")
        assert (doc["call"]["title"], doc["call"]["case"], doc["call"]["kind"]) == ("C", "D", "sales_discovery")

    def test_a_playbook_that_is_gone_loses_nothing(self, desk: Desk) -> None:
        lay(desk, journal.Described(0, "A", "", "no_such_playbook"), journal.Noted(10, "kept"))
        doc = keep(desk)
        assert doc["call"]["kind"] == "sales_discovery" and [c["text"] for c in doc["comments"]] == ["kept"]

    def test_devices_offset_drift_and_gaps_are_kept_and_long_gaps_are_said(self, desk: Desk) -> None:
        lay(
            desk,
            journal.Aligned(1_000, 12.5, None),
            journal.Aligned(60_000, 12.5, 180.0),
            journal.GapMarked(10_000, 18_000, "device_gone", "system", 8_000),
            journal.GapMarked(20_000, 20_300, "lost", "mic", 300),
            journal.GapMarked(30_000, 30_000, "paused", "both", 40_000),
            journal.GapMarked(31_000, 31_000, "clock", "both", 5_000),
            journal.Switched(18_000, "system", "pulse:other"),
        )
        doc = keep(desk)
        said = [sentences.notice(n["code"], n["params"]) for n in doc["notices"] if n["code"].startswith("gap_")]
        assert said == [
            "From 0:10 to 0:18 nothing could be recorded from them: the device was gone.",
            "At 0:30 the recording was paused for 0:40.",
        ]
        (kept,) = events.of_call(desk._store, doc["call"]["id"], "recorded")
        assert (kept.body["offset_ms"], kept.body["ppm"]) == (12.5, 180.0)
        assert kept.body["devices"]["system"] == {"id": "pulse:out", "name": "Speakers"}
        assert len(kept.body["gaps"]) == 4 and kept.body["others"][0]["device"] == "pulse:other"

    def test_every_reason_of_a_gap_has_its_sentence(self) -> None:
        reasons = (journal.GapMarked.__doc__ or "").split("`why`: ")[1].split("`side`")[0]
        for why in (
            "device_gone",
            "server_gone",
            "refused",
            "unreadable",
            "default_changed",
            "lost",
            "paused",
            "sleep",
        ):
            assert why in reasons and f"gap_{why}" in sentences.NOTICES

    def test_a_refusal_without_a_known_state_does_not_cost_the_call(self, desk: Desk) -> None:
        lay(desk, journal.Consented(1, "maybe", ""))
        assert keep(desk)["call"]["consent"]["status"] == "unknown"


@pytest.fixture(scope="module")
def silent_at_last(tmp_path_factory) -> Path:
    """Twenty seconds of the call, and fifteen in which nobody speaks."""
    sound = np.pad(read_span(CALL, 0, 20_000), ((0, 0), (0, 15 * 16_000)))
    return write(tmp_path_factory.mktemp("sound") / "silent.opus", sound, 16_000, "libopus")


class TestItsEnd:
    def test_a_silent_tail_is_in_no_number_and_stays_in_the_file(self, desk: Desk, silent_at_last: Path) -> None:
        lay(desk, journal.TailMarked(22_000), journal.Noted(30_000, "afterwards"), sound=silent_at_last)
        doc = keep(desk)
        assert doc["call"]["duration_ms"] == 22_000 < doc["recording"]["tracks"][0]["duration_ms"]
        assert [c["start_ms"] for c in doc["comments"]] == [22_000]
        moments = [m["end_ms"] for n in doc["measurements"] for m in n["moments"]]
        assert max(moments) <= 22_000

    def test_a_tail_never_cuts_what_was_said(self, desk: Desk, silent_at_last: Path) -> None:
        lay(desk, journal.TailMarked(5_000), sound=silent_at_last)
        doc = keep(desk)
        assert doc["call"]["duration_ms"] == max(t["end_ms"] for t in doc["turns"]) > 15_000


@pytest.fixture(scope="module")
def one_sided(tmp_path_factory) -> Path:
    """Two channels, the second without a sound."""
    sound = read_span(CALL, 0, 20_000)
    sound[1] = 0
    return write(tmp_path_factory.mktemp("sound") / "one.opus", sound, 16_000, "libopus")


class TestLayout:
    def test_a_side_that_never_speaks_is_still_a_side(self, desk: Desk, one_sided: Path) -> None:
        lay(desk, sound=one_sided)
        doc = keep(desk)
        assert doc["recording"]["layout"] == "two_sides"
        assert [(s["label"], s["role"]) for s in doc["speakers"]] == [("left", "rep"), ("right", "other")]
        assert "silent_channel" not in [n["code"] for n in doc["notices"]]

    def test_the_same_file_imported_is_not_told_apart(self, desk: Desk, one_sided: Path) -> None:
        found = desk.review(desk.bring_in(BringIn((one_sided,), engine="none")))
        assert found.recording["layout"] == "mixed"

    def test_phone_on_speaker_is_the_microphones_channel_alone(self, desk: Desk, script) -> None:
        lay(desk, journal.LaidOut(3_000, "mixed"))
        call = desk.keep_recording("r1", BringIn((), engine="scripted", model=str(script())))
        doc = plain(desk.review(call))
        assert doc["recording"]["layout"] == "mixed" and [s["role"] for s in doc["speakers"]] == ["unknown"]
        own = {text for channel, _, _, text in micro_lines() if channel == 0}
        assert {u["text"] for u in doc["transcript"]["utterances"]} <= own
        assert len(desk.lanes(call)) == 1

    def test_back_again(self, desk: Desk) -> None:
        lay(desk, journal.LaidOut(3_000, "mixed"), journal.LaidOut(4_000, "two_sides"))
        assert keep(desk)["recording"]["layout"] == "two_sides"


class TestInterrupted:
    def test_the_notes_are_there_once_however_often_it_is_kept(self, desk: Desk) -> None:
        path = lay(desk, journal.Noted(4_000, "once"), journal.Consented(1, "noted", "spoken"))
        data, lines = path.read_bytes(), path.with_suffix(".journal").read_bytes()
        first = keep(desk)
        path.write_bytes(data)  # as if the window had died before it was cleared
        path.with_suffix(".journal").write_bytes(lines)
        assert [one.id for one in desk.cut_off()] == ["r1"]
        again = keep(desk)
        assert first["call"]["id"] == again["call"]["id"] and len(desk.calls()) == 1
        assert [c["text"] for c in again["comments"]] == ["once"]
        assert desk.cut_off() == [] and left(desk) == []

    def test_an_engine_that_fails_costs_the_words_only(self, desk: Desk, tmp_path: Path) -> None:
        lay(desk, journal.Noted(4_000, "kept"))
        with pytest.raises(ModelMissing):
            desk.keep_recording("r1", BringIn((), engine="scripted", model=str(tmp_path / "gone.json")))
        (row,) = desk.calls()
        assert [c["text"] for c in desk.review(row["id"]).comments] == ["kept"]
        assert left(desk) == []

    def test_sealed_but_never_kept_is_offered(self, desk: Desk) -> None:
        lay(desk)
        (one,) = desk.cut_off()
        assert one.id == "r1" and one.duration_ms > 30_000 and not one.erased

    def test_what_another_desk_is_keeping_right_now_is_not(self, desk: Desk, own_home: Path) -> None:
        lay(desk)
        job = results.add_job(desk._store, "keep", desk._owner.id, {"recording": "r1"})
        with open_desk(str(own_home)) as other:
            assert other.cut_off() == []
        results.end_job(desk._store, job, "done")
        assert len(desk.cut_off()) == 1


class TestRefused:
    def test_the_notes_and_the_refusal_stay_and_nothing_else(self, desk: Desk) -> None:
        lay(
            desk,
            journal.Noted(2_000, "call back in May"),
            journal.Consented(9_000, "refused", "said no"),
            journal.Ended("erased", 0, "2026-11-24T10:00:09.000+00:00"),
            sound=None,
        )
        path = desk.home.recordings / "r1.words"
        path.write_text('{"params":"x"}\n')
        assert [(one.id, one.erased) for one in desk.cut_off()] == [("r1", True)]
        doc = plain(desk.review(desk.keep_refusal("r1")))
        assert doc["call"]["consent"] == {"status": "refused", "basis": "said no", "moment_ms": 9_000}
        assert [(c["start_ms"], c["text"]) for c in doc["comments"]] == [(2_000, "call back in May")]
        assert doc["recording"]["sha256"] is None and doc["transcript"]["utterances"] == []
        assert all(m["value"] is None for m in doc["measurements"])
        assert left(desk) == [] and desk.cut_off() == []
        assert "Call of 2026-11-24" in screens.review(doc)

    def test_keeping_it_as_a_call_does_the_same(self, desk: Desk) -> None:
        lay(desk, journal.Ended("erased", 0, ""), sound=None)
        assert keep(desk)["call"]["source"] == "refused"

    def test_a_recording_that_was_not_erased_is_no_refusal(self, desk: Desk) -> None:
        lay(desk)
        with pytest.raises(InputError):
            desk.keep_refusal("r1")
        assert len(left(desk)) == 2

    def test_dropping_leaves_nothing(self, desk: Desk) -> None:
        path = lay(desk)
        path.with_suffix(".words").write_text("x")
        desk.drop_recording("r1")
        assert left(desk) == []
        with pytest.raises(NotFound):
            desk.keep_recording("r1")
