"""Getting a speech model as a job: fetched by name, taken in from a folder, or checked; the job strip shows how far."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from coachdesk.errors import EngineError
from coachdesk.gui.bridge import Bridge, Job
from coachdesk.sentences import _

if TYPE_CHECKING:
    from coachdesk.desk.desk import Desk

_EVERY_S = 0.2  # the hub reports each block; the window wants to be told a few times a second


@dataclass(frozen=True, slots=True)
class FetchModel:
    """The one thing that uses the network, because the person pressed the button for it."""

    bridge: Bridge
    name: str

    def __call__(self, desk: Desk, job: Job) -> str:
        desk.fetch_model(self.name, _Reporter(self.bridge, job))
        return ""


@dataclass(frozen=True, slots=True)
class AddModel:
    """A model copied in from a folder."""

    folder: Path

    def __call__(self, desk: Desk, job: Job) -> str:
        desk.add_model(self.folder)
        return ""


@dataclass(frozen=True, slots=True)
class CheckModel:
    """Every file of a model compared with what it came with."""

    name: str

    def __call__(self, desk: Desk, job: Job) -> str:
        if problems := desk.verify_model(self.name):
            raise EngineError(
                _("The model {name} is not whole: {why}.").format(name=self.name, why=problems[0]),
                _("Fetch it again, or take it in once more from its folder."),
            )
        return ""


class _Reporter:
    """Bytes so far become a share and the time that is left; also where a person's stop takes effect. Jobs thread."""

    def __init__(self, bridge: Bridge, job: Job) -> None:
        self._bridge, self._job = bridge, job
        self._begun: tuple[float, int] | None = None  # when, and how many bytes were there already
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        self._job.go_on()
        now = time.monotonic()
        if self._begun is None:
            self._begun = now, done
        if now - self._told < _EVERY_S and done < total:
            return
        self._told = now
        self._bridge.report(self._job, "fetch", done / total if total else None, self._left_s(now, done, total))

    def _left_s(self, now: float, done: int, total: int) -> float | None:
        assert self._begun is not None
        began, had = self._begun
        if done <= had or now - began < 1.0:  # too early to tell
            return None
        return (total - done) * (now - began) / (done - had)


def fetch(bridge: Bridge, name: str) -> Job | None:
    """Fetch a model; None where one is being fetched already."""
    if fetching(bridge):
        return None
    return bridge.start(Job(_("Fetching the model {name}").format(name=name), FetchModel(bridge, name)))


def fetching(bridge: Bridge) -> bool:
    """Whether a model is being fetched now, or waits to be."""
    return any(isinstance(job.run, FetchModel) for job in bridge.running)


def add_folder(bridge: Bridge, parent: QWidget) -> Job | None:
    """Ask for a folder and take the model in; None where the person chose none."""
    folder = QFileDialog.getExistingDirectory(parent, _("A folder that holds a Whisper model"))
    return take_in(bridge, Path(folder)) if folder else None


def take_in(bridge: Bridge, folder: Path) -> Job:
    """Take a model in from its folder."""
    return bridge.start(Job(_("Taking in the model {name}").format(name=folder.name), AddModel(folder)))


def check(bridge: Bridge, name: str) -> Job:
    """Check a model's files; what is wrong ends in the job's problem."""
    return bridge.start(Job(_("Checking the model {name}").format(name=name), CheckModel(name)))
