"""Noun <-> JSON document: one codec for --json, sidecars and archives. Key order is fixed, so equal things are equal bytes.

`Review` is the agreed document coachdesk.review/1. Its parts are plain, ready for any reader; "utterance" in it is an
index into the transcript's utterances.
"""

from __future__ import annotations

from typing import Any

import msgspec

REVIEW_FORMAT = "coachdesk.review/1"


class Review(msgspec.Struct, kw_only=True):
    """One call with everything there is to say about it."""

    format: str = REVIEW_FORMAT
    call: dict[str, Any]
    recording: dict[str, Any]
    speakers: list[dict[str, Any]]
    transcript: dict[str, Any]
    turns: list[dict[str, Any]]
    measurements: list[dict[str, Any]]
    wording: list[dict[str, Any]]
    tracker_hits: list[dict[str, Any]]
    praise: list[dict[str, Any]]
    suggestions: list[dict[str, Any]]
    review_flags: list[dict[str, Any]]
    not_checked: list[dict[str, Any]]
    scorecards: list[dict[str, Any]]
    brief: dict[str, Any]
    guide: dict[str, Any]
    comments: list[dict[str, Any]]
    next_steps: list[dict[str, Any]]
    listening_path: list[dict[str, Any]] = []
    transcript_versions: list[dict[str, Any]]
    unfitted: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    labels: dict[str, Any]
    provenance: dict[str, Any]
    quiet: str = ""
    reviewed: bool = False


def encode(thing: Any) -> bytes:
    """Compact JSON with sorted keys: the same thing always gives the same bytes."""
    return msgspec.json.encode(thing, order="sorted")


def decode(data: bytes, kind: type[Any]) -> Any:
    """A noun out of its document. Raises msgspec.ValidationError saying what was expected."""
    return msgspec.json.decode(data, type=kind)


def plain(thing: Any) -> Any:
    """Nouns as dicts and lists."""
    return msgspec.to_builtins(thing)


def pretty(thing: Any) -> str:
    """Readable JSON, keys in their own order."""
    return msgspec.json.format(msgspec.json.encode(thing), indent=2).decode()
