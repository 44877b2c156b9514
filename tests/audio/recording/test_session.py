"""A recording without devices, threads and waiting: blocks and a clock are given to it, faster than they would come."""

from __future__ import annotations

import numpy as np
import pytest

from coachdesk.audio.recording import journal
from coachdesk.audio.recording import messages as m
from coachdesk.audio.recording.align import RATE_HZ
from coachdesk.audio.recording.capture import BLOCK
from coachdesk.audio.recording.clocks import Clocks
from coachdesk.audio.recording.session import Session
from tests.audio.sounds import codes, decode, noise

BLOCK_S = BLOCK / RATE_HZ
LIMITS = m.Limits(start_free_mb=0, stop_free_mb=0)
BOTH = ("mic", "system")


class Made:
    """A session whose time only passes in `run`."""

    def __init__(self, folder, limits=LIMITS, **start):
        self.folder, self.said = folder, []
        self.now_s, self.slept_s, self.set_s = 1000.0, 0.0, 0.0
        self.creeps_s, self.looks = 0.0, 0
        clocks = Clocks(
            self.now,
            lambda: 1_700_000_000 + self.now_s + self.slept_s + self.set_s,
            lambda: self.now_s + self.slept_s,
        )
        order = m.Start(**{"path": str(folder / "call.opus"), "call_id": "c1", "limits": limits, **start})
        # nothing runs its devices: blocks come from here alone
        self.session = Session(order, self.said.append, lambda work: None, lambda *_: None, lambda *_: None, clocks)
        self.sound = dict(zip(BOTH, noise(30, 2, RATE_HZ, seed=7), strict=True))
        self.heard = 0

    def now(self):
        """The clock; one that creeps goes on with every look, as a real one does."""
        self.looks += 1
        assert self.looks < 100_000, "a loop that never ends"
        self.now_s += self.creeps_s
        return self.now_s

    def block(self, side, silent=False):
        begins = self.heard * BLOCK % (self.sound[side].size - BLOCK)
        samples = np.zeros(BLOCK, np.float32) if silent else self.sound[side][begins : begins + BLOCK]
        generation = self.session._sides[side].generation
        self.session.hear(side, generation, samples, self.now_s)

    def run(self, seconds, sides=BOTH, silent=()):
        """So much time passes; these sides bring blocks, some of them silent ones."""
        for _ in range(round(seconds / BLOCK_S)):
            self.now_s += BLOCK_S
            for side in sides:
                self.block(side, side in silent)
            self.heard += 1
            self.session.tick()
        return self

    def order(self, *orders):
        for order in orders:
            self.session.order(order)
        return self

    def all(self, kind, **fields):
        return [s for s in self.said if isinstance(s, kind) and all(getattr(s, k) == v for k, v in fields.items())]

    def events(self, *kinds):
        return [event for event in journal.read(self.folder / "call.journal") if isinstance(event, kinds)]

    def stop(self):
        self.order(m.Stop())
        (sealed,) = self.all(m.Sealed)
        return sealed


# --- what the person tells


def test_what_is_ticked_and_described_lies_in_the_journal_at_its_moment_at_once(tmp_path):
    made = Made(tmp_path).run(2).order(m.Describe("Acme", "", "demo"), m.Tick("budget"))
    at_ms = made.session.position_ms
    made.run(1).order(m.Tick("budget", False), m.Describe("Acme, again", "Acme Inc", "demo"))
    assert made.events(journal.Ticked) == [
        journal.Ticked(at_ms, "budget", True),
        journal.Ticked(made.session.position_ms, "budget", False),
    ]
    assert made.events(journal.Described) == [
        journal.Described(at_ms, "Acme", "", "demo"),
        journal.Described(made.session.position_ms, "Acme, again", "Acme Inc", "demo"),
    ]
    assert at_ms == pytest.approx(2000, abs=250)
    made.stop()


@pytest.mark.parametrize(("asked_ms", "marked_ms"), [(1500, 1500), (-3, 0), (10**9, None)])
def test_a_tail_is_marked_within_the_recording_before_its_end(tmp_path, asked_ms, marked_ms):
    made = Made(tmp_path).run(3).order(m.Stop(tail_from_ms=asked_ms))
    (sealed,) = made.all(m.Sealed)
    tail, ended = made.events(journal.TailMarked, journal.Ended)
    assert tail.at_ms == (sealed.duration_ms if marked_ms is None else marked_ms)
    assert ended.why == "stopped"


def test_without_a_tail_none_is_marked(tmp_path):
    made = Made(tmp_path).run(1)
    made.stop()
    assert made.events(journal.TailMarked) == []


def test_laid_out_as_one_channel_nobody_is_told_that_the_other_is_silent_or_gone(tmp_path):
    made = Made(tmp_path).run(3, silent=["system"]).order(m.SetLayout("mixed"), m.SetLayout("mixed"))
    made.run(20, silent=["system"])
    made.run(5, sides=["mic"])  # and its device is gone
    assert made.all(m.Silent) == [] and made.all(m.Trouble) == [] and made.all(m.Gap) == []
    assert [event.layout for event in made.events(journal.LaidOut)] == ["mixed"]
    assert [event.code for event in made.events(journal.Troubled)] == ["device_gone"]  # kept, though not told
    made.stop()
    assert decode(tmp_path / "call.opus")[0].shape[0] == 2


def test_laid_out_as_two_sides_again_silence_counts_from_then_on(tmp_path):
    made = Made(tmp_path).run(20, silent=["mic"]).order(m.SetLayout("mixed")).run(20, silent=["system"])
    made.order(m.SetLayout("two_sides"))
    back_ms = made.session.position_ms
    made.run(14, silent=["system"])
    assert [silent.side for silent in made.all(m.Silent)] == ["mic"]
    made.run(2, silent=["system"])
    (silent,) = made.all(m.Silent, side="system")
    assert silent.since_ms == back_ms
    made.stop()


def test_laid_out_as_two_sides_again_a_side_that_is_gone_is_told(tmp_path):
    made = Made(tmp_path).run(2).order(m.SetLayout("mixed")).run(3, sides=["mic"])
    assert made.all(m.Trouble) == []
    made.order(m.SetLayout("two_sides"))
    assert [(trouble.code, trouble.params["side"]) for trouble in made.all(m.Trouble)] == [("device_gone", "system")]
    made.stop()


@pytest.mark.parametrize("layout", ["two_sides", "upside_down"])
def test_a_layout_that_cannot_be_is_passed_over(tmp_path, layout):
    made = Made(tmp_path, mixed=True).run(1, sides=["mic"]).order(m.SetLayout(layout))
    made.stop()
    assert made.events(journal.LaidOut) == []


def test_laid_out_as_one_channel_the_other_side_alone_does_not_keep_it_going(tmp_path):
    made = Made(tmp_path, limits=m.Limits(start_free_mb=0, stop_free_mb=0, no_source_s=5)).run(1)
    made.order(m.SetLayout("mixed")).run(9, sides=["system"])
    (sealed,) = made.all(m.Sealed)
    assert sealed.why == "no_source"


# --- its end, and its devices


@pytest.mark.parametrize("end", [m.Stop(), m.Pause()])
def test_a_side_that_hangs_at_the_end_takes_nothing_of_the_other_away(tmp_path, end):
    """A wireless headset that stalls for a second, just as somebody presses the button."""
    made = Made(tmp_path).run(3).run(1, sides=["mic"]).order(end)
    made.order(m.Stop())
    (sealed,) = made.all(m.Sealed)
    assert sealed.duration_ms == pytest.approx(4000, abs=60)
    sound, _ = decode(tmp_path / "call.opus")
    assert np.abs(sound[0, -8000:]).max() > 0.05


def test_a_gap_says_why_it_began(tmp_path):
    made = Made(tmp_path).run(2)
    made.session.lose("system", 1, "refused:denied")
    made.run(1, sides=["mic"]).run(1)
    assert [(gap.side, gap.why) for gap in made.stop().gaps] == [("system", "refused")]


# --- clocks


def test_sleep_is_a_seam_and_costs_no_time(tmp_path):
    made = Made(tmp_path).run(2)
    made.slept_s = 3600
    made.run(2)
    sealed = made.stop()
    (gap,) = sealed.gaps
    assert (gap.why, gap.start_ms, gap.lasted_ms) == ("sleep", gap.end_ms, 3_600_000)
    assert sealed.duration_ms == pytest.approx(4000, abs=400)


@pytest.mark.parametrize("set_s", [3600, -3600])
def test_a_clock_that_is_set_costs_nothing(tmp_path, set_s):
    made = Made(tmp_path).run(2)
    made.set_s = set_s
    made.run(2)
    sealed = made.stop()
    assert [gap.why for gap in sealed.gaps] == ["clock"]
    assert sealed.duration_ms == pytest.approx(4000, abs=60)


def test_a_disk_that_did_not_answer_for_a_minute_is_no_sleep_and_costs_nothing(tmp_path):
    """Blocks came all the time; only nobody looked."""
    made = Made(tmp_path).run(2)
    for _ in range(60 * 50):
        made.now_s += BLOCK_S
        for side in BOTH:
            made.block(side)
        made.heard += 1
    made.session.tick()
    made.run(1)
    sealed = made.stop()
    assert sealed.gaps == []
    assert sealed.duration_ms == pytest.approx(63_000, abs=60)
    sound, opened = decode(tmp_path / "call.opus")
    assert codes(opened) == [] and sound.shape[1] / 16 == pytest.approx(63_000, abs=60)


def test_where_the_clock_runs_on_in_sleep_it_is_told_by_what_did_not_come(tmp_path):
    made = Made(tmp_path).run(2)
    made.now_s += 3600
    made.run(2)
    sealed = made.stop()
    assert [gap.why for gap in sealed.gaps][:1] == ["sleep"]
    assert sealed.duration_ms < 5000


def test_sound_that_begins_while_it_is_paused_is_heard_after_it(tmp_path):
    made = Made(tmp_path, m.Limits(start_free_mb=0, stop_free_mb=0, silent_s=5))
    made.run(1).run(7, silent=BOTH).order(m.Pause()).run(2)
    assert {s.side for s in made.all(m.Silent)} == set(BOTH)
    before = len(made.all(m.Heard))
    made.order(m.Resume()).run(1)
    made.order(m.Stop())
    assert {s.side for s in made.all(m.Heard)[before:]} == set(BOTH)


def test_with_no_device_left_it_still_listens_to_orders(tmp_path):
    made = Made(tmp_path).run(1)
    for side in BOTH:
        made.session.lose(side, made.session._sides[side].generation, "device_gone")
    made.creeps_s = 0.001
    made.run(0.5, sides=()).order(m.Stop())
    assert [s.why for s in made.all(m.Sealed)] == ["stopped"]
