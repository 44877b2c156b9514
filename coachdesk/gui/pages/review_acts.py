"""What a person does to the call under review: each act one change, undoable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from coachdesk.errors import InputError
from coachdesk.gui.acts import Amend, PutInBin, UseVersion
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.pages import importing
from coachdesk.model import Role
from coachdesk.sentences import _
from coachdesk.spans import Span

if TYPE_CHECKING:
    from coachdesk.desk.amend import Amendment
    from coachdesk.desk.desk import Desk


class ReviewActs:
    """Acts on the call whose document is `doc`; while there is none, nothing is done."""

    def __init__(self, bridge: Bridge, page: QWidget) -> None:
        self.bridge = self._bridge = bridge
        self._page = page
        self.doc: dict[str, Any] = {}

    @property
    def _call(self) -> str:
        return str(self.doc["call"]["id"])

    def change(self, what: str, change: Callable[[Any], Amendment]) -> None:
        """One change, for panes with changes of their own."""
        self._change(what, change)

    def _change(self, what: str, change: Callable[[Any], Amendment]) -> None:
        """`change` gets the module of changes, which is loaded by now."""
        from coachdesk.desk import amend

        if self.doc:
            self._bridge.do(what, Amend(self._call, change(amend)), self._call, owner=self._page)

    def set_title(self, text: str) -> None:
        self._change(_("Title changed"), lambda a: a.SetTitle(text))

    def set_case(self, text: str) -> None:
        self._change(_("Case changed"), lambda a: a.SetCase(text))

    def set_date(self, at: datetime) -> None:
        self._change(_("Date changed"), lambda a: a.SetDate(at))

    def set_result(self, word: str) -> None:
        self._change(_("Result set"), lambda a: a.SetResult(word))

    def note_consent(self, status: str, basis: str) -> None:
        self._change(_("Consent noted"), lambda a: a.NoteConsent(status, basis))

    def swap_sides(self) -> None:
        self._change(_("Sides swapped"), lambda a: a.SwapSpeakers())

    def set_me(self, label: str) -> None:
        self._change(_("Sides set"), lambda a: a.SetRole(label, Role.REP))
        self._learn_voice()

    def answer_guess(self, right: bool) -> None:
        """Whether the voice that was taken for the person's is theirs."""
        self._change(_("Sides set") if right else _("Sides taken back"), lambda a: a.AnswerGuess(right))
        if right:
            self._learn_voice()

    def _learn_voice(self) -> None:
        """The own voice from this call, where that is wanted: a job of its own, for the sound is heard for it."""
        if not self.doc:
            return
        call_id = self._call
        owner = self._page

        def wanted(desk: Desk) -> bool:
            return desk.settings.my_voice

        def start(yes: bool) -> None:
            if yes:
                importing.learn_voice(self._bridge, call_id)

        self._bridge.ask(wanted, start, owner=owner)

    def tell_apart(self, people: int) -> None:
        """The voices once more, for so many people."""
        if self.doc:
            importing.tell_apart(self._bridge, self._call, self.doc["call"]["title"], people)

    def set_step(self, step: str, text: str, owner: str, due: str | None, state: str) -> None:
        self._change(_("Next step kept"), lambda a: a.SetStep(text, step, owner, due, state))

    def mark_reviewed(self, reviewed: bool) -> None:
        self._change(_("Reviewed") if reviewed else _("Open again"), lambda a: a.MarkReviewed(reviewed))

    def correct(self, index: int, text: str) -> None:
        before = self.doc["transcript"]["utterances"][index]["text"] if self.doc else ""
        self._change(_("Words corrected"), lambda a: a.CorrectText(str(index), text, before))

    def give(self, lines: tuple[int, ...], label: str, name: str) -> None:
        """Lines by index are spoken by somebody on the call."""
        chosen, before = self._named(lines)
        self._change(_("Spoken by {name}").format(name=name), lambda a: a.Reassign(chosen, label, before))

    def new_person(self, lines: tuple[int, ...]) -> None:
        """Ask who it is that has no name yet, and give them the lines."""
        name, said = QInputDialog.getText(self._page, _("New person"), _("Who is this?"))
        if said and name.strip():
            chosen, before = self._named(lines)
            self._change(
                _("Spoken by {name}").format(name=name.strip()),
                lambda a: a.NewSpeaker(name.strip(), chosen, before=before),
            )

    def add_side(self, lines: tuple[int, ...], side: str, name: str) -> None:
        """Lines are spoken by a side nobody was on so far."""
        chosen, before = self._named(lines)
        self._change(
            _("Spoken by {name}").format(name=name), lambda a: a.NewSpeaker("", chosen, Role(side), before=before)
        )

    def split(self, line: int, word: int, label: str) -> None:
        (chosen,), before = self._named((line,))
        self._change(_("Line split"), lambda a: a.SplitUtterance(chosen, word, label, before))

    def merge(self, label: str, into: str) -> None:
        self._change(_("Two labels made one"), lambda a: a.MergeSpeakers(label, into))

    def set_side(self, label: str, side: str) -> None:
        self._change(_("Sides set"), lambda a: a.SetRole(label, Role(side)))

    def _named(self, lines: tuple[int, ...]) -> tuple[tuple[str, ...], str]:
        """Lines as the desk names them, and the words of the first: elsewhere the transcript may have changed."""
        if not self.doc:
            return tuple(map(str, lines)), ""
        return tuple(map(str, lines)), self.doc["transcript"]["utterances"][lines[0]]["text"]

    def answer(self, rule: str, fact: str, at_ms: int | None = None) -> None:
        said = {
            "present": _("Set right: it is here"),
            "absent": _("Set right: not said"),
            "not_for_me": _("Counts less from now on"),
        }
        self._change(said[fact], lambda a: a.CorrectFact(rule, fact, at_ms))

    def respond(self, rule: str, answer: str) -> None:
        """A goal, done with it, or not now."""
        said = {"accept": _("Your goal"), "done": _("Done with it"), "dismiss": _("Not now")}
        self._change(said[answer], lambda a: a.Respond(rule, answer))

    def take_back(self, event: str) -> None:
        self._change(_("Answer taken back"), lambda a: a.TakeBack(event))

    def hide_wording(self, start_ms: int) -> None:
        self._change(_("Moment hidden"), lambda a: a.HideWording(start_ms))

    def score(self, card: str, criterion: str, part: dict[str, Any]) -> None:
        """What is new of an answer to a criterion: any of {"value", "note", "moment"}."""
        moment = part.get("moment")
        span = {"moment": Span(moment["start_ms"], moment["end_ms"])} if moment else {}
        self._change(_("Scorecard answered"), lambda a: a.Score(card, ((criterion, {**part, **span}),)))

    def comment(self, start_ms: int, end_ms: int, text: str) -> None:
        end = end_ms if end_ms > start_ms else None
        self._change(_("Comment added"), lambda a: a.AddComment(start_ms, text, end))

    def reply(self, comment: str, text: str) -> None:
        self._change(_("Reply added"), lambda a: a.AddComment(0, text, reply_to=comment))

    def edit_comment(self, comment: str, text: str) -> None:
        self._change(_("Comment changed"), lambda a: a.EditComment(comment, text))

    def remove_comment(self, comment: str) -> None:
        self._change(_("Comment removed"), lambda a: a.RemoveComment(comment))

    def resolve(self, comment: str, resolved: bool) -> None:
        said = _("Settled") if resolved else _("Open again")
        self._change(said, lambda a: a.ResolveComment(comment, resolved))

    def set_playbook(self, playbook_id: str) -> None:
        if not self.doc:
            return
        call_id = self._call

        def act(desk: Desk) -> Amend:
            from coachdesk.desk.amend import SetPlaybook

            return Amend(call_id, SetPlaybook(playbook_id, desk.playbook(playbook_id).kind))(desk)

        self._bridge.do(_("Playbook changed"), act, call_id, owner=self._page)

    def use_version(self, version: int, before: int) -> None:
        if self.doc:
            act = UseVersion(self._call, version, before)
            self._bridge.do(_("Transcript version changed"), act, self._call, owner=self._page)

    def name(self, label: str) -> None:
        """Ask who a speaker is."""
        if not self.doc:
            return
        speaker = next(s for s in self.doc["speakers"] if s["label"] == label)
        name, said = QInputDialog.getText(self._page, _("Name"), _("Who is this?"), text=speaker["name"])
        if said and name.strip():
            self._change(_("Name changed"), lambda a: a.RenameSpeaker(label, name.strip()))

    def transcribe(self) -> None:
        if self.doc:
            importing.transcribe(self._bridge, self._call, self.doc["call"]["title"])

    def remove(self, call_id: str) -> None:
        self._bridge.do(_("1 call put in the bin"), PutInBin((call_id,)))

    def export(self, kind: str) -> None:
        """Ask where to, and write it."""
        if not self.doc:
            return
        proposed = f"{file_name(self.doc['call']['title'])}.{kind}"
        name, _filter = QFileDialog.getSaveFileName(self._page, _("Export"), proposed)
        if not name:
            return
        call_id = self._call

        def write(desk: Desk) -> None:
            try:
                Path(name).write_bytes(desk.export(call_id, kind))
            except OSError as failed:
                why = failed.strerror or str(failed)
                raise InputError(
                    _("{name} cannot be written: {why}.").format(name=Path(name).name, why=why)
                ) from failed

        def done(_none: None) -> None:
            self._bridge.told.emit("exported", {"name": Path(name).name})

        self._bridge.ask(write, done, owner=self._page)


def file_name(title: str) -> str:
    """A title as a file's name."""
    return "".join(c if c.isalnum() or c in " -_.,()" else "_" for c in title)[:120].strip() or "call"
