"""What a person can change, tell and throw away: each in a moment, each effective everywhere at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from coachdesk import settings
from coachdesk.desk import (
    amend,
    amend_case,
    brief,
    bringing,
    cases,
    guide,
    own_playbooks,
    results_import,
    takes,
    templates,
    versions,
)
from coachdesk.desk.amend import Amendment
from coachdesk.desk.amend_reviewing import Said, named, typed
from coachdesk.desk.asking import Asking
from coachdesk.desk.bringing import BringIn
from coachdesk.errors import NotFound
from coachdesk.history import calls, my_voice, results, sidecar, words
from coachdesk.history import cases as kept_cases
from coachdesk.history.store import new_id, now
from coachdesk.speech import weights


class Changing(Asking):
    """An open desk that can be told things."""

    def use_version(self, call: str, version: int) -> None:
        """Go back to another transcript version, in one action."""
        found = self.find(call)
        words.use_version(self._store, found.id, version)
        versions.settle(self._work(self.playbook(found.playbook)), found.id)

    def coach(self, call: str, playbook_id: str) -> None:
        """Coach again with another playbook; nothing is transcribed again."""
        playbook = self.playbook(playbook_id)
        self.amend(call, amend.SetPlaybook(playbook.id, playbook.kind))

    def amend(self, call: str, change: amend.Amendment) -> amend.Amendment:
        """One small change, effective everywhere at once; returns the change that undoes it."""
        found = self.find(call)
        # the new one, where there is one: it must be there before anything is changed, and the old may be gone
        playbook = self.playbook(change.playbook if isinstance(change, amend.SetPlaybook) else found.playbook)
        if isinstance(change, amend.SetResult) and change.result:
            self._check_result(change.result, playbook)
        if isinstance(change, amend.Score | amend.AddComment):
            change = named(change, self.viewer(found).me)
        if isinstance(change, amend.DropBriefLine):
            brief.check_line(self.review(found.id).brief, change.slot, change.start_ms)
        undo = amend.amend(self._store, found.id, change, playbook)
        if isinstance(change, amend.AboutWords):
            versions.apply_acts(self._store, found.id)
        self._recompute(found.id)
        return undo

    def plan(self, position: str, text: str) -> str:
        """The questions of a position as plain text, one a line; returns the text of before. Calls follow when they are seen."""
        return guide.put(self._store, position, text)

    def word(self, kind: str, text: str) -> None:
        """Keep an own wording of what a brief is handed on as: mail, note or self; "" = back to the program's."""
        templates.keep(self.home, kind, text, (slot.id for playbook in self.playbooks() for slot in playbook.slots))

    def comment(self, call: str, at_ms: int, text: str, end_ms: int | None = None, reply_to: str = "") -> str:
        """A remark that hangs on a moment, or answers another comment; returns its id."""
        found = self.find(call)
        made = new_id()
        self.amend(found.id, amend.AddComment(at_ms, text, end_ms, reply_to, id=made))
        return made

    def score(self, call: str, card: str, said: Said, who: str = "") -> None:
        """Answers to a scorecard, beside those that stand already; `who` "": the person of this installation."""
        found = self.find(call)
        self.amend(found.id, typed(said, card, found.duration_ms, who))

    def respond(self, call: str, suggestion: str, answer: str) -> None:
        """accept, dismiss or done, for a suggestion of this call by its id or rule."""
        shown = self.review(call)
        said = {s["id"]: s["rule"] for s in [*shown.suggestions, *shown.review_flags, *shown.praise]}
        self.amend(call, amend.Respond(said.get(suggestion, suggestion), answer))

    def set_result(self, call: str, result: str) -> None:
        """The result of a call, in the playbook's words."""
        self.amend(call, amend.SetResult(result))

    def change_case(self, change: amend_case.CaseChange) -> amend_case.CaseChange:
        """One change of a case, effective everywhere at once; returns the change that undoes it."""
        for one in amend_case.each(change):
            if isinstance(one, amend_case.SetCaseResult):
                cases.check_result(self._store, one.case, one.result, self.playbooks())
        undo = amend_case.amend_case(self._store, change)
        sidecar.write_cases(self._store)
        for call_id in amend_case.calls_moved(change, undo):
            sidecar.write(self._store, call_id)
        return undo

    def set_step(self, step: str, state: str) -> Amendment:
        """The state of a next step, by any unique prefix of its id; returns the change of its call that undoes it."""
        found = kept_cases.step(self._store, step)
        change = amend.SetStep(found["text"], found["id"], found["owner"], found["due"], state)
        return self.amend(found["call_id"], change)

    def preview_results(self, path: Path, today: date | None = None) -> dict[str, Any]:
        """What each line of a CSV file of results would change; nothing is changed. `set_results` with what
        `results_import.change_of` makes of it does it.
        """
        return results_import.preview(self._store, path, self.playbooks(), today or date.today())

    def set_results(self, change: results_import.SetResults) -> results_import.SetResults:
        """Results and stages of many cases and calls in one transaction; returns the change that undoes it."""
        undo = results_import.set_results(self._store, change)
        sidecar.write_cases(self._store)
        for call_id in change.calls:
            sidecar.write(self._store, call_id)
        return undo

    def take_results_back(self) -> int:
        """Undo the last import of results, where nothing was said otherwise since; returns how many are as before."""
        change = results_import.last_import(self._store)
        if change is None:
            raise NotFound("There is no import of results to take back.", "`coachdesk results import FILE` makes one.")
        return len(self.set_results(change).changes)

    def put_in_bin(self, call: str) -> None:
        """Out of sight everywhere, and kept for 30 days."""
        self._bin(self.find(call).id, now())

    def take_from_bin(self, call_id: str) -> None:
        """Back where it was. Raises NotFound where the call is not in the bin."""
        if call_id not in {row["id"] for row in self.bin()}:
            raise NotFound("This call is not in the bin any more.", "It was removed for good, or taken out already.")
        self._bin(call_id, None)

    def _bin(self, call_id: str, at: str | None) -> None:
        calls.bin_call(self._store, call_id, at)
        sidecar.write(self._store, call_id)

    def delete(self, call: str) -> None:
        """Remove a call with its sound, words and everything derived, for good."""
        self.delete_all([call])

    def delete_all(self, found: list[str]) -> None:
        """The same for several calls."""
        for call in found:
            self._remove(self.find(call).id)
        self._store.vacuum()

    def offer_again(self, requests: list[BringIn]) -> None:
        """Imports that had to be left: `interrupted` lists them at the next start."""
        for wanted in requests:
            job = results.add_job(self._store, "bring_in", self._owner.id, bringing.kept(wanted))
            results.end_job(self._store, job, "interrupted")

    def forget_jobs(self, job_ids: list[str]) -> None:
        """Interrupted imports that are not wanted any more."""
        for job_id in job_ids:
            results.end_job(self._store, job_id, "cancelled")

    def save_playbook(self, playbook_id: str, text: str) -> str | None:
        """Keep a text as the person's own playbook, if it is in order; returns the own text before (None: there was none),
        which undoes it: saved again, or dropped.
        """
        return own_playbooks.save(self.home, playbook_id, text)

    def keep_playbook_draft(self, playbook_id: str, text: str | None) -> None:
        """A text the person is still at; None: done with it."""
        own_playbooks.keep_draft(self.home, playbook_id, text)

    def drop_own_playbook(self, playbook_id: str) -> str:
        """Back to the shipped one; returns the person's text, which undoes it when saved again."""
        return own_playbooks.drop(self._store, self.home, playbook_id, self.settings.playbook)

    def take_best(self, take_id: str, best: bool) -> None:
        """The take that returns on the next card of its rule; there is one at most."""
        takes.set_best(self.home, take_id, best)

    def take_delete(self, take_id: str) -> None:
        """A take overwritten and removed, for good."""
        takes.delete(self.home, take_id)

    def add_model(self, folder: Path, name: str = "") -> str:
        return weights.add(self.home.models, folder, name or None).name

    def verify_model(self, name: str) -> list[str]:
        return weights.verify(self.home.models, name)

    def fetch_model(self, name: str, report: Callable[[int, int], None]) -> str:
        """The only use of the network there is, and only because the person asked."""
        return weights.fetch(self.home.models, name, report).name

    def change(self, **values: Any) -> None:
        """Change settings. Raises SettingsError where a value does not fit."""
        self.settings = replace(self.settings, **values)
        settings.save(self.home, self.settings)

    def forget_my_voice(self) -> bool:
        """Delete the person's own voiceprint for good, and stop learning it; returns whether there was one."""
        there = my_voice.forget(self.home)
        self.change(my_voice=False)
        return there

    def reload(self) -> None:
        """Take settings that another desk of this home changed."""
        self.settings = settings.load(self.home)
