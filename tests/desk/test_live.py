"""Listening along: words as they are said, saved before the next; an engine that cannot keep up never stands in the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coachdesk.audio.recording import journal
from coachdesk.audio.recording import messages as m
from coachdesk.desk import engines, live
from coachdesk.desk.desk import BringIn, Desk
from coachdesk.desk.events import Event, Ready, Told, Words
from coachdesk.desk.jobs import Aside
from coachdesk.desk.recording import Recorder
from coachdesk.document import plain
from coachdesk.errors import CoachDeskError
from coachdesk.speech import protocol
from coachdesk.speech.engine import EngineChoice
from tests.desk.test_keeping import CALL, lay, left


class Recording:
    """A real recorder on sound files played as devices, followed in a thread of its own."""

    def __init__(self, desk: Desk) -> None:
        self.recorder: Recorder = desk.record(f"file:{CALL}?channel=0", f"file:{CALL}?channel=1")
        self.path = self.recorder.beside.journal.with_suffix(".opus")
        self.name = self.path.stem
        self.position_ms = 0
        self.aside = Aside(self._follow)
        wait(lambda: self.position_ms > 0)

    def _follow(self) -> Any:
        last = None
        for message in self.recorder.messages():
            last = message
            if isinstance(message, m.Level):
                self.position_ms = message.position_ms
        return last

    def is_over(self) -> bool:
        return self.aside.is_over

    def stop_at(self, ms: int, tail_from_ms: int | None = None) -> Aside[None]:
        def stop() -> None:
            wait(lambda: self.position_ms >= ms)
            self.recorder.send(m.Stop(tail_from_ms))

        return Aside(stop)


def wait(found: Callable[[], Any], most_s: float = 40.0) -> None:
    end = time.monotonic() + most_s
    while not found():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def recording(desk: Desk) -> Iterator[Recording]:
    made = Recording(desk)
    yield made
    made.recorder.stop()
    wait(made.is_over)
    if made.recorder._process is not None:  # one that was left is reaped by nobody
        made.recorder._process.wait(timeout=20)


def hear(desk: Desk) -> list[Event]:
    heard: list[Event] = []
    desk.subscribe(heard.append)
    return heard


def test_words_come_while_it_is_recorded_and_the_call_equals_one_kept_afterwards(
    desk: Desk, recording: Recording, script
) -> None:
    heard = hear(desk)
    asked = BringIn((), engine="scripted", model=str(script()))
    stopped = recording.stop_at(20_000)
    call = desk.keep_recording(recording.name, asked, growing=recording.is_over)
    stopped.result()
    doc = plain(desk.review(call))
    said = [event for event in heard if isinstance(event, Words)]
    assert said and [event.what for event in heard if isinstance(event, Ready)][:2] == ["numbers", "words"]
    assert {u["text"] for u in doc["transcript"]["utterances"]} <= {word.text for word in said}
    assert desk._store.column("SELECT state FROM stage WHERE stage = 'transcribe'") == ["done"]
    assert left(desk) == []
    sound = desk.home.media / desk._store.column("SELECT media FROM recording")[0]
    copy = desk.home.root / "copy.opus"
    copy.write_bytes(sound.read_bytes())
    desk.delete(call)
    lay(desk, sound=copy)
    later = plain(desk.review(desk.keep_recording("r1", asked)))
    for part in ("measurements", "turns", "transcript", "recording", "speakers"):
        assert doc[part] == later[part], part


def test_the_layout_and_the_tail_are_those_told_until_the_end(desk: Desk, recording: Recording) -> None:
    recording.recorder.send(m.SetLayout("mixed"))
    recording.recorder.send(m.Note("early", 500))
    stopped = recording.stop_at(6_000, tail_from_ms=4_000)
    call = desk.keep_recording(recording.name, BringIn((), engine="none"), growing=recording.is_over)
    stopped.result()
    doc = plain(desk.review(call))
    assert doc["recording"]["layout"] == "mixed"
    assert 4_000 < doc["call"]["duration_ms"] <= doc["recording"]["duration_ms"]  # somebody spoke in the tail
    assert [c["text"] for c in doc["comments"]] == ["early"]


def test_an_erased_recording_leaves_no_words(desk: Desk, recording: Recording, script) -> None:
    def erase() -> None:
        wait(lambda: recording.position_ms >= 3_000)
        recording.recorder.send(m.Erase("said no"))

    erased = Aside(erase)
    asked = BringIn((), engine="scripted", model=str(script()))
    call = desk.keep_recording(recording.name, asked, growing=recording.is_over)
    erased.result()
    doc = plain(desk.review(call))
    assert doc["call"]["consent"]["status"] == "refused" and doc["recording"]["channels"] == 0
    assert left(desk) == [] and list(desk.home.media.rglob("*.opus")) == []


class TestAfterACrash:
    def heard(self, desk: Desk, script: Path) -> tuple[str, list[bytes]]:
        """(parameters, lines) of all that the engine hears in the call, with a mark that is gone if it is heard again."""
        call = desk.bring_in(BringIn((CALL,), engine="scripted", model=str(script)))
        rows = desk._store.rows("SELECT channel, start_ms, end_ms, utterances FROM chunk ORDER BY start_ms, channel")
        params = engines.params_of(EngineChoice("scripted", str(script), "en"))
        desk.delete(call)
        marked = [
            b'{"kind":"chunk","channel":%d,"start_ms":%d,"end_ms":%d,"utterances":%s}'
            % (r["channel"], r["start_ms"], r["end_ms"], r["utterances"].replace("Priya", "Prya").encode())
            for r in rows
        ]
        return params, marked

    def test_what_was_heard_is_not_transcribed_again(self, desk: Desk, script) -> None:
        written = script()
        params, lines = self.heard(desk, written)
        path = lay(desk)
        half = [b'{"params":"%s"}' % params.encode(), *lines[: len(lines) // 2], lines[-1][:40]]
        path.with_suffix(".words").write_bytes(b"\n".join(half))
        call = desk.keep_recording("r1", BringIn((), engine="scripted", model=str(written)))
        said = [u["text"] for u in plain(desk.review(call))["transcript"]["utterances"]]
        assert "Prya" in said[0] and len(said) > 10
        assert len(desk._store.column("SELECT channel FROM chunk")) == len(lines)
        assert left(desk) == []

    def test_words_of_another_engine_are_left_aside(self, desk: Desk, script) -> None:
        written = script()
        _, lines = self.heard(desk, written)
        path = lay(desk)
        path.with_suffix(".words").write_bytes(b"\n".join([b'{"params":"other"}', *lines]))
        call = desk.keep_recording("r1", BringIn((), engine="scripted", model=str(written)))
        assert "Prya" not in plain(desk.review(call))["transcript"]["utterances"][0]["text"]

    def test_going_on_after_a_cut_off_line_keeps_both_sides_of_it(self, tmp_path: Path) -> None:
        beside = live.Beside(tmp_path / "a.opus")
        chunks = [protocol.ChunkHeard(0, n, n + 1, []) for n in range(3)]
        assert beside.begin("p") == live.Heard("p")
        beside.add(chunks[0])
        with (tmp_path / "a.words").open("ab") as file:
            file.write(protocol.encode(chunks[1])[:-5])
        assert beside.begin("p").chunks == (chunks[0],)
        beside.add(chunks[2])
        assert beside.read().chunks == (chunks[0], chunks[2])
        assert beside.begin("q").chunks == () and beside.read() == live.Heard("q")


class TestLag:
    def lag(self, recorded: list[int], now: list[float]) -> live.Lag:
        return live.Lag(lambda: recorded[0], most_s=90, look_s=10, clock=lambda: now[0])

    def played(self, speed: float, begun_ms: int = 0, seconds: int = 1200) -> bool:
        recorded, now = [begun_ms], [0.0]
        lag = self.lag(recorded, now)
        for second in range(seconds):
            recorded[0], now[0] = begun_ms + 1000 * second, float(second)
            lag.heard_ms = min(recorded[0], round(1000 * second * speed))
            if lag.is_hopeless():
                return True
        return False

    def test_an_engine_that_keeps_up_is_left_alone(self) -> None:
        assert not self.played(1.0) and not self.played(5.0)

    def test_one_that_falls_behind_is_given_up(self) -> None:
        assert self.played(0.7)

    def test_one_that_began_late_and_catches_up_is_left_alone(self) -> None:
        assert not self.played(2.0, begun_ms=600_000)

    def test_a_few_seconds_behind_are_none(self) -> None:
        assert not self.played(0.95, seconds=1200)


def test_an_engine_that_cannot_keep_up_costs_the_live_words_only(
    desk: Desk, recording: Recording, script, tmp_path
) -> None:
    heard = hear(desk)
    slow = str(script(chunk_delay_ms=60_000))
    path, work = recording.path, desk._work(desk.playbook("sales_discovery"))
    stopped = recording.stop_at(14_000)
    lag = live.Lag(lambda: journal.length_ms(path), most_s=0.5, look_s=0.5)
    peaks = tmp_path / "peaks"
    choice = EngineChoice("scripted", slow, "en")
    found = live.follow(work, path, choice, recording.is_over, peaks, lag=lag)
    stopped.result()
    assert [event.code for event in heard if isinstance(event, Told)] == ["live_words_dropped"]
    assert found.facts is not None and not found.whole and peaks.exists()
    assert found.facts[1].duration_ms > 13_000


def test_without_a_known_language_whisper_waits_for_the_end(desk: Desk, recording: Recording, tmp_path) -> None:
    heard = hear(desk)
    path, work = recording.path, desk._work(desk.playbook("sales_discovery"))
    stopped = recording.stop_at(3_000)
    found = live.follow(work, path, EngineChoice("whisper", "nowhere", ""), recording.is_over, tmp_path / "peaks")
    stopped.result()
    assert [event.code for event in heard if isinstance(event, Told)] == ["live_words_need_language"]
    assert found.facts is not None and found.chunks == ()


def test_an_engine_that_cannot_be_had_does_not_stop_listening_along(desk: Desk, recording: Recording) -> None:
    stopped = recording.stop_at(3_000)
    with pytest.raises(CoachDeskError):
        desk.keep_recording(
            recording.name, BringIn((), engine="scripted", model="/nowhere.json"), growing=recording.is_over
        )
    stopped.result()
    (row,) = desk.calls()
    assert row["duration_ms"] > 2_000 and left(desk) == []


def test_an_orphan_is_taken_up(desk: Desk, recording: Recording) -> None:
    assert desk.take_up() is None, "its window lives"
    recording.recorder.leave()
    wait(lambda: recording.aside.is_over)
    wait(lambda: '"orphaned"' in recording.recorder.beside.journal.read_text())
    taken = desk.take_up()
    assert taken is not None and taken.beside.journal.stem == recording.name
    taken.stop()
    assert isinstance(list(taken.messages())[-1], m.Sealed)
    assert desk.take_up() is None
    assert [one.id for one in desk.cut_off()] == [recording.name]
