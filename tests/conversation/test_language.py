"""Words that come without saying their language."""

from __future__ import annotations

import pytest

from coachdesk.conversation.language import guess
from coachdesk.speech.imported import read_transcript
from tests.conftest import SAMPLES

GERMAN = (
    "Guten Tag Frau Berger, ich schicke Ihnen das Angebot bis Freitag. "
    "Wir haben bei uns zehn Prozent mehr, und das ist nicht wenig."
)
FRENCH = (
    "Bonjour, je vous envoie la proposition avec le contrat. "
    "C'est bien pour nous, mais il faut que le directeur signe dans la semaine."
)


@pytest.mark.parametrize("name", ["sales_discovery", "recruiting_screen"])
def test_english_calls_are_english(name: str) -> None:
    lines = [u.text for u in read_transcript(SAMPLES / name / "transcript.json").utterances]
    assert guess(lines) == "en"


@pytest.mark.parametrize(("text", "code"), [(GERMAN, "de"), (FRENCH, "fr")])
def test_other_languages_are_told_apart(text: str, code: str) -> None:
    assert guess([text]) == code


def test_too_little_or_unclear_is_not_guessed() -> None:
    assert guess(["Hello there"]) == "" and guess(["xqzt " * 60]) == ""
