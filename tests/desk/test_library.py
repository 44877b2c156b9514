"""The list of all calls: which are in it, in which order, and what their rows say."""

from __future__ import annotations

import dataclasses
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk import amend
from coachdesk.desk.desk import BringIn, Desk, Wanted
from coachdesk.errors import CoachDeskError
from coachdesk.history.library import ORDERS
from coachdesk.model import Role
from tests.conftest import MICRO_CALL, SAMPLES
from tests.desk.conftest import bring_micro, bring_words

LISTENING = ("Hello.", "Hello Dan. The report takes us six hours every single week, and nobody likes it.")
TALKING = ("Hello Priya. We make software for reports, and it is a very good one, as you will see.", "I see.")
EVEN = ("We can talk about it on Monday then.", "You can talk about it on Monday then.")


def titles(desk: Desk, **wanted: Any) -> list[str]:
    """Titles of the wanted calls in order, each read by its number."""
    numbers = desk.library(Wanted(**wanted))
    rows = desk.library_rows(numbers)
    assert set(rows) == set(numbers)
    return [rows[n]["title"] for n in numbers]


def call(
    desk: Desk, folder: Path, title: str, *said: str, on: str = "", case: str = "", result: str = "", me: str = "Dan"
) -> str:
    made = bring_words(desk, folder, title.replace("/", "-"), *said, me=me)
    desk.amend(made, amend.SetTitle(title))
    if on:
        desk.amend(made, amend.SetDate(datetime.fromisoformat(on).replace(tzinfo=UTC)))
    if case:
        desk.amend(made, amend.SetCase(case))
    if result:
        desk.amend(made, amend.SetResult(result))
    return made


@pytest.fixture
def three(desk: Desk, tmp_path: Path) -> dict[str, str]:
    """Three calls that every order puts in another way."""
    made = {
        "birch": call(desk, tmp_path, "birch", *EVEN, on="2026-03-02", case="Zinc", result="advanced"),
        "Aspen": call(desk, tmp_path, "Aspen", *TALKING, on="2026-03-03", result="declined"),
        "Cedar": call(desk, tmp_path, "Cedar", *LISTENING, "I see, yes.", on="2026-03-01", case="amber"),
    }
    desk.coach(made["birch"], "recruiting_screen")
    desk.amend(made["Cedar"], amend.MarkReviewed(True))
    return made


ASCENDING = {
    "date": ["Cedar", "birch", "Aspen"],
    "title": ["Aspen", "birch", "Cedar"],  # capitals make no difference
    "kind": ["birch", "Aspen", "Cedar"],
    "case": ["Cedar", "birch", "Aspen"],  # without a case: last
    "result": ["birch", "Aspen", "Cedar"],  # without a result: last
    "length": ["Aspen", "birch", "Cedar"],
    "share": ["Cedar", "birch", "Aspen"],
    "state": ["Cedar", "Aspen", "birch"],  # both transcribed: the newer first
}
DESCENDING = {
    "date": ["Aspen", "birch", "Cedar"],
    "title": ["Cedar", "birch", "Aspen"],
    "kind": ["Aspen", "Cedar", "birch"],
    "case": ["birch", "Cedar", "Aspen"],  # without a case: last here, too
    "result": ["Aspen", "birch", "Cedar"],
    "length": ["Cedar", "birch", "Aspen"],
    "share": ["Aspen", "birch", "Cedar"],
    "state": ["Aspen", "birch", "Cedar"],
}


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_goes_both_ways(desk: Desk, three: dict[str, str], order: str) -> None:
    assert titles(desk, order=order, descending=False) == ASCENDING[order]
    assert titles(desk, order=order, descending=True) == DESCENDING[order]


def test_a_call_without_a_share_comes_last_both_ways(desk: Desk, three: dict[str, str], tmp_path: Path) -> None:
    call(desk, tmp_path, "Nobody known", me="")
    assert titles(desk, order="share", descending=False)[-1] == "Nobody known"
    assert titles(desk, order="share", descending=True)[-1] == "Nobody known"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["Aspen", "birch", "Cedar"]),
        ({"kind": "recruiting_screen"}, ["birch"]),
        ({"state": "reviewed"}, ["Cedar"]),
        ({"state": "transcribed"}, ["Aspen", "birch"]),
        ({"result": "declined"}, ["Aspen"]),
        ({"case": "amber"}, ["Cedar"]),
        ({"case": "Amber"}, []),
        ({"since": "2026-03-02"}, ["Aspen", "birch"]),
        ({"since": "2026-03-03T00:00:01+00:00"}, []),
        ({"kind": "sales_discovery", "state": "reviewed"}, ["Cedar"]),
        ({"kind": "recruiting_screen", "state": "reviewed"}, []),
        ({"text": "cedar"}, ["Cedar"]),
        ({"text": "  zin "}, ["birch"]),
        ({"text": "e", "order": "title", "descending": False}, ["Aspen", "Cedar"]),
        ({"text": "e", "case": "amber", "order": "share"}, ["Cedar"]),
        ({"text": "   "}, ["Aspen", "birch", "Cedar"]),
        ({"text": "six hours"}, []),  # words of a call are found by the search
    ],
)
def test_filters_choose_and_hold_together(
    desk: Desk, three: dict[str, str], wanted: dict[str, Any], found: list[str]
) -> None:
    assert titles(desk, **wanted) == found


def test_the_text_is_taken_as_it_is(desk: Desk, tmp_path: Path) -> None:
    for title in ("100% sure", "1000 sure", "a_b", "aXb", "back\\slash", "backslash", 'It\'s "so"'):
        call(desk, tmp_path, title)
    assert titles(desk, text="100%") == ["100% sure"]
    assert titles(desk, text="a_b") == ["a_b"]
    assert titles(desk, text="k\\s") == ["back\\slash"]
    assert titles(desk, text="%") == ["100% sure"]
    assert titles(desk, text="\\") == ["back\\slash"]
    assert titles(desk, text="'s \"") == ['It\'s "so"']


def test_the_text_is_found_in_the_names_of_own_people(desk: Desk, tmp_path: Path) -> None:
    desk.change(my_name="Dan Mercer")
    call(desk, tmp_path, "birch")
    desk.change(my_name="Owen Tarrant")
    call(desk, tmp_path, "Aspen")
    assert titles(desk, text="mercer") == ["birch"]


def test_rows_come_page_by_page_and_keep_their_numbers(desk: Desk, three: dict[str, str]) -> None:
    numbers = desk.library(Wanted(order="title", descending=False))
    page = desk.library_rows(numbers[1:])
    assert [page[n]["title"] for n in numbers[1:]] == ["birch", "Cedar"] and set(page) == set(numbers[1:])
    assert desk.library_rows([]) == {} and desk.library_rows([10_000]) == {}
    desk.amend(three["Aspen"], amend.SetTitle("Zebrano"))
    assert desk.library_rows(numbers[:1])[numbers[0]]["title"] == "Zebrano"
    assert desk.library(Wanted(order="title", descending=False)) == [*numbers[1:], numbers[0]]


def test_numbers_outlive_the_removal_of_other_calls(desk: Desk, three: dict[str, str]) -> None:
    """Removing for good rewrites the whole file; a list that is open meanwhile must not show other calls."""
    before = {row["id"]: n for n, row in desk.library_rows(desk.library(Wanted())).items()}
    desk.put_in_bin(three["birch"])
    desk.empty_bin()
    after = {row["id"]: n for n, row in desk.library_rows(desk.library(Wanted())).items()}
    assert after == {made: n for made, n in before.items() if made != three["birch"]}
    desk.delete(three["Cedar"])
    assert desk.library(Wanted()) == [before[three["Aspen"]]]


def test_a_row_says_what_the_list_shows(desk: Desk, three: dict[str, str]) -> None:
    (number,) = desk.library(Wanted(text="birch"))
    row = desk.library_rows([number])[number]
    share = next(m["value"] for m in desk.review(three["birch"]).measurements if m["metric"] == "talk_ratio")
    assert row.pop("source").startswith("transcript:")
    assert row == {
        "id": three["birch"],
        "title": "birch",
        "kind": "recruiting_screen",
        "playbook": "recruiting_screen",
        "started_at": "2026-03-02T00:00:00+00:00",
        "duration_ms": desk.find(three["birch"]).duration_ms,
        "state": "transcribed",
        "result": "advanced",
        "consent": "unknown",
        "case_name": "Zinc",
        "rep": None,
        "talk_ratio": share,
        "draft": 0,
        "grade": "good",
        "engine": "imported",
        "words_state": None,
        "problem": None,
    }


def test_the_share_follows_who_is_who(desk: Desk, three: dict[str, str]) -> None:
    (number,) = desk.library(Wanted(text="aspen"))
    before = desk.library_rows([number])[number]["talk_ratio"]
    desk.amend(three["Aspen"], amend.SwapSpeakers())
    assert desk.library_rows([number])[number]["talk_ratio"] == pytest.approx(1 - before)
    desk.amend(three["Aspen"], amend.SetRole("Dan", Role.UNKNOWN))
    assert desk.library_rows([number])[number]["talk_ratio"] is None


def test_words_that_failed_to_come_say_so_and_words_that_came_say_of_which_kind(desk: Desk, script) -> None:
    made = desk.bring_in(BringIn((MICRO_CALL / "stereo.opus",), engine="none"))
    (number,) = desk.library(Wanted())

    def row(*columns: str) -> list[Any]:
        found = desk.library_rows([number])[number]
        return [found[column] for column in columns]

    shown = ("state", "engine", "draft", "grade", "words_state", "problem")
    assert row(*shown) == ["prepared", None, None, None, None, None]
    missing = script().with_name("missing.json")
    with pytest.raises(CoachDeskError) as failed:
        desk.transcribe(made, "scripted", str(missing))
    assert row(*shown) == ["prepared", None, None, None, "failed", failed.value.message]
    assert bring_micro(desk, script()) == made
    assert row(*shown) == ["transcribed", "scripted", 0, "good", "done", None]


def test_a_rough_draft_is_one_until_real_words_come(desk: Desk, tmp_path: Path, script) -> None:
    from coachdesk.audio.load import Sound
    from tests.desk.test_desk import _write_wav

    with Sound(MICRO_CALL / "stereo.opus") as sound:
        _write_wav(tmp_path / "hello.wav", next(sound.blocks())[0][: 5 * 16_000])
    made = desk.bring_in(BringIn((tmp_path / "hello.wav",), engine="draft"))
    (number,) = desk.library(Wanted())
    assert desk.library_rows([number])[number]["draft"] == 1 and desk.drafts() == [made]
    desk.transcribe(made, "scripted", str(script()))
    assert desk.library_rows([number])[number]["draft"] == 0 and desk.drafts() == []


def test_facets_are_the_values_there_are(desk: Desk, three: dict[str, str]) -> None:
    assert desk.library_facets() == {
        "kind": ["recruiting_screen", "sales_discovery"],
        "result": ["advanced", "declined"],
        "case": ["amber", "Zinc"],
    }
    desk.put_in_bin(three["birch"])
    assert desk.library_facets() == {"kind": ["sales_discovery"], "result": ["declined"], "case": ["amber"]}
    desk.amend(three["Cedar"], amend.SetCase(""))
    assert desk.library_facets()["case"] == []


def test_what_was_told_while_bringing_in_is_kept_as_one_line_and_once(desk: Desk) -> None:
    folder = SAMPLES / "sales_discovery"
    asked = BringIn(
        (folder / "call.opus",),
        transcript=folder / "transcript.json",
        prepared=folder,
        title="Second\n call",
        rep=" Owen\tTarrant",
        account="Birch \n Lane",
        started_at=datetime.fromisoformat("2026-03-01T01:00:00+09:00"),
    )
    for _ in range(2):  # new, then known
        made = desk.bring_in(asked)
        found = desk.find(made)
        assert (found.title, found.rep, found.case) == ("Second call", "Owen Tarrant", "Birch Lane")
        assert found.started_at.isoformat() == "2026-02-28T16:00:00+00:00"
    assert [(case["name"], case["calls"]) for case in desk.cases()] == [("Birch Lane", 1)]
    desk.bring_in(dataclasses.replace(asked, title="Third call"))
    kept = json.loads(gzip.decompress((desk.home.sidecars / f"{made}.json.gz").read_bytes()))
    assert kept["tables"]["call"][0]["title"] == desk.find(made).title == "Third call"


def test_an_empty_history_has_an_empty_list(desk: Desk) -> None:
    assert titles(desk) == [] and desk.count() == 0
    assert desk.library_facets() == {"kind": [], "result": [], "case": []}


def test_calls_in_the_bin_are_in_no_order_and_no_filter(desk: Desk, three: dict[str, str]) -> None:
    desk.put_in_bin(three["Cedar"])
    assert desk.count() == 2
    for order in ORDERS:
        assert "Cedar" not in titles(desk, order=order)
    for wanted in ({"text": "cedar"}, {"case": "amber"}, {"state": "reviewed"}):
        assert titles(desk, **wanted) == []
