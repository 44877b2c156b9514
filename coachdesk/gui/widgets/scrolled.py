"""A pane that scrolls, filled anew as often as the document changes: place and keyboard focus stay where they were."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from coachdesk.gui import theme

_BY_TAB = Qt.FocusPolicy.TabFocus


class Scrolled(QScrollArea):
    """Widgets one below the other, never wider than the pane."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content = _Canvas()
        self._column = QVBoxLayout(self.content)
        self._column.setContentsMargins(0, theme.GAP, theme.GAP, theme.WIDER)
        self._column.setSpacing(theme.GAP)
        self.setWidget(self.content)

    def refill(self, widgets: Sequence[QWidget], *, from_top: bool = False) -> None:
        """Show these instead; `from_top` where they belong to another call."""
        at = 0 if from_top else self.verticalScrollBar().value()
        focused = focused_in(self.content)
        empty(self._column)
        for widget in widgets:
            self._column.addWidget(widget)
            widget.show()  # at once: what is still hidden counts as no height, and the place would be lost
        self._column.addStretch(1)
        self.settle()
        self.order_keys()
        if focused is not None:
            focus_again(self.content, focused)
        self.verticalScrollBar().setValue(at)

    def exchange(self, old: QWidget, new: QWidget) -> None:
        """One part of the column is another now; all else stays untouched."""
        at = self.verticalScrollBar().value()
        at_work = self.window().focusWidget()
        focused = focused_in(self.content) if at_work is not None and old.isAncestorOf(at_work) else None
        self._column.replaceWidget(old, new)
        old.hide()
        old.deleteLater()
        new.show()
        self.settle()
        self.order_keys()
        if focused is not None:
            focus_again(self.content, focused)
        self.verticalScrollBar().setValue(at)

    def settle(self) -> None:
        """Lay everything out now, so that places are true."""
        self._column.activate()
        QApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def order_keys(self) -> None:
        """Tab walks through here from the top, where the pane stands in its window; Qt puts what is new last."""
        before = self.previousInFocusChain()
        while before not in (None, self) and (self.isAncestorOf(before) or not before.focusPolicy() & _BY_TAB):
            before = before.previousInFocusChain()
        here = self.window()
        for widget in self.content.findChildren(QWidget):
            # the list of a combo is a window of its own
            if before is not None and widget.focusPolicy() & _BY_TAB and widget.window() is here:
                QWidget.setTabOrder(before, widget)
                before = widget


def focused_in(content: QWidget) -> str | None:
    """The name of what has the keyboard in here; None where it is elsewhere."""
    widget = content.window().focusWidget()
    return widget.accessibleName() if widget is not None and content.isAncestorOf(widget) else None


def focus_again(content: QWidget, name: str) -> None:
    """The same control as before; where it is gone, the first, so that Tab goes on in here."""
    able = [
        widget
        for widget in content.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisibleTo(content)  # not one that goes
    ]
    target = next((widget for widget in able if widget.accessibleName() == name), able[0] if able else None)
    if target is not None:
        target.setFocus(Qt.FocusReason.OtherFocusReason)


class _Canvas(QWidget):
    """As high as its words need at the width there is: what wrapped labels ask for at their narrowest is too much. Where
    nothing wraps, as high as all rows are, so that none is squeezed.
    """

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(least.width(), 0) if self.hasHeightForWidth() else least


def empty(layout: QLayout) -> None:
    """Take everything out of a layout; what was in it goes away when its own signals are through."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()


def card(look: str = "card") -> tuple[QFrame, QVBoxLayout]:
    """A card of a pane, and its column."""
    frame = QFrame()
    frame.setProperty("look", look)
    column = QVBoxLayout(frame)
    column.setContentsMargins(theme.WIDE, theme.WIDE, theme.WIDE, theme.WIDE)
    column.setSpacing(theme.GAP)
    return frame, column


def door_card(look: str = "card") -> tuple[QFrame, QVBoxLayout]:
    """A card that holds doors at its full width; `inset` for what else is in it, so that all stand under one another."""
    frame, column = card(look)
    column.setContentsMargins(theme.TINY_GAP, theme.WIDE, theme.TINY_GAP, theme.WIDE)
    return frame, column


def inset() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
    column.setSpacing(theme.GAP)
    return column
