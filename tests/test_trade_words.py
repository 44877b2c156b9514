"""No word of any trade stands in the code's own texts: the playbook names the sides, whatever the trade."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from coachdesk import errors, settings
from coachdesk.cli import arguments
from coachdesk.conversation.metrics import METRICS
from tests.conftest import ROOT

TRADE = re.compile(r"(?<![\w-])(?:rep|customer|candidate|deal|prospect|buyer|recruiter)s?(?![\w-])", re.IGNORECASE)
SOURCES = sorted((ROOT / "coachdesk").rglob("*.py"))
ERRORS = {kind.__name__ for kind in errors._family(errors.CoachDeskError)}

# Agreed words of the command line: option names, their choices and metavars, fixed in the agreed surface.
AGREED_METAVARS = {"SPEAKER=rep|other"}
AGREED_CHOICES = {("rep", "other")}
AGREED_VALUES = re.compile(r"\brep or other\b|SPEAKER=rep\b")  # hints that tell what to write


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def written(node: ast.AST) -> Iterator[str]:
    """Every piece of text inside an expression, without the keys it is looked up by."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def texts(source: str) -> list[str]:
    """What a module says to people: arguments of _(), and messages and hints of its errors."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (called(node) in ("_", "gettext", "ngettext") or called(node) in ERRORS):
            found += [
                text for argument in (*node.args, *(k.value for k in node.keywords)) for text in written(argument)
            ]
    return found


def trade_words(said: list[str]) -> list[str]:
    return [text for text in said if TRADE.search(AGREED_VALUES.sub("", text))]


class TestTheSearch:
    @pytest.mark.parametrize("text", ["The rep spoke.", "Two Candidates", "deal: won", "(buyer)", "a recruiter's call"])
    def test_it_finds_trade_words(self, text):
        assert trade_words([text])

    @pytest.mark.parametrize("text", ["a repeated word", "dealt with it", "reports", "--rep NAME", "candidate_qs"])
    def test_it_leaves_other_words_and_identifiers_alone(self, text):
        assert not trade_words([text])

    def test_it_reads_interface_texts_messages_and_hints(self):
        source = 'raise InputError(f"No {x} of the buyer.", "Ask the rep.")\nprint(_("A deal"))\nname = "customer"\n'
        assert sorted(trade_words(texts(source))) == [" of the buyer.", "A deal", "Ask the rep."]


def test_enough_texts_are_read():
    assert len([text for path in SOURCES for text in texts(path.read_text("utf-8"))]) > 150


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(Path(path).relative_to(ROOT / "coachdesk")))
def test_interface_texts_and_errors_name_no_trade(path):
    assert trade_words(texts(path.read_text("utf-8"))) == []


def test_metrics_name_no_trade():
    assert trade_words([text for metric in METRICS for text in (metric.name, metric.definition)]) == []


def test_settings_name_no_trade():
    helps = [f.metadata["help"] for f in settings.Settings.__dataclass_fields__.values()]
    assert trade_words(helps) == []


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from parsers(below)


def test_the_help_of_the_command_line_names_no_trade():
    for parser in parsers(arguments.parser()):
        said = [parser.description or "", parser.epilog or ""]
        for action in parser._actions:
            said += [action.help or ""]
            said += [
                m for m in ([action.metavar] if isinstance(action.metavar, str) else []) if m not in AGREED_METAVARS
            ]
            if isinstance(action, argparse._SubParsersAction):
                said += [choice.help or "" for choice in action._choices_actions]
            elif action.choices and tuple(action.choices) not in AGREED_CHOICES:
                said += [str(choice) for choice in action.choices]
        assert trade_words(said) == []


def test_the_agreed_words_are_still_in_use():
    actions = [action for parser in parsers(arguments.parser()) for action in parser._actions]
    assert {action.metavar for action in actions if isinstance(action.metavar, str)} >= AGREED_METAVARS
    assert {tuple(action.choices) for action in actions if action.choices} >= AGREED_CHOICES
