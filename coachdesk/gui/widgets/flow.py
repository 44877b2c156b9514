"""A layout that flows: widgets one after the other, onto the next line where a line is full. For chips and buttons."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from coachdesk.gui import theme


class Flow(QLayout):
    """Lines from left to right, or from right to left where the language does.

    `even`: where there is more than one line, none is left with a single straggler while others are full.
    """

    def __init__(self, parent: QWidget | None = None, gap: int = theme.GAP, even: bool = False) -> None:
        super().__init__(parent)
        self._even = even
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._put(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._put(rect, move=True)

    def sizeHint(self) -> QSize:
        """One line, as wide as it wants to be."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        wide = sum(size.width() for size in shown) + self._gap * max(len(shown) - 1, 0)
        return self._around(QSize(wide, max((size.height() for size in shown), default=0)))

    def minimumSize(self) -> QSize:
        """Room for the widest of them."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return self._around(size)

    def _around(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())

    def _put(self, rect: QRect, move: bool) -> int:
        """Lay the items out in a rectangle; returns the height that takes."""
        margins: QMargins = self.contentsMargins()
        inside = rect.marginsRemoved(margins)
        y = 0
        for line in self._lines(inside.width()):
            height = max(item.sizeHint().height() for item in line)
            if move:
                self._put_line(line, inside, y, height)
            y += height + self._gap
        return max(y - self._gap, 0) + margins.top() + margins.bottom()

    def _put_line(self, line: list[QLayoutItem], inside: QRect, y: int, height: int) -> None:
        x = 0
        for item in line:
            size = QSize(min(item.sizeHint().width(), inside.width()), item.sizeHint().height())
            at = inside.topLeft() + QPoint(x, y + (height - size.height()) // 2)
            item.setGeometry(self._mirrored(QRect(at, size), inside))
            x += size.width() + self._gap

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines = self._filled(width)
        if not self._even or len(lines) < 2:
            return lines
        narrower = (self._filled(width * percent // 100) for percent in range(50, 100, 5))
        return next((each for each in narrower if len(each) == len(lines)), lines)

    def _filled(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        x = 0
        for item in self._items:
            if item.isEmpty():
                continue
            wide = item.sizeHint().width()
            if not lines or x + wide > width:
                lines.append([])
                x = 0
            lines[-1].append(item)
            x += wide + self._gap
        return lines

    def _mirrored(self, place: QRect, inside: QRect) -> QRect:
        widget = self.parentWidget()
        if widget is None or widget.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return place
        return QRect(QPoint(inside.left() + inside.right() - place.right(), place.top()), place.size())
