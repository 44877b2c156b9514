"""A reviewed call to read: plain text and Markdown, with words, numbers, suggestions, and what people say of it.

Only lays out what the document holds; what anybody said is put on one line and can never become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from gettext import gettext as _

from coachdesk.export.added import Item, sections
from coachdesk.export.reading import Document, clock, names, numbers, one_line, roles, said, sayings

_SECTIONS = (
    ("praise", _("What went well")),
    ("suggestions", _("Suggestions")),
    ("review_flags", _("Worth a second look")),
)
_TRY = _("Try saying:")
_MARKUP = re.compile(r"([\\`*\[\]<>|#~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_]))")  # "talk_ratio" needs no escape
_TIME = re.compile(r"^\\\[(\d+:\d\d)\\\](?= )")  # at the beginning of a line it is no link
_BLOCK_START = re.compile(r"^([0-9]+(?=[.)](?:\s|$))|(?=[-+=]))")  # would begin a list, a rule or underline a title


def plain(document: Document) -> str:
    """Plain text: title, date, length, speakers, "[m:ss] Name: words", numbers, suggestions."""
    lines = [_title(document), *(f"{name}: {text}" for name, text in _facts(document)), ""]
    lines += [f"[{clock(one['start_ms'])}] {name}: {words}" for one, name, words in said(document)]
    rows = [f"  {metric}{f' ({whom})' if whom else ''}: {value}" for metric, whom, value in numbers(document)]
    lines += ["", _("Numbers"), *rows] if rows else []
    for key, heading in _SECTIONS:
        found = document.get(key) or ()
        lines += ["", heading] if found else []
        lines += [line for suggestion in found for line in _plain_suggestion(suggestion)]
    for heading, items in sections(document):
        lines += [
            "",
            heading,
            *(line for item in items for line in (f"- {item.said}", *(f"  {b}" for b in item.below))),
        ]
    return "\n".join(lines) + "\n"


def markdown(document: Document) -> str:
    """Markdown (CommonMark, with a table of numbers as GitHub reads them)."""
    lines = [f"# {_escaped(_title(document))}", ""]
    lines += [f"- **{name}:** {_escaped(text)}" for name, text in _facts(document)]
    words = [f"**[{clock(one['start_ms'])}] {_escaped(name)}:** {_escaped(text)}" for one, name, text in said(document)]
    lines += _section(_("Transcript"), (line for paragraph in words for line in (paragraph, "")))
    rows = [f"| {' | '.join(map(_escaped, row))} |" for row in numbers(document)]
    head = "| " + " | ".join((_("Number"), _("Of"), _("Value"))) + " |"
    lines += _section(_("Numbers"), [head, "|---|---|---|", *rows] if rows else [])
    for key, heading in _SECTIONS:
        found = document.get(key) or ()
        lines += _section(heading, (line for suggestion in found for line in _marked_suggestion(suggestion)))
    for heading, items in sections(document):
        lines += _section(_escaped(heading), (line for item in items for line in _marked_item(item)))
    return "\n".join(lines).rstrip("\n") + "\n"


def _title(document: Document) -> str:
    return one_line((document.get("call") or {}).get("title")) or _("Call")


def _facts(document: Document) -> list[tuple[str, str]]:
    call, sides = document.get("call") or {}, roles(document)
    marked = {"rep": " (" + _("own side") + ")", "other": " (" + _("other side") + ")"}
    people = [name + marked.get(sides.get(label, ""), "") for label, name in names(document).items()]
    length = clock(call["duration_ms"]) if call.get("duration_ms") is not None else ""
    facts = (
        (_("Date"), _date(one_line(call.get("started_at")))),
        (_("Length"), length),
        (_("Speakers"), ", ".join(people)),
    )
    return [(name, text) for name, text in facts if text]


def _date(started_at: str) -> str:
    """ "2026-09-15T14:30:00Z" to the minute; whatever else it is stays as it is."""
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::[\d.]+)?(Z|\+00:00)?", started_at)
    return f"{found[1]} {found[2]}{' UTC' if found[3] else ''}" if found else started_at


def _moments(suggestion: Document) -> list[tuple[str, str]]:
    """("[m:ss]", ' "what was said"') for each moment to play; the latter empty where nothing is quoted."""
    moments = [(clock(one["start_ms"]), one_line(one.get("quote"))) for one in suggestion.get("evidence") or ()]
    return [(f"[{start}]", f' "{quote}"' if quote else "") for start, quote in moments]


def _plain_suggestion(suggestion: Document) -> list[str]:
    advice = one_line(suggestion.get("advice"))
    lines = [f"- {one_line(suggestion.get('title') or suggestion.get('rule'))}", *([f"  {advice}"] if advice else [])]
    lines += [f'  {_TRY} "{words}"' for words in sayings(suggestion)]
    return lines + [f"  {at}{quote}" for at, quote in _moments(suggestion)]


def _marked_suggestion(suggestion: Document) -> list[str]:
    advice = _BLOCK_START.sub(r"\1\\", _escaped(one_line(suggestion.get("advice"))))
    title = _escaped(one_line(suggestion.get("title") or suggestion.get("rule")))
    lines = [f"### {title}", "", *([advice, ""] if advice else [])]
    lines += [line for words in sayings(suggestion) for line in (f"> {_TRY} {_escaped(words)}", "")]
    moments = [f"- {at}{_escaped(quote)}" for at, quote in _moments(suggestion)]
    return [*lines, *moments, ""] if moments else lines


def _marked_item(item: Item) -> list[str]:
    """A point of a list, with points below it; what was said begins no list of its own."""
    lines = (_BLOCK_START.sub(r"\1\\", _escaped(line)) for line in (item.said, *item.below))
    said, *below = (_TIME.sub(r"[\1]", line) for line in lines)
    return [f"- {said}", *(f"  - {line}" for line in below)]


def _section(heading: str, content: Iterable[str]) -> list[str]:
    lines = list(content)
    return ["", f"## {heading}", "", *lines] if lines else []


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
