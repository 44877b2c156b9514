"""The coaching pane: what went well, one focus, two more, review flags, what could not be checked; every moment plays.

Titles and advice are the playbook's; a finding can be answered in four ways. Single detections are "listen to this".
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from coachdesk.gui import theme
from coachdesk.gui.widgets.advice_foot import AdviceFoot
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.reading import said_rough
from coachdesk.gui.widgets.scrolled import Scrolled, card
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Label
from coachdesk.gui.widgets.whose_voice import GuessedVoice, WhoseVoice, guessed, more_about_voices
from coachdesk.sentences import N_, _, clock, ngettext, reason

Document = dict[str, Any]
# The parts of a review that this pane shows.
_READ = (
    *("call", "recording", "notices", "speakers", "transcript", "praise", "suggestions", "review_flags"),
    *("answers", "not_checked", "quiet"),
)
SAID = {
    "present": N_("You showed where it is ({at})."),
    "absent": N_("You said that this was not said."),
    "not_for_me": N_("You said: true, but not for me. It counts less from now on."),
}


class CoachingPane(Scrolled):
    """`answered` carries the rule and one of the foot's ANSWERS; the page decides what that takes."""

    play_asked = Signal(int, int)
    answered = Signal(str, str)
    responded = Signal(str, str)  # rule; accept, dismiss or done
    take_back_asked = Signal(str)
    words_asked = Signal()
    me_said = Signal(str)  # the label of the speaker who is the person
    guess_answered = Signal(bool)  # whether the voice taken for the person's is theirs
    people_said = Signal(int)  # how many speak on the one channel
    try_asked = Signal(str, int, int)  # a rule, and the moment to say it once more at

    def __init__(self) -> None:
        super().__init__()
        self._column.setSpacing(theme.WIDE)
        self._call = ""
        self._open: set[str] = set()
        self._read: list[Any] = []

    def set_document(self, doc: Document) -> None:
        """Show a review; what was unfolded stays so."""
        read = [doc[part] for part in _READ]
        if read == self._read:
            return
        self._read = read
        another, self._call = doc["call"]["id"] != self._call, doc["call"]["id"]
        self._sides = {s["label"]: s["role"] for s in doc["speakers"]}
        self._said, self._rough = doc["transcript"]["utterances"], said_rough(doc)
        self._may_be_tried = doc["suggestions"]  # not praise, and not what is for review
        self.refill(self._parts(doc), from_top=another)

    def focus_first(self) -> None:
        """The keyboard onto the first moment."""
        for door in self.findChildren(Door):
            if door.isVisible():
                door.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.ensureWidgetVisible(door)
                return

    def _parts(self, doc: Document) -> list[QWidget]:
        parts: list[QWidget] = []
        if guessed(doc) is not None:
            parts.append(self._guess(doc))
        if doc["quiet"]:
            parts.append(self._quiet(doc))
        if doc["praise"]:
            parts += [_heading(_("What went well")), *(self._praise(s) for s in doc["praise"])]
        focus = [s for s in doc["suggestions"] if s["focus"]]
        more = [s for s in doc["suggestions"] if not s["focus"]]
        if focus:
            parts += [_heading(_("Your focus")), *(self._focus(s) for s in focus)]
        if more:
            parts += [_heading(_("Then")), *(self._folded(s) for s in more)]
        if not doc["quiet"] and not doc["suggestions"]:
            parts.append(Label(_("I found nothing to suggest in what I could check."), "muted", wrap=True))
        if doc["review_flags"]:
            parts += [_heading(_("For review")), *(self._flag(s) for s in doc["review_flags"])]
            parts.append(
                Label(_("Apart from coaching; not legal advice. Silence is not clearance."), "small", wrap=True)
            )
        if doc["answers"]:
            parts += [_heading(_("Set right by you")), *(self._answer(a) for a in doc["answers"])]
        if doc["not_checked"]:
            parts += [_heading(_("Not checked")), *self._not_checked(doc["not_checked"])]
        return parts

    # --- cards

    def _quiet(self, doc: Document) -> QWidget:
        frame, column = card("note")
        column.addWidget(Label(_("No suggestions on this call"), "heading"))
        why = reason(doc["quiet"], more_about_voices(doc))
        column.addWidget(Label(_("Because: {why}.").format(why=why), wrap=True))
        if doc["quiet"] == "voices_unknown":
            line = _("A recording with one side on each channel, or words with names, tells them apart.")
            column.addWidget(Label(line, "muted", wrap=True))
        if doc["quiet"] in ("speakers_unknown", "voices_unknown"):
            whose = WhoseVoice(doc)
            self._listen_to(whose)
            column.addWidget(whose)
        return frame

    def _guess(self, doc: Document) -> QWidget:
        """The side that was taken from the own voice: true with one press, wrong with one press."""
        guess = GuessedVoice(doc)
        self._listen_to(guess)
        return guess

    def _listen_to(self, whose: WhoseVoice | GuessedVoice) -> None:
        whose.play_asked.connect(self.play_asked)
        if isinstance(whose, GuessedVoice):
            whose.answered.connect(self.guess_answered)
        else:
            whose.me_said.connect(self.me_said)
            whose.people_said.connect(self.people_said)

    def _praise(self, suggestion: Document) -> QWidget:
        frame, column = card("good")
        column.addLayout(_titled(suggestion["title"], "circle-check", "good"))
        column.addWidget(Label(suggestion["advice"], wrap=True))
        self._add_moments(column, suggestion, 2)
        return frame

    def _focus(self, suggestion: Document) -> QWidget:
        frame, column = card("focus")
        column.addLayout(_titled(suggestion["title"], "target", "own", "strong"))
        self._body(column, suggestion)
        return frame

    def _folded(self, suggestion: Document) -> QWidget:
        """A suggestion closed to its title; a press opens it."""
        frame, column = card("card")
        head = QPushButton()
        head.setCheckable(True)
        head.setProperty("look", "moment")
        head.setAccessibleName(suggestion["title"])
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        arrow = Label()
        title = Label(suggestion["title"], "heading", wrap=True)
        for part in (title, arrow):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(title, 1)
        row.addWidget(arrow)
        head.setMinimumHeight(title.sizeHint().height() + theme.GAP)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.GAP)
        self._body(inner, suggestion)
        column.addWidget(head)
        column.addWidget(body)

        def fold(on: bool) -> None:
            body.setVisible(on)
            arrow.setPixmap(
                theme.pixmap("chevron-down" if on else "chevron-right", "muted", 16, self.devicePixelRatioF())
            )
            (self._open.add if on else self._open.discard)(suggestion["rule"])

        head.toggled.connect(fold)
        head.setChecked(suggestion["rule"] in self._open)
        fold(head.isChecked())
        return frame

    def _flag(self, suggestion: Document) -> QWidget:
        frame, column = card("note")
        column.addLayout(_titled(suggestion["title"], "flag", "attention"))
        self._body(column, suggestion)
        return frame

    def _body(self, column: QVBoxLayout, suggestion: Document) -> None:
        column.addWidget(Label(suggestion["advice"], wrap=True))
        self._add_moments(column, suggestion, 2)
        for moment in suggestion["went_well"]:
            column.addWidget(Label(_("Here it went well"), "small"))
            column.addWidget(self._door(moment))
        tries = self._try_it(suggestion) if suggestion in self._may_be_tried else None
        if suggestion["try_saying"]:
            column.addWidget(_try_saying(suggestion["try_saying"], tries))
        elif tries is not None:
            column.addWidget(tries, 0, Qt.AlignmentFlag.AlignLeft)
        foot = AdviceFoot(suggestion, self._rough)
        foot.answered.connect(partial(self.answered.emit, suggestion["rule"]))
        foot.responded.connect(partial(self.responded.emit, suggestion["rule"]))
        column.addWidget(foot)

    def _try_it(self, suggestion: Document) -> QPushButton:
        """Say it once more, the own way, and hear it beside the original."""
        moment = suggestion["evidence"][0]
        button = QPushButton(_("Try it"))
        button.setProperty("look", "quiet")
        button.setAutoDefault(True)
        theme.set_icon(button, "mic", "own")
        button.setAccessibleName(_("Try it: {title}").format(title=suggestion["title"]))
        asked = (suggestion["rule"], moment["start_ms"], moment["end_ms"])
        button.clicked.connect(lambda: self.try_asked.emit(*asked))
        return button

    def _add_moments(self, column: QVBoxLayout, suggestion: Document, shown: int) -> None:
        evidence = suggestion["evidence"]
        doors = [self._door(moment) for moment in evidence]
        for n, door in enumerate(doors):
            column.addWidget(door)
            door.setVisible(n < shown)
        if len(doors) > shown:
            rest = len(doors) - shown
            more = QPushButton(ngettext("{n} more moment", "{n} more moments", rest).format(n=rest))
            more.setProperty("look", "quiet")

            def unfold() -> None:
                for door in doors[shown:]:
                    door.show()
                more.hide()
                doors[shown].setFocus()

            more.clicked.connect(unfold)
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _door(self, moment: Document) -> Door:
        n = moment["utterance"]
        side = self._sides.get(self._said[n]["speaker"], "unknown") if n is not None else "rep"
        quote = moment["quote"] or _("listen until {end}").format(end=clock(moment["end_ms"]))
        door = Door(moment["start_ms"], moment["end_ms"], quote, side)
        door.play_asked.connect(self.play_asked)
        return door

    def _answer(self, answer: Document) -> QWidget:
        frame, column = card("card")
        at = clock(answer["at_ms"]) if answer["at_ms"] is not None else ""
        column.addWidget(Label(answer["title"], "heading", wrap=True))
        row = QHBoxLayout()
        row.addWidget(Label(_(SAID[answer["fact"]]).format(at=at), "muted", wrap=True), 1)
        back = QPushButton(_("Take back"))
        back.setProperty("look", "quiet")
        back.setAccessibleName(_("Take back: {title}").format(title=answer["title"]))
        back.clicked.connect(lambda: self.take_back_asked.emit(answer["event"]))
        row.addWidget(back)
        column.addLayout(row)
        return frame

    def _not_checked(self, entries: list[Document]) -> list[QWidget]:
        counted = Counter((entry["reason"], entry["params"].get("language", "")) for entry in entries)
        whys = {entry["reason"]: entry["params"].get("why", "") for entry in entries}
        lines: list[QWidget] = []
        for (code, language), count in counted.items():
            why = reason(code, {"language": language, "why": whys.get(code, "")})
            said = ngettext("{n} rule: {why}.", "{n} rules: {why}.", count).format(n=count, why=why)
            lines.append(Label(said, "muted", wrap=True))
        flags = [entry["rule"] for entry in entries if entry["kind"] == "review"]
        if flags:
            said = _("Review flags not run: {names}. Silence is not clearance.").format(names=", ".join(flags))
            lines.append(Label(said, "attention", wrap=True))
        if any(code in ("draft", "draft_too_poor", "no_words") for code, _language in counted):
            words = QPushButton(_("Get the real transcript"))
            words.clicked.connect(self.words_asked)
            lines.append(words)
        return lines


def _heading(text: str) -> Label:
    label = Label(text, "small")
    label.setContentsMargins(2, theme.TINY_GAP, 0, 0)
    return label


def _titled(title: str, icon: str, token: str, look: str = "heading") -> QLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.GAP)
    row.addWidget(Symbol(icon, token), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(title, look, wrap=True), 1)
    return row


def _try_saying(words: str, tries: QWidget | None) -> QWidget:
    frame = QFrame()
    frame.setProperty("look", "try")
    row = QVBoxLayout(frame)
    row.setContentsMargins(theme.WIDE, theme.GAP, theme.WIDE, theme.GAP)
    row.setSpacing(2)
    head = QHBoxLayout()
    head.addWidget(Label(_("Try saying"), "small"), 1)
    if tries is not None:
        head.addWidget(tries)
    row.addLayout(head)
    row.addWidget(Label(f"“{words}”", wrap=True))
    return frame
