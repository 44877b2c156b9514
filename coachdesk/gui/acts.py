"""Changes as things that can be done and undone: each call on a desk makes the change and returns the one that undoes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coachdesk.desk.amend import Amendment
    from coachdesk.desk.amend_case import CaseChange
    from coachdesk.desk.desk import Desk
    from coachdesk.desk.results_import import SetResults


@dataclass(frozen=True, slots=True)
class Amend:
    """A change of one call."""

    call_id: str
    change: Amendment

    def __call__(self, desk: Desk) -> Amend:
        return Amend(self.call_id, desk.amend(self.call_id, self.change))


@dataclass(frozen=True, slots=True)
class PutInBin:
    """Calls into the bin."""

    calls: tuple[str, ...]
    call_id: str = ""

    def __call__(self, desk: Desk) -> TakeFromBin:
        for call in self.calls:
            desk.put_in_bin(call)
        return TakeFromBin(self.calls)


@dataclass(frozen=True, slots=True)
class TakeFromBin:
    """Calls out of the bin."""

    calls: tuple[str, ...]
    call_id: str = ""

    def __call__(self, desk: Desk) -> PutInBin:
        for call in self.calls:
            desk.take_from_bin(call)
        return PutInBin(self.calls)


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions of a position, as plain text."""

    position: str
    text: str
    call_id: str = ""

    def __call__(self, desk: Desk) -> Plan:
        return Plan(self.position, desk.plan(self.position, self.text))


@dataclass(frozen=True, slots=True)
class UseVersion:
    """Another transcript version made current."""

    call_id: str
    version: int
    before: int

    def __call__(self, desk: Desk) -> UseVersion:
        desk.use_version(self.call_id, self.version)
        return UseVersion(self.call_id, self.before, self.version)


@dataclass(frozen=True, slots=True)
class KeepPlaybook:
    """A playbook of the person's own with this text; None: none, so that the shipped one counts."""

    playbook: str
    text: str | None
    call_id: str = ""

    def __call__(self, desk: Desk) -> KeepPlaybook:
        if self.text is None:
            return KeepPlaybook(self.playbook, desk.drop_own_playbook(self.playbook))
        return KeepPlaybook(self.playbook, desk.save_playbook(self.playbook, self.text))


@dataclass(frozen=True, slots=True)
class ChangeCase:
    """A change of one case."""

    change: CaseChange
    call_id: str = ""

    def __call__(self, desk: Desk) -> ChangeCase:
        return ChangeCase(desk.change_case(self.change))


@dataclass(frozen=True, slots=True)
class SayOfStep:
    """What became of a next step; undone by a change of its call."""

    step: str
    call_id: str
    state: str

    def __call__(self, desk: Desk) -> Amend:
        return Amend(self.call_id, desk.set_step(self.step, self.state))


@dataclass(frozen=True, slots=True)
class TakeResults:
    """Many results at once, out of a file."""

    change: SetResults
    call_id: str = ""

    def __call__(self, desk: Desk) -> TakeResults:
        return TakeResults(desk.set_results(self.change))
