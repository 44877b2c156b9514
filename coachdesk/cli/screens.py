"""What the terminal shows: a review as a page of text, lists as tables. Reads documents only."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from typing import Any

from coachdesk.cli import score_screens
from coachdesk.coaching.phrasing import in_words
from coachdesk.sentences import _, clock, notice, quality, reason, why_this, words_from

Document = dict[str, Any]
_SHOWN = (
    "longest_monologue_ms",
    "longest_customer_story_ms",
    "interactivity_per_min",
    "patience_ms",
    "mean_turn_words",
    "questions",
    "followup_share",
    "stacked_share",
    "pace_wpm",
    "fillers_per_100_words",
    "overlap_ratio",
)


def width() -> int:
    return min(100, max(60, shutil.get_terminal_size((88, 24)).columns - 2))


def review(document: Document, everything: bool = False) -> str:
    """One call as a page: what it is, the share of each side, what went well, the focus, what else, flags, gaps."""
    labels = document["labels"]
    lines = [document["call"]["title"], _subtitle(document), *_how_good(document), ""]
    lines += _talk_bar(document)
    lines += [f"  ! {notice(n['code'], n['params'])}" for n in document["notices"]]
    lines += _guessed(document)
    lines += [*_numbers(document, everything), ""]
    lines += _section(_("What went well"), [_praise(s) for s in document["praise"]])
    focus = [s for s in document["suggestions"] if s["focus"]]
    others = [s for s in document["suggestions"] if not s["focus"]]
    lines += _section(_("Your focus"), [_suggestion(s, 1) for s in focus])
    lines += _section(_("Then"), [_suggestion(s, n) for n, s in enumerate(others, 2)])
    if document["quiet"]:
        lines += [
            _("No suggestions: {why}.").format(why=reason(document["quiet"], _more(document))),
            *_way_out(document),
            "",
        ]
    elif not document["suggestions"]:
        lines += [_("I found nothing to suggest in what I could check."), ""]
    lines += _section(
        _("For review (apart from coaching; not legal advice)"), [_suggestion(s, 0) for s in document["review_flags"]]
    )
    lines += _not_checked(document)
    lines += _next_steps(document["next_steps"], labels)
    lines += _section(_("Scorecards"), [score_screens.short(card) for card in score_screens.begun(document)])
    lines += _section(_("Comments"), score_screens.comments(document))
    lines += _unfitted(document)
    if everything:
        lines += _transcript(document)
    return "\n".join(lines).rstrip() + "\n"


def _how_good(document: Document) -> list[str]:
    """What the words are good for, where they are a machine's."""
    told = [judged for judged in document["transcript"].get("quality", ()) if judged["side"] == "call"]
    return [quality(judged) for judged in told if judged["why"] not in ("no_words", "brought_along")]


def _guessed(document: Document) -> list[str]:
    """What to do where the own side was taken from the voice."""
    if not any(n["code"] == "own_voice" for n in document["notices"]):
        return []
    command = f"coachdesk amend {document['call']['id'][:8]} --not-me"
    return [_("    Not you? Say it: {command}").format(command=command)]


def _more(document: Document) -> Document:
    """What more there is to say of a reason: why voices are not told apart."""
    heard = document["recording"].get("voices") or {}
    return {"why": "no_voice_model"} if heard.get("kind") == "no_model" else {}


def _way_out(document: Document) -> list[str]:
    """What to do where the sides are not known."""
    if document["quiet"] not in ("speakers_unknown", "voices_unknown"):
        return []
    labels = [speaker["label"] for speaker in document["speakers"] if speaker["label"] != "unknown"]
    if not labels:
        return [
            _(
                "Everybody is on one channel here. A recording with one side per channel, or words with names, tells them apart."
            )
        ]
    command = f"coachdesk amend {document['call']['id'][:8]} --role “{labels[0]}”=rep"
    return [_("Which one is you? Say it: {command}").format(command=command)]


def _subtitle(document: Document) -> str:
    call = document["call"]
    parts = [
        document["labels"]["playbook"],
        call["started_at"][:10],
        clock(call["duration_ms"]),
        call["case"],
        _("result: {word}").format(word=document["labels"]["results"].get(call["result"], call["result"]))
        if call["result"]
        else "",
        _("words: {source}").format(source=words_from(document["transcript"])),
        _("call {id}").format(id=call["id"][:8]),
    ]
    return " · ".join(part for part in parts if part)


def _value(document: Document, metric: str, subject: str = "") -> Document | None:
    found = (m for m in document["measurements"] if m["metric"] == metric and (not subject or m["subject"] == subject))
    return next(found, None)


def _talk_bar(document: Document) -> list[str]:
    share = _value(document, "talk_ratio")
    labels = document["labels"]
    if share is None or share["value"] is None:
        why = reason(share["withheld"]["code"], share["withheld"]["params"]) if share else ""
        return [_("  Share of the talking: withheld ({why})").format(why=why)]
    cells = 40
    own = round(cells * share["value"])
    bar = "█" * own + "░" * (cells - own)
    sides = (
        f"  {labels['own']} {100 * share['value']:.0f} %  {bar}  {100 * (1 - share['value']):.0f} % {labels['other']}"
    )
    return [sides + _range(labels["targets"].get("talk_ratio"), "ratio")]


def _numbers(document: Document, everything: bool) -> list[str]:
    lines = []
    for measured in document["measurements"]:
        wanted = measured["metric"] in _SHOWN and measured["subject"] != "side:other"
        wanted = wanted or measured["metric"] == "longest_customer_story_ms"
        if everything or (wanted and measured["value"] is not None):
            lines.append(_number(document, measured))
    return lines


def _number(document: Document, measured: Document) -> str:
    labels = document["labels"]
    name = labels["metrics"][measured["metric"]]["name"]
    side = {"side:other": f" ({labels['other']})"}.get(measured["subject"], "")
    side = "" if labels["other"] in name else side
    if measured["value"] is None:
        return f"  {name + side:<44}– {reason(measured['withheld']['code'], measured['withheld']['params'])}"
    draft = document["transcript"]["draft"]
    told = _(" (rough: from a draft)") if draft else _(" (rough: from words that are not sure)")
    rough = told if measured["rough"] else ""
    target = labels["targets"].get(measured["metric"])
    return (
        f"  {name + side:<44}{in_words(measured['value'], measured['unit'])}{rough}{_range(target, measured['unit'])}"
    )


def _range(target: Document | None, unit: str) -> str:
    if not target:
        return ""
    low, high = (None if target[k] is None else in_words(target[k], unit) for k in ("low", "high"))
    if low and high:
        return _("   usual {low} to {high}").format(low=low, high=high)
    return _("   at least {low}").format(low=low) if low else _("   at most {high}").format(high=high)


def _section(heading: str, blocks: list[list[str]]) -> list[str]:
    return [heading, *(line for block in blocks for line in block), ""] if blocks else []


def _praise(suggestion: Document) -> list[str]:
    return [
        *_wrapped(f"{suggestion['title']}. {suggestion['advice']}", "  + ", "    "),
        *_moments(suggestion["evidence"], 1),
    ]


def _suggestion(suggestion: Document, number: int) -> list[str]:
    mark = f"  {number}. " if number else "  ! "
    lines = _wrapped(f"{suggestion['title']}  [{suggestion['rule']}]", mark, "     ") + _wrapped(
        suggestion["advice"], "     ", "     "
    )
    lines += _moments(suggestion["evidence"], 2)
    if suggestion["went_well"]:
        lines += [_("     Here it went well:"), *_moments(suggestion["went_well"], 1)]
    if suggestion["try_saying"]:
        lines += _wrapped(_("Try saying: “{words}”").format(words=suggestion["try_saying"]), "     ", "     ")
    if suggestion["rough"]:
        lines.append(_("     Rough: counted from a draft."))
    if number == 1:
        why = _("Why this one first: {why}").format(why=why_this(suggestion["why"]))
        lines += _wrapped(why, "     ", "     ")
    return [*lines, *_wrapped(_("Why this range: {source}").format(source=suggestion["source"]), "     ", "     ")]


def _moments(moments: list[Document], most: int) -> list[str]:
    lines = []
    for moment in moments[:most]:
        quote = (
            f"“{moment['quote']}”" if moment["quote"] else _("listen until {end}").format(end=clock(moment["end_ms"]))
        )
        lines += _wrapped(quote, f"     ▶ {clock(moment['start_ms'])}  ", "             ")
    return lines


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, width(), initial_indent=first, subsequent_indent=rest) or [first]


def _not_checked(document: Document) -> list[str]:
    """What was not looked for, as loud as a flag: review rules one by one, the others by reason."""
    entries = document["not_checked"]
    if not entries:
        return []
    flags = [e for e in entries if e["kind"] == "review"]
    lines = [_("Not checked")]
    for (code, language), count in Counter((e["reason"], e["params"].get("language", "")) for e in entries).items():
        why = reason(code, {"language": language} | (_more(document) if code == "voices_unknown" else {}))
        lines.append(_("  – {count} rules: {why}").format(count=count, why=why))
    if flags:
        names = ", ".join(e["rule"] for e in flags)
        lines += _wrapped(
            _("NOT RUN: review flags {names}. Silence is not clearance.").format(names=names), "  ! ", "    "
        )
    return [*lines, ""]


def _next_steps(steps: list[Document], labels: Document) -> list[str]:
    owners = {"rep": labels["own"], "other": labels["other"]}
    blocks = []
    for step in steps:
        due = _(", due {day}").format(day=step["due"]) if step["due"] else _(", no day named")
        at = clock(step["start_ms"]) if step["start_ms"] is not None else ""
        blocks.append(
            _wrapped(f"{at}  “{step['text']}” ({owners.get(step['owner'], step['owner'])}{due})", "  ", "        ")
        )
    return _section(_("Next steps I found"), blocks)


def _unfitted(document: Document) -> list[str]:
    blocks = [[f"  {clock(u['start_ms'])}  “{u['old']}” → “{u['new']}”"] for u in document["unfitted"]]
    return _section(_("Corrections that fit nowhere in these words (kept)"), blocks)


def _transcript(document: Document) -> list[str]:
    names = {s["label"]: s["name"] or s["label"] for s in document["speakers"]}
    lines = [_("Transcript")]
    for said in document["transcript"]["utterances"]:
        mark = "?" if said["suspect"] else " "
        head = (
            f"{mark}{said['index']:>4}  {clock(said['start_ms']):>7}  {names.get(said['speaker'], said['speaker'])}: "
        )
        lines += _wrapped(said["text"], head, " " * 16)
    return lines


def calls(found: list[Document]) -> str:
    if not found:
        return _("No calls yet. `coachdesk demo` shows two samples; `coachdesk analyze FILE` brings in your own.\n")
    rows = []
    for call in found:
        share = "" if call["talk_ratio"] is None else f"{100 * call['talk_ratio']:.0f} %"
        title = call["title"] if len(call["title"]) <= 44 else call["title"][:43] + "…"
        rows.append(
            f"{call['id'][:8]}  {call['started_at'][:10]}  {clock(call['duration_ms']):>8}  {share:>5}  "
            f"{title:<44}  {call['kind']:<20}  {call['result'] or ''}".rstrip()
        )
    return "\n".join(rows) + "\n"


def hits(found: Document) -> str:
    if not found["hits"]:
        return _("I did not find these words.\n")
    lines = [
        f"{hit['call'][:8]}  {clock(hit['start_ms']):>8}  {hit['speaker'] or ''}: {hit['text']}"
        for hit in found["hits"]
    ]
    if not found["ranked"]:
        lines.append(_("Very many hits: showing the newest."))
    return "\n".join(lines) + "\n"
