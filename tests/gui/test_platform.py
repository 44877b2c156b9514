"""What the window stands on: a PySide6 that keeps count of what it returns."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QLabel


def test_calls_that_return_nothing_do_not_use_none_up(qtbot) -> None:
    """6.12.0 takes a reference from None with every such call: before Python 3.12 the program dies after some thousand."""
    label = QLabel("x")
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(100):
        label.setText("a")
    assert sys.version_info >= (3, 12) or sys.getrefcount(None) - before > -50
