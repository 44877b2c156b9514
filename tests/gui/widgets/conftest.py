"""What tests of widgets share: a system that asks for no motion."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QProxyStyle, QStyle


class Still(QProxyStyle):
    def styleHint(self, hint, option=None, widget=None, returned=None):
        if hint == QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, option, widget, returned)


@pytest.fixture
def still() -> Iterator[QProxyStyle]:
    """A style to give to a widget; it outlives the widgets of the test."""
    style = Still("Fusion")
    yield style
