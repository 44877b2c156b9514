"""Counting a searched phrase in every call, and keeping it as a tracker: the window for it, beside the desk.

The phrase goes into the person's own copy of a playbook through the text of it; Ctrl+Z takes it out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from coachdesk.coaching import playbook_edit
from coachdesk.errors import CoachDeskError, InputError
from coachdesk.gui.acts import KeepPlaybook
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.widgets.tracker_counts import TrackerCounts
from coachdesk.sentences import _

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk


def with_tracker(desk: Desk, playbook: str, name: str, phrase: str) -> str:
    """A playbook's text with a phrase to listen for. Raises InputError where it waits with unsaved changes: saved later,
    they would take the tracker out again.
    """
    source, draft = desk.playbook_source(playbook), desk.playbook_draft(playbook)
    if draft is not None and draft != source.text:
        raise InputError(
            _("This playbook has changes of yours that are not saved."),
            _("Save or forget them on the Playbooks page first."),
        )
    language = desk.playbook(playbook).languages[0]
    text = playbook_edit.add_tracker(source.text, name, [phrase], language)
    desk.check_playbook_text(playbook, text)
    return text


class Tracking(QObject):
    """One window at a time."""

    play_asked = Signal(str, int, int)

    def __init__(self, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._page = bridge, page
        self.dialog: TrackerCounts | None = None

    def open(self, phrase: str) -> None:
        """Count what was searched for."""
        self.dialog = dialog = TrackerCounts(self._page.window(), phrase.strip().strip('"“”'))
        dialog.counted.connect(self._count)
        dialog.play_asked.connect(self._play)
        dialog.kept.connect(self._keep)
        dialog.finished.connect(lambda _code: self._closed(dialog))
        self._bridge.ask(_books, lambda answer: dialog.set_books(*answer), owner=dialog)
        self._count(dialog.phrase.text())
        dialog.open()

    def _closed(self, dialog: TrackerCounts) -> None:
        if self.dialog is dialog:
            self.dialog = None

    def _count(self, phrase: str) -> None:
        dialog = self.dialog
        assert dialog is not None
        self._bridge.ask(
            lambda desk: desk.tracker([phrase]),
            lambda found: dialog.show_found(found) if phrase == dialog.phrase.text() else None,
            self._say,
            owner=dialog,
        )

    def _play(self, call: str, start_ms: int, end_ms: int) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self.play_asked.emit(call, start_ms, end_ms)

    def _keep(self, playbook: str, name: str, phrase: str) -> None:
        def fits(text: str) -> None:
            if self.dialog is not None:
                self.dialog.accept()
            self._bridge.do(_("Tracker kept"), KeepPlaybook(playbook, text), owner=self)

        self._bridge.ask(lambda desk: with_tracker(desk, playbook, name, phrase), fits, self._say, owner=self)

    def _say(self, problem: CoachDeskError) -> None:
        if self.dialog is not None:
            self.dialog.say(f"{problem.message} {problem.hint}")


def _books(desk: Desk) -> tuple[list[tuple[str, str]], str]:
    """The playbooks that are in order, by name, and the one new calls are coached with."""
    books = [(one.id, one.name) for one in desk.playbook_shelf() if not one.problem]
    return books, desk.settings.playbook
