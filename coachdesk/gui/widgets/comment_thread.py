"""One thread of comments: a moment to play, what was said about it, replies beneath, and what can be done with them."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.text import Elided, Label, place, tidy, tip
from coachdesk.gui.widgets.writing import Typed, Writing
from coachdesk.sentences import _, clock, remark

Document = dict[str, Any]
_POINT_MS = 10_000  # what is played of a comment that hangs on a point in time
_INSET = 16  # px a reply stands in


class Thread(QFrame):
    """`open_asked` and `closed`: a field (reply | edit, comment) is wanted, or not any more. `open`: those that are."""

    play_asked = Signal(int, int)
    open_asked = Signal(str, str)
    closed = Signal(str, str)
    replied = Signal(str, str)
    edited = Signal(str, str)
    removed = Signal(str)
    resolved = Signal(str, bool)

    def __init__(
        self,
        first: Document,
        replies: list[Document],
        labels: Document,
        open_: Collection[tuple[str, str]],
        typed: Typed,
    ) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._first, self._labels, self._open, self._typed = first, labels, open_, typed
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.TINY_GAP, theme.GAP, theme.TINY_GAP, theme.GAP)
        self._column.setSpacing(theme.TINY_GAP)
        self._add(first, 0)
        for reply in replies:
            self._add(reply, _INSET)
        if ("reply", first["id"]) in open_:
            self._column.addWidget(self._field("reply", first["id"], "", _("Your reply")))
        else:
            self._add_foot()

    def _add(self, comment: Document, inset: int) -> None:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(inset, theme.TINY_GAP, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._head(comment))
        if ("edit", comment["id"]) in self._open:
            column.addWidget(self._field("edit", comment["id"], comment["text"], _("Your comment")))
        else:
            text = _("Removed by its author") if comment["removed"] else remark(comment, self._labels)
            words = Paragraph(text, "muted" if comment["removed"] or comment["resolved"] else "")
            words.setContentsMargins(theme.GAP, 0, theme.GAP, 0)  # under the picture of the button above
            column.addWidget(words)
        self._column.addWidget(box)

    def _head(self, comment: Document) -> QHBoxLayout:
        """When in the call, who, which day, and what the author can do."""
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        if comment["reply_to"]:
            row.addSpacing(theme.GAP)  # as far in as its words
        else:
            row.addWidget(self._play(comment))
        row.addWidget(Elided(_("You") if comment["mine"] else comment["author"] or _("Somebody"), "heading"), 1)
        day = Label(_day(comment["at"]), "small")
        day.explain(_moment(comment["at"]))
        row.addWidget(day)
        if comment["edited"]:
            row.addWidget(Label(_("edited"), "small"))
        if comment["mine"] and not comment["removed"]:
            row.addWidget(self._menu(comment))
        else:
            row.addSpacing(theme.GAP)
        return row

    def _play(self, comment: Document) -> QPushButton:
        start, end = comment["start_ms"], comment["end_ms"]
        button = QPushButton(clock(start))
        button.setFont(theme.figures_font())
        button.setProperty("look", "quiet")
        theme.set_icon(button, "circle-play", "muted")
        said = tidy(remark(comment, self._labels))[:80]
        button.setAccessibleName(_("Play {time}: {quote}").format(time=clock(start), quote=said))
        button.clicked.connect(lambda: self.play_asked.emit(start, end or start + _POINT_MS))
        return button

    def _menu(self, comment: Document) -> QToolButton:
        button = QToolButton()
        button.setProperty("look", "quiet")
        theme.set_icon(button, "ellipsis", "muted")
        said = tidy(comment["text"])[:40]
        button.setAccessibleName(_("Change or remove: {text}").format(text=said))
        button.setToolTip(tip(_("Change or remove")))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        if not comment["what"]:  # what was ticked or marked while recording has no words of its own
            menu.addAction(_("Change"), partial(self.open_asked.emit, "edit", comment["id"]))
        menu.addAction(_("Remove"), partial(self.removed.emit, comment["id"]))
        button.setMenu(menu)
        return button

    def _field(self, what: str, comment: str, text: str, called: str) -> QWidget:
        """A field with its two ways out."""
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(theme.GAP + (_INSET if what == "reply" else 0), theme.TINY_GAP, theme.GAP, 0)
        column.setSpacing(theme.TINY_GAP)
        field = Writing(text, called, self._typed, (what, comment))
        field.let_go()  # said when it is meant, not when the field is left
        field.setObjectName(f"{what} {comment}")
        save = QPushButton(_("Reply") if what == "reply" else _("Save"))
        save.setProperty("look", "primary")
        save.setToolTip(tip(_("Ctrl+Return")))
        cancel = QPushButton(_("Cancel"))
        cancel.setProperty("look", "quiet")

        def say() -> None:
            words = field.text()
            if words:
                self.closed.emit(what, comment)
                (self.replied if what == "reply" else self.edited).emit(comment, words)

        save.clicked.connect(say)
        field.done.connect(say)
        cancel.clicked.connect(lambda: self.closed.emit(what, comment))
        # Escape throws nothing away that was typed
        field.left.connect(lambda: save.setFocus() if field.text() != text else self.closed.emit(what, comment))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(save)
        column.addWidget(field)
        column.addLayout(row)
        return box

    def _add_foot(self) -> None:
        first = self._first
        settled = first["resolved"]
        said = tidy(remark(first, self._labels))[:40]
        reply = QPushButton(_("Reply"))
        reply.setAccessibleName(_("Reply: {text}").format(text=said))
        reply.clicked.connect(lambda: self.open_asked.emit("reply", first["id"]))
        settle = QPushButton(_("Open again") if settled else _("Settled"))
        settle.setAccessibleName((_("Open again: {text}") if settled else _("Settled: {text}")).format(text=said))
        theme.set_icon(settle, "rotate-ccw" if settled else "check", "muted")
        settle.clicked.connect(lambda: self.resolved.emit(first["id"], not settled))
        row = QHBoxLayout()
        row.setSpacing(theme.TINY_GAP)
        row.addStretch(1)
        for button in (reply, settle):
            button.setProperty("look", "quiet")
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        self._column.addLayout(row)


def _day(iso: str) -> str:
    return place().toString(_local(iso).date(), QLocale.FormatType.ShortFormat)


def _moment(iso: str) -> str:
    return place().toString(_local(iso), QLocale.FormatType.ShortFormat)


def _local(iso: str) -> QDateTime:
    return QDateTime.fromString(iso, Qt.DateFormat.ISODate).toLocalTime()
