"""Changes as things that can be done and undone: each call on a desk makes the change and returns the one that undoes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coachdesk.desk.amend import Amendment
    from coachdesk.desk.desk import Desk


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
