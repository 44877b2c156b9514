"""The commands, each a few lines over the desk."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coachdesk.cli import brief, cases, progress, recording, reviewing, screens, speakers
from coachdesk.cli.demo import demo
from coachdesk.cli.output import Progress, connects, count_connects, give
from coachdesk.cli.playbooks import playbooks
from coachdesk.desk import amend as changes
from coachdesk.desk.desk import BringIn, Desk, open_desk
from coachdesk.document import plain
from coachdesk.errors import CoachDeskError, InputError
from coachdesk.model import Role
from coachdesk.sentences import _, check

__all__ = ["COMMANDS", "connects", "count_connects"]


def _desk(asked: Namespace, watch: bool = False) -> Desk:
    desk = open_desk(asked.home)
    if watch:
        desk.subscribe(Progress())
    return desk


def analyze(asked: Namespace) -> int:
    """Each file a call, or all tracks one call. A file that cannot be used does not stop the others."""
    if not asked.files and not asked.tracks:
        raise InputError(_("There is nothing to analyze."), _("Name one or more sound files."))
    if asked.transcript and len(asked.files) + bool(asked.tracks) > 1:
        raise InputError(_("--transcript goes with one call."), _("Bring the calls in one by one."))
    groups: list[tuple[Path, ...]] = [(path,) for path in asked.files]
    groups += [tuple(asked.tracks)] if asked.tracks else []
    failed: list[CoachDeskError] = []
    documents = []
    with _desk(asked, watch=True) as desk:
        for files in groups:
            try:
                call = desk.bring_in(_bring_in(asked, files))
            except CoachDeskError as problem:
                failed.append(problem)
                continue
            documents.append(plain(desk.review(call)))
            if not asked.json:
                print(screens.review(documents[-1]))
    if failed and not documents and len(failed) == 1:
        raise failed[0]
    if asked.json:
        give(documents)
    for one in failed:
        print(one.message, one.hint, sep="\n", file=sys.stderr)
    return 2 if failed else 0


def _bring_in(asked: Namespace, files: tuple[Path, ...]) -> BringIn:
    return BringIn(
        files=files,
        tracks=files == tuple(asked.tracks or ()) and len(files) > 1,
        transcript=asked.transcript,
        playbook=asked.playbook,
        engine=asked.engine,
        model=asked.model,
        language=asked.language,
        me=asked.me,
        title=asked.title,
        rep=asked.rep,
        account=asked.account,
        result=asked.result,
        consent=asked.consent,
        started_at=asked.date,
        growing=_quiet_for(files[0]) if asked.growing else None,
    )


def _quiet_for(path: Path, seconds: float = 5.0) -> Callable[[], bool]:
    """A file counts as complete when its last page says so, or when nothing was added for a while."""
    seen = [-1, time.monotonic()]

    def sealed() -> bool:
        size = path.stat().st_size
        if size != seen[0]:
            seen[:] = [size, time.monotonic()]
        return time.monotonic() - seen[1] > seconds

    return sealed


def import_transcript(asked: Namespace) -> int:
    with _desk(asked) as desk:
        call = desk.import_transcript(asked.file, asked.playbook, asked.me)
        _show(desk, call, asked.json)
    return 0


def transcribe(asked: Namespace) -> int:
    with _desk(asked, watch=True) as desk:
        wanted = desk.drafts() if asked.drafts else asked.calls
        if not wanted:
            if asked.drafts:
                print(_("No call has only a draft."), file=sys.stderr)
                if asked.json:
                    give([])
                return 0
            raise InputError(_("There is nothing to transcribe."), _("Name a call, or use --drafts."))
        documents = []
        for call in wanted:
            if asked.use is not None:
                desk.use_version(call, asked.use)
            else:
                desk.transcribe(call, asked.engine, asked.model, asked.language)
            documents.append(plain(desk.review(call)))
            if not asked.json:
                print(screens.review(documents[-1]))
        if asked.json:
            give(documents)
    return 0


def coach(asked: Namespace) -> int:
    with _desk(asked) as desk:
        desk.coach(asked.call, asked.playbook)
        _show(desk, asked.call, asked.json)
    return 0


def calls(asked: Namespace) -> int:
    with _desk(asked) as desk:
        found = desk.calls()
    give(found) if asked.json else print(screens.calls(found), end="")
    return 0


def show(asked: Namespace) -> int:
    with _desk(asked) as desk:
        _show(desk, asked.call, asked.json, asked.all, asked.who)
    return 0


def _show(desk: Desk, call: str, as_json: bool, everything: bool = False, who: str = "") -> None:
    document = plain(desk.review(call, who))
    give(document) if as_json else print(screens.review(document, everything))


def search(asked: Namespace) -> int:
    with _desk(asked) as desk:
        found = desk.search(" ".join(asked.words), asked.who, asked.limit)
    give(found) if asked.json else print(screens.hits(found), end="")
    return 0


def export(asked: Namespace) -> int:
    with _desk(asked) as desk:
        made = desk.export(asked.call, asked.format)
    if asked.output is None:
        sys.stdout.buffer.write(made)
        return 0
    try:
        asked.output.write_bytes(made)
    except OSError as failed:
        raise InputError(
            _("{name} cannot be written: {why}.").format(name=asked.output.name, why=failed.strerror),
            _("Choose another place."),
        ) from failed
    return 0


def amend(asked: Namespace) -> int:
    wanted = _amendments(asked)
    if not wanted and not asked.people:
        raise InputError(_("There is nothing to set right."), _("Say what: `coachdesk amend --help`."))
    with _desk(asked) as desk:
        if asked.people:
            desk.tell_apart(asked.call, asked.people)
        for change in wanted:
            if isinstance(change, changes.SetKind):
                desk.coach(asked.call, change.kind)
            else:
                desk.amend(asked.call, change)
        if any(isinstance(change, changes.SetRole) and change.role is Role.REP for change in wanted):
            desk.learn_my_voice(asked.call)
        _show(desk, asked.call, asked.json)
    return 0


def _amendments(asked: Namespace) -> list[changes.Amendment]:
    found: list[changes.Amendment] = [changes.SwapSpeakers()] if asked.swap_speakers else []
    found += [changes.AnswerGuess(False)] if asked.not_me else []
    found += [changes.RenameSpeaker(speaker, name) for speaker, name in asked.name]
    found += [changes.SetRole(speaker, _role(role)) for speaker, role in asked.role]
    found += [changes.CorrectText(utterance, text) for utterance, text in asked.text]
    found += speakers.amendments(asked)
    found += brief.amendments(asked)
    found += [changes.SetKind(asked.kind)] if asked.kind else []
    found += [changes.SetTitle(asked.title)] if asked.title else []
    found += [changes.SetCase(asked.account)] if asked.account is not None else []
    found += [changes.SetDate(asked.date)] if asked.date else []
    found += [changes.MarkReviewed(asked.reviewed == "yes")] if asked.reviewed else []
    if asked.next_step:
        found.append(changes.SetStep(asked.next_step, due=asked.due.date().isoformat() if asked.due else None))
    if asked.consent:
        given = asked.consent not in ("refused", "withdrawn")
        found.append(changes.NoteConsent("noted" if given else asked.consent, asked.consent if given else ""))
    found += [_fact(rule, text) for rule, text in asked.fact]
    return found


def _role(text: str) -> Role:
    if text not in ("rep", "other"):
        raise InputError(_("{text} is no side.").format(text=text), _("Say rep or other."))
    return Role(text)


def _fact(rule: str, text: str) -> changes.CorrectFact:
    from coachdesk.cli.arguments import clock

    if text == "absent":
        return changes.CorrectFact(rule, "absent")
    if text == "not-for-me":
        return changes.CorrectFact(rule, "not_for_me")
    kind, at, when = text.partition("@")
    if kind != "present" or not at:
        raise InputError(_("{text} is no fact.").format(text=text), _("Say present@MM:SS, absent or not-for-me."))
    try:
        return changes.CorrectFact(rule, "present", clock(when))
    except Exception as wrong:
        raise InputError(str(wrong), _("Write the time like 1:24.")) from wrong


def respond(asked: Namespace) -> int:
    with _desk(asked) as desk:
        desk.respond(asked.call, asked.suggestion, asked.answer)
    return 0


def join(asked: Namespace) -> int:
    with _desk(asked) as desk:
        call = desk.join(asked.calls)
        _show(desk, call, asked.json)
    return 0


def result(asked: Namespace) -> int:
    with _desk(asked) as desk:
        desk.set_result(asked.call, asked.word)
    return 0


def models(asked: Namespace) -> int:
    with _desk(asked) as desk:
        if asked.action == "list":
            return _list_models(desk, asked.json)
        if not asked.what:
            raise InputError(_("Which model?"), _("`coachdesk models list` names them."))
        if asked.action == "verify":
            problems = desk.verify_model(asked.what)
            told = "\n".join(problems) or _("Every file is as it should be.")
            _answer(asked, {"verified": asked.what, "problems": problems}, told)
            return 2 if problems else 0
        if asked.action == "add":
            name = desk.add_model(Path(asked.what), asked.name)
            _answer(asked, {"added": name}, _("Added: {name}").format(name=name))
        else:
            name = desk.fetch_model(asked.what, _fetch_progress())
            _answer(asked, {"fetched": name}, _("Fetched: {name}").format(name=name))
    return 0


def _answer(asked: Namespace, document: dict[str, Any], told: str) -> None:
    give(document) if asked.json else print(told)


def _fetch_progress() -> Callable[[int, int], None]:
    last = [-1]

    def report(done: int, total: int) -> None:
        share = 100 * done // max(1, total)
        if share != last[0]:
            last[0] = share
            print(f"\r{share:3d} %  {done >> 20} / {total >> 20} MB", end="", file=sys.stderr, flush=True)
            if done >= total:
                print(file=sys.stderr)

    return report


def _list_models(desk: Desk, as_json: bool) -> int:
    found = desk.models()
    if as_json:
        give(found)
        return 0
    print(_("On this computer:"))
    for model in found["installed"]:
        print(f"  {model['name']:<20} {model['size_bytes'] >> 20} MB")
    if not found["installed"]:
        print(_("  none yet; words are rough drafts until there is one"))
    print(_("To be had with `coachdesk models fetch NAME` (from the model hub, only when you ask):"))
    for model in found["known"]:
        print(f"  {model['name']:<20} {_('about')} {model['size_mb']} MB  {model['note']}")
    return 0


def delete(asked: Namespace) -> int:
    with _desk(asked) as desk:
        found = desk.find(asked.call)
        if asked.bin:
            desk.put_in_bin(found.id)
        else:
            desk.delete(found.id)
    said = _("In the bin for 30 days: {title}") if asked.bin else _("Removed for good: {title}")
    print(said.format(title=found.title))
    return 0


def bin_(asked: Namespace) -> int:
    with _desk(asked) as desk:
        if asked.action == "empty":
            n = desk.empty_bin()
            _answer(asked, {"removed": n}, _("Removed for good: {n} calls").format(n=n))
            return 0
        found = desk.bin()
        if asked.action == "restore":
            fits = [row for row in found if asked.call and row["id"].startswith(asked.call.lower())]
            if len(fits) != 1:
                raise InputError(_("There is no such call in the bin."), _("`coachdesk bin` lists them."))
            desk.take_from_bin(fits[0]["id"])
            said = _("Taken out: {title}").format(title=fits[0]["title"])
            _answer(asked, {"restored": fits[0]["id"], "title": fits[0]["title"]}, said)
            return 0
    if asked.json:
        give(found)
        return 0
    for row in found:
        print(f"{row['id'][:8]}  {row['deleted_at'][:10]}  {row['title']}")
    return 0


def my_voice(asked: Namespace) -> int:
    with _desk(asked) as desk:
        if asked.action == "forget":
            desk.forget_my_voice()
        elif asked.action != "show":
            desk.change(my_voice=asked.action == "on")
        found = desk.my_voice()
    if asked.json:
        give(found)
        return 0
    print(_("Wanted: {yes}").format(yes=_("yes") if found["wanted"] else _("no")))
    print(_("Learnt from {n} calls.").format(n=found["calls"]))
    return 0


def doctor(asked: Namespace) -> int:
    with _desk(asked) as desk:
        found = desk.doctor()
    if asked.json:
        give(found)
        return 0
    print(f"CoachDesk {found['version']}, Python {found['python']}, {found['system']}\n{found['home']}")
    for one in found["checks"]:
        print(f"  {'✓' if one['ok'] else '!'} {check(one['check'], one['ok'], one['detail'])}")
    return 0


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "demo": demo,
    "analyze": analyze,
    "import-transcript": import_transcript,
    "transcribe": transcribe,
    "coach": coach,
    "calls": calls,
    "show": show,
    "search": search,
    "export": export,
    "amend": amend,
    "respond": respond,
    "join": join,
    "result": result,
    "models": models,
    "playbooks": playbooks,
    "delete": delete,
    "bin": bin_,
    "my-voice": my_voice,
    "doctor": doctor,
    **brief.COMMANDS,
    **cases.COMMANDS,
    **progress.COMMANDS,
    **recording.COMMANDS,
    **reviewing.COMMANDS,
}
