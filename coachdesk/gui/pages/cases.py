"""Cases: everybody talked with more than once in one place, with how it stands and what is to be done next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from coachdesk.errors import CoachDeskError, NotFound
from coachdesk.gui import theme
from coachdesk.gui.acts import ChangeCase, SayOfStep, TakeResults
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.widgets.case_list import CaseList
from coachdesk.gui.widgets.case_view import CaseView
from coachdesk.gui.widgets.results_preview import ResultsPreview
from coachdesk.gui.widgets.text import Label, tidy
from coachdesk.sentences import N_, STEPS, _, ngettext

if TYPE_CHECKING:
    from coachdesk.desk.amend_case import CaseChange
    from coachdesk.desk.desk import Desk

Document = dict[str, Any]
_SOON_MS = 120
_SHOWN = (("", N_("All cases")), ("open", N_("Open")), ("due", N_("Something is due")), ("over", N_("Ended")))
_ORDERS = (("last", N_("Last call first")), ("due", N_("What is due first")), ("name", N_("By name")))
_OPEN = (None, "open")


class CasesPage(QWidget):
    """Asks the bridge for cases and shows them; opening a call is the main window's."""

    call_asked = Signal(str, int, int)
    page_asked = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._every: list[Document] = []
        self._results: dict[str, str] = {}
        self._current = ""
        self._to_focus = False
        self._again = QTimer(self, interval=_SOON_MS, singleShot=True)
        self._again.timeout.connect(self._ask)
        self._build()
        self._connect()

    # --- building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE - 4, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        column.addLayout(self._head())
        self._pages = QStackedWidget()
        self._pages.addWidget(self._halves())
        self._pages.addWidget(self._empty())
        column.addWidget(self._pages, 1)
        self._pages.hide()  # until it is known whether there are cases

    def _head(self) -> QHBoxLayout:
        self._bring = QPushButton(_("Import results"))
        theme.set_icon(self._bring, "import")
        self._bring.setToolTip(_("Results of cases or calls out of a CSV file, shown before they are changed"))
        self._bring.clicked.connect(self.choose_results)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(Label(_("Cases"), "title"))
        row.addStretch(1)
        row.addWidget(self._bring)
        return row

    def _halves(self) -> QSplitter:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search cases"))
        self.search.setAccessibleName(_("Search cases"))
        self._shown, self._order = self._choice(_("Show"), _SHOWN), self._choice(_("Order"), _ORDERS)
        self.list = CaseList()
        self._nothing = Label(_("I did not find a case like that."), "muted", wrap=True)
        self._nothing.hide()
        column.addWidget(self.search)
        column.addWidget(self._shown)
        column.addWidget(self._order)
        column.addWidget(self._nothing)
        column.addWidget(self.list, 1)
        left.setMinimumWidth(220)
        self.view = CaseView()
        self._beside = QStackedWidget()
        self._beside.setMinimumWidth(360)
        self._beside.addWidget(self.view)
        self._beside.addWidget(QWidget())  # where no case is found, none is shown
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(theme.WIDER)
        halves.addWidget(left)
        halves.addWidget(self._beside)
        halves.setStretchFactor(1, 1)
        halves.setSizes([290, 720])
        return halves

    def _choice(self, name: str, entries: tuple[tuple[str, str], ...]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for value, said in entries:
            box.addItem(_(said), value)
        box.activated.connect(lambda _n: self._fill())
        return box

    def _empty(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setSpacing(theme.WIDE)
        column.addStretch(1)
        column.addWidget(Label(_("Your cases will be here"), "title"), 0, Qt.AlignmentFlag.AlignHCenter)
        for line in (
            _("A case gathers all calls with the same people: how it stands, what was promised, how it ended."),
            _("Open a call and write whose it is in the line under its title. It appears here at once."),
        ):
            column.addWidget(Label(line, "muted"), 0, Qt.AlignmentFlag.AlignHCenter)
        self._to_calls = QPushButton(_("To your calls"))
        self._to_calls.setProperty("look", "primary")
        self._to_calls.clicked.connect(lambda: self.page_asked.emit("library"))
        column.addWidget(self._to_calls, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return whole

    def _connect(self) -> None:
        self._bridge.changed.connect(lambda _call: self._soon())
        self._bridge.went_wrong.connect(lambda _problem: self.view.drop_typed())  # what was refused is not shown
        self.search.textChanged.connect(lambda _text: self._fill())
        self.list.chosen.connect(self.show_case)
        self.list.activated.connect(lambda _index: self.view.name.setFocus())
        view = self.view
        view.name_said.connect(self._rename)
        view.stage_said.connect(self._set_stage)
        view.result_chosen.connect(self._set_result)
        view.merge_asked.connect(self.choose_merge)
        view.step_said.connect(self._say_of_step)
        view.open_asked.connect(lambda call: self.call_asked.emit(call, -1, -1))
        view.play_asked.connect(self.call_asked)
        QShortcut(
            QKeySequence(Qt.Key.Key_Escape), self, self._escape, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        QShortcut(
            QKeySequence.StandardKey.Find, self, self.search.setFocus, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )  # fmt: skip

    # --- asking and showing

    def reload(self) -> None:
        """The page is looked at: what it shows is asked for again, and the keyboard is in its list."""
        self._to_focus = True
        self._ask()

    def _soon(self) -> None:
        if self.isVisible():
            self._again.start()

    def _ask(self) -> None:
        self._bridge.ask(
            lambda desk: (desk.cases(), desk.case_results()), lambda answer: self._take(*answer), owner=self
        )

    def _take(self, every: list[Document], results: dict[str, str]) -> None:
        self._every, self._results = every, results
        self._pages.setCurrentIndex(0 if every else 1)
        self._pages.show()
        self._fill()
        if self._to_focus:
            self._to_focus = False
            (self.list if every else self._to_calls).setFocus()

    def _fill(self) -> None:
        """The list as search, filter and order want it; the case that is shown stays where it is still in it."""
        wanted = tidy(self.search.text()).casefold()
        found = [case for case in self._every if wanted in case["name"].casefold() and self._is_shown(case)]
        order = self._order.currentData()
        if order == "due":
            found.sort(key=lambda case: (-case["due"], -case["open"]))  # else as they come: the last call first
        elif order == "name":
            found.sort(key=lambda case: (case["name"].casefold(), case["id"]))
        self.list.fill(found, self._results, self._current)
        self._nothing.setVisible(not found)
        self._beside.setCurrentIndex(0 if found else 1)
        if found:
            self.show_case(self.list.current)

    def _is_shown(self, case: Document) -> bool:
        wanted = self._shown.currentData()
        is_open = case["result"] in _OPEN
        return bool({"open": is_open, "over": not is_open, "due": case["due"] > 0}.get(wanted, True))

    def show_case(self, case_id: str) -> None:
        """A case beside the list."""
        self._current = case_id

        def show(doc: Document) -> None:
            if doc["id"] == self._current:
                self.view.set_case(doc)

        self._bridge.ask(lambda desk: desk.case(case_id), show, self._gone, owner=self)

    def _gone(self, problem: CoachDeskError) -> None:
        """Merged or renamed elsewhere meanwhile; anything else is told."""
        if isinstance(problem, NotFound):
            self._current = ""
            self._soon()
        else:
            self._bridge.went_wrong.emit(problem)

    def _escape(self) -> None:
        self.view.drop_typed()
        self.search.clear()
        self.list.setFocus()

    # --- doing

    def _change(self, what: str, change: CaseChange) -> None:
        self._bridge.do(what, ChangeCase(change), owner=self)

    def _rename(self, name: str) -> None:
        from coachdesk.desk.amend_case import RenameCase

        self._change(_("Case renamed"), RenameCase(self._current, name))

    def _set_stage(self, stage: str) -> None:
        from coachdesk.desk.amend_case import SetStage

        self._change(_("Stage set"), SetStage(self._current, stage))

    def _set_result(self, word: str, on: str) -> None:
        from coachdesk.desk.amend_case import SetCaseResult

        self._change(_("Result set"), SetCaseResult(self._current, word, on))

    def _say_of_step(self, step: str, call: str, state: str) -> None:
        what = _("Next step: {state}").format(state=_(STEPS[state]))
        self._bridge.do(what, SayOfStep(step, call, state), call, owner=self)

    def choose_merge(self) -> None:
        """Ask which other case is the same, and bring everything of it here."""
        others = {f"{tidy(case['name'])}": case["id"] for case in self._every if case["id"] != self._current}
        here = next((case["name"] for case in self._every if case["id"] == self._current), "")
        if not others or not here:
            return
        ask = QInputDialog(self)
        ask.setWindowTitle(_("Merge cases"))
        ask.setLabelText(
            _("Which case is the same as {name}? Its calls and next steps come here.").format(name=tidy(here))
        )
        ask.setComboBoxItems(sorted(others, key=str.casefold))
        ask.setOkButtonText(_("Merge"))
        ask.setCancelButtonText(_("Cancel"))
        ask.textValueSelected.connect(lambda name: self.merge(others[name]))
        ask.open()

    def merge(self, other: str) -> None:
        """Everything of another case onto the one that is shown."""
        from coachdesk.desk.amend_case import MergeCases

        self._change(_("Cases merged"), MergeCases(other, self._current))

    # --- results out of a file

    def choose_results(self) -> None:
        kinds = _("Tables (*.csv *.tsv *.txt);;All files (*)")
        name, _filter = QFileDialog.getOpenFileName(self, _("Import results"), "", kinds)
        if name:
            self.look_at_results(Path(name))

    def look_at_results(self, path: Path) -> None:
        """What a file would change, shown before it is done."""
        self._bridge.ask(lambda desk: desk.preview_results(path), self._show_results, owner=self)

    def _show_results(self, shown: Document) -> None:
        self.preview = preview = ResultsPreview(shown, self)
        preview.wanted.connect(lambda: self._take_results(shown))
        preview.open()

    def _take_results(self, shown: Document) -> None:
        def act(desk: Desk) -> TakeResults:
            from coachdesk.desk.results_import import change_of

            return TakeResults(change_of(shown))(desk)

        n = shown["ready"]
        said = ngettext("{n} line of results taken over", "{n} lines of results taken over", n).format(n=n)
        self._bridge.do(said, act, owner=self)
