"""Cases, next steps, results, trackers and best moments on the terminal: what crosses from call to call."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from coachdesk.cli.output import give
from coachdesk.desk.amend_case import CaseChange, MergeCases, RenameCase, SetCaseResult, SetStage, Several
from coachdesk.desk.desk import Desk, open_desk
from coachdesk.desk.results_import import change_of
from coachdesk.errors import InputError
from coachdesk.sentences import STEPS, _, clock, ngettext, result_line, result_problem

Document = dict[str, Any]


def case(asked: Namespace) -> int:
    """All cases, or one, after what was said of it was taken down."""
    with open_desk(asked.home) as desk:
        if not asked.name:
            found = desk.cases()
            give(found) if asked.json else print("\n".join(_case_line(one) for one in found) or _("No cases yet."))
            return 0
        case_id = desk.case_id(asked.name)
        if changes := list(_changes(asked, case_id, desk)):
            desk.change_case(Several(tuple(changes)))
        case_id = next((change.into for change in changes if isinstance(change, MergeCases)), case_id)
        shown = desk.case(case_id)
    give(shown) if asked.json else print("\n".join(_case_lines(shown)))
    return 0


def _changes(asked: Namespace, case_id: str, desk: Desk) -> Iterator[CaseChange]:
    if asked.date and asked.result is None:
        raise InputError(_("--date is the day of a result."), _("Say which: --result WORD."))
    if asked.result is not None:
        on = (asked.date.date() if asked.date else date.today()).isoformat()
        yield SetCaseResult(case_id, asked.result, on)
    if asked.stage is not None:
        yield SetStage(case_id, asked.stage)
    if asked.rename:
        yield RenameCase(case_id, asked.rename)
    if asked.merge_into:
        yield MergeCases(case_id, desk.case_id(asked.merge_into))


def _case_line(one: Document) -> str:
    calls = ngettext("{n} call", "{n} calls", one["calls"]).format(n=one["calls"])
    parts = [one["result"] or one["stage"] or _("open"), calls]
    if one["open"]:
        said = ngettext("{n} next step open", "{n} next steps open", one["open"]).format(n=one["open"])
        parts.append(said + (_(", {n} due").format(n=one["due"]) if one["due"] else ""))
    return f"{one['name']}: {' · '.join(parts)}"


def _case_lines(one: Document) -> Iterator[str]:
    """A case as a page."""
    labels = one["labels"]
    yield _("{case}: {name}").format(case=labels["case"] or _("Case"), name=one["name"])
    result = labels["case_results"].get(one["result"], one["result"]) if one["result"] else _("none yet")
    on = f" ({one['result_at']})" if one["result_at"] else ""
    yield _("  Stage: {stage} · Result: {result}").format(stage=one["stage"] or "–", result=result) + on
    yield ""
    for call in one["timeline"]:
        said = labels["results"].get(call["result"], call["result"] or "")
        yield _call_line(call, said)
    if one["steps"]:
        yield from ("", _("Next steps"))
        yield from (f"  {_step(step)}" for step in one["steps"])
    if one["open_questions"]:
        yield from ("", _("Questions that may still be open"))
        yield from (_moment(moment) for moment in one["open_questions"])
    if one["last_concern"]:
        yield from ("", _("Last concern"), _moment(one["last_concern"]))


def _call_line(call: Document, result: str) -> str:
    share = "" if call["talk_ratio"] is None else f"{100 * call['talk_ratio']:.0f} %"
    when = f"{call['started_at'][:10]}  {call['id'][:8]}  {clock(call['duration_ms']):>8}  {share:>5}"
    return f"  {when}  {call['title']}  {result}".rstrip()


def _moment(moment: Document) -> str:
    return f"  ▶ {moment['call'][:8]}  {clock(moment['start_ms'])}  “{moment['quote']}”"


def _step(step: Document) -> str:
    return f"{step['id'][:8]}  {_(STEPS[step['standing']]):<8} {step['due'] or '–':<10}  “{step['text']}”"


def next_steps(asked: Namespace) -> int:
    """Open next steps; or what became of one."""
    if bool(asked.step) != bool(asked.state):
        raise InputError(_("Say which next step, and what became of it."), _("Like this: coachdesk next 3f2a kept"))
    with open_desk(asked.home) as desk:
        if asked.step:
            desk.set_step(asked.step, asked.state)
        found = desk.next_steps(asked.due)
    if asked.json:
        give(found)
        return 0
    if not found:
        print(_("No open next steps."))
    for step in found:
        about = ", ".join(part for part in (step["title"], step["case_name"]) if part)
        print(f"{_step(step)}\n          {step['call_id'][:8]}  {about}")
    return 0


def results(asked: Namespace) -> int:
    """Results out of a file: shown first; with --apply done, all in one; the last import taken back."""
    with open_desk(asked.home) as desk:
        if asked.action == "undo":
            n = desk.take_results_back()
            given = ngettext("{n} value is as before.", "{n} values are as before.", n).format(n=n)
            give({"taken_back": n}) if asked.json else print(given)
            return 0
        if asked.file is None:
            raise InputError(_("Which file?"), _("Like this: coachdesk results import results.csv"))
        shown = desk.preview_results(asked.file)
        if asked.apply:
            desk.set_results(change_of(shown))
            shown["applied"] = True
    give(shown) if asked.json else print("\n".join(_results_lines(shown)))
    return 2 if shown["lines"] and shown["problems"] == len(shown["lines"]) else 0


def _results_lines(shown: Document) -> Iterator[str]:
    for line in shown["lines"]:
        if line["problem"]:
            said, mend = result_problem(**line["problem"])
            yield _("line {n}: ! {said} {mend}").format(n=line["line"], said=said, mend=mend).rstrip()
        else:
            yield _("line {n}: {what}").format(n=line["line"], what=result_line(line))
    if shown["ignored"]:
        yield _("Columns left out: {names}").format(names=", ".join(shown["ignored"]))
    counts = _("{ready} to change, {same} as they are, {problems} left out.").format(**shown)
    if shown["applied"]:
        yield _("Done: {counts} `coachdesk results undo` takes it back.").format(counts=counts)
    else:
        yield _("{counts} Nothing is changed yet: --apply does it.").format(counts=counts)


def tracker(asked: Namespace) -> int:
    """Every call that says a phrase."""
    with open_desk(asked.home) as desk:
        found = desk.tracker([asked.first, *asked.phrase], asked.who)
    give(found) if asked.json else print("\n".join(_tracker_lines(found)))
    return 0


def _tracker_lines(found: Document) -> Iterator[str]:
    n = len(found["calls"])
    calls = ngettext("{n} call", "{n} calls", n).format(n=n)
    times = ngettext("Said once", "Said {n} times", found["total"]).format(n=found["total"])
    yield _("{times}, in {calls}.").format(times=times, calls=calls) if n else _("I did not find these words.")
    for call in found["calls"]:
        rough = _("  (rough draft)") if call["draft"] else ""
        yield f"{call['call'][:8]}  {call['started_at'][:10]}  {call['count']:>3} ×  {call['title']}{rough}"
        yield from (f"          ▶ {clock(m['start_ms'])}  {m['speaker']}: {m['text']}" for m in call["moments"])
    if found["without_words"]:
        said = ngettext(
            "{n} call has no words to look through.", "{n} calls have no words to look through.", found["without_words"]
        )
        yield said.format(n=found["without_words"])


def moments(asked: Namespace) -> int:
    """What went well on own calls."""
    with open_desk(asked.home) as desk:
        found = desk.best_moments(asked.kind, asked.rule)
    if asked.json:
        give(found)
        return 0
    if not found:
        print(
            _("No moments yet: they come with praise on your own calls, and with what you mark. Samples do not count.")
        )
    for one in found:
        said = one["said"] or (_("Marked while recording") if one["why"] == "mark" else _("You showed that it is here"))
        quote = f" “{one['quote']}”" if one["quote"] else ""
        print(f"{one['call'][:8]}  {one['started_at'][:10]}  ▶ {clock(one['start_ms'])}  {said}{quote}")
    return 0


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "case": case,
    "next": next_steps,
    "results": results,
    "tracker": tracker,
    "moments": moments,
}
