"""The sentences both faces say, and the language they say them in.

Codes come up from below; here they become words. `_` is gettext's: translations lie in resources/locale as .mo files, and
"xx" is a pseudo-language, made on the spot: longer, accented and bracketed, so that tests and eyes find what is cut off
or not translatable. Tables hold marked texts (`N_`), translated when they are used. No word of any trade stands here:
sides and cases are named by the playbook.
"""

from __future__ import annotations

import gettext
import re
from typing import Any

from coachdesk.errors import NotFound
from coachdesk.paths import resource

PSEUDO = "xx"
_state: dict[str, Any] = {"translations": gettext.NullTranslations(), "pseudo": False}
_ACCENTS = str.maketrans("AEINOUaeinouyc", "ÅÉÎÑÖÛåéîñöûýç")
_BLANK = re.compile(r"(\{[^}]*\}|`[^`]*`)")


def speak(language: str) -> None:
    """Say everything from now on in this language; "" or an unknown one is English."""
    _state["pseudo"] = language == PSEUDO
    _state["translations"] = gettext.NullTranslations()
    try:
        folder = resource("locale")
    except NotFound:  # no translation ships yet
        return
    if language and not _state["pseudo"]:
        _state["translations"] = gettext.translation("coachdesk", folder, [language], fallback=True)


def _(text: str) -> str:
    """The text in the language that is spoken."""
    said: str = _state["translations"].gettext(text) if text else ""
    return pseudo(said) if _state["pseudo"] else said


def ngettext(one: str, many: str, n: int) -> str:
    """The text for a number of things."""
    said: str = _state["translations"].ngettext(one, many, n)
    return pseudo(said) if _state["pseudo"] else said


def N_(text: str) -> str:
    """Marks a text of a table for translation; `_` translates it when it is used."""
    return text


def pseudo(text: str) -> str:
    """The text in the pseudo-language: accented and a third longer, its blanks left alone."""
    parts = _BLANK.split(text)
    said = "".join(part if n % 2 else part.translate(_ACCENTS) for n, part in enumerate(parts))
    return f"[{said}{'~' * (len(text) // 3)}]"


NOTICES = {
    "known_call": N_("This recording is known already; it was not brought in twice (call {call})."),
    "ends_early": N_("The recording ends early; what there is was kept ({ms} ms), marked partial."),
    "damaged": N_("Parts of the file are damaged; they were left out."),
    "gap_filled": N_("The recording skips {ms} ms; silence was put in, so that times stay true."),
    "clock_restarted": N_("The recording's clock restarts {times} time(s); counting went on."),
    "not_a_number": N_("The file holds samples that are no numbers; they were taken as silence."),
    "mixed_down": N_("The file's {channels} channels were mixed into one."),
    "channels_alike": N_("Both channels hold the same sound, so the sides cannot be told apart."),
    "silent_channel": N_("Only one channel holds speech; whether both sides are on it cannot be told."),
    "bleed_removed": N_(
        "One channel also heard the other through a loudspeaker ({ms} ms); that was taken out. Headphones help."
    ),
    "no_speech": N_("I heard no speech in this recording."),
    "cuda_failed": N_("The graphics card could not be used ({why}); the processor is used instead."),
    "transcript_fits_badly": N_(
        "The words brought along fit this recording badly ({share} % lie where somebody speaks); check that they belong to it."
    ),
    "nothing_to_import": N_("I found no sound file and no transcript there."),
    "exported": N_("Written: {name}"),
    "left_out": N_("{n} files were left out: neither sound nor transcript, or they could not be read."),
    "recording_silent": N_("For 15 s I have heard nothing from {side}."),
    "recording_device_gone": N_("The device for {side} is gone; looking for another. The rest goes on."),
    "recording_server_gone": N_("The sound server is gone; waiting for it. What was recorded is kept."),
    "recording_device_refused": N_("The device for {side} cannot be used; looking for another."),
    "recording_default_changed": N_("The default device changed; {side} is recorded from there now."),
    "recording_back": N_("{side}: heard again."),
    "recording_no_source": N_("There is nothing to record from."),
    "recording_disk_low": N_("The disk is nearly full ({free_mb} MB left); the recording ends here and is kept."),
    "recording_disk_full": N_("The disk is full; the recording ends here and is kept."),
    "recording_cannot_write": N_("The recording cannot be written ({detail})."),
    "recording_exists": N_("There is a recording of this name already."),
    "recording_busy": N_("This recording is being made already."),
    "recording_recorder_died": N_("The recorder stopped unexpectedly; `coachdesk recover` keeps what there is."),
    "recording_taken_up": N_("A recording went on without a window; it is here again."),
    "recording_nothing": N_("Nothing was recorded: no sound came from any device."),
    "recording_erased": N_("Sound and words are erased. Your notes stay, and that they said no."),
    "watching_folder": N_("New recordings in {folder} will be offered here."),
    "recording_bug": N_("Something went wrong in the recorder; `coachdesk recover` keeps what there is."),
    "no_microphone": N_("I found no microphone."),
    "no_portaudio": N_("PortAudio is missing; on Debian install libportaudio2."),
    "no_sound_server": N_("There is no sound server (PulseAudio or PipeWire)."),
    "no_system_sound": N_(
        "The other party's sound cannot be recorded here; use a phone on speaker, or import recordings."
    ),
    "soundcard_missing": N_("The package soundcard is missing; install CoachDesk again."),
    "needs_loopback_driver": N_("macOS needs a loopback device such as BlackHole for the other party's sound."),
    "playbook_left_out": N_("The playbook {name} is left out: {why}"),
    "numbers_only": N_("Without a Whisper model I have no words for {language}: numbers from the channels only."),
    "track_starts_later": N_("File {track} begins about {s} s later than the first; found from who speaks when."),
    "gap_device_gone": N_("From {start} to {end} nothing could be recorded from {side}: the device was gone."),
    "gap_server_gone": N_("From {start} to {end} nothing could be recorded from {side}: the sound server was gone."),
    "gap_refused": N_("From {start} to {end} nothing could be recorded from {side}: the device would not open."),
    "gap_unreadable": N_("From {start} to {end} nothing could be recorded from {side}: the device gave no sound."),
    "gap_default_changed": N_(
        "From {start} to {end} nothing could be recorded from {side}: the default device changed."
    ),
    "gap_lost": N_("From {start} to {end} sound from {side} was lost on its way."),
    "gap_paused": N_("At {start} the recording was paused for {lasted}."),
    "gap_sleep": N_("At {start} the computer slept for {lasted}."),
    "own_voice": N_("Which side is yours was taken from your voice."),
    "joined": N_("At {start} another part begins."),
    "live_words_dropped": N_("Words cannot be written down as fast as they are said here; they come after the call."),
    "live_words_need_language": N_(
        "Which language is spoken is only known after the call: words come then. Name it in the settings to have them at once."
    ),
    "recording_broke_off": N_("The recording broke off; what there is was kept."),
    "tracks_assumed_together": N_("The files differ in length; I took it that file {track} begins with the first."),
}

_MOMENTS = ("start_ms", "end_ms", "lasted_ms")

REASONS = {
    "no_words": N_("there are no words yet"),
    "draft": N_("the words are a rough draft"),
    "draft_too_poor": N_("the draft is too poor to count on"),
    "words_doubtful": N_("too many words are doubtful to lean on single ones"),
    "words_too_doubtful": N_("too many words are doubtful to count on"),
    "no_language_table": N_("this call is in {language}, which I have no word tables for"),
    "no_word_list": N_("I have no word list for this in {language} yet"),
    "speakers_unknown": N_("I do not know which side is yours"),
    "voices_unknown": N_("I could not tell the voices apart"),
    "partial": N_("the recording ends early"),
    "too_short": N_("too short to measure"),
    "too_few_words": N_("too few words"),
    "too_few_turns": N_("too few turns"),
    "too_few_gaps": N_("too few pauses"),
    "too_few_questions": N_("too few questions"),
    "too_few_answers": N_("too few long answers"),
    "too_short_for_phases": N_("too short for phases"),
    "one_sided": N_("one side hardly speaks"),
    "no_speech": N_("no speech"),
    "times_unknown": N_("the transcript does not tell when nobody speaks"),
    "needs_two_channels": N_("needs two channels"),
    "attribution_doubtful": N_("both sides speak at once too often to be sure who is who"),
    "fillers_not_measurable": N_("not measurable: this transcript leaves them out"),
    "no_objection_found": N_("I did not find a concern"),
    "no_price_found": N_("I did not find a price"),
    "no_topic_found": N_("I did not find a topic"),
    "nothing_shown_found": N_("I did not find anything being shown"),
    "no_plan": N_("no questions are planned for this call"),
    "not_found": N_("not found"),
    "nothing_kept": N_("neither sound nor words were kept"),
    "wording_off": N_("off for this side"),
    "no_occasion": N_("there was no occasion for it"),
    "not_enough_calls": N_("there are not enough of your calls yet"),
    "not_in_playbook": N_("the playbook of that call does not look for it"),
    "rule_silent": N_("the rule found nothing to go by"),
    "set_right": N_("you set the rule right"),
    "not_measured": N_("not measured here"),
}

WHYS = {  # more about a reason, where there is more to say
    "no_voice_model": N_("the voice model is not installed"),
}
_VERDICTS = {
    "shown": N_("Numbers and advice from words are shown."),
    "rough": N_("Only sums over many words are shown, marked rough."),
    "withheld": N_("Nothing counted from words is shown."),
}
_QUALITY = {
    "no_words": N_("There are no words."),
    "too_few_words": N_("Too few words to tell how good they are."),
    "draft": N_("A rough draft: about {percent} % of the words are likely wrong."),
    "draft_narrow": N_("A rough draft of telephone sound: most words are likely wrong."),
    "words_lacking": N_("About {lacking} % of the speech has no words."),
    "words_sure": N_("About {percent} % of the words are likely wrong."),
    "words_unsure": N_("The speech model was unsure: about {percent} % of the words are likely wrong."),
    "brought_along": N_("Brought along: how many words are wrong is not known."),
}

STRENGTHS = {
    "solid": N_("published study"),
    "measured": N_("measured"),
    "craft": N_("judgement"),
    "vendor": N_("vendor claim"),
    "weak": N_("weak evidence"),
}
_SEVERITIES = (N_("a detail"), N_("matters"), N_("matters much"))
_WHYS = {
    "your_goal": N_("your goal"),
    "shown_before": N_("shown on {n} of the last {of} calls without change, so it waits"),
    "not_for_me": N_("counts less, as you asked"),
}
_VERDICT = {
    "improved": N_("better than before, beyond your usual spread"),
    "no_change": N_("no change beyond your usual spread and chance"),
    "worse": N_("further from it than before, beyond your usual spread"),
}
_NOT_ENOUGH = {
    "after": N_("not enough calls yet: {n} of {of}"),
    "before": N_("not enough calls before it to compare with: {n} of {of}"),
}

CHECKS = {
    "history": (
        N_("The history is sound."),
        N_("The history file is damaged ({detail}). Keep a copy before you go on."),
    ),
    "search_index": (N_("The search index is sound."), N_("The search index is damaged.")),
    "sqlite": (
        N_("The database library is current ({detail})."),
        N_("The database library is old ({detail}); CoachDesk works, but use one program at a time on this home."),
    ),
    "voice_detector": (
        N_("The voice detector is there."),
        N_("The voice detector is missing. Install CoachDesk again."),
    ),
    "draft_engine": (N_("The draft engine is there (English only, rough)."), N_("The draft engine is missing.")),
    "whisper_model": (
        N_("Whisper can transcribe ({detail})."),
        N_("No Whisper model yet: transcripts are drafts. `coachdesk models list` shows what can be had."),
    ),
    "voice_model": (
        N_("Voices on one channel are told apart."),
        N_("Voices on one channel: not available. Run `{detail}`."),
    ),
    "english_tables": (N_("The word tables are there."), N_("The word tables are missing. Install CoachDesk again.")),
    "room_on_disk": (N_("There is room on the disk ({detail})."), N_("The disk is nearly full ({detail} left).")),
}

WORDS_FROM = {
    "whisper": N_("transcribed here with Whisper ({model})"),
    "draft": N_("rough draft, made here ({model})"),
    "scripted": N_("recited by the scripted engine"),
    "imported": N_("brought along ({source})"),
    "none": N_("none, numbers from the channels only"),
}


STEPS = {
    "open": N_("open"),
    "due": N_("due"),
    "kept": N_("kept"),
    "slipped": N_("slipped"),
    "dropped": N_("dropped"),
}
_FIELDS = {"result": N_("result"), "result_at": N_("day"), "stage": N_("stage")}
_RESULT_PROBLEMS = {  # what is wrong with a line of a results file, and what mends it
    "names_nothing": (N_("It names neither a case nor a call."), N_("Fill in the case.")),
    "title_without_date": (N_("A title alone does not tell which call."), N_("Add the date of the call.")),
    "no_case": (N_("There is no case {name}."), N_("Give a call this case first.")),
    "no_case_near": (N_("There is no case {name}."), N_("Did you mean {near}?")),
    "several_cases": (N_("{n} cases are called like {name}."), N_("Write it with the same capitals.")),
    "no_call": (N_("There is no call {name}."), N_("Check id, or title and date.")),
    "no_call_id": (N_("{name} is no id of a call."), N_("Give six or more digits of the id, or leave it empty.")),
    "no_call_but_case": (N_("There is a case {case}, but no call {name}."), N_("Name only the case, if it is meant.")),
    "other_case": (N_("The call {name} is not of the case {case}."), N_("Name only the one that is meant.")),
    "several_calls": (N_("{n} calls fit {name}."), N_("Give more of the id.")),
    "unknown_result": (N_("“{word}” is no result here."), N_("There are: {allowed}.")),
    "unclear_date": (N_("“{date}” can be read in more than one way, or is no date."), N_("Write it like 2026-11-23.")),
    "call_without_case": (N_("The call has no case that could have a stage."), N_("Give the call a case first.")),
    "sets_nothing": (N_("It says neither a result nor a stage."), N_("Fill in one of them.")),
    "conflict": (N_("It says something else than line {lines}."), N_("Leave only the line that is right.")),
}


def result_problem(code: str, params: dict[str, Any]) -> tuple[str, str]:
    """Why a line of a results file is left out, and what mends it."""
    named = "no_case_near" if code == "no_case" and params["near"] else code
    said, mend = _RESULT_PROBLEMS.get(named, (code.replace("_", " "), ""))
    return _filled(_(said), params), _filled(_(mend), params)


def result_line(line: dict[str, Any]) -> str:
    """Whose a line of a results file is, and what it changes."""
    return _("{name}: {changes}").format(name=line["name"], changes=result_changes(line))


def result_changes(line: dict[str, Any]) -> str:
    """What a line of a results file changes."""
    changes = [
        _("{field}: {old} → {new}").format(field=_(_FIELDS[c["field"]]), old=c["old"] or "–", new=c["new"] or "–")
        for c in line["changes"]
    ]
    return ", ".join(changes) or _("as it is")


SIDES = ("mic", "system")  # of a recording, by channel
_SIDES = {"mic": N_("you"), "system": N_("them"), "both": N_("both sides")}


def notice(code: str, params: dict[str, Any]) -> str:
    """A notice as a sentence; an unknown code stays a code. Moments and sides in it are said as people say them."""
    if code == "bleed_removed" and params.get("turns"):
        return _filled(_bleed(params["turns"]), params)
    said = {name.removesuffix("_ms"): clock(ms) for name, ms in params.items() if name in _MOMENTS}
    if "side" in params:
        said["side"] = side(str(params["side"]))
    return _filled(_(NOTICES.get(code, code)), {**params, **said})


def side(name: str) -> str:
    """A side of a recording."""
    return _(_SIDES.get(name, name))


def remark(comment: dict[str, Any], labels: dict[str, Any]) -> str:
    """A comment as it is shown: what was typed, a question that was ticked, or a place that was marked."""
    if comment.get("what") == "asked":
        question = comment["question"]
        return _("Asked: {question}").format(question=labels["questions"].get(question, question.replace("_", " ")))
    if comment.get("what") == "mark" and not comment["text"]:
        return _("Marked while recording")
    return str(comment["text"])


_NOT_SAID = "–"
_VALUES = {"yes": N_("Yes"), "no": N_("No"), "n/a": N_("does not apply")}


def scored(value: Any, criterion: dict[str, Any]) -> str:
    """An answer to a criterion of a scorecard in words."""
    if value is None:
        return _NOT_SAID
    if value == "n/a" or criterion["kind"] == "yes_no":
        return _(_VALUES.get(value, str(value)))
    if criterion["kind"] == "choice":
        return str(next((o["name"] for o in criterion["options"] if o["id"] == value), value))
    if criterion["kind"] == "range":
        return _("{value} of {high}").format(value=value, high=criterion["high"])
    return str(value)


def ruled(rule: dict[str, Any]) -> str:
    """What a rule says to a criterion: found or not found, or why it could not be checked."""
    if rule["value"] is None:
        return _("could not tell: {why}").format(why=reason(rule["reason"], rule["params"]))
    if rule["value"] == "yes":
        return _("I found it. Listen to this.") if rule["evidence"] else _("I found it.")
    return _("I did not find it.")


def entry_state(entry: dict[str, Any]) -> str:
    """How far somebody is with a card, and what is to be known about their answers."""
    parts = [_("complete") if entry["complete"] else _("begun")]
    if entry["hidden"]:
        parts.append(_("shown when yours is complete too"))
    if entry["older"]:
        parts.append(_("to an earlier version of this card"))
    if entry["changed_after_reveal"]:
        parts.append(_("changed after both were shown"))
    if entry["sum"]:
        parts.append(_("{value} of {most} points").format(value=entry["sum"]["value"], most=entry["sum"]["of"]))
    return ", ".join(parts)


def _bleed(turns: int) -> str:
    return ngettext(
        "Bleed found: one channel also heard the other through a loudspeaker; {turns} turn corrected. Headphones help.",
        "Bleed found: one channel also heard the other through a loudspeaker; {turns} turns corrected. Headphones help.",
        turns,
    )


def reason(code: str, params: dict[str, Any]) -> str:
    said = _filled(_(REASONS.get(code, code.replace("_", " "))), params)
    why = WHYS.get(str(params.get("why", "")))
    return _("{said}: {why}").format(said=said, why=_(why)) if why else said


def strength(code: str) -> str:
    """How strong the source of a rule or a range is."""
    return _(STRENGTHS[code]) if code in STRENGTHS else code


def why_this(parts: list[dict[str, Any]]) -> str:
    """What the place of a suggestion is made of, in one line."""
    said = []
    for part in parts:
        params = part["params"]
        if part["code"] == "severity":
            said.append(_(_SEVERITIES[min(int(params["severity"]), len(_SEVERITIES)) - 1]))
        elif part["code"] == "strength":
            said.append(strength(params["strength"]))
        else:
            said.append(_filled(_(_WHYS.get(part["code"], part["code"])), params))
    return " · ".join(said)


def verdict(found: dict[str, Any]) -> str:
    """What the calls since say of a goal."""
    if found["code"] == "not_enough_calls":
        return _filled(_(_NOT_ENOUGH[found["params"]["side"]]), found["params"])
    return _(_VERDICT.get(found["code"], found["code"]))


def done_in(goal: dict[str, Any]) -> str:
    """On how many of the last calls that could be checked a goal was met."""
    if not goal["checked"]:
        return _("no call since could be checked") if goal["after"] else _("no call since")
    if goal["checked"] == 1:
        return _("done in the last call") if goal["done"] else _("not found in the last call")
    return _("done in {done} of the last {n} calls").format(done=goal["done"], n=goal["checked"])


def quality(judged: dict[str, Any]) -> str:
    """How good the words of a side (or of the call) are, and what is made of them."""
    why = judged["why"]
    if why == "draft" and judged["estimate"] is None:
        why = "too_few_words"
    said = _filled(_(_QUALITY.get(why, why)), judged["params"])
    return f"{said} {_(_VERDICTS.get(judged['verdict'], judged['verdict']))}"


def check(name: str, ok: bool | None, detail: str) -> str:
    good, bad = CHECKS.get(name, (name, name))
    return _filled(_(good if ok else bad), {"detail": detail})


def words_from(transcript: dict[str, Any]) -> str:
    """Where a transcript's words come from."""
    if transcript.get("source") == "sample":
        return _("came with the sample")
    return _filled(_(WORDS_FROM.get(transcript["engine"], transcript["engine"])), transcript)


def clock(ms: float) -> str:
    """1:24, or 1:02:03."""
    seconds = int(ms // 1000)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"


def _filled(text: str, params: dict[str, Any]) -> str:
    try:
        return text.format(**params)
    except (KeyError, IndexError):
        return text
