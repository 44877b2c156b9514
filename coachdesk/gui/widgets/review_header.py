"""The head of a review: title, playbook, case, result, consent and date, each changeable where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QDateTimeEdit,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import Elided, Label, caption, place, tidy, tip
from coachdesk.sentences import N_, _

Document = dict[str, Any]
CONSENT = {
    "unknown": N_("Consent: not noted"),
    "noted": N_("Consent: noted"),
    "refused": N_("Consent: refused"),
    "withdrawn": N_("Consent: withdrawn"),
}
BASES = {
    "spoken": N_("They agreed, on the call"),
    "written": N_("They agreed, in writing"),
    "notice": N_("They were told, and stayed"),
}
EXPORTS = ("txt", "md", "srt", "vtt", "json", "csv")
_CONSENT_TIP = N_("Without noted consent a call cannot be published")
_TITLE_MOST = 300
_LEAST_MADE_OF, _MOST = 32, 260  # px
_BESIDE_NAME = 46  # px: edge, arrow and the room around a name in a list


class ReviewHeader(QWidget):
    """Everything it says is the document's; every change goes out as a signal, at once."""

    back_asked = Signal()
    title_said = Signal(str)
    playbook_chosen = Signal(str)
    case_said = Signal(str)
    result_chosen = Signal(str)
    consent_chosen = Signal(str, str)
    date_said = Signal(object)
    export_asked = Signal(str)
    transcribe_asked = Signal()
    swap_asked = Signal()
    name_asked = Signal(str)
    remove_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._doc: Document = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TINY_GAP)
        column.addLayout(self._first())
        column.addLayout(self._second())

    def _first(self) -> QHBoxLayout:
        back = QToolButton()
        back.setProperty("look", "quiet")
        back.setAccessibleName(_("Back to all calls"))
        back.setToolTip(tip(_("Back to all calls (Escape)")))
        theme.set_icon(back, "arrow-left")
        back.clicked.connect(self.back_asked)
        self.title = QLineEdit()
        self.title.setProperty("look", "headline")
        self.title.setAccessibleName(_("Title"))
        self.title.setMaxLength(_TITLE_MOST)
        self.title.editingFinished.connect(self._title_done)
        self.more = QToolButton()
        self.more.setProperty("look", "quiet")
        self.more.setAccessibleName(_("More"))
        theme.set_icon(self.more, "ellipsis")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more_menu = QMenu(self.more)
        self._exports = self._more_menu.addMenu(_("Export as"))
        self.more.setMenu(self._more_menu)
        row = QHBoxLayout()
        row.setSpacing(theme.TINY_GAP)
        row.addWidget(back)
        row.addWidget(self.title, 1)
        row.addWidget(self.more)
        return row

    def _second(self) -> QBoxLayout:
        self.playbook = QComboBox()
        self.playbook.setAccessibleName(_("Playbook"))
        self.playbook.setToolTip(tip(_("What kind of call it is: another playbook coaches again, at once")))
        self.playbook.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.playbook.activated.connect(self._playbook_done)
        self._case_label = Label("", "muted")
        self.case = QLineEdit()
        self.case.setProperty("look", "inline")
        self.case.setMaxLength(_TITLE_MOST)
        self.case.setMinimumWidth(110)
        self.case.setMaximumWidth(_MOST)
        self.case.editingFinished.connect(self._case_done)
        self._case_label.setBuddy(self.case)
        self.result = QToolButton()
        self.result.setProperty("look", "quiet")
        self.result.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.result.setMenu(QMenu(self.result))
        self.consent = QToolButton()
        self.consent.setProperty("look", "quiet")
        self.consent.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.consent.setMenu(self._consent_menu())
        self.date = QDateTimeEdit()
        self.date.setAccessibleName(_("Date of the call"))
        self.date.setDisplayFormat(place().dateTimeFormat(QLocale.FormatType.ShortFormat))
        self.date.setCalendarPopup(True)
        self.date.setButtonSymbols(QDateTimeEdit.ButtonSymbols.NoButtons)
        self.date.editingFinished.connect(self._date_done)
        self._made_of = Elided("", "muted")
        for whole in (self.playbook, self.date):  # what stands in them is seen whole
            whole.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            whole.setMaximumWidth(_MOST)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setContentsMargins(34, 0, 0, 0)
        self._line.setSpacing(theme.GAP)
        for parts in (
            (self.playbook, self._case_label, self.case),
            (self.result, self.consent, self.date, self._made_of),
        ):
            row = QHBoxLayout()
            row.setSpacing(theme.GAP)
            for part in parts:
                row.addWidget(part, {self.case: 3, self._made_of: 2}.get(part, 0))
            self._line.addLayout(row, len(parts))
            row.addStretch()
        return self._line

    def _fold(self) -> None:
        """On one line; where that is too narrow without the result, which the bar below says too; else on two."""
        asked = (self.playbook, self._case_label, self.case, self.consent, self.date)
        need = sum((part.minimumWidth() or part.sizeHint().width()) + theme.GAP for part in asked)
        room = self.width() - self._line.contentsMargins().left() - _LEAST_MADE_OF - need
        with_result = self.result.sizeHint().width() + theme.GAP
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if room >= 0 else QBoxLayout.Direction.TopToBottom)
        self.result.setVisible(room < 0 or room >= with_result)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _consent_menu(self) -> QMenu:
        menu = QMenu(self.consent)
        for basis, said in BASES.items():
            menu.addAction(_(said), partial(self.consent_chosen.emit, "noted", basis))
        menu.addSeparator()
        menu.addAction(_("They said no"), partial(self.consent_chosen.emit, "refused", ""))
        menu.addAction(_("They took it back"), partial(self.consent_chosen.emit, "withdrawn", ""))
        return menu

    # --- showing

    def set_playbooks(self, playbooks: Sequence[tuple[str, str]]) -> None:
        """(id, name) of every playbook there is."""
        self.playbook.clear()
        for playbook_id, name in playbooks:
            self.playbook.addItem(tidy(name), playbook_id)

    def set_document(self, doc: Document, made_of: str) -> None:
        """`made_of`: length and where the words come from, in words."""
        another = not self._doc or self._doc["call"]["id"] != doc["call"]["id"]
        self._doc = doc
        call, labels = doc["call"], doc["labels"]
        _show_text(self.title, call["title"], another)
        self.playbook.setCurrentIndex(max(0, self.playbook.findData(doc["provenance"]["playbook"])))
        self._fit_playbook()
        self._case_label.say(labels["case"])
        self.case.setAccessibleName(labels["case"])
        self.case.setPlaceholderText(_("add"))
        _show_text(self.case, call["case"] or "", another)
        self._fill_results(labels["results"], call["result"])
        self.consent.setText(_(CONSENT[call["consent"]["status"]]))
        basis = call["consent"]["basis"]
        self.consent.setToolTip(tip(_(BASES.get(basis, basis or _CONSENT_TIP))))
        if another or not self.date.hasFocus():
            at = datetime.fromisoformat(call["started_at"]).astimezone()
            self.date.setDateTime(QDateTime(at.year, at.month, at.day, at.hour, at.minute, at.second))
        self._made_of.say(made_of)
        self._fold()
        self._fill_more(doc)

    def drop_typed(self) -> None:
        """What is being typed is not said: everything shows again what holds."""
        if self._doc:
            doc, self._doc = self._doc, {}
            self.set_document(doc, self._made_of.text())

    def _fill_results(self, results: dict[str, str], chosen: str | None) -> None:
        said = results.get(chosen, chosen) if chosen else _("not set")
        self.result.setText(caption(_("Result: {result}").format(result=said)))
        menu = self.result.menu()
        menu.clear()
        for word, text in results.items():
            menu.addAction(caption(text), partial(self.result_chosen.emit, word))
        menu.addAction(_("No result yet"), partial(self.result_chosen.emit, ""))

    def _fill_more(self, doc: Document) -> None:
        menu = self._more_menu
        menu.clear()
        self._exports.deleteLater()  # a menu that is cleared keeps its submenus
        self._exports = exports = menu.addMenu(_("Export as"))
        for kind in EXPORTS:
            exports.addAction(kind.upper(), partial(self.export_asked.emit, kind))
        menu.addAction(_("Transcribe again"), self.transcribe_asked.emit).setEnabled(doc["recording"]["channels"] > 0)
        if len(doc["speakers"]) > 1:
            menu.addAction(_("Swap the sides"), self.swap_asked.emit)
        for speaker in doc["speakers"]:
            name = speaker["name"] or speaker["label"]
            said = _("Name of {name}...").format(name=name)
            menu.addAction(caption(said), partial(self.name_asked.emit, speaker["label"]))
        menu.addSeparator()
        menu.addAction(_("Put in the bin"), self.remove_asked.emit)

    # --- saying

    def _title_done(self) -> None:
        text = tidy(self.title.text())
        if not text:
            self.title.setText(tidy(self._doc["call"]["title"]))
        elif self._doc and text != tidy(self._doc["call"]["title"]):
            self.title_said.emit(text)
        self.title.setModified(False)

    def _case_done(self) -> None:
        self.case.setModified(False)
        if self._doc and tidy(self.case.text()) != tidy(self._doc["call"]["case"] or ""):
            self.case_said.emit(tidy(self.case.text()))

    def _fit_playbook(self) -> None:
        """As wide as the name that stands in it, not as the longest one there is; the list below shows all whole."""
        wide = self.playbook.fontMetrics().horizontalAdvance(self.playbook.currentText()) + _BESIDE_NAME
        self.playbook.setFixedWidth(min(_MOST, wide))
        self.playbook.view().setMinimumWidth(self.playbook.view().sizeHintForColumn(0) + _BESIDE_NAME)

    def _playbook_done(self, n: int) -> None:
        if self._doc and self.playbook.itemData(n) != self._doc["provenance"]["playbook"]:
            self.playbook_chosen.emit(self.playbook.itemData(n))

    def _date_done(self) -> None:
        at = datetime.fromtimestamp(self.date.dateTime().toSecsSinceEpoch(), UTC)
        before = datetime.fromisoformat(self._doc["call"]["started_at"]) if self._doc else at
        if abs((at - before).total_seconds()) >= 60:
            self.date_said.emit(at)


def _show_text(field: QLineEdit, text: str, another: bool) -> None:
    """Show what holds now; what a person is typing for this call stays."""
    if another or not (field.hasFocus() and field.isModified()):
        field.setText(tidy(text))
        field.setCursorPosition(0)
