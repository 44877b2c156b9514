"""How long coaching takes: seven playbooks and all metrics on a written call of two hours, first time and after one edit.

Processor time, so that a busy machine makes no difference.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from coachdesk import paths
from coachdesk.coaching.playbook import Playbook
from coachdesk.coaching.suggestions import Context, coach
from coachdesk.conversation.facts import Heard, Measured, listened, measured
from coachdesk.conversation.metrics import METRICS
from coachdesk.desk import playbooks
from coachdesk.model import Role
from tests.benchmarks.printing import arguments, report
from tests.coaching.sales_calls import NEGOTIATION_PARTS
from tests.conversation.calls import Line, heard, spoken

TWO_HOURS_MS = 2 * 3_600_000
SEVEN = (
    "sales_discovery",
    "sales_demo",
    "sales_negotiation",
    "sales_cold_call",
    "recruiting_screen",
    "recruiting_structured",
    "recruiting_intake",
)


def two_hours() -> Heard:
    """A written call again and again, each time with a number in its lines, so that no line is said twice."""
    lines: list[Line] = []
    while not lines or spoken(lines)[-1].end_ms < TWO_HOURS_MS:
        again = len(lines)
        lines += [
            replace(line, text=f"{line.text[:-1]} {again + n}{line.text[-1]}")
            for n, line in enumerate(line for part in NEGOTIATION_PARTS.values() for line in part)
        ]
    said = spoken(lines)
    return heard(said, duration_ms=said[-1].end_ms + 1_000)


def coached(call: Heard, books: list[Playbook], cached: dict[str, bytes]) -> dict[str, bytes]:
    """The call coached by each of the playbooks; counted once for those that scan the wording of the same sides."""
    counted: dict[frozenset[Role], Measured] = {}
    texts = dict(cached)
    for book in books:
        sides = frozenset(role for role in (Role.REP, Role.OTHER) if getattr(book.wording, role.value))
        if sides not in counted:
            counted[sides] = measured(call, sides, texts)
            texts.update(counted[sides].fresh_texts)
        heard_for = listened(counted[sides], tuple(spec.tracker() for spec in book.trackers))
        coach(heard_for.facts, book, {}, Context())
    return texts


def measure() -> dict[str, Any]:
    call = two_hours()
    home = paths.Home(paths.resource("playbooks").parent / "nowhere")
    found: dict[str, Any] = {"utterances": len(call.utterances), "metrics": len(METRICS)}
    started = time.process_time()
    books = [playbooks.load(home, name) for name in SEVEN]
    found["reading seven playbooks, s"] = time.process_time() - started
    started = time.process_time()
    coached(call, books[:1], {})
    found["one playbook, first time, s"] = time.process_time() - started
    started = time.process_time()
    cached = coached(call, books, {})
    found["seven playbooks, first time, s (at most 1.5)"] = time.process_time() - started
    middle = len(call.utterances) // 2
    changed = replace(call.utterances[middle], text="So what happens when it is late on a Monday?")
    edited = replace(call, utterances=(*call.utterances[:middle], changed, *call.utterances[middle + 1 :]))
    started = time.process_time()
    coached(edited, books[:1], cached)
    found["one playbook, after one edit, s"] = time.process_time() - started
    started = time.process_time()
    coached(edited, books, cached)
    found["seven playbooks, after one edit, s (at most 0.3)"] = time.process_time() - started
    return found


if __name__ == "__main__":
    asked = arguments(__doc__ or "")
    report(measure(), asked.json)
