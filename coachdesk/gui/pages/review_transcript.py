"""The left half of a review: find, the transcript, and what stands before a draft too poor to read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.pages import review_view as view
from coachdesk.gui.widgets.text import Label
from coachdesk.gui.widgets.transcript import Line, TranscriptView
from coachdesk.sentences import _, ngettext

Document = dict[str, Any]


class ReviewTranscript(QFrame):
    """A card; `here_said` while the person is asked where something is."""

    here_said = Signal(int)
    comment_asked = Signal(int)  # where the line begins
    words_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._call = ""
        self._asked = False
        self._starts: dict[int, int] = {}
        self.rows = TranscriptView()
        self.rows.mark_here.connect(self._here)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.TINY_GAP, theme.GAP, theme.TINY_GAP, theme.TINY_GAP)
        column.setSpacing(theme.GAP)
        column.addLayout(self._find_row())
        column.addWidget(self._where_bar())
        column.addWidget(self._draft_bar())
        self._pages = QStackedWidget()
        self._pages.addWidget(self.rows)
        self._pages.addWidget(self._fold())
        column.addWidget(self._pages, 1)

    def _find_row(self) -> QHBoxLayout:
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Find in this call"))
        self.search.setAccessibleName(_("Find in this call"))
        self.search.setToolTip(_("Ctrl+F; Return goes to the next place"))
        self.search.textChanged.connect(self._found)
        self.search.returnPressed.connect(self.rows.find_next)
        self._count = Label("", "muted")
        row = QHBoxLayout()
        row.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        row.addWidget(Label(_("Transcript"), "heading"))
        row.addStretch(1)
        row.addWidget(self._count)
        row.addWidget(self.search, 1)
        return row

    def _where_bar(self) -> QFrame:
        self._where = QFrame()
        self._where.setProperty("look", "note")
        column = QVBoxLayout(self._where)
        column.setContentsMargins(theme.WIDE, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.TINY_GAP)
        self._where_said = Label("", wrap=True)
        here = QPushButton(_("It is here (M)"))
        here.setProperty("look", "primary")
        here.clicked.connect(lambda: self._here(self._current_ms()))
        leave = QPushButton(_("Leave it"))
        leave.setProperty("look", "quiet")
        leave.clicked.connect(self.stop_asking)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(leave)
        row.addWidget(here)
        column.addWidget(self._where_said)
        column.addLayout(row)
        self._where.hide()
        return self._where

    def _draft_bar(self) -> QFrame:
        self._draft = QFrame()
        self._draft.setProperty("look", "note")
        row = QHBoxLayout(self._draft)
        row.setContentsMargins(theme.WIDE, theme.TINY_GAP, theme.TINY_GAP, theme.TINY_GAP)
        row.addWidget(
            Label(_("Rough draft: many words are wrong. Numbers from the channels are right."), wrap=True),
            1,
        )
        get = QPushButton(_("Get the real transcript"))
        get.clicked.connect(self.words_asked)
        row.addWidget(get)
        self._draft.hide()
        return self._draft

    def _fold(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.PAGE)
        column.addStretch(1)
        column.addWidget(Label(_("Rough draft, not fit to read."), "strong"), 0, Qt.AlignmentFlag.AlignHCenter)
        line = Label(_("Talk share, turns and pauses come from the channels and are right."), "muted")
        column.addWidget(line, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addStretch(1)
        get = QPushButton(_("Get the real transcript"))
        get.setProperty("look", "primary")
        get.clicked.connect(self.words_asked)
        anyway = QPushButton(_("Show anyway"))
        anyway.clicked.connect(lambda: self._pages.setCurrentIndex(0))
        row.addWidget(get)
        row.addWidget(anyway)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)
        return whole

    # --- showing

    def set_document(self, doc: Document) -> None:
        """The words of a review; a call that is shown already keeps its place."""
        lines = view.lines(doc)
        self._starts = {line.index: line.start_ms for line in lines}
        shown = {"draft": bool(doc["transcript"]["draft"]), "folded": view.folded(doc)}
        another = doc["call"]["id"] != self._call
        if another:
            self._call = doc["call"]["id"]
            self.search.clear()
            self.stop_asking()
            self._pages.setCurrentIndex(1 if shown["folded"] else 0)
        elif not shown["folded"]:
            self._pages.setCurrentIndex(0)
        self._draft.setVisible(shown["draft"] and not shown["folded"])
        self.rows.set_empty(
            _("There are no words yet. The numbers come from the channels; get the real transcript to read along.")
        )
        before = self.rows.rows.lines
        if another or [(line.index, line.start_ms) for line in lines] != [(b.index, b.start_ms) for b in before]:
            self.rows.set_lines(lines) if another else self._set_lines_in_place(lines)
        else:
            self.rows.update_lines(*(line for line, was in zip(lines, before, strict=True) if line != was))
        self.rows.set_margin(view.margin(doc))

    def _set_lines_in_place(self, lines: list[Line]) -> None:
        """Other lines of the same call: what was in view stays in view, and the current line the current one."""
        rows = self.rows
        view_ms = rows.rows.lines[rows.rows_in_view().start].start_ms if len(rows.rows) else 0
        current_ms = next((line.start_ms for line in rows.rows.lines if line.index == rows.current_index), -1)
        rows.set_lines(lines)
        top, current = rows.rows.spoken_at(view_ms), rows.rows.spoken_at(current_ms) if current_ms >= 0 else None
        if top is not None:
            rows.place_row(top, 0.0)
        if current is not None:
            rows.show_index(lines[current].index)

    def _found(self, text: str) -> None:
        matches = self.rows.find(text)
        self._count.say(ngettext("{n} place", "{n} places", matches).format(n=matches) if text.strip() else "")

    # --- where is it?

    @property
    def asking(self) -> bool:
        """Whether the person is being asked where something is."""
        return self._asked

    def ask_where(self, title: str) -> None:
        """Ask for the moment that shows what a finding missed."""
        self._asked = True
        self._where_said.say(_("“{title}”: choose the line where it is, then press M.").format(title=title))
        self._where.show()
        self._pages.setCurrentIndex(0)
        self.rows.setFocus()

    def stop_asking(self) -> None:
        self._asked = False
        self._where.hide()

    def _current_ms(self) -> int:
        return self._starts.get(self.rows.current_index, -1)

    def _here(self, start_ms: int) -> None:
        if self._asked and start_ms >= 0:
            self.stop_asking()
            self.here_said.emit(start_ms)
        else:
            self.comment_asked.emit(start_ms)
