"""How many people speak on one channel, as the person says it: their voices are told apart once more, from the stored sound.

Labels are numbered anew, so sides and names of before do not hold any more; words go to the voices that speak them.
"""

from __future__ import annotations

from coachdesk.desk import my_voice, versions, voices
from coachdesk.desk.recompute import tracks_of
from coachdesk.desk.work import Work, ask_child
from coachdesk.errors import EngineError, InputError
from coachdesk.history import calls, words
from coachdesk.history import my_voice as kept_voice
from coachdesk.history import voices as heard
from coachdesk.model import Layout
from coachdesk.speech import protocol

FEWEST, MOST = 2, 4


def tell_apart(work: Work, call_id: str, people: int) -> None:
    """Who speaks when, for so many people. Raises InputError where voices are not what tells the speakers of this call."""
    if not FEWEST <= people <= MOST:
        raise InputError(f"{people} people cannot be told apart.", f"Say {FEWEST} to {MOST}.")
    question = _question(work, call_id, people)
    answered = ask_child(work, question)
    assert isinstance(answered, protocol.VoicesHeard)
    sent = answered.voices
    if sent.kind == "no_model":
        raise EngineError(
            "The voices of one channel cannot be told apart here: the voice model is not installed.",
            "Run `coachdesk doctor`.",
        )
    own = my_voice.known_again(sent)
    with work.store.write():
        heard.keep(work.store, tracks_of(work.store, call_id)[0].recording.id, voices.heard(sent))
        told = voices.speakers_of(tracks_of(work.store, call_id), own, work.settings.my_name)
        calls.set_speakers(work.store, call_id, told)
        my_voice.put_guess(work.store, call_id, own)
        versions.speak_again(work, call_id)
    kept_voice.forget_calls(work.store.home, [call_id])  # the labels it was learnt by mean others now
    versions.settle(work, call_id)


def _question(work: Work, call_id: str, people: int) -> protocol.TellApart:
    tracks = tracks_of(work.store, call_id)
    if len(tracks) != 1 or tracks[0].recording.layout is not Layout.MIXED:
        raise InputError("This call has no channel that several people share.", "Its channels tell who speaks.")
    current = words.current(work.store, call_id)
    if current is not None and current.engine == "imported":
        raise InputError("The words brought along say who speaks on this call.", "Use other words first, or leave it.")
    recording, lane = tracks[0].recording, tracks[0].listen_to or 0
    runs = [(run.start_ms, run.end_ms) for run in tracks[0].runs[lane]]
    path = work.store.home.media / recording.media
    return protocol.TellApart(str(path), lane, runs, people, list(work.own_voice))
