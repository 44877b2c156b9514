"""An open desk: home, settings, history and owner, and what every verb stands on. The verbs are in the files above it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Self

from coachdesk import paths, settings
from coachdesk.coaching.playbook import Playbook
from coachdesk.desk import my_voice, playbooks, takes
from coachdesk.desk.arrivals import Arrivals
from coachdesk.desk.events import Hear, deaf
from coachdesk.desk.jobs import Owner, mend_interrupted
from coachdesk.desk.recompute import recompute
from coachdesk.desk.work import Work
from coachdesk.errors import InputError
from coachdesk.history import calls, media, sidecar
from coachdesk.history import my_voice as kept_voice
from coachdesk.history.store import Store
from coachdesk.model import Call

DAYS_IN_BIN = 30


class Opened:
    """Use it in one thread; close it when done."""

    def __init__(self, home: paths.Home) -> None:
        self.home = home
        self.settings = settings.load(home)
        self._store = Store(home)
        self._store.me = lambda: self.settings.my_name
        self._owner = Owner(home)
        self._hear: Hear = deaf
        self._arrivals = Arrivals()
        self.last_work: Work | None = None  # for benchmarks and the demo: times and counted connects
        mend_interrupted(self._store)
        self.empty_bin(DAYS_IN_BIN)

    def close(self) -> None:
        self._owner.release()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def subscribe(self, hear: Hear) -> None:
        """Be told of progress, results and notices while something runs."""
        self._hear = hear

    def find(self, call: str) -> Call:
        """A call by any unique prefix of its id."""
        return calls.get(self._store, call)

    def playbook(self, playbook_id: str) -> Playbook:
        return playbooks.load(self.home, playbook_id)

    def cancel(self) -> None:
        """Stop what this desk is working on; may be called from any thread. What was finished is kept."""
        if self.last_work is not None:
            self.last_work.cancel()

    def empty_bin(self, older_than_days: int = 0) -> int:
        """Remove what has lain in the bin for so long, for good; returns how many calls that were."""
        before = (datetime.now(UTC) - timedelta(days=older_than_days)).isoformat(timespec="seconds")
        gone = calls.binned(self._store, before if older_than_days else None)
        for row in gone:
            self._remove(row["id"])
        if gone:
            self._store.vacuum()
        return len(gone)

    def _remove(self, call_id: str) -> None:
        for name in calls.purge(self._store, call_id):
            media.forget(self.home, name)
        sidecar.remove(self._store, call_id)
        kept_voice.forget_calls(self.home, [call_id])
        takes.forget_call(self.home, call_id)

    def _work(self, playbook: Playbook) -> Work:
        voice = my_voice.voiceprint(self._store) if self.settings.my_voice else ()
        self.last_work = Work(self._store, self._owner, self.settings, playbook, self._hear, own_voice=voice)
        return self.last_work

    def _recompute(self, call_id: str) -> None:
        playbook = self.playbook(self.find(call_id).playbook)
        recompute(self._store, call_id, playbook, self.settings.wording)
        sidecar.write(self._store, call_id)

    def _check_result(self, result: str, playbook: Playbook) -> None:
        if result and result not in playbook.results:
            raise InputError(f"{result} is no result of {playbook.id}.", f"There are: {', '.join(playbook.results)}.")
