"""The library: all calls, found by filters or by what was said in them; files dropped here come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from coachdesk.gui import theme
from coachdesk.gui.acts import PutInBin
from coachdesk.gui.bridge import Bridge, Job
from coachdesk.gui.pages.tracking import Tracking
from coachdesk.gui.widgets.calls_model import CallsModel
from coachdesk.gui.widgets.calls_table import CallsTable
from coachdesk.gui.widgets.first_actions import FirstActions
from coachdesk.gui.widgets.moments_list import MomentsList, Said
from coachdesk.gui.widgets.text import Label, tidy, tip
from coachdesk.sentences import _, ngettext

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk

_TYPING_MS = 180
_MOMENTS = 60


class Library(QWidget):
    """Asks the bridge for numbers and rows, and shows them; opening a call is the main window's."""

    open_asked = Signal(str)
    play_asked = Signal(str, int, int)
    record_asked = Signal()
    import_asked = Signal()
    folder_asked = Signal()
    sample_asked = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._order, self._descending = "date", True
        self._count = -1
        self._model = CallsModel()
        self._model.wanted.connect(self._fetch)
        self._table = CallsTable(self._model)
        self._table.open_asked.connect(self.open_asked)
        self._table.remove_asked.connect(self.remove)
        self._table.menu_asked.connect(self._menu)
        self._table.order_asked.connect(self._reorder)
        self._moments = MomentsList()
        self._moments.play_asked.connect(self.play_asked)
        self.tracking = Tracking(bridge, self)
        self.tracking.play_asked.connect(self.play_asked)
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self.reload)
        self._build()
        bridge.changed.connect(lambda _call: self._soon())
        bridge.jobs_changed.connect(self._show_running)
        QShortcut(
            QKeySequence(Qt.Key.Key_Escape), self, self._clear, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )

    # --- building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE - 4, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        column.addLayout(self._head())
        self._filters = QWidget()
        self._filters.setLayout(self._chips())
        self._filters.hide()  # until it is known that there are calls
        column.addWidget(self._filters)
        self._cut_off = self._offer()
        column.addWidget(self._cut_off)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._results())
        self._pages.addWidget(self._empty())
        self._pages.addWidget(self._nothing())
        column.addWidget(self._pages, 1)

    def _head(self) -> QHBoxLayout:
        self._title = Label(_("Calls"), "title")
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Search calls and what was said in them"))
        self._search.setAccessibleName(_("Search"))
        self._search.setMinimumWidth(320)
        self._search.textChanged.connect(lambda _text: self._typing.start())
        bring = QPushButton(_("Import"))
        bring.setProperty("look", "primary")
        theme.set_icon(bring, "plus", "on_accent")
        bring.setToolTip(_("Sound files of any kind, or drop them anywhere on this window (Ctrl+O)"))
        bring.clicked.connect(self.import_asked)
        folder = QPushButton(_("Import a folder"))
        theme.set_icon(folder, "folder-open")
        folder.setToolTip(_("A meeting program's folder becomes one call"))
        folder.clicked.connect(self.folder_asked)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._search, 2)
        row.addWidget(folder)
        row.addWidget(bring)
        return row

    def _chips(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        self._kind, self._result, self._case, self._state = (
            self._chip(name) for name in (_("Kind"), _("Result"), _("Case"), _("State"))
        )
        for text, value in (
            (_("To review"), "transcribed"),
            (_("Reviewed"), "reviewed"),
            (_("Numbers only"), "prepared"),
        ):
            self._state.addItem(text, value)
        for box in (self._kind, self._state, self._result, self._case):
            row.addWidget(box)
        self._clear_button = QPushButton(_("Clear filters"))
        self._clear_button.setProperty("look", "quiet")
        self._clear_button.clicked.connect(self._clear)
        row.addWidget(self._clear_button)
        row.addStretch(1)
        self._number = Label("", "muted")
        row.addWidget(self._number)
        return row

    def _chip(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(_("Filter: {name}").format(name=name))
        box.addItem(_("{name}: all").format(name=name), "")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMaximumWidth(220)
        box.activated.connect(lambda _n: self.reload())
        return box

    def _results(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        self._said_heading = Label("", "heading")
        self._count_button = QPushButton(_("Count in every call"))
        self._count_button.setToolTip(tip(_("How often each call says exactly this; it can be kept as a tracker")))
        self._count_button.clicked.connect(lambda: self.tracking.open(self._search.text()))
        self._said_row = QWidget()
        row = QHBoxLayout(self._said_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._said_heading, 1)
        row.addWidget(self._count_button)
        column.addWidget(self._said_row)
        column.addWidget(self._moments, 3)
        self._calls_heading = Label("", "heading")
        column.addWidget(self._calls_heading)
        column.addWidget(self._table, 2)
        for part in (self._said_row, self._moments, self._calls_heading):
            part.hide()
        return whole

    def _empty(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.addStretch(1)
        column.addWidget(Label(_("Your calls will be here"), "title"), 0, Qt.AlignmentFlag.AlignHCenter)
        line = _("Bring in a recording and see who spoke when, what went well, and at most three things to try.")
        column.addWidget(Label(line, "muted"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.PAGE)
        actions = FirstActions()
        actions.record_asked.connect(self.record_asked)
        actions.import_asked.connect(self.import_asked)
        actions.sample_asked.connect(lambda: self.sample_asked.emit(""))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(actions, 6)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(theme.WIDER)
        column.addWidget(Label(_("Nothing leaves this computer."), "muted"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return whole

    def _nothing(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.addStretch(1)
        self._nothing_said = Label("", "strong")
        column.addWidget(self._nothing_said, 0, Qt.AlignmentFlag.AlignHCenter)
        hint = Label(_("Try fewer words, or clear the filters (Escape)."), "muted")
        column.addWidget(hint, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return whole

    def _offer(self) -> QFrame:
        card = QFrame()
        card.setProperty("look", "note")
        row = QHBoxLayout(card)
        row.setContentsMargins(theme.WIDER, theme.GAP, theme.GAP, theme.GAP)
        self._offer_said = Label("")
        go_on = QPushButton(_("Go on"))
        go_on.clicked.connect(self._go_on)
        forget = QPushButton(_("Forget them"))
        forget.setProperty("look", "quiet")
        forget.clicked.connect(self._forget)
        row.addWidget(self._offer_said, 1)
        row.addWidget(go_on)
        row.addWidget(forget)
        card.hide()
        self._offered: list[dict[str, Any]] = []
        return card

    # --- asking

    def reload(self) -> None:
        """Ask again for everything shown here."""
        from coachdesk.desk.desk import Wanted

        text = self._search.text().strip()
        wanted = Wanted(
            text=text,
            kind=self._kind.currentData() or "",
            result=self._result.currentData() or "",
            case=self._case.currentData() or "",
            state=self._state.currentData() or "",
            order=self._order,
            descending=self._descending,
        )

        def question(desk: Desk) -> tuple[Any, ...]:
            said = desk.search(text, limit=_MOMENTS) if text else {"hits": [], "total": 0}
            return desk.count(), desk.library(wanted), said, text

        self._bridge.ask(question, lambda answer: self._show(*answer), owner=self)

    def start(self) -> None:
        """The first look: names for kinds and results, what was cut off, and the calls."""
        self._ask_names()
        self.reload()

    def _ask_names(self) -> None:
        """Filters follow what there is."""

        def question(desk: Desk) -> tuple[Any, ...]:
            books = desk.playbooks()
            kinds = {book.kind: book.words(book.languages[0]).name for book in reversed(books)}
            results = {k: v for book in reversed(books) for k, v in book.words(book.languages[0]).results.items()}
            return kinds, results, desk.library_facets(), desk.interrupted()

        self._bridge.ask(question, lambda answer: self._name(*answer), owner=self)

    def _soon(self) -> None:
        if not self._typing.isActive():
            self._typing.start()

    def _fetch(self, numbers: list[int]) -> None:
        self._bridge.ask(lambda desk: desk.library_rows(numbers), self._model.put, owner=self)

    def _reorder(self, order: str, descending: bool) -> None:
        self._order, self._descending = order, descending
        self.reload()

    # --- showing

    def _name(
        self,
        kinds: dict[str, str],
        results: dict[str, str],
        facets: dict[str, list[str]],
        cut_off: list[dict[str, Any]],
    ) -> None:
        self._model.set_names(kinds, results)
        for box, values, names in (
            (self._kind, facets["kind"], kinds),
            (self._result, facets["result"], results),
            (self._case, facets["case"], {}),
        ):
            chosen = box.currentData()
            while box.count() > 1:
                box.removeItem(1)
            for value in values:
                box.addItem(tidy(names.get(value, value)), value)
            box.setCurrentIndex(max(0, box.findData(chosen)))
        self._offered = cut_off
        self._cut_off.setVisible(bool(cut_off))
        self._offer_said.say(
            ngettext(
                "{n} import was cut off when the program ended. What was finished is kept.",
                "{n} imports were cut off when the program ended. What was finished is kept.",
                len(cut_off),
            ).format(n=len(cut_off))
        )

    def _show(self, count: int, numbers: list[int], said: dict[str, Any], text: str) -> None:
        if text != self._search.text().strip():
            return  # an older question's answer
        grew, self._count = count != self._count, count
        current, chosen = self._table.current_number, self._table.chosen_numbers
        self._model.set_numbers(numbers)
        if chosen:
            self._table.choose(current if current in chosen else chosen[0], chosen)
        elif current >= 0:
            self._table.choose(current)
        self._filters.setVisible(count > 0)
        self._number.say(ngettext("{n} call", "{n} calls", len(numbers)).format(n=len(numbers)))
        self._clear_button.setVisible(self._filtered)
        self._show_said(said, text, len(numbers))
        if not count:
            self._pages.setCurrentIndex(1)
        elif not numbers and not said["hits"]:
            self._nothing_said.say(_("I did not find a call like that."))
            self._pages.setCurrentIndex(2)
        else:
            self._pages.setCurrentIndex(0)
        if grew and count:
            self._ask_names()

    def _show_said(self, said: dict[str, Any], text: str, calls: int) -> None:
        found = [
            Said(h["call"], h["title"], h["speaker"] or "", h["role"] or "", h["start_ms"], h["end_ms"], h["text"])
            for h in said["hits"]
        ]
        self._moments.fill(found)
        for part in (self._said_row, self._moments):
            part.setVisible(bool(found))
        total = said["total"]
        self._said_heading.say(ngettext("Said once", "Said {n} times", total).format(n=total))
        self._calls_heading.setVisible(bool(text) and calls > 0)
        self._calls_heading.say(_("Calls named like this"))
        self._table.setVisible(not text or calls > 0)

    def _show_running(self) -> None:
        running = {}
        for job in self._bridge.running:
            if job.call_id:
                share = "" if job.share is None else f" {round(100 * job.share)} %"
                running[job.call_id] = _("Transcribing{share}").format(share=share)
        self._model.set_running(running)

    # --- doing

    @property
    def _filtered(self) -> bool:
        return any(box.currentData() for box in (self._kind, self._result, self._case, self._state))

    def _clear(self) -> None:
        for box in (self._kind, self._result, self._case, self._state):
            box.setCurrentIndex(0)
        self._search.clear()
        self.reload()

    def focus_search(self) -> None:
        self._search.setFocus()
        self._search.selectAll()

    def focus_calls(self) -> None:
        self._table.setFocus()
        if not self._table.chosen_numbers:
            self._table.choose(self._table.current_number)

    def _menu(self, chosen: list[int], at: QPoint) -> None:
        menu = QMenu(self)
        if len(chosen) == 1:
            menu.addAction(_("Open"), self._table.open_current)
        else:
            menu.addAction(_("Join as parts of one call"), lambda: self.join(chosen))
        menu.addAction(_("Put in the bin"), lambda: self.remove(chosen))
        menu.addAction(_("Remove now, for good..."), lambda: self.remove_for_good(chosen))
        menu.exec(at)

    def join(self, chosen: list[int]) -> None:
        """A line that dropped and was called back: one call out of its parts; they go to the bin."""
        said = ngettext("Joining {n} call", "Joining {n} parts of a call", len(chosen)).format(n=len(chosen))
        self._bridge.start(Job(said, lambda desk, job: desk.join(list(_ids(desk, chosen)))))

    def remove(self, chosen: list[int]) -> None:
        """Into the bin, for 30 days; can be undone at once."""
        said = ngettext("{n} call put in the bin", "{n} calls put in the bin", len(chosen)).format(n=len(chosen))
        self._bridge.do(said, lambda desk: PutInBin(_ids(desk, chosen))(desk), owner=self)

    def remove_for_good(self, chosen: list[int]) -> None:
        """After one question: sound, words and everything else of these calls is gone."""
        ask = QMessageBox(self)
        ask.setTextFormat(Qt.TextFormat.PlainText)
        ask.setIcon(QMessageBox.Icon.Warning)
        ask.setText(
            ngettext("Remove {n} call for good?", "Remove {n} calls for good?", len(chosen)).format(n=len(chosen))
        )
        ask.setInformativeText(_("Sound, words and numbers are removed from this computer. This cannot be undone."))
        gone = ask.addButton(_("Remove for good"), QMessageBox.ButtonRole.DestructiveRole)
        ask.addButton(_("Keep"), QMessageBox.ButtonRole.RejectRole)
        ask.exec()
        if ask.clickedButton() is gone:
            self._bridge.ask(
                lambda desk: desk.delete_all(list(_ids(desk, chosen))),
                lambda _none: self._bridge.changed.emit(""),
                owner=self,
            )

    def _go_on(self) -> None:
        from coachdesk.gui.pages.importing import again

        for job in self._offered:
            again(self._bridge, job)
        self._cut_off.hide()

    def _forget(self) -> None:
        ids = [job["id"] for job in self._offered]
        self._bridge.ask(lambda desk: desk.forget_jobs(ids), owner=self)
        self._cut_off.hide()


def _ids(desk: Desk, numbers: list[int]) -> tuple[str, ...]:
    """The ids of calls by their numbers, a few hundred at a time."""
    pages = (numbers[n : n + 500] for n in range(0, len(numbers), 500))
    return tuple(row["id"] for page in pages for row in desk.library_rows(page).values())
