"""Bringing calls in from the window: what was dropped or chosen becomes jobs, one per call."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from coachdesk.gui.bridge import Bridge, Job
from coachdesk.sentences import _, ngettext

if TYPE_CHECKING:
    from coachdesk.desk.bringing import BringIn
    from coachdesk.desk.desk import Desk
    from coachdesk.desk.dropped import Dropped


def choose_files(bridge: Bridge, parent: QWidget) -> None:
    """Ask for sound files or transcripts, and bring them in."""
    names, _filter = QFileDialog.getOpenFileNames(parent, _("Import recordings"))
    if names:
        bring(bridge, [Path(name) for name in names], parent)


def choose_folder(bridge: Bridge, parent: QWidget) -> None:
    """Ask for a folder: a meeting's own becomes one call, any other as many as it has sound files."""
    name = QFileDialog.getExistingDirectory(parent, _("Import a folder"))
    if name:
        bring(bridge, [Path(name)], parent)


def bring(bridge: Bridge, paths: Iterable[Path], owner: QObject) -> None:
    """Sort files and folders into calls and queue them; what cannot be used is said."""
    wanted = list(paths)

    def start(found: Dropped) -> None:
        for request in found.calls:
            bridge.start(job_of(request))
        for path in found.transcripts:
            bridge.start(_transcript_job(path))
        if not found.calls and not found.transcripts:
            bridge.told.emit("nothing_to_import", {})
        elif found.left_out:
            bridge.told.emit("left_out", {"n": len(found.left_out)})

    bridge.ask(lambda desk: desk.look_into(wanted), start, owner=owner)


def job_of(request: BringIn) -> Job:
    """A job that brings in one call."""
    name = request.title or " + ".join(path.stem for path in request.files)
    return Job(_("Importing {name}").format(name=name), lambda desk, job: desk.bring_in(request), request)


def _transcript_job(path: Path) -> Job:
    return Job(_("Importing {name}").format(name=path.stem), lambda desk, job: desk.import_transcript(path))


def again(bridge: Bridge, kept: dict[str, Any]) -> None:
    """An import that was cut off with its program, once more."""
    from coachdesk.desk.bringing import asked_again

    bridge.ask(lambda desk: desk.forget_jobs([kept["id"]]))
    bridge.start(job_of(asked_again(kept["request"])))


def transcribe(bridge: Bridge, call_id: str, title: str) -> Job:
    """The words of a call once more, with the best engine there is now."""

    def run(desk: Desk, job: Job) -> str:
        return desk.transcribe(call_id)

    return bridge.start(Job(_("Transcribing {name}").format(name=title), run, call_id=call_id))


def learn_voice(bridge: Bridge, call_id: str) -> Job:
    """The own voice from a call whose own side was just told."""

    def run(desk: Desk, job: Job) -> str:
        desk.learn_my_voice(call_id)
        return call_id

    return bridge.start(Job(_("Learning your voice"), run, call_id=call_id))


def tell_apart(bridge: Bridge, call_id: str, title: str, people: int) -> Job:
    """The voices of a call once more, for so many people."""

    def run(desk: Desk, job: Job) -> str:
        desk.tell_apart(call_id, people)
        return call_id

    return bridge.start(Job(_("Telling {n} voices apart: {name}").format(n=people, name=title), run, call_id=call_id))


def total(bridge: Bridge) -> str:
    """How all jobs together stand: "2 of 12, about 14 min left"; empty for a single one."""
    jobs = [job for job in bridge.jobs if job.state != "cancelled"]
    running = bridge.running
    if len(jobs) < 2 or not running:
        return ""
    through = len(jobs) - len(running)
    said = _("{done} of {all} done").format(done=through, all=len(jobs))
    remaining = running[0].remaining_s
    return said if remaining is None else _("{said}, this one {time}").format(said=said, time=left(remaining))


def left(seconds: float) -> str:
    """Time left, as people say it."""
    if seconds < 50:
        return _("about {s} s left").format(s=max(5, 5 * round(seconds / 5)))
    minutes = max(1, round(seconds / 60))
    return ngettext("about a minute left", "about {m} min left", minutes).format(m=minutes)
