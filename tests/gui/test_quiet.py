"""When a recording should end by itself: shown first, waved off with one press, and never cutting what was said."""

from __future__ import annotations

from coachdesk.gui.quiet import COUNTDOWN_S, QUIET_MS, Quiet


def both_silent(since_ms: int = 10_000) -> Quiet:
    quiet = Quiet()
    quiet.silent("mic", since_ms - 4_000)
    quiet.silent("system", since_ms)
    return quiet


def test_a_minute_in_which_nobody_speaks_begins_a_countdown() -> None:
    quiet = both_silent()
    assert quiet.seconds_left(10_000 + QUIET_MS - 1) is None
    assert quiet.seconds_left(10_000 + QUIET_MS) == COUNTDOWN_S
    assert quiet.seconds_left(10_000 + QUIET_MS + 5_000) == COUNTDOWN_S - 5
    assert quiet.seconds_left(10_000 + QUIET_MS + 1_000 * COUNTDOWN_S) == 0


def test_what_is_left_out_begins_after_the_last_sound_of_either_side() -> None:
    quiet = both_silent(since_ms=10_000)
    quiet.seconds_left(10_000 + QUIET_MS)
    assert quiet.tail_from_ms == 11_000


def test_one_side_that_speaks_is_enough_to_go_on() -> None:
    quiet = Quiet()
    quiet.silent("system", 0)
    assert quiet.seconds_left(500_000) is None


def test_one_microphone_for_all_is_enough_to_count() -> None:
    quiet = Quiet(one_sided=True)
    quiet.silent("mic", 0)
    assert quiet.seconds_left(QUIET_MS) == COUNTDOWN_S


def test_who_speaks_again_calls_it_off_and_it_can_come_again() -> None:
    quiet = both_silent()
    quiet.seconds_left(10_000 + QUIET_MS)
    quiet.heard("mic")
    assert quiet.seconds_left(80_000) is None
    assert quiet.just_ended() and not quiet.just_ended()
    quiet.silent("mic", 90_000)
    assert quiet.seconds_left(90_000 + QUIET_MS) == COUNTDOWN_S


def test_waved_off_it_stays_away_until_somebody_spoke() -> None:
    quiet = both_silent()
    quiet.seconds_left(10_000 + QUIET_MS)
    quiet.wave_off()
    assert quiet.seconds_left(500_000) is None
    quiet.heard("system")
    quiet.silent("system", 510_000)
    assert quiet.seconds_left(510_000 + QUIET_MS) == COUNTDOWN_S


def test_a_program_that_lets_go_of_the_microphone_begins_it_at_once() -> None:
    quiet = Quiet()
    quiet.let_go(30_000)
    assert quiet.seconds_left(31_000) == COUNTDOWN_S - 1
    assert quiet.tail_from_ms == 30_000
