"""The bin: out of sight everywhere, back whole, and gone for good when it is emptied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk import amend
from coachdesk.desk.desk import DAYS_IN_BIN, BringIn, Desk, Wanted, open_desk
from coachdesk.errors import NotFound
from coachdesk.history import calls
from tests.conftest import MICRO_CALL
from tests.desk.conftest import bring_micro, bring_words, document, micro_lines

PLACES: dict[str, Callable[[Desk, str], Any]] = {
    "the list": lambda desk, call: [c for c in desk.calls() if c["id"] == call],
    "the library": lambda desk, call: [
        r for r in desk.library_rows(desk.library(Wanted())).values() if r["id"] == call
    ],
    "the library's filters": lambda desk, call: [v for v in desk.library_facets().values() if v],
    "the count": lambda desk, call: desk.count(),
    "the search": lambda desk, call: desk.search("xylophone")["hits"],
    "how much the search found": lambda desk, call: desk.search("xylophone")["total"],
    "the next steps": lambda desk, call: desk.next_steps(),
    "how many calls a case has": lambda desk, call: [case["calls"] for case in desk.cases()],
}
BY_ID: dict[str, Callable[[Desk, str], Any]] = {
    "find": lambda desk, call: desk.find(call),
    "find by a prefix": lambda desk, call: desk.find(call[:8]),
    "review": lambda desk, call: document(desk, call),
    "lanes": lambda desk, call: desk.lanes(call),
    "amend": lambda desk, call: desk.amend(call, amend.MarkReviewed(False)),
    "export": lambda desk, call: desk.export(call, "txt"),
}


@pytest.fixture
def call(desk: Desk, tmp_path: Path) -> str:
    made = bring_words(desk, tmp_path, "a", "Hello Priya.", "The xylophone is what I need by Friday.", "I see.")
    desk.amend(made, amend.SetCase("Birch Lane"))
    desk.amend(made, amend.SetStep("Send the xylophone"))
    return made


@pytest.mark.parametrize("place", PLACES)
def test_a_call_in_the_bin_is_out_of_sight_and_comes_back(desk: Desk, call: str, place: str) -> None:
    before = PLACES[place](desk, call)
    assert before
    desk.put_in_bin(call)
    assert not PLACES[place](desk, call)
    desk.take_from_bin(call)
    assert PLACES[place](desk, call) == before


@pytest.mark.parametrize("verb", BY_ID)
def test_a_call_in_the_bin_cannot_be_asked_for(desk: Desk, call: str, verb: str) -> None:
    before = BY_ID[verb](desk, call)
    desk.put_in_bin(call[:6])
    with pytest.raises(NotFound):
        BY_ID[verb](desk, call)
    desk.take_from_bin(call)
    assert BY_ID[verb](desk, call) == before


def test_the_bin_says_what_is_in_it(desk: Desk, call: str, tmp_path: Path) -> None:
    assert desk.bin() == []
    other = bring_words(desk, tmp_path, "other")
    desk.put_in_bin(call)
    assert [row["id"] for row in desk.bin()] == [call] and desk.count() == 1
    row = desk.bin()[0]
    assert (row["title"], row["duration_ms"]) == ("a", 8_800)
    age = datetime.now(UTC) - datetime.fromisoformat(row["deleted_at"])
    assert timedelta(0) <= age < timedelta(minutes=5)
    for there_is_none in (other, "f" * 32, call[:8]):
        with pytest.raises(NotFound) as refused:
            desk.take_from_bin(there_is_none)
        assert refused.value.hint
    with pytest.raises(NotFound):
        desk.put_in_bin(call)


def test_other_calls_do_not_feel_it(desk: Desk, call: str, tmp_path: Path) -> None:
    other = bring_words(desk, tmp_path, "other", "Hello Priya.", "The xylophone again.", "I see.")
    before = document(desk, other)
    desk.put_in_bin(call)
    assert [hit["call"] for hit in desk.search("xylophone")["hits"]] == [other]
    assert desk.search("xylophone")["total"] == 1
    desk.empty_bin()
    assert document(desk, other) == before and [hit["call"] for hit in desk.search("xylophone")["hits"]] == [other]


def test_after_thirty_days_it_is_gone_with_the_next_start(desk: Desk, own_home: Path, tmp_path: Path) -> None:
    old, young, kept = (bring_words(desk, tmp_path, name) for name in ("old", "young", "kept"))
    for call, days in ((old, DAYS_IN_BIN + 1), (young, DAYS_IN_BIN - 1)):
        at = datetime.now(UTC) - timedelta(days=days)
        calls.bin_call(desk._store, call, at.isoformat(timespec="seconds"))
    assert [row["id"] for row in desk.bin()] == [young, old]
    with open_desk(str(own_home)) as again:
        assert [row["id"] for row in again.bin()] == [young]
        assert [c["id"] for c in again.calls()] == [kept]
    assert DAYS_IN_BIN == 30


def test_emptying_an_empty_bin_does_nothing(desk: Desk, call: str) -> None:
    assert desk.empty_bin() == 0 and desk.find(call).id == call


def test_emptying_removes_words_and_sound_from_the_files_themselves(desk: Desk, script, own_home: Path) -> None:
    rare = b"uagmirevill"  # without its ends, however the index cuts words
    lines = [(c, s, e, t.replace("spreadsheets", "Quagmireville")) for c, s, e, t in micro_lines()]
    call = bring_micro(desk, script(lines))
    said = next(u["index"] for u in document(desk, call)["transcript"]["utterances"] if "Quagmireville" in u["text"])
    desk.amend(call, amend.CorrectText(str(said), "Mostly Quagmireville, to be frank."))
    desk.amend(call, amend.SetStep("Go to Quagmireville"))
    desk.comment(call, 1_000, "Where is Quagmireville?")
    desk.review(call)
    assert rare in b"".join(file.read_bytes() for file in own_home.glob("coachdesk.db*"))
    sound = [path for path in (own_home / "media").rglob("*") if path.is_file()]
    assert {path.suffix for path in sound} == {".opus", ".peaks"}
    desk.put_in_bin(call)
    assert all(path.is_file() for path in sound), "in the bin nothing is lost yet"
    assert desk.empty_bin() == 1
    left = [path for path in own_home.rglob("*") if path.is_file()]
    assert [path for path in left if rare in path.read_bytes() or call in path.name] == []
    assert [path for path in (own_home / "media").rglob("*") if path.is_file()] == []
    assert desk.bin() == [] and desk._store.quick_check() == []
    desk.close()
    assert rare not in b"".join(file.read_bytes() for file in own_home.glob("coachdesk.db*"))


def test_the_same_file_brought_in_again_keeps_its_sound_when_the_bin_is_emptied(desk: Desk, own_home: Path) -> None:
    file = MICRO_CALL / "stereo.opus"
    old = desk.bring_in(BringIn((file,), engine="none"))
    desk.put_in_bin(old)
    new = desk.bring_in(BringIn((file,), engine="none"))
    assert new != old, "a call in the bin is not found again"
    before, lanes = document(desk, new), desk.lanes(new)
    assert desk.empty_bin() == 1 and [row["id"] for row in desk.calls()] == [new]
    (sound,) = (own_home / "media").rglob("*.opus")
    assert sound.read_bytes() == file.read_bytes() and len(list((own_home / "media").rglob("*.peaks"))) == 1
    assert document(desk, new) == before
    assert [lane.runs for lane in desk.lanes(new)] == [lane.runs for lane in lanes]
    assert all(lane.levels for lane in desk.lanes(new))
    desk.delete(new)
    assert [path for path in (own_home / "media").rglob("*") if path.is_file()] == []


def test_the_sidecar_knows_of_the_bin(desk: Desk, call: str, own_home: Path) -> None:
    """A history rebuilt from sidecars must not bring back what was thrown away."""
    import gzip
    import json

    def deleted_at() -> str | None:
        kept = json.loads(gzip.decompress((own_home / "calls" / f"{call}.json.gz").read_bytes()))
        return kept["tables"]["call"][0]["deleted_at"]

    desk.put_in_bin(call)
    assert deleted_at() == desk.bin()[0]["deleted_at"]
    desk.take_from_bin(call)
    assert deleted_at() is None
