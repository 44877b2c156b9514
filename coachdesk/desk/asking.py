"""What a person can ask a desk; nothing here changes what is kept (what is derived may be computed anew)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from coachdesk import export
from coachdesk.coaching.playbook import Playbook, Rule
from coachdesk.coaching.scorecard import Card
from coachdesk.desk import (
    best_moments,
    cases,
    choices,
    comments,
    doctor,
    dropped,
    focus,
    goals,
    guide,
    home,
    my_voice,
    own_playbooks,
    playbooks,
    recording,
    review,
    scoring,
    sound,
    take_heard,
    takes,
    templates,
    tracker_history,
    trends,
    versions,
)
from coachdesk.desk.events import Told
from coachdesk.desk.jobs import is_alive
from coachdesk.desk.opened import Opened
from coachdesk.desk.recompute import Derived, lay_out, recompute
from coachdesk.document import Review, plain
from coachdesk.errors import InputError, NotFound, PlaybookError
from coachdesk.history import calls, library, positions, results, words
from coachdesk.history.library import Wanted
from coachdesk.model import Call
from coachdesk.speech import weights

if TYPE_CHECKING:
    from coachdesk.audio.play import Player, Playing


class Asking(Opened):
    """An open desk that can be asked."""

    def calls(self) -> list[dict[str, Any]]:
        return review.summary(self._store)

    def library(self, wanted: Wanted) -> list[int]:
        """Row numbers of the wanted calls, in order; `library_rows` gives their rows."""
        return library.numbers(self._store, wanted)

    def library_rows(self, numbers: list[int]) -> dict[int, dict[str, Any]]:
        return library.rows(self._store, numbers)

    def library_facets(self) -> dict[str, list[str]]:
        """The kinds, results and cases there are to filter by."""
        return library.facets(self._store)

    def count(self) -> int:
        """How many calls there are."""
        return library.count(self._store)

    def lanes(self, call: str) -> list[sound.LaneFacts]:
        """What the timeline of a call draws."""
        return sound.lanes(self._store, self.find(call).id)

    def player(self, call: str, hear: Callable[[Playing], None]) -> Player:
        """A player for a call's sound; it has a thread of its own, to be closed by whoever asked."""
        return sound.player(self._store, self.find(call).id, hear)

    def look_into(self, paths: Iterable[Path]) -> dropped.Dropped:
        """Files and folders sorted into calls to bring in."""
        return dropped.sort(paths, self.settings.my_name)

    def arrivals(self) -> list[Path]:
        """Sound files in the watched folder that are complete and not brought in yet, newest first, at most 50."""
        folder = self.settings.watch_folder
        return self._arrivals.look(self._store, Path(folder).expanduser()) if folder else []

    def devices(self) -> recording.Found:
        """Microphones and the sound of the other party that can be recorded from right now."""
        return recording.devices()

    def cut_off(self) -> list[recording.CutOff]:
        """Recordings that never became a call, to be kept or dropped: cut off themselves, or their window before keeping."""
        at_work = [job for job in results.running_jobs(self._store) if job["kind"] == "keep"]
        busy = {json.loads(job["request"])["recording"] for job in at_work if is_alive(self.home, job["owner"])}
        return recording.cut_off(self.home, frozenset(busy))

    def interrupted(self) -> list[dict[str, Any]]:
        """Imports that were cut off with their program, newest first: {id, request, created_at}; to be offered again."""
        return results.interrupted_jobs(self._store, "bring_in")

    def bin(self) -> list[dict[str, Any]]:
        """The calls in the bin, newest first."""
        return calls.binned(self._store)

    def _coached(self, call_id: str) -> Derived:
        """What is derived of a call; computed anew where something it rests on has changed."""
        laid = lay_out(self._store, call_id)
        return recompute(self._store, call_id, self.playbook(laid.call.playbook), self.settings.wording, laid)

    def review(self, call: str, viewer: str = "") -> Review:
        """Everything there is to say about a call; recomputed first if something it rests on has changed. Scorecards as
        `viewer` may see them ("": the person of this installation).
        """
        found = self.find(call)
        unfitted = versions.apply_acts(self._store, found.id)
        laid = lay_out(self._store, found.id)
        playbook = self.playbook(found.playbook)
        derived = recompute(self._store, found.id, playbook, self.settings.wording, laid)
        return review.build(self._store, laid, derived, playbook, unfitted, self.viewer(found, viewer))

    def viewer(self, call: Call, named: str = "") -> scoring.Viewer:
        """Whose eyes a review of a call is for, and who the person of this installation is."""
        return scoring.viewer(named, self.settings.my_name, call.rep)

    def find_comment(self, comment: str) -> str:
        """The call a comment hangs on, by any unique prefix of the comment's id."""
        return comments.call_of(self._store, comment)

    def search(self, wanted: str, who: str | None = None, limit: int = 20) -> dict[str, Any]:
        if limit < 1:
            raise InputError("The limit is 1 or more.", "Leave it out for 20.")
        return words.search(self._store, wanted, who, limit)

    def next_steps(self, due_only: bool = False, today: date | None = None) -> list[dict[str, Any]]:
        """Open next steps, the soonest due first; `standing` is "due" where the day has come. `due_only`: those with a day."""
        found = calls.next_steps(self._store, due_only)
        return [{**step, "standing": cases.standing(step, today or date.today())} for step in found]

    def cases(self, today: date | None = None) -> list[dict[str, Any]]:
        """All cases, the last spoken with first."""
        return cases.listed(self._store, today or date.today())

    def case(self, case: str, today: date | None = None) -> dict[str, Any]:
        """One case by its name or id: its calls, its next steps, what was left open on its last call."""
        found = cases.identity(self._store, case)
        return cases.one(self._store, found, today or date.today(), self.playbook, self._coached)

    def case_id(self, case: str) -> str:
        """The id of a case by its name. Raises NotFound with the names that are nearest."""
        return cases.identity(self._store, case)

    def case_results(self) -> dict[str, str]:
        """The results a case may have: word and what people call it."""
        return cases.allowed_results(self.playbooks())

    def tracker(self, phrases: Sequence[str], who: str | None = None) -> dict[str, Any]:
        """Everything that says one of these phrases, call by call, found as a playbook's tracker would find it."""
        return tracker_history.everywhere(self._store, tuple(phrases), who)

    def best_moments(self, kind: str | None = None, rule: str | None = None) -> list[dict[str, Any]]:
        """What went well on own calls (of a kind, of a rule), and what the person marked, newest call first."""
        if kind:
            choices.check_kind(self._store, self.playbooks(), kind)
        found = best_moments.found(self._store, kind, rule, self.playbook)
        if rule and not found:  # one of a playbook that is gone may still have moments
            choices.check_rule(self.playbooks(), rule)
        return found

    def focus(self, playbook_id: str) -> dict[str, Any] | None:
        """What the person said yes to last on calls of this kind and is still at; None where there is nothing."""
        return self._with_take(focus.focus(self.goals(self.playbook(playbook_id).kind), self.review))

    def _with_take(self, found: dict[str, Any] | None) -> dict[str, Any] | None:
        """What is in focus, with the best take of it where there is one."""
        take = takes.best(self.home, found["kind"], found["rule"]) if found else None
        return {**found, "take": plain(take)} if found and take else found

    def goals(self, kind: str = "") -> list[dict[str, Any]]:
        """What the person said yes to, of all kinds or one, and what their calls since say of it; the last first."""
        return goals.goals(self._store, self.playbooks(), self._recompute, kind)

    def at_home(self, today: date) -> dict[str, Any]:
        """What to see first: the goal for the next call (of the usual kind, else the last), what to review, what is due."""
        found = self.goals()
        usual = [goal for goal in found if goal["kind"] == self.playbook(self.settings.playbook).kind]
        now = focus.focus(usual, self.review) or focus.focus(found, self.review)
        return home.home(self._store, self._with_take(now), today)

    def before_call(self, case: str) -> dict[str, Any] | None:
        """How it stands with a case: promises, questions left open, the last concern; None where it has no calls."""
        try:
            return home.before_call(self.case(case))
        except NotFound:
            return None

    def trends(self, metric: str = "", kind: str = "") -> list[dict[str, Any]]:
        """The person's own numbers over their calls, with what is usual for them."""
        books = self.playbooks()
        choices.check_kind(self._store, books, kind)
        return trends.trends(self._store, books, metric, kind)

    def takes_of(self, call: str, rule: str) -> list[takes.Take]:
        """What was tried for a rule on a call, oldest first."""
        return takes.of(self.home, self.find(call).id, rule)

    def take_original(self, call: str, start_ms: int, end_ms: int) -> take_heard.Original:
        """What was said on the own side at a moment, or right after it, and what it is like."""
        return take_heard.original(lay_out(self._store, self.find(call).id), start_ms, end_ms)

    def take_player(self, take_id: str, hear: Callable[[Playing], None]) -> Player:
        """A player for a take; to be closed by whoever asked."""
        return takes.player(self.home, take_id, hear)

    def drafts(self) -> list[str]:
        """Calls whose current words are a draft."""
        found = self._store.rows(
            "SELECT call_id FROM transcript JOIN call ON call.id = call_id WHERE current = 1 AND draft = 1 "
            "AND deleted_at IS NULL ORDER BY call.started_at"
        )
        return [row["call_id"] for row in found]

    def playbooks(self) -> list[Playbook]:
        """All playbooks that are in order; one that is not is told and left out."""
        found = []
        for name in playbooks.files(self.home):
            try:
                found.append(self.playbook(name))
            except PlaybookError as problem:
                self._hear(Told("playbook_left_out", {"name": name, "why": problem.message}))
        return found

    def guide(self, name: str) -> dict[str, Any]:
        """The questions planned for a position, by its title, or those of a playbook, by its id."""
        return guide.show(self._store, self.playbook, name)

    def planned(self, case: str = "") -> dict[str, Any]:
        """The positions with planned questions, to choose from before a call, and the likely one for a case."""
        return guide.before(self._store, case)

    def guide_across(self, name: str) -> dict[str, Any]:
        """Each of these questions on every call it was planned for: asked or not, wording, time, moments. No verdict."""
        return guide.across(self._store, self.playbook, self._guide_of, name)

    def _guide_of(self, call_id: str) -> tuple[Call, dict[str, Any]]:
        found = self.find(call_id)
        return found, self.review(found.id).guide

    def positions(self) -> list[dict[str, Any]]:
        """{title, questions, calls} of every position."""
        return positions.everything(self._store)

    def templates(self) -> dict[str, str]:
        """The person's own wordings of what a brief is handed on as; "" = the program's."""
        return templates.own(self.home)

    def check_playbook(self, path: Path) -> Playbook:
        return playbooks.check(path)

    def playbook_shelf(self) -> list[own_playbooks.OnShelf]:
        """All playbooks, shipped and own, those that are wrong with their problem."""
        return own_playbooks.shelf(self.home)

    def playbook_source(self, playbook_id: str) -> own_playbooks.Source:
        """A playbook as it is written."""
        return own_playbooks.source(self.home, playbook_id)

    def playbook_draft(self, playbook_id: str) -> str | None:
        """A text the person did not save yet, if there is one."""
        return own_playbooks.draft(self.home, playbook_id)

    def check_playbook_text(self, playbook_id: str, text: str) -> Playbook:
        """An unsaved text as the playbook it would be."""
        return own_playbooks.checked(self.home, playbook_id, text)

    def rule_library(self) -> list[Rule]:
        """Every rule a playbook may pick."""
        return own_playbooks.library()

    def card_library(self) -> list[Card]:
        """Every scorecard a playbook may pick."""
        return own_playbooks.card_library()

    def preview(self, call: str, playbook_id: str, text: str) -> dict[str, Any]:
        """What a call would be told under an unsaved playbook, beside what the saved one says; nothing is stored."""
        found = self.find(call)
        return own_playbooks.preview(self._store, self.home, found.id, playbook_id, text, self.settings.wording)

    def models(self) -> dict[str, Any]:
        """Models on this machine, and those that can be fetched."""
        return {
            "installed": [
                {**asdict(model), "folder": model.folder.name} for model in weights.installed(self.home.models)
            ],
            "known": [{"name": name, **plain(model)} for name, model in weights.KNOWN.items()],
        }

    def my_voice(self) -> dict[str, Any]:
        """Whether the own voice is wanted, whether anything is kept of it, and from how many calls it is known."""
        kept = self.home.my_voice.exists()
        return {"wanted": self.settings.my_voice, "kept": kept, "calls": len(my_voice.held(self._store))}

    def doctor(self) -> dict[str, Any]:
        return doctor.examine(self._store)

    def export(self, call: str, kind: str) -> bytes:
        """A reviewed call in another format."""
        return export.export(msgspec.to_builtins(self.review(call)), kind)
