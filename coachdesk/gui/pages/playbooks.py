"""The playbooks page: read one, change a copy with a call beside it that shows what the change does, save, go back.

A change is made in the text (`coaching/playbook_edit.py`); a moment later the desk says whether it is a playbook in order
and what the chosen call would be told. What is wrong is said at the field that changed last. Saving can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from coachdesk.coaching import playbook_edit
from coachdesk.coaching.playbook import Playbook, Rule
from coachdesk.errors import CoachDeskError, InputError
from coachdesk.gui import acts, theme
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages.playbook_draft import Draft
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.playbook_editing import Change, PlaybookEditing
from coachdesk.gui.widgets.playbook_header import CopyDialog, PlaybookHeader
from coachdesk.gui.widgets.playbook_list import Entry, PlaybookList
from coachdesk.gui.widgets.playbook_preview import PlaybookPreview
from coachdesk.gui.widgets.playbook_reading import PlaybookReading
from coachdesk.gui.widgets.scrolled import card
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import _

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk
    from coachdesk.desk.own_playbooks import OnShelf, Source

LIST, PREVIEW = 232, 300  # px
ROOM_FOR_PREVIEW = 780  # px of the page, from which on the call stands beside the fields
_SOON_MS = 250
_MOST_CALLS = 50


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page shows of one playbook. `book` is None where it has a mistake."""

    shelf: list[OnShelf]
    source: Source | None
    book: Playbook | None
    library: list[Rule]
    unsaved: str | None = None  # a text that was left


def _facts(desk: Desk, playbook_id: str) -> Facts:
    shelf = desk.playbook_shelf()
    known = {one.id: one for one in shelf}
    chosen = known.get(playbook_id) or known.get(desk.settings.playbook) or (shelf[0] if shelf else None)
    if chosen is None:
        return Facts([], None, None, [])
    book = None if chosen.problem else desk.playbook(chosen.id)
    source, left = desk.playbook_source(chosen.id), desk.playbook_draft(chosen.id)
    return Facts(shelf, source, book, desk.rule_library(), left if left != source.text else None)


class PlaybooksPage(QWidget):
    """`show_playbook` opens one. While one is changed the list is away: the change is saved or left first."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._chosen = ""
        self._facts: Facts | None = None
        self.draft: Draft | None = None
        self._mistake = ""  # the field at which the desk's own check was said
        self._asked = 0  # the newest look at a draft; older answers are passed over
        self._soon = QTimer(self, interval=_SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._look)
        self.list, self.header = PlaybookList(), PlaybookHeader()
        self.reading, self.editing, self.preview = PlaybookReading(), PlaybookEditing(), PlaybookPreview()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._wrong, wrong = card("note")
        self._what, self._mend = Paragraph("", "heading"), Paragraph("")
        self._to_shipped, self._to_folder = QPushButton(), QPushButton(_("Open as text (shows its folder)"))
        buttons = QHBoxLayout()
        for button in (self._to_folder, self._to_shipped):
            button.setAutoDefault(True)
            buttons.addWidget(button)
        buttons.addStretch(1)
        wrong.addWidget(self._what)
        wrong.addWidget(self._mend)
        wrong.addLayout(buttons)
        wrong_page = QWidget()
        column = QVBoxLayout(wrong_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._wrong)
        column.addStretch(1)
        self._stack = QStackedWidget()
        for page in (self.reading, self.editing, wrong_page):
            self._stack.addWidget(page)
        self._wrong_page = wrong_page
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setSpacing(theme.PAGE)
        self._halves.addWidget(self._stack, 1)
        self._halves.addWidget(self.preview)
        right = QVBoxLayout()
        right.setSpacing(theme.WIDE)
        right.addWidget(self.header)
        right.addLayout(self._halves, 1)
        left = QVBoxLayout()
        title = Label(_("Playbooks"), "title")
        title.setContentsMargins(10, 0, 0, 0)
        left.addWidget(title)
        left.addWidget(self.list, 1)
        self._left = QWidget()
        self._left.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        self._left.setFixedWidth(LIST)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(theme.WIDER, theme.PAGE, theme.PAGE, theme.WIDE)
        whole.setSpacing(theme.PAGE)
        whole.addWidget(self._left)
        whole.addLayout(right, 1)
        self.preview.hide()

    def _connect(self) -> None:
        self.list.chosen.connect(self.show_playbook)
        head = self.header
        head.change_asked.connect(self.begin)
        head.copy_asked.connect(self._ask_name)
        head.folder_asked.connect(self._show_folder)
        head.shipped_asked.connect(self._drop)
        head.save_asked.connect(self.save)
        head.back_asked.connect(self.step_back)
        head.leave_asked.connect(self.leave)
        head.forget_asked.connect(self.forget_unsaved)
        self._to_shipped.clicked.connect(self._drop)
        self._to_folder.clicked.connect(self._show_folder)
        self.editing.edited.connect(self.change)
        self.preview.call_chosen.connect(lambda _call: self._look())
        self._bridge.changed.connect(self._changed)
        QShortcut(QKeySequence.StandardKey.Save, self, self.save,
                  context=Qt.ShortcutContext.WidgetWithChildrenShortcut)  # fmt: skip

    # --- reading

    def show_playbook(self, playbook_id: str) -> None:
        """Open one to be read; "" is the one new calls are coached with."""
        if self.draft is None:
            self._chosen = playbook_id
            self.reload()

    def reload(self) -> None:
        """Ask for everything anew."""
        chosen = self._chosen
        self._bridge.ask(lambda desk: _facts(desk, chosen), self._show, owner=self)

    def _changed(self, call_id: str) -> None:
        if not call_id and self.isVisible() and self.draft is None:
            self.reload()

    def _show(self, facts: Facts) -> None:
        if self.draft is not None:
            return
        self._facts = facts
        entries = [Entry(one.id, one.name, one.about, one.own, bool(one.problem)) for one in facts.shelf]
        self._chosen = facts.source.id if facts.source else ""
        self.list.set_entries(entries, self._chosen)
        self.header.setVisible(facts.source is not None)
        if facts.source is None:
            return
        shown = next(one for one in facts.shelf if one.id == facts.source.id)
        self.header.show_playbook(shown.name, shown.about, own=shown.own, shipped=shown.shipped)
        self.header.show_left(facts.unsaved is not None)
        self.header.change.setEnabled(facts.book is not None)
        self.header.more.setVisible(facts.book is not None)
        if facts.book is not None:
            self.reading.set_book(facts.book)
            self._stack.setCurrentWidget(self.reading)
        else:
            self._what.say(shown.problem)
            self._mend.say(shown.hint)
            self._to_shipped.setText(_("Back to the shipped one") if shown.shipped else _("Remove"))
            self._stack.setCurrentWidget(self._wrong_page)

    # --- changing

    def begin(self) -> None:
        """Fields instead of words, and a call beside them."""
        facts = self._facts
        if facts is None or facts.source is None or facts.book is None or self.draft is not None:
            return
        self.draft = Draft(facts.source.id, facts.source.text, facts.unsaved or "")
        self.editing.begin(facts.book, facts.library)
        self._stack.setCurrentWidget(self.editing)
        self._show_editing(True)
        kind = facts.book.kind
        self._bridge.ask(lambda desk: _calls_for(desk, kind), self._show_calls, owner=self)

    def change(self, key: str, made: Change) -> None:
        """One change of the text; what cannot be meant is said at its field."""
        if self.draft is None:
            return
        try:
            changes = self.draft.apply(key, made)
        except InputError as wrong:
            self.editing.say_problem(key, f"{wrong.message} {wrong.hint}")
            self._say_draft("")
            return
        self.editing.say_problem(key, "")
        if changes:
            self._look_soon()
        self._say_draft("")

    def step_back(self) -> None:
        """The last change taken back."""
        if self.draft is not None:
            self.draft.step_back()
            self.editing.all_fits()
            self._look(anew=True)

    def save(self) -> None:
        """Keep it, where it is in order; Ctrl+Z takes that back."""
        draft = self.draft
        if draft is None or not self.header.save.isEnabled():
            return
        self._keep_draft(draft.playbook, None)
        self._bridge.do(_("Playbook saved"), acts.KeepPlaybook(draft.playbook, draft.text), owner=self)
        self._end()

    def leave(self) -> None:
        """Back to reading. What is not saved waits until the person goes on with it."""
        draft = self.draft
        if draft is not None:
            self._keep_draft(draft.playbook, draft.text if draft.changed else None)
        self._end()
        self.reload()

    def forget_unsaved(self) -> None:
        """What was left unsaved is not wanted."""
        self._keep_draft(self._chosen, None)
        self.reload()

    def _keep_draft(self, playbook: str, text: str | None) -> None:
        self._bridge.ask(lambda desk: desk.keep_playbook_draft(playbook, text))

    def _end(self) -> None:
        self.draft = None
        self._asked += 1
        self._soon.stop()
        self._show_editing(False)
        self._stack.setCurrentWidget(self.reading)
        self.header.change.setFocus()

    def _show_editing(self, on: bool) -> None:
        self._left.setVisible(not on)
        self.preview.setVisible(on)
        self.header.show_editing(on)
        self._say_draft("")

    # --- looking at what was changed

    def _show_calls(self, calls: list[tuple[str, str]]) -> None:
        self.preview.set_calls(calls)
        if self.draft is not None:
            self._look(anew=self.draft.changed)

    def _look_soon(self) -> None:
        self.preview.show_waiting()
        self._soon.start()

    def _look(self, anew: bool = False) -> None:
        """Is it a playbook, and what would the call be told?"""
        draft = self.draft
        if draft is None:
            return
        self._soon.stop()
        self._asked += 1
        asked, text, call = self._asked, draft.text, self.preview.call.currentData() or ""

        def question(desk: Desk) -> tuple[Playbook, dict[str, Any] | None]:
            desk.keep_playbook_draft(draft.playbook, text if text != draft.saved else None)
            book = desk.check_playbook_text(draft.playbook, text)
            return book, desk.preview(call, draft.playbook, text) if call else None

        def fits(answer: tuple[Playbook, dict[str, Any] | None]) -> None:
            if asked == self._asked and self.draft is draft:
                draft.checked = text
                self._show_draft(answer[0], answer[1], anew)

        def wrong(problem: CoachDeskError) -> None:
            if asked == self._asked and self.draft is draft:
                self._show_mistake(problem)

        self._bridge.ask(question, fits, wrong, owner=self)

    def _show_draft(self, book: Playbook, said: dict[str, Any] | None, anew: bool) -> None:
        if self._mistake:
            self.editing.say_problem(self._mistake, "")
            self._mistake = ""
        self.editing.set_book(book, anew=anew)
        words = book.words(book.languages[0])
        self.header.name.say(words.name)
        self.header.about.say(words.about)
        if said is not None:
            self.preview.show_preview(said)
        self._say_draft("")

    def _show_mistake(self, problem: CoachDeskError) -> None:
        """At the field that changed last, else above all of them."""
        assert self.draft is not None
        text = f"{problem.message} {problem.hint}"
        self._mistake = self.draft.last_key
        seen = bool(self._mistake) and self.editing.say_problem(self._mistake, text)
        self.preview.show_problem()
        self._say_draft("" if seen else text)

    def _say_draft(self, problem: str) -> None:
        draft = self.draft
        if draft is None:
            return
        state = _("Not saved yet.") if draft.changed else _("Nothing is changed yet.")
        if self.editing.has_problems:
            state = _("Not in order yet; see the field that is marked.")
        fits = draft.in_order and not self.editing.has_problems
        self.header.show_draft(can_save=draft.changed and fits, can_undo=bool(draft.before), said=problem or state)

    # --- the whole

    def _drop(self) -> None:
        """Back to the shipped one; undone with Ctrl+Z."""
        shown = self._chosen

        def dropped(desk: Desk) -> acts.KeepPlaybook:
            return acts.KeepPlaybook(shown, None)(desk)

        self._bridge.do(_("Back to the shipped playbook"), dropped, owner=self)

    def _ask_name(self) -> None:
        dialog = CopyDialog(self.header.name.text(), self)
        dialog.said.connect(self._copy)
        dialog.open()

    def _copy(self, name: str) -> None:
        """A copy under a new id, saved at once and shown."""
        facts = self._facts
        if facts is None or facts.source is None or facts.book is None:
            return
        fresh = playbook_edit.fresh_id(name, [one.id for one in facts.shelf])
        text = playbook_edit.copy_as(facts.source.text, fresh, name, facts.book.languages[0])
        self._chosen = fresh
        self._bridge.do(_("Playbook copied"), acts.KeepPlaybook(fresh, text), owner=self)

    def _show_folder(self) -> None:
        if self._facts and self._facts.source:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._facts.source.path.parent)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.width() >= ROOM_FOR_PREVIEW
        self._halves.setDirection(QBoxLayout.Direction.LeftToRight if side else QBoxLayout.Direction.TopToBottom)
        self.preview.setFixedWidth(PREVIEW) if side else self.preview.setMaximumSize(16_777_215, 220)
        if side:
            self.preview.setMaximumHeight(16_777_215)
        else:
            self.preview.setMinimumWidth(0)


def _calls_for(desk: Desk, kind: str) -> list[tuple[str, str]]:
    """Calls to try it on: those of its kind, else all; newest first."""
    every = desk.calls()
    fits = [call for call in every if call["kind"] == kind] or every
    return [(call["id"], call["title"]) for call in fits[:_MOST_CALLS]]
