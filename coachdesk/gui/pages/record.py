"""The Record page: before a call, and while it goes on. It knows the recording and asks the desk for names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages.record_live import RecordLive
from coachdesk.gui.pages.record_setup import RecordSetup, choices
from coachdesk.gui.pages.trying import TakeSound
from coachdesk.gui.recording import About, Recording, Stamp
from coachdesk.gui.widgets.consent_bar import CHIPS
from coachdesk.sentences import _, clock, notice
from coachdesk.settings import Settings

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk

_DEVICES_EVERY_MS = 4_000  # devices come and go; looking takes another process, so only while the page is seen
_ONE_MICROPHONE = "one_microphone"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page begins with."""

    settings: Settings
    books: tuple[Any, ...]
    planned: dict[str, Any]


def _facts(desk: Desk) -> Facts:
    return Facts(desk.settings, tuple(desk.playbooks()), desk.planned())


class RecordPage(QWidget):
    """`recording` is the window's; the page shows it and passes on what the person does."""

    import_asked = Signal()
    call_asked = Signal(str, int, int)  # a call with the same case, from a moment on
    strip_asked = Signal()

    def __init__(self, bridge: Bridge, recording: Recording) -> None:
        super().__init__()
        self._bridge, self._recording = bridge, recording
        self._settings = Settings()
        self._books: dict[str, Any] = {}
        self._guides: dict[str, list[tuple[str, str]]] = {}
        self._devices: list[Any] = []
        self._offered_one_microphone = False
        self._shown = "idle"  # the state that is shown
        self._note_from_ms: int | None = None
        self.setup, self.live = RecordSetup(), RecordLive()
        self._take = TakeSound(bridge, self)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.setup)
        self._pages.addWidget(self.live)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._look = QTimer(self, interval=_DEVICES_EVERY_MS)
        self._look.timeout.connect(self._look_for_devices)
        self._connect_setup()
        self._connect_live()
        self._connect_recording()
        bridge.ask(_facts, self._show, owner=self)

    def _connect_setup(self) -> None:
        setup = self.setup
        setup.start_asked.connect(self.start)
        setup.focus_card.take_asked.connect(self._take.play)
        setup.playbook_chosen.connect(self._choose_playbook)
        setup.devices_chosen.connect(
            lambda mic, system: self._bridge.change_settings(record_mic=mic, record_system=system)
        )
        setup.import_asked.connect(self.import_asked)
        setup.folder_asked.connect(self._choose_folder)
        setup.account.editingFinished.connect(self._ask_case)
        setup.case_card.play_asked.connect(self.call_asked)

    def _connect_live(self) -> None:
        live, recording = self.live, self._recording
        live.bookmark_asked.connect(recording.bookmark)
        live.pause_asked.connect(self.pause)
        live.stop_asked.connect(lambda: recording.stop())
        live.strip_asked.connect(self.strip_asked)
        live.title_said.connect(lambda title: recording.describe(replace(recording.about, title=title)))
        live.own.device_chosen.connect(lambda device: recording.switch("mic", device or "default:microphone"))
        live.other.device_chosen.connect(lambda device: recording.switch("system", device or "default:system"))
        live.consent.agreed.connect(self._agree)
        live.consent.unasked.connect(self._take_back)
        live.consent.refused.connect(recording.refuse)
        live.notes.begun.connect(self._begin_note)
        live.notes.written.connect(self._write_note)
        live.questions.ticked.connect(recording.tick)
        live.offers.answered.connect(self._answer)

    def _connect_recording(self) -> None:
        recording = self._recording
        recording.changed.connect(self._show_state)
        recording.level.connect(self._show_level)
        recording.heard.connect(self._show_side)
        recording.told.connect(self._show_told)
        recording.stamped.connect(self._show_stamp)
        recording.ending.connect(self._say_what_is_typed)
        self._bridge.words.connect(self._show_words)
        self._bridge.settings_changed.connect(self._use_settings)

    # --- before

    def _show(self, facts: Facts) -> None:
        self._books = {book.id: book for book in facts.books}
        names = [(book.id, _words(book).name, _words(book).case) for book in facts.books]
        self.setup.set_playbooks(names, facts.settings.playbook)
        self._show_planned(facts.planned)
        self._use_settings(facts.settings)
        self._choose_playbook(self.setup.playbook.currentData() or "")
        self._shown = "idle"  # with what was asked for here, the page of a recording that goes on is begun anew
        self._show_state()

    def _use_settings(self, settings: Settings) -> None:
        self._settings = settings
        self.live.show_ring(settings.own_talk)

    def _choose_playbook(self, book: str) -> None:
        self.setup.choose_playbook(book)
        self._bridge.ask(lambda desk: desk.focus(book), self._show_focus, owner=self)

    def _ask_case(self) -> None:
        """With whom: how it stands between the two of them, where that is known."""
        case = self.setup.account.text().strip()

        def show(known: dict[str, Any] | None) -> None:
            if case == self.setup.account.text().strip():
                self.setup.case_card.set_case(known)

        self._bridge.ask(lambda desk: desk.before_call(case), show, owner=self)
        self._ask_planned()

    def _ask_planned(self) -> None:
        """Which questions can be ticked on a call with this case."""
        case = self.setup.account.text().strip()

        def show(planned: dict[str, Any]) -> None:
            if case == self.setup.account.text().strip():
                self._show_planned(planned)

        self._bridge.ask(lambda desk: desk.planned(case), show, owner=self)

    def _show_planned(self, planned: dict[str, Any]) -> None:
        self._guides = {each["title"]: [(q["id"], q["text"]) for q in each["questions"]] for each in planned["guides"]}
        self.setup.set_positions(list(self._guides), planned["likely"])

    @property
    def _questions(self) -> list[tuple[str, str]]:
        """What can be ticked on the call that is recorded: its position's questions, else the playbook's."""
        about = self._recording.about
        return self._guides.get(about.position) or _questions(self._books.get(about.playbook))

    def _show_focus(self, focus: dict[str, Any] | None) -> None:
        self.setup.focus_card.set_focus(focus)
        self.live.focus_card.set_focus(focus)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_for_devices()
        self._look.start()
        if self._recording.state == "idle":
            self._ask_planned()
            self.setup.start.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._take.close()

    def _look_for_devices(self) -> None:
        if not self.isVisible():
            self._look.stop()
            return
        self._bridge.ask(lambda desk: desk.devices(), self._show_devices, owner=self)

    def _show_devices(self, found: Any) -> None:
        if list(found.devices) == self._devices and not found.missing:
            return
        self._devices = list(found.devices)
        mic, system = self._settings.record_mic, self._settings.record_system
        self.setup.set_devices(self._devices, found.missing, mic, system)
        for meter, kind, chosen in ((self.live.own, "microphone", mic), (self.live.other, "system", system)):
            meter.set_devices([(device, name, not device) for name, device in choices(self._devices, kind)], chosen)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("The folder your telephone's recordings are saved to"))
        if folder:
            self._bridge.change_settings(watch_folder=folder)
            self._bridge.told.emit("watching_folder", {"folder": folder})

    # --- start and stop

    def start(self) -> None:
        """Record now, with what is chosen."""
        if self._recording.state != "idle":
            return
        self._take.close()  # it is not for the call
        setup = self.setup
        about = About(
            setup.playbook.currentData() or self._settings.playbook,
            setup.title.text().strip(),
            setup.account.text().strip(),
            setup.position.currentData() or "",
        )
        live = self._settings.live_words and self._settings.engine != "none"
        self._recording.start(
            about, self._settings.record_mic, self._settings.record_system, setup.one_microphone.isChecked(), live
        )

    def pause(self) -> None:
        self._recording.pause(self._recording.state == "recording")

    def _begin(self) -> None:
        """The live page for this recording, as it stands."""
        recording, live = self._recording, self.live
        self._offered_one_microphone = False
        live.begin(recording.about.title)
        live.set_questions(self._questions)
        live.words.set_state("" if self._settings.live_words else _("The words come after the call."))
        live.consent.suggest(self._settings.last_consent.get(recording.about.playbook, ""))
        live.other.setVisible(not recording.mixed)
        for side in ("mic", "system"):
            self._show_side(side, recording.sides.get(side, "waiting"))
        for stamp in recording.stamps:
            self._show_stamp(stamp)
        for question, at_ms in recording.ticked.items():
            live.questions.mark(question, at_ms)
        live.offers.remove(_ONE_MICROPHONE)
        live.notes.field.setFocus()

    # --- while it goes on

    def _show_state(self) -> None:
        state, before = self._recording.state, self._shown
        self._shown = state
        if before == "idle" and state != "idle":
            self._begin()
        self._pages.setCurrentWidget(self.setup if state == "idle" else self.live)
        self.live.set_state(state)
        self.live.other.setVisible(not self._recording.mixed)
        if state == "idle":
            self.setup.forget_call()

    def _show_level(self, level: Any) -> None:
        self.live.set_place(level.position_ms)
        if not self.isVisible():
            return
        self.live.own.set_level(level.mic_db)
        self.live.other.set_level(level.system_db)
        if self._settings.own_talk:
            self.live.ring.set_values(self._recording.talk.share, self._recording.talk.stretch_ms)

    def _show_side(self, side: str, state: str) -> None:
        meter = self.live.own if side == "mic" else self.live.other
        meter.set_state(state, *_side_said(side, state))
        if side == "system" and state == "silent":
            self._offer_one_microphone()
        elif side == "system" and state == "heard":
            self.live.offers.remove(_ONE_MICROPHONE)

    def _offer_one_microphone(self) -> None:
        """The other side is silent and the microphone is not: perhaps it is a telephone on the desk."""
        recording = self._recording
        if recording.mixed or self._offered_one_microphone or recording.sides.get("mic") != "heard":
            return
        self._offered_one_microphone = True
        self.live.offers.add(
            _ONE_MICROPHONE,
            "mic",
            _("I hear only your microphone. Is it a telephone on loudspeaker, or are all in one room?"),
            [(_("Yes, one microphone"), "yes", True), (_("No"), "no", False)],
        )

    def _answer(self, key: str, action: str) -> None:
        self.live.offers.remove(key)
        if key == _ONE_MICROPHONE and action == "yes":
            self._recording.set_mixed(True)

    def _show_told(self, code: str, params: dict[str, Any]) -> None:
        side = {"mic": _("you"), "system": _("them")}.get(str(params.get("side", "")), "")
        self._bridge.told.emit(code, {**params, "side": side})

    def _agree(self, basis: str) -> None:
        self._recording.agree(basis)
        self.live.consent.set_noted("noted", basis, clock(self._recording.position_ms))

    def _take_back(self) -> None:
        self._recording.take_back()
        self.live.consent.set_noted("unknown")

    def _say_what_is_typed(self) -> None:
        """A title or note that is not finished when the call is."""
        title = self.live.title.text().strip()
        if title != self._recording.about.title:
            self._recording.describe(replace(self._recording.about, title=title))
        if text := self.live.notes.field.text().strip():
            self._write_note(text)

    def _begin_note(self) -> None:
        self._note_from_ms = self._recording.position_ms

    def _write_note(self, text: str) -> None:
        self._recording.note(text, self._note_from_ms)
        self._note_from_ms = None

    def _show_stamp(self, stamp: Stamp) -> None:
        text = stamp.text
        if stamp.kind == "asked":
            text = dict(self._questions).get(stamp.text, stamp.text)
            self.live.questions.mark(stamp.text, stamp.at_ms)
        if stamp.kind == "agreed":
            text = _(CHIPS.get(stamp.text, stamp.text))
            self.live.consent.set_noted("noted", stamp.text, clock(stamp.at_ms))
        self.live.notes.add(stamp.at_ms, text, stamp.kind)

    def _show_words(self, channel: int, start_ms: int, end_ms: int, text: str) -> None:
        self.live.words.add("own" if channel == 0 else "other", start_ms, text)
        behind_s = (self._recording.position_ms - end_ms) // 1000
        self.live.words.set_state(_("The words are {s} s behind.").format(s=behind_s) if behind_s > 30 else "")


def _words(book: Any) -> Any:
    return book.words(book.languages[0])


def _questions(book: Any) -> list[tuple[str, str]]:
    if book is None:
        return []
    language = book.languages[0]
    return [(q.id, q.text.get(language) or next(iter(q.text.values()))) for q in book.questions]


def _side_said(side: str, state: str) -> tuple[str, str]:
    """What the meter says ("" = its own words), and how to mend it."""
    own = side == "mic"
    if state == "silent":
        hint = _("Is the right microphone chosen, and not muted?")
        return "", hint if own else _("Choose the loudspeaker or headset you hear them with.")
    if state == "lost":
        return "", notice("recording_device_gone", {"side": _("you") if own else _("them")})
    return "", ""
