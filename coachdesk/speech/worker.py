"""The speech child: `python -m coachdesk.speech.worker`. Reads a request, listens, answers in JSON lines.

A finished file is gone through twice: first for the channels' facts, which are sent at once, then for the words. A
growing file is gone through once, words as they come; where several people share a channel, once more at its end, for
the voices. Either way the same chunks are cut, so the result is the same.
What native libraries print goes to stderr; when stdin closes, the child ends.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from coachdesk.audio import ogg
from coachdesk.audio.load import RATE_HZ, Sound
from coachdesk.audio.peaks import PeakWriter
from coachdesk.errors import CoachDeskError, EngineError, InputError
from coachdesk.model import Layout, Notice
from coachdesk.spans import Span, total_ms
from coachdesk.speech import bleed, channels, cutter, draft, protocol, voices
from coachdesk.speech.cutter import Chunk, Listener, Tape
from coachdesk.speech.draft import DraftEngine
from coachdesk.speech.engine import Clip, Engine, EngineChoice, Heard
from coachdesk.speech.meter import ChannelMeter
from coachdesk.speech.scripted import ScriptedEngine
from coachdesk.speech.utterances import utterances_of
from coachdesk.speech.whisper import DETECT_CLIPS, WhisperEngine

ENGINES: dict[str, Callable[[EngineChoice], Engine]] = {
    "whisper": WhisperEngine,
    "draft": DraftEngine,
    "scripted": ScriptedEngine,
}
Say = Callable[[protocol.FromChild], None]
_BACK_SEAT = 10  # a call that is being recorded, and the meeting itself, go before words

connects = 0


def main() -> int:
    """Serve one request from stdin; returns the exit status."""
    out = _own_stdout()
    sys.addaudithook(_count_connects)
    sealed = threading.Event()

    def say(message: protocol.FromChild) -> None:
        out.write(protocol.encode(message) + b"\n")
        out.flush()

    orders = os.fdopen(os.dup(0), "rb", buffering=0)  # unbuffered: no lock is held while a thread waits on it
    request = protocol.to_child(orders.readline())
    assert not isinstance(request, protocol.Seal)
    threading.Thread(target=_watch, args=(orders, request, sealed), daemon=True).start()
    if isinstance(request, protocol.Request) and request.growing:
        with suppress(AttributeError, OSError):  # Windows has no nice
            os.nice(_BACK_SEAT)
    try:
        engine_s = 0.0
        if isinstance(request, protocol.Request):
            engine_s = Listening(request, say, sealed.is_set).run()
        else:
            voices.answer(request, say)
        say(protocol.Done(engine_s, time.process_time(), connects))
    except CoachDeskError as problem:
        say(protocol.Failed(problem.code, problem.message, problem.hint))
    except MemoryError:
        say(protocol.Failed("EngineError", "There is not enough memory for this.", "Use a smaller model."))
    return 0


def _own_stdout() -> BinaryIO:
    """The real stdout for messages only; whatever else prints is sent to stderr."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


def _count_connects(event: str, args: tuple[Any, ...]) -> None:
    global connects
    if event == "socket.connect":
        connects += 1


def _watch(orders: Any, request: protocol.Asked, sealed: threading.Event) -> None:
    """Wait for the seal; end the process when the parent is gone."""
    for line in orders:
        order = protocol.to_child(line)
        if isinstance(order, protocol.Seal) and isinstance(request, protocol.Request):
            request.layout = order.layout or request.layout
            sealed.set()
    os._exit(0)


class Listening:
    """One request: facts of the channels, then words."""

    def __init__(self, request: protocol.Request, say: Say, sealed: Callable[[], bool]) -> None:
        self._request = request
        self._say = say
        self._sealed = sealed
        self._path = Path(request.path)
        self._done = {tuple(key) for key in request.done}
        self._engine_s = 0.0
        self._clips_s = 0.0
        self._heard_ms = 0

    def run(self) -> float:
        """Returns the processor seconds spent inside the engine."""
        if self._request.growing:
            self._follow(self._engine())
            return self._engine_s
        chunks = self._prepare()
        engine = self._engine()  # only now: an engine that cannot be had must not cost the numbers
        if engine is not None and chunks:
            self._transcribe(engine, chunks)
        return self._engine_s

    def _engine(self) -> Engine | None:
        choice = self._request.engine
        if choice.engine == "none":
            return None
        before = time.process_time()
        engine = _make(choice)
        self._engine_s += time.process_time() - before
        for notice in getattr(engine, "notices", []):
            self._say(protocol.NoticeSent(notice.code, notice.params))
        return engine

    # --- the facts of the channels

    def _prepare(self) -> list[Chunk]:
        """Send the channels' facts; returns the chunks worth transcribing, in order of time."""
        with Sound(self._path) as sound:
            ear = _Ear(sound, self._request, self._say)
            try:
                chunks = [chunk for chunk, _ in ear.listen()]
            except BaseException:
                ear.discard()
                raise
            return self._finish(ear, chunks)

    def _finish(self, ear: _Ear, chunks: list[Chunk]) -> list[Chunk]:
        prepared = ear.prepared(self._request.layout)
        activity = [[Span(*run) for run in runs] for runs in prepared.activity]
        wanted = [
            chunk
            for chunk in sorted(chunks, key=lambda chunk: (chunk.start_ms, chunk.channel))
            if prepared.listen_to in (None, chunk.channel) and _speaks(chunk, activity[chunk.channel])
        ]
        if self._request.voices and prepared.layout == Layout.MIXED.value:
            lane = prepared.listen_to or 0
            prepared.voices = voices.told(self._path, lane, activity[lane], 2, self._request.own_voice, self._say)
        prepared.chunks, prepared.speech_ms = len(wanted), sum(chunk.speech_ms for chunk in wanted)
        self._say(prepared)
        return wanted

    # --- the words

    def _transcribe(self, engine: Engine, chunks: list[Chunk]) -> None:
        total = sum(chunk.speech_ms for chunk in chunks)
        self._detect_language(engine, chunks)
        waiting = [chunk for chunk in chunks if _key(chunk) not in self._done]
        self._heard_ms = total - sum(chunk.speech_ms for chunk in waiting)
        self._say(protocol.Progress("transcribe", self._heard_ms, total))
        for heard in self._timed(engine.transcribe(self._metered(self._clips(waiting)))):
            self._tell(heard, total)

    def _clips(self, chunks: list[Chunk]) -> Iterator[Clip]:
        """The chunks' sound, decoded once more from the start (exact, where a seek is not)."""
        waiting = list(chunks)
        if not waiting:
            return
        with Sound(self._path) as sound:
            tape = Tape(sound.info.lanes)
            for block in sound.blocks():
                tape.push(block)
                while waiting and tape.end * 1000 // RATE_HZ >= waiting[0].end_ms:
                    yield Clip(waiting[0], tape.clip(waiting[0]))
                    waiting.pop(0)
                tape.forget_before(min((chunk.start_ms for chunk in waiting[:8]), default=0))
                if not waiting:
                    return
            for chunk in waiting:
                yield Clip(chunk, tape.clip(chunk))

    def _detect_language(self, engine: Engine, chunks: list[Chunk]) -> None:
        """Fix the language for the whole call from several clips of each channel, where it was not given."""
        if not isinstance(engine, WhisperEngine) or engine.language:
            return
        first = [
            chunk
            for channel in (0, 1)
            for chunk in [chunk for chunk in chunks if chunk.channel == channel][:DETECT_CLIPS]
        ]
        clips = list(self._clips(sorted(first, key=lambda chunk: (chunk.start_ms, chunk.channel))))
        engine.language, probability = engine.detect_language(clips)
        self._say(protocol.Language(engine.language, round(probability, 3)))

    def _timed(self, answers: Iterator[Heard]) -> Iterator[Heard]:
        """Adds up the time inside the engine; what it waits for its clips is not its own."""
        while True:
            before, waited = time.process_time(), self._clips_s
            heard = next(answers, None)
            self._engine_s += time.process_time() - before - (self._clips_s - waited)
            if heard is None:
                return
            yield heard

    def _metered(self, clips: Iterator[Clip]) -> Iterator[Clip]:
        """The clips, with the time spent on cutting them added up."""
        while True:
            before = time.process_time()
            clip = next(clips, None)
            self._clips_s += time.process_time() - before
            if clip is None:
                return
            yield clip

    def _tell(self, heard: Heard, total: int | None) -> None:
        sent = [
            protocol.UtteranceSent(
                utterance.start_ms,
                utterance.end_ms,
                [protocol.WordSent(word.start_ms, word.end_ms, word.text, word.confidence) for word in utterance.words],
                utterance.suspect,
            )
            for utterance in utterances_of(heard)
        ]
        self._say(protocol.ChunkHeard(*_key(heard.chunk), sent))
        self._heard_ms += heard.chunk.speech_ms
        self._say(protocol.Progress("transcribe", self._heard_ms, total))

    # --- both at once, for a file that still grows

    def _follow(self, engine: Engine | None) -> None:
        growing = ogg.GrowingFile(self._path, self._sealed)
        with Sound(self._path, growing) as sound:
            ear = _Ear(sound, self._request, self._say)
            chunks: list[Chunk] = []

            def clips() -> Iterator[Clip]:
                for chunk, cut in ear.listen():
                    chunks.append(chunk)
                    if _key(chunk) not in self._done:
                        yield Clip(chunk, cut())

            try:
                if engine is None:
                    for _ in clips():
                        pass
                else:
                    for heard in self._timed(engine.transcribe(self._metered(clips()))):
                        self._tell(heard, None)
            except BaseException:
                ear.discard()
                raise
            self._finish(ear, chunks)


class _Ear:
    """Goes through a sound once: voice activity and chunks per channel, levels, peaks."""

    def __init__(self, sound: Sound, request: protocol.Request, say: Say) -> None:
        info = sound.info
        self._sound, self._say, self._longest_ms = sound, say, request.longest_ms
        self._lanes = info.lanes
        quiet_ms = draft.QUIET_MS if request.engine.engine == "draft" else cutter.QUIET_MS
        self._listeners = [Listener(channel, quiet_ms) for channel in range(info.lanes)]
        self._meter = ChannelMeter(info.lanes)
        self._peaks = PeakWriter(Path(request.peaks), info.lanes)
        self._runs: list[list[Span]] = [[] for _ in range(info.lanes)]
        self._told_ms = sound.told_ms
        say(protocol.Opened(info.container, info.codec, info.channels, info.sample_rate_hz, info.tags, self._told_ms))

    def listen(self) -> Iterator[tuple[Chunk, Callable[[], Any]]]:
        """Chunks as they are cut, each with a function that cuts its sound (only good until the next is asked for)."""
        tape = Tape(self._lanes)
        for block in self._sound.blocks():
            self._meter.push(block)
            self._peaks.push(block)
            tape.push(block)
            for chunk in self._push(block):
                yield chunk, partial(tape.clip, chunk)
            tape.forget_before(min(listener.needs_from_ms() for listener in self._listeners))
            now_ms = tape.end * 1000 // RATE_HZ
            if now_ms > self._longest_ms:
                raise InputError(
                    f"The recording is longer than {self._longest_ms // 3_600_000} hours.",
                    "Cut it into calls first, or raise longest_call_h in the settings.",
                )
            self._say(protocol.Progress("prepare", now_ms, self._told_ms))
        for listener, runs in zip(self._listeners, self._runs, strict=True):
            found, chunks = listener.finish(self._sound.duration_ms)
            runs += found
            for chunk in chunks:
                yield chunk, partial(tape.clip, chunk)
        self._peaks.close()

    def _push(self, block: Any) -> list[Chunk]:
        cut: list[Chunk] = []
        for lane, listener in enumerate(self._listeners):
            runs, chunks = listener.push(block[lane])
            self._runs[lane] += runs
            cut += chunks
        return sorted(cut, key=lambda chunk: (chunk.start_ms, chunk.channel))

    def prepared(self, told: str) -> protocol.Prepared:
        layout, listen_to, notices = _as_told(told, self._lanes) or channels.layout_of(self._meter, self._runs)
        activity = self._runs
        if layout is Layout.TWO_SIDES:
            activity, found = bleed.without_bleed(self._meter, activity)
            notices += found
        if not any(total_ms(runs) for runs in activity):
            notices += (Notice("no_speech"),)
        return protocol.Prepared(
            duration_ms=self._sound.duration_ms,
            partial=self._sound.partial,
            layout=layout.value,
            listen_to=listen_to,
            activity=[[(run.start_ms, run.end_ms) for run in runs] for runs in activity],
            notices=[protocol.NoticeSent(n.code, n.params) for n in (*self._sound.notices, *notices)],
            chunks=0,
            speech_ms=0,
        )

    def discard(self) -> None:
        self._peaks.discard()


def _make(choice: EngineChoice) -> Engine:
    if choice.engine not in ENGINES:
        raise EngineError(f"There is no speech engine {choice.engine}.", f"Choose one of {', '.join(ENGINES)} or none.")
    return ENGINES[choice.engine](choice)


def _as_told(layout: str, lanes: int) -> tuple[Layout, int | None, tuple[Notice, ...]] | None:
    """As channels.layout_of, where the person told what the channels hold; "mixed": the first channel holds everybody."""
    if layout == Layout.TWO_SIDES.value and lanes == 2:
        return Layout.TWO_SIDES, None, ()
    return (Layout.MIXED, 0, ()) if layout == Layout.MIXED.value else None


def _key(chunk: Chunk) -> tuple[int, int, int]:
    return chunk.channel, chunk.start_ms, chunk.end_ms


def _speaks(chunk: Chunk, activity: list[Span]) -> bool:
    """Whether anything of the chunk is its channel's own speech; all of it may have been the other side's bleed."""
    return any(run.overlap_ms(own) > 0 for run in chunk.runs for own in activity)


if __name__ == "__main__":
    sys.exit(main())
