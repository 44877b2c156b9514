"""What is written about the program is true of it: commands, errors, metrics, settings, codes and their sentences."""

from __future__ import annotations

import argparse
import ast
import dataclasses
import re
import string

import pytest

from coachdesk import errors, sentences
from coachdesk.cli import arguments
from coachdesk.coaching.findings import _SAID_ALOUD
from coachdesk.conversation.metrics import METRICS
from coachdesk.settings import Settings
from tests.conftest import ROOT

AGREED = [
    "demo",
    "analyze",
    "import-transcript",
    "transcribe",
    "result",
    "case",
    "next",
    "calls",
    "show",
    "search",
    "coach",
    "brief",
    "guide",
    "amend",
    "respond",
    "goals",
    "trends",
    "score",
    "comment",
    "export",
    "models",
    "playbooks",
    "delete",
    "doctor",
]  # the commands of the agreed surface that exist
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "coachdesk").rglob("*.py"))}


def commands() -> dict[str, argparse.ArgumentParser]:
    actions = arguments.parser()._actions
    return next(dict(action.choices) for action in actions if isinstance(action, argparse._SubParsersAction))


def codes(*names: str) -> dict[str, set[str]]:
    """First arguments that are plain text of calls by these names, each with the files it is emitted in."""
    found: dict[str, set[str]] = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                first = node.args[0]
                if name in names and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.setdefault(first.value, set()).add(path.name)
    return found


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


class TestCommands:
    def test_every_agreed_command_that_exists_here_has_help(self):
        assert set(AGREED) <= commands().keys()
        for name, parser in commands().items():
            assert parser.description, name
            assert parser.format_help().startswith(f"usage: coachdesk {name}")

    @pytest.mark.parametrize("name", ["home", "version"])
    def test_the_options_before_the_command_are_explained(self, name):
        assert f"--{name}" in arguments.parser().format_help()


class TestErrors:
    def test_every_error_is_drawn_in_the_tree(self):
        drawn = re.findall(r"^ +[│ ]*(?:[├└]── )?(\w+)(?: {2,}|\(|$)", errors.__doc__, re.MULTILINE)
        assert set(drawn) == {kind.__name__ for kind in errors._family(errors.CoachDeskError)}

    def test_each_hangs_below_its_parent(self):
        lines = [line for line in errors.__doc__.splitlines() if "──" in line]
        above: dict[int, str] = {0: "CoachDeskError"}
        for line in lines:
            depth = line.index("──") // 4
            name = line.split("── ")[1].split()[0]
            above[depth] = name
            assert getattr(errors, name).__mro__[1].__name__ == above[depth - 1], name

    def test_every_error_says_what_it_is_for(self):
        assert all(kind.__doc__ for kind in errors._family(errors.CoachDeskError))

    def test_errors_come_back_whole_from_their_code(self):
        for kind in errors._family(errors.CoachDeskError):
            made = errors.by_code(kind("m", "h").code, "m", "h")
            assert (type(made), made.message, made.hint, str(made)) == (kind, "m", "h", "m")
        assert type(errors.by_code("SomethingNew", "m", "h")) is errors.EngineError


class TestCatalogue:
    @pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
    def test_every_metric_has_a_name_and_a_definition(self, metric):
        assert metric.name[:1].isupper() or metric.name.startswith("{")
        assert metric.definition.endswith(".")
        assert metric.unit and metric.subjects
        assert blanks(metric.name) | blanks(metric.definition) <= {"own", "other"}

    def test_no_metric_stands_twice(self):
        assert len({metric.id for metric in METRICS}) == len(METRICS)

    @pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda field: field.name)
    def test_every_setting_has_help(self, field):
        assert field.metadata["help"].endswith(".")


class TestCodes:
    def test_every_notice_has_a_sentence(self):
        emitted = codes("Notice", "_note")
        assert {"no_speech", "mixed_down", "cuda_failed"} <= emitted.keys()
        assert emitted.keys() - sentences.NOTICES.keys() == set()

    def test_every_reason_a_number_is_withheld_for_has_a_sentence(self):
        emitted = codes("Withheld")
        assert {"no_words", "too_few_gaps", "wording_off"} <= emitted.keys()
        assert emitted.keys() - sentences.REASONS.keys() == set()

    def test_every_reason_a_rule_was_not_checked_for_has_a_sentence(self):
        assert set(_SAID_ALOUD) - sentences.REASONS.keys() == set()

    def test_every_part_of_a_suggestions_weight_has_words(self):
        params = {"severity": 3, "strength": "craft", "n": 2, "of": 3}
        emitted = codes("Weight")
        assert {"severity", "strength", "your_goal", "shown_before", "not_for_me"} == emitted.keys()
        for code in emitted:
            said = sentences.why_this([{"code": code, "params": params}])
            assert said and said != code and "{" not in said

    def test_every_verdict_on_a_goal_has_a_sentence(self):
        emitted = codes("Verdict").keys() | {"improved", "worse"}
        assert emitted == {"not_enough_calls", "no_change", "improved", "worse"}
        for code in emitted:
            for side in ("before", "after"):
                said = sentences.verdict({"code": code, "params": {"n": 2, "of": 5, "side": side}})
                assert said != code and "{" not in said

    def test_every_check_of_the_doctor_has_its_two_sentences(self):
        source = (ROOT / "coachdesk" / "desk" / "doctor.py").read_text("utf-8")
        assert set(re.findall(r'^ +\("(\w+)", ', source, re.MULTILINE)) == sentences.CHECKS.keys()
        assert all(good and bad and good != bad for good, bad in sentences.CHECKS.values())

    def test_a_code_without_a_sentence_is_still_readable(self):
        assert sentences.reason("some_new_reason", {}) == "some new reason"

    def test_a_sentence_whose_blanks_are_not_filled_is_still_said(self):
        assert sentences.notice("mixed_down", {}) == sentences.NOTICES["mixed_down"]
        assert "5 channels" in sentences.notice("mixed_down", {"channels": 5})


@pytest.mark.parametrize("command", ["sh packaging/run.sh", "sh packaging/test.sh"])
def test_the_readme_holds_the_two_commands(command):
    assert command in (ROOT / "README.md").read_text("utf-8")
