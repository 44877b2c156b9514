"""The right side of the review: the call at a glance, and below it the panes, each of one view on the same document.

A pane takes the review document by `set_document` and gives moments to play by `play_asked`. What a pane lets a person
do is wired to the page's acts here; only what needs the rest of the page goes up as a signal.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.pages.review_acts import ReviewActs
from coachdesk.gui.pages.review_brief import ReviewBrief
from coachdesk.gui.widgets.brief import BriefPane
from coachdesk.gui.widgets.coaching import CoachingPane
from coachdesk.gui.widgets.comments import CommentsPane
from coachdesk.gui.widgets.glance import Glance
from coachdesk.gui.widgets.guide import GuidePane
from coachdesk.gui.widgets.numbers import NumbersPane
from coachdesk.gui.widgets.panes import Panes
from coachdesk.gui.widgets.scorecard import ScorecardPane
from coachdesk.gui.widgets.versions import VersionsPane
from coachdesk.gui.widgets.wording import WordingPane
from coachdesk.sentences import _


class ReviewPanes(QWidget):
    """`answered` says how a finding is set right: rule, answer. `pin_asked` and `moment_asked` want the moment that is
    heard: for a criterion of a scorecard, and for a comment. `reading_asked`: back to the words.
    `try_asked`: to say something once more, at a moment.
    """

    play_asked = Signal(int, int)
    answered = Signal(str, str)
    model_asked = Signal()
    try_asked = Signal(str, int, int)
    pin_asked = Signal(str, str)
    moment_asked = Signal()
    reading_asked = Signal()
    where_asked = Signal(str, str)  # a planned question whose place the person shows: id, text
    call_asked = Signal(str, int, int)  # a moment of another call

    def __init__(self, acts: ReviewActs) -> None:
        super().__init__()
        self.glance = Glance()
        self.coaching, self.numbers = CoachingPane(), NumbersPane()
        self.brief, self.guide = BriefPane(), GuidePane()
        self.scorecard, self.comments = ScorecardPane(), CommentsPane()
        self.wording, self.versions = WordingPane(), VersionsPane()
        self.tabs = Panes(_("What there is to say"))
        # in the order of their tabs; those at the end are the first behind "More"
        self._panes: tuple[tuple[Any, str], ...] = (
            (self.coaching, _("Coaching")),
            (self.numbers, _("Numbers")),
            (self.brief, _("Brief")),
            (self.scorecard, _("Scorecard")),
            (self.comments, _("Comments")),
            (self.guide, _("Questions")),
            (self.wording, _("Sentiment")),
            (self.versions, _("Versions")),
        )
        for pane, name in self._panes:
            self.tabs.add(pane, name)
            pane.play_asked.connect(self.play_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.glance)
        column.addWidget(self.tabs, 1)
        self._connect(acts)
        self._connect_people(acts)

    def _connect(self, acts: ReviewActs) -> None:
        self.glance.number_asked.connect(self._show_number)
        self.glance.wording_asked.connect(lambda: self.tabs.setCurrentWidget(self.wording))
        self.coaching.answered.connect(self.answered)
        self.coaching.responded.connect(acts.respond)
        self.coaching.me_said.connect(acts.set_me)
        self.coaching.guess_answered.connect(acts.answer_guess)
        self.coaching.people_said.connect(acts.tell_apart)
        self.coaching.take_back_asked.connect(acts.take_back)
        self.coaching.words_asked.connect(self.model_asked)
        self.coaching.try_asked.connect(self.try_asked)
        self.wording.not_useful.connect(acts.hide_wording)
        self.versions.use_asked.connect(acts.use_version)
        self.versions.transcribe_asked.connect(acts.transcribe)
        self.versions.model_asked.connect(self.model_asked)

        self.handing = ReviewBrief(self.brief, self.guide, acts)
        self.handing.call_asked.connect(self.call_asked)
        self.guide.where_asked.connect(self.where_asked)
        self.brief.words_asked.connect(self.model_asked)

    def _connect_people(self, acts: ReviewActs) -> None:
        """What people say about the call."""
        card, comments = self.scorecard, self.comments
        card.answered.connect(acts.score)
        card.pin_asked.connect(self.pin_asked)
        comments.moment_asked.connect(self.moment_asked)
        comments.commented.connect(acts.comment)
        comments.replied.connect(acts.reply)
        comments.edited.connect(acts.edit_comment)
        comments.removed.connect(acts.remove_comment)
        comments.resolved.connect(acts.resolve)
        comments.left.connect(self.reading_asked)

    def set_document(self, doc: dict[str, Any]) -> None:
        self.glance.set_document(doc)
        for pane, _name in self._panes:
            pane.set_document(doc)

    def show_first(self) -> None:
        """As for a call just opened."""
        self.tabs.setCurrentIndex(0)

    def to_coaching(self) -> None:
        """The coaching, with the keyboard in it."""
        self.tabs.setCurrentWidget(self.coaching)
        self.coaching.focus_first()

    def to_comments(self, at_ms: int) -> None:
        """Write a comment at a moment."""
        self.tabs.setCurrentWidget(self.comments)
        self.comments.begin(at_ms)

    def commit(self) -> None:
        """Hand on what is still being typed: the call is left."""
        self.scorecard.commit()

    def _show_number(self, metric: str) -> None:
        self.tabs.setCurrentWidget(self.numbers)
        self.numbers.show_number(metric)
