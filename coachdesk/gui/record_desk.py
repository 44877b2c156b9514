"""All of the window that has to do with recording, in one place: the recording, its page, its strip, its signs, its offers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QPoint, QSettings, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from coachdesk.gui.bridge import Bridge
from coachdesk.gui.navigation import Navigation
from coachdesk.gui.offering import Offering
from coachdesk.gui.pages.record import RecordPage
from coachdesk.gui.recording import Recording
from coachdesk.gui.tray import Tray
from coachdesk.gui.widgets.offer import Offers
from coachdesk.gui.widgets.recording_strip import RecordingStrip
from coachdesk.sentences import _, clock


class RecordDesk(QObject):
    """`page_asked`: bring the page to the front. `call_ready`: a recording became this call. `went_away`: to the library."""

    page_asked = Signal()
    call_ready = Signal(str)
    went_away = Signal()

    def __init__(self, bridge: Bridge, navigation: Navigation, offers: Offers, tray: Tray) -> None:
        super().__init__(navigation)
        self._bridge, self._navigation, self._tray = bridge, navigation, tray
        self.recording = Recording(bridge)
        self.recording.setParent(self)
        self.page = RecordPage(bridge, self.recording)
        self.offering = Offering(bridge, self.recording, offers)
        self.strip: RecordingStrip | None = None
        self._settings: Any = None
        self._warning = ""
        self._connect()

    def _connect(self) -> None:
        recording, page = self.recording, self.page
        recording.changed.connect(self._show_state)
        recording.level.connect(self._show_level)
        recording.finished.connect(self._finished)
        recording.erased.connect(self._erased)
        recording.broke_off.connect(self._broke_off)
        recording.quiet.connect(self._count_down)
        page.strip_asked.connect(lambda: self._show_strip(True))
        self._navigation.stop_asked.connect(lambda: recording.stop())
        self.offering.record_asked.connect(self._record_offered)
        self.offering.call_seems_to_begin.connect(self._tell_of_call)
        self._bridge.settings_changed.connect(self._use_settings)

    def start(self, settings: Any) -> None:
        """Once, when the window is seen."""
        self._use_settings(settings)
        self.offering.start(settings)

    def _use_settings(self, settings: Any) -> None:
        self._settings = settings

    # --- what the person does

    def start_or_stop(self) -> None:
        """One key for both ends of a call."""
        if self.recording.state == "idle":
            self.page_asked.emit()
            self.page.start()
        else:
            self.recording.stop()

    def bookmark(self) -> None:
        if self.recording.state in ("recording", "paused"):
            self.recording.bookmark()

    def pause(self) -> None:
        self.page.pause()

    def _record_offered(self) -> None:
        self.page_asked.emit()
        self.page.start()

    def _tell_of_call(self, said: str) -> None:
        if said:
            self._tray.show(said)
            self._tray.say(said)
        else:
            self._put_sign_away()

    # --- what happens

    def _show_state(self) -> None:
        recording = self.recording
        self._navigation.show_recording(recording.state)
        if recording.is_on:
            self._tray.show(_("A call is being recorded"), recording=True)
            if recording.state == "recording" and self.strip is None and self._settings and self._settings.strip:
                self._show_strip(True)
        else:
            self._put_sign_away()
            self._show_strip(False)

    def _put_sign_away(self) -> None:
        """Unless the sign stands for something else by now: a recording, or what else runs."""
        if not self.recording.is_on and not self._bridge.running:
            self._tray.hide()

    def _show_level(self, level: Any) -> None:
        self._navigation.show_time(level.position_ms)
        if self.strip is not None:
            self.strip.set_state(level.position_ms, level.paused, level.mic_db, level.system_db, self._said_on_strip())

    def _said_on_strip(self) -> str:
        if self._warning or self.recording.mixed or self.recording.sides.get("system") != "silent":
            return self._warning
        return _("I hear nothing from them")

    def _finished(self, call_id: str) -> None:
        self._bridge.changed.emit("")
        if self.recording.state == "idle":  # in the next call already: it waits among the calls
            self.call_ready.emit(call_id)

    def _erased(self, _call_id: str) -> None:
        self._bridge.changed.emit("")
        self._bridge.told.emit("recording_erased", {})
        self.went_away.emit()

    def _broke_off(self, problem: Any) -> None:
        if problem is not None:
            self._bridge.went_wrong.emit(problem)
        self.offering.look_for_cut_off()

    def _count_down(self, left_s: int | None) -> None:
        """Seen where the meeting is: in the strip, and beside the clock."""
        said = "" if left_s is None else _("Stopping in {s} s").format(s=max(0, left_s))
        if said and not self._warning:
            self._tray.say(_("The call seems to be over. Recording stops in {s} s.").format(s=left_s))
        self._warning = said

    # --- the strip

    def _show_strip(self, on: bool) -> None:
        if not on:
            if self.strip is not None:
                self.strip.close()
                self.strip.deleteLater()
                self.strip = None
            return
        if self.strip is None:
            self.strip = strip = RecordingStrip()
            strip.bookmark_asked.connect(self.bookmark)
            strip.pause_asked.connect(self.pause)
            strip.stop_asked.connect(lambda: self.recording.stop())
            strip.open_asked.connect(self.page_asked)
            strip.moved.connect(lambda at: QSettings().setValue("strip", at))
        at = QSettings().value("strip")
        if isinstance(at, QPoint):
            self.strip.move(at)
        self.strip.show()

    # --- closing the window

    def may_close(self, window: QWidget) -> bool:
        """Ask what becomes of the recording. Its sound is safe whatever is chosen."""
        if not self.recording.is_on:
            return True
        ask = QMessageBox(window)
        ask.setText(_("A call is being recorded ({length}).").format(length=clock(self.recording.position_ms)))
        ask.setInformativeText(
            _("Stopped now, it is offered at the next start. Without a window it records for 10 more minutes at most.")
        )
        stop = ask.addButton(_("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        leave = ask.addButton(_("Record on without the window"), QMessageBox.ButtonRole.ActionRole)
        ask.addButton(_("Stay"), QMessageBox.ButtonRole.RejectRole)
        ask.exec()
        if ask.clickedButton() is stop:
            self.recording.stop()
        return ask.clickedButton() in (stop, leave)

    def leave(self) -> None:
        """The window is gone: what records goes on, or was told to stop."""
        self.offering.stop()
        self.recording.leave()
        self._show_strip(False)
