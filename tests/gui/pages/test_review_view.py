"""From a review document to marks on the timeline."""

from __future__ import annotations

import copy

from coachdesk.gui.pages.review_view import marks


def test_a_moment_pinned_to_an_answer_is_marked_and_hidden_answers_are_not(reviews):
    doc = copy.deepcopy(reviews["sales"])
    before = marks(doc)
    pinned = {"value": 4, "note": "", "moment": {"start_ms": 65_000, "end_ms": 70_000}}
    card = next(card for card in doc["scorecards"] if card["card"] == "conversation")
    card["entries"] = [
        {"criteria": None, "answers": {"listening": pinned, "keep": {"value": "x", "note": "", "moment": None}}},
        {"criteria": None, "answers": {}, "hidden": True},
    ]
    (made,) = [mark for mark in marks(doc) if mark not in before]
    assert (made.start_ms, made.end_ms, made.kind) == (65_000, 70_000, "comment")
    assert made.label == "Room for the buyer: 4 of 5"
