"""Looking at a window as a person does: what is cut off, and what a screen reader has no name for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDateTimeEdit,
    QLabel,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QScrollArea,
    QStackedLayout,
    QWidget,
)

from coachdesk.gui.bridge import Bridge
from coachdesk.gui.widgets.door import Pressed
from coachdesk.gui.widgets.fields import Combo, Switch
from coachdesk.gui.widgets.text import Elided

_BESIDE = 28  # px of a combo that are no room for words: its frame and its arrow


def shown(root: QWidget) -> Iterator[QWidget]:
    """The widgets inside that are there to be seen."""
    return (widget for widget in root.findChildren(QWidget) if widget.isVisibleTo(root))


def cut_off(root: QWidget) -> list[str]:
    """What does not fit where it stands: labels, buttons, and pages wider than their window."""
    found = []
    for widget in shown(root):
        if isinstance(widget, QLabel) and not isinstance(widget, Elided) and widget.text():
            need = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            wide = 0 if widget.wordWrap() else widget.sizeHint().width()
            if need > widget.height() or wide > widget.width():
                found.append(widget.text())
        elif isinstance(widget, Pressed):
            within = widget.layout()
            if within.minimumSize().width() > widget.width() or within.heightForWidth(widget.width()) > widget.height():
                found.append(widget.accessibleName())
        elif isinstance(widget, QAbstractButton) and not isinstance(widget, Switch):
            line = widget.fontMetrics().height() if widget.text() else widget.iconSize().height()
            if widget.sizeHint().width() > widget.width() or line > widget.contentsRect().height():
                found.append(widget.text() or widget.accessibleName())
        elif isinstance(widget, QComboBox | QDateTimeEdit) and not isinstance(widget, Combo):
            said = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
            if widget.fontMetrics().horizontalAdvance(said) > widget.width() - _BESIDE:
                found.append(said)
        elif isinstance(widget, QScrollArea) and widget.widget().width() > widget.viewport().width():
            found.append(f"{type(widget).__name__} is wider than its window")
    return found


def overlapping(root: QWidget) -> list[str]:
    """What lies over its neighbour in the same layout."""
    found = []
    for widget in [root, *shown(root)]:
        for layout in [
            widget.layout(),
            *widget.findChildren(QLayout, options=Qt.FindChildOption.FindDirectChildrenOnly),
        ]:
            if layout is None or isinstance(layout, QStackedLayout):
                continue
            items = [item for n in range(layout.count()) if not (item := layout.itemAt(n)).isEmpty()]
            for one, other in combinations(items, 2):
                if not (both := one.geometry() & other.geometry()).isEmpty():
                    found.append(f"{_said(one)} and {_said(other)} share {both.width()} x {both.height()}")
    return found


def _said(item: QLayoutItem) -> str:
    widget = item.widget()
    if widget is None:
        return "a row"
    return str(getattr(widget, "text", str)() or widget.accessibleName() or type(widget).__name__)[:40]


def nameless(root: QWidget) -> list[str]:
    """What can have the keyboard and has no name."""
    inner = (QLineEdit,)  # the field inside a number box: the box has the name
    found = []
    for widget in shown(root):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isEnabled():
            continue
        if isinstance(widget, inner) and widget.objectName().startswith("qt_"):
            continue
        if isinstance(widget.parentWidget(), QComboBox):
            continue
        face = QAccessible.queryAccessibleInterface(widget)
        if not face.text(QAccessible.Text.Name):
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def settle(qtbot, bridge: Bridge) -> None:
    """Wait until everything asked so far was answered, and what came of it."""
    for _ in range(3):
        answers: list[int] = []
        bridge.ask(lambda desk: 1, answers.append)
        qtbot.waitUntil(lambda answers=answers: bool(answers), timeout=20_000)
