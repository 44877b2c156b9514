"""The person's own numbers over their calls, per kind of call and way of counting, with what is usual for them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from coachdesk.coaching.phrasing import fill_sides
from coachdesk.coaching.playbook import Playbook
from coachdesk.coaching.trends import has_trend, usual
from coachdesk.conversation.metrics import BY_ID
from coachdesk.errors import InputError
from coachdesk.history import results
from coachdesk.history.store import Store

Document = dict[str, Any]


def trends(store: Store, books: Sequence[Playbook], metric: str = "", kind: str = "") -> list[Document]:
    """One series for each kind, metric, side and basis, in that order; rough numbers are counted but not used.

    Raises InputError for a metric the catalogue does not have.
    """
    if metric and metric not in BY_ID:
        raise InputError(f"There is no number {metric}.", f"There are: {', '.join(sorted(BY_ID))}.")
    rows = [
        row for row in results.over_calls(store, metric, kind) if row["metric"] in BY_ID and has_trend(row["metric"])
    ]
    places = {name: n for n, name in enumerate(BY_ID)}
    rows.sort(
        key=lambda row: (row["kind"], places[row["metric"]], row["subject"], row["basis"])
    )  # stable: oldest first
    whole = groupby(rows, key=lambda row: (row["kind"], row["metric"], row["subject"], row["basis"]))
    found = [_series(key, list(group), books) for key, group in whole]
    return [series for series in found if series["values"]]


def _series(key: tuple[str, str, str, str], rows: list[Document], books: Sequence[Playbook]) -> Document:
    kind, metric, subject, basis = key
    book = next((book for book in books if book.kind == kind), None)
    fine = [row for row in rows if not row["rough"]]
    own = usual([row["value"] for row in fine])
    target = book.targets.get(metric) if book else None
    return {
        "kind": kind,
        "playbook": book.words(book.languages[0]).name if book else kind,
        "metric": metric,
        "name": fill_sides(BY_ID[metric].name, book, book.languages[0]) if book else metric,
        "definition": fill_sides(BY_ID[metric].definition, book, book.languages[0]) if book else "",
        "subject": subject,
        "basis": basis,
        "unit": BY_ID[metric].unit,
        "median": own.median,
        "spread": own.spread,
        "n": own.n,
        "of": own.of,
        "left_out": len(rows) - len(fine),
        "target": None if target is None else {"low": target.low, "high": target.high, "source": target.source},
        "values": [
            {"call": row["call"], "title": row["title"], "started_at": row["started_at"], "value": row["value"]}
            for row in fine
        ],
    }
