"""The door to the window: fonts, theme, language, one bridge, one window; errors nobody took care of end in one dialog."""

from __future__ import annotations

import logging
import os
import signal
import sys
from logging.handlers import RotatingFileHandler
from types import TracebackType

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from coachdesk import paths, sentences, settings
from coachdesk.errors import CoachDeskError
from coachdesk.gui import theme
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.widgets.problem import report, tell
from coachdesk.sentences import _

log = logging.getLogger("coachdesk.gui")


def main() -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    if not _has_screen():
        print(_("There is no screen to open a window on."), file=sys.stderr)
        print(_("Everything works in the terminal, too: `coachdesk demo`, `coachdesk --help`."), file=sys.stderr)
        return 2
    app, window = open_window()
    signal.signal(signal.SIGINT, lambda *_told: window.close())
    signal.signal(signal.SIGTERM, lambda *_told: window.close())
    breath = QTimer()  # lets Python see signals while Qt waits
    breath.start(200)
    breath.timeout.connect(lambda: None)
    try:
        return app.exec()
    finally:
        window.shut()


def _has_screen() -> bool:
    """Qt aborts the whole program where there is none: asked for beforehand."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"))


def open_window() -> tuple[QApplication, MainWindow]:
    """The application with its window, shown; the desk is asked once the window was seen."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("CoachDesk")
    app.setOrganizationName("CoachDesk")
    app.setDesktopFileName("coachdesk")
    app.setQuitOnLastWindowClosed(False)  # the window decides; imports may go on beside the clock
    home = paths.home()
    _keep_log(home)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)  # the window's place: in the home, like everything
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home.root))
    chosen = _settings(home)
    sentences.speak(os.environ.get("COACHDESK_LANGUAGE") or chosen.interface_language)
    theme.theme().apply(chosen.theme)
    window = MainWindow(Bridge(), first_run=not chosen.welcomed and not home.database.exists())
    _catch(window)
    window.restore_place()
    window.seen.connect(window.start)
    window.show()
    return app, window


def _settings(home: paths.Home) -> settings.Settings:
    """Settings for the first picture; a broken file is told by the desk later, with what to do."""
    try:
        return settings.load(home)
    except CoachDeskError:
        return settings.Settings()


def _keep_log(home: paths.Home) -> None:
    """Ids and durations, never what was said."""
    if not home.root.is_dir():
        return
    try:
        handler = RotatingFileHandler(home.log, maxBytes=1 << 20, backupCount=1, encoding="utf-8")
    except OSError:  # a home that cannot be written says so elsewhere
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger("coachdesk")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False


def _catch(window: MainWindow) -> None:
    """What nobody caught: logged with its places, shown once, and the window goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("uncaught\n%s", report(error.with_traceback(trace)))
        if not issubclass(kind, KeyboardInterrupt):
            tell(error, window)

    sys.excepthook = hook
