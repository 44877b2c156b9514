"""A page that scrolls as one column: never wider than reads well, never wider than the window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from coachdesk.gui import theme


class Column(QScrollArea):
    """Fill `stack`. `centred`: in the middle; else at the left, beside a list."""

    def __init__(self, widest: int, centred: bool = False, margin: int = theme.PAGE) -> None:
        super().__init__()
        column = QWidget()
        column.setMaximumWidth(widest)
        self.stack = QVBoxLayout(column)
        self.stack.setContentsMargins(0, 0, 0, 0)
        self._canvas = canvas = _Canvas()
        beside = QHBoxLayout(canvas)
        beside.setContentsMargins(margin, margin, margin, margin)
        beside.setSpacing(0)
        if centred:
            beside.addStretch(1)
        beside.addWidget(column, 1000)
        beside.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(canvas)

    def top_of(self, widget: QWidget) -> int:
        """How far down a widget of the column begins."""
        return widget.mapTo(self._canvas, widget.rect().topLeft()).y()


class _Canvas(QWidget):
    """As high as its words need at the width there is: what wrapped labels ask for at their narrowest is too much."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)
