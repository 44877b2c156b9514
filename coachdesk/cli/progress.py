"""Goals and own numbers on the terminal: what was said yes to, what the calls since say of it, and what is usual."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from coachdesk.cli.output import give
from coachdesk.coaching.phrasing import in_words
from coachdesk.desk.desk import open_desk
from coachdesk.sentences import _, done_in, ngettext, verdict

Document = dict[str, Any]
_SHOWN = 8  # values in a line
_ENDED = ("done", "dismissed")


def goals(asked: Namespace) -> int:
    with open_desk(asked.home) as desk:
        found = desk.goals()
    if asked.json:
        give(found)
        return 0
    if not found:
        print(_("No goals yet. `coachdesk respond CALL SUGGESTION accept` makes one of a suggestion."))
    for goal in found:
        print(_line(goal))
    return 0


def _line(goal: Document) -> str:
    said = goal["plan"] or goal["title"]
    told = f"{said.rstrip('.')} — {done_in(goal)}; {verdict(goal['verdict'])}"
    state = {"done": _("done"), "dismissed": _("put aside")}
    ended = f" ({state[goal['state']]})" if goal["state"] in _ENDED else ""
    return f"{goal['rule']:<10} {told}{ended}"


def trends(asked: Namespace) -> int:
    with open_desk(asked.home) as desk:
        found = desk.trends(asked.metric, asked.kind)
    if asked.json:
        give(found)
        return 0
    if not found:
        print(_("No numbers of your own calls yet; samples do not count."))
    kind = None
    for series in found:
        if series["kind"] != kind:
            kind = series["kind"]
            print(series["playbook"])
        print(_series(series))
    return 0


def _series(series: Document) -> str:
    unit = series["unit"]
    last = "  ".join(in_words(value["value"], unit) for value in series["values"][-_SHOWN:])
    basis = _("by words") if series["basis"] == "words" else _("by sound")
    if series["median"] is None:
        usual = _("not enough calls yet: {n} of {of}").format(**series)
    else:
        usual = ngettext(
            "usual {median}, spread {spread}, {n} call", "usual {median}, spread {spread}, {n} calls", series["n"]
        ).format(median=in_words(series["median"], unit), spread=in_words(series["spread"], unit), n=series["n"])
    return f"  {series['name']:<44} {basis:<9} {usual}: {last}"


COMMANDS = {"goals": goals, "trends": trends}
