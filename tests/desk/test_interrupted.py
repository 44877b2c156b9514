"""Imports that were cut off, by the person or with their program: what was finished is kept, and they go on."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coachdesk.desk import bringing
from coachdesk.desk.desk import BringIn, Desk, Wanted, open_desk
from coachdesk.desk.events import Progress
from coachdesk.errors import Cancelled, InputError
from coachdesk.history import results
from tests.conftest import MICRO_CALL, ROOT
from tests.desk.conftest import bring_micro, document

FILE = MICRO_CALL / "stereo.opus"
SLOW_MS = 500
WHOLE = BringIn(
    files=(Path("calls/dan.wav"), Path("/calls/priya \udcff.wav")),
    tracks=True,
    transcript=Path("words.vtt"),
    playbook="sales_discovery",
    engine="scripted",
    model="script.json",
    language="en",
    me="priya",
    title="A call",
    rep="Dan Mercer",
    account="Birch Lane",
    result="advanced",
    consent="said at the start",
    started_at=datetime(2026, 9, 15, 14, 30, tzinfo=UTC),
    source="recording",
    layout="mixed",
    until_ms=61_000,
)


def again(wanted: BringIn) -> BringIn:
    """A request as it comes back from the history."""
    return bringing.asked_again(json.loads(json.dumps(bringing.kept(wanted))))


class TestRequests:
    def test_a_request_is_kept_whole_but_for_where_one_stood(self):
        absolute = tuple(path.absolute() for path in WHOLE.files)
        expected = dataclasses.replace(WHOLE, files=absolute, transcript=Path("words.vtt").absolute())
        assert again(WHOLE) == expected and again(again(WHOLE)) == expected
        assert all(getattr(WHOLE, f.name) != f.default for f in dataclasses.fields(BringIn) if f.name not in _NOT_KEPT)

    def test_a_short_request_too(self):
        assert again(BringIn((FILE,))) == BringIn((FILE,))

    def test_what_only_this_run_knows_is_not_kept(self):
        asked = BringIn((FILE,), prepared=Path("/samples"), growing=lambda: True)
        assert again(asked) == BringIn((FILE,))

    def test_what_an_older_program_kept_is_understood(self):
        assert bringing.asked_again({"files": ["/a.wav"], "colour": "green"}) == BringIn((Path("/a.wav"),))


_NOT_KEPT = ("prepared", "growing")
KILLED = """
import sys
from pathlib import Path
from coachdesk.desk.desk import BringIn, open_desk
with open_desk(sys.argv[1]) as desk:
    desk.bring_in(BringIn((Path(sys.argv[2]),), engine="scripted", model=sys.argv[3], title="A call", me="right"))
"""


def test_an_import_whose_program_died_is_offered_again_and_goes_on(desk: Desk, own_home: Path, script) -> None:
    slow = script(chunk_delay_ms=SLOW_MS)
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(own_home), str(FILE), str(slow)], cwd=ROOT)
    try:
        _wait(lambda: desk._store.column("SELECT count(*) FROM chunk")[0])
        assert desk.interrupted() == [], "it is still at work"
        with open_desk(str(own_home)) as other:
            assert other.interrupted() == [], "whoever looks"
    finally:
        child.kill()
        child.wait()
    saved = _chunks(desk)
    with open_desk(str(own_home)) as after:
        (offered,) = after.interrupted()
        wanted = bringing.asked_again(offered["request"])
        assert wanted == BringIn((FILE,), engine="scripted", model=str(slow), title="A call", me="right")
        assert abs(datetime.now(UTC) - datetime.fromisoformat(offered["created_at"])).total_seconds() < 120
        (begun,) = after.calls()
        call = after.bring_in(wanted)
        assert call == begun["id"] and after.find(call).title == "A call"
        assert len(document(after, call)["transcript"]["utterances"]) > 10
        assert saved.items() < _chunks(after).items()
        assert after.interrupted() == [offered], "offered until it is forgotten"
        after.forget_jobs([offered["id"]])
        assert after.interrupted() == []
    with open_desk(str(own_home)) as later:
        assert later.interrupted() == []


def test_a_job_whose_owner_is_gone_is_listed_newest_first_and_only_imports_are(desk: Desk, own_home: Path) -> None:
    gone = "f" * 32
    kept = [bringing.kept(BringIn((Path(f"/{n}.wav"),))) for n in range(2)]
    jobs = [results.add_job(desk._store, "bring_in", gone, request) for request in kept]
    with desk._store.write():
        desk._store.execute("UPDATE job SET created_at = '2026-01-01T00:00:00+00:00' WHERE id = ?", (jobs[0],))
    results.add_job(desk._store, "transcribe", gone, {"call": "x"})
    assert desk.interrupted() == []
    with open_desk(str(own_home)) as after:
        assert [(job["id"], job["request"]) for job in after.interrupted()] == [(jobs[1], kept[1]), (jobs[0], kept[0])]
        after.forget_jobs([jobs[1]])
        assert [job["id"] for job in after.interrupted()] == [jobs[0]]


def test_imports_that_had_to_be_left_are_offered_at_the_next_start(desk: Desk, own_home: Path) -> None:
    wanted = BringIn((FILE,), engine="none", title="A call")
    desk.offer_again([wanted])
    with open_desk(str(own_home)) as after:
        assert [bringing.asked_again(job["request"]) for job in after.interrupted()] == [wanted]


def test_finished_failed_and_cancelled_imports_are_not_offered(desk: Desk, own_home: Path, tmp_path: Path) -> None:
    desk.bring_in(BringIn((FILE,), engine="none"))
    (tmp_path / "no.wav").write_bytes(b"no sound")
    with pytest.raises(InputError):
        desk.bring_in(BringIn((tmp_path / "no.wav",), engine="none"))
    with open_desk(str(own_home)) as after:
        assert after.interrupted() == []


def test_cancelling_from_another_thread_stops_at_once_and_keeps_what_was_finished(desk: Desk, script) -> None:
    slow = script(chunk_delay_ms=SLOW_MS)
    threads: list[threading.Thread] = []
    finished_then = []

    def cancel_when_words_come(event: object) -> None:
        if isinstance(event, Progress) and event.stage == "transcribe" and event.done_ms and not threads:
            finished_then.append(_chunks(desk))
            threads.append(threading.Thread(target=desk.cancel))
            threads[0].start()

    desk.subscribe(cancel_when_words_come)
    with pytest.raises(Cancelled):
        bring_micro(desk, slow)
    threads[0].join()
    saved = _chunks(desk)
    assert len(saved) <= len(finished_then[0]) + 1, "no further chunk was waited for"
    (row,) = desk.library_rows(desk.library(Wanted())).values()
    assert (row["state"], row["words_state"], row["problem"]) == ("prepared", "interrupted", None)
    assert row["talk_ratio"] == pytest.approx(0.518, abs=0.01), "its numbers are there"
    assert saved and desk.interrupted() == [], "what a person stopped is not offered again"
    assert desk._store.column("SELECT state FROM job") == ["cancelled"]
    desk.cancel()  # nothing runs now: the next import is not meant
    with desk._store.write():  # a mark in what is there: were it listened to again, it would be gone
        desk._store.execute("UPDATE chunk SET utterances = replace(utterances, 'Priya', 'Prya')")
    assert bring_micro(desk, slow) == row["id"]
    assert len(_chunks(desk)) > len(saved)
    said = [u["text"] for u in document(desk, row["id"])["transcript"]["utterances"]]
    assert "Prya" in said[0] and len(said) > 10


def test_cancelling_before_the_channels_are_known_leaves_nothing_behind(desk: Desk, own_home: Path) -> None:
    threads: list[threading.Thread] = []

    def cancel_at_once(event: object) -> None:
        if isinstance(event, Progress) and event.stage == "prepare" and not threads:
            threads.append(threading.Thread(target=desk.cancel))
            threads[0].start()
            threads[0].join()

    desk.subscribe(cancel_at_once)
    with pytest.raises(Cancelled):
        desk.bring_in(BringIn((FILE,), engine="none"))
    assert desk.calls() == [] and [p for p in (own_home / "media").rglob("*") if p.is_file()] == []


def _chunks(desk: Desk) -> dict[tuple[int, int], str]:
    found = desk._store.rows("SELECT channel, start_ms, utterances FROM chunk")
    return {(row["channel"], row["start_ms"]): row["utterances"] for row in found}


def _wait(happened, within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
