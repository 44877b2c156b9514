"""What all tests of the window share: no screen, and the application styled once."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from coachdesk.gui.theme import theme


@pytest.fixture(scope="session", autouse=True)
def styled(qapp: QApplication) -> QApplication:
    """The application in the light theme."""
    theme().apply("light")
    return qapp
