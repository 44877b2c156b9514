"""The window: navigation at the left, one page at a time, the job strip below, toasts above it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from coachdesk.gui import theme
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.navigation import Navigation
from coachdesk.gui.page_table import PAGES, make
from coachdesk.gui.pages import importing
from coachdesk.gui.pages.library import Library
from coachdesk.gui.running import Running
from coachdesk.gui.tray import Tray
from coachdesk.gui.widgets.job_strip import JobStrip
from coachdesk.gui.widgets.offer import Offers
from coachdesk.gui.widgets.problem import tell
from coachdesk.gui.widgets.toast import Toast
from coachdesk.sentences import _, ngettext, notice

if TYPE_CHECKING:
    from coachdesk.gui.record_desk import RecordDesk


class MainWindow(QMainWindow):
    """Pages beyond the library are made when they are first looked at. `seen` fires once, after the first picture."""

    seen = Signal()

    def __init__(self, bridge: Bridge, first_run: bool = False) -> None:
        super().__init__()
        self._bridge, self._first_run = bridge, first_run
        self._review: Any = None
        self._settings_page: Any = None
        self._welcome: Any = None
        self._settings: Any = None
        self._record: RecordDesk | None = None
        self._tray = Tray(self)
        self._tray.opened.connect(self._come_back)
        self._was_seen = False
        self._made: dict[str, Any] = {}  # pages of the table, as they are first looked at
        self.setWindowTitle("CoachDesk")
        self.setWindowIcon(theme.icon("audio-lines", "own", 32))
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self.setMinimumSize(880, 560)
        self._build()
        self._connect()
        self._add_keys()

    # --- building

    def _build(self) -> None:
        self.library = Library(self._bridge)
        self.navigation = Navigation()
        self.offers = Offers()
        self.offers.setContentsMargins(theme.PAGE, theme.WIDE, theme.PAGE, 0)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.library)
        self.jobs = JobStrip()
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.offers)
        column.addWidget(self.pages, 1)
        column.addWidget(self.jobs)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(right, 1)
        self.setCentralWidget(whole)
        self.toast = Toast(right)

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.told.connect(lambda code, params: self.toast.say(notice(code, params), can_undo=False))
        bridge.undoable.connect(lambda what: self.toast.say(what))
        bridge.undone.connect(lambda what: self.toast.say(_("Undone: {what}").format(what=what), can_undo=False))
        bridge.went_wrong.connect(self._tell)
        bridge.settings_changed.connect(self.use_settings)
        self.toast.undo_asked.connect(bridge.undo)
        self.running = Running(bridge, self.jobs, self._tray, self._come_back, self._is_recording)
        self.navigation.chosen.connect(self.show_page)
        self.library.record_asked.connect(self.show_record)
        self.library.open_asked.connect(lambda call: self.open_call(call))
        self.library.play_asked.connect(self.open_call)
        self.library.import_asked.connect(lambda: importing.choose_files(bridge, self))
        self.library.folder_asked.connect(lambda: importing.choose_folder(bridge, self))
        self.library.sample_asked.connect(self.open_sample)

    def _add_keys(self) -> None:
        for keys, act in (
            ("Ctrl+K", self.search),
            ("Ctrl+O", lambda: importing.choose_files(self._bridge, self)),
            ("Ctrl+Z", self._bridge.undo),
            ("Ctrl+Shift+Z", self._bridge.redo),
            ("Ctrl+Y", self._bridge.redo),
            ("Ctrl+R", lambda: self._with_record(lambda record: record.start_or_stop())),
            ("Ctrl+B", lambda: self._with_record(lambda record: record.bookmark())),
            ("Ctrl+P", lambda: self._with_record(lambda record: record.pause())),
            ("Ctrl+Q", self.close),
            ("F1", self.show_keys),
        ):
            QShortcut(QKeySequence(keys), self, act)
        for entry in PAGES:
            if entry.key:
                QShortcut(QKeySequence(entry.key), self, partial(self.show_page, entry.name))
        QShortcut(QKeySequence.StandardKey.Find, self.library, self.library.focus_search,
                  context=Qt.ShortcutContext.WidgetWithChildrenShortcut)  # fmt: skip

    # --- starting

    def start(self) -> None:
        """The first questions, once the window is seen."""
        if self._first_run:  # known before the desk is open: no empty list flashes by
            self.show_welcome()

        def begin(answer: tuple[Any, int]) -> None:
            settings, calls = answer
            self.use_settings(settings)
            self._make_record(settings)
            if not settings.welcomed and not calls:
                if self._welcome is None:
                    self.show_welcome()
            elif calls and self.pages.currentWidget() is self.library:
                self.show_page("home")
            else:
                self.library.focus_calls()

        self._bridge.ask(lambda desk: (desk.settings, desk.count()), begin, owner=self)
        self.library.start()
        if not self._first_run:
            self.navigation.show_page("library")

    def use_settings(self, settings: Any) -> None:
        """Take settings over: the theme at once, the rest where it is used."""
        before, self._settings = self._settings, settings
        if before is None or before.theme != settings.theme:
            theme.theme().apply(settings.theme)
        if self._review is not None:
            self._review.use_settings(settings)

    # --- pages

    def _go(self, page: QWidget) -> None:
        leaving = self.pages.currentWidget() is self._review and page is not self._review
        if leaving and self._review is not None:
            self._review.pause()
        self.pages.setCurrentWidget(page)
        record = self._record.page if self._record else None
        shown = {self.library: "library", self._review: "review", self._settings_page: "settings", record: "record"}
        shown |= {made: name for name, made in self._made.items()}
        self.navigation.show_page(shown.get(page, ""))

    def show_page(self, name: str) -> None:
        """A page by its name in the navigation."""
        own: dict[str, Callable[[], None]] = {
            "record": self.show_record,
            "library": self.show_library,
            "review": lambda: self._go(self._review),
            "settings": self.show_settings,
        }
        own[name]() if name in own else self._show_made(name)

    def _show_made(self, name: str) -> None:
        """A page of the table, made the first time."""
        if name not in self._made:
            page = self._made[name] = make(name, self._bridge)
            self.pages.addWidget(page)
            for signal, act in (
                ("call_asked", self.open_call),
                ("page_asked", self.show_page),
                ("record_asked", self.show_record),
                ("import_asked", lambda: importing.choose_files(self._bridge, self)),
                ("sample_asked", self.open_sample),
            ):
                if hasattr(page, signal):
                    getattr(page, signal).connect(act)
        self._made[name].reload()
        self._go(self._made[name])

    def show_record(self) -> None:
        """Before a call, or the call that is recorded."""
        self._with_record(lambda record: self._go(record.page))

    def _with_record(self, act: Callable[[RecordDesk], None]) -> None:
        if self._record is not None:
            act(self._record)

    def _make_record(self, settings: Any) -> None:
        """What records: made after the first picture, for it brings the desk along."""
        from coachdesk.gui.record_desk import RecordDesk

        if self._record is not None:
            return
        self._record = record = RecordDesk(self._bridge, self.navigation, self.offers, self._tray)
        self.pages.addWidget(record.page)
        record.page_asked.connect(self._come_to_record)
        record.call_ready.connect(self.open_call)
        record.page.import_asked.connect(lambda: importing.choose_files(self._bridge, self))
        record.page.call_asked.connect(self.open_call)
        record.went_away.connect(self.show_library)
        record.start(settings)

    def _come_to_record(self) -> None:
        self._come_back()
        self.show_record()

    def show_library(self) -> None:
        self._go(self.library)
        self.library.focus_calls()

    def search(self) -> None:
        self._go(self.library)
        self.library.focus_search()

    def show_welcome(self) -> None:
        """The first questions, then three ways to begin."""
        from coachdesk.gui.pages.welcome import Welcome

        if self._welcome is None:
            self._welcome = Welcome(self._bridge)
            self._welcome.done.connect(self.show_library)
            self._welcome.record_asked.connect(self.show_record)
            self._welcome.import_asked.connect(lambda: importing.choose_files(self._bridge, self))
            self._welcome.sample_asked.connect(self.open_sample)
            self._welcome.model_asked.connect(self.show_models)
            self.pages.addWidget(self._welcome)
        self._go(self._welcome)

    def show_settings(self) -> None:
        from coachdesk.gui.pages.settings import SettingsPage

        if self._settings_page is None:
            self._settings_page = SettingsPage(self._bridge)
            self.pages.addWidget(self._settings_page)
        self._settings_page.reload()
        self._go(self._settings_page)

    def show_models(self) -> None:
        """Where the real transcript comes from."""
        self.show_settings()
        self._settings_page.show_section("Models")

    def show_keys(self) -> None:
        from coachdesk.gui.widgets.keys import KeysDialog

        KeysDialog(self).open()

    def open_call(self, call_id: str, start_ms: int = -1, end_ms: int = -1) -> None:
        """The review of a call; with a moment it plays at once."""
        review = self._review_page()
        review.open(call_id, start_ms, end_ms)
        self._go(review)

    def _review_page(self) -> Any:
        from coachdesk.gui.pages.review import ReviewPage

        if self._review is None:
            self._review = ReviewPage(self._bridge)
            self._review.closed.connect(self.show_library)
            self._review.gone.connect(self._review_gone)
            self._review.model_asked.connect(self.show_models)
            self._review.finished.connect(lambda _call: self.show_library())
            self._review.opened.connect(self._name_review)
            self.pages.addWidget(self._review)
            if self._settings is not None:
                self._review.use_settings(self._settings)
        return self._review

    def _review_gone(self) -> None:
        self.navigation.show_review("")
        if self.pages.currentWidget() is self._review:
            self.show_library()

    def _name_review(self, _call: str, title: str) -> None:
        self.navigation.show_review(title)

    def open_sample(self, name: str = "") -> None:
        """A sample call, at once; the one that fits the playbook where none is named."""

        def question(desk: Any) -> str:
            recruiting = desk.settings.playbook.startswith("recruiting")
            return str(desk.open_sample(name or ("recruiting_screen" if recruiting else "sales_discovery")))

        def show(call_id: str) -> None:
            self._bridge.changed.emit("")
            self.open_call(call_id)

        self._bridge.ask(question, show, owner=self)

    # --- what runs, what went wrong

    def _is_recording(self) -> bool:
        return self._record is not None and self._record.recording.is_on

    def _come_back(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()

    def _tell(self, error: BaseException) -> None:
        tell(error, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses the button that has the keyboard, as Space does; what else comes here nobody wanted."""
        button = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(button, QAbstractButton):
            button.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_seen:
            self._was_seen = True
            QTimer.singleShot(0, self.seen.emit)

    # --- dropping, closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if _is_file(url)]
        if paths:
            event.acceptProposedAction()
            importing.bring(self._bridge, paths, self)
            if self.pages.currentWidget() is self._welcome:
                self._go(self.library)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._record is not None and self._is_recording():
            may = self._record.may_close(self)
        else:
            may = not self._bridge.running or self._may_close()
        if not may:
            event.ignore()
            return
        if (field := self.focusWidget()) is not None:
            field.clearFocus()  # what is typed in it is said before the end
        QSettings().setValue("window", self.saveGeometry())
        self.shut()
        event.accept()
        QApplication.quit()

    def shut(self) -> None:
        """End everything that runs for this window: the player, what is recorded, and the bridge."""
        if self._record is not None:
            self._record.leave()
        if self._review is not None:
            self._review.leave()
        self._bridge.close()

    def _may_close(self) -> bool:
        """Something runs: go on without the window, or stop and go on next time."""
        n = len(self._bridge.running)
        ask = QMessageBox(self)
        ask.setTextFormat(Qt.TextFormat.PlainText)
        ask.setText(
            ngettext("{n} call is still being worked on.", "{n} calls are still being worked on.", n).format(n=n)
        )
        ask.setInformativeText(_("What is finished is kept; imports are offered again at the next start."))
        stop = ask.addButton(_("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        hide = None
        if self._tray.is_there():
            hide = ask.addButton(_("Go on in the background"), QMessageBox.ButtonRole.ActionRole)
        ask.addButton(_("Stay"), QMessageBox.ButtonRole.RejectRole)
        ask.exec()
        if hide is not None and ask.clickedButton() is hide and self._bridge.running:  # it may have ended meanwhile
            self.hide()
            return False
        return ask.clickedButton() in (stop, hide)

    def restore_place(self) -> None:
        """Where the window was last time."""
        kept = QSettings().value("window")
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)


def _is_file(url: QUrl) -> bool:
    return url.isLocalFile()
