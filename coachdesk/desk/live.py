"""Listening along while a call is recorded: words as they come, and the facts as soon as it ends.

What was heard lies beside the recording (`<name>.words`: the engine's parameters, then a chunk a line), each chunk before
the next is asked for: after a crash nothing is transcribed twice. An engine that cannot keep up is given up, so that it
never stands in the way of the recorder; its words are then made when the call is over.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from coachdesk.audio.recording import journal, opus
from coachdesk.desk import engines
from coachdesk.desk.events import Told, Words
from coachdesk.desk.work import Listening, Work
from coachdesk.errors import Cancelled, CoachDeskError
from coachdesk.model import Layout
from coachdesk.speech import protocol
from coachdesk.speech.engine import EngineChoice

MOST_BEHIND_S = 90.0
_LOOK_S, _LOOKS = 10.0, 3  # behind, and not less so than half a minute ago: it will not catch up

Facts = tuple[protocol.Opened, protocol.Prepared]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a file before it was a call. `facts` with `peaks`: it was followed to its end; `whole`: so were
    the words.
    """

    params: str = ""
    chunks: tuple[protocol.ChunkHeard, ...] = ()
    facts: Facts | None = None
    peaks: Path | None = None
    whole: bool = False

    def keys(self, params: str) -> list[tuple[int, int, int]]:
        """The chunks heard with these parameters."""
        return [(c.channel, c.start_ms, c.end_ms) for c in self.chunks] if params == self.params else []


NOTHING = Heard()


class _Head(msgspec.Struct):
    params: str


class Beside:
    """The words that lie beside a recording."""

    def __init__(self, recording: Path) -> None:
        self._path = recording.with_suffix(".words")

    def read(self) -> Heard:
        """What is whole of it; nothing where there is none."""
        try:
            first, *lines = self._path.read_bytes().split(b"\n")
            params = msgspec.json.decode(first, type=_Head).params
        except (OSError, msgspec.DecodeError):
            return Heard()
        chunks = []
        for line in lines:
            try:
                message = protocol.from_child(line)
            except msgspec.DecodeError:  # the line that was being written
                continue
            if isinstance(message, protocol.ChunkHeard):
                chunks.append(message)
        return Heard(params, tuple(chunks))

    def begin(self, params: str) -> Heard:
        """Go on with words of the same parameters, else begin anew; returns what is there."""
        before = self.read()
        if before.params == params:
            self._append(b"\n")  # a line that was cut off ends here
            return before
        self._path.write_bytes(msgspec.json.encode(_Head(params)) + b"\n")
        return Heard(params)

    def add(self, chunk: protocol.ChunkHeard) -> None:
        self._append(protocol.encode(chunk) + b"\n")

    def erase(self) -> None:
        """Overwrite and remove them."""
        if self._path.exists():
            opus.erase(self._path)

    def _append(self, data: bytes) -> None:
        with self._path.open("ab", buffering=0) as file:
            file.write(data)


class Lag:
    """Tells an engine that will not keep up: behind by more than `most_s`, and not less so than three looks ago.

    `length_ms` tells how long the recording is, `clock` counts seconds. Set `heard_ms` as it gets on.
    """

    def __init__(
        self,
        length_ms: Callable[[], int],
        most_s: float = MOST_BEHIND_S,
        look_s: float = _LOOK_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.heard_ms = 0
        self._length_ms, self._most_ms, self._look_s, self._clock = length_ms, 1000 * most_s, look_s, clock
        self._looked_s = clock()
        self._behind: deque[int] = deque(maxlen=_LOOKS + 1)

    def is_hopeless(self) -> bool:
        if self._clock() - self._looked_s < self._look_s:
            return False
        self._looked_s = self._clock()
        behind = self._length_ms() - self.heard_ms
        self._behind.append(behind)
        return len(self._behind) > _LOOKS and behind > self._most_ms and behind >= self._behind[0]


def follow(
    work: Work,
    path: Path,
    choice: EngineChoice,
    sealed: Callable[[], bool],
    peaks: Path,
    *,
    layout: Callable[[], str] = lambda: "",
    beside: Beside | None = None,
    lag: Lag | None = None,
) -> Heard:
    """Listen along until `sealed()`, and tell words as they come. `layout` is asked for when the file is sealed.

    Problems of the engine cost the words only. Raises Cancelled, and CoachDeskError where the file cannot be listened to.
    """
    if choice.engine == "whisper" and not choice.language:
        work.hear(Told("live_words_need_language"))
    elif choice.engine != "none":
        heard = _words(work, path, choice, sealed, peaks, layout, beside, lag or Lag(lambda: journal.length_ms(path)))
        if heard.whole:
            return heard
        work.hear(Told("live_words_dropped"))
        return replace(heard, facts=_facts(work, path, sealed, peaks, layout), peaks=peaks)
    return Heard(facts=_facts(work, path, sealed, peaks, layout), peaks=peaks)


def _words(
    work: Work,
    path: Path,
    choice: EngineChoice,
    sealed: Callable[[], bool],
    peaks: Path,
    layout: Callable[[], str],
    beside: Beside | None,
    lag: Lag,
) -> Heard:
    params = engines.params_of(choice)
    before = beside.begin(params) if beside else Heard(params)
    chunks = list(before.chunks)

    def take(message: protocol.FromChild) -> None:
        if isinstance(message, protocol.Progress) and message.stage == "prepare":
            lag.heard_ms = message.done_ms
        elif isinstance(message, protocol.ChunkHeard):
            if beside:
                beside.add(message)
            chunks.append(message)
            _tell(work, message, layout())

    facts = None
    try:
        listening = Listening(
            work, path, replace(choice, batch=1), before.keys(params), peaks=peaks, growing=True, layout=layout()
        )
        facts = listening.follow(sealed, layout, lag.is_hopeless, take)
    except Cancelled:
        raise
    except CoachDeskError:  # said when the words are made after the call; a file that cannot be read, too
        pass
    return Heard(params, tuple(chunks), facts, peaks if facts else None, whole=facts is not None)


def _facts(work: Work, path: Path, sealed: Callable[[], bool], peaks: Path, layout: Callable[[], str]) -> Facts:
    listening = Listening(work, path, EngineChoice("none"), peaks=peaks, growing=True, layout=layout())
    facts = listening.follow(sealed, layout, lambda: False, lambda _: None)
    assert facts is not None  # nobody gave it up
    return facts


def _tell(work: Work, chunk: protocol.ChunkHeard, layout: str) -> None:
    if layout == Layout.MIXED.value and chunk.channel:
        return  # the first channel holds everybody
    for said in chunk.utterances:
        text = " ".join(word.text for word in said.words)
        if text and not said.suspect:
            work.hear(Words(chunk.channel, said.start_ms, said.end_ms, text))
