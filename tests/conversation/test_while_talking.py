"""Own share and present stretch while a call goes on, from levels alone."""

from __future__ import annotations

import pytest

from coachdesk.conversation.while_talking import OwnTalk

SPEECH, ROOM = -25.0, -65.0


def talk(*parts: tuple[float, bool, bool]) -> OwnTalk:
    """A call of (seconds, own speaks, other speaks), ten levels a second."""
    heard, at_ms = OwnTalk(), 0
    for seconds, own, other in parts:
        for _ in range(round(10 * seconds)):
            at_ms += 100
            heard.push(at_ms, SPEECH if own else ROOM, SPEECH if other else ROOM)
    return heard


def test_the_share_is_the_own_part_of_all_talking() -> None:
    heard = talk((30, True, False), (3, False, False), (10, False, True), (3, False, False))
    assert heard.share == pytest.approx(0.75, abs=0.02)


def test_nothing_is_said_before_there_is_enough_or_where_one_side_is_missing() -> None:
    assert talk((5, True, False), (3, False, True)).share is None
    assert talk((60, True, False)).share is None


def test_a_stretch_goes_on_over_breath_and_ends_with_the_other_or_a_pause() -> None:
    assert talk((5, True, False), (0.8, False, False), (5, True, False)).stretch_ms == pytest.approx(10_700, abs=200)
    assert talk((5, True, False), (2, False, True)).stretch_ms == 0
    assert talk((5, True, False), (4, False, False)).stretch_ms == 0


def test_a_short_yes_over_the_own_talk_does_not_end_it() -> None:
    assert talk((5, True, False), (0.5, True, True), (5, True, False)).stretch_ms == pytest.approx(10_400, abs=300)


def test_a_loud_room_becomes_the_floor() -> None:
    heard, at_ms = OwnTalk(), 0
    for _ in range(600):
        at_ms += 100
        heard.push(at_ms, -45.0, ROOM)
    assert heard.stretch_ms == 0


def test_a_missing_side_and_a_recording_that_jumps_are_no_speech() -> None:
    heard = OwnTalk()
    heard.push(0, None, None)
    heard.push(3_600_000, None, None)
    assert heard.share is None and heard.stretch_ms == 0
