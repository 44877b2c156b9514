"""What the brief and the guide of the review let a person do: acts on the call, wordings, planned questions, files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from coachdesk.conversation.planned import parse
from coachdesk.errors import CoachDeskError, InputError
from coachdesk.gui.acts import Plan
from coachdesk.gui.pages.review_acts import ReviewActs, file_name
from coachdesk.gui.widgets.brief import BriefPane
from coachdesk.gui.widgets.guide import GuidePane
from coachdesk.gui.widgets.letter import put_back
from coachdesk.gui.widgets.plan import AcrossDialog, PlanDialog
from coachdesk.letters import NAMES
from coachdesk.sentences import _

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk


class ReviewBrief(QObject):
    """Wires both panes. `call_asked`: a moment of another call is to be heard."""

    call_asked = Signal(str, int, int)

    def __init__(self, brief: BriefPane, guide: GuidePane, acts: ReviewActs) -> None:
        super().__init__(brief)
        self._unsaid: dict[str, str] = {}
        self._brief, self._guide, self._acts, self._bridge = brief, guide, acts, acts.bridge
        brief.fact_said.connect(lambda slot, text: self._do(_("Brief changed"), "SetBriefFact", slot, text))
        brief.line_dropped.connect(self._drop)
        brief.word_said.connect(self._word)
        brief.save_asked.connect(self._save)
        guide.denied.connect(lambda question: self._do(_("Not asked"), "SayAsked", question, False))
        guide.take_back_asked.connect(acts.take_back)
        guide.position_said.connect(lambda title: self._do(_("Position changed"), "SetPosition", title))
        guide.plan_asked.connect(self._plan)
        guide.across_asked.connect(self._across)
        self._load_templates()

    def asked_at(self, question: str, at_ms: int) -> None:
        """The person showed where a planned question was asked."""
        self._do(_("Asked here"), "SayAsked", question, True, at_ms)

    def _do(self, what: str, change: str, *values: Any) -> None:
        self._acts.change(what, lambda amend: getattr(amend, change)(*values))

    def _drop(self, slot: str, start_ms: int, dropped: bool) -> None:
        self._do(_("Line left out") if dropped else _("Line put back"), "DropBriefLine", slot, start_ms, dropped)

    # --- wordings and files

    def _load_templates(self) -> None:
        self._bridge.ask(lambda desk: desk.templates(), self._brief.set_templates, owner=self)

    def _word(self, kind: str, text: str) -> None:
        self._bridge.ask(
            lambda desk: desk.word(kind, text),
            lambda _none: self._load_templates(),
            lambda problem: self._brief.refuse_wording(_problem(problem)),
            owner=self,
        )

    def _save(self, kind: str, text: str) -> None:
        """Ask where to, and write it."""
        title = self._acts.doc["call"]["title"] if self._acts.doc else ""
        proposed = f"{file_name(f'{title}, {_(NAMES[kind])}')}.txt"
        name, _filter = QFileDialog.getSaveFileName(self._brief.letter, _("Save as"), proposed)
        if not name:
            return

        def write(_desk: Desk) -> None:
            try:
                Path(name).write_text(text, "utf-8")
            except OSError as failed:
                why = failed.strerror or str(failed)
                raise InputError(
                    _("{name} cannot be written: {why}.").format(name=Path(name).name, why=why)
                ) from failed

        self._bridge.ask(write, lambda _none: self._bridge.told.emit("exported", {"name": Path(name).name}), owner=self)

    # --- planned questions

    def _plan(self) -> None:
        """The questions of the call's position, to be written."""
        position = self._acts.doc["guide"]["position"] if self._acts.doc else ""
        if position:
            self._bridge.ask(lambda desk: desk.guide(position), self._open_plan, owner=self)

    def _open_plan(self, planned: dict[str, Any]) -> None:
        dialog = PlanDialog(self._guide.window(), planned)
        dialog.said.connect(partial(self._planned, dialog, planned["name"]))
        dialog.rejected.connect(lambda: self._keep_unsaid(planned, dialog.text.toPlainText()))
        if unsaid := self._unsaid.pop(planned["name"], ""):
            put_back(dialog.text, unsaid)
        dialog.open()

    def _keep_unsaid(self, planned: dict[str, Any], text: str) -> None:
        """Questions that were typed and not kept are there when they are opened again."""
        if text != planned["text"]:
            self._unsaid[planned["name"]] = text

    def _planned(self, dialog: PlanDialog, position: str, text: str) -> None:
        try:
            parse(text)
        except InputError as wrong:
            dialog.refuse(_problem(wrong))
            return
        dialog.accept()
        self._bridge.do(_("Questions planned"), Plan(position, text), owner=self)

    def _across(self) -> None:
        """The questions of this call over all calls they were planned for."""
        if not self._acts.doc:
            return
        call_id, position = self._acts.doc["call"]["id"], self._acts.doc["guide"]["position"]

        def beside(desk: Desk) -> dict[str, Any]:
            return desk.guide_across(position or desk.find(call_id).playbook)

        self._bridge.ask(beside, self._open_across, owner=self)

    def _open_across(self, beside: dict[str, Any]) -> None:
        dialog = AcrossDialog(self._guide.window(), beside)
        dialog.play_asked.connect(self.call_asked)
        dialog.play_asked.connect(lambda *_moment: dialog.accept())
        dialog.open()


def _problem(wrong: CoachDeskError) -> str:
    return f"{wrong.message} {wrong.hint}".strip()
