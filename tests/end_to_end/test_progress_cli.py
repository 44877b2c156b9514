"""Goals and trends as the command line gives them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coachdesk.cli import main
from coachdesk.desk.desk import open_desk
from tests.desk.test_goals import bring

KEYS = {"rule", "kind", "state", "plan", "before", "after", "usual", "spread", "now", "done", "checked", "verdict"}


@pytest.fixture
def told(own_home: Path, capsys):
    """What a command says on stdout."""

    def tell(*words: str) -> str:
        assert main(["--home", str(own_home), *words]) == 0
        return capsys.readouterr().out

    return tell


def test_a_goal_from_the_yes_to_the_verdict(own_home, tmp_path, told):
    assert "No goals yet" in told("goals")
    with open_desk(str(own_home)) as desk:
        calls = [bring(desk, tmp_path, day, 0) for day in range(4)]
    told("respond", calls[3], "OPN-01", "accept")
    lines = []
    with open_desk(str(own_home)) as desk:
        for day in range(4, 9):
            bring(desk, tmp_path, day, 1)
            lines.append(told("goals").strip())
    plan = "OPN-01     After the greeting, say the plan for the call and ask what is missing — "
    assert lines[3:] == [
        f"{plan}done in 4 of the last 4 calls; not enough calls yet: 4 of 5",
        f"{plan}done in 5 of the last 5 calls; better than before, beyond your usual spread",
    ]
    (goal,) = json.loads(told("goals", "--json"))
    assert goal.keys() >= KEYS
    assert told("goals", "--json") == told("goals", "--json")


def test_own_numbers(own_home, tmp_path, told):
    with open_desk(str(own_home)) as desk:
        for day in range(3):
            bring(desk, tmp_path, day, day)
    (share,) = json.loads(told("trends", "--metric", "talk_ratio", "--json"))
    assert (share["n"], len(share["values"]), share["basis"]) == (3, 3, "sound")
    assert "Share of the talking" in told("trends")
    assert main(["--home", str(own_home), "trends", "--metric", "charm"]) == 2
