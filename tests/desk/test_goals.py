"""Goals over a history: twelve written calls, the verdict exactly when the definition says, the same every time."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coachdesk.desk import amend
from coachdesk.desk.desk import Desk, open_desk
from coachdesk.document import encode
from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, results
from coachdesk.history.store import now
from coachdesk.paths import resource

KIND = "sales_discovery"
PLAN = "The plan for today is short, and then your questions."
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def bring(desk: Desk, folder: Path, day: int, plans: int) -> str:
    """A written call of a day, with so many plans for the call near its start (rule OPN-01)."""
    lines = [
        *([PLAN] * plans),
        f"I see yard {day} from here.",
        "It has a long wall by the river.",
        "What did you do with it when they were here, and have you seen that it was there for you?",
    ]
    path = folder / f"call{day:02d}.txt"
    path.write_text("\n".join(f"[0:{4 * n:02d}] {('Dan', 'Priya')[n > plans]}: {text}" for n, text in enumerate(lines)))
    when = (START + timedelta(days=day)).timestamp()
    os.utime(path, (when, when))
    return desk.import_transcript(path, KIND, me="Dan")


def history(desk: Desk, folder: Path, plans: list[int], accept_after: int) -> list[str]:
    """The verdict's code after each call."""
    codes = []
    for day, n in enumerate(plans):
        call = bring(desk, folder, day, n)
        if day + 1 == accept_after:
            desk.respond(call, "OPN-01", "accept")
        codes += [goal["verdict"]["code"] for goal in desk.goals()]
    return codes


def goal(desk: Desk) -> dict[str, Any]:
    (found,) = desk.goals()
    return found


def test_twelve_calls_the_verdict_comes_with_the_fifth_after_the_yes(desk: Desk, tmp_path: Path) -> None:
    codes = history(desk, tmp_path, [0, 0, 0, 0, 0, 1, 2, 1, 1, 2, 1, 2], accept_after=5)
    assert codes == ["not_enough_calls"] * 5 + ["improved"] * 3
    found = goal(desk)
    assert (found["usual"], found["spread"], found["now"], found["unit"]) == (0.0, 0.0, 1.0, "count")
    assert (found["done"], found["checked"], found["test"]["op"]) == (5, 5, ">=")
    assert [one["done"] for one in found["before"] + found["after"]] == [False] * 5 + [True] * 7
    assert all(one["moments"] for one in found["after"])


def test_the_same_calls_shuffled_show_no_change(desk: Desk, tmp_path: Path) -> None:
    codes = history(desk, tmp_path, [1, 0, 2, 0, 1, 0, 1, 2, 0, 1, 0, 2], accept_after=5)
    assert codes == ["not_enough_calls"] * 5 + ["no_change"] * 3


def test_two_runs_and_a_history_made_anew_give_the_same_bytes(desk: Desk, own_home: Path, tmp_path: Path) -> None:
    history(desk, tmp_path, [0, 1, 0, 0, 2, 1, 2], accept_after=4)
    first = encode([desk.goals(), desk.trends()])
    assert encode([desk.goals(), desk.trends()]) == first
    with desk._store.write() as store:
        store.execute("DELETE FROM derived")
    with open_desk(str(own_home)) as other:
        assert encode(other.goals()) == encode(desk.goals())
        assert encode([other.goals(), other.trends()]) == first


def test_a_call_whose_playbook_changed_is_looked_at_anew(desk: Desk, own_home: Path, tmp_path: Path) -> None:
    history(desk, tmp_path, [0, 1], accept_after=1)
    assert [one["done"] for one in goal(desk)["after"]] == [True]
    shipped = (resource("playbooks") / f"{KIND}.toml").read_text("utf-8")
    own = own_home / "playbooks" / f"{KIND}.toml"
    own.write_text(shipped.replace('  "OPN-01", ', "  "), "utf-8")
    assert desk.goals() == []  # no playbook has the rule
    listens = '[[trackers]]\nid = "river"\nphrases = ["river"]\n\n[[trackers]]'
    own.write_text(shipped.replace("[[trackers]]", listens, 1), "utf-8")
    assert [one["done"] for one in goal(desk)["after"]] == [True]
    version = desk.playbook(KIND).version
    made_anew = desk._store.column(
        "SELECT count(*) FROM derived WHERE CAST(document AS TEXT) LIKE ?", (f"%{version}%",)
    )
    assert made_anew == [2]


def test_undo_takes_an_answer_back(desk: Desk, tmp_path: Path) -> None:
    call = bring(desk, tmp_path, 1, 0)
    undo = desk.amend(call, amend.Respond("OPN-01", "accept"))
    assert goal(desk)["state"] == "open"
    redo = desk.amend(call, undo)
    assert desk.goals() == []
    desk.amend(call, redo)
    done = desk.amend(call, amend.Respond("OPN-01", "done"))
    assert goal(desk)["state"] == "done"
    desk.amend(call, done)
    assert goal(desk)["state"] == "open"


def test_calls_of_another_by_name_are_in_no_own_number(desk: Desk, tmp_path: Path) -> None:
    own = [bring(desk, tmp_path, 1, 0), bring(desk, tmp_path, 2, 0)]
    desk.respond(own[1], "OPN-01", "accept")
    theirs = bring(desk, tmp_path, 3, 2)
    own.append(bring(desk, tmp_path, 4, 1))

    def named() -> tuple[list[str], set[str], list[str]]:
        sides = goal(desk)["before"] + goal(desk)["after"]
        in_trends = {one["call"] for series in desk.trends() for one in series["values"]}
        return [one["call"] for one in sides], in_trends, results.before(desk._store, own[-1], 5)

    with desk._store.write():
        calls.change(desk._store, theirs, rep_id=calls.person(desk._store, "Lena"))
    before = [*own[:2], theirs, own[2]]
    assert named() == (before, set(before), [theirs, own[1], own[0]]), "nobody said who one is"
    desk.change(my_name="Dan")
    assert named() == (own, set(own), [own[1], own[0]])
    assert not any(theirs in str(value) for value in (desk.goals(), desk.trends()))
    with desk._store.write():
        calls.change(desk._store, theirs, rep_id=calls.person(desk._store, "Dan"))
    assert named()[0] == before


@pytest.mark.parametrize("playbook", ["sales_demo", "support"], ids=["has the rule", "has it not"])
@pytest.mark.parametrize("answer", ["done", "dismiss"])
def test_a_goal_can_be_ended_from_its_call_whatever_that_is_coached_as_now(
    desk: Desk, tmp_path: Path, playbook: str, answer: str
) -> None:
    call = bring(desk, tmp_path, 1, 0)
    desk.respond(call, "NXT-02", "accept")
    desk.coach(call, playbook)
    assert goal(desk)["state"] == "open"
    desk.respond(call, "NXT-02", answer)
    assert (goal(desk)["kind"], goal(desk)["state"]) == (KIND, {"done": "done", "dismiss": "dismissed"}[answer])
    desk.amend(call, amend.Respond("NXT-02", "accept", KIND))  # as the page of goals says it
    assert (goal(desk)["kind"], goal(desk)["state"]) == (KIND, "open")


def test_answers_that_make_no_sense_are_refused(desk: Desk, tmp_path: Path) -> None:
    call = bring(desk, tmp_path, 1, 0)
    with pytest.raises(InputError):
        desk.respond(call, "OPN-01", "perhaps")
    with pytest.raises(NotFound):
        desk.respond(call, "XYZ-99", "accept")


class TestTheHistoryInCoaching:
    def why(self, desk: Desk, call: str, rule: str) -> list[str]:
        said = desk.review(call).suggestions
        return [part["code"] for s in said if s["rule"] == rule for part in s["why"]]

    @pytest.fixture
    def call(self, desk: Desk) -> str:
        """A call of the person's own that says what the sample says."""
        call = desk.open_sample("sales_discovery")
        with desk._store.write() as store:
            store.execute("UPDATE call SET source = 'import' WHERE id = ?", (call,))
        return call

    def again(self, desk: Desk, call: str, days: int) -> str:
        """The same call once more, so many days later."""
        copy = f"{days:032x}"
        with desk._store.write() as store:
            for table, column in (
                ("call", "id"),
                ("speaker", "call_id"),
                ("recording", "call_id"),
                ("transcript", "call_id"),
            ):
                for row in store.rows(f"SELECT * FROM {table} WHERE {column} = ?", (call,)):
                    row[column] = copy
                    if table == "call":
                        row["started_at"] = (START + timedelta(days=days)).isoformat(timespec="seconds")
                        row["created_at"] = now()
                    elif table != "speaker":
                        row["id"], before = f"{row['id'][:20]}{days}", row["id"]
                    store.insert(table, row)
                    if table == "recording":
                        for run in store.rows("SELECT * FROM activity WHERE recording_id = ?", (before,)):
                            store.insert("activity", run | {"recording_id": row["id"]})
                    if table == "transcript":
                        for said in store.rows("SELECT * FROM utterance WHERE transcript_id = ?", (before,)):
                            del said["n"]
                            store.insert("utterance", said | {"transcript_id": row["id"], "id": f"{said['id']}-{days}"})
        return copy

    def test_what_was_shown_on_two_of_three_calls_without_change_weighs_less(self, desk: Desk, call: str) -> None:
        first = desk.review(call).suggestions[0]
        copies = [self.again(desk, call, 400 + n) for n in range(3)]
        found = [desk.review(copy) for copy in copies]
        weights = [next((s["priority"] for s in doc.suggestions if s["rule"] == first["rule"]), 0) for doc in found]
        assert weights[0] == first["priority"]
        assert weights[1] in (0, pytest.approx(0.6 * first["priority"], abs=1e-3))
        assert [encode(desk.review(copy).suggestions) for copy in copies] == [encode(doc.suggestions) for doc in found]
        shown = {part["code"] for s in found[2].suggestions for part in s["why"]}
        assert "severity" in shown

    def test_a_goal_weighs_more_on_the_calls_that_prove_it_and_not_where_it_was_accepted(
        self, desk: Desk, call: str
    ) -> None:
        rule = desk.review(call).suggestions[1]["rule"]
        desk.respond(call, rule, "accept")
        assert "your_goal" not in self.why(desk, call, rule)
        assert "your_goal" in self.why(desk, self.again(desk, call, 400), rule)
        assert next(s for s in desk.review(call).suggestions if s["rule"] == rule)["goal"] == "open"

    def test_not_now_lowers_it_until_it_is_said_yes_to(self, desk: Desk, call: str) -> None:
        rule = desk.review(call).suggestions[0]["rule"]
        desk.respond(call, rule, "dismiss")
        assert desk.review(call).suggestions[0]["rule"] != rule
        desk.respond(call, rule, "accept")
        assert desk.review(call).suggestions[0]["rule"] == rule


class TestTrends:
    def test_each_kind_metric_and_basis_has_a_series_of_its_own(self, desk: Desk, tmp_path: Path) -> None:
        for day in range(4):
            bring(desk, tmp_path, day, 0)
        found = desk.trends()
        keys = [(series["kind"], series["metric"], series["subject"], series["basis"]) for series in found]
        assert len(set(keys)) == len(keys)
        assert not [metric for _kind, metric, _subject, _basis in keys if metric.startswith("wording")]
        (share,) = desk.trends("talk_ratio", KIND)
        assert (share["n"], len(share["values"]), share["median"] is not None) == (4, 4, True)

    def test_fewer_than_three_calls_have_no_usual(self, desk: Desk, tmp_path: Path) -> None:
        bring(desk, tmp_path, 1, 0)
        (share,) = desk.trends("talk_ratio")
        assert (share["median"], share["spread"], share["n"], share["of"]) == (None, None, 1, 3)

    def test_samples_are_nobodys_history(self, desk: Desk) -> None:
        desk.open_sample("sales_discovery")
        assert desk.trends() == []

    def test_a_number_that_does_not_exist_is_refused(self, desk: Desk) -> None:
        with pytest.raises(InputError, match="no number"):
            desk.trends("charm")
