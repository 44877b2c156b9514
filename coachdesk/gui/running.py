"""What runs, shown: each job in words in the strip, and a sign beside the clock while the window is not in front."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from coachdesk.gui.bridge import Bridge, Job
from coachdesk.gui.pages import importing
from coachdesk.gui.tray import Tray
from coachdesk.gui.widgets.job_strip import JobLine, JobStrip
from coachdesk.sentences import _, ngettext

_DONE_SHOWN_MS = 8_000
_ORDER = {"running": 0, "queued": 1, "failed": 2, "cancelled": 3, "done": 4}


class Running(QObject):
    """`come_back` shows the window; `is_recording` says whether a call is recorded, which has a sign of its own."""

    def __init__(
        self,
        bridge: Bridge,
        strip: JobStrip,
        tray: Tray,
        come_back: Callable[[], None],
        is_recording: Callable[[], bool],
    ) -> None:
        super().__init__(strip)
        self._bridge, self._strip, self._tray = bridge, strip, tray
        self._come_back, self._is_recording = come_back, is_recording
        self._leaving: set[int] = set()
        self._soon = QTimer(self, interval=0, singleShot=True)  # a thousand jobs come at once, and are shown once
        self._soon.timeout.connect(self._show)
        bridge.jobs_changed.connect(self._soon.start)
        strip.stop_asked.connect(lambda n: self._with_job(n, bridge.cancel))
        strip.retry_asked.connect(lambda n: self._with_job(n, bridge.retry))
        strip.dismiss_asked.connect(lambda n: self._with_job(n, bridge.dismiss))
        strip.stop_all_asked.connect(bridge.cancel_all)

    def _with_job(self, number: int, act: Callable[[Job], Any]) -> None:
        for job in list(self._bridge.jobs):
            if job.number == number:
                act(job)

    def _show(self) -> None:
        if not self._bridge.running:  # what went well is seen for some seconds, then out of the way
            for job in self._bridge.jobs:
                if job.state == "done" and job.number not in self._leaving:
                    self._leaving.add(job.number)
                    QTimer.singleShot(_DONE_SHOWN_MS, self, partial(self._bridge.dismiss, job))
        jobs = sorted(self._bridge.jobs, key=lambda job: (_ORDER[job.state], job.number))
        self._strip.show_jobs([_line(job) for job in jobs], importing.total(self._bridge))
        if not self._is_recording():
            self._show_sign(jobs)

    def _show_sign(self, jobs: list[Job]) -> None:
        running = self._bridge.running
        if running:
            self._tray.show(_line(running[0]).title)
        elif self._tray.is_shown:
            failed = sum(job.state == "failed" for job in jobs)
            said = ngettext("{n} job failed; the window says why.", "{n} jobs failed; the window says why.", failed)
            self._tray.say(said.format(n=failed) if failed else _("Everything is done."))
            self._tray.hide()
            if not self._strip.window().isVisible():
                self._come_back() if failed else QApplication.quit()


def _line(job: Job) -> JobLine:
    """A job in words."""
    stages = {
        "prepare": _("listening to the channels"),
        "voices": _("telling the voices apart"),
        "transcribe": _("transcribing"),
        "fetch": _("fetching"),
    }
    if job.state == "running":
        share = "" if job.share is None else f"{round(100 * job.share)} %"
        left = "" if job.remaining_s is None else importing.left(job.remaining_s)
        detail = " · ".join(part for part in (stages.get(job.stage, ""), share, left) if part)
    elif job.state == "failed" and job.problem is not None:
        detail = f"{job.problem.message} {job.problem.hint}"
    else:
        detail = {"queued": _("waiting"), "cancelled": _("stopped"), "done": _("done")}.get(job.state, "")
    return JobLine(job.number, job.title, job.state, detail, job.share if job.state == "running" else None)
