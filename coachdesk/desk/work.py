"""What the stages share while they work on one call, and the speech child as they use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from coachdesk.coaching.playbook import Playbook
from coachdesk.desk.events import Hear, Progress, Told
from coachdesk.desk.jobs import Owner, Pace, SpeechChild
from coachdesk.desk.recompute import recompute
from coachdesk.errors import Cancelled, EngineError
from coachdesk.history import results
from coachdesk.history.store import Store
from coachdesk.settings import Settings
from coachdesk.speech import protocol
from coachdesk.speech.engine import EngineChoice


@dataclass
class Work:
    """What the stages share while they work on one call."""

    store: Store
    owner: Owner
    settings: Settings
    playbook: Playbook
    hear: Hear
    pace: Pace = field(default_factory=Pace)
    connects: int = 0
    engine_s: float = 0.0
    child_s: float = 0.0
    child: SpeechChild | None = None
    cancelled: bool = False
    own_voice: tuple[float, ...] = ()  # the person's own voiceprint, where they want it used

    def cancel(self) -> None:
        """Stop: the child is killed now, and no other is started. From any thread."""
        self.cancelled = True
        if self.child is not None:
            self.child.kill()

    def go_on(self) -> None:
        """Raises Cancelled where the person stopped this."""
        if self.cancelled:
            raise Cancelled("Stopped.")

    def progress(self, message: protocol.Progress) -> None:
        left = self.pace.remaining_s(message.stage, message.done_ms, message.total_ms)
        self.hear(Progress(message.stage, message.done_ms, message.total_ms, left))

    def recompute(self, call_id: str) -> None:
        for stage in ("measure", "coach"):
            results.start_stage(self.store, call_id, stage, self.playbook.version, self.owner.id)
        recompute(self.store, call_id, self.playbook, self.settings.wording)
        for stage in ("measure", "coach"):
            results.end_stage(self.store, call_id, stage, "done")


class Listening:
    """One speech child at work on one file."""

    def __init__(
        self,
        work: Work,
        path: Path,
        choice: EngineChoice,
        done: list[tuple[int, int, int]] | None = None,
        peaks: Path | None = None,
        growing: bool = False,
        layout: str = "",
        voices: bool = True,
    ) -> None:
        work.go_on()
        self._work = work
        self._request = protocol.Request(
            path=str(path),
            peaks=str(peaks or peaks_of(path)),
            engine=choice,
            done=done or [],
            growing=growing,
            layout=layout,
            voices=voices,
            own_voice=list(work.own_voice) if voices else [],
            longest_ms=round(work.settings.longest_call_h * 3_600_000),
        )
        self._child = SpeechChild(self._request)
        self._messages = self._child.messages()
        work.child = self._child
        if work.cancelled:  # stopped while the child was starting
            self._child.kill()

    def until_prepared(self) -> tuple[protocol.Opened, protocol.Prepared]:
        """The channels' facts, as soon as they are there."""
        opened: protocol.Opened | None = None
        for message in self._messages:
            self._common(message)
            if isinstance(message, protocol.Opened):
                opened = message
            elif isinstance(message, protocol.Prepared):
                assert opened is not None
                return opened, message
        raise EngineError("The speech engine said nothing of this file.", "Run `coachdesk doctor`.")

    def rest(self, take: Callable[[protocol.FromChild], None]) -> None:
        for message in self._messages:
            self._common(message)
            take(message)

    def follow(
        self,
        sealed: Callable[[], bool],
        layout: Callable[[], str],
        hopeless: Callable[[], bool],
        take: Callable[[protocol.FromChild], None],
    ) -> tuple[protocol.Opened, protocol.Prepared] | None:
        """Everything of a growing file; seals it when `sealed` says so. None where it was given up as `hopeless`."""
        self._child.seal_when(sealed, layout, hopeless)
        opened: protocol.Opened | None = None
        prepared: protocol.Prepared | None = None
        for message in self._messages:
            self._common(message)
            take(message)
            if isinstance(message, protocol.Opened):
                opened = message
            elif isinstance(message, protocol.Prepared):
                prepared = message
        if self._child.given_up:
            return None
        assert opened is not None and prepared is not None
        return opened, prepared

    def _common(self, message: protocol.FromChild) -> None:
        _common(self._work, message)


def ask_child(work: Work, question: protocol.TellApart | protocol.HearVoice) -> protocol.FromChild:
    """A question about a stored sound that has one answer. Raises Cancelled, and what the child fails with."""
    work.go_on()
    work.child = SpeechChild(question)
    if work.cancelled:  # stopped while the child was starting
        work.child.kill()
    found: protocol.FromChild | None = None
    for message in work.child.messages():
        _common(work, message)
        if isinstance(message, protocol.VoicesHeard | protocol.VoiceHeard):
            found = message
    if found is None:
        raise EngineError("The speech engine said nothing of this file.", "Run `coachdesk doctor`.")
    return found


def _common(work: Work, message: protocol.FromChild) -> None:
    if isinstance(message, protocol.Progress):
        work.progress(message)
    elif isinstance(message, protocol.NoticeSent):
        work.hear(Told(message.code, message.params))
    elif isinstance(message, protocol.Done):
        work.connects += message.connects
        work.engine_s += message.engine_s
        work.child_s += message.total_s


def peaks_of(path: Path) -> Path:
    """Where the peaks of a sound in the media store lie."""
    return path.with_suffix(".peaks")
