"""Takes: own voice only, compared with how it was, the best on the next card; no call, in no number, gone when deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from coachdesk.desk import take_heard, takes
from coachdesk.desk.desk import Desk
from coachdesk.desk.take_heard import Measured
from coachdesk.errors import InputError, NotFound
from coachdesk.speech.engine import EngineChoice
from tests.conftest import SAMPLES
from tests.desk.conftest import bring_words

CALL = SAMPLES / "sales_discovery" / "call.opus"
OPEN, CLOSED = "What happens when that slips, further down the line?", "Did you look at the list we sent last week?"


def recorded(desk: Desk, ms: int, sound: str = f"file:{CALL}?channel=0") -> str:
    """A take of about this length, as the window makes one; returns its name."""
    recorder = desk.take_begin(sound)
    for message in recorder.messages():
        if type(message).__name__ == "Level" and message.position_ms > ms:
            recorder.stop()
    return recorder.beside.sound.stem


def kept(desk: Desk, call: str, rule: str = "DIS-01", **more: object) -> takes.Take:
    """A take without the wait: its document beside a sound that is not heard here."""
    made = takes.Take(f"{len(list(desk.home.takes.glob('*'))):032x}", call, "sales_discovery", rule, 0, 1_000,
                      "2026-11-01T10:00:00+00:00", 5_000, Measured(5_000), **more)  # fmt: skip
    desk.home.takes.mkdir(exist_ok=True)
    (desk.home.takes / f"{made.id}.opus").write_bytes(b"sound")
    takes._write(desk.home, made)
    return made


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("text", "asks"), [(OPEN, "open"), (CLOSED, "closed"), ("Let me show you the list.", "none")]
    )
    def test_its_form(self, text, asks):
        assert take_heard.said(text, 4_000, "en", False).asks == asks

    def test_length_and_pace(self):
        assert take_heard.said("one two three four five six", 3_000, "en", True) == Measured(
            3_000, 6, 120, "none", True
        )

    @pytest.mark.parametrize(("text", "ms"), [("one two three four", 9_000), ("one two three four five", 1_000)])
    def test_too_little_has_no_pace(self, text, ms):
        assert take_heard.said(text, ms, "en", False).pace_wpm is None

    def test_an_unknown_language_has_no_form(self):
        assert take_heard.said(OPEN, 4_000, "xx", False).asks == ""


class TestTheOriginal:
    def original(self, desk: Desk, folder: Path, *said: str, start_ms: int) -> take_heard.Original:
        return desk.take_original(bring_words(desk, folder, "a", *said), start_ms, start_ms + 4_000)

    def test_it_is_the_own_turn_at_the_moment(self, desk, tmp_path):
        found = self.original(desk, tmp_path, OPEN, "It costs us a day.", "I see, thank you for that.", start_ms=0)
        assert (found.start_ms, found.said.asks) == (0, "open")

    def test_else_what_follows_it_and_is_more_than_a_response(self, desk, tmp_path):
        lines = (
            "Hello there, Priya.",
            "It costs us a day.",
            "I see.",
            "Every week, in fact.",
            "Then let me show you the list.",
        )
        found = self.original(desk, tmp_path, *lines, start_ms=4_000)
        assert (found.start_ms, found.said.words) == (16_000, 7)

    def test_where_nobody_of_the_own_side_speaks_it_is_the_moment(self, desk, tmp_path):
        found = self.original(desk, tmp_path, "Hello.", "It costs us a day, every single week.", start_ms=4_000)
        assert (found.start_ms, found.end_ms, found.said) == (4_000, 8_000, Measured(4_000))


class TestKeeping:
    def test_a_take_is_recorded_heard_and_kept_beside_the_history(self, desk, own_home):
        desk.change(engine="none")
        call = desk.open_sample("sales_discovery")
        before = desk.review(call)
        take = desk.take_keep(recorded(desk, 3_000), call, "DIS-01", 44_000, 56_000)
        assert desk.takes_of(call, "DIS-01") == [take] and desk.takes_of(call, "LIS-01") == []
        assert 1_000 < take.said.length_ms <= take.duration_ms < 6_000 and take.said.words is None
        assert sorted(p.suffix for p in desk.home.takes.iterdir()) == [".json", ".opus"]
        assert len(desk.calls()) == 1 and desk.cut_off() == [] and desk.review(call) == before
        with desk.take_player(take.id, lambda _now: None) as player:
            assert player.position_ms == 0
        desk.take_delete(take.id)
        assert list(desk.home.takes.iterdir()) == [] and desk.takes_of(call, "DIS-01") == []

    def test_silence_is_not_kept(self, desk, tmp_path):
        desk.change(engine="none")
        call = bring_words(desk, tmp_path, "a")
        name = recorded(desk, 1_000, f"file:{CALL}?channel=1")  # the other side, who begins later
        with pytest.raises(InputError, match="no voice"):
            desk.take_keep(name, call, "DIS-01", 0, 1_000)
        assert list(desk.home.takes.glob("*.opus")) == []

    def test_words_make_pace_and_form(self, desk, script, tmp_path):
        work = desk._work(desk.playbook("sales_discovery"))
        choice = EngineChoice("scripted", str(script([(0, 500, 4_000, OPEN)])), "en")
        path = SAMPLES / "recruiting_screen" / "call.opus"
        short = tmp_path / "take.opus"
        short.write_bytes(path.read_bytes()[:60_000])
        heard = take_heard.listen(work, short, choice, tmp_path / "peaks")
        assert heard is not None and (heard.words, heard.asks, heard.rough) == (9, "open", False)


class TestTheBest:
    def test_there_is_one_and_it_returns_on_the_card(self, desk, tmp_path):
        call = desk.open_sample("sales_discovery")
        rule = desk.review(call).suggestions[0]["rule"]
        first, second = kept(desk, call, rule), kept(desk, call, rule)
        desk.respond(call, rule, "accept")
        assert "take" not in desk.focus("sales_discovery")
        desk.take_best(first.id, True)
        desk.take_best(second.id, True)
        assert [take.best for take in desk.takes_of(call, rule)] == [False, True]
        assert desk.focus("sales_discovery")["take"]["id"] == second.id
        desk.take_delete(second.id)
        assert "take" not in desk.focus("sales_discovery")

    def test_what_is_gone_is_said(self, desk):
        with pytest.raises(NotFound):
            desk.take_best("0" * 32, True)
        desk.take_delete("../../nothing")  # as often as one likes

    def test_takes_go_with_their_call(self, desk, tmp_path):
        call, other = bring_words(desk, tmp_path, "a"), bring_words(desk, tmp_path, "b")
        kept(desk, call)
        stays = kept(desk, other)
        desk.delete(call)
        assert desk.takes_of(other, "DIS-01") == [stays]
        assert len(list(desk.home.takes.iterdir())) == 2

    def test_a_broken_document_costs_its_take_only(self, desk, tmp_path):
        call = bring_words(desk, tmp_path, "a")
        stays = kept(desk, call)
        (desk.home.takes / "broken.json").write_text("{")
        assert desk.takes_of(call, "DIS-01") == [stays]
