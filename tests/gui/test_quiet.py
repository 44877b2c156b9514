"""When a recording should end by itself: shown first, waved off with one press, called off by whoever speaks."""

from __future__ import annotations

from coachdesk.gui.quiet import COUNTDOWN_S, LET_GO_MS, QUIET_MS, Quiet

SPEECH, ROOM = -25.0, -60.0


def spoken_until(at_ms: int, one_sided: bool = False) -> Quiet:
    """Both were heard, last here."""
    quiet = Quiet(one_sided)
    quiet.level(at_ms - 5_000, SPEECH, ROOM)
    quiet.level(at_ms, ROOM, SPEECH)
    return quiet


def test_a_minute_in_which_nobody_speaks_begins_a_countdown() -> None:
    quiet = spoken_until(10_000)
    assert quiet.seconds_left(10_000 + QUIET_MS - 1) is None
    assert quiet.seconds_left(10_000 + QUIET_MS) == COUNTDOWN_S
    assert quiet.seconds_left(10_000 + QUIET_MS + 5_000) == COUNTDOWN_S - 5
    assert quiet.seconds_left(10_000 + QUIET_MS + 1_000 * COUNTDOWN_S) == 0


def test_what_is_left_out_begins_after_the_last_sound_of_either_side() -> None:
    quiet = spoken_until(10_000)
    assert quiet.tail_from_ms is None
    quiet.seconds_left(10_000 + QUIET_MS)
    assert quiet.tail_from_ms == 11_000


def test_who_speaks_calls_it_off_and_it_can_come_again() -> None:
    quiet = spoken_until(10_000)
    quiet.seconds_left(10_000 + QUIET_MS)
    quiet.level(75_000, SPEECH, None)
    assert quiet.seconds_left(75_100) is None
    assert quiet.just_ended() and not quiet.just_ended()
    assert quiet.seconds_left(75_000 + QUIET_MS) == COUNTDOWN_S


def test_a_side_that_was_never_heard_or_is_gone_is_no_silence() -> None:
    quiet = Quiet()
    quiet.level(5_000, SPEECH, ROOM)
    assert quiet.seconds_left(500_000) is None
    quiet = spoken_until(10_000)
    quiet.lost("system")
    assert quiet.seconds_left(500_000) is None
    quiet.heard("system")
    assert quiet.seconds_left(500_100) == COUNTDOWN_S


def test_one_microphone_for_all_is_enough_to_count() -> None:
    quiet = Quiet(one_sided=True)
    quiet.level(1_000, SPEECH, None)
    assert quiet.seconds_left(1_000 + QUIET_MS) == COUNTDOWN_S


def test_waved_off_it_stays_away_until_somebody_spoke() -> None:
    quiet = spoken_until(10_000)
    quiet.seconds_left(10_000 + QUIET_MS)
    quiet.wave_off()
    assert quiet.seconds_left(500_000) is None
    quiet.level(510_000, ROOM, SPEECH)
    assert quiet.seconds_left(510_000 + QUIET_MS) == COUNTDOWN_S


def test_a_program_that_lets_go_of_the_microphone_needs_only_seconds_of_silence() -> None:
    quiet = spoken_until(30_000)
    quiet.let_go()
    assert quiet.seconds_left(30_000 + LET_GO_MS - 1) is None
    assert quiet.seconds_left(30_000 + LET_GO_MS) == COUNTDOWN_S
    assert quiet.tail_from_ms == 31_000


def test_letting_go_ends_nothing_while_people_talk_on() -> None:
    quiet = spoken_until(30_000)
    quiet.let_go()
    for at_ms in range(30_000, 90_000, 1_000):
        quiet.level(at_ms, SPEECH, ROOM)
        assert quiet.seconds_left(at_ms) is None
