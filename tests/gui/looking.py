"""Looking at a window as a person does: what is cut off, and what a screen reader has no name for."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QScrollArea, QWidget

from coachdesk.gui.bridge import Bridge
from coachdesk.gui.widgets.fields import Switch
from coachdesk.gui.widgets.first_actions import BigButton
from coachdesk.gui.widgets.text import Elided


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
        elif isinstance(widget, QAbstractButton) and not isinstance(widget, BigButton | Switch):
            if widget.sizeHint().width() > widget.width() or widget.sizeHint().height() > widget.height():
                found.append(widget.text())
        elif isinstance(widget, QScrollArea) and widget.widget().width() > widget.viewport().width():
            found.append(f"{type(widget).__name__} is wider than its window")
    return found


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
