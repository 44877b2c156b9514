"""What all tests of the window share: no screen, and the application styled once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["COACHDESK_SOUND"] = "none"  # players keep time by the clock

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from coachdesk.desk.desk import open_desk
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.theme import theme
from tests.conftest import SAMPLES


@pytest.fixture(scope="session", autouse=True)
def styled(qapp: QApplication) -> QApplication:
    """The application in the light theme."""
    theme().apply("light")
    return qapp


@pytest.fixture
def bridge(own_home: Path, qapp: QApplication) -> Iterator[Bridge]:
    """A bridge to a real desk in the test's own home, closed so that no thread is left."""
    opened = Bridge(str(own_home))
    yield opened
    opened.close()


@pytest.fixture
def window(bridge: Bridge, qtbot: QtBot) -> Iterator[MainWindow]:
    """The real window on the test's own home, past the first questions."""
    bridge.change_settings(welcomed=True, offer_to_record=False)
    made = MainWindow(bridge)
    made.show()
    made.activateWindow()
    made.start()
    qtbot.waitUntil(lambda: made.library._count >= 0, timeout=10_000)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture(scope="session")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Real review documents, by name: both samples, words without sound, and the sample with its words as a draft.

    They are shared: copy before changing.
    """
    home = tmp_path_factory.mktemp("reviews") / "home"
    with open_desk(str(home)) as desk:
        words_only = desk.import_transcript(SAMPLES / "sales_discovery" / "transcript.json")
        sales, recruiting = desk.open_sample("sales_discovery"), desk.open_sample("recruiting_screen")
        calls = {"words_only": words_only, "sales": sales, "recruiting": recruiting}
        found = {name: msgspec.to_builtins(desk.review(call)) for name, call in calls.items()}
        with desk._store.write() as store:
            store.execute(
                "UPDATE transcript SET draft = 1, grade = 'rough', engine = 'draft', source = '' WHERE call_id = ?",
                (sales,),
            )
        desk._recompute(sales)
        found["draft"] = msgspec.to_builtins(desk.review(sales))
    return found


@pytest.fixture
def pane_of(qtbot: QtBot) -> Callable[..., QWidget]:
    """A pane of its kind with a document in it, laid out at a size."""

    def made(kind: type, document: dict, width: int = 380, height: int = 640) -> QWidget:
        pane = kind()
        qtbot.addWidget(pane)
        pane.resize(width, height)
        pane.show()
        qtbot.waitExposed(pane)
        pane.set_document(document)
        pane.settle()
        return pane

    return made
