"""Panes beside one another under tabs; those whose tabs find no room are behind "More"."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QTabBar, QTabWidget, QToolButton, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import caption
from coachdesk.sentences import _


class _Bar(QTabBar):
    def needs(self, index: int) -> int:
        """px a tab would take, seen or not."""
        return self.tabSizeHint(index).width()


class Panes(QTabWidget):
    """Tabs stay in their order; the one that is open is always seen."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._bar = _Bar()
        self.setTabBar(self._bar)
        self._bar.setAccessibleName(name)
        self._bar.setUsesScrollButtons(False)
        self._bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.setDocumentMode(True)
        self._bar.setDrawBase(False)  # after the mode, which draws one
        self.setAccessibleName(name)
        self.more = QToolButton()
        self.more.setText(caption(_("More")))
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        theme.set_icon(self.more, "chevron-down")
        self.more.setProperty("look", "quiet")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.more)
        self._menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self._menu)
        self.setCornerWidget(self.more, Qt.Corner.TopRightCorner)
        self.currentChanged.connect(lambda _index: self._fit())

    def add(self, pane: QWidget, name: str) -> None:
        self.addTab(pane, name)
        self._fit()

    def setCurrentIndex(self, index: int) -> None:
        """Open a pane, also one behind "More": Qt opens no tab that is not seen."""
        if 0 <= index < self.count():
            self.setTabVisible(index, True)
        super().setCurrentIndex(index)

    def setCurrentWidget(self, widget: QWidget) -> None:
        self.setCurrentIndex(self.indexOf(widget))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show as many tabs as there is room for, from the left; the open one takes the place of the last."""
        needed = [self._bar.needs(index) for index in range(self.count())]
        fits = sum(needed) <= self.width()
        room = self.width() - (0 if fits else self.more.sizeHint().width())
        open_one = self.currentIndex()
        left = room - (needed[open_one] if 0 <= open_one < len(needed) else 0)
        for index, width in enumerate(needed):
            if index == open_one:
                self.setTabVisible(index, True)
                continue
            left -= width
            self.setTabVisible(index, left >= 0)
        self.more.setVisible(not fits)

    def _fill(self) -> None:
        self._menu.clear()
        for index in range(self.count()):
            if not self.isTabVisible(index):
                act = self._menu.addAction(self.tabText(index))
                act.triggered.connect(lambda _on, index=index: self.setCurrentIndex(index))
