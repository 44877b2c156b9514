"""What is kept where: the card on privacy, and the bin with its way back and its way out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.calls_model import day
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Elided, Label
from coachdesk.sentences import _, clock, ngettext


def card_column(card: QFrame) -> QVBoxLayout:
    """A card with the usual room inside."""
    card.setProperty("look", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(theme.WIDER, theme.WIDER, theme.WIDER, theme.WIDER)
    column.setSpacing(theme.WIDE)
    return column


class PrivacyCard(QFrame):
    """Where everything lies, what that is, what the network is used for, and what is kept of the own voice."""

    forget_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._root = ""
        self._place = Elided("", "muted")
        self._open = QPushButton(_("Open the folder"))
        self._open.setAutoDefault(True)
        self._open.clicked.connect(self._show_folder)
        column = card_column(self)
        column.addLayout(
            _fact(
                "shield",
                _("Nothing leaves this computer"),
                _("CoachDesk makes no network connection, except when you fetch a model."),
            )
        )
        column.addLayout(
            _fact(
                "hard-drive",
                _("Everything is in one folder of yours"),
                _(
                    "Recordings, transcripts, numbers, advice, your answers and comments, your settings, the models, "
                    "and a log without a word of any call. Delete the folder and nothing is left."
                ),
            )
        )
        place = QHBoxLayout()
        place.setContentsMargins(theme.HUGE, 0, 0, 0)
        place.setSpacing(theme.WIDE)
        place.addWidget(self._place, 1)
        place.addWidget(self._open)
        column.addLayout(place)
        column.addWidget(self._make_voice())

    def _make_voice(self) -> QWidget:
        self._about_voice = Paragraph("", "muted")
        self.forget = QPushButton(_("Forget my voice"))
        self.forget.setAutoDefault(True)
        self.forget.clicked.connect(self.forget_asked)
        self._voice = QWidget()
        line = QHBoxLayout(self._voice)
        line.setContentsMargins(theme.HUGE, 0, 0, 0)
        line.setSpacing(theme.WIDE)
        line.addWidget(self._about_voice, 1)
        line.addWidget(self.forget)
        self._voice.hide()
        return self._voice

    def show_voice(self, kept: bool, calls: int) -> None:
        """Whether anything is kept of the own voice, and from how many calls it is known now."""
        known = ngettext("Your voice is known from {n} call.", "Your voice is known from {n} calls.", calls)
        self._about_voice.say(known.format(n=calls))
        self._voice.setVisible(kept)

    def show_place(self, root: str) -> None:
        self._root = root
        self._place.say(root)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._root))


def _fact(icon: str, title: str, text: str) -> QHBoxLayout:
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(Paragraph(title, "heading"))
    words.addWidget(Paragraph(text, "muted"))
    row = QHBoxLayout()
    row.setSpacing(theme.WIDE)
    row.addWidget(Symbol(icon, "own", 20), 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return row


class BinCard(QFrame):
    """Deleted calls, each with its way back; all of them can be removed for good, which is asked once."""

    back_asked = Signal(str)
    empty_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._about = Paragraph("", "muted")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.GAP)
        self._shown: list[dict[str, Any]] = []
        column = card_column(self)
        column.addLayout(_head(self._about))
        column.addLayout(self._rows)
        column.addWidget(self._make_remove())
        question = QHBoxLayout()
        question.setContentsMargins(theme.HUGE, 0, 0, 0)
        question.addWidget(self._make_question())
        column.addLayout(question)
        self.show_calls([], 30)

    def _make_remove(self) -> QWidget:
        self.remove = QPushButton(_("Remove for good…"))
        self.remove.setAutoDefault(True)
        self.remove.clicked.connect(lambda: self._ask(True))
        line = QWidget()
        flow = Flow(line)
        flow.setContentsMargins(theme.HUGE, 0, 0, 0)
        flow.addWidget(self.remove)
        self._actions = line
        return line

    def _make_question(self) -> QWidget:
        self._question = QFrame()
        self._question.setProperty("look", "note")
        self._asked = Paragraph()
        self.really = QPushButton(_("Remove for good"))
        self.keep = QPushButton(_("Keep them"))
        self.really.clicked.connect(self._empty)
        self.keep.clicked.connect(lambda: self._ask(False))
        buttons = QWidget()
        line = Flow(buttons)
        for button in (self.really, self.keep):
            button.setAutoDefault(True)
            line.addWidget(button)
        column = QVBoxLayout(self._question)
        column.setContentsMargins(theme.WIDE, theme.WIDE, theme.WIDE, theme.WIDE)
        column.setSpacing(theme.GAP)
        column.addWidget(self._asked)
        column.addWidget(buttons)
        self._question.hide()
        return self._question

    def show_calls(self, calls: Sequence[dict[str, Any]], days: int) -> None:
        """The calls in the bin, and for how long they stay there."""
        if self._shown != list(calls):
            self._shown = list(calls)
            self._fill()
            self._ask(False)  # what was asked is not what would happen any more
        kept = ngettext("Kept for {n} day, then removed for good.", "Kept for {n} days, then removed for good.", days)
        empty = _("Empty. What you delete stays here for a while and can be put back.")
        self._about.say(kept.format(n=days) if calls else empty)
        self._actions.setVisible(bool(calls) and self._question.isHidden())

    def _fill(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for call in self._shown:
            self._rows.addWidget(self._row(call))

    def _row(self, call: dict[str, Any]) -> QWidget:
        title = call["title"] or _("Untitled call")
        back = QPushButton(_("Put back"))
        back.setAutoDefault(True)
        back.setAccessibleName(_("Put back: {title}").format(title=title))
        back.clicked.connect(lambda: self.back_asked.emit(call["id"]))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Elided(title))
        since = _("{length} · in the bin since {day}").format(
            length=clock(call["duration_ms"]), day=day(call["deleted_at"])
        )
        words.addWidget(Elided(since, "small"))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(theme.HUGE, 0, 0, 0)
        line.setSpacing(theme.WIDE)
        line.addLayout(words, 1)
        line.addWidget(back)
        return row

    def _ask(self, on: bool) -> None:
        many = len(self._shown)
        held = self._question.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self._asked.say(
            ngettext(
                "{n} call goes for good, with its sound, words and advice. This cannot be undone.",
                "{n} calls go for good, with their sound, words and advice. This cannot be undone.",
                many,
            ).format(n=many)
        )
        self._question.setVisible(on)
        self._actions.setVisible(not on and many > 0)
        if on:
            self.keep.setFocus()
        elif held and many:
            self.remove.setFocus()

    def _empty(self) -> None:
        self._ask(False)
        self.empty_asked.emit()


def _head(about: Label) -> QHBoxLayout:
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(Label(_("Bin"), "heading"))
    words.addWidget(about)
    row = QHBoxLayout()
    row.setSpacing(theme.WIDE)
    row.addWidget(Symbol("trash-2", "muted", 20), 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return row
