"""The listening path on the review page: its button, what plays of it, where that lies on the timeline."""

from __future__ import annotations

from typing import Any

from coachdesk.gui.pages import review_view as view
from coachdesk.gui.pages.playing import Playback
from coachdesk.gui.widgets.player_bar import PlayerBar
from coachdesk.gui.widgets.timeline import Timeline
from coachdesk.gui.widgets.transcript import TranscriptView


class ReviewPath:
    """Plays the path of the document it was given last, from its beginning, until something else is asked for."""

    def __init__(self, player: PlayerBar, playback: Playback, timeline: Timeline, rows: TranscriptView) -> None:
        self._player, self._playback, self._timeline, self._rows = player, playback, timeline, rows
        self._stretches: list[tuple[int, int]] = []
        player.path_chosen.connect(self._choose)
        playback.on_path.connect(self._show)

    def set_document(self, doc: dict[str, Any]) -> None:
        self._stretches = view.listening_path(doc)
        self._player.set_path(self._stretches)

    def _choose(self, on: bool) -> None:
        if on:
            self._playback.play_path(self._stretches)
        else:
            self._playback.pause()
            self._playback.leave_path()

    def _show(self, start_ms: int, end_ms: int) -> None:
        on = start_ms >= 0
        self._player.show_path(on)
        self._timeline.set_span(*((start_ms, end_ms) if on else (None, None)))
        if on:
            self._rows.set_follow(True)
