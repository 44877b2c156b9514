"""The review of one call: the heart of the window. It asks for a document, spreads it over widgets, and passes on acts.

Keys that nothing else takes are the page's: space and K play, J and L step, arrows go from moment to moment and from
line to line, P plays what is worth hearing, 1 and 2 mute, W and X say who speaks, M comments, R N E D are the bar after
listening, ? shows them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDateTimeEdit,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from coachdesk.errors import NotFound
from coachdesk.gui import theme
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages import review_view as view
from coachdesk.gui.pages.playing import STEP_MS, Playback
from coachdesk.gui.pages.review_acts import ReviewActs
from coachdesk.gui.pages.review_panes import ReviewPanes
from coachdesk.gui.pages.review_path import ReviewPath
from coachdesk.gui.pages.review_speakers import ReviewSpeakers
from coachdesk.gui.pages.review_transcript import ReviewTranscript
from coachdesk.gui.pages.trying import Trying
from coachdesk.gui.widgets.keys import KeysDialog
from coachdesk.gui.widgets.player_bar import PlayerBar
from coachdesk.gui.widgets.review_bar import ReviewBar
from coachdesk.gui.widgets.review_header import ReviewHeader
from coachdesk.gui.widgets.timeline import Timeline
from coachdesk.gui.widgets.timeline_marks import mark_icon
from coachdesk.sentences import _

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk

PANE_WIDTH = 440
_LEAST_TRANSCRIPT, _LEAST_PANE = 320, 316  # px; both fit beside the navigation in the smallest window


class ReviewPage(QWidget):
    """`open` shows a call; it stays up to date by itself until another is opened."""

    closed = Signal()
    gone = Signal()  # there is no call to show any more
    model_asked = Signal()
    opened = Signal(str, str)  # call id, title
    finished = Signal(str)  # reviewed

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._call = ""
        self._doc: dict[str, Any] = {}
        self._moments: list[view.Moment] = []
        self._rule = self._question = ""  # what the person is asked to show the place of
        self._at_ms = 0  # what is heard, or where a call without sound was gone to
        self._playback = Playback(bridge, self)
        self._acts = ReviewActs(bridge, self)
        self.trying = Trying(bridge, self)
        self._again = QTimer(self, interval=120, singleShot=True)
        self._again.timeout.connect(self._reload)
        self._build()
        self._connect()
        self._add_keys()

    # --- building

    def _build(self) -> None:
        self.header = ReviewHeader()
        self.timeline = Timeline()
        self.transcript = ReviewTranscript()
        self.panes = ReviewPanes(self._acts)
        self.bar, self.player = ReviewBar(), PlayerBar()
        inner = QVBoxLayout()
        inner.setContentsMargins(theme.PAGE, theme.WIDER, theme.PAGE, theme.WIDE)
        inner.setSpacing(theme.WIDE)
        inner.addWidget(self.header)
        inner.addWidget(self._timeline_card())
        inner.addWidget(self._halves(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(inner, 1)
        column.addWidget(self.bar)
        column.addWidget(self.player)

    def _timeline_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("look", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.TINY_GAP)
        column.setSpacing(0)
        column.addWidget(self.timeline)
        legend = QHBoxLayout()
        legend.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        legend.setSpacing(2)
        self._legend: dict[str, QPushButton] = {}
        for kind, said in view.KINDS.items():
            chip = QPushButton(_(said))
            chip.setCheckable(True)
            chip.setChecked(kind != "tracker")
            chip.setProperty("look", "legend")
            chip.setAccessibleName(_("Show on the timeline: {kind}").format(kind=_(said)))
            chip.toggled.connect(lambda _on: self._show_kinds())
            self._legend[kind] = chip
            legend.addWidget(chip)
        legend.addStretch(1)
        column.addLayout(legend)
        self._ink_legend()
        theme.theme().changed.connect(self._ink_legend)
        self._show_kinds()
        return card

    def _halves(self) -> QSplitter:
        self.panes.setMinimumWidth(_LEAST_PANE)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(theme.WIDE)
        self.transcript.setMinimumWidth(_LEAST_TRANSCRIPT)
        halves.addWidget(self.transcript)
        halves.addWidget(self.panes)
        halves.setStretchFactor(0, 1)
        halves.setSizes([640, PANE_WIDTH])
        return halves

    def _ink_legend(self) -> None:
        for kind, chip in self._legend.items():
            chip.setIcon(mark_icon("wording_good" if kind == "wording" else kind))

    def _show_kinds(self) -> None:
        self.timeline.set_shown_kinds(
            view.shown_kinds({kind for kind, chip in self._legend.items() if chip.isChecked()})
        )

    def _connect(self) -> None:
        self._bridge.changed.connect(self._changed)
        self._playback.heard.connect(self._hear)
        self._playback.failed.connect(self.player.show_problem)
        self.panes.play_asked.connect(self.play)
        self.panes.answered.connect(self._answer)
        self.panes.try_asked.connect(lambda *asked: self.trying.open_for(self._doc, *asked))
        self.trying.original_asked.connect(self.play)
        self.trying.sounding.connect(self._playback.pause)
        self.timeline.sought.connect(self._seek)
        self.timeline.mark_chosen.connect(lambda mark: self.play(mark.start_ms, mark.end_ms))
        self.transcript.rows.play_asked.connect(lambda start, _end: self.play(start))
        self.transcript.rows.edited.connect(self._acts.correct)
        self.speakers = ReviewSpeakers(self.transcript.rows, self._acts)
        self.transcript.here_said.connect(self._here)
        self.panes.where_asked.connect(self._ask_where_asked)
        self.panes.call_asked.connect(self.open)
        self.transcript.comment_asked.connect(self._comment_on)
        self.panes.moment_asked.connect(lambda: self.panes.comments.set_moment((self._at_ms, -1)))
        self.panes.pin_asked.connect(self._pin)
        self.panes.reading_asked.connect(self.transcript.rows.setFocus)
        for signal in (self.transcript.words_asked, self.panes.model_asked):
            signal.connect(self.model_asked)
        self._connect_header()
        self._connect_bars()

    def _connect_header(self) -> None:
        head, acts = self.header, self._acts
        head.back_asked.connect(self.closed)
        head.title_said.connect(acts.set_title)
        head.case_said.connect(acts.set_case)
        head.date_said.connect(acts.set_date)
        head.result_chosen.connect(acts.set_result)
        head.consent_chosen.connect(acts.note_consent)
        head.playbook_chosen.connect(acts.set_playbook)
        head.swap_asked.connect(acts.swap_sides)
        head.name_asked.connect(acts.name)
        head.export_asked.connect(acts.export)
        head.transcribe_asked.connect(acts.transcribe)
        head.remove_asked.connect(self._remove)

    def _connect_bars(self) -> None:
        bar, player = self.bar, self.player
        bar.result_chosen.connect(self._acts.set_result)
        bar.step_said.connect(self._acts.set_step)
        bar.done_chosen.connect(self._done)
        player.toggled.connect(self._playback.toggle)
        player.moment_asked.connect(self._go_moment)
        player.speed_chosen.connect(self._set_speed)
        player.skip_chosen.connect(self._set_skip)
        player.muted.connect(self._playback.set_muted)
        player.help_asked.connect(self.show_keys)
        self.path = ReviewPath(player, self._playback, self.timeline, self.transcript.rows)

    def _add_keys(self) -> None:
        for keys, act in (
            (QKeySequence.StandardKey.Find, self.transcript.search.setFocus),
            (QKeySequence("Ctrl+Space"), self._playback.toggle),
        ):
            QShortcut(keys, self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # --- opening

    def open(self, call_id: str, start_ms: int = -1, end_ms: int = -1) -> None:
        """Show a call; from `start_ms` on it plays at once."""
        if call_id != self._call:
            self.panes.commit()
            self._call, self._doc, self._acts.doc, self._at_ms = call_id, {}, {}, 0
            self._playback.open(call_id)
            self._load(first=True)
        if start_ms >= 0:
            self._playback.play(start_ms, end_ms if end_ms >= 0 else None)

    def leave(self) -> None:
        """Stop playing and forget the call."""
        self.trying.close()
        self.panes.commit()
        self._call, self._doc = "", {}
        self._playback.close()

    def pause(self) -> None:
        """The page is left for another; the call stays open."""
        self._playback.pause()

    @property
    def call_id(self) -> str:
        return self._call

    def use_settings(self, settings: Any) -> None:
        """How calls are played."""
        self.player.show_speed(settings.play_speed)
        self._playback.set_speed(settings.play_speed)
        self.player.show_skip(settings.skip_silence)
        self._playback.set_skip_silence(settings.skip_silence)

    def _changed(self, call_id: str) -> None:
        if self._call and call_id in ("", self._call):
            self._again.start()

    def _reload(self) -> None:
        if self._call:
            self._load(first=False)

    def _load(self, first: bool) -> None:
        call_id = self._call

        def question(desk: Desk) -> tuple[Any, ...]:
            doc = msgspec.to_builtins(desk.review(call_id))
            books = [(book.id, book.words(book.languages[0]).name) for book in desk.playbooks()]
            return doc, desk.lanes(call_id), books

        self._bridge.ask(
            question,
            lambda answer: self._show(first, *answer),
            lambda problem: self._gone(call_id, problem),
            owner=self,
        )

    def _gone(self, call_id: str, problem: Exception) -> None:
        """The call was put in the bin, perhaps elsewhere; anything else is told."""
        if call_id != self._call:
            return
        self.leave()
        self.gone.emit()
        if not isinstance(problem, NotFound):
            self._bridge.went_wrong.emit(problem)

    def _show(self, first: bool, doc: dict[str, Any], lanes: list[Any], books: list[tuple[str, str]]) -> None:
        if doc["call"]["id"] != self._call:
            return
        changed_words = (
            first or doc["transcript"] != self._doc.get("transcript") or doc["speakers"] != self._doc["speakers"]
        )
        self._doc = self._acts.doc = doc
        self._moments = view.moments(doc)
        self.header.set_playbooks(books)
        self.header.set_document(doc, view.made_of(doc))
        self.timeline.set_call(view.lanes(doc, lanes), doc["call"]["duration_ms"], view.marks(doc))
        if changed_words:
            self.transcript.set_document(doc)
        else:
            self.transcript.rows.set_margin(view.margin(doc))
        if first:
            self.player.set_call(doc["call"]["duration_ms"], doc["recording"]["channels"] > 0, view.two_sides(lanes))
        for part in (self.panes, self.bar, self.path):
            part.set_document(doc)
        if first:
            self.transcript.rows.setFocus()
            self.panes.show_first()
        self.timeline.set_position(self._playback.position_ms)
        self.opened.emit(self._call, doc["call"]["title"])

    # --- playing

    def play(self, start_ms: int, end_ms: int = -1) -> None:
        """Play a moment; the transcript goes there as well."""
        if not self._doc:  # what is still shown is another call's
            return
        self._playback.play(start_ms, end_ms if end_ms > start_ms else None)
        self.timeline.set_span(start_ms, end_ms) if end_ms > start_ms else self.timeline.set_span(None, None)
        self.transcript.rows.set_follow(True)
        if not self._doc["recording"]["channels"]:
            self._seek(start_ms)

    def _seek(self, ms: int) -> None:
        self._at_ms = ms
        self._playback.seek(ms)
        self.timeline.set_position(ms)
        self.transcript.rows.set_position(ms)

    def _hear(self, position_ms: int, playing: bool, on_clock: bool) -> None:
        self._at_ms = position_ms
        self.player.show_state(position_ms, playing, on_clock)
        self.timeline.set_position(position_ms)
        self.transcript.rows.set_position(position_ms)

    def _go_moment(self, way: int) -> None:
        """The next moment after where it stands, or the one before."""
        at = self._playback.position_ms
        later = [m for m in self._moments if m.start_ms > at + 500]
        earlier = [m for m in self._moments if m.start_ms < at - 2_000]
        found = later[:1] if way > 0 else earlier[-1:]
        if found:
            self.play(found[0].start_ms, found[0].end_ms)

    def _set_speed(self, speed: float) -> None:
        self._playback.set_speed(speed)
        self._bridge.change_settings(play_speed=speed)

    def _set_skip(self, on: bool) -> None:
        self._playback.set_skip_silence(on)
        self._bridge.change_settings(skip_silence=on)

    # --- acting

    def _answer(self, rule: str, fact: str) -> None:
        """Set a finding right, in one of four ways."""
        if fact == "present":
            self._rule, self._question = rule, ""
            title = next((f["title"] for f in view.findings(self._doc) if f["rule"] == rule), rule)
            self.transcript.ask_where(title)
        elif fact == "kind":
            self.header.playbook.setFocus()
            self.header.playbook.showPopup()
        else:
            self._acts.answer(rule, fact)

    def _comment(self) -> None:
        """Write at the moment that is heard."""
        self.panes.to_comments(self._at_ms)

    def _comment_on(self, start_ms: int) -> None:
        """Write at a line, unless another moment is being heard."""
        self.panes.to_comments(self._at_ms if self._playback.playing else start_ms)

    def _pin(self, card: str, criterion: str) -> None:
        """The line that is heard is the moment of an answer."""
        if self._doc:
            self.panes.scorecard.pin(card, criterion, *view.line_at(self._doc, self._at_ms))

    def _ask_where_asked(self, question: str, text: str) -> None:
        self._question = question
        self.transcript.ask_where(text)

    def _here(self, start_ms: int) -> None:
        """The person showed the line that was asked for."""
        if self._question:
            self.panes.handing.asked_at(self._question, start_ms)
        else:
            self._acts.answer(self._rule, "present", start_ms)

    def _remove(self) -> None:
        call_id = self._call
        self.leave()
        self.gone.emit()
        self._acts.remove(call_id)

    def _done(self, reviewed: bool) -> None:
        self._acts.mark_reviewed(reviewed)
        if reviewed and self._doc:
            self.finished.emit(self._call)

    def show_keys(self) -> None:
        """The cheat sheet."""
        KeysDialog(self).open()

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._act_of(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()
            event.accept()

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here, when no widget wanted it."""
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return None
        if not self._doc:
            return self.closed.emit if event.key() == Qt.Key.Key_Escape else None
        if event.text() == "?":
            return self.show_keys
        key = Qt.Key
        mutes = (self.player.mute_own, self.player.mute_other)
        acts: dict[int, Callable[[], object]] = {
            key.Key_Space: self._playback.toggle,
            key.Key_K: self._playback.toggle,
            key.Key_J: lambda: self._playback.step(-STEP_MS),
            key.Key_L: lambda: self._playback.step(STEP_MS),
            key.Key_Left: lambda: self._go_moment(-1),
            key.Key_Right: lambda: self._go_moment(1),
            key.Key_BracketLeft: lambda: self.player.step_speed(-1),
            key.Key_BracketRight: lambda: self.player.step_speed(1),
            key.Key_P: self.player.path.click,
            key.Key_S: self.player.skip.toggle,
            key.Key_1: mutes[0].toggle,
            key.Key_2: mutes[1].toggle,
            key.Key_R: self.bar.open_results,
            key.Key_N: self.bar.confirm_step,
            key.Key_E: self.bar.edit_step,
            key.Key_D: self.bar.finish,
            key.Key_W: self.speakers.ask_who,
            key.Key_X: self.speakers.ask_where,
            key.Key_C: self.panes.to_coaching,
            key.Key_M: self._comment,
            key.Key_Escape: self._escape,
        }
        return acts.get(event.key())

    def _escape(self) -> None:
        if self.transcript.asking:
            self.transcript.stop_asking()
        elif isinstance(self.focusWidget(), QLineEdit | QDateTimeEdit):  # a field is left, not the page
            self.header.drop_typed()
            self.transcript.search.clear()
            self.transcript.rows.setFocus()
        else:
            self.closed.emit()
