"""What the window offers by itself, as banners above every page: recordings that were cut off, a call that seems to begin,
a recording that seems over, recordings that came into the watched folder. Never done unasked, never in the way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QLocale, QObject, QTimer, Signal

from coachdesk.desk.recording import Watch, watch_microphone
from coachdesk.gui.bridge import Bridge, Job
from coachdesk.gui.pages import importing
from coachdesk.gui.recording import Recording
from coachdesk.gui.widgets.offer import Offers
from coachdesk.gui.widgets.text import place
from coachdesk.sentences import _, clock, ngettext
from coachdesk.settings import Settings

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk
    from coachdesk.desk.recording import CutOff, Recorder

IN_USE_MS = 10_000  # another program has the microphone for so long: a call
_ARRIVALS_EVERY_MS = 15_000
_MOST_CUT_OFF = 5  # offered at once; the rest at the next start
_CALL, _QUIET, _ARRIVED = "call", "quiet", "arrived"


class Offering(QObject):
    """Give it settings; it looks, offers, and does what is chosen."""

    record_asked = Signal()
    call_seems_to_begin = Signal(str)  # in words; "" where it was no call, or is over

    def __init__(self, bridge: Bridge, recording: Recording, offers: Offers) -> None:
        super().__init__(offers)
        self._bridge, self._recording, self._offers = bridge, recording, offers
        self._cut_off: dict[str, CutOff] = {}
        self._on_their_way: set[str] = set()
        self._arrivals: list[Path] = []
        self._refused: set[Path] = set()
        self._watch: Watch | None = None
        self._programs: list[str] = []
        self._in_use = QTimer(self, interval=IN_USE_MS, singleShot=True)
        self._in_use.timeout.connect(self._offer_call)
        self._arriving = QTimer(self, interval=_ARRIVALS_EVERY_MS)
        self._arriving.timeout.connect(self._look_for_arrivals)
        offers.answered.connect(self._answer)
        recording.quiet.connect(self._count_down)
        recording.changed.connect(self._recording_changed)
        recording.left_over.connect(self.look_for_cut_off)
        bridge.settings_changed.connect(self.use_settings)

    def start(self, settings: Settings) -> None:
        """Look for what was cut off, and take up what still records; once, when the window is seen."""
        self._bridge.ask(lambda desk: desk.take_up(), self._take_up, owner=self)
        self.look_for_cut_off()
        self.use_settings(settings)

    def use_settings(self, settings: Settings) -> None:
        self._watch_microphone(settings.offer_to_record)
        if settings.watch_folder:
            self._look_for_arrivals()
            self._arriving.start()
        else:
            self._arriving.stop()
            self._offers.remove(_ARRIVED)

    def stop(self) -> None:
        """The window is closed."""
        self._watch_microphone(False)
        self._arriving.stop()
        self._in_use.stop()

    # --- what was cut off

    def look_for_cut_off(self) -> None:
        """Offer recordings that never became calls."""
        self._bridge.ask(lambda desk: desk.cut_off(), self._show_left, owner=self)

    def _take_up(self, running: Recorder | None) -> None:
        if running is not None:
            self._recording.take_up(running)
            self._bridge.told.emit("recording_taken_up", {})

    def _show_left(self, left: list[CutOff]) -> None:
        for erased in (one for one in left if one.erased):  # they said no: only the notes are left, and stay
            self._keep_refusal(erased.id)
        offered = [one for one in left if not one.erased and one.id not in self._on_their_way]
        for one in offered[-_MOST_CUT_OFF:]:
            self._cut_off[one.id] = one
            length, when = clock(one.duration_ms), _when(one.started_at)
            self._offers.add(
                f"cut:{one.id}",
                "history",
                _("A recording was cut off. Keep {length} of {when}?").format(length=length, when=when),
                [(_("Keep"), "keep", True), (_("Not now"), "later", False), (_("Remove for good"), "drop", False)],
            )

    def _keep_refusal(self, name: str) -> None:
        self._bridge.ask(lambda desk: desk.keep_refusal(name), lambda _call: self._bridge.changed.emit(""), owner=self)

    def _keep(self, name: str) -> None:
        length = clock(self._cut_off[name].duration_ms)

        def run(desk: Desk, job: Job) -> str:
            return desk.keep_recording(name)

        self._on_their_way.add(name)
        self._bridge.start(Job(_("Keeping {length} of a cut-off call").format(length=length), run))

    def _drop(self, name: str) -> None:
        """Sound that is removed cannot come back: one more press."""
        length = clock(self._cut_off[name].duration_ms)
        self._offers.add(
            f"drop:{name}",
            "trash-2",
            _("Remove {length} of sound for good? This cannot be undone.").format(length=length),
            [(_("Remove"), "drop", True), (_("Keep it"), "keep", False)],
        )

    # --- another program has the microphone

    def _watch_microphone(self, on: bool) -> None:
        if on and self._watch is None:
            self._watch = watch_microphone()
            self._bridge.follow(self._watch.messages, self._hear_use, lambda _problem: None, self)
        elif not on and self._watch is not None:
            self._watch.stop()
            self._watch = None
            self._in_use.stop()

    def _hear_use(self, use: Any) -> None:
        had, self._programs = bool(self._programs), list(use.programs)
        if self._programs:
            if not self._in_use.isActive() and not had:
                self._in_use.start()
            return
        was_a_call = had and not self._in_use.isActive()
        self._in_use.stop()
        self._offers.remove(_CALL)
        self.call_seems_to_begin.emit("")
        if was_a_call:
            self._recording.let_go()

    def _offer_call(self) -> None:
        if not self._programs or self._recording.state != "idle":
            return
        said = _("{program} uses the microphone. A call?").format(program=self._programs[0])
        self._offers.add(_CALL, "mic", said, [(_("Record"), "record", True), (_("Not this one"), "no", False)])
        self.call_seems_to_begin.emit(said)

    # --- nobody speaks any more

    def _count_down(self, left_s: int | None) -> None:
        if left_s is None:
            self._offers.remove(_QUIET)
            return
        said = _("The call seems to be over. Stopping in {s} s; what is silent at the end is left out of the numbers.")
        text = said.format(s=max(0, left_s))
        if _QUIET not in self._offers:
            self._offers.add(
                _QUIET, "circle-dot", text, [(_("Go on recording"), "go_on", True), (_("Stop now"), "stop", False)]
            )
        self._offers.set_text(_QUIET, text)

    def _recording_changed(self) -> None:
        if self._recording.state != "idle":
            self._offers.remove(_CALL)

    # --- recordings that came from elsewhere

    def _look_for_arrivals(self) -> None:
        self._bridge.ask(lambda desk: desk.arrivals(), self._show_arrivals, owner=self)

    def _show_arrivals(self, found: list[Path]) -> None:
        self._arrivals = [path for path in found if path not in self._refused]
        n = len(self._arrivals)
        if not n:
            self._offers.remove(_ARRIVED)
            return
        said = ngettext("A new recording in {folder}.", "{n} new recordings in {folder}.", n)
        text = said.format(n=n, folder=self._arrivals[0].parent.name)
        if _ARRIVED in self._offers:
            self._offers.set_text(_ARRIVED, text)
        else:
            self._offers.add(_ARRIVED, "import", text, [(_("Bring in"), "bring", True), (_("Not now"), "no", False)])

    # --- what the person chose

    def _answer(self, key: str, action: str) -> None:
        self._offers.remove(key)
        kind, _colon, name = key.partition(":")
        acts: dict[tuple[str, str], Callable[[], object]] = {
            ("cut", "keep"): partial(self._keep, name),
            ("cut", "drop"): partial(self._drop, name),
            ("drop", "drop"): lambda: self._bridge.ask(lambda desk: desk.drop_recording(name)),
            ("drop", "keep"): partial(self._keep, name),
            (_CALL, "record"): self.record_asked.emit,
            (_QUIET, "go_on"): self._recording.go_on,
            (_QUIET, "stop"): lambda: self._recording.stop(self._recording.tail_from_ms),
            (_ARRIVED, "bring"): self._bring_arrivals,
            (_ARRIVED, "no"): lambda: self._refused.update(self._arrivals),
        }
        if (kind, action) in acts:
            acts[kind, action]()

    def _bring_arrivals(self) -> None:
        self._refused.update(self._arrivals)  # on their way: not offered again while they come in
        importing.bring(self._bridge, self._arrivals, self)


def _when(iso: str) -> str:
    """The day and time in the person's own way of writing them."""
    at = QDateTime.fromSecsSinceEpoch(int(datetime.fromisoformat(iso).timestamp()))
    return place().toString(at, QLocale.FormatType.ShortFormat)
