"""The comments pane: a place to write at the moment one hears, threads by their moments, what is settled folded away.

Documents in, signals out; the page says which moment is meant. Nothing that was typed is lost: what is open stays open.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.comment_thread import Thread
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.scrolled import Scrolled
from coachdesk.gui.widgets.text import Label, tip
from coachdesk.gui.widgets.writing import Typed, Writing
from coachdesk.sentences import _, clock, ngettext

Document = dict[str, Any]
_WRITTEN = "new"


class CommentsPane(QWidget):
    """Ids are comments'; `commented`: (start_ms, end_ms or -1, text); `moment_asked` when writing begins without one."""

    play_asked = Signal(int, int)
    moment_asked = Signal()
    commented = Signal(int, int, str)
    replied = Signal(str, str)
    edited = Signal(str, str)
    removed = Signal(str)
    resolved = Signal(str, bool)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._call = ""
        self._read: list[Any] = []
        self._typed = Typed()
        self._open: set[tuple[str, str]] = set()  # (reply | edit, comment)
        self._settled_shown = False
        self._moment: tuple[int, int] | None = None
        self._drafts: dict[str, tuple[str, tuple[int, int] | None]] = {}  # by call
        column = QVBoxLayout(self._room())
        column.setContentsMargins(0, theme.GAP, 0, 0)
        column.setSpacing(theme.GAP)
        self._above = QHBoxLayout()
        self._above.addWidget(self._writer())
        column.addLayout(self._above)
        self.list = Scrolled()
        self.list.verticalScrollBar().rangeChanged.connect(self._align)
        self._align()
        column.addWidget(self.list, 1)

    def _room(self) -> QWidget:
        """Where everything stands: scrolled as a whole where the window is too low for the field and a thread."""
        room = QWidget()
        low = QScrollArea()
        low.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        low.setFrameShape(QFrame.Shape.NoFrame)
        low.setWidgetResizable(True)
        low.setWidget(room)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(low)
        return room

    def _align(self) -> None:
        """The field is as wide as what is in the list, with or without a scroll bar."""
        bar = self.list.verticalScrollBar()
        beside = bar.sizeHint().width() if bar.maximum() > 0 else 0
        self._above.setContentsMargins(0, 0, theme.GAP + beside, 0)

    def set_document(self, doc: Document) -> None:
        """Show a review's comments."""
        before, self._call = self._call, doc["call"]["id"]
        another = before != self._call
        if another:
            self._take_up_draft(before)
        read = [doc["comments"], doc["labels"]["questions"]]
        if not another and read == self._read:
            return
        if another:
            self._open.clear()
            self._typed.clear()
            self._settled_shown = False
        self._read, self._doc = read, doc
        self._show(from_top=another)

    def _take_up_draft(self, before: str) -> None:
        """What was typed on the call before waits for it; what was typed on this one is here again."""
        self._drafts[before] = (self.field.toPlainText(), self._moment)
        text, moment = self._drafts.pop(self._call, ("", None))
        self.field.forget()
        self.set_moment(moment)
        if text:
            self.field.setPlainText(text)

    def settle(self) -> None:
        self.list.settle()

    def begin(self, start_ms: int, end_ms: int = -1) -> None:
        """Write at a moment; what was typed before comes along."""
        self.set_moment((start_ms, end_ms))
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_moment(self, moment: tuple[int, int] | None) -> None:
        """The moment that what is written hangs on."""
        self._moment = moment
        if moment is None:
            self._when.say(_("M writes at the moment you hear"))
        elif moment[1] > moment[0]:
            self._when.say(_("From {start} to {end}").format(start=clock(moment[0]), end=clock(moment[1])))
        else:
            self._when.say(_("At {time}").format(time=clock(moment[0])))

    # --- writing

    def _writer(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("look", "card")
        column = QVBoxLayout(frame)
        column.setContentsMargins(theme.WIDE, theme.WIDE, theme.WIDE, theme.GAP)
        column.setSpacing(theme.GAP)
        self.field = Writing("", _("Comment"), self._typed, _WRITTEN, _("What is worth hearing here?"), least=1)
        self.field.let_go()  # nothing is said before it is meant
        self.field.begun.connect(self._begin)
        self.field.done.connect(self._say)
        self.field.left.connect(self.left)
        self._when = Label("", "small", wrap=True)
        self._send = QPushButton(_("Comment"))
        self._send.setProperty("look", "primary")
        self._send.setToolTip(tip(_("Ctrl+Return")))
        self._send.clicked.connect(self._say)
        self._send.setEnabled(False)
        self.field.textChanged.connect(lambda: self._send.setEnabled(bool(self.field.text())))
        row = QHBoxLayout()
        row.addWidget(self._when, 1)
        row.addWidget(self._send)
        column.addWidget(self.field)
        column.addLayout(row)
        self.set_moment(None)
        return frame

    def _begin(self) -> None:
        if self._moment is None:
            self.moment_asked.emit()

    def _say(self) -> None:
        text = self.field.text()
        if not text:
            return
        if self._moment is None:
            self.moment_asked.emit()
        start, end = self._moment or (0, -1)
        self.field.forget()
        self.set_moment(None)
        self.commented.emit(start, end, text)

    # --- threads

    def _show(self, from_top: bool = False) -> None:
        parts = self._parts()
        for field in self.list.content.findChildren(Writing):
            field.let_go()
        self.list.refill(parts, from_top=from_top)

    def _parts(self) -> list[QWidget]:
        firsts = [c for c in self._doc["comments"] if not c["reply_to"]]
        live = [first for first in firsts if not first["resolved"]]
        settled = [first for first in firsts if first["resolved"]]
        parts: list[QWidget] = [self._thread(first) for first in live]
        if not firsts:
            parts.append(
                Paragraph(
                    _(
                        "No comments yet. Press M while you listen: what you write hangs on that moment, on the timeline "
                        "and beside the words. Nobody sees it unless you publish the call."
                    ),
                    "muted",
                )
            )
        if settled:
            parts.append(self._fold(len(settled)))
            parts += [self._thread(first) for first in settled if self._settled_shown]
        return parts

    def _fold(self, count: int) -> QWidget:
        said = ngettext("{n} settled", "{n} settled", count).format(n=count)
        fold = QPushButton(said)
        fold.setProperty("look", "quiet")
        fold.setCheckable(True)
        fold.setChecked(self._settled_shown)
        theme.set_icon(fold, "chevron-down" if self._settled_shown else "chevron-right", "muted")
        fold.setAccessibleName(_("Show what is settled: {n}").format(n=count))
        fold.toggled.connect(self._show_settled)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(fold)
        row.addStretch(1)
        return line

    def _show_settled(self, on: bool) -> None:
        self._settled_shown = on
        self._show()

    def _thread(self, first: Document) -> Thread:
        replies = [c for c in self._doc["comments"] if c["reply_to"] == first["id"]]
        thread = Thread(first, replies, self._doc["labels"], self._open, self._typed)
        thread.play_asked.connect(self.play_asked)
        thread.open_asked.connect(self._open_field)
        thread.closed.connect(self._close_field)
        thread.replied.connect(self.replied)
        thread.edited.connect(self.edited)
        thread.removed.connect(self.removed)
        thread.resolved.connect(self.resolved)
        return thread

    def _open_field(self, what: str, comment: str) -> None:
        self._open.add((what, comment))
        self._show()
        for field in self.list.content.findChildren(Writing, f"{what} {comment}"):
            if field.isVisibleTo(self):  # one that goes may still be there
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.list.ensureWidgetVisible(field)

    def _close_field(self, what: str, comment: str) -> None:
        self._open.discard((what, comment))
        self._typed.drop((what, comment))
        self._show()
