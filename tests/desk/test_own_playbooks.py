"""Playbooks of one's own: checked before they are kept, winning over the shipped, taken back, tried on a call unsaved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coachdesk import cli
from coachdesk.cli.arguments import parser
from coachdesk.cli.commands import COMMANDS
from coachdesk.coaching import playbook_edit as edit
from coachdesk.desk.desk import Desk
from coachdesk.errors import CoachDeskError, InputError, NotFound, PlaybookError
from tests.desk.conftest import bring_words

SALES = "sales_discovery"


@pytest.fixture
def text(desk: Desk) -> str:
    return desk.playbook_source(SALES).text


def on_shelf(desk: Desk, playbook_id: str) -> object:
    return next((one for one in desk.playbook_shelf() if one.id == playbook_id), None)


class TestSaving:
    def test_an_own_text_wins_and_dropping_it_gives_the_shipped_one_back(self, desk, text):
        before = desk.playbook(SALES)
        assert desk.save_playbook(SALES, edit.set_words(text, "en", name="Ours")) is None
        assert desk.playbook(SALES).words("en").name == "Ours"
        assert desk.playbook(SALES).version != before.version
        assert (on_shelf(desk, SALES).own, on_shelf(desk, SALES).shipped) == (True, True)
        mine = desk.drop_own_playbook(SALES)
        assert desk.playbook(SALES) == before and not desk.playbook_source(SALES).own
        desk.save_playbook(SALES, mine)
        assert desk.playbook(SALES).words("en").name == "Ours", "undone"

    def test_what_is_replaced_or_dropped_lies_in_the_bin(self, desk, text, own_home):
        first, second = (edit.set_words(text, "en", name=name) for name in ("First", "Second"))
        desk.save_playbook(SALES, first)
        assert desk.save_playbook(SALES, second) == first
        binned = own_home / "playbooks" / "bin" / f"{SALES}.toml"
        assert binned.read_text("utf-8") == first
        assert desk.drop_own_playbook(SALES) == second
        assert binned.read_text("utf-8") == second
        assert not any(one.own for one in desk.playbook_shelf()), "what lies in the bin is no playbook"

    def test_a_wrong_text_is_refused_with_line_and_mend_and_nothing_is_touched(self, desk, text, own_home):
        desk.save_playbook(SALES, text)
        kept = sorted(own_home.rglob("*"))
        wrong = text.replace('patterns = ["budget"]', 'patterns = ["bugdet"]')
        line = 1 + wrong[: wrong.index("bugdet")].count("\n")
        for ask in (desk.save_playbook, desk.check_playbook_text):
            with pytest.raises(PlaybookError) as refused:
                ask(SALES, wrong)
            assert refused.value.message == f'{SALES}.toml, line {line}: there is no pattern "bugdet".'
            assert refused.value.hint
        assert desk.playbook_source(SALES).text == text and sorted(own_home.rglob("*")) == kept

    def test_the_file_and_its_id_belong_together(self, desk, text):
        with pytest.raises(PlaybookError, match="its id is sales_discovery"):
            desk.save_playbook("mine", text)

    @pytest.mark.parametrize("wrong", ["../mine", "Mine", "", "a/b"])
    def test_an_id_is_no_path(self, desk, text, wrong):
        with pytest.raises(InputError):
            desk.save_playbook(wrong, text)
        with pytest.raises(NotFound):
            desk.drop_own_playbook(wrong)

    def test_one_that_broke_by_hand_is_on_the_shelf_with_its_problem(self, desk, text, own_home):
        (own_home / "playbooks" / f"{SALES}.toml").write_text(text.replace("[limits]", "[limits"), "utf-8")
        shown = on_shelf(desk, SALES)
        assert shown.own and shown.shipped and "not valid TOML" in shown.problem and shown.hint
        desk.drop_own_playbook(SALES)
        assert not on_shelf(desk, SALES).problem


class TestDropping:
    @pytest.fixture
    def mine(self, desk, text):
        desk.save_playbook("mine", edit.copy_as(text, "mine", "Mine"))

    def test_calls_are_not_left_without_their_playbook(self, desk, mine, tmp_path):
        call = bring_words(desk, tmp_path, "a")
        desk.coach(call, "mine")
        with pytest.raises(InputError, match="1 calls"):
            desk.drop_own_playbook("mine")
        desk.coach(call, SALES)
        desk.drop_own_playbook("mine")
        assert on_shelf(desk, "mine") is None

    def test_nor_those_in_the_bin(self, desk, mine, tmp_path):
        call = bring_words(desk, tmp_path, "a")
        desk.coach(call, "mine")
        desk.put_in_bin(call)
        with pytest.raises(InputError, match="1 calls in the bin"):
            desk.drop_own_playbook("mine")
        desk.take_from_bin(call)
        assert desk.review(call).call["kind"], "it has its playbook still"
        desk.delete(call)
        desk.drop_own_playbook("mine")

    def test_nor_new_calls(self, desk, mine):
        desk.change(playbook="mine")
        with pytest.raises(InputError, match="New calls"):
            desk.drop_own_playbook("mine")

    def test_what_is_not_there_cannot_go(self, desk):
        with pytest.raises(NotFound):
            desk.drop_own_playbook(SALES)


class TestPreview:
    @pytest.fixture(scope="class")
    @staticmethod
    def sample(tmp_path_factory):
        """A desk with the sample call."""
        from coachdesk.desk.desk import open_desk

        with open_desk(str(tmp_path_factory.mktemp("preview") / "home")) as opened:
            yield opened, opened.open_sample(SALES)

    def test_unchanged_it_says_what_the_review_says(self, sample):
        desk, call = sample
        said, shown = desk.preview(call, SALES, desk.playbook_source(SALES).text), desk.review(call)
        assert said["before"] == said["after"]
        for kind in ("praise", "suggestions", "review_flags"):
            assert said["after"][kind] == getattr(shown, kind)

    def test_a_rule_left_out_is_suggested_no_more_and_nothing_is_stored(self, sample):
        desk, call = sample
        before = desk.review(call)
        first = before.suggestions[0]["rule"]
        said = desk.preview(call, SALES, edit.use_rule(desk.playbook_source(SALES).text, first, False))
        assert first in [s["rule"] for s in said["before"]["suggestions"]]
        assert first not in [s["rule"] for s in said["after"]["suggestions"]]
        assert desk.review(call) == before and not desk.playbook_source(SALES).own

    def test_a_new_playbook_has_nothing_before(self, sample):
        desk, call = sample
        said = desk.preview(call, "new", edit.copy_as(desk.playbook_source(SALES).text, "new"))
        assert said["before"] == said["after"] and said["after"]["suggestions"]

    def test_a_wrong_text_says_where(self, sample):
        desk, call = sample
        with pytest.raises(PlaybookError, match="line"):
            desk.preview(call, SALES, desk.playbook_source(SALES).text.replace('side = "other"', 'side = "others"', 1))


class TestCommands:
    def run(self, *words: object) -> int:
        """As `cli.main`, which also counts connections of the whole process for good."""
        asked = parser().parse_args(list(map(str, words)))
        try:
            return COMMANDS[asked.command](asked)
        except CoachDeskError as problem:
            cli.tell(problem)
            return cli.WRONG

    def test_a_copy_is_listed_and_read_in_plain_words(self, own_home, capsys):
        assert self.run("playbooks", "copy", SALES, "mine", "--name", "Ours") == 0
        assert str(own_home / "playbooks" / "mine.toml") in capsys.readouterr().out
        assert self.run("playbooks") == 0
        assert "mine                 Ours: " in capsys.readouterr().out
        assert self.run("playbooks", "rules", "mine", "--json") == 0
        rules = {rule["id"]: rule for rule in json.loads(capsys.readouterr().out)}
        assert rules["QUE-01"]["when"].startswith("Questions in 30 minutes (you): less than 8")
        assert rules["QUE-01"]["source"] and rules["QUE-01"]["family"] == "Questions"

    def test_a_shipped_one_is_copied_under_its_own_id_once(self, capsys):
        assert self.run("playbooks", "copy", SALES, SALES) == 0
        assert self.run("playbooks", "copy", SALES, SALES) == 2
        assert "already" in capsys.readouterr().err

    def test_a_copy_elsewhere_overwrites_nothing(self, tmp_path: Path, own_home, capsys):
        path = tmp_path / "mine.toml"
        assert self.run("playbooks", "copy", SALES, "mine", "-o", path) == 0
        assert self.run("playbooks", "check", path) == 0
        assert self.run("playbooks", "copy", SALES, "mine", "-o", path) == 2
        assert not (own_home / "playbooks" / "mine.toml").exists()

    @pytest.mark.parametrize(
        "words", [("copy", SALES), ("copy", "nothing", "mine"), ("copy", SALES, "recruiting_screen"), ("rules",)]
    )
    def test_what_cannot_be_is_said(self, words, capsys):
        assert self.run("playbooks", *words) == 2
        assert capsys.readouterr().err.strip()
