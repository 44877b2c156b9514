"""The transcript: who said what, row by row. Follows playback, plays a row, corrects its words, finds, copies.

Space and the playback letters are left to the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QCursor,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QPushButton, QToolTip, QWidget

from coachdesk.gui.theme import set_icon, theme
from coachdesk.gui.widgets.text import caption, tip
from coachdesk.gui.widgets.transcript_edit import RowEditor
from coachdesk.gui.widgets.transcript_find import Finding
from coachdesk.gui.widgets.transcript_paint import State, paint_empty, paint_row
from coachdesk.gui.widgets.transcript_places import Places, places, tip_at, word_at
from coachdesk.gui.widgets.transcript_rows import Line
from coachdesk.gui.widgets.transcript_scroll import RowScroll
from coachdesk.sentences import _

__all__ = ["Line", "TranscriptView"]

_CALM = (0.0, 0.7)  # part of the view in which the spoken row may be before the view follows
_FOLLOW_AT, _SHOW_AT = 0.25, 0.3  # part of the view a row is brought to


class TranscriptView(RowScroll):
    """Rows of words in, what the person wants with them out."""

    play_asked = Signal(int, int)
    edited = Signal(int, str)
    mark_here = Signal(int)
    current_changed = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current: int | None = None  # rows, not indexes, from here on
        self._selected_from: int | None = None
        self._spoken: int | None = None
        self._hovered: int | None = None
        self._hot = ""
        self._pressed: tuple[int, str] | None = None
        self._margin: dict[int, str] = {}
        self._finding = Finding()
        self._follows = True
        self._empty = ""
        self._editor: RowEditor | None = None
        self._edited_row = 0
        self._pill = self._make_pill()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(_("Transcript"))
        self.setMinimumSize(240, 80)
        self.verticalScrollBar().actionTriggered.connect(self._scrolled_by_hand)
        theme().changed.connect(self.viewport().update)

    def _make_pill(self) -> QPushButton:
        # the space keeps the words off the icon
        pill = QPushButton(f" {caption(_('Follow'))}", self.viewport())
        pill.setProperty("look", "chip")
        set_icon(pill, "audio-lines", "own")
        pill.setToolTip(tip(_("Go along with what is being played")))
        pill.setCursor(Qt.CursorShape.PointingHandCursor)
        pill.clicked.connect(lambda: self.set_follow(True))
        pill.hide()
        return pill

    # --- nouns in

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines, in the order of time, from the first one."""
        self._keep_or_drop_editor(lines)
        self._current = self._selected_from = self._spoken = self._hovered = None
        self.replace_lines(list(lines))
        self._finding.search(self.rows)
        self._place_pill()
        self._place_editor()

    def update_lines(self, *lines: Line) -> None:
        """Other versions of lines that are shown; the view stays where it is."""
        self.rows.replace(lines)
        self._finding.search(self.rows)
        self._settle()
        self._place_editor()

    def set_position(self, ms: int) -> None:
        """Where playback is; -1: nowhere."""
        before, self._spoken = self._spoken, self.rows.spoken_at(ms) if ms >= 0 else None
        if self._spoken != before:
            self.update_row(before)
            self.update_row(self._spoken)
            self._go_along()
            self._place_pill()

    def set_margin(self, marks: dict[int, str]) -> None:
        """What hangs on rows: a number or a suggestion was counted from it ("evidence"), or a comment."""
        self._margin = dict(marks)
        self.viewport().update()

    def set_empty(self, text: str) -> None:
        """The sentence to show while there are no lines."""
        self._empty = text
        self.viewport().update()

    def show_index(self, index: int) -> None:
        """Make a line the current one and bring it into view."""
        row = self.rows.row_of(index)
        if row is None:
            return
        self._make_current(row, reveal=False)
        top = self.row_top(row)
        if top < 0 or top + self.rows.laid(row).height > self.viewport().height():
            self.glide_to(row, _SHOW_AT)

    def set_follow(self, on: bool) -> None:
        """Whether the view goes along with playback."""
        self._follows = on
        self._go_along()
        self._place_pill()

    @property
    def follows(self) -> bool:
        return self._follows

    @property
    def current_index(self) -> int:
        """The index of the current line; -1: none."""
        return -1 if self._current is None else self.rows.lines[self._current].index

    @property
    def chosen(self) -> tuple[int, ...]:
        """The indexes of the lines that are chosen, in order."""
        return tuple(self.rows.lines[row].index for row in self._selection())

    def word_under(self, everywhere: QPoint) -> tuple[int, int]:
        """(index of the line, number of the word from 0) at a place on the screen; -1 for what is not there."""
        at = self.viewport().mapFromGlobal(everywhere)
        row = self.row_at(at.y())
        word = None if row is None else word_at(self.rows.laid(row), self._places(row), at)
        return (-1 if row is None else self.rows.lines[row].index), (-1 if word is None else word)

    # --- finding

    def find(self, text: str) -> int:  # type: ignore[override]  # hides a static of QWidget nobody needs here
        """How many rows hold this text, in any case; goes to the first at or after the current one. "" ends it."""
        count = self._finding.look_for(text, self.rows)
        self._go_to(self._finding.at_or_after(self._current))
        self.viewport().update()
        return count

    def find_next(self) -> None:
        """The next row that matches; after the last the first."""
        self._go_to(self._finding.after(self._current))

    def find_previous(self) -> None:
        """The row before that matches; before the first the last."""
        self._go_to(self._finding.before(self._current))

    @property
    def matches(self) -> tuple[int, ...]:
        """The indexes of the lines that match."""
        return tuple(self.rows.lines[row].index for row in self._finding.rows)

    def _go_to(self, row: int | None) -> None:
        if row is not None:
            self._stop_following()
            self.show_index(self.rows.lines[row].index)

    # --- following playback

    def _go_along(self) -> None:
        row = self._spoken
        if not self._follows or row is None or self._editor:
            return
        top, page = self.row_top(row), self.viewport().height()
        bottom = top + self.rows.heights[row]
        if not _CALM[0] * page <= top <= _CALM[1] * page or bottom > page:
            self.glide_to(row, _FOLLOW_AT)

    def _scrolled_by_hand(self) -> None:
        self._motion.stop()
        self._stop_following()

    def _stop_following(self) -> None:
        self._follows = False
        self._place_pill()

    def _place_pill(self) -> None:
        self._pill.setVisible(not self._follows and self._spoken is not None and len(self.rows) > 0)
        size = self._pill.sizeHint()
        view = self.viewport()
        self._pill.setGeometry((view.width() - size.width()) // 2, view.height() - size.height() - 12, *size.toTuple())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_pill()
        self._place_editor()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._place_editor()
        if self.viewport().underMouse():  # another row came under the pointer
            self._hover(self.viewport().mapFromGlobal(QCursor.pos()))

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            if not len(self.rows):
                paint_empty(painter, QRectF(self.viewport().rect()), self._empty)
            for row in self.rows_in_view():
                top = self.row_top(row)
                if top <= event.rect().bottom() and top + self.rows.heights[row] >= event.rect().top():
                    self._paint_row(painter, row, event.rect())

    def _paint_row(self, painter: QPainter, row: int, exposed: QRect) -> None:
        line, laid = self.rows.lines[row], self.rows.laid(row)
        last = row + 1 == len(self.rows) or self.rows.starts_heading(row + 1)
        state = State(
            spoken=row == self._spoken,
            selected=row in self._selection(),
            current=row == self._current and self.hasFocus(),
            hovered=row == self._hovered,
            mark=self._margin.get(line.index, ""),
            hot=self._hot,
            turn_ends=last,
        )
        paint_row(painter, line, laid, self._places(row), state, self._finding.pattern, QRectF(exposed))

    def _places(self, row: int) -> Places:
        return places(self.rows.lines[row], self.rows.laid(row), self.row_top(row), self.viewport().width())

    # --- current row and selection

    def _selection(self) -> range:
        if self._current is None:
            return range(0)
        other = self._current if self._selected_from is None else self._selected_from
        return range(min(self._current, other), max(self._current, other) + 1)

    def _make_current(self, row: int, extend: bool = False, reveal: bool = True) -> None:
        row = min(max(row, 0), len(self.rows) - 1)
        if not extend:
            self._selected_from = None
        elif self._selected_from is None:
            self._selected_from = self._current if self._current is not None else row
        changed = row != self._current
        self._current = row
        if reveal:
            self.reveal(row)
        self.viewport().update()
        if changed:
            self._tell_current()
            self.current_changed.emit(self.rows.lines[row].index)

    def _tell_current(self) -> None:
        assert self._current is not None
        said = self.rows.said(self._current)
        self.setAccessibleDescription(said)  # sends the change to whoever listens
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _copy(self) -> None:
        rows = self._selection()
        if rows:
            QGuiApplication.clipboard().setText(
                "\n".join(self.rows.said(row, "{name} ({time}): {text}") for row in rows)
            )

    def _play(self, row: int) -> None:
        line = self.rows.lines[row]
        self._follows = True
        self._place_pill()
        self.play_asked.emit(line.start_ms, line.end_ms)

    # --- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif not len(self.rows) or not (self._move(event) or self._act(event)):
            event.ignore()

    def _move(self, event: QKeyEvent) -> bool:
        here = self._current
        if here is None:
            here = self.rows_in_view().start - (1 if event.key() == Qt.Key.Key_Down else 0)
        goals = {
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self.rows) - 1,
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            goal = self.page_from(max(here, 0), 1 if key == Qt.Key.Key_PageDown else -1)
        elif key in goals:
            goal = goals[key]
        else:
            return False
        self._scrolled_by_hand()
        self._make_current(goal, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return True

    def _act(self, event: QKeyEvent) -> bool:
        row = self._current
        if row is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._play(row)
        elif event.key() == Qt.Key.Key_F2:
            self._edit(row)
        elif event.key() == Qt.Key.Key_M:
            self.mark_here.emit(self.rows.lines[row].start_ms)
        else:
            return False
        return True

    # --- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row, hot = self._under(event.position().toPoint())
        self._pressed = None
        if row is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._pressed = None if extend else (row, hot)
            self._make_current(row, extend, reveal=False)
        elif row not in self._selection():
            self._make_current(row, reveal=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        row, hot = self._under(event.position().toPoint())
        if row is None or pressed != (row, hot):
            return
        if hot == "play":
            self._play(row)
        elif hot == "edit":
            self._edit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row, hot = self._under(event.position().toPoint())
        if row is not None and hot == "text" and event.button() == Qt.MouseButton.LeftButton:
            self._edit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(event.position().toPoint())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tip(self._tip_at(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        row = self._current if by_key else self.row_at(event.pos().y())
        if row is not None:
            self.menu_asked.emit(self.rows.lines[row].index, self.global_of(row) if by_key else event.globalPos())

    def _under(self, at: QPoint) -> tuple[int | None, str]:
        row = self.row_at(at.y())
        return row, "" if row is None else self._places(row).hot(at)

    def _hover(self, at: QPoint | None) -> None:
        row, hot = (None, "") if at is None else self._under(at)
        if (row, hot) != (self._hovered, self._hot):
            before, self._hovered, self._hot = self._hovered, row, hot
            self.update_row(before)
            self.update_row(row)
            hand = hot in ("play", "edit")
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def _tip_at(self, at: QPoint) -> str:
        row = self.row_at(at.y())
        if row is None:
            return ""
        line = self.rows.lines[row]
        return tip_at(line, self.rows.laid(row), self._places(row), at, self._margin.get(line.index, ""))

    # --- correcting

    def edit_index(self, index: int) -> None:
        """Open the field over a line."""
        row = self.rows.row_of(index)
        if row is not None:
            self._edit(row)

    def _edit(self, row: int) -> None:
        if self._editor:
            self._editor.drop()
        self._make_current(row)
        self._motion.stop()
        self._edited_row = row
        editor = self._editor = RowEditor(self.rows.words(row), self.viewport())
        editor.saved.connect(self._save)
        editor.dropped.connect(self._close_editor)
        self._place_editor()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self, text: str) -> None:
        index = self.rows.lines[self._edited_row].index
        self._close_editor()
        self.edited.emit(index, text)

    def _close_editor(self) -> None:
        editor, self._editor = self._editor, None
        if editor:
            had_focus = editor.hasFocus()
            editor.hide()
            QTimer.singleShot(0, editor.deleteLater)  # it may be in the middle of its own event
            if had_focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place_editor(self) -> None:
        if self._editor and len(self.rows):
            self._editor.put(self._places(self._edited_row).text)

    def _keep_or_drop_editor(self, lines: Sequence[Line]) -> None:
        """New lines close the field, unless the very line that is being corrected is among them."""
        if self._editor:
            kept = self.rows.lines[self._edited_row]
            same = [n for n, line in enumerate(lines) if (line.index, line.text) == (kept.index, kept.text)]
            if same:
                self._edited_row = same[0]
            else:
                self._editor.drop()
