"""The house stands as drawn, and the machines that watch it see when it does not."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "coachdesk"
LONGEST = 450
LONG_FOR_A_REASON: dict[str, str] = {}
NO_NAMES = {"utils", "helpers", "common", "core", "manager", "misc"}
MOCKS = re.compile(r"\b(?:Magic)?Mock\b|\bpatch\(")
MOST_MOCKS_PER_TEST = 0.05


def run(*command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True)


def imports(folder: Path) -> tuple[int, str]:
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run([sys.executable, "-c", code, "--no-cache"], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def banned(folder: Path) -> list[str]:
    """The files with banned imports, as ruff sees them."""
    done = run("ruff", "check", "--no-cache", "--select", "TID251", "--output-format", "concise", ".", folder=folder)
    assert done.returncode in (0, 1), done.stderr
    return sorted({line.split(":")[0] for line in done.stdout.splitlines() if "TID251" in line})


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(PACKAGE, copy / "coachdesk", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.fixture
def house(original: Path, tmp_path: Path) -> Path:
    """A copy of the package to break."""
    shutil.copytree(original, tmp_path / "house")
    return tmp_path / "house"


def add(house: Path, module: str, line: str) -> None:
    path = house / "coachdesk" / module
    before = path.read_text("utf-8") if path.exists() else '"""A new module."""\n'
    path.write_text(f"{before}\n{line}\n", "utf-8")


class TestImports:
    STOREYS = "The storeys of the house: imports only go down"
    SIBLINGS = "No circles between siblings"
    QT = "Qt exists only in gui"
    FACES = "The faces reach the rooms only through the desk"

    def test_the_contracts_hold(self, original):
        code, said = imports(original)
        assert code == 0, said
        assert "5 kept, 0 broken" in said

    @pytest.mark.parametrize(
        ("module", "line", "contract"),
        [
            ("conversation/text.py", "import PySide6.QtCore", QT),
            ("desk/events.py", "from PySide6 import QtCore", QT),
            ("cli/output.py", "from coachdesk.history import store", FACES),
            ("gui/app.py", "import coachdesk.speech.engine", FACES),
            ("desk/events.py", "from coachdesk.cli import output", STOREYS),
            ("coaching/findings.py", "from coachdesk.conversation import text", STOREYS),
            ("conversation/text.py", "from coachdesk.speech import protocol", STOREYS),
            ("audio/peaks.py", "from coachdesk.speech import protocol", STOREYS),
            ("paths.py", "from coachdesk import settings", STOREYS),
            ("model.py", "from coachdesk import document", STOREYS),
            ("new_room.py", "import json", STOREYS),
            ("conversation/lexicon.py", "from coachdesk.conversation import text", SIBLINGS),
            ("coaching/playbook.py", "from coachdesk.coaching import suggestions", SIBLINGS),
        ],
    )
    def test_a_breach_is_seen(self, house, module, line, contract):
        add(house, module, line)
        code, said = imports(house)
        assert code == 1, said
        assert f"{contract} BROKEN" in said


class TestBannedModules:
    def test_none_is_imported_where_it_must_not_be(self, original):
        assert banned(original) == []

    @pytest.mark.parametrize(
        ("module", "line"),
        [
            ("conversation/text.py", "import subprocess"),
            ("desk/desk.py", "import sqlite3"),
            ("coaching/findings.py", "import socket"),
            ("cli/output.py", "from PySide6 import QtCore"),
            ("export/text.py", "from urllib import request"),
            ("desk/pipeline.py", "import threading"),
            ("audio/load.py", "from concurrent.futures import ThreadPoolExecutor"),
            ("speech/whisper.py", "import huggingface_hub"),
        ],
    )
    def test_a_breach_is_seen(self, house, module, line):
        add(house, module, line)
        assert banned(house) == [f"coachdesk/{module}"]


class TestShape:
    def test_no_file_is_long_without_a_reason(self):
        lengths = {
            str(path.relative_to(PACKAGE)): len(path.read_text("utf-8").splitlines()) for path in PACKAGE.rglob("*.py")
        }
        assert {name for name, lines in lengths.items() if lines > LONGEST} <= LONG_FOR_A_REASON.keys()
        assert all(lengths[name] > LONGEST for name in LONG_FOR_A_REASON), "a reason without need"

    @pytest.mark.parametrize("folder", ["coachdesk", "tests"])
    def test_nothing_has_a_name_that_says_nothing(self, folder):
        parts = {
            part.removesuffix(".py") for path in (ROOT / folder).rglob("*") for part in path.parts[len(ROOT.parts) :]
        }
        assert parts.isdisjoint(NO_NAMES)

    def test_every_module_says_what_it_is_for(self):
        silent = [p for p in PACKAGE.rglob("*.py") if not p.read_text("utf-8").startswith(('"""', 'r"""'))]
        assert silent == []

    def test_the_tests_hardly_mock(self):
        texts = [p.read_text("utf-8") for p in (ROOT / "tests").rglob("*.py") if p.name != Path(__file__).name]
        tests = sum(len(re.findall(r"^\s*def test_", text, re.MULTILINE)) for text in texts)
        mocks = sum(len(MOCKS.findall(text)) for text in texts)
        assert tests > 100
        assert mocks / tests < MOST_MOCKS_PER_TEST
