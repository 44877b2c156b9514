"""The sentences of the terminal. Codes come up from below; here, and only here, they become words, through gettext.

No word of any trade stands here: sides and cases are named by the playbook.
"""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

NOTICES = {
    "known_call": _("This recording is known already; it was not brought in twice (call {call})."),
    "ends_early": _("The recording ends early; what there is was kept ({ms} ms), marked partial."),
    "damaged": _("Parts of the file are damaged; they were left out."),
    "gap_filled": _("The recording skips {ms} ms; silence was put in, so that times stay true."),
    "clock_restarted": _("The recording's clock restarts {times} time(s); counting went on."),
    "not_a_number": _("The file holds samples that are no numbers; they were taken as silence."),
    "mixed_down": _("The file's {channels} channels were mixed into one, so the sides cannot be told apart."),
    "channels_alike": _("Both channels hold the same sound, so the sides cannot be told apart."),
    "silent_channel": _("Only one channel holds speech; whether both sides are on it cannot be told."),
    "bleed_removed": _(
        "One channel also heard the other through a loudspeaker ({ms} ms); that was taken out. Headphones help."
    ),
    "no_speech": _("I heard no speech in this recording."),
    "cuda_failed": _("The graphics card could not be used ({why}); the processor is used instead."),
    "transcript_fits_badly": _(
        "The words brought along fit this recording badly ({share} % lie where somebody speaks); check that they belong to it."
    ),
    "playbook_left_out": _("The playbook {name} is left out: {why}"),
    "numbers_only": _("Without a Whisper model I have no words for {language}: numbers from the channels only."),
    "track_starts_later": _("File {track} begins about {s} s later than the first; found from who speaks when."),
    "tracks_assumed_together": _("The files differ in length; I took it that file {track} begins with the first."),
}

REASONS = {
    "no_words": _("there are no words yet"),
    "draft": _("the words are a rough draft"),
    "draft_too_poor": _("the draft is too poor to count on"),
    "no_language_table": _("this call is in {language}, which I have no word tables for"),
    "speakers_unknown": _("I cannot tell the sides apart"),
    "partial": _("the recording ends early"),
    "too_short": _("too short to measure"),
    "too_few_words": _("too few words"),
    "too_few_turns": _("too few turns"),
    "too_few_gaps": _("too few pauses"),
    "too_few_questions": _("too few questions"),
    "too_few_answers": _("too few long answers"),
    "too_short_for_phases": _("too short for phases"),
    "one_sided": _("one side hardly speaks"),
    "no_speech": _("no speech"),
    "needs_two_channels": _("needs two channels"),
    "attribution_doubtful": _("both sides speak at once too often to be sure who is who"),
    "fillers_not_measurable": _("not measurable: this transcript leaves them out"),
    "no_objection_found": _("I did not find a concern"),
    "no_price_found": _("I did not find a price"),
    "no_topic_found": _("I did not find a topic"),
    "wording_off": _("off for this side"),
}

CHECKS = {
    "history": (_("The history is sound."), _("The history file is damaged ({detail}). Keep a copy before you go on.")),
    "search_index": (_("The search index is sound."), _("The search index is damaged.")),
    "sqlite": (
        _("The database library is current ({detail})."),
        _("The database library is old ({detail}); CoachDesk works, but use one program at a time on this home."),
    ),
    "voice_detector": (_("The voice detector is there."), _("The voice detector is missing. Install CoachDesk again.")),
    "draft_engine": (_("The draft engine is there (English only, rough)."), _("The draft engine is missing.")),
    "whisper_model": (
        _("Whisper can transcribe ({detail})."),
        _("No Whisper model yet: transcripts are drafts. `coachdesk models list` shows what can be had."),
    ),
    "english_tables": (_("The word tables are there."), _("The word tables are missing. Install CoachDesk again.")),
    "room_on_disk": (_("There is room on the disk ({detail})."), _("The disk is nearly full ({detail} left).")),
}

WORDS_FROM = {
    "whisper": _("transcribed here with Whisper ({model})"),
    "draft": _("rough draft, made here ({model})"),
    "scripted": _("recited by the scripted engine"),
    "imported": _("brought along ({source})"),
    "none": _("none, numbers from the channels only"),
}


def notice(code: str, params: dict[str, Any]) -> str:
    """A notice as a sentence; an unknown code stays a code."""
    return _filled(NOTICES.get(code, code), params)


def reason(code: str, params: dict[str, Any]) -> str:
    return _filled(REASONS.get(code, code.replace("_", " ")), params)


def check(name: str, ok: bool | None, detail: str) -> str:
    good, bad = CHECKS.get(name, (name, name))
    return _filled(good if ok else bad, {"detail": detail})


def words_from(transcript: dict[str, Any]) -> str:
    """Where a transcript's words come from."""
    if transcript.get("source") == "sample":
        return _("came with the sample")
    return _filled(WORDS_FROM.get(transcript["engine"], transcript["engine"]), transcript)


def _filled(text: str, params: dict[str, Any]) -> str:
    try:
        return text.format(**params)
    except (KeyError, IndexError):
        return text


__all__ = ["CHECKS", "NOTICES", "REASONS", "WORDS_FROM", "_", "check", "notice", "reason", "words_from"]
